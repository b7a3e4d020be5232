/** The reading of a text for the views of the editor: its outline, and the form as data. Reading a long text takes long. */
import { readPastErrors } from '../faults/syntax.ts';
import { sourceOf } from './nodes.ts';
import { outline, type Outline } from './outline.ts';
import { isList, isMapValue, type Value } from './value.ts';

export interface TextReading {
  readonly outline: Outline;
  /** The data without the parts that errors make unreadable. Undefined if nothing can be read. */
  readonly data: Value | undefined;
}

/** Reads a text, each part once, at its first use. */
export function readingOf(text: string): TextReading {
  let [known, data]: [Outline | undefined, { value: Value | undefined } | undefined] = [undefined, undefined];
  return {
    get outline() {
      return (known ??= outline(text));
    },
    get data() {
      data ??= { value: readPastErrors(sourceOf(text.replace(/^\uFEFF/, ''))).source.data as Value | undefined };
      return data.value;
    },
  };
}

/** Reads all of a text at once. The result can be sent to another thread. */
export function readAll(text: string): TextReading {
  const { outline, data } = readingOf(text);
  return { outline, data };
}

/** Stands for a value that the other thread has. No form has such a value. */
const SAME = 0n;

/**
 * A reading for another thread that has the one before it. Parts of lists, such as screens, are left out if they are the
 * same there.
 */
export const changeOf = (before: TextReading | undefined, after: TextReading): object =>
  withParts(before, after, (one, other) => (JSON.stringify(one) === JSON.stringify(other) ? SAME : other)) as object;

/** The reading that `change` was made of. A part that is the same in `before` is the same object. */
export const withChange = (before: TextReading | undefined, change: object): TextReading =>
  withParts(before, change, (one, other) => (other === SAME ? one : other)) as TextReading;

type Replace = (before: unknown, after: unknown) => unknown;

/** Replaces the entries of lists in the maps of a reading, and all that is in no list. */
function withParts(before: unknown, after: unknown, replace: Replace, depth = 3): unknown {
  const inner = (one: unknown, other: unknown) => withParts(one, other, replace, depth - 1);
  if (depth && isList(before) && isList(after)) return after.map((one, at) => inner(before[at], one));
  if (depth && isMapValue(before) && isMapValue(after))
    return Object.fromEntries(Object.entries(after).map(([key, one]) => [key, inner(before[key], one)]));
  return replace(before, after);
}
