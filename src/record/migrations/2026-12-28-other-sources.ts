import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Marks people with `utm_` values and no link as changed, so that Results count them again, under other sources. */
export const otherSources: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`insert into result_changes (submission_id) select id from submissions
      where link is null and erased_at is null and params like '%"utm@_%' escape '@' order by id`.execute(db);
  },
};
