/** The text of a form with its YAML nodes, and the offsets of their parts. */
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Alias,
  type CST,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { readSource, type Source } from '../faults/faults.ts';
import { noSuchPart, EditRefused, type Path, type Value } from './value.ts';

export type Collection = YAMLMap | YAMLSeq;

/** A text that can be edited. */
export interface Readable {
  text: string;
  source: Source;
  data: Value;
}

/** The texts that were read last. After an edit, the next edit begins with the text that this one has checked. */
const recent: Source[] = [];
const MAX_RECENT = 3;

/** Reads `text`, without a byte order mark. Reading is nearly all of the time that an edit takes. */
export function sourceOf(text: string): Source {
  const known = recent.find((one) => one.text === text);
  if (known) return known;
  const source = readSource('', text);
  recent.unshift(source);
  recent.length = Math.min(recent.length, MAX_RECENT);
  return source;
}

/**
 * Reads `text` for an edit.
 * @throws EditRefused where it is not YAML, because an edit could lose a part of it
 */
export function readForEdit(text: string): Readable {
  const source = sourceOf(text);
  if (source.document.errors.length || source.unreadable !== undefined)
    throw new EditRefused('the text of the form has an error that keeps it from being read', 'Fix the error in the text first.'); // prettier-ignore
  return { text, source, data: (source.data ?? null) as Value };
}

/** An entry of a list, or a key with its value. Offsets are in the text. */
export interface Entry {
  /** Where its dash, its key or, in a flow list, its value begins. */
  start: number;
  /** Behind its last character that is no space, comment or line break. */
  end: number;
  /** Behind its dash or colon, and an anchor or a tag after that. */
  header: number;
  /** Whether its key has no colon. */
  bare: boolean;
  /** The value, or the alias in its place. */
  node: Node | null;
  key?: Node;
}

/** One step of a path: an entry of the list or map `collection`. */
export interface Step {
  collection: Collection;
  index: number;
  entries: Entry[];
  entry: Entry;
}

export const isCollectionNode = (node: unknown): node is Collection => isMap(node) || isSeq(node);
/** Whether a text is written in lines of its own, below `|` or `>`. */
export const isInLines = (node: unknown): boolean =>
  isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
export const isFlow = (node: unknown): boolean => isCollectionNode(node) && node.flow === true;

/** The index of the entry of `collection` that a step of a path names; -1 where none does. */
export function indexOfStep(collection: Collection, step: string | number): number {
  if (isSeq(collection)) return typeof step === 'number' && step < collection.items.length ? step : -1;
  return collection.items.findIndex(({ key }) => isScalar(key) && String(key.value ?? '') === String(step));
}

/**
 * The steps from the root to the node at `path`.
 * @param follow finds the node that an alias refers to. Without it, a path through an alias is refused
 */
export function stepsTo({ source }: Readable, path: Path, follow: (alias: Alias) => unknown = refuseAlias): Step[] {
  let node: unknown = source.document.contents;
  const entriesOf = entriesOfEach();
  return path.map((step, at) => {
    if (isAlias(node)) node = follow(node);
    if (!isCollectionNode(node)) throw noSuchPart(path.slice(0, at + 1));
    const index = indexOfStep(node, step);
    const entries = entriesOf(node);
    const entry = entries[index];
    if (!entry) throw noSuchPart(path.slice(0, at + 1));
    const collection = node;
    node = entry.node;
    return { collection, index, entries, entry };
  });
}

function refuseAlias({ source }: Alias): never {
  throw new EditRefused(
    `this part is written elsewhere, at &${source}, and only used here`,
    `Change it at &${source}, or write it out here in the text of the form.`,
  );
}

/** Computed once for each list or map. */
function entriesOfEach(): (collection: Collection) => Entry[] {
  const known = new Map<Collection, Entry[]>();
  return (collection) => {
    const entries = known.get(collection) ?? entriesOf(collection);
    known.set(collection, entries);
    return entries;
  };
}

type Item = CST.CollectionItem | CST.BlockSequence['items'][number];

/** The entries of a list or map, in their order. */
export function entriesOf(collection: Collection): Entry[] {
  if (isMap(collection)) {
    return collection.items.map((pair) => {
      const item = pair.srcToken;
      if (!item || !isNode(pair.key)) throw unusual();
      return { ...spanOf(item), node: isNode(pair.value) ? pair.value : null, key: pair.key };
    });
  }
  const token = collection.srcToken as CST.BlockSequence | CST.FlowCollection | undefined;
  const items = (token?.items ?? []).filter((item: Item) => item.value ?? item.start.some(({ type }) => type === 'seq-item-ind')); // prettier-ignore
  if (items.length !== collection.items.length) throw unusual();
  return collection.items.map((value, at) => {
    const item = items[at];
    if (!item || isPair(value)) throw unusual();
    return { ...spanOf(item), node: isNode(value) ? value : null };
  });
}

/** The refusal for a construct that forms do not need. */
export const unusual = (): EditRefused =>
  new EditRefused('this part is written in an unusual way', 'Change it in the text of the form.');

const isFiller = ({ type }: CST.SourceToken): boolean =>
  type === 'space' || type === 'comment' || type === 'newline' || type === 'comma';

const endOfToken = ({ offset, source }: CST.SourceToken): number => offset + source.length;

function spanOf(item: Item): Pick<Entry, 'start' | 'end' | 'header' | 'bare'> {
  const before = item.start.filter((token) => !isFiller(token));
  const between = (item.sep ?? []).filter((token) => !isFiller(token));
  const start = before[0]?.offset ?? offsetOf(item.key) ?? between[0]?.offset ?? offsetOf(item.value) ?? 0;
  const last = between.at(-1) ?? (item.key ? undefined : before.at(-1));
  const header = last ? endOfToken(last) : item.key ? endOf(item.key) : start;
  const end = item.value ? Math.max(header, endOf(item.value)) : header;
  return { start, end, header, bare: Boolean(item.key) && !between.some(({ type }) => type === 'map-value-ind') };
}

const offsetOf = (token: CST.Token | null | undefined): number | undefined => token?.offset;

/** Behind the last character of `token` that is no space, comment or line break. A text in lines ends with its last one. */
function endOf(token: CST.Token): number {
  if (token.type === 'block-scalar') {
    const props = token.props.filter((prop): prop is CST.SourceToken => 'source' in prop);
    const header = props.reduce((sum, { source }) => sum + source.length, token.offset);
    return header + token.source.length;
  }
  if (token.type === 'block-map' || token.type === 'block-seq') {
    const items: readonly Item[] = token.items;
    const last = items.findLast(hasContent);
    return last ? spanOf(last).end : token.offset;
  }
  if (token.type === 'flow-collection') {
    const close = token.end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
    return close ? endOfToken(close) : token.offset;
  }
  return 'source' in token ? token.offset + token.source.length : 0;
}

const hasContent = (item: Item): boolean =>
  Boolean(item.key ?? item.value) || item.start.some((token) => !isFiller(token)) || Boolean(item.sep);

/** The range of the value of an entry: from its first character to after its last one. Empty if it has none. */
export function valueSpan({ header, end, node }: Entry): { from: number; to: number } {
  const start = node?.range?.[0];
  return start === undefined || end <= header ? { from: header, to: header } : { from: start, to: end };
}
