/**
 * How long a statement, a lock and an idle transaction may take, with and without a proxy between the site and its
 * PostgreSQL.
 */
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { preparedPipelined, type Values } from '../../../src/record/db/prepared.ts';
import { findSubmission } from '../../../src/record/submissions/submissions.ts';
import { checkSetup } from '../../../src/operate/doctor.ts';
import { checked } from '../../operate/checked-setup.ts';
import { notChecked } from '../../helpers/openapi/openapi.ts';
import { createDatabase, startPostgres, type Postgres } from '../../helpers/postgres/postgres.ts';
import {
  dropTimeouts,
  hasPgBouncer,
  openWire,
  startPgBouncer,
  type Pooler,
  type Wire,
} from '../../helpers/postgres/poolers.ts';
import { draft, temporaryFolder } from '../../helpers/database.ts';

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const TOLD = { statement: '30s', lock: '10s', idle: '30s' };

async function timeouts(db: Database): Promise<unknown> {
  const { rows } = await sql`
    select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle`.execute(db.query);
  return rows[0];
}

const BETWEEN: Record<string, (url: string) => Promise<Pooler>> = {
  nothing: async (url) => ({ url, stop: async () => undefined }),
  'a pooler that drops what a connection begins with': dropTimeouts,
  ...(hasPgBouncer() && { 'PgBouncer in transaction mode': startPgBouncer }),
};

if (!hasPgBouncer()) notChecked('timeouts behind PgBouncer', 'it is not installed here (apt-get install pgbouncer)');

/** A new database, and the address of the program before it. The end of a test closes all that these three functions open. */
async function behind(name: string, start: (url: string) => Promise<Pooler>): Promise<{ url: string; pooled: string }> {
  const url = server.url(name);
  await createDatabase(url);
  const pooler = await start(url);
  onTestFinished(() => pooler.stop());
  return { url, pooled: pooler.url };
}

async function openAt(url: string): Promise<Database> {
  const db = await openDatabase(url);
  onTestFinished(() => closeDatabase(db));
  return db;
}

/** A connection of another program. */
async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describe.each(Object.entries(BETWEEN))('with %s between', (between, start) => {
  it('has its timeouts in each transaction and for each statement by itself, and stores as ever', async () => {
    const { pooled } = await behind(`timeouts_${Object.keys(BETWEEN).indexOf(between)}`, start);
    const db = await openAt(pooled);
    // More at once than there are connections, so that each is used by several.
    const seen = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? timeouts(db) : db.transaction(timeouts, { locksRow: n % 4 === 0 })))); // prettier-ignore
    expect(seen).toEqual(Array.from({ length: 40 }, () => TOLD));
    const { id } = await db.transaction((trx) => draft(trx));
    expect((await findSubmission(db, id))?.id).toBe(id);
    // A statement that fails, alone or in a transaction, leaves the connection as good as before.
    for (let n = 0; n < 20; n++) {
      await expect(sql`select 1 / 0`.execute(db.query)).rejects.toMatchObject({ code: '22012' });
      await expect(db.transaction((trx) => sql`select 1 / 0`.execute(trx.query))).rejects.toMatchObject({ code: '22012' }); // prettier-ignore
      await expect(draft(db, { id })).rejects.toMatchObject({ code: '23505' });
    }
    const told = await db.transaction((trx) => draft(trx).then(() => Promise.reject(new Error('no')))).catch(String);
    expect(told).toBe('Error: no');
    expect(await db.query.selectFrom('submissions').select('id').execute()).toEqual([{ id }]);
    expect(await timeouts(db)).toEqual(TOLD);
  });

  it('stores all of many transactions that conflict, with statements that are sent behind one that fails', async () => {
    const { pooled } = await behind(`conflicts_${Object.keys(BETWEEN).indexOf(between)}`, start);
    const db = await openAt(pooled);
    const { id } = await draft(db);
    const setParams = preparedPipelined((on, value: Values<{ id: string; params: string }>) => on.query.updateTable('submissions').set({ params: value('params') }).where('id', '=', value('id'))); // prettier-ignore
    // Each connection meets them for the first time.
    const others = Array.from({ length: 60 }, (_, n) => preparedPipelined((on, value: Values<{ id: string }>) => on.query.updateTable('tallies').set({ day: `day ${n}` }).where('form', '=', value('id')))); // prettier-ignore
    const conflicting = (at: number) =>
      db.transaction(async (trx) => {
        const { params } = await trx.query.selectFrom('submissions').select('params').where('id', '=', id).executeTakeFirstOrThrow(); // prettier-ignore
        const next = (JSON.parse(params) as { n?: number }).n ?? 0;
        const sent = [setParams(trx, { id, params: JSON.stringify({ n: next + 1 }) })];
        for (let n = 0; n < 4; n++) sent.push(others[(at + n) % 60]?.(trx, { id }) ?? Promise.resolve());
        await Promise.all(sent);
      });
    await Promise.all(Array.from({ length: 60 }, (_, at) => conflicting(at)));
    expect(await db.query.selectFrom('submissions').select('params').execute()).toEqual([{ params: '{"n":60}' }]);
  });
});

