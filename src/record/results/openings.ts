/** Counts of pages that became visible. They wait in memory, so that an opening writes nothing. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { hourOf, type DeviceClass, type VisitorClass } from '../links/clicks.ts';
import type { Tables } from '../db/tables.ts';

/** Only a `person` is in the numbers. A repeated visit is known only of a link. */
export type Visitor = Exclude<VisitorClass, 'repeat'>;

export type PageOpening = { form: string; link: string; language: string; device: DeviceClass; visitor: Visitor };

export interface Openings {
  /** Counts one opening. Cheap: it waits for nothing. */
  add(opening: PageOpening, now: Date): void;
  /** Stores the counts that wait. If that fails, they wait for the next time. */
  flush(db: Database): Promise<void>;
}

type Row = Tables['openings'];

/** Counters by what they count. Where a flood of different ones comes, more are not counted until the next flush. */
export function countOpenings(): Openings {
  let waiting = new Map<string, Row>();

  function take(row: Row): void {
    const { form, hour, link, language, device, visitor, count } = row;
    const name = JSON.stringify([form, hour, link, language, device, visitor]);
    const known = waiting.get(name);
    if (known) known.count += count;
    else if (waiting.size < SITE_LIMITS.openingCounters.value) waiting.set(name, { ...row });
  }

  return {
    add: (opening, now) => take({ ...opening, hour: hourOf(now), count: 1 }),
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
