/** Invitations: people who were asked by name to fill in a form, and what has come of it. */
import { sql, type Selectable } from 'kysely';
import type { Answers } from '../form/runtime/condition.ts';
import type { Database } from './db/database.ts';
import { enqueueDeliveries, sendAgain, type DeliveryStatus } from './deliveries.ts';
import { newId } from './ids.ts';
import { openText, sealText, type SealContext } from './crypto/seal.ts';
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
  /** Who invited them: a member. */
  memberId: string;
  /** Their user at Smile, and its invite, once Smile has invited them. */
  smileUserId: string | null;
  smileInviteId: string | null;
  /** How far Smile says that it has come, in Smile's words; null until it was asked. */
  smileStatus: string | null;
  /** What they have begun: one invitation is one submission. */
  submissionId: string | null;
  /** ISO 8601 in UTC, as are the others. */
  createdAt: string;
  /** Until when it can be begun. */
  expiresAt: string;
  /** When its link, or Smile's mail, was opened first. */
  openedAt: string | null;
  withdrawnAt: string | null;
};

/** What is known of somebody beforehand: answers by field, and values as the form's address would pass them. */
export type Prefill = { answers: Answers; params: Record<string, string> };

export type NewInvitation = Pick<Invitation, 'name' | 'email' | 'language'> & { prefill: Prefill };

export type InviteAs = { form: string; via: Via; memberId: string; expiresAt: Date };

/** The kind of owed work that asks Smile how far the invitation that is its subject has come. */
export const INVITE = 'invite';

/** In a statement as many as all databases take. */
const ROWS = 500;

/** Stores invitations and owes their mails; all or none. */
export async function createInvitations(db: Database, people: NewInvitation[], as: InviteAs, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    const rows = people.map(({ name, email, language, prefill }) => {
      const id = newId(now);
      return {
        id,
        form: as.form,
        name,
        email: email.toLowerCase(),
        language,
        via: as.via,
        prefill: sealText(trx.keys, prefillContext(id), JSON.stringify(prefill)),
        member_id: as.memberId,
        created_at: now.toISOString(),
        expires_at: as.expiresAt.toISOString(),
      };
    });
    for (let at = 0; at < rows.length; at += ROWS)
      await trx.query.insertInto('invitations').values(rows.slice(at, at + ROWS)).execute(); // prettier-ignore
    const channel = as.via === 'smile' ? ('smile' as const) : ('email' as const);
    const owed = rows.map(({ id, email }) => ({ form: as.form, invitationId: id, channel, target: email, cause: 'invited' as const })); // prettier-ignore
    await enqueueDeliveries(trx, owed, now);
  });
}

export async function findInvitation(db: Database, id: string): Promise<Invitation | undefined> {
  const row = await db.query.selectFrom('invitations').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** The invitation that the submission was begun with. */
export async function findInvitationOf(db: Database, submissionId: string): Promise<Invitation | undefined> {
  const begun = db.query.selectFrom('invitations').selectAll().where('submission_id', '=', submissionId);
  const row = await begun.executeTakeFirst();
  return row && fromRow(row);
}

/** Invitations to any of these addresses, to any of these forms; at most `MAX_FOUND`. */
export async function findInvitationsTo(db: Database, forms: string[], emails: string[]): Promise<Invitation[]> {
  if (!forms.length || !emails.length) return [];
  const to = db.query.selectFrom('invitations').selectAll().where('form', 'in', forms).where('email', 'in', emails);
  return (await to.limit(MAX_FOUND).execute()).map(fromRow);
}

const MAX_FOUND = 50;

/** What is known of the invited person; nothing, for want of a key, or once the invitation is erased. */
export async function findPrefill(db: Database, id: string): Promise<Prefill> {
  const row = await db.query.selectFrom('invitations').select('prefill').where('id', '=', id).executeTakeFirst();
  const opened = row && openText(db.keys, prefillContext(id), row.prefill);
  return opened?.ok ? (JSON.parse(opened.value) as Prefill) : { answers: {}, params: {} };
}

/** Part of what is sealed, so it keeps the word that it was first sealed with. */
const prefillContext = (id: string): SealContext => [id, 'given'];

/** Notes that the link was opened; the first time counts. */
export async function markOpened(db: Database, id: string, now: Date): Promise<void> {
  const opened = { opened_at: now.toISOString() };
  await db.query.updateTable('invitations').set(opened).where('id', '=', id).where('opened_at', 'is', null).execute();
}

/** Ties the submission that was begun to its invitation; false when another one is tied already. */
export async function tieSubmission(db: Database, id: string, submissionId: string): Promise<boolean> {
  const { numUpdatedRows } = await db.query
    .updateTable('invitations')
    .set({ submission_id: submissionId })
    .where('id', '=', id)
    .where('submission_id', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Whom Smile has made of the invited person. */
export async function tieSmile(db: Database, id: string, smile: { userId: string; inviteId: string }): Promise<void> {
  const tied = { smile_user_id: smile.userId, smile_invite_id: smile.inviteId, smile_status: null };
  await db.query.updateTable('invitations').set(tied).where('id', '=', id).execute();
}

/** Takes Smile's word on its invite, unless another one has taken its place. `openedAt`: the first time counts. */
export async function noteSmileStatus(
  db: Database,
  id: string,
  { inviteId, status, openedAt }: { inviteId: string; status: string; openedAt?: string | undefined },
): Promise<void> {
  const noted = { smile_status: status, ...(openedAt && { opened_at: sql<string>`coalesce(opened_at, ${openedAt})` }) };
  await db.query
    .updateTable('invitations')
    .set(noted)
    .where('id', '=', id)
    .where('smile_invite_id', '=', inviteId)
    .execute();
}

/** Sends it once more, and lets it be begun until `expiresAt`. False when there is none. */
export async function renewInvitation(db: Database, id: string, expiresAt: Date, now: Date): Promise<boolean> {
  return db.transaction(async (trx) => {
    const owed = await trx.query
      .selectFrom('deliveries')
      .select('id')
      .where('invitation_id', '=', id)
      .orderBy('id')
      .executeTakeFirst();
    if (!owed) return false;
    const renewed = { expires_at: expiresAt.toISOString(), withdrawn_at: null };
    await trx.query.updateTable('invitations').set(renewed).where('id', '=', id).execute();
    return (await sendAgain(trx, owed.id, now)) !== undefined;
  });
}

/** Lets nobody begin with it any more; what was begun can be finished. False when there is none. */
export async function withdrawInvitation(db: Database, id: string, now: Date): Promise<boolean> {
  const withdrawn = { withdrawn_at: now.toISOString() };
  const { numUpdatedRows } = await db.query
    .updateTable('invitations')
    .set(withdrawn)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Of these addresses, those that an invitation to the form is open for: it can be begun, or was and is not sent. */
export async function openFor(db: Database, form: string, emails: string[], now: Date): Promise<Set<string>> {
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
      ) // prettier-ignore
      .where('withdrawn_at', 'is', null)
      .where('submitted_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', '>', now.toISOString()), eb('submission_id', 'is not', null)]))
      .execute();
    for (const { email } of rows) open.add(email);
  }
  return open;
}

