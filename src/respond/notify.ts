/** Owes what a form's `notify` asks for, in the transaction of what it is about. */
import type { NotifyWhen } from '../form/notify.ts';
import type { Form } from '../form/schema.ts';
import type { recordAccount } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { enqueueDeliveries } from '../record/deliveries.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { currentForm } from '../record/versions.ts';

/**
 * @param form as it is published now: whoever changes an address means what comes from then on
 * @param about what came to be; the same is told once
 */
export async function notify(
  trx: Database,
  form: Form | undefined,
  { id: submissionId, form: slug }: Pick<Submission, 'id' | 'form'>,
  { when, about = '' }: { when: NotifyWhen[]; about?: string },
  now: Date,
): Promise<void> {
  const wanted = (form?.notify ?? []).filter((notice) => when.includes(notice.when));
  const owed = wanted.map(({ email, webhook, secret_env: secretEnv, when: cause }) => ({
    form: slug,
    submissionId,
    channel: email ? ('email' as const) : ('webhook' as const),
    target: email ?? webhook ?? '',
    secretEnv,
    cause,
    dedupeKey: [submissionId, cause, about].join(' '),
  }));
  if (owed.length) await enqueueDeliveries(trx, owed, now);
}

/** Tells that Smile has confirmed an account; `recorded` is what came of writing that down, in the same transaction. */
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
