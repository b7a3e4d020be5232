/** Brings deliveries to where they go: one attempt each time they are due, each attempt written down. */
import { webhookKeys } from '../form/notify.ts';
import { companyOf } from '../form/invite.ts';
import type { Form } from '../form/schema.ts';
import { formatCount } from '../form/format-count.ts';
import { linkOf } from '../invite/link.ts';
import { listAccounts } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { findDelivery, holdDelivery, recordAttempt, type Delivery } from '../record/deliveries.ts';
import { appendEvents, serverEvent } from '../record/events.ts';
import { findInvitation, type Invitation } from '../record/invitations.ts';
import { submissionResource } from '../record/submissions/submission-resource.ts';
import { PermanentFailure, RetryAfter, retryWait, type JobHandler } from '../record/jobs/worker.ts';
import { withProvider } from '../record/accounts/providers.ts';
import type { Keys } from '../record/crypto/secrets.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { currentForm, findVersion } from '../record/versions.ts';
import { invitationMail } from './invitation-mail.ts';
import type { Mail } from './mail.ts';
import { MailError, type Mailer } from './mailer.ts';
import { notificationMail } from './notification-mail.ts';
import type { PostResponse, WebhookPoster } from './webhook-post.ts';
import { signedHeaders } from './sign.ts';

export interface DeliveryServices {
  db: Database;
  now(): Date;
  /** Without it, mails are kept. */
  mailer: Mailer | undefined;
  post: WebhookPoster;
  /** The value of an environment variable that forms may name. */
  secret(name: string): string | undefined;
  /** Where the site is reached. */
  origin: string;
  /** Make personal links; without them, a mail has none to show. */
  keys: Keys | undefined;
  /** Asks Smile to invite somebody. */
  inviteBySmile(invitationId: string): Promise<DeliveryOutcome>;
  /** Tells whoever runs the site, in plain lines. */
  tell(text: string): void;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits between attempts, of which half to the whole is waited: two days in all, on average. */
export const BACKOFF = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 18 * HOUR, 24 * HOUR]; // prettier-ignore

/** Whoever asks to be left alone for longer is asked again after this long. */
const LONGEST_WAIT_MS = 24 * HOUR;

/** What one attempt came to. `final`: no other try can help. */
export type DeliveryOutcome = { status?: number | undefined; said: string } & (
  { ok: true } | { ok: false; final: boolean; notBefore?: Date | undefined }
);

/** Handles jobs of the kind `DELIVERY`. */
export function deliveryHandler(courier: DeliveryServices): JobHandler {
  const { db, now } = courier;
  return {
    backoff: BACKOFF,
    logsFailures: true,
    async run({ subject, attempts }) {
      const delivery = await findDelivery(db, subject);
      // After a crash between the stored attempt and the end of the job, there is nothing left to send.
      if (delivery?.status !== 'waiting') return;
      if (delivery.channel === 'email' && !courier.mailer) return holdDelivery(db, delivery.id, now());
      const begun = now();
      const clock = performance.now();
      const outcome = await attempt(courier, delivery);
      const { ok, said } = outcome;
      const tookMs = Math.round(performance.now() - clock);
      const error = ok ? undefined : asError(outcome);
      const wait = error && retryWait(BACKOFF, attempts, error);
      const status = ok ? 'sent' : wait === undefined ? 'failed' : 'waiting';
      const written = { at: begun.toISOString(), ok, status: outcome.status ?? null, message: said, tookMs };
      await recordAttempt(db, delivery.id, written, status, now());
      if (status !== 'waiting') await tellTimeline(courier, delivery, ok, said);
      if (ok) return;
      courier.tell(failureInWords(delivery, outcome, wait));
      throw error;
    },
  };
}

/** The error that has the worker retry or give up. */
function asError({ said, final, notBefore }: DeliveryOutcome & { ok: false }): Error {
  if (final) return new PermanentFailure(said);
  return notBefore ? new RetryAfter(said, notBefore) : new Error(said);
}

/**
 * A failed attempt, for the terminal: neither a person's address nor what a server said of it, which may repeat it.
 * @param wait how long at most until it is tried again by the plan; absent: never
 */
function failureInWords(
  { id, channel, target }: Delivery,
  outcome: DeliveryOutcome & { ok: false },
  wait?: number,
): string {
  const { status, notBefore } = outcome;
  const host = channel === 'webhook' ? new URL(target).host : '';
  const failed = {
    email: 'Flipsite could not send an email.',
    smile: 'Flipsite could not send an invitation through Smile.',
    webhook:
      status === undefined
        ? `Flipsite could not send a webhook to ${host}.`
        : `${host} answered ${status} to a webhook.`,
  }[channel];
  const next = wait === undefined ? 'Flipsite does not retry' : notBefore ? 'Flipsite retries when the receiver allows it' : `Flipsite retries within ${inTime(wait)}`; // prettier-ignore
  return `${failed} ${next}: /admin/deliveries/${id}`;
}

const inTime = (ms: number): string =>
  ms < MINUTE ? formatCount(ms / SECOND, 'second') : ms < HOUR ? formatCount(ms / MINUTE, 'minute') : formatCount(ms / HOUR, 'hour'); // prettier-ignore

