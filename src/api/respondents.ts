/** The routes of the respondent's page: start, save, link, tell, submit. Each parses, calls one function, answers. */
import { Hono } from 'hono';
import { z } from 'zod';
import { readAnswers, saveAnswers } from '../respond/answers.ts';
import type { Desk } from '../respond/desk.ts';
import { recordEvents } from '../respond/events.ts';
import { disconnect, readLinked } from '../respond/smile/linked.ts';
import { issueLinkToken } from '../respond/smile/link.ts';
import { mayEnter } from '../respond/pass.ts';
import { newChallenge } from '../respond/proof.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { done } from '../respond/refusal.ts';
import { start } from '../respond/start.ts';
import { submit } from '../respond/submit.ts';
import { Refused, respond } from './errors.ts';
import { jsonOf, keyOf, LIMITS, type Asked } from './requests.ts';
import { callerOf, theirs } from './theirs.ts';

const short = z.string().min(1).max(100);

const startSchema = z.strictObject({
  version: short.optional(),
  language: short.optional(),
  params: z.record(z.string().max(60), z.string().max(500)).optional(),
  trap: z.string().max(5_000).optional(),
  proof: z.string().max(SITE_LIMITS.proofCharacters.value).optional(),
});

/**
 * The shape of any answer. An address and the like have parts. This is no zod union, which tries every kind on every value
 * and takes 20 times as long.
 */
function isAnswerShape(value: unknown): boolean {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.length <= 500 && value.every((one) => typeof one === 'string');
  const parts = Object.entries(value as object);
  return parts.length <= 20 && parts.every(([name, part]) => isPart(name) && typeof part === 'string' && part.length <= 2_000); // prettier-ignore
}

const isPart = (name: string) => name.length >= 1 && name.length <= 100;

const saveSchema = z.strictObject({ screen: short, answers: z.record(z.string(), z.custom(isAnswerShape)) });

const linkSchema = z.strictObject({ screen: short, widget: z.int().min(0).max(100).optional() });

const nothingSchema = z.strictObject({});

const eventsSchema = z.strictObject({
  events: z
    .array(
      z.strictObject({
        id: z.uuid(),
        name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.]{0,63}$/),
        at: z.iso.datetime({ offset: true }).max(40),
        data: z
          .record(z.string().max(200), z.unknown())
          .refine((data) => JSON.stringify(data).length <= SITE_LIMITS.eventDataCharacters.value),
      }),
    )
    .min(1)
    .max(SITE_LIMITS.eventsPerBatch.value),
});

/* What every submission asks for. Each parses and calls one function; `direct.ts` and the routes below answer. */

export async function askToStart(desk: Desk, c: Asked) {
  const given = await jsonOf(c, startSchema);
  const slug = c.req.param('slug') ?? '';
  const form = desk.catalog.current(slug)?.form;
  if (form && !mayEnter(desk.keys, form, c.req.header('cookie'), desk.now())) {
    throw new Refused({
      code: 'password_required',
      message: 'This form has a password. Load the page again and enter it.',
    });
  }
  return start(desk, slug, given, keyOf(c));
}

export async function askToSave(desk: Desk, c: Asked) {
  const caller = callerOf(desk, c);
  return saveAnswers(desk, caller, await jsonOf(c, saveSchema, LIMITS.answers), keyOf(c));
}

export async function askToRecord(desk: Desk, c: Asked) {
  const { submission, form } = await theirs(desk, c);
  const { events } = await jsonOf(c, eventsSchema, LIMITS.events);
  return recordEvents(desk, submission, form, events, keyOf(c));
}

export async function askToSubmit(desk: Desk, c: Asked) {
  const caller = callerOf(desk, c);
  await jsonOf(c, nothingSchema);
  keyOf(c);
  return submit(desk, caller);
}

/** What the page of a form asks for. All but the start are opened by the submission's own token. */
export function respondentRoutes(desk: Desk): Hono {
  const app = new Hono();

  app.post('/forms/:slug/submissions', async (c) => respond(c, await askToStart(desk, c), 201));

  app.get('/forms/:slug/challenge', async (c) => {
    const slug = c.req.param('slug');
    if (!desk.catalog.current(slug))
      throw new Refused({ code: 'unknown_form', message: 'There is no form with this slug.' });
    return respond(c, done(await newChallenge(desk, slug)));
  });

  app.get('/submissions/:id/answers', async (c) => {
    const { submission, form } = await theirs(desk, c);
    return respond(c, done(await readAnswers(desk, submission, form)));
  });

  app.put('/submissions/:id/answers', async (c) => respond(c, await askToSave(desk, c)));

  app.post('/submissions/:id/link-token', async (c) => {
    const { submission, form } = await theirs(desk, c);
    return respond(c, await issueLinkToken(desk, submission, form, await jsonOf(c, linkSchema), keyOf(c)));
  });

  app.get('/submissions/:id/accounts', async (c) => {
    const { submission, form } = await theirs(desk, c);
    return respond(c, done(await readLinked(desk, submission, form)));
  });

  app.delete('/submissions/:id/accounts/:account', async (c) => {
    const { submission, form } = await theirs(desk, c);
    return respond(c, await disconnect(desk, submission, form, c.req.param('account')));
  });

  app.post('/submissions/:id/events', async (c) => respond(c, await askToRecord(desk, c)));

  app.post('/submissions/:id/submit', async (c) => respond(c, await askToSubmit(desk, c)));

  return app;
}
