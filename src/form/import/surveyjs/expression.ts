/**
 * The expressions of SurveyJS, as far as the form language has such conditions: comparisons with values, and, or, not.
 */
import { MAX_DEPTH, NotCarried, type SourceOperator, type Test } from '../conditions.ts';

/** No person writes longer ones. In characters. */
const MAX_EXPRESSION = 5_000;

/** One token. Each alternative is read in one pass, without backtracking. */
const TOKEN =
  /\s*(?:\{([^{}]{1,300})\}|'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?)(?![\w.-])|(<>|!=|==|>=|<=|&&|\|\||\*=|[=<>!()[\],])|([a-z_]\w*))/iy;

type Token = { kind: 'name' | 'text' | 'word' | 'sign'; text: string } | { kind: 'number'; text: string };

/** The comparisons by their signs and words. `not` negates the result. */
const OPERATORS = new Map<string, { operator: SourceOperator; not?: true; isUnary?: true; value?: boolean }>([
  ...['=', '==', 'equal', 'equals'].map((word) => [word, { operator: 'is' }] as const),
  ...['!=', '<>', 'notequal', 'notequals'].map((word) => [word, { operator: 'is', not: true }] as const),
  ...['>', 'greater'].map((word) => [word, { operator: 'more_than' }] as const),
  ...['<', 'less'].map((word) => [word, { operator: 'less_than' }] as const),
  ...['>=', 'greaterorequal'].map((word) => [word, { operator: 'at_least' }] as const),
  ...['<=', 'lessorequal'].map((word) => [word, { operator: 'at_most' }] as const),
  ...['contains', 'contain', '*='].map((word) => [word, { operator: 'contains' }] as const),
  ...['notcontains', 'notcontain'].map((word) => [word, { operator: 'contains', not: true }] as const),
  ['anyof', { operator: 'contains' }],
  ['noneof', { operator: 'contains', not: true }],
  ['empty', { operator: 'answered', isUnary: true, value: false }],
  ['notempty', { operator: 'answered', isUnary: true, value: true }],
]);

/** @throws {NotCarried} with the reason */
export function parseExpression(expression: string): Test {
  if (expression.length > MAX_EXPRESSION) throw new NotCarried('It is too long.');
  const tokens = tokensOf(expression);
  let at = 0;
  const peek = () => tokens[at];
  const isWord = (...words: string[]) => {
    const token = peek();
    return token !== undefined && (token.kind === 'sign' || token.kind === 'word') && words.includes(token.text.toLowerCase()); // prettier-ignore
  };
  const takeWord = (...words: string[]) => isWord(...words) && Boolean(++at);

  function either(depth: number): Test {
    const tests = [both(depth)];
    while (takeWord('or', '||')) tests.push(both(depth));
    return tests.length === 1 && tests[0] ? tests[0] : { group: 'any', tests };
  }

  function both(depth: number): Test {
    const tests = [one(depth)];
    while (takeWord('and', '&&')) tests.push(one(depth));
    return tests.length === 1 && tests[0] ? tests[0] : { group: 'all', tests };
  }

  function one(depth: number): Test {
    if (depth > MAX_DEPTH) throw new NotCarried('It has too many brackets.');
    if (takeWord('!', 'not')) return { group: 'none', tests: [one(depth + 1)] };
    if (takeWord('(')) {
      const inner = either(depth + 1);
      if (!takeWord(')')) throw unreadable();
      return inner;
    }
    return comparison();
  }

  function comparison(): Test {
    const left = operand();
    const token = peek();
    const found = token && (token.kind === 'sign' || token.kind === 'word') ? OPERATORS.get(token.text.toLowerCase()) : undefined; // prettier-ignore
    if (!token || !found) {
      if (!('name' in left)) throw unreadable();
      if (token && !isWord('and', '&&', 'or', '||', ')')) throw unreadable();
      return { name: left.name, operator: 'true', values: [] };
    }
    at++;
    if (found.isUnary) return 'name' in left ? { name: left.name, operator: found.operator, values: [found.value ?? true] } : fail(); // prettier-ignore
    const right = isWord('[') ? { values: array() } : operand();
    // 'a' = {name} is {name} = 'a'.
    const [name, values, operator] =
      'name' in left && 'values' in right
        ? ([left.name, right.values, found.operator] as const)
        : 'name' in right && 'values' in left
          ? ([right.name, left.values, TURNED.get(found.operator) ?? found.operator] as const)
          : fail();
    const test: Test = { name, operator, values: [...values] };
    return found.not ? { group: 'none', tests: [test] } : test;
  }

  function operand(): { name: string } | { values: (string | number | boolean)[] } {
    const token = peek();
    if (!token) throw unreadable();
    at++;
    if (token.kind === 'name') return { name: token.text.trim() };
    if (token.kind === 'text') return { values: [token.text] };
    if (token.kind === 'number') return { values: [Number(token.text)] };
    if (token.kind === 'word' && isWord('(')) throw new NotCarried(`It uses the function ${token.text.slice(0, 40)}.`);
    if (token.kind === 'word' && /^(?:true|false)$/i.test(token.text)) return { values: [/^true$/i.test(token.text)] };
    if (token.kind === 'word' && !OPERATORS.has(token.text.toLowerCase())) return { values: [token.text] };
    throw unreadable();
  }

  function array(): (string | number | boolean)[] {
    const values: (string | number | boolean)[] = [];
    at++;
    while (!takeWord(']')) {
      const value = operand();
      if (!('values' in value)) throw unreadable();
      values.push(...value.values);
      takeWord(',');
    }
    return values;
  }

  const test = either(0);
  if (at < tokens.length) throw unreadable();
  return test;
}

/** The same comparison with its sides changed. */
const TURNED = new Map<SourceOperator, SourceOperator>([
  ['more_than', 'less_than'],
  ['less_than', 'more_than'],
  ['at_least', 'at_most'],
  ['at_most', 'at_least'],
]);

const unreadable = () => new NotCarried('It is not a comparison of one answer with a value.');
const fail = (): never => {
  throw unreadable();
};

function tokensOf(expression: string): Token[] {
  const source = expression.trim();
  const tokens: Token[] = [];
  for (let at = 0; at < source.length;) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(source);
    if (!found) throw unreadable();
    at = TOKEN.lastIndex;
    const [, name, single, double, number, sign, word] = found;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (single !== undefined || double !== undefined) tokens.push({ kind: 'text', text: single ?? double ?? '' });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}
