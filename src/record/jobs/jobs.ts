/**
 * Work that is owed to the outside or to later: owed in the transaction that causes it, done at least once, and kept
 * when it fails for good. Several servers share it: what one has taken is its own for the length of a lease.
 */
import { sql, type Selectable } from 'kysely';
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Tables } from '../db/tables.ts';

export interface Job {
  id: string;
  kind: string;
  /** What it is about. A kind is owed once per subject, however often it was asked for. */
  subject: string;
  submissionId: string | null;
  /** What doing it takes, as JSON. Nothing secret: it is stored as it is. */
  data: Record<string, unknown>;
  /** Tries that failed so far. */
  attempts: number;
  /** ISO 8601 in UTC, as are the others. */
  dueAt: string;
  createdAt: string;
  /** What went wrong last, in words. */
  error: string | null;
  /** Since when it is not tried any more. */
  failedAt: string | null;
}

export type NewJob = Pick<Job, 'kind' | 'subject'> & {
  submissionId?: string | undefined;
  data?: Record<string, unknown>;
  /** Now, unless said. */
  dueAt?: Date;
};

/** A piece of work, and what proves that it is still ours. */
export interface Lease {
  job: Job;
  until: string;
  generation: number;
}

/**
 * Owes work, in the transaction that causes it. What is owed already becomes due at the earlier of both times, with the
 * data given now; what has failed is tried afresh; what is being done at this moment is done once more afterwards.
 */
export async function enqueue(
  db: Database,
  { kind, subject, submissionId, data = {}, dueAt }: NewJob,
  now: Date,
): Promise<void> {
  const due = (dueAt ?? now).toISOString();
  await db.query
    .insertInto('jobs')
    .values({
      id: newId(now),
      kind,
      subject,
      submission_id: submissionId ?? null,
      data: JSON.stringify(data),
      generation: 1,
      attempts: 0,
      due_at: due,
      leased_until: null,
      error: null,
      failed_at: null,
      created_at: now.toISOString(),
    })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject']).doUpdateSet(({ ref, eb }) => ({
        data: ref('excluded.data'),
        generation: eb('jobs.generation', '+', 1),
        attempts: 0,
        due_at: eb
          .case()
          .when(eb.and([eb('jobs.failed_at', 'is', null), eb('jobs.due_at', '<', due)]))
          .then(ref('jobs.due_at'))
          .else(due)
          .end(),
        error: null,
        failed_at: null,
      })),
    )
    .execute();
}

/**
 * Takes up to `most` pieces of work of these kinds that are due, the longest due first, for `leaseMs` milliseconds.
 * @param except the ids of what is not to be taken
 */
export async function leaseDue(
  db: Database,
  { kinds, most, leaseMs, except = [] }: { kinds: string[]; most: number; leaseMs: number; except?: string[] },
  now: Date,
): Promise<Lease[]> {
  const until = new Date(now.getTime() + leaseMs).toISOString();
  const moment = now.toISOString();
  // Said twice: two servers may read the same rows, and only one of them still finds them free when it writes. On
  // PostgreSQL each passes over the rows that another one is just taking, so that neither waits.
  const free = db.query
    .selectFrom('jobs')
    .select('id')
    // Not as the column alone: SQLite would take all of a kind and sort them, however much is owed for later.
    .where((eb) => eb(eb.fn.coalesce('kind', sql.lit('')), 'in', kinds))
    .where('due_at', '<=', moment)
    .where('failed_at', 'is', null)
    .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', moment)]))
    .$if(except.length > 0, (query) => query.where('id', 'not in', except))
    .orderBy('due_at')
    .limit(most);
  const rows = await db.query
    .updateTable('jobs')
    .set({ leased_until: until })
    .where('id', 'in', db.engine.kind === 'postgres' ? free.forUpdate().skipLocked() : free)
    .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', moment)]))
    .returningAll()
    .execute();
  return rows.map((row) => ({ job: fromRow(row), until, generation: row.generation }));
}

/** What was due at `before` is due at `now`, which a clock that was set back says is earlier. */
export async function correctDueTimes(db: Database, before: Date, now: Date): Promise<void> {
  const due = now.toISOString();
  await db.query
    .updateTable('jobs')
    .set({ due_at: due })
    .where('due_at', '>', due)
    .where('due_at', '<=', before.toISOString())
    .where('failed_at', 'is', null)
    .execute();
}

/** It is done; unless it was owed again meanwhile, that is the end of it. */
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
 * It is to be done again at `dueAt`. With an `error` that counts as a failed try. What was owed again meanwhile keeps the
 * time it was given then.
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
      ...(error === undefined ? { attempts: 0, error: null } : { attempts: attempts + 1, error }),
      leased_until: null,
    }))
    .where('id', '=', id)
    .where('leased_until', '=', until)
    .execute();
}

/** It failed for good: it stays, to be seen and to be owed again by hand. */
export async function failPermanently(
  db: Database,
  { job: { id, attempts }, until }: Lease,
  error: string,
  now: Date,
): Promise<void> {
  await release(db, id, until, { attempts: attempts + 1, error, failed_at: now.toISOString() });
}

/** What is owed for a submission, failed work included, the soonest due first. */
export async function listJobs(db: Database, submissionId: string): Promise<Job[]> {
  const rows = await db.query
    .selectFrom('jobs')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .orderBy('due_at')
    .execute();
  return rows.map(fromRow);
}

/** What is not tried any more of these kinds, the latest failure first; at most `most`. */
export async function listFailedJobs(db: Database, kinds: string[], most: number): Promise<Job[]> {
  const rows = await db.query
    .selectFrom('jobs')
    .selectAll()
    .where('failed_at', 'is not', null)
    .where('kind', 'in', kinds)
    .orderBy('failed_at', 'desc')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** Has one of these kinds tried now, and from the first try on: what had failed for good too. False when it is owed no more. */
export async function retryJobNow(db: Database, id: string, kinds: string[], now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db.query
    .updateTable('jobs')
    .set({ attempts: 0, due_at: now.toISOString(), failed_at: null })
    .where('id', '=', id)
    .where('kind', 'in', kinds)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

async function release(
  db: Database,
  id: string,
  until: string,
  change: Partial<Selectable<Tables['jobs']>>,
): Promise<void> {
  await db.query
    .updateTable('jobs')
    .set({ ...change, leased_until: null })
    .where('id', '=', id)
    .where('leased_until', '=', until)
    .execute();
}

function fromRow(row: Selectable<Tables['jobs']>): Job {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    submissionId: row.submission_id,
    data: JSON.parse(row.data) as Record<string, unknown>,
    attempts: row.attempts,
    dueAt: row.due_at,
    createdAt: row.created_at,
    error: row.error,
    failedAt: row.failed_at,
  };
}
