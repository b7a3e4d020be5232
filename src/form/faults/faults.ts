/** Faults: a mistake in a form's file, its place, and the fix. */
import { isCollection, isMap, isNode, isPair, isScalar, isSeq, Lexer, LineCounter, parseDocument, YAMLParseError, type Document } from 'yaml'; // prettier-ignore
import { MAX_FORM_ALIASES } from '../../site-limits/work-limits.ts';
import { printable } from '../printable.ts';
import { frameOf } from './frame.ts';

export interface FormFault {
  file: string;
  /** Line and column, from 1. */
  line: number;
  column: number;
  /** The problem. */
  message: string;
  /** The fix, if it is known. */
  remedy: string | undefined;
  /** The lines around the place, with a caret under it. */
  frame: string;
  /** `untranslated`: texts that lack a language of the form. A preview can show the form. */
  kind?: 'untranslated';
  /** The text that it is about, as its input has it. */
  text?: string;
}

/** A place in a file: a path of keys and indexes, or the nearest key called `find` at or below it. */
export interface FaultPlace {
  path: PropertyKey[];
  find?: string;
}

/** A form's file: its text, its YAML document, and its data. */
export interface Source {
  file: string;
  text: string;
  /** The text as its author wrote it, if placeholders replace parts of it to read the rest. */
  original: string;
  document: Document;
  lines: LineCounter;
  /** The document as plain data; undefined if it could not be read. */
  data: unknown;
  /** The reason why it could not be read, apart from syntax errors. */
  unreadable?: string;
}

/**
 * Reads YAML 1.2. Syntax errors are in `document.errors`.
 * @param original the text that faults show. It has the same lines as `text`
 */
export function readSource(file: string, text: string, original = text): Source {
  const lines = new LineCounter();
  // The parser takes much longer with deeper input and with many aliases. Its own error about aliases has the word "excessive".
  const refused = isDeep(text) ? 'too deep' : hasManyAliases(text) && 'excessive';
  // The parser would print warnings, which can contain a part of the text.
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false, keepSourceTokens: true } as const;
  const document = parseDocument(refused ? '' : text, { ...options, logLevel: 'error' });
  if (!document.errors.length) document.errors.push(...repeatedKeys(document));
  const source = { file, text, original, lines, document, data: undefined };
  if (refused) return { ...source, unreadable: refused };
  try {
    return document.errors.length ? source : { ...source, data: document.toJS() };
  } catch (error) {
    // An alias without its anchor, or so many aliases that the data would grow without bound.
    return { ...source, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The first repeated key of each map. The parser looks for them too, but it compares each key with every other one. For
 * the first key of a list's entry, the message is the name of the list, because a dash may be missing.
 */
function repeatedKeys(document: Document): YAMLParseError[] {
  const errors: YAMLParseError[] = [];
  /** @param list the key of the list that `node` is an entry of */
  const look = (node: unknown, list?: string): void => {
    if (isSeq(node)) node.items.forEach((item) => look(item));
    if (!isMap(node)) return;
    const seen = new Set<unknown>();
    for (const { key } of node.items) {
      if (!isScalar(key)) continue;
      if (seen.has(key.value)) {
        const [start = 0, end = start] = key.range ?? [];
        const first = node.items[0]?.key;
        const entry = !node.flow && isScalar(first) && first.value === key.value ? list : undefined;
        errors.push(new YAMLParseError([start, end], 'DUPLICATE_KEY', entry ?? ''));
        break;
      }
      seen.add(key.value);
    }
    for (const { key, value } of node.items) {
      look(key);
      if (isSeq(value) && isScalar(key)) value.items.forEach((item) => look(item, String(key.value)));
      else look(value);
    }
  };
  look(document.contents);
  return errors;
}

const DEEPEST = 100;

/** Whether a text may have more levels than any form has. Brackets in its texts count too. */
export function isDeep(text: string): boolean {
  if (new RegExp(`^(?: {${4 * DEEPEST}}|(?:[ ]*[-?] ){${DEEPEST}})`, 'm').test(text)) return true;
  let depth = 0;
  for (const sign of text.match(/[[\]{}]/g) ?? []) {
    depth += sign === '{' || sign === '[' ? 1 : -1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** The sign with which the lexer of YAML announces a scalar. */
const SCALAR = '\x1f';

/** Whether a text has more aliases, such as `*name`, than are read. */
function hasManyAliases(text: string): boolean {
  // Few texts have as many asterisks, and the lexer takes longer.
  if (text.split('*').length <= MAX_FORM_ALIASES + 1) return false;
  let [aliases, previous] = [0, ''];
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('*') && previous !== SCALAR) aliases++;
    if (aliases > MAX_FORM_ALIASES) return true;
    previous = lexeme;
  }
  return false;
}

/** A fault at a place of `source`. If the place does not exist, the fault is at the nearest part around it. */
export function faultAt(source: Source, place: FaultPlace, message: string, remedy?: string): FormFault {
  return fault(source, offsetOf(source.document, place), message, remedy);
}

/** A fault at a character offset of `source`. */
export function fault(source: Source, offset: number, message: string, remedy?: string): FormFault {
  const { line, col } = source.lines.linePos(Math.min(offset, source.text.length));
  const [row, column] = [Math.max(line, 1), Math.max(col, 1)];
  return { file: source.file, line: row, column, message, remedy, frame: frameOf(source, row, column) };
}

/** The line, from 1, of a place of `source`. */
export const lineOf = (source: Source, place: FaultPlace): number =>
  source.lines.linePos(offsetOf(source.document, place)).line;

function offsetOf(document: Document, { path, find }: FaultPlace): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = depth ? document.getIn(path.slice(0, depth), true) : document.contents;
    const found = (find !== undefined && keyBelow(node, find)) || node;
    if (isNode(found) && found.range) return found.range[0];
  }
  return 0;
}

/** The nearest key `name` in `node`. Its own keys come before those of nested nodes. */
function keyBelow(node: unknown, name: string): unknown {
  const level = [node];
  for (const one of level) {
    if (!isCollection(one)) continue;
    for (const item of one.items) {
      if (isPair(item) && isScalar(item.key) && String(item.key.value) === name) return item.key;
      level.push(isPair(item) ? item.value : item);
    }
  }
  return undefined;
}

/** A fault as it is printed: `path:line:column  message`, the frame, the remedy. */
export function printFault({ file, line, column, message, remedy, frame }: FormFault): string {
  return printable([`${file}:${line}:${column}  ${message}`, frame, ...(remedy ? [`  ${remedy}`] : [])].join('\n'));
}

/** Faults in the order of the file, each place and message once. */
export function sortFaults(faults: FormFault[]): FormFault[] {
  const seen = new Set<string>();
  return faults
    .filter(({ line, column, message }) => {
      const key = `${line}:${column}:${message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}
