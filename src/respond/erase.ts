/** Erases submissions, on request or when the form's `retention` has passed, and cleans up the store every hour. */
import { setTimeout as pause } from 'node:timers/promises';
import { retentionMs } from '../form/settings/retention.ts';
import type { Database } from '../record/db/database.ts';
import { StoreFault } from '../record/db/fault.ts';
import { erase, eraseInvitation, eraseLate, deleteUnownedWebhooks } from '../record/erasure.ts';
import { expiredBefore, findDraftsUnchangedSince, findUnchangedSince } from '../record/retention.ts';
import { deleteFormComments } from '../record/forms/form-comments.ts';
import { removeBytes } from '../record/files/files.ts';
import { sweepOwnFiles } from '../record/files/site-marks.ts';
import { deleteKeys } from '../record/idempotency.ts';
import { enqueue, findDueTime, type Job } from '../record/jobs/jobs.ts';
import { HOUR_MS, HOURLY, MINUTELY, type JobHandler } from '../record/jobs/worker.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { recordServerEvent, type Services } from './services.ts';

/** `by` is the email address of the member who erased it, or "API". */
export type EraseReason = { reason: 'retention' } | { reason: 'asked'; by: string };

type EraseServices = Pick<Services, 'db' | 'files' | 'now' | 'log'>;

/**
 * Erases a submission with the bytes of its files, and queues the deletion of its data at Smile.
 * @returns false if there is no such submission, or it was erased before
 */
export async function eraseSubmission(services: EraseServices, id: string, reason: EraseReason): Promise<boolean> {
  const erased = await eraseStored(services, id, reason);
  // If this fails, the next sweep removes the bytes: no file row names them any more.
  await removeBytes(services, erased ?? []);
  return erased !== undefined;
}

/**
 * @param unchangedSince erases it only if its last change is before that moment
 * @returns the ids of the files whose bytes can be removed; undefined if there is nothing to erase
 */
function eraseStored(
  { db, now }: EraseServices,
  id: string,
  reason: EraseReason,
  unchangedSince?: Date,
): Promise<string[] | undefined> {
  const eraseAndEnqueue = async (trx: Database): Promise<string[] | undefined> => {
    const erased = await erase(trx, id, now(), unchangedSince);
    if (!erased) return undefined;
    for (const { id: subject, confirmed } of erased.accounts)
      await enqueue(trx, { kind: 'disconnect', subject, ...(!confirmed && { data: { user: erased.user } }) }, now());
    for (const subject of erased.archives) await enqueue(trx, { kind: 'takeBack', subject }, now());
    const dueAt = new Date(now().getTime() + ERASE_LATE_AFTER_MS);
    await enqueue(trx, { kind: 'forget', subject: id, data: { user: erased.user }, dueAt }, now());
    // A person whose data has expired has no sign-in window open.
    if (erased.user && reason.reason === 'asked')
      await enqueue(trx, { kind: 'disconnectLate', subject: erased.user, dueAt }, now());
    await recordServerEvent(trx, { id }, 'erased', reason, now());
    return erased.files;
  };
  return db.transaction(eraseAndEnqueue, { locksRow: true });
}

/** Longer than any request takes, and than Smile takes to report that an account was disconnected. */
const ERASE_LATE_AFTER_MS = 15 * 60_000;

/** Erases data that arrived for a submission after it was erased. */
export const eraseLateJob = ({ db, now }: Pick<Services, 'db' | 'now'>): JobHandler => ({
  backoff: MINUTELY,
  run: ({ subject, data }) => eraseLate(db, subject, typeof data['user'] === 'string' ? data['user'] : null, now()),
});

/** Removes deleted content from the database files, once no reader uses their old pages. */
export const wipeJob = ({ db, now }: Pick<Services, 'db' | 'now'>): JobHandler => ({
  backoff: MINUTELY,
  async run() {
    return (await db.engine.wipe()) ? undefined : { again: new Date(now().getTime() + 60_000) };
  },
});

/** Submissions, and invitations, of one form in one run: other writes wait for the store meanwhile. */
const MAX_PER_RUN = 100;

