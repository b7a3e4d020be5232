/** A server whose site is not open yet. */
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerWhileStarting, type Starting } from '../../../src/site/starting.ts';
import { lastingPort } from '../../helpers/ports.ts';
import { openTestSite, removeFolder } from '../../helpers/site.ts';
import { makeOlderDatabase } from '../../record/db/older-database.ts';
import { expectRefusal, PLAIN, send } from '../../helpers/api/client.ts';

const server = createServer();
let starting: Starting;
let site: { origin: string };
beforeAll(async () => {
  starting = answerWhileStarting(server, '0.1.0');
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  site = { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

it('is healthy at once, and says how far the update of the database is', async () => {
  expect(await send(site, 'GET', '/healthz')).toMatchObject({ status: 200, text: 'Flipsite 0.1.0: ok\n' });
  expect(await send(site, 'GET', '/readyz')).toMatchObject({ status: 503, text: 'not ready: starting\n' });
  starting.setProgress('migrating: step 3 of 7');
  expect(await send(site, 'GET', '/readyz')).toMatchObject({
    status: 503,
    text: 'not ready: migrating: step 3 of 7\n',
  });
});

it('asks the script of a form to send again, and a browser to come back', async () => {
  const saved = await send(site, 'POST', '/api/forms/plain/submissions', { params: {} });
  expectRefusal(saved, 503, 'store_unavailable');
  expect(saved.headers.get('retry-after')).toBe('5');
  const page = await send(site, 'GET', '/plain');
  expect([page.status, page.headers.get('refresh'), page.text]).toEqual([
    503,
    '5',
    expect.stringContaining('is starting'),
  ]);
  // The browser goes back to the answers, and not on to an empty form.
  const posted = await send(site, 'POST', '/plain');
  expect([posted.status, posted.headers.get('refresh')]).toEqual([503, null]);
});

it('answers nothing after its end', async () => {
  starting.end();
  server.on('request', (_request, response) => void response.end('the site'));
  expect((await send(site, 'GET', '/plain')).text).toBe('the site');
});

it('listens before the site opens its database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flipsite-starting-'));
  const port = await lastingPort();
  const env = { APP_PORT: String(port), DATABASE_URL: join(folder, 'older.sqlite') };
  await makeOlderDatabase(env.DATABASE_URL);
  const origin = `http://127.0.0.1:${port}`;
  const heard: string[] = [];
  const asking = (async () => {
    while (!heard.includes('ok\n')) {
      const ready = await send({ origin }, 'GET', '/readyz').catch(() => undefined);
      if (ready) heard.push(ready.text);
      await new Promise((next) => setImmediate(next));
    }
  })();
  const opened = await openTestSite({ forms: { plain: PLAIN }, folder, env });
  await asking;
  await opened.close();
  removeFolder(folder);
  expect(heard[0]).toMatch(/^not ready: (starting|migrating: step \d+ of \d+)\n$/);
  expect(opened.logged()).toContain('Updating the tables of the database');
});
