import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Drafts by their last change: anyone can change old ones again and again, and the search for unchanged ones never reads
 * those. SQLite would look for webhooks without a submission in an index of webhooks by submission, and then sort them all.
 */
export const oldRows: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`drop index submissions_unsent`.execute(db);
    await sql`create index submissions_unsent on submissions (form, coalesce(updated_at, ''))
      where submitted_at is null and erased_at is null`.execute(db);
    await sql`drop index events_webhooks_of`.execute(db);
    await sql`create index events_webhooks_of on events (submission_id)
      where source = 'webhook' and submission_id is not null`.execute(db);
  },
};
