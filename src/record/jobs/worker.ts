/** Does what is owed, as it falls due: after a restart too, and beside other servers. */
import type { Database } from '../db/database.ts';
import { failPermanently, reschedule, complete, correctDueTimes, leaseDue, type Lease, type Job } from './jobs.ts';

export interface JobHandler {
  /**
   * Does one piece of work. It may be done more than once, so it must not matter; it ends by itself well within
   * `LEASE_MS`. Returning a time puts it off until then, which is no failure. Throwing means another try later, by the
   * plan; throwing `GiveUp` means that no try can help.
   */
  run(owed: Job): Promise<void | { again: Date }>;
  /** How long to wait after each failed try, in milliseconds; after the last one it has failed for good. */
  backoff: readonly number[];
  /** It tells of each failed try by itself, in words of its own. */
  logsFailures?: boolean;
}

export type JobHandlers = Record<string, JobHandler>;

/** No other try can help. Its message is shown to members, so it says what they can do. */
export class PermanentFailure extends Error {}

/** Another try is worth while, but not before `at`: the other side has said so. */
export class RetryAfter extends Error {
  readonly at: Date;
  constructor(message: string, at: Date) {
    super(message);
    this.at = at;
  }
}

export interface Worker {
  /** Looks for work now rather than at the next turn: something has just been owed. */
  wake(): void;
  /** Takes nothing new; resolves once what is under way has ended. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  db: Database;
  jobs: JobHandlers;
  now(): Date;
  /** Never gets what the work is about, nor its data. */
  log: { warn(about: Record<string, unknown>, message: string): void };
  random?: () => number;
}

export const LEASE_MS = 120_000;
const TURN_MS = 1_000;
const AT_ONCE = 8;
/** Clocks are set back by less than this all the time. */
const BACK_MS = 2_000;

export function openWorker(parts: WorkerOptions): Worker {
  const underWay = new Map<string, Promise<void>>();
  let latest = 0;
  let closing = false;
  let poked = false;
  let wake = () => {};
  const poke = () => {
    poked = true;
    wake();
  };

  async function turn(): Promise<void> {
    poked = false;
    const leases = await takeMore().catch((error: unknown) => {
      parts.log.warn({ err: error }, 'Could not read the queue');
      return [];
    });
    for (const lease of leases) {
      const one = runOne(parts, lease)
        .catch((error: unknown) => parts.log.warn({ err: error }, 'Could not store the result of a job'))
        .finally(() => {
          underWay.delete(lease.job.id);
          poke();
        });
      underWay.set(lease.job.id, one);
    }
    if (poked || closing) return;
    await new Promise<void>((go) => {
      const timer = setTimeout(go, TURN_MS);
      wake = () => (clearTimeout(timer), go());
    });
  }

  async function takeMore(): Promise<Lease[]> {
    const time = parts.now();
    // Otherwise a clock that was set back by an hour would have everybody wait for an hour.
    if (time.getTime() < latest - BACK_MS) await correctDueTimes(parts.db, new Date(latest), time);
    latest = time.getTime();
    // What is still being done here is nobody else's, whatever a clock that was set forward says of its lease.
    return take(parts, AT_ONCE - underWay.size, [...underWay.keys()]);
  }

  const running = (async () => {
    while (!closing) await turn();
    await Promise.all(underWay.values());
  })();
  return {
    wake: poke,
    close() {
      closing = true;
      wake();
      return running;
    },
  };
}

/** Does, once, what is due at this moment, some of it at a time. @returns how much that was */
export async function runDue(parts: WorkerOptions): Promise<number> {
  const leases = await take(parts, AT_ONCE);
  await Promise.all(leases.map((lease) => runOne(parts, lease)));
  return leases.length;
}

async function take({ db, jobs, now }: WorkerOptions, most: number, except: string[] = []): Promise<Lease[]> {
  const kinds = Object.keys(jobs);
  return most > 0 && kinds.length ? leaseDue(db, { kinds, most, leaseMs: LEASE_MS, except }, now()) : [];
}

async function runOne({ db, jobs, now, log, random = Math.random }: WorkerOptions, lease: Lease): Promise<void> {
  const { job } = lease;
  const handler = jobs[job.kind] as JobHandler;
  try {
    const outcome = await handler.run(job);
    return outcome ? await reschedule(db, lease, { dueAt: outcome.again }) : await complete(db, lease, now());
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    const wait = handler.backoff[job.attempts];
    const last = wait === undefined || error instanceof PermanentFailure;
    if (!handler.logsFailures) log.warn({ kind: job.kind, attempts: job.attempts + 1, last }, 'A job failed');
    if (last) return failPermanently(db, lease, said, now());
    // Between half the wait and the whole, so that many that failed together do not come back together.
    const planned = now().getTime() + wait * (0.5 + random() / 2);
    const earliest = error instanceof RetryAfter ? error.at.getTime() : 0;
    return reschedule(db, lease, { dueAt: new Date(Math.max(planned, earliest)), error: said });
  }
}