/**
 * How long to keep webhooks without a submission. Flipsite mostly knows a person's Smile user before the sign-in window
 * opens. So nearly all of these are of erased people, and of other sites with the same Smile account.
 */
const UNOWNED_WEBHOOK_DAYS = SITE_LIMITS.unownedWebhookDays.value;
const UNSENT_MS = SITE_LIMITS.unsentDraftDays.value * 24 * HOUR_MS;

/**
 * Every hour, erases submissions older than the `retention` of their form, and its expired invitations. Without a
 * `retention`, it erases old drafts. It also deletes old webhooks without a submission, and old comments on forms.
 * Forms that are no longer in the folder use their last version. After a gap of a week it waits for a day; see `isPaused`.
 */
export function retentionJob(services: EraseServices & Pick<Services, 'catalog'>): JobHandler {
  return {
    backoff: HOURLY,
    async run(job) {
      const now = services.now();
      if (await isPaused(services, job)) return { again: new Date(now.getTime() + HOUR_MS) };
      const { tryAlone, tryEach } = createTries(services);
      let more = false;
      for (const { form } of services.catalog.list()) {
        const before = new Date(now.getTime() - (form.retention ? retentionMs(form.retention) : UNSENT_MS));
        const about = { form: form.slug };
        await tryAlone(about, async () => {
          const find = form.retention ? findUnchangedSince : findDraftsUnchangedSince;
          const ids = await find(services.db, form.slug, before, MAX_PER_RUN);
          const files: string[] = [];
          const eraseOne = async (id: string) => void files.push(...((await eraseStored(services, id, { reason: 'retention' }, before)) ?? [])); // prettier-ignore
          try {
            more = (await tryEach(about, ids, eraseOne)) || more;
          } finally {
            await removeBytes(services, files);
          }
        });
        if (!form.retention) continue;
        await tryAlone(about, async () => {
          const ids = await expiredBefore(services.db, form.slug, before, MAX_PER_RUN);
          more = (await tryEach(about, ids, (id) => eraseInvitation(services.db, id, now, before))) || more;
        });
      }
      const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * HOUR_MS);
      await tryAlone({}, async () => {
        const unowned = await deleteUnownedWebhooks(services.db, daysAgo(UNOWNED_WEBHOOK_DAYS), MAX_PER_RUN, now);
        more ||= unowned === MAX_PER_RUN;
      });
      await tryAlone({}, () => deleteFormComments(services.db, daysAgo(DONE_COMMENT_DAYS), daysAgo(COMMENT_DAYS), now));
      return { again: new Date(now.getTime() + (more ? 0 : HOUR_MS)) };
    },
  };
}

/** After so much time in deletions, the next run goes on, so that other jobs and a shutdown have their turn. */
const MAX_RUN_MS = 5_000;

/** With so many locked rows, the others may be locked too. The database waits for each, and a job has two minutes. */
const MAX_LOCKED = 3;

/**
 * Tries the parts of one cleanup. If one fails, that is logged and the others still run, since the reason may be one damaged row.
 * Throws a `StoreFault` if the others would fail too. `about` is for the log.
 */
function createTries({ db, log }: EraseServices) {
  let locked = 0;
  /** In deletions that succeeded. Locks end the run once there are `MAX_LOCKED`. */
  let spentMs = 0;
  /** A lock on SQLite is on the whole database. On PostgreSQL, another program may have locked one row. */
  const isOfOne = ({ kind }: StoreFault) =>
    kind === 'broken' || (kind === 'locked' && db.engine.kind === 'postgres' && ++locked < MAX_LOCKED);

  /** @returns whether it succeeded */
  async function tryAlone(about: object, run: () => Promise<unknown>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      if (error instanceof StoreFault && !isOfOne(error)) throw error;
      log.warn({ err: error, ...about }, 'Could not delete some of the old data; the next cleanup retries');
      return false;
    }
  }

  /** The same for each of `ids`. @returns whether there may be more to delete at once */
  async function tryEach(
    about: object,
    ids: readonly string[],
    run: (id: string) => Promise<unknown>,
  ): Promise<boolean> {
    let done = 0;
    for (const id of ids) {
      if (spentMs > MAX_RUN_MS) return true;
      const began = performance.now();
      if (!(await tryAlone(about, () => run(id)))) continue;
      done += 1;
      const tookMs = performance.now() - began;
      spentMs += tookMs;
      // Others write in between. On SQLite, all of them wait for each deletion, which takes up to a second if it is large.
      await pause(tookMs);
    }
    return done > 0 && ids.length === MAX_PER_RUN;
  }

  return { tryAlone, tryEach };
}

