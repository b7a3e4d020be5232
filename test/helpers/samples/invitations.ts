/** Invitations without the check for people who are already invited. */
import type { Database } from '../../../src/record/db/database.ts';
import { prepareInvitations, storeInvitations, type InviteAs, type NewInvitation } from '../../../src/record/invitations.ts'; // prettier-ignore

export async function createInvitations(db: Database, people: NewInvitation[], as: InviteAs, now: Date): Promise<void> {
  await storeInvitations(db, await prepareInvitations(db.keys, people, as, now), now);
}
