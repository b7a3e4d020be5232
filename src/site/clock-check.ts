/** Compares the clock of the machine with PostgreSQL and with the stored events when a site starts. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { DATABASE_CLOCK, explainClockDifference } from '../record/db/clock-difference.ts';
import type { Database } from '../record/db/database.ts';

const HOUR_MS = 3_600_000;

/**
 * Logs a warning if the clock differs from that of PostgreSQL, or is behind the newest event. The job of retention finds a
 * clock that is far ahead.
 */
export async function warnOfClock(db: Database, clock: () => Date, log: Logger): Promise<void> {
  if (db.engine.kind === 'postgres') {
    const read = async () => (await sql.raw<{ ms: number }>(DATABASE_CLOCK).execute(db.query)).rows[0]?.ms ?? 0;
    const difference = await explainClockDifference(read, () => clock().getTime());
    if (difference) log.warn(difference);
  }
  const now = clock();
  const newest = await db.query
    .selectFrom('events')
    .select('received_at')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!newest || now.getTime() >= Date.parse(newest.received_at) - HOUR_MS) return;
  log.warn({ now, newestEvent: newest.received_at }, 'The clock of this machine is behind the newest event. Set the clock, or new submissions get wrong times'); // prettier-ignore
}
