/** Conditions of a source → conditions of a form. */
import type { Value, ValueMap } from '../edit/value.ts';

/** `true` holds for each answer but no and 0. */
export type SourceOperator =
  | 'true'
  | 'is'
  | 'at_least'
  | 'at_most'
  | 'more_than'
  | 'less_than'
  | 'contains'
  | 'answered';

/** A condition as all sources have it, with the source's own names and values. */
export type Test =
  | { group: 'all' | 'any' | 'none'; tests: Test[] }
  | { name: string; operator: SourceOperator; values: (string | number | boolean)[] };

/** A field that a condition can read. */
export interface Comparable {
  id: string;
  kind: 'option' | 'options' | 'number' | 'boolean' | 'date' | 'text' | 'other';
  /** The source's names of its options → the values in the form. */
  options?: ReadonlyMap<string, string>;
}

/** A condition that cannot be carried over. The message is the reason, as a sentence. It never leaves this folder. */
export class NotCarried extends Error {}

/** No person writes deeper conditions. */
export const MAX_DEPTH = 20;

/**
 * @param find the field that the source calls `name`
 * @throws {NotCarried} where the form language has no such condition
 */
export function conditionFrom(test: Test, find: (name: string) => Comparable | undefined): ValueMap {
  if ('group' in test) {
    const parts = test.tests.map((one) => conditionFrom(one, find));
    if (test.group === 'all') return joined(parts);
    const [only] = parts;
    if (test.group === 'any' && parts.length === 1 && only) return only;
    return (test.group === 'any' ? oneOf(parts) : undefined) ?? { [test.group]: parts };
  }
  const asked = find(test.name);
  if (!asked) throw new NotCarried(`It reads ${JSON.stringify(test.name.slice(0, 60))}, which is no question of this form.`); // prettier-ignore
  return compare(asked, test.operator, test.values);
}

/** One map for conditions on different fields, and otherwise a list of them. */
function joined(parts: ValueMap[]): ValueMap {
  const keys = parts.flatMap((part) => Object.keys(part));
  return new Set(keys).size === keys.length ? Object.assign({}, ...parts) : { all: parts };
}

/** One list of values for conditions that compare the same answer with values. */
function oneOf(parts: ValueMap[]): ValueMap | undefined {
  const entries = parts.flatMap((part) => Object.entries(part));
  const [[key] = ['']] = entries;
  const values = entries.map(([, value]) => value).flat();
  const isSame = entries.length === parts.length && entries.every(([name]) => name === key) && !GROUPS.includes(key);
  return isSame && values.every((value) => typeof value !== 'object') ? { [key]: [...new Set(values)] } : undefined;
}

const GROUPS = ['all', 'any', 'none'];

function compare(
  { id, kind, options }: Comparable,
  operator: SourceOperator,
  values: (string | number | boolean)[],
): ValueMap {
  if (operator === 'answered') return { [id]: { answered: values[0] !== false } };
  if (operator === 'true') return kind === 'boolean' ? { [id]: true } : kind === 'number' ? { none: [{ [id]: 0 }], [id]: { answered: true } } : { [id]: { answered: true } }; // prettier-ignore
  const [first = ''] = values;
  const matching = (value: string | number | boolean): string => {
    const found = options?.get(String(value));
    if (found === undefined) throw new NotCarried(`It compares with “${String(value).slice(0, 60)}”, which is not one of the answers.`); // prettier-ignore
    return found;
  };
  if (operator === 'contains') {
    if (kind === 'options') return { [id]: { contains: single(values.map(matching)) } };
    if (kind === 'option') return { [id]: single(values.map(matching)) };
    throw new NotCarried('It looks for a part of an answer.');
  }
  if (operator === 'is') {
    if (kind === 'option') return { [id]: single(values.map(matching)) };
    if (kind === 'options') {
      if (values.length > 1) throw new NotCarried('It compares all choices at once.');
      return { [id]: { contains: matching(first) } };
    }
    if (kind === 'other') throw new NotCarried('It compares an answer that has several parts, or files.');
    return { [id]: single(values.map((value) => typed(kind, value))) };
  }
  if (kind === 'option') return { [id]: single(optionsWhere(operator, Number(first), options)) };
  if (kind === 'date') return compareDates(id, operator, String(typed('date', first)));
  const limit = Number(first);
  if (kind !== 'number' || !Number.isFinite(limit)) throw new NotCarried('It compares the size of an answer that is not a number.'); // prettier-ignore
  return { [id]: { [operator]: limit } };
}

const single = (values: Value[]): Value => {
  const [first = null] = values;
  return values.length === 1 ? first : values;
};

function typed(kind: 'number' | 'boolean' | 'date' | 'text', value: string | number | boolean): Value {
  if (kind === 'text') return String(value);
  if (kind === 'number') {
    const number = Number(value);
    if (value === '' || !Number.isFinite(number)) throw new NotCarried('It compares a number with a text.');
    return number;
  }
  if (kind === 'boolean') {
    const word = String(value).toLowerCase();
    if (!['true', 'false', 'yes', 'no', '1', '0'].includes(word)) throw new NotCarried('It compares a yes/no answer with a text.'); // prettier-ignore
    return ['true', 'yes', '1'].includes(word);
  }
  const day = /^\d{4}-\d{2}-\d{2}/.exec(String(value))?.[0];
  if (!day) throw new NotCarried('It compares a date with something that is no day.');
  return day;
}

/** The options that are numbers in the range: the form language compares sizes of numbers only. */
function optionsWhere(operator: SourceOperator, limit: number, options: Comparable['options']): string[] {
  const holds = (value: number) =>
    ({ at_least: value >= limit, at_most: value <= limit, more_than: value > limit, less_than: value < limit })[
      operator as 'at_least'
    ];
  const found = [...(options ?? [])].filter(([name]) => name.trim() !== '' && holds(Number(name)));
  if (!found.length) throw new NotCarried('No answer meets it.');
  return [...new Set(found.map(([, value]) => value))];
}

function compareDates(id: string, operator: SourceOperator, day: string): ValueMap {
  const known = { [id]: { answered: true } };
  if (operator === 'more_than') return { [id]: { after: day } };
  if (operator === 'less_than') return { [id]: { before: day } };
  return { ...known, none: [{ [id]: operator === 'at_least' ? { before: day } : { after: day } }] };
}
