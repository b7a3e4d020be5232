/** Adding an entry to a list, or a key to a map. */
import { isMap, isScalar, isSeq } from 'yaml';
import { placeOfKey } from './key-order.ts';
import { blanksBelow, blocksOf, columnOf, commentsAbove, isFirstOnLine, lineBreak, lineEnd, lineStart, type Block } from './lines.ts'; // prettier-ignore
import { isFlow, unusual, valueSpan, type Collection, type Entry, type Readable } from './nodes.ts';
import { holderAt, isShortScalar, planned, type Approach, type Holder, type NewEntry, type Planned } from './plan.ts';
import { modelForItem, modelOfKey, printBlock, printFlow, printKey, printPair, type Model } from './print.ts';
import type { Splice } from './splice.ts';
import { noSuchPart, valueIn, type Path, type Value } from './value.ts';

/** Adds `value` at `path`: an entry of a list, or a key of a map. */
export function planAdd(readable: Readable, path: Path, value: Value, approach: Approach): Splice[] {
  const plan = planned(readable, approach);
  const parent = path.slice(0, -1);
  const last = path.at(-1);
  if (last === undefined) throw noSuchPart(path);
  const exists = valueIn(readable.data, parent) !== undefined;
  // A list that is not there yet is a new key of its map.
  if (!exists && typeof last === 'number') return planAdd(readable, parent, [value], approach);
  const holder = holderAt(plan, parent);
  if (typeof last === 'number') return insertEntry(plan, holder, last, newItem(plan, holder, parent, last, value));
  const keys = holder.entries.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
  const model = likeKey(plan, parent, last);
  return insertEntry(plan, holder, placeOfKey(keys, last, parent), newPair(plan, last, value, model));
}

function newPair({ style }: Planned, key: string, value: Value, model?: Model): NewEntry {
  return {
    lines: (column) => ' '.repeat(column) + printPair(key, value, { style, column }, model),
    piece: () => `${printKey(key, style, true)}: ${printFlow(value, style, model)}`,
    prefersFlow: isShortScalar(value),
    isItem: false,
  };
}

function newItem(plan: Planned, { node }: Holder, path: Path, at: number, value: Value): NewEntry {
  const { style } = plan;
  const siblings = isSeq(node) && node.items.length ? node.items : itemsElsewhere(plan, path);
  const near = isSeq(node) && node.items.length ? (node.items[at - 1] ?? node.items[at]) : siblings[0];
  const model = modelForItem(siblings, near, value);
  return {
    lines: (column) =>
      `${' '.repeat(column)}-${printBlock(value, { style, column, after: 'dash', width: column + 1 }, model)}`,
    piece: () => printFlow(value, style, near),
    prefersFlow: isShortScalar(value),
    isItem: true,
  };
}

/** The entries of the first other list with the same key, as an example of how they are written. */
function itemsElsewhere({ source }: Planned, path: Path): readonly unknown[] {
  const key = path.findLast((step) => typeof step === 'string');
  return listsCalled(source.document.contents, String(key)).find((items) => items.length) ?? [];
}

function listsCalled(node: unknown, key: string): (readonly unknown[])[] {
  if (isSeq(node)) return node.items.flatMap((item) => listsCalled(item, key));
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) =>
    isScalar(pair.key) && pair.key.value === key && isSeq(pair.value)
      ? [pair.value.items]
      : listsCalled(pair.value, key),
  );
}

/** The value of `key` in an entry beside the map at `path`. */
function likeKey({ source }: Planned, path: Path, key: string): Model {
  const list: unknown = path.length > 1 ? source.document.getIn(path.slice(0, -1), true) : undefined;
  const items: readonly unknown[] = isSeq(list) ? list.items : [];
  return items.map((item) => modelOfKey(item, key)).find((model) => model !== undefined);
}

export function insertEntry(plan: Planned, holder: Holder, at: number, added: NewEntry): Splice[] {
  const { node, entries, isRoot } = holder;
  if (isFlow(node) && (entries.length || holder.step === undefined || isFlow(holder.step.collection)))
    return insertPiece(plan, node as Collection, entries, at, added.piece());
  if (entries.length) return insertBlock(plan, blocksOf(plan.text, entries, isRoot), at, added);
  return insertFirst(plan, holder, added);
}

