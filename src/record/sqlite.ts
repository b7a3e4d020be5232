/** Kysely over Node's own SQLite. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { SqliteAdapter, SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely';

/**
 * Opens `path` with the promises the record gives: what was committed survives a power cut (WAL with FULL), and a
 * second process waits its turn for up to 5 seconds. Throws SQLite's own error.
 */
export function openSqlite(path: string): DatabaseSync {
  const sqlite = new DatabaseSync(path);
  try {
    sqlite.exec('pragma busy_timeout = 5000');
    sqlite.exec('pragma journal_mode = wal');
    sqlite.exec('pragma synchronous = full');
    sqlite.exec('pragma foreign_keys = on');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

export function sqliteDialect(sqlite: DatabaseSync): Dialect {
  const dialect = new SqliteDialect({ database: asKyselyDatabase(sqlite) });
  return {
    createAdapter: () => new TransactionalDdl(),
    createDriver: () => dialect.createDriver(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

/** SQLite can roll back `create table`; Kysely assumes not, and would leave half a migration behind after a crash. */
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function asKyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  return {
    close: () => sqlite.close(),
    prepare(text) {
      // Every transaction of ours writes. One that began by reading could not wait for another process's write: SQLite
      // answers SQLITE_BUSY at once when what was read has changed since.
      const statement = sqlite.prepare(text === 'begin' ? 'begin immediate' : text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}
