/** Two servers on one PostgreSQL: the limits of an address hold for both together. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { createDatabase, startPostgres, type Postgres } from '../../helpers/postgres/postgres.ts';
import { removeFolder } from '../../helpers/site.ts';
import { eventually, send } from '../../helpers/api/client.ts';
import { limited, post } from '../../helpers/api/limited.ts';
import { kill, movedClock, serve } from '../serve.ts';

type Server = Awaited<ReturnType<typeof serve>>;

let folder: string;
let postgres: Postgres;
let clock: string;
let one: Server;
let other: Server;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-shared-'));
  postgres = await startPostgres();
  await createDatabase(postgres.url('shared'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'club.yaml'), limited('password: letmein'));
  clock = path.join(folder, 'clock');
  writeFileSync(clock, '0');
  const start = () =>
    serve(folder, {
      DATABASE_URL: postgres.url('shared'),
      RATE_LIMIT: 'on',
      TRUSTED_PROXIES: '1',
      LOG_LEVEL: 'silent',
      ...movedClock(clock),
    });
  // The first one makes the key that both use.
  one = await start();
  other = await start();
});
afterAll(async () => {
  for (const { child } of [one, other]) if (child.exitCode === null && child.signalCode === null) await kill(child);
  await postgres.stop();
  removeFolder(folder);
});

const LIMIT = SITE_LIMITS.wrongApiKeysPerAddressAndMinute.value;

/** @returns whether it may go on: 401 says that the key is wrong, 429 that there were too many */
const tryKey = async (server: Server, address: string) =>
  (await send(server, 'GET', '/api/forms', undefined, { authorization: 'Bearer wrong', 'x-forwarded-for': address })).status === 401; // prettier-ignore

async function useUp(server: Server, address: string): Promise<void> {
  for (let n = 0; n < LIMIT; n++) expect(await tryKey(server, address)).toBe(true);
  expect(await tryKey(server, address)).toBe(false);
}

/** Waits until a server refuses an address that it would let try much more often. */
async function expectToRefuse(server: Server, address: string): Promise<void> {
  let tries = 1;
  for (; await tryKey(server, address); tries++) await wait(200);
  expect(tries).toBeLessThan(LIMIT);
}

it('refuse on both an address that has used up its limit on one, and no other address', async () => {
  await useUp(one, '203.0.113.1');
  await expectToRefuse(other, '203.0.113.1');
  expect(await tryKey(other, '203.0.113.2')).toBe(true);
});

it('let an address that uses both try no more often than one server would, but for what it tries until they exchange', async () => {
  let [accepted, refused] = [0, 0];
  while (refused < 20) {
    const answers = await Promise.all([tryKey(one, '203.0.113.3'), tryKey(other, '203.0.113.3')]);
    accepted += answers.filter(Boolean).length;
    refused += answers.filter((isAccepted) => !isAccepted).length;
    await wait(100);
  }
  // Twenty tries a second, and two for each server that it keeps to itself.
  expect(accepted).toBeGreaterThanOrEqual(LIMIT);
  expect(accepted).toBeLessThan(2 * LIMIT);
});

it('count alone while the database is away, and together once it is back', async () => {
  await postgres.kill();
  await useUp(one, '203.0.113.4');
  expect(await tryKey(other, '203.0.113.4')).toBe(true);
  await postgres.start();
  await eventually(async () => (await send(one, 'GET', '/readyz')).status === 200);
  await useUp(one, '203.0.113.5');
  await expectToRefuse(other, '203.0.113.5');
});

it('forget the guesses on a server that was killed when their wait ends', async () => {
  const guess = async (server: Server) =>
    (await post(server, '/club/password', { password: 'wrong' }, { 'x-forwarded-for': '203.0.113.6' })).status;
  for (let n = 0; n < SITE_LIMITS.guessesBeforeWait.value; n++) expect(await guess(one)).toBe(422);
  // They exchange this one later.
  await useUp(one, '203.0.113.7');
  await expectToRefuse(other, '203.0.113.7');
  await kill(one.child);
  expect(await guess(other)).toBe(429);
  writeFileSync(clock, String(SITE_LIMITS.longestGuessWaitMs.value));
  await eventually(async () => (await guess(other)) === 422);
});
