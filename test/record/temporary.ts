import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { afterwards } from '../helpers/afterwards.ts';
import { postgresFor } from '../helpers/postgres.ts';
import { prepareSqlite } from '../helpers/prepared.ts';
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

/** A database of its own, on SQLite or PostgreSQL, closed and gone after the test. */
export async function temporaryDatabase(path?: string): Promise<Database> {
  return temporarySqlite((!path && (await postgresFor(temporaryFolder()))) || path);
}

/** A database in a file of its own, whatever the tests run on. */
export async function temporarySqlite(path = prepareSqlite(join(temporaryFolder(), 'flipsite.db'))): Promise<Database> {
  const db = await openDatabase(path, [SECRET]);
  afterwards(() => closeDatabase(db));
  await publishDriver(db);
  return db;
}

/** What is sensitive in a submission's answers is told by its version, so there has to be one. */
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
