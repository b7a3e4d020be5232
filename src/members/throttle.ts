/** Slows down guessing of passwords and codes. In memory: a restart clears it, which helps an attacker little. */
import { createHash } from 'node:crypto';
import { clientKeys } from '../site-limits/client-keys.ts';
import { ONE_SERVER, type SharedCounts } from '../site-limits/shared-counts.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const FREE_ATTEMPTS = SITE_LIMITS.guessesBeforeWait.value;
const FIRST_WAIT = SITE_LIMITS.firstGuessWaitMs.value;
const MAX_WAIT = SITE_LIMITS.longestGuessWaitMs.value;
/** A key without attempts for this long starts again with all free attempts. */
const FORGET_AFTER = 60 * 60_000;
/** Bounds the memory; an attacker with more addresses than this is not stopped by counting addresses. */
const MAX_KEYS = SITE_LIMITS.guessersRemembered.value;

/** Such as `sign-in:203.0.113.7`, or the same with that of the IPv6 network behind it, which many may share. */
export type GuesserKey = string | readonly [guesser: string, network?: string];

/** The keys of attempts of one kind from an address, such as `sign-in`. */
export const guesserAt = (kind: string, address: string): GuesserKey =>
  clientKeys(address).map((key) => `${kind}:${key}`) as [string, string?];

/** Takes part in every attempt. */
export type Throttle = {
  /**
   * The wait before an attempt, in ms. 0: it may be made now, and is counted as failed already. An attempt that has to
   * wait does not count.
   */
  attempt(key: GuesserKey, now: Date): number;
  /** The attempt was right: the guesser starts from zero, and it does not count for the network. */
  succeeded(key: GuesserKey): void;
  /** The attempt was no guess: only this one does not count. */
  takeBack(key: GuesserKey): void;
};

/**
 * Five attempts are free. Then the wait is 10 seconds, and doubles with each attempt up to 15 minutes. Attempts count before
 * their outcome is known, so parallel ones gain nothing. Refused attempts are not stored, or an attacker could evict their
 * own key.
 *
 * An IPv6 network has more attempts, which refill one by one, so people who share it never wait long.
 * @param shared counts the attempts on other servers too, in the counter of this name
 */
export function createThrottle(shared: SharedCounts = ONE_SERVER, counter = ''): Throttle {
  const attempts = createMemory<{ count: number; last: number }>();
  const networks = createBudget(FREE_ATTEMPTS * SITE_LIMITS.networkTimes.value, MAX_WAIT, shared, `${counter} network`);
  const report = shared.share(counter, { max: FREE_ATTEMPTS, windowMs: FORGET_AFTER }, (name, amount, now) => {
    const time = now.getTime();
    const count = countOf(name, time) + amount;
    if (count <= 0) attempts.delete(name);
    else attempts.setLast(name, { count, last: amount > 0 ? time : (attempts.get(name)?.last ?? time) });
  });

  const countOf = (name: string, time: number): number => {
    const known = attempts.get(name);
    return known && time - known.last < FORGET_AFTER ? known.count : 0;
  };

  function waitOf(name: string, time: number): number {
    const known = attempts.get(name);
    // If the clock was set back, the wait gets no longer.
    if (known) known.last = Math.min(known.last, time);
    const before = countOf(name, time);
    return known && before >= FREE_ATTEMPTS ? Math.max(0, known.last + waitAfter(before) - time) : 0;
  }

  return {
    attempt(keys, now) {
      const [key, network] = partsOf(keys);
      const name = shared.nameOf(key);
      const time = now.getTime();
      const wait = waitOf(name, time) || (network === undefined ? 0 : networks.take(network, now));
      if (wait > 0) return wait;
      attempts.setLast(name, { count: countOf(name, time) + 1, last: time });
      report(name, 1);
      return 0;
    },
    succeeded(keys) {
      const [key, network] = partsOf(keys);
      const name = shared.nameOf(key);
      report(name, -(attempts.get(name)?.count ?? 0));
      attempts.delete(name);
      if (network !== undefined) networks.giveBack(network);
    },
    takeBack(keys) {
      const [key, network] = partsOf(keys);
      const name = shared.nameOf(key);
      const known = attempts.get(name);
      if (known) known.count -= 1;
      if (known) report(name, -1);
      if (network !== undefined) networks.giveBack(network);
    },
  };
}

const partsOf = (keys: GuesserKey): readonly [guesser: string, network?: string] =>
  typeof keys === 'string' ? [keys] : keys;

const waitAfter = (count: number): number => Math.min(FIRST_WAIT * 2 ** (count - FREE_ATTEMPTS), MAX_WAIT);

/** Bounds the attempts that all addresses make together, under keys such as the email that they try. */
export type Budget = {
  /** The wait until one more attempt fits, in ms. 0: it may be made now, and is counted. */
  take(key: string, now: Date): number;
  /** The attempt was no wrong guess: it does not count. */
  giveBack(key: string): void;
};

/**
 * A token bucket: `attempts` at once, refilled evenly over `everyMs`. An attacker who empties it delays others only until the
 * next refill.
 * @param shared counts the attempts on other servers too, in the counter of this name
 */
export function createBudget(
  attempts: number,
  everyMs: number,
  shared: SharedCounts = ONE_SERVER,
  counter = '',
): Budget {
  const used = createMemory<{ count: number; at: number }>();
  const oneMs = everyMs / attempts;
  const countOf = (name: string, time: number): number => {
    const known = used.get(name);
    if (!known) return 0;
    // If the clock was set back, the wait gets no longer.
    known.at = Math.min(known.at, time);
    return Math.max(0, known.count - (time - known.at) / oneMs);
  };
  const report = shared.share(counter, { max: attempts, windowMs: everyMs }, (name, amount, now) => {
    const time = now.getTime();
    // An empty bucket gets no emptier, so that servers that counted the same second twice delay no one for longer.
    used.setLast(name, { count: Math.min(attempts, Math.max(0, countOf(name, time) + amount)), at: time });
  });
  return {
    take(key, now) {
      const name = shared.nameOf(key);
      const time = now.getTime();
      const count = countOf(name, time);
      if (count > attempts - 1) return Math.ceil((count - attempts + 1) * oneMs);
      used.setLast(name, { count: count + 1, at: time });
      report(name, 1);
      return 0;
    },
    giveBack(key) {
      const name = shared.nameOf(key);
      const known = used.get(name);
      if (known) known.count = Math.max(0, known.count - 1);
      if (known) report(name, -1);
    },
  };
}

/**
 * State by key, for a limited number of keys. Strangers choose the keys, such as an email of 60 kB, and a short substring can
 * keep a long text in memory. So only a hash of 44 characters is stored.
 */
function createMemory<T>() {
  const known = new Map<string, T>();
  const held = (key: string) => createHash('sha256').update(key).digest('base64');
  return {
    get: (key: string) => known.get(held(key)),
    delete: (key: string) => known.delete(held(key)),
    /**
     * Sets `key` as the last one, so that the first key is the least active one. Removes the first if there are too
     * many.
     */
    setLast(key: string, value: T) {
      const name = held(key);
      known.delete(name);
      known.set(name, value);
      const [quietest] = known.keys();
      if (known.size > MAX_KEYS && quietest !== undefined) known.delete(quietest);
    },
  };
}
