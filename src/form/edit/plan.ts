/** Shared types of the plans of all changes. A plan is a list of splices: the exact differences in the text. */
import { entriesOf, isCollectionNode, stepsTo, type Entry, type Readable, type Step } from './nodes.ts';
import { styleOf, type Style } from './print.ts';
import { isList, isMapValue, type Path, type Value } from './value.ts';
import type { Node } from 'yaml';

/** How an edit is tried: with changes of single words in texts of several lines, or with such texts written again. */
export interface Approach {
  wordByWord: boolean;
}

/** The plan of one change, in a text that was read. */
export interface Planned extends Readable {
  style: Style;
  approach: Approach;
}

/** A new entry of a list or map, as text. */
export interface NewEntry {
  /** Complete lines for a block list or map whose dashes or keys are at `column`, without the last line break. */
  lines(column: number): string;
  /** For a flow list or map. */
  piece(): string;
  /** Whether a list or map that is empty so far keeps its brackets. */
  prefersFlow: boolean;
  isItem: boolean;
}

export const planned = (readable: Readable, approach: Approach): Planned => ({
  ...readable,
  style: styleOf(readable.text, readable.source.document),
  approach,
});

/** A list or map, or the empty place of one. */
export interface Holder {
  node: Node | null;
  /** The entry with this value; undefined at the root. */
  step?: Step;
  entries: Entry[];
  isRoot: boolean;
}

export function holderAt({ source, ...readable }: Planned, path: Path): Holder {
  const step = stepsTo({ source, ...readable }, path).at(-1);
  const node = step ? step.entry.node : source.document.contents;
  return {
    node,
    ...(step && { step }),
    entries: isCollectionNode(node) ? entriesOf(node) : [],
    isRoot: !step,
  };
}

export const isShortScalar = (value: Value): boolean =>
  !isList(value) && !isMapValue(value) && !(typeof value === 'string' && value.includes('\n'));
