/** Removes the copy of the database from before an update, when it is old. */
import type { Logger } from 'pino';
import type { Database } from '../record/db/database.ts';
import { removeOldCopies } from '../record/db/migration-copy.ts';

const EVERY_MS = 3_600_000;

/** Looks once an hour, and at once. Only SQLite has copies. @param path the file of the database */
export function keepCopiesShort(db: Database, path: string, log: Logger): { close(): void } {
  if (db.engine.kind !== 'sqlite') return { close() {} };
  const look = () => {
    try {
      removeOldCopies(path.replace(/^sqlite:/, ''), new Date());
    } catch (error) {
      log.warn({ err: error }, 'Could not remove the copy of the database from before an update');
    }
  };
  look();
  const timer = setInterval(look, EVERY_MS).unref();
  return { close: () => clearInterval(timer) };
}
