/** The states of Wink screens. Pure: it reads the given accounts and events. */
import type { Answers } from '../../form/runtime/condition.ts';
import type { Form, Screen, Widget } from '../../form/schema.ts';
import { countsAsConnected, isMet, screenState, widgetsOf, type WinkState } from '../../form/runtime/wink.ts';
import type { Account } from '../../record/accounts/accounts.ts';
import type { RecordedEvent } from '../../record/events.ts';
import type { EventQuery } from '../../record/event-queries.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { UPLOAD_EVENTS, currentUploads } from './uploads.ts';

export type WinkEvent = Pick<RecordedEvent, 'name' | 'source' | 'data'>;
type Linked = Pick<Account, 'screen' | 'widget' | 'status' | 'revokedAt'>;
type Person = { smileUserId: string | null };

/** The state of every Wink screen, by its id, as conditions read them. */
export function winkStates(form: Form, person: Person, accounts: Linked[], events: WinkEvent[]): Answers {
  const screens = form.screens.filter((screen) => screen.wink);
  return Object.fromEntries(screens.map((screen) => [screen.id, stateOn(screen, person, accounts, events)]));
}

function stateOn(screen: Screen, person: Person, accounts: Linked[], events: WinkEvent[]): WinkState {
  return screenState(widgetStates(screen, person, accounts, events));
}

/** The state of each widget of `screen`, in order. */
export const widgetStates = (
  screen: Screen,
  person: Person,
  accounts: Linked[],
  events: WinkEvent[],
): (Widget & { state: WinkState })[] =>
  widgetsOf(screen.wink).map((widget, at) => ({
    ...widget,
    state: stateOf(
      widget,
      accounts.filter((account) => account.screen === screen.id && account.widget === at),
      events.filter((event) => (event.source !== 'page' || event.name === BLOCKED) && isOn(screen.id, at, event.data)),
      person,
    ),
  }));

/**
 * `connected` if an account is; `uploaded` if there is a current document; else `failed` if the widget reported an
 * error or could not open; else `skipped`. With both an account and a document, the required one counts.
 */
function stateOf({ require }: Widget, accounts: Linked[], events: WinkEvent[], person: Person): WinkState {
  const reached: WinkState[] = [];
  if (accounts.some(({ status, revokedAt }) => countsAsConnected({ status, revoked: revokedAt !== null })))
    reached.push('connected');
  if (currentUploads(events, person.smileUserId).size) reached.push('uploaded');
  const counts = reached.find((state) => isMet(require, state)) ?? reached[0];
  if (counts) return counts;
  return accounts.some(({ status }) => status === 'ERROR') || events.some(isFailure) ? 'failed' : 'skipped';
}

/** Whether an event is about widget `at` of `screen`. An event without a widget is about the first. */
export function isOn(screen: string, at: number, data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { screen: on, widget = 0 } = data as { screen?: unknown; widget?: unknown };
  return on === screen && widget === at;
}

/** The page's event for a widget that did not open: its script was blocked, or there was no token. */
const BLOCKED = 'widgetBlocked';

/** The events that decide a state. */
export const WINK_EVENTS: EventQuery = {
  names: [...UPLOAD_EVENTS, 'onAccountError', 'onClose', 'linkTokenFailed', BLOCKED],
  limit: SITE_LIMITS.eventsForDecision.value,
};

function isFailure({ name, source, data }: WinkEvent): boolean {
  if (source === 'server') return name === 'linkTokenFailed';
  if (name === 'onAccountError' || name === BLOCKED) return true;
  return name === 'onClose' && typeof data === 'object' && data !== null && 'reason' in data && data.reason === 'error';
}
