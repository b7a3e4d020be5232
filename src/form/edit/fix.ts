/**
 * Makes the replacement that the remedy of an error names, if it is exact. A remedy is a sentence, so that authors can
 * follow it too.
 */
import { isScalar, parse } from 'yaml';
import { edit, editAll, type Splice, type Value } from './edit.ts';
import { locate } from './locate.ts';
import { sourceOf } from './nodes.ts';

/** An error at a place of a text. Line and column count from 1. */
export interface Fixable {
  line: number;
  column: number;
  message: string;
  remedy: string | undefined;
}

/** Whether `fixFor` can follow the remedy of an error. It does not read the text, so it is quick. */
export const mayFix = ({ remedy = '' }: Pick<Fixable, 'remedy'>): boolean =>
  FIXES.some(([pattern]) => pattern.test(remedy));

/**
 * The replacements that fix an error of `text`. Undefined if the remedy leaves a decision open, or if the text at the
 * place has changed since.
 */
export function fixFor(text: string, { line, column, message, remedy = '' }: Fixable): Splice[] | undefined {
  const start = offsetOfLine(text, line);
  if (start === undefined) return undefined;
  const place: Place = { text, at: start + column - 1, line: lineFrom(text, start), message };
  for (const [pattern, fix] of FIXES) {
    const found = pattern.exec(remedy);
    const splices = found && fix(place, found[1] ?? '', start);
    if (splices) return splices;
  }
  return undefined;
}

interface Place {
  text: string;
  /** The offset of the error. */
  at: number;
  /** Its line, without the line break. */
  line: string;
  message: string;
}

type Fix = (place: Place, named: string, lineStart: number) => Splice[] | undefined;

/** Each shape of an exact remedy, with its replacement. The first one that fits counts. */
const FIXES: readonly (readonly [RegExp, Fix])[] = [
  [/^Write `([a-z]\w*)`\./, (place, word) => replaceWord(place, word) ?? replaceId(place, word)],
  [/^Write ([\w-]+)\. Possible (?:values|answers):/, (place, word) => replaceValue(place, word)],
  [/^Write `([a-z]\w*: [^`…]+)`\.$/, (place, pair) => replacePair(place, pair)],
  [/^Put it in quotes: `([a-z]\w*: "[^`…]*")`\.$/, (place, pair) => replacePair(place, pair)],
  [/^(?:Put it in quotes:|Write) `("[^`…]*")`\.$/, (place, value) => replaceValue(place, value)],
  [/^Put the text in quotes: (?:[\w-]+: )?"([^"]+)"\./, quoteText],
  [/^Write (\{[a-z]\w*\})\.$/, replacePipe],
  [/^Delete `([a-z]\w*)`\.$/, deleteKey],
  [/^Replace the tab with spaces/, ({ line }, _, from) => [{ from, to: from + indentOf(line).length, insert: indentOf(line).replaceAll('\t', '  ') }]], // prettier-ignore
  [/^Replace them with straight quotes/, straightenQuotes],
  [/^Add `([a-z]\w*: [^`]+)` to its answers\./, addAnswers],
  [/, or write `(ends: \w+)`\./, (place, pair) => replacePair(place, pair)],
];

/** Replaces the word at the place, which the message names: a key, or an id. */
function replaceWord({ text, at, message }: Place, word: string): Splice[] | undefined {
  const [token = '', quote = '', name = ''] = /^(["']?)([^\s"',:#{}[\]]+)\1/.exec(text.slice(at, at + 200)) ?? [];
  if (!name || !new RegExp(`[\`"]${escapeRegExp(name)}[\`"]`).test(message)) return undefined;
  return [{ from: at, to: at + token.length, insert: quote + word + quote }];
}

/** An id of several words. */
const replaceId = (place: Place, id: string): Splice[] | undefined =>
  place.message.includes('is not a valid id') ? replaceValue(place, id) : undefined;

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Replaces the value at the place. */
function replaceValue({ text, at }: Place, value: string): Splice[] | undefined {
  const node = sourceOf(text).document.getIn(locate(text, at), true);
  if (!isScalar(node) || !node.range || node.type?.startsWith('BLOCK')) return undefined;
  return [{ from: node.range[0], to: node.range[1], insert: value }];
}

/** Replaces the value of the key that `pair` names, where the place is in it. Or adds the colon that the pair lacks. */
function replacePair(place: Place, pair: string): Splice[] | undefined {
  const { text, at } = place;
  const [, key = '', value = ''] = /^(\w+): (.+)$/.exec(pair) ?? [];
  if (locate(text, at).at(-1) === key) return replaceValue(place, value);
  const written = [`${key} ${value}`, `${key}:${value}`].find((one) => text.startsWith(one, at));
  return written ? [{ from: at, to: at + written.length, insert: pair }] : undefined;
}

/** Puts quotes around a text that is written on the line. */
function quoteText({ line }: Place, words: string, lineStart: number): Splice[] | undefined {
  const at = line.indexOf(words);
  if (at < 0 || line.indexOf(words, at + 1) >= 0) return undefined;
  // An apostrophe has ended a text in single quotes too early.
  const around = line[at - 1] === "'" && line[at + words.length] === "'" ? 1 : 0;
  const from = lineStart + at - around;
  return [{ from, to: from + words.length + 2 * around, insert: `"${words.replaceAll('\\', '\\\\')}"` }];
}

/** Replaces the `{name}` that the message is about by another one, in the text at the place. */
function replacePipe({ text, at, message }: Place, pipe: string): Splice[] | undefined {
  const wrong = /^\{+[^}]+\}+/.exec(message)?.[0];
  const from = wrong === undefined ? -1 : text.indexOf(wrong, at);
  return from < 0 || wrong === undefined ? undefined : [{ from, to: from + wrong.length, insert: pipe }];
}

function deleteKey({ text, at }: Place, key: string): Splice[] | undefined {
  const path = locate(text, at);
  const end = path.lastIndexOf(key);
  if (end < 0) return undefined;
  const edited = edit(text, path.slice(0, end + 1), { do: 'remove' });
  return edited.ok ? edited.splices : undefined;
}

/** Adds answers to the example at the place. */
function addAnswers({ text, at }: Place, answers: string): Splice[] | undefined {
  const example = locate(text, at).slice(0, 2);
  const added = Object.entries(parse(`{ ${answers} }`) as Record<string, Value>);
  const changes = added.map(([id, value]) => [[...example, 'answers', id], { do: 'set', value }] as const);
  const edited = editAll(text, changes);
  return edited.ok ? edited.splices : undefined;
}

function straightenQuotes({ line, text, at }: Place, _: string, lineStart: number): Splice[] | undefined {
  const [quoted = '', words = ''] =
    /^[“”„‘’«]([^“”„‘’«»"\n]*)[“”‘’»]/.exec(text.slice(at, lineStart + line.length)) ?? [];
  return quoted ? [{ from: at, to: at + quoted.length, insert: `"${words}"` }] : undefined;
}

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/** Undefined if `text` has fewer lines. */
function offsetOfLine(text: string, line: number): number | undefined {
  const start = text.split('\n', line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return start > text.length ? undefined : start;
}

const lineFrom = (text: string, start: number): string => text.slice(start).split('\n', 1)[0] ?? '';
