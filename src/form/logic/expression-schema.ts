/** The syntax of a written formula, and its compilation to the tree that `expression.ts` evaluates. */
import { parseExpressionAt, type AnyNode, type Expression as JsExpression } from 'acorn';
import { z } from 'zod';
import type { Expression, Operator } from '../runtime/expression.ts';

const BINARY = ['+', '-', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=', '&&', '||'];
const SAME: Record<string, string> = { '===': '==', '!==': '!=' };
const FUNCTIONS: Record<string, [min: number, max: number]> = {
  min: [1, 20], max: [1, 20], round: [1, 1], floor: [1, 1], ceil: [1, 1], abs: [1, 1],
}; // prettier-ignore

/**
 * A computed value as written, `hours * rate`: numbers, texts in quotes, fields, + - * / %, comparisons, ? :,
 * functions.
 */
export const expressionSchema: z.ZodType<Expression> = z
  .string()
  .min(1)
  .max(500)
  .transform((written, context): Expression => {
    try {
      const node = parseExpressionAt(written, 0, { ecmaVersion: 2020 });
      if (written.slice(node.end).trim()) throw new Wrong(`has more after its end: ${written.slice(node.end).trim()}`);
      return compile(node);
    } catch (error) {
      if (!(error instanceof Wrong || error instanceof SyntaxError)) throw error;
      const words =
        error instanceof Wrong
          ? error.message
          : `is not a formula, because it cannot be read after "${readUpTo(written, error)}"`;
      context.addIssue({ code: 'custom', message: `${words}. Write a formula like hours * rate` });
      return z.NEVER;
    }
  });

class Wrong extends Error {}

const readUpTo = (written: string, error: SyntaxError & { pos?: number }): string =>
  written.slice(0, error.pos ?? 0).slice(-30);

function compile(node: JsExpression | AnyNode): Expression {
  switch (node.type) {
    case 'Literal':
      // JSON, in which the page gets the formula, has no such number.
      if (node.value === Infinity) throw new Wrong(`has a number that is too large: ${node.raw}`);
      if (['number', 'string', 'boolean'].includes(typeof node.value)) return node.value as number | string | boolean;
      break;
    case 'Identifier':
      return ['get', node.name];
    case 'UnaryExpression':
      if (node.operator === '-' || node.operator === '!') return [node.operator, compile(node.argument)];
      break;
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const operator = SAME[node.operator] ?? node.operator;
      if (BINARY.includes(operator)) return [operator as Operator, compile(node.left), compile(node.right)];
      throw new Wrong(`has the unknown operator ${node.operator}`);
    }
    case 'ConditionalExpression':
      return ['?', compile(node.test), compile(node.consequent), compile(node.alternate)];
    case 'CallExpression': {
      const name = node.callee.type === 'Identifier' ? node.callee.name : '';
      const [min, max] = (Object.hasOwn(FUNCTIONS, name) && FUNCTIONS[name]) || [];
      if (min === undefined || max === undefined)
        throw new Wrong(
          `calls ${name ? `the unknown function ${name}` : 'something that is not a function'}; use one of ${Object.keys(FUNCTIONS).join(', ')}`,
        );
      if (node.arguments.length < min || node.arguments.length > max)
        throw new Wrong(
          `gives ${name} the wrong number of values (${node.arguments.length}); give it ${min === max ? min : `${min} or more`}`,
        );
      return [name as Operator, ...node.arguments.map((one) => compile(one))];
    }
    default:
      break;
  }
  throw new Wrong('has a part that a formula cannot have');
}
