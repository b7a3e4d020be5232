/** Bounds the rendering of large pages for one person each, such as a page of errors: few wait, and others go on meanwhile. */
import { widestKey } from '../../site-limits/counting/client-keys.ts';
import { acquire, createConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import { ApiException } from '../errors.ts';

/**
 * Runs `render` in its turn if the page is large, or else at once.
 * @param bytes of the page
 * @throws ApiException where too many large pages wait
 */
export type LargePages = <R>(address: string, bytes: number, render: () => Promise<R>) => Promise<R>;

/** Between two large pages, the server has this time for all other requests. */
const PAUSE_MS = 150;

export function createLargePages(): LargePages {
  const inTurn = createTurnsByKey(1, PAUSE_MS);
  const ofClient = createConcurrencyCounter(SITE_LIMITS.largePagesPerAddress.value);
  const ofAll = createConcurrencyCounter(SITE_LIMITS.largePages.value);
  return async (address, bytes, render) => {
    if (bytes <= SITE_LIMITS.largePageBytes.value) return render();
    const key = widestKey(address);
    const release = acquire([
      { key, counter: ofClient },
      { key: 'all', counter: ofAll },
    ]);
    if (!release) throw new ApiException({ code: 'busy', message: TOO_MANY, retryAfter: 10 });
    return inTurn(key, render).finally(release);
  };
}

const TOO_MANY = 'Too many large pages are waiting, so Flipsite did not store this form. Try again in a few seconds.';
