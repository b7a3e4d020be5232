/** The protective headers of the dashboard's answers. */
import { createHash } from 'node:crypto';
import { HTTPS_ONLY, NO_DEVICES } from '../../publish/rendering/pages.ts';
import type { PageNeed } from '../pages.ts';
import type { Inline } from '../../publish/rendering/policy.ts';

const hashes = (texts: Set<string>): string[] =>
  [...texts].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);

/** Sources of a directive. Without any, nothing is allowed. */
const sources = (...allowed: string[]): string => allowed.join(' ') || "'none'";

/**
 * Only scripts and styles of our components run, whatever else the page contains. They may call this site only.
 * @param need more that the page needs
 */
export const contentPolicy = ({ scripts, styles, nonce }: Inline, need: PageNeed | undefined): string =>
  [
    "default-src 'none'",
    `style-src ${sources(...hashes(styles), ...(nonce ? [`'nonce-${nonce}'`] : []))}`,
    `script-src ${sources(...(nonce || need === 'embed' || need === 'script' ? ["'self'"] : []), ...hashes(scripts))}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    ...(need && need !== 'script' ? ["frame-src 'self'"] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * For every answer. `same-origin`, not `no-referrer`: with the latter, browsers send `Origin: null` with our own forms
 * (Fetch, "append a request Origin header"). Then the server could not tell them from forms of other sites.
 */
const protection = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** The same, and over https HSTS. @param publicOrigin the origin that people see, if it is known */
export const protectionAt = (publicOrigin: string | undefined) => ({
  ...protection,
  'permissions-policy': `${NO_DEVICES}, camera=()`,
  ...(publicOrigin?.startsWith('https:') && HTTPS_ONLY),
});
