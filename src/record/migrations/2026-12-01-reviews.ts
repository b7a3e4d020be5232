import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Colleagues who see the preview of a form comment on it, and approve it. */
export const reviews: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('review_notes')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('screen', 'text')
      .addColumn('field', 'text')
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('text_hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('done_at', 'text')
      .addColumn('done_by', 'text')
      .execute();
    await db.schema.createIndex('review_notes_by_form').on('review_notes').columns(['form', 'id']).execute();
  },
};
