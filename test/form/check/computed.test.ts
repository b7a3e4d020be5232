import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/form/check/explore.ts';
import { formulaOf } from '../../../src/form/fields/fields.ts';
import type { Answers } from '../../../src/form/runtime/condition.ts';
import { compute, type Expression } from '../../../src/form/runtime/expression.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { compile, fieldOf, messages, NOW, withRule } from '../../helpers/compile.ts';

const FIELDS = `
      - { id: hours, type: number, label: Hours, min: 0, max: 80 }
      - { id: rate, type: number, label: Rate, step: 0.01 }
      - { id: has_car, type: yes_no, label: Car }
      - { id: agree, type: consent, label: I agree }
      - { id: status, type: radio, label: Status, options: [{ value: employed, label: E }, { value: self, label: S }] }
      - { id: apps, type: checkboxes, label: Apps, options: [{ value: a, label: A }] }
      - { id: note, type: text, label: Note }
      - { id: start, type: date, label: Start }
      - { id: told, type: statement, text: Told }`;

const valued = (value: string): string => `
title: Pay
screens:
  - id: asked
    title: Asked
    fields:${FIELDS}
      - { id: pay, type: computed, label: Pay, value: '${value}' }
      - { id: later, type: number, label: Later }
  - { id: connect, title: Connect, wink: {} }
endings:
  - { id: done, title: 'You earn {pay}' }
`;

describe('a computed value', () => {
  it.each([
    'hours * rate',
    'hours * rate * 52 / 12 - 100',
    '5',
    '-hours + 40',
    'has_car * 100 + agree',
    'has_car ? 100 : 0',
    'has_car == true ? 100 : 0',
    'status == "employed" ? hours * rate : 0',
    'status != "self" && hours > 20 || !has_car ? 1 : 0',
    '(hours > 40) * 50',
    'round(min(hours, 40) * max(rate, 0))',
    'hours == 40 ? 1 : has_car',
    'has_car == (hours > 3) ? 1 : 2',
  ])('%s is good', (value) => {
    expect(messages(valued(value))).toEqual([]);
  });

  it.each<[value: string, message: string, remedy: string]>([
    ['huors * rate', 'there is no field `huors`', 'Write `hours`.'],
    ['salary * 12', 'there is no field `salary`', 'Use one of: hours, rate, has_car, agree, status, later.'],
    ['later * 2', 'this formula uses `later` before it is asked', 'Ask `later` before `pay`'],
    ['pay + 1', 'the formula of `pay` uses `pay` itself', 'Use number, yes/no and choice fields'],
    ['connect * 2', '`connect` is a screen, which a formula cannot use', 'Use the ids of fields'],
    ['note * 2', '`note` is a text field, which a formula cannot use', 'Use number'],
    ['note == "x" ? 1 : 0', '`note` is a text field, which a formula cannot use', 'Use number'],
    ['start + 1', '`start` is a date field, which a formula cannot use', 'Use number'],
    ['apps * 2', '`apps` is a checkboxes field, which a formula cannot use', 'Use number'],
    ['told + 1', '`told` is a statement, which a formula cannot use', 'Use number'],
    ['status == "employd" ? 1 : 0', '`status` can never be "employd"', 'Write employed.'],
    ['"employd" == status ? 1 : 0', '`status` can never be "employd"', 'Write employed.'],
    ['hours == 90 ? 1 : 0', '`hours` can never be 90', 'Write a possible answer: a number from 0 to 80.'],
    ['agree == false ? 1 : 0', '`agree` can never be false', 'Write a possible answer: true.'],
    ['has_car == 1 ? 1 : 0', 'has_car is yes or no, and 1 is a number, so they are never equal', 'has_car == true'],
    ['status == 1 ? 1 : 0', 'status is text, and 1 is a number, so they are never equal', 'status == "employed"'],
    ['status * 2', 'status is text, but `*` works with numbers only', 'status == "employed" ? 1 : 0'],
    ['max(status, 2)', 'status is text, but `max` works with numbers only', 'status == "employed" ? 1 : 0'],
    ['hours + "5"', '"5" is text, but `+` works with numbers only', 'Write a number without quotes'],
    ['hours > 3', 'hours > 3 gives yes or no, not a number', 'Write hours > 3 ? 1 : 0'],
    ['has_car', 'has_car gives yes or no, not a number', 'Write has_car ? 1 : 0'],
    ['status', 'status gives text, not a number', 'status == "employed" ? 1 : 0'],
    ['hours ? 1 : 0', 'hours is a number, but yes or no is needed here', 'Write hours > 0 ? … : ….'],
    ['!hours ? 1 : 0', 'hours is a number, but yes or no is needed here', 'Write a comparison, like hours > 0.'],
    ['has_car && status ? 1 : 0', 'status is text, but yes or no is needed here', 'status == "employed" ? 1 : 0'],
    ['has_car ? "a" : "b"', 'has_car ? "a" : "b" gives text, not a number', 'without quotes'],
    [
      'min(hours, 1e400)',
      '`value` of field `pay` has a number that is too large: 1e400',
      'Write a formula like hours * rate',
    ],
    [
      'has_car ? 1 : "b"',
      'has_car ? 1 : "b" gives a number in one case and text in the other',
      'Write a number on both sides',
    ],
  ])('%s is a fault at its place', (value, message, remedy) => {
    const parsed = parseForm('form.yaml', valued(value), NOW);
    const [fault, ...more] = parsed.ok ? [] : parsed.faults;

    expect(more).toEqual([]);
    expect(fault?.message).toBe(message);
    expect(fault?.remedy).toContain(remedy);
    const line = valued(value).split('\n')[(fault?.line ?? 0) - 1] ?? '';
    expect(line.slice((fault?.column ?? 0) - 1)).toMatch(/^'.*' }$/);
    expect(line).toContain('id: pay');
  });

  it('may read an earlier screen, and not one that no journey passes before it', () => {
    const yaml = (value: string) => `
title: Two ways
screens:
  - { id: start, title: Start, fields: [{ id: car, type: yes_no, label: Car }], next: [{ when: { car: true }, go: by_car }] }
  - { id: by_bike, title: By bike, fields: [{ id: bike_trips, type: number, label: Trips }], next: sum }
  - { id: by_car, title: By car, fields: [{ id: car_trips, type: number, label: Trips }, { id: cost, type: computed, label: Cost, value: ${value} }] }
  - { id: sum, title: Sum, fields: [{ id: all_trips, type: computed, label: All, value: bike_trips + car_trips }] }
endings: [{ id: done, title: Done }]
`;

    expect(messages(yaml('car_trips * 3'))).toEqual([]);
    expect(messages(yaml('bike_trips * 3'))).toEqual(['this formula uses `bike_trips` before it is asked']);
  });
});

