/** Owes what a form's `notify` asks for, in the transaction of what it is about. */
import type { NotifyWhen } from '../form/notify.ts';
import type { Form } from '../form/schema.ts';
import type { recordAccount } from '../record/accounts.ts';
import type { Database } from '../record/database.ts';
import { oweDeliveries } from '../record/deliveries.ts';
import type { Submission } from '../record/submissions.ts';
import type { Desk } from './desk.ts';

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
    once: [submissionId, cause, about].join(' '),
  }));
  await oweDeliveries(trx, owed, now);
}

/** Tells that Smile has confirmed an account; `recorded` is what came of writing that down. */
export async function notifyLinked(
  { catalog }: Pick<Desk, 'catalog'>,
  trx: Database,
  submission: Submission,
  recorded: Awaited<ReturnType<typeof recordAccount>>,
  now: Date,
): Promise<void> {
  if (recorded === 'foreign' || !recorded.changed) return;
  const { status, confirmed, accountId } = recorded.account;
  if (status !== 'CONNECTED' || !confirmed) return;
  const form = catalog.current(submission.form)?.form;
  await notify(trx, form, submission, { when: ['linked'], about: accountId }, now);
}
