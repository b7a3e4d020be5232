import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How much Smile has caused to be stored for each person. Events that are stored already are not counted. */
export const smileUsage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('smile_usage')
      .addColumn('person_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('events', 'integer', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .execute();
  },
};
