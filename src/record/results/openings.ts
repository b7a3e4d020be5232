/** Counts of pages that became visible. */
import type { Database } from '../db/database.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { hourOf, type DeviceClass, type VisitorClass } from '../links/clicks.ts';
import type { Tables } from '../db/tables.ts';
import { NOT_APART, type MayAddRow } from './rows-of-hour.ts';
import { addCounts, bufferedCounts } from './buffered-counts.ts';

/** Only a `person` is in the numbers. A repeated visit is known only of a link. */
export type Visitor = Exclude<VisitorClass, 'repeat'>;

export type PageOpening = { form: string; link: string; language: string; device: DeviceClass; visitor: Visitor };

export interface Openings {
  /** Counts one opening, without its link, language and device where it may add no row. Cheap: it waits for nothing. */
  add(opening: PageOpening, now: Date, mayAddRow?: MayAddRow): void;
  /** Stores the counts that wait. If that fails, they wait for the next time. */
  flush(db: Database): Promise<void>;
}

/**
 * Counters by link, language, device and hour. In a flood of different ones, more are not counted until the next flush.
 */
export function countOpenings(): Openings {
  const counts = bufferedCounts<Tables['openings']>({
    nameOf: ({ form, hour, link, language, device, visitor }) => `${form}\n${hour}\n${link}\n${language}\n${device}\n${visitor}`, // prettier-ignore
    notApart: (row) => ({ ...row, link: NOT_APART, language: NOT_APART, device: 'unknown' }),
    max: SITE_LIMITS.openingCounters.value,
  });
  return {
    add: (opening, now, mayAddRow) => counts.add({ ...opening, hour: hourOf(now), count: 1 }, mayAddRow),
    flush: (db) => counts.flush((rows) => addCounts(db, 'openings', 'count', rows)),
  };
}
