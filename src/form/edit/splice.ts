/** Replacements in a text. An edit is a list of them, and undo is another one. */

/** Replaces the characters from `from` up to, but not including, `to` by `insert`. Offsets are in UTF-16 units. */
export interface Splice {
  from: number;
  to: number;
  insert: string;
}

/** `text` with all `splices` applied. Their offsets are in `text`. They are in order and do not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let done = 0;
  for (const { from, to, insert } of splices) {
    result += text.slice(done, from) + insert;
    done = to;
  }
  return result + text.slice(done);
}

/** The splices that turn `applySplices(text, splices)` back into `text`. */
export function invertSplices(text: string, splices: readonly Splice[]): Splice[] {
  let shift = 0;
  return splices.map(({ from, to, insert }) => {
    const start = from + shift;
    shift += insert.length - (to - from);
    return { from: start, to: start + insert.length, insert: text.slice(from, to) };
  });
}

/** `splices` in order, joined if they touch, each without characters that stay the same. */
export function tidySplices(text: string, splices: readonly Splice[]): Splice[] {
  const joined: Splice[] = [];
  for (const splice of [...splices].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const before = joined.at(-1);
    if (before && before.to === splice.from)
      joined.splice(-1, 1, { ...before, to: splice.to, insert: before.insert + splice.insert });
    else joined.push(splice);
  }
  return joined.map((splice) => trimmed(text, splice)).filter(({ from, to, insert }) => from < to || insert !== '');
}

/** The one splice that turns `text` into `result`. */
export const spliceBetween = (text: string, result: string): Splice[] =>
  tidySplices(text, [{ from: 0, to: text.length, insert: result }]);

/**
 * The splices that turn `applySplices(text, one)` into `applySplices(text, other)`. They read only the part of `text` that
 * either changes, so they are found as quickly in a long text as in a short one.
 */
export function splicesFromTo(text: string, one: readonly Splice[], other: readonly Splice[]): Splice[] {
  const all = [...one, ...other];
  if (!all.length) return [];
  const start = Math.min(...all.map(({ from }) => from));
  const part = text.slice(start, Math.max(...all.map(({ to }) => to)));
  const shifted = (splices: readonly Splice[], by: number) =>
    splices.map(({ from, to, insert }) => ({ from: from + by, to: to + by, insert }));
  const within = (splices: readonly Splice[]) => applySplices(part, shifted(splices, -start));
  return shifted(spliceBetween(within(one), within(other)), start);
}

/** Most of a long text stays the same, so it is compared by blocks of this length first. In UTF-16 units. */
const BLOCK = 1_000;

function trimmed(text: string, { from, to, insert }: Splice): Splice {
  let start = 0;
  let end = 0;
  const maxCommon = Math.min(to - from, insert.length);
  const isSameBlock = (here: number, there: number): boolean =>
    text.slice(here, here + BLOCK) === insert.slice(there, there + BLOCK);
  while (start + BLOCK <= maxCommon && isSameBlock(from + start, start)) start += BLOCK;
  while (start < maxCommon && text[from + start] === insert[start]) start++;
  while (end + BLOCK <= maxCommon - start && isSameBlock(to - end - BLOCK, insert.length - end - BLOCK)) end += BLOCK;
  while (end < maxCommon - start && text[to - 1 - end] === insert[insert.length - 1 - end]) end++;
  // A pair of UTF-16 units is one character, and stays together. So does a line break of two.
  if (start && isSplit(insert, start, text, from + start)) start--;
  if (end && isSplit(insert, insert.length - end, text, to - end)) end--;
  return { from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) };
}

const isSplit = (one: string, at: number, other: string, there: number): boolean =>
  isInPair(one, at) || isInPair(other, there);

const isInPair = (text: string, at: number): boolean =>
  /^(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|\r\n)$/.test(text.slice(at - 1, at + 1));
