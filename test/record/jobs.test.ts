import { StatementSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { openDatabase, closeDatabase, type Database } from '../../src/record/db/database.ts';
import { enqueueDeliveries } from '../../src/record/deliveries.ts';
import {
  listJobs,
  enqueue,
  enqueueAll,
  complete,
  countDueJobs,
  leaseDue,
  type NewJob,
} from '../../src/record/jobs/jobs.ts';
import {
  PermanentFailure,
  LEASE_MS,
  MINUTELY,
  RetryAfter,
  openWorker,
  runDue,
  type JobHandlers,
} from '../../src/record/jobs/worker.ts';
import { answerAs, currentClient } from '../../src/site-limits/counting/current-client.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { draft, later, NOW, SECRET, temporaryDatabase, temporaryFolder, temporarySqlite } from '../helpers/database.ts';

const quiet = { warn: () => {} };
const TAKE = { kind: 'mail', lane: null, max: 10, leaseMs: LEASE_MS };

const take = async (db: Database, now = NOW) => (await leaseDue(db, TAKE, now)).map(({ job }) => job.subject);

const due = (db: Database, jobs: JobHandlers, now: Date, random = () => 1) =>
  runDue({ db, jobs, now: () => now, log: quiet, random });

describe('a job', () => {
  it('is not in the queue when the transaction that enqueues it fails', async () => {
    const db = await temporaryDatabase();
    const failing = db.transaction(async (trx) => {
      await enqueue(trx, { kind: 'mail', subject: 'a' }, NOW);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await take(db)).toEqual([]);
  });

  it('is taken when it is due, the longest due first', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'late', dueAt: later(10) }, NOW);
    await enqueue(db, { kind: 'mail', subject: 'second', dueAt: later(2) }, NOW);
    await enqueue(db, { kind: 'mail', subject: 'first', dueAt: later(1) }, NOW);
    await enqueue(db, { kind: 'other', subject: 'not ours' }, NOW);
    expect((await take(db, later(5))).sort()).toEqual(['first', 'second']);
  });

  it('is taken alone where one is asked for, also after a restore of a small table', async () => {
    const db = await temporaryDatabase();
    for (const subject of ['a', 'b', 'c']) await enqueue(db, { kind: 'mail', subject }, NOW);
    // An index that was built over so few rows changes the plan of PostgreSQL.
    await sql`reindex ${sql.raw(db.engine.kind === 'postgres' ? 'table jobs' : 'jobs')}`.execute(db.query);
    for (const left of [2, 1, 0]) {
      expect(await leaseDue(db, { ...TAKE, max: 1 }, NOW)).toHaveLength(1);
      const free = db.query.selectFrom('jobs').select('id').where('leased_until', 'is', null);
      expect(await free.execute()).toHaveLength(left);
    }
  });

  it('counts as late only while it is due and does not run', async () => {
    const db = await temporaryDatabase();
    expect(await countDueJobs(db, NOW, 10)).toEqual({ due: 0, oldestDueAt: null });
    for (const n of [1, 2, 30]) await enqueue(db, { kind: 'mail', subject: String(n), dueAt: later(n) }, NOW);
    expect(await countDueJobs(db, later(5), 10)).toEqual({ due: 2, oldestDueAt: later(1).toISOString() });
    expect(await countDueJobs(db, later(5), 1)).toEqual({ due: 1, oldestDueAt: later(1).toISOString() });
    expect(await take(db, later(5))).toHaveLength(2);
    expect(await countDueJobs(db, later(5), 10)).toEqual({ due: 0, oldestDueAt: null });
  });

  it('of each of many deliveries is stored in few statements, for which other writes wait', async () => {
    const db = await temporarySqlite();
    const runs = (['run', 'all', 'get'] as const).map((name) => vi.spyOn(StatementSync.prototype, name));
    const target = 'ana@mail.example';
    const many = Array.from({ length: 1_000 }, () => ({ form: 'driver', channel: 'email', target, cause: 'invited' }) as const); // prettier-ignore
    await enqueueDeliveries(db, many, NOW);
    const statements = runs.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    for (const spy of runs) spy.mockRestore();
    expect(statements).toBeLessThan(20);
    expect(await countDueJobs(db, NOW, 2_000)).toMatchObject({ due: 1_000 });
  });

  it('is one piece of work, due at the earliest time, after any number of requests', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await enqueue(db, { kind: 'mail', subject: 'a', submissionId: id, dueAt: later(9), data: { n: 1 } }, NOW);
    await enqueue(db, { kind: 'mail', subject: 'a', submissionId: id, dueAt: later(3), data: { n: 2 } }, NOW);
    await enqueue(db, { kind: 'mail', subject: 'a', submissionId: id, dueAt: later(7), data: { n: 3 } }, NOW);
    expect(await listJobs(db, id)).toMatchObject([{ dueAt: later(3).toISOString(), data: { n: 3 } }]);
  });

  it('is taken by one of two servers, and by the other when that one has died', async () => {
    const file = `${temporaryFolder()}/shared.db`;
    const path = (await postgresFor(file)) ?? file;
    const [one, two] = [await temporaryDatabase(path), await openDatabase(path, [SECRET])];
    for (let n = 0; n < 20; n++) await enqueue(one, { kind: 'mail', subject: String(n) }, NOW);
    const taken = (await Promise.all([take(one), take(two), take(one), take(two)])).flat();
    expect(taken.sort()).toEqual(Array.from({ length: 20 }, (_, n) => String(n)).sort());
    expect(await take(two, later(1))).toEqual([]);
    expect(await take(two, later(LEASE_MS / 1000))).toHaveLength(10);
    await closeDatabase(two);
  });

  it('keeps the time it was given while it was being done, when it is put off', async () => {
    const db = await temporaryDatabase();
    const jobs: JobHandlers = {
      mail: {
        backoff: [],
        async run() {
          await enqueue(db, { kind: 'mail', subject: 'a', dueAt: later(5) }, NOW);
          return { again: later(1000) };
        },
      },
    };
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    await due(db, jobs, NOW);
    expect(await take(db, later(5))).toEqual(['a']);
  });

  it('is done once more when it was requested again during the work', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    const [lease] = await leaseDue(db, TAKE, NOW);
    await enqueue(db, { kind: 'mail', subject: 'a', data: { newer: true } }, later(1));
    await complete(db, lease!, later(2));
    const [again] = await leaseDue(db, TAKE, later(2));
    expect(again?.job.data).toEqual({ newer: true });
    await complete(db, again!, later(3));
    expect(await take(db, later(999))).toEqual([]);
  });

  it('is done once more when it was requested again during work that failed for good, with all its attempts', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    const requestAgain = async () => {
      await enqueue(db, { kind: 'mail', subject: 'a' }, later(1));
      throw new PermanentFailure('gone');
    };
    await due(db, { mail: { backoff: [], run: requestAgain } }, NOW);
    const [again] = await leaseDue(db, TAKE, later(2));
    expect(again?.job).toMatchObject({ subject: 'a', attempts: 0, failedAt: null });
  });

  it('has all its attempts when it was requested again during an attempt that failed', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    const requestAgain = async () => {
      await enqueue(db, { kind: 'mail', subject: 'a' }, later(1));
      throw new Error('later');
    };
    await due(db, { mail: { backoff: [50_000], run: requestAgain } }, NOW);
    const [again] = await leaseDue(db, TAKE, later(2));
    expect(again?.job).toMatchObject({ subject: 'a', attempts: 0 });
  });

  it('is not settled by a server whose lease has run out', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    const [slow] = await leaseDue(db, TAKE, NOW);
    const [other] = await leaseDue(db, TAKE, later(LEASE_MS / 1000));
    await complete(db, slow!, later(500));
    expect(await take(db, later(1000))).toEqual(['a']);
    expect(other?.job.subject).toBe('a');
  });
});

