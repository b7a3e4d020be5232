/** The Content-Security-Policy of a page. It allows the inline scripts and styles of the site's components by hash. */
import { createHash } from 'node:crypto';

/** Sources that the Wink widget needs besides the site's origin. */
export interface Sources {
  script: string[];
  connect: string[];
  image: string[];
}

/**
 * The inline scripts and styles of a page, as its components (`InlineScript`, `InlineStyle`) registered them. Any other
 * inline code does not run.
 */
export interface Inline {
  scripts: Set<string>;
  styles: Set<string>;
  /** Of a page whose own script loads others, and writes style elements with this in them. */
  nonce?: string;
}

/** Permissions of a page beyond those of every page. */
export interface Allowances {
  /** The widget runs in the page: allows its hosts, and inline styles, which widgets use. Smile documents no policy. */
  wink?: Sources | undefined;
  /** The page contains frames of the site. */
  frames?: boolean;
  /** The page is such a frame, with an opaque origin and only the permissions of a widget. */
  sandbox?: boolean;
  /** The websites that may show the page in a frame. */
  ancestors?: readonly string[] | undefined;
  /** The origin of the API, where it is not that of the page. */
  api?: string;
}

/** @returns the policy, as the value of the header */
export function policyFor(
  inline: Inline,
  { wink, frames = false, sandbox = false, ancestors = [], api = '' }: Allowances = {},
): string {
  const scripts = hashes(inline.scripts);
  const own = ["'self'", ...(api ? [new URL(api).origin] : [])];
  const styles = wink ? ["'unsafe-inline'"] : hashes(inline.styles);
  return [
    "default-src 'none'",
    `script-src 'self' ${[...scripts, ...(wink?.script ?? [])].join(' ')}`,
    `style-src ${["'self'", ...styles].join(' ')}`,
    `connect-src ${[...own, ...(wink?.connect ?? [])].join(' ')}`,
    `img-src ${[...own, 'data:', 'blob:', ...(wink?.image ?? [])].join(' ')}`,
    ...(wink
      ? [`frame-src ${["'self'", ...wink.script].join(' ')}`, `font-src ${["'self'", ...wink.script].join(' ')}`]
      : frames
        ? ["frame-src 'self'"]
        : []),
    ...(sandbox ? ['sandbox allow-scripts allow-popups allow-forms'] : []),
    `form-action ${own.join(' ')}`,
    "base-uri 'none'",
    ["frame-ancestors 'self'", ...ancestors].join(' '),
  ].join('; ');
}

const hashes = (texts: Set<string>): string[] =>
  [...texts].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
