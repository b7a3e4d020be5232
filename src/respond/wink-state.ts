/** What a Wink screen has come to. Pure: it judges by the accounts and events it is given. */
import type { Answers } from '../form/condition.ts';
import type { Form } from '../form/schema.ts';
import type { WinkState } from '../form/wink.ts';
import { countsAsConnected, type Account } from '../record/accounts.ts';
import type { RecordedEvent } from '../record/events.ts';

type Said = Pick<RecordedEvent, 'name' | 'source' | 'data'>;

/**
 * `connected` when an account of the screen is, or was until we disconnected it after reading; `uploaded` when the last word on uploads is that there are some;
 * `failed` when the widget reported an error, or could not even be opened, and nothing is linked; else `skipped`.
 */
function winkState(
  screen: string,
  accounts: Pick<Account, 'screen' | 'status' | 'revokedAt'>[],
  events: Said[],
): WinkState {
  const own = accounts.filter((account) => account.screen === screen);
  if (own.some(countsAsConnected)) return 'connected';
  const said = events.filter(({ source, data }) => isOn(screen, data) && source !== 'page');
  const uploads = said.findLast(({ name }) => name === 'onUploadsCreated' || name === 'onUploadsRemoved');
  if (uploads?.name === 'onUploadsCreated') return 'uploaded';
  const failed = own.some(({ status }) => status === 'ERROR') || said.some(isFailure);
  return failed ? 'failed' : 'skipped';
}

const isOn = (screen: string, data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'screen' in data && data.screen === screen;

function isFailure({ name, source, data }: Said): boolean {
  if (source === 'server') return name === 'linkTokenFailed';
  if (name === 'onAccountError') return true;
  return name === 'onClose' && typeof data === 'object' && data !== null && 'reason' in data && data.reason === 'error';
}

/** The state of every Wink screen, by its id, as conditions read them. */
export function winkStates(form: Form, accounts: Account[], events: Said[]): Answers {
  const screens = form.screens.filter((screen) => screen.wink);
  return Object.fromEntries(screens.map(({ id }) => [id, winkState(id, accounts, events)]));
}
