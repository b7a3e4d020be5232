import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Answers that can be sent once per form: a keyed hash of each, with the submission that has it. */
export const limits: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('taken')
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('key_hash', 'text', (column) => column.notNull())
      .addColumn('submission_id', 'text', (column) => column.notNull().references('submissions.id'))
      .addPrimaryKeyConstraint('taken_pk', ['form', 'key_hash'])
      .execute();
    await db.schema.createIndex('taken_submission_id').on('taken').column('submission_id').execute();
  },
};
