/** The routes of a person's own files. Each parses, calls one function, answers. */
import { Hono, type Context } from 'hono';
import type { Desk } from '../respond/desk.ts';
import type { StoredFile } from '../record/files/files.ts';
import { disposition } from '../record/files/names.ts';
import { ownFile, ownFiles, removeFile, upload } from '../respond/files.ts';
import { done } from '../respond/refusal.ts';
import { Refused, refusalResponse, respond } from './errors.ts';
import { keyOf } from './requests.ts';
import { theirs } from './theirs.ts';

/** A person's own files: sent, listed, read and taken back with the submission's token. */
export function fileRoutes(desk: Desk): Hono {
  const app = new Hono();

  app.post('/submissions/:id/files', async (c) => {
    const { submission, form } = await theirs(desk, c);
    const given = { field: c.req.query('field') ?? '', name: nameOf(c), body: bodyOf(c) };
    return respond(c, await upload(desk, submission, form, given, keyOf(c)), 201);
  });

  app.get('/submissions/:id/files', async (c) => {
    const { submission } = await theirs(desk, c);
    return respond(c, done(await ownFiles(desk, submission)));
  });

  app.get('/submissions/:id/files/:file', async (c) => {
    const { submission } = await theirs(desk, c);
    const outcome = await ownFile(desk, submission, c.req.param('file'));
    return outcome.ok ? fileResponse(c, outcome.body) : refusalResponse(c, outcome.refusal);
  });

  app.delete('/submissions/:id/files/:file', async (c) => {
    const { submission } = await theirs(desk, c);
    return respond(c, await removeFile(desk, submission, c.req.param('file')));
  });

  return app;
}

/** The bytes of a file, to be kept and not shown: what it holds is somebody else's. */
export const fileResponse = (c: Context, { file, bytes }: { file: StoredFile; bytes: Buffer }): Response =>
  c.body(new Uint8Array(bytes), 200, {
    'content-type': file.type,
    'content-disposition': disposition('attachment', file.name),
    'content-security-policy': "default-src 'none'; sandbox",
  });

/** `X-File-Name`, which is percent-encoded since a header holds ASCII only; without it the file gets a plain name. */
function nameOf(c: Context): string {
  const given = c.req.header('x-file-name') ?? '';
  try {
    return decodeURIComponent(given).slice(0, 1_000);
  } catch {
    throw new Refused({ code: 'invalid_request', message: 'X-File-Name is percent-encoded UTF-8, as encodeURIComponent gives it.' }); // prettier-ignore
  }
}

/** The body as it arrives. One that is cut off is the caller's to send again, and no fault of ours. */
async function* bodyOf(c: Context): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of c.req.raw.body ?? []) yield chunk;
  } catch (error) {
    if (!c.req.raw.signal.aborted) throw error;
    throw new Refused({ code: 'invalid_request', message: 'The file was cut off before its end. Send it again.' });
  }
}
