/**
 * Every reference within a form: in rules, pipes, formulas, `match`, limits, invitations, links, examples. It reads
 * plain data, even of a form with errors. It imports no schema, so that the editor in the browser can use it.
 */
import { pipes } from '../runtime/text.ts';

type Path = readonly (string | number)[];
type Data = { [key: string]: unknown };

export interface Reference {
  /** The path of a value, or of the key itself. */
  path: Path;
  part: 'value' | 'key' | 'pipe' | 'formula';
  /**
   * The referenced thing: a screen or an ending (`target`), a field or a Wink screen (`question`), a field or a param
   * (`pipe`), or an option of `field` (`option`).
   */
  names: 'target' | 'question' | 'pipe' | 'option';
  /** The id, or the value of the option. */
  id: string;
  field?: string;
}

/** Keys whose values are texts, in which answers can be piped. A test compares them with the schema. */
export const TEXT_KEYS: readonly string[] = [
  'title', 'description', 'text', 'label', 'help', 'placeholder', 'pattern_hint', 'min_label', 'max_label', 'other',
  'none_of_these', 'redirect',
]; // prettier-ignore

/** Every reference in the data of a form, in no particular order. */
export function referencesIn(data: unknown): Reference[] {
  const form = mapOf(data);
  const limits = mapOf(form['limits']);
  const match = mapOf(form['match']);
  const income = mapOf(match['monthly_income']);
  const invite = mapOf(form['invite']);
  return [
    ...pipesIn(form, []),
    ...named(limits['one_per'], ['limits', 'one_per'], 'question'),
    ...named(match['name'], ['match', 'name'], 'question'),
    ...named(match['employer'], ['match', 'employer'], 'question'),
    ...named(income['field'], ['match', 'monthly_income', 'field'], 'question'),
    ...named(invite['name'], ['invite', 'name'], 'question'),
    ...named(invite['email'], ['invite', 'email'], 'question'),
    ...listOf(form['screens']).flatMap((screen, at) => screenReferences(mapOf(screen), ['screens', at])),
    ...listOf(form['links']).flatMap((link, at) => linkReferences(mapOf(link), ['links', at])),
    ...listOf(form['examples']).flatMap((example, at) => exampleReferences(mapOf(example), ['examples', at])),
  ];
}

function screenReferences(screen: Data, path: Path): Reference[] {
  return [
    ...(typeof screen['next'] === 'string' ? named(screen['next'], [...path, 'next'], 'target') : []),
    ...listOf(screen['next']).flatMap((rule, at) => [
      ...conditionReferences(mapOf(rule)['when'], [...path, 'next', at, 'when']),
      ...named(mapOf(rule)['go'], [...path, 'next', at, 'go'], 'target'),
    ]),
    ...listOf(screen['fields']).flatMap((field, at) => fieldReferences(mapOf(field), [...path, 'fields', at])),
  ];
}

function fieldReferences(field: Data, path: Path): Reference[] {
  const { id, value, default: start } = field;
  return [
    ...conditionReferences(field['show_when'], [...path, 'show_when']),
    ...(typeof value === 'string' ? formulaReferences(value, [...path, 'value']) : []),
    ...(typeof id === 'string' ? optionReferences(id, start, [...path, 'default']) : []),
  ];
}

function linkReferences(link: Data, path: Path): Reference[] {
  return [
    ...named(link['ending'], [...path, 'ending'], 'target'),
    ...Object.entries(mapOf(link['params'])).flatMap(([id, value]): Reference[] => {
      const place = [...path, 'params', id];
      return [{ path: place, part: 'key', names: 'pipe', id }, ...optionReferences(id, value, place)];
    }),
  ];
}

function exampleReferences(example: Data, path: Path): Reference[] {
  return [
    ...named(example['ends'], [...path, 'ends'], 'target'),
    ...Object.entries(mapOf(example['answers'])).flatMap(([id, answer]): Reference[] => {
      const place = [...path, 'answers', id];
      return [{ path: place, part: 'key', names: 'question', id }, ...optionReferences(id, answer, place)];
    }),
  ];
}

/** A condition as it is written: `{ status: none }`, `{ any: [ … ] }`. */
function conditionReferences(condition: unknown, path: Path): Reference[] {
  return Object.entries(mapOf(condition)).flatMap(([key, matcher]): Reference[] => {
    const place = [...path, key];
    if (['any', 'all', 'none'].includes(key))
      return listOf(matcher).flatMap((one, at) => conditionReferences(one, [...place, at]));
    const { not, contains } = mapOf(matcher);
    return [
      { path: place, part: 'key', names: 'question', id: key },
      ...optionReferences(key, matcher, place),
      ...optionReferences(key, not, [...place, 'not']),
      ...optionReferences(key, contains, [...place, 'contains']),
    ];
  });
}

/** The texts in `value`, one or a list, as values of options of `field`. */
function optionReferences(field: string, value: unknown, path: Path): Reference[] {
  return named(value, path, 'option').map((reference) => ({ ...reference, field }));
}

