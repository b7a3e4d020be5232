/** A database whose encoding has only some letters, or that sorts them by a language. */
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

async function create(name: string, as: string): Promise<string> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  await client.query(`create database ${name} template template0 ${as}`);
  await client.end();
  return server.url(name);
}

const LATIN1 = `encoding 'LATIN1' locale 'C'`;
const inLanguage = (name: string, icu: string) =>
  create(name, `locale 'C.UTF-8' locale_provider icu icu_locale '${icu}'`);

const REASON = 'has the encoding LATIN1, so PostgreSQL refuses answers with letters of other languages or emoji. Use';

it('is refused when it is new', async () => {
  await expect(openDatabase(await create('fresh', LATIN1))).rejects.toThrow(`The database fresh ${REASON}`);
});

it('is used on where it was used before, and the log and the doctor name it', async () => {
  const databaseUrl = await create('older', LATIN1);
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
  const db = await openDatabase(await create('bytes', `encoding 'SQL_ASCII' locale 'C'`));
  const { rows } = await sql<{ text: string }>`select cast(${'李 😀 ₱'} as text) as text`.execute(db.query);
  expect(rows).toEqual([{ text: '李 😀 ₱' }]);
  await closeDatabase(db);
});

it('is refused when it is new and sorts ids or references in another order', async () => {
  for (const [name, icu] of [
    ['danish', 'da-DK'],
    ['norwegian', 'nb-NO'],
    ['lithuanian', 'lt-LT'],
  ] as const)
    // prettier-ignore
    await expect(openDatabase(await inLanguage(name, icu))).rejects.toThrow(`The database ${name} sorts letters by`);
});

it('is used with the collations of most languages', async () => {
  for (const icu of ['en-US', 'en-US-u-ka-shifted', 'es-MX', 'cs-CZ', 'de-DE', 'sv-SE', 'id-ID'])
    await closeDatabase(await openDatabase(await inLanguage(icu.replaceAll('-', '_').toLowerCase(), icu)));
});
