/** The routes of a person's own files. Each parses, calls one function, answers. */
import { Hono, type Context } from 'hono';
import type { StoredFile } from '../record/files/files.ts';
import { disposition } from '../record/files/names.ts';
import { ownFile, ownFiles, removeFile, upload } from '../respond/files.ts';
import { done } from '../respond/api-error.ts';
import { ApiException, errorResponse, resultResponse } from './errors.ts';
import type { BytesSent } from './file-traffic.ts';
import type { Native } from './native.ts';
import { inTime, TooSlow } from '../site-limits/slow-bodies.ts';
import { brokenOff, keyOf, lengthOf, refusePieces } from './body.ts';
import { submissionOf } from './submission-access.ts';

/** A person's own files: sent, listed, read and taken back with the submission's token. */
export function fileRoutes({
  services,
  remoteAddress,
  traffic,
}: Pick<Native, 'services' | 'remoteAddress' | 'traffic'>): Hono {
  const app = new Hono();

  app.post('/submissions/:id/files', async (c) => {
    const { submission, form } = await submissionOf(services, c);
    const caller = { address: remoteAddress(c), submission: submission.id };
    const announced = lengthOf(c);
    const body = bodyOf(c, () => traffic.count(caller.address, announced));
    const given = { field: c.req.query('field') ?? '', name: nameOf(c), body, announced };
    const receive = () => upload(services, submission, form, given, keyOf(c));
    return resultResponse(c, await traffic.receive(caller, receive), 201);
  });

  app.get('/submissions/:id/files', async (c) => {
    const { submission } = await submissionOf(services, c);
    return resultResponse(c, done(await ownFiles(services, submission)));
  });

  app.get('/submissions/:id/files/:file', async (c) => {
    const { submission } = await submissionOf(services, c);
    const outcome = await ownFile(services, submission, c.req.param('file'));
    if (!outcome.ok) return errorResponse(c, outcome.error);
    const { file, chunks } = outcome.body;
    // Asked for its headers alone, none of it is read further.
    if (c.req.method === 'HEAD') return storedFileResponse(c, file, null);
    const caller = { address: remoteAddress(c), submission: submission.id };
    return storedFileResponse(c, file, await traffic.send(caller, chunks));
  });

  app.delete('/submissions/:id/files/:file', async (c) => {
    const { submission } = await submissionOf(services, c);
    return resultResponse(c, await removeFile(services, submission, c.req.param('file')));
  });

  return app;
}

/** The bytes of a file, to be kept and not shown: what it holds is somebody else's. */
export const storedFileResponse = (c: Context, file: StoredFile, body: ReadableStream | null): Response =>
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
    throw new ApiException({ code: 'invalid_request', message: 'X-File-Name is not percent-encoded UTF-8. Encode it with encodeURIComponent.' }); // prettier-ignore
  }
}

/**
 * The body as it arrives.
 * @param count begins to count its bytes; it and they may be refused
 */
async function* bodyOf(c: Context, count: () => BytesSent): AsyncGenerator<Uint8Array> {
  let pieces = 0;
  let size = 0;
  const counted = count();
  try {
    for await (const chunk of inTime(c.req.raw.body ?? [], lengthOf(c))) {
      size += chunk.length;
      refusePieces(++pieces, size);
      counted.add(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw c.req.raw.signal.aborted || error instanceof TooSlow ? brokenOff(error) : error;
  } finally {
    counted.end();
  }
}
