/** Queries that every submission needs: built and compiled once, then only given their values. */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Database } from './database.ts';

/** Stands for the value `name`, which each call gives. */
export type Values<V> = <K extends keyof V>(name: K) => V[K];

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query whose shape does not depend on its values. It is written as any other, with `value(name)` where a value goes;
 * calling it runs it and returns its rows.
 */
export function prepared<V extends Record<string, unknown>, R>(
  build: (db: Database, value: Values<V>) => Compilable<R>,
): (db: Database, values: V) => Promise<R[]> {
  const run = compiledOnce(build);
  return (db, values) => run(db, values).then((result) => result?.rows ?? []);
}

/** The same for what writes: calling it returns how many rows were written. */
export function preparedWrite<V extends Record<string, unknown>>(
  build: (db: Database, value: Values<V>) => Compilable,
): (db: Database, values: V) => Promise<number> {
  const run = compiledOnce(build);
  return (db, values) => run(db, values).then((result) => Number(result?.numAffectedRows ?? 0));
}

/** The same for what nothing in the transaction depends on: it goes out with what comes next. */
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
  const known: Record<string, CompiledQuery<R>> = {};
  // Not async: there are a dozen of them for each person, and each promise more is felt.
  return (db, values) => {
    // A transaction may lock what it reads.
    const where = `${db.engine.kind}${db.isTransaction}`;
    const query = (known[where] ??= build(
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
