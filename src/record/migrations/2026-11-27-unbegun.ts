import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Invitations that are not started, by the time at which they expire. Started ones accumulate, and are left out. */
export const unbegun: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index invitations_unbegun on invitations (form, expires_at) where submission_id is null`.execute(
      db,
    );
  },
};
