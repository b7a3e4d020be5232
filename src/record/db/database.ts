/** Opens, migrates and closes the database. */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as otherWork } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Engine, DatabaseSession, TransactionOptions } from './engine.ts';
import { damagedInWords, NOT_PRIMARY } from './fault.ts';
import { migrations } from '../migrations/migrations.ts';
import { copyBeforeMigration, NoRoomForCopy } from './migration-copy.ts';
import { postgresEngine } from './postgres.ts';
import { findTimeouts, openPool, silenceOf, whileUpdating } from './postgres-pool.ts';
import { explainTexts } from './postgres-texts.ts';
import { sealKeys, type SealKeys } from '../crypto/seal.ts';
import { plainKysely, sqliteEngine } from './sqlite.ts';
import { compact, compactedAt, IN_MEMORY, isSmall, openSqlite } from './sqlite-file.ts';
import type { Tables } from './tables.ts';
import { makeFolders } from '../make-folders.ts';

/** The record's database, or one transaction of it. */
export interface Database {
  /** Builds and runs queries. */
  readonly query: Kysely<Tables>;
  /** Seal sensitive values before they are stored, and open them afterwards. */
  readonly keys: SealKeys;
  readonly engine: Engine;
  /** Runs a query that is compiled already. */
  readonly execute: DatabaseSession['execute'];
  readonly pipeline: DatabaseSession['pipeline'];
  /** See `DatabaseSession`. */
  readonly shard: number;
  readonly isTransaction: boolean;
  /**
   * Runs `run` in one transaction. All writes through `trx` are stored when it returns, and none when it throws.
   * Transactions are serializable, unless `options` says that this one locks the row it decides by.
   * Retried on conflict: side effects in `run` must be idempotent.
   * Inside a transaction, it joins that one. A caller there that catches an error of `run` must still let its transaction fail.
   * `run` must use `trx` only. Another query would wait for this transaction forever.
   */
  transaction<R>(run: (trx: Database) => Promise<R>, options?: TransactionOptions): Promise<R>;
}

export type OpenOptions = {
  /** The largest number of connections, on PostgreSQL. */
  connections?: number | undefined;
  /** Whether to copy the file before its tables are updated, on SQLite. */
  copyFirst?: boolean;
  /** Called before each step of an update, from 1. */
  onMigration?: (step: number, steps: number) => void;
  /** Called with each reason for which a new PostgreSQL database would be refused, where this one is in use. */
  onUnfit?: (problem: string) => void;
};

/**
 * Opens the database at `url` (`postgres://…`, `sqlite:PATH`, a path, or `:memory:`), creating a file and its folder,
 * and brings its tables up to date.
 * @param secrets `SECRET_KEY`, then former keys; without any, sensitive values can't be written or read
 * @throws {Error} with the problem, its place and the fix
 */
export async function openDatabase(
  url: string,
  secrets: readonly Buffer[] = [],
  options: OpenOptions = {},
): Promise<Database> {
  const engine = isPostgresUrl(url) ? await openPostgres(url, options) : await openFile(url, options);
  return asDatabase(engine.autocommit, engine, sealKeys(secrets), false);
}

export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url);

/** Closes the database once the calls under way have finished. Later calls fail. */
export async function closeDatabase(db: Database): Promise<void> {
  await db.engine.close();
}

/** `query`, which also locks its rows until the transaction ends. SQLite needs no locks, because its writers take turns. */
export function locked<Q extends { forUpdate(): Q }>(db: Database, query: Q): Q {
  return db.engine.kind === 'postgres' && db.isTransaction ? query.forUpdate() : query;
}

function asDatabase(session: DatabaseSession, engine: Engine, keys: SealKeys, isTransaction: boolean): Database {
  const database: Database = {
    get query() {
      return session.kysely;
    },
    keys,
    engine,
    execute: (query) => session.execute(query),
    pipeline: session.pipeline,
    shard: session.shard ?? 0,
    isTransaction,
    transaction: (run, options = {}) =>
      isTransaction ? run(database) : engine.transact((own) => run(asDatabase(own, engine, keys, true)), options),
  };
  return database;
}

async function openFile(url: string, { copyFirst = false, onMigration }: OpenOptions): Promise<Engine> {
  if (/^\w+:\/\//.test(url)) {
    // The address may hold a password, so only its scheme is repeated.
    throw new Error(
      `DATABASE_URL begins with ${url.split('//')[0]}//, which Flipsite does not support. Use postgres://… or sqlite:data/flipsite.sqlite`,
    );
  }
  const path = url.replace(/^sqlite:/, '');
  const place = path === IN_MEMORY ? path : resolve(path);
  let sqlite: DatabaseSync | undefined;
  try {
    // Only the owner may read a folder with people's answers.
    if (place !== IN_MEMORY) makeFolders(dirname(place), 0o700);
    const exists = place !== IN_MEMORY && existsSync(place);
    const isChecked = exists && statSync(place).size <= CHECKED_AT_START;
    let exclusive = false;
    try {
      sqlite = openSqlite(place);
    } catch (error) {
      if (!hasNoRoom(error)) throw error;
      // On a full disk the data can still be read.
      exclusive = true;
      sqlite = openSqlite(place, exclusive);
    }
    if (isChecked) checkIntegrity(sqlite);
    if (copyFirst && exists) await copyBeforeMigration(sqlite, place, Object.keys(migrations));
    await migrate(plainKysely(sqlite), onMigration);
    compactOnce(sqlite);
    return sqliteEngine(sqlite, exclusive ? undefined : place);
  } catch (error) {
    if (sqlite?.isOpen) sqlite.close();
    throw explained(error, place);
  }
}

