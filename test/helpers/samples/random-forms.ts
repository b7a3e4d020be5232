/** Random forms that could have been written, and random answers to them, for properties that must hold for all. */
import fc from 'fast-check';
import type { Answer, Answers } from '../../../src/form/runtime/condition.ts';

type Written = Record<string, unknown>;

interface Question {
  field: Written;
  /** Possible answers, and no answer. */
  answer: fc.Arbitrary<Answer | undefined>;
  /** Comparisons that a rule may make with it. */
  leaf?: fc.Arbitrary<Written>;
}

export interface RandomForm {
  /** As `parseForm` reads it: JSON is YAML. */
  text: string;
  /** Answers to all fields, also to those that no journey may ask for. */
  answers: fc.Arbitrary<Answers>;
}

const LETTERS = ['a', 'b', 'c', 'd'];
const DATES = ['2026-01-01', '2026-03-31', '2026-06-15', '2026-12-31'];

const optionsOf = (count: number) => LETTERS.slice(0, count).map((value) => ({ value, label: `Option ${value}` }));

const limitLeaf = (id: string, least: number, most: number): fc.Arbitrary<Written> =>
  fc
    .tuple(
      fc.constantFrom('at_least', 'at_most', 'more_than', 'less_than'),
      fc.integer({ min: least + 1, max: most - 1 }),
    )
    .map(([operator, limit]) => ({ [id]: { [operator]: limit } }));

const choiceLeaf = (id: string, values: string[]): fc.Arbitrary<Written> =>
  fc.oneof(
    fc.constantFrom(...values).map((value) => ({ [id]: value })),
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }).map((some) => ({ [id]: some })),
    fc.constantFrom(...values).map((value) => ({ [id]: { not: value } })),
  );

/** One question called `id`. A computed one reads `numbers`. */
function question(id: string, numbers: string[]): fc.Arbitrary<Question[]> {
  const maybe = <T extends Answer>(required: boolean, answer: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    required ? answer : fc.option(answer, { nil: undefined });
  const one = (type: string, required: boolean, more: Written): Written => ({
    id,
    type,
    label: `Ask ${id}`,
    required,
    ...more,
  });

  const kinds: fc.Arbitrary<Question[]>[] = [
    fc
      .record({ required: fc.boolean(), count: fc.integer({ min: 2, max: 4 }), other: fc.boolean() })
      .map(({ required, count, other }) => {
        const values = [...LETTERS.slice(0, count), ...(other ? ['other'] : [])];
        const asked = {
          field: one('radio', required, { options: optionsOf(count), ...(other && { other: true }) }),
          answer: maybe(required, fc.constantFrom(...values)),
          leaf: choiceLeaf(id, values),
        };
        const which = { field: {}, answer: fc.constant('something') };
        return other ? [asked, { ...which, field: { id: `${id}_other` } }] : [asked];
      }),
    fc.record({ required: fc.boolean(), none: fc.boolean() }).map(({ required, none }) => [
      {
        field: one('checkboxes', required, { options: optionsOf(3), ...(none && { none_of_these: true }) }),
        answer: maybe(
          required,
          fc.oneof(
            fc.subarray(LETTERS.slice(0, 3), { minLength: 1 }),
            ...(none ? [fc.constant<string[]>(['none_of_these'])] : []),
          ),
        ),
        leaf: fc.constantFrom(...LETTERS.slice(0, 3)).map((value) => ({ [id]: { contains: value } })),
      },
    ]),
    fc.boolean().map((required) => [
      {
        field: one('yes_no', required, {}),
        answer: maybe(required, fc.boolean()),
        leaf: fc.boolean().map((yes) => ({ [id]: yes })),
      },
    ]),
    fc.boolean().map((required) => [
      {
        field: one('number', required, { min: 0, max: 20 }),
        answer: maybe(required, fc.integer({ min: 0, max: 20 })),
        leaf: limitLeaf(id, 0, 20),
      },
    ]),
    fc.boolean().map((required) => [
      {
        field: one('rating', required, {}),
        answer: maybe(required, fc.integer({ min: 1, max: 5 })),
        leaf: limitLeaf(id, 1, 5),
      },
    ]),
    fc.boolean().map((required) => [
      {
        field: one('date', required, {}),
        answer: maybe(required, fc.constantFrom(...DATES)),
        leaf: fc
          .tuple(fc.constantFrom('before', 'after'), fc.constantFrom('2026-02-01', '2026-06-15'))
          .map(([operator, day]) => ({ [id]: { [operator]: day } })),
      },
    ]),
    fc.boolean().map((required) => [
      {
        field: one('text', required, {}),
        answer: maybe(required, fc.constantFrom('x', 'Ana Reyes', 'ñ')),
        ...(!required && { leaf: fc.boolean().map((answered) => ({ [id]: { answered } })) }),
      },
    ]),
  ];
  if (numbers.length) {
    kinds.push(
      fc
        .tuple(fc.constantFrom(...numbers), fc.constantFrom(...numbers), fc.constantFrom('+', '-', '*'))
        .map(([a, b, sign]) => [
          {
            field: { id, type: 'computed', label: `Sum ${id}`, value: `${a} ${sign} ${b}` },
            answer: fc.constant(undefined),
            leaf: limitLeaf(id, 0, 20),
          },
        ]),
    );
  }
  return fc.oneof(...kinds);
}

/** A condition over earlier questions. */
function condition(leaves: fc.Arbitrary<Written>[]): fc.Arbitrary<Written> {
  const leaf = fc.oneof(...leaves);
  const group = fc
    .tuple(fc.constantFrom('any', 'all', 'none'), fc.array(leaf, { minLength: 1, maxLength: 2 }))
    .map(([name, parts]): Written => ({ [name]: parts }));
  return fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: group });
}

