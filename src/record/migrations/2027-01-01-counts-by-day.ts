import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Earlier versions stored the counts of visits by hour. Those of the days before today become one row a day. */
export const countsByDay: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Servers of the earlier version add to the hours of today.
    const today = new Date().toISOString().slice(0, 10);
    const isOld = sql`length(hour) > 10 and hour < ${today}`;
    await sql`insert into openings (form, hour, link, language, device, visitor, count)
      select form, substr(hour, 1, 10), link, language, device, visitor, sum(count) from openings where ${isOld}
      group by form, substr(hour, 1, 10), link, language, device, visitor`.execute(db);
    await sql`delete from openings where ${isOld}`.execute(db);
    await sql`insert into link_clicks (form, link, hour, class, device, host, shard, clicks)
      select form, link, substr(hour, 1, 10), class, device, host, 0, sum(clicks) from link_clicks where ${isOld}
      group by form, link, substr(hour, 1, 10), class, device, host`.execute(db);
    await sql`delete from link_clicks where ${isOld}`.execute(db);
  },
};
