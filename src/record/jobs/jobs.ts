/**
 * The job queue. A job is enqueued in the transaction that causes it, runs at least once, and stays in the table if it
 * fails for good. Several servers share the queue: a job belongs to one of them for the length of a lease.
 */
import { sql, type Selectable } from 'kysely';
import type { Database } from '../db/database.ts';
import { newIds } from '../ids.ts';
import type { Tables } from '../db/tables.ts';

export interface Job {
  id: string;
  kind: string;
  /** The subject of the job, such as the id of a delivery. A kind has at most one job for each subject. */
  subject: string;
  submissionId: string | null;
  /**
   * The resource that its run waits for, such as the host of a webhook; null if it needs none. See
   * `JobHandler.atOncePerLane`.
   */
  lane: string | null;
  /** Anything else that the handler needs. It is stored as JSON and not encrypted. */
  data: Record<string, unknown>;
  /** Failed attempts so far. */
  attempts: number;
  /** All times are ISO 8601 in UTC. */
  dueAt: string;
  createdAt: string;
  /** The message of the last error. */
  error: string | null;
  /** When it failed for good. */
  failedAt: string | null;
}

export type NewJob = Pick<Job, 'kind' | 'subject'> & {
  submissionId?: string | undefined;
  lane?: string | undefined;
  data?: Record<string, unknown>;
  /** The default is now. */
  dueAt?: Date;
};

/** A job, and the proof that it still belongs to this server. */
export interface Lease {
  job: Job;
  until: string;
  generation: number;
}

/**
 * Enqueues a job, in the transaction that causes it. A job that is already in the queue gets the new data and the earlier
 * of both due times. A failed job starts again. A job that runs at this moment runs once more afterwards.
 */
export const enqueue = (db: Database, job: NewJob, now: Date): Promise<void> => enqueueAll(db, [job], now);

/** The same for many at once, each with another kind or subject. */
export async function enqueueAll(db: Database, jobs: readonly NewJob[], now: Date): Promise<void> {
  const ids = newIds(jobs.length, now);
  for (let at = 0; at < jobs.length; at += ROWS) {
    const rows = jobs.slice(at, at + ROWS).map(({ kind, subject, submissionId, lane, data = {}, dueAt }, n) => ({
      id: ids[at + n]!,
      kind,
      subject,
      submission_id: submissionId ?? null,
      lane: lane ?? null,
      data: JSON.stringify(data),
      generation: 1,
      attempts: 0,
      due_at: (dueAt ?? now).toISOString(),
      leased_until: null,
      error: null,
      failed_at: null,
      created_at: now.toISOString(),
    }));
    await db.query
      .insertInto('jobs')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['kind', 'subject']).doUpdateSet(({ ref, eb }) => ({
          data: ref('excluded.data'),
          lane: ref('excluded.lane'),
          generation: eb('jobs.generation', '+', 1),
          attempts: 0,
          due_at: eb
            .case()
            .when(eb.and([eb('jobs.failed_at', 'is', null), eb('jobs.due_at', '<', ref('excluded.due_at'))]))
            .then(ref('jobs.due_at'))
            .else(ref('excluded.due_at'))
            .end(),
          error: null,
          failed_at: null,
        })),
      )
      .execute();
  }
}

/** Rows in one statement: all databases accept that many values. */
const ROWS = 500;

export interface LeaseRequest {
  kind: string;
  /** Null: only jobs without a lane. */
  lane: string | null;
  max: number;
  leaseMs: number;
  /** Ids of jobs to leave out. */
  except?: string[];
}

/**
 * Conditions and an order by which an index leads to the due jobs of a kind and lane, the one that is due for longest
 * first. It reads no others: neither those of other kinds and lanes, nor those that are due later.
 * Each bound has two columns. With `kind = … and due_at <= …`, PostgreSQL may choose the index of all due jobs.
 */
function dueJobs(kind: unknown, lane: unknown, moment: string) {
  const areFree = sql`failed_at is null and (leased_until is null or leased_until <= ${moment})`;
  return lane === null
    ? sql`${areFree} and jobs.lane is null
        and (jobs.kind, due_at) >= (${kind}, '') and (jobs.kind, due_at) <= (${kind}, ${moment})
        order by jobs.kind, due_at`
    : sql`${areFree} and jobs.lane is not null and jobs.kind = ${kind}
        and (jobs.lane, due_at) >= (${lane}, '') and (jobs.lane, due_at) <= (${lane}, ${moment})
        order by jobs.lane, due_at`;
}

