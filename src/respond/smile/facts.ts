/** What is known of a submission's Wink screens, and asking Smile where the browser has only claimed. */
import type { Answers } from '../../form/runtime/condition.ts';
import type { Form } from '../../form/schema.ts';
import { isMet, mayLeave, widgetsOf } from '../../form/runtime/wink.ts';
import { listAccounts, type Account } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { listEvents, type RecordedEvent } from '../../record/events.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { SmileError } from '../../smile/error.ts';
import type { Services } from '../services.ts';
import { checkUploads } from './check-uploads.ts';
import { applyPolledAccounts } from './reconcile.ts';
import { hasUnconfirmed } from './uploads.ts';
import { isOn, WINK_EVENTS, winkStates } from './wink-state.ts';

/** The submission's answers with the state of each Wink screen under the screen's id. */
export async function answersWithStates(db: Database, submission: Submission, form: Form): Promise<Answers> {
  return (await look(db, submission, form)).answers;
}

/** The same, with the accounts that the states come from: read apart, a webhook could come between the two. */
async function look(
  db: Database,
  submission: Submission,
  form: Form,
): Promise<{ answers: Answers; accounts: Account[]; events: RecordedEvent[] }> {
  if (!form.screens.some((screen) => screen.wink)) return { answers: submission.answers, accounts: [], events: [] };
  const accounts = await listAccounts(db, submission.id);
  const events = await listEvents(db, submission, WINK_EVENTS);
  return { answers: { ...submission.answers, ...winkStates(form, submission, accounts, events) }, accounts, events };
}

/**
 * Asks Smile about accounts and documents that are only claimed, and when the screen where the widget was opened could not be left as
 * it stands. If Smile cannot be asked, the claim stands unconfirmed: an outage keeps nobody.
 */
export async function askAboutClaims(services: Services, submission: Submission, form: Form): Promise<void> {
  const { smileUserId: userId, winkScreen } = submission;
  if (!userId) return;
  const { answers, accounts, events } = await look(services.db, submission, form);
  // One that Smile has called pending may be connected by now: its webhook can be slower than the person.
  const claimed = accounts.some(
    ({ status, confirmed }) => status === 'PENDING' || (status === 'CONNECTED' && !confirmed),
  );
  const unmet = form.screens.some((screen) => screen.id === winkScreen && !mayLeave(screen, answers));
  const given = placesOf(form).some(({ screen, widget, require }) =>
    hasUnconfirmed(events.filter(({ data }) => isOn(screen, widget, data)), userId) ||
    (unmet && screen === winkScreen && isMet(require, 'uploaded')),
  ); // prettier-ignore
  if (!claimed && !unmet && !given) return;
  try {
    if (claimed || unmet) await applyPolledAccounts(services, submission, await services.smile.listAccounts(userId));
    if (given) await checkUploads(services, submission, form);
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    const { kind, status, requestId } = error;
    services.log.warn({ kind, status, requestId }, 'Could not read accounts from Smile');
  }
}

const placesOf = (form: Form) =>
  form.screens.flatMap(({ id: screen, wink }) => widgetsOf(wink).map(({ require }, widget) => ({ screen, widget, require }))); // prettier-ignore
