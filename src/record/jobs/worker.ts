/** Runs jobs as they become due: after a restart too, and beside other servers. */
import type { Database } from '../db/database.ts';
import { failPermanently, reschedule, complete, correctDueTimes, leaseDue, type Lease, type Job } from './jobs.ts';

export interface JobHandler {
  /**
   * Runs one job. At-least-once: it must be idempotent, and end within `LEASE_MS`. Returning a time reschedules the job,
   * which is no failure. An error it throws is a failed attempt; see `retryWait`.
   */
  run(job: Job): Promise<void | { again: Date }>;
  /** The longest wait after each failed attempt, in milliseconds. After the last one the job fails for good. */
  backoff: readonly number[];
  /** Whether `run` logs its failed attempts itself. */
  logsFailures?: boolean;
}

export type JobHandlers = Record<string, JobHandler>;

/** No retry can help. Members see the message, so it says what they can do. */
export class PermanentFailure extends Error {}

/** The other side asked for no retry before `at`. */
export class RetryAfter extends Error {
  readonly at: Date;
  constructor(message: string, at: Date) {
    super(message);
    this.at = at;
  }
}

export interface Worker {
  /** Looks for due jobs now, because one was just enqueued. */
  wake(): void;
  /** Leases no more jobs, and resolves once the running ones have ended. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  db: Database;
  jobs: JobHandlers;
  now(): Date;
  /** Never gets a job's subject or data. */
  log: { warn(about: Record<string, unknown>, message: string): void };
  random?: () => number;
}

export const LEASE_MS = 120_000;
const TURN_MS = 1_000;
const MAX_RUNNING = 8;
/** Clocks are often set back by less than this. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Starts a worker, which runs until it is closed. */
export function openWorker(options: WorkerOptions): Worker {
  const running = new Map<string, Promise<void>>();
  let latest = 0;
  let closing = false;
  let woken = false;
  let endWait = () => {};
  const wake = () => {
    woken = true;
    endWait();
  };

  async function turn(): Promise<void> {
    woken = false;
    const leases = await leaseMore().catch((error: unknown) => {
      options.log.warn({ err: error }, 'Could not read the queue');
      return [];
    });
    for (const leased of leases) {
      const one = runOne(options, leased)
        .catch((error: unknown) => options.log.warn({ err: error }, 'Could not store the result of a job'))
        .finally(() => {
          running.delete(leased.job.id);
          wake();
        });
      running.set(leased.job.id, one);
    }
    if (woken || closing) return;
    await new Promise<void>((go) => {
      const timer = setTimeout(go, TURN_MS);
      endWait = () => (clearTimeout(timer), go());
    });
  }

  async function leaseMore(): Promise<Lease[]> {
    const time = options.now();
    // If the clock is set back by an hour, due jobs would wait for an hour.
    if (time.getTime() < latest - CLOCK_TOLERANCE_MS) await correctDueTimes(options.db, new Date(latest), time);
    latest = time.getTime();
    // A job that still runs here is not leased again, even if the clock was set forward beyond its lease.
    return lease(options, MAX_RUNNING - running.size, [...running.keys()]);
  }

  const ended = (async () => {
    while (!closing) await turn();
    await Promise.all(running.values());
  })();
  return {
    wake,
    close() {
      closing = true;
      endWait();
      return ended;
    },
  };
}

/** Runs up to `MAX_RUNNING` jobs that are due now. @returns how many */
export async function runDue(options: WorkerOptions): Promise<number> {
  const leases = await lease(options, MAX_RUNNING);
  await Promise.all(leases.map((one) => runOne(options, one)));
  return leases.length;
}

async function lease({ db, jobs, now }: WorkerOptions, max: number, except: string[] = []): Promise<Lease[]> {
  const kinds = Object.keys(jobs);
  return max > 0 && kinds.length ? leaseDue(db, { kinds, max, leaseMs: LEASE_MS, except }, now()) : [];
}

/**
 * Decides about a retry.
 * @param failedBefore how many attempts failed before this one
 * @returns the longest wait before the next attempt, in milliseconds; undefined: this was the last attempt
 */
export const retryWait = (backoff: readonly number[], failedBefore: number, error: unknown): number | undefined =>
  error instanceof PermanentFailure ? undefined : backoff[failedBefore];

async function runOne({ db, jobs, now, log, random = Math.random }: WorkerOptions, leased: Lease): Promise<void> {
  const { job } = leased;
  const handler = jobs[job.kind] as JobHandler;
  try {
    const outcome = await handler.run(job);
    return outcome ? await reschedule(db, leased, { dueAt: outcome.again }) : await complete(db, leased, now());
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    const wait = retryWait(handler.backoff, job.attempts, error);
    if (!handler.logsFailures)
      log.warn({ kind: job.kind, attempts: job.attempts + 1, last: wait === undefined }, 'A job failed');
    if (wait === undefined) return failPermanently(db, leased, message, now());
    // Between half the wait and all of it, so that jobs that failed together are not retried together.
    const planned = now().getTime() + wait * (0.5 + random() / 2);
    const earliest = error instanceof RetryAfter ? error.at.getTime() : 0;
    return reschedule(db, leased, { dueAt: new Date(Math.max(planned, earliest)), error: message });
  }
}
