/** Reads the form that a browser posts, within limits. */
import { inTime, TooManyPieces, TooSlow } from '../../site-limits/counting/slow-bodies.ts';
import { repairEncoding } from '../../site-limits/repair-encoding.ts';
import type { ErrorPage } from '../pages.ts';

const FORM = 'application/x-www-form-urlencoded';

/** @property json the body of a route that takes JSON */
export type PostedForm = { form: URLSearchParams; file?: Uint8Array | undefined; json?: unknown };

/**
 * Reads the fields of a posted form.
 * @returns a message for 415 (not a form), 413 (too large), 408 (too slow) or 400 (incomplete)
 */
export async function readPost(request: Request, maxBytes: number): Promise<PostedForm | ErrorPage> {
  if (request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== FORM) {
    return { status: 415, title: 'This is not a form', text: `Nothing was changed. The dashboard takes ${FORM}.` };
  }
  const body = await readBody(
    request,
    maxBytes,
    `Nothing was changed. The dashboard takes up to ${sizeInWords(maxBytes)}.`,
  );
  return Buffer.isBuffer(body) ? { form: new URLSearchParams(repairEncoding(body.toString())) } : body;
}

const MB = 1_048_576;

/** Rounded down. */
const sizeInWords = (bytes: number): string =>
  bytes < MB ? `${Math.floor(bytes / 1_024)} kB` : `${Math.floor(bytes / MB)} MB`;

/**
 * Reads a posted form with a file called `file` in it.
 * @param maxBytes of the form and the file together
 * @returns a message where it cannot be read, as `readPost` does
 */
export async function readUpload(request: Request, maxBytes: number): Promise<PostedForm | ErrorPage> {
  const type = request.headers.get('content-type') ?? '';
  const notForm: ErrorPage = { status: 415, title: 'This is not a form', text: 'Nothing was changed. A file is sent as multipart/form-data.' }; // prettier-ignore
  if (!/^multipart\/form-data\s*;/i.test(type)) return notForm;
  const limit = `Nothing was changed. A file can have up to ${sizeInWords(maxBytes)}. Split it.`;
  const body = await readBody(request, maxBytes, limit);
  if (!Buffer.isBuffer(body)) return body;
  const data = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData().catch(() => undefined); // prettier-ignore
  if (!data) return notForm;
  const form = new URLSearchParams();
  for (const [name, value] of data) if (typeof value === 'string') form.append(name, value);
  const file = data.get('file');
  return { form, file: file instanceof File ? await file.bytes() : undefined };
}

/** Reads a body of JSON. @returns a message where it cannot be read, as `readPost` does */
export async function readJson(request: Request, maxBytes: number): Promise<PostedForm | ErrorPage> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    return {
      status: 415,
      title: 'This is not JSON',
      text: 'Nothing was changed. This address takes application/json.',
    };
  const body = await readBody(
    request,
    maxBytes,
    'Flipsite did not save it. Undo your last change, or make the text shorter.',
  );
  if (!Buffer.isBuffer(body)) return body;
  try {
    return { form: new URLSearchParams(), json: JSON.parse(body.toString()) };
  } catch {
    return { status: 400, title: 'This is not JSON', text: 'Nothing was changed. Send it again.' };
  }
}

/**
 * Stops reading when there is too much, whatever `Content-Length` says. `hono/body-limit` does not fit: it does not count
 * the pieces that a body comes in, or bound the time.
 * @param remedy the text of the page for a body that is too large
 */
async function readBody(request: Request, maxBytes: number, remedy: string): Promise<Buffer | ErrorPage> {
  const tooMuch: ErrorPage = { status: 413, title: 'This is too large', text: remedy };
  const announced = request.headers.get('content-length');
  const length = announced === null ? undefined : Number(announced);
  if ((length ?? 0) > maxBytes) return tooMuch;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of inTime(request.body ?? [], length)) {
      bytes += chunk.length;
      if (bytes > maxBytes) return tooMuch;
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof TooManyPieces) return tooMuch;
    if (error instanceof TooSlow) return { status: 408, title: 'The form arrived too slowly', text: 'Nothing was changed. Send it again.' }; // prettier-ignore
    return { status: 400, title: 'The form did not arrive completely', text: 'Nothing was changed. Send it again.' };
  }
  return Buffer.concat(chunks);
}
