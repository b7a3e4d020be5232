/** Putting a value in the place of another one. */
import { isAlias, isScalar, isSeq, type Alias } from 'yaml';
import { spliceOfWords } from './in-lines.ts';
import { blocksOf, columnOf, lineBreak, lineStart } from './lines.ts';
import { entriesOf, isCollectionNode, isFlow, isInLines, stepsTo, unusual, valueSpan, type Collection, type Readable, type Step } from './nodes.ts'; // prettier-ignore
import { isShortScalar, planned, type Approach, type Planned } from './plan.ts';
import { printBlock, printFlow, printScalar } from './print.ts';
import type { Renaming } from './rename.ts';
import type { Splice } from './splice.ts';
import { noSuchPart, type Path, type Value } from './value.ts';

/** Puts `value` in the place of the value at `path`. */
export function planSet(readable: Readable, path: Path, value: Value, approach: Approach): Splice[] {
  const plan = planned(readable, approach);
  const steps = stepsTo(readable, path);
  const step = steps.at(-1);
  if (!step) throw noSuchPart(path);
  return replaceValue(plan, step, value);
}

function replaceValue(plan: Planned, { collection, entry, entries, index }: Step, value: Value): Splice[] {
  const { text, style, approach } = plan;
  const { node, header } = entry;
  const { from, to } = valueSpan(entry);
  if (isScalar(node) && typeof value === 'string' && approach.wordByWord) {
    const words = spliceOfWords(node, value);
    if (words) return [words];
  }
  const inFlow = isFlow(collection);
  if (inFlow || (isScalar(node) && !isInLines(node) && isShortScalar(value))) {
    const printed = inFlow ? printFlow(value, style, node) : printScalar(value, { style, flow: false, model: node });
    if (from < to) return [{ from, to, insert: printed }];
    return [{ from: header, to: header, insert: `${entry.bare ? ': ' : ' '}${printed}` }];
  }
  const column = columnOf(text, entry.start);
  const spot = { style, column, after: isSeq(collection) ? 'dash' : 'key', width: header - lineStart(text, header) } as const; // prettier-ignore
  const printed = printBlock(value, spot, node);
  if (isCollectionNode(node) && !isFlow(node)) return replaceBlock(plan, { collection, entry, entries, index }, node, printed); // prettier-ignore
  // A comment at the end of the first line stays there. The last line break of a text in lines is not a part of it.
  const last = from < to ? withoutBreak(text, to) : header;
  const end = isInLines(node) ? from + (/^\S+/.exec(text.slice(from, to))?.[0].length ?? 0) : last;
  const lines = lineBreak(text, end);
  const at = printed.indexOf(style.eol);
  return [
    { from: header, to: end, insert: at < 0 ? printed : printed.slice(0, at) },
    { from: lines, to: Math.max(lines, last), insert: at < 0 ? '' : printed.slice(at) },
  ];
}

/** Replaces a list or map in block style by `printed`, which begins behind the colon or dash. */
export function replaceBlock({ text, style }: Planned, { entry }: Step, node: Collection, printed: string): Splice[] {
  const blocks = blocksOf(text, entriesOf(node), false);
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (!first || !last) throw unusual();
  if (first.inline) return [{ from: entry.header, to: withoutBreak(text, last.entry.end), insert: printed }];
  const at = printed.indexOf(style.eol);
  const head = at < 0 ? printed : printed.slice(0, at);
  const lines = at < 0 ? '' : printed.slice(at + style.eol.length) + (last.to === withoutBreak(text, last.to) ? '' : style.eol); // prettier-ignore
  return [
    { from: entry.header, to: entry.header, insert: head },
    { from: first.from, to: last.to, insert: lines },
  ];
}

/** The offset of the line break right before `offset`, or else `offset`. */
const withoutBreak = (text: string, offset: number): number =>
  offset - (text[offset - 1] !== '\n' ? 0 : text[offset - 2] === '\r' ? 2 : 1);

/** Writes each renamed id and each place that refers to it. A part that several places use is written once. */
export function planRename(readable: Readable, changes: readonly Renaming[], approach: Approach): Splice[] {
  const plan = planned(readable, approach);
  const { document } = readable.source;
  const follow = (alias: Alias) => alias.resolve(document);
  const places = changes.map((change) => ({ change, step: lastStep(stepsTo(readable, change.path, follow)) }));
  const written = new Set<unknown>(places.map(({ step }) => step.entry.node));
  const splices = new Map<number, Splice>();
  for (const { change, step } of places) {
    const { node } = step.entry;
    if (change.part === 'value' && isAlias(node) && written.has(follow(node))) continue;
    for (const splice of renameAt(plan, step, change)) splices.set(splice.from, splice);
  }
  return [...splices.values()];
}

function lastStep(steps: Step[]): Step {
  const step = steps.at(-1);
  if (!step) throw unusual();
  return step;
}

function renameAt(plan: Planned, step: Step, { part, text: renamed, pieces }: Renaming): Splice[] {
  const { text, style, approach } = plan;
  const { entry, collection } = step;
  if (part === 'key') {
    const [from, to] = entry.key?.range ?? [];
    if (from === undefined || to === undefined) throw unusual();
    return [{ from, to, insert: printScalar(renamed, { style, flow: isFlow(collection), model: entry.key }) }];
  }
  const { from, to } = valueSpan(entry);
  const written = text.slice(from, to);
  if (approach.wordByWord && written.includes('\n')) {
    const changed = pieces.reduce((sum, [before, after]) => sum.replaceAll(before, after), written);
    return [{ from, to, insert: changed }];
  }
  return replaceValue(plan, step, renamed);
}
