/** What is known of a submission's Wink screens, and asking Smile where the browser has only claimed. */
import type { Answers } from '../form/condition.ts';
import type { Form } from '../form/schema.ts';
import { mayLeave } from '../form/wink.ts';
import { listAccounts, recordAccount, type Account } from '../record/accounts.ts';
import { listEvents } from '../record/events.ts';
import type { Submission } from '../record/submissions.ts';
import { isAccountStatus } from '../record/account-status.ts';
import { SmileError } from '../smile/error.ts';
import { record, type Desk } from './desk.ts';
import { winkStates } from './wink-state.ts';

/** The submission's answers with the state of each Wink screen under the screen's id. */
export async function answersWithStates(desk: Desk, submission: Submission, form: Form): Promise<Answers> {
  if (!form.screens.some((screen) => screen.wink)) return submission.answers;
  const accounts = await listAccounts(desk.db, submission.id);
  const events = await listEvents(desk.db, submission);
  return { ...submission.answers, ...winkStates(form, accounts, events) };
}

/**
 * The same, after asking Smile about what is only claimed, and about screens that could not be left as they stand. If
 * Smile cannot be asked, the claim stands unconfirmed: an outage keeps nobody.
 */
export async function confirmedAnswers(desk: Desk, submission: Submission, form: Form): Promise<Answers> {
  const answers = await answersWithStates(desk, submission, form);
  const { smileUserId: userId } = submission;
  if (!userId) return answers;
  const accounts = await listAccounts(desk.db, submission.id);
  const claimed = accounts.some(({ status, confirmed }) => status === 'CONNECTED' && !confirmed);
  const unmet = form.screens.some(
    (screen) => screen.wink && screen.id === submission.winkScreen && !mayLeave(screen, answers),
  );
  if (!claimed && !unmet) return answers;
  try {
    await askSmile(desk, submission, userId, accounts);
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    desk.log.warn(
      { kind: error.kind, status: error.status, requestId: error.requestId },
      'Smile could not be asked about accounts',
    );
  }
  return answersWithStates(desk, submission, form);
}

async function askSmile(desk: Desk, submission: Submission, userId: string, known: Account[]): Promise<void> {
  const now = desk.now();
  const truth = await desk.smile.listAccounts(userId);
  for (const { accountId, providerId, status, errorCode, at } of truth) {
    const screen = known.find((one) => one.accountId === accountId)?.screen ?? submission.winkScreen;
    if (!screen || !isAccountStatus(status)) continue;
    const report = {
      accountId,
      submissionId: submission.id,
      screen,
      providerId,
      status,
      errorCode,
      confirmed: true,
      at,
      now,
    };
    await recordAccount(desk.db, report);
    await record(desk.db, submission, 'accountChecked', { accountId, status, screen }, now);
  }
  for (const account of known.filter(({ confirmed }) => !confirmed)) {
    if (truth.some(({ accountId }) => accountId === account.accountId)) continue;
    const { accountId, screen } = account;
    const gone = {
      ...account,
      status: 'DISCONNECTED' as const,
      errorCode: null,
      confirmed: true,
      at: now.toISOString(),
      now,
    };
    await recordAccount(desk.db, gone);
    await record(desk.db, submission, 'accountChecked', { accountId, status: 'unknown', screen }, now);
  }
}
