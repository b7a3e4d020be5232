/** Budgets: things that a client may do at once, and that refill evenly. */
import { createMemory } from './memory-by-key.ts';
import { ONE_SERVER, type SharedCounts } from './shared-counts.ts';

/** Bounds the attempts that all addresses make together, under keys such as the email that they try. */
export type Budget = {
  /** The wait until one more attempt fits, in ms. 0: it may be made now, and is counted. */
  consume(key: string, now: Date): number;
  /** The attempt was no wrong guess: it does not count. */
  refund(key: string): void;
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
  /** Keeps nothing of a name that has used nothing. Strangers can cause any number of these, which would push out others. */
  const keep = (name: string, count: number, at: number): void => {
    if (count > 0) used.setLast(name, { count, at });
    else used.delete(name);
  };
  const report = shared.share(counter, { max: attempts, windowMs: everyMs }, (name, amount, now) => {
    const time = now.getTime();
    // An empty bucket gets no emptier, so that servers that counted the same second twice delay no one for longer.
    keep(name, Math.min(attempts, countOf(name, time) + amount), time);
  });
  return {
    consume(key, now) {
      const name = shared.nameOf(key);
      const time = now.getTime();
      const count = countOf(name, time);
      if (count > attempts - 1) return Math.ceil((count - attempts + 1) * oneMs);
      used.setLast(name, { count: count + 1, at: time });
      report(name, 1);
      return 0;
    },
    refund(key) {
      const name = shared.nameOf(key);
      const known = used.get(name);
      if (!known) return;
      keep(name, known.count - 1, known.at);
      report(name, -1);
    },
  };
}
