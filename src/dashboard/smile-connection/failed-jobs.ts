/** Work at Smile that has failed so far, and trying it again. */
import type { Database } from '../../record/db/database.ts';
import { findJob, listFailedJobs, retryJobNow, type Job } from '../../record/jobs/jobs.ts';
import { findSubmission } from '../../record/submissions/submissions.ts';
import { findShownVersion } from '../../record/forms/shown-version.ts';
import { personOf } from '../display/person.ts';

const KINDS: Record<string, string> = {
  reconcile: 'Asking Smile about the accounts',
  watch: 'Asking Smile about the accounts',
  retrieve: 'Reading from the account',
  revoke: 'Disconnecting the account at Smile',
  disconnect: 'Disconnecting an account of a deleted person',
  disconnectLate: 'Disconnecting the accounts of a deleted person',
  takeBack: 'Deleting documents of a deleted person at Smile',
  invite: 'Asking Smile about the progress of an invitation',
};

/** Those that the submit of a person causes. A deleted person has no submission. */
const KINDS_OF_SENT: typeof KINDS = {
  disconnect: 'Disconnecting the account at Smile',
  takeBack: 'Deleting documents at Smile',
};

/** `next`: when Flipsite tries it again, in ISO 8601; absent when it does not. */
export type FailedJob = { id: string; text: string; error: string; next: string | undefined };

export const failedJobsOf = (jobs: Job[]): FailedJob[] =>
  jobs.flatMap(({ id, kind, submissionId, error, attempts, dueAt, failedAt }) => {
    const work = (submissionId ? KINDS_OF_SENT[kind] : undefined) ?? KINDS[kind];
    if (!work || !error) return [];
    // Asked to be tried again, and not tried yet.
    const times = attempts === 0 ? 'before' : attempts === 1 ? 'once' : `${attempts} times`;
    return [{ id, text: `${work} has failed ${times}`, error, next: failedAt ? undefined : dueAt }];
  });

/** The person that a job is about. */
export type JobOwner = { form: string; submission: string; name: string };

/** The most failed jobs in the list. There may be more. */
export const MAX_FAILED = 50;

/** Work that Flipsite does not try any more, of all people, the latest first. `owner`: absent when it is not known. */
export async function listAllFailedJobs(db: Database): Promise<(FailedJob & { owner: JobOwner | undefined })[]> {
  const failed = await listFailedJobs(db, Object.keys(KINDS), MAX_FAILED);
  const all = await Promise.all(
    failed.map(async (job) => {
      const owner = await ownerOf(db, job);
      return failedJobsOf([job]).map((one) => ({ ...one, owner }));
    }),
  );
  return all.flat();
}

async function ownerOf(db: Database, { submissionId }: Job): Promise<JobOwner | undefined> {
  const submission = submissionId ? await findSubmission(db, submissionId) : undefined;
  if (!submission) return undefined;
  const { name } = personOf(await findShownVersion(db, submission.form, submission.version), submission);
  return { form: submission.form, submission: submission.id, name };
}

/** The form of the person of a job. Null for a job without a person, and undefined if there is no such job. */
export async function findJobForm(db: Database, id: string): Promise<string | null | undefined> {
  const job = await findJob(db, id);
  return job && ((await ownerOf(db, job))?.form ?? null);
}

/** Has Flipsite try a job of these kinds now. False when there is no such job any more. */
export const retryJob = (db: Database, id: string, now: Date): Promise<boolean> =>
  retryJobNow(db, id, Object.keys(KINDS), now);
