/** A database whose encoding has only some letters. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkSetup } from '../../../src/operate/doctor.ts';
import { createLog } from '../../../src/operate/log.ts';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { openStore } from '../../../src/site/open-store.ts';
import { startPostgres, type Postgres } from '../../helpers/postgres/postgres.ts';
import { temporaryFolder } from '../../helpers/database.ts';
import { checked } from '../../operate/checked-setup.ts';

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

async function create(name: string, encoding: string): Promise<string> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  await client.query(`create database ${name} encoding '${encoding}' locale 'C' template template0`);
  await client.end();
  return server.url(name);
}

const REASON = 'has the encoding LATIN1, so PostgreSQL refuses answers with letters of other languages or emoji. Use';

it('is refused when it is new', async () => {
  await expect(openDatabase(await create('fresh', 'LATIN1'))).rejects.toThrow(`The database fresh ${REASON}`);
});

it('is used on where it was used before, and the log and the doctor name it', async () => {
  const databaseUrl = await create('older', 'LATIN1');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  // As the first step of a start makes it.
  await client.query('create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)');
  await client.end();
  let logged = '';
  const log = createLog('warn', { write: (line: string) => void (logged += line) });
  const dataDir = temporaryFolder();
  const places = { databaseUrl, dataDir, outgoing: false };
  const { db } = await openStore(places, [randomBytes(32)], {
    log,
    now: () => new Date(),
    onProgress: () => undefined,
  });
  await closeDatabase(db);
  expect(logged).toContain(REASON);
  const findings = await checkSetup({ ...checked, postgres: true, outgoing: false, dataDir, databaseUrl });
  expect(findings.filter(({ level }) => level === 'error').map(({ message }) => message)).toContainEqual(expect.stringContaining(REASON)); // prettier-ignore
});

it('stores every letter where it keeps the bytes as they come', async () => {
  const db = await openDatabase(await create('bytes', 'SQL_ASCII'));
  const { rows } = await sql<{ text: string }>`select cast(${'李 😀 ₱'} as text) as text`.execute(db.query);
  expect(rows).toEqual([{ text: '李 😀 ₱' }]);
  await closeDatabase(db);
});
