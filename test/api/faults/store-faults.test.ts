/** The messages to people while nothing can be stored, and the messages to operators. */
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_KEY, openTestSite, removeFolder, type TestSite } from '../../helpers/site.ts';
import { smallDisk } from '../../record/db/small-disk.ts';
import { itLong } from '../../helpers/run/it-long.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { begin, draftOf, expectRefusal, PLAIN, send, raw, webhook, WEBHOOK_SECRET } from '../../helpers/api/client.ts';

let site: TestSite;
const left: (() => unknown)[] = [];
const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-faults-'));
beforeAll(async () => {
  site = await openTestSite({
    forms: { plain: PLAIN, few: `${PLAIN}limits: { max: 5 }\n` },
    folder,
    env: { DATABASE_URL: path.join(folder, 'data.sqlite'), WEBHOOK_SECRET, RATE_LIMIT: 'on' },
  });
});
afterAll(async () => {
  for (const step of left.reverse()) await step();
  await site.close();
  removeFolder(folder);
});

it('gets a message to try again while the store refuses writes, reads pages, and continues without a restart', async () => {
  const ana = await begin(site, 'plain');
  await sql`pragma query_only = on`.execute(site.db.query);
  const start = await send(site, 'POST', '/api/forms/plain/submissions', {});
  expectRefusal(start, 503, 'store_unavailable');
  expect(Number(start.headers.get('retry-after'))).toBeGreaterThan(0);
  expectRefusal(await ana.put('only', { full_name: 'Ana' }), 503, 'store_unavailable');
  expect((await send(site, 'GET', '/plain')).status).toBe(200);
  const [healthy, ready] = [await send(site, 'GET', '/healthz'), await send(site, 'GET', '/readyz')];
  expect(healthy.status).toBe(200);
  expect([ready.status, ready.text]).toEqual([503, expect.stringContaining('is read-only')]);
  for (const { headers } of [healthy, ready]) expect(headers.get('cache-control')).toBe('no-store');
  await sql`pragma query_only = off`.execute(site.db.query);
  expect((await ana.put('only', { full_name: 'Ana' })).status).toBe(200);
  await expect.poll(async () => (await send(site, 'GET', '/readyz')).text, { timeout: 10_000 }).toBe('ok\n');
});

it('takes rightly signed webhooks again at once, however many came while it could store none', async () => {
  const event = () => JSON.stringify({ id: crypto.randomUUID(), type: 'ACCOUNT_CREATED', createdAt: new Date().toISOString(), data: {} }); // prettier-ignore
  const most = SITE_LIMITS.wrongWebhooksPerAddressAndMinute.value;
  await sql`pragma query_only = on`.execute(site.db.query);
  for (let n = 0; n <= most; n++) expectRefusal(await webhook(site, event()), 503, 'store_unavailable');
  await sql`pragma query_only = off`.execute(site.db.query);
  expect((await webhook(site, event())).status).toBe(200);
});

it('gives support an id under which the log has the error, in JSON and on the page, in the reader’s language', async () => {
  await sql`alter table tallies rename to away`.execute(site.db.query);
  const json = await send(site, 'POST', '/api/forms/few/submissions', {}, { 'x-request-id': 'proxy-id.0123456789' });
  const html = await send(site, 'GET', '/few', undefined, { accept: 'text/html' });
  const other = await send(site, 'GET', '/few', undefined, { accept: 'text/html', 'x-request-id': 'short' });
  await sql`alter table away rename to tallies`.execute(site.db.query);
  expect([json.status, json.body.error.requestId, json.headers.get('x-request-id')]).toEqual([500, 'proxy-id.0123456789', 'proxy-id.0123456789']); // prettier-ignore
  const ids = [html, other].map(({ headers }) => headers.get('x-request-id') ?? '');
  for (const [at, { text }] of [html, other].entries()) {
    expect(ids[at]).toMatch(/^[A-Z\d]{10}$/);
    expect(text).toContain(`Need help? Give this code: <bdi>${ids[at]}</bdi>`);
  }
  expect(ids[0]).not.toBe(ids[1]);
  for (const id of ['proxy-id.0123456789', ...ids]) expect(site.logged()).toContain(`"requestId":"${id}"`);
});

it('reads the message on a page of the form, where the browser runs no script or the form cannot be shown', async () => {
  const page = { accept: 'text/html', origin: site.origin };
  const told = /<h1[^>]*>Something went wrong<\/h1>[^]*Wait a minute, then reload this page/;
  await sql`pragma query_only = on`.execute(site.db.query);
  const posted = await send(site, 'POST', '/plain', 'full_name=Ana', {
    ...page,
    'content-type': 'application/x-www-form-urlencoded',
  });
  await sql`pragma query_only = off`.execute(site.db.query);
  expect([posted.status, posted.text]).toEqual([503, expect.stringMatching(told)]);
  expect(Number(posted.headers.get('retry-after'))).toBeGreaterThan(0);
  await sql`alter table tallies rename to away`.execute(site.db.query);
  const asked = await send(site, 'GET', '/few', undefined, page);
  await sql`alter table away rename to tallies`.execute(site.db.query);
  expect([asked.status, asked.text]).toEqual([500, expect.stringMatching(told)]);
  expect(asked.headers.get('cache-control')).toBe('no-store');
  expect((await send(site, 'GET', '/few', undefined, page)).status).toBe(200);
});

