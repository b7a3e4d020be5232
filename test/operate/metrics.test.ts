import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { metricLabels } from '../../src/api/endpoints/endpoint.ts';
import { ENDPOINTS } from '../../src/api/endpoints/endpoints.ts';
import { createMetrics } from '../../src/operate/metrics.ts';
import { temporaryDatabase } from '../helpers/database.ts';

/** The answer of `/metrics` after these requests, such as `GET /`. @param more of the request that asks for it */
async function metricsAfter(
  requests: string[],
  more: Partial<IncomingMessage> = {},
  freeDiskBytes = async () => 0,
): Promise<string> {
  const connections = { open: () => 0, dropped: () => ({}) };
  const labels = metricLabels(ENDPOINTS);
  const metrics = createMetrics({
    key: undefined,
    waiting: () => 0,
    labels,
    connections,
    freeDiskBytes,
    db: await temporaryDatabase(),
    now: () => new Date(),
    version: '0.1.0',
    unready: async () => undefined,
    linkVisits: () => ({}),
    smileFailures: [],
  });
  for (const [method, url] of requests.map((one) => one.split(' '))) {
    const response = { writableFinished: true, statusCode: 200 };
    metrics.observe({ method, url } as IncomingMessage, response as ServerResponse, 0.01);
  }
  let text = '';
  const answer = { writeHead: () => answer, end: (said: string) => (text = said) };
  const socket = { remoteAddress: '127.0.0.1' };
  const request = { httpVersion: '1.1', socket, ...more, headers: { host: 'localhost:8000', ...more.headers } };
  await metrics.answer(request as unknown as IncomingMessage, answer as unknown as ServerResponse);
  return text;
}

it('are answered while the disk of the data folder hangs', async () => {
  const text = await metricsAfter([], {}, () => new Promise(() => undefined));
  expect(text).toMatch(/^flipsite_disk_free_bytes nan$/im);
});

describe('the metrics of requests', () => {
  it('have a handful of kinds, for any requests of strangers', async () => {
    const kindsOfAsked = ['page', 'api', 'admin', 'assets', 'start', 'answers'];
    const asked = ['GET /', 'GET /api', 'GET /admin?a', 'GET /assets/x.js', 'POST /api/forms/a/submissions', 'PUT /api/submissions/1/answers']; // prettier-ignore
    const made = Array.from({ length: 50 }, (_, n) => [`GET /api-${n}`, `GET /admin.${n}/x`, `GET /assets~${n}?y`, `GET /local-smile%${n}`, `M-${n} /api/forms/a/submissions`]); // prettier-ignore
    const text = await metricsAfter([...asked, ...made.flat()]);
    const kinds = [...text.matchAll(/flipsite_request_seconds_count\{kind="([^"]*)"/g)].map(([, kind]) => kind);
    expect(kinds.toSorted()).toEqual(kindsOfAsked.toSorted());
  });

  it('count no reading of a program as a start of a submission or a save', async () => {
    const written = ['POST /api/forms/a/submissions', 'PUT /api/submissions/1/answers'];
    const read = ['GET', 'HEAD'].flatMap((method) => written.map((one) => one.replace(/^\w+/, method)));
    const text = await metricsAfter([...written, ...read, 'GET /api/forms/a/submissions?limit=9']);
    const counted = [...text.matchAll(/flipsite_request_seconds_count\{kind="([^"]*)".* (\d+)/g)];
    expect(Object.fromEntries(counted.map(([, kind, count]) => [kind, count]))).toEqual({ start: '1', answers: '1', api: '5' }); // prettier-ignore
  });
});

it.each([
  ['HTTP/1.0, as by nginx without a setting', { httpVersion: '1.0' }],
  ['X-Real-IP', { headers: { 'x-real-ip': '203.0.113.9' } }],
  ['X-Forwarded-For', { headers: { 'x-forwarded-for': '203.0.113.9' } }],
  ['Via', { headers: { via: '1.1 cdn' } }],
])('strangers behind a proxy on this machine get no metrics: %s', async (_, more) => {
  expect(await metricsAfter([], more)).toBe('There is no page at this address.\n');
});
