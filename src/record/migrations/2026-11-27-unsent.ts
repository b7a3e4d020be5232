import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Drafts by when they were begun: what has been sent or erased piles up, and the search for old drafts never reads it. */
export const unsent: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index submissions_unsent on submissions (form, created_at)
      where submitted_at is null and erased_at is null`.execute(db);
  },
};
