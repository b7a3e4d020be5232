/** Reads one header of a request without the object of all headers. */
import type { IncomingMessage } from 'node:http';

/**
 * All values of the header `name` (lower case), joined; undefined if there is none. Reading `rawHeaders` is faster than
 * `headers`, for which Node builds an object of all headers.
 */
export function headerOf({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  let joined: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at] as string;
    if (header.length !== name.length || header.toLowerCase() !== name) continue;
    const value = rawHeaders[at + 1] as string;
    joined = joined === undefined ? value : joined + (name === 'cookie' ? '; ' : ', ') + value;
  }
  return joined;
}
