import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Documents that people uploaded to Smile, and the data that Smile read from them. */
export const createArchives: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('archives')
      .addColumn('archive_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('submission_id', 'text', (column) => column.notNull().references('submissions.id'))
      .addColumn('screen', 'text', (column) => column.notNull())
      .addColumn('widget', 'integer', (column) => column.notNull())
      .addColumn('type', 'text')
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('error_code', 'text')
      .addColumn('sealed', 'text')
      .addColumn('read_at', 'text')
      .addColumn('removed_at', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('archives_submission_id').on('archives').column('submission_id').execute();
  },
};
