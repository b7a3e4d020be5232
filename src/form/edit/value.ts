/** The data of a form as plain values, and the changes of it that `edit` knows. */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type ValueMap = { [key: string]: Value };

/** Keys of maps, and indexes of lists from 0. */
export type Path = readonly (string | number)[];

/** The path of a part as one text, such as `screens.0.fields.2`. The empty path is that of the form itself. */
export const pathFromText = (text: string): Path =>
  text.split('.').filter(Boolean).map((key) => (/^\d{1,9}$/.test(key) ? Number(key) : key)); // prettier-ignore

export type EditChange =
  /** Puts a value in the place of another one, or under a key that is not there yet. */
  | { do: 'set'; value: Value }
  /** Adds an entry to a list, before the one that has the index now, or a key to a map. */
  | { do: 'add'; value: Value }
  | { do: 'remove' }
  /** Moves an entry of a list. `to` is its place afterwards: in this list, or in another one. */
  | { do: 'move'; to: Path }
  /** Gives a screen, field, option, ending or param another id, and changes all places that refer to it. */
  | { do: 'rename'; to: string }
  /** Puts a text in one language. A text without languages becomes one per language, with the first one kept. */
  | { do: 'translate'; language: string; text: string };

/** The reason of a refusal, and the way out. */
export interface Refusal {
  message: string;
  remedy: string;
}

/** Stops an edit. It never leaves this folder. */
export class EditRefused extends Error {
  refusal: Refusal;
  constructor(message: string, remedy: string) {
    super(message);
    this.refusal = { message, remedy };
  }
}

export const isList = (value: unknown): value is Value[] => Array.isArray(value);
export const isMapValue = (value: unknown): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two values are equal. The order of keys does not matter. */
export function isSameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((value, at) => isSameValue(value, other[at]));
  if (!isMapValue(one) || !isMapValue(other)) return one !== one && other !== other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameValue(one[key], other[key]))
  );
}

/** The value at `path`; undefined if there is none. */
export function valueIn(data: Value, path: Path): Value | undefined {
  let value: Value | undefined = data;
  for (const step of path) {
    if (isList(value)) value = typeof step === 'number' ? value[step] : undefined;
    else value = isMapValue(value) && Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
  }
  return value;
}

/** A copy of `data` with `value` at `path`, which must have a value. */
export function withValue(data: Value, path: Path, value: Value): Value {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (isList(data)) return data.map((one, at) => (at === step ? withValue(one, rest, value) : one));
  const map = isMapValue(data) ? data : {};
  const inner = rest.length ? withValue(map[String(step)] ?? null, rest, value) : value;
  return { ...map, ...Object.fromEntries([[String(step), inner]]) };
}

/** The form after `change` at `path`, as data. It does not decide how that is written. */
export function changedData(data: Value, path: Path, change: Exclude<EditChange, { do: 'rename' }>): Value {
  const parent = path.slice(0, -1);
  const step = path.at(-1);
  if (step === undefined) throw new EditRefused('a form cannot be changed as one value', 'Choose a part of the form.');
  const holder = valueIn(data, parent);
  switch (change.do) {
    case 'set': {
      if (typeof step === 'number' ? valueIn(data, path) === undefined : holder !== null && !isMapValue(holder))
        throw noSuchPart(path);
      return withValue(data, path, change.value);
    }
    case 'add': {
      // A key without a value is an empty list or map.
      if (typeof step === 'number') {
        const list = isOneTarget(parent, holder) ? [{ go: holder }] : (holder ?? []);
        if (!isList(list) || step < 0 || step > list.length || (holder === undefined && !isMapValue(valueIn(data, parent.slice(0, -1))))) throw noSuchPart(path); // prettier-ignore
        return withValue(data, parent, list.toSpliced(step, 0, change.value));
      }
      if (holder !== null && !isMapValue(holder)) throw noSuchPart(parent);
      if (valueIn(data, path) !== undefined) throw new EditRefused(`\`${step}\` exists already`, 'Change its value.');
      return withValue(data, path, change.value);
    }
    case 'remove': {
      if (valueIn(data, path) === undefined) throw noSuchPart(path);
      if (isList(holder)) return withValue(data, parent, holder.toSpliced(Number(step), 1));
      return withValue(data, parent, Object.fromEntries(Object.entries(holder as ValueMap).filter(([key]) => key !== step))); // prettier-ignore
    }
    case 'move': {
      const moved = valueIn(data, path);
      const target = change.to.slice(0, -1);
      const at = change.to.at(-1);
      if (moved === undefined || !isList(holder)) throw noSuchPart(path);
      if (typeof at !== 'number') throw noSuchPart(change.to);
      if (isInside(target, path)) throw new EditRefused('a part cannot move into itself', 'Choose another place.');
      const without = withValue(data, parent, holder.toSpliced(Number(step), 1));
      // If the list of the moved part is above the target, the target has moved too.
      const shifted = isInside(target, parent) && Number(target[parent.length]) > Number(step) ? target.with(parent.length, Number(target[parent.length]) - 1) : target; // prettier-ignore
      return changedData(without, [...shifted, at], { do: 'add', value: moved });
    }
    case 'translate':
      return changedData(data, path, { do: 'set', value: translated(data, path, change) });
    default:
      return change satisfies never;
  }
}

/** Whether `next` has one target, `next: done`, which stands for a list with one rule. */
const isOneTarget = (path: Path, value: Value | undefined): value is string =>
  path.at(-1) === 'next' && typeof value === 'string';

/** The text at `path`, with one language of it changed. A text for all languages stays in the others. */
function translated(data: Value, path: Path, { language, text }: EditChange & { do: 'translate' }): Value {
  const before = valueIn(data, path);
  if (isMapValue(before)) return { ...before, ...Object.fromEntries([[language, text]]) };
  const languages = languagesOf(data);
  const [first] = languages;
  if (typeof before === 'string') {
    const after = language === first ? text : Object.fromEntries([...languages.map((one) => [one, before]), [language, text]]); // prettier-ignore
    // An option that is a text alone keeps that text as its value, which rules and answers use.
    return path.at(-2) === 'options' ? { value: before, label: after } : after;
  }
  // `other: true` has the text that Flipsite brings.
  if (before !== undefined && before !== null && before !== true)
    throw new EditRefused('this part is not a text', 'Put it in quotes in the text of the form.');
  return language === first ? text : Object.fromEntries([[language, text]]);
}

/** Whether `path` is `outer`, or in it. */
export const isInside = (path: Path, outer: Path): boolean => outer.every((step, at) => path[at] === step);

/** The languages of a form. A text that is written without one is in the first. */
export function languagesOf(data: Value): [first: string, ...others: string[]] {
  const written = valueIn(data, ['languages']);
  const [first = 'en', ...others] = isList(written) ? written.filter((one) => typeof one === 'string') : [];
  return [first, ...others];
}

export const noSuchPart = (path: Path): EditRefused =>
  new EditRefused(`the form has no ${path.join('.') || 'such part'}`, 'Load the form again. It may have changed.');
