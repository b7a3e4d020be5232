/** Runs jobs as they become due: after a restart too, and beside other servers. */
import { asJob } from '../../site-limits/counting/current-client.ts';
import type { Database } from '../db/database.ts';
import {
  failPermanently,
  reschedule,
  complete,
  correctDueTimes,
  findDueKinds,
  findDueLane,
  leaseDue,
  renewLease,
} from './jobs.ts';
import type { Job, Lease, LeaseRequest } from './jobs.ts';

export interface JobHandler {
  /**
   * Runs one job. At-least-once: it must be idempotent. Returning a time reschedules the job, which is no failure. An error
   * it throws is a failed attempt; see `retryWait`.
   */
  run(job: Job): Promise<void | { again: Date }>;
  /**
   * The longest wait after each failed attempt, in milliseconds. After the last one the job fails for good. With one number it
   * waits that long each time, and never fails for good.
   */
  backoff: Backoff;
  /** The most jobs of this kind that run at once, beside those of other kinds. Without it, they share `SHARED_AT_ONCE`. */
  atOnce?: number;
  /** With `atOnce`: the most jobs with the same `lane` that run at once. Without it, jobs of this kind have no lane. */
  atOncePerLane?: number;
  /** Whether `run` logs its failed attempts itself. */
  logsFailures?: boolean;
}

export type JobHandlers = Record<string, JobHandler>;

type Backoff = readonly number[] | number;

export const HOUR_MS = 60 * 60_000;

/** A backoff that never ends: a run that failed is repeated a minute later. */
export const MINUTELY = 60_000;
/** The same with an hour. */
export const HOURLY = 60 * MINUTELY;

/** A failure that no retry can fix. Members see the message, so it has their way out. */
export class PermanentFailure extends Error {}

/** The receiver asked for no retry before `at`. */
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
  /** How long a job belongs to a server that has died, in milliseconds. A server renews it while the job runs. */
  leaseMs?: number;
}

export const LEASE_MS = 120_000;
const TURN_MS = 1_000;
/** The most jobs at once of all kinds without an `atOnce`. */
const SHARED_AT_ONCE = 8;
/** Clocks are often set back by less than this. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Starts a worker, which runs until it is closed. */
export function openWorker(options: WorkerOptions): Worker {
  const running = new Map<string, { job: Job; ended: Promise<void> }>();
  let latest: number | undefined;
  let closing = false;
  let woken = false;
  let endWait = () => {};
  const wake = () => {
    woken = true;
    endWait();
  };

  async function turn(): Promise<void> {
    woken = false;
    try {
      await followClock();
      // A job that still runs here is not leased again, even if the clock was set forward beyond its lease.
      for await (const leased of leaseWithin(options, () => [...running.values()].map(({ job }) => job))) {
        start(leased);
        if (closing) break;
      }
    } catch (error) {
      options.log.warn({ err: error }, 'Could not read the queue');
    }
    if (woken || closing) return;
    await new Promise<void>((go) => {
      const timer = setTimeout(go, TURN_MS);
      endWait = () => (clearTimeout(timer), go());
    });
  }

  function start(leased: Lease): void {
    const { job } = leased;
    const ended = runOne(options, leased)
      .catch((error: unknown) => options.log.warn({ err: error }, 'Could not store the result of a job'))
      .finally(() => {
        running.delete(job.id);
        wake();
      });
    running.set(job.id, { job, ended });
  }

  async function followClock(): Promise<void> {
    const time = options.now();
    // If the clock is set back by an hour, due jobs would wait for an hour. It may have been set back before the start.
    if (latest === undefined || time.getTime() < latest - CLOCK_TOLERANCE_MS)
      await correctDueTimes(options.db, new Date(latest ?? time), time);
    latest = time.getTime();
  }

  // A request may have opened the worker, as the first one to a preview does.
  const ended = asJob(async () => {
    while (!closing) await turn();
    await Promise.all([...running.values()].map(({ ended }) => ended));
  });
  return {
    wake,
    close() {
      closing = true;
      endWait();
      return ended;
    },
  };
}

/** Runs the jobs that are due now, as many as may run at once. @returns how many */
export async function runDue(options: WorkerOptions): Promise<number> {
  const leases: Lease[] = [];
  for await (const leased of leaseWithin(options, () => leases.map(({ job }) => job))) leases.push(leased);
  await Promise.all(leases.map((one) => runOne(options, one)));
  return leases.length;
}

/**
 * Leases due jobs, as many as may run beside those that run already.
 * @param running the running jobs, with those that were leased here before
 */
