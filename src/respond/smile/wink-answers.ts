/** The answers of a submission together with the states of its Wink screens. */
import type { Answers } from '../../form/runtime/condition.ts';
import type { Form } from '../../form/schema.ts';
import { listAccounts, type Account } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import type { RecordedEvent } from '../../record/events.ts';
import { listEvents } from '../../record/event-queries.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { WINK_EVENTS, winkStates } from './wink-state.ts';

/** The submission's answers with the state of each Wink screen under the screen's id. */
export async function answersWithStates(db: Database, submission: Submission, form: Form): Promise<Answers> {
  return (await loadWinkState(db, submission, form)).answers;
}

/** The same with the accounts and events that decide the states. Read apart, a webhook could change them in between. */
export async function loadWinkState(
  db: Database,
  submission: Submission,
  form: Form,
): Promise<{ answers: Answers; accounts: Account[]; events: RecordedEvent[] }> {
  if (!form.screens.some((screen) => screen.wink)) return { answers: submission.answers, accounts: [], events: [] };
  const accounts = await listAccounts(db, submission.id);
  const events = await listEvents(db, submission, WINK_EVENTS);
  return { answers: { ...submission.answers, ...winkStates(form, submission, accounts, events) }, accounts, events };
}
