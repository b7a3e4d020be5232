/** Deletes the data of people. A record stays that a submission existed. */
import { sql } from 'kysely';
import { locked, type Database } from './db/database.ts';
import { DELIVERY_JOBS } from './deliveries.ts';
import { isWebhook } from './event-queries.ts';
import { findInvitationOf, FOLLOW_INVITE } from './invitations.ts';
import { enqueue } from './jobs/jobs.ts';
import { suspicionColumns } from './submissions/suspicion.ts';
import type { Tables } from './db/tables.ts';
import { forgetUnknownProviders } from './accounts/providers.ts';
import { keepNumbers } from './results/count-changes.ts';
import { tallied } from './submissions/tallies.ts';

/**
 * How each table loses the data of a person. `rows`: the rows with its `submission_id` are deleted. `statement`: a statement
 * of this file does it. `later`: the next count of Results does it. `none`: the table has nothing about people who fill in forms.
 */
export const ERASURE_OF = {
  account_data: 'rows',
  accounts: 'rows',
  archives: 'rows',
  files: 'rows',
  jobs: 'rows',
  submission_progress: 'rows',
  submission_usage: 'rows',
  unique_answers: 'rows',

  attempts: 'statement',
  deliveries: 'statement',
  events: 'statement',
  idempotency: 'statement',
  invitations: 'statement',
  providers: 'statement',
  result_cohorts: 'statement',
  smile_usage: 'statement',
  submissions: 'statement',
  tallies: 'statement',

  // Its rows have only ids. No index has them by submission, so each deletion would read those of all others.
  result_changes: 'later',

  form_acts: 'none',
  form_drafts: 'none',
  forms: 'none',
  grants: 'none',
  link_clicks: 'none',
  links: 'none',
  member_codes: 'none',
  members: 'none',
  openings: 'none',
  preview_generations: 'none',
  publications: 'none',
  result_revisions: 'none',
  form_comments: 'none',
  scheduled_publications: 'none',
  sessions: 'none',
  shared_counts: 'none',
  site_key: 'none',
  smile_webhooks: 'none',
  versions: 'none',
} as const satisfies Record<keyof Tables, 'rows' | 'statement' | 'later' | 'none'>;

/** The tables that can have rows of people who fill in forms. */
export const tablesWithPeople: readonly string[] = Object.entries(ERASURE_OF).flatMap(([table, how]) =>
  how === 'none' ? [] : [table],
);

type Erasure = typeof ERASURE_OF;
type SubmissionTable = { [Name in keyof Erasure]: Erasure[Name] extends 'rows' ? Name : never }[keyof Erasure];
const SUBMISSION_TABLES = (Object.keys(ERASURE_OF) as (keyof Erasure)[]).filter(
  (table): table is SubmissionTable => ERASURE_OF[table] === 'rows',
);

/** The remaining work after an erasure. */
interface Erased {
  /** Ids of files with bytes to remove. */
  files: string[];
  /** Accounts that Smile may still have. One that is not confirmed was only claimed, so it may be another person's. */
  accounts: { id: string; confirmed: boolean }[];
  /** Ids of documents that Smile may still have: a job that takes one back may not have run. */
  archives: string[];
  /** The person's user at Smile. */
  user: string | null;
}

/**
 * Erases a submission's answers, params, events, accounts, files and everything that depends on it. Its form, version,
 * language, reference, times and outcome stay.
 * @param unchangedSince erases it only if its last change is before that moment, since the person may just have come back
 * @returns the remaining work after the commit. Undefined if there is nothing to erase
 */
