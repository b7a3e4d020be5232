import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from './pages.ts';

/** Sends a ready page in the best encoding that is accepted, or 304 when it is there already. */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const headers = { ...page.headers, etag: page.etag, vary: 'accept-encoding' };
  if (request.headers['if-none-match'] === page.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding =
    page.br && /\bbr\b/.test(accepted) ? 'br' : page.gzip && /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
  const bytes = (encoding && page[encoding]) ?? page.plain;
  response.writeHead(page.status, {
    ...headers,
    ...(encoding && { 'content-encoding': encoding }),
    'content-length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