describe('the worker', () => {
  it('tries again by the plan, then keeps the work as failed, with the error', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await enqueue(db, { kind: 'mail', subject: 'a', submissionId: id }, NOW);
    let tries = 0;
    const jobs: JobHandlers = {
      mail: {
        backoff: [10_000, 60_000],
        async run() {
          throw new Error(`refused ${++tries}`);
        },
      },
    };
    expect(await due(db, jobs, NOW)).toBe(1);
    expect(await due(db, jobs, later(9))).toBe(0);
    expect(await due(db, jobs, later(10))).toBe(1);
    expect(await due(db, jobs, later(69))).toBe(0);
    expect(await due(db, jobs, later(70))).toBe(1);
    expect(await due(db, jobs, later(99_999))).toBe(0);
    expect(await listJobs(db, id)).toMatchObject([
      { attempts: 3, error: 'refused 3', failedAt: later(70).toISOString() },
    ]);
  });

  it('never fails for good where its plan does not end', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    await db.query.updateTable('jobs').set({ attempts: 1_000_000 }).execute();
    await due(db, { mail: { backoff: MINUTELY, run: () => Promise.reject(new Error('no')) } }, NOW);
    expect(await db.query.selectFrom('jobs').select(['attempts', 'due_at', 'failed_at']).execute()).toEqual([
      { attempts: 1_000_001, due_at: later(60).toISOString(), failed_at: null },
    ]);
  });

  it('comes back between half a wait and the whole', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    const jobs: JobHandlers = { mail: { backoff: [10_000], run: () => Promise.reject(new Error('no')) } };
    await due(db, jobs, NOW, () => 0);
    expect(await due(db, jobs, later(4))).toBe(0);
    expect(await due(db, jobs, later(5))).toBe(1);
  });

  it('waits for as long as the other side asks for', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, NOW);
    const jobs: JobHandlers = {
      mail: { backoff: [1_000], run: () => Promise.reject(new RetryAfter('busy', later(50))) },
    };
    await due(db, jobs, NOW);
    expect(await due(db, jobs, later(49))).toBe(0);
    expect(await due(db, jobs, later(50))).toBe(1);
  });

  it('stops at once where no try can help, and starts again at the next request', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const mail = { kind: 'mail', subject: 'a', submissionId: id };
    await enqueue(db, mail, NOW);
    const jobs: JobHandlers = { mail: { backoff: [1_000], run: () => Promise.reject(new PermanentFailure('gone')) } };
    await due(db, jobs, NOW);
    expect(await listJobs(db, id)).toMatchObject([{ error: 'gone', failedAt: NOW.toISOString() }]);
    await enqueue(db, mail, later(5));
    expect(await listJobs(db, id)).toMatchObject([{ attempts: 0, error: null, failedAt: null }]);
    expect(await take(db, later(5))).toEqual(['a']);
  });

  it('delays work that is not ready, which is no failure', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await enqueue(db, { kind: 'mail', subject: 'a', submissionId: id }, NOW);
    const jobs: JobHandlers = { mail: { backoff: [], run: async () => ({ again: later(30) }) } };
    await due(db, jobs, NOW);
    expect(await listJobs(db, id)).toMatchObject([{ attempts: 0, error: null, dueAt: later(30).toISOString() }]);
  });

  it('does the jobs from before its start and from its run, and ends after the current one', async () => {
    const db = await temporaryDatabase();
    const done: string[] = [];
    const jobs: JobHandlers = {
      mail: {
        backoff: [],
        async run({ subject }) {
          await new Promise((go) => setTimeout(go, 20));
          done.push(subject);
        },
      },
    };
    await enqueue(db, { kind: 'mail', subject: 'before' }, NOW);
    const worker = openWorker({ db, jobs, now: () => NOW, log: quiet });
    await expect.poll(() => done).toEqual(['before']);
    await enqueue(db, { kind: 'mail', subject: 'after' }, NOW);
    worker.wake();
    await expect.poll(() => done).toEqual(['before', 'after']);
    await worker.close();
    await enqueue(db, { kind: 'mail', subject: 'too late' }, NOW);
    expect(await take(db)).toEqual(['too late']);
  });

  it('does its work as that of the site, also where a request has opened it', async () => {
    const db = await temporaryDatabase();
    const clients: string[] = [];
    const jobs: JobHandlers = { mail: { backoff: [], run: async () => void clients.push(currentClient()) } };
    await enqueue(db, { kind: 'mail', subject: 'before' }, NOW);
    const open = () => openWorker({ db, jobs, now: () => NOW, log: quiet });
    const worker = answerAs('203.0.113.7', open);
    await expect.poll(() => clients).toEqual(['']);
    await worker.close();
  });

  it('does not start the same work twice, when the clock is set past the end of its lease', async () => {
    const db = await temporaryDatabase();
    const done: string[] = [];
    let now = NOW;
    let end = () => {};
    const jobs: JobHandlers = {
      mail: {
        backoff: [],
        async run({ subject }) {
          done.push(subject);
          if (subject === 'slow') await new Promise<void>((go) => (end = go));
        },
      },
    };
    await enqueue(db, { kind: 'mail', subject: 'slow' }, NOW);
    const worker = openWorker({ db, jobs, now: () => now, log: quiet });
    await expect.poll(() => done).toEqual(['slow']);
    now = later(3600);
    await enqueue(db, { kind: 'mail', subject: 'other' }, now);
    worker.wake();
    await expect.poll(() => done).toEqual(['slow', 'other']);
    end();
    await worker.close();
    expect(await take(db, later(9999))).toEqual([]);
  });

  it('is done once by two servers, also where it takes longer than a lease', async () => {
    const db = await temporaryDatabase();
    await enqueue(db, { kind: 'mail', subject: 'a' }, new Date());
    let runs = 0;
    const jobs: JobHandlers = {
      mail: {
        backoff: MINUTELY,
        async run() {
          runs++;
          await new Promise((done) => setTimeout(done, 4_000));
        },
      },
    };
    const servers = [1, 2].map(() => openWorker({ db, jobs, now: () => new Date(), log: quiet, leaseMs: 1_500 }));
    await expect.poll(() => db.query.selectFrom('jobs').select('id').execute(), { timeout: 10_000 }).toEqual([]);
    await Promise.all(servers.map((server) => server.close()));
    expect(runs).toBe(1);
  });

  it('does due work at once, when the clock is set back', async () => {
    const db = await temporaryDatabase();
    const done: string[] = [];
    let now = NOW;
    const jobs: JobHandlers = { mail: { backoff: [], run: async ({ subject }) => void done.push(subject) } };
    await enqueue(db, { kind: 'mail', subject: 'first' }, NOW);
    const worker = openWorker({ db, jobs, now: () => now, log: quiet });
    await expect.poll(() => done).toEqual(['first']);
    await enqueue(db, { kind: 'mail', subject: 'due' }, NOW);
    await enqueue(db, { kind: 'mail', subject: 'later', dueAt: later(60) }, NOW);
    now = later(-3600);
    worker.wake();
    await expect.poll(() => done).toEqual(['first', 'due']);
    await worker.close();
    expect(await take(db, later(59))).toEqual([]);
    expect(await take(db, later(60))).toEqual(['later']);
  });

  it('does work that a clock of another year has put off, once the clock is right again', async () => {
    const db = await temporaryDatabase();
    const ran: Date[] = [];
    let now = later(100 * 365 * 86_400);
    const hourly = async () => (ran.push(now), { again: new Date(now.getTime() + 3_600_000) });
    await enqueue(db, { kind: 'hourly', subject: 'all' }, NOW);
    const worker = openWorker({ db, jobs: { hourly: { backoff: [], run: hourly } }, now: () => now, log: quiet });
    await expect.poll(() => ran.length).toBe(1);
    // It is stored when it is due again.
    await expect.poll(async () => (await db.query.selectFrom('jobs').select('due_at').executeTakeFirst())?.due_at.slice(0, 4)).toBe('2126'); // prettier-ignore
    now = later(60);
    worker.wake();
    await expect.poll(() => ran.length).toBe(2);
    await worker.close();
    expect(ran[1]).toEqual(later(60));
  });

  it('does work that a clock of another year has put off, or was doing, when the server starts with the right clock', async () => {
    const db = await temporaryDatabase();
    const nextYear = later(365 * 86_400);
    await enqueue(db, { kind: 'mail', subject: 'killed' }, NOW);
    await leaseDue(db, { kind: 'mail', lane: null, max: 1, leaseMs: LEASE_MS }, nextYear);
    await enqueue(db, { kind: 'mail', subject: 'put off', dueAt: nextYear }, NOW);
    await enqueue(db, { kind: 'mail', subject: 'tomorrow', dueAt: later(86_400) }, NOW);
    const done: string[] = [];
    const jobs: JobHandlers = { mail: { backoff: [], run: async ({ subject }) => void done.push(subject) } };
    const worker = openWorker({ db, jobs, now: () => later(60), log: quiet });
    await expect.poll(() => done.toSorted()).toEqual(['killed', 'put off']);
    await worker.close();
    expect(await take(db, later(86_400))).toEqual(['tomorrow']);
  });

  it('goes on with other work while one piece takes long', async () => {
    const db = await temporaryDatabase();
    const done: string[] = [];
    let end = () => {};
    const jobs: JobHandlers = {
      mail: {
        backoff: [],
        async run({ subject }) {
          if (subject === 'slow') await new Promise<void>((go) => (end = go));
          done.push(subject);
        },
      },
    };
    await enqueue(db, { kind: 'mail', subject: 'slow' }, NOW);
    const worker = openWorker({ db, jobs, now: () => NOW, log: quiet });
    for (let n = 0; n < 20; n++) await enqueue(db, { kind: 'mail', subject: `quick ${n}` }, NOW);
    worker.wake();
    await expect.poll(() => done.length).toBe(20);
    end();
    await worker.close();
    expect(done.at(-1)).toBe('slow');
  });

  it('goes on with other kinds, and ends, while jobs of one kind end as quickly as they begin', async () => {
    const db = await temporaryDatabase();
    const done: string[] = [];
    const jobs: JobHandlers = {
      hook: { backoff: [], atOnce: 64, run: async () => ({ again: NOW }) },
      read: { backoff: [], atOnce: 2, run: async ({ kind }) => void done.push(kind) },
      mail: { backoff: [], run: async ({ kind }) => void done.push(kind) },
    };
    await enqueueAll(db, Array.from({ length: 100 }, (_, n) => ({ kind: 'hook', subject: String(n) })), NOW); // prettier-ignore
    const worker = openWorker({ db, jobs, now: () => NOW, log: quiet });
    for (let times = 1; times <= 3; times++) {
      await enqueueAll(db, [{ kind: 'read', subject: '' }, { kind: 'mail', subject: '' }], NOW); // prettier-ignore
      await expect.poll(() => done.toSorted()).toEqual([...Array<string>(times).fill('mail'), ...Array<string>(times).fill('read')]); // prettier-ignore
    }
    await worker.close();
  });
});