/** What a list tells of an invitation: how far it has come, by its delivery, its submission and what Smile has said. */
export type Progress = {
  deliveryId: string | null;
  delivery: DeliveryStatus | null;
  submittedAt: string | null;
  linked: boolean;
};

/** A form's invitations, newest first; `older` is the cursor of the next page, null at the end. */
export async function listInvitations(
  db: Database,
  form: string,
  { limit, cursor, search }: { limit: number; cursor?: string | undefined; search?: string | undefined },
): Promise<{ items: (Invitation & Progress)[]; older: string | null }> {
  let query = db.query.selectFrom('invitations').where('invitations.form', '=', form);
  if (cursor) query = query.where('invitations.id', '<', cursor);
  const wanted = search?.trim().toLowerCase();
  if (wanted) {
    const pattern = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`;
    // PostgreSQL escapes with a backslash unless told otherwise; SQLite only when told so.
    query = query.where(
      sql<boolean>`(lower(invitations.name) like ${pattern} escape '\\' or invitations.email like ${pattern} escape '\\')`,
    );
  }
  const rows = await query
    .leftJoin('submissions', 'submissions.id', 'invitations.submission_id')
    .selectAll('invitations')
    .select((eb) => [
      'submissions.submitted_at as submitted_at',
      eb
        .selectFrom('deliveries')
        .whereRef('deliveries.invitation_id', '=', 'invitations.id')
        .select('deliveries.id')
        .orderBy('deliveries.id')
        .limit(1)
        .as('delivery_id'),
      eb
        .selectFrom('deliveries')
        .whereRef('deliveries.invitation_id', '=', 'invitations.id')
        .select('deliveries.status')
        .orderBy('deliveries.id')
        .limit(1)
        .as('delivery'),
      eb
        .selectFrom('accounts')
        .whereRef('accounts.submission_id', '=', 'invitations.submission_id')
        .where('accounts.status', '=', 'CONNECTED')
        .select((one) => one.fn.countAll<number>().as('accounts'))
        .as('accounts'),
      eb
        .selectFrom('events')
        .whereRef('events.smile_user_id', '=', 'invitations.smile_user_id')
        .where('events.source', '=', 'webhook')
        .where('events.name', '=', 'INVITE_LINKED')
        .select((one) => one.fn.countAll<number>().as('told'))
        .as('told'),
    ])
    .orderBy('invitations.id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => ({
    ...fromRow(row),
    deliveryId: row.delivery_id,
    delivery: row.delivery as DeliveryStatus | null,
    submittedAt: row.submitted_at,
    linked: Number(row.accounts) + Number(row.told) > 0,
  }));
  return { items, older: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export async function countInvitations(db: Database, form: string): Promise<number> {
  const { number } = await db.query
    .selectFrom('invitations')
    .select((eb) => eb.fn.countAll<number>().as('number'))
    .where('form', '=', form)
    .executeTakeFirstOrThrow();
  return Number(number);
}

function fromRow(row: Selectable<Tables['invitations']>): Invitation {
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
