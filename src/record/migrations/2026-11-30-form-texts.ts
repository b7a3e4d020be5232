import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The dashboard can own forms: it has their drafts, and every text that was published. Until now files owned all of them. */
export const formTexts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('forms')
      .addColumn('owner', 'text', (column) => column.notNull().defaultTo('files'))
      .execute();
    await db.schema
      .createTable('form_drafts')
      .addColumn('form', 'text', (column) => column.primaryKey())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('text_hash', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('member_id', 'text')
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('publications')
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('text_hash', 'text', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      // Null for a program that published with an API key.
      .addColumn('member_id', 'text')
      .addColumn('published_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('publications_key', ['form', 'number'])
      .execute();
  },
};