it('closes a connection on which PostgreSQL stays silent, and works again', async () => {
  const url = server.url('silent');
  await createDatabase(url);
  const wire = await openWire(url);
  onTestFinished(() => wire.stop());
  const db = await openAt(wire.url);
  await draft(db);
  wire.silence();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const lost = expect(draft(db)).rejects.toMatchObject({ kind: 'gone' });
  // The query is sent by then.
  await setImmediate();
  vi.advanceTimersByTime(40_000);
  await lost;
  vi.useRealTimers();
  const { id } = await draft(db);
  expect((await findSubmission(db, id))?.id).toBe(id);
});

it('waits longer for an answer where DATABASE_URL gives statements more time', async () => {
  const wire = await behindWire('patient');
  const db = await openAt(`${wire.url}?statement_timeout=60000`);
  wire.silence();
  let isLost = false;
  const lost = draft(db).catch(() => (isLost = true));
  await setImmediate();
  vi.advanceTimersByTime(69_000);
  await setImmediate();
  expect(isLost).toBe(false);
  vi.advanceTimersByTime(1_000);
  await lost;
  expect(isLost).toBe(true);
});

/** A database behind a wire, and timers that only move when the test moves them. */
async function behindWire(name: string): Promise<Wire> {
  const url = server.url(name);
  await createDatabase(url);
  const wire = await openWire(url);
  onTestFinished(() => wire.stop());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return wire;
}

/** Moves the timers until `run` ends. */
async function movingTime<R>(run: Promise<R>): Promise<R> {
  let isEnded = false;
  const ended = run.finally(() => (isEnded = true));
  for (let seconds = 0; !isEnded && seconds < 600; seconds++) {
    vi.advanceTimersByTime(1_000);
    for (let rounds = 0; rounds < 20; rounds++) await setImmediate();
  }
  return ended;
}

const SILENT_FROM = ["current_setting('lock_timeout')", 'kysely_migration_lock', 'for update', 'alter table'];

it.each(SILENT_FROM)('does not open, and says why, where PostgreSQL stays silent from %s on', async (statement) => {
  const wire = await behindWire(`silent_${SILENT_FROM.indexOf(statement)}`);
  const silent = wire.silenceAt(statement);
  const opening = openDatabase(wire.url).then(() => 'opened', (error: Error) => error.message); // prettier-ignore
  await silent;
  expect(await movingTime(opening)).toMatch(/^PostgreSQL at 127\.0\.0\.1:\d+ cannot be used: it gave no answer for 40 seconds\. Check that it is running and reachable\. The address is in DATABASE_URL\.$/); // prettier-ignore
});

it('waits for the update of another server as long as PostgreSQL answers', async () => {
  const wire = await behindWire('long_update');
  await closeDatabase(await openDatabase(wire.url));
  const other = await connectTo(wire.url);
  await other.query('begin');
  await other.query('select id from kysely_migration_lock for update');
  const waits = wire.seen('for update');
  const opening = openDatabase(wire.url);
  await waits;
  const isAsked = wire.seen('select 1');
  vi.advanceTimersByTime(40_000);
  await isAsked;
  vi.useRealTimers();
  await other.query('commit');
  await closeDatabase(await opening);
});