/** A form of a few screens with rules that lead onwards. Most are good; those that the check refuses are to be left out. */
export const randomForm: fc.Arbitrary<RandomForm> = fc
  .record({ screens: fc.integer({ min: 1, max: 5 }), endings: fc.integer({ min: 1, max: 3 }) })
  .chain(({ screens, endings }) => {
    const ends = Array.from({ length: endings }, (_, at) => `end_${at}`);
    const build = (
      at: number,
      before: Question[],
      made: Written[],
    ): fc.Arbitrary<{ made: Written[]; asked: Question[] }> => {
      if (at === screens) return fc.constant({ made, asked: before });
      return fc.integer({ min: 1, max: 3 }).chain((count) =>
        fields(`s${at}`, count, before).chain(({ own, asked }) => {
          const leaves = asked.flatMap(({ leaf }) => leaf ?? []);
          const later = [...Array.from({ length: screens - at - 1 }, (_, more) => `screen_${at + 1 + more}`), ...ends];
          const rule = leaves.length
            ? fc.record({ when: condition(leaves), go: fc.constantFrom(...later) })
            : fc.record({ go: fc.constantFrom(...later) });
          return fc
            .array(rule, { maxLength: leaves.length ? 2 : 0 })
            .chain((next) =>
              build(at + 1, asked, [...made, { id: `screen_${at}`, title: `Screen ${at}`, fields: own, next }]),
            );
        }),
      );
    };
    return build(0, [], []).map(({ made, asked }) => ({
      text: JSON.stringify({
        title: 'A random form',
        screens: made,
        endings: ends.map((id) => ({ id, title: `Ending ${id}` })),
      }),
      answers: fc
        .record(Object.fromEntries(asked.map(({ field, answer }) => [String(field['id']), answer])))
        .map((all) => Object.fromEntries(Object.entries(all).filter(([, answer]) => answer !== undefined)) as Answers),
    }));
  });

function fields(
  prefix: string,
  count: number,
  before: Question[],
): fc.Arbitrary<{ own: Written[]; asked: Question[] }> {
  const add = (at: number, own: Written[], asked: Question[]): fc.Arbitrary<{ own: Written[]; asked: Question[] }> => {
    if (at === count) return fc.constant({ own, asked });
    const numbers = asked.flatMap(({ field }) =>
      field['type'] === 'number' || field['type'] === 'rating' ? [String(field['id'])] : [],
    );
    const leaves = asked.flatMap(({ leaf }) => leaf ?? []);
    const when: fc.Arbitrary<Written | undefined> = leaves.length
      ? fc.option(condition(leaves), { nil: undefined, freq: 3 })
      : fc.constant(undefined);
    return fc.tuple(question(`${prefix}_${at}`, numbers), when).chain(([[first, ...rest], show]) => {
      if (!first) return fc.constant({ own, asked });
      const field = { ...first.field, ...(show && { show_when: show }) };
      return add(at + 1, [...own, field], [...asked, { ...first, field }, ...rest]);
    });
  };
  return add(0, [], before);
}
