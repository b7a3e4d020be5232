/** Slows down guessing of passwords and codes. In memory: a restart clears it, which helps an attacker little. */
import { createBudget } from '../site-limits/counting/budget.ts';
import { clientKeys } from '../site-limits/counting/client-keys.ts';
import { createMemory } from '../site-limits/counting/memory-by-key.ts';
import { ONE_SERVER, type SharedCounts } from '../site-limits/counting/shared-counts.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const FREE_ATTEMPTS = SITE_LIMITS.guessesBeforeWait.value;
const FIRST_WAIT = SITE_LIMITS.firstGuessWaitMs.value;
const MAX_WAIT = SITE_LIMITS.longestGuessWaitMs.value;
/** A key without attempts for this long starts again with all free attempts. */
const FORGET_AFTER = 60 * 60_000;

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
  /**
   * The attempt was no wrong guess: only this one does not count, and the wait is as it was before.
   * @param at when the attempt was made
   */
  takeBack(key: GuesserKey, at: Date): void;
};

/** The times of the attempts that count, on this server and on others, each list with the latest last. */
type Attempts = Record<'here' | 'elsewhere', number[]>;

/** With one less, the wait is the longest already. So an attempt that is taken back changes nothing. */
const MAX_KEPT = 13;

/**
 * Five attempts are free. Then the wait is 10 seconds, and doubles with each attempt up to 15 minutes. Attempts count before
 * their outcome is known, so parallel ones gain nothing. Refused attempts are not stored, or an attacker could evict their
 * own key.
 *
 * An IPv6 network has more attempts, which refill one by one, so people who share it never wait long.
 * @param shared counts the attempts on other servers too, in the counter of this name
 */
export function createThrottle(shared: SharedCounts = ONE_SERVER, counter = ''): Throttle {
  const attempts = createMemory<Attempts>();
  const networks = createBudget(FREE_ATTEMPTS * SITE_LIMITS.networkTimes.value, MAX_WAIT, shared, `${counter} network`);
  const report = shared.share(counter, { max: FREE_ATTEMPTS, windowMs: FORGET_AFTER }, (name, amount, now) => {
    const time = now.getTime();
    const { here, elsewhere } = attemptsOf(name, time);
    for (let n = 0; n > amount; n--) (elsewhere.length ? elsewhere : here).pop();
    elsewhere.push(...Array<number>(Math.min(MAX_KEPT, Math.max(0, amount))).fill(time));
    if (here.length || elsewhere.length) keep(name, { here, elsewhere });
    else attempts.delete(name);
  });

  const keep = (name: string, { here, elsewhere }: Attempts) =>
    attempts.setLast(name, { here: here.slice(-MAX_KEPT), elsewhere: elsewhere.slice(-MAX_KEPT) });

  function attemptsOf(name: string, time: number): Attempts {
    const known = attempts.get(name);
    if (!known) return { here: [], elsewhere: [] };
    // If the clock was set back, the wait gets no longer.
    for (const times of [known.here, known.elsewhere]) times.forEach((at, n) => (times[n] = Math.min(at, time)));
    return time - lastOf(known) < FORGET_AFTER ? known : { here: [], elsewhere: [] };
  }

  function waitOf(name: string, time: number): number {
    const known = attemptsOf(name, time);
    const before = countOf(known);
    return before >= FREE_ATTEMPTS ? Math.max(0, lastOf(known) + waitAfter(before) - time) : 0;
  }

  return {
    attempt(keys, now) {
      const [key, network] = partsOf(keys);
      const name = shared.nameOf(key);
      const time = now.getTime();
      const wait = waitOf(name, time) || (network === undefined ? 0 : networks.consume(network, now));
      if (wait > 0) return wait;
      const { here, elsewhere } = attemptsOf(name, time);
      keep(name, { here: [...here, time], elsewhere });
      report(name, 1);
      return 0;
    },
    succeeded(keys) {
      const [key, network] = partsOf(keys);
      const name = shared.nameOf(key);
      report(name, -countOf(attempts.get(name)));
      attempts.delete(name);
      if (network !== undefined) networks.refund(network);
    },
    takeBack(keys, at) {
      const [key, network] = partsOf(keys);
      const name = shared.nameOf(key);
      const known = attempts.get(name);
      // It has another time if the clock was set back since.
      known?.here.splice(known.here.lastIndexOf(at.getTime()), 1);
      // Strangers can cause any number of these, whose names would push out others.
      if (known && countOf(known) === 0) attempts.delete(name);
      if (known) report(name, -1);
      if (network !== undefined) networks.refund(network);
    },
  };
}

const countOf = (known?: Attempts): number => (known ? known.here.length + known.elsewhere.length : 0);

const lastOf = ({ here, elsewhere }: Attempts): number => Math.max(here.at(-1) ?? 0, elsewhere.at(-1) ?? 0);

const partsOf = (keys: GuesserKey): readonly [guesser: string, network?: string] =>
  typeof keys === 'string' ? [keys] : keys;

const waitAfter = (count: number): number => Math.min(FIRST_WAIT * 2 ** (count - FREE_ATTEMPTS), MAX_WAIT);
