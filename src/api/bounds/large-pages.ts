/** Bounds the rendering of large pages for one person each, such as a page of errors: few wait, and others go on meanwhile. */
import { LARGE_PAGE_PAUSE_MS } from '../../site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { createBoundedTurns } from './bounded-turns.ts';

/**
 * Runs `render` in its turn if the page is large, or else at once.
 * @param bytes of the page
 * @throws ApiException where too many large pages wait
 */
export type LargePages = <R>(address: string, bytes: number, render: () => Promise<R>) => Promise<R>;

export function createLargePages(): LargePages {
  const inTurn = createBoundedTurns({
    atOnce: 1,
    pauseMs: LARGE_PAGE_PAUSE_MS,
    perAddress: SITE_LIMITS.largePagesPerAddress.value,
    ofAll: SITE_LIMITS.largePages.value,
    refusal: { code: 'busy', message: TOO_MANY, retryAfter: 10 },
  });
  return (address, bytes, render) => (bytes <= SITE_LIMITS.largePageBytes.value ? render() : inTurn(address, render));
}

const TOO_MANY = 'Too many large pages are waiting, so Flipsite did not store this form. Try again in a few seconds.';
