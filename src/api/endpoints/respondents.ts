/** The endpoints that the page of a form calls: start, save, link, record events, submit. */
import { languageOf } from '../../form/schema.ts';
import { wordings } from '../../form/wording/wording.ts';
import { readAnswers, saveAnswers } from '../../respond/answers.ts';
import { countRows, recordEvents } from '../../respond/events.ts';
import { disconnectAccount, readLinked } from '../../respond/smile/linked.ts';
import { issueLinkToken } from '../../respond/smile/link.ts';
import { hasAccess } from '../../respond/access/form-access-cookie.ts';
import { newChallenge } from '../../respond/access/proof.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { loadRespondentSubmission, readRespondentSubmission } from '../../respond/access/submission-access.ts';
import { done } from '../../respond/errors/api-error.ts';
import { start, versionStatus } from '../../respond/start.ts';
import { visitorDevice } from '../../links/visitor-class.ts';
import { submit } from '../../respond/submit.ts';
import { ApiException } from '../errors.ts';
import {
  inTurnIfLarge,
  limitAnswerBytes,
  limitLargeBody,
  limitEventBytes,
  KEY_BYTES,
  limitTakenAnswers,
  limitWindows,
  submissionBytes,
} from '../bounds/limit-requests.ts';
import { countedLength, MAX_BYTES } from '../body.ts';
import {
  challengeAnswer,
  linkTokenAnswer,
  linkedAccountsAnswer,
  resumedSubmissionAnswer,
  savedScreenAnswer,
  startedSubmissionAnswer,
  storedEventsAnswer,
  submittedFormAnswer,
  versionStatusAnswer,
} from '../answers/respondents.ts';
import { defineEndpoint, IDEMPOTENT } from './endpoint.ts';
import { eventsSchema, linkTokenSchema, saveSchema, startSchema, submitSchema } from './respondent-bodies.ts';

/** With the key of a start, a program gets the token again. So the key is hard to guess, and works for one minute. */
const START_KEY = {
  'Idempotency-Key': `A random text of at least ${SITE_LIMITS.startKeyCharacters.value} characters. For one minute, a second request with the same key and body gets the same token`,
};

