import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseForm } from '../../src/form/parse.ts';
import { someOf } from '../helpers/run/long.ts';
import { fixture, NOW } from '../helpers/compile.ts';

const FORM = readFileSync(fixture('valid/every-part.yaml'), 'utf8');

/** Mistakes by their kind, each in a place of its own: the good text, and the text in its place. */
const MISTAKES: Record<string, [from: string, to: string][]> = {
  syntax: [
    ['title: Last', 'title: Last: one more'],
    ['title: Connect', "title: 'Ana's account'"],
    ['title: Your car', 'title: {full_name} and a car'],
  ],
  schema: [
    ['label: CV }', 'label: CV, max_size: 5 GB }'],
    ['color: "#0b6e4f"', 'color: violet'],
    ['label: I agree, required', 'label: I agree, requird'],
    ['{ id: since, type: date, label: Since,', '{ id: since, type: date,'],
    ['retention: 60 days', 'retention: forever'],
    ['type: email, label: Email, required: true', 'type: email, label: Email, required: yes'],
  ],
  names: [
    ['after: 2020-01-01 } }, go: connect', 'after: 2020-01-01 } }, go: conect'],
    ['id: home', 'id: agree'],
    ['one_per: email', 'one_per: emial'],
  ],
  rules: [
    ['{ connect: failed }', '{ connect: fail }'],
    ['since: { after: 2020-01-01 }', 'since: { at_least: 3 }'],
    ["status == 'employed'", "status == 'employd'"],
  ],
  journeys: [
    ['    # next', '    next: car'],
    ['  # ending', '  - { id: never, title: Never }'],
  ],
  texts: [
    ['Plate, {full_name}', 'Plate, {ful_name}'],
    ['About you, {customer}', 'About you, {reference}'],
    ['title: { en: Work for us, es: Trabaja }', 'title: { en: Work for us }'],
  ],
  limits: [
    ['opens: 2026-12-01', 'opens: 2027-12-01'],
    ['employer: employer', 'employer: pay'],
    ['default: Acme', 'default: ""'],
  ],
  sending: [
    ['when: linked }', 'when: linked, secret_env: ACME_HOOK_SECRET }'],
    [', template: tpl-1', ''],
  ],
  examples: [
    ['status: none }, ends: bye', 'status: none }, ends: done'],
    ['apps: [grab]', 'apps: grab'],
    ['connect: connected, agree', 'conect: connected, agree'],
  ],
};

/** Mistakes of which the second can follow from the first. Then it is not reported. */
const DEPENDENT = [
  // It may be the ending that was meant.
  ['go: conect', 'id: never'],
  // The round leads through that screen.
  ['go: conect', 'next: car'],
  ['{ connect: fail }', 'next: car'],
  ['since: { at_least: 3 }', 'next: car'],
  // The example comes through that field.
  ['required: yes', 'ends: done'],
];

interface Mistake {
  kind: string;
  from: string;
  to: string;
}

const all: Mistake[] = Object.entries(MISTAKES).flatMap(([kind, some]) =>
  some.map(([from, to]) => ({ kind, from, to })),
);

/** The faults of the form with these mistakes, each with its line. */
function told(mistakes: Mistake[]): string[] {
  const yaml = mistakes.reduce((text, { from, to }) => {
    expect(text.split(from).length, `"${from}" stands once in the form`).toBe(2);
    return text.replace(from, to);
  }, FORM);
  const parsed = parseForm('every-part.yaml', yaml, NOW);
  return parsed.ok ? [] : parsed.faults.map(({ line, message }) => `${line}: ${message}`);
}

const alone = new Map(all.map((mistake) => [mistake, told([mistake])]));

const areApart = (mistakes: Mistake[]): boolean =>
  new Set(mistakes.map(({ kind }) => kind)).size === mistakes.length &&
  mistakes.every((one) =>
    mistakes.every((other) => one === other || !FORM.includes(one.from) || !overlap(one, other)),
  ) &&
  !DEPENDENT.some((pair) => pair.every((part) => mistakes.some(({ to }) => to.includes(part))));

/** Whether two mistakes are in the same words. */
const overlap = (one: Mistake, other: Mistake): boolean => {
  const [start, begin] = [FORM.indexOf(one.from), FORM.indexOf(other.from)];
  return start < begin + other.from.length && begin < start + one.from.length;
};

describe('a form with mistakes of different kinds in different places', () => {
  it.each(all)('has one fault with "$to"', (mistake) => {
    expect(alone.get(mistake)).toHaveLength(1);
  });

  it('gets all errors of any two in one round, and no other error', () => {
    const pairs = all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other])).filter(areApart);
    expect(pairs.length).toBeGreaterThan(250);
    for (const pair of someOf(pairs, 60)) expectAll(pair);
  });

  it('gets all errors of any three in one round, and no other error', () => {
    const triples = all
      .flatMap((one, at) =>
        all.slice(at + 1).flatMap((two, next) => all.slice(at + 2 + next).map((three) => [one, two, three])),
      )
      .filter(areApart)
      // Some of them: enough, and quick.
      .filter((_, at) => at % 11 === 0);
    expect(triples.length).toBeGreaterThan(200);
    for (const triple of someOf(triples, 40)) expectAll(triple);
  });

  it('gets the errors of one mistake of each kind in one round', () => {
    const each = all
      .toReversed()
      .reduce<Mistake[]>((some, one) => (areApart([...some, one]) ? [...some, one] : some), []);
    expect(each).toHaveLength(Object.keys(MISTAKES).length);
    expectAll(each);
  });
});

function expectAll(mistakes: Mistake[]): void {
  const expected = mistakes.flatMap((one) => alone.get(one) ?? []).sort();
  expect(told(mistakes).sort(), mistakes.map(({ to }) => to).join('  AND  ')).toEqual(expected);
}
