/**
 * Kills the server, or its database, at random moments of real load. Counts acknowledged rows that are missing or
 * doubled, and messages that did not reach their receiver.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { LEASE_MS } from '../../../src/record/jobs/worker.ts';
import type { Postgres } from '../../helpers/postgres/postgres.ts';
import { removeFolder } from '../../helpers/site.ts';
import { PLAIN } from '../../helpers/api/client.ts';
import { startClients, type Clients } from './crash-clients.ts';
import { hooked, openHooks, type Hooks } from '../hooks.ts';
import { roundRobin } from './round-robin.ts';
import { kill, movedClock, serve } from '../serve.ts';

export interface Crashes {
  /** How often the server is killed. */
  servers: number;
  /** How often PostgreSQL is killed under the running server; only with `postgres`. */
  databases?: number;
  postgres?: { server: Postgres; url: string };
  people: number;
  /** How long each waits before a request. */
  pauseMs?: number;
  /** How many servers share the database behind a balancer that asks them in turn; of which one is killed at a time. Only with `postgres`. */
  together?: number;
  /** Called after each crash. */
  tell?(line: string): void;
}

export interface Counted {
  /** Submissions started, answered and sent; and reported events. */
  acknowledged: { submissions: number; events: number };
  /** Webhooks owed for them that have arrived; and how often one has come again, because a server died before it could write down that it was sent. */
  deliveries: { arrived: number; again: number };
  /** As sentences, one for each problem. */
  lost: string[];
  duplicated: string[];
}

export async function crash({
  servers,
  databases = 0,
  postgres,
  people,
  pauseMs = 0,
  together = 1,
  tell,
}: Crashes): Promise<Counted> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-crash-'));
  const hooks = await openHooks();
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'plain.yaml'), hooked(PLAIN, hooks));
  const env: Record<string, string> = { ...hooks.env, ...(postgres && { DATABASE_URL: postgres.url }) };
  const running = [await serve(folder, env)];
  while (running.length < together) running.push(await serve(folder, env));
  const balancer = together > 1 ? await roundRobin(() => running.map(({ origin }) => origin)) : undefined;
  const clients = startClients(people, () => balancer?.origin ?? running[0]?.origin ?? '', pauseMs);
  for (let done = 1; done <= servers + databases; done++) {
    await someWork(clients);
    if (postgres && done > servers) {
      await postgres.server.kill();
      await postgres.server.start();
    } else {
      const at = done % together;
      const one = running[at];
      if (one) await kill(one.child);
      running[at] = await serve(folder, env);
    }
    tell?.(`crash ${done} of ${servers + databases}, ${clients.acknowledged.size} submissions acknowledged`);
  }
  await someWork(clients);
  await clients.stop();
  await balancer?.close();
  for (const { child } of running) await kill(child);
  // As if as much time had passed: anyone can take the jobs of the dead servers.
  const clock = path.join(folder, 'clock');
  writeFileSync(clock, String(LEASE_MS));
  const last = await serve(folder, { ...env, ...movedClock(clock) });
  const db = await openDatabase(postgres?.url ?? path.join(folder, 'data', 'flipsite.sqlite'));
  await untilSent(db);
  await kill(last.child);
  const counted = await count(db, clients, hooks);
  await closeDatabase(db);
  await hooks.close();
  removeFolder(folder);
  return counted;
}

/** Waits until no job is queued for any submission. */
async function untilSent(db: Database): Promise<void> {
  const owed = db.query
    .selectFrom('jobs')
    .select('id')
    .where('submission_id', 'is not', null)
    .where('failed_at', 'is', null);
  while (await owed.executeTakeFirst()) await new Promise((wait) => setTimeout(wait, 50));
}

/** Until some more were acknowledged, and then a random moment longer. */
async function someWork(clients: Clients): Promise<void> {
  const wanted = clients.acknowledged.size + 10;
  while (clients.acknowledged.size < wanted) await new Promise((wait) => setTimeout(wait, 5));
  await new Promise((wait) => setTimeout(wait, Math.random() * 100));
}

