/** Entity tags, by which a client does not load a text twice (RFC 9110, 8.8.3). */
import type { RequestContext } from '../body.ts';

/** The header of an endpoint that answers with `taggedText`. */
export const IF_NONE_MATCH = { 'If-None-Match': 'The ETag of your copy. If it is current, the answer is 304' };

/** Entity tags of a header, without quotes. */
export const etagsIn = (header = ''): string[] =>
  [...header.matchAll(/"([\x21\x23-\x7e]*)"/g)].map(([, tag = '']) => tag);

/** The text with its hash as `ETag`, or 304 where the client has it already. */
export function taggedText(
  c: RequestContext,
  { text, hash }: { text: string; hash: string },
  more: Record<string, string>,
): Response {
  const headers = { etag: `"${hash}"`, ...more };
  return etagsIn(c.req.header('if-none-match')).includes(hash)
    ? new Response(null, { status: 304, headers })
    : new Response(text, { headers });
}
