import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from './pages.ts';
import { headerOf } from './raw-headers.ts';

/** Sends a ready page in the best encoding that is accepted, or 304 when it is there already. */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  if (page.etag && isKnown(headerOf(request, 'if-none-match'), page.etag)) {
    response.writeHead(304, unsent(page)).end();
    return;
  }
  const accepts = acceptedIn(headerOf(request, 'accept-encoding') ?? '');
  const encoding = accepts.find((name) => page[name]);
  const bytes = (encoding && page[encoding]) ?? page.plain;
  response.writeHead(page.status, headersOf(page, encoding));
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

type Encoding = (typeof ENCODINGS)[number];
const ENCODINGS = ['br', 'gzip'] as const;

/** Of each page that is kept, for each encoding. */
const known = new WeakMap<Page, Map<string, string[]>>();

/** A 304 has no length: it has nothing to send. */
const unsent = (page: Page) => ({ ...page.headers, ...(page.etag && { etag: page.etag }), vary: 'accept-encoding' });

/** The headers of a page in an encoding, name and value in turn. */
function headersOf(page: Page, encoding?: Encoding): string[] {
  const own = known.get(page) ?? new Map<string, string[]>();
  known.set(page, own);
  const name = encoding ?? 'plain';
  const there = own.get(name);
  if (there) return there;
  const bytes = encoding ? (page[encoding] ?? page.plain) : page.plain;
  const headers = {
    ...page.headers,
    ...(page.etag && { etag: page.etag }),
    vary: 'accept-encoding',
    ...(encoding && { 'content-encoding': encoding }),
    'content-length': String(bytes.length),
  };
  const flat = Object.entries(headers).flat();
  own.set(name, flat);
  return flat;
}

/** Browsers send a handful of these headers; whatever else comes is not kept for ever. */
const asked = new Map<string, Encoding[]>();

function acceptedIn(header: string): Encoding[] {
  const there = asked.get(header);
  if (there) return there;
  const accepted = ENCODINGS.filter((name) => isAccepted(name, header));
  if (asked.size < 100) asked.set(header, accepted);
  return accepted;
}

/** Whether an `If-None-Match` names the page's tag; weakly, since proxies that compress weaken it (RFC 9110 §13.1.2). */
const isKnown = (header: string | undefined, etag: string): boolean =>
  header !== undefined && header.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));

/** Whether `encoding` is named, and not with a weight of nothing (RFC 9110 §12.5.3). */
const isAccepted = (encoding: string, header: string): boolean =>
  header.split(',').some((one) => {
    // Not by a pattern: one that skips spaces takes a second for a header full of them.
    const [name, ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return name === encoding && Number(weight ?? 1) > 0;
  });
