import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { metricLabels } from '../../src/api/endpoints/endpoint.ts';
import { ENDPOINTS } from '../../src/api/endpoints/endpoints.ts';
import { createMetrics } from '../../src/operate/metrics.ts';
import { temporaryDatabase } from '../helpers/database.ts';

/** The answer of `/metrics` after requests to these addresses. @param more of the request that asks for it */
async function metricsAfter(
  urls: string[],
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
  for (const url of urls) {
    const response = { writableFinished: true, statusCode: 200 };
    metrics.observe({ url } as IncomingMessage, response as ServerResponse, 0.01);
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
    const asked = ['/', '/api', '/admin?a', '/assets/x.js', '/api/forms/a/submissions', '/api/submissions/1/answers'];
    const made = Array.from({ length: 50 }, (_, n) => [`/api-${n}`, `/admin.${n}/x`, `/assets~${n}?y`, `/local-smile%${n}`]); // prettier-ignore
    const text = await metricsAfter([...asked, ...made.flat()]);
    const kinds = [...text.matchAll(/flipsite_request_seconds_count\{kind="([^"]*)"/g)].map(([, kind]) => kind);
    expect(kinds.toSorted()).toEqual(kindsOfAsked.toSorted());
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
