import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A code ends with the member who made it. Codes of the command and earlier ones have no maker. */
export const codeMakers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('member_codes').addColumn('made_by', 'text').execute();
  },
};