export async function erase(db: Database, id: string, now: Date, unchangedSince?: Date): Promise<Erased | undefined> {
  const eraseLocked = async (trx: Database) => {
    // A transaction that stores events locks this row, and then that of the submission. In another order, both would wait.
    const usage = trx.query.selectFrom('submission_usage').select('submission_id').where('submission_id', '=', id);
    await locked(trx, usage).execute();
    await lockSmileUsage(trx, id);
    const kept = trx.query
      .selectFrom('submissions')
      .select(['smile_user_id', 'created_at', 'updated_at'])
      .where('id', '=', id)
      .where('erased_at', 'is', null);
    const row = await locked(trx, kept).executeTakeFirst();
    if (!row || (unchangedSince && row.updated_at >= unchangedSince.toISOString())) return undefined;
    const files = await trx.query.selectFrom('files').select('id').where('submission_id', '=', id).execute();
    const accounts = await trx.query
      .selectFrom('accounts')
      .select(['account_id', 'confirmed'])
      .where('submission_id', '=', id)
      .execute();
    const archives = await trx.query
      .selectFrom('archives')
      .select('archive_id')
      .where('submission_id', '=', id)
      .execute();
    await keepNumbers(trx, id);
    await forgetUnknownProviders(trx);
    await tallied(trx, id, async () => {
      const own = trx.query.updateTable('submissions').where('id', '=', id);
      const doubts = suspicionColumns({ suspicion: [], verdict: null });
      await own.set({ answers: '{}', params: '{}', link: null, ...doubts, erased_at: now.toISOString() }).execute();
      await deleteDependents(trx, id, row.smile_user_id);
      await deleteStartKeys(trx, id, row.created_at);
    });
    await enqueueWipe(trx, now);
    return {
      files: files.map((file) => file.id),
      accounts: accounts.map((account) => ({ id: account.account_id, confirmed: account.confirmed === 1 })),
      archives: archives.map((archive) => archive.archive_id),
      user: row.smile_user_id,
    };
  };
  return db.transaction(eraseLocked, { locksRow: true });
}

/** Like `lockSmileEvents`, but leaves no row behind. A transaction that adds the first one now waits for the submission. */
async function lockSmileUsage(trx: Database, id: string): Promise<void> {
  await locked(trx, trx.query.selectFrom('smile_usage').select('person_id').where('person_id', '=', id)).execute();
}

/**
 * Erases data that reached an erased submission later, by a request or a webhook that was under way. The event of the
 * erasure stays.
 * @param user the person's user at Smile
 */
export async function eraseLate(db: Database, id: string, user: string | null, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    await lockSmileUsage(trx, id);
    await tallied(trx, id, async () => {
      // The trigger on events allows this deletion only while the erased submission has this user.
      const own = trx.query.updateTable('submissions').where('id', '=', id).where('erased_at', 'is not', null);
      await own.set({ smile_user_id: user }).execute();
      await deleteDependents(trx, id, user);
    });
    await enqueueWipe(trx, now);
  });
}

/**
 * Erases an invitation without a submission, with its deliveries and jobs. `begun`: it has a submission, and is erased with
 * that. Undefined if it does not exist.
 * @param before erases it only if it expired before that moment, since it may just have been sent again
 */
export async function eraseInvitation(
  db: Database,
  id: string,
  now: Date,
  before?: Date,
): Promise<'erased' | 'begun' | undefined> {
  return db.transaction(async (trx) => {
    const query = trx.query.selectFrom('invitations').select(['submission_id', 'expires_at']).where('id', '=', id);
    const row = await query.executeTakeFirst();
    if (!row || (before && row.expires_at >= before.toISOString())) return undefined;
    if (row.submission_id) return 'begun';
    await deleteInvitationRows(trx, id);
    await enqueueWipe(trx, now);
    return 'erased';
  });
}

/** The kind of job that removes deleted content from the files of the database; see `Engine.wipe`. */
export const WIPE = 'wipe';

/** Many deletions of one minute share one wipe. */
const WIPE_AFTER_MS = 60_000;

/** Enqueues a wipe, in the transaction that deletes data of a person. */
export async function enqueueWipe(trx: Database, now: Date): Promise<void> {
  if (trx.engine.kind !== 'sqlite') return;
  await enqueue(trx, { kind: WIPE, subject: 'all', dueAt: new Date(now.getTime() + WIPE_AFTER_MS) }, now);
}

async function deleteDependents(trx: Database, id: string, user: string | null): Promise<void> {
  await deleteEvents(trx, id);
  if (user) await deleteUserWebhooks(trx, user);
  const nobody = { smile_user_id: null, wink_screen: null };
  await trx.query.updateTable('submissions').set(nobody).where('id', '=', id).execute();
  await deleteMessages(trx, id);
  await trx.query.deleteFrom('smile_usage').where('person_id', '=', id).execute();
  for (const table of SUBMISSION_TABLES) await trx.query.deleteFrom(table).where('submission_id', '=', id).execute();
  // A stored response may repeat answers. Scopes of a submission begin with its id. A letter sorts after them in every
  // collation; some collations ignore other characters.
  await trx.query.deleteFrom('idempotency').where('scope', '>=', id).where('scope', '<', `${id}z`).execute();
}

