/** A database of a site that runs, with the table names of before, gets the new names and keeps every row. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { beforeEach, describe, expect, it } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { postgresEngine } from '../../../src/record/db/postgres.ts';
import { openPool } from '../../../src/record/db/postgres-pool.ts';
import { plainKysely } from '../../../src/record/db/sqlite.ts';
import { openSqlite } from '../../../src/record/db/sqlite-file.ts';
import type { Tables } from '../../../src/record/db/tables.ts';
import { listAttempts } from '../../../src/record/deliveries.ts';
import { countDeliveries, listDeliveries } from '../../../src/record/delivery-queries.ts';
import { newId } from '../../../src/record/ids.ts';
import { enqueue, leaseDue } from '../../../src/record/jobs/jobs.ts';
import { migrations } from '../../../src/record/migrations/migrations.ts';
import { countByForm } from '../../../src/record/submissions/tallies.ts';
import { findHolder } from '../../../src/record/submissions/unique-answers.ts';
import { LONG, someOf } from '../../helpers/run/long.ts';
import { emptyPostgresFor } from '../../helpers/postgres/postgres.ts';
import { afterwards, later, NOW, temporaryFolder } from '../../helpers/database.ts';

const BEFORE = '2026-11-27-which-count';
const SUBMISSIONS = LONG ? 3_000 : 400;
const at = NOW.toISOString();

/** Every table that gets another name, or has a column that does: by its old name, with the new names. */
const RENAMED: Record<string, { table: string; columns: Record<string, string> }> = {
  owed: { table: 'jobs', columns: { wanted: 'generation' } },
  taken: { table: 'unique_answers', columns: {} },
  linked: { table: 'account_data', columns: {} },
  tallies: { table: 'tallies', columns: { slot: 'shard', held: 'quarantined' } },
  submissions: { table: 'submissions', columns: { acts: 'write_count' } },
  deliveries: { table: 'deliveries', columns: { once: 'dedupe_key' } },
  attempts: { table: 'attempts', columns: { said: 'message' } },
  invitations: { table: 'invitations', columns: { given: 'prefill' } },
  providers: { table: 'providers', columns: { asked_at: 'fetched_at' } },
};

type Row = Record<string, unknown>;

/** The rows of a loaded site in these tables, by their old names. */
function rowsOfBefore(): Record<string, Row[]> {
  const rows: Record<string, Row[]> = Object.fromEntries(Object.keys(RENAMED).map((table) => [table, []]));
  const [accounts, form]: [Row[], string] = [[], 'driver'];
  for (let number = 0; number < SUBMISSIONS; number++) {
    const id = newId(later(number));
    const own = { submission_id: id, created_at: at };
    rows['submissions']!.push({ id, form, version: 'v1', language: 'en', params: '{}', answers: `{"n":${number}}`, created_at: at, updated_at: at, submitted_at: number % 3 ? at : null, acts: number % 7 }); // prettier-ignore
    accounts.push({ account_id: `a-${number}`, ...own, screen: 's', provider_id: 'grab', status: 'CONNECTED', confirmed: 1, status_at: at, updated_at: at }); // prettier-ignore
    rows['linked']!.push({ account_id: `a-${number}`, data_point: 'incomes', submission_id: id, sealed: `sealed ${number}`, items: 2, read_at: at }); // prettier-ignore
    rows['owed']!.push({ id: newId(later(number)), kind: 'delivery', subject: `d-${number}`, ...own, data: '{}', wanted: 1 + (number % 4), attempts: number % 5, due_at: later(number).toISOString(), failed_at: number % 11 ? null : at }); // prettier-ignore
    rows['taken']!.push({ form, key_hash: `hash ${number}`, submission_id: id });
    rows['deliveries']!.push({ id: `d-${number}`, form, ...own, channel: 'email', target: 'ops@acme.example', cause: 'submitted', once: number % 2 ? `once ${number}` : null, status: ['waiting', 'sent', 'failed', 'kept'][number % 4] }); // prettier-ignore
    rows['attempts']!.push({ id: newId(later(number)), delivery_id: `d-${number}`, at, ok: 0, status: 500, said: `Answered ${number}`, took_ms: 7 }); // prettier-ignore
    rows['invitations']!.push({ id: `i-${number}`, form, name: 'Ana', email: `${number}@mail.example`, language: 'en', via: 'mail', given: `sealed ${number}`, member_id: 'm', created_at: at, expires_at: at }); // prettier-ignore
  }
  for (const slot of [0, 1, 1_000])
    rows['tallies']!.push({ form, day: '', slot, started: 1_000, connected: 1, submitted: 2, completed: 3, held: 4, deleted: 5 }); // prettier-ignore
  rows['providers']!.push({ id: 'grab', name: 'Grab', asked_at: at });
  const { submissions = [], ...others } = rows;
  return { submissions, accounts, ...others };
}

type Address = { url: string; postgres: boolean };

async function insert(db: Kysely<Tables>, postgres: boolean, table: string, rows: Row[]): Promise<void> {
  const names = Object.keys(rows[0]!);
  const columns = sql.join(names.map((name) => sql.ref(name)));
  const json = JSON.stringify(rows);
  const from = postgres
    ? sql`select ${columns} from json_populate_recordset(null::${sql.table(table)}, cast(${json} as json))`
    : sql`select ${sql.join(names.map((name) => sql`value ->> ${sql.lit(`$.${name}`)}`))} from json_each(${json})`;
  await sql`insert into ${sql.table(table)} (${columns}) ${from}`.execute(db);
}

