/** Sends deliveries: one attempt each time one is due. Every attempt is recorded. */
import { webhookKeys } from '../form/settings/notify.ts';
import { senderOf } from '../form/settings/invite.ts';
import type { Form } from '../form/schema.ts';
import { formatCount } from '../form/format-count.ts';
import { inviteAvailability } from '../invite/availability.ts';
import { linkOf } from '../invite/link.ts';
import { listAccounts } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { StoreFault } from '../record/db/fault.ts';
import { openAsked } from '../record/delivery-queries.ts';
import {
  DELIVERY_KINDS,
  findDelivery,
  holdDelivery,
  listAttempts,
  recordAttempt,
  notSent,
  type Channel,
  type Delivery,
} from '../record/deliveries.ts';
import { appendEvents, RECEIVER_MESSAGE, serverEvent } from '../record/events.ts';
import { findInvitation, type Invitation } from '../record/invitations.ts';
import { submissionResource } from '../record/submissions/submission-resource.ts';
import { PermanentFailure, RetryAfter, retryWait, type JobHandler, type JobHandlers } from '../record/jobs/worker.ts';
import { withProvider } from '../record/accounts/providers.ts';
import type { Keys } from '../record/crypto/secrets.ts';
import { hasExpired } from '../record/submissions/lifetime.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { currentForm, findCurrentForm } from '../record/forms/form-states.ts';
import { findShownVersion } from '../record/forms/shown-version.ts';
import { boundLines } from '../site-limits/log-lines.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { invitationMail } from './invitation-mail.ts';
import type { Mail } from './mail.ts';
import { MailError, type Mailer } from './mailer.ts';
import { moreMail, notificationMail } from './notification-mail.ts';
import { repeatsPrivate } from './private-answers.ts';
import type { PostResponse, WebhookPoster } from './webhook-post.ts';
import { signedHeaders } from './sign.ts';

export interface DeliveryServices {
  db: Database;
  now(): Date;
  /** Without it, emails are held. */
  mailer: Mailer | undefined;
  post: WebhookPoster;
  /** @returns the value of an environment variable that forms may name */
  secret(name: string): string | undefined;
  /** The address of the site. */
  origin: string;
  /** Keys for personal links. Without them a mail has no link. */
  keys: Keys | undefined;
  /** Asks Smile to invite a person. */
  inviteBySmile(invitationId: string): Promise<DeliveryOutcome>;
  /** Called for each delivery that failed for good. */
  countFailure?(channel: Channel): void;
  /** Called with an error of Flipsite itself, for operators. */
  logError(error: unknown): void;
  /** Prints a message to the terminal, in plain lines. Of the failed attempts of one channel, only some have one. */
  print(text: string): void;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Longest waits between attempts; a random half to all of each is waited. Two days in all, on average. */
export const BACKOFF = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 18 * HOUR, 24 * HOUR]; // prettier-ignore

/** A receiver that asks for a longer wait is tried again after this long. */
const MAX_RETRY_AFTER_MS = 24 * HOUR;

/** The outcome of one attempt. `final`: a retry cannot help. `needless`: Flipsite did not try, and no receiver is at fault. */
export type DeliveryOutcome = { status?: number | undefined; message: string } & (
  | { ok: true }
  | { ok: false; final: boolean; needless?: true; notBefore?: Date | undefined }
);

/** @returns the handlers of the jobs that send deliveries */
export function deliveryHandlers(services: DeliveryServices): JobHandlers {
  const handler = deliveryHandler(services);
  return {
    [DELIVERY_KINDS.email]: { ...handler, atOnce: SITE_LIMITS.emailsAtOnce.value },
    [DELIVERY_KINDS.webhook]: {
      ...handler,
      atOnce: SITE_LIMITS.webhooksAtOnce.value,
      atOncePerLane: SITE_LIMITS.webhooksAtOncePerHost.value,
    },
  };
}

