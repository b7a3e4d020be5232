/** Actions on invitations: invite one person or a file of them, send again, withdraw, delete. */
import { expiryFrom, invitePeople, type InvitedPeople } from '../../invite/invite.ts';
import { inviteAvailability } from '../../invite/availability.ts';
import { readPeople, readPerson, type LineFault } from '../../invite/people.ts';
import type { Form } from '../../form/schema.ts';
import type { Database } from '../../record/db/database.ts';
import { eraseInvitation } from '../../record/erasure.ts';
import {
  findInvitation,
  renewInvitation,
  withdrawInvitation,
  type Invitation,
  type NewInvitation,
} from '../../record/invitations.ts';
import { findCurrentForm } from '../../record/forms/form-states.ts';
import type { PostedForm } from '../http/posted-form.ts';
import type { ErrorPage } from '../pages.ts';

/** The errors in the people's data. The page shows them with the entered values. */
export type InviteProblem = {
  /** Of one person, by field. */
  fields?: Record<string, string>;
  entered?: Record<string, string>;
  /** Of a file, by line. */
  lines?: LineFault[];
  /** Addresses that are invited already. */
  already?: string[];
};

/** Makes the personal link of an invitation, at an origin. */
export type MakeLink = (invitation: Invitation, origin: string) => string;

/** A personal link, to be sent by a member themselves. */
export type PersonalLink = { id: string; name: string; link: string };

/** The path to go to next, the page again with a problem or a link, or a message. `deleted`: the id of a deleted invitation. */
export type InvitationActionResult =
  | { redirectTo: string; deleted?: string }
  | { slug: string; problem: InviteProblem }
  | { slug: string; link: PersonalLink }
  | ErrorPage;

/** @property linkOf makes the personal link of an invitation. Without it, the page shows none */
export interface InvitationContext {
  db: Database;
  memberId: string;
  now: Date;
  /** The address of the site. */
  site: string;
  /** Whether forms that are examples answer here. */
  examples: boolean;
  linkOf: MakeLink | undefined;
}

const EXAMPLE_FORM: ErrorPage = { status: 409, title: 'No one was invited', text: 'This form is an example, and its address answers only on local Smile and in a private network. Make a copy of it with “Duplicate”, publish the copy, and invite people to that.' }; // prettier-ignore

const INVITATIONS_OFF: ErrorPage = { status: 400, title: 'No one was invited', text: 'Invitations are off for this form. Turn them on under Edit and The form, then publish.' }; // prettier-ignore

const NO_INVITATION: ErrorPage = { status: 404, title: 'There is no such invitation', text: 'Nothing was changed.' };

const SENT: ErrorPage = { status: 409, title: 'This person has sent the form', text: 'Nothing was sent, because an invitation ends then.' }; // prettier-ignore

/** The form `slug`, or a page with the reason that no one can be invited to it. */
async function formToInviteTo({ db, now, examples }: InvitationContext, slug: string): Promise<Form | ErrorPage> {
  const current = await findCurrentForm(db, slug);
  const form = current?.form;
  if (!form) return INVITATIONS_OFF;
  const { refusal } = await inviteAvailability(db, form, { removed: current.removedAt !== null, now });
  if (refusal) return { status: 409, title: 'No one was invited', text: refusal };
  return form.example && !examples ? EXAMPLE_FORM : form;
}

const pageOf = (slug: string): string => `/admin/forms/${slug}/invitations`;

/** Sends an invitation again, with a new time to start within. */
export async function renew(context: InvitationContext, id: string): Promise<InvitationActionResult> {
  const { db, now } = context;
  const invitation = await findInvitation(db, id);
  if (!invitation) return NO_INVITATION;
  const form = await formToInviteTo(context, invitation.form);
  if ('status' in form) return form === INVITATIONS_OFF ? NO_INVITATION : form;
  const outcome = await renewInvitation(db, id, expiryFrom(form, now), now);
  if (outcome === 'other') return { status: 409, title: 'Nothing was sent', text: 'This address has another open invitation. Send that one again, or withdraw it first.' }; // prettier-ignore
  if (outcome === 'sent') return SENT;
  if (outcome === 'over') return { status: 409, title: 'Nothing was sent', text: 'This person started too long ago to continue. Invite the person again.' }; // prettier-ignore
  if (outcome === 'none') return NO_INVITATION;
  return { redirectTo: `${pageOf(invitation.form)}?done=again` };
}

