import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Drafts by the time of their start. Submitted and erased submissions accumulate, and the search for old drafts never
 * reads them.
 */
export const unsent: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index submissions_unsent on submissions (form, created_at)
      where submitted_at is null and erased_at is null`.execute(db);
  },
};
