/** Connections to PostgreSQL: their timeouts, their errors, and values that PostgreSQL cannot store. */
import type { Socket } from 'node:net';
import { Client, DatabaseError, escapeLiteral, Pool, types, type PoolClient, type PoolConfig } from 'pg';
import { asFault, isOneTooMany } from './fault.ts';

/** More connections than this are slower, not faster, on a server of few processors (PostgreSQL Wiki, Number of Database Connections). */
const CONNECTIONS = 16;

/** In milliseconds, set for each connection. */
const TIMEOUTS = { statement_timeout: 30_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 30_000 };

const TIMES: PoolConfig = { connectionTimeoutMillis: 5_000, idleTimeoutMillis: 60_000, ...TIMEOUTS, keepAlive: true };

/** Creates a pool. It connects on first use. */
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
  // The pool replaces a lost idle connection when it needs one.
  pool.on('error', () => undefined);
  open.set(pool, 0);
  pool.on('remove', () => open.set(pool, openOf(pool) - 1));
  pool.on('connect', (client) => {
    open.set(pool, openOf(pool) + 1);
    const query = wrapClient(client, pool);
    const send = (...args: unknown[]) => {
      const settings = lostSettings.get(pool);
      return settings ? withSettings(query, args, settings) : query(...args);
    };
    client.query = send as typeof client.query;
  });
  return pool;
}

/** How many connections of a pool are open. The pool itself counts those too that it tries to open. */
const open = new WeakMap<Pool, number>();
const openOf = (pool: Pool): number => open.get(pool) ?? 0;

/** How long a pool opens no further connections after one was refused, in milliseconds. */
const FEWER_MS = 5_000;

/**
 * Takes a connection from the pool. Other programs may use some of the connections that PostgreSQL or PgBouncer allows. Then
 * this waits for one of those that the pool has, and fails only if it has none.
 */
export async function takeConnection(pool: Pool): Promise<PoolClient> {
  const until = performance.now() + (TIMES.connectionTimeoutMillis ?? 0);
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isOneTooMany(error as Error) || pool.totalCount === 0 || performance.now() > until) throw error;
      if (openOf(pool) > 0) useFewer(pool, openOf(pool));
      // The first ones are still being opened.
      else await new Promise((opened) => setTimeout(opened, 10));
    }
  }
}

function useFewer({ options }: Pool, connections: number): void {
  const { max } = options;
  if (connections >= max) return;
  options.max = connections;
  setTimeout(() => (options.max = Math.max(options.max, max)), FEWER_MS).unref();
}

/** How much later than PostgreSQL Flipsite gives up a statement, in milliseconds. PgBouncer may hold one for five seconds. */
const SILENCE_MS = 10_000;

/** How long a statement may stay without an answer, in milliseconds. */
const ANSWER_MS = TIMEOUTS.statement_timeout + SILENCE_MS;

/** The same for pools whose DATABASE_URL may have another timeout of statements. 0 is without end. */
const answerTimes = new WeakMap<Pool, number>();

/** Pools whose statements may take longer, while PostgreSQL answers on another connection. */
const inUpdate = new WeakSet<Pool>();

/**
 * Closes a connection if PostgreSQL should have ended its statement and no answer comes. Otherwise TCP waits for a quarter
 * of an hour if the machine of PostgreSQL has vanished, and forever if a proxy holds the connection.
 * @returns a function to call when the answer is there
 */
function closeIfSilent(pool: Pool, stream: Socket): () => void {
  const ms = (inUpdate.has(pool) ? undefined : answerTimes.get(pool)) ?? ANSWER_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hasAnswer = false;
  const close = () => {
    if (hasAnswer) return;
    silent.set(pool, new Error(`it gave no answer for ${ms / 1_000} seconds`));
    stream.destroy();
  };
  const wait = () => {
    if (hasAnswer) return;
    timer = setTimeout(() => (inUpdate.has(pool) ? void answers(pool.options).then((one) => (one ? wait() : close())) : close()), ms); // prettier-ignore
  };
  if (ms > 0) wait();
  return () => {
    hasAnswer = true;
    clearTimeout(timer);
  };
}

