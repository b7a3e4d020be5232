/** Queues the deliveries that a form's `notify` asks for, in the transaction of their cause. */
import type { NotifyWhen } from '../form/settings/notify.ts';
import type { Form } from '../form/schema.ts';
import type { recordAccount } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { enqueueDeliveries } from '../record/deliveries.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { currentForm } from '../record/versions.ts';

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
  const deliveries = rules.map(({ email, webhook, secret_env: secretEnv, when: cause }) => ({
    form: slug,
    submissionId,
    channel: email ? ('email' as const) : ('webhook' as const),
    target: email ?? webhook ?? '',
    secretEnv,
    cause,
    dedupeKey: [submissionId, cause, about].join(' '),
  }));
  if (deliveries.length) await enqueueDeliveries(trx, deliveries, now);
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
