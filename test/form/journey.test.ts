import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/form/runtime/condition.ts';
import { nextOf, onScreen, walk } from '../../src/form/runtime/journey.ts';
import { compile, fixture } from '../helpers/compile.ts';

const form = compile(`
title: Become a driver
screens:
  - id: about
    title: About you
    fields:
      - { id: status, type: radio, label: Status, options: [{ value: employed, label: E }, { value: self, label: S }, { value: none, label: N }] }
      - { id: employer, type: text, label: Employer, show_when: { status: employed } }
      - { id: known_employer, type: yes_no, label: Known, show_when: { employer: { answered: true } } }
    next:
      - { when: { status: none }, go: not_yet }
      - { when: { status: self }, go: trade }
  - id: connect
    title: Connect
    wink: { require: connected }
    next:
      - { when: { connect: failed }, go: upload }
      - { when: { known_employer: true }, go: done }
  - id: trade
    title: Trade
    fields:
      - { id: income, type: number, label: Income }
    next: last
  - id: upload
    title: Upload
    fields:
      - { id: payslip, type: text, label: Payslip }
  - id: last
    title: Last
    fields:
      - { id: note, type: text, label: Note, show_when: { income: { at_least: 10 } } }
endings:
  - { id: done, title: Done }
  - { id: not_yet, title: Not yet }
`);

const always = () => true;

describe('a journey', () => {
  it.each<[answers: Answers, path: string, ending: string]>([
    [{ status: 'none' }, 'about', 'not_yet'],
    [{ status: 'self', income: 5 }, 'about trade last', 'done'],
    [{ status: 'employed', employer: 'Acme', connect: 'connected' }, 'about connect trade last', 'done'],
    [{ status: 'employed', employer: 'Acme', known_employer: true, connect: 'connected' }, 'about connect', 'done'],
    [{ status: 'employed', connect: 'failed' }, 'about connect upload last', 'done'],
    [{}, 'about connect trade last', 'done'],
  ])('of %j goes through %s to %s', (answers, path, ending) => {
    const walked = walk(form, answers, always);

    expect(walked.path.join(' ')).toBe(path);
    expect(walked.ending).toBe(ending);
  });

  it('stops at the first screen that is not complete, and knows the answers on it', () => {
    const answers = { status: 'employed', employer: 'Acme', payslip: 'x', connect: 'failed' };

    const walked = walk(form, answers, (screen) => screen !== 'connect');

    expect(walked).toEqual({
      path: ['about', 'connect'],
      answers: { status: 'employed', employer: 'Acme', connect: 'failed' },
    });
  });

  it('gives the check of a screen only the answers from before it', () => {
    const seen: Record<string, Answers> = {};

    walk(form, { status: 'self', income: 5, note: 'x' }, (screen, pathAnswers) => {
      seen[screen] = { ...pathAnswers };
      return true;
    });

    expect(seen).toEqual({ about: {}, trade: { status: 'self' }, last: { status: 'self', income: 5 } });
  });

  it('hands the same answers to each check, since copies would take long on a large form', () => {
    const seen = new Set<Answers>();

    walk(form, { status: 'self', income: 5, note: 'x' }, (_screen, pathAnswers) => Boolean(seen.add(pathAnswers)));

    expect(seen.size).toBe(1);
  });

  it('does not count the answer of a field that is hidden', () => {
    const walked = walk(form, { status: 'self', employer: 'Acme', known_employer: true }, always);

    expect(walked.answers).toEqual({ status: 'self' });
  });

  it('does not count the answers of a screen that a changed answer leads past', () => {
    const before = { status: 'self', income: 20, note: 'x' };

    const walked = walk(form, { ...before, status: 'employed', connect: 'failed' }, always);

    expect(walked.path).toEqual(['about', 'connect', 'upload', 'last']);
    expect(walked.answers).toEqual({ status: 'employed', connect: 'failed' });
  });

  it('counts them again when the answer is changed back', () => {
    expect(walk(form, { status: 'self', income: 20, note: 'x' }, always).answers).toEqual({
      status: 'self',
      income: 20,
      note: 'x',
    });
  });

  it('does not count answers that the form does not ask', () => {
    const sent = JSON.parse('{ "status": "none", "stranger": 1, "__proto__": { "x": 1 } }') as Answers;

    expect(walk(form, sent, always).answers).toEqual({ status: 'none' });
  });

  it('leaves the answers it was given as they were', () => {
    const answers = { status: 'self', income: 20 };

    walk(form, answers, always);

    expect(answers).toEqual({ status: 'self', income: 20 });
  });

  it('stops at a screen met twice, in a form that never passed the check', () => {
    const loop = {
      screens: [
        { id: 'a', fields: [], next: [] },
        { id: 'b', fields: [], next: [{ go: 'a' }] },
      ],
      endings: [{ id: 'done' }],
    };

    expect(walk(loop, {}, always)).toEqual({ path: ['a', 'b'], answers: {} });
  });
});

describe('the fields of a screen', () => {
  const about = form.screens[0];

  it('are read without a copy of all earlier answers, which would take long on a large form', () => {
    const copied = () => expect.unreachable('the answers are copied');
    const earlier: Answers = { income: 10 };
    const answers = { status: 'employed', employer: 'Acme' };

    const read = about && onScreen(about, new Proxy(earlier, { ownKeys: copied }), answers);

    expect(read?.shown).toEqual(['status', 'employer', 'known_employer']);
    expect(earlier).toEqual({ income: 10, ...answers });
  });

  it.each<[answers: Answers, shown: string]>([
    [{}, 'status'],
    [{ status: 'employed' }, 'status employer'],
    [{ status: 'employed', employer: 'Acme' }, 'status employer known_employer'],
    [{ status: 'self', employer: 'Acme' }, 'status'],
  ])('that are shown with %j are %s', (answers, shown) => {
    expect(about && onScreen(about, {}, answers).shown.join(' ')).toBe(shown);
  });

  it('can depend on an earlier screen', () => {
    const last = form.screens[4];

    expect(last && onScreen(last, { income: 10 }, {}).shown).toEqual(['note']);
    expect(last && onScreen(last, { income: 9 }, {}).shown).toEqual([]);
    expect(last && onScreen(last, {}, { income: 10 }).shown).toEqual([]);
  });
});

describe('the next screen', () => {
  it('is the next in the file when no rule holds, and after the last one the first ending', () => {
    const [about, , , upload, last] = form.screens;

    expect(about && nextOf(form, about, {})).toEqual({ screen: 'connect' });
    expect(upload && nextOf(form, upload, {})).toEqual({ screen: 'last' });
    expect(last && nextOf(form, last, {})).toEqual({ ending: 'done' });
  });

  it('is the target of the first rule that holds', () => {
    const rules = compile(readFileSync(fixture('valid/every-operator.yaml'), 'utf8'), 'every-operator.yaml');
    const [start] = rules.screens;

    expect(start && nextOf(rules, start, { status: 'a', age: 100 })).toEqual({ ending: 'equals' });
    expect(start && nextOf(rules, start, { status: 'b', age: 100 })).toEqual({ ending: 'at_least' });
  });
});
