/** Metrics for Prometheus: counts and durations, no personal data. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { sameSecret } from '../record/crypto/secrets.ts';
import { addSiteMetrics, withinTime, type SiteCounts, type SiteMetricsOptions } from './site-metrics.ts';

export interface Metrics extends SiteCounts {
  /** Counts a request after its response is complete or cut off. */
  observe(request: IncomingMessage, response: ServerResponse, seconds: number): void;
  /** Answers `GET /metrics` to permitted readers, and 404 to all others. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface MetricsOptions extends SiteMetricsOptions {
  /** The bearer token of permitted readers. */
  key: string | undefined;
  /** How many writes wait. */
  waiting(): number;
  /** The kind of requests to the API, by method and the parts of the path that are the same for all: `PUT submissions/answers`. */
  labels: ReadonlyMap<string, string>;
  /** Those that are open now, and those that were dropped so far, by the limit that they were over. */
  connections: { open(): number; dropped(): Record<string, number> };
  /** In bytes. Undefined if the disk does not report it. */
  freeDiskBytes(): Promise<number | undefined>;
}

/** Without a `key`, only this machine may read, and not through a proxy. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { key, waiting, labels, connections, freeDiskBytes } = options;
  const register = new Registry();
  const seconds = new Histogram({
    name: 'flipsite_request_seconds',
    help: 'Duration of requests in seconds, by kind and class of status.',
    labelNames: ['kind', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  });
  new Gauge({
    name: 'flipsite_writes_waiting',
    help: 'Writes that wait for the database.',
    registers: [register],
    collect() {
      this.set(waiting());
    },
  });
  new Gauge({
    name: 'flipsite_connections',
    help: 'Connections that are open.',
    registers: [register],
    collect() {
      this.set(connections.open());
    },
  });
  new Counter({
    name: 'flipsite_connections_dropped_total',
    help: 'Connections that were dropped, by the limit that they were over.',
    labelNames: ['limit'],
    registers: [register],
    collect() {
      this.reset();
      for (const [limit, count] of Object.entries(connections.dropped())) this.inc({ limit }, count);
    },
  });
  new Gauge({
    name: 'flipsite_disk_free_bytes',
    help: 'Free space on the disk of the data folder. When it is low, Flipsite accepts no files.',
    registers: [register],
    async collect() {
      this.set((await withinTime(freeDiskBytes())) ?? NaN);
    },
  });
  // Last: it writes to the database, and the metrics are collected in this order.
  const counts = addSiteMetrics(register, options);
  /** Finding one among its labels takes longer than counting. There are some dozens. */
  const counters: Record<string, ReturnType<typeof seconds.labels>[]> = {};
  let complete = false;

  function mayRead({ headers, socket, httpVersion }: IncomingMessage): boolean {
    if (key !== undefined) {
      const token = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
      return sameSecret(token, key);
    }
    // Without a setting, nginx adds no header, and most of its versions ask by HTTP/1.0. Prometheus and curl do not.
    const forwarded = httpVersion === '1.0' || Object.keys(headers).some((name) => PROXY_HEADER.test(name));
    // Most proxies pass on the requested host.
    const here = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
    return !forwarded && here && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '');
  }

  return {
    ...counts,
    observe(request, response, duration) {
      const kind = kindOf(request, labels);
      const status = response.writableFinished ? Math.floor(response.statusCode / 100) : CUT_OFF;
      const counted = ((counters[kind] ??= [])[status] ??= seconds.labels(kind, CLASSES[status] ?? 'other'));
      counted.observe(duration);
    },
    async answer(request, response) {
      if (!mayRead(request)) {
        response
          .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
          .end('There is no page at this address.\n');
        return;
      }
      if (!complete) collectDefaultMetrics({ register });
      complete = true;
      response
        .writeHead(200, { 'content-type': register.contentType, 'cache-control': 'no-store' })
        .end(await register.metrics());
    },
  };
}

const PROXY_HEADER = /^(forwarded|via|x-real-ip|x-forwarded-.*)$/;
const CUT_OFF = 0;
const CLASSES = ['cut off', '1xx', '2xx', '3xx', '4xx', '5xx'];

const OTHER_KINDS = ['api', 'admin', 'assets', 'local-smile', 'go', 'preview'];

/** Few kinds: the values of a label stay in memory forever. */
function kindOf({ method, url = '' }: IncomingMessage, labels: MetricsOptions['labels']): string {
  const first = OTHER_KINDS.find((kind) => url.startsWith(kind, 1) && /^[/?]?$/.test(url.charAt(kind.length + 1)));
  if (first !== 'api') return first ?? 'page';
  const [, , noun = '', , part = ''] = url.split(/[/?]/, 5);
  return labels.get(`${method} ${noun}/${part}`) ?? first;
}
