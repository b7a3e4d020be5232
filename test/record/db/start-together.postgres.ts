/** A server that starts while another one changes the tables waits for it, however long that takes, and opens. */
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { emptyPostgresFor } from '../../helpers/postgres/postgres.ts';
import { temporaryFolder } from '../../helpers/database.ts';

let url: string;
let other: Client;
beforeAll(async () => {
  url = (await emptyPostgresFor(`${temporaryFolder()}/flipsite.db`))!;
  await closeDatabase(await openDatabase(url));
  other = new Client(url);
  await other.connect();
});
afterAll(() => other.end());

it('opens while another server renames tables', async () => {
  await other.query('create table passing (id serial)');
  let open = true;
  const renamed = (async () => {
    while (open) {
      await other.query('alter table passing rename to passed');
      await other.query('alter table passed rename to passing');
      // A server that migrates renames a table now and then, and not without end.
      await setTimeout(20);
    }
  })();
  for (let starts = 0; starts < 10; starts++) await closeDatabase(await openDatabase(url));
  open = false;
  await renamed;
});

it('waits for a migration that takes longer than a lock may take otherwise', async () => {
  await other.query('begin');
  await other.query('select id from kysely_migration_lock for update');
  let opened = false;
  const opening = openDatabase(url).then(async (db) => {
    opened = true;
    await closeDatabase(db);
  });
  // PostgreSQL ends a statement that waits longer than `lock_timeout`, which is 10 s for the site's own statements.
  await Promise.race([opening, setTimeout(11_000)]);
  expect(opened).toBe(false);
  await other.query('commit');
  await opening;
});
