import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Due jobs are found beside any number of another kind, and any number that wait for one slow receiver. */
export const waitingLanes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index jobs_due_without_lane on jobs (kind, due_at) where failed_at is null and lane is null`.execute(db); // prettier-ignore
    await sql`create index jobs_due_in_lane on jobs (kind, lane, due_at) where failed_at is null and lane is not null`.execute(db); // prettier-ignore
  },
};
