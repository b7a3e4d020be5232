import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The people of a link are counted without spam, from the index alone. */
export const linkPeople: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`drop index submissions_link`.execute(db);
    await sql`create index submissions_link on submissions (link, form, quarantined) where link is not null`.execute(
      db,
    );
  },
};
