/** Bounds the pages of earlier versions of forms that wait. One is made at a time. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { createBoundedTurns, type BoundedTurns } from './bounded-turns.ts';

export const createEarlierPages = (): BoundedTurns =>
  createBoundedTurns({
    atOnce: 1,
    perAddress: SITE_LIMITS.earlierPagesPerAddress.value,
    ofAll: SITE_LIMITS.earlierPages.value,
    refusal: { code: 'busy', message: TOO_MANY, retryAfter: 10 },
  });

const TOO_MANY = 'Too many pages of earlier versions of forms are waiting. Try again in a few seconds.';
