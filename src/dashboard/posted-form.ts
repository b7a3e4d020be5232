/** What a request to the dashboard has to be before anybody looks into it. */
import { inTooManyPieces } from '../site-limits/pieces.ts';
import { inTime, TooSlow } from '../site-limits/slow-bodies.ts';
import type { MessagePage } from './context.ts';
import type { CookieScope } from './cookie.ts';

const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads the fields of a posted form, or says why not: 403 from elsewhere, 415 not a form, 413 too large.
 * @param most bytes of its body
 */
export async function readPost(
  request: Request,
  place: CookieScope,
  most: number,
): Promise<URLSearchParams | MessagePage> {
  if (request.headers.get('origin') !== place.origin) return elsewhere(place);
  if (request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== FORM) {
    return { status: 415, title: 'This is not a form', text: `Nothing was changed. The dashboard takes ${FORM}.` };
  }
  const body = await readBody(request, most, `The dashboard takes up to ${Math.floor(most / 1_024)} kB.`);
  return Buffer.isBuffer(body) ? new URLSearchParams(body.toString()) : body;
}

const elsewhere = ({ origin, base }: CookieScope): MessagePage => ({ status: 403, title: 'This was sent from another site', text: `Nothing was changed. Open ${origin}${base}/admin and try again there.` }); // prettier-ignore

/** A form that carries a file called `file`. */
export type UploadedCsv = { form: URLSearchParams; file: Uint8Array | undefined };

/** Reads a posted form with a file in it, or says why not. @param most bytes of all of it */
export async function readUpload(
  request: Request,
  place: CookieScope,
  most: number,
): Promise<UploadedCsv | MessagePage> {
  if (request.headers.get('origin') !== place.origin) return elsewhere(place);
  const type = request.headers.get('content-type') ?? '';
  const notForm: MessagePage = { status: 415, title: 'This is not a form', text: 'Nothing was changed. A file is sent as multipart/form-data.' }; // prettier-ignore
  if (!/^multipart\/form-data\s*;/i.test(type)) return notForm;
  const body = await readBody(request, most, `A file can have up to ${Math.floor(most / 1_048_576)} MB. Split it.`);
  if (!Buffer.isBuffer(body)) return body;
  const data = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData().catch(() => undefined); // prettier-ignore
  if (!data) return notForm;
  const form = new URLSearchParams();
  for (const [name, value] of data) if (typeof value === 'string') form.append(name, value);
  const file = data.get('file');
  return { form, file: file instanceof File ? await file.bytes() : undefined };
}

/** Stops reading when there is too much, whatever `Content-Length` says or does not say. @param can what it can have */
async function readBody(request: Request, most: number, can: string): Promise<Buffer | MessagePage> {
  const tooMuch: MessagePage = { status: 413, title: 'This is too much at once', text: `Nothing was changed. ${can}` };
  const announced = request.headers.get('content-length');
  const length = announced === null ? undefined : Number(announced);
  if ((length ?? 0) > most) return tooMuch;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let pieces = 0;
  try {
    for await (const chunk of inTime(request.body ?? [], length)) {
      bytes += chunk.length;
      if (bytes > most || inTooManyPieces(++pieces, bytes)) return tooMuch;
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof TooSlow) return { status: 408, title: 'This came too slowly', text: 'Nothing was changed. Send it again.' }; // prettier-ignore
    return { status: 400, title: 'This was cut off before its end', text: 'Nothing was changed. Send it again.' };
  }
  return Buffer.concat(chunks);
}

/** `next` as a path of the dashboard; undefined for anything else, such as the address of another site. */
export function safeNext(next: string | null, origin: string): string | undefined {
  if (!next || !URL.canParse(next, origin)) return undefined;
  const { origin: target, pathname, search } = new URL(next, origin);
  const open = ['/admin/sign-in', '/admin/sign-out', '/admin/setup', '/admin/code'].includes(pathname);
  return target === origin && !open && /^\/admin(\/|$)/.test(pathname) ? pathname + search : undefined;
}
