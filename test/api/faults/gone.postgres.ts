/** PostgreSQL gone for a while under load, and back. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { listDeliveries } from '../../../src/record/delivery-queries.ts';
import { LEASE_MS } from '../../../src/record/jobs/worker.ts';
import { LONG } from '../../helpers/run/long.ts';
import { createDatabase, startPostgres } from '../../helpers/postgres/postgres.ts';
import { removeFolder } from '../../helpers/site.ts';
import { begin, eventually, expectRefusal, PLAIN, send } from '../../helpers/api/client.ts';
import { PAUSE_MS, startClients } from './crash-clients.ts';
import { hooked, openHooks } from '../hooks.ts';
import { kill, movedClock, serve, stop } from '../serve.ts';

/** How many begin before it is gone, and after it is back. */
const MORE = LONG ? 40 : 10;

const left: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of left.splice(0).reverse()) await step();
});

it(
  'refuses at once while it is gone, serves pages, and goes on by itself with all that it acknowledged',
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-gone-'));
    left.push(() => removeFolder(folder));
    const postgres = await startPostgres({ durable: true });
    left.push(() => postgres.stop());
    const hooks = await openHooks();
    left.push(() => hooks.close());
    const url = postgres.url('gone');
    await createDatabase(url);
    mkdirSync(path.join(folder, 'forms'));
    writeFileSync(path.join(folder, 'forms', 'plain.yaml'), hooked(PLAIN, hooks));
    const clock = path.join(folder, 'clock');
    writeFileSync(clock, '0');
    const server = await serve(folder, { ...hooks.env, ...movedClock(clock), DATABASE_URL: url, LOG_LEVEL: 'silent' });
    left.push(() => server.child.exitCode ?? kill(server.child));
    const ana = await begin(server, 'plain');
    const clients = startClients(LONG ? 8 : 3, () => server.origin, PAUSE_MS);
    await eventually(async () => clients.acknowledged.size > MORE);

    await postgres.kill();
    const back = wait(LONG ? 10_000 : 3_000);
    expect(await ana.put('only', { full_name: 'Ana' })).toSatisfy((said) => {
      expectRefusal(said, 503, 'store_unavailable');
      return Number(said.headers.get('retry-after')) > 0;
    });
    await eventually(async () => /^not ready: .*cannot be reached/.test((await send(server, 'GET', '/readyz')).text));
    expect((await send(server, 'GET', '/healthz')).status).toBe(200);
    expect((await send(server, 'GET', '/plain')).status).toBe(200);
    await back;
    await postgres.start();
    await eventually(async () => (await send(server, 'GET', '/readyz')).status === 200);
    expect((await ana.put('only', { full_name: 'Ana' })).status).toBe(200);
    expect((await ana.post('submit')).status).toBe(200);
    const wanted = clients.acknowledged.size + MORE;
    await eventually(async () => clients.acknowledged.size >= wanted);
    await clients.stop();
    // Messages that were on their way when it went could not be recorded. They are sent again after their lease.
    writeFileSync(clock, String(LEASE_MS));

    const told = [...clients.acknowledged.values()];
    const db = await openDatabase(url);
    await eventually(
      async () => (await listDeliveries(db, { statuses: ['waiting'] }, { limit: 1 })).items.length === 0,
    );
    const { items } = await listDeliveries(db, {}, { limit: 10_000 });
    const rows = await db.query.selectFrom('submissions').select(['id', 'answers']).where('id', '!=', ana.id).execute();
    await closeDatabase(db);
    expect(await stop(server.child)).toBe(0);
    const kept = rows.map(({ id, answers }) => [id, answers].join());
    expect(kept.sort()).toEqual(told.map(({ id, full_name }) => [id, JSON.stringify({ full_name })].join()).sort());
    expect(items).toHaveLength(told.length + 1);
    expect(items.filter(({ id, status }) => status !== 'sent' || !hooks.arrived.has(id))).toEqual([]);
  },
);
