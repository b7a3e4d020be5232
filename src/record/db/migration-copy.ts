/** Copies a SQLite database before its tables are updated. The copy is a folder that `npm run restore` accepts. */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';
import { findFreeSpace } from '../files/free-space.ts';

const PREFIX = 'before-update-';

/** A copy has data of people that is deleted from the site later. So it does not stay for long. */
export const COPY_DAYS = 14;

/** The message says what to do. */
export class NoRoomForCopy extends Error {}

/**
 * Copies the database at `place` if one of `migrations` is still to run, and removes earlier copies. Other code can run
 * meanwhile. A new database, and one of a newer Flipsite, is not copied.
 * @returns the folder of the copy, named by the last migration that the database has
 * @throws {NoRoomForCopy} if the disk has too little space
 */
export async function copyBeforeMigration(
  sqlite: DatabaseSync,
  place: string,
  migrations: readonly string[],
): Promise<string | undefined> {
  const applied = appliedMigrations(sqlite);
  const last = applied.toSorted().at(-1);
  const isNewer = applied.some((name) => !migrations.includes(name));
  if (last === undefined || isNewer || migrations.every((name) => applied.includes(name))) return undefined;
  const within = dirname(place);
  const folder = join(within, PREFIX + last);
  const half = `${folder}.part`;
  // Of a start that ended meanwhile. It may have all the room that is left.
  rmSync(half, { recursive: true, force: true });
  // The copy, and the log of an update that changes most rows.
  const needed = statSync(place).size * 2;
  const free = await findFreeSpace(within);
  if (free && free.freeBytes < needed)
    throw new NoRoomForCopy(
      `The disk has no room to copy the database and to update it. Free ${Math.ceil(needed / 1_048_576)} MB in ${within}, then start again.`,
    );
  mkdirSync(half, { mode: 0o700 });
  await backup(sqlite, join(half, 'flipsite.sqlite'));
  for (const earlier of copiesIn(within)) if (earlier !== half) rmSync(earlier, { recursive: true, force: true });
  renameSync(half, folder);
  return folder;
}

/** Removes copies that are older than `COPY_DAYS`, beside the database at `place`. */
export function removeOldCopies(place: string, now: Date): void {
  for (const folder of copiesIn(dirname(place)))
    if (now.getTime() - statSync(folder).mtimeMs > COPY_DAYS * 86_400_000)
      rmSync(folder, { recursive: true, force: true });
}

const copiesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(PREFIX))
    .map(({ name }) => join(folder, name));

/** The names of the updates that the tables of a database have. */
export function appliedMigrations(sqlite: DatabaseSync): string[] {
  const table = sqlite.prepare("select 1 from sqlite_master where type = 'table' and name = 'kysely_migration'").get();
  if (!table) return [];
  return sqlite
    .prepare('select name from kysely_migration')
    .all()
    .map(({ name }) => String(name));
}
