/** Patterns that authors write: checks that they are valid, and matches them in bounded time. */
import { createContext, Script } from 'node:vm';
import { SITE_LIMITS } from '../../../site-limits/site-limits.ts';

/** `\p{L}` and the like. */
const PROPERTY = /\\p\{[^}]*\}/gi;

/** Those that stand for texts of several characters. One takes 100 ms to compile, and 20 in one pattern take minutes. */
const PROPERTY_OF_TEXTS = /\\p\{(?:RGI_|Basic_Emoji|Emoji_Keycap)[^}]*\}/;

export const countProperties = (source: string): number => source.match(PROPERTY)?.length ?? 0;

/** A property that `isPattern` does not take. */
export const propertyOfTexts = (source: string): string | undefined => PROPERTY_OF_TEXTS.exec(source)?.[0];

/** As browsers compile `pattern`: by itself, and to match the complete text, with the `v` flag (HTML, "the pattern attribute"). */
export const isPattern = (source: string): boolean =>
  propertyOfTexts(source) === undefined && syntaxFault(source) === undefined;

/** Why `source` is no regular expression, in the words of the engine: `Unterminated group`. */
export function syntaxFault(source: string): string | undefined {
  try {
    new RegExp(source, 'v');
    new RegExp(`^(?:${source})$`, 'v');
    return undefined;
  } catch (error) {
    return (error as Error).message.split(': ').at(-1);
  }
}

/**
 * The longest processor time that a pattern may take for an answer, in ms. The check refuses patterns that it finds to
 * take a fifth of it. This bounds patterns that the check does not recognize.
 */
const LONGEST_MATCH = SITE_LIMITS.matchMs.value;

/** The same after slow matches have taken the time that they have in a minute. */
const LONGEST_BRIEF_MATCH = SITE_LIMITS.briefMatchMs.value;

/** The longest time that a pattern may take in the check, in ms. */
const LONGEST_TRY = 10;

const sandbox = createContext({ source: '', text: '' });
const matching = new Script("new RegExp(`^(?:${source})$`, 'v').test(text)");

/** So many steps take less time than the start of a thread for a timeout, 0.2 ms. */
const QUICK_STEPS = 100_000;

/**
 * Whether no text of up to `longest` characters takes long. A pattern has choices, such as how often it repeats a sign. A
 * match may try all combinations of them, and goes through the pattern for each one. That is quick if it takes few steps. It
 * repeats no group with a choice, which would repeat that too. Nor does it look for a long or repeated text after each choice,
 * or for one of several texts (`\q{a|ab}`).
 */
