/** The structure of a form as it is written, for the outline of the editor. It works while the text has errors. */
import { isAlias, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { readPastErrors } from '../faults/syntax.ts';
import { blocksOf, lineStart } from './lines.ts';
import { entriesOf, isCollectionNode, isFlow, sourceOf, type Collection, type Entry } from './nodes.ts';
import type { Path } from './value.ts';

/** The first and the last line of a part, from 1. Comments that belong to it are included. */
export interface Lines {
  first: number;
  last: number;
}

export interface OutlinePart {
  kind: 'screen' | 'field' | 'option' | 'rule' | 'ending' | 'example' | 'param' | 'notification' | 'setting';
  path: Path;
  lines: Lines;
  /** Its id, the value of an option, the target of a rule, or the key of a setting. */
  id: string | undefined;
  /** The type of a field. */
  type: string | undefined;
  /** Its title, label, text or name: in the first language that it has. */
  title: string | undefined;
  /** The keys that it has, in their order. */
  keys: string[];
  /** Fields of a screen, options of a field. */
  parts: OutlinePart[];
  /** The rules of a screen. */
  rules: OutlinePart[];
  /** Whether it can be shown only as text: it is no map, or a part of it is written in another place. */
  isTextOnly: boolean;
}

export interface Outline {
  /** All keys of the form that have no list of their own here, such as `title` and `limits`. */
  settings: OutlinePart[];
  params: OutlinePart[];
  screens: OutlinePart[];
  endings: OutlinePart[];
  notifications: OutlinePart[];
  examples: OutlinePart[];
  /** Whether an error makes the rest of the text unreadable. Then the outline has the parts before it. */
  hasSyntaxError: boolean;
}

/** Whether a line is one of a part. */
export const hasLine = ({ lines }: OutlinePart, line: number): boolean => lines.first <= line && line <= lines.last;

/** The parts that a line belongs to, the innermost last: an ending, or a screen and its field. None between the parts. */
export function partsAtLine({ screens, endings }: Outline, line: number): OutlinePart[] {
  const at = (parts: readonly OutlinePart[]) => parts.find((part) => hasLine(part, line));
  const outer = at(endings) ?? at(screens);
  const field = outer?.kind === 'screen' ? at(outer.parts) : undefined;
  return [outer, field].filter((one) => one !== undefined);
}

type Kind = OutlinePart['kind'];

/** The lists that are parts of the outline, by their key. */
const LISTS: Record<string, Kind> = {
  params: 'param', screens: 'screen', endings: 'ending', notify: 'notification', examples: 'example',
}; // prettier-ignore

/** Describes `text` without changing or checking it. */
export function outline(text: string): Outline {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const written = sourceOf(text.slice(mark));
  // Skips each error that can be skipped, on its own line.
  const { source } = readPastErrors(written);
  const root = source.document.contents;
  const reader: Reader = { text: source.text, lineAt: (offset) => Math.max(source.lines.linePos(offset).line, 1) };
  const lists = (key: string): OutlinePart[] =>
    isMap(root) ? listParts(reader, root, [key], LISTS[key] ?? 'setting') : [];
  const spans = isMap(root) ? spansOf(reader, root, true) : [];
  return {
    settings: keysOf(root).flatMap((key, at) =>
      isMap(root) && !(key in LISTS) ? [setting(root, key, spans[at])] : [],
    ),
    params: lists('params'),
    screens: lists('screens'),
    endings: lists('endings'),
    notifications: lists('notify'),
    examples: lists('examples'),
    hasSyntaxError: written.document.errors.length > 0 || written.unreadable !== undefined,
  };
}

/** The parts with a name, or with parts of their own. An error in the YAML can split one part into many empty ones. */
export const namedParts = (parts: readonly OutlinePart[]): OutlinePart[] =>
  parts
    .filter(({ id, title, parts: own }) => id || title || own.length)
    .map((part) => ({ ...part, parts: namedParts(part.parts) }));

interface Reader {
  text: string;
  /** The line of an offset, from 1. */
  lineAt(offset: number): number;
}

function setting(root: YAMLMap, key: string, lines: Lines = NOWHERE): OutlinePart {
  const node: unknown = root.get(key, true);
  return {
    ...EMPTY_PART,
    kind: 'setting',
    path: [key],
    lines,
    id: key,
    title: textOf(node),
    keys: keysOf(node),
    isTextOnly: isShared(node),
  };
}

const NOWHERE: Lines = { first: 1, last: 1 };
const EMPTY_PART = {
  id: undefined,
  type: undefined,
  title: undefined,
  keys: [],
  parts: [],
  rules: [],
  isTextOnly: false,
};

function listParts(reader: Reader, map: YAMLMap, path: Path, kind: Kind): OutlinePart[] {
  const list: unknown = map.get(path.at(-1), true);
  if (!isSeq(list)) return [];
  const spans = spansOf(reader, list, false);
  return list.items.map((node, at) => partOf(reader, node, [...path, at], kind, spans[at] ?? NOWHERE));
}

function partOf(reader: Reader, node: unknown, path: Path, kind: Kind, lines: Lines): OutlinePart {
  const base = { ...EMPTY_PART, kind, path, lines };
  if (isScalar(node) && (kind === 'option' || kind === 'param'))
    return { ...base, id: textOf(node), title: textOf(node) };
  if (!isMap(node)) return { ...base, isTextOnly: true };
  const text = (key: string): string | undefined => textOf(node.get(key, true));
  return {
    ...base,
    id: text('id') ?? text('value') ?? text('go'),
    type: text('type'),
    title: text('title') ?? text('label') ?? text('name') ?? text('text') ?? text('email') ?? text('webhook'),
    keys: keysOf(node),
    parts: kind === 'screen' ? listParts(reader, node, [...path, 'fields'], 'field') : kind === 'field' ? listParts(reader, node, [...path, 'options'], 'option') : [],
    rules: kind === 'screen' ? listParts(reader, node, [...path, 'next'], 'rule') : [],
    isTextOnly: node.items.some(({ value }) => isShared(value)),
  }; // prettier-ignore
}

/** Whether `node` is written in another place, or contains a node that is. */
const isShared = (node: unknown): boolean =>
  isAlias(node) || ((isScalar(node) || isCollectionNode(node)) && node.anchor !== undefined);

const keysOf = (node: unknown): string[] =>
  isMap(node) ? node.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];

/** A text, or the first one of a map of languages. */
function textOf(node: unknown): string | undefined {
  if (isMap(node)) return textOf(node.items[0]?.value);
  return isScalar(node) && node.value !== null ? String(node.value) : undefined;
}

/** The lines of each entry. */
function spansOf({ text, lineAt }: Reader, collection: Collection, isRoot: boolean): Lines[] {
  const entries = entriesIn(collection);
  const offsets = isFlow(collection) ? entries.map(({ start, end }) => ({ from: start, to: end })) : blocksOf(text, entries, isRoot); // prettier-ignore
  return offsets.map(({ from, to }) => ({
    first: lineAt(lineStart(text, from)),
    last: lineAt(Math.max(from, text[to - 1] === '\n' ? to - 1 : to)),
  }));
}

/** If the text has errors, some entries have no place. Then no entry of the list has one. */
function entriesIn(collection: Collection): Entry[] {
  try {
    return entriesOf(collection);
  } catch {
    return [];
  }
}
