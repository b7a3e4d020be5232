import type { SiteLimit } from './site-limit.ts';

/** Bounds on guesses: passwords, codes and tokens. */
export const ACCESS_LIMITS = {} as const satisfies Record<string, SiteLimit>;
