/** What is owed about Smile, and how it is done. */
import { INVITE } from '../../record/invitations.ts';
import type { JobHandlers } from '../../record/jobs/worker.ts';
import { PROVIDER_NAME } from '../../record/accounts/providers.ts';
import type { Services } from '../services.ts';
import { followInvite } from './follow-invite.ts';
import { nameProvider } from './name-provider.ts';
import { reconcile } from './reconcile.ts';
import { retrieve, revokeAccount } from './retrieve.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Smile may be down for a while; after a week of tries it takes somebody to look. */
const PATIENT = [MINUTE / 2, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, ...Array<number>(7 * 24).fill(HOUR)];

/** Without its name a provider is shown by its id; the next page that shows it asks again. */
const SOON_ENOUGH = [MINUTE / 2, 5 * MINUTE];

export const smileJobs = (services: Services): JobHandlers => ({
  reconcile: { run: (owed) => reconcile(services, owed), backoff: PATIENT },
  retrieve: { run: (owed) => retrieve(services, owed), backoff: PATIENT },
  revoke: { run: (owed) => revokeAccount(services, owed), backoff: PATIENT },
  [INVITE]: { run: (owed) => followInvite(services, owed), backoff: PATIENT },
  [PROVIDER_NAME]: { run: (owed) => nameProvider(services, owed), backoff: SOON_ENOUGH },
  /** Of a submission that was erased: nothing but the ids of accounts and documents is known any more. */
  takeBack: { run: ({ subject }) => services.smile.deleteArchive(subject), backoff: PATIENT },
  disconnect: { run: ({ subject }) => services.smile.deleteAccount(subject), backoff: PATIENT },
});
