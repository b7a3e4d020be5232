/**
 * The place of the caret in the form, from CodeMirror's tree. CodeMirror reads only changed text again. So this is
 * quick at any length, and it knows the parts around an unfinished line.
 */
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { Path } from '../../form/edit/edit.ts';

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>;

/** The longest time to read up to the caret, and again to read on behind it. In ms. */
const MAX_READ_MS = 100;

const nodeAt = (state: EditorState, at: number, side: -1 | 1): SyntaxNode =>
  (ensureSyntaxTree(state, Math.min(at + 1, state.doc.length), MAX_READ_MS) ?? syntaxTree(state)).resolveInner(
    at,
    side,
  );

/** The longest time to read a text before it opens, and the longest time without a pause in it. In ms. */
const [MAX_OPENING_MS, MAX_SLICE_MS] = [2_000, 30];

/**
 * Reads a complete text, with pauses for the page. CodeMirror reads a text again with each key until it has read all of
 * it, which takes 20 ms or more in a long text.
 *
 * @returns the state with its complete tree, or with a part of it for a text that takes longer than two seconds
 */
export async function readWhole(state: EditorState): Promise<EditorState> {
  const end = Date.now() + MAX_OPENING_MS;
  while (!ensureSyntaxTree(state, state.doc.length, MAX_SLICE_MS) && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve));
  return state.update({}).state;
}

/** Reads on behind the caret, where the rest of its map is. In a text that takes longer, it reads a part of the rest. */
const readRest = (state: EditorState): void => void ensureSyntaxTree(state, state.doc.length, MAX_READ_MS);

/** The path of the smallest part at an offset. Empty between the parts of the form. */
export const pathAt = (state: EditorState, at: number): Path => pathOf(state, nodeAt(state, at, -1));

function pathOf(state: EditorState, node: SyntaxNode | null): Path {
  const path: (string | number)[] = [];
  for (let one = node; one; one = one.parent) {
    if (one.name === 'Pair') path.unshift(keyOf(state, one));
    if (one.name === 'Item') path.unshift(indexOf(one));
  }
  return path;
}

function keyOf(state: EditorState, pair: SyntaxNode): string {
  const key = pair.getChild('Key');
  return key ? unquoted(state.sliceDoc(key.from, key.to)) : '';
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/s, '$2');

function indexOf(item: SyntaxNode): number {
  let index = 0;
  for (let one = item.prevSibling; one; one = one.prevSibling) if (one.name === 'Item') index++;
  return index;
}

/** The map that a key at the caret belongs to, or the key that a value there belongs to. */
export interface Place {
  /** The path of the map. */
  map: Path;
  /** The key of the value at the caret; undefined if the caret is at a key. */
  key: string | undefined;
  /** The beginning of the word that a suggestion replaces. */
  from: number;
  /** The keys that the map has already, each with its value as it is written. */
  has: ReadonlyMap<string, string>;
}

/** The key or value at the caret. Undefined in comments, and if it is not clear. */
export function placeAt(state: EditorState, at: number): Place | undefined {
  const line = state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  if (/(^|\s)#/.test(before)) return undefined;
  readRest(state);
  const value = /(?:^|[\s{,])["']?(\w+)["']?:[ ]+(\[[^{}[\]]*|[^{}[\],]*)$/.exec(before);
  if (value) {
    const [, key = '', written = ''] = value;
    const word = /[^\s,[]*$/.exec(written)?.[0] ?? '';
    const keyAt = line.from + before.length - written.length - (/:[ ]+$/.exec(before.slice(0, before.length - written.length))?.[0].length ?? 0); // prettier-ignore
    const pair = pairAround(nodeAt(state, keyAt, -1));
    return {
      map: pathOf(state, pair?.parent ?? null),
      key,
      from: at - word.length,
      has: entriesOf(state, pair?.parent),
    };
  }
  const [, head, word] = /(^\s*(?:- +)*|[{,]\s*)(\w*)$/.exec(before) ?? [];
  if (head === undefined || word === undefined) return undefined;
  const from = at - word.length;
  const flow = flowAround(nodeAt(state, from, -1));
  if (flow) return { map: pathOf(state, flow), key: undefined, from, has: entriesOf(state, flow) };
  if (/[{,]/.test(head)) return undefined;
  // The first key of an entry begins a map of its own, which has no other keys yet.
  if (head.includes('-')) return entryAt(state, line.from + head.lastIndexOf('-'), from);
  const found = mapAtColumn(state, line.number, from - line.from);
  return found && { map: found.path, key: undefined, from, has: entriesOf(state, found.node) };
}

function entryAt(state: EditorState, dashAt: number, from: number): Place | undefined {
  const dash = nodeAt(state, dashAt, 1);
  if (dash.name !== '-') return undefined;
  let index = 0;
  for (let one = dash.prevSibling; one; one = one.prevSibling) if (one.name === '-') index++;
  return { map: [...pathOf(state, dash.parent), index], key: undefined, from, has: new Map() };
}

function pairAround(node: SyntaxNode | null): SyntaxNode | null {
  let one = node;
  while (one && one.name !== 'Pair') one = one.parent;
  return one;
}

/** The flow map that is open at a node. */
function flowAround(node: SyntaxNode): SyntaxNode | undefined {
  for (let one: SyntaxNode | null = node; one; one = one.parent) {
    if (one.name === 'FlowMapping') return one;
    if (/Sequence|BlockMapping/.test(one.name)) return undefined;
  }
  return undefined;
}

function entriesOf(state: EditorState, map: SyntaxNode | null | undefined): Map<string, string> {
  const pairs = map?.getChildren('Pair') ?? [];
  return new Map(
    pairs.map((pair) => {
      const key = pair.getChild('Key');
      const written = key ? state.sliceDoc(key.to, pair.to).replace(/^\s*:\s*/, '') : '';
      return [keyOf(state, pair), unquoted(written)];
    }),
  );
}

/**
 * The map with keys in a column, above a line: that of a key before it, or a map that begins under a key with less
 * indent.
 */
function mapAtColumn(
  state: EditorState,
  number: number,
  column: number,
): { path: Path; node: SyntaxNode | null } | undefined {
  for (let at = number - 1; at >= 1; at--) {
    const line = state.doc.line(at);
    const [head = ''] = /^\s*(?:- +)*/.exec(line.text) ?? [];
    const key = /^["']?\w+["']?:/.exec(line.text.slice(head.length));
    if (!line.text.trim() || !key) continue;
    if (head.length > column) continue;
    const pair = pairAround(nodeAt(state, line.from + head.length + 1, 1));
    if (!pair) return undefined;
    if (head.length === column) return { path: pathOf(state, pair.parent), node: pair.parent };
    return { path: pathOf(state, pair), node: null };
  }
  return column === 0 ? { path: [], node: null } : undefined;
}

/** The key at an offset, with its path and the type of its field. Undefined if there is none. */
export function keyPlaceAt(
  state: EditorState,
  at: number,
): { path: Path; type: string | undefined; from: number; to: number } | undefined {
  // The type of a field may be behind the key.
  readRest(state);
  let node: SyntaxNode | null = nodeAt(state, at, 1);
  while (node && node.name !== 'Key') node = node.parent;
  const pair = node?.parent;
  if (!node || !pair) return undefined;
  return { path: pathOf(state, pair), type: entriesOf(state, pair.parent).get('type'), from: node.from, to: node.to };
}