it('gets the same message when the disk is full; all acknowledged answers are there, and the site continues once there is room', async () => {
  const place = path.join(folder, 'disk');
  const disk = smallDisk(place);
  left.push(disk.remove);
  const env = { DATABASE_URL: path.join(place, 'data.sqlite'), RATE_LIMIT: 'off' };
  const small = await openTestSite({ forms: { plain: PLAIN }, folder: path.join(folder, 'small'), env });
  left.push(() => small.close());
  await disk.limit(small.db);
  const kept: { id: string; answers: { full_name: string; note: string } }[] = [];
  const fill = async () => {
    const started = await send(small, 'POST', '/api/forms/plain/submissions', {});
    if (started.status !== 201) return started;
    const draft = draftOf(small, started.body);
    const answers = { full_name: `Ana ${kept.length}`, note: 'x'.repeat(5_000) };
    const said = await draft.put('only', answers);
    if (said.status === 200) kept.push({ id: draft.id, answers });
    return said;
  };
  const refused = async () => {
    for (;;) {
      const said = await fill();
      if (said.status !== 200) return said;
    }
  };
  const said = await refused();
  expectRefusal(said, 503, 'store_unavailable');
  expect(Number(said.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(kept.length).toBeGreaterThan(5);
  expect((await send(small, 'GET', '/plain')).status).toBe(200);
  const read = async (id: string) =>
    (await send(small, 'GET', `/api/submissions/${id}`, undefined, { authorization: `Bearer ${API_KEY}` })).body;
  for (const { id, answers } of kept) expect((await read(id)).answers).toEqual(answers);
  await disk.makeRoom(small.db);
  expect((await fill()).status).toBe(200);
});

itLong(
  'gets a message about too many requests when the queue is full, and all accepted answers are stored',
  async () => {
    // A proxy may open more connections than one address, and a connection has two requests at once.
    const env = { RATE_LIMIT: 'off', TRUSTED_PROXIES: '1', DATABASE_URL: path.join(folder, 'busy.sqlite') };
    const busy = await openTestSite({ forms: { plain: PLAIN }, folder: path.join(folder, 'busy'), env });
    left.push(() => busy.close());
    // Not a lock of another process: after five seconds Flipsite no longer waits for that.
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const slow = busy.db.transaction(() => released);
    const start = `POST /api/forms/plain/submissions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 2\r\n`;
    const many = `${start}\r\n{}${start}connection: close\r\n\r\n{}`;
    const answers = Array.from({ length: 2_350 }, () => raw(busy.port, many));
    await expect.poll(() => busy.db.engine.waiting(), { interval: 10, timeout: 20_000 }).toBe(4_000);
    const said = await send(busy, 'POST', '/api/forms/plain/submissions', {});
    release();
    await slow;
    expectRefusal(said, 503, 'busy');
    expect(said.headers.get('retry-after')).toBe('1');
    const told = (await Promise.all(answers)).flatMap((text) => text.match(/HTTP\/1\.1 \d+/g) ?? []);
    expect(told).toHaveLength(4_700);
    expect(new Set(told)).toEqual(new Set(['HTTP/1.1 201', 'HTTP/1.1 503']));
    const rows = await busy.db.query.selectFrom('submissions').select('id').execute();
    expect(rows).toHaveLength(told.filter((line) => line.endsWith('201')).length);
    expect((await send(busy, 'POST', '/api/forms/plain/submissions', {})).status).toBe(201);
  },
);

it('gives its state to monitoring on this machine, and to no client behind a proxy', async () => {
  const { status, text, headers } = await send(site, 'GET', '/metrics');
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  expect(text).toMatch(/flipsite_request_seconds_count\{kind="start",status="2xx"\} [1-9]/);
  expect(text).toMatch(/flipsite_request_seconds_count\{kind="start",status="5xx"\} 2/);
  // The site's own look for work may be waiting just now, but not for long.
  await expect.poll(async () => (await send(site, 'GET', '/metrics')).text).toContain('flipsite_writes_waiting 0');
  expect(text).not.toContain('Ana');
  expect((await send(site, 'GET', '/metrics', undefined, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(404);
  const asked = (host: string) => raw(site.port, `GET /metrics HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  expect(await asked(`localhost:${site.port}`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await asked('[::1]')).toMatch(/^HTTP\/1\.1 200 /);
  for (const host of ['forms.example.com', 'localhost.example.com', '127.0.0.1.example.com'])
    expect(await asked(host)).toMatch(/^HTTP\/1\.1 404 /);
});

it('requires the key for the metrics, where there is one', async () => {
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
