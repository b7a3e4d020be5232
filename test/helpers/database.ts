/** Databases and drafts for tests, which are gone after each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { afterwards } from './run/afterwards.ts';
import { postgresFor } from './postgres/postgres.ts';
import { prepareSqlite } from './run/prepared.ts';
import { createSubmission, type NewSubmission, type Submission } from '../../src/record/submissions/submissions.ts';

export { afterwards };

export const NOW = new Date('2026-11-24T10:00:00.000Z');

/** What `SECRET_KEY` is in these tests. */
export const SECRET = Buffer.alloc(32, 7);

/** A moment some seconds after NOW. */
export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flipsite-record-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A database of its own, on SQLite or PostgreSQL, closed after the test. */
export async function temporaryDatabase(path?: string): Promise<Database> {
  const url = path ? undefined : (used.pop() ?? (await postgresFor(temporaryFolder())));
  if (url === undefined) return temporarySqlite(path);
  const db = await open(url);
  const tables = await emptyPostgres(db);
  tablesOfNew ??= tables;
  // A test before has dropped, renamed or changed a table of it.
  if (tables !== tablesOfNew) return temporaryDatabase();
  afterwards(() => used.push(url));
  await publishDriver(db);
  return db;
}

/** A database in a file of its own, whatever the tests run on. It is gone after the test. */
export async function temporarySqlite(path = prepareSqlite(join(temporaryFolder(), 'flipsite.db'))): Promise<Database> {
  const db = await open(path);
  await publishDriver(db);
  return db;
}

async function open(url: string): Promise<Database> {
  const db = await openDatabase(url, [SECRET]);
  afterwards(() => closeDatabase(db));
  return db;
}

/** Databases of PostgreSQL whose tests are over. Making another one takes several times as long as emptying one. */
const used: string[] = [];

/** The tables of a database that no test has used yet. */
let tablesOfNew: string | undefined;

/**
 * Makes all tables as they were: without rows, and without the space of deleted ones.
 * @returns the names of the tables, with their numbers of columns
 */
async function emptyPostgres(db: Database): Promise<string> {
  const { rows } = await sql<{ tables: string; filled: string | null }>`
    select string_agg(relname || ' ' || relnatts, ', ' order by relname) as tables,
      string_agg(quote_ident(relname), ', ') filter (where relname not like 'kysely_%' and pg_relation_size(oid) > 0) as filled
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(db.query);
  const [{ tables, filled } = { tables: '', filled: null }] = rows;
  if (filled !== null) await sql`truncate ${sql.raw(filled)} restart identity cascade`.execute(db.query);
  return tables;
}

/** The version says which answers of a submission are sensitive, so there has to be one. */
async function publishDriver(db: Database): Promise<void> {
  const version = { form: 'driver', version: 'v1', definition: '{"screens":[]}', created_at: NOW.toISOString() };
  await db.query
    .insertInto('versions')
    .values(version)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export function draft(db: Database, given: Partial<NewSubmission> = {}): Promise<Submission> {
  return createSubmission(db, { form: 'driver', version: 'v1', language: 'en', params: {}, now: NOW, ...given });
}
