/** Asks Smile about the claims of a page that Smile has not confirmed. */
import type { Form } from '../../form/schema.ts';
import { isMet, mayLeave, widgetsOf } from '../../form/runtime/wink.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { SmileError } from '../../smile/error.ts';
import type { Services } from '../services.ts';
import { checkUploads } from './check-uploads.ts';
import { applyPolledAccounts } from './reconcile.ts';
import { hasUnconfirmed } from './uploads.ts';
import { loadWinkState } from './wink-answers.ts';
import { isOn } from './wink-state.ts';

/**
 * Asks Smile about accounts and documents that are only claimed, and when the person could not leave the last Wink
 * screen. If Smile does not answer, the claim remains unconfirmed: an outage blocks no one.
 */
export async function checkClaims(services: Services, submission: Submission, form: Form): Promise<void> {
  const { smileUserId: userId, winkScreen } = submission;
  if (!userId) return;
  const { answers, accounts, events } = await loadWinkState(services.db, submission, form);
  // An account that was pending may be connected by now: its webhook can be slower than the person.
  const claimed = accounts.some(
    ({ status, confirmed }) => status === 'PENDING' || (status === 'CONNECTED' && !confirmed),
  );
  const unmet = form.screens.some((screen) => screen.id === winkScreen && !mayLeave(screen, answers));
  const uploadsUnclear = placesOf(form).some(({ screen, widget, require }) =>
    hasUnconfirmed(events.filter(({ data }) => isOn(screen, widget, data)), userId) ||
    (unmet && screen === winkScreen && isMet(require, 'uploaded')),
  ); // prettier-ignore
  if (!claimed && !unmet && !uploadsUnclear) return;
  try {
    if (claimed || unmet) await applyPolledAccounts(services, submission, await services.smile.listAccounts(userId));
    if (uploadsUnclear) await checkUploads(services, submission, form);
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    const { kind, status, requestId } = error;
    services.log.warn({ kind, status, requestId }, 'Could not read accounts from Smile');
  }
}

const placesOf = (form: Form) =>
  form.screens.flatMap(({ id: screen, wink }) => widgetsOf(wink).map(({ require }, widget) => ({ screen, widget, require }))); // prettier-ignore
