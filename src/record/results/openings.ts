/** Counts of pages that became visible. */
import type { Database } from '../db/database.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { countedDay, type DeviceClass, type VisitorClass } from '../links/clicks.ts';
import type { Tables } from '../db/tables.ts';
import { SHARED_ROW, type MayAddRow } from './rows-of-day.ts';
import { addCounts, bufferedCounts } from './buffered-counts.ts';

/** Only a `person` is in the numbers. A repeated visit is known only of a link. */
export type Visitor = Exclude<VisitorClass, 'repeat'>;

export type PageOpening = { form: string; link: string; language: string; device: DeviceClass; visitor: Visitor };

export interface Openings {
  /** Counts one opening. If it may add no row, it counts in the shared row. Cheap: it waits for nothing. */
  add(opening: PageOpening, now: Date, mayAddRow?: MayAddRow): void;
  /** Stores the counts that wait. If that fails, they wait for the next time. */
  flush(db: Database): Promise<void>;
}

/**
 * Counters by link, language, device and day. In a flood of different ones, more are not counted until the next flush.
 */
export function countOpenings(): Openings {
  const counts = bufferedCounts<Tables['openings']>({
    nameOf: ({ form, hour, link, language, device, visitor }) => `${form}\n${hour}\n${link}\n${language}\n${device}\n${visitor}`, // prettier-ignore
    // People keep their link, as members have made a limited number of links.
    sharedRow: (row) => ({ ...row, ...(row.visitor !== 'person' && { link: SHARED_ROW }), language: SHARED_ROW, device: 'unknown' }), // prettier-ignore
    max: SITE_LIMITS.openingCounters.value,
  });
  return {
    add: (opening, now, mayAddRow) => counts.add({ ...opening, hour: countedDay(now), count: 1 }, mayAddRow),
    flush: (db) => counts.flush((rows) => addCounts(db, 'openings', 'count', rows)),
  };
}
