/** Invitations: people invited by name to fill in a form, and their progress. */
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Answers } from '../form/runtime/condition.ts';
import type { Database } from './db/database.ts';
import { enqueueDeliveries, sendAgain, type NewDelivery } from './deliveries.ts';
import { newIds } from './ids.ts';
import { expiredUntil, hasExpired } from './submissions/lifetime.ts';
import { findStarted } from './submissions/submissions.ts';
import { openText, sealText, type SealContext, type SealKeys } from './crypto/seal.ts';
import type { Tables } from './db/tables.ts';

export type Via = 'mail' | 'smile';

export type Invitation = {
  id: string;
  form: string;
  name: string;
  /** In lower case: one mailbox is one person. */
  email: string;
  language: string;
  via: Via;
  /** The member who invited them. */
  memberId: string;
  /** Their user at Smile, and its invite, once Smile has invited them. */
  smileUserId: string | null;
  smileInviteId: string | null;
  /** Smile's status of its invite, in Smile's words; null until Flipsite has asked. */
  smileStatus: string | null;
  /** The submission they started: each invitation has at most one. */
  submissionId: string | null;
  /** All times are ISO 8601 in UTC. */
  createdAt: string;
  /** Until when the person can start. */
  expiresAt: string;
  /** When the person first opened the link, or Smile's email. */
  openedAt: string | null;
  withdrawnAt: string | null;
};

/** The values that the form begins with: answers by field, and params as in the form's address. */
export type Prefill = { answers: Answers; params: Record<string, string> };

export type NewInvitation = Pick<Invitation, 'name' | 'email' | 'language'> & { prefill: Prefill };

export type InviteAs = { form: string; via: Via; memberId: string; expiresAt: Date };

/** The kind of job that asks Smile for the status of an invitation. The job's subject is the invitation's id. */
export const FOLLOW_INVITE = 'invite';

/** Rows in one statement: all databases accept that many values. */
const ROWS = 500;

export type PreparedInvitation = Insertable<Tables['invitations']>;

/**
 * Encrypts the values that forms begin with. Call it before a transaction, because many people take some time. Other
 * requests are answered meanwhile.
 */
export async function prepareInvitations(
  keys: SealKeys,
  people: NewInvitation[],
  as: InviteAs,
  now: Date,
): Promise<PreparedInvitation[]> {
  const ids = newIds(people.length, now);
  const prepared: PreparedInvitation[] = [];
  for (const [at, { name, email, language, prefill }] of people.entries()) {
    if (at % ROWS === ROWS - 1) await new Promise((turn) => setImmediate(turn));
    const id = ids[at]!;
    prepared.push({
      id,
      form: as.form,
      name,
      email: email.toLowerCase(),
      language,
      via: as.via,
      prefill: sealText(keys, prefillContext(id), JSON.stringify(prefill)),
      member_id: as.memberId,
      created_at: now.toISOString(),
      expires_at: as.expiresAt.toISOString(),
    });
  }
  return prepared;
}

/** Stores prepared invitations and enqueues their deliveries; all or none. */
export async function storeInvitations(db: Database, invitations: PreparedInvitation[], now: Date): Promise<void> {
  const deliveries = invitations.map(({ id, form, email, via }): NewDelivery => ({ form, invitationId: id, channel: via === 'smile' ? 'smile' : 'email', target: email, cause: 'invited' })); // prettier-ignore
  await db.transaction(async (trx) => {
    for (let at = 0; at < invitations.length; at += ROWS)
      await trx.query.insertInto('invitations').values(invitations.slice(at, at + ROWS)).execute(); // prettier-ignore
    await enqueueDeliveries(trx, deliveries, now);
  });
}

export async function findInvitation(db: Database, id: string): Promise<Invitation | undefined> {
  const row = await db.query.selectFrom('invitations').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toInvitation(row);
}

/** The invitation that a submission started with, if any. */
export async function findInvitationOf(db: Database, submissionId: string): Promise<Invitation | undefined> {
  const begun = db.query.selectFrom('invitations').selectAll().where('submission_id', '=', submissionId);
  const row = await begun.executeTakeFirst();
  return row && toInvitation(row);
}

/** Invitations to any of these addresses, to any of these forms; at most `MAX_FOUND`. */
export async function findInvitationsTo(db: Database, forms: string[], emails: string[]): Promise<Invitation[]> {
  if (!forms.length || !emails.length) return [];
  const to = db.query.selectFrom('invitations').selectAll().where('form', 'in', forms).where('email', 'in', emails);
  return (await to.limit(MAX_FOUND).execute()).map(toInvitation);
}

const MAX_FOUND = 50;

/** The values that the form begins with. Empty if no key can open them, or if the invitation was deleted. */
export async function findPrefill(db: Database, id: string): Promise<Prefill> {
  const row = await db.query.selectFrom('invitations').select('prefill').where('id', '=', id).executeTakeFirst();
  const opened = row && openText(db.keys, prefillContext(id), row.prefill);
  return opened?.ok ? (JSON.parse(opened.value) as Prefill) : { answers: {}, params: {} };
}

/** Sealed values are bound to this context, so its word can't change. */
const prefillContext = (id: string): SealContext => [id, 'given'];

/** Stores when the link was first opened. Later calls change nothing. */
export async function markOpened(db: Database, id: string, now: Date): Promise<void> {
  const opened = { opened_at: now.toISOString() };
  await db.query.updateTable('invitations').set(opened).where('id', '=', id).where('opened_at', 'is', null).execute();
}

