/** Actions on messages: send one again, many of them, to another address, or a test. */
import { z } from 'zod';
import { addressProblem } from '../../deliver/webhook-address.ts';
import type { Member } from '../../members/members.ts';
import type { Database } from '../../record/db/database.ts';
import {
  findDelivery,
  enqueueDelivery,
  waitAgain,
  sendElsewhere,
  type DeliveryStatus,
} from '../../record/deliveries.ts';
import { openAsked } from '../../record/delivery-queries.ts';
import { sendAllAgain } from '../../record/resend-deliveries.ts';
import { listSubmissions } from '../../record/submissions/submission-list.ts';
import { readTimeIn } from '../display/times.ts';
import type { ErrorPage } from '../pages.ts';
import { recordSent } from '../people/sensitive.ts';
import { notificationRulesOf } from './deliveries.ts';

/** The path to go to next, or a message. */
export type ActionResult = { redirectTo: string } | ErrorPage;

export interface ActionContext {
  db: Database;
  member: Member;
  /** Hosts that webhooks may go to although they are private. */
  webhookHosts: readonly string[];
  now: Date;
}

const NO_MESSAGE: ErrorPage = { status: 404, title: 'There is no such message', text: 'Nothing was sent.' };

const NOT_A_RECEIVER: ErrorPage = { status: 409, title: 'Nothing was sent', text: 'The form no longer sends to this address. Write another one under “To another address”.' }; // prettier-ignore

const badRequest = (text: string): ErrorPage => ({ status: 400, title: 'Nothing was sent', text });

/** Sends one message again. */
export async function resend({ db, member, now }: ActionContext, id: string): Promise<ActionResult> {
  return db.transaction(async (trx) => {
    const delivery = await findDelivery(trx, id);
    if (!delivery) return NO_MESSAGE;
    if (!(await openAsked(trx)(delivery))) return NOT_A_RECEIVER;
    await waitAgain(trx, [delivery], now);
    await recordSent(trx, delivery, false, member, now);
    return { redirectTo: `/admin/messages/${id}?done=again` };
  });
}

/** Sends the same message to another address too. @param address as it was written */
export async function sendToOther(
  { db, webhookHosts, member, now }: ActionContext,
  id: string,
  address: string,
): Promise<ActionResult> {
  const to = address.trim();
  const delivery = await findDelivery(db, id);
  if (!delivery || delivery.cause === 'invited') return NO_MESSAGE;
  if (delivery.channel === 'email' && !z.email().max(200).safeParse(to).success)
    return badRequest('This is not an email address like ops@acme.example. Go back and correct it.');
  if (delivery.channel === 'webhook') {
    const url = URL.parse(to);
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
      return badRequest('This is not a full address like https://acme.example/hooks. Go back and correct it.');
    const refused = addressProblem(to, webhookHosts);
    if (refused) return badRequest(`This address ${refused}. Go back and write an https address on the internet.`);
  }
  await db.transaction(async (trx) => {
    if (await sendElsewhere(trx, delivery, to, now))
      await recordSent(trx, { ...delivery, target: to }, true, member, now);
  });
  return {
    redirectTo: `/admin/messages${delivery.submissionId ? `?submission=${delivery.submissionId}&` : '?'}done=elsewhere`,
  };
}

const UNSENT: DeliveryStatus[] = ['failed', 'held'];

/** The messages to send again, by the value of `which`. Without one of these, those that are unsent. */
const STATUSES = new Map<string | null, DeliveryStatus[]>([
  ['held', ['held']],
  ['all', [...UNSENT, 'sent']],
]);

/**
 * Sends all messages again that the posted form names by `since`, `which` and `form`.
 * @param allowed the slugs of the forms whose messages the member may send; undefined for all
 */
export async function resendAll(
  { db, member, now }: ActionContext,
  form: URLSearchParams,
  allowed: readonly string[] | undefined,
): Promise<ActionResult> {
  // A browser's field for a time has no zone.
  const since = readTimeIn(form.get('since') ?? '', form.get('zone') ?? 'UTC');
  if (!since) return badRequest('Go back and choose a day and a time.');
  const slug = form.get('form') || undefined;
  const statuses = STATUSES.get(form.get('which')) ?? UNSENT;
  const sent = await sendAllAgain(db, { form: slug, forms: allowed, since, statuses }, now, (trx, delivery) =>
    recordSent(trx, delivery, false, member, now),
  );
  const query = new URLSearchParams({ ...(slug && { form: slug }), done: 'all', sent: String(sent) });
  return { redirectTo: `/admin/messages?${query}` };
}

/**
 * Sends the latest submission of a form by one of its notification rules, marked as a test. Without one that was sent, it is the
 * latest draft. @param at the rule's number
 */
export async function testRule({ db, member, now }: ActionContext, slug: string, at: string): Promise<ActionResult> {
  const rule = (await notificationRulesOf(db, slug)).find((one) => String(one.at) === at);
  if (!rule) return badRequest('The form does not send this message any more. Go back and load the page again.');
  const { items } = await listSubmissions(db, { form: slug, limit: 1, status: 'submitted' });
  const latest = items[0] ?? (await listSubmissions(db, { form: slug, limit: 1, status: 'draft' })).items[0];
  if (!latest) return badRequest('A test needs a submission, and there is none yet. Fill in the form once.');
  const { email, webhook, secret_env: secretEnv } = rule;
  const to = email
    ? { channel: 'email' as const, target: email }
    : { channel: 'webhook' as const, target: webhook ?? '' };
  const delivery = { form: slug, submissionId: latest.id, ...to };
  await db.transaction(async (trx) => {
    await enqueueDelivery(trx, { ...delivery, secretEnv, cause: 'test' }, now);
    await recordSent(trx, delivery, false, member, now);
  });
  return { redirectTo: `/admin/messages?form=${encodeURIComponent(slug)}&done=test` };
}
