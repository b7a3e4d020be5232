/** Bounds the requests that read large stored answers: how many read at once, and how many wait for their turn. */
import { widestKey } from '../../site-limits/counting/client-keys.ts';
import { acquire, createConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import { ApiException } from '../errors.ts';

/** Runs `read` for a client in its turn. @throws ApiException where too many requests wait */
export type LargeReads = <R>(address: string, read: () => Promise<R>) => Promise<R>;

export function createLargeReads(): LargeReads {
  const inTurn = createTurnsByKey(SITE_LIMITS.largeReadsOfAllAtOnce.value);
  const ofClient = createConcurrencyCounter(SITE_LIMITS.largeReadsPerAddress.value);
  const ofAll = createConcurrencyCounter(SITE_LIMITS.largeReads.value);
  return async (address, read) => {
    const key = widestKey(address);
    const release = acquire([
      { key, counter: ofClient },
      { key: 'all', counter: ofAll },
    ]);
    if (!release) throw new ApiException({ code: 'rate_limited', message: TOO_MANY, retryAfter: 5 });
    return inTurn(key, read).finally(release);
  };
}

const TOO_MANY = 'Too many requests about large answers are waiting. Wait a few seconds, then try again.';
