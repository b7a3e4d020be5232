import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const createJobs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('owed')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('submission_id', 'text', (column) => column.references('submissions.id'))
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('wanted', 'integer', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'text', (column) => column.notNull())
      .addColumn('leased_until', 'text')
      .addColumn('error', 'text')
      .addColumn('failed_at', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('owed_kind_subject').on('owed').columns(['kind', 'subject']).unique().execute();
    await db.schema.createIndex('owed_due_at').on('owed').column('due_at').execute();
    await db.schema.createIndex('owed_submission_id').on('owed').column('submission_id').execute();
  },
};
