/** PostgreSQL, and what speaks its language. */
import { randomInt } from 'node:crypto';
import {
  DefaultQueryExecutor,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  sql,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
} from 'kysely';
import { Pool, types, type PoolClient, type PoolConfig } from 'pg';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { RetryTransaction, type Engine, type DatabaseSession } from './engine.ts';
import { asFault, StoreFault } from './fault.ts';
import type { Tables } from './tables.ts';

/** More connections than this are slower, not faster, on a server of few processors (PostgreSQL Wiki, Number of Database Connections). */
const CONNECTIONS = 16;

/** Whoever comes on top of these is told to come again rather than kept waiting. */
const MAX_WAITING = SITE_LIMITS.requestsWaitingOnPostgres.value;

/** In milliseconds. A connection begins with them. */
const TIMEOUTS = { statement_timeout: 30_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 30_000 };

const TIMES: PoolConfig = { connectionTimeoutMillis: 5_000, idleTimeoutMillis: 60_000, ...TIMEOUTS, keepAlive: true };

const SET_TIMEOUTS = Object.entries(TIMEOUTS).map(([name, ms]) => `set local ${name} = ${ms}`).join('; '); // prettier-ignore

/** Of a transaction that met another one. Each waits a little longer, and by chance, so that they do not meet again. */
const ATTEMPTS = 20;
const SERIALIZE_AFTER = 4;

/** Opens a pool. Nothing is connected yet. */
export function openPool(url: string, connections = CONNECTIONS): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: 'flipsite',
    pipeline: true,
    ...TIMES,
    types: {
      // int8, which counts are. None of ours comes near 2^53.
      getTypeParser: (oid: number, format?: 'text') => (oid === 20 ? Number : types.getTypeParser(oid, format)),
    } as NonNullable<PoolConfig['types']>,
  });
  // A connection that is lost while nobody uses it is replaced when the next one is needed.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    const query = wrapClient(client);
    const timed = (...args: unknown[]) => (losesTimeouts.has(pool) ? withTimeouts(query, args) : query(...args));
    client.query = timed as typeof client.query;
  });
  return pool;
}

/** The pools behind something that drops what a connection begins with, as PgBouncer does in transaction mode. */
const losesTimeouts = new WeakSet<Pool>();

/** Looks whether the server has the timeouts that connections of `pool` begin with. Without, each transaction sets them. */
export async function findTimeouts(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ timeout: string }>(`select current_setting('lock_timeout') as timeout`);
    if (rows[0]?.timeout !== `${TIMEOUTS.lock_timeout / 1_000}s`) losesTimeouts.add(pool);
  } finally {
    client.release();
  }
}

type Query = (...args: unknown[]) => Promise<unknown>;

/** Connections that are in a transaction. */
const inTransaction = new WeakSet<Query>();

/** Sends the timeouts along with the beginning of a transaction, and a statement by itself as a transaction. No round trip more. */
async function withTimeouts(query: Query, args: unknown[]): Promise<unknown> {
  const [first] = args as [string | { text: string }];
  const text = typeof first === 'string' ? first : first.text;
  if (/^(begin|start transaction)\b/i.test(text)) {
    inTransaction.add(query);
    const [begun] = (await query(`${text}; ${SET_TIMEOUTS}`)) as unknown[];
    return begun;
  }
  const isInside = inTransaction.has(query);
  if (/^(commit|rollback)$/i.test(text)) inTransaction.delete(query);
  if (isInside) return query(...args);
  const sent = await Promise.allSettled([query(`begin; ${SET_TIMEOUTS}`), query(...args), query('commit')]);
  const failed = sent.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return (sent[1] as PromiseFulfilledResult<unknown>).value;
}

