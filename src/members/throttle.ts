/** Slows down guessing. Kept in memory: a restart forgets, which costs an attacker more than it gives. */

const FREE_ATTEMPTS = 5;
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 15 * 60_000;
/** A key that was quiet for this long starts afresh. */
const FORGET_AFTER = 60 * 60_000;
/** Bounds the memory; an attacker with more addresses than this is not stopped by counting addresses. */
const MOST_KEYS = 10_000;

/** Takes part in every attempt, under keys such as `sign-in:203.0.113.7`. */
export type Throttle = {
  /**
   * Milliseconds to wait before there may be an attempt under all of `keys`. 0: it may be now, and is counted as failed
   * already under each. One that has to wait is no attempt, and counts under none.
   */
  attempt(keys: string | readonly string[], now: Date): number;
  /** The attempt was right after all: the key starts afresh. */
  succeeded(key: string): void;
};

/**
 * Five attempts are free; then one has to wait 10 seconds after the last, and twice as long after each further one, up
 * to 15 minutes. Attempts count before their outcome is known, so that many at once gain nothing. Those that were refused
 * are not held: whoever has to wait could else fill the memory with other keys, until their own is forgotten.
 */
export function createThrottle(): Throttle {
  const attempts = new Map<string, { count: number; last: number }>();

  const countOf = (key: string, time: number): number => {
    const known = attempts.get(key);
    return known && time - known.last < FORGET_AFTER ? known.count : 0;
  };

  function waitOf(key: string, time: number): number {
    const known = attempts.get(key);
    // A clock that was set back makes nobody wait longer.
    if (known) known.last = Math.min(known.last, time);
    const before = countOf(key, time);
    return known && before >= FREE_ATTEMPTS ? known.last + waitAfter(before) - time : 0;
  }

  function count(key: string, time: number): void {
    const known = countOf(key, time);
    // Set anew, so that the map's order is that of the last attempts and the first key is the quietest.
    attempts.delete(key);
    attempts.set(key, { count: known + 1, last: time });
    const [quietest] = attempts.keys();
    if (attempts.size > MOST_KEYS && quietest !== undefined) attempts.delete(quietest);
  }

  return {
    attempt(keys, now) {
      const time = now.getTime();
      const each = [keys].flat();
      const wait = Math.max(...each.map((key) => waitOf(key, time)));
      if (wait > 0) return wait;
      for (const key of each) count(key, time);
      return 0;
    },
    succeeded(key) {
      attempts.delete(key);
    },
  };
}

const waitAfter = (count: number): number => Math.min(FIRST_WAIT * 2 ** (count - FREE_ATTEMPTS), LONGEST_WAIT);
