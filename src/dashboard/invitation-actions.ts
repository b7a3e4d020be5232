/** What a member can do with invitations: invite one person or a file of them, send again, withdraw, erase. */
import { expiryFrom, invitePeople, type InvitedPeople } from '../invite/invite.ts';
import { inviteOpening } from '../invite/opening.ts';
import { readPeople, readPerson, type LineFault } from '../invite/people.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import { eraseInvitation } from '../record/erasure.ts';
import {
  findInvitation,
  renewInvitation,
  withdrawInvitation,
  type Invitation,
  type NewInvitation,
} from '../record/invitations.ts';
import { currentForms } from '../record/versions.ts';
import type { MessagePage } from './context.ts';

const PEOPLE = /^\/admin\/forms\/([^/]+)\/invitations(\/csv)?$/;
const ONE = /^\/admin\/invitations\/([0-9a-f-]{36})\/(again|withdraw|link|erase)$/;

export const isInvitationAction = (path: string): boolean => PEOPLE.test(path) || ONE.test(path);

/** Whether a post to `path` carries a file. */
export const isUpload = (path: string): boolean => PEOPLE.exec(path)?.[2] !== undefined;

/** What was wrong with the people, to be shown on the page again with what was entered. */
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

/** `erased`: the id of an invitation of which nothing is left. */
export type InvitationActionResult =
  | { goTo: string; erased?: string }
  | { trouble: InviteProblem; page: string }
  | { linked: PersonalLink; page: string }
  | MessagePage
  | undefined;

export interface InvitationPost {
  path: string;
  /** Where the site is reached. */
  origin: string;
  form: URLSearchParams;
  file?: Uint8Array | undefined;
  memberId: string;
}

/**
 * @param linkOf makes the personal link of an invitation; without it, nobody is shown one
 * @param examples whether forms that are examples answer here
 */
export async function runInvitationAction(
  db: Database,
  post: InvitationPost,
  now: Date,
  linkOf?: MakeLink,
  examples = true,
): Promise<InvitationActionResult> {
  const [, id, what] = ONE.exec(post.path) ?? [];
  if (id && what === 'link') return show(db, id, post, now, linkOf);
  if (id && what === 'erase') return erase(db, id, now);
  if (id) return what === 'again' ? again(db, id, now, examples) : withdraw(db, id, now);
  const [, slug = '', csv] = PEOPLE.exec(post.path) ?? [];
  const { form, closed } = await formNow(db, slug, now);
  if (closed) return closed;
  if (!form?.invite) return { status: 400, title: 'Nobody was invited', text: 'This form invites nobody: its file has no `invite`.' }; // prettier-ignore
  if (form.example && !examples) return NOT_HERE;
  return csv ? inviteFile(db, form, post, now) : inviteOne(db, form, post, now);
}

const NOT_HERE: MessagePage = { status: 409, title: 'Nobody was invited', text: 'This form is an example, and its address answers only on local Smile and in a private network. Remove `example: true` from a copy of it, and invite people to that.' }; // prettier-ignore

const NONE: MessagePage = { status: 404, title: 'There is no such invitation', text: 'Nothing was changed.' };

/** The form as it stands, and the notice that nobody can be invited to it, where that is so. */
async function formNow(
  db: Database,
  slug: string,
  now: Date,
): Promise<{ form: Form | undefined; closed?: MessagePage }> {
  const current = (await currentForms(db)).find((one) => one.slug === slug);
  const form = current?.form;
  if (!form) return { form };
  const { refusal } = await inviteOpening(db, form, { removed: current.removedAt !== null, now });
  return { form, ...(refusal && { closed: { status: 409, title: 'Nobody was invited', text: refusal } }) };
}

const pageOf = (slug: string): string => `/admin/forms/${slug}/invitations`;

