/** What people are told while nothing can be stored, and what operators see. */
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { begin, expectRefusal, PLAIN, send } from './attack.ts';

let site: TestSite;
const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-faults-'));
beforeAll(async () => {
  site = await openTestSite({
    forms: { plain: PLAIN },
    folder,
    env: { DATABASE_URL: path.join(folder, 'data.sqlite') },
  });
});
afterAll(async () => {
  await site.close();
  removeFolder(folder);
});

it('is told to come again while the store takes nothing, pages are served, and all goes on by itself', async () => {
  const ana = await begin(site, 'plain');
  await sql`pragma query_only = on`.execute(site.db);
  const start = await send(site, 'POST', '/api/forms/plain/submissions', {});
  expectRefusal(start, 503, 'store_unavailable');
  expect(Number(start.headers.get('retry-after'))).toBeGreaterThan(0);
  expectRefusal(await ana.put('only', { full_name: 'Ana' }), 503, 'store_unavailable');
  expect((await send(site, 'GET', '/plain')).status).toBe(200);
  expect((await send(site, 'GET', '/healthz')).status).toBe(200);
  const ready = await send(site, 'GET', '/readyz');
  expect([ready.status, ready.text]).toEqual([503, expect.stringContaining('cannot be written')]);
  await sql`pragma query_only = off`.execute(site.db);
  expect((await ana.put('only', { full_name: 'Ana' })).status).toBe(200);
  expect((await send(site, 'GET', '/readyz')).text).toBe('ok\n');
});

it('tells monitoring on this machine how it goes, and nobody behind a proxy', async () => {
  const { status, text, headers } = await send(site, 'GET', '/metrics');
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  expect(text).toMatch(/flipsite_request_seconds_count\{kind="start",status="2xx"\} [1-9]/);
  expect(text).toMatch(/flipsite_request_seconds_count\{kind="start",status="5xx"\} 1/);
  expect(text).toContain('flipsite_writes_waiting 0');
  expect(text).not.toContain('Ana');
  expect((await send(site, 'GET', '/metrics', undefined, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(404);
});

it('opens the metrics with the key alone, where there is one', async () => {
  const key = 'metrics-key-for-tests-only';
  const own = await openTestSite({ forms: { plain: PLAIN }, env: { METRICS_KEY: key } });
  const ask = (headers: Record<string, string>) => send(own, 'GET', '/metrics', undefined, headers);
  const statuses = [
    await ask({}),
    await ask({ authorization: 'Bearer x' }),
    await ask({ authorization: `Bearer ${key}` }),
  ];
  await own.close();
  removeFolder(own.folder);
  expect(statuses.map(({ status }) => status)).toEqual([404, 404, 200]);
});
