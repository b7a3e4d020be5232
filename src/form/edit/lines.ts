/** Lines of a text, and the lines that belong to each entry of a list or map in block style. */
import type { Entry } from './nodes.ts';

/** The offset at which the line around `offset` begins. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** The offset behind the line break of the line around `offset`; the end of the text on its last line. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** The offset of the line break that ends the line around `offset`. */
export function lineBreak(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at < 0) return text.length;
  return text[at - 1] === '\r' && at - 1 >= offset ? at - 1 : at;
}

export const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

/** Whether only spaces are before `offset` on its line. */
export const isFirstOnLine = (text: string, offset: number): boolean =>
  text.slice(lineStart(text, offset), offset).trim() === '';

const isBlank = (line: string): boolean => line.trim() === '';
const isComment = (line: string): boolean => line.trimStart().startsWith('#');

/** The lines of an entry in block style, with the comments that belong to it. */
export interface Block {
  /** Where they begin: at the comments right above the entry. An entry that shares its first line begins behind that. */
  from: number;
  /** Behind their last line break. Comments below the entry that are indented further than it belong to it too. */
  to: number;
  entry: Entry;
  /** Whether an outer list or map begins before it on its line: `- id: start`. */
  inline: boolean;
}

/**
 * The blocks of the entries of one list or map, in order.
 * @param isRoot whether they are the keys of the form itself: a comment above the first one is about the form
 */
export function blocksOf(text: string, entries: readonly Entry[], isRoot: boolean): Block[] {
  const column = entries[0] ? columnOf(text, entries[0].start) : 0;
  const blocks: Block[] = [];
  for (const [at, entry] of entries.entries()) {
    const inline = !isFirstOnLine(text, entry.start);
    const floor = blocks.at(-1)?.to ?? (isRoot ? lineStart(text, entry.start) : 0);
    const from = inline ? entry.start : commentsAbove(text, lineStart(text, entry.start), floor);
    blocks.push({ from, to: endOfBlock(text, entry, column, entries[at + 1]?.start ?? text.length), entry, inline });
  }
  return blocks;
}

/** The offset at which the comments right above the line at `offset` begin; `offset` if there are none. */
export function commentsAbove(text: string, offset: number, floor: number): number {
  let from = offset;
  while (from > floor) {
    const before = lineStart(text, from - 1);
    if (before < floor || !isComment(text.slice(before, from))) break;
    from = before;
  }
  return from;
}

function endOfBlock(text: string, { end, start }: Entry, column: number, limit: number): number {
  // A text in lines ends with its line break.
  let to = end > start && text[end - 1] === '\n' ? end : lineEnd(text, end);
  for (let line = to; line < limit && line < text.length; line = lineEnd(text, line)) {
    const words = text.slice(line, lineEnd(text, line));
    if (isBlank(words)) continue;
    if (!isComment(words) || words.search(/\S/) <= column) break;
    to = lineEnd(text, line);
  }
  return to;
}

/** The offset at which the blank lines after `offset` end. */
export function blanksBelow(text: string, offset: number): number {
  let to = offset;
  while (to < text.length && isBlank(text.slice(to, lineEnd(text, to)))) to = lineEnd(text, to);
  return to;
}

/** The offset at which the blank lines right above `offset` begin. `offset` is the beginning of a line. */
export function blanksAbove(text: string, offset: number): number {
  let from = offset;
  while (from > 0 && isBlank(text.slice(lineStart(text, from - 1), from))) from = lineStart(text, from - 1);
  return from;
}
