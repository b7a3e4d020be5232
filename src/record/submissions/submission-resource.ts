/** A submission as the API returns it and webhooks send it. */
import { listAccounts } from '../accounts/accounts.ts';
import type { Database } from '../db/database.ts';
import { listFiles } from '../files/files.ts';
import { formatReference } from '../ids.ts';
import type { Submission } from './submissions.ts';
import { READ_AT_ONCE, readInTurn } from './submission-list.ts';
import { countedAs, doesCount, hasStarted } from './which-count.ts';
import { isQuarantined } from './suspicion.ts';

/** All data of `submission` except its events, as JSON. */
export async function submissionResource(db: Database, submission: Submission) {
  const {
    id,
    reference,
    form,
    version,
    language,
    link,
    answers,
    unreadable,
    params,
    ending,
    outcome,
    createdAt,
    submittedAt,
    erasedAt,
  } = submission;
  const accounts = await listAccounts(db, id);
  const files = await listFiles(db, id);
  return {
    id,
    reference: reference && formatReference(reference),
    form,
    version,
    language,
    status: submittedAt ? ('submitted' as const) : ('draft' as const),
    answers,
    files: files.map(({ id: file, field, name, type, size }) => ({ id: file, field, name, type, size })),
    ...(Object.keys(unreadable).length > 0 && { unreadable }),
    link,
    params,
    ending,
    outcome,
    quarantined: isQuarantined(submission),
    counted: isCounted(submission),
    accounts: accounts.map(({ accountId, providerId, status, confirmed, revokedAt }) => ({
      accountId,
      providerId,
      status,
      confirmed,
      ...(revokedAt !== null && { revoked: true }),
    })),
    createdAt,
    submittedAt,
    erasedAt,
  };
}

/** The same for many submissions, in turns with others that read many. */
export async function submissionResources(
  db: Database,
  submissions: readonly Submission[],
): Promise<Awaited<ReturnType<typeof submissionResource>>[]> {
  const all = [];
  for (let at = 0; at < submissions.length; at += READ_AT_ONCE) {
    const some = submissions.slice(at, at + READ_AT_ONCE);
    all.push(...(await readInTurn(() => Promise.all(some.map((one) => submissionResource(db, one))))));
  }
  return all;
}

/** Whether the dashboard counts and lists it; see `which-count.ts`. */
function isCounted({ answers, unreadable, smileUserId, ...submission }: Submission): boolean {
  const started = hasStarted({ answers: { ...answers, ...unreadable }, smile_user_id: smileUserId });
  const { submittedAt: submitted_at, erasedAt: erased_at } = submission;
  return doesCount(countedAs({ started, submitted_at, erased_at, quarantined: Number(isQuarantined(submission)) }));
}
