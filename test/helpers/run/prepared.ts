/** A SQLite file with all tables and no rows, which tests begin with: making the tables takes ten times as long as opening it. */
import { constants, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';

/** Names the file. */
const PREPARED = 'FLIPSITE_TEST_PREPARED';

/** Makes the file in `folder`, once for all tests of a run. */
export async function makePrepared(folder: string): Promise<void> {
  const file = path.join(folder, 'prepared.sqlite');
  if (!existsSync(file)) await closeDatabase(await openDatabase(file));
  process.env[PREPARED] = file;
}

/** Puts a copy at `file`, unless something is there. @returns `file` */
export function prepareSqlite(file: string): string {
  const prepared = process.env[PREPARED];
  if (!prepared || existsSync(file)) return file;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  copyFileSync(prepared, file, constants.COPYFILE_EXCL);
  return file;
}
