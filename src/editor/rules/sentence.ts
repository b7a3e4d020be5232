/** Rules as sentences: converts a condition to a list of clauses that are joined by one word, and back. */
import type { Scalar } from '../../form/runtime/condition.ts';
import { conditionInWords, type ConditionNames } from '../../form/check/words.ts';
import { compileCondition, isConditionGroup } from '../../form/logic/written-condition.ts';
import type { Value } from '../../form/edit/edit.ts';
import { listOf, mapOf, type DataMap } from '../form-data.ts';

export type RuleOperator =
  | 'is'
  | 'is_not'
  | 'at_least'
  | 'at_most'
  | 'more_than'
  | 'less_than'
  | 'before'
  | 'after'
  | 'contains'
  | 'answered'
  | 'not_answered';

/** "Which license? is None yet" */
export interface Clause {
  question: string;
  operator: RuleOperator;
  /** The values, of which one is enough. Empty for `answered` and `not_answered`. */
  values: Scalar[];
  /** Whether one value is written as a list, `[none]`. */
  isListed?: true;
}

export interface Sentence {
  join: 'and' | 'or';
  clauses: Clause[];
}

const OPERATOR_KEYS: Partial<Record<string, RuleOperator>> = {
  not: 'is_not', at_least: 'at_least', at_most: 'at_most', more_than: 'more_than', less_than: 'less_than',
  before: 'before', after: 'after', contains: 'contains',
}; // prettier-ignore

/**
 * The sentence of a condition.
 * @param when the condition as it is written
 * @returns undefined if one list of clauses can't express the same, or would be written in another way
 */
export function readSentence(when: Value | undefined): Sentence | undefined {
  const sentence = readAll(when) ?? readGroup(when);
  return sentence?.clauses.length && isSame(writeCondition(sentence), when) ? sentence : undefined;
}

function readAll(when: Value | undefined): Sentence | undefined {
  const entries = Object.entries(mapOf(when));
  if (entries.some(([key]) => isConditionGroup(key))) return undefined;
  const clauses = entries.flatMap(([question, matcher]) => clausesOf(question, matcher) ?? [undefined]);
  return clauses.every((one) => one !== undefined) ? { join: 'and', clauses } : undefined;
}

/** `any: […]` and `all: […]` of single clauses. */
function readGroup(when: Value | undefined): Sentence | undefined {
  const [[key, list] = [], ...others] = Object.entries(mapOf(when));
  if (others.length || (key !== 'any' && key !== 'all')) return undefined;
  const clauses = listOf(list).map((one) => {
    const clauses = readAll(one)?.clauses;
    return clauses?.length === 1 ? clauses[0] : undefined;
  });
  if (!clauses.every((one) => one !== undefined)) return undefined;
  return { join: key === 'any' ? 'or' : 'and', clauses };
}

function clausesOf(question: string, matcher: Value): Clause[] | undefined {
  if (isScalar(matcher)) return [{ question, operator: 'is', values: [matcher] }];
  if (Array.isArray(matcher)) return clauseOfList(question, 'is', matcher);
  const clauses = Object.entries(mapOf(matcher)).flatMap(([key, value]): (Clause | undefined)[] => {
    if (key === 'answered') return [typeof value === 'boolean' ? { question, operator: value ? 'answered' : 'not_answered', values: [] } : undefined]; // prettier-ignore
    const operator = Object.hasOwn(OPERATOR_KEYS, key) ? OPERATOR_KEYS[key] : undefined;
    if (!operator) return [undefined];
    if (Array.isArray(value)) return clauseOfList(question, operator, value) ?? [undefined];
    return [isScalar(value) ? { question, operator, values: [value] } : undefined];
  });
  return clauses.every((one) => one !== undefined) ? clauses : undefined;
}

function clauseOfList(question: string, operator: RuleOperator, list: Value[]): Clause[] | undefined {
  const values = list.filter(isScalar);
  if (values.length !== list.length || !values.length) return undefined;
  return [{ question, operator, values, ...(values.length === 1 && { isListed: true as const }) }];
}

const isScalar = (value: Value | undefined): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

/** The condition of a sentence, as it is written. */
export function writeCondition({ join, clauses }: Sentence): DataMap {
  if (join === 'or' && clauses.length > 1) return { any: clauses.map((clause) => writeCondition({ join: 'and', clauses: [clause] })) }; // prettier-ignore
  const written: DataMap = {};
  for (const clause of clauses) {
    const before = written[clause.question];
    const after = writeMatcher(clause);
    // One question has one key. Two clauses of it share a map, or else each is a condition of its own.
    const merged = before === undefined ? after : mergedMatcher(before, after);
    if (merged === undefined || isConditionGroup(clause.question)) return { all: clauses.map((one) => writeCondition({ join: 'and', clauses: [one] })) }; // prettier-ignore
    written[clause.question] = merged;
  }
  return written;
}

function mergedMatcher(before: Value, after: Value): Value | undefined {
  const [one, other] = [mapOf(before), mapOf(after)];
  const keys = [...Object.keys(one), ...Object.keys(other)];
  const isPossible = Object.keys(one).length > 0 && Object.keys(other).length > 0 && new Set(keys).size === keys.length;
  return isPossible ? { ...one, ...other } : undefined;
}

function writeMatcher({ operator, values, isListed }: Clause): Value {
  const value: Value = values.length > 1 || isListed ? [...values] : (values[0] ?? '');
  switch (operator) {
    case 'is':
      return value;
    case 'is_not':
      return { not: value };
    case 'answered':
      return { answered: true };
    case 'not_answered':
      return { answered: false };
    default:
      return { [operator]: value };
  }
}

function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((value, at) => isSame(value, other[at])); // prettier-ignore
  if (typeof one !== 'object' || one === null) return one === other;
  const [a, b] = [Object.entries(one), Object.entries(mapOf(other))];
  return a.length === b.length && a.every(([key, value], at) => b[at]?.[0] === key && isSame(value, b[at]?.[1]));
}

/** Any condition as a sentence, with the names of questions and answers that people read. */
export const wordsOfCondition = (when: Value | undefined, names: ConditionNames): string =>
  conditionInWords(compileCondition(when), names);
