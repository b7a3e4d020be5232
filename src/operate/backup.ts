/** Takes backups while the site runs, and restores them while it is stopped. */
import { closeSync, copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inShell } from './in-shell.ts';
import { giveToOwner } from './ownership.ts';
import { findFreeSpace } from '../record/files/free-space.ts';
import { appliedMigrations } from '../record/db/migration-copy.ts';
import { refuseWhileOpen, usedBytes } from '../record/db/sqlite-file.ts';
import { makeFolders } from '../record/make-folders.ts';
import { migrations } from '../record/migrations/migrations.ts';

const DATABASE = 'flipsite.sqlite';
const FILES = 'files';
const KEY = 'secret.key';
/** A file in `dataDir` with the folder of the backup, while a restore moves files. */
const UNDER_WAY = 'restore-under-way';

export interface DataPlace {
  dataDir: string;
  /** The SQLite file. */
  database: string;
}

/**
 * Copies the database, the files and the generated key into `folder`, which must not exist yet. The database comes
 * first: every file that its copy knows was written before. If root takes it, it belongs to the owner of `dataDir`.
 * @returns the names of the copied files and folders in `folder`
 * @throws {Error} with the problem and the fix
 */
export async function takeBackup({ dataDir, database }: DataPlace, folder: string): Promise<string[]> {
  // Throws where this user may not look into the folder.
  if (!statSync(database, { throwIfNoEntry: false }))
    throw new Error(
      `There is no database at ${resolve(database)}, so there is nothing to back up. Check DATA_DIR and DATABASE_URL.`,
    );
  if (existsSync(folder)) throw new Error(`${folder} already exists. Choose a new folder.`);
  // An incomplete copy has another name, beside the folder also where its name ends with a slash.
  const half = `${resolve(folder)}.part`;
  rmSync(half, { recursive: true, force: true });
  await requireRoom(half, { dataDir, database });
  const made = makeFolders(half, 0o700) ?? half;
  try {
    copyAll({ dataDir, database }, half);
    giveToOwner(made, dataDir);
    renameSync(half, folder);
  } catch (error) {
    // The site needs the space, on a disk that is full now.
    rmSync(half, { recursive: true, force: true });
    throw error;
  }
  return [DATABASE, FILES, KEY].filter((name) => existsSync(join(folder, name)));
}

/** Throws an Error if the copy does not fit. It would take the space in which the site stores answers, and then fail. */
async function requireRoom(half: string, { dataDir, database }: DataPlace): Promise<void> {
  const space = await findFreeSpace(half);
  const files = join(dataDir, FILES);
  const names = existsSync(files) ? readdirSync(files, { recursive: true, encoding: 'utf8' }) : [];
  const sizes = names.map((name) => statSync(join(files, name), { throwIfNoEntry: false })?.size ?? 0);
  const bytes = sizes.reduce((sum, size) => sum + size, reading(database, usedBytes));
  if (!space || space.freeBytes >= bytes) return;
  const inMB = (count: number) => `${Math.ceil(count / 1_048_576)} MB`;
  throw new Error(
    `The disk of ${dirname(half)} has no room for this backup, which may take ${inMB(bytes)}. Delete old backups, or choose a folder on another disk.`,
  );
}

