import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Smile's names of its providers. */
export const createProviders: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('providers')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text')
      .addColumn('asked_at', 'text', (column) => column.notNull())
      .execute();
  },
};
