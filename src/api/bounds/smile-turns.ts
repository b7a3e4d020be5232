/**
 * Bounds the requests of people that ask Smile at once. All people share the rate at which Smile may be asked. So those of
 * few addresses could keep all others waiting.
 */
import { countersOf } from '../../site-limits/client-keys.ts';
import { acquire, createConcurrencyCounter } from '../../site-limits/concurrency.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';

export interface SmileTurns {
  /** Runs `ask` for a client. @throws ApiException where too many requests of the address ask Smile */
  ask<T>(address: string, ask: () => Promise<T>): Promise<T>;
  /** Runs `refresh` for a client, or nothing if too many run. A refresh is optional: Smile may not answer either. */
  limitRefresh(address: string, refresh: () => Promise<void>): Promise<void>;
}

const byAddress = (atOnce: number) =>
  countersOf((times) => createConcurrencyCounter(atOnce * times), SITE_LIMITS.networkTimesAtOnce.value);

export function createSmileTurns(): SmileTurns {
  const asksOf = byAddress(SITE_LIMITS.smileAsksPerAddress.value);
  const looksOf = byAddress(SITE_LIMITS.smileLooksPerAddress.value);
  const allLooks = { key: 'all', counter: createConcurrencyCounter(SITE_LIMITS.smileLooks.value) };
  return {
    async ask(address, ask) {
      const release = acquire(asksOf(address));
      if (!release) throw new ApiException({ code: 'rate_limited', message: TOO_MANY, retryAfter: 5 });
      return ask().finally(release);
    },
    async limitRefresh(address, refresh) {
      const release = acquire([...looksOf(address), allLooks]);
      if (release) await refresh().finally(release);
    },
  };
}

const TOO_MANY = 'Too many people of this network are connecting an account. Wait a few seconds, then try again.';
