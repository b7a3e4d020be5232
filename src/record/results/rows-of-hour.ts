/** Decides which counts of visitors get a row of their own, so that no flood fills the disk with rows. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

/** The link and the language of the row that many visitors of a form share after the other rows of an hour are used up. */
export const SHARED_ROW = '*';

/** Asks for one more row. @returns whether the address of the visitor may still add one in this hour */
export type MayAddRow = () => boolean;

/**
 * @param max rows in one hour
 * @returns whether a count has a row of its own in its hour, by the key of the row. The first one adds the row
 */
export function rowsOfHour(
  max: number = SITE_LIMITS.countedRowsPerHour.value,
): (hour: string, key: string, mayAddRow?: MayAddRow) => boolean {
  let current = '';
  const known = new Set<string>();
  return (hour, key, mayAddRow) => {
    if (hour !== current) known.clear();
    current = hour;
    if (known.has(key)) return true;
    if (known.size >= max || mayAddRow?.() === false) return false;
    known.add(key);
    return true;
  };
}
