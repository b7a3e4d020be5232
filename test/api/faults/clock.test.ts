/** The clock of a machine that jumps back by an hour under load, and an hour later is right again. */
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { listDeliveries } from '../../../src/record/delivery-queries.ts';
import { API_KEY, removeFolder, SETUP_CODE } from '../../helpers/site.ts';
import { LONG } from '../../helpers/run/long.ts';
import { postgresFor } from '../../helpers/postgres/postgres.ts';
import { begin, eventually, PLAIN, send } from '../../helpers/api/client.ts';
import { PAUSE_MS, startClients } from './crash-clients.ts';
import { hooked, openHooks, type Hooks } from '../hooks.ts';
import { movedClock, serve, stop } from '../serve.ts';

const HOUR = 3_600_000;
const MEMBER = { email: 'ops@acme.example', password: 'correct horse battery' };

let folder: string;
let hooks: Hooks;
let env: Record<string, string>;
let running: Awaited<ReturnType<typeof serve>> | undefined;
/** At once, so that no one reads half of it. */
function setClock(off: number): void {
  writeFileSync(path.join(folder, 'next'), String(off));
  renameSync(path.join(folder, 'next'), path.join(folder, 'clock'));
}
beforeAll(async () => {
  hooks = await openHooks();
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-clock-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'plain.yaml'), hooked(PLAIN, hooks));
  writeFileSync(path.join(folder, 'forms', 'once.yaml'), `${PLAIN}limits: { one_per: full_name }\n`);
  const postgres = await postgresFor(folder);
  env = {
    ...hooks.env,
    ...(postgres && { DATABASE_URL: postgres }),
    ...movedClock(path.join(folder, 'clock')),
    INTEGRATOR_API_KEY: API_KEY,
    SETUP_CODE,
  };
});
afterEach(async () => {
  if (running) await stop(running.child);
  running = undefined;
});
afterAll(async () => {
  await hooks.close();
  removeFolder(folder);
});

async function start(more: Record<string, string> = {}) {
  setClock(0);
  return (running = await serve(folder, { ...env, ...more }));
}

async function inDatabase<R>(look: (db: Database) => Promise<R>): Promise<R> {
  const db = await openDatabase(env['DATABASE_URL'] ?? path.join(folder, 'data', 'flipsite.sqlite'));
  return look(db).finally(() => closeDatabase(db));
}

/** The ids of all submissions, as a program reads them page by page. */
async function listed(origin: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const page = `/api/forms/plain/submissions?limit=50${cursor && `&cursor=${cursor}`}`;
    const { body } = await send({ origin }, 'GET', page, undefined, { authorization: `Bearer ${API_KEY}` });
    ids.push(...(body.items as { id: string }[]).map(({ id }) => id));
    if (body.nextCursor === null) return ids.sort();
    cursor = body.nextCursor;
  }
}

interface Told {
  id: string;
  name: string;
  receivedAt: string;
}

