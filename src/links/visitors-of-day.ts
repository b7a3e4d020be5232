/** Remembers the visitors of one day, so that each person is counted once per link. Only hashes are in memory, and none is stored. */
import { hash, randomBytes } from 'node:crypto';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const MAX_VISITORS = SITE_LIMITS.linkVisitors.value;
const DAY_MS = 86_400_000;

/**
 * @param monotonic returns milliseconds that only grow, whatever the clock says
 * @returns a function that says whether a visitor uses a link for the first time today (UTC), and remembers it
 */
export function createIsNewToday(
  monotonic: () => number = () => performance.now(),
): (link: string, address: string, agent: string, now: Date) => boolean {
  let day = NaN;
  let changedAt = 0;
  let salt = '';
  let seen = new Set<number>();
  /** Continues where it stopped. A new iterator would pass all visitors that were removed. */
  let first = seen.values();

  return (link, address, agent, now) => {
    const today = Math.floor(now.getTime() / DAY_MS);
    // A clock that is set back does not begin a day again, and one that was wrong for a while does not end the counting.
    if (!(today <= day) || monotonic() - changedAt >= DAY_MS) {
      day = today;
      changedAt = monotonic();
      salt = randomBytes(16).toString('base64');
      seen = new Set();
      first = seen.values();
    }
    // 48 bits: of 250,000 visitors, two have the same number once in ten thousand days.
    const visitor = parseInt(hash('sha256', `${salt}\n${link}\n${address}\n${agent}`, 'hex').slice(0, 12), 16);
    if (seen.has(visitor)) return false;
    if (seen.size >= MAX_VISITORS) seen.delete(first.next().value ?? NaN);
    seen.add(visitor);
    return true;
  };
}
