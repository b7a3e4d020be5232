/** The routes of the respondent's page: start, save, link, tell, submit. Each parses, calls one function, answers. */
import { Hono } from 'hono';
import { z } from 'zod';
import { readAnswers, saveAnswers } from '../respond/answers.ts';
import type { Services } from '../respond/services.ts';
import { recordEvents } from '../respond/events.ts';
import { disconnectAccount, readLinked } from '../respond/smile/linked.ts';
import { issueLinkToken } from '../respond/smile/link.ts';
import { hasAccess } from '../respond/form-access-cookie.ts';
import { newChallenge } from '../respond/proof.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { done } from '../respond/api-error.ts';
import { start } from '../respond/start.ts';
import { submit } from '../respond/submit.ts';
import type { ApiOptions } from './app.ts';
import { ApiException, resultResponse } from './errors.ts';
import { countEvents, type Rates } from './rates.ts';
import { jsonOf, keyOf, lengthOf, LIMITS, type RequestContext } from './body.ts';
import { callerOf, submissionOf } from './submission-access.ts';

const short = z.string().min(1).max(100);

const startSchema = z.strictObject({
  version: short.optional(),
  language: short.optional(),
  params: z.record(z.string().max(60), z.string().max(SITE_LIMITS.paramCharacters.value)).optional(),
  trap: z.string().max(SITE_LIMITS.trapCharacters.value).optional(),
  proof: z.string().max(SITE_LIMITS.proofCharacters.value).optional(),
});

/**
 * The shape of any answer. An address and the like have parts. This is no zod union, which tries every kind on every value
 * and takes 20 times as long.
 */
function isAnswerShape(value: unknown): boolean {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value))
    return value.length <= answerListEntries.value && value.every((one) => typeof one === 'string');
  const parts = Object.entries(value as object);
  return parts.length <= answerParts.value && parts.every(([name, part]) => isName(name) && isPart(part));
}

const { answerListEntries, answerParts, answerPartCharacters } = SITE_LIMITS;
const isName = (name: string) => name.length >= 1 && name.length <= 100;
const isPart = (part: unknown) => typeof part === 'string' && part.length <= answerPartCharacters.value;

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

export async function handleStart(services: Services, c: RequestContext) {
  const given = await jsonOf(c, startSchema);
  const slug = c.req.param('slug') ?? '';
  const form = services.catalog.current(slug)?.form;
  if (form && !hasAccess(services.keys, form, c.req.header('cookie'), services.now())) {
    throw new ApiException({
      code: 'password_required',
      message: 'This form has a password. Load the page again and enter it.',
    });
  }
  return start(services, slug, given, keyOf(c));
}

export async function handleSave(services: Services, c: RequestContext) {
  const caller = callerOf(services, c);
  return saveAnswers(services, caller, await jsonOf(c, saveSchema, LIMITS.answers), keyOf(c));
}

/** @param rates count the bytes of the events for `address`; without them, it may store as many as it likes */
export async function handleEvents(services: Services, c: RequestContext, rates: Rates | undefined, address: string) {
  const { submission, form } = await submissionOf(services, c);
  const record = async () => {
    const { events } = await jsonOf(c, eventsSchema, LIMITS.events);
    return recordEvents(services, submission, form, events, keyOf(c));
  };
  const bytes = lengthOf(c) ?? LIMITS.events;
  // A larger body is refused while it is read.
  return rates ? countEvents(rates.events, address, Math.min(bytes, LIMITS.events), record) : record();
}

export async function handleSubmit(services: Services, c: RequestContext) {
  const caller = callerOf(services, c);
  await jsonOf(c, nothingSchema);
  keyOf(c);
  return submit(services, caller);
}

/** What the page of a form asks for. All but the start are opened by the submission's own token. */
export function respondentRoutes({
  services,
  rates,
  remoteAddress,
}: Pick<ApiOptions, 'services' | 'rates' | 'remoteAddress'>): Hono {
  const app = new Hono();

  app.post('/forms/:slug/submissions', async (c) => resultResponse(c, await handleStart(services, c), 201));

  app.get('/forms/:slug/challenge', async (c) => {
    const slug = c.req.param('slug');
    if (!services.catalog.current(slug))
      throw new ApiException({ code: 'unknown_form', message: 'There is no form with this slug.' });
    return resultResponse(c, done(await newChallenge(services, slug)));
  });

  app.get('/submissions/:id/answers', async (c) => {
    const { submission, form } = await submissionOf(services, c);
    return resultResponse(c, done(await readAnswers(services, submission, form)));
  });

  app.put('/submissions/:id/answers', async (c) => resultResponse(c, await handleSave(services, c)));

  app.post('/submissions/:id/link-token', async (c) => {
    const { submission, form } = await submissionOf(services, c);
    return resultResponse(c, await issueLinkToken(services, submission, form, await jsonOf(c, linkSchema), keyOf(c)));
  });

  app.get('/submissions/:id/accounts', async (c) => {
    const { submission, form } = await submissionOf(services, c);
    return resultResponse(c, done(await readLinked(services, submission, form)));
  });

  app.delete('/submissions/:id/accounts/:account', async (c) => {
    const { submission, form } = await submissionOf(services, c);
    return resultResponse(c, await disconnectAccount(services, submission, form, c.req.param('account')));
  });

  app.post('/submissions/:id/events', async (c) =>
    resultResponse(c, await handleEvents(services, c, rates, remoteAddress(c))),
  );

  app.post('/submissions/:id/submit', async (c) => resultResponse(c, await handleSubmit(services, c)));

  return app;
}
