/** Forgetting people: because somebody asked for it, or because a form's `retention` has run out. */
import { retentionMs } from '../form/retention.ts';

import { erase, eraseInvitation, eraseLate, eraseUnownedWebhooks, expiredBefore, unsentSince, untouchedSince } from '../record/erasure.ts'; // prettier-ignore
import { removeBytes, sweepFiles } from '../record/files/files.ts';
import { deleteKeys } from '../record/idempotency.ts';
import { enqueue } from '../record/jobs/jobs.ts';
import type { JobHandler } from '../record/jobs/worker.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { recordServerEvent, type Services } from './services.ts';

/** Why a submission was erased; where it was asked for, the address of the member who did it, or "API". */
export type EraseReason = { reason: 'retention' } | { reason: 'asked'; by: string };

type EraseDesk = Pick<Services, 'db' | 'files' | 'now' | 'log'>;

/**
 * Erases a submission for good, the bytes of its files included, and what Smile holds of its accounts as soon as Smile
 * can be told. False when there is none, or nothing of it is left.
 */
export async function eraseSubmission(services: EraseDesk, id: string, why: EraseReason): Promise<boolean> {
  const left = await eraseStored(services, id, why);
  // What is left behind here, by a crash or while the store is away, no file has any more: the next sweep takes it.
  await removeBytes(services, left ?? []);
  return left !== undefined;
}

/** @returns the files whose bytes go now; nothing when there is nothing to erase */
function eraseStored({ db, now }: EraseDesk, id: string, why: EraseReason): Promise<string[] | undefined> {
  return db.transaction(async (trx) => {
    const left = await erase(trx, id, now());
    if (!left) return undefined;
    for (const subject of left.accounts) await enqueue(trx, { kind: 'disconnect', subject }, now());
    for (const subject of left.archives) await enqueue(trx, { kind: 'takeBack', subject }, now());
    const late = { data: { user: left.user }, dueAt: new Date(now().getTime() + LATE_MS) };
    await enqueue(trx, { kind: 'forget', subject: id, ...late }, now());
    await recordServerEvent(trx, { id }, 'erased', why, now());
    return left.files;
  });
}

/** Longer than any request takes, and than Smile takes to tell that an account is cut off. */
const LATE_MS = 15 * 60_000;
const MINUTELY = Array<number>(10_000).fill(60_000);

/** Erases what was still on its way to a submission when it was erased. */
export const forgetJob = ({ db, now }: Pick<Services, 'db' | 'now'>): JobHandler => ({
  backoff: MINUTELY,
  run: ({ subject, data }) => eraseLate(db, subject, typeof data['user'] === 'string' ? data['user'] : null, now()),
});

/** Removes deleted content from the files of the database, once nothing reads its old pages any more. */
export const wipeJob = ({ db, now }: Pick<Services, 'db' | 'now'>): JobHandler => ({
  backoff: MINUTELY,
  async run() {
    return (await db.engine.wipe()) ? undefined : { again: new Date(now().getTime() + 60_000) };
  },
});

/** At most so many submissions of a form at once, and so many of its invitations: others wait for the store meanwhile. */
const AT_ONCE = 100;
const HOUR_MS = 60 * 60_000;

/**
 * How long webhooks are kept that belong to nobody here. Flipsite knows a person's Smile user before the sign-in window
 * opens, so that only those of deleted people and of other sites of the same Smile account are left over.
 */
const UNOWNED_WEBHOOKS_MS = SITE_LIMITS.unownedWebhookDays.value * 24 * HOUR_MS;
const UNSENT_MS = SITE_LIMITS.unsentDraftDays.value * 24 * HOUR_MS;

/** Every hour, to the end of time: an hour in which the store was away is made up for in the next one. */
const HOURLY = Array<number>(10_000).fill(HOUR_MS);

/**
 * Erases what the `retention` of each form says, every hour; of a form without one, drafts that nobody has sent. Forms that
 * are gone from the folder go by their last version.
 */
export function retentionJob(services: EraseDesk & Pick<Services, 'catalog'>): JobHandler {
  return {
    backoff: HOURLY,
    async run() {
      const now = services.now();
      let more = false;
      for (const { form } of services.catalog.list()) {
        const before = new Date(now.getTime() - (form.retention ? retentionMs(form.retention) : UNSENT_MS));
        const find = form.retention ? untouchedSince : unsentSince;
        const ids = await find(services.db, form.slug, before, AT_ONCE);
        const left: string[] = [];
        for (const id of ids) left.push(...((await eraseStored(services, id, { reason: 'retention' })) ?? []));
        await removeBytes(services, left);
        const invited = form.retention ? await expiredBefore(services.db, form.slug, before, AT_ONCE) : [];
        for (const id of invited) await eraseInvitation(services.db, id, now, before);
        more ||= ids.length === AT_ONCE || invited.length === AT_ONCE;
      }
      const unowned = await eraseUnownedWebhooks(
        services.db,
        new Date(now.getTime() - UNOWNED_WEBHOOKS_MS),
        AT_ONCE,
        now,
      );
      more ||= unowned === AT_ONCE;
      return { again: new Date(now.getTime() + (more ? 0 : HOUR_MS)) };
    },
  };
}

/** Deletes, every hour, idempotency keys that no retry can come with any more. */
export function keysJob({ db, now }: Pick<Services, 'db' | 'now'>): JobHandler {
  return {
    backoff: HOURLY,
    async run() {
      const time = now().getTime();
      const before = (days: number) => new Date(time - days * 24 * HOUR_MS);
      const starts = await deleteKeys(db, 'starts', before(SITE_LIMITS.startKeyDays.value), KEYS_AT_ONCE);
      const writes = await deleteKeys(db, 'writes', before(SITE_LIMITS.writeKeyDays.value), KEYS_AT_ONCE);
      return { again: new Date(time + (starts || writes ? 0 : HOUR_MS)) };
    },
  };
}

/** Some hundredths of a second of work. */
const KEYS_AT_ONCE = 1_000;

/** Removes, every hour, bytes that no file has: what a crash or a lost connection has left behind. */
export function sweepJob({ db, files, now, log }: EraseDesk): JobHandler {
  return {
    backoff: HOURLY,
    async run() {
      const begun = now().getTime();
      try {
        await sweepFiles(db, files, new Date(begun - HOUR_MS));
      } catch (error) {
        log.warn({ err: error }, 'Could not remove unused files');
        throw error;
      }
      return { again: new Date(begun + HOUR_MS) };
    },
  };
}
