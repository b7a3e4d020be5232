/** Counts accounts to the Wink screen whose window showed them as connected. */
import type { PageEvent } from '../../contract/api.ts';
import type { Form, Widget } from '../../form/schema.ts';
import { walk } from '../../form/runtime/journey.ts';
import { widgetsOf } from '../../form/runtime/wink.ts';
import { moveConnected, type Account } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { appendEvents, serverEvent } from '../../record/events.ts';
import { listEvents, type EventQuery } from '../../record/event-queries.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { screenOf } from '../evaluate.ts';
import { loadWinkState } from './wink-answers.ts';
import { isOn } from './wink-state.ts';

type Place = Pick<Account, 'screen' | 'widget'>;

/** The widget's screen for an account that is connected already (Smile, onUIEvent). */
const SHOWN = 'AccountRevokePageOpened';

/**
 * Whether an event of the widget at `place` can move an account there. Where the form requires an account, the window has
 * shown that there is one, and the person may leave it in any way. With `require: none` the person may not want one, and
 * leaves with Done.
 */
export function showsAccount(
  form: Form,
  { screen, widget }: Place,
  { name, data }: Pick<PageEvent, 'name' | 'data'>,
): boolean {
  const require = widgetsOf(screenOf(form, screen)?.wink)[widget]?.require ?? 'uploaded';
  if (require === 'none') return name === 'onClose' && data['reason'] === 'exit';
  return requiresAccount(require) && name === 'onUIEvent' && data['eventName'] === SHOWN;
}

const requiresAccount = (require: Widget['require']): boolean => require === 'connected' || require === 'any';

/** A person connects a few. A page can claim more, and report the end of a window again and again. */
const MAX_MOVED = 10;

/**
 * Moves accounts to the widget at `place`, whose window showed them, and reads the data that it asks for. Smile connects no
 * account twice: its window shows the page of the account. That moves an account of another way through the form, and one of an optional widget beside a required one. Nothing moves if an account was connected at `place`.
 */
export async function takeShownAccounts(
  trx: Database,
  submission: Submission,
  form: Form,
  place: Place,
  now: Date,
): Promise<void> {
  const screen = screenOf(form, place.screen);
  const widgets = widgetsOf(screen?.wink);
  if (!screen) return;
  const { answers, accounts } = await loadWinkState(trx, submission, form);
  const connected = accounts.filter(({ status, revokedAt }) => status === 'CONNECTED' && revokedAt === null);
  const isHere = (account: Place) => account.screen === place.screen && account.widget === place.widget;
  if (!connected.length || connected.some(isHere)) return;
  const { path } = walk(form, { ...answers, [screen.id]: 'connected' }, () => true);
  if (!path.includes(screen.id)) return;
  const isFree = (account: Place) =>
    account.screen === screen.id
      ? widgets[account.widget]?.require === 'none' && widgets[place.widget]?.require !== 'none'
      : !path.includes(account.screen);
  const free = connected.filter(isFree);
  if (!free.length) return;
  const shown = await accountsShown(trx, submission, place);
  const taken = free.map(({ accountId }) => accountId).filter((id) => shown.includes(id)).slice(0, MAX_MOVED); // prettier-ignore
  const { id: submissionId } = submission;
  const moved = await moveConnected(trx, submissionId, taken, place);
  if (!moved.length) return;
  for (const { accountId, confirmed } of moved)
    if (confirmed) await enqueue(trx, { kind: 'retrieve', subject: accountId, submissionId }, now);
  const event = { accounts: moved.map(({ accountId }) => accountId), ...place };
  await appendEvents(trx, [serverEvent(submissionId, 'accountsMoved', event, now)]);
}

/**
 * The same for each widget of a screen that requires an account, as the person leaves it. Smile may have confirmed an account
 * only after a window showed it.
 */
export async function takeAllShown(
  trx: Database,
  submission: Submission,
  form: Form,
  screen: string,
  now: Date,
): Promise<void> {
  if (submission.submittedAt) return;
  for (const [widget, { require }] of widgetsOf(screenOf(form, screen)?.wink).entries())
    if (requiresAccount(require)) await takeShownAccounts(trx, submission, form, { screen, widget }, now);
}

/** The accounts whose pages the window at `place` showed, by the page's own reports (Smile, onUIEvent). */
async function accountsShown(trx: Database, submission: Submission, place: Place): Promise<unknown[]> {
  const events = await listEvents(trx, submission, SCREENS_SHOWN);
  return events.flatMap(({ data }) => {
    const { eventName, account } = data as { eventName?: unknown; account?: { accountId?: unknown } | null };
    return eventName === SHOWN && isOn(place.screen, place.widget, data) ? account?.accountId : [];
  });
}

const SCREENS_SHOWN: EventQuery = { names: ['onUIEvent'], sources: ['widget'], limit: 100, from: 'latest', maxBytes: 200_000 }; // prettier-ignore
