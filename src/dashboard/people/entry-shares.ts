/** How much of the data of accounts and documents the page of a submission shows. A person can have 30,000 payments. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

/**
 * The length to which lists are cut, so that they have `total` items together. Short lists have all of their items, and
 * each list has at least one.
 */
export function capOf(lengths: readonly number[], total: number): number {
  let left = total;
  const sorted = lengths.toSorted((a, b) => a - b);
  for (const [at, length] of sorted.entries()) {
    const share = Math.max(1, Math.floor(left / (sorted.length - at)));
    if (length > share) return share;
    left -= length;
  }
  return Infinity;
}

/** Payslips and identities have some ten facts. */
const MIN_FACTS = 25;

/** How many facts each of `entries` on a page may have, where Smile decides how many there are. */
export const factsOfEach = (entries: number): number =>
  Math.max(MIN_FACTS, Math.floor(SITE_LIMITS.factsPerPage.value / entries));
