/** Queues the deliveries that a form's `notify` asks for, in the transaction of their cause. */
import type { NotifyWhen } from '../form/settings/notify.ts';
import type { Form } from '../form/schema.ts';
import type { recordAccount } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { enqueueDeliveries, enqueueDelivery } from '../record/deliveries.ts';
import { hourOf } from '../record/links/clicks.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { currentForm } from '../record/versions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/**
 * @param form the current version: a changed address applies to all later deliveries
 * @param about tells apart causes of one kind, such as two accounts; each is delivered once
 */
export async function notify(
  trx: Database,
  form: Form | undefined,
  { id: submissionId, form: slug }: Pick<Submission, 'id' | 'form'>,
  { when, about = '' }: { when: NotifyWhen[]; about?: string },
  now: Date,
): Promise<void> {
  const rules = (form?.notify ?? []).filter((notice) => when.includes(notice.when));
  const full = rules.filter(({ email }) => email !== undefined && !mayMail(trx, slug, email, now));
  const deliveries = rules
    .filter((rule) => !full.includes(rule))
    .map(({ email, webhook, secret_env: secretEnv, when: cause }) => ({
      form: slug,
      submissionId,
      channel: email ? ('email' as const) : ('webhook' as const),
      target: email ?? webhook ?? '',
      secretEnv,
      cause,
      dedupeKey: [submissionId, cause, about].join(' '),
    }));
  if (deliveries.length) await enqueueDeliveries(trx, deliveries, now);
  const hour = hourOf(now);
  const nextHour = new Date((Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
  for (const { email: target = '' } of full)
    await enqueueDelivery(trx, { form: slug, channel: 'email', target, cause: 'more', dedupeKey: `${slug} ${hour}` }, now, nextHour); // prettier-ignore
}

const HOUR_MS = 3_600_000;

/** By database, the emails of this hour about each form to each receiver. A server counts its own, and a restart forgets. */
const mailed = new WeakMap<object, { hour: string; counts: Map<string, number> }>();

/** Counts one more email, unless the receiver had enough of them about this form in this hour. */
function mayMail({ engine }: Database, form: string, target: string, now: Date): boolean {
  const hour = hourOf(now);
  const known = mailed.get(engine);
  const { counts } = known?.hour === hour ? known : { counts: new Map<string, number>() };
  mailed.set(engine, { hour, counts });
  const count = counts.get(`${form} ${target}`) ?? 0;
  if (count >= SITE_LIMITS.notificationEmailsPerHour.value) return false;
  counts.set(`${form} ${target}`, count + 1);
  return true;
}

/** Queues the deliveries for a confirmed account. `recorded` is the result of storing it in the same transaction. */
export async function notifyLinked(
  trx: Database,
  recorded: Awaited<ReturnType<typeof recordAccount>>,
  now: Date,
): Promise<void> {
  if (typeof recorded === 'string' || !recorded.changed) return;
  const { status, confirmed, accountId, submissionId } = recorded.account;
  if (status !== 'CONNECTED' || !confirmed) return;
  const submission = await findSubmission(trx, submissionId);
  if (!submission) return;
  const form = await currentForm(trx, submission.form);
  await notify(trx, form, submission, { when: ['linked'], about: accountId }, now);
}
