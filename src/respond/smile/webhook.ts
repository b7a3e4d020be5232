/** Receives Smile's webhooks: verifies them, stores each once, and applies them. */
import { isAccountStatus } from '../../record/accounts/account-status.ts';
import { findAccount, recordMonitor } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { appendEvents, isStored, sizeOf, type RecordedEvent } from '../../record/events.ts';
import { webhooksAfter } from '../../record/event-queries.ts';
import { findInvitationOfSmileUser } from '../../record/invitations.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import { appendSmileEvent } from '../../record/smile-events.ts';
import { findSubmissionBySmileUser, type Submission } from '../../record/submissions/submissions.ts';
import { accountFact, parseWebhook, verifySignature, type SmileEvent } from '../../smile/webhook.ts';
import { applyConfirmedStatus, RECONCILE, schedulePoll } from './confirmed-status.ts';
import { ARCHIVE_TYPES } from './check-uploads.ts';
import type { Services } from '../services.ts';
import { done, fail, type Result } from '../errors/api-error.ts';

/** How many events were stored, and how many were repeats. `leftOut`: those that came beyond a limit and are not stored. */
export type ReceivedWebhook = { stored: number; repeated: number; leftOut?: number };

/**
 * Receives one webhook. If an event with its id is stored already, Flipsite answers with success and applies nothing. If a
 * limit is reached, Flipsite applies it and does not store it.
 * @param raw the exact bytes of the body, which the signature covers
 * @param secrets those of all webhooks of the site, old and new. Without any, every request fails
 * @param mayStoreUnowned counts bytes that no person of this site causes. False if there were too many today
 */
export async function receiveWebhook(
  services: Services,
  raw: Uint8Array,
  signature: string | undefined,
  secrets: readonly string[],
  mayStoreUnowned: (bytes: number) => boolean = () => true,
): Promise<Result<ReceivedWebhook>> {
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
  // A transaction may run again.
  let mayStore: boolean | undefined;
  const outcome = await services.db.transaction(async (trx) => {
    const submission = await submissionOf(trx, event);
    const personId = submission?.id ?? (event.userId && (await findInvitationOfSmileUser(trx, event.userId)));
    const row: RecordedEvent = {
      id: event.id,
      submissionId: submission?.id ?? null,
      smileUserId: event.userId ?? null,
      name: event.type,
      source: 'webhook',
      at: new Date(event.createdAt).toISOString(),
      receivedAt: now.toISOString(),
      data: event.body,
    };
    if (!personId) return appendUnowned(trx, row, () => (mayStore ??= mayStoreUnowned(sizeOf(row) + ROW_BYTES)));
    const appended = await appendSmileEvent(trx, personId, row);
    if (appended !== 'repeated' && submission) await applyEvent(trx, event, submission, now);
    return appended;
  });
  return done({
    stored: Number(outcome === 'stored'),
    repeated: Number(outcome === 'repeated'),
    ...(outcome === 'leftOut' && { leftOut: 1 }),
  });
}

/** The size of a row without its data. */
const ROW_BYTES = 1_000;

/** Stores a webhook about a person whom this site does not know, within the limit for all of them together. */
async function appendUnowned(trx: Database, row: RecordedEvent, mayStore: () => boolean) {
  if (await isStored(trx, row)) return 'repeated';
  if (!mayStore()) return 'leftOut';
  return (await appendEvents(trx, [row])).stored.length ? 'stored' : 'repeated';
}

async function submissionOf(trx: Database, { userId }: SmileEvent): Promise<Submission | undefined> {
  return userId === undefined ? undefined : findSubmissionBySmileUser(trx, userId);
}

/** After these types there is new data to retrieve. Other types come while Smile still collects it. */
const DATA_EVENTS = /^(TASK_FINISHED|ACCOUNT_SYNC_TASK_FINISHED|[A-Z]+_UPDATED)$/;

/** Smile sends an event for each change. One job then retrieves all of them. */
const DEBOUNCE_MS = 3_000;

/**
 * Applies an event to the submission of its user. Repeats change nothing. The later of two reports about an account
 * stands, in whatever order they arrive.
 * @returns whether the status of an account changed
 */
async function applyEvent(trx: Database, event: SmileEvent, submission: Submission, now: Date): Promise<boolean> {
  const fact = accountFact(event);
  let changed = false;
  if (fact && isAccountStatus(fact.status)) {
    const { accountId, providerId, status, errorCode, at } = fact;
    const screen = submission.winkScreen ?? '';
    const recorded = await applyConfirmedStatus(trx, { accountId, submissionId: submission.id, screen, widget: submission.winkWidget, providerId, status, errorCode, at, now }); // prettier-ignore
    changed = typeof recorded !== 'string' && recorded.changed;
    await schedulePoll(trx, RECONCILE, submission.id, now);
  }
  if (ARCHIVE_TYPES.includes(event.type)) {
    const dueAt = new Date(now.getTime() + DEBOUNCE_MS);
    await enqueue(trx, { kind: RECONCILE, subject: submission.id, submissionId: submission.id, dueAt }, now);
  }
  const { type, accountId: subject, data } = event;
  // The data of an account that is not stored yet is retrieved once it is connected.
  if (!subject || (await findAccount(trx, subject))?.submissionId !== submission.id) return changed;
  const monitor = typeof data['monitorStatus'] === 'string' ? data['monitorStatus'].slice(0, 100) : undefined;
  if (monitor) await recordMonitor(trx, subject, { monitor, at: event.createdAt });
  if (DATA_EVENTS.test(type)) {
    const dueAt = new Date(now.getTime() + (type === 'TASK_FINISHED' ? 0 : DEBOUNCE_MS));
    await enqueue(trx, { kind: 'retrieve', subject, submissionId: submission.id, dueAt }, now);
  }
  return changed;
}

/**
 * Applies all stored webhooks again, oldest first: after a bug was fixed, or when a submission got their user later.
 * Running it twice has no further effect.
 * @param since only webhooks received at or after this time
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
    const { event } = parsed;
    const changed = await services.db.transaction(async (trx) => {
      const submission = await submissionOf(trx, event);
      return submission !== undefined && (await applyEvent(trx, event, submission, services.now()));
    });
    if (changed) count.changed++;
  }
  return count;
}
