/** PostgreSQL, and what speaks its language. */
import { Kysely, PostgresAdapter, PostgresDialect, sql, type Dialect } from 'kysely';
import { Pool, types, type PoolClient, type PoolConfig } from 'pg';
import { Met, type Engine, type Session } from './engine.ts';
import { asFault, StoreFault } from './fault.ts';
import type { Tables } from './tables.ts';

/** More connections than this are slower, not faster, on a server of few processors (PostgreSQL Wiki, Number of Database Connections). */
const CONNECTIONS = 16;

/** Whoever comes on top of these is told to come again rather than kept waiting. */
const MOST_WAITING = 1_000;

const TIMES: PoolConfig = {
  connectionTimeoutMillis: 5_000,
  idleTimeoutMillis: 60_000,
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
  keepAlive: true,
};

/** Of a transaction that met another one. Each waits a little longer, and by chance, so that they do not meet again. */
const ATTEMPTS = 12;

/** Opens a pool. Nothing is connected yet. */
export function openPool(url: string, connections = CONNECTIONS): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: 'flipsite',
    ...TIMES,
    types: {
      // int8, which counts are. None of ours comes near 2^53.
      getTypeParser: (oid: number, format?: 'text') => (oid === 20 ? Number : types.getTypeParser(oid, format)),
    } as NonNullable<PoolConfig['types']>,
  });
  // A connection that is lost while nobody uses it is replaced when the next one is needed.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => mind(client));
  return pool;
}

export function postgresEngine(pool: Pool): Engine {
  const bounded = {
    options: pool.options,
    connect: async () => {
      if (pool.waitingCount >= MOST_WAITING) throw new StoreFault('busy');
      return pool.connect().catch((error: unknown) => {
        throw asFault(error);
      });
    },
    end: () => pool.end(),
  };
  const postgres = new PostgresDialect({ pool: bounded as unknown as Pool });
  const dialect: Dialect = {
    createAdapter: () => new RowLock(),
    createDriver: () => postgres.createDriver(),
    createIntrospector: (db) => postgres.createIntrospector(db),
    createQueryCompiler: () => postgres.createQueryCompiler(),
  };
  const db = new Kysely<Tables>({ dialect });

  return {
    kind: 'postgres',
    outside: sessionOf(db),
    async transact(run, { locks = false }) {
      const level = locks ? 'read committed' : 'serializable';
      for (let attempt = 1; ; attempt++) {
        try {
          return await db
            .transaction()
            .setIsolationLevel(level)
            .execute((trx) => run(sessionOf(trx)));
        } catch (error) {
          if (attempt >= ATTEMPTS || !isPassing(error, attempt)) throw asFault(error);
          await new Promise((again) => setTimeout(again, Math.random() * 2 ** Math.min(attempt, 7)));
        }
      }
    },
    waiting: () => pool.waitingCount,
    async ready() {
      await sql`update kysely_migration_lock set is_locked = is_locked`.execute(db);
    },
    close: () => db.destroy(),
  };
}

const sessionOf = (kysely: Kysely<Tables>): Session => ({ kysely, execute: (query) => kysely.executeQuery(query) });

/**
 * Whether the transaction may well succeed when it is run again: it could not be put in order with another one (40001), they
 * waited for each other (40P01), or both have just inserted the same key (23505), which the next attempt will see.
 */
function isPassing(error: unknown, attempt: number): boolean {
  const { code } = error as { code?: string };
  return error instanceof Met || code === '40001' || code === '40P01' || (code === '23505' && attempt < 3);
}

/**
 * Locks migrations by a row of a table, which every engine has. Kysely's own lock is an advisory one, which YugabyteDB
 * did not have before 2025 and CockroachDB only pretends to have.
 */
class RowLock extends PostgresAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select id from kysely_migration_lock where id = 'migration_lock' for update`.execute(db);
  }
  override async releaseMigrationLock(): Promise<void> {
    // The row is free again with the end of the transaction.
  }
}

/**
 * What goes wrong in a query is told as a fault of the store, where it is one. PostgreSQL keeps no NUL in a text, which
 * nobody means to write: it becomes the sign for a character that could not be read.
 */
function mind(client: PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const told = (text: unknown, values: unknown, ...more: unknown[]): unknown => {
    const kept = Array.isArray(values)
      ? values.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : (value as unknown)))
      : values;
    const result = query(text, kept, ...more);
    return result instanceof Promise
      ? result.catch((error: unknown) => {
          throw asFault(error);
        })
      : result;
  };
  client.query = told as typeof client.query;
}