/** The names in `value`: one, or a list of them. */
function named(value: unknown, path: Path, names: Reference['names']): Reference[] {
  if (typeof value === 'string') return [{ path, part: 'value', names, id: value }];
  return listOf(value).flatMap((one, at): Reference[] =>
    typeof one === 'string' ? [{ path: [...path, at], part: 'value', names, id: one }] : [],
  );
}

/** Parts of a form that have no texts with pipes. An invitation goes out before the first answer. */
const WITHOUT_PIPES = [
  'invite',
  'examples',
  'show_when',
  'when',
  'limits',
  'match',
  'brand',
  'notify',
  'links',
  'share',
  'embed',
];

function pipesIn(value: unknown, path: Path): Reference[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => pipesIn(one, [...path, at]));
  return Object.entries(mapOf(value)).flatMap(([key, inner]): Reference[] => {
    const place = [...path, key];
    if (WITHOUT_PIPES.includes(key)) return [];
    if (TEXT_KEYS.includes(key)) {
      const texts: [Path, unknown][] =
        typeof inner === 'string' ? [[place, inner]] : Object.entries(mapOf(inner)).map(([language, text]) => [[...place, language], text]); // prettier-ignore
      return texts.flatMap(([at, text]) => pipesOf(text, at));
    }
    // An option that is a text alone is also its own label.
    if (key === 'options') {
      return listOf(inner).flatMap((option, at) =>
        typeof option === 'string' ? pipesOf(option, [...place, at]) : pipesIn(option, [...place, at]),
      );
    }
    return pipesIn(inner, place);
  });
}

const pipesOf = (text: unknown, path: Path): Reference[] =>
  typeof text === 'string' ? pipes(text).map((id) => ({ path, part: 'pipe', names: 'pipe', id })) : [];

/** A word of a formula: the id of a field, or a text in quotes that is compared with one. */
interface FormulaWord {
  from: number;
  to: number;
  id?: string;
  text?: string;
  /** For a text: the field that it is compared with. */
  field?: string;
}

const FORMULA_TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d[\w.]*|[A-Za-z_$][\w$]*|[!=]=?=?|\S/g;

/** The ids and texts in a formula, in order. A function, such as `min(`, is none of them. */
export function formulaWords(formula: string): FormulaWord[] {
  const tokens = withoutBrackets(
    [...formula.matchAll(FORMULA_TOKEN)]
      .filter(([token]) => !/^\/[/*]/.test(token))
      .map((match) => ({ token: match[0], from: match.index })),
  );
  const idAt = (at: number): string | undefined => {
    const token = tokens[at]?.token ?? '';
    return isName(token) && !['true', 'false'].includes(token) && tokens[at + 1]?.token !== '(' ? token : undefined;
  };
  const isEquals = (at: number): boolean => /^[!=]==?$/.test(tokens[at]?.token ?? '');
  return tokens.flatMap(({ token, from }, at): FormulaWord[] => {
    const to = from + token.length;
    const id = idAt(at);
    if (id !== undefined) return [{ from, to, id }];
    if (!/^["']/.test(token)) return [];
    const field = (isEquals(at - 1) ? idAt(at - 2) : undefined) ?? (isEquals(at + 1) ? idAt(at + 2) : undefined);
    return [{ from, to, text: unescaped(token), ...(field !== undefined && { field }) }];
  });
}

interface Token {
  token: string;
  from: number;
}

const isName = (token: string): boolean => /^[A-Za-z_$]/.test(token);

/** `tokens` without the brackets around single words. Those of a function stay. */
function withoutBrackets(tokens: Token[]): Token[] {
  const at = tokens.findIndex(
    ({ token }, index) =>
      token === '(' && tokens[index + 2]?.token === ')' && /^[\w$"']/.test(tokens[index + 1]?.token ?? '') && !isName(tokens[index - 1]?.token ?? ''),
  ); // prettier-ignore
  const [before, word, after] = [tokens.slice(0, at), tokens.slice(at + 1, at + 2), tokens.slice(at + 3)];
  return at < 0 ? tokens : withoutBrackets([...before, ...word, ...after]);
}

const unescaped = (token: string): string => token.slice(1, -1).replace(/\\(.)/g, '$1');

function formulaReferences(formula: string, path: Path): Reference[] {
  return formulaWords(formula).flatMap(({ id, text, field }): Reference[] => {
    if (id !== undefined) return [{ path, part: 'formula', names: 'question', id }];
    if (text === undefined || field === undefined) return [];
    return [{ path, part: 'formula', names: 'option', id: text, field }];
  });
}

/** `formula` with each word that `changes` gives a new text for. */
export function rewriteFormula(formula: string, changes: (word: FormulaWord) => string | undefined): string {
  let result = '';
  let done = 0;
  for (const word of formulaWords(formula)) {
    const written = changes(word);
    if (written === undefined) continue;
    result += formula.slice(done, word.from) + written;
    done = word.to;
  }
  return result + formula.slice(done);
}

const mapOf = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