/** Links a new submission to its invitation. False if the invitation already has another one, or is withdrawn. */
export async function attachSubmission(db: Database, id: string, submissionId: string): Promise<boolean> {
  const { numUpdatedRows } = await db.query
    .updateTable('invitations')
    .set({ submission_id: submissionId })
    .where('id', '=', id)
    .where('submission_id', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** In place of Smile's status: Flipsite asks Smile to invite the person, and has not stored the answer. */
export const ASKED = 'ASKED';

/** Stores `status` in place of Smile's status. */
export async function setSmileStatus(db: Database, id: string, status: string | null): Promise<void> {
  await db.query.updateTable('invitations').set({ smile_status: status }).where('id', '=', id).execute();
}

/** Stores the user and the invite that Smile created for the invited person. */
export async function attachSmileUser(
  db: Database,
  id: string,
  smile: { userId: string; inviteId: string },
): Promise<void> {
  const attached = { smile_user_id: smile.userId, smile_invite_id: smile.inviteId, smile_status: null };
  await db.query.updateTable('invitations').set(attached).where('id', '=', id).execute();
}

/** Stores Smile's status of its invite, unless a newer invite replaced it. Only the first `openedAt` is stored. */
export async function storeSmileStatus(
  db: Database,
  id: string,
  { inviteId, status, openedAt }: { inviteId: string; status: string; openedAt?: string | undefined },
): Promise<void> {
  const stored = {
    smile_status: status,
    ...(openedAt && { opened_at: sql<string>`coalesce(opened_at, ${openedAt})` }),
  };
  await db.query
    .updateTable('invitations')
    .set(stored)
    .where('id', '=', id)
    .where('smile_invite_id', '=', inviteId)
    .execute();
}

/**
 * Sends an invitation again and extends it to `expiresAt`.
 * @returns `none` if it has no delivery, `other` if its address has another open invitation, `over` if the person started too
 * long ago to continue, and `sent` if the person has sent the form
 */
export async function renewInvitation(
  db: Database,
  id: string,
  expiresAt: Date,
  now: Date,
): Promise<'renewed' | 'none' | 'other' | 'over' | 'sent'> {
  return db.transaction(async (trx) => {
    const invitation = await findInvitation(trx, id);
    const first = await trx.query
      .selectFrom('deliveries')
      .select('id')
      .where('invitation_id', '=', id)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (!invitation || !first) return 'none';
    const begun = invitation.submissionId ? await findStarted(trx, invitation.submissionId) : undefined;
    if (begun?.submittedAt) return 'sent';
    if (begun && hasExpired(begun.createdAt, now)) return 'over';
    if ((await openFor(trx, invitation.form, [invitation.email], now, id)).size) return 'other';
    const renewed = { expires_at: expiresAt.toISOString(), withdrawn_at: null };
    await trx.query.updateTable('invitations').set(renewed).where('id', '=', id).execute();
    await sendAgain(trx, first.id, now);
    return 'renewed';
  });
}

/** Withdraws an invitation. False if the invitation does not exist, or has a submission, which can still be finished. */
export async function withdrawInvitation(db: Database, id: string, now: Date): Promise<boolean> {
  const withdrawn = { withdrawn_at: now.toISOString() };
  const { numUpdatedRows } = await db.query
    .updateTable('invitations')
    .set(withdrawn)
    .where('id', '=', id)
    .where('submission_id', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/**
 * Those of `emails` that have an open invitation: the person can still start, or has started and can continue.
 * @param except the id of an invitation that does not count
 */
export async function openFor(
  db: Database,
  form: string,
  emails: string[],
  now: Date,
  except = '',
): Promise<Set<string>> {
  const open = new Set<string>();
  for (let at = 0; at < emails.length; at += ROWS) {
    const rows = await db.query
      .selectFrom('invitations')
      .leftJoin('submissions', 'submissions.id', 'invitations.submission_id')
      .select('email')
      .where('invitations.form', '=', form)
      .where(
        'email',
        'in',
        emails.slice(at, at + ROWS).map((email) => email.toLowerCase()),
      )
      .where('invitations.id', '!=', except)
      .where('withdrawn_at', 'is', null)
      .where('submitted_at', 'is', null)
      .where((eb) =>
        eb.or([
          eb('submission_id', 'is', null).and('expires_at', '>', now.toISOString()),
          eb('submissions.created_at', '>', expiredUntil(now)),
        ]),
      )
      .execute();
    for (const { email } of rows) open.add(email);
  }
  return open;
}

/** The id of the invitation whose person has this user at Smile. */
export async function findInvitationOfSmileUser(db: Database, userId: string): Promise<string | undefined> {
  const query = db.query.selectFrom('invitations').select('id').where('smile_user_id', '=', userId).limit(1);
  return (await query.executeTakeFirst())?.id;
}

/** Whether anyone is invited. @param forms the forms to look in. Undefined for all */
export async function hasInvitations(db: Database, forms: readonly string[] | undefined): Promise<boolean> {
  const query = db.query.selectFrom('invitations').select('id').limit(1);
  return (await (forms ? query.where('form', 'in', forms) : query).executeTakeFirst()) !== undefined;
}

export async function countInvitations(db: Database, form: string): Promise<number> {
  const { number } = await db.query
    .selectFrom('invitations')
    .select((eb) => eb.fn.countAll<number>().as('number'))
    .where('form', '=', form)
    .executeTakeFirstOrThrow();
  return Number(number);
}

/** A row of the table in the form that other code uses. */
export function toInvitation(row: Selectable<Tables['invitations']>): Invitation {
  return {
    id: row.id,
    form: row.form,
    name: row.name,
    email: row.email,
    language: row.language,
    via: row.via as Via,
    memberId: row.member_id,
    smileUserId: row.smile_user_id,
    smileInviteId: row.smile_invite_id,
    smileStatus: row.smile_status,
    submissionId: row.submission_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    openedAt: row.opened_at,
    withdrawnAt: row.withdrawn_at,
  };
}