async function count(db: Database, { acknowledged }: Clients, hooks: Hooks): Promise<Counted> {
  const lost: string[] = [];
  const duplicated: string[] = [];
  let events = 0;
  if (db.engine.kind === 'sqlite') {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db.query);
    if (rows[0]?.integrity_check !== 'ok') lost.push(`the database is damaged: ${rows[0]?.integrity_check}`);
  }
  const rows = await db.query.selectFrom('submissions').select(['id', 'answers', 'reference']).execute();
  const stored = new Map(rows.map((row) => [row.id, row]));
  // A start that was stored twice left a submission without an answer.
  for (const { id } of rows) if (!acknowledged.has(id)) duplicated.push(`submission ${id} was told to nobody`);
  const told = Map.groupBy(
    await db.query.selectFrom('events').select(['id', 'name', 'submission_id']).orderBy('seq').execute(),
    (event) => event.submission_id ?? '',
  );
  for (const [id, { full_name, reference, events: ids }] of acknowledged) {
    const row = stored.get(id);
    if (!row) {
      lost.push(`submission ${id}`);
      continue;
    }
    if ((JSON.parse(row.answers) as { full_name?: string }).full_name !== full_name) lost.push(`the answers of ${id}`);
    if (row.reference !== reference?.replaceAll(' ', '')) lost.push(`the reference of ${id}`);
    const named = (name: string) => (told.get(id) ?? []).filter((event) => event.name === name);
    events += ids.length;
    const seen = named('screenSeen').map((event) => event.id);
    for (const event of ids) if (!seen.includes(event)) lost.push(`event ${event} of ${id}`);
    if (seen.length !== new Set(seen).size) duplicated.push(`an event of ${id}`);
    for (const [name, times] of [
      ['started', 1],
      ['answersSaved', 3],
      ['submitted', 1],
    ] as const)
      if (named(name).length !== times)
        (named(name).length < times ? lost : duplicated).push(`${name} of ${id}: ${named(name).length} times`);
  }
  const deliveries = await countDeliveries(db, acknowledged, hooks, lost, duplicated);
  return { acknowledged: { submissions: acknowledged.size, events }, deliveries, lost, duplicated };
}

/** Each submission that was sent owes one webhook, which has arrived, is written down as sent, and by one attempt. */
async function countDeliveries(
  db: Database,
  acknowledged: Clients['acknowledged'],
  { arrived, refused }: Hooks,
  lost: string[],
  duplicated: string[],
): Promise<Counted['deliveries']> {
  const rows = await db.query
    .selectFrom('deliveries')
    .leftJoin('attempts', 'attempts.delivery_id', 'deliveries.id')
    .select((eb) => ['deliveries.id', 'submission_id', 'deliveries.status', eb.fn.count('attempts.id').as('tries')])
    .groupBy(['deliveries.id', 'submission_id', 'deliveries.status'])
    .execute();
  const owed = Map.groupBy(rows, ({ submission_id }) => submission_id ?? '');
  for (const id of refused) lost.push(`delivery ${id}: it could not be verified`);
  for (const [id, { reference }] of acknowledged) {
    const [delivery, ...others] = owed.get(id) ?? [];
    if (!delivery) lost.push(`the delivery of ${id}`);
    else if (arrived.get(delivery.id)?.[0] !== reference) lost.push(`the delivery of ${id}: it has not arrived`);
    else if (delivery.status !== 'sent') lost.push(`the delivery of ${id}: it stands as ${delivery.status}`);
    else if (Number(delivery.tries) !== 1) duplicated.push(`the delivery of ${id}: ${delivery.tries} attempts`);
    if (others.length) duplicated.push(`the delivery of ${id}`);
  }
  const times = [...arrived.values()].map(({ length }) => length);
  return { arrived: times.length, again: times.reduce((sum, one) => sum + one - 1, 0) };
}
