/** What is owed about Smile, and how it is done. */
import { INVITE } from '../../record/invitations.ts';
import type { Jobs } from '../../record/owed/worker.ts';
import { PROVIDER_NAME } from '../../record/providers.ts';
import type { Desk } from '../desk.ts';
import { followInvite } from './follow-invite.ts';
import { nameProvider } from './name-provider.ts';
import { reconcile } from './reconcile.ts';
import { retrieve, revoke } from './retrieve.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Smile may be down for a while; after a week of tries it takes somebody to look. */
const PATIENT = [MINUTE / 2, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, ...Array<number>(7 * 24).fill(HOUR)];

/** Without its name a provider is shown by its id; the next page that shows it asks again. */
const SOON_ENOUGH = [MINUTE / 2, 5 * MINUTE];

export const smileJobs = (desk: Desk): Jobs => ({
  reconcile: { run: (owed) => reconcile(desk, owed), plan: PATIENT },
  retrieve: { run: (owed) => retrieve(desk, owed), plan: PATIENT },
  revoke: { run: (owed) => revoke(desk, owed), plan: PATIENT },
  [INVITE]: { run: (owed) => followInvite(desk, owed), plan: PATIENT },
  [PROVIDER_NAME]: { run: (owed) => nameProvider(desk, owed), plan: SOON_ENOUGH },
  /** Of a submission that was erased: nothing but the ids of accounts and documents is known any more. */
  takeBack: { run: ({ subject }) => desk.smile.deleteArchive(subject), plan: PATIENT },
  disconnect: { run: ({ subject }) => desk.smile.deleteAccount(subject), plan: PATIENT },
});
