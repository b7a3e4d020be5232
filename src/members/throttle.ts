/** Slows down guessing. Kept in memory: a restart forgets, which costs an attacker more than it gives. */

const FREE_ATTEMPTS = 5;
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 15 * 60_000;
/** A key that was quiet for this long starts afresh. */
const FORGET_AFTER = 60 * 60_000;
/** Bounds the memory; an attacker with more addresses than this is not stopped by counting addresses. */
const MOST_KEYS = 10_000;

/** Takes part in every attempt, under a key such as `sign-in:203.0.113.7`. */
export type Throttle = {
  /** Milliseconds to wait before `key` may try. 0: it may try now, and this attempt is counted as failed already. */
  attempt(key: string, now: Date): number;
  /** The attempt was right after all: the key starts afresh. */
  succeeded(key: string): void;
};

/**
 * Five attempts are free; then one has to wait 10 seconds after the last, and twice as long after each further one, up
 * to 15 minutes. Attempts count before their outcome is known, so that many at once gain nothing.
 */
export function createThrottle(): Throttle {
  const attempts = new Map<string, { count: number; last: number }>();
  return {
    attempt(key, now) {
      const time = now.getTime();
      const known = attempts.get(key);
      // A clock that was set back makes nobody wait longer.
      if (known) known.last = Math.min(known.last, time);
      const count = known && time - known.last < FORGET_AFTER ? known.count : 0;
      const wait = known && count >= FREE_ATTEMPTS ? known.last + waitAfter(count) - time : 0;
      if (wait > 0) return wait;
      // Set anew, so that the map's order is that of the last attempts and the first key is the quietest.
      attempts.delete(key);
      attempts.set(key, { count: count + 1, last: time });
      const [quietest] = attempts.keys();
      if (attempts.size > MOST_KEYS && quietest !== undefined) attempts.delete(quietest);
      return 0;
    },
    succeeded(key) {
      attempts.delete(key);
    },
  };
}

const waitAfter = (count: number): number => Math.min(FIRST_WAIT * 2 ** (count - FREE_ATTEMPTS), LONGEST_WAIT);
