/** Moving an entry of a list, with its comments. */
import { isScalar } from 'yaml';
import { insertEntry } from './add.ts';
import { placeOfKey } from './key-order.ts';
import { blocksOf, columnOf } from './lines.ts';
import { isFlow, isInLines, stepsTo, unusual, valueSpan, type Collection, type Entry, type Readable, type Step } from './nodes.ts'; // prettier-ignore
import { holderAt, isShortScalar, planned, type Approach, type NewEntry, type Planned } from './plan.ts';
import { printBlock, printFlow } from './print.ts';
import { linesOfPiece, removeStep } from './remove.ts';
import type { Splice } from './splice.ts';
import { noSuchPart, valueIn, type Path, type Value } from './value.ts';

/** Moves the entry at `path` to `to`, with its comments. */
export function planMove(readable: Readable, path: Path, to: Path, approach: Approach): Splice[] {
  const plan = planned(readable, approach);
  const steps = stepsTo(readable, path);
  const step = steps.at(-1);
  const at = Number(to.at(-1));
  if (!step) throw noSuchPart(path);
  const parent = to.slice(0, -1);
  if (parent.join('\n') === path.slice(0, -1).join('\n')) return moveWithin(plan, step, at);
  const moved = valueIn(readable.data, path) ?? null;
  const exists = valueIn(readable.data, parent) !== undefined;
  const removed = removeStep(plan, steps);
  if (!exists) {
    const holder = holderAt(plan, parent.slice(0, -1));
    const key = String(parent.at(-1));
    const entry = movedItem(plan, step, moved);
    const keys = holder.entries.map(({ key: one }) => (isScalar(one) ? String(one.value) : ''));
    const { style } = plan;
    const added: NewEntry = {
      lines: (column) => `${' '.repeat(column)}${key}:${style.eol}${entry.lines(column + style.dash)}`,
      piece: () => `${key}: [${entry.piece()}]`,
      prefersFlow: false,
      isItem: false,
    };
    return [...removed, ...insertEntry(plan, holder, placeOfKey(keys, key, parent.slice(0, -1)), added)];
  }
  return [...removed, ...insertEntry(plan, holderAt(plan, parent), at, movedItem(plan, step, moved))];
}

/** An entry of a list with its own text, for another list. */
function movedItem({ text, style }: Planned, { collection, entries, index, entry }: Step, value: Value): NewEntry {
  const source = text.slice(valueSpan(entry).from, entry.end);
  const inFlow = isFlow(collection);
  const oneLine = (inFlow || isFlow(entry.node) || isScalar(entry.node)) && !isInLines(entry.node) && !source.includes('\n') && source !== ''; // prettier-ignore
  const piece = () => (oneLine && (inFlow || isFlow(entry.node)) ? source : printFlow(value, style, entry.node));
  const prefersFlow = isShortScalar(value);
  if (inFlow) {
    const lines = (column: number) => {
      const line = `${' '.repeat(column)}- ${source}`;
      return oneLine ? line : `${' '.repeat(column)}-${printBlock(value, { style, column, after: 'dash', width: column + 1 })}`; // prettier-ignore
    };
    return { lines, piece, prefersFlow, isItem: true };
  }
  const block = blocksOf(text, entries, false)[index];
  if (!block || block.inline) throw unusual();
  const own = columnOf(text, entry.start);
  const lines = (column: number) => shifted(text.slice(block.from, block.to), column - own).replace(/\r?\n$/, '');
  return { lines, piece, prefersFlow, isItem: true };
}

/** `lines` with more or fewer spaces before each. */
function shifted(lines: string, by: number): string {
  if (by >= 0) return lines.replace(/^(?=[^\r\n])/gm, ' '.repeat(by));
  return lines.replace(new RegExp(`^ {1,${-by}}`, 'gm'), '');
}

function moveWithin(plan: Planned, { collection, entries, index }: Step, to: number): Splice[] {
  if (to === index) return [];
  if (to < 0 || to >= entries.length) throw noSuchPart([to]);
  const { text, style } = plan;
  if (isFlow(collection)) return movePiece(plan, collection, entries, index, to);
  const blocks = blocksOf(text, entries, false);
  const [first, last] = [Math.min(index, to), Math.max(index, to)];
  if (blocks[0]?.inline) throw unusual();
  const region = { from: blocks[first]?.from ?? 0, to: blocks[last]?.to ?? 0 };
  const ended = (lines: string) => (lines.endsWith('\n') ? lines : lines + style.eol);
  const inRegion = blocks.slice(first, last + 1);
  const texts = inRegion.map(({ from, to: end }) => ended(text.slice(from, end)));
  const gaps = inRegion.slice(1).map(({ from }, at) => text.slice(inRegion[at]?.to ?? from, from));
  const open = text.slice(region.from, region.to).endsWith('\n') ? '' : style.eol;
  if (new Set(gaps).size === 1 && open === '') {
    // The lines in between stay untouched.
    const [gap = ''] = gaps;
    const [own = ''] = texts.slice(index - first, index - first + 1);
    const from = blocks[index]?.from ?? 0;
    const end = blocks[index]?.to ?? 0;
    return to > index
      ? [{ from, to: end + gap.length, insert: '' }, { from: region.to, to: region.to, insert: gap + own }]
      : [{ from: region.from, to: region.from, insert: own + gap }, { from: from - gap.length, to: end, insert: '' }]; // prettier-ignore
  }
  const order = permuted(texts, index - first, to - first);
  const joined = order.map((lines, at) => lines + (gaps[at] ?? '')).join('');
  return [{ ...region, insert: open ? joined.slice(0, joined.length - open.length) : joined }];
}

function permuted<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, ...list.slice(from, from + 1));
}

function movePiece({ text }: Planned, node: Collection, entries: Entry[], index: number, to: number): Splice[] {
  const own = entries.map((_, at) => linesOfPiece(text, node, entries, at));
  const between = entries.slice(1).map((entry, at) => text.slice(entries[at]?.end, entry.start));
  const close = text.slice(entries.at(-1)?.end, node.range?.[1]);
  if (own.every((lines) => lines !== undefined) && [...between, close].some((part) => part.includes('#'))) {
    // Each entry takes its comments along, and all but the last one keep a comma.
    const hasLast = /^[ \t]*,/.test(close);
    const pieces = own.map(({ from, to: end }, at) => ({ head: text.slice(from, entries[at]?.end), tail: text.slice(entries[at]?.end, end).replace(/^[ \t]*,/, '') })); // prettier-ignore
    const order = permuted(pieces, index, to);
    const insert = order.map(({ head, tail }, at) => head + (at < order.length - 1 || hasLast ? ',' : '') + tail).join(''); // prettier-ignore
    return [{ from: own[0]?.from ?? 0, to: own.at(-1)?.to ?? 0, insert }];
  }
  const texts = permuted(entries.map(({ start, end }) => text.slice(start, end)), index, to); // prettier-ignore
  return entries.map(({ start, end }, at) => ({ from: start, to: end, insert: texts[at] ?? '' }));
}
