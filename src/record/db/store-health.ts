/** Whether the database accepts writes now. */
import type { Database } from './database.ts';
import { StoreFault } from './fault.ts';

/** The longest wait for a write that counts as ready. */
const READY_MS = 2_000;

/**
 * Tries a write, because a read-only database accepts no answers.
 * @returns the problem as a sentence, or undefined if the database is ready
 */
export function storeHealth(db: Database): Promise<string | undefined> {
  const late = new Promise<string>((say) => setTimeout(() => say('the database does not answer'), READY_MS).unref());
  const found = db.engine.ready().then(
    () => undefined,
    (error: unknown) => (error instanceof StoreFault ? error.message : 'the database has failed'),
  );
  return Promise.race([found, late]);
}
