/** A site whose store an older version has left full of one draft's events starts, serves, and works through them in little memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { LONG } from '../../helpers/run/long.ts';
import { postgresFor } from '../../helpers/postgres/postgres.ts';
import { PROGRAM_ENV, commandArguments } from '../../helpers/programs.ts';
import { API_KEY, removeFolder, root, SETUP_CODE } from '../../helpers/site.ts';
import { setUp, visitor, wordsOf } from '../../helpers/visitor.ts';
import { ABOUT, begin, DRIVER, eventually, send, type Draft } from '../../helpers/api/client.ts';
import { seedFlood } from './seed-flood.ts';
import { serve, stop } from '../serve.ts';

/** 320 MB of events, or half as many, and a heap of less than that. */
const EVENTS = LONG ? 20_000 : 10_000;
const LENGTH = 16_000;
const CLAIMS = 2_000;
const SMALL = { NODE_OPTIONS: '--max-old-space-size=128' };

const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-flooded-'));
let url: string;
let env: Record<string, string>;
let running: Awaited<ReturnType<typeof serve>>;
let draft: Draft;

beforeAll(async () => {
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'driver.yaml'), DRIVER.replace('require: connected', 'require: uploaded'));
  const database = await postgresFor(folder);
  url = database ?? path.join(folder, 'data', 'flipsite.sqlite');
  env = { INTEGRATOR_API_KEY: API_KEY, SETUP_CODE, LOG_LEVEL: 'silent', ...(database && { DATABASE_URL: database }) };
  const before = await serve(folder, env);
  draft = await begin(before, 'driver');
  await draft.put('about', ABOUT);
  await draft.put('money', { wage: 5 });
  const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
  await stop(before.child);
  await seedFlood({ url, id: draft.id, userId, events: EVENTS, length: LENGTH, claims: CLAIMS });
  running = await serve(folder, { ...env, ...SMALL });
}, 240_000);
afterAll(async () => {
  if (running.child.exitCode === null) await stop(running.child);
  removeFolder(folder);
});

/** The same draft at the server that runs now. */
const read = (what: string, headers: Record<string, string> = draft.headers) =>
  send(running, 'GET', `/api/submissions/${draft.id}${what}`, undefined, headers);

it(
  'the accounts that were only claimed are checked in the background, a part at a time',
  { timeout: 120_000 },
  async () => {
    const db = await openDatabase(url);
    const left = async () => {
      const row = await db.query.selectFrom('accounts').select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirst(); // prettier-ignore
      return Number(row?.n);
    };
    await eventually(async () => (await left()) < CLAIMS);
    await closeDatabase(db);
    expect(running.child.exitCode).toBeNull();
  },
);

it('a person reads the saved answers, and continues', { timeout: 120_000 }, async () => {
  const { status, body } = await read('/answers');
  expect(status).toBe(200);
  // Until Smile is asked about the last of the claims, the Wink screen can count as passed.
  expect(body.passed.filter((id: string) => id !== 'connect')).toEqual(['about', 'money']);
  expect((await read('/accounts')).body.accounts.length).toBeLessThanOrEqual(SITE_LIMITS.listedAccounts.value);
  const again = await send(running, 'PUT', `/api/submissions/${draft.id}/answers`, { screen: 'money', answers: { wage: 7 } }, draft.headers); // prettier-ignore
  expect(again.body).toMatchObject({ next: { screen: 'connect' } });
});

it('a program reads the latest events, and how many there are besides', { timeout: 120_000 }, async () => {
  const { status, body } = await read('', { authorization: `Bearer ${API_KEY}` });
  expect(status).toBe(200);
  expect(body.events.length).toBeGreaterThanOrEqual(SITE_LIMITS.eventsInApi.value);
  expect(body.eventsLeftOut).toBe(EVENTS - SITE_LIMITS.eventsInApi.value);
});

it('a member sees the latest events, and can download all of them', { timeout: 120_000 }, async () => {
  const ask = visitor(running.origin);
  await setUp(ask);
  const page = await ask(`/admin/forms/driver/people/${draft.id}`);
  expect(page.status).toBe(200);
  expect(wordsOf(page.text)).toContain(`${(EVENTS - SITE_LIMITS.eventsInTimeline.value).toLocaleString('en')} older events are not shown`); // prettier-ignore
  const { status, text } = await ask(`/admin/forms/driver/people/${draft.id}/person`, {});
  expect(status).toBe(200);
  expect(text.match(/"id": "flood-\d+"/g)).toHaveLength(EVENTS);
  expect(text.slice(-10)).toMatch(/\]\n\}$/);
});

it('stops cleanly, and its accounts can be built again from the events', { timeout: 120_000 }, async () => {
  expect(await stop(running.child)).toBe(0);
  const data = { DATA_DIR: path.join(folder, 'data'), FORMS_DIR: path.join(folder, 'forms') };
  const rebuild = spawn(process.execPath, commandArguments('rebuild'), { cwd: root, stdio: 'ignore', env: { ...PROGRAM_ENV, ...env, ...data, ...SMALL } }); // prettier-ignore
  expect(await once(rebuild, 'exit')).toEqual([0, null]);
});