async function* leaseWithin(
  { db, jobs, now, leaseMs = LEASE_MS }: WorkerOptions,
  running: () => Job[],
): AsyncGenerator<Lease> {
  const lease = (request: Pick<LeaseRequest, 'kind' | 'lane' | 'max'>) =>
    leaseDue(db, { ...request, leaseMs, except: running().map(({ id }) => id) }, now());
  const shared = Object.keys(jobs).filter((kind) => jobs[kind]?.atOnce === undefined);
  let room = SHARED_AT_ONCE - running().filter(({ kind }) => shared.includes(kind)).length;
  const due = room > 0 && shared.length ? await findDueKinds(db, shared, now()) : [];
  const countOf = (kind: string) => running().filter((job) => job.kind === kind).length;
  while (room > 0 && due.length) {
    // The kind of which the fewest run comes first, so that thousands of one kind keep no other one waiting.
    const [kind = ''] = due.toSorted((a, b) => countOf(a) - countOf(b));
    const [leased] = await lease({ kind, lane: null, max: 1 });
    if (!leased) due.splice(due.indexOf(kind), 1);
    else {
      room -= 1;
      yield leased;
    }
  }
  for (const [kind, { atOnce = 0, atOncePerLane = 0 }] of Object.entries(jobs)) {
    const emptyLanes: string[] = [];
    // Jobs may end before the next one is leased. Without a bound, all other kinds would wait for the last job of this one.
    for (let leases = 0; leases < atOnce;) {
      const beside = running().filter((job) => job.kind === kind);
      if (beside.length >= atOnce) break;
      const lanes = Map.groupBy(beside, ({ lane }) => lane);
      const fullLanes = [...lanes].flatMap(([lane, { length }]) => (lane !== null && length >= atOncePerLane ? [lane] : [])); // prettier-ignore
      const lane = atOncePerLane ? await findDueLane(db, kind, [...fullLanes, ...emptyLanes], now()) : undefined;
      // One at a time, because each may fill its lane.
      const [leased] = await lease({ kind, lane: lane ?? null, max: 1 });
      if (leased) {
        leases += 1;
        yield leased;
      } else if (lane === undefined) break;
      // Another server has taken its last one.
      else emptyLanes.push(lane);
    }
  }
}

/**
 * Decides about a retry.
 * @param failedBefore how many attempts failed before this one
 * @returns the longest wait before the next attempt, in milliseconds; undefined: this was the last attempt
 */
export function retryWait(backoff: Backoff, failedBefore: number, error: unknown): number | undefined {
  if (error instanceof PermanentFailure) return undefined;
  return typeof backoff === 'number' ? backoff : backoff[failedBefore];
}

/** Renews a lease until `end`, which resolves to the lease as it is then. */
function holdLease({ db, now, log, leaseMs = LEASE_MS }: WorkerOptions, leased: Lease): { end(): Promise<Lease> } {
  let lease = Promise.resolve(leased);
  const renewed = async (current: Lease) => {
    try {
      return await renewLease(db, current, leaseMs, now());
    } catch (error) {
      log.warn({ err: error }, 'Could not renew the lease of a job');
      return current;
    }
  };
  const timer = setInterval(() => (lease = lease.then(renewed)), leaseMs / 3);
  return {
    end() {
      clearInterval(timer);
      return lease;
    },
  };
}

async function runOne(options: WorkerOptions, leased: Lease): Promise<void> {
  const { db, jobs, now, log, random = Math.random } = options;
  const { job } = leased;
  const handler = jobs[job.kind] as JobHandler;
  const held = holdLease(options, leased);
  try {
    const outcome = await handler.run(job);
    const lease = await held.end();
    return outcome ? await reschedule(db, lease, { dueAt: outcome.again }) : await complete(db, lease, now());
  } catch (error) {
    const lease = await held.end();
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    const wait = retryWait(handler.backoff, job.attempts, error);
    if (!handler.logsFailures)
      log.warn({ kind: job.kind, attempts: job.attempts + 1, last: wait === undefined }, 'A job failed');
    if (wait === undefined) return failPermanently(db, lease, message, now());
    // Between half the wait and all of it, so that jobs that failed together are not retried together.
    const planned = now().getTime() + wait * (0.5 + random() / 2);
    const earliest = error instanceof RetryAfter ? error.at.getTime() : 0;
    return reschedule(db, lease, { dueAt: new Date(Math.max(planned, earliest)), error: message });
  }
}
