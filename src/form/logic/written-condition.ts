/** From a condition as it is written to the tree that `condition.ts` evaluates. It imports no schema, for the editor. */
import type { Comparison, Condition, Scalar } from '../runtime/condition.ts';

/** Keys that hold lists of conditions. */
export const CONDITION_GROUPS = ['any', 'all', 'none'] as const;

export const isConditionGroup = (key: string): key is (typeof CONDITION_GROUPS)[number] =>
  (CONDITION_GROUPS as readonly string[]).includes(key);

/**
 * Compiles a condition.
 * @param written a condition as it is in a form. Parts that are no condition are left out
 */
export function compileCondition(written: unknown): Condition {
  const parts = Object.entries(mapOf(written)).flatMap(([key, value]): Condition[] => {
    if (isConditionGroup(key)) return [[key, Array.isArray(value) ? value.map(compileCondition) : []]];
    return compileMatcher(key, value);
  });
  return parts.length === 1 && parts[0] ? parts[0] : ['all', parts];
}

function compileMatcher(field: string, matcher: unknown): Comparison[] {
  if (typeof matcher !== 'object' || matcher === null || Array.isArray(matcher)) return [['is', field, listed(matcher)]]; // prettier-ignore
  const parts: Comparison[] = [];
  const { not, at_least, at_most, more_than, less_than, before, after, contains, answered } = matcher as Operators;
  if (not !== undefined) parts.push(['not', field, listed(not)]);
  if (at_least !== undefined) parts.push(['min', field, at_least]);
  if (at_most !== undefined) parts.push(['max', field, at_most]);
  if (more_than !== undefined) parts.push(['above', field, more_than]);
  if (less_than !== undefined) parts.push(['below', field, less_than]);
  if (before !== undefined) parts.push(['before', field, before]);
  if (after !== undefined) parts.push(['after', field, after]);
  if (contains !== undefined) parts.push(['has', field, listed<string>(contains)]);
  if (answered !== undefined) parts.push(['answered', field, answered]);
  return parts;
}

interface Operators {
  not?: unknown;
  at_least?: number;
  at_most?: number;
  more_than?: number;
  less_than?: number;
  before?: string;
  after?: string;
  contains?: unknown;
  answered?: boolean;
}

const listed = <T extends Scalar = Scalar>(value: unknown): T[] => (Array.isArray(value) ? value : [value]) as T[];

const mapOf = (value: unknown): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
