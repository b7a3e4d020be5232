import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Accounts that only a browser claims to be connected leave the counts. */
export const claimedConnections: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      insert into tallies (form, day, shard, started, connected, submitted, completed, quarantined, deleted)
      select form, '', 0, 0, -count(*), 0, 0, 0, 0 from submissions
      where quarantined = 0 and erased_at is null
        and (answers <> '{}' or smile_user_id is not null or submitted_at is not null)
        and id in (select submission_id from accounts where status = 'CONNECTED' and confirmed = 0)
        and not exists (select 1 from accounts where submission_id = submissions.id
          and ((status = 'CONNECTED' and confirmed = 1) or revoked_at is not null))
      group by form
      on conflict (form, day, shard) do update set connected = tallies.connected + excluded.connected`.execute(db);
  },
};
