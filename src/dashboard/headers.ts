/** The headers that protect what the dashboard answers. */
import { createHash } from 'node:crypto';
import { pageScript } from './page-script.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Only our one script runs, whatever stands in the page. The style is Astro's to write, so it is taken from the page:
 * the first one, which comes before anything that people have written.
 */
export function contentPolicy(html: string): string {
  const style = /<style[^>]*>([^]*?)<\/style>/.exec(html)?.[1];
  return [
    "default-src 'none'",
    `style-src ${style === undefined ? "'none'" : hash(style)}`,
    `script-src ${hash(pageScript)}`,
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * For every answer. `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with our own forms
 * (Fetch, "append a request Origin header"), and could not be told from strangers.
 */
export const protection = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
