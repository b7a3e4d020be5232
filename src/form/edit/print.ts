/** Values as YAML, in the style of their neighbors. */
import { isMap, isScalar, isSeq, type CST, type Document, type Scalar } from 'yaml';
import { columnOf } from './lines.ts';
import { isFlow } from './nodes.ts';
import { isList, isMapValue, type Value } from './value.ts';

/** The style of a text, for new parts without a neighbor. */
export interface Style {
  eol: string;
  /** Spaces from a map to a map in it. */
  step: number;
  /** Spaces from a key to the dashes of its list. */
  dash: number;
  quote: Quote;
}

type Quote = '"' | "'";

/** Longest line that a map or list is put on. */
const MAX_COLUMNS = 120;

export function styleOf(text: string, document: Document): Style {
  const steps: number[] = [];
  const dashes: number[] = [];
  let double = 0;
  let single = 0;
  const look = (node: unknown): void => {
    if (isScalar(node)) {
      if (node.type === 'QUOTE_DOUBLE') double++;
      if (node.type === 'QUOTE_SINGLE') single++;
    } else if (isSeq(node)) node.items.forEach(look);
    else if (isMap(node)) {
      for (const { key, value } of node.items) {
        look(key);
        look(value);
        if (isFlow(value) || (!isMap(value) && !isSeq(value)) || !isScalar(key) || !key.range || !value.range) continue;
        const distance = columnOf(text, value.range[0]) - columnOf(text, key.range[0]);
        (isSeq(value) ? dashes : steps).push(distance);
      }
    }
  };
  look(document.contents);
  return {
    eol: /\r?\n/.exec(text)?.[0] ?? '\n',
    step: Math.max(mostFrequent(steps) ?? 2, 1),
    dash: Math.max(mostFrequent(dashes) ?? 2, 0),
    quote: single > double ? "'" : '"',
  };
}

/** The value that occurs most often. */
function mostFrequent(values: number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The place of a new value. */
export interface Spot {
  style: Style;
  /** The column of the key or dash that it belongs to. */
  column: number;
  after: 'key' | 'dash';
  /** Characters that are on its line already. */
  width: number;
}

/** A node with the style of the new value: the value that it replaces, or an entry beside it. */
export type Model = unknown;

/**
 * `value` in block style, to be put right behind a colon or dash: with the space or line break before it, and without a
 * line break at its end.
 */
export function printBlock(value: Value, spot: Spot, model?: Model): string {
  const { style, column, after } = spot;
  if (typeof value === 'string') {
    const lines = blockText(value, style, column, model);
    return ` ${lines ?? printScalar(value, { style, flow: false, model })}`;
  }
  if (!isList(value) && !isMapValue(value)) return ` ${printScalar(value, { style, flow: false, model })}`;
  const flow = printFlow(value, style, model);
  if (isOnOneLine(value, flow, spot, model)) return ` ${flow}`;
  const break_ = style.eol;
  if (isList(value)) {
    const at = column + (after === 'key' ? style.dash : 2);
    const pad = ' '.repeat(at);
    return value
      .map((one, index) => {
        const like = isSeq(model) ? modelForItem(model.items, modelOfItem(model, index), one) : undefined;
        const inner = printBlock(one, { style, column: at, after: 'dash', width: at + 1 }, like);
        return `${break_}${pad}-${inner}`;
      })
      .join('');
  }
  const at = column + (after === 'key' ? style.step : 2);
  const pad = ' '.repeat(at);
  const pairs = Object.entries(value).map(([key, inner]) => printPair(key, inner, { style, column: at }, modelOfKey(model, key))); // prettier-ignore
  return after === 'dash' ? ` ${pairs.join(break_ + pad)}` : pairs.map((pair) => break_ + pad + pair).join('');
}

/** A key and its value in block style, the key at `column`. */
export function printPair(
  key: string,
  value: Value,
  { style, column }: Pick<Spot, 'style' | 'column'>,
  model?: Model,
): string {
  const name = printKey(key, style, false);
  return `${name}:${printBlock(value, { style, column, after: 'key', width: column + name.length + 1 }, model)}`;
}

/** Whether to put a list or map on one line: like its model, or if it is short and simple. */
function isOnOneLine(value: Value, flow: string, { width, after }: Spot, model: Model): boolean {
  const size = isList(value) ? value.length : Object.keys(value as object).length;
  // A list in a list has no better form.
  if (size === 0 || (isList(value) && after === 'dash')) return true;
  if (width + 1 + flow.length > MAX_COLUMNS) return false;
  // An empty list is written as [], whatever the style of the form.
  if ((isMap(model) || isSeq(model)) && model.items.length) return isFlow(model);
  return !hasMapsInList(value) && !/\\n/.test(flow);
}

const hasMapsInList = (value: Value): boolean =>
  isList(value) ? value.some((one) => typeof one === 'object' && one !== null) : isMapValue(value) && Object.values(value).some(hasMapsInList); // prettier-ignore

/** `value` on one line. */
export function printFlow(value: Value, style: Style, model?: Model): string {
  if (isList(value))
    return `[${value.map((one, index) => printFlow(one, style, modelOfItem(model, index))).join(', ')}]`;
  if (!isMapValue(value)) return printScalar(value, { style, flow: true, model });
  const pairs = Object.entries(value).map(([key, inner]) => `${printKey(key, style, true)}: ${printFlow(inner, style, modelOfKey(model, key))}`); // prettier-ignore
  return pairs.length ? `{ ${pairs.join(', ')} }` : '{}';
}

export const printKey = (key: string, style: Style, flow: boolean): string => printScalar(key, { style, flow });

export const modelOfKey = (model: Model, key: string): Model => (isMap(model) ? model.get(key, true) : undefined);
/**
 * The model for an entry that is added to a list: `near`, the entry beside it, or one in the other style. A short entry
 * goes on one line if other entries of the list do. An entry with lists of its own does not.
 */
export function modelForItem(siblings: readonly unknown[], near: Model, value: Value): Model {
  if (!isMap(near) || !isMapValue(value)) return near;
  const isSimple = !Object.values(value).some(hasMapsInList);
  if (isFlow(near) === isSimple) return near;
  return siblings.find((one) => isMap(one) && isFlow(one) === isSimple) ?? near;
}

const modelOfItem = (model: Model, index: number): Model =>
  isSeq(model) ? (model.items[index] ?? model.items.at(-1)) : undefined;

/** Texts that the core schema of YAML 1.2 reads as something else. */
const NOT_TEXT =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Texts that other readers of YAML take for a date, a time, a number or yes and no. */
const AMBIGUOUS =
  /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|=|<<|\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|[-+]?0b[01_]+|[-+]?[\d_]*\d[\d_.]*)$/;

