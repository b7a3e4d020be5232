/** Invites people to a form, all of them or none. */
import { inviteDays } from '../form/invite.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import { createInvitations, openFor, type NewInvitation } from '../record/invitations.ts';

const DAY_MS = 86_400_000;

/** The end of the last day in UTC on which an invitation of now can be used: people are told a day. */
export function expiryFrom(form: Form, now: Date): Date {
  const days = form.invite ? inviteDays(form.invite) : 14;
  return new Date((Math.floor(now.getTime() / DAY_MS) + days + 1) * DAY_MS);
}

/** `already`: the addresses that are invited and have not sent the form yet; then nobody was invited. */
export type InvitedPeople = { ok: true; invited: number; leftOut: number } | { ok: false; already: string[] };

/**
 * @param skip leaves those out who are invited already, rather than inviting nobody
 */
export async function invitePeople(
  db: Database,
  form: Form,
  people: NewInvitation[],
  { memberId, skip }: { memberId: string; skip: boolean },
  now: Date,
): Promise<InvitedPeople> {
  const open = await openFor(db, form.slug, people.map(({ email }) => email), now); // prettier-ignore
  if (open.size && !skip) return { ok: false, already: [...open] };
  const wanted = people.filter(({ email }) => !open.has(email));
  const as = { form: form.slug, via: form.invite?.via ?? 'mail', memberId, expiresAt: expiryFrom(form, now) };
  if (wanted.length) await createInvitations(db, wanted, as, now);
  return { ok: true, invited: wanted.length, leftOut: people.length - wanted.length };
}