/** Leases up to `max` due jobs of this kind and lane for `leaseMs` milliseconds. The job that is due for longest comes first. */
export async function leaseDue(
  db: Database,
  { kind, lane, max, leaseMs, except = [] }: LeaseRequest,
  now: Date,
): Promise<Lease[]> {
  const until = new Date(now.getTime() + leaseMs).toISOString();
  const moment = now.toISOString();
  // Checked twice: two servers may read the same rows, and only one of them still finds them free when it writes.
  // PostgreSQL skips the rows that another server is leasing, so neither waits. It would select again for each row of a small
  // table, and lease more than `max`, if the rows were not an array.
  const isOther = except.length ? sql`id not in (${sql.join(except)}) and` : sql``;
  const due = sql`select id from jobs where ${isOther} ${dueJobs(kind, lane, moment)} limit ${max}`;
  const isFree = db.engine.kind === 'postgres' ? sql<boolean>`id = any(array(${due} for update skip locked))` : sql<boolean>`id in (${due})`; // prettier-ignore
  const rows = await db.query
    .updateTable('jobs')
    .set({ leased_until: until })
    .where(isFree)
    .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', moment)]))
    .returningAll()
    .execute();
  return rows.map((row) => ({ job: fromRow(row), until, generation: row.generation }));
}

/**
 * Extends the lease of a job that still runs here to `leaseMs` from now.
 * @returns the lease, which is the same one if the job belongs to another server meanwhile
 */
export async function renewLease(db: Database, lease: Lease, leaseMs: number, now: Date): Promise<Lease> {
  const until = new Date(now.getTime() + leaseMs).toISOString();
  const { numUpdatedRows } = await db.query
    .updateTable('jobs')
    .set({ leased_until: until })
    .where('id', '=', lease.job.id)
    .where('leased_until', '=', lease.until)
    .executeTakeFirstOrThrow();
  return numUpdatedRows ? { ...lease, until } : lease;
}

/**
 * The lane of the job of this kind that is due for longest; undefined if no job with a lane is due. The index leads from one
 * lane to the next, so that the jobs that wait for a slow receiver are not read.
 * @param except lanes to leave out
 */
export async function findDueLane(
  db: Database,
  kind: string,
  except: readonly string[],
  now: Date,
): Promise<string | undefined> {
  const waiting = sql`from jobs where kind = ${kind} and failed_at is null and jobs.lane is not null`;
  const { rows } = await sql<{ lane: string }>`
    with recursive lanes (lane) as (
      select (select jobs.lane ${waiting} order by jobs.lane limit 1)
      union all
      select (select jobs.lane ${waiting} and jobs.lane > lanes.lane order by jobs.lane limit 1) from lanes where lanes.lane is not null
    )
    select lane from (
      select lanes.lane, (
        select due_at from jobs where ${dueJobs(kind, sql`lanes.lane`, now.toISOString())} limit 1
      ) as due_at
      from lanes where lanes.lane is not null
    ) as due
    where due_at is not null ${except.length ? sql`and lane not in (${sql.join(except)})` : sql``}
    order by due_at limit 1`.execute(db.query);
  return rows[0]?.lane;
}

/** Those of `kinds` with a due job without a lane, the one that is due for longest first. Reads one job of each. */
export async function findDueKinds(db: Database, kinds: readonly string[], now: Date): Promise<string[]> {
  const names = sql.join(
    kinds.map((kind) => sql`select cast(${kind} as text) as kind`),
    sql` union all `,
  );
  const { rows } = await sql<{ kind: string }>`
    select kind from (
      select names.kind, (
        select due_at from jobs where ${dueJobs(sql`names.kind`, null, now.toISOString())} limit 1
      ) as due_at
      from (${names}) as names
    ) as due
    where due_at is not null order by due_at`.execute(db.query);
  return rows.map(({ kind }) => kind);
}

/**
 * Counts the jobs that are due and do not run, up to `max`.
 * @returns `oldestDueAt`: when the job that waits for longest became due, ISO 8601 in UTC
 */
export async function countDueJobs(
  db: Database,
  now: Date,
  max: number,
): Promise<{ due: number; oldestDueAt: string | null }> {
  const moment = now.toISOString();
  const some = db.query
    .selectFrom('jobs')
    .select('due_at')
    .where('due_at', '<=', moment)
    .where('failed_at', 'is', null)
    .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', moment)]))
    .orderBy('due_at')
    .limit(max);
  const { number, oldest } = await db.query
    .selectFrom(some.as('some'))
    .select(({ fn }) => [fn.countAll<number>().as('number'), fn.min('due_at').as('oldest')])
    .executeTakeFirstOrThrow();
  return { due: Number(number), oldestDueAt: oldest };
}

/**
 * Corrects due times after the clock was set back from `before` to `now`: jobs that were due before it become due now.
 * A clock that was wrong for days also planned and leased jobs far ahead. Those become due and free now too. A publication
 * for a far day plans itself again.
 */
export async function correctDueTimes(db: Database, before: Date, now: Date): Promise<void> {
  const due = now.toISOString();
  const far = new Date(now.getTime() + LONGEST_WAIT_MS).toISOString();
  await db.query
    .updateTable('jobs')
    .set({ due_at: due })
    .where('failed_at', 'is', null)
    .where((is) =>
      is.or([is.and([is('due_at', '>', due), is('due_at', '<=', before.toISOString())]), is('due_at', '>', far)]),
    )
    .execute();
  await db.query.updateTable('jobs').set({ leased_until: null }).where('leased_until', '>', far).execute();
}

