/** The engine on PostgreSQL and compatible databases. */
import { randomInt, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
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
import type { Pool, PoolClient } from 'pg';
import { asSite } from '../../site-limits/counting/current-client.ts';
import { createQueues } from '../../site-limits/counting/turns.ts';
import { RetryTransaction, type Engine, type DatabaseSession } from './engine.ts';
import { asFault, StoreFault } from './fault.ts';
import { giveInTurns } from './postgres-connections.ts';
import { isBehindProxy, takeConnection } from './postgres-pool.ts';
import type { Tables } from './tables.ts';

/** Attempts of a transaction that conflicts with another one. Random, growing waits keep them apart. */
const ATTEMPTS = 20;
const SERIALIZE_AFTER = 4;

/**
 * If a server works for more than this share of the wait for a connection, it may not have read the answer of PostgreSQL. So
 * the timeout does not prove that PostgreSQL can't be reached.
 */
const MAX_WORK_SHARE = 0.9;

export function postgresEngine(pool: Pool): Engine {
  const connections = giveInTurns(pool, async () => {
    const before = performance.eventLoopUtilization();
    return takeConnection(pool).catch((error: unknown) => {
      const isOwnDelay = isTimeout(error) && performance.eventLoopUtilization(before).utilization > MAX_WORK_SHARE;
      throw isOwnDelay ? new StoreFault('busy', error) : asFault(error);
    });
  });
  const { connect } = connections;
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
   * One attempt. Pipelined statements are not awaited, so a transaction takes few round trips. Their failure fails the commit.
   */
  async function attempt<R>(run: (session: DatabaseSession) => Promise<R>, level: string): Promise<R> {
    const client = await connect();
    const connection = new OneConnection(client);
    const shard = shards.lease();
    const used = suffix;
    let broken = false;
    try {
      connection.pipeline({ text: `begin isolation level ${level}` });
      const result = await run({
        kysely: kyselyOn(connection),
        execute: (query) => connection.execute(query, true),
        pipeline: (query) => connection.pipeline(named(query)),
        shard,
      });
      // The pipelined statements are not awaited first: after a failed statement, PostgreSQL turns the commit into a
      // rollback. None of them can fail before it is sent, because our tables hold only texts, numbers and nulls.
      const [{ command }] = await Promise.all([client.query('commit'), connection.sent()]);
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements had failed.');
      return result;
    } catch (error) {
      // A pipelined statement failed first, and caused the other errors.
      const first = await connection.sent().then(
        () => error,
        (earlier: unknown) => earlier,
      );
      await client.query('rollback').catch(() => (broken = true));
      // A proxy may have prepared the statements that followed the failed one. pg would prepare them again, which it refuses.
      broken ||= isStale(first) || isBehindProxy(pool);
      if (isStale(first)) renewStatements(used);
      throw first;
    } finally {
      connection.over = true;
      shards.release(shard);
      client.release(broken);
    }
  }

  /** Transactions of this server that keep conflicting run one after another. */
  const conflicting = createQueues();

  /** Whether the disk was full for a transaction since `ready` has found space. */
  let wasFull = false;

  function faultOf(error: unknown): unknown {
    const fault = asFault(error);
    wasFull ||= fault instanceof StoreFault && fault.kind === 'full';
    return fault;
  }

  return {
    kind: 'postgres',
    autocommit: {
      kysely: db,
      async execute(query) {
        for (let tries = 1; ; tries++) {
          const client = await connect();
          const used = suffix;
          let stale = false;
          try {
            return await new OneConnection(client).execute(query, true);
          } catch (error) {
            stale = isStale(error);
            if (stale) renewStatements(used);
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
          return await (tries < SERIALIZE_AFTER
            ? attempt(run, level)
            : conflicting('', () => asSite(() => attempt(run, level))));
        } catch (error) {
          if (!isPassing(error, tries)) throw faultOf(error);
          if (tries >= ATTEMPTS) throw new StoreFault('busy', error);
          await new Promise((again) => setTimeout(again, Math.random() * 2 ** Math.min(tries, 7)));
        }
      }
    },
    waiting: connections.waiting,
    // Neither a deletion nor VACUUM overwrites the old row. PostgreSQL reuses the space later.
    wipe: async () => true,
    async ready() {
      // A server that updates the tables locks this row for as long as that takes. The others go on serving meanwhile.
      await sql`update kysely_migration_lock set is_locked = is_locked
        where id in (select id from kysely_migration_lock for update skip locked)`.execute(db);
      // Such a small write fits into the space that the table has already, on a disk that is full for all others.
      if (!wasFull) return;
      wasFull = !(await hasSpace(db));
      if (wasFull) throw new StoreFault('full');
    },
    close: () => pool.end(),
  };
}

/** Takes some 4 MB on the disk of the database, and gives them back. @returns whether nothing says that there is no such space */
async function hasSpace(db: Kysely<Tables>): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      await sql`set local temp_tablespaces = ''`.execute(trx);
      await sql`create temporary table flipsite_space on commit drop as
        select repeat('0', 1000) as text from generate_series(1, 4000)`.execute(trx);
    });
    return true;
  } catch (error) {
    // The user may be allowed no temporary tables. Then the next failed write says that the disk is still full.
    const fault = asFault(error);
    return !(fault instanceof StoreFault && fault.kind === 'full');
  }
}

/**
 * Leases the lowest free shard. Servers that share a database mostly begin at different ones. There are only four
 * beginnings, because a count is the sum over all shards that were ever used.
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

/** A connection during one transaction. */
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

  /** Resolves once all pipelined statements succeeded. */
  async sent(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('Rows are not streamed: read them in pages.');
  }
}

/** A named statement, which each connection prepares only once. */
function named({ sql: written, parameters }: CompiledQuery) {
  const text = written + suffix;
  let name = names.get(text);
  if (!name) names.set(text, (name = `flipsite_${names.size}`));
  return { name, text, values: [...parameters] };
}

const names = new Map<string, string>();

/** Ends the text of each named statement. A proxy prepares equal texts once, also those of an earlier process. */
let suffix = '';

/**
 * Makes each connection prepare its statements again. A new connection is not enough: a proxy would give it the old ones.
 * @param used the suffix of the statements that failed. Another failure may have replaced it
 */
function renewStatements(used: string): void {
  if (suffix === used) suffix = ` /* ${randomUUID()} */`;
}

/**
 * Whether a retry may succeed: after a serialization failure (40001), a deadlock (40P01), or two inserts of the same key
 * (23505), which the next attempt sees.
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

/** Whether no new connection was open in time. pg has no code for this error. */
const isTimeout = (error: unknown): boolean =>
  (error as Error).message === 'Connection terminated due to connection timeout';

/** A newer server changed a table after this connection prepared its statements. A new connection works. */
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
    // The end of the transaction releases the row.
  }
}
