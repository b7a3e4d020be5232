/** Counts of pages that became visible. They wait in memory, so that an opening writes nothing. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { hourOf, type DeviceClass, type VisitorClass } from '../links/clicks.ts';
import type { Tables } from '../db/tables.ts';
import { NOT_APART, rowsOfHour, type MayAddRow } from './rows-of-hour.ts';

/** Only a `person` is in the numbers. A repeated visit is known only of a link. */
export type Visitor = Exclude<VisitorClass, 'repeat'>;

export type PageOpening = { form: string; link: string; language: string; device: DeviceClass; visitor: Visitor };

export interface Openings {
  /** Counts one opening, without its link, language and device where it may add no row. Cheap: it waits for nothing. */
  add(opening: PageOpening, now: Date, mayAddRow?: MayAddRow): void;
  /** Stores the counts that wait. If that fails, they wait for the next time. */
  flush(db: Database): Promise<void>;
}

type Row = Tables['openings'];

/** Counters by what they count. Where a flood of different ones comes, more are not counted until the next flush. */
export function countOpenings(): Openings {
  let waiting = new Map<string, Row>();
  const hasRow = rowsOfHour();

  function take(row: Row): void {
    const name = nameOf(row);
    const known = waiting.get(name);
    if (known) known.count += row.count;
    else if (waiting.size < SITE_LIMITS.openingCounters.value) waiting.set(name, { ...row });
  }

  return {
    add(opening, now, mayAddRow) {
      const row = { ...opening, hour: hourOf(now), count: 1 };
      take(hasRow(row.hour, nameOf(row), mayAddRow) ? row : { ...row, ...WITHOUT_DETAILS });
    },
    async flush(db) {
      if (!waiting.size) return;
      const rows = [...waiting.values()];
      waiting = new Map();
      try {
        await store(db, rows);
      } catch (error) {
        rows.forEach(take);
        throw error;
      }
    },
  };
}

const nameOf = ({ form, hour, link, language, device, visitor }: Row): string =>
  JSON.stringify([form, hour, link, language, device, visitor]);

const WITHOUT_DETAILS = { link: NOT_APART, language: NOT_APART, device: 'unknown' };

/** Always in the same order, so that two servers that store at once don't wait for each other in a circle. */
async function store(db: Database, rows: Row[]): Promise<void> {
  const sorted = rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  await db.transaction(
    async (trx) => {
      for (let at = 0; at < sorted.length; at += ROWS_AT_ONCE) {
        await trx.query
          .insertInto('openings')
          .values(sorted.slice(at, at + ROWS_AT_ONCE))
          .onConflict((conflict) =>
            conflict
              .columns(['form', 'hour', 'link', 'language', 'device', 'visitor'])
              .doUpdateSet({ count: sql<number>`openings.count + excluded.count` }),
          )
          .execute();
      }
    },
    { locksRow: true },
  );
}

const ROWS_AT_ONCE = 500;
