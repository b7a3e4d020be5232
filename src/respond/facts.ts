/** What is known of a submission's Wink screens, and asking Smile where the browser has only claimed. */
import type { Answers } from '../form/condition.ts';
import type { Form } from '../form/schema.ts';
import { mayLeave } from '../form/wink.ts';
import { forgetClaim, listAccounts, recordAccount, type Account } from '../record/accounts.ts';
import { inTransaction, type Database } from '../record/database.ts';
import { listEvents } from '../record/events.ts';
import type { Submission } from '../record/submissions.ts';
import { isAccountStatus } from '../record/account-status.ts';
import { SmileError } from '../smile/error.ts';
import type { SmileAccount } from '../smile/shapes.ts';
import { record, type Desk } from './desk.ts';
import { notifyLinked } from './notify.ts';
import { winkStates } from './wink-state.ts';

/** The submission's answers with the state of each Wink screen under the screen's id. */
export async function answersWithStates(db: Database, submission: Submission, form: Form): Promise<Answers> {
  if (!form.screens.some((screen) => screen.wink)) return submission.answers;
  const accounts = await listAccounts(db, submission.id);
  const events = await listEvents(db, submission);
  return { ...submission.answers, ...winkStates(form, accounts, events) };
}

/**
 * Asks Smile about accounts that are only claimed, and when the screen where the widget was opened could not be left as
 * it stands. If Smile cannot be asked, the claim stands unconfirmed: an outage keeps nobody.
 */
export async function askAboutClaims(desk: Desk, submission: Submission, form: Form): Promise<void> {
  const { smileUserId: userId, winkScreen } = submission;
  if (!userId) return;
  const answers = await answersWithStates(desk.db, submission, form);
  const accounts = await listAccounts(desk.db, submission.id);
  const claimed = accounts.some(({ status, confirmed }) => status === 'CONNECTED' && !confirmed);
  const unmet = form.screens.some((screen) => screen.id === winkScreen && !mayLeave(screen, answers));
  if (!claimed && !unmet) return;
  try {
    await recordTruth(desk, submission, accounts, await desk.smile.listAccounts(userId));
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    const { kind, status, requestId } = error;
    desk.log.warn({ kind, status, requestId }, 'Smile could not be asked about accounts');
  }
}

/** Writes what Smile says together with the events that tell it, so that neither is ever without the other. */
async function recordTruth(desk: Desk, submission: Submission, known: Account[], truth: SmileAccount[]): Promise<void> {
  const now = desk.now();
  await inTransaction(desk.db, async (db) => {
    for (const { accountId, providerId, status, errorCode, at } of truth) {
      const screen = known.find((one) => one.accountId === accountId)?.screen ?? submission.winkScreen;
      if (!screen || !isAccountStatus(status)) continue;
      const fact = { accountId, submissionId: submission.id, screen, providerId, status, errorCode, at };
      const recorded = await recordAccount(db, { ...fact, confirmed: true, now });
      await notifyLinked(db, recorded, now);
      await record(db, submission, 'accountChecked', { accountId, status, screen }, now);
    }
    const claims = known.filter(({ confirmed }) => !confirmed);
    for (const { accountId, screen } of claims.filter(
      (claim) => !truth.some((one) => one.accountId === claim.accountId),
    )) {
      await forgetClaim(db, accountId, submission.id);
      await record(db, submission, 'accountChecked', { accountId, status: 'unknown', screen }, now);
    }
  });
}
