import type { SiteLimit } from './site-limit.ts';

/** Bounds on one request: its body, its parts, and how often it may come. */
export const REQUEST_LIMITS = {
  jsonBodyBytes: {
    value: 65_536,
    unit: 'bytes',
    counts: 'Body of a JSON request, where no other row names it',
    answer: '413 too_large',
    reason: 'These bodies hold a few short values.',
  },
  jsonNesting: {
    value: 64,
    unit: 'items',
    counts: 'Levels of arrays and objects inside each other in a JSON body, webhooks too',
    answer: '400 invalid_request',
    reason: 'Real bodies have fewer than ten levels, and Node 24 cannot write some thousands.',
  },
} as const satisfies Record<string, SiteLimit>;
