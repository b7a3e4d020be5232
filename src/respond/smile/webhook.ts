/** Smile's webhooks: verified, stored once, and believed. */
import { isAccountStatus } from '../../record/accounts/account-status.ts';
import { findAccount, noteMonitor } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { appendEvents, webhooksAfter } from '../../record/events.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import { findSubmissionBySmileUser } from '../../record/submissions/submissions.ts';
import { accountFact, parseWebhook, verifySignature, type SmileEvent } from '../../smile/webhook.ts';
import { applyConfirmedStatus, scheduleReconcile } from './confirmed-status.ts';
import { ARCHIVE_TYPES } from './check-uploads.ts';
import type { Services } from '../services.ts';
import { done, fail, type Result } from '../api-error.ts';

/**
 * Takes one webhook in.
 * @param raw the body's very bytes, which the signature is over
 * @param secrets those of all webhooks that are ours, old and new; without one nothing can be believed and all is refused
 */
export async function receiveWebhook(
  services: Services,
  raw: Uint8Array,
  signature: string | undefined,
  secrets: readonly string[],
): Promise<Result<{ stored: number; repeated: number }>> {
  if (!secrets.some((secret) => verifySignature(raw, signature, secret))) {
    return fail(
      'unauthorized',
      'The signature in Smile-Signature is missing or wrong. Check the secret of the webhook.',
    );
  }
  const parsed = parseWebhook(raw);
  if (!parsed.ok) return fail('invalid_request', `${parsed.message}.`);
  const { event } = parsed;
  const now = services.now();
  const count = await services.db.transaction(async (trx) => {
    const submission = event.userId ? await findSubmissionBySmileUser(trx, event.userId) : undefined;
    const { stored, repeated } = await appendEvents(trx, [
      {
        id: event.id,
        submissionId: submission?.id ?? null,
        smileUserId: event.userId ?? null,
        name: event.type,
        source: 'webhook',
        at: new Date(event.createdAt).toISOString(),
        receivedAt: now.toISOString(),
        data: event.body,
      },
    ]);
    if (stored.length) await takeIn(trx, event, now);
    return { stored: stored.length, repeated };
  });
  return done(count);
}

/** Types after which there is something new to read; the others of a reading come before it is finished. */
const TELLS_OF_DATA = /^(TASK_FINISHED|ACCOUNT_SYNC_TASK_FINISHED|[A-Z]+_UPDATED)$/;

/** Smile tells of each thing that has changed; one reading fetches all of them. */
const GATHER_MS = 3_000;

/** What an event means. It may be taken in any number of times, in any order. Returns whether it changed an account. */
async function takeIn(trx: Database, event: SmileEvent, now: Date): Promise<boolean> {
  const submission = event.userId ? await findSubmissionBySmileUser(trx, event.userId) : undefined;
  if (!submission) return false;
  const fact = accountFact(event);
  let changed = false;
  if (fact && isAccountStatus(fact.status)) {
    const { accountId, providerId, status, errorCode, at } = fact;
    const screen = submission.winkScreen ?? '';
    const said = await applyConfirmedStatus(trx, { accountId, submissionId: submission.id, screen, widget: submission.winkWidget, providerId, status, errorCode, at, now }); // prettier-ignore
    changed = said !== 'foreign' && said.changed;
    await scheduleReconcile(trx, submission.id, now);
  }
  if (ARCHIVE_TYPES.includes(event.type)) {
    const dueAt = new Date(now.getTime() + GATHER_MS);
    await enqueue(trx, { kind: 'reconcile', subject: submission.id, submissionId: submission.id, dueAt }, now);
  }
  const { type, accountId: subject, data } = event;
  const monitor = typeof data['monitorStatus'] === 'string' ? data['monitorStatus'].slice(0, 100) : undefined;
  if (subject && monitor && (await findAccount(trx, subject))?.submissionId === submission.id)
    await noteMonitor(trx, subject, monitor);
  if (subject && TELLS_OF_DATA.test(type)) {
    const dueAt = new Date(now.getTime() + (type === 'TASK_FINISHED' ? 0 : GATHER_MS));
    await enqueue(trx, { kind: 'retrieve', subject, submissionId: submission.id, dueAt }, now);
  }
  return changed;
}

/**
 * Takes in again what the store has of webhooks, oldest first: for when they came before a mistake of ours was mended, or
 * before the person they are about was known here. Doing it twice is doing it once.
 * @param since only those received at or after this time
 */
export async function replayWebhooks(
  services: Pick<Services, 'db' | 'now'>,
  since = new Date(0),
): Promise<{ events: number; changed: number }> {
  const count = { events: 0, changed: 0 };
  for await (const { data } of webhooksAfter(services.db, since)) {
    const parsed = parseWebhook(Buffer.from(JSON.stringify(data)));
    if (!parsed.ok) continue;
    count.events++;
    if (await services.db.transaction((trx) => takeIn(trx, parsed.event, services.now()))) count.changed++;
  }
  return count;
}
