/** What a member can do with deliveries: send one again, or all of a time, or elsewhere, and see a true test. */
import { z } from 'zod';
import { addressProblem } from '../deliver/webhook-address.ts';
import type { Member } from '../members/members.ts';
import type { Database } from '../record/db/database.ts';
import {
  findDelivery,
  enqueueDelivery,
  sendAgain,
  sendAllAgain,
  sendElsewhere,
  type DeliveryStatus,
} from '../record/deliveries.ts';
import { listSubmissions } from '../record/submissions/submission-list.ts';
import type { MessagePage } from './context.ts';
import { noticesOf } from './deliveries.ts';
import { recordSent } from './sensitive.ts';

/** Where to go on to, or what to say; undefined for a path that is none of these. */
export type ActionResult = { goTo: string } | MessagePage | undefined;

export interface ActionContext {
  db: Database;
  member: Member;
  /** Hosts that webhooks may go to although they are private. */
  webhookHosts: readonly string[];
}

const ONE = /^\/admin\/deliveries\/([0-9a-f-]{36})\/(again|elsewhere)$/;
const ALL = '/admin/deliveries/again';
const TEST = /^\/admin\/forms\/([^/]+)\/test-delivery$/;

/** Whether a post to `path` is for a member who is signed in. */
export const isDeliveryAction = (path: string): boolean => ONE.test(path) || path === ALL || TEST.test(path);

export async function runDeliveryAction(
  acts: ActionContext,
  path: string,
  form: URLSearchParams,
  now: Date,
): Promise<ActionResult> {
  const [, id = '', what] = ONE.exec(path) ?? [];
  if (what === 'again') return again(acts, id, now);
  if (what === 'elsewhere') return elsewhere(acts, id, form.get('to') ?? '', now);
  if (path === ALL) return all(acts, form, now);
  const [, slug] = TEST.exec(path) ?? [];
  return slug ? test(acts, slug, form.get('notice') ?? '', now) : undefined;
}

const NONE: MessagePage = { status: 404, title: 'There is no such delivery', text: 'Nothing was sent.' };

const wrong = (text: string): MessagePage => ({ status: 400, title: 'Nothing was sent', text });

async function again({ db, member }: ActionContext, id: string, now: Date): Promise<ActionResult> {
  return db.transaction(async (trx) => {
    const delivery = await sendAgain(trx, id, now);
    if (!delivery) return NONE;
    await recordSent(trx, delivery, false, member, now);
    return { goTo: `/admin/deliveries/${id}?done=again` };
  });
}

async function elsewhere(
  { db, webhookHosts, member }: ActionContext,
  id: string,
  given: string,
  now: Date,
): Promise<ActionResult> {
  const to = given.trim();
  const delivery = await findDelivery(db, id);
  if (!delivery || delivery.cause === 'invited') return NONE;
  if (delivery.channel === 'email' && !z.email().max(200).safeParse(to).success)
    return wrong('This is not an email address like ops@acme.example. Go back and correct it.');
  if (delivery.channel === 'webhook') {
    const url = URL.parse(to);
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
      return wrong('This is not a full address like https://acme.example/hooks. Go back and correct it.');
    const refused = addressProblem(to, webhookHosts);
    if (refused) return wrong(`This address ${refused}. Go back and write an https address on the internet.`);
  }
  await db.transaction(async (trx) => {
    await sendElsewhere(trx, delivery, to, now);
    await recordSent(trx, { ...delivery, target: to }, true, member, now);
  });
  return {
    goTo: `/admin/deliveries${delivery.submissionId ? `?submission=${delivery.submissionId}&` : '?'}done=elsewhere`,
  };
}

const UNSENT: DeliveryStatus[] = ['failed', 'kept'];

async function all({ db, member }: ActionContext, form: URLSearchParams, now: Date): Promise<ActionResult> {
  const written = form.get('since') ?? '';
  // A browser's field for a time says no zone; the page says that it is UTC.
  const since = new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(written) ? `${written}Z` : '');
  if (Number.isNaN(since.getTime())) return wrong('Say since when. Go back and choose a day and a time.');
  const slug = form.get('form') || undefined;
  const statuses: DeliveryStatus[] = form.get('which') === 'all' ? [...UNSENT, 'sent'] : UNSENT;
  const sent = await sendAllAgain(db, { form: slug, since, statuses }, now, (trx, delivery) =>
    recordSent(trx, delivery, false, member, now),
  );
  const query = new URLSearchParams({ ...(slug && { form: slug }), done: 'all', sent: String(sent) });
  return { goTo: `/admin/deliveries?${query}` };
}

async function test({ db, member }: ActionContext, slug: string, at: string, now: Date): Promise<ActionResult> {
  const notice = (await noticesOf(db, slug)).find((one) => String(one.at) === at);
  if (!notice) return wrong('The form has no such notice any more. Go back and load the page again.');
  const { items } = await listSubmissions(db, { form: slug, limit: 1, status: 'submitted' });
  const latest = items[0] ?? (await listSubmissions(db, { form: slug, limit: 1 })).items[0];
  if (!latest) return wrong('A test shows a true submission, and there is none yet. Fill in the form once.');
  const { email, webhook, secret_env: secretEnv } = notice;
  const to = email
    ? { channel: 'email' as const, target: email }
    : { channel: 'webhook' as const, target: webhook ?? '' };
  const delivery = { form: slug, submissionId: latest.id, ...to };
  await db.transaction(async (trx) => {
    await enqueueDelivery(trx, { ...delivery, secretEnv, cause: 'test' }, now);
    await recordSent(trx, delivery, false, member, now);
  });
  return { goTo: `/admin/deliveries?form=${encodeURIComponent(slug)}&done=test` };
}
