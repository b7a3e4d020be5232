/** The formula of a computed field: arithmetic as a small JSON tree, and its one evaluator, for server and page. */
import { answerTo, type Answer, type Answers } from './condition.ts';

export type Operator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | '&&'
  | '||'
  | '!'
  | '?'
  | Function_;
type Function_ = 'min' | 'max' | 'round' | 'floor' | 'ceil' | 'abs';

/** A value as it is, `['get', field]`, or an operator with its operands. `?` takes a condition and two results. */
export type Expression = number | string | boolean | ['get', string] | [Operator, ...Expression[]];

type Value = Answer | undefined;

/** Rounds a result as people calculate: 0.1 + 0.2 is 0.3, and `floor(4.35 * 100)` is 435. Amounts of 14 digits stay exact. */
const tidy = (number: number): number =>
  // Most numbers are integers, and need no rounding, which takes long. The sum makes 0 of -0, as rounding does.
  Number.isInteger(number) && Math.abs(number) < 1e14 ? number + 0 : Number(number.toPrecision(14));

/**
 * The number that `expression` gives for `answers`. Undefined before the first of its answers is there, or if it has no
 * value (a division by zero). A missing answer counts as 0.
 */
export function compute(expression: Expression, answers: Answers): number | undefined {
  const read = reads(expression);
  if (read.length && read.every((id) => answerTo(id, answers) === undefined)) return undefined;
  const number = Number(valueOf(expression, answers));
  return Number.isFinite(number) ? tidy(number) : undefined;
}

/** The ids of the fields that `expression` reads, each once. */
export function reads(expression: Expression): string[] {
  if (!Array.isArray(expression)) return [];
  let ids = known.get(expression);
  if (!ids) known.set(expression, (ids = [...new Set(collect(expression, []))]));
  return ids;
}

/** Of each formula that was evaluated before. A form keeps its formulas, and a long one takes long to search. */
const known = new WeakMap<object, string[]>();

function collect(expression: Expression, ids: string[]): string[] {
  if (!Array.isArray(expression)) return ids;
  const [operator, ...operands] = expression;
  if (operator === 'get') ids.push(expression[1] as string);
  else for (const operand of operands as Expression[]) collect(operand, ids);
  return ids;
}

function valueOf(expression: Expression, answers: Answers): Value {
  if (!Array.isArray(expression)) return expression;
  const [operator] = expression;
  if (operator === 'get') return answerTo(expression[1] as string, answers);
  const at = (operand: number) => valueOf(expression[operand] as Expression, answers);
  if (operator === '?') return at(1) ? at(2) : at(3);
  if (operator === '&&') return Boolean(at(1) && at(2));
  if (operator === '||') return Boolean(at(1) || at(2));
  if (operator === '!') return !at(1);
  if (operator === '==') return (at(1) || 0) === (at(2) || 0);
  if (operator === '!=') return (at(1) || 0) !== (at(2) || 0);
  const numbers = (expression.slice(1) as Expression[]).map((operand) => Number(valueOf(operand, answers) ?? 0));
  const [x = 0, y = 0] = numbers;
  if (operator === '+') return tidy(x + y);
  if (operator === '-') return numbers.length > 1 ? tidy(x - y) : -x;
  if (operator === '*') return tidy(x * y);
  if (operator === '/') return tidy(x / y);
  if (operator === '%') return tidy(x % y);
  if (operator === '<') return x < y;
  if (operator === '<=') return x <= y;
  if (operator === '>') return x > y;
  if (operator === '>=') return x >= y;
  return Math[operator](...(numbers as [number]));
}
