/** The routes for programs, which read what was recorded. Closed without an API key. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type Context } from 'hono';
import type { Desk } from '../respond/desk.ts';
import { done } from '../respond/refusal.ts';
import { listAccounts } from '../record/accounts.ts';
import { listEvents } from '../record/events.ts';
import { formatReference } from '../record/ids.ts';
import { isCursor, listSubmissions } from '../record/submission-list.ts';
import { findSubmission, type Submission } from '../record/submissions.ts';
import { Refused, respond } from './errors.ts';
import { bearerOf } from './requests.ts';

export function integratorRoutes(desk: Desk, apiKey: string | undefined): Hono {
  const app = new Hono();
  const admit = (c: Context) => {
    if (!apiKey || !sameText(bearerOf(c), apiKey)) {
      throw new Refused({ code: 'unauthorized', message: 'Send an API key: Authorization: Bearer …' });
    }
  };

  app.get('/forms', (c) => {
    admit(c);
    const items = desk.catalog.list().map(({ form, version, removed }) => ({
      slug: form.slug,
      title: form.title,
      version,
      languages: form.languages,
      removed,
    }));
    return respond(c, done({ items }));
  });

  app.get('/forms/:slug/submissions', async (c) => {
    admit(c);
    const slug = c.req.param('slug');
    if (!desk.catalog.current(slug)) throw new Refused({ code: 'unknown_form', message: 'There is no such form.' });
    const limit = Number(c.req.query('limit') ?? 50);
    if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
      throw new Refused({ code: 'invalid_request', message: 'limit is a number from 1 to 200.' });
    }
    const cursor = c.req.query('cursor');
    if (cursor !== undefined && !isCursor(cursor)) {
      throw new Refused({ code: 'invalid_request', message: 'cursor is not one that this list gave.' });
    }
    const page = await listSubmissions(desk.db, { form: slug, limit, cursor });
    const items = await Promise.all(page.items.map((submission) => itemOf(desk, submission)));
    return respond(c, done({ items, nextCursor: page.nextCursor }));
  });

  app.get('/submissions/:id', async (c) => {
    admit(c);
    const submission = await findSubmission(desk.db, c.req.param('id'));
    if (!submission) throw new Refused({ code: 'unknown_submission', message: 'There is no such submission.' });
    const events = await listEvents(desk.db, submission);
    const told = events.map(({ id, name, source, at, receivedAt, data }) => ({
      id,
      name,
      source,
      at,
      receivedAt,
      data,
    }));
    return respond(c, done({ ...(await itemOf(desk, submission)), events: told }));
  });

  return app;
}

async function itemOf(desk: Desk, submission: Submission) {
  const { id, reference, form, version, language, answers, params, ending, outcome, createdAt, submittedAt } =
    submission;
  const accounts = await listAccounts(desk.db, id);
  return {
    id,
    reference: reference && formatReference(reference),
    form,
    version,
    language,
    status: submittedAt ? 'submitted' : 'draft',
    answers,
    params,
    ending,
    outcome,
    accounts: accounts.map(({ accountId, providerId, status, confirmed }) => ({
      accountId,
      providerId,
      status,
      confirmed,
    })),
    createdAt,
    submittedAt,
  };
}

/** Compares in a time that tells nothing, whatever the lengths. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
