/** Many forms posted by browsers at once, on PostgreSQL. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { startPostgres, createDatabase, type Postgres } from '../helpers/postgres/postgres.ts';
import type { TestSite } from '../helpers/site.ts';
import { eventually, openSmallSite, PLAIN } from '../helpers/api/client.ts';
import { post } from '../helpers/api/limited.ts';

let server: Postgres;
let site: TestSite;
let watch: Database;
beforeAll(async () => {
  server = await startPostgres();
  const url = server.url('posts');
  await createDatabase(url);
  await createDatabase(server.url('watch'));
  site = await openSmallSite({ forms: { plain: PLAIN }, env: { DATABASE_URL: url } });
  watch = await openDatabase(server.url('watch'));
});
afterAll(async () => {
  await site.close();
  await closeDatabase(watch);
  await server.stop();
});

/** Transactions of the site's database so far. */
async function transactions() {
  const { rows } = await sql<{ written: number; rolledBack: number }>`
    select tup_inserted as written, xact_rollback as "rolledBack" from pg_stat_database where datname = 'posts'`.execute(
    watch.query,
  );
  return rows[0] as { written: number; rolledBack: number };
}

it('posts that have nothing to do with each other never make each other begin again', async () => {
  await post(site, '/plain', { full_name: 'First' });
  const before = await transactions();
  const said = await Promise.all(Array.from({ length: 200 }, (_, n) => post(site, '/plain', { full_name: `Ana ${n}` }))); // prettier-ignore
  expect(said.filter(({ status }) => status !== 303)).toEqual([]);
  // Each inserts five rows and more. PostgreSQL tells its counts with a delay.
  const after = await eventually(async () => {
    const now = await transactions();
    return now.written - before.written >= 1_000 && now;
  });
  expect(after.rolledBack - before.rolledBack).toBe(0);
});

it('the same post twice at once is one submission', async () => {
  const said = await Promise.all(Array.from({ length: 8 }, () => post(site, '/plain', { full_name: 'Twice' })));
  expect(new Set(said.map(({ status, headers }) => `${status} ${headers.get('set-cookie')}`)).size).toBe(1);
});
