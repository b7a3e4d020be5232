import { setImmediate as otherWork } from 'node:timers/promises';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Earlier versions stored the counts of visits by hour. Those of the days before today become one row a day. */
export const countsByDay: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Servers of the earlier version add to the hours of today.
    const today = new Date().toISOString().slice(0, 10);
    const isOld = sql`length(hour) > 10 and hour < ${today}`;
    for await (const form of valuesOf(db, 'openings', 'form')) {
      for await (const hour of valuesOf(db, 'openings', 'hour', sql`form = ${form} and ${isOld}`)) {
        const day = hour.slice(0, 10);
        const isOfDay = sql`form = ${form} and hour > ${day} and hour < ${`${day}z`}`;
        await sql`insert into openings (form, hour, link, language, device, visitor, count)
          select form, substr(hour, 1, 10), link, language, device, visitor, sum(count) from openings where ${isOfDay}
          group by form, substr(hour, 1, 10), link, language, device, visitor`.execute(db);
        await sql`delete from openings where ${isOfDay}`.execute(db);
      }
    }
    for await (const form of valuesOf(db, 'link_clicks', 'form')) {
      for await (const link of valuesOf(db, 'link_clicks', 'link', sql`form = ${form}`)) {
        const isOfLink = sql`form = ${form} and link = ${link} and ${isOld}`;
        await sql`insert into link_clicks (form, link, hour, class, device, host, shard, clicks)
          select form, link, substr(hour, 1, 10), class, device, host, 0, sum(clicks) from link_clicks where ${isOfLink}
          group by form, link, substr(hour, 1, 10), class, device, host`.execute(db);
        await sql`delete from link_clicks where ${isOfLink}`.execute(db);
      }
    }
  },
};

/** After so long, others are answered. Visitors who wait must not make an update of few rows take long. In milliseconds. */
const AT_ONCE_MS = 250;

/**
 * The values of a column, each found with the index. Between two of them, the site answers that it is starting: robots may
 * have left millions of rows, and on SQLite nothing is answered during a statement.
 */
async function* valuesOf(
  db: Kysely<unknown>,
  table: string,
  column: string,
  of: RawBuilder<unknown> = sql`1 = 1`,
): AsyncGenerator<string> {
  const name = sql.ref(column);
  let began = performance.now();
  for (let last = ''; ;) {
    const next = sql<{ value: string | null }>`select min(${name}) as value from ${sql.table(table)} where ${of} and ${name} > ${last}`; // prettier-ignore
    const value = (await next.execute(db)).rows[0]?.value;
    if (value === undefined || value === null) return;
    yield value;
    last = value;
    if (performance.now() - began < AT_ONCE_MS) continue;
    await otherWork();
    began = performance.now();
  }
}
