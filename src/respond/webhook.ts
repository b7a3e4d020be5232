/** Smile's webhooks: verified, stored once, and believed. */
import { isAccountStatus } from '../record/account-status.ts';
import { recordAccount } from '../record/accounts.ts';
import { inTransaction } from '../record/database.ts';
import { appendEvents } from '../record/events.ts';
import { findSubmissionBySmileUser } from '../record/submissions.ts';
import { accountFact, parseWebhook, verifySignature } from '../smile/webhook.ts';
import type { Desk } from './desk.ts';
import { notifyLinked } from './notify.ts';
import { done, refuse, type Outcome } from './refusal.ts';

/**
 * Takes one webhook in.
 * @param raw the body's very bytes, which the signature is over
 * @param secret `WEBHOOK_SECRET`; without one nothing can be believed and all is refused
 */
export async function receiveWebhook(
  desk: Desk,
  raw: Uint8Array,
  signature: string | undefined,
  secret: string | undefined,
): Promise<Outcome<{ stored: number; repeated: number }>> {
  if (!secret || !verifySignature(raw, signature, secret)) {
    return refuse('unauthorized', 'The signature in Smile-Signature is missing or does not fit this body.');
  }
  const parsed = parseWebhook(raw);
  if (!parsed.ok) return refuse('invalid_request', `${parsed.message}.`);
  const { event } = parsed;
  const now = desk.now();
  const count = await inTransaction(desk.db, async (trx) => {
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
    const fact = accountFact(event);
    if (stored.length && submission && fact && isAccountStatus(fact.status)) {
      const { accountId, providerId, status, errorCode, at } = fact;
      const screen = submission.winkScreen ?? '';
      const recorded = await recordAccount(trx, {
        accountId,
        submissionId: submission.id,
        screen,
        providerId,
        status,
        errorCode,
        confirmed: true,
        at,
        now,
      });
      await notifyLinked(trx, recorded, now);
    }
    return { stored: stored.length, repeated };
  });
  return done(count);
}
