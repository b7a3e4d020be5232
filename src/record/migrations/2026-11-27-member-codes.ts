/** Codes with which a person becomes a member, or chooses a new password. */
import type { Migration } from 'kysely/migration';

export const memberCodes: Migration = {
  async up(db) {
    await db.schema
      .createTable('member_codes')
      .addColumn('email', 'text', (column) => column.primaryKey().notNull())
      .addColumn('code_hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .execute();
  },
};
