/** Compares the clock of the machine with the stored events when a site starts. A wrong clock must delete nothing. */
import type { Logger } from 'pino';
import type { Database } from '../record/db/database.ts';
import type { JobHandler } from '../record/jobs/worker.ts';

const HOUR_MS = 3_600_000;
/** A site is seldom without any event for longer. */
const QUIET_MS = 30 * 24 * HOUR_MS;

/**
 * Logs a warning where the clock is behind the newest event, or far ahead of it.
 * @returns the time from which old data may be deleted. An operator has an hour to correct a clock that is far ahead
 */
export async function checkClock(db: Database, now: Date, log: Logger): Promise<Date> {
  const newest = await db.query.selectFrom('events').select('received_at').orderBy('seq', 'desc').executeTakeFirst();
  const aheadMs = newest ? now.getTime() - Date.parse(newest.received_at) : 0;
  const times = { now, newestEvent: newest?.received_at };
  if (aheadMs < -HOUR_MS) log.warn(times, 'The clock of this machine is behind the newest event. Set the clock, or new submissions get wrong times'); // prettier-ignore
  if (aheadMs <= QUIET_MS) return now;
  log.warn(times, 'The newest event is older than 30 days. If the clock of this machine is wrong, set it within an hour. Then Flipsite deletes data that is too old'); // prettier-ignore
  return new Date(now.getTime() + HOUR_MS);
}

/** The same job, which does nothing before `start`. */
export const notBefore = (start: Date, now: () => Date, handler: JobHandler): JobHandler => ({
  ...handler,
  run: async (job) => (now() < start ? { again: start } : handler.run(job)),
});
