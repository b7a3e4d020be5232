/** "Fix it for me": if the remedy of an error is exact, its replacement fixes that error. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySplices } from '../../../src/form/edit/edit.ts';
import { fixFor, mayFix } from '../../../src/form/edit/fix.ts';
import type { FormFault } from '../../../src/form/faults/faults.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { fixture, NOW } from '../../helpers/compile.ts';

const faultsOf = (text: string): FormFault[] => {
  const parsed = parseForm('form.yaml', text, NOW);
  return parsed.ok ? [] : parsed.faults;
};

const texts = readdirSync(fixture('invalid'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, readFileSync(fixture(`invalid/${name}`), 'utf8').replaceAll('\r\n', '\n')] as const);

describe('the fix of an error', () => {
  const fixes = texts.flatMap(([name, text]) =>
    faultsOf(text).flatMap((fault) => {
      const splices = fixFor(text, fault);
      return splices ? [{ at: `${name}:${fault.line} ${fault.message}`, text, fault, splices }] : [];
    }),
  );

  it('is offered for many of the errors that authors make', () => {
    expect(fixes.length).toBeGreaterThan(40);
  });

  it('is offered only where there is one, except for a few errors in texts that cannot be read', () => {
    const promised = texts.flatMap(([, text]) =>
      faultsOf(text)
        .filter(mayFix)
        .map((fault) => fixFor(text, fault)),
    );

    expect(promised.filter((splices) => !splices).length).toBeLessThan(fixes.length / 20);
  });

  it.each(fixes)('mends it: $at', ({ text, fault, splices }) => {
    const [before, after] = [faultsOf(text), faultsOf(applySplices(text, splices))];
    const count = (faults: FormFault[]) => faults.filter(({ message }) => message === fault.message).length;

    expect(count(after)).toBe(count(before) - 1);
  });
});

it('adds the answers to an example that a new question lacks, so that it ends where it says', () => {
  const text = `title: Driver
screens:
  - id: about
    title: About you
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: owns, type: yes_no, label: Do you own it?, required: true }
      - { id: days, type: number, label: Days, required: true, max: 7 }
    next:
      - { when: { owns: true }, go: not_yet }
endings:
  - { id: done, title: Thank you }
  - { id: not_yet, title: Not yet }
examples:
  - name: drives
    answers:
      name: Ana # a comment
    ends: done
`;
  const [fault] = faultsOf(text);
  const mended = applySplices(text, (fault && fixFor(text, fault)) ?? []);
  expect(faultsOf(mended)).toEqual([]);
  expect(mended).toBe(text.replace('Ana # a comment\n', 'Ana # a comment\n      owns: false\n      days: 7\n'));
});

const formWith = ({ title = 'Thanks', rule = 'go: done', options = "options: ['1', '2']", required = 'required: true' }) => `title: Driver
screens:
  - id: about
    title: About you
    fields:
      - { id: city, type: radio, label: City, ${required}, ${options} }
    next:
      - { ${rule} }
endings:
  - { id: done, title: '${title}' }
`; // prettier-ignore

it.each([
  ['a text with double braces', { title: 'Thanks, {{city}}' }, { title: 'Thanks, {city}' }],
  ['a number that is an option', { rule: 'when: { city: 1 }, go: done' }, { rule: 'when: { city: "1" }, go: done' }],
  ['one text in place of a list', { options: 'options: 1 or more' }, { options: 'options: [1 or more]' }],
  ['a space at the end of an option', { options: "options: ['1 ']" }, { options: 'options: ["1"]' }],
  ['a forgotten colon', { required: 'required true' }, { required: 'required: true' }],
])('mends %s, and nothing else', (_what, wrong, right) => {
  const text = formWith(wrong);
  const [fault] = faultsOf(text);
  const fixed = applySplices(text, (fault && fixFor(text, fault)) ?? []);
  expect(fixed).toBe(formWith(right));
  expect(faultsOf(fixed)).toEqual([]);
});
