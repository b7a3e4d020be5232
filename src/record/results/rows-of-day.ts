/** Decides which counts of visitors get a row of their own, so that no flood fills the disk with rows. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

/** The link and the language of the row that many visitors of a form share after the other rows of a day are used up. */
export const SHARED_ROW = '*';

/** Asks for one more row. @returns whether the address of the visitor may still add one today */
export type MayAddRow = () => boolean;

/**
 * @param max rows in one day
 * @returns whether a count has a row of its own in its day, by the key of the row. The first one adds the row
 */
export function rowsOfDay(
  max: number = SITE_LIMITS.countedRowsPerDay.value,
): (day: string, key: string, mayAddRow?: MayAddRow) => boolean {
  let current = '';
  const known = new Set<string>();
  return (day, key, mayAddRow) => {
    if (day !== current) known.clear();
    current = day;
    if (known.has(key)) return true;
    if (known.size >= max || mayAddRow?.() === false) return false;
    known.add(key);
    return true;
  };
}
