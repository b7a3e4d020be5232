import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const invitations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('invitations')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('via', 'text', (column) => column.notNull())
      .addColumn('given', 'text', (column) => column.notNull())
      .addColumn('member_id', 'text', (column) => column.notNull())
      .addColumn('smile_user_id', 'text')
      .addColumn('smile_invite_id', 'text')
      .addColumn('submission_id', 'text', (column) => column.references('submissions.id').unique())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .addColumn('opened_at', 'text')
      .addColumn('withdrawn_at', 'text')
      .execute();
    await db.schema.createIndex('invitations_form_id').on('invitations').columns(['form', 'id']).execute();
    await db.schema.createIndex('invitations_form_email').on('invitations').columns(['form', 'email']).execute();
  },
};