/** Opens the database of a site that may run. */
function reading<Result>(database: string, read: (sqlite: DatabaseSync) => Result): Result {
  const sqlite = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
  try {
    return read(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Copies the parts of a site into `half`, and checks the database. */
function copyAll({ dataDir, database }: DataPlace, half: string): void {
  // A copy page by page would contain deleted data that is not overwritten yet.
  reading(database, (sqlite) => sqlite.prepare('vacuum into ?').run(join(half, DATABASE)));
  if (existsSync(join(dataDir, FILES))) copyWhileUsed(join(dataDir, FILES), join(half, FILES));
  if (existsSync(join(dataDir, KEY))) copyFileSync(join(dataDir, KEY), join(half, KEY));
  checkDatabase(join(half, DATABASE));
}

/** Copies a folder while the site deletes files in it. Skips files that are still being written. */
function copyWhileUsed(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
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
 * Restores a backup, and moves the current data into a folder beside it. Everything that is slow or needs space is
 * copied first, so an error leaves the data unchanged. After an interruption the site does not start until the restore
 * runs again; see `cutOffRestore`. All members are signed out, and no code works. If root restores, the data belongs to
 * the owner of `dataDir`.
 * @returns the folder with the previous data; undefined if there was none
 * @throws {Error} with the problem and the fix
 */
export function restoreBackup({ dataDir, database }: DataPlace, folder: string, now: Date): string | undefined {
  // Throws where this user may not look into the folder: a backup may be there.
  if (!statSync(join(folder, DATABASE), { throwIfNoEntry: false }))
    throw new Error(
      `${folder} is not a backup, because it has no ${DATABASE}. Choose a folder that npm run backup made.`,
    );
  if (existsSync(database) && realpathSync(database) === realpathSync(join(folder, DATABASE)))
    throw new Error(`${folder} is the data of this site, not a backup. Choose a folder that npm run backup made.`);
  for (const name of [DATABASE, FILES, KEY]) refuseLinks(join(folder, name));
  checkDatabase(join(folder, DATABASE));
  refuseNewer(join(folder, DATABASE));
  if (existsSync(database)) refuseWhileOpen(database);
  const files = join(dataDir, FILES);
  const key = join(dataDir, KEY);
  const replaced = [...['', '-wal', '-shm'].map((ending) => database + ending), files, ...(existsSync(join(folder, KEY)) ? [key] : [])]; // prettier-ignore
  for (const path of replaced) refuseMounted(path);
  if (!existsSync(files) && !existsSync(join(folder, FILES)) && cutOffFolder(dataDir) === resolve(folder))
    putBack(files);
  // The copy from before an update has no files. The site needs those that it has, and so does the previous data.
  const stay = !existsSync(join(folder, FILES)) && countFiles(folder, files).total > 0;
  const pairs: [from: string, to: string][] = [[join(folder, DATABASE), database], [stay ? files : join(folder, FILES), files], [join(folder, KEY), key]]; // prettier-ignore
  const restored = pairs.filter(([from]) => existsSync(from));
  for (const path of [dirname(resolve(database)), dataDir]) makeFolders(path, 0o700);
  try {
    for (const [from, to] of restored) {
      rmSync(ready(to), { recursive: true, force: true });
      cpSync(from, ready(to), { recursive: true });
      if (to === database) endSessionsAndCodes(ready(to));
      giveToOwner(ready(to), dataDir);
    }
  } catch (error) {
    for (const [, to] of restored) rmSync(ready(to), { recursive: true, force: true });
    throw error;
  }
  // Copying may have taken an hour.
  if (existsSync(database)) refuseWhileOpen(database);
  const stamp = `before-${now.toISOString().replace(/[:.]/g, '-')}`;
  const there = replaced.filter((path) => existsSync(path));
  writeFileSync(join(dataDir, UNDER_WAY), `${resolve(folder)}\n`);
  for (const path of there) {
    // Beside the data: a rename to another disk is not possible.
    const aside = join(dirname(path), stamp);
    makeFolders(aside, 0o700);
    giveToOwner(aside, dataDir);
    renameSync(path, join(aside, basename(path)));
  }
  for (const [, to] of restored) renameSync(ready(to), to);
  rmSync(join(dataDir, UNDER_WAY));
  return there[0] === undefined ? undefined : join(dirname(resolve(there[0])), stamp);
}

/**
 * How many uploaded files the database of the backup in `folder` has, and how many of them are not in the folder `files`.
 * @param live the database of the site after a backup. A file that was removed meanwhile is not missing
 */
export function countFiles(folder: string, files: string, live?: string): { total: number; missing: number } {
  const sqlite = new DatabaseSync(join(folder, DATABASE), { readOnly: true });
  const site = live === undefined ? undefined : new DatabaseSync(live, { readOnly: true, timeout: 5_000 });
  try {
    const find = site?.prepare('select 1 from files where id = ? and removed_at is null');
    let [total, missing] = [0, 0];
    // One at a time: a site can have millions.
    for (const row of sqlite.prepare('select id from files where removed_at is null').iterate()) {
      const id = String(row['id']);
      total++;
      const isThere = existsSync(join(files, id.slice(-2), id));
      if (!isThere && (!find || find.get(id))) missing++;
    }
    return { total, missing };
  } catch {
    // A very old version had no table of files.
    return { total: 0, missing: 0 };
  } finally {
    sqlite.close();
    site?.close();
  }
}

/** The site would not start with the database of a newer Flipsite. */
function refuseNewer(path: string): void {
  const sqlite = new DatabaseSync(path, { readOnly: true });
  try {
    if (appliedMigrations(sqlite).every((name) => name in migrations)) return;
    throw new Error(`A newer Flipsite wrote ${path}. Update Flipsite, then restore the backup. Nothing was changed.`);
  } finally {
    sqlite.close();
  }
}

/** After the backup, members may have signed out, and codes may have been used or withdrawn. They must not work again. */
export const EMPTIED_TABLES: readonly string[] = ['sessions', 'member_codes'];

function endSessionsAndCodes(path: string): void {
  const sqlite = new DatabaseSync(path);
  try {
    const isThere = sqlite.prepare(`select 1 from sqlite_master where name = ?`);
    // A very old version had none of these tables.
    for (const table of EMPTIED_TABLES) if (isThere.get(table)) sqlite.exec(`delete from ${table}`);
  } finally {
    sqlite.close();
  }
}

/** A disk of its own cannot be moved aside, which would end the restore half way. */
function refuseMounted(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false }) || !isMounted(path)) return;
  throw new Error(
    `${path} is a disk of its own, so the restore cannot move it aside. Unmount it, run this command again, and copy the restored files to that disk. Nothing was changed.`,
  );
}

/** A folder or a file of the same disk can be mounted too, as for a container. Then only the list of Linux tells it. */
function isMounted(path: string): boolean {
  const folder = realpathSync(dirname(resolve(path)));
  if (lstatSync(path).dev !== statSync(folder).dev) return true;
  const list = '/proc/self/mountinfo';
  const place = join(folder, basename(path)).replaceAll(' ', String.raw`\040`);
  return existsSync(list) && readFileSync(list, 'utf8').split('\n').some((line) => line.split(' ')[4] === place); // prettier-ignore
}

/** A link in a backup would lead the running site out of its data. */
function refuseLinks(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) for (const name of readdirSync(file)) refuseLinks(join(file, name));
  else if (found && !found.isFile()) throw new Error(`${file} is a link or a special file. A backup has only files and folders.`); // prettier-ignore
}

