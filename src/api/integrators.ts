/** The routes for programs, which read what was recorded. Closed without an API key. */
import { Hono, type Context } from 'hono';
import type { Services } from '../respond/services.ts';
import { eraseSubmission } from '../respond/erase.ts';
import { done } from '../respond/api-error.ts';
import { matchLines, groupByDataPoint } from '../linked/match.ts';
import { latestEvents } from '../record/events.ts';
import { findFile, readBytes } from '../record/files/files.ts';
import { streamOf } from '../record/files/stream.ts';
import { submissionResource } from '../record/submissions/submission-resource.ts';
import { listArchives } from '../record/accounts/archives.ts';
import { listLinked } from '../record/accounts/account-data.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { sameSecret } from '../record/crypto/secrets.ts';
import { isCursor, listSubmissions } from '../record/submissions/submission-list.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { findVersion } from '../record/versions.ts';
import { ApiException, resultResponse } from './errors.ts';
import { storedFileResponse } from './files.ts';
import { bearerOf } from './body.ts';

/**
 * Forms and submissions, all of them, for who has the API key.
 * @param apiKey without it, everything is refused
 */
export function integratorRoutes(services: Services, apiKey: string | undefined): Hono {
  const app = new Hono();
  const hasKey = (c: Context) => apiKey !== undefined && sameSecret(bearerOf(c), apiKey);
  const admit = (c: Context) => {
    if (!hasKey(c)) {
      throw new ApiException({
        code: 'unauthorized',
        message: 'The API key is missing or wrong. Send it as Authorization: Bearer …',
      });
    }
  };

  app.get('/forms', (c) => {
    admit(c);
    const items = services.catalog
      .list()
      .filter(({ hidden }) => !hidden)
      .map(({ form, version, removed }) => ({
        slug: form.slug,
        title: form.title,
        version,
        languages: form.languages,
        removed,
      }));
    return resultResponse(c, done({ items }));
  });

  app.get('/forms/:slug/submissions', async (c) => {
    admit(c);
    const slug = c.req.param('slug');
    if (!services.catalog.current(slug))
      throw new ApiException({ code: 'unknown_form', message: 'There is no form with this slug.' });
    const limit = Number(c.req.query('limit') ?? 50);
    if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
      throw new ApiException({ code: 'invalid_request', message: 'limit must be a number from 1 to 200.' });
    }
    const cursor = c.req.query('cursor');
    if (cursor !== undefined && !isCursor(cursor)) {
      throw new ApiException({
        code: 'invalid_request',
        message: 'cursor is not valid. Use the nextCursor of an earlier answer.',
      });
    }
    const page = await listSubmissions(services.db, { form: slug, limit, cursor });
    const items = await Promise.all(page.items.map((submission) => submissionResource(services.db, submission)));
    return resultResponse(c, done({ items, nextCursor: page.nextCursor }));
  });

  app.get('/submissions/:id', async (c) => {
    admit(c);
    const submission = await findSubmission(services.db, c.req.param('id'));
    if (!submission)
      throw new ApiException({ code: 'unknown_submission', message: 'There is no submission with this id.' });
    const { events, leftOut } = await latestEvents(services.db, submission, SITE_LIMITS.eventsInApi.value);
    const told = events.map(({ id, name, source, at, receivedAt, data }) => ({
      id,
      name,
      source,
      at,
      receivedAt,
      data,
    }));
    const item = await submissionResource(services.db, submission);
    return resultResponse(
      c,
      done({ ...item, ...(await linkedOf(services, submission)), events: told, eventsLeftOut: leftOut }),
    );
  });

  app.delete('/submissions/:id', async (c) => {
    admit(c);
    const id = c.req.param('id');
    if (!(await findSubmission(services.db, id))) {
      throw new ApiException({ code: 'unknown_submission', message: 'There is no submission with this id.' });
    }
    // Erased already is as good as erased now: a retry changes nothing.
    await eraseSubmission(services, id, { reason: 'asked', by: 'API' });
    return c.body(null, 204);
  });

  // The same address serves the person whose file it is, by their token.
  app.get('/submissions/:id/files/:file', async (c, next) => {
    if (!hasKey(c)) return next();
    const { id, file: fileId } = c.req.param();
    const file = await findFile(services.db, id, fileId);
    const chunks = file && !file.removedAt ? await readBytes(services.db, services.files, fileId) : undefined;
    if (!file || !chunks) throw new ApiException({ code: 'unknown_file', message: 'There is no file with this id.' });
    return storedFileResponse(c, file, c.req.method === 'HEAD' ? null : streamOf(chunks));
  });

  return app;
}

/** What was read from the accounts, each data point once per account, and in uploaded documents; and how it compares with what was declared. */
async function linkedOf({ db, now }: Services, submission: Submission) {
  const [linked, documents, form] = await Promise.all([
    listLinked(db, submission.id),
    listArchives(db, submission.id),
    findVersion(db, submission.form, submission.version),
  ]);
  const data = groupByDataPoint(linked);
  return {
    linked: linked.map(({ accountId, dataPoint, items, readAt, removedAt, removedBecause, fault }) => ({
      accountId,
      dataPoint,
      items,
      readAt,
      removedAt,
      removedBecause,
      ...(fault && { unreadable: fault }),
    })),
    documents: documents.map(({ archiveId, type, status, errorCode, content, readAt, removedAt, fault }) => ({
      archiveId,
      type,
      status,
      ...(errorCode && { errorCode }),
      content: content ?? null,
      readAt,
      removedAt,
      ...(fault && { unreadable: fault }),
    })),
    match:
      form && !submission.erasedAt ? matchLines(form, submission.answers, data, now().toISOString().slice(0, 10)) : [],
  };
}