/** The reason why a connection was closed last. The queries that fail because of that have other errors. */
const silent = new WeakMap<Pool, Error>();

export const silenceOf = (pool: Pool): Error | undefined => silent.get(pool);

/** Whether PostgreSQL answers on a new connection. */
async function answers({ connectionString, connectionTimeoutMillis }: PoolConfig): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis, query_timeout: SILENCE_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    // For example, it may have too many connections.
    return error instanceof DatabaseError;
  } finally {
    void client.end().catch(() => undefined);
  }
}

/** Runs an update of the tables, and the wait for that of another server. Both take long where there are many rows. */
export async function whileUpdating<R>(pool: Pool, update: () => Promise<R>): Promise<R> {
  inUpdate.add(pool);
  return update().finally(() => inUpdate.delete(pool));
}

/** Statements for each transaction of a pool behind a proxy that drops session settings, such as PgBouncer in transaction mode. */
const lostSettings = new WeakMap<Pool, string>();

export const isBehindProxy = (pool: Pool): boolean => lostSettings.has(pool);

/**
 * Checks whether session timeouts reach the server. If not, each transaction of `pool` sets them, and the `search_path` of
 * now. `pg_dump` empties the path of its session, and a proxy gives the same connection to the site.
 */
export async function findTimeouts(pool: Pool): Promise<void> {
  // A query of the pool itself would wait without end.
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ lock: string; statementMs: number; path: string }>(
      `select current_setting('lock_timeout') as lock, current_setting('search_path') as path,
        (select cast(setting as integer) from pg_settings where name = 'statement_timeout') as "statementMs"`,
    );
    const [{ lock, statementMs, path } = { lock: '', statementMs: 0, path: '' }] = rows;
    if (lock === `${TIMEOUTS.lock_timeout / 1_000}s`) {
      answerTimes.set(pool, statementMs > 0 ? statementMs + SILENCE_MS : 0);
      return;
    }
    const settings = Object.entries(TIMEOUTS).map(([name, value]) => `set local ${name} = ${value}`);
    // In `set`, some names of schemas need quotes. The current path may have them without.
    settings.push(path ? `select pg_catalog.set_config('search_path', ${escapeLiteral(path)}, true)` : 'set local search_path = default'); // prettier-ignore
    lostSettings.set(pool, settings.join('; '));
  } finally {
    client.release();
  }
}

type Query = (...args: unknown[]) => Promise<unknown>;

/** Connections that are in a transaction. */
const inTransaction = new WeakSet<Query>();

/** Sends the settings with `begin`, and wraps a single statement in a transaction, without an extra round trip. */
async function withSettings(query: Query, args: unknown[], settings: string): Promise<unknown> {
  const [first] = args as [string | { text: string }];
  const text = typeof first === 'string' ? first : first.text;
  if (/^(begin|start transaction)\b/i.test(text)) {
    inTransaction.add(query);
    const [begun] = (await query(`${text}; ${settings}`)) as unknown[];
    return begun;
  }
  const isInside = inTransaction.has(query);
  if (/^(commit|rollback)$/i.test(text)) inTransaction.delete(query);
  if (isInside) return query(...args);
  const sent = await Promise.allSettled([query(`begin; ${settings}`), query(...args), query('commit')]);
  const failed = sent.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return (sent[1] as PromiseFulfilledResult<unknown>).value;
}

/**
 * Wraps the client: its errors become StoreFaults, and NUL becomes U+FFFD, because PostgreSQL stores no NUL in text.
 */
function wrapClient(client: PoolClient, pool: Pool): Query {
  // A lost connection fails its queries. Without this listener the event would end the process.
  client.on('error', () => undefined);
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  return (text, values, ...more) => {
    const args = text as string | { values?: unknown[] };
    if (typeof args === 'object' && args.values) args.values = withoutNul(args.values);
    const result = query(text, Array.isArray(values) ? withoutNul(values) : values, ...more);
    if (!(result instanceof Promise)) return result;
    const end = closeIfSilent(pool, stream);
    return result
      .catch((error: unknown) => {
        throw asFault(error);
      })
      .finally(end);
  };
}

const withoutNul = (values: unknown[]): unknown[] =>
  values.map((value) => (typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value));