/** The path of a copy, beside its final place. */
const ready = (path: string): string => `${path}.restored`;

/** Moves a copy to its final place. A restore that was interrupted had moved the original aside, once all copies were complete. */
function putBack(path: string): void {
  if (existsSync(ready(path))) renameSync(ready(path), path);
}

/**
 * The way out after an interrupted restore into `dataDir`, as a sentence. Undefined if there was none. A site that
 * starts then would find only a part of its data.
 */
export function cutOffRestore(dataDir: string): string | undefined {
  const folder = cutOffFolder(dataDir);
  if (folder === undefined) return undefined;
  return `A restore was interrupted. Run it again: npm run restore -- ${inShell(folder)}. The previous data is in a folder before-… in ${resolve(dataDir)}, and beside the database if that is elsewhere.`;
}

/** The folder of the backup whose restore into `dataDir` was interrupted. */
function cutOffFolder(dataDir: string): string | undefined {
  const path = join(dataDir, UNDER_WAY);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** Throws an Error that names the damage, or the one of the file system if this user may not read the file. */
export function checkDatabase(path: string): void {
  // SQLite only says that it cannot open the file.
  closeSync(openSync(path, 'r'));
  const sqlite = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const found = sqlite
      .prepare('pragma integrity_check(3)')
      .all()
      .flatMap((row) => Object.values(row));
    if (found.join() !== 'ok') throw new Error(`${resolve(path)} is damaged: ${found.join('; ')}`);
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    // BUSY, READONLY and CANTOPEN say nothing about the content.
    throw errcode === undefined || [5, 8, 14].includes(errcode & 0xff)
      ? error
      : new Error(`${resolve(path)} is damaged: ${(error as Error).message}`, { cause: error });
  } finally {
    sqlite.close();
  }
}