describe('many due jobs', () => {
  const run = async () => {};
  const manyOf = (kind: string, number: number, lane?: string): NewJob[] =>
    Array.from({ length: number }, () => ({ kind, subject: crypto.randomUUID(), ...(lane && { lane }) }));

  it('that wait for one slow receiver keep no others waiting', async () => {
    const db = await temporaryDatabase();
    const jobs: JobHandlers = { hook: { run, backoff: [], atOnce: 64, atOncePerLane: 1 } };
    await enqueueAll(db, manyOf('hook', 90, 'slow'), NOW);
    await enqueueAll(db, [...manyOf('hook', 1, 'fast'), ...manyOf('hook', 1)], later(1));
    expect(await due(db, jobs, later(1))).toBe(3);
  });

  it('of one kind keep no other kinds waiting', async () => {
    const db = await temporaryDatabase();
    const one = { run, backoff: [], atOnce: 1 };
    const jobs: JobHandlers = { mail: { run, backoff: [] }, poll: one, read: one };
    await enqueueAll(db, manyOf('poll', 90), NOW);
    await enqueueAll(db, [...manyOf('read', 2), ...manyOf('mail', 9)], later(1));
    expect(await due(db, jobs, later(1))).toBe(10);
  });

  it('of one kind keep no other kind waiting that shares their places', async () => {
    const db = await temporaryDatabase();
    const done: string[] = [];
    const note = { backoff: [], run: async ({ kind }: { kind: string }) => void done.push(kind) };
    const jobs: JobHandlers = { disconnect: note, publish: note };
    await enqueueAll(db, manyOf('disconnect', 90), NOW);
    await enqueueAll(db, manyOf('publish', 1), later(1));
    expect(await due(db, jobs, later(1))).toBe(8);
    expect(done.filter((kind) => kind === 'publish')).toHaveLength(1);
  });
});
