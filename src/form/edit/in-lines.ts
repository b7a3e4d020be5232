/** A change of some words in a text over several lines. The other lines stay as they are. */
import type { CST, Scalar } from 'yaml';
import type { Splice } from './splice.ts';

/**
 * The splice of the words that differ between the text of `node` and `text`. Undefined if they are not within one line,
 * or if the text has characters that must be written differently.
 */
export function spliceOfWords(node: Scalar, text: string): Splice | undefined {
  const token = node.srcToken as CST.Token | undefined;
  if (typeof node.value !== 'string' || !token || !('source' in token) || !token.source.includes('\n'))
    return undefined;
  const isBlock = token.type === 'block-scalar';
  const begin = isBlock ? bodyOf(token as CST.BlockScalar) : token.offset;
  const source = token.source;
  const isQuoted = token.type === 'single-quoted-scalar' || token.type === 'double-quoted-scalar';
  if (isQuoted && /[\\]|''/.test(source)) return undefined;
  const { from, to, insert } = wordsThatDiffer(node.value, text);
  const signs = (part: string): number => part.replace(/\s+/g, '').length;
  const before = signs(node.value.slice(0, from));
  const count = signs(node.value.slice(from, to));
  if (!count || insert.trim() === '' || /[\r\n\t]/.test(insert) || (isQuoted && /["'\\]/.test(insert)))
    return undefined;
  const skipped = isQuoted ? 1 : 0;
  const start = offsetOfSign(source, before + skipped);
  const end = offsetOfSign(source, before + skipped + count - 1) + 1;
  if (source.slice(start, end).includes('\n')) return undefined;
  return { from: begin + start, to: begin + end, insert: insert.trim() };
}

const bodyOf = ({ offset, props }: CST.BlockScalar): number =>
  props.reduce((sum, prop) => sum + ('source' in prop && typeof prop.source === 'string' ? prop.source.length : 0), offset); // prettier-ignore

/** The part of `before` that `after` replaces, from one space to another, with at least one word in it. */
function wordsThatDiffer(before: string, after: string): Splice {
  let from = 0;
  let end = 0;
  const maxCommon = Math.min(before.length, after.length);
  while (from < maxCommon && before[from] === after[from]) from++;
  while (end < maxCommon - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const isSpace = (at: number) => /\s/.test(before[at] ?? ' ');
  while (from > 0 && !isSpace(from - 1)) from--;
  while (end > 0 && !isSpace(before.length - end)) end--;
  // Where words are only added, the word before or behind them is taken along.
  if (before.slice(from, before.length - end).trim() === '') {
    while (from > 0 && isSpace(from - 1)) from--;
    while (from > 0 && !isSpace(from - 1)) from--;
    while (end > 0 && from === 0 && isSpace(before.length - end)) end--;
    while (end > 0 && from === 0 && !isSpace(before.length - end)) end--;
  }
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

/** The offset of the character of `source` that is number `count`, from 0, without spaces and line breaks. */
function offsetOfSign(source: string, count: number): number {
  let seen = 0;
  for (let at = 0; at < source.length; at++) {
    if (/\s/.test(source[at] ?? '')) continue;
    if (seen++ === count) return at;
  }
  return source.length;
}
