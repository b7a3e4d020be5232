/** SQLite, in Node itself: one connection writes, in groups. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  DefaultQueryExecutor,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type SqliteDatabase,
} from 'kysely';
import { findFreeSpace } from '../files/free-space.ts';
import { IN_MEMORY, wipe } from './sqlite-file.ts';
import { RetryTransaction, type Engine, type DatabaseSession } from './engine.ts';
import { asFault, StoreFault } from './fault.ts';
import { groupCommits, type Group } from './group-commit.ts';
import type { Tables } from './tables.ts';

/** Kysely on a connection of its own, transactions included. For migrations, before anything else runs. */
export function plainKysely(sqlite: DatabaseSync): Kysely<Tables> {
  const dialect = new SqliteDialect({ database: asKyselyDatabase(sqlite) });
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new TransactionalDdl(),
      createDriver: () => dialect.createDriver(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
    },
  });
}

/** SQLite can roll back `create table`; Kysely assumes not, and would leave half a migration behind after a crash. */
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function asKyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  return {
    close: () => undefined,
    prepare(text) {
      // Every transaction of ours writes. A transaction that began by reading could not wait for the write of another
      // process: SQLite answers SQLITE_BUSY at once when the data it read has changed.
      // A full disk has rolled back the transaction already. Another rollback would fail, and its error would hide the first one.
      const isOver = text === 'rollback' && !sqlite.isTransaction;
      const statement = sqlite.prepare(text === 'begin' ? 'begin immediate' : isOver ? 'select 1' : text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}

/**
 * The engine on the open and migrated `writer`. Closing the engine closes it.
 * @param path the same database, for reading while a group is written; absent if no other connection may be
 */
export function sqliteEngine(writer: DatabaseSync, path: string | undefined): Engine {
  // Waiting for another process within SQLite would stop the whole site; the group waits on its own.
  writer.exec('pragma busy_timeout = 0');
  // The last pages of every index are written to again and again: they stay in memory (up to 64 MB), and go from the log
  // to their place once for many commits (every 32 MB) rather than for few.
  writer.exec('pragma cache_size = -65536');
  writer.exec('pragma wal_autocheckpoint = 8000');
  const reader =
    path === undefined || path === IN_MEMORY ? undefined : new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
  const group = groupCommits(writer);
  const writing = new Statements(writer);
  const autocommit = new Autocommit(group, writing, reader && new Statements(reader));
  const dialect: Dialect = {
    createAdapter: () => new Together(),
    createDriver: () => driverOf(autocommit),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  const db = new Kysely<Tables>({ dialect });
  const compiler = new SqliteQueryCompiler();
  const adapter = new Together();
  const driver = driverOf(autocommit);

  /** Kysely for one transaction. Used later, it would write into the transaction of another request. */
  function transaction(connection: InTransaction): Kysely<Tables> {
    const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection: (use) => use(connection) });
    return new Kysely<Tables>({ config: { dialect }, dialect, driver, executor });
  }

  return {
    kind: 'sqlite',
    autocommit: { kysely: db, execute: (query) => autocommit.executeQuery(query) },
    async transact(run) {
      const attemptOnce = async (wrote: () => void) => {
        const connection = new InTransaction(writing, wrote, transaction);
        try {
          return await run(connection);
        } finally {
          connection.over = true;
        }
      };
      for (let attempt = 1; ; attempt++) {
        try {
          return await group.run(attemptOnce);
        } catch (error) {
          if (!(error instanceof RetryTransaction) || attempt >= ATTEMPTS) throw error;
        }
      }
    },
    waiting: () => group.waiting(),
    async ready() {
      // SQLite writes nothing where no value changes. The table has one row, and nothing reads its number.
      await group.run(async () => void writer.exec('update kysely_migration_lock set rowid = rowid % 2 + 1'));
      // Such a small write fits into the space that the log has already, on a disk that is full for all others.
      if (!group.wasFull()) return;
      const space = path === undefined ? undefined : await findFreeSpace(path);
      if (space && space.freeBytes < MIN_FREE_BYTES) throw new StoreFault('full');
      group.forgetFull();
    },
    async wipe() {
      while (writer.isTransaction) await new Promise((turn) => setImmediate(turn));
      return wipe(writer);
    },
    async close() {
      await group.idle();
      reader?.close();
      writer.close();
    },
  };
}

/** A save needs less. */
const MIN_FREE_BYTES = 1_048_576;

/** Attempts of a transaction that asks for a retry. Transactions run in turn, so the second one sees the other's writes. */
const ATTEMPTS = 3;

/** Concurrent callers share the one connection: a query runs to its end, and the group begins transactions. */
class Together extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** A cache of prepared statements. */
class Statements {
  readonly #sqlite: DatabaseSync;
  readonly #known = new Map<string, { statement: StatementSync; reads: boolean }>();

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
  }

  execute<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const { statement, reads } = this.#known.get(sql) ?? this.#prepare(sql);
    if (reads) return { rows: statement.all(...(parameters as SQLInputValue[])) as R[] };
    const { changes } = statement.run(...(parameters as SQLInputValue[]));
    return { numAffectedRows: BigInt(changes), rows: [] };
  }

  #prepare(sql: string) {
    const statement = this.#sqlite.prepare(sql);
    const prepared = { statement, reads: statement.columns().length > 0 };
    // Lists of values make statements of many lengths.
    if (this.#known.size >= 300) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(sql, prepared);
    return prepared;
  }
}

class InTransaction implements DatabaseConnection, DatabaseSession {
  readonly #statements: Statements;
  readonly #wrote: () => void;
  readonly #makeKysely: (connection: InTransaction) => Kysely<Tables>;
  #kysely: Kysely<Tables> | undefined;
  over = false;

  constructor(statements: Statements, wrote: () => void, makeKysely: (connection: InTransaction) => Kysely<Tables>) {
    this.#statements = statements;
    this.#wrote = wrote;
    this.#makeKysely = makeKysely;
  }

  /** Most transactions only run queries that are compiled already, and never need it. */
  get kysely(): Kysely<Tables> {
    return (this.#kysely ??= this.#makeKysely(this));
  }

  execute<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> {
    return this.executeQuery(query);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.over) throw new Error('This transaction is over: it was used after its function had returned.');
    if (!isRead(query)) this.#wrote();
    return this.#statements.execute(query);
  }

  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('Rows are not streamed: read them in pages.');
  }
}

class Autocommit implements DatabaseConnection {
  readonly #group: Group;
  readonly #writer: Statements;
  readonly #reader: Statements | undefined;

  constructor(group: Group, writer: Statements, reader: Statements | undefined) {
    this.#group = group;
    this.#writer = writer;
    this.#reader = reader;
  }

  /** Reads see only committed data: a response must not depend on data that could still be lost. */
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!isRead(query)) return this.#group.run(async () => this.#writer.execute(query));
    const statements = this.#group.hasUncommitted() ? this.#reader : this.#writer;
    if (!statements) return this.#group.run(async () => this.#writer.execute(query));
    try {
      return statements.execute(query);
    } catch (error) {
      throw asFault(error);
    }
  }

  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('Rows are not streamed: read them in pages.');
  }
}

const isRead = ({ query, sql }: CompiledQuery): boolean =>
  query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*(select|with|explain|pragma)\b/i.test(sql));

function driverOf(connection: DatabaseConnection): Driver {
  const refuse = async () => {
    throw new Error('Transactions are begun by `Database.transaction`.');
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
}
