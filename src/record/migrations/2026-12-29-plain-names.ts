import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** “Kept” meant two things: the numbers of deleted people, and emails that wait until a mail server is set. */
export const plainNames: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('result_cohorts').renameColumn('kept', 'of_deleted').execute();
    await sql`update deliveries set status = 'held' where status = 'kept'`.execute(db);
  },
};
