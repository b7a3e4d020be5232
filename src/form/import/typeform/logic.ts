/** The conditions of Typeform's logic jumps. */
import { MAX_DEPTH, NotCarried, type SourceOperator, type Test } from '../conditions.ts';
import { readKeys } from '../source-keys.ts';

const OPERATORS = new Map<string, { operator: SourceOperator; not?: true }>([
  ...['is', 'equal', 'on'].map((op) => [op, { operator: 'is' }] as const),
  ...['is_not', 'not_equal', 'not_on'].map((op) => [op, { operator: 'is', not: true }] as const),
  ...['lower_than', 'earlier_than'].map((op) => [op, { operator: 'less_than' }] as const),
  ...['lower_equal_than', 'earlier_than_or_on'].map((op) => [op, { operator: 'at_most' }] as const),
  ...['greater_than', 'later_than'].map((op) => [op, { operator: 'more_than' }] as const),
  ...['greater_equal_than', 'later_than_or_on'].map((op) => [op, { operator: 'at_least' }] as const),
  ['contains', { operator: 'contains' }],
  ['not_contains', { operator: 'contains', not: true }],
]);

/**
 * @returns the condition as a test; undefined where it is always true
 * @throws {NotCarried} with the reason
 */
export function readLogic(value: unknown, depth = 0): Test | undefined {
  if (depth > MAX_DEPTH) throw new NotCarried('It has too many levels.');
  const keys = readKeys(value);
  const op = keys.text('op') ?? 'always';
  const vars = keys.list('vars');
  if (op === 'always') return undefined;
  if (op === 'and' || op === 'or') {
    const tests = vars.map((one) => readLogic(one, depth + 1));
    if (op === 'or' && tests.includes(undefined)) return undefined;
    const some = tests.filter((test) => test !== undefined);
    if (!some.length) return undefined;
    return some.length === 1 && some[0] ? some[0] : { group: op === 'and' ? 'all' : 'any', tests: some };
  }
  const found = OPERATORS.get(op);
  if (!found) throw new NotCarried(`Flipsite has no comparison “${op.slice(0, 40).replaceAll('_', ' ')}”.`);
  const parts = vars.map(readKeys);
  const name = parts.find((one) => ['field', 'hidden'].includes(one.text('type') ?? ''))?.text('value');
  const wanted = parts.find((one) => ['choice', 'constant'].includes(one.text('type') ?? ''))?.get('value');
  if (name === undefined) throw new NotCarried('It reads a variable, such as a score or a price.');
  if (!['string', 'number', 'boolean'].includes(typeof wanted)) throw new NotCarried('It compares two answers.');
  const test: Test = { name, operator: found.operator, values: [wanted as string | number | boolean] };
  return found.not ? { group: 'none', tests: [test] } : test;
}

/** The names of values from the link that a condition reads. */
export function hiddenIn(value: unknown, depth = 0): string[] {
  const keys = readKeys(value);
  if (depth > MAX_DEPTH) return [];
  const name = keys.text('value');
  return [...(keys.text('type') === 'hidden' && name ? [name] : []), ...keys.list('vars').flatMap((one) => hiddenIn(one, depth + 1))]; // prettier-ignore
}
