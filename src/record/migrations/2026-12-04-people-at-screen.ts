import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Finds the people who left at one screen. Only people who have not finished are in the index. */
export const peopleAtScreen: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index submission_progress_at on submission_progress (form, at_screen, submission_id)
      where at_screen is not null`.execute(db);
  },
};