/** Ends an invitation: its link opens the form no longer. The link of Smile still works, because Smile takes no invite back. */
export async function end({ db, now }: InvitationContext, id: string): Promise<InvitationActionResult> {
  // The person may start at this moment, so the invitation is read afterwards.
  const isWithdrawn = await withdrawInvitation(db, id, now);
  const invitation = await findInvitation(db, id);
  if (invitation?.submissionId) return { status: 409, title: 'This person has started the form', text: 'Nothing was changed. The link leads to the answers of this person. To end it, delete the data of this person.' }; // prettier-ignore
  if (!invitation || !isWithdrawn) return NO_INVITATION;
  return {
    redirectTo: `${pageOf(invitation.form)}?done=${invitation.via === 'smile' ? 'withdrawnHere' : 'withdrawn'}`,
  };
}

/** Deletes an invitation that was not started. At Smile nothing changes: Smile takes no invite back (Smile, Invites). */
export async function remove({ db, now }: InvitationContext, id: string): Promise<InvitationActionResult> {
  const invitation = await findInvitation(db, id);
  const outcome = invitation && (await eraseInvitation(db, id, now));
  if (!outcome) return NO_INVITATION;
  if (outcome === 'erased') return { redirectTo: `${pageOf(invitation.form)}?done=erased`, deleted: id };
  return { status: 409, title: 'This person has started the form', text: 'Nothing was deleted. Delete the data of this person instead: the invitation is part of it.' }; // prettier-ignore
}

/**
 * The personal link, until the form is started with it. The link continues in the person's place. So a member who copied it
 * before can see later answers with it, and the log has each copy.
 */
export async function personalLink(
  { db, now, site, linkOf }: InvitationContext,
  id: string,
): Promise<InvitationActionResult> {
  const invitation = await findInvitation(db, id);
  if (!invitation || !linkOf || invitation.via === 'smile') return NO_INVITATION;
  const { name, form, submissionId, withdrawnAt, expiresAt } = invitation;
  if (submissionId || withdrawnAt || expiresAt <= now.toISOString()) {
    const text = submissionId ? 'This person has started the form, and continues with the link that they have.' : 'The invitation has ended. Send it again to get a link that works.'; // prettier-ignore
    return { status: 409, title: 'There is no link to copy', text };
  }
  return { slug: form, link: { id, name, link: linkOf(invitation, site) } };
}

/** Invites one person, by the posted fields. */
export async function inviteByForm(
  context: InvitationContext,
  slug: string,
  posted: URLSearchParams,
): Promise<InvitationActionResult> {
  const { db, memberId, now } = context;
  const form = await formToInviteTo(context, slug);
  if ('status' in form) return form;
  if (!form.invite) return INVITATIONS_OFF;
  const entered = Object.fromEntries(['name', 'email', 'language'].map((key) => [key, posted.get(key) ?? '']));
  const { person, faults } = readPerson(form, entered, now);
  if (!person) return { slug, problem: { fields: faults, entered } };
  const invited = await invitePeople(db, form, [person], { memberId, skip: false }, now);
  if (invited.ok) return listOf(slug, invited);
  const fields = { email: 'This address is invited already. Send that invitation again, or withdraw it first.' };
  return { slug, problem: { fields, entered } };
}

/** Invites everyone in a CSV file. */
export async function inviteFromFile(
  context: InvitationContext,
  slug: string,
  { form: posted, file }: PostedForm,
): Promise<InvitationActionResult> {
  const { db, memberId, now } = context;
  const form = await formToInviteTo(context, slug);
  if ('status' in form) return form;
  if (!form.invite) return INVITATIONS_OFF;
  if (!file?.length) return { slug, problem: { lines: [{ line: 1, message: 'Choose a file first.' }] } };
  const read = await readPeople(form, file, now);
  if (!read.ok) return { slug, problem: { lines: read.faults } };
  const people: NewInvitation[] = read.people;
  const invited = await invitePeople(db, form, people, { memberId, skip: posted.get('skip') === 'yes' }, now);
  return invited.ok ? listOf(slug, invited) : { slug, problem: { already: invited.alreadyInvited } };
}

const listOf = (slug: string, { invited, skipped: leftOut }: InvitedPeople & { ok: true }): InvitationActionResult => ({
  redirectTo: `${pageOf(slug)}?${new URLSearchParams({ done: 'invited', invited: String(invited), left: String(leftOut) })}`,
});
