/** What a request to the dashboard has to be before anybody looks into it. */
import type { Notice } from './context.ts';

const MOST_BYTES = 65_536;
const FORM = 'application/x-www-form-urlencoded';

/** Reads the fields of a posted form, or says why not: 403 from elsewhere, 415 not a form, 413 too large. */
export async function readPost(request: Request, origin: string): Promise<URLSearchParams | Notice> {
  if (request.headers.get('origin') !== origin) {
    return { status: 403, title: 'This was sent from another site', text: `Nothing was changed. Open ${origin}/admin and try again there.` }; // prettier-ignore
  }
  if (request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== FORM) {
    return { status: 415, title: 'This is not a form', text: `Nothing was changed. The dashboard takes ${FORM}.` };
  }
  const body = await readBody(request);
  if (body === undefined) {
    return { status: 413, title: 'This is too much at once', text: 'Nothing was changed. The dashboard takes up to 64 kB.' }; // prettier-ignore
  }
  return new URLSearchParams(body);
}

/** Stops reading when there is too much, whatever `Content-Length` says or does not say. */
async function readBody(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length')) > MOST_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** `next` as a path of the dashboard; undefined for anything else, such as the address of another site. */
export function safeNext(next: string | null, origin: string): string | undefined {
  if (!next || !URL.canParse(next, origin)) return undefined;
  const { origin: target, pathname, search } = new URL(next, origin);
  const open = ['/admin/sign-in', '/admin/sign-out', '/admin/setup'].includes(pathname);
  return target === origin && !open && /^\/admin(\/|$)/.test(pathname) ? pathname + search : undefined;
}
