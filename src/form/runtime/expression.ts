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
const tidy = (number: number): number => Number(number.toPrecision(14));

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

/** The ids of the fields that `expression` reads. */
export function reads(expression: Expression): string[] {
  if (!Array.isArray(expression)) return [];
  const [operator, ...operands] = expression;
  return operator === 'get' ? [expression[1] as string] : (operands as Expression[]).flatMap(reads);
}

function valueOf(expression: Expression, answers: Answers): Value {
  if (!Array.isArray(expression)) return expression;
  const [operator] = expression;
  if (operator === 'get') return answerTo(expression[1] as string, answers);
  const operands = (expression.slice(1) as Expression[]).map((one) => () => valueOf(one, answers));
  const [a = nothing, b = nothing, c = nothing] = operands;
  if (operator === '?') return a() ? b() : c();
  if (operator === '&&') return Boolean(a() && b());
  if (operator === '||') return Boolean(a() || b());
  if (operator === '!') return !a();
  if (operator === '==') return (a() || 0) === (b() || 0);
  if (operator === '!=') return (a() || 0) !== (b() || 0);
  const numbers = operands.map((operand) => Number(operand() ?? 0));
  const [x = 0, y = 0] = numbers;
  if (operator === '+') return tidy(x + y);
  if (operator === '-') return operands.length > 1 ? tidy(x - y) : -x;
  if (operator === '*') return tidy(x * y);
  if (operator === '/') return tidy(x / y);
  if (operator === '%') return tidy(x % y);
  if (operator === '<') return x < y;
  if (operator === '<=') return x <= y;
  if (operator === '>') return x > y;
  if (operator === '>=') return x >= y;
  return Math[operator](...(numbers as [number]));
}

const nothing = () => undefined;