async function again(db: Database, id: string, now: Date, examples: boolean): Promise<InvitationActionResult> {
  const invitation = await findInvitation(db, id);
  if (!invitation) return NONE;
  const { form, closed } = await formNow(db, invitation.form, now);
  if (closed) return closed;
  if (form?.example && !examples) return NOT_HERE;
  if (!form || !(await renewInvitation(db, id, expiryFrom(form, now), now))) return NONE;
  return { goTo: `${pageOf(invitation.form)}?done=again` };
}

async function withdraw(db: Database, id: string, now: Date): Promise<InvitationActionResult> {
  const invitation = await findInvitation(db, id);
  if (!invitation || !(await withdrawInvitation(db, id, now))) return NONE;
  return { goTo: `${pageOf(invitation.form)}?done=withdrawn` };
}

/** At Smile nothing changes, as when it is withdrawn: Smile takes no invite back (Smile, Invites). */
async function erase(db: Database, id: string, now: Date): Promise<InvitationActionResult> {
  const invitation = await findInvitation(db, id);
  const outcome = invitation && (await eraseInvitation(db, id, now));
  if (!outcome) return NONE;
  if (outcome === 'erased') return { goTo: `${pageOf(invitation.form)}?done=erased`, erased: id };
  return { status: 409, title: 'This invitation was begun', text: 'Nothing was erased. Erase the submission instead: the invitation goes with it.' }; // prettier-ignore
}

/**
 * Only until the form is begun with it: who has the link goes on in the person's place, and what they have answered since
 * is not for members to see that way.
 */
async function show(
  db: Database,
  id: string,
  { origin }: InvitationPost,
  now: Date,
  linkOf?: MakeLink,
): Promise<InvitationActionResult> {
  const invitation = await findInvitation(db, id);
  if (!invitation || !linkOf || invitation.via === 'smile') return NONE;
  const { name, form, submissionId, withdrawnAt, expiresAt } = invitation;
  if (submissionId || withdrawnAt || expiresAt <= now.toISOString()) {
    return { status: 409, title: 'There is no link to copy', text: 'The form is begun already, or the invitation is over. Send it again, so that the person gets a link that works.' }; // prettier-ignore
  }
  return { linked: { id, name, link: linkOf(invitation, origin) }, page: pageOf(form) };
}

async function inviteOne(
  db: Database,
  form: Form,
  { form: given, memberId }: InvitationPost,
  now: Date,
): Promise<InvitationActionResult> {
  const entered = Object.fromEntries(['name', 'email', 'language'].map((key) => [key, given.get(key) ?? '']));
  const { person, faults } = readPerson(form, entered, now);
  if (!person) return { trouble: { fields: faults, entered }, page: pageOf(form.slug) };
  const invited = await invitePeople(db, form, [person], { memberId, skip: false }, now);
  if (invited.ok) return told(form, invited);
  const fields = { email: 'This address is invited already. Send that invitation again, or withdraw it first.' };
  return { trouble: { fields, entered }, page: pageOf(form.slug) };
}

async function inviteFile(
  db: Database,
  form: Form,
  { form: given, file, memberId }: InvitationPost,
  now: Date,
): Promise<InvitationActionResult> {
  const page = pageOf(form.slug);
  if (!file?.length) return { trouble: { lines: [{ line: 1, message: 'Choose a file first.' }] }, page };
  const read = readPeople(form, file, now);
  if (!read.ok) return { trouble: { lines: read.faults }, page };
  const people: NewInvitation[] = read.people;
  const invited = await invitePeople(db, form, people, { memberId, skip: given.get('skip') === 'yes' }, now);
  return invited.ok ? told(form, invited) : { trouble: { already: invited.alreadyInvited }, page };
}

const told = (form: Form, { invited, skipped: leftOut }: InvitedPeople & { ok: true }): InvitationActionResult => ({
  goTo: `${pageOf(form.slug)}?${new URLSearchParams({ done: 'invited', invited: String(invited), left: String(leftOut) })}`,
});
