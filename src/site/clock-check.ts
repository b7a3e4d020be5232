/** Compares the clock of the machine with the stored events when a site starts. */
import type { Logger } from 'pino';
import type { Database } from '../record/db/database.ts';

const HOUR_MS = 3_600_000;

/** Logs a warning if the clock is behind the newest event. The job of retention finds a clock that is far ahead. */
export async function warnOfClock(db: Database, now: Date, log: Logger): Promise<void> {
  const newest = await db.query
    .selectFrom('events')
    .select('received_at')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!newest || now.getTime() >= Date.parse(newest.received_at) - HOUR_MS) return;
  log.warn({ now, newestEvent: newest.received_at }, 'The clock of this machine is behind the newest event. Set the clock, or new submissions get wrong times'); // prettier-ignore
}
