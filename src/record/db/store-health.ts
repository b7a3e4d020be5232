/** Whether the database accepts writes now. */
import { asSite } from '../../site-limits/counting/current-client.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
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

/**
 * The same for callers without an account: each check writes, so it serves all calls of a short time.
 * @param monotonic returns milliseconds that only grow, whatever the clock says
 */
export function recentStoreHealth(
  db: Database,
  monotonic: () => number = () => performance.now(),
): () => Promise<string | undefined> {
  let checkedAt = -Infinity;
  let health = Promise.resolve<string | undefined>(undefined);
  return () => {
    const now = monotonic();
    if (now - checkedAt < SITE_LIMITS.readinessMs.value) return health;
    checkedAt = now;
    health = asSite(() => storeHealth(db), 'readiness');
    return health;
  };
}