function deliveryHandler(services: DeliveryServices): JobHandler {
  const { db, now } = services;
  const mayPrint = boundLines(now);
  return {
    backoff: BACKOFF,
    logsFailures: true,
    async run({ subject, attempts }) {
      const delivery = await findDelivery(db, subject);
      // Already sent: the outcome is recorded before the job is deleted, and a crash can come in between.
      if (delivery?.status !== 'waiting') return;
      if (delivery.channel === 'email' && !services.mailer) return holdDelivery(db, delivery.id, now());
      const startedAt = now();
      const startMs = performance.now();
      const outcome = await attempt(services, delivery).catch((error: unknown) => brokenOff(services, error));
      const { ok, message } = outcome;
      const tookMs = Math.round(performance.now() - startMs);
      const error = ok ? undefined : asError(outcome);
      const nextWaitMs = error && retryWait(BACKOFF, attempts, error);
      // A copy that was not needed takes nothing back from the one that was sent before.
      const stays = 'needless' in outcome && (await listAttempts(db, delivery.id)).some((before) => before.ok);
      const status = ok || stays ? 'sent' : nextWaitMs === undefined ? 'failed' : 'waiting';
      const record = { at: startedAt.toISOString(), ok, status: outcome.status ?? null, message, tookMs };
      await recordAttempt(db, delivery.id, record, status, now());
      if (status === 'failed' && !('needless' in outcome)) services.countFailure?.(delivery.channel);
      if (status !== 'waiting') await recordOnTimeline(services, delivery, ok, message);
      if (ok) return;
      // Each submission has attempts, and strangers send submissions.
      if (mayPrint(delivery.channel)) services.print(describeFailure(delivery, outcome, nextWaitMs));
      throw error;
    },
  };
}

/** The error that has the worker retry or give up. */
function asError({ message, final, notBefore }: DeliveryOutcome & { ok: false }): Error {
  if (final) return new PermanentFailure(message);
  return notBefore ? new RetryAfter(message, notBefore) : new Error(message);
}

/**
 * A failed attempt for the terminal. It leaves out the person's address, and the server's answer, which may repeat it.
 * @param nextWaitMs the longest wait until the next attempt; absent if there is none
 */
function describeFailure(
  { id, channel, target }: Delivery,
  outcome: DeliveryOutcome & { ok: false },
  nextWaitMs?: number,
): string {
  const { status, notBefore } = outcome;
  const host = channel === 'webhook' ? new URL(target).host : '';
  const whatFailed = {
    email: 'Flipsite could not send an email.',
    smile: 'Flipsite could not send an invitation through Smile.',
    webhook:
      status === undefined
        ? `Flipsite could not send a webhook to ${host}.`
        : `${host} answered ${status} to a webhook.`,
  }[channel];
  const next = nextWaitMs === undefined ? 'Flipsite does not retry' : notBefore ? 'Flipsite retries when the receiver allows it' : `Flipsite retries within ${formatDuration(nextWaitMs)}`; // prettier-ignore
  return `${whatFailed} ${next}: /admin/messages/${id}`;
}

const formatDuration = (ms: number): string =>
  ms < MINUTE ? formatCount(ms / SECOND, 'second') : ms < HOUR ? formatCount(ms / MINUTE, 'minute') : formatCount(ms / HOUR, 'hour'); // prettier-ignore

/** The timeline of a submission has only the outcome of a delivery. Its attempts are stored with the delivery. */
async function recordOnTimeline(
  { db, now }: DeliveryServices,
  delivery: Delivery,
  ok: boolean,
  message: string,
): Promise<void> {
  const { id, submissionId, channel, target, cause } = delivery;
  if (!submissionId || cause === 'test') return;
  const name = `${channel === 'email' ? 'email' : 'webhook'}${ok ? 'Sent' : 'Failed'}` as const;
  const to = channel === 'email' ? target : new URL(target).host;
  const data = { delivery: id, to, when: cause, ...(!ok && { [RECEIVER_MESSAGE]: message }) };
  await appendEvents(db, [serverEvent(submissionId, name, data, now())]);
}

