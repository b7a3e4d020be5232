/**
 * Repairs a form that the schema has refused, so that the check can continue and one run finds all faults. Each refused
 * part is replaced by a placeholder that passes every check. The refused parts are remembered, so that the check reports
 * no faults that only follow from them.
 */
import { isMap, isScalar } from 'yaml';
import type { Source } from './faults/faults.ts';
import type { ClassifiedIssues, UnknownKey } from './faults/issues.ts';
import { isTextAt, valueAt } from './faults/schema-at.ts';
import { formSchema } from './schema.ts';

type Path = PropertyKey[];

/** The refused parts of a form. */
export interface Refused {
  /** Their paths. Texts are left out, because nothing depends on them. */
  paths: Path[];
  /** Whether a refused part may have a name. Then no name can be reported as unknown. */
  names: boolean;
}

export const NOTHING_REFUSED: Refused = { paths: [], names: false };

/** Whether `path` is `other`, or in it. */
export const isIn = (path: Path, other: Path): boolean => other.every((step, index) => step === path[index]);

/** Whether the part at `path` was refused, alone or as a part of another one. */
export const isRefused = ({ paths }: Refused, path: Path): boolean => paths.some((one) => isIn(path, one));

/** Whether it was refused, or something in it. */
export const isTouched = (refused: Refused, path: Path): boolean =>
  isRefused(refused, path) || refused.paths.some((one) => isIn(one, path));

/** `source` with placeholders for the refused parts, and all parts that were refused so far. */
export function repair(source: Source, { unknown, wrong }: Omit<ClassifiedIssues, 'faults'>, refused: Refused) {
  const data = structuredClone(source.data);
  const now: Refused = { ...refused, paths: [...refused.paths] };
  const plans = [...unknown.flatMap((key) => rename(source, data, key, now)), ...wrong];
  for (const path of plans) {
    const value = valueAt(data, path);
    // A misspelled key is no longer missing.
    if (value !== undefined && valueAt(source.data, path) === undefined) continue;
    const { at, put, names, doubt } = placeholderAt(data, path);
    replace(data, at, put);
    if (doubt) now.paths.push(doubt);
    if (names) now.names = true;
  }
  return { source: { ...source, data }, refused: now };
}

/**
 * Corrects a misspelled key, also in the document, so that places are found in it. Without a known correction, removes
 * it.
 */
function rename(
  { document }: Source,
  data: unknown,
  { path, key, meant, value: own }: UnknownKey,
  refused: Refused,
): Path[] {
  const map = valueAt(data, path) as Record<string, unknown> | undefined;
  if (path.length === 0 ? typeof data !== 'object' : map === undefined) return [];
  const parent = (path.length ? map : data) as Record<string, unknown>;
  const value = parent[key];
  delete parent[key];
  if (meant !== undefined && !Object.hasOwn(parent, meant)) {
    parent[meant] = own ?? value;
    const node: unknown = path.length ? document.getIn(path, true) : document.contents;
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    if (isScalar(pair?.key)) pair.key.value = meant;
    return [];
  }
  // A piece of a text that was cut at a comma.
  if (value === null || meant !== undefined) return [];
  refused.paths.push([...path, key]);
  // The field that an `other` adds has an id too.
  refused.names ||= typeof value === 'object' || (path.length === 4 && 'options' in parent);
  return possibleKeyPaths(path).filter((one) => one === path || valueAt(data, one) === undefined);
}

/** The keys that an unrecognizable key may stand for. Without them, the rest would mean something else. */
function possibleKeyPaths(path: Path): Path[] {
  const [list, , part] = path;
  if (path.some((step) => step === 'when' || step === 'show_when') || part === 'wink') return [path];
  if (part === 'next') return [[...path, 'when']];
  if (list === 'invite') return [['invite', 'via'], ['invite', 'template']]; // prettier-ignore
  if (list === 'match' || list === 'notify') return path.length > 1 ? [path] : [];
  return path.length ? [] : [['languages']];
}

interface Placeholder {
  /** The part that it replaces. */
  at: Path;
  /** Absent if the part can be missing. */
  put?: unknown;
  /** The names and parts that are uncertain now. */
  doubt?: Path;
  names?: boolean;
}

/** An id that no author can write. */
const NO_ID = '?';

