/** What is owed at Smile and has failed so far, and trying it again. */
import type { Database } from '../record/db/database.ts';
import { listFailedJobs, retryJobNow, type Job } from '../record/jobs/jobs.ts';
import { findSubmission } from '../record/submissions/submissions.ts';
import { findVersion } from '../record/versions.ts';
import type { MessagePage } from './context.ts';
import { personOf } from './person.ts';

const WHAT: Record<string, string> = {
  reconcile: 'Asking Smile about the accounts',
  retrieve: 'Reading from the account',
  revoke: 'Disconnecting the account at Smile',
  disconnect: 'Disconnecting an account of somebody who was erased here',
  takeBack: 'Taking back documents of somebody who was erased here',
  invite: 'Asking Smile how far an invitation has come',
};

/** `next`: when it is tried again; absent where it is not. */
export type FailedJob = { id: string; text: string; error: string; next: string | undefined };

export const failedJobsOf = (owed: Job[]): FailedJob[] =>
  owed.flatMap(({ id, kind, error, attempts, dueAt, failedAt }) => {
    const what = WHAT[kind];
    if (!what || !error) return [];
    // Asked to be tried again, and not tried yet.
    const times = attempts === 0 ? 'before' : attempts === 1 ? 'once' : `${attempts} times`;
    return [{ id, text: `${what} has failed ${times}`, error, next: failedAt ? undefined : dueAt }];
  });

/** Whose it is; absent where nobody knows any more. */
export type JobOwner = { form: string; submission: string; name: string };

/** More is not read; what was tried again leaves the list. */
const MOST = 50;

/** What is not tried any more, of all submissions, the latest first. */
export async function listAllFailedJobs(db: Database): Promise<(FailedJob & { whose: JobOwner | undefined })[]> {
  const failed = await listFailedJobs(db, Object.keys(WHAT), MOST);
  const all = await Promise.all(
    failed.map(async (owed) => {
      const whose = await whoseOf(db, owed);
      return failedJobsOf([owed]).map((trouble) => ({ ...trouble, whose }));
    }),
  );
  return all.flat();
}

async function whoseOf(db: Database, { submissionId }: Job): Promise<JobOwner | undefined> {
  const submission = submissionId ? await findSubmission(db, submissionId) : undefined;
  if (!submission) return undefined;
  const { name } = personOf(await findVersion(db, submission.form, submission.version), submission);
  return { form: submission.form, submission: submission.id, name };
}

const AGAIN = /^\/admin\/owed\/([0-9a-f-]{36})\/again$/;

export const isRetryPath = (path: string): boolean => AGAIN.test(path);

/** Has the work that `path` names tried now; a notice when it is owed no more. */
export async function retryJob(db: Database, path: string, now: Date): Promise<MessagePage | undefined> {
  const [, id = ''] = AGAIN.exec(path) ?? [];
  if (await retryJobNow(db, id, Object.keys(WHAT), now)) return undefined;
  return { status: 404, title: 'There is nothing to try again', text: 'It has been done meanwhile, or is needed no more.' }; // prettier-ignore
}