/** Removes content that was deleted before `secure_delete` was on. */
function compactOnce(sqlite: DatabaseSync): void {
  if (compactedAt(sqlite) || !isSmall(sqlite)) return;
  try {
    compact(sqlite);
  } catch {
    // Another process has the file, or the disk is full. The next start tries again, and the doctor says so.
  }
}

/** SQLITE_FULL, or SQLITE_IOERR_SHMSIZE: no room for the file that connections share (SQLite, Result and Error Codes). */
const hasNoRoom = (error: unknown): boolean => [13, 4874].includes((error as { errcode?: number }).errcode ?? 0);

/** In bytes. To check a larger file at the start would take too long. `npm run doctor` checks it. */
const CHECKED_AT_START = 256 * 1_048_576;

function checkIntegrity(sqlite: DatabaseSync): void {
  const rows = sqlite.prepare('pragma quick_check(1)').all();
  const [found] = rows.flatMap((row) => Object.values(row));
  if (found !== 'ok') throw Object.assign(new Error(String(found)), { errcode: 11 });
}

async function openPostgres(url: string, { connections, onMigration, onUnfit }: OpenOptions): Promise<Engine> {
  const pool = openPool(url, connections);
  const engine = postgresEngine(pool);
  try {
    await findTimeouts(pool);
    await checkTexts(engine.autocommit.kysely, onUnfit);
    await whileUpdating(pool, () => migrateTogether(engine.autocommit.kysely, onMigration));
    return engine;
  } catch (error) {
    await engine.close();
    throw explainedPostgres(silenceOf(pool) ?? error, url);
  }
}

class UnfitDatabase extends Error {}

/** A database that is in use stays in use. The log and the doctor name the problem. */
async function checkTexts(db: Kysely<Tables>, onUnfit: (problem: string) => void = () => {}): Promise<void> {
  const { problems, isUsed } = await explainTexts(async (query) => (await sql.raw<object>(query).execute(db)).rows);
  if (!isUsed && problems[0]) throw new UnfitDatabase(`${problems[0]}. The address is in DATABASE_URL.`);
  problems.forEach(onUnfit);
}

/**
 * SQLSTATE of errors that one server gets while another one migrates. Both may create the same table, or their
 * transactions conflict. Kysely lists the tables, and then reads their columns: one may have got another name meanwhile
 * (42P01). After an error, Kysely sends another query, which fails in an aborted transaction (25P02).
 */
const TEMPORARY_ERRORS = ['23505', '42P07', '42710', '42P01', '40001', '40P01', '25P02'];

/** Migrates in one transaction. If several servers start at once, one migrates and the others wait. */
async function migrateTogether(db: Kysely<Tables>, onMigration: OnMigration, attempt = 1): Promise<void> {
  try {
    await db.transaction().execute(async (trx) => {
      // An index over millions of rows takes its time, and so do the servers that wait for it.
      await sql`set local statement_timeout = 0`.execute(trx);
      await sql`set local lock_timeout = 0`.execute(trx);
      await migrate(trx, onMigration);
    });
  } catch (error) {
    const { code = '' } = error as { code?: string };
    // The first error is lost.
    if (code === '25P02') await checkMayWrite(db);
    if (attempt >= 10 || !TEMPORARY_ERRORS.includes(code)) throw error;
    await new Promise((again) => setTimeout(again, Math.random() * 100 * attempt));
    await migrateTogether(db, onMigration, attempt + 1);
  }
}

/** Whether the user may create tables. From PostgreSQL 15 on, only the owner of a database may. */
export const MAY_CREATE = `has_schema_privilege(current_schema(), 'create')`;

/** @throws {Error} as PostgreSQL does, if it accepts no writes or no new tables of the user */
async function checkMayWrite(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ readOnly: string; mayCreate: boolean | null }>`
    select current_setting('transaction_read_only') as "readOnly", ${sql.raw(MAY_CREATE)} as "mayCreate"`.execute(db);
  const { readOnly, mayCreate } = rows[0] ?? {};
  if (readOnly === 'on') throw Object.assign(new Error('read-only transaction'), { code: '25006' });
  if (!mayCreate) throw Object.assign(new Error('permission denied for schema'), { code: '42501' });
}

type OnMigration = OpenOptions['onMigration'];