export const respondentEndpoints = [
  defineEndpoint({
    name: 'startSubmission',
    method: 'POST',
    path: '/api/forms/:slug/submissions',
    summary: 'Starts a submission.',
    access: 'anyone',
    limits: ['start'],
    body: { schema: startSchema, maxBytes: MAX_BYTES.json },
    status: 201,
    metric: 'start',
    fastPath: true,
    headers: START_KEY,
    answer: startedSubmissionAnswer,
    async handle({ services, rates, c, param, address, body, idempotencyKey }) {
      const bytes = countedLength(c, MAX_BYTES.json);
      if (rates) limitLargeBody(rates, address(), bytes);
      const input = await body();
      const slug = param('slug');
      const form = services.catalog.current(slug)?.form;
      if (form && !hasAccess(services.keys, form, c.req.header('cookie'), services.now())) {
        // The page shows the message.
        const language = languageOf(form, input.language) ?? form.languages[0];
        throw new ApiException({ code: 'password_required', message: wordings[language].server.passwordOnPage });
      }
      const device = visitorDevice({ header: (name) => c.req.header(name) });
      const begin = () => start(services, slug, input, idempotencyKey(), device);
      return rates
        ? limitAnswerBytes(rates.answerBytes, address(), bytes, begin, ({ ok }) => ok, submissionBytes(form))
        : begin();
    },
  }),

  defineEndpoint({
    name: 'getVersionStatus',
    method: 'GET',
    path: '/api/forms/:slug/versions/:version',
    summary: 'Returns whether a submission can start on a version of a form.',
    access: 'anyone',
    limits: ['address'],
    answer: versionStatusAnswer,
    handle: ({ services, param }) => versionStatus(services, param('slug'), param('version')),
  }),

  defineEndpoint({
    name: 'getChallenge',
    method: 'GET',
    path: '/api/forms/:slug/challenge',
    summary: 'Returns a new proof of work for a form that asks for one.',
    access: 'anyone',
    limits: ['address'],
    answer: challengeAnswer,
    async handle({ services, param }) {
      const slug = param('slug');
      if (!services.catalog.current(slug))
        throw new ApiException({ code: 'unknown_form', message: 'There is no form with this slug.' });
      return done(await newChallenge(services, slug));
    },
  }),

  defineEndpoint({
    name: 'getAnswers',
    method: 'GET',
    path: '/api/submissions/:id/answers',
    summary: 'Returns all saved answers.',
    access: 'submission',
    limits: ['answerReads'],
    answer: resumedSubmissionAnswer,
    async handle({ services, caller }) {
      return done(
        await readRespondentSubmission(services, caller, ({ submission, form }) =>
          readAnswers(services, submission, form),
        ),
      );
    },
  }),

  defineEndpoint({
    name: 'saveAnswers',
    method: 'PUT',
    path: '/api/submissions/:id/answers',
    summary: 'Saves the answers of one screen.',
    access: 'submission',
    limits: ['saves'],
    body: { schema: saveSchema, maxBytes: MAX_BYTES.answers },
    metric: 'answers',
    fastPath: true,
    headers: IDEMPOTENT,
    answer: savedScreenAnswer,
    async handle({ services, rates, c, caller, address, body, idempotencyKey }) {
      const bytes = countedLength(c, MAX_BYTES.answers);
      const sender = rates ? inTurnIfLarge(caller, rates, address(), bytes) : caller;
      const save = async (beforeStoring?: (bytes: number) => void) =>
        saveAnswers(services, sender, await body(), idempotencyKey(), beforeStoring);
      if (!rates) return save();
      limitLargeBody(rates, address(), bytes);
      return limitAnswerBytes(rates.answerBytes, address(), bytes, save, ({ ok }) => ok);
    },
  }),

  defineEndpoint({
    name: 'issueLinkToken',
    method: 'POST',
    path: '/api/submissions/:id/link-token',
    summary: 'Issues a token that opens a Wink widget.',
    access: 'submission',
    limits: ['start', 'linkTokens'],
    body: { schema: linkTokenSchema, maxBytes: MAX_BYTES.json },
    metric: 'link-token',
    headers: IDEMPOTENT,
    answer: linkTokenAnswer,
    async handle({ services, rates, caller, address, body, idempotencyKey }) {
      const { submission, form } = await loadRespondentSubmission(services, caller);
      const request = await body();
      const issue = () => issueLinkToken(services, submission, form, request, idempotencyKey());
      if (!rates) return issue();
      const ask = () => limitWindows(rates.smilePolls, address(), () => rates.smile.ask(address(), issue));
      // Its rows are like those of a save. Smile's refusal stores an event too.
      return limitAnswerBytes(rates.answerBytes, address(), 0, ask, () => true);
    },
  }),

  defineEndpoint({
    name: 'listAccounts',
    method: 'GET',
    path: '/api/submissions/:id/accounts',
    summary: 'Returns the connected accounts, and the state of each Wink screen.',
    access: 'submission',
    limits: ['accountReads'],
    answer: linkedAccountsAnswer,
    async handle({ services, caller }) {
      return done(
        await readRespondentSubmission(services, caller, ({ submission, form }) =>
          readLinked(services, submission, form),
        ),
      );
    },
  }),

  defineEndpoint({
    name: 'disconnectAccount',
    method: 'DELETE',
    path: '/api/submissions/:id/accounts/:account',
    summary: 'Disconnects an account at Smile.',
    access: 'submission',
    limits: ['disconnects'],
    answer: linkedAccountsAnswer,
    async handle({ services, rates, caller, address, param }) {
      const { submission, form } = await loadRespondentSubmission(services, caller);
      const disconnect = () => disconnectAccount(services, submission, form, param('account'));
      return rates ? rates.smile.ask(address(), disconnect) : disconnect();
    },
  }),

  defineEndpoint({
    name: 'sendEvents',
    method: 'POST',
    path: '/api/submissions/:id/events',
    summary: 'Stores a batch of events of the page and the widget.',
    access: 'submission',
    limits: ['eventPosts'],
    body: { schema: eventsSchema, maxBytes: MAX_BYTES.events },
    metric: 'events',
    fastPath: true,
    headers: IDEMPOTENT,
    answer: storedEventsAnswer,
    async handle({ services, rates, c, caller, address, body, idempotencyKey }) {
      const { submission, form } = await loadRespondentSubmission(services, caller);
      const key = idempotencyKey();
      const record = async (beforeStoring?: (rows: number, bytes: number) => void) => {
        const { events } = await body();
        beforeStoring?.(countRows(events), Buffer.byteLength(JSON.stringify(events)));
        return recordEvents(services, submission, form, events, key, mayPoll);
      };
      const mayPoll = () => !rates || rates.smilePolls.consume(address(), 1) === 0;
      const bytes = countedLength(c, MAX_BYTES.events);
      if (!rates) return record();
      limitLargeBody(rates, address(), bytes);
      return limitEventBytes(rates.eventBytes, address(), bytes, record, key ? KEY_BYTES : 0);
    },
  }),

  defineEndpoint({
    name: 'submit',
    method: 'POST',
    path: '/api/submissions/:id/submit',
    summary: 'Submits the answers.',
    access: 'submission',
    limits: ['submits'],
    body: { schema: submitSchema, maxBytes: MAX_BYTES.json },
    metric: 'submit',
    fastPath: true,
    headers: IDEMPOTENT,
    answer: submittedFormAnswer,
    async handle({ services, rates, caller, address, body, idempotencyKey }) {
      const { openMs, revision } = await body();
      // Submitting again has no effect, so the key is only checked.
      idempotencyKey();
      if (!rates) return submit(services, caller, { openMs, revision });
      const isTaken = (outcome: Awaited<ReturnType<typeof submit>>) => !outcome.ok && outcome.error.code === 'invalid_answers'; // prettier-ignore
      const sender = { address: address(), submission: caller.id };
      return limitTakenAnswers(
        rates.takenAnswers,
        sender,
        (beforeComparing) => submit(services, caller, { openMs, revision, beforeComparing }),
        isTaken,
      );
    },
  }),
];
