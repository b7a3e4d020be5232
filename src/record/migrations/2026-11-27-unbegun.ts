import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Invitations that nobody has begun, by when they expire: those that have been begun pile up. */
export const unbegun: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index invitations_unbegun on invitations (form, expires_at) where submission_id is null`.execute(
      db,
    );
  },
};
