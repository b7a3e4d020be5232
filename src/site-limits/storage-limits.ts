import type { SiteLimit } from './site-limit.ts';

/** Bounds on files and stored bytes: per draft, per address, and for the whole site. */
export const STORAGE_LIMITS = {} as const satisfies Record<string, SiteLimit>;
