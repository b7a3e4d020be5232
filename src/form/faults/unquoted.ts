/** Explains faults of texts without quotes: those that YAML cuts at a comma, and those that begin with {. */
import { isMap, isPair, isScalar, type Pair } from 'yaml';
import { faultAt, type FormFault, type Source } from './faults.ts';
import { isTextAt, valueAt } from './schema-at.ts';
import { formSchema } from '../schema.ts';
import { nodeLabel } from './node-label.ts';

/** How many pieces of one text are joined again. */
const MAX_PIECES = 50;

/**
 * The fault if `key` is a piece of a text that YAML cut at a comma: { label: Name, as on your passport }. Only the
 * first piece of a text has the fault.
 */
export function cutFault(source: Source, path: PropertyKey[], key: string): FormFault[] | undefined {
  const map: unknown = path.length ? source.document.getIn(path, true) : source.document.contents;
  if (!isMap(map) || !map.flow) return undefined;
  const items: unknown[] = map.items;
  const at = items.findIndex((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
  const begin = items.findLastIndex((item, index) => index < at && !isRest(item));
  const whole = items[begin];
  if (!isRest(items[at]) || !isPair(whole) || !isScalar(whole.key)) return undefined;
  const braced = bracedName(whole.value);
  if (!braced && !isPlainText(whole.value)) return undefined;
  if (at > begin + 1) return [];
  const end = items.findIndex((item, index) => index > at && !isRest(item));
  const rests = items.slice(at, Math.min(end < 0 ? Infinity : end, at + MAX_PIECES)) as Pair[];
  const first = braced ? `{${braced}}` : isScalar(whole.value) ? whole.value.source : '';
  const entire = [first, ...rests.map((rest) => (isScalar(rest.key) ? rest.key.source : ''))].join(', ');
  const name = String(whole.key.value);
  const owner = isTextAt(formSchema, path, source.data) ? path.slice(0, -1) : path;
  const called = owner === path ? name : String(path.at(-1));
  const message = `\`${called}\` of ${nodeLabel(source.data, owner)} ${braced ? BEGINS_WITH_BRACE : 'ends at a comma, because it has no quotes'}`;
  // A fault is printed and shown, and a password must not be.
  const text = name === 'password' ? '' : `: ${name}: ${JSON.stringify(entire)}`;
  const remedy = `Put the text in quotes${text}.`;
  return [faultAt(source, { path, find: braced ? name : key }, message, remedy)];
}

/** The fault of a text `{name}` without quotes. With more pieces after a comma, those have the fault. */
export function bracedFault(source: Source, path: PropertyKey[]): FormFault[] | undefined {
  const [outer, key] = [path.slice(0, -1), String(path.at(-1))];
  if (!isTextAt(formSchema, outer, source.data)) return undefined;
  const inOneLanguage = bracedName(source.document.getIn(path, true));
  const whole = valueAt(source.data, path) === null ? /^(?:\{ )?(\w+)(?: \})?$/.exec(key)?.[1] : undefined;
  const name = inOneLanguage ?? whole;
  if (name === undefined) return undefined;
  const at = inOneLanguage ? path : outer;
  if (restFollows(source, at)) return [];
  const message = `\`${String(outer.at(-1))}\` of ${nodeLabel(source.data, outer.slice(0, -1))} ${BEGINS_WITH_BRACE}`;
  return [faultAt(source, { path: at }, message, `Put the text in quotes: ${String(at.at(-1))}: "{${name}}".`)];
}

const BEGINS_WITH_BRACE = 'starts with {, so it needs quotes';

/** Whether a piece of a cut text follows the key at `path`. */
function restFollows({ document }: Source, path: PropertyKey[]): boolean {
  const map: unknown = document.getIn(path.slice(0, -1), true);
  const items: unknown[] = isMap(map) && map.flow ? map.items : [];
  return isRest(items[items.findIndex((item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1)) + 1]); // prettier-ignore
}

/** The name in a value that was written as `{name}`. */
function bracedName(value: unknown): string | undefined {
  const only: unknown = isMap(value) && value.flow && value.items.length === 1 ? value.items[0] : undefined;
  return isRest(only) && isPair(only) && isScalar(only.key) ? String(only.key.value) : undefined;
}

const isPlainText = (value: unknown): boolean =>
  isScalar(value) && value.type === 'PLAIN' && typeof value.value === 'string';

/** A key without a value or a colon. */
const isRest = (item: unknown): boolean =>
  isPair(item) && isScalar(item.key) && (item.value === null || (isScalar(item.value) && !item.value.source));