it('ends the check of the doctor, and says why, where PostgreSQL stays silent', async () => {
  const wire = await behindWire('silent_doctor');
  const silent = wire.silenceAt('to_regclass');
  const checking = checkSetup({ ...checked, dataDir: temporaryFolder(), databaseUrl: wire.url, postgres: true });
  await silent;
  expect((await movingTime(checking)).filter(({ level }) => level === 'error').map(({ message }) => message)).toContain(
    'PostgreSQL accepts connections, but gave no answer for 30 seconds. Check PostgreSQL and the network to it.',
  );
});

it.skipIf(!hasPgBouncer())(
  'refuses a request soon where others have all connections of PgBouncer, and works again',
  async () => {
    const { pooled } = await behind('taken', (address) => startPgBouncer(address, 1));
    const db = await openAt(pooled);
    const other = await connectTo(pooled);
    await other.query('begin');
    const refused = await Promise.allSettled([draft(db), db.transaction((trx) => draft(trx))]);
    expect(refused).toMatchObject(Array(2).fill({ status: 'rejected', reason: { kind: 'busy' } }));
    await other.query('commit');
    const { id } = await draft(db);
    expect(await db.query.selectFrom('submissions').select('id').execute()).toEqual([{ id }]);
  },
);

it.skipIf(!hasPgBouncer())(
  'has a request wait for an open connection where PgBouncer allows no more of them',
  async () => {
    const { pooled } = await behind('few', (address) => startPgBouncer(address, 20, 3));
    const db = await openAt(pooled);
    await Promise.all(Array.from({ length: 40 }, () => draft(db)));
    expect(await db.query.selectFrom('submissions').select('id').execute()).toHaveLength(40);
  },
);

it.skipIf(!hasPgBouncer()).each(['public', '"Forms", public', 'my-schema, public', '"$user"', `"it's", "my-schema"`])(
  'works on a connection of PgBouncer that pg_dump had before, with the search path %s',
  async (searchPath) => {
    const { pooled } = await behind(`dumped_${searchPath.replaceAll(/\W/g, '_')}`, (address) =>
      startPgBouncer(address, 1),
    );
    const other = await connectTo(pooled);
    for (const schema of ['Forms', 'my-schema', `it's`, 'flipsite']) await other.query(`create schema "${schema}"`);
    // As the setting `connect_query` of PgBouncer, or postgresql.conf, may do.
    const setPath = () => other.query(`select pg_catalog.set_config('search_path', $1, false)`, [searchPath]);
    await setPath();
    const db = await openAt(pooled);
    await draft(db);
    // As pg_dump does before its transaction.
    await other.query(`select pg_catalog.set_config('search_path', '', false)`);
    await other.query('set statement_timeout = 0');
    const { id } = await db.transaction((trx) => draft(trx));
    expect((await findSubmission(db, id))?.id).toBe(id);
    expect(await timeouts(db)).toEqual(TOLD);
    await setPath();
    expect((await other.query('select id from submissions')).rowCount).toBe(2);
  },
);

it.skipIf(!hasPgBouncer())('starts on a connection of PgBouncer that pg_dump had before', async () => {
  const { pooled } = await behind('dumped_before', (address) => startPgBouncer(address, 1));
  const other = await connectTo(pooled);
  await other.query(`select pg_catalog.set_config('search_path', '', false)`);
  const db = await openAt(pooled);
  const { id } = await draft(db);
  expect((await findSubmission(db, id))?.id).toBe(id);
});

it.skipIf(!hasPgBouncer())('reads and writes behind PgBouncer after another server has changed a table', async () => {
  const { url, pooled } = await behind('changed', (address) => startPgBouncer(address, 2));
  const db = await openAt(pooled);
  const other = await connectTo(url);
  const { id } = await draft(db);
  const read = () => Promise.all(Array.from({ length: 8 }, (_, n) => (n % 2 ? findSubmission(db, id) : db.transaction((trx) => findSubmission(trx, id))))); // prettier-ignore
  await read();
  for (const column of ['one', 'two']) {
    await other.query(`alter table submissions add column ${column} text`);
    expect((await read()).map((found) => found?.id)).toEqual(Array(8).fill(id));
  }
});
