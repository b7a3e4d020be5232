/** The endpoints of files: a respondent uploads, lists, reads and deletes their own. An integrator reads any. */
import { z } from 'zod';
import { findFile, readBytes, type StoredFile } from '../../record/files/files.ts';
import { disposition } from '../../record/files/names.ts';
import { streamOf } from '../../record/files/stream.ts';
import { ownFile, ownFiles, removeFile, unknownFile, upload } from '../../respond/files/files.ts';
import { done } from '../../respond/errors/api-error.ts';
import { loadRespondentSubmission } from '../../respond/access/submission-access.ts';
import { ApiException } from '../errors.ts';
import type { BytesSent } from '../bounds/file-traffic.ts';
import type { MemoryPlace } from '../../site-limits/counting/memory-place.ts';
import { inTime } from '../../site-limits/counting/slow-bodies.ts';
import { brokenOff, lengthOf, unreadable, type RequestContext } from '../body.ts';
import { emptyAnswer, fileListAnswer, uploadedFileAnswer } from '../answers/respondents.ts';
import { defineEndpoint, IDEMPOTENT } from './endpoint.ts';

export const fileEndpoints = [
  defineEndpoint({
    name: 'uploadFile',
    method: 'POST',
    path: '/api/submissions/:id/files',
    summary: 'Uploads a file.',
    access: 'submission',
    limits: ['fileRequests'],
    query: z.object({ field: z.string('field must be the id of a file field.').describe('The id of the file field') }),
    status: 201,
    metric: 'files',
    bodyType: '*/*',
    headers: { ...IDEMPOTENT, 'X-File-Name': 'The name of the file, percent-encoded' },
    answer: uploadedFileAnswer,
    async handle({ services, traffic, c, caller, address, query, idempotencyKey }) {
      const { submission, form } = await loadRespondentSubmission(services, caller);
      const sender = { address: address(), submission: submission.id };
      const announced = lengthOf(c);
      const request = { field: query().field, name: nameOf(c), announced };
      return traffic.receive(sender, (place) => {
        const body = bodyOf(c, () => traffic.count(sender.address, announced, 1), place);
        return upload(services, submission, form, { ...request, body }, idempotencyKey());
      });
    },
  }),

  defineEndpoint({
    name: 'listFiles',
    method: 'GET',
    path: '/api/submissions/:id/files',
    summary: 'Lists the files of a submission.',
    access: 'submission',
    limits: ['fileReads'],
    metric: 'files',
    answer: fileListAnswer,
    async handle({ services, caller }) {
      const { submission } = await loadRespondentSubmission(services, caller);
      return done(await ownFiles(services, submission));
    },
  }),

  defineEndpoint({
    name: 'getFile',
    method: 'GET',
    path: '/api/submissions/:id/files/:file',
    summary: 'Returns the bytes of a file.',
    access: 'submission or api key',
    limits: ['fileReads'],
    metric: 'files',
    answer: '*/*',
    async handle({ services, traffic, c, caller, address, param }) {
      const headersOnly = c.req.method === 'HEAD';
      const open = () => readBytes(services.db, services.files, param('file'));
      if (!caller) {
        const file = await findFile(services.db, param('id'), param('file'));
        const chunks = file && !file.removedAt ? await open() : undefined;
        if (!file || !chunks)
          throw new ApiException({ code: 'unknown_file', message: 'There is no file with this id.' });
        return storedFileResponse(file, headersOnly ? null : streamOf(chunks));
      }
      const { submission } = await loadRespondentSubmission(services, caller);
      const found = await ownFile(services, submission, param('file'));
      if (!found.ok) return found;
      const body = await traffic.send({ address: address(), submission: submission.id }, open);
      if (!body) return unknownFile();
      if (headersOnly) await body.cancel();
      return storedFileResponse(found.body, headersOnly ? null : body);
    },
  }),

  defineEndpoint({
    name: 'deleteFile',
    method: 'DELETE',
    path: '/api/submissions/:id/files/:file',
    summary: 'Deletes a file of a submission that is not submitted.',
    access: 'submission',
    limits: ['fileRequests'],
    metric: 'files',
    answer: emptyAnswer,
    async handle({ services, caller, param }) {
      const { submission } = await loadRespondentSubmission(services, caller);
      return removeFile(services, submission, param('file'));
    },
  }),
];

/** The bytes of a file as a download. A browser does not show them, since another person wrote them. */
const storedFileResponse = (file: StoredFile, body: ReadableStream | null): Response =>
  new Response(body, {
    headers: {
      'content-type': file.type,
      // The client can see whether the download is complete.
      'content-length': String(file.size),
      'content-disposition': disposition('attachment', file.name),
      'content-security-policy': "default-src 'none'; sandbox",
    },
  });

/** `X-File-Name`, percent-encoded because a header has only ASCII. Without it, the file gets a plain name. */
function nameOf(c: RequestContext): string {
  const name = c.req.header('x-file-name') ?? '';
  try {
    return decodeURIComponent(name).slice(0, 1_000);
  } catch {
    throw new ApiException({ code: 'invalid_request', message: 'X-File-Name is not percent-encoded UTF-8. Encode it with encodeURIComponent.' }); // prettier-ignore
  }
}

/**
 * The body as it arrives.
 * @param count begins to count its bytes. It throws where there are too many
 * @param place that it takes in memory
 */
async function* bodyOf(c: RequestContext, count: () => BytesSent, place: MemoryPlace): AsyncGenerator<Uint8Array> {
  const counted = count();
  try {
    for await (const chunk of inTime(c.req.raw.body ?? [], lengthOf(c), place)) {
      counted.add(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw c.req.raw.signal?.aborted ? brokenOff(error) : (unreadable(error) ?? error);
  } finally {
    counted.end();
  }
}
