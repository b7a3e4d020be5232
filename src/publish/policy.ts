/** The Content-Security-Policy of a page, made from the page itself. */
import { createHash } from 'node:crypto';

/** Sources that the Wink widget needs, beside our own origin. */
export interface Sources {
  script: string[];
  connect: string[];
  image: string[];
}

/** What a page may do beside what every page may. */
export interface Allowances {
  /** The widget runs in it: its hosts are allowed, and styles that it adds. Smile publishes no policy, and widgets style themselves. */
  wink?: Sources | undefined;
  /** It holds frames of our own. */
  frames?: boolean;
  /** It is such a frame, which has an origin of its own and may do no more than a widget needs. */
  sandbox?: boolean;
}

/** Only the scripts and styles that stand in `html` run, and what it is allowed beside. */
export function policyFor(html: string, { wink, frames = false, sandbox = false }: Allowances = {}): string {
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
      : frames
        ? ["frame-src 'self'"]
        : []),
    ...(sandbox ? ['sandbox allow-scripts allow-popups allow-forms'] : []),
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
