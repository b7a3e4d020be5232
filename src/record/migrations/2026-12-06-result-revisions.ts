import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Pages that show numbers live ask for the revision of a form every second, on each server. */
export const resultRevisions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('result_revisions')
      .addColumn('form', 'text', (column) => column.primaryKey())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .execute();
  },
};
