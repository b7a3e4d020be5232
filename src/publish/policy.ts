/** The Content-Security-Policy of a page: it names the scripts and styles that our components have written into it. */
import { createHash } from 'node:crypto';

/** Sources that the Wink widget needs, beside our own origin. */
export interface Sources {
  script: string[];
  connect: string[];
  image: string[];
}

/**
 * The texts of the scripts and styles that components have written into a page, each of which says so (`InlineScript`,
 * `InlineStyle`). They are ours as they were built; what else may stand in the page is not among them, and does not run.
 */
export interface Inline {
  scripts: Set<string>;
  styles: Set<string>;
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

/** Only the scripts and styles of `inline` run, and what the page is allowed beside. */
export function policyFor(inline: Inline, { wink, frames = false, sandbox = false }: Allowances = {}): string {
  const scripts = hashes(inline.scripts);
  const styles = wink ? ["'unsafe-inline'"] : hashes(inline.styles);
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

const hashes = (texts: Set<string>): string[] =>
  [...texts].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
