/** Backups of what is stored: taken while the site runs, put back while it does not. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

const DATABASE = 'flipsite.sqlite';
const FILES = 'files';
const KEY = 'secret.key';

export interface Place {
  dataDir: string;
  /** The SQLite file. */
  database: string;
}

/**
 * Copies the database, the files and the generated key into `folder`, which must not exist yet. The database comes first:
 * every file that its copy knows was written before. Throws an Error that says what to do.
 */
export async function takeBackup({ dataDir, database }: Place, folder: string): Promise<void> {
  if (!existsSync(database))
    throw new Error(`There is no database at ${resolve(database)}, so there is nothing to back up.`);
  if (existsSync(folder))
    throw new Error(`${folder} exists already. Name a folder that does not: a backup replaces nothing.`);
  // What is half done is called so, until it is whole.
  const half = `${folder}.part`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true, mode: 0o700 });
  const sqlite = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
  try {
    await backup(sqlite, join(half, DATABASE));
  } finally {
    sqlite.close();
  }
  for (const name of [FILES, KEY]) {
    if (existsSync(join(dataDir, name))) cpSync(join(dataDir, name), join(half, name), { recursive: true });
  }
  checkDatabase(join(half, DATABASE));
  renameSync(half, folder);
}

/**
 * Puts a backup in the place of what is stored, which is moved aside. Throws an Error that says what to do, and then nothing
 * has changed.
 * @returns where what was there before is now; nothing when there was nothing
 */
export function restoreBackup({ dataDir, database }: Place, folder: string, now: Date): string | undefined {
  if (!existsSync(join(folder, DATABASE))) throw new Error(`${folder} is no backup: there is no ${DATABASE} in it.`);
  checkDatabase(join(folder, DATABASE));
  if (existsSync(database)) refuseWhileOpen(database);
  const aside = join(
    dirname(resolve(dataDir)),
    `${basename(resolve(dataDir))}.before-${now.toISOString().replace(/[:.]/g, '-')}`,
  );
  const moved: [from: string, to: string][] = [];
  const move = (from: string, to: string) => {
    if (!existsSync(from)) return;
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
    moved.push([from, to]);
  };
  for (const ending of ['', '-wal', '-shm']) move(database + ending, join(aside, basename(database) + ending));
  move(join(dataDir, FILES), join(aside, FILES));
  if (existsSync(join(folder, KEY))) move(join(dataDir, KEY), join(aside, KEY));
  mkdirSync(dirname(resolve(database)), { recursive: true, mode: 0o700 });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  cpSync(join(folder, DATABASE), database);
  for (const name of readdirSync(folder).filter((one) => one === FILES || one === KEY)) {
    cpSync(join(folder, name), join(dataDir, name), { recursive: true });
  }
  return moved.length ? aside : undefined;
}

/** Throws an Error that says what is damaged. */
export function checkDatabase(path: string): void {
  const sqlite = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const found = sqlite
      .prepare('pragma integrity_check(3)')
      .all()
      .flatMap((row) => Object.values(row));
    if (found.join() !== 'ok') throw new Error(`${resolve(path)} is damaged: ${found.join('; ')}`);
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    throw errcode === undefined
      ? error
      : new Error(`${resolve(path)} is damaged: ${(error as Error).message}`, { cause: error });
  } finally {
    sqlite.close();
  }
}

/** SQLite leaves the log mode only for who has the file alone. */
function refuseWhileOpen(path: string): void {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(path, { timeout: 0 });
    sqlite.exec('pragma journal_mode = delete');
  } catch (error) {
    // What is damaged is what a restore is for.
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== 5) return;
    throw new Error(`${resolve(path)} is in use. Stop the site, then restore.`, { cause: error });
  } finally {
    sqlite?.close();
  }
}
