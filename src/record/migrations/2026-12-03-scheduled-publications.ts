import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A member can have a text published at a time: one for each form. `problem`: why it was not published. */
export const scheduledPublications: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('scheduled_publications')
      .addColumn('form', 'text', (column) => column.primaryKey())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('replaces', 'text')
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('member_id', 'text', (column) => column.notNull())
      .addColumn('problem', 'text')
      .execute();
  },
};