describe('a clock that jumps back by an hour, and forward again,', () => {
  it(
    'loses nothing, sends nothing twice, and leaves each timeline in the order in which things happened',
    { timeout: 300_000 },
    async () => {
      const { origin } = await start();
      const clients = startClients(LONG ? 12 : 4, () => origin, PAUSE_MS);
      const slow = await begin({ origin }, 'once');
      for (const off of [0, -HOUR, 0]) {
        setClock(off);
        expect((await slow.put('only', { full_name: `At ${off}` })).status).toBe(200);
        const wanted = clients.acknowledged.size + (LONG ? 60 : 15);
        await eventually(async () => clients.acknowledged.size >= wanted);
        // A receiver takes nothing that seems to be an hour old, and is asked again by the plan.
        if (off) await eventually(async () => hooks.refused.length > 0);
      }
      await clients.stop();
      const told = [...clients.acknowledged.values()];
      await eventually(async () => hooks.arrived.size >= told.length);
      for (const { id, full_name, reference, events } of told) {
        const { body } = await send({ origin }, 'GET', `/api/submissions/${id}`, undefined, {
          authorization: `Bearer ${API_KEY}`,
        });
        expect(body).toMatchObject({ status: 'submitted', answers: { full_name }, reference });
        const timeline = (body.events as Told[]).filter(({ name }) => name !== 'webhookSent');
        const step = ['answersSaved', 'screenSeen'];
        expect(timeline.map(({ name }) => name)).toEqual(['started', ...step, ...step, ...step, 'submitted']);
        expect(timeline.flatMap(({ id: event, name }) => (name === 'screenSeen' ? [event] : []))).toEqual(events);
      }
      const { body } = await send({ origin }, 'GET', `/api/submissions/${slow.id}`, undefined, {
        authorization: `Bearer ${API_KEY}`,
      });
      const events = body.events as Told[];
      expect(events.map(({ name }) => name)).toEqual(['started', 'answersSaved', 'answersSaved', 'answersSaved']);
      const times = events.map(({ receivedAt }) => receivedAt);
      expect(times).not.toEqual(times.toSorted());
      expect(await listed(origin)).toEqual(told.map(({ id }) => id).sort());
      expect([...hooks.arrived.values()].flat().sort()).toEqual(told.map(({ reference }) => reference).sort());
      await eventually(() =>
        inDatabase(async (db) => {
          const left = await db.query
            .selectFrom('jobs')
            .select('id')
            .where('kind', 'in', ['delivery', 'webhookDelivery'])
            .executeTakeFirst();
          return !left;
        }),
      );
      const { items } = await inDatabase((db) => listDeliveries(db, {}, { limit: 10_000 }));
      expect(items).toHaveLength(told.length);
      for (const { id, status, tries } of items) {
        const came = [...hooks.refused, ...hooks.arrived.keys()].filter((one) => one === id);
        expect([status, tries]).toEqual(['sent', came.length]);
      }
    },
  );

  it('signs no member out, closes no draft, and repeats no request', async () => {
    const { origin } = await start();
    const post = (where: string, fields: Record<string, string>) =>
      send({ origin }, 'POST', where, String(new URLSearchParams(fields)), {
        origin,
        'content-type': 'application/x-www-form-urlencoded',
      });
    const setUp = await post('/admin/setup', { code: SETUP_CODE, ...MEMBER });
    const cookie = setUp.headers.get('set-cookie')?.split(';')[0] ?? '';
    const key = { 'idempotency-key': crypto.randomUUID() };
    const ana = await begin({ origin }, 'once');
    const event = { id: crypto.randomUUID(), name: 'screenSeen', at: new Date().toISOString(), data: {} };
    await ana.post('events', { events: [event] });
    const saved = await ana.put('only', { full_name: 'Ana' }, key);
    expect((await ana.put('only', { full_name: 'Ana Ruiz' })).status).toBe(200);

    setClock(-HOUR);
    expect((await send({ origin }, 'GET', '/admin', undefined, { cookie })).status).toBe(200);
    expect((await ana.post('events', { events: [event] })).body).toEqual({ stored: 0, repeated: 1 });
    expect((await ana.put('only', { full_name: 'Ana' }, key)).body).toEqual(saved.body);
    const { reference } = (await ana.post('submit')).body;
    expect((await ana.post('submit')).body.reference).toBe(reference);
    const read = await send({ origin }, 'GET', `/api/submissions/${ana.id}`, undefined, {
      authorization: `Bearer ${API_KEY}`,
    });
    // The late retry has undone nothing.
    expect(read.body).toMatchObject({ answers: { full_name: 'Ana Ruiz' }, reference });
    const ben = await begin({ origin }, 'once');
    expect((await ben.put('only', { full_name: 'ana ruiz' })).status).toBe(200);
    expect((await ben.post('submit')).status).toBe(422);
    expect((await send({ origin }, 'GET', '/readyz')).status).toBe(200);
  });

  it('lengthens no wait of a person who has sent too many requests', async () => {
    const { origin } = await start({ RATE_LIMIT: 'on' });
    const many = () =>
      Promise.all(Array.from({ length: 200 }, () => send({ origin }, 'POST', '/api/forms/once/submissions', {})));
    expect((await many()).some(({ status }) => status === 429)).toBe(true);
    setClock(-HOUR);
    const waits = (await many()).flatMap(({ status, headers }) =>
      status === 429 ? [Number(headers.get('retry-after'))] : [],
    );
    expect(waits.length).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60);
  });

  it('waits no longer for a database that another process keeps locked, and refuses', async () => {
    // SQLite alone is waited for by our own clock.
    const { origin } = await start({ DATABASE_URL: path.join(folder, 'locked.sqlite') });
    const ana = await begin({ origin }, 'once');
    const { DatabaseSync } = await import('node:sqlite');
    const other = new DatabaseSync(path.join(folder, 'locked.sqlite'), { timeout: 5_000 });
    other.exec('begin immediate');
    const saving = ana.put('only', { full_name: 'Ana' });
    setClock(-HOUR);
    const { status, body } = await saving;
    expect([status, body.error.code]).toEqual([503, 'store_unavailable']);
    other.exec('rollback');
    other.close();
    expect((await ana.put('only', { full_name: 'Ana' })).status).toBe(200);
  });
});
