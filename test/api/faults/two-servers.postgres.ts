/** Two servers on one PostgreSQL behind a plain balancer. Each signs with a secret of its own, so that one can tell who has sent what. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { listDeliveries } from '../../../src/record/delivery-queries.ts';
import { LEASE_MS } from '../../../src/record/jobs/worker.ts';
import { openReceiver, verified, type Received, type Receiver } from '../../deliver/receiver.ts';
import { LONG } from '../../helpers/run/long.ts';
import { postgresFor } from '../../helpers/postgres/postgres.ts';
import { removeFolder } from '../../helpers/site.ts';
import { eventually, PLAIN } from '../../helpers/api/client.ts';
import { PAUSE_MS, startClients, type Clients } from './crash-clients.ts';
import { hooked } from '../hooks.ts';
import { roundRobin } from './round-robin.ts';
import { kill, movedClock, serve, stop } from '../serve.ts';

type Server = Awaited<ReturnType<typeof serve>>;
type Name = 'one' | 'other';

const SECRETS: Record<Name, string> = {
  one: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
  other: `whsec_${Buffer.alloc(32, 2).toString('base64')}`,
};

let folder: string;
let receiver: Receiver;
let db: Database;
let env: Record<string, string>;
/** The server that sent each delivery, in the order of arrival. */
let senders: Map<string, Name[]>;
const left: (() => unknown)[] = [];
beforeEach(async () => {
  receiver = await openReceiver();
  senders = new Map();
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-two-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'plain.yaml'), hooked(PLAIN, receiver));
  writeFileSync(path.join(folder, 'clock'), '0');
  const url = (await postgresFor(folder)) ?? '';
  db = await openDatabase(url);
  env = { DATABASE_URL: url, WEBHOOK_ALLOWED_HOSTS: receiver.host, ...movedClock(path.join(folder, 'clock')) };
});
afterEach(async () => {
  for (const step of left.splice(0).reverse()) await step();
  await closeDatabase(db);
  await receiver.close();
  removeFolder(folder);
});

const begin = (name: Name, more: Record<string, string> = {}) =>
  serve(folder, { ...env, ACME_HOOK_SECRET: SECRETS[name], ...more });

/** Two servers, a balancer, and people who fill in the form until they are stopped. */
async function together(more: Record<string, string> = {}, looks = false) {
  const servers: Record<Name, Server> = { one: await begin('one', more), other: await begin('other', more) };
  const balancer = await roundRobin(() => [servers.one.origin, servers.other.origin], { looks });
  const clients = startClients(LONG ? 12 : 2, () => balancer.origin, PAUSE_MS);
  left.push(
    () => kill(servers.other.child),
    () => balancer.close(),
  );
  return { servers, clients };
}

/** @param answer whether a delivery of this server is answered */
function answering(answer: (name: Name) => boolean): void {
  receiver.answer = (response: ServerResponse) => {
    const got = receiver.received.pop() as Received;
    const name = isFrom(got, 'one') ? 'one' : 'other';
    const id = String(got.headers['webhook-id']);
    senders.set(id, [...(senders.get(id) ?? []), name]);
    if (answer(name)) setTimeout(() => response.writeHead(204).end(), Math.random() * 50);
  };
}

function isFrom(got: Received, name: Name): boolean {
  try {
    return verified(got, SECRETS[name]) !== undefined;
  } catch {
    return false;
  }
}

const more = ({ acknowledged }: Clients, number: number) => {
  const wanted = acknowledged.size + number;
  return eventually(async () => acknowledged.size >= wanted);
};

/** The stored rows of acknowledged requests, once no job is queued any more. */
async function expectAll({ acknowledged }: Clients): Promise<void> {
  await eventually(
    async () =>
      !(await db.query
        .selectFrom('jobs')
        .select('id')
        .where('kind', 'in', ['delivery', 'webhookDelivery'])
        .executeTakeFirst()),
  );
  const told = [...acknowledged.values()];
  const rows = await db.query.selectFrom('submissions').select(['id', 'answers', 'reference']).execute();
  const wanted = told.map(({ id, full_name, reference }) => ({
    id,
    answers: JSON.stringify({ full_name }),
    reference: reference?.replaceAll(' ', ''),
  }));
  expect(rows.toSorted(byId)).toEqual(wanted.toSorted(byId));
  const { items } = await listDeliveries(db, {}, { limit: 10_000 });
  // An attempt that its server did not survive was never written down.
  expect(items.map(({ status, tries }) => [status, tries])).toEqual(told.map(() => ['sent', 1]));
  expect([...senders.keys()].sort()).toEqual(items.map(({ id }) => id).sort());
}

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

it(
  'lose nothing when one is killed under load; its deliveries go out again after their lease, and no other delivery is repeated',
  { timeout: 300_000 },
  async () => {
    let holding = false;
    answering((name) => !(holding && name === 'one'));
    const { servers, clients } = await together();
    await more(clients, LONG ? 60 : 15);
    holding = true;
    const begun = new Set(senders.keys());
    const held = () => [...senders].flatMap(([id, [name]]) => (name === 'one' && !begun.has(id) ? [id] : []));
    await eventually(async () => held().length >= 4);
    await kill(servers.one.child);
    await more(clients, LONG ? 60 : 15);
    const waiting = await db.query.selectFrom('deliveries').select('id').where('status', '=', 'waiting').execute();
    const ofTheDead = waiting.flatMap(({ id }) => (senders.get(id)?.[0] === 'one' ? [id] : []));
    expect(ofTheDead).toEqual(expect.arrayContaining(held()));
    for (const id of ofTheDead) expect(senders.get(id)).toEqual(['one']);

    writeFileSync(path.join(folder, 'clock'), String(LEASE_MS));
    await eventually(async () => ofTheDead.every((id) => senders.get(id)?.length === 2));
    await clients.stop();
    await expectAll(clients);
    for (const [id, names] of senders)
      expect([id, names]).toEqual([id, ofTheDead.includes(id) ? ['one', 'other'] : [names[0]]]);
    const sent = [...senders.values()].map(([name]) => name);
    expect(new Set(sent)).toEqual(new Set(['one', 'other']));
  },
);

/** Updates the tables as a later version does, in one transaction. */
const updateTables = () =>
  db.transaction(async ({ query }) => {
    await query.schema.alterTable('submissions').addColumn('later', 'text').execute();
    await query.schema.createIndex('submissions_later').on('submissions').column('later').execute();
    await sql`insert into kysely_migration values ('2099-01-01-later', '2099-01-01')`.execute(query);
  });

it(
  'are replaced one after the other without anybody noticing, and go on when a later version has updated the tables',
  { timeout: 300_000 },
  async () => {
    answering(() => true);
    const { servers, clients } = await together({ DRAIN_SECONDS: '4' }, true);
    for (const name of ['one', 'other'] as const) {
      await more(clients, LONG ? 30 : 8);
      expect(await stop(servers[name].child)).toBe(0);
      servers[name] = await begin(name);
    }
    left.push(() => kill(servers.one.child));
    await more(clients, LONG ? 30 : 8);
    await updateTables();
    await more(clients, LONG ? 30 : 8);
    await clients.stop();
    expect(clients.failed).toEqual([]);
    // This version no longer starts.
    await expect(openDatabase(env['DATABASE_URL'] ?? '')).rejects.toThrow('A newer Flipsite wrote the database');
    await expectAll(clients);
    for (const [id, names] of senders) expect([id, names]).toEqual([id, [names[0]]]);
  },
);
