/** Backups of what is stored: taken while the site runs, put back while it does not. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const DATABASE = 'flipsite.sqlite';
const FILES = 'files';
const KEY = 'secret.key';
/** Stands in `dataDir`, and names the backup, while a restore moves things. */
const UNDER_WAY = 'restore-under-way';

export interface DataPlace {
  dataDir: string;
  /** The SQLite file. */
  database: string;
}

/**
 * Copies the database, the files and the generated key into `folder`, which must not exist yet. The database comes first:
 * every file that its copy knows was written before. Throws an Error that says what to do.
 * @returns what is in it, by the names in `folder`
 */
export async function takeBackup({ dataDir, database }: DataPlace, folder: string): Promise<string[]> {
  if (!existsSync(database))
    throw new Error(
      `There is no database at ${resolve(database)}, so there is nothing to back up. Check DATA_DIR and DATABASE_URL.`,
    );
  if (existsSync(folder)) throw new Error(`${folder} already exists. Choose a new folder.`);
  // What is half done is called so, until it is whole.
  const half = `${folder}.part`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true, mode: 0o700 });
  const sqlite = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
  try {
    // Page by page it would copy what was deleted from the file and not overwritten yet.
    sqlite.prepare('vacuum into ?').run(join(half, DATABASE));
  } finally {
    sqlite.close();
  }
  if (existsSync(join(dataDir, FILES))) copyWhileUsed(join(dataDir, FILES), join(half, FILES));
  if (existsSync(join(dataDir, KEY))) copyFileSync(join(dataDir, KEY), join(half, KEY));
  checkDatabase(join(half, DATABASE));
  renameSync(half, folder);
  return [DATABASE, FILES, KEY].filter((name) => existsSync(join(folder, name)));
}

/** Copies a folder from which files may go meanwhile: what is taken back, and the names of what is still being written. */
function copyWhileUsed(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name.endsWith('.part')) continue;
    const [here, there] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyWhileUsed(here, there);
    else if (entry.isFile()) copyUnlessGone(here, there);
  }
}

function copyUnlessGone(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (error) {
    if (existsSync(from) || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/**
 * Puts a backup in the place of what is stored, which is moved aside, into a folder beside it. Throws an Error that says
 * what to do, and then nothing has changed: all that takes long, and can fail for want of room, is copied first. One that is
 * cut off while things change places keeps the site from starting, until it is done again; see `cutOffRestore`.
 * @returns where what was there before is now; nothing when there was nothing
 */
export function restoreBackup({ dataDir, database }: DataPlace, folder: string, now: Date): string | undefined {
  if (!existsSync(join(folder, DATABASE)))
    throw new Error(
      `${folder} is not a backup, because it has no ${DATABASE}. Choose a folder that npm run backup made.`,
    );
  checkDatabase(join(folder, DATABASE));
  if (existsSync(database)) refuseWhileOpen(database);
  const files = join(dataDir, FILES);
  const key = join(dataDir, KEY);
  const pairs: [from: string, to: string][] = [[DATABASE, database], [FILES, files], [KEY, key]]; // prettier-ignore
  const restored = pairs.filter(([from]) => existsSync(join(folder, from)));
  for (const path of [dirname(resolve(database)), dataDir]) mkdirSync(path, { recursive: true, mode: 0o700 });
  try {
    for (const [from, to] of restored) {
      rmSync(ready(to), { recursive: true, force: true });
      cpSync(join(folder, from), ready(to), { recursive: true });
    }
  } catch (error) {
    for (const [, to] of restored) rmSync(ready(to), { recursive: true, force: true });
    throw error;
  }
  // Copying may have taken an hour.
  if (existsSync(database)) refuseWhileOpen(database);
  const stamp = `before-${now.toISOString().replace(/[:.]/g, '-')}`;
  const replaced = [...['', '-wal', '-shm'].map((ending) => database + ending), files, ...(existsSync(join(folder, KEY)) ? [key] : [])]; // prettier-ignore
  const there = replaced.filter((path) => existsSync(path));
  writeFileSync(join(dataDir, UNDER_WAY), `${resolve(folder)}\n`);
  for (const path of there) {
    // Beside what it was, since a folder elsewhere may be on another disk, to which nothing can be moved in one step.
    const aside = join(dirname(path), stamp);
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    renameSync(path, join(aside, basename(path)));
  }
  for (const [, to] of restored) renameSync(ready(to), to);
  rmSync(join(dataDir, UNDER_WAY));
  return there[0] === undefined ? undefined : join(dirname(resolve(there[0])), stamp);
}

/** Where a backup is copied to, beside the place that it takes. */
const ready = (path: string): string => `${path}.restored`;

/**
 * What to do where a restore into `dataDir` was cut off while things changed places, as a sentence; undefined where none
 * was. A site that starts then could find some of them only, or begin anew with nothing.
 */
export function cutOffRestore(dataDir: string): string | undefined {
  const path = join(dataDir, UNDER_WAY);
  if (!existsSync(path)) return undefined;
  const folder = readFileSync(path, 'utf8').trim();
  return `A restore was interrupted. Run it again: npm run restore -- ${folder}. The previous data is in a folder before-… in ${resolve(dataDir)}.`; // prettier-ignore
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
    throw new Error(`${resolve(path)} is in use. Stop the site, then restore the backup.`, { cause: error });
  } finally {
    sqlite?.close();
  }
}
