/** Invites people to a form, all of them or none. */
import { inviteDays } from '../form/settings/invite.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import { openFor, prepareInvitations, storeInvitations, type NewInvitation } from '../record/invitations.ts';

const DAY_MS = 86_400_000;
/** A day ends last at UTC−12. */
const LAST_ZONE_MS = 12 * 3_600_000;

/** When the last day of an invitation that is made now has ended everywhere on earth. */
export function expiryFrom(form: Form, now: Date): Date {
  const days = form.invite ? inviteDays(form.invite) : 14;
  return new Date((Math.floor(now.getTime() / DAY_MS) + days + 1) * DAY_MS + LAST_ZONE_MS);
}

/** The last day on which an invitation is valid, as a moment of it in UTC. The email shows that day. */
export const lastDayOf = (expiresAt: string): Date => new Date(Date.parse(expiresAt) - LAST_ZONE_MS - 1);

/** `alreadyInvited`: email addresses with an open invitation. Then no invitation was made. */
export type InvitedPeople = { ok: true; invited: number; skipped: number } | { ok: false; alreadyInvited: string[] };

/**
 * Makes the invitations, and queues their emails.
 * @param skip leaves out people who are already invited, instead of refusing all
 * @returns how many people were invited and skipped, or the addresses that are already invited
 */
export async function invitePeople(
  db: Database,
  form: Form,
  people: NewInvitation[],
  { memberId, skip }: { memberId: string; skip: boolean },
  now: Date,
): Promise<InvitedPeople> {
  const options = { form: form.slug, via: form.invite?.via ?? 'mail', memberId, expiresAt: expiryFrom(form, now) };
  const invitations = await prepareInvitations(db.keys, people, options, now);
  // In one transaction, so that the same request twice at once invites each person once.
  return db.transaction(async (trx) => {
    const openAddresses = await openFor(trx, form.slug, people.map(({ email }) => email), now); // prettier-ignore
    if (openAddresses.size && !skip) return { ok: false, alreadyInvited: [...openAddresses] };
    const toInvite = invitations.filter(({ email }) => !openAddresses.has(email));
    await storeInvitations(trx, toInvite, now);
    return { ok: true, invited: toInvite.length, skipped: people.length - toInvite.length };
  });
}
