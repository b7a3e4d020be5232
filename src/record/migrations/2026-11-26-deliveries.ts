import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const deliveries: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('deliveries')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('submission_id', 'text', (column) => column.references('submissions.id'))
      .addColumn('invitation_id', 'text')
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('secret_env', 'text')
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('once', 'text', (column) => column.unique())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('settled_at', 'text')
      .execute();
    await db.schema.createIndex('deliveries_form_id').on('deliveries').columns(['form', 'id']).execute();
    await db.schema.createIndex('deliveries_status_id').on('deliveries').columns(['status', 'id']).execute();
    await db.schema.createIndex('deliveries_submission_id').on('deliveries').column('submission_id').execute();
    await db.schema.createIndex('deliveries_invitation_id').on('deliveries').column('invitation_id').execute();

    await db.schema
      .createTable('attempts')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('delivery_id', 'text', (column) => column.notNull().references('deliveries.id'))
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('ok', 'integer', (column) => column.notNull())
      .addColumn('status', 'integer')
      .addColumn('said', 'text', (column) => column.notNull())
      .addColumn('took_ms', 'integer', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('attempts_delivery_id').on('attempts').columns(['delivery_id', 'id']).execute();
  },
};
