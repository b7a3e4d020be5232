/** Whether the store takes answers now. */
import type { Database } from './database.ts';
import { StoreFault } from './fault.ts';

/** How long the store may take to be called ready. */
const READY_MS = 2_000;

/**
 * What keeps the store from taking answers, in words; undefined when nothing does. Asked by writing to it: one that can
 * only be read takes none.
 */
export function storeHealth(db: Database): Promise<string | undefined> {
  const late = new Promise<string>((say) => setTimeout(() => say('the database does not answer'), READY_MS).unref());
  const found = db.engine.ready().then(
    () => undefined,
    (error: unknown) => (error instanceof StoreFault ? error.message : 'the database has failed'),
  );
  return Promise.race([found, late]);
}
