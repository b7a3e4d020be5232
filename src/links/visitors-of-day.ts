/** Remembers the visitors of one day, so that each person is counted once per link. Only hashes are in memory, and none is stored. */
import { randomInt } from 'node:crypto';
import { remembered } from '../site-limits/remembered.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const MAX_VISITORS = SITE_LIMITS.linkVisitors.value;
const DAY_MS = 86_400_000;

/**
 * @param monotonic returns milliseconds that only grow, whatever the clock says
 * @returns a function that says whether a visitor uses a link for the first time today (UTC), and remembers it
 */
export function rememberVisitors(
  monotonic: () => number = () => performance.now(),
): (link: string, address: string, agent: string, now: Date) => boolean {
  let day = NaN;
  let changedAt = 0;
  let numberOfAgent = remembered(() => 0);
  let seen = new Set<number>();
  /** Continues where it stopped. A new iterator would pass all visitors that were removed. */
  let first = seen.values();

  return (link, address, agent, now) => {
    const today = Math.floor(now.getTime() / DAY_MS);
    // A clock that is set back does not begin a day again, and one that was wrong for a while does not end the counting.
    if (!(today <= day) || monotonic() - changedAt >= DAY_MS) {
      day = today;
      changedAt = monotonic();
      const salt = randomInt(2 ** 48 - 1);
      numberOfAgent = remembered((text) => numberOf(text, salt));
      seen = new Set();
      first = seen.values();
    }
    const visitor = numberOf(`${link}\n${address}`, numberOfAgent(agent));
    if (seen.has(visitor)) return false;
    if (seen.size >= MAX_VISITORS) seen.delete(first.next().value ?? NaN);
    seen.add(visitor);
    return true;
  };
}

/**
 * A number of 53 bits, from a text and a number of as many (cyrb53). Of 250,000 visitors, two have the same number once in
 * 300,000 days. SHA-256 takes ten times as long, and would hide no more: the salt is in the same memory for the same day.
 */
function numberOf(text: string, seed: number): number {
  let low = seed | 0;
  let high = Math.floor(seed / 2 ** 32) | 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 2_654_435_761);
    high = Math.imul(high ^ code, 1_597_334_677);
  }
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  return (high & (2 ** 21 - 1)) * 2 ** 32 + (low >>> 0);
}
