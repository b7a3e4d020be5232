/** Counts accounts to the Wink screen whose window showed them as connected. */
import type { PageEvent } from '../../contract/api.ts';
import type { Form, Widget } from '../../form/schema.ts';
import { walk } from '../../form/runtime/journey.ts';
import { widgetsOf } from '../../form/runtime/wink.ts';
import { moveConnected, type Account } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { appendEvents, serverEvent, type RecordedEvent } from '../../record/events.ts';
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
 * Moves accounts to the `widgets` of a screen whose windows showed them, and reads the data that these ask for. Smile connects
 * no account twice: its window shows the page of the account. That moves an account of another way through the form, and one
 * of an optional widget beside a required one. Nothing moves to a widget with a connected account.
 * @returns whether an account moved
 */
export async function takeShownAccounts(
  trx: Database,
  submission: Submission,
  form: Form,
  screenId: string,
  widgets: readonly number[],
  now: Date,
): Promise<boolean> {
  const screen = screenOf(form, screenId);
  if (!screen || !widgets.length) return false;
  const { answers, accounts } = await loadWinkState(trx, submission, form);
  let connected = accounts.filter(({ status, revokedAt }) => status === 'CONNECTED' && revokedAt === null);
  if (!connected.length) return false;
  const { path } = walk(form, { ...answers, [screen.id]: 'connected' }, () => true);
  if (!path.includes(screen.id)) return false;
  const events = await listEvents(trx, submission, SCREENS_SHOWN);
  const isOptional = (widget: number) => widgetsOf(screen.wink)[widget]?.require === 'none';
  const { id: submissionId } = submission;
  let hasMoved = false;
  for (const widget of widgets) {
    const place: Place = { screen: screen.id, widget };
    if (connected.some((account) => account.screen === screen.id && account.widget === widget)) continue;
    const isFree = (account: Place) =>
      account.screen === screen.id ? isOptional(account.widget) && !isOptional(widget) : !path.includes(account.screen);
    const shown = accountsShown(events, place);
    const taken = connected.filter(isFree).map(({ accountId }) => accountId).filter((id) => shown.includes(id)).slice(0, MAX_MOVED); // prettier-ignore
    const moved = await moveConnected(trx, submissionId, taken, place);
    if (!moved.length) continue;
    hasMoved = true;
    for (const { accountId, confirmed } of moved)
      if (confirmed) await enqueue(trx, { kind: 'retrieve', subject: accountId, submissionId }, now);
    const ids = moved.map(({ accountId }) => accountId);
    await appendEvents(trx, [serverEvent(submissionId, 'accountsMoved', { accounts: ids, ...place }, now)]);
    connected = connected.map((account) => (ids.includes(account.accountId) ? { ...account, ...place } : account));
  }
  return hasMoved;
}

/**
 * The same for each widget of a screen that requires an account. Smile may have confirmed an account only after a window
 * showed it.
 */
export async function takeAllShown(
  trx: Database,
  submission: Submission,
  form: Form,
  screen: string,
  now: Date,
): Promise<boolean> {
  const widgets = widgetsOf(screenOf(form, screen)?.wink);
  const required = widgets.flatMap(({ require }, widget) => (requiresAccount(require) ? widget : []));
  return takeShownAccounts(trx, submission, form, screen, required, now);
}

/** The accounts whose pages the window at `place` showed, by the page's own reports (Smile, onUIEvent). */
function accountsShown(events: readonly RecordedEvent[], place: Place): unknown[] {
  return events.flatMap(({ data }) => {
    const { eventName, account } = data as { eventName?: unknown; account?: { accountId?: unknown } | null };
    return eventName === SHOWN && isOn(place.screen, place.widget, data) ? account?.accountId : [];
  });
}

const SCREENS_SHOWN: EventQuery = { names: ['onUIEvent'], sources: ['widget'], limit: 100, from: 'latest', maxBytes: 200_000 }; // prettier-ignore
