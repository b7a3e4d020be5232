import { describe, expect, it } from 'vitest';
import { comparisons, holds, type Answers, type Condition } from '../../src/form/runtime/condition.ts';
import { conditionSchema } from '../../src/form/logic/condition-schema.ts';

const condition = (written: unknown): Condition => conditionSchema.parse(written);

const answers: Answers = {
  status: 'employed', none: 'x', age: 30, pay: 0, day: '2026-11-24', car: false, agreed: true, apps: ['grab', 'angkas'],
}; // prettier-ignore

describe('a comparison', () => {
  it.each<[written: unknown, result: boolean]>([
    [{ status: 'employed' }, true],
    [{ status: 'Employed' }, false],
    [{ status: ['student', 'employed'] }, true],
    [{ status: ['student', 'retired'] }, false],
    [{ status: { not: 'employed' } }, false],
    [{ status: { not: 'student' } }, true],
    [{ status: { not: ['student', 'employed'] } }, false],
    [{ status: { not: ['student', 'retired'] } }, true],
    [{ car: false }, true],
    [{ car: true }, false],
    [{ car: 'false' }, false],
    [{ agreed: true }, true],
    [{ age: 30 }, true],
    [{ age: '30' }, false],
    [{ age: { at_least: 30 } }, true],
    [{ age: { at_least: 31 } }, false],
    [{ age: { at_most: 30 } }, true],
    [{ age: { at_most: 29 } }, false],
    [{ age: { more_than: 29 } }, true],
    [{ age: { more_than: 30 } }, false],
    [{ age: { less_than: 31 } }, true],
    [{ age: { less_than: 30 } }, false],
    [{ age: { at_least: 18, less_than: 65 } }, true],
    [{ age: { at_least: 18, less_than: 30 } }, false],
    [{ pay: { at_most: 0 } }, true],
    [{ pay: { answered: true } }, true],
    [{ day: { before: '2026-11-25' } }, true],
    [{ day: { before: '2026-11-24' } }, false],
    [{ day: { after: '2026-11-23' } }, true],
    [{ day: { after: '2026-11-24' } }, false],
    [{ apps: { contains: 'grab' } }, true],
    [{ apps: { contains: 'joyride' } }, false],
    [{ apps: { contains: ['joyride', 'angkas'] } }, true],
    [{ apps: { contains: ['joyride', 'lalamove'] } }, false],
    [{ apps: 'grab' }, false],
    [{ apps: { not: 'grab' } }, false],
    [{ status: { contains: 'employed' } }, false],
    [{ car: { answered: true } }, true],
    [{ car: { answered: false } }, false],
  ])('%j is %s', (written, result) => {
    expect(holds(condition(written), answers)).toBe(result);
  });

  it.each<[written: unknown, result: boolean]>([
    [{ x: 'a' }, false],
    [{ x: { not: 'a' } }, false],
    [{ x: { at_least: -1 } }, false],
    [{ x: { at_most: 1 } }, false],
    [{ x: { more_than: -1 } }, false],
    [{ x: { less_than: 1 } }, false],
    [{ x: { before: '9999-12-31' } }, false],
    [{ x: { after: '0001-01-01' } }, false],
    [{ x: { contains: 'a' } }, false],
    [{ x: { answered: true } }, false],
    [{ x: { answered: false } }, true],
    [{ none: [{ x: 'a' }] }, true],
    [{ none: [{ x: { answered: false } }] }, false],
  ])('%j with an unanswered field is %s', (written, result) => {
    expect(holds(condition(written), {})).toBe(result);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__'])(
    'does not take %s from the object for an answer',
    (id) => {
      expect(holds(['answered', id, true], {})).toBe(false);
      expect(holds(['answered', id, false], {})).toBe(true);
      expect(holds(['not', id, ['x']], {})).toBe(false);
    },
  );

  it('reads an answer whose id JavaScript knows', () => {
    const sent = JSON.parse('{ "__proto__": "a", "constructor": "b" }') as Answers;

    expect(holds(['is', '__proto__', ['a']], sent)).toBe(true);
    expect(holds(['is', 'constructor', ['b']], sent)).toBe(true);
  });
});

describe('a group', () => {
  const yes = { car: false };
  const no = { car: true };

  it.each<[written: unknown, result: boolean]>([
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ none: [no, no] }, true],
    [{ none: [no, yes] }, false],
    [{ ...yes, age: 30 }, true],
    [{ ...yes, age: 31 }, false],
    [{ ...yes, any: [no, { age: 30 }] }, true],
    [{ ...no, any: [yes] }, false],
    [{ any: [{ all: [yes, no] }, { none: [{ any: [no] }] }] }, true],
    [{ all: [{ any: [no, yes] }, { none: [{ all: [yes, yes] }] }] }, false],
    [{ all: [yes], any: [yes], none: [no] }, true],
    [{ all: [yes], any: [yes], none: [yes] }, false],
  ])('%j is %s', (written, result) => {
    expect(holds(condition(written), answers)).toBe(result);
  });

  it('accepts its comparisons at any depth', () => {
    const written = { status: 'a', any: [{ age: { at_least: 1, less_than: 9 } }, { none: [{ car: true }] }] };

    expect(comparisons(condition(written)).map(([name, id]) => `${name} ${id}`)).toEqual([
      'is status',
      'min age',
      'below age',
      'is car',
    ]);
  });

  it('always holds when nothing is written', () => {
    expect(holds(undefined, {})).toBe(true);
    expect(comparisons(undefined)).toEqual([]);
  });
});

describe('a condition as written', () => {
  it.each<[what: string, written: unknown]>([
    ['is empty', {}],
    ['is no map', 'employed'],
    ['has an unknown operator', { age: { atleast: 3 } }],
    ['compares a number with a word', { age: { at_least: 'three' } }],
    ['compares a date with no date', { day: { before: '2026-02-30' } }],
    ['has an empty list of values', { status: [] }],
    ['has an empty group', { any: [] }],
    ['has a group that is no list', { any: { car: true } }],
    ['is empty inside a group', { any: [{}] }],
    ['compares with nothing', { status: null }],
    ['has operators without any', { status: {} }],
  ])('is refused when it %s', (_what, written) => {
    expect(conditionSchema.safeParse(written).success).toBe(false);
  });
});
