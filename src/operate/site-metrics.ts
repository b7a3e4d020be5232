/** Metrics of the site's own work: the queue, deliveries, Smile and refusals. No label holds a value that a stranger chooses. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Database } from '../record/db/database.ts';
import type { Channel } from '../record/deliveries.ts';
import { countDeliveries, MAX_COUNTED } from '../record/delivery-queries.ts';
import { countDueJobs } from '../record/jobs/jobs.ts';

export interface SiteMetricsOptions {
  db: Database;
  now(): Date;
  version: string;
  /** The reason why this server should get no requests now, as for `/readyz`. */
  unready(): Promise<string | undefined>;
  /** Visitors of links since the start, by class. */
  linkVisits(): Record<string, number>;
  /** The kinds of errors of calls to Smile. */
  smileFailures: readonly string[];
}

/** Called when something happens. Each call only adds to a number in memory. */
export interface SiteCounts {
  /** @param failure the kind of error; undefined for a call that succeeded */
  countSmileCall(failure: string | undefined): void;
  /** @param open whether Smile is not called now, because it failed several times in a row */
  setSmileBreaker(open: boolean): void;
  countRefusedSignIn(): void;
  countRefusedWebhook(): void;
  /** @param channel of a delivery that failed for good */
  countFailedDelivery(channel: Channel): void;
}

/** The longest wait for the database or a disk, so that the other metrics arrive even if it does not answer. */
const MAX_WAIT_MS = 2_000;

/** Adds the metrics to `register`. A metric from the database is NaN while the database does not answer. */
export function addSiteMetrics(
  register: Registry,
  { db, now, version, unready, linkVisits, smileFailures }: SiteMetricsOptions,
): SiteCounts {
  const registers = [register];
  new Gauge({
    name: 'flipsite_info',
    help: 'The version of Flipsite. Its value is always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: 'flipsite_ready',
    help: '1 while this server can store answers, as /readyz reports it.',
    registers,
    async collect() {
      this.set((await unready()) === undefined ? 1 : 0);
    },
  });
  new Gauge({
    name: 'flipsite_deliveries',
    help: `Emails and webhooks that wait, have failed, or are held until email is set up. Counting stops at ${MAX_COUNTED}.`,
    labelNames: ['status'],
    registers,
    async collect() {
      const counts = await withinTime(countDeliveries(db));
      for (const status of ['waiting', 'failed', 'held'] as const) this.set({ status }, counts?.[status] ?? NaN);
    },
  });
  const failedDeliveries = new Counter({
    name: 'flipsite_deliveries_failed_total',
    help: 'Emails, webhooks and invitations of Smile that failed for good, by channel. Each server counts its own.',
    labelNames: ['channel'],
    registers,
  });
  for (const channel of ['email', 'webhook', 'smile']) failedDeliveries.inc({ channel }, 0);
  let jobs: ReturnType<typeof readJobs> | undefined;
  const readJobs = async () => {
    const time = now();
    const found = await withinTime(countDueJobs(db, time, MAX_COUNTED));
    const since = found?.oldestDueAt ? Date.parse(found.oldestDueAt) : time.getTime();
    return found && { due: found.due, oldestSeconds: (time.getTime() - since) / 1_000 };
  };
  new Gauge({
    name: 'flipsite_jobs_due',
    help: `Jobs that are due and do not run yet. Counting stops at ${MAX_COUNTED}.`,
    registers,
    async collect() {
      jobs = readJobs();
      this.set((await jobs)?.due ?? NaN);
    },
  });
  new Gauge({
    name: 'flipsite_jobs_oldest_due_seconds',
    help: 'How long the oldest due job has waited. 0 if no job is due.',
    registers,
    // Metrics are collected in the order in which they were added, so this is the query of the metric above.
    async collect() {
      this.set((await jobs)?.oldestSeconds ?? NaN);
    },
  });
  const smileCalls = new Counter({
    name: 'flipsite_smile_calls_total',
    help: 'Requests to Smile, by result: ok, or the kind of error.',
    labelNames: ['result'],
    registers,
  });
  // Prometheus sees no increase in a series that begins with 1, so each begins with 0.
  for (const result of ['ok', ...smileFailures]) smileCalls.inc({ result }, 0);
  const smileBreaker = new Gauge({
    name: 'flipsite_smile_breaker_open',
    help: '1 while Flipsite does not call Smile, because Smile failed several times in a row.',
    registers,
  });
  const refusedSignIns = new Counter({
    name: 'flipsite_sign_ins_refused_total',
    help: 'Sign-ins to the dashboard, setup codes and codes of members that were refused.',
    registers,
  });
  const refusedWebhooks = new Counter({
    name: 'flipsite_webhooks_refused_total',
    help: 'Webhooks of Smile whose signature was missing or wrong, or that could not be read.',
    registers,
  });
  new Counter({
    name: 'flipsite_link_visits_total',
    help: 'Visitors of links that were counted, by class.',
    labelNames: ['class'],
    registers,
    collect() {
      this.reset();
      for (const [kind, visits] of Object.entries(linkVisits())) this.inc({ class: kind }, visits);
    },
  });
  return {
    countSmileCall: (failure) => smileCalls.inc({ result: failure ?? 'ok' }),
    setSmileBreaker: (open) => smileBreaker.set(open ? 1 : 0),
    countRefusedSignIn: () => refusedSignIns.inc(),
    countRefusedWebhook: () => refusedWebhooks.inc(),
    countFailedDelivery: (channel) => failedDeliveries.inc({ channel }),
  };
}

/** The result of `found`; undefined if it failed or takes too long. */
export function withinTime<T>(found: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((end) => setTimeout(() => end(undefined), MAX_WAIT_MS).unref());
  return Promise.race([found.catch(() => undefined), late]);
}