/** Characters that are written as an escape. */
const ESCAPED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\p{Surrogate}/u;

function canBePlain(text: string, flow: boolean): boolean {
  if (NOT_TEXT.test(text) || ESCAPED.test(text) || text !== text.trim()) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`]|^\.\.\.|: |:$| #/.test(text)) return false;
  return !flow || !/[,[\]{}]/.test(text);
}

interface ScalarOptions {
  style: Style;
  flow: boolean;
  model?: Model;
}

/** A text, number, boolean or null on one line. A text has the quotes of its model, or none if it needs none. */
export function printScalar(value: Exclude<Value, Value[] | object>, { style, flow, model }: ScalarOptions): string;
export function printScalar(value: Value, options: ScalarOptions): string;
export function printScalar(value: Value, { style, flow, model }: ScalarOptions): string {
  if (typeof value === 'number') return printNumber(value);
  if (typeof value !== 'string') return String(value);
  const like = isScalar(model) && typeof model.value === 'string' ? model : undefined;
  const usual = quoteOf(like);
  const ambiguous = AMBIGUOUS.test(value) && !(like?.type === 'PLAIN' && AMBIGUOUS.test(String(like.value)));
  if (!usual && !ambiguous && canBePlain(value, flow)) return value;
  if (ESCAPED.test(value)) return printDouble(value);
  const other = value.includes("'") ? '"' : "'";
  const quote = usual ?? (/["\\]/.test(value) && style.quote === '"' ? other : style.quote);
  return quote === '"' ? printDouble(value) : `'${value.replaceAll("'", "''")}'`;
}

const quoteOf = (model: Scalar | undefined): Quote | undefined =>
  model?.type === 'QUOTE_DOUBLE' ? '"' : model?.type === 'QUOTE_SINGLE' ? "'" : undefined;

const printNumber = (value: number): string =>
  Number.isNaN(value) ? '.nan' : Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf';

/** JSON is YAML, except for some characters that YAML does not allow unescaped. */
const printDouble = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`); // prettier-ignore

/** A text of several lines as a `|` block below a key or dash at `column`. Undefined if it cannot be written so. */
export function blockText(text: string, { eol, step }: Style, column: number, model?: Model): string | undefined {
  const isBlock = isScalar(model) && (model.type === 'BLOCK_LITERAL' || model.type === 'BLOCK_FOLDED');
  const quoted = isScalar(model) && Boolean(quoteOf(model));
  const lines = text.replace(/\n$/, '').split('\n');
  if ((lines.length === 1 && !isBlock) || (quoted && !text.includes('\n')) || text === '') return undefined;
  const isOdd = lines.some((line) => (line !== '' && line.trim() === '') || ESCAPED.test(line.replaceAll('\t', '')));
  if (isOdd || /^[\n\t]|\n\n$/.test(text)) return undefined;
  const indent = indentOfText(model, column) ?? step;
  const header = `|${lines[0]?.startsWith(' ') ? indent : ''}${text.endsWith('\n') ? '' : '-'}`;
  const pad = ' '.repeat(column + indent);
  return [header, ...lines.map((line) => (line === '' ? '' : pad + line))].join(eol);
}

/** Spaces from `column` to the lines of a text that is written in lines. */
function indentOfText(model: Model, column: number): number | undefined {
  const token = isScalar(model) ? (model.srcToken as CST.Token | undefined) : undefined;
  if (token?.type !== 'block-scalar') return undefined;
  const first = token.source.split('\n').find((line) => line.trim() !== '');
  const indent = (first?.search(/[^ ]/) ?? 0) - column;
  return indent > 0 && indent < 10 ? indent : undefined;
}
