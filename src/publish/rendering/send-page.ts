import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from './pages.ts';
import { headerOf } from './raw-headers.ts';

/** Sends a page in the best accepted encoding, or a 304 if the browser has it. */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  if (page.etag && matchesEtag(headerOf(request, 'if-none-match'), page.etag)) {
    response.writeHead(304, notModifiedHeaders(page)).end();
    return;
  }
  const accepts = acceptedEncodings(headerOf(request, 'accept-encoding') ?? '');
  const encoding = accepts.find((name) => page[name]);
  const bytes = (encoding && page[encoding]) ?? page.plain;
  response.writeHead(page.status, headersOf(page, encoding));
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

type Encoding = (typeof ENCODINGS)[number];
const ENCODINGS = ['br', 'gzip'] as const;

/** By page and encoding. */
const flatHeaders = new WeakMap<Page, Map<string, string[]>>();

/** A 304 has no body, so no length. */
const notModifiedHeaders = (page: Page) => ({
  ...page.headers,
  ...(page.etag && { etag: page.etag }),
  vary: 'accept-encoding',
});

/** The headers of a page in an encoding, as alternating names and values. */
function headersOf(page: Page, encoding?: Encoding): string[] {
  const byEncoding = flatHeaders.get(page) ?? new Map<string, string[]>();
  flatHeaders.set(page, byEncoding);
  const name = encoding ?? 'plain';
  const cached = byEncoding.get(name);
  if (cached) return cached;
  const bytes = encoding ? (page[encoding] ?? page.plain) : page.plain;
  const headers = {
    ...page.headers,
    ...(page.etag && { etag: page.etag }),
    vary: 'accept-encoding',
    ...(encoding && { 'content-encoding': encoding }),
    'content-length': String(bytes.length),
  };
  const flat = Object.entries(headers).flat();
  byEncoding.set(name, flat);
  return flat;
}

/** Browsers send a handful of different values. The size is bounded against others. */
const parsedHeaders = new Map<string, Encoding[]>();

/** Browsers send some dozen characters. A header may hold 16,000, which take milliseconds to read. */
const MAX_CHARACTERS = 1_000;

/** @param sent `Accept-Encoding`. @returns the encodings that it accepts, the best first */
export function acceptedEncodings(sent: string): Encoding[] {
  const header = sent.slice(0, MAX_CHARACTERS);
  const cached = parsedHeaders.get(header);
  if (cached) return cached;
  const accepted = ENCODINGS.filter((name) => isAccepted(name, header));
  if (parsedHeaders.size < 100) parsedHeaders.set(header, accepted);
  return accepted;
}

/**
 * Whether an `If-None-Match` contains the page's tag. Compared weakly, since proxies that compress weaken it (RFC 9110
 * §13.1.2).
 */
const matchesEtag = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header
    .slice(0, MAX_CHARACTERS)
    .split(',')
    .some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));

/** Whether `encoding` is listed with a weight above zero (RFC 9110 §12.5.3). */
const isAccepted = (encoding: string, header: string): boolean =>
  header.split(',').some((one) => {
    // Not by a pattern: one that skips spaces takes a second for a header full of them.
    const [name, ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return name === encoding && Number(weight ?? 1) > 0;
  });
