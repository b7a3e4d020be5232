import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The key that the site last started with, in the row 1. */
export const siteKey: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('site_key')
      .addColumn('row', 'integer', (column) => column.primaryKey())
      .addColumn('key_id', 'text', (column) => column.notNull())
      .execute();
  },
};
