/** Removing an entry of a list, or a key of a map, with the comments that belong to it. */
import { isSeq } from 'yaml';
import { blanksAbove, blanksBelow, blocksOf, commentsAbove, isFirstOnLine, lineEnd, lineStart, type Block } from './lines.ts'; // prettier-ignore
import { isFlow, stepsTo, unusual, type Collection, type Entry, type Readable, type Step } from './nodes.ts';
import { planned, type Approach, type Planned } from './plan.ts';
import { replaceBlock } from './set.ts';
import type { Splice } from './splice.ts';
import type { Path } from './value.ts';

/** Removes the part at `path`, with the comments that belong to it. */
export function planRemove(readable: Readable, path: Path, approach: Approach): Splice[] {
  const plan = planned(readable, approach);
  const steps = stepsTo(readable, path);
  return removeStep(plan, steps);
}

export function removeStep(plan: Planned, steps: Step[]): Splice[] {
  const step = steps.at(-1);
  if (!step) throw unusual();
  const { collection, entries, index } = step;
  if (isFlow(collection)) return removePiece(plan, collection, entries, index);
  const isRoot = steps.length === 1;
  const blocks = blocksOf(plan.text, entries, isRoot);
  if (entries.length > 1) return removeBlock(plan, blocks, index);
  const empty = isSeq(collection) ? '[]' : '{}';
  const outer = steps.at(-2);
  const only = blocks[0];
  if (!only) throw unusual();
  if (!outer) return [{ from: only.from, to: only.to, insert: `${empty}${plan.style.eol}` }];
  return replaceBlock(plan, outer, collection, ` ${empty}`);
}

function removeBlock({ text }: Planned, blocks: Block[], index: number): Splice[] {
  const block = blocks[index];
  if (!block) throw unusual();
  const { from, to, inline } = block;
  const isLast = index === blocks.length - 1;
  if (inline) {
    const rest = /^\s*/.exec(text.slice(to))?.[0].length ?? 0;
    return [{ from, to: to + rest, insert: '' }];
  }
  if (isLast) {
    const above = Math.max(blanksAbove(text, from), blocks[index - 1]?.to ?? 0);
    return [{ from: above, to, insert: '' }];
  }
  const isSeparate = index === 0 || blanksAbove(text, from) < from;
  return [{ from, to: isSeparate ? blanksBelow(text, to) : to, insert: '' }];
}

function removePiece({ text }: Planned, node: Collection, entries: Entry[], index: number): Splice[] {
  const [before, entry, next] = [entries[index - 1], entries[index], entries[index + 1]];
  if (!entry) throw unusual();
  const lines = linesOfPiece(text, node, entries, index);
  if (lines) return [{ ...lines, insert: '' }];
  const hasComment = (from: number, to: number) => text.slice(from, to).includes('#');
  const behindComma = entry.end + (/^\s*,[ \t]*/.exec(text.slice(entry.end))?.[0].length ?? 0);
  if (next)
    return [{ from: entry.start, to: hasComment(entry.end, next.start) ? behindComma : next.start, insert: '' }];
  if (before) return [{ from: hasComment(before.end, entry.start) ? entry.start : before.end, to: entry.end, insert: '' }]; // prettier-ignore
  const [open = 0, close = 0] = node.range ?? [];
  if (!hasComment(open, entry.start) && !hasComment(entry.end, close)) return [{ from: open + 1, to: close - 1, insert: '' }]; // prettier-ignore
  return [{ from: entry.start, to: behindComma, insert: '' }];
}

/** The lines of an entry in flow style that has lines of its own: with the comments above it and behind it. */
export function linesOfPiece(
  text: string,
  node: Collection,
  entries: Entry[],
  index: number,
): { from: number; to: number } | undefined {
  const entry = entries[index];
  const before = entries[index - 1];
  if (!entry || !isFirstOnLine(text, entry.start)) return undefined;
  const rest = /^[ \t]*,?[ \t]*(?:#[^\n]*)?\r?\n/.exec(text.slice(entry.end, lineEnd(text, entry.end)));
  if (!rest) return undefined;
  const from = commentsAbove(text, lineStart(text, entry.start), lineEnd(text, before?.end ?? node.range?.[0] ?? 0));
  return { from, to: entry.end + rest[0].length };
}