/** The job that is in the queue while the retention job deletes nothing. */
const PAUSE = { kind: 'retentionPause', subject: 'all' };
/** Retention runs every hour. After such a gap the server was off for long, or its clock is wrong. */
const GAP_MS = 7 * 24 * HOUR_MS;
const PAUSE_MS = 24 * HOUR_MS;

/** Ends the pause of retention by leaving the queue. */
export const retentionPauseJob = (): JobHandler => ({ backoff: HOURLY, run: () => Promise.resolve() });

/**
 * Whether to delete nothing now. With a clock that is months ahead, everything looks old, and a deletion can't be undone.
 * So after a gap, operators have a day to notice. A pause that a wrong clock put further ahead does not count, nor
 * one that ended while the server was off.
 * @param job the job of retention, with the time for which the run before planned it
 */
async function isPaused({ db, now, log }: EraseServices, { dueAt }: Job): Promise<boolean> {
  const time = now().getTime();
  const until = await findDueTime(db, PAUSE);
  const isCurrent = (at: number) => at > time && at <= time + PAUSE_MS;
  if (until && isCurrent(Date.parse(until))) return true;
  if (time - Date.parse(dueAt) <= GAP_MS) return false;
  await db.transaction(async (trx) => {
    // A job that is in the queue already would keep its earlier time.
    await trx.query.deleteFrom('jobs').where('kind', '=', PAUSE.kind).where('subject', '=', PAUSE.subject).execute();
    await enqueue(trx, { ...PAUSE, dueAt: new Date(time + PAUSE_MS) }, now());
  });
  log.warn({ lastDueAt: dueAt, now: now().toISOString() }, 'Flipsite deleted no old data for more than 7 days. Either it was off, or its clock is wrong. Check the clock: deletion continues in 24 hours'); // prettier-ignore
  return true;
}

/** How long comments on a preview are kept once they are done, and any of them. They have names of colleagues. */
const DONE_COMMENT_DAYS = 60;
const COMMENT_DAYS = 365;

/** Every hour, deletes idempotency keys that no retry can use any more. */
export function keysJob({ db, now }: Pick<Services, 'db' | 'now'>): JobHandler {
  return {
    backoff: HOURLY,
    async run() {
      const time = now().getTime();
      const before = (days: number) => new Date(time - days * 24 * HOUR_MS);
      const starts = await deleteKeys(db, 'starts', before(SITE_LIMITS.startKeyDays.value), MAX_KEYS_PER_RUN);
      const writes = await deleteKeys(db, 'writes', before(SITE_LIMITS.writeKeyDays.value), MAX_KEYS_PER_RUN);
      return { again: new Date(time + (starts || writes ? 0 : HOUR_MS)) };
    },
  };
}

/** Takes some hundredths of a second. */
const MAX_KEYS_PER_RUN = 1_000;

/** Every hour, removes the bytes that a crash or a lost connection left without a file row. */
export function sweepJob({ db, files, now, log }: EraseServices): JobHandler {
  let isTold = false;
  return {
    backoff: HOURLY,
    async run() {
      const startedAt = now().getTime();
      try {
        const shared = await sweepOwnFiles(db, files, new Date(startedAt - HOUR_MS));
        if (!isTold) for (const message of shared) log.warn({}, message);
        isTold = shared.length > 0;
      } catch (error) {
        log.warn({ err: error }, 'Could not remove unused files');
        throw error;
      }
      return { again: new Date(startedAt + HOUR_MS) };
    },
  };
}
