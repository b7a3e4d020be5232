/** Quotas: how much an address, or another name, may use in a window of time. */
import { LRUCache } from 'lru-cache';
import { countersOf } from './client-keys.ts';
import { ONE_SERVER, type SharedCounts } from './shared-counts.ts';
import { SITE_LIMITS } from '../site-limits.ts';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

/** An allowance by address and by the IPv6 network it is in. */
export interface Quota {
  /** The time in ms until the address may use `amount` (1 by default). 0 where it may now. */
  wait(address: string, amount?: number): number;
  /** Like `wait`, and reserves `amount` where the answer is 0, so that two requests at once can't both use it. */
  consume(address: string, amount: number): number;
  /**
   * Returns a reserved amount that was not used.
   * @param at when it was reserved, by the clock of the quota. A window that has begun since does not count it
   */
  refund(address: string, amount: number, at?: number): void;
}

interface Counting {
  /** The name of the counter, which is the same on all servers. */
  counter: string;
  windowMs: number;
  shared: SharedCounts;
  /** In ms, from any time on. */
  now?: () => number;
}

/** Each address may use `maxAmount` in a window of `windowMs` that begins with its first use. */
export function createQuota(
  maxAmount: number,
  { counter = '', windowMs = DAY_MS, shared = ONE_SERVER, now }: Partial<Counting> = {},
): Quota {
  const countersFor = countersOf((times, name) =>
    createUsage({ counter: `${counter} ${name}`, max: maxAmount * times, windowMs, shared, now }),
  );
  const wait: Quota['wait'] = (address, amount = 1) =>
    Math.max(...countersFor(address).map(({ key, counter }) => counter.wait(key, amount)));
  const add = (address: string, amount: number, at?: number) =>
    countersFor(address).forEach(({ key, counter }) => counter.add(key, amount, at));
  return {
    wait,
    consume(address, amount) {
      const waitMs = wait(address, amount);
      if (waitMs === 0) add(address, amount);
      return waitMs;
    },
    refund: (address, amount, at) => add(address, -amount, at),
  };
}

/** The part of a quota that one request reserves, at once or step by step. */
export interface Reservation {
  /** The sum of all steps. */
  readonly amount: number;
  /** Reserves `amount` more. @returns the time to wait in ms, which is 0 where it is reserved */
  take(amount: number): number;
  /** Returns all but `used`, unless the window in which it was reserved has ended. */
  end(used: number): void;
}

/** @param quota by the clock `performance.now` */
export function reservationFrom(quota: Quota, address: string): Reservation {
  let amount = 0;
  let since: number | undefined;
  return {
    get amount() {
      return amount;
    },
    take(more) {
      const waitMs = quota.consume(address, more);
      if (waitMs > 0) return waitMs;
      amount += more;
      since ??= performance.now();
      return 0;
    },
    end: (used) => quota.refund(address, amount - used, since),
  };
}

/** A quota for requests that only know at their end whether they use it. */
export interface Reservations {
  /** Reserves 1. @returns the time to wait in ms, which is 0 where it is reserved */
  reserve(key: string): number;
  /** Ends a reservation, and returns it if it was not used. */
  end(key: string, isUsed: boolean): void;
}

/** Makes a quota one whose requests reserve first. */
export function reservationsOf(quota: Quota): Reservations {
  const underWay = new Map<string, number>();
  return {
    reserve(key) {
      const others = underWay.get(key) ?? 0;
      const waitMs = quota.consume(key, 1);
      if (waitMs === 0) underWay.set(key, others + 1);
      // Requests under way fill the quota. Most of them return their part within a second.
      else if (quota.wait(key, 1 - others) === 0) return Math.min(waitMs, SECOND_MS);
      return waitMs;
    },
    end(key, isUsed) {
      const others = (underWay.get(key) ?? 0) - 1;
      if (others > 0) underWay.set(key, others);
      else underWay.delete(key);
      if (!isUsed) quota.refund(key, 1);
    },
  };
}

/** Counts the use of a name on all servers. `wait` and `add` are for one name, without its network. */
export function createUsage({
  counter,
  max,
  windowMs,
  shared,
  now = () => performance.now(),
}: Counting & { max: number }) {
  let cache: LRUCache<string, { since: number; amount: number }> | undefined;
  // It takes the memory of all its names at once, so the first name makes it.
  const used = () => (cache ??= new LRUCache({ max: SITE_LIMITS.addressesRemembered.value }));
  const currently = (name: string) => {
    const known = used().get(name);
    if (known && now() - known.since < windowMs) return known;
    used().delete(name);
    return undefined;
  };
  const addHere = (name: string, amount: number) => {
    const known = currently(name);
    if (known) known.amount += amount;
    else if (amount > 0) used().set(name, { since: now(), amount });
    // A name that uses nothing must not take the place of another one.
    if (known && known.amount <= 0) used().delete(name);
  };
  const report = shared.share(counter, { max, windowMs }, addHere);
  return {
    wait(key: string, amount: number): number {
      const known = currently(shared.nameOf(key));
      return known && known.amount + amount > max ? known.since + windowMs - now() : 0;
    },
    /** @param at only a window that had begun by then */
    add(key: string, amount: number, at = Infinity): void {
      const name = shared.nameOf(key);
      if ((currently(name)?.since ?? 0) > at) return;
      addHere(name, amount);
      report(name, amount);
    },
  };
}
