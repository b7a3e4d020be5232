/** Compares the clock of this machine with that of PostgreSQL, which all servers of a site share. */
import { formatCount } from '../../form/format-count.ts';

/** Two servers then differ by ten seconds at most, which is far below the minute that they may. */
const MAX_DIFFERENCE_MS = 5_000;

/** Returns the time of PostgreSQL as `ms` since 1970. */
export const DATABASE_CLOCK = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms';

/**
 * @param read the time of the database, in ms since 1970. The time that it takes does not count
 * @param now the time of this machine, in ms since 1970
 * @returns a sentence if the clocks differ by more than five seconds
 */
export async function explainClockDifference(
  read: () => Promise<number>,
  now: () => number,
): Promise<string | undefined> {
  const before = now();
  const there = await read();
  const after = now();
  const aheadMs = there < before ? before - there : Math.min(0, after - there);
  if (Math.abs(aheadMs) <= MAX_DIFFERENCE_MS) return undefined;
  const seconds = formatCount(Math.round(Math.abs(aheadMs) / 1_000), 'second');
  return `The clock of this machine is ${seconds} ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock of PostgreSQL. Set both clocks by the same time server`;
}
