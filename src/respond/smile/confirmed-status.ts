/** Taking Smile's word on an account, with what follows from it. */
import { recordAccount, type AccountReport, type Recorded } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { removeLinked } from '../../record/accounts/account-data.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import { enqueueProviderNames } from '../../record/accounts/providers.ts';
import { recordServerEvent } from '../services.ts';
import { notifyLinked } from '../notify.ts';

/** Smile says that data is there within 5 minutes, mostly within seconds (Smile, Onboarding FAQs); it tells when it is. */
const LOOK_FOR_DATA_MS = 20_000;

/** How soon Smile is asked after something has happened. */
const ASK_AFTER_MS = 2 * 60_000;

/**
 * Records what Smile itself has said of an account. One that is connected anew is to be read; one that the person has
 * disconnected takes along what was read from it. Within the transaction that stores who said so.
 */
export async function applyConfirmedStatus(
  trx: Database,
  report: Omit<AccountReport, 'confirmed'>,
): Promise<Recorded | 'foreign'> {
  const { now, submissionId } = report;
  const recorded = await recordAccount(trx, { ...report, confirmed: true });
  if (recorded === 'foreign' || !recorded.changed) return recorded;
  const { accountId, providerId, status, revokedAt } = recorded.account;
  if (!recorded.before?.confirmed) await enqueueProviderNames(trx, [providerId], now);
  await notifyLinked(trx, recorded, now);
  if (status === 'CONNECTED') {
    const dueAt = new Date(now.getTime() + LOOK_FOR_DATA_MS);
    await enqueue(trx, { kind: 'retrieve', subject: accountId, submissionId, dueAt }, now);
  }
  if (status === 'DISCONNECTED' && revokedAt === null) {
    const points = await removeLinked(trx, accountId, now);
    if (points)
      await recordServerEvent(trx, { id: submissionId }, 'linkedRemoved', { accountId, providerId, points }, now);
  }
  return recorded;
}

/** Has Smile asked about a submission's accounts before long: the widget is open, or something has just happened there. */
export const scheduleReconcile = (trx: Database, submissionId: string, now: Date): Promise<void> =>
  enqueue(trx, { kind: 'reconcile', subject: submissionId, submissionId, dueAt: new Date(now.getTime() + ASK_AFTER_MS) }, now); // prettier-ignore
