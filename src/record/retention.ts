/** Finds the submissions and invitations that are old enough to be erased. */
import { sql } from 'kysely';
import type { Database } from './db/database.ts';

/** Ids of up to `max` submissions of `form` that have not changed since `before`, oldest change first. */
export async function findUnchangedSince(db: Database, form: string, before: Date, max: number): Promise<string[]> {
  const rows = await db.query
    .selectFrom('submissions')
    .select('id')
    .where('form', '=', form)
    .where('updated_at', '<', before.toISOString())
    .where('erased_at', 'is', null)
    .orderBy('updated_at')
    .limit(max)
    .execute();
  return rows.map(({ id }) => id);
}

/** Ids of up to `max` drafts of `form` that have not changed since `before`, oldest change first. */
export async function findDraftsUnchangedSince(
  db: Database,
  form: string,
  before: Date,
  max: number,
): Promise<string[]> {
  // As in the index. With the column alone, SQLite would choose another one and read all submitted rows.
  const changed = sql<string>`coalesce(updated_at, '')`;
  const rows = await db.query
    .selectFrom('submissions')
    .select('id')
    .where('form', '=', form)
    .where('submitted_at', 'is', null)
    .where('erased_at', 'is', null)
    .where(changed, '<', before.toISOString())
    .orderBy(changed)
    .limit(max)
    .execute();
  return rows.map(({ id }) => id);
}

/** Ids of up to `max` invitations to `form` without a submission that expired before `before`, oldest first. */
export async function expiredBefore(db: Database, form: string, before: Date, max: number): Promise<string[]> {
  const rows = await db.query
    .selectFrom('invitations')
    .select('id')
    .where('form', '=', form)
    .where('submission_id', 'is', null)
    .where('expires_at', '<', before.toISOString())
    .orderBy('expires_at')
    .limit(max)
    .execute();
  return rows.map(({ id }) => id);
}
