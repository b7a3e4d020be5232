/** The record's database: opened, migrated, closed. */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/migrations.ts';
import { sealKeys, type SealKeys } from './seal.ts';
import { openSqlite, sqliteDialect } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** `keys` seal what is sensitive, on its way in, and open it on its way out. */
export type Database = Kysely<Tables> & { readonly keys: SealKeys };

/**
 * Opens the database at `url` (`sqlite:PATH`, a path, or `:memory:`), creating the file and its folder, and brings its
 * tables up to date. Throws an Error whose message says what went wrong, where, and what to do.
 * @param secrets `SECRET_KEY`, then those used before it; without any, what is sensitive can be neither written nor read
 */
export async function openDatabase(url: string, secrets: readonly Buffer[] = []): Promise<Database> {
  if (/^\w+:\/\//.test(url)) {
    // The address may hold a password, so only its scheme is repeated.
    throw new Error(
      `DATABASE_URL begins with ${url.split('//')[0]}//, which is not supported. Write sqlite:data/flipsite.sqlite`,
    );
  }
  const path = url.replace(/^sqlite:/, '');
  const place = path === ':memory:' ? path : resolve(path);
  let sqlite: DatabaseSync;
  try {
    // Only its owner may look into a folder that holds people's answers.
    if (place !== ':memory:') mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    sqlite = openSqlite(place);
  } catch (error) {
    throw explained(error, place);
  }
  const db = withKeys(new Kysely<Tables>({ dialect: sqliteDialect(sqlite) }), sealKeys(secrets));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  if (!error) return db;
  await closeDatabase(db);
  throw explained(error, place);
}

/** Closes the database once the calls under way have finished; later ones fail. */
export async function closeDatabase(db: Database): Promise<void> {
  await db.connection().execute(() => db.destroy());
}

/**
 * Runs `run` in one transaction: all that it writes through `trx` is stored when it returns, nothing when it throws.
 * Inside a transaction it joins that one, so a caller that catches an error of a part must let the whole fail.
 * Transactions run one after another; using `db` instead of `trx` within `run` would wait for ever.
 */
export async function inTransaction<R>(db: Database, run: (trx: Database) => Promise<R>): Promise<R> {
  return db.isTransaction ? run(db) : db.transaction().execute((trx) => run(withKeys(trx, db.keys)));
}

const withKeys = (db: Kysely<Tables>, keys: SealKeys): Database => Object.assign(db, { keys });

function explained(cause: unknown, place: string): Error {
  const { errcode, message } = cause as { errcode?: number; message?: string };
  // The low byte is SQLite's primary result code (SQLite, Result and Error Codes).
  const code = errcode === undefined ? undefined : errcode & 0xff;
  if (code === 26) {
    return new Error(`${place} is not a SQLite database. Move the file away, or point DATABASE_URL at another one.`, {
      cause,
    });
  }
  if (code === 8) {
    return new Error(`The database ${place} cannot be written. Give this process the right to write the file and its folder.`, { cause }); // prettier-ignore
  }
  if (code === 5) {
    return new Error(`The database ${place} is kept locked by another process. Stop that process, then start again.`, {
      cause,
    });
  }
  if (message?.startsWith('corrupted migrations')) {
    return new Error(`The database ${place} was written by a newer Flipsite. Update Flipsite, or point DATABASE_URL at another file.`, { cause }); // prettier-ignore
  }
  return new Error(
    `The database ${place} cannot be opened: ${message}. Check that its folder exists and can be written, or set DATABASE_URL.`,
    { cause },
  );
}
