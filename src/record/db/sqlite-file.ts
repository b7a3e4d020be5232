/** The file of a SQLite database: opens it, and removes deleted content from it. */
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asFault } from './fault.ts';

export const IN_MEMORY = ':memory:';

/**
 * Opens `path` with the promises of the record: committed data survives a power cut (WAL with FULL), and a second
 * process waits up to 5 seconds for its turn. Throws SQLite's own error.
 * @param exclusive keeps the index of the log in memory, and every other connection out: it needs no room on the disk
 */
export function openSqlite(path: string, exclusive = false): DatabaseSync {
  const sqlite = new DatabaseSync(path);
  try {
    sqlite.exec('pragma busy_timeout = 5000');
    if (exclusive) sqlite.exec('pragma locking_mode = exclusive');
    sqlite.exec('pragma journal_mode = wal');
    sqlite.exec('pragma synchronous = full');
    sqlite.exec('pragma foreign_keys = on');
    // Deleted content is overwritten with zeros, on freed pages too.
    sqlite.exec('pragma secure_delete = on');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/**
 * Rewriting a file takes about 12 ms for each MB that it keeps, in which nothing else is answered. One with more waits for
 * `npm run compact`. In bytes.
 */
export const MAX_COMPACTED_BYTES = 64 * 1_048_576;

/**
 * Rewrites the file without its free space. `secure_delete` alone is not enough: SQLite leaves copies of rows behind when
 * it moves them from one page to another. Throws SQLite's own error.
 */
export function compact(sqlite: DatabaseSync): void {
  sqlite.exec('vacuum');
  // The header of the file keeps the time until which deleted content has left it. It fits into 32 bits in minutes.
  sqlite.exec(`pragma user_version = ${Math.floor(Date.now() / 60_000)}`);
}

/**
 * The time at which the file was last rewritten. Undefined if never: then it may have content that older versions
 * deleted.
 */
export function compactedAt(sqlite: DatabaseSync): Date | undefined {
  const minutes = pragma(sqlite, 'user_version');
  return minutes > 0 ? new Date(minutes * 60_000) : undefined;
}

/** Whether it can be rewritten now. A flood may have left a large file, which then gives its free space back. */
export const isSmall = (sqlite: DatabaseSync): boolean => usedBytes(sqlite) <= MAX_COMPACTED_BYTES;

/** The bytes of the file without the pages that deleted content has left. */
export const usedBytes = (sqlite: DatabaseSync): number => fileBytes(sqlite) - bytesOf(sqlite, 'freelist_count');

export const fileBytes = (sqlite: DatabaseSync): number => bytesOf(sqlite, 'page_count');

const bytesOf = (sqlite: DatabaseSync, pages: string): number => pragma(sqlite, pages) * pragma(sqlite, 'page_size');

const pragma = (sqlite: DatabaseSync, name: string): number =>
  Number(Object.values(sqlite.prepare(`pragma ${name}`).get() ?? {})[0]);

/** Empties the write-ahead log, which keeps old pages. False while another process reads them. */
function emptyLog(sqlite: DatabaseSync): boolean {
  return sqlite.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'] === 0;
}

/** Rewrites the file at `path`, of whatever size. False where another process uses it all the time. */
export function compactFile(path: string): boolean {
  const sqlite = openSqlite(path);
  try {
    compact(sqlite);
    return emptyLog(sqlite);
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  } finally {
    sqlite.close();
  }
}

const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean => (((error as { errcode?: number }).errcode ?? 0) & 0xff) === SQLITE_BUSY;

/** Throws an Error while another process has the file open. SQLite leaves WAL mode only if no other connection is open. */
export function refuseWhileOpen(path: string): void {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(path, { timeout: 0 });
    sqlite.exec('pragma journal_mode = delete');
  } catch (error) {
    // A damaged database is not in use, and `npm run restore` replaces it.
    if (!isBusy(error)) return;
    throw new Error(`${resolve(path)} is in use. Stop the site, then run this command again.`, { cause: error });
  } finally {
    sqlite?.close();
  }
}

/** Removes deleted content from the file and the log. False while another process reads them. Throws a StoreFault. */
export function wipe(sqlite: DatabaseSync): boolean {
  try {
    if (!emptyLog(sqlite)) return false;
    if (!isSmall(sqlite)) return true;
    compact(sqlite);
    return emptyLog(sqlite);
  } catch (error) {
    if (isBusy(error)) return false;
    throw asFault(error);
  }
}
