import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The completed submissions of a link, which its `max` bounds, are counted from an index alone. */
export const linkPeople: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index submissions_link_completed on submissions (link, form) where link is not null
      and submitted_at is not null and quarantined = 0 and erased_at is null and outcome = 'completed'`.execute(db);
  },
};
