/** Patterns that authors write: whether they are ones, and matching with them in bounded time. */
import { createContext, Script } from 'node:vm';

/** As browsers compile `pattern`: the whole text, with the `v` flag. */
export function isPattern(source: string): boolean {
  try {
    new RegExp(`^(?:${source})$`, 'v');
    return true;
  } catch {
    return false;
  }
}

/** Longest time a pattern may take, in ms. Some patterns, on some texts, would take for ever. */
const LONGEST_MATCH = 250;

const room = createContext({ source: '', text: '' });
const matching = new Script("new RegExp(`^(?:${source})$`, 'v').test(text)");

/** Whether nothing in a pattern repeats without bound, nor a group at all: then no text makes it take long. */
const isBounded = (source: string): boolean => !/[*+]|\{\d+,\}|\)[?{]/.test(source);

/** Whether the whole of `text` matches; one that takes too long does not, so that no answer can hold up everybody. */
export function matches(source: string, text: string): boolean {
  // The time is the clock's, which a busy machine stretches; most patterns need none.
  if (isBounded(source)) return new RegExp(`^(?:${source})$`, 'v').test(text);
  Object.assign(room, { source, text });
  return inTime() ?? inTime() ?? false;
}

function inTime(): boolean | undefined {
  try {
    return matching.runInContext(room, { timeout: LONGEST_MATCH }) === true;
  } catch {
    return undefined;
  }
}

/** What is written over and over in the texts that a slow pattern is slow on. */
const REPEATED = [...'aA0 _-.,/@', 'a ', '0 ', 'a-', '0-', 'a0', 'a.'];

/**
 * Whether some text takes the pattern longer than an answer may take. It is tried on texts that repeat a sign and then
 * end as nothing does, which is what the common mistake, a repetition inside a repetition, is slow on.
 */
export function isSlow(source: string): boolean {
  const known = slow.get(source) ?? tryOn(source);
  if (slow.size < 1_000) slow.set(source, known);
  return known;
}

/** A form is read often, and what is slow takes long to try. */
const slow = new Map<string, boolean>();

function tryOn(source: string): boolean {
  if (isBounded(source)) return false;
  const signs = new Set([...REPEATED, ...source.replace(/\\./g, '').replace(/[^\p{L}\p{N}]/gu, '')]);
  return [...signs].some((sign) => {
    Object.assign(room, { source, text: `${sign.repeat(100)}\u0000` });
    return (inTime() ?? inTime()) === undefined;
  });
}
