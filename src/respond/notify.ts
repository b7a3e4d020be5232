/** Queues the deliveries that a form's `notify` asks for, in the transaction of their cause. */
import type { NotifyWhen } from '../form/settings/notify.ts';
import type { Form } from '../form/schema.ts';
import type { recordAccount } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { enqueueDeliveries, enqueueDelivery } from '../record/deliveries.ts';
import { countedDay, hourOf } from '../record/links/clicks.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { currentForm } from '../record/forms/form-states.ts';
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
  const rules = (form?.notify ?? []).filter((rule) => when.includes(rule.when));
  const keyOf = ({ when: cause }: { when: NotifyWhen }) => [submissionId, cause, about].join(' ');
  const full = rules.filter((rule) => rule.email !== undefined && !mayMail(trx, slug, rule.email, keyOf(rule), now)); // prettier-ignore
  const deliveries = rules
    .filter((rule) => !full.includes(rule))
    .map((rule) => ({
      form: slug,
      submissionId,
      channel: rule.email ? ('email' as const) : ('webhook' as const),
      target: rule.email ?? rule.webhook ?? '',
      secretEnv: rule.secret_env,
      cause: rule.when,
      dedupeKey: keyOf(rule),
    }));
  if (deliveries.length) await enqueueDeliveries(trx, deliveries, now);
  const hour = hourOf(now);
  const nextHour = new Date((Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
  for (const { email: target = '' } of full)
    await enqueueDelivery(trx, { form: slug, channel: 'email', target, cause: 'more', dedupeKey: `${slug} ${hour}` }, now, nextHour); // prettier-ignore
}

const HOUR_MS = 3_600_000;

type Mailed = { period: string; keys: Map<string, Set<string>> };

/** By database, the emails of this hour and of this day. A server counts its own, and a restart forgets. */
const mailed = new WeakMap<object, { hour: Mailed; day: Mailed }>();

const noMails = (): Mailed => ({ period: '', keys: new Map() });

/**
 * Counts one more email about a form to a receiver, unless the receiver had enough of them in this hour, or of all forms in
 * this day.
 * @param key of the delivery. The same one counts once, because a transaction may run again
 */
function mayMail({ engine }: Database, form: string, receiver: string, key: string, now: Date): boolean {
  const { hour, day } = mailed.get(engine) ?? { hour: noMails(), day: noMails() };
  mailed.set(engine, { hour, day });
  const ofHour = keysOf(hour, hourOf(now), `${form} ${receiver}`);
  const ofDay = keysOf(day, countedDay(now), receiver);
  if (ofHour.has(key)) return true;
  if (ofHour.size >= notificationEmailsPerHour.value || ofDay.size >= notificationEmailsPerDay.value) return false;
  ofHour.add(key);
  ofDay.add(key);
  return true;
}

/** The keys that are counted for `name` in this period. Those of an earlier period are forgotten. */
function keysOf(mails: Mailed, period: string, name: string): Set<string> {
  if (mails.period !== period) Object.assign(mails, { period, keys: new Map() });
  const keys = mails.keys.get(name) ?? new Set();
  mails.keys.set(name, keys);
  return keys;
}

const { notificationEmailsPerHour, notificationEmailsPerDay } = SITE_LIMITS;

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
