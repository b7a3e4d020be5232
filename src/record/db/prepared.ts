/** Queries of the hot path, which Kysely builds and compiles only once. */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Database } from './database.ts';
import type { Engine } from './engine.ts';

/** A placeholder for the value `name` of each call. */
export type Values<V> = <K extends keyof V>(name: K) => V[K];

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query with a shape that does not depend on its values. `build` writes `value(name)` in the place of a value. The
 * returned function runs the query and returns its rows.
 */
export function prepared<V extends Record<string, unknown>, R>(
  build: (db: Database, value: Values<V>) => Compilable<R>,
): (db: Database, values: V) => Promise<R[]> {
  const run = compiledOnce(build);
  return (db, values) => run(db, values).then((result) => result?.rows ?? []);
}

/** Like `prepared`, for a write. The returned function resolves to the number of written rows. */
export function preparedWrite<V extends Record<string, unknown>>(
  build: (db: Database, value: Values<V>) => Compilable,
): (db: Database, values: V) => Promise<number> {
  const run = compiledOnce(build);
  return (db, values) => run(db, values).then((result) => Number(result?.numAffectedRows ?? 0));
}

/** Pipelined: like `preparedWrite`, but not awaited. A failure fails the commit. */
export function preparedPipelined<V extends Record<string, unknown>>(
  build: (db: Database, value: Values<V>) => Compilable,
): (db: Database, values: V) => Promise<void> {
  const run = compiledOnce(build, true);
  return (db, values) => run(db, values).then(() => undefined);
}

function compiledOnce<V extends Record<string, unknown>, R>(
  build: (db: Database, value: Values<V>) => Compilable<R>,
  pipelined = false,
): (db: Database, values: V) => Promise<QueryResult<R> | undefined> {
  type Known = { inTransaction?: CompiledQuery<R>; autocommit?: CompiledQuery<R> };
  const known: Record<Engine['kind'], Known> = { sqlite: {}, postgres: {} };
  // Not async: a submission runs a dozen of these, and each extra promise costs measurable time.
  return (db, values) => {
    // In a transaction the same query may lock its row, so it compiles to other SQL.
    const where = db.isTransaction ? 'inTransaction' : 'autocommit';
    const query = (known[db.engine.kind][where] ??= build(
      db,
      ((name: string) => new Placeholder(name)) as unknown as Values<V>,
    ).compile());
    const parameters = query.parameters.map((one) => (one instanceof Placeholder ? values[one.name] : one));
    const filled = { query: query.query, queryId: query.queryId, sql: query.sql, parameters };
    if (!pipelined || !db.pipeline) return db.execute<R>(filled);
    db.pipeline(filled);
    return Promise.resolve(undefined);
  };
}