/** Brings the tables up to date. Between two steps, other code can run. */
async function migrate(db: Kysely<Tables>, onMigration: OnMigration = () => {}): Promise<void> {
  const names = Object.keys(migrations);
  // The steps before the first one that runs were done by an earlier start.
  let first: number | undefined;
  const reporting = Object.entries(migrations).map(([name, { up }]) => {
    const report = async (db: Kysely<unknown>) => {
      first ??= names.indexOf(name);
      // A new database is no update.
      if (first > 0) onMigration(names.indexOf(name) - first + 1, names.length - first);
      await otherWork();
      await up(db);
    };
    return [name, { up: report }] as const;
  });
  const provider = { getMigrations: async () => Object.fromEntries(reporting) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
}

/** SQLSTATE. */
export const MISSING_RIGHT = '42501';

/** The sentence of an error with this code. @param message of PostgreSQL; undefined where the user may create no tables */
export function explainMissingRight(message: string | undefined, url: string): string {
  const { place, name, username } = partsOf(url);
  const [user, role] = [username || 'this user', username || '…'];
  if (!message || message.includes('for schema'))
    return `PostgreSQL at ${place} does not allow ${user} to create tables in ${name}. Run grant create on schema public to ${role} there.`;
  if (message.includes('for database'))
    return `PostgreSQL at ${place} does not allow ${user} to connect to ${name}. Run grant connect on database ${name} to ${role} there.`;
  return `PostgreSQL at ${place} does not allow ${user} to use or change the tables in ${name}: ${message}. Make this user their owner.`;
}

/** The parts of an address without its password. */
function partsOf(url: string): { place: string; name: string; username: string } {
  const { hostname, port, pathname, username } = URL.parse(url) ?? {
    hostname: '',
    port: '',
    pathname: '',
    username: '',
  };
  return { place: `${hostname || 'this machine'}${port && `:${port}`}`, name: pathname.slice(1) || username, username };
}

function explainedPostgres(cause: unknown, url: string): Error {
  if (cause instanceof UnfitDatabase) return cause;
  const { code, message } = ((cause as Error).cause ?? cause) as { code?: string; message?: string };
  const { place, name, username } = partsOf(url);
  const withCause = (problem: string) => new Error(`${problem} The address is in DATABASE_URL.`, { cause });
  if (code === '28P01' || code === '28000') return withCause(`PostgreSQL at ${place} refuses the sign-in of ${username || 'this user'}. Set the right user and password.`); // prettier-ignore
  if (code === '3D000')
    return withCause(`PostgreSQL at ${place} has no database ${name}. Create it with createdb ${name}.`);
  if (code === MISSING_RIGHT) return withCause(explainMissingRight(message, url));
  if (code === '25006') return new Error(NOT_PRIMARY, { cause });
  if (code === '53300') return withCause(`PostgreSQL at ${place} has no free connection for ${username || 'this user'}. Lower DATABASE_CONNECTIONS of the other servers, or raise the limit of PostgreSQL or of the user.`); // prettier-ignore
  if (message?.startsWith('corrupted migrations')) return withCause(`A newer Flipsite wrote the database ${name}. Update Flipsite, or use another database.`); // prettier-ignore
  if (code === '42P07') return withCause(`${name} has tables of a newer Flipsite beside older ones, as after a restore into a database that was in use. Restore the backup into an empty database.`); // prettier-ignore
  return withCause(
    `PostgreSQL at ${place} cannot be used: ${message || code}. Check that it is running and reachable.`,
  );
}

/** A newer Flipsite has updated the tables of a file. */
export class NewerDatabase extends Error {}

function explained(cause: unknown, place: string): Error {
  if (cause instanceof NoRoomForCopy) return cause;
  const { errcode, message } = cause as { errcode?: number; message?: string };
  // The low byte is SQLite's primary result code (SQLite, Result and Error Codes).
  const code = errcode === undefined ? undefined : errcode & 0xff;
  if (code === 26) {
    return new Error(
      `${place} is not a SQLite database. Move the file to another place, or set DATABASE_URL to another file.`,
      {
        cause,
      },
    );
  }
  if (code === 8) {
    return new Error(`Flipsite cannot write to the database ${place}. Make the file and its folder writable for this user.`, { cause }); // prettier-ignore
  }
  if (code === 11) return new Error(damagedInWords(message, place), { cause });
  if (hasNoRoom(cause)) {
    return new Error(`The disk of the database ${place} is full. Free some space, then start again.`, { cause });
  }
  if (code === 5) {
    return new Error(`Another process has locked the database ${place}. Stop that process, then start again.`, {
      cause,
    });
  }
  if (message?.startsWith('corrupted migrations')) {
    return new NewerDatabase(`A newer Flipsite wrote the database ${place}. Update Flipsite, or set DATABASE_URL to another file.`, { cause }); // prettier-ignore
  }
  return new Error(
    `The database ${place} cannot be opened: ${message}. Check that its folder exists and is writable, or set DATABASE_URL to another file.`,
    { cause },
  );
}
