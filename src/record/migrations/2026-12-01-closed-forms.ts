import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A member can close and archive a form without a change of its text. The acts are kept for its history. */
export const closedForms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('forms').addColumn('closed_at', 'text').execute();
    await db.schema.alterTable('forms').addColumn('archived_at', 'text').execute();
    await db.schema
      .createTable('form_acts')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('act', 'text', (column) => column.notNull())
      .addColumn('member_id', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('form_acts_by_form').on('form_acts').columns(['form', 'id']).execute();
  },
};
