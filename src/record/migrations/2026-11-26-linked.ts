import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Data that Smile read from accounts, the time at which Smile deletes it, and the webhooks that Flipsite registered
 * there.
 */
export const createLinked: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('accounts').addColumn('connected_at', 'text').execute();
    await db.schema.alterTable('accounts').addColumn('revoked_at', 'text').execute();
    await db.schema.createIndex('accounts_connected_at').on('accounts').column('connected_at').execute();
    await db.schema
      .createTable('linked')
      .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.account_id'))
      .addColumn('data_point', 'text', (column) => column.notNull())
      .addColumn('submission_id', 'text', (column) => column.notNull().references('submissions.id'))
      .addColumn('sealed', 'text')
      .addColumn('items', 'integer', (column) => column.notNull())
      .addColumn('read_at', 'text', (column) => column.notNull())
      .addColumn('removed_at', 'text')
      .addColumn('removed_because', 'text')
      .addPrimaryKeyConstraint('linked_pk', ['account_id', 'data_point'])
      .execute();
    await db.schema.createIndex('linked_submission_id').on('linked').column('submission_id').execute();
    await db.schema
      .createTable('smile_webhooks')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('smile_id', 'text')
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('replaced_at', 'text')
      .addColumn('deleted_at', 'text')
      .execute();
  },
};
