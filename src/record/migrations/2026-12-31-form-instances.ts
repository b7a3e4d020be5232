import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A form that can be deleted has a name that no other form with its link has. No row is rewritten. */
export const formInstances: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('forms')
      .addColumn('instance', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};
