/** Applies an account status that Smile confirmed, with its consequences. */
import { recordAccount, type AccountReport, type Ignored, type Recorded } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { removeLinked } from '../../record/accounts/account-data.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import { enqueueProviderNames } from '../../record/accounts/providers.ts';
import { recordSmileEvent } from '../services.ts';
import { notifyLinked } from '../notify.ts';

/** Smile has data within 5 minutes, mostly within seconds (Smile, Onboarding FAQs), and sends a webhook when it has. */
const RETRIEVE_DELAY_MS = 20_000;

/** How soon to poll Smile after an event. */
const RECONCILE_DELAY_MS = 2 * 60_000;

/**
 * Records an account status that Smile confirmed. A newly connected account is queued to be read. The stored data of one that
 * was disconnected is removed, unless `revoke` did it. Runs in the transaction that stores the source of the status.
 */
export async function applyConfirmedStatus(
  trx: Database,
  report: Omit<AccountReport, 'confirmed'>,
): Promise<Recorded | Ignored> {
  const { now, submissionId } = report;
  const recorded = await recordAccount(trx, { ...report, confirmed: true });
  if (typeof recorded === 'string' || !recorded.changed) return recorded;
  const { accountId, providerId, status, revokedAt } = recorded.account;
  if (!recorded.before?.confirmed) await enqueueProviderNames(trx, [providerId], now);
  await notifyLinked(trx, recorded, now);
  if (status === 'CONNECTED') {
    const dueAt = new Date(now.getTime() + RETRIEVE_DELAY_MS);
    await enqueue(trx, { kind: 'retrieve', subject: accountId, submissionId, dueAt }, now);
  }
  if (status === 'DISCONNECTED' && revokedAt === null) {
    const points = await removeLinked(trx, accountId, now);
    if (points)
      await recordSmileEvent(trx, { id: submissionId }, 'linkedRemoved', { accountId, providerId, points }, now);
  }
  return recorded;
}

/** The jobs that poll Smile about a submission: because Smile has reported something, or because a window is open. */
export const RECONCILE = 'reconcile';
export const WATCH = 'watch';

/** Queues a poll of Smile about a submission's accounts. @param kind `WATCH` for a poll that anyone can cause */
export const schedulePoll = (
  trx: Database,
  kind: typeof RECONCILE | typeof WATCH,
  submissionId: string,
  now: Date,
): Promise<void> =>
  enqueue(trx, { kind, subject: submissionId, submissionId, dueAt: new Date(now.getTime() + RECONCILE_DELAY_MS) }, now);