/** An error of Flipsite itself is a failed attempt too. Without one, the delivery would wait for ever after its last job. */
function brokenOff({ logError }: DeliveryServices, error: unknown): DeliveryOutcome {
  if (error instanceof StoreFault) throw error;
  logError(error);
  return { ok: false, final: false, message: 'Flipsite stopped at an error of its own. Its log has the reason' };
}

async function attempt(services: DeliveryServices, delivery: Delivery): Promise<DeliveryOutcome> {
  const invitation = delivery.invitationId ? await findInvitation(services.db, delivery.invitationId) : undefined;
  const useless = invitation && (await uselessFor(services, invitation));
  if (useless) return needless(useless);
  if (!(await openAsked(services.db)(delivery))) return needless('the form no longer sends to this address');
  if (delivery.channel === 'smile') return services.inviteBySmile(delivery.invitationId ?? '');
  const subject = await subjectOf(services, delivery);
  if (!subject) return needless('the submission or invitation was deleted');
  if (delivery.channel === 'webhook') {
    const outcome = await sendWebhook(services, delivery, await payloadOf(services.db, delivery));
    const repeats =
      'submission' in subject && repeatsPrivate(outcome.message, subject.form, subject.submission.answers);
    if (outcome.status === undefined || !repeats) return outcome;
    return { ...outcome, message: `The receiver answered ${outcome.status} and repeated a private answer, so Flipsite did not store its text` }; // prettier-ignore
  }
  try {
    const mail = (await mailOf(services, delivery)) as Mail;
    const invite = 'invitation' in subject ? subject.form.invite : undefined;
    const from = 'invitation' in subject ? senderOf(subject.form, subject.invitation.language) : undefined;
    const options = { id: await mailId(services.db, delivery), from, replyTo: invite?.reply_to };
    const sent = await (services.mailer as Mailer).send(delivery.target, mail, options);
    return { ok: true, ...sent };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return { ok: false, status: error.status, message: error.message, final: error.final };
  }
}

/**
 * The same for each attempt, so that a receiver recognizes a copy. An invitation that is sent again after one was accepted
 * has another last day and another id: mail programs leave out an email with the id of one that they have, also in the bin.
 */
async function mailId(db: Database, { id, cause }: Delivery): Promise<string> {
  if (cause !== 'invited') return id;
  const accepted = (await listAttempts(db, id)).filter(({ ok }) => ok).length;
  return accepted ? `${id}.${accepted}` : id;
}

const needless = (reason: string): DeliveryOutcome => ({ ok: false, final: true, needless: true, message: notSent(reason) }); // prettier-ignore

/** Why the link of an invitation opens nothing; undefined while it does. */
async function uselessFor({ db, now }: DeliveryServices, invitation: Invitation): Promise<string | undefined> {
  const { withdrawnAt, submissionId, expiresAt } = invitation;
  if (withdrawnAt) return 'the invitation was withdrawn';
  const submission = submissionId ? await findSubmission(db, submissionId) : undefined;
  if (submission?.submittedAt) return 'the person has sent the form';
  if (submission) return hasExpired(submission.createdAt, now()) ? 'the person started too long ago to continue. Invite the person again' : undefined; // prettier-ignore
  if (expiresAt <= now().toISOString()) return 'the invitation has expired. Send it again under Invitations';
  const current = await findCurrentForm(db, invitation.form);
  if (!current?.form) return 'the form was removed';
  const { refusal } = await inviteAvailability(db, current.form, { removed: current.removedAt !== null, now: now() });
  return refusal;
}

/** The subject of a delivery: a submission, an invitation, or further submissions of a form. */
async function subjectOf(
  { db }: Pick<DeliveryServices, 'db'>,
  { submissionId, invitationId, cause, form: slug }: Delivery,
): Promise<
  | { form: Form; submission: Submission }
  | { form: Form; invitation: Invitation }
  | { form: Form; more: true }
  | undefined
