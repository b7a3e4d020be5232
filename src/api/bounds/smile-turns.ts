/**
 * Bounds the requests of people that ask Smile at once. All people share the rate at which Smile may be asked. So those of
 * few addresses could keep all others waiting.
 */
import { asLook } from '../../site-limits/counting/current-client.ts';
import { countersOf, widestKey } from '../../site-limits/counting/client-keys.ts';
import { acquire, createConcurrencyCounter, type ConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';

export interface SmileTurns {
  /** Runs `ask` for a client. @throws ApiException if too many requests ask Smile, of the address or of all */
  ask<T>(address: string, ask: () => Promise<T>): Promise<T>;
  /** Runs `refresh` for a client, or nothing if too many run. A refresh is optional: Smile may not answer either. */
  limitRefresh(address: string, refresh: () => Promise<void>): Promise<void>;
}

const byAddress = (atOnce: number) =>
  countersOf((times) => createConcurrencyCounter(atOnce * times), SITE_LIMITS.networkTimesAtOnce.value);

export function createSmileTurns(): SmileTurns {
  const asksOf = byAddress(SITE_LIMITS.smileAsksPerAddress.value);
  const looksOf = byAddress(SITE_LIMITS.smileLooksPerAddress.value);
  const shared = createSharedAsks();
  const all = { key: 'all', counter: createConcurrencyCounter(SITE_LIMITS.smileAsksOfAll.value) };
  const allLooks = { key: 'all', counter: createConcurrencyCounter(SITE_LIMITS.smileLooks.value) };
  return {
    async ask(address, ask) {
      const key = widestKey(address);
      const release = acquire([...asksOf(address), { key, counter: shared }, all]);
      if (release) return ask().finally(release);
      throw tooMany(shared.isFull(key) || all.counter.isFull(all.key) ? 'Too many people' : 'Too many people of this network'); // prettier-ignore
    },
    async limitRefresh(address, refresh) {
      const release = acquire([...looksOf(address), allLooks]);
      if (release) await asLook(refresh).finally(release);
    },
  };
}

/** While many ask, it is full for each client that asks already. */
function createSharedAsks(): ConcurrencyCounter {
  const many = createConcurrencyCounter(SITE_LIMITS.smileAsks.value);
  const ofClient = createConcurrencyCounter(1);
  return {
    isFull: (client) => many.isFull('all') && ofClient.isFull(client),
    add(client, change) {
      many.add('all', change);
      ofClient.add(client, change);
    },
  };
}

const tooMany = (people: string) =>
  new ApiException({
    code: 'rate_limited',
    message: `${people} are connecting an account. Wait a few seconds, then try again.`,
    retryAfter: 5,
  });