/** Adds lines between the blocks of a list or map. */
function insertBlock({ text, style }: Planned, blocks: Block[], at: number, added: NewEntry): Splice[] {
  const column = columnOf(text, blocks[0]?.entry.start ?? 0);
  const lines = added.lines(column);
  const [before, next] = [blocks[at - 1], blocks[at]];
  const gaps = blocks.slice(1).map(({ from }, index) => isGap(text, blocks[index]?.to ?? 0, from));
  // Long entries keep a distance where others do.
  const apart = gaps.some(Boolean) && gaps.filter(Boolean).length * 2 >= gaps.length && lines.includes(style.eol) ? style.eol : ''; // prettier-ignore
  if (!before && next) {
    if (next.inline) return [{ from: next.from, to: next.from, insert: lines.slice(column) + style.eol + ' '.repeat(column) }]; // prettier-ignore
    return [{ from: next.from, to: next.from, insert: lines + style.eol + apart }];
  }
  const end = before?.to ?? text.length;
  if (end === text.length && !text.endsWith('\n')) return [{ from: end, to: end, insert: style.eol + apart + lines }];
  return [{ from: end, to: end, insert: apart + lines + style.eol }];
}

const isGap = (text: string, from: number, to: number): boolean => blanksBelow(text, from) > from && to > from;

/** Adds the first entry of a list or map that is empty. */
function insertFirst(plan: Planned, { node, step }: Holder, added: NewEntry): Splice[] {
  const { text, style, source } = plan;
  if (!step) {
    const isBare = source.document.contents === null || isScalar(source.document.contents);
    if (!isBare) throw unusual();
    const break_ = text === '' || text.endsWith('\n') ? '' : style.eol;
    return [{ from: text.length, to: text.length, insert: break_ + added.lines(0) + style.eol }];
  }
  const { entry, collection } = step;
  const { from, to } = valueSpan(entry);
  if (isFlow(collection)) {
    const piece = added.isItem ? `[${added.piece()}]` : `{ ${added.piece()} }`;
    return [{ from: entry.header, to: entry.header, insert: `${entry.bare ? ': ' : ' '}${piece}` }];
  }
  if (isFlow(node) && (added.prefersFlow || isSeq(collection))) return insertPiece(plan, node as Collection, [], 0, added.piece()); // prettier-ignore
  if (isSeq(collection)) throw unusual();
  const column = columnOf(text, entry.start);
  const lines = added.lines(column + (added.isItem ? style.dash : style.step));
  const break_ = lineBreak(text, Math.max(to, entry.header));
  return [
    ...(from < to ? [{ from: entry.header, to, insert: '' }] : []),
    { from: break_, to: break_, insert: style.eol + lines },
  ];
}

/** Adds a piece to a list or map in flow style. */
function insertPiece(
  { text, style }: Planned,
  node: Collection,
  entries: Entry[],
  at: number,
  piece: string,
): Splice[] {
  const open = node.range?.[0] ?? 0;
  const [before, next] = [entries[at - 1], entries[at]];
  if (!before && !next) {
    const close = (node.range?.[1] ?? open) - 1;
    const inner = text.slice(open + 1, close);
    const padded = isMap(node) ? ` ${piece} ` : piece;
    return inner.trim() === '' ? [{ from: open + 1, to: close, insert: padded }] : [{ from: open + 1, to: open + 1, insert: piece }]; // prettier-ignore
  }
  if (next) {
    const line = lineStart(text, next.start);
    if (!isFirstOnLine(text, next.start)) return [{ from: next.start, to: next.start, insert: `${piece}, ` }];
    const from = commentsAbove(text, line, before ? lineEnd(text, before.end) : lineEnd(text, open));
    return [{ from, to: from, insert: `${text.slice(line, next.start)}${piece},${style.eol}` }];
  }
  const end = before?.end ?? open + 1;
  const isOwnLine = before !== undefined && isFirstOnLine(text, before.start);
  if (!isOwnLine) return [{ from: end, to: end, insert: `, ${piece}` }];
  const pad = style.eol + text.slice(lineStart(text, before.start), before.start);
  const rest = /^[ \t]*(,?)[ \t]*(?:#[^\r\n]*)?(?=\r?\n)/.exec(text.slice(end, lineEnd(text, end)));
  if (!rest) return [{ from: end, to: end, insert: `,${pad}${piece}` }];
  const behind = end + rest[0].length;
  return rest[1] ? [{ from: behind, to: behind, insert: `${pad}${piece},` }] : [{ from: end, to: end, insert: ',' }, { from: behind, to: behind, insert: pad + piece }]; // prettier-ignore
}