> {
  if (cause === 'more') {
    const form = await currentForm(db, slug);
    return form && { form, more: true };
  }
  const invitation = invitationId ? await findInvitation(db, invitationId) : undefined;
  if (invitation) {
    const form = await currentForm(db, invitation.form);
    return form && { invitation, form };
  }
  const submission = submissionId ? await findSubmission(db, submissionId) : undefined;
  const form = submission && (await findShownVersion(db, submission.form, submission.version));
  return submission && form && { submission, form };
}

/** The mail of a delivery as it would be sent now; undefined if it has none, or its subject was deleted. */
export async function mailOf(
  { db, keys, origin }: Pick<DeliveryServices, 'db' | 'keys' | 'origin'>,
  delivery: Delivery,
): Promise<Mail | undefined> {
  const subject = delivery.channel === 'email' ? await subjectOf({ db }, delivery) : undefined;
  if (!subject) return undefined;
  const { cause, ofRule } = delivery;
  if ('invitation' in subject) return invitationMail(subject.form, subject.invitation, keys ? linkOf(keys, subject.invitation, origin) : HIDDEN_LINK); // prettier-ignore
  if ('more' in subject) return moreMail(subject.form, { ofRule, origin });
  const accounts = await withProvider(db, await listAccounts(db, subject.submission.id));
  return notificationMail({ ...subject, accounts, cause, ofRule, origin });
}

/** Replaces a personal link in a preview. */
const HIDDEN_LINK = '…';

/** The JSON body of a webhook. It is made at each attempt, so that it is current and stored only once. */
async function payloadOf(db: Database, delivery: Delivery): Promise<string | undefined> {
  const submission = delivery.submissionId ? await findSubmission(db, delivery.submissionId) : undefined;
  if (!submission) return undefined;
  const test = delivery.cause === 'test';
  const payload = {
    type: `submission.${test ? 'submitted' : delivery.cause}`,
    timestamp: delivery.createdAt,
    ...(test && { test: true }),
    data: await submissionResource(db, submission),
  };
  return JSON.stringify(payload);
}

async function sendWebhook(
  services: DeliveryServices,
  delivery: Delivery,
  body: string | undefined,
): Promise<DeliveryOutcome> {
  const name = delivery.secretEnv ?? '';
  const secret = services.secret(name);
  const keys = secret === undefined ? undefined : webhookKeys(secret);
  if (!keys) {
    const why = secret === undefined ? 'is not set' : 'is not base64 of 24 to 64 bytes';
    return { ok: false, final: false, message: notSent(`${name} ${why}, so Flipsite cannot sign it`) };
  }
  const text = body ?? '';
  const answer = await services.post(delivery.target, text, signedHeaders(delivery.id, text, keys, services.now()));
  return outcomeOf(answer, services.now());
}

/**
 * The outcome of a response (Standard Webhooks, Deliverability and reliability): any 2xx is success, 410 ends all
 * attempts.
 */
function outcomeOf({ status, message: text, retryAfter, isForbidden }: PostResponse, now: Date): DeliveryOutcome {
  if (status === undefined) return { ok: false, final: isForbidden === true, message: text };
  if (status >= 200 && status < 300) return { ok: true, status, message: text };
  const isGone = status === 410;
  const message = isGone
    ? 'The receiver answered 410 and wants no more webhooks'
    : status >= 300 && status < 400
      ? 'Flipsite does not follow redirects. Use the final address in the form'
      : text || `Answered ${status}`;
  const notBefore = status === 429 || status === 503 ? retryTime(retryAfter, now) : undefined;
  return { ok: false, status, message, final: isGone, notBefore };
}

/** Reads `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3), and caps it. */
function retryTime(header: string | undefined, now: Date): Date | undefined {
  if (!header) return undefined;
  const at = /^\d{1,9}$/.test(header) ? now.getTime() + Number(header) * SECOND : Date.parse(header);
  if (Number.isNaN(at)) return undefined;
  return new Date(Math.min(at, now.getTime() + MAX_RETRY_AFTER_MS));
}
