import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { LOCAL_SMILE_LIMITS } from '../../site-limits/local-smile-limits.ts';
import { type GivenFile, receive, revokeArchive } from '../link/archives.ts';
import { ok, failWith, EnvelopeError } from '../http/envelope.ts';
import { findFileType } from '../invented/file-types.ts';
import { baseFor, type Env, jsonBody } from '../http/requests.ts';
import type { SandboxArchive, Shape } from '../store/state.ts';
import { createUser } from '../store/users.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

/** `ArchiveCreateRequest` of Smile's OpenAPI document; `ArchiveClassifyRequest` is the same without `fileType`. */
const newArchiveSchema = z.object({
  userId: z.string().min(1).max(200).optional(),
  fileType: z
    .string()
    .refine((type) => findFileType(type)?.byApi, 'This kind of document cannot be sent in by API.')
    .optional(),
  rawFiles: z
    .array(
      z.object({
        fileExtensionType: z.enum(['PDF', 'PNG', 'JPG', 'JPEG']),
        fileContent: z.base64('Give the content of the file in base64.').min(1),
        fileSubtype: z.string().max(200).optional(),
        fileName: z.string().max(200).optional(),
      }),
    )
    .min(1)
    .max(20),
});

export function archiveRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();
  const { archives } = sandbox.state;
  const missing = 'There is no archive with this id.';

  app.get('/archives', (c) => list(c, shown));
  app.get('/archives/:id', (c) => one(c, shown));
  app.get('/uploads', (c) => list(c, shownUpload));
  app.get('/uploads/:id', (c) => one(c, shownUpload));

  app.post('/archives', (c) => take(c, false));
  app.post('/archives/classify', (c) => take(c, true));

  app.delete('/archives/:id', (c) => {
    const archive = archives.get(c.req.param('id'));
    if (!archive || archive.status === 'REVOKED') return failWith(c, 'MISSING_RESOURCE', missing);
    revokeArchive(sandbox, archive);
    return ok(c);
  });

  return app;

  async function take(c: Context, classifyOnly: boolean) {
    const { userId, fileType = null, rawFiles } = await jsonBody(c, newArchiveSchema);
    const files = rawFiles.map(bytesOf);
    const user = userId ? sandbox.state.users.get(userId) : createUser(sandbox);
    if (!user) return failWith(c, 'MISSING_RESOURCE', 'userId: there is no user with this id.');
    const type = classifyOnly ? null : fileType;
    const archive = receive(sandbox, { user, providerId: 'tenant-provided', type, files, classifyOnly });
    return ok(c, shown(archive, baseFor(c, sandbox)));
  }

  function list(c: Context, show: Show) {
    const { nextCursor, items } = pageOf(c, archives.values(), {
      equal: { userId: (archive) => archive.userId, fileType: (archive) => archive.type ?? '' },
      date: (archive) => archive.createdAt,
    });
    return ok(c, { nextCursor, items: items.map((archive) => show(archive, baseFor(c, sandbox))) });
  }

  function one(c: Context<Env, '/:id'>, show: Show) {
    const archive = archives.get(c.req.param('id'));
    return archive ? ok(c, show(archive, baseFor(c, sandbox))) : failWith(c, 'MISSING_RESOURCE', missing);
  }
}

type Show = (archive: SandboxArchive, base: string) => Shape;

function bytesOf(file: z.infer<typeof newArchiveSchema>['rawFiles'][number]): GivenFile {
  const bytes = Uint8Array.from(Buffer.from(file.fileContent, 'base64'));
  if (bytes.length > LOCAL_SMILE_LIMITS.localSmileFileBytes.value)
    throw new EnvelopeError('INVALID_PARAMETERS', 'A file may have 15 MB at most.');
  const format = file.fileExtensionType;
  const name = file.fileName ?? `file.${format.toLowerCase()}`;
  return { name, subType: file.fileSubtype ?? null, format, bytes };
}

/** `Archive` of Smile's OpenAPI document. */
function shown(archive: SandboxArchive, base: string): Shape {
  const { classification, analysis } = archive;
  return {
    ...shownUpload(archive, base),
    classification: classification && { fileType: classification },
    analysis,
    ...(analysis && {
      extraction: { fileType: classification, analysis },
      validation: {
        fileType: classification,
        metadata: passed('The file was not changed after it was made.'),
        computation: passed('The amounts add up.'),
        identity: passed('The names agree.'),
        location: { resultCode: 'NO_DATA', score: 0, resultMessage: 'The file names no place.' },
      },
    }),
  };
}

function passed(resultMessage: string) {
  return { resultCode: 'PASSED', score: 100, resultMessage };
}

/** `Upload`, the deprecated form of the same, without the data read from it. */
function shownUpload(archive: SandboxArchive, base: string): Shape {
  const { id, createdAt, providerId, userId, type, status, errorCode, errorMessage, updatedAt, rawFiles } = archive;
  return {
    id,
    createdAt,
    providerId,
    userId,
    type,
    state: { status, errorCode, errorMessage, updatedAt },
    rawFiles: rawFiles.map(({ path, ...file }) => ({ ...file, url: base + path })),
  };
}