function isQuick(source: string, longest: number): boolean {
  if (/\)\{|\{\d{3}|\\[1-9kq]/.test(source)) return false;
  const choices = source.match(/[*+?|]|\{\d+,/g) ?? [];
  if (choices.length > 1 && /\)[*+]/.test(source)) return false;
  const ways = choices.reduce((product, choice) => product * (/[?|]/.test(choice) ? 2 : longest + 1), 1);
  const counts = source.match(/(?<=\{)\d+(?=\})/g) ?? [];
  return ways * counts.reduce((sum, count) => sum + Number(count), source.length) <= QUICK_STEPS;
}

/**
 * Whether all of `text` matches. A match that takes too long counts as none, so that no answer can block other people.
 */
export function matchesPattern(source: string, text: string): boolean {
  // Most patterns need no limit.
  if (isQuick(source, text.length)) return new RegExp(`^(?:${source})$`, 'v').test(text);
  Object.assign(sandbox, { source, text });
  return inSharedTime() ?? false;
}

/** The time that slow matches of the answers that are being read may still take, in ms. Answers are read without a pause. */
let sharedMs = Infinity;

/** A match of this processor time is slow, in ms. Most take microseconds, and a form has a thousand fields at most. */
const SLOW_MATCH = 1;

/**
 * Runs `read`, which reads the answers of one person. All slow matches in it together take no longer than
 * `SITE_LIMITS.slowMatchesMs`. After that, a match with a pattern that may be slow counts as none.
 */
export function withSharedTime<T>(read: () => T): T {
  if (sharedMs < Infinity) return read();
  sharedMs = isUsedUp() ? LONGEST_BRIEF_MATCH : SITE_LIMITS.slowMatchesMs.value;
  try {
    return read();
  } finally {
    sharedMs = Infinity;
  }
}

function inSharedTime(): boolean | undefined {
  const isBrief = isUsedUp();
  // The timeout of a script is a whole number.
  const longest = Math.floor(Math.min(isBrief ? LONGEST_BRIEF_MATCH : LONGEST_MATCH, sharedMs));
  if (longest < 1) return undefined;
  if (isBrief) compile();
  const { matches, usedMs } = inProcessorTime(longest);
  if (usedMs < SLOW_MATCH) return matches;
  sharedMs -= matches === undefined ? longest : usedMs;
  minute.usedMs += usedMs;
  return matches;
}

/**
 * Matches one sign. With the first match, Node compiles a pattern, which can take some milliseconds. It compiles one for
 * texts whose characters all fit in a byte, and one for other texts.
 */
function compile(): void {
  const { text } = sandbox as { text: string };
  sandbox['text'] = /[^\0-\xff]/.test(text) ? '\u0100' : '0';
  inProcessorTime(LONGEST_TRY);
  sandbox['text'] = text;
}

/** The processor time of slow matches in the minute that began at `since`, in ms. */
let minute = { since: -Infinity, usedMs: 0 };

/** Whether slow matches have taken the time that they have in a minute. Then those of a stranger can't keep others waiting. */
function isUsedUp(): boolean {
  const now = performance.now();
  if (now - minute.since >= 60_000) minute = { since: now, usedMs: 0 };
  return minute.usedMs >= SITE_LIMITS.slowMatchesMsPerMinute.value;
}

/** The processor time of this thread since `before`, in ms. */
function usedSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

function inTime(timeout: number): boolean | undefined {
  try {
    return matching.runInContext(sandbox, { timeout }) === true;
  } catch {
    return undefined;
  }
}

/** The repeated part of texts on which slow patterns are slow. */
const REPEATED = [...'aA0 _-.,/@', 'a ', '0 ', 'a-', '0-', 'a0', 'a.'];

/** The signs at the beginning of a pattern that each answer has to begin with, such as `\\+63` or `[A-Z]{4}`. */
const FIXED_BEGINNING =
  /^(?:(?:\\(?:[pP]\{[^}]*\}|[^pPbBk\d])|\[(?:\\.|[^\]\\[])*\]|[\p{L}\p{N} :#/@_-])(?:\{\d+\})?(?![*+?{]))+/u;

/**
 * Whether some answer of up to `longest` characters takes long with the pattern. It tries texts of that length with the
 * pattern and with its ends: without its fixed beginning, and from each group on. The texts repeat a sign, and end with a
 * character that fits no pattern. The common mistakes are slow on those texts: a repetition inside a repetition at any
 * length, and repetitions next to each other at a large one.
 */
export function isSlow(source: string, longest: number): boolean {
  // The check of the form refuses these. They take long to compile, which no timeout ends.
  if (countProperties(source) > SITE_LIMITS.patternProperties.value) return false;
  const name = `${longest} ${source}`;
  const known = slow.get(name) ?? isSlowOnTexts(source, longest);
  if (slow.size < 1_000) slow.set(name, known);
  return known;
}

/** A form is read often, and a slow pattern takes long to try. */
const slow = new Map<string, boolean>();

function isSlowOnTexts(source: string, longest: number): boolean {
  const signs = new Set([...REPEATED, ...source.replace(/\\./g, '').replace(/[^\p{L}\p{N}]/gu, '')]);
  return endsOf(source, longest).some((end) =>
    [...signs].some((sign) => {
      Object.assign(sandbox, { source: end, text: `${sign.repeat(longest).slice(0, longest - 1)}\u0000` });
      return inProcessorTime(LONGEST_TRY).matches === undefined;
    }),
  );
}

/** The pattern and its ends that are patterns too, without those that are quick. */
function endsOf(source: string, longest: number): string[] {
  const begins = [0, FIXED_BEGINNING.exec(source)?.[0].length ?? 0, ...[...source.matchAll(/(?<!\\)\(/g)].map(({ index }) => index)]; // prettier-ignore
  return [...new Set(begins)].map((at) => source.slice(at)).filter((end) => isPattern(end) && !isQuick(end, longest));
}

/** So many that a try lasts for seconds at last. */
const TRIES = 10;

/**
 * Matches the text in `sandbox`. Undefined if that takes more than `ms` of this thread's processor time. The timeout uses
 * the clock, which other programs stretch. So a try that was stopped early is repeated with twice the time.
 * @returns the time of the last try too, because those before it only cost more than the match
 */
function inProcessorTime(ms: number): { matches: boolean | undefined; usedMs: number } {
  let usedMs = 0;
  for (let tried = 0; tried < TRIES; tried++) {
    const before = process.threadCpuUsage();
    const matches = inTime(ms * 2 ** tried);
    usedMs = usedSince(before);
    // A fifth less than the timeout, so that a try that used nearly all of it counts.
    if (matches !== undefined || usedMs > ms * 0.8) return { matches, usedMs };
  }
  return { matches: undefined, usedMs };
}