/** The longest time for which a job waits after it has run: a delivery waits 24 hours. */
const LONGEST_WAIT_MS = 25 * 3_600_000;

/** Deletes the job, or reschedules it if it was enqueued again while running. */
export async function complete(db: Database, { job: { id }, until, generation }: Lease, now: Date): Promise<void> {
  const { numDeletedRows } = await db.query
    .deleteFrom('jobs')
    .where('id', '=', id)
    .where('leased_until', '=', until)
    .where('generation', '=', generation)
    .executeTakeFirstOrThrow();
  if (!numDeletedRows) await release(db, id, until, { due_at: now.toISOString(), attempts: 0 });
}

/**
 * Runs the job again at `dueAt`. With an `error` this counts as a failed attempt. A job that was enqueued again meanwhile
 * keeps its earlier due time, and has all its attempts.
 */
export async function reschedule(
  db: Database,
  { job: { id, attempts }, until, generation }: Lease,
  { dueAt, error }: { dueAt: Date; error?: string },
): Promise<void> {
  const due = dueAt.toISOString();
  await db.query
    .updateTable('jobs')
    .set(({ eb, ref }) => ({
      due_at: eb
        .case()
        .when(eb.and([eb('generation', '!=', generation), eb('due_at', '<', due)]))
        .then(ref('due_at'))
        .else(due)
        .end(),
      ...(error === undefined
        ? { attempts: 0, error: null }
        : {
            attempts: eb
              .case()
              .when('generation', '=', generation)
              .then(attempts + 1)
              .else(0)
              .end(),
            error,
          }),
      leased_until: null,
    }))
    .where('id', '=', id)
    .where('leased_until', '=', until)
    .execute();
}

/**
 * Marks the job as failed for good, or reschedules it if it was enqueued again while running. It stays, so that members can
 * see and retry it.
 */
export async function failPermanently(
  db: Database,
  { job: { id, attempts }, until, generation }: Lease,
  error: string,
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const hasFailed = await release(db, id, until, { attempts: attempts + 1, error, failed_at: at }, generation);
  if (!hasFailed) await release(db, id, until, { due_at: at, attempts: 0, error });
}

/** The jobs of a submission, with failed ones, soonest due first. */
export async function listJobs(db: Database, submissionId: string): Promise<Job[]> {
  const rows = await db.query
    .selectFrom('jobs')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .orderBy('due_at')
    .execute();
  return rows.map(fromRow);
}

/** Up to `max` jobs of these kinds that failed for good, the latest failure first. */
export async function listFailedJobs(db: Database, kinds: string[], max: number): Promise<Job[]> {
  const rows = await db.query
    .selectFrom('jobs')
    .selectAll()
    .where('failed_at', 'is not', null)
    .where('kind', 'in', kinds)
    .orderBy('failed_at', 'desc')
    .limit(max)
    .execute();
  return rows.map(fromRow);
}

/** When this job is due: ISO 8601 in UTC. Undefined if it is not in the queue, or has failed for good. */
export async function findDueTime(
  db: Database,
  { kind, subject }: Pick<Job, 'kind' | 'subject'>,
): Promise<string | undefined> {
  const query = db.query.selectFrom('jobs').select('due_at').where('kind', '=', kind).where('subject', '=', subject);
  return (await query.where('failed_at', 'is', null).executeTakeFirst())?.due_at;
}

/** The job with this id. */
export async function findJob(db: Database, id: string): Promise<Job | undefined> {
  const row = await db.query.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** Makes a job of one of these kinds due now, with all its attempts again, even if it failed for good. False if it no longer exists. */
export async function retryJobNow(db: Database, id: string, kinds: string[], now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db.query
    .updateTable('jobs')
    .set({ attempts: 0, due_at: now.toISOString(), failed_at: null })
    .where('id', '=', id)
    .where('kind', 'in', kinds)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/**
 * Ends a lease.
 * @param generation if the job may not be enqueued again since
 * @returns whether the lease was still there
 */
async function release(
  db: Database,
  id: string,
  until: string,
  change: Partial<Selectable<Tables['jobs']>>,
  generation?: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db.query
    .updateTable('jobs')
    .set({ ...change, leased_until: null })
    .where('id', '=', id)
    .where('leased_until', '=', until)
    .$if(generation !== undefined, (query) => query.where('generation', '=', generation ?? 0))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

function fromRow(row: Selectable<Tables['jobs']>): Job {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    submissionId: row.submission_id,
    lane: row.lane,
    data: JSON.parse(row.data) as Record<string, unknown>,
    attempts: row.attempts,
    dueAt: row.due_at,
    createdAt: row.created_at,
    error: row.error,
    failedAt: row.failed_at,
  };
}
