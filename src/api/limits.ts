/** Limits on what one address may begin. Kept in memory: they slow down floods, and are no account of anything. */

/** Many phones share one address behind a carrier's network, so a burst of people must fit. */
const BURST = 120;
const PER_SECOND = 2;
/** Bounds the memory; whoever has more addresses than this is not stopped by counting addresses. */
const MOST_KEYS = 20_000;

/** Says how long `key` has to wait, in ms; 0 takes one of what it may do now. */
export type Limit = (key: string, now: Date) => number;

/** A token bucket per key: 120 at once, 2 a second after that. */
export function createLimit(burst = BURST, perSecond = PER_SECOND): Limit {
  const buckets = new Map<string, { left: number; at: number }>();
  return (key, now) => {
    const time = now.getTime();
    const known = buckets.get(key) ?? { left: burst, at: time };
    const left = Math.min(burst, known.left + ((time - known.at) / 1_000) * perSecond);
    buckets.delete(key);
    buckets.set(key, { left: left >= 1 ? left - 1 : left, at: time });
    if (buckets.size > MOST_KEYS) buckets.delete(buckets.keys().next().value ?? '');
    return left >= 1 ? 0 : Math.ceil(((1 - left) / perSecond) * 1_000);
  };
}
