/** The endpoints for integrators' programs, which read and delete submissions. Without an API key they are closed. */
import { z } from 'zod';
import type { Services } from '../../respond/services.ts';
import { eraseSubmission } from '../../respond/erase.ts';
import { done } from '../../respond/errors/api-error.ts';
import { matchLines, groupByDataPoint } from '../../linked/match.ts';
import { latestEvents } from '../../record/event-queries.ts';
import { submissionResource, submissionResources } from '../../record/submissions/submission-resource.ts';
import { listArchives } from '../../record/accounts/archives.ts';
import { listLinked } from '../../record/accounts/account-data.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { cursorAfter, isCursor, listSubmissions } from '../../record/submissions/submission-list.ts';
import { findSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { findVersion } from '../../record/versions.ts';
import { ApiException } from '../errors.ts';
import { formListAnswer, submissionDetailsAnswer, submissionListAnswer } from '../answers/submissions.ts';
import { defineEndpoint } from './endpoint.ts';
import { checkFilter } from './filter-values.ts';
import { peopleFilterOf, peopleQuery, reachedQuery } from './results.ts';

const LIMIT_MESSAGE = 'limit must be a number from 1 to 200.';
const CURSOR_MESSAGE = 'cursor is not valid. Use the nextCursor of an earlier answer.';

const pageSchema = z.strictObject({
  limit: z.coerce
    .number(LIMIT_MESSAGE)
    .int(LIMIT_MESSAGE)
    .min(1, LIMIT_MESSAGE)
    .max(200, LIMIT_MESSAGE)
    .default(50)
    .describe('The largest number of submissions on the page'),
  cursor: z.string().refine(isCursor, CURSOR_MESSAGE).optional().describe('The nextCursor of the page before'),
  ...peopleQuery,
  ...reachedQuery,
});

export const integratorEndpoints = [
  defineEndpoint({
    name: 'listForms',
    method: 'GET',
    path: '/api/forms',
    summary: 'Lists the forms.',
    access: 'api key',
    limits: [],
    answer: formListAnswer,
    async handle({ services }) {
      const items = services.catalog
        .list()
        .filter(({ hidden }) => !hidden)
        .map(({ form: { slug, title, languages }, version, removed, managedIn }) => ({
          slug,
          title,
          version,
          languages,
          removed,
          owner: managedIn,
        }));
      return done({ items });
    },
  }),

  defineEndpoint({
    name: 'listSubmissions',
    method: 'GET',
    path: '/api/forms/:slug/submissions',
    summary: 'Lists the submissions of a form, newest first.',
    access: 'api key',
    limits: [],
    query: pageSchema,
    answer: submissionListAnswer,
    async handle({ services, param, query }) {
      const slug = param('slug');
      if (!services.catalog.current(slug))
        throw new ApiException({ code: 'unknown_form', message: 'There is no form with this slug.' });
      const { limit, cursor, ...filter } = query();
      await checkFilter(services, slug, filter);
      const people = peopleFilterOf(filter, services.now());
      const isComplete = people && (await services.results.countWaiting());
      // With a filter, the list is that of a figure of Results, which only counts people.
      const page = await listSubmissions(services.db, {
        form: slug,
        limit,
        cursor,
        people,
        counted: people !== undefined,
      });
      const all = await submissionResources(services.db, page.items);
      const items = jsonWithin(all, SITE_LIMITS.listBytes.value);
      const last = items.length < all.length && all[items.length - 1];
      const nextCursor = last ? cursorAfter(last.id) : page.nextCursor;
      const complete = isComplete === undefined ? '' : `,"complete":${isComplete}`;
      const json = `{"items":[${items.join(',')}],"nextCursor":${JSON.stringify(nextCursor)}${complete}}`;
      return new Response(json, { headers: { 'content-type': 'application/json' } });
    },
  }),

  defineEndpoint({
    name: 'getSubmission',
    method: 'GET',
    path: '/api/submissions/:id',
    summary: 'Returns a submission with its latest events and the data of its accounts.',
    access: 'api key',
    limits: [],
    answer: submissionDetailsAnswer,
    async handle({ services, param }) {
      const submission = await findSubmission(services.db, param('id'));
      if (!submission) throw new ApiException(NO_SUBMISSION);
      const latest = await latestEvents(services.db, submission, SITE_LIMITS.eventsInApi.value);
      const events = latest.events.map(({ id, name, source, at, receivedAt, data }) => ({
        id,
        name,
        source,
        at,
        receivedAt,
        data,
      }));
      const item = await submissionResource(services.db, submission);
      return done({ ...item, ...(await linkedOf(services, submission)), events, eventsLeftOut: latest.leftOut });
    },
  }),

  defineEndpoint({
    name: 'deleteSubmission',
    method: 'DELETE',
    path: '/api/submissions/:id',
    summary: 'Deletes the data of a submission. Deleting it again has no effect.',
    access: 'api key',
    limits: [],
    status: 204,
    async handle({ services, param }) {
      const id = param('id');
      if (!(await findSubmission(services.db, id))) throw new ApiException(NO_SUBMISSION);
      await eraseSubmission(services, id, { reason: 'asked', by: 'API' });
      return done(null);
    },
  }),
];

const NO_SUBMISSION = { code: 'unknown_submission', message: 'There is no submission with this id.' } as const;

/** The JSON of each of the first items: as many as have `maxBytes` together, and at least one. */
function jsonWithin(items: readonly unknown[], maxBytes: number): string[] {
  const texts: string[] = [];
  let bytes = 0;
  for (const item of items) {
    const text = JSON.stringify(item);
    bytes += Buffer.byteLength(text);
    if (texts.length && bytes > maxBytes) break;
    texts.push(text);
  }
  return texts;
}

/** Data of the connected accounts and of uploaded documents, and its comparison with the answers. */
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