/** A database with the names of before, filled. */
async function openedBefore(): Promise<Address & { stored: Record<string, Row[]> }> {
  const path = join(temporaryFolder(), 'flipsite.db');
  const place = await emptyPostgresFor(path);
  const [url, postgres] = [place ?? path, place !== undefined];
  const sqlite = postgres ? undefined : openSqlite(path);
  const engine = postgres ? postgresEngine(openPool(url)) : undefined;
  const db = engine?.autocommit.kysely ?? plainKysely(sqlite!);
  const migrate = (on: Kysely<Tables>) =>
    new Migrator({ db: on, provider: { getMigrations: async () => migrations } }).migrateTo(BEFORE);
  const { error } = postgres ? await db.transaction().execute(migrate) : await migrate(db);
  if (error) throw error;
  for (const [table, rows] of Object.entries(rowsOfBefore())) await insert(db, postgres, table, rows);
  const stored = Object.fromEntries(
    await Promise.all(Object.keys(RENAMED).map(async (table) => [table, await allOf(db, table)] as const)),
  );
  await engine?.close();
  sqlite?.close();
  return { url, postgres, stored };
}

const allOf = async (db: Kysely<Tables>, table: string): Promise<Row[]> =>
  (await sql<Row>`select * from ${sql.table(table)}`.execute(db)).rows;

const sorted = (rows: Row[]): string[] => rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted();

function renamed(table: string, rows: Row[]): Row[] {
  const { columns } = RENAMED[table]!;
  // A later migration gives this status its plain name.
  const nowOf = (value: unknown) => (value === 'kept' ? 'held' : value);
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [columns[name] ?? name, nowOf(value)]))); // prettier-ignore
}

async function expectAllRows(db: Database, stored: Record<string, Row[]>): Promise<void> {
  for (const [table, rows] of Object.entries(stored)) {
    const now = await allOf(db.query, RENAMED[table]!.table);
    expect(now.length, table).toBe(rows.length);
    const before = renamed(table, rows);
    // Later migrations add columns.
    const kept = now.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name in before[0]!)));
    expect(sorted(kept), table).toEqual(sorted(before));
  }
}

/** Names of indexes and constraints: none may still have a name of before. */
async function names(db: Database): Promise<string[]> {
  const query =
    db.engine.kind === 'postgres'
      ? sql<{ name: string }>`select indexname as name from pg_indexes where schemaname = 'public'
          union select conname from pg_constraint`
      : sql<{ name: string }>`select name from sqlite_schema`;
  return (await query.execute(db.query)).rows.map(({ name }) => name).toSorted();
}

/** Another process that opens the database; it ends by itself, unless it stops in the middle. */
function startServer(url: string, ...statements: string[]) {
  const program = join(import.meta.dirname, 'open-and-stop.ts');
  const child = spawn(process.execPath, [program, url, ...statements], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  afterwards(() => child.exitCode ?? child.signalCode ?? child.kill('SIGKILL'));
  return { child, ended };
}

let before: Awaited<ReturnType<typeof openedBefore>>;
beforeEach(async () => {
  before = await openedBefore();
});

describe('a database with the names of before', () => {
  it('keeps every row, and the site goes on with them', async () => {
    const db = await openDatabase(before.url);
    await expectAllRows(db, before.stored);
    expect((await names(db)).filter((name) => /owed|taken|linked|once/.test(name.replace('submission_id', '')))).toEqual([]); // prettier-ignore

    expect((await countByForm(db)).get('driver')).toMatchObject({ started: 3_000, quarantined: 12 });
    expect(await countDeliveries(db)).toMatchObject({ waiting: SUBMISSIONS / 4, held: SUBMISSIONS / 4 });
    const { items } = await listDeliveries(db, { statuses: ['waiting'] }, { limit: 1 });
    expect(items).toMatchObject([{ tries: 1, next: expect.any(String) }]);
    expect(await listAttempts(db, 'd-7')).toMatchObject([{ message: 'Answered 7' }]);
    expect(await findHolder(db, 'driver', ['hash 7'])).toBe(before.stored['submissions']![7]!['id']);
    const [lease] = await leaseDue(db, { kind: 'delivery', lane: null, max: 1, leaseMs: 1_000 }, later(SUBMISSIONS));
    await enqueue(db, { kind: 'delivery', subject: lease!.job.subject }, later(SUBMISSIONS));
    const [again] = await leaseDue(
      db,
      { kind: 'delivery', lane: null, max: 1, leaseMs: 1_000 },
      later(SUBMISSIONS + 2),
    );
    expect(again).toMatchObject({ job: { subject: lease!.job.subject }, generation: lease!.generation + 1 });
    await closeDatabase(db);
  });

  it.each(someOf([1, 2, 9, 16], 2))(
    'is finished by the next start when a server is killed after %i statements',
    async (number) => {
      const { child, ended } = startServer(before.url, String(number));
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      expect(line.toString()).toBe('stopped\n');
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);

      const db = await openDatabase(before.url);
      await expectAllRows(db, before.stored);
      await closeDatabase(db);
    },
  );

  it('is brought up to date once when two servers start at the same time', async () => {
    const servers = [startServer(before.url), startServer(before.url)];
    expect(await Promise.all(servers.map(({ ended }) => ended))).toEqual([[0, null], [0, null]]); // prettier-ignore

    const db = await openDatabase(before.url);
    await expectAllRows(db, before.stored);
    await closeDatabase(db);
  });
});