/** The placeholder for the smallest part around `path` that can be replaced. */
function placeholderAt(data: unknown, path: Path): Placeholder {
  const text = path.findIndex((_, index) => isTextAt(formSchema, path.slice(0, index + 1), data));
  if (text >= 0) return { at: path.slice(0, text + 1), put: 'x' };
  const [list, , key] = path;
  const [first, second, third] = [path.slice(0, 1), path.slice(0, 2), path.slice(0, 3)];
  const id = idAt(data, [...second, 'id']);
  switch (list) {
    case 'screens':
      if (path.length === 1) return { at: first, put: [{ id: 'screens', title: 'x' }], doubt: first, names: true };
      if (key === 'fields') return inFields(data, path);
      if (key === 'next') return inNext(path);
      if (key === 'wink') {
        // A screen that has fields beside its widget keeps the fields.
        const fields = valueAt(data, [...second, 'fields']);
        const alone = !Array.isArray(fields) || !fields.length;
        return alone ? { at: third, put: { require: 'none' }, doubt: third } : { at: third, doubt: third, names: true };
      }
      break;
    case 'endings':
      if (path.length === 1) return { at: first, put: [{ id: 'endings', title: 'x' }], doubt: first, names: true };
      if (key === 'outcome' || key === 'redirect') return { at: third };
      break;
    case 'examples':
      if (path.length === 1 || key === 'language') return { at: path };
      if (key === 'name') return { at: third, put: 'x' };
      if (key === 'answers') return { at: third, put: {}, doubt: third };
      if (key === 'ends') return { at: third, put: NO_ID, doubt: third };
      return { at: second, put: { name: 'x', answers: {}, ends: NO_ID }, doubt: second };
    case 'params':
      return path.length === 1 ? { at: first, names: true } : { at: second, put: idAt(data, second), doubt: second, names: true }; // prettier-ignore
    case 'links':
      if (path.length === 1) return { at: first };
      if (path.length === 2 || key === 'id')
        return { at: second, put: { id: `refused-${String(path[1])}` }, doubt: second };
      return { at: third, doubt: third };
    case 'notify':
      return path.length === 1 ? { at: first } : { at: second, put: {}, doubt: second };
    case 'limits':
    case 'match':
    case 'invite':
    case 'share':
      return { at: second, doubt: second };
    default:
      return { at: first, doubt: first };
  }
  // A screen or an ending.
  if (key === 'id') return { at: third, put: id, doubt: third, names: true };
  return { at: second, put: { id, title: 'x' }, doubt: second, names: true };
}

/** Keys of a field that do not change its question. */
const BESIDE = ['default', 'autocomplete', 'sensitive'];

function inFields(data: unknown, path: Path): Placeholder {
  if (path.length === 3) return { at: path, doubt: path, names: true };
  const [field, at] = [path.slice(0, 4), path.slice(0, 5)];
  const key = String(path[4]);
  const id = idAt(data, [...field, 'id']);
  if (key === 'id') return { at, put: id, doubt: at, names: true };
  if (BESIDE.includes(key)) return { at };
  if (key === 'required' || key === 'show_when') return { at, doubt: at };
  const other = valueAt(data, [...field, 'other']) !== undefined && { other: true };
  const put = { id, type: 'radio', label: 'x', options: ['x'], ...other };
  return path.length === 4 ? { at: field, put, doubt: field, names: true } : { at: field, put, doubt: [...field, 'type'] }; // prettier-ignore
}

function inNext(path: Path): Placeholder {
  if (path.length === 3) return { at: path, doubt: path };
  const [rule, at] = [path.slice(0, 4), path.slice(0, 5)];
  const never = { [NO_ID]: true };
  if (path[4] === 'when') return { at, put: never, doubt: at };
  if (path[4] === 'go') return { at, put: NO_ID, doubt: at };
  return { at: rule, put: { when: never, go: NO_ID }, doubt: rule };
}

/** The id at `path`, or a placeholder if there is none. */
function idAt(data: unknown, path: Path): string {
  const id = valueAt(data, path);
  const isId = typeof id === 'string' && /^[a-z][a-z0-9_]{0,59}$/.test(id);
  return isId ? id : `refused_${path.map(String).join('_')}`;
}

function replace(data: unknown, path: Path, value: unknown): void {
  const parent = path.length > 1 ? valueAt(data, path.slice(0, -1)) : data;
  const key = path.at(-1);
  if (typeof parent !== 'object' || parent === null || key === undefined) return;
  if (value === undefined) delete (parent as Record<PropertyKey, unknown>)[key];
  else (parent as Record<PropertyKey, unknown>)[key] = value;
}
