/** Rules and sentences say the same, in both directions. */
import { describe, expect, it } from 'vitest';
import { namesFor, OPERATORS, questionsBefore, questionsOf, STATES, targetsAfter, firstClause, isComplete, EMPTY_SENTENCE } from '../../src/editor/rules/questions.ts'; // prettier-ignore
import { readSentence, wordsOfCondition, writeCondition, type Sentence } from '../../src/editor/rules/sentence.ts';
import { transitionInWords } from '../../src/editor/map/journey-map.ts';
import type { Path, Value } from '../../src/form/edit/edit.ts';
import { compileCondition } from '../../src/form/logic/written-condition.ts';
import { WINK_STATES } from '../../src/form/runtime/wink.ts';
import { messages, withRule } from '../helpers/compile.ts';
import { after, allForms, dataOf, difference, driver, kinds } from './forms.ts';

/** Each condition of a form. */
function conditionsIn(value: Value | undefined, path: Path = []): Value[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => conditionsIn(one, [...path, at]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'when' || key === 'show_when' ? (typeof inner === 'object' && inner !== null ? [inner] : []) : conditionsIn(inner, [...path, key]))); // prettier-ignore
}

describe('a condition', () => {
  it.each(allForms)('becomes a sentence and the same condition again, or stays as it is: $file', ({ text }) => {
    const data = dataOf(text);
    const names = namesFor(questionsOf(data, kinds));
    for (const condition of conditionsIn(data)) {
      const sentence = readSentence(condition);
      if (sentence) {
        expect(JSON.stringify(writeCondition(sentence))).toBe(JSON.stringify(condition));
        expect(compileCondition(writeCondition(sentence))).toEqual(compileCondition(condition));
      }
      expect(wordsOfCondition(condition, names)).not.toMatch(/\[object|undefined|NaN/);
    }
  });

  it.each<[Value, Sentence]>([
    [{ a: 'x' }, { join: 'and', clauses: [{ question: 'a', operator: 'is', values: ['x'] }] }],
    [{ a: ['x', 'y'] }, { join: 'and', clauses: [{ question: 'a', operator: 'is', values: ['x', 'y'] }] }],
    [{ a: ['x'] }, { join: 'and', clauses: [{ question: 'a', operator: 'is', values: ['x'], isListed: true }] }],
    [{ a: { at_least: 3, less_than: 9 }, b: true }, { join: 'and', clauses: [{ question: 'a', operator: 'at_least', values: [3] }, { question: 'a', operator: 'less_than', values: [9] }, { question: 'b', operator: 'is', values: [true] }] }],
    [{ any: [{ a: 'x' }, { b: { answered: false } }] }, { join: 'or', clauses: [{ question: 'a', operator: 'is', values: ['x'] }, { question: 'b', operator: 'not_answered', values: [] }] }],
    [{ all: [{ a: { contains: 'x' } }, { a: { contains: 'y' } }] }, { join: 'and', clauses: [{ question: 'a', operator: 'contains', values: ['x'] }, { question: 'a', operator: 'contains', values: ['y'] }] }],
  ])('is read: %j', (condition, sentence) => {
    expect(readSentence(condition)).toEqual(sentence);
    expect(writeCondition(sentence)).toEqual(condition);
  }); // prettier-ignore

  it.each<Value>([
    { any: [{ a: 'x', b: 'y' }, { c: 'z' }] },
    { a: 'x', any: [{ b: 'y' }, { c: 'z' }] },
    { none: [{ a: 'x' }] },
    { all: [{ any: [{ a: 'x' }] }] },
    { all: [{ a: 'x' }, { b: 'y' }] },
    { a: { sounds_like: 'x' } },
    { a: null },
    { a: { b: { c: 1 } } },
    {},
    [],
    'text',
    null,
  ])('that one list of clauses cannot say, or would write in another way, is no sentence: %j', (condition) => {
    expect(readSentence(condition)).toBeUndefined();
    expect(wordsOfCondition(condition, namesFor([]))).not.toMatch(/\[object/);
  });

  it('can be built from each comparison that is offered, for each type of question', () => {
    const fields = ['{ id: a, type: text, label: A }', '{ id: b, type: number, label: B }', '{ id: c, type: yes_no, label: C }', '{ id: d, type: checkboxes, label: D, options: [x, y] }', '{ id: e, type: date, label: E }', '{ id: f, type: address, label: F }', '{ id: g, type: file, label: G }', '{ id: h, type: radio, label: H, options: [x, y], other: true }', '{ id: i, type: rating, label: I }']; // prettier-ignore
    const data = dataOf(withRule(fields, '{ a: x }'));
    for (const question of questionsOf(data, kinds)) {
      for (const operator of OPERATORS[question.kind]) {
        const value = question.answers?.[0]?.value ?? (question.kind === 'number' ? 3 : question.kind === 'date' ? '2026-12-31' : 'x'); // prettier-ignore
        const clause = { question: question.id, operator, values: /answered/.test(operator) ? [] : [value] };
        const when = JSON.stringify(writeCondition({ join: 'and', clauses: [clause] }));
        expect(messages(withRule(fields, when))).toEqual([]);
      }
    }
  });

  it('is written with the smallest change', () => {
    const sentence = readSentence({ licence: 'none' }) as Sentence;
    const when = writeCondition({ ...sentence, clauses: [{ question: 'licence', operator: 'is', values: ['none', 'non_professional'] }] }); // prettier-ignore
    const text = after(driver, [[['screens', 0, 'next', 1, 'when'], { do: 'set', value: when }]]);
    expect(difference(driver, text)).toEqual([
      '-       - { when: { licence: none }, go: not_yet }',
      '+       - { when: { licence: [none, non_professional] }, go: not_yet }',
    ]);
  });
});

describe('a rule', () => {
  const data = dataOf(driver);
  const questions = questionsOf(data, kinds);

  it('can read the questions that people have answered before it', () => {
    const of = (path: Path) => questionsBefore(data, path, questions, kinds).map(({ id }) => id);
    expect(of(['screens', 0, 'next', 0])).toEqual(['old_enough', 'licence', 'city']);
    expect(of(['screens', 0, 'fields', 1])).toEqual(['old_enough']);
    expect(of(['screens', 3, 'next', 0])).toContain('connect');
    expect(of(['screens', 3, 'next', 0])).not.toContain('weekly_earnings');
  });

  it('is complete when its question and its answer are chosen', () => {
    expect(isComplete(EMPTY_SENTENCE)).toBe(false);
    for (const question of questions) {
      const clause = firstClause(question);
      expect(isComplete({ join: 'and', clauses: [clause] })).toBe(clause.values.length === 0);
      const chosen = { ...clause, values: clause.values.map(() => false) };
      expect(isComplete({ join: 'and', clauses: [chosen] })).toBe(true);
      expect(isComplete({ join: 'and', clauses: [chosen, ...EMPTY_SENTENCE.clauses] })).toBe(false);
    }
  });

  it.each(allForms)('offers at least the questions that it reads now, in each form: $file', ({ text }) => {
    const form = dataOf(text) as { screens: { next?: { when?: object; go: string }[] | string }[] };
    const all = questionsOf(form as never, kinds);
    form.screens.forEach(({ next }, at) => {
      for (const [index, { when }] of (Array.isArray(next) ? next : []).entries()) {
        const offered = questionsBefore(form as never, ['screens', at, 'next', index], all, kinds).map(({ id }) => id);
        for (const { question } of readSentence(when as Value)?.clauses ?? []) expect([...offered, `${question}`.replace(/_other$/, ''), 'other']).toContain(question.replace(/_other$/, '')); // prettier-ignore
      }
    });
  });

  it('leads to later screens and to endings', () => {
    expect(targetsAfter(data, 3).map(({ id }) => id)).toEqual(['earnings', 'getting_started', 'done', 'not_yet']);
  });

  it('tells places to go with the same title apart', () => {
    const endings = ['by_email', 'by_phone', 'later'].map((id) => ({ id, title: id === 'later' ? 'Later' : 'Thank you' })); // prettier-ignore
    const titles = targetsAfter({ screens: [], endings }, 0).map(({ title }) => title);
    expect(titles).toEqual(['Thank you (by_email)', 'Thank you (by_phone)', 'Later']);
  });

  it('names questions by their labels and answers by their labels', () => {
    expect(wordsOfCondition({ licence: 'none', old_enough: true }, namesFor(questions))).toBe(
      "Which driver's license do you hold? is None yet and Are you 21 or older? is Yes",
    );
  });

  it('says each state of a Wink screen after "is" and "is not", and alone after "if" in the outline', () => {
    const names = namesFor([{ id: 'connect', title: 'Your account', kind: 'state', answers: STATES, screen: 0 }]);
    const words = [...WINK_STATES, { not: 'failed' }, { not: ['failed', 'skipped'] }].map((state) => wordsOfCondition({ connect: state }, names)); // prettier-ignore
    expect(words).toEqual([
      'Your account is connected',
      'Your account is answered with a document',
      'Your account is unsuccessful',
      'Your account is skipped',
      'Your account is not unsuccessful',
      'Your account is neither unsuccessful nor skipped',
    ]);
    const atScreen = (from: string) => transitionInWords({ when: { connect: ['failed', 'skipped'] }, from }, names);
    expect([atScreen('connect'), atScreen('later')]).toEqual([
      'unsuccessful or skipped',
      'Your account: unsuccessful or skipped',
    ]);
  });
});