describe('an answer that is missing', () => {
  const asked = (value: string, answers: Answers) => {
    const formula = formulaOf(fieldOf(compile(valued(value)), 'pay'));
    // As the page has it.
    return compute(JSON.parse(JSON.stringify(formula)) as Expression, { rate: 5, ...answers });
  };

  it.each<[value: string, number: number]>([
    ['rate + (hours == 0 ? 100 : 0)', 105],
    ['rate + (hours != 0 ? 100 : 0)', 5],
    ['rate + (0 == hours ? 100 : 0)', 105],
    ['rate + (hours == 3 ? 100 : 0)', 5],
    ['rate + (has_car == false ? 100 : 0)', 105],
    ['rate + (has_car != true ? 100 : 0)', 105],
    ['rate + (status == "self" ? 100 : 0)', 5],
    ['rate + (status != "self" ? 100 : 0)', 105],
  ])('is 0 or no in %s', (value, number) => {
    expect(asked(value, {})).toBe(number);
  });

  it('is not an answer that was given', () => {
    expect(asked('rate + (hours == 0 ? 100 : 0)', { hours: 2 })).toBe(5);
    expect(asked('rate + (has_car == false ? 100 : 0)', { has_car: true })).toBe(5);
    expect(asked('rate + (status == "self" ? 100 : 0)', { status: 'self' })).toBe(105);
  });
});

it.each<[value: string, answers: Answers, number: number]>([
  ['floor(rate * 100)', { rate: 4.35 }, 435],
  ['ceil(rate * 100)', { rate: 0.07 }, 7],
  ['round(rate * 100)', { rate: 1.005 }, 101],
  ['rate * 3 > 0.3 ? 1 : 0', { rate: 0.1 }, 0],
  ['rate + 0.2 == 0.3 ? 1 : 0', { rate: 0.1 }, 1],
  ['rate * 3', { rate: 0.1 }, 0.3],
  ['rate / 3', { rate: 1 }, 0.33333333333333],
  ['rate - 0.1', { rate: 0.3 }, 0.2],
  ['rate + 0', { rate: 12_345_678_901_234 }, 12_345_678_901_234],
  ['rate * 12', { rate: 123_456_789_012 }, 1_481_481_468_144],
  ['-rate', { rate: 0 }, 0],
])('%s of %j is the number that people calculate', (value, answers, number) => {
  const formula = formulaOf(fieldOf(compile(valued(value)), 'pay'));
  expect(formula && compute(formula, answers)).toBe(number);
});

it('is searched for the fields that it reads only once', () => {
  let read = 0;
  const counted = (one: Expression): Expression =>
    Array.isArray(one)
      ? new Proxy(one.map((part) => counted(part as Expression)) as unknown as ['get', string], {
          get: (target, key) => (read++, Reflect.get(target, key) as unknown),
        })
      : one;
  const formula = counted(['+', ['get', 'hours'], ['*', ['get', 'rate'], 2]]);
  expect(compute(formula, {})).toBeUndefined();
  expect(read).toBeGreaterThan(0);
  read = 0;
  expect(compute(formula, {})).toBeUndefined();
  expect(read).toBe(0);
  expect(compute(formula, { rate: 4 })).toBe(8);
});

describe('a rule about a computed number', () => {
  const ruled = (when: string) =>
    withRule(
      [
        '{ id: hours, type: number, label: Hours, required: true }',
        '{ id: twice, type: computed, label: Twice, value: hours * 2 }',
      ],
      when,
    );

  it.each([
    '{ twice: 7 }',
    '{ twice: { not: 7 } }',
    '{ twice: { at_least: 1000 } }',
    '{ twice: { more_than: 3, less_than: 3.001 } }',
    '{ any: [{ twice: { less_than: -5 } }, { twice: { more_than: 99 } }] }',
    '{ twice: { answered: false } }',
  ])('%s is found to be met and not met', (when) => {
    const { reached } = explore(compile(ruled(when)));

    expect([...reached].sort()).toEqual(['done', 'one', 'other']);
  });

  it.each<[when: string, message: string]>([
    ['{ twice: { more_than: 5, less_than: 5 } }', 'no journey reaches ending `other`'],
    ['{ twice: seven }', '`twice` can never be "seven"'],
    ['{ twice: { before: 2026-01-01 } }', '`before` works with dates only, and `twice` is a number field'],
  ])('%s is a fault', (when, message) => {
    expect(messages(ruled(when))).toEqual([message]);
  });
});
