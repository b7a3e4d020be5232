import type { SiteLimit } from './site-limit.ts';

/** Bounds on one submission: its events, claims, names and keys. */
export const SUBMISSION_LIMITS = {} as const satisfies Record<string, SiteLimit>;
