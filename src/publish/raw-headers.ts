import type { IncomingMessage } from 'node:http';

/**
 * All that a request says under `name`, in lower case, as one text; nothing where it says nothing. Node makes an object of all
 * headers only for who asks it for one, which takes longer than finding these few.
 */
export function headerOf({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  let said: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const one = rawHeaders[at] as string;
    if (one.length !== name.length || one.toLowerCase() !== name) continue;
    const value = rawHeaders[at + 1] as string;
    said = said === undefined ? value : said + (name === 'cookie' ? '; ' : ', ') + value;
  }
  return said;
}
