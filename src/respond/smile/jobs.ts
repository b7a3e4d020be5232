/** The jobs that call Smile, and their handlers. */
import { FOLLOW_INVITE } from '../../record/invitations.ts';
import type { Job } from '../../record/jobs/jobs.ts';
import type { JobHandlers } from '../../record/jobs/worker.ts';
import { PROVIDER_NAME } from '../../record/accounts/providers.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { unlessRefused } from '../../smile/error.ts';
import type { Services } from '../services.ts';
import { RECONCILE, WATCH } from './confirmed-status.ts';
import { followInvite } from './follow-invite.ts';
import { nameProvider } from './name-provider.ts';
import { reconcile } from './reconcile.ts';
import { retrieve, revokeAccount } from './retrieve.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Smile may be down for a while. After a week of retries a member has to look. */
const LONG_BACKOFF = [MINUTE / 2, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, ...Array<number>(7 * 24).fill(HOUR)];

/** Without a name a page shows the id of the provider. The next page that shows it queues the job again. */
const SHORT_BACKOFF = [MINUTE / 2, 5 * MINUTE];

export const smileJobs = (services: Services): JobHandlers => ({
  [RECONCILE]: { run: (job) => reconcile(services, job), backoff: LONG_BACKOFF, atOnce: SITE_LIMITS.smilePolls.value },
  [WATCH]: { run: (job) => reconcile(services, job), backoff: LONG_BACKOFF, atOnce: SITE_LIMITS.smileWatches.value },
  retrieve: { run: (job) => retrieve(services, job), backoff: LONG_BACKOFF, atOnce: SITE_LIMITS.linkedReads.value },
  revoke: { run: (job) => revokeAccount(services, job), backoff: LONG_BACKOFF },
  [FOLLOW_INVITE]: { run: (job) => followInvite(services, job), backoff: LONG_BACKOFF },
  [PROVIDER_NAME]: { run: (job) => nameProvider(services, job), backoff: SHORT_BACKOFF },
  /** For erased submissions only the ids of accounts and documents are known. A submit queues this and `disconnect` too. */
  takeBack: { run: ({ subject }) => services.smile.deleteArchive(subject), backoff: LONG_BACKOFF },
  // With thousands of them, each request for a person would wait for the calls of all that run.
  disconnect: { run: (job) => disconnectAtSmile(services, job), backoff: LONG_BACKOFF, atOnce: 2 },
  disconnectLate: { run: (job) => disconnectLate(services, job), backoff: LONG_BACKOFF, atOnce: 2 },
});

/** @param job with the `user` at Smile of a person whose page only claimed the account: any page can name any account */
async function disconnectAtSmile({ smile }: Services, { subject, data }: Pick<Job, 'subject' | 'data'>): Promise<void> {
  const isClaim = 'user' in data;
  if (isClaim && (await smile.getAccount(subject))?.userId !== data['user']) return;
  await smile.deleteAccount(subject);
}

/**
 * Disconnects the accounts of an erased person, and takes back the documents, that a sign-in window has added since.
 * @param job with their user at Smile, who is of one submission, as its subject
 */
async function disconnectLate({ smile }: Services, { subject: userId }: Pick<Job, 'subject'>): Promise<void> {
  let failure: unknown;
  // A failed one keeps none of the others.
  const later = (error: unknown) => void (failure ??= error);
  for (const { accountId } of await smile.listAccounts(userId)) await smile.deleteAccount(accountId).catch(later);
  // Without permission to read archives, Flipsite never knows of a document.
  const archives = await smile.listArchives({ userId }).catch(unlessRefused([]));
  for (const archive of archives) if (archive.userId === userId) await smile.deleteArchive(archive.id).catch(later);
  if (failure) throw failure;
}
