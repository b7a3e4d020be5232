import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './dialect.ts';

/** Old and new names. No row is rewritten, so this takes as long on a large database as on a small one. */
const TABLES = [
  ['owed', 'jobs'],
  ['taken', 'unique_answers'],
  ['linked', 'account_data'],
] as const;

/** By the new name of the table. */
const COLUMNS = [
  ['jobs', 'wanted', 'generation'],
  ['tallies', 'slot', 'shard'],
  ['tallies', 'held', 'quarantined'],
  ['submissions', 'acts', 'write_count'],
  ['deliveries', 'once', 'dedupe_key'],
  ['attempts', 'said', 'message'],
  ['invitations', 'given', 'prefill'],
  ['providers', 'asked_at', 'fetched_at'],
] as const;

/** Each with its definition, because SQLite can't rename an index. */
const INDEXES = [
  ['owed_kind_subject', 'jobs_kind_subject', 'jobs (kind, subject)', 'unique'],
  ['owed_submission_id', 'jobs_submission_id', 'jobs (submission_id)', ''],
  ['owed_due', 'jobs_due', 'jobs (due_at) where failed_at is null', ''],
  ['taken_submission_id', 'unique_answers_submission_id', 'unique_answers (submission_id)', ''],
  ['linked_submission_id', 'account_data_submission_id', 'account_data (submission_id)', ''],
] as const;

/** SQLite has no names for these. */
const CONSTRAINTS = [
  ['jobs', 'owed_pkey', 'jobs_pkey'],
  ['jobs', 'owed_submission_id_fkey', 'jobs_submission_id_fkey'],
  ['unique_answers', 'taken_pk', 'unique_answers_pk'],
  ['unique_answers', 'taken_submission_id_fkey', 'unique_answers_submission_id_fkey'],
  ['account_data', 'linked_pk', 'account_data_pk'],
  ['account_data', 'linked_account_id_fkey', 'account_data_account_id_fkey'],
  ['account_data', 'linked_submission_id_fkey', 'account_data_submission_id_fkey'],
  ['deliveries', 'deliveries_once_key', 'deliveries_dedupe_key_key'],
] as const;

/** Tables and columns get the common terms of the field. */
export const standardNames: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [from, to] of TABLES) await db.schema.alterTable(from).renameTo(to).execute();
    for (const [table, from, to] of COLUMNS) await db.schema.alterTable(table).renameColumn(from, to).execute();
    for (const [from, to, definition, unique] of INDEXES) {
      if (isPostgres(db)) {
        await sql`alter index ${sql.id(from)} rename to ${sql.id(to)}`.execute(db);
      } else {
        await sql`drop index ${sql.id(from)}`.execute(db);
        await sql`create ${sql.raw(unique)} index ${sql.id(to)} on ${sql.raw(definition)}`.execute(db);
      }
    }
    if (!isPostgres(db)) return;
    for (const [table, from, to] of CONSTRAINTS)
      await sql`alter table ${sql.id(table)} rename constraint ${sql.id(from)} to ${sql.id(to)}`.execute(db);
  },
};
