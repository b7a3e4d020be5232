/** Bounds the requests that read large stored answers: how many read at once, and how many wait for their turn. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { createBoundedTurns, type BoundedTurns } from './bounded-turns.ts';

export const createLargeReads = (): BoundedTurns =>
  createBoundedTurns({
    atOnce: SITE_LIMITS.largeReadsOfAllAtOnce.value,
    perAddress: SITE_LIMITS.largeReadsPerAddress.value,
    ofAll: SITE_LIMITS.largeReads.value,
    refusal: { code: 'rate_limited', message: TOO_MANY, retryAfter: 5 },
  });

const TOO_MANY = 'Too many requests about large answers are waiting. Wait a few seconds, then try again.';