/**
 * Deletes all events except the server's own event of the erasure. A page can send events of any name, so the source is
 * checked. Webhooks are found by another index.
 */
async function deleteEvents(trx: Database, id: string): Promise<void> {
  await trx.query
    .deleteFrom('events')
    .where('scope', '=', id)
    .where((either) => either.or([either('name', '!=', 'erased'), either('source', '!=', 'server')]))
    .execute();
  await trx.query.deleteFrom('events').where('submission_id', '=', id).where(isWebhook).execute();
}

/** Deletes the deliveries of a submission, and the invitation that it started with. */
async function deleteMessages(db: Database, id: string): Promise<void> {
  await deleteDeliveries(db, 'submission_id', id);
  const invitation = await findInvitationOf(db, id);
  if (invitation) await deleteInvitationRows(db, invitation.id);
}

async function deleteInvitationRows(db: Database, id: string): Promise<void> {
  const row = await db.query.selectFrom('invitations').select('smile_user_id').where('id', '=', id).executeTakeFirst();
  if (row?.smile_user_id) await deleteUserWebhooks(db, row.smile_user_id);
  await db.query.deleteFrom('smile_usage').where('person_id', '=', id).execute();
  await deleteDeliveries(db, 'invitation_id', id);
  await db.query.deleteFrom('jobs').where('kind', '=', FOLLOW_INVITE).where('subject', '=', id).execute();
  await db.query.deleteFrom('invitations').where('id', '=', id).execute();
}

async function deleteDeliveries(db: Database, about: 'submission_id' | 'invitation_id', id: string): Promise<void> {
  const sent = db.query.selectFrom('deliveries').select('id').where(about, '=', id);
  // An attempt that ends now waits, and then finds no delivery.
  await locked(db, sent).execute();
  await db.query.deleteFrom('jobs').where('kind', 'in', DELIVERY_JOBS).where('subject', 'in', sent).execute();
  await db.query.deleteFrom('attempts').where('delivery_id', 'in', sent).execute();
  await db.query.deleteFrom('deliveries').where(about, '=', id).execute();
}

/** Deletes the idempotency keys of the requests that started the submission. A client may put any text into a key. */
async function deleteStartKeys(trx: Database, id: string, createdAt: string): Promise<void> {
  const responses = [JSON.stringify({ id }), JSON.stringify(id)];
  await trx.query
    .deleteFrom('idempotency')
    .where(sql<boolean>`scope >= 'g'`)
    .where('created_at', '=', createdAt)
    .where('response', 'in', responses)
    .execute();
}

/** Deletes webhooks that arrived before they belonged to a submission, unless the user has a submission that is not erased. */
async function deleteUserWebhooks(db: Database, userId: string): Promise<void> {
  await db.query
    .deleteFrom('events')
    .where('submission_id', 'is', null)
    .where('smile_user_id', '=', userId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('submissions').select('id').where('smile_user_id', '=', userId).where('erased_at', 'is', null),
        ),
      ),
    )
    .execute();
}

/**
 * Deletes up to `max` webhooks that were received before `before` and belong to no submission and no invitation.
 * @returns how many
 */
export async function deleteUnownedWebhooks(db: Database, before: Date, max: number, now: Date): Promise<number> {
  return db.transaction(async (trx) => {
    const old = trx.query
      .selectFrom('events')
      .select('seq')
      .where(isUnowned)
      .where('received_at', '<', before.toISOString())
      .where(
        ({ not, exists, selectFrom }) =>
        not(exists(selectFrom('submissions').select('id').whereRef('submissions.smile_user_id', '=', 'events.smile_user_id'))), // prettier-ignore
      )
      .where(
        ({ not, exists, selectFrom }) =>
        not(exists(selectFrom('invitations').select('id').whereRef('invitations.smile_user_id', '=', 'events.smile_user_id'))), // prettier-ignore
      )
      .orderBy('received_at')
      .limit(max);
    const { numDeletedRows } = await trx.query.deleteFrom('events').where('seq', 'in', old).executeTakeFirstOrThrow();
    if (numDeletedRows) await enqueueWipe(trx, now);
    return Number(numDeletedRows);
  });
}

/** Word for word as in the index, or SQLite does not use it. */
const isUnowned = sql<boolean>`source = 'webhook' and submission_id is null`;
