import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A member can withdraw all links to the preview of a form: each link names the generation in which it was made. */
export const previews: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('preview_generations')
      .addColumn('form', 'text', (column) => column.primaryKey())
      .addColumn('generation', 'integer', (column) => column.notNull())
      .execute();
  },
};
