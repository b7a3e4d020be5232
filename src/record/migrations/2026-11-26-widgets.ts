import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A Wink screen may have several widgets; each account was linked in one of them. */
export const widgets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [table, column] of [
      ['submissions', 'wink_widget'],
      ['accounts', 'widget'],
    ] as const)
      await db.schema
        .alterTable(table)
        .addColumn(column, 'integer', (made) => made.notNull().defaultTo(0))
        .execute();
  },
};
