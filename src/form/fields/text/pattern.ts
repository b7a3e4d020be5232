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

/**
 * Longest time a pattern may take on an answer, in ms. The check lets no pattern by that is known to take a fifth of it;
 * this bounds what the check has not thought of.
 */
const LONGEST_MATCH = 50;

/** Longest time a pattern may take when the check tries it, in ms. */
const LONGEST_TRY = 10;

const room = createContext({ source: '', text: '' });
const matching = new Script("new RegExp(`^(?:${source})$`, 'v').test(text)");

/** Whether nothing in a pattern repeats without bound, nor a group at all: then no text makes it take long. */
const isBounded = (source: string): boolean => !/[*+]|\{\d+,\}|\)[?{]/.test(source);

/** Whether the whole of `text` matches; one that takes too long does not, so that no answer can hold up everybody. */
export function matchesPattern(source: string, text: string): boolean {
  // The time is the clock's, which a busy machine stretches; most patterns need none.
  if (isBounded(source)) return new RegExp(`^(?:${source})$`, 'v').test(text);
  Object.assign(room, { source, text });
  return inTime() ?? inTime() ?? false;
}

function inTime(timeout = LONGEST_MATCH): boolean | undefined {
  try {
    return matching.runInContext(room, { timeout }) === true;
  } catch {
    return undefined;
  }
}

/** What is written over and over in the texts that a slow pattern is slow on. */
const REPEATED = [...'aA0 _-.,/@', 'a ', '0 ', 'a-', '0-', 'a0', 'a.'];

/**
 * Whether some answer of up to `longest` characters takes the pattern long. It is tried on texts of that length that
 * repeat a sign, behind what the pattern begins with, and then end as nothing does: the common mistakes are slow on
 * those. A repetition inside a repetition is so at any length, repetitions beside each other at a great one.
 */
export function isSlow(source: string, longest: number): boolean {
  const name = `${longest} ${source}`;
  const known = slow.get(name) ?? tryOn(source, longest);
  if (slow.size < 1_000) slow.set(name, known);
  return known;
}

/** A form is read often, and what is slow takes long to try. */
const slow = new Map<string, boolean>();

function tryOn(source: string, longest: number): boolean {
  if (isBounded(source)) return false;
  const signs = new Set([...REPEATED, ...source.replace(/\\./g, '').replace(/[^\p{L}\p{N}]/gu, '')]);
  const begins = new Set(['', /^[\p{L}\p{N} :#/-]*(?![*+?{])/u.exec(source)?.[0] ?? '']);
  return [...begins].some((begin) =>
    [...signs].some((sign) => {
      const text = `${begin}${sign.repeat(longest)}`.slice(0, longest - 1);
      Object.assign(room, { source, text: `${text}\u0000` });
      return takesLong();
    }),
  );
}

const TRIES = 20;

/**
 * Whether the pattern and the text in `room` take this thread's processor longer than `LONGEST_TRY`. The timeout is the
 * clock's, which other programs stretch, so a try that was stopped early is repeated.
 */
function takesLong(): boolean {
  for (let tried = 0; tried < TRIES; tried++) {
    const before = process.threadCpuUsage();
    if (inTime(LONGEST_TRY) !== undefined) return false;
    const { user, system } = process.threadCpuUsage(before);
    // In microseconds. A fifth less than the timeout, so that a try that used nearly all of it counts.
    if (user + system > LONGEST_TRY * 800) return true;
  }
  return true;
}
