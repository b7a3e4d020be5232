/** What is known of a submission's Wink screens, and asking Smile where the browser has only claimed. */
import type { Answers } from '../../form/condition.ts';
import type { Form } from '../../form/schema.ts';
import { mayLeave } from '../../form/wink.ts';
import { listAccounts, type Account } from '../../record/accounts.ts';
import type { Database } from '../../record/database.ts';
import { listEvents } from '../../record/events.ts';
import type { Submission } from '../../record/submissions.ts';
import { SmileError } from '../../smile/error.ts';
import type { Desk } from '../desk.ts';
import { recordTruth } from './reconcile.ts';
import { WINK_EVENTS, winkStates } from './wink-state.ts';

/** The submission's answers with the state of each Wink screen under the screen's id. */
export async function answersWithStates(db: Database, submission: Submission, form: Form): Promise<Answers> {
  return (await look(db, submission, form)).answers;
}

/** The same, with the accounts that the states come from: read apart, a webhook could come between the two. */
async function look(
  db: Database,
  submission: Submission,
  form: Form,
): Promise<{ answers: Answers; accounts: Account[] }> {
  if (!form.screens.some((screen) => screen.wink)) return { answers: submission.answers, accounts: [] };
  const accounts = await listAccounts(db, submission.id);
  const events = await listEvents(db, submission, WINK_EVENTS);
  return { answers: { ...submission.answers, ...winkStates(form, submission, accounts, events) }, accounts };
}

/**
 * Asks Smile about accounts that are only claimed, and when the screen where the widget was opened could not be left as
 * it stands. If Smile cannot be asked, the claim stands unconfirmed: an outage keeps nobody.
 */
export async function askAboutClaims(desk: Desk, submission: Submission, form: Form): Promise<void> {
  const { smileUserId: userId, winkScreen } = submission;
  if (!userId) return;
  const { answers, accounts } = await look(desk.db, submission, form);
  const claimed = accounts.some(({ status, confirmed }) => status === 'CONNECTED' && !confirmed);
  const unmet = form.screens.some((screen) => screen.id === winkScreen && !mayLeave(screen, answers));
  if (!claimed && !unmet) return;
  try {
    await recordTruth(desk, submission, await desk.smile.listAccounts(userId));
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    const { kind, status, requestId } = error;
    desk.log.warn({ kind, status, requestId }, 'Smile could not be asked about accounts');
  }
}
