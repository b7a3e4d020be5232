/** Finds the path of the part at a place in the text of a form, and the place of a part. */
import { isMap, isScalar, type Node } from 'yaml';
import { blocksOf } from './lines.ts';
import { entriesOf, isCollectionNode, isFlow, sourceOf, stepsTo, type Entry, type Readable } from './nodes.ts';
import { EditRefused, type Path } from './value.ts';

interface Range {
  from: number;
  to: number;
}

/** The path of the smallest part at a UTF-16 offset of `text`; empty if there is no smaller part than the form. */
export function locate(text: string, offset: number): Path {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const { document } = sourceOf(text.slice(mark));
  const path: (string | number)[] = [];
  let node: unknown = document.contents;
  while (isCollectionNode(node)) {
    const ranges = rangesOf(text.slice(mark), node, path.length === 0);
    const index = ranges.findIndex(({ from, to }) => offset - mark >= from && offset - mark < to);
    const last = ranges.at(-1);
    // At the very end of the text, the last part counts.
    const at =
      index < 0 && last && offset - mark === last.to && last.to === text.length - mark ? ranges.length - 1 : index;
    if (at < 0) break;
    const key: unknown = isMap(node) ? node.items[at]?.key : undefined;
    path.push(isScalar(key) ? String(key.value) : at);
    node = isMap(node) ? node.items[at]?.value : node.items[at];
  }
  return path;
}

/**
 * The place of the part at `path` in `text`, with its comments, as UTF-16 offsets. Undefined if the form has no such
 * part.
 */
export function rangeOf(text: string, path: Path): Range | undefined {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const source = sourceOf(text.slice(mark));
  const readable: Readable = { text: source.text, source, data: null };
  try {
    const step = stepsTo(readable, path).at(-1);
    const range = step && rangesOfEntries(source.text, step.collection, step.entries, path.length === 1)[step.index];
    return range && { from: range.from + mark, to: range.to + mark };
  } catch (error) {
    if (error instanceof EditRefused) return undefined;
    throw error;
  }
}

function rangesOf(text: string, node: Node, isRoot: boolean): Range[] {
  try {
    return isCollectionNode(node) ? rangesOfEntries(text, node, entriesOf(node), isRoot) : [];
  } catch (error) {
    if (error instanceof EditRefused) return [];
    throw error;
  }
}

const rangesOfEntries = (text: string, node: Node, entries: readonly Entry[], isRoot: boolean): Range[] =>
  isFlow(node)
    ? entries.map(({ start, end }) => ({ from: start, to: end }))
    : blocksOf(text, entries, isRoot).map(({ from, to }) => ({ from, to }));
