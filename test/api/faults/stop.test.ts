/** A server that is asked to stop while people fill in forms. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { listDeliveries } from '../../../src/record/delivery-queries.ts';
import { openReceiver, SECRET, type Receiver } from '../../deliver/receiver.ts';
import { itLong } from '../../helpers/run/it-long.ts';
import { postgresFor } from '../../helpers/postgres/postgres.ts';
import { removeFolder } from '../../helpers/site.ts';
import { begin, eventually, PLAIN, send } from '../../helpers/api/client.ts';
import { PAUSE_MS, startClients } from './crash-clients.ts';
import { hooked } from '../hooks.ts';
import { serve, stop } from '../serve.ts';

let folder: string;
let receiver: Receiver;
let env: Record<string, string>;
beforeAll(async () => {
  receiver = await openReceiver();
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-stop-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'plain.yaml'), PLAIN);
  writeFileSync(path.join(folder, 'forms', 'told.yaml'), hooked(PLAIN, receiver));
  const postgres = await postgresFor(folder);
  env = {
    ...(postgres && { DATABASE_URL: postgres }),
    ACME_HOOK_SECRET: SECRET,
    WEBHOOK_ALLOWED_HOSTS: receiver.host,
  };
});
afterAll(async () => {
  await receiver.close();
  removeFolder(folder);
});

const portOf = (origin: string) => new URL(origin).port;
const database = () => openDatabase(env['DATABASE_URL'] ?? path.join(folder, 'data', 'flipsite.sqlite'));

/** A connection, and all that came on it. */
async function connected(origin: string): Promise<{ socket: Socket; heard(): string; closed: Promise<unknown> }> {
  const socket = connect(Number(portOf(origin)), '127.0.0.1');
  await once(socket, 'connect');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined);
  return { socket, heard: () => heard, closed: once(socket, 'close') };
}

const post = (body: string) =>
  `POST /api/forms/plain/submissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;

itLong(
  'has all that it acknowledged under load, and the next one on its port goes on with it',
  { timeout: 300_000 },
  async () => {
    let { child, origin } = await serve(folder, env);
    const port = portOf(origin);
    const clients = startClients(16, () => origin, PAUSE_MS);
    for (let round = 1; round <= 3; round++) {
      await eventually(async () => clients.acknowledged.size > 40 * round);
      expect(await stop(child)).toBe(0);
      ({ child, origin } = await serve(folder, { ...env, APP_PORT: port }));
      expect(portOf(origin)).toBe(port);
    }
    await clients.stop();
    expect(await stop(child)).toBe(0);
    const db = await database();
    const rows = await db.query
      .selectFrom('submissions')
      .select(['id', 'answers', 'reference'])
      .where('form', '=', 'plain')
      .execute();
    const events = await db.query.selectFrom('events').select(['id']).where('name', '=', 'screenSeen').execute();
    await closeDatabase(db);
    const kept = rows.map(({ id, answers, reference }) => [id, JSON.parse(answers), reference]);
    const told = [...clients.acknowledged.values()];
    const all = told.map(({ id, full_name, reference }) => [id, { full_name }, reference?.replaceAll(' ', '')]);
    expect(new Set(kept.map((one) => JSON.stringify(one)))).toEqual(new Set(all.map((one) => JSON.stringify(one))));
    expect(events.map(({ id }) => id).sort()).toEqual(told.flatMap((one) => one.events).sort());
  },
);

it(
  'says that it is not ready and answers all requests while it drains, then closes idle connections and ends',
  { timeout: 120_000 },
  async () => {
    const { child, origin } = await serve(folder, { ...env, DRAIN_SECONDS: '2' });
    const ana = await begin({ origin }, 'plain');
    const [idle, slow] = [await connected(origin), await connected(origin)];
    idle.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await eventually(async () => idle.heard().endsWith('ok\n'));
    expect(idle.heard()).not.toMatch(/connection: close/i);
    slow.socket.write(post('{}'));

    const exit = stop(child);
    const ready = await eventually(async () => {
      const said = await send({ origin }, 'GET', '/readyz');
      return said.status === 503 && said;
    });
    expect(ready.text).toBe('not ready: the site is stopping\n');
    expect(ready.headers.get('connection')).toBe('close');
    expect((await ana.put('only', { full_name: 'Ana' })).status).toBe(200);
    slow.socket.write('{}');
    await slow.closed;
    expect(slow.heard()).toMatch(/^HTTP\/1.1 201 [\s\S]+connection: close\r\n/i);
    await idle.closed;
    expect(await exit).toBe(0);
    await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
  },
);

itLong('without a drain, answers the requests that it was receiving', async () => {
  const { child, origin } = await serve(folder, env);
  const slow = await connected(origin);
  slow.socket.write(post('{}'));
  const asked = await connected(origin);
  asked.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually(async () => asked.heard().endsWith('ok\n'));
  const exit = stop(child);
  // The proxy knows that the server stops, because it sends it no new clients.
  await eventually(() => fetch(origin).then(() => false, () => true)); // prettier-ignore
  slow.socket.write('{}');
  await slow.closed;
  expect(slow.heard()).toMatch(/^HTTP\/1.1 201 [\s\S]+connection: close\r\n/i);
  expect(await exit).toBe(0);
});

itLong('ends although somebody never ends a request', { timeout: 120_000 }, async () => {
  const { child, origin } = await serve(folder, env);
  const endless = await connected(origin);
  endless.socket.write(post('{ "language": "en" }'));
  const asked = await connected(origin);
  asked.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually(async () => asked.heard().endsWith('ok\n'));
  expect(await stop(child)).toBe(0);
  expect(endless.heard()).toBe('');
});

itLong('ends the delivery that it has started, and does not send it twice', async () => {
  let answer = () => {};
  receiver.answer = (response) => (answer = () => void response.writeHead(204).end());
  const first = await serve(folder, env);
  const ana = await begin(first, 'told');
  await ana.put('only', { full_name: 'Ana' });
  expect((await ana.post('submit')).status).toBe(200);
  await eventually(async () => receiver.received.length > 0);
  const exit = stop(first.child);
  await eventually(() => fetch(first.origin).then(() => false, () => true)); // prettier-ignore
  answer();
  expect(await exit).toBe(0);
  const db = await database();
  expect((await listDeliveries(db, {}, { limit: 9 })).items).toMatchObject([{ status: 'sent', tries: 1 }]);
  expect(await db.query.selectFrom('jobs').select('id').where('submission_id', '=', ana.id).execute()).toEqual([]);
  await closeDatabase(db);
  expect(receiver.received).toHaveLength(1);
});