export function postgresEngine(pool: Pool): Engine {
  async function connect(): Promise<PoolClient> {
    if (pool.waitingCount >= MAX_WAITING) throw new StoreFault('busy');
    return pool.connect().catch((error: unknown) => {
      throw asFault(error);
    });
  }
  const shards = openShards();
  const bounded = { options: pool.options, connect, end: () => pool.end() } as unknown as Pool;
  const postgres = new PostgresDialect({ pool: bounded });
  const dialect: Dialect = {
    createAdapter: () => new RowLock(),
    createDriver: () => postgres.createDriver(),
    createIntrospector: (db) => postgres.createIntrospector(db),
    createQueryCompiler: () => postgres.createQueryCompiler(),
  };
  const driver = dialect.createDriver();
  const compiler = dialect.createQueryCompiler();
  const adapter = dialect.createAdapter();
  const db = new Kysely<Tables>({ dialect });

  function kyselyOn(connection: OneConnection): Kysely<Tables> {
    const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection: (use) => use(connection) });
    return new Kysely<Tables>({ config: { dialect }, dialect, driver, executor });
  }

  /**
   * One attempt. What need not be waited for is sent along with what comes next, so that a transaction takes few round
   * trips; what goes wrong with it makes the end fail.
   */
  async function attempt<R>(run: (session: DatabaseSession) => Promise<R>, level: string): Promise<R> {
    const client = await connect();
    const connection = new OneConnection(client);
    const shard = shards.lease();
    let broken = false;
    try {
      connection.pipeline({ text: `begin isolation level ${level}` });
      const result = await run({
        kysely: kyselyOn(connection),
        execute: (query) => connection.execute(query, true),
        pipeline: (query) => connection.pipeline(named(query)),
        shard,
      });
      // What was sent ahead is not waited for: after a statement that has failed, PostgreSQL takes the end for a rollback. Each
      // of them is sent, since texts, numbers and nulls are all that our tables hold.
      const [{ command }] = await Promise.all([client.query('commit'), connection.sent()]);
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements had failed.');
      return result;
    } catch (error) {
      // What was sent ahead went wrong first, and made the rest go wrong.
      const first = await connection.sent().then(
        () => error,
        (earlier: unknown) => earlier,
      );
      await client.query('rollback').catch(() => (broken = true));
      broken ||= isStale(first);
      throw first;
    } finally {
      connection.over = true;
      shards.release(shard);
      client.release(broken);
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  /** Those of this server that keep meeting others run one after another. */
  function serialize<R>(run: () => Promise<R>): Promise<R> {
    const turn = last.then(run, run);
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    kind: 'postgres',
    autocommit: {
      kysely: db,
      async execute(query) {
        for (let tries = 1; ; tries++) {
          const client = await connect();
          let stale = false;
          try {
            return await new OneConnection(client).execute(query, true);
          } catch (error) {
            stale = isStale(error);
            if (!stale || tries >= ATTEMPTS) throw error;
          } finally {
            client.release(stale);
          }
        }
      },
    },
    async transact(run, { locksRow = false }) {
      const level = locksRow ? 'read committed' : 'serializable';
      for (let tries = 1; ; tries++) {
        try {
          return await (tries < SERIALIZE_AFTER ? attempt(run, level) : serialize(() => attempt(run, level)));
        } catch (error) {
          if (tries >= ATTEMPTS || !isPassing(error, tries)) throw asFault(error);
          await new Promise((again) => setTimeout(again, Math.random() * 2 ** Math.min(tries, 7)));
        }
      }
    },
    waiting: () => pool.waitingCount,
    // Neither a deletion nor VACUUM overwrites the old row. PostgreSQL reuses the place in its own time.
    wipe: async () => true,
    async ready() {
      await sql`update kysely_migration_lock set is_locked = is_locked`.execute(db);
    },
    close: () => pool.end(),
  };
}

/**
 * The lowest number that is free. Servers that share a database begin at different ones, mostly: there are four beginnings,
 * since what is counted by slot is added up over all that were ever used.
 */
function openShards() {
  const first = randomInt(4) * 1_000;
  const used = new Set<number>();
  return {
    lease(): number {
      let shard = first;
      while (used.has(shard)) shard++;
      used.add(shard);
      return shard;
    },
    release: (shard: number) => void used.delete(shard),
  };
}

/** A connection for as long as one transaction has it. */
class OneConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #pending: Promise<unknown>[] = [];
  over = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async execute<R>(query: CompiledQuery, keep: boolean): Promise<QueryResult<R>> {
    if (this.over) throw new Error('This transaction is over: it was used after its function had returned.');
    const args = keep ? named(query) : { text: query.sql, values: [...query.parameters] };
    const { rows, rowCount, command } = await this.#client.query(args);
    const wrote = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
    return { rows: rows as R[], ...(wrote && { numAffectedRows: BigInt(rowCount ?? 0) }) };
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute(query, false);
  }

  pipeline(query: { text: string; values?: unknown[]; name?: string }): void {
    const sent = this.#client.query(query);
    sent.catch(() => undefined);
    this.#pending.push(sent);
  }

  /** Resolves once all that was sent ahead has succeeded. */
  async sent(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('Rows are not streamed: read them in pages.');
  }
}

/** Statements that are run again and again are compiled by each connection once. */
function named({ sql: text, parameters }: CompiledQuery) {
  let name = names.get(text);
  if (!name) names.set(text, (name = `flipsite_${names.size}`));
  return { name, text, values: [...parameters] };
}

const names = new Map<string, string>();

/**
 * Whether the transaction may well succeed when it is run again: it could not be put in order with another one (40001), they
 * waited for each other (40P01), or both have just inserted the same key (23505), which the next attempt will see.
 */
function isPassing(error: unknown, attempt: number): boolean {
  const { code } = error as { code?: string };
  return (
    error instanceof RetryTransaction ||
    isStale(error) ||
    code === '40001' ||
    code === '40P01' ||
    (code === '23505' && attempt < 3)
  );
}

/** A newer server has changed a table since this connection compiled its statements. Another connection knows nothing of it. */
const isStale = (error: unknown): boolean =>
  (error as { code?: string }).code === '0A000' && (error as Error).message.startsWith('cached plan');

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
function wrapClient(client: PoolClient): Query {
  // A connection that is lost while it is used fails its queries, which tell of it; unheard, this would end the process.
  client.on('error', () => undefined);
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  return (text, values, ...more) => {
    const args = text as string | { values?: unknown[] };
    if (typeof args === 'object' && args.values) args.values = withoutNul(args.values);
    const result = query(text, Array.isArray(values) ? withoutNul(values) : values, ...more);
    return result instanceof Promise
      ? result.catch((error: unknown) => {
          throw asFault(error);
        })
      : result;
  };
}

const withoutNul = (values: unknown[]): unknown[] =>
  values.map((value) => (typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value));
