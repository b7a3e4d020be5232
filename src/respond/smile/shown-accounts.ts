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
 * Moves accounts to a screen whose windows have shown them, and reads the data that it asks for.
 * Smile connects no account twice: its window shows the page of the account. That moves an account of another way through the
 * form, and one of an optional widget beside a required one. Nothing moves to a widget with a connected account.
 * @param only the widget that has just shown accounts. Without it, the windows of all count, since the person left the screen last
 */
export async function takeShownAccounts(
  trx: Database,
  submission: Submission,
  form: Form,
  screenId: string,
  now: Date,
  only?: number,
): Promise<void> {
  const screen = screenOf(form, screenId);
  const widgets = widgetsOf(screen?.wink);
  if (!screen || !widgets.length || submission.submittedAt) return;
  const { answers, accounts } = await loadWinkState(trx, submission, form);
  let connected = accounts.filter(({ status, revokedAt }) => status === 'CONNECTED' && revokedAt === null);
  if (!connected.length) return;
  const { path } = walk(form, { ...answers, [screen.id]: 'connected' }, () => true);
  if (!path.includes(screen.id)) return;
  const isOptional = (widget: number) => widgets[widget]?.require === 'none';
  const isFree = (account: Place) =>
    account.screen === screen.id ? isOptional(account.widget) : !path.includes(account.screen);
  if (!connected.some(isFree)) return;
  const events = await listEvents(trx, submission, WINDOW_EVENTS);
  const isLeft = ({ name, data }: RecordedEvent) => name === 'screenLeft' && isOn(screen.id, 0, data);
  const since = only === undefined ? events.slice(1 + events.findLastIndex(isLeft)) : events;
  const { id: submissionId } = submission;
  for (const widget of only === undefined ? widgets.keys() : [only]) {
    const place: Place = { screen: screen.id, widget };
    if (connected.some((account) => account.screen === screen.id && account.widget === widget)) continue;
    const reports = since.filter(({ data }) => isOn(screen.id, widget, data)) as PageEvent[];
    if (!reports.some((report) => showsAccount(form, place, report))) continue;
    const mayCome = (account: Place) => isFree(account) && !(account.screen === screen.id && isOptional(widget));
    const shown = reports.flatMap(accountShown);
    const taken = connected.filter(mayCome).map(({ accountId }) => accountId).filter((id) => shown.includes(id)).slice(0, MAX_MOVED); // prettier-ignore
    const moved = await moveConnected(trx, submissionId, taken, place);
    if (!moved.length) continue;
    for (const { accountId, confirmed } of moved)
      if (confirmed) await enqueue(trx, { kind: 'retrieve', subject: accountId, submissionId }, now);
    const ids = moved.map(({ accountId }) => accountId);
    await appendEvents(trx, [serverEvent(submissionId, 'accountsMoved', { accounts: ids, ...place }, now)]);
    connected = connected.map((account) => (ids.includes(account.accountId) ? { ...account, ...place } : account));
  }
}

/** The account whose page the window showed, by the page's own report (Smile, onUIEvent). */
function accountShown({ data }: PageEvent): unknown[] {
  const { eventName, account } = data as { eventName?: unknown; account?: { accountId?: unknown } | null };
  return eventName === SHOWN ? [account?.accountId] : [];
}

const WINDOW_EVENTS: EventQuery = { names: ['onUIEvent', 'onClose', 'screenLeft'], sources: ['widget', 'server'], limit: 100, from: 'latest', maxBytes: 200_000 }; // prettier-ignore