/** The submission's timeline has the end of each delivery; what was tried meanwhile stands with the delivery. */
async function tellTimeline(
  { db, now }: DeliveryServices,
  delivery: Delivery,
  ok: boolean,
  said: string,
): Promise<void> {
  const { id, submissionId, channel, target, cause } = delivery;
  if (!submissionId || cause === 'test') return;
  const name = `${channel === 'email' ? 'email' : 'webhook'}${ok ? 'Sent' : 'Failed'}` as const;
  const to = channel === 'email' ? target : new URL(target).host;
  const data = { delivery: id, to, when: cause, ...(!ok && { said }) };
  await appendEvents(db, [serverEvent(submissionId, name, data, now())]);
}

async function attempt(courier: DeliveryServices, delivery: Delivery): Promise<DeliveryOutcome> {
  const invitation = delivery.invitationId ? await findInvitation(courier.db, delivery.invitationId) : undefined;
  if (invitation?.withdrawnAt) return { ok: false, final: true, said: 'Not sent: the invitation was withdrawn' };
  if (delivery.channel === 'smile') return courier.inviteBySmile(delivery.invitationId ?? '');
  const told = await subjectOf(courier, delivery);
  if (!told) return { ok: false, final: true, said: 'Not sent: the submission or invitation was deleted' };
  if (delivery.channel === 'webhook') return sendWebhook(courier, delivery, await payloadOf(courier.db, delivery));
  try {
    const mail = (await mailOf(courier, delivery)) as Mail;
    const invite = 'invitation' in told ? told.form.invite : undefined;
    const from = 'invitation' in told ? companyOf(told.form, told.invitation.language) : undefined;
    const about = { id: delivery.id, from, replyTo: invite?.reply_to };
    const sent = await (courier.mailer as Mailer).send(delivery.target, mail, about);
    return { ok: true, ...sent };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return { ok: false, status: error.status, said: error.message, final: error.final };
  }
}

/** What a delivery is about: a submission, or an invitation. */
async function subjectOf(
  { db }: Pick<DeliveryServices, 'db'>,
  { submissionId, invitationId }: Delivery,
): Promise<{ form: Form; submission: Submission } | { form: Form; invitation: Invitation } | undefined> {
  const invitation = invitationId ? await findInvitation(db, invitationId) : undefined;
  if (invitation) {
    const form = await currentForm(db, invitation.form);
    return form && { invitation, form };
  }
  const submission = submissionId ? await findSubmission(db, submissionId) : undefined;
  const form = submission && (await findVersion(db, submission.form, submission.version));
  return submission && form && { submission, form };
}

/** The mail of a delivery as it would be sent now; nothing where there is none, or what it is about is gone. */
export async function mailOf(
  { db, keys, origin }: Pick<DeliveryServices, 'db' | 'keys' | 'origin'>,
  delivery: Delivery,
): Promise<Mail | undefined> {
  const told = delivery.channel === 'email' ? await subjectOf({ db }, delivery) : undefined;
  if (!told) return undefined;
  if ('invitation' in told) return invitationMail(told.form, told.invitation, keys ? linkOf(keys, told.invitation, origin) : HIDDEN); // prettier-ignore
  const accounts = await withProvider(db, await listAccounts(db, told.submission.id));
  return notificationMail({ ...told, accounts, cause: delivery.cause, origin });
}

/** In the place of a personal link, where a mail is only looked at. */
const HIDDEN = '…';

/** What a webhook carries, as JSON: made when it is sent, so that it is true then, and nothing is stored twice. */
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
  courier: DeliveryServices,
  delivery: Delivery,
  body: string | undefined,
): Promise<DeliveryOutcome> {
  const name = delivery.secretEnv ?? '';
  const secret = courier.secret(name);
  const keys = secret === undefined ? undefined : webhookKeys(secret);
  if (!keys) {
    const said = `Not sent: ${name} ${secret === undefined ? 'is not set' : 'is not base64 of 24 to 64 bytes'}, so Flipsite cannot sign it`;
    return { ok: false, final: false, said };
  }
  const text = body ?? '';
  const answer = await courier.post(delivery.target, text, signedHeaders(delivery.id, text, keys, courier.now()));
  return judged(answer, courier.now());
}

/** What an answer means (Standard Webhooks, Deliverability and reliability): any 2xx is taken, 410 is never asked again. */
function judged({ status, said, retryAfter }: PostResponse, now: Date): DeliveryOutcome {
  if (status === undefined) return { ok: false, final: said.startsWith('Not sent'), said };
  if (status >= 200 && status < 300) return { ok: true, status, said };
  const gone = status === 410;
  const why = gone
    ? 'The receiver answered 410 and wants no more webhooks'
    : status >= 300 && status < 400
      ? 'Flipsite does not follow redirects. Use the final address in the form'
      : said || `Answered ${status}`;
  const notBefore = status === 429 || status === 503 ? retryTime(retryAfter, now) : undefined;
  return { ok: false, status, said: why, final: gone, notBefore };
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), within reason. */
function retryTime(header: string | undefined, now: Date): Date | undefined {
  if (!header) return undefined;
  const at = /^\d{1,9}$/.test(header) ? now.getTime() + Number(header) * SECOND : Date.parse(header);
  if (Number.isNaN(at)) return undefined;
  return new Date(Math.min(at, now.getTime() + LONGEST_WAIT_MS));
}
