/** What a member is told when the dashboard cannot answer. */
import type { Database } from '../record/db/database.ts';
import { StoreFault } from '../record/db/fault.ts';
import { storeHealth } from '../record/db/store-health.ts';
import type { MessagePage } from './context.ts';

/**
 * `error` in words that tell nothing of the inside. A page that cannot be rendered says only that: whether the store is
 * why, the store is asked.
 */
export async function errorMessagePage(error: unknown, db: Database): Promise<MessagePage> {
  return error instanceof StoreFault || (await storeHealth(db)) !== undefined ? AWAY : WRONG;
}

const WRONG: MessagePage = {
  status: 500,
  title: 'Something went wrong here',
  text: 'Look whether it was done before you do it again. The server’s log says what it was.',
};

const AWAY: MessagePage = {
  status: 503,
  title: 'This cannot be shown or done right now',
  text: 'What this site stores cannot be reached, or takes nothing more. Try again in a minute; the server’s log says what is wrong.',
};
