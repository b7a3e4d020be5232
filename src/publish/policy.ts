/** The Content-Security-Policy of a page, made from the page itself. */
import { createHash } from 'node:crypto';

/** Sources that the Wink widget needs, beside our own origin. */
export interface Sources {
  script: string[];
  connect: string[];
  image: string[];
}

/**
 * Only the scripts and styles that stand in `html` run. With `wink`, the widget's hosts are allowed too, and styles
 * that it adds: Smile publishes no policy of its own, and widgets style themselves.
 */
export function policyFor(html: string, wink?: Sources): string {
  const scripts = hashes(html, /<script(?![^>]*application\/json)[^>]*>([\s\S]*?)<\/script>/g);
  const styles = wink ? ["'unsafe-inline'"] : hashes(html, /<style[^>]*>([\s\S]*?)<\/style>/g);
  return [
    "default-src 'none'",
    `script-src 'self' ${[...scripts, ...(wink?.script ?? [])].join(' ')}`,
    `style-src ${["'self'", ...styles].join(' ')}`,
    `connect-src ${["'self'", ...(wink?.connect ?? [])].join(' ')}`,
    `img-src ${["'self'", 'data:', 'blob:', ...(wink?.image ?? [])].join(' ')}`,
    ...(wink
      ? [`frame-src ${["'self'", ...wink.script].join(' ')}`, `font-src ${["'self'", ...wink.script].join(' ')}`]
      : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

const hashes = (html: string, element: RegExp): string[] =>
  [...html.matchAll(element)].map(
    (match) =>
      `'sha256-${createHash('sha256')
        .update(match[1] ?? '')
        .digest('base64')}'`,
  );
