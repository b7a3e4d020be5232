import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from './pages.ts';

/** Sends a ready page in the best encoding that is accepted, or 304 when it is there already. */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const headers = { ...page.headers, ...(page.etag && { etag: page.etag }), vary: 'accept-encoding' };
  if (page.etag && isKnown(request.headers['if-none-match'], page.etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const accepts = request.headers['accept-encoding'] ?? '';
  const encoding = (['br', 'gzip'] as const).find((name) => page[name] && isAccepted(name, String(accepts)));
  const bytes = (encoding && page[encoding]) ?? page.plain;
  response.writeHead(page.status, {
    ...headers,
    ...(encoding && { 'content-encoding': encoding }),
    'content-length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Whether an `If-None-Match` names the page's tag; weakly, since proxies that compress weaken it (RFC 9110 §13.1.2). */
const isKnown = (header: string | undefined, etag: string): boolean =>
  header !== undefined && header.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));

/** Whether `encoding` is named, and not with a weight of nothing (RFC 9110 §12.5.3). */
const isAccepted = (encoding: string, header: string): boolean =>
  header.split(',').some((one) => {
    const [name, weight] = one
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/);
    return name === encoding && Number(weight ?? 1) > 0;
  });
