/** The routes of a person's own files. Each parses, calls one function, answers. */
import { Hono, type Context } from 'hono';
import type { StoredFile } from '../record/files/files.ts';
import { disposition } from '../record/files/names.ts';
import { ownFile, ownFiles, removeFile, upload } from '../respond/files.ts';
import { done } from '../respond/refusal.ts';
import { Refused, refusalResponse, respond } from './errors.ts';
import type { Native } from './native.ts';
import { keyOf, refusePieces } from './requests.ts';
import { theirs } from './theirs.ts';

/** A person's own files: sent, listed, read and taken back with the submission's token. */
export function fileRoutes({ desk, remoteAddress, traffic }: Pick<Native, 'desk' | 'remoteAddress' | 'traffic'>): Hono {
  const app = new Hono();

  app.post('/submissions/:id/files', async (c) => {
    const { submission, form } = await theirs(desk, c);
    const caller = { address: remoteAddress(c), submission: submission.id };
    const body = bodyOf(c, (bytes) => traffic.count(caller.address, bytes));
    const given = { field: c.req.query('field') ?? '', name: nameOf(c), body };
    const receive = () => upload(desk, submission, form, given, keyOf(c));
    return respond(c, await traffic.receive(caller, receive), 201);
  });

  app.get('/submissions/:id/files', async (c) => {
    const { submission } = await theirs(desk, c);
    return respond(c, done(await ownFiles(desk, submission)));
  });

  app.get('/submissions/:id/files/:file', async (c) => {
    const { submission } = await theirs(desk, c);
    const outcome = await ownFile(desk, submission, c.req.param('file'));
    if (!outcome.ok) return refusalResponse(c, outcome.refusal);
    const { file, chunks } = outcome.body;
    // Asked for its headers alone, none of it is read further.
    if (c.req.method === 'HEAD') return fileResponse(c, file, null);
    const caller = { address: remoteAddress(c), submission: submission.id };
    return fileResponse(c, file, await traffic.send(caller, chunks));
  });

  app.delete('/submissions/:id/files/:file', async (c) => {
    const { submission } = await theirs(desk, c);
    return respond(c, await removeFile(desk, submission, c.req.param('file')));
  });

  return app;
}

/** The bytes of a file, to be kept and not shown: what it holds is somebody else's. */
export const fileResponse = (c: Context, file: StoredFile, body: ReadableStream | null): Response =>
  c.newResponse(body, 200, {
    'content-type': file.type,
    // One that is broken off is known to be.
    'content-length': String(file.size),
    'content-disposition': disposition('attachment', file.name),
    'content-security-policy': "default-src 'none'; sandbox",
  });

/** `X-File-Name`, which is percent-encoded since a header holds ASCII only; without it the file gets a plain name. */
function nameOf(c: Context): string {
  const given = c.req.header('x-file-name') ?? '';
  try {
    return decodeURIComponent(given).slice(0, 1_000);
  } catch {
    throw new Refused({ code: 'invalid_request', message: 'X-File-Name is not percent-encoded UTF-8. Encode it with encodeURIComponent.' }); // prettier-ignore
  }
}

/**
 * The body as it arrives. One that is cut off is the caller's to send again, and no fault of ours.
 * @param count told of the bytes of each chunk; may refuse them
 */
async function* bodyOf(c: Context, count: (bytes: number) => Promise<void>): AsyncGenerator<Uint8Array> {
  let pieces = 0;
  let size = 0;
  try {
    for await (const chunk of c.req.raw.body ?? []) {
      size += chunk.length;
      refusePieces(++pieces, size);
      await count(chunk.length);
      yield chunk;
    }
  } catch (error) {
    if (!c.req.raw.signal.aborted || error instanceof Refused) throw error;
    throw new Refused({ code: 'invalid_request', message: 'The file is incomplete. Send it again.' });
  }
}
