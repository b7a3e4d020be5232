/** Kills the server, or its database, at random moments of real load, and counts what was acknowledged and is not there once. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { closeDatabase, openDatabase } from '../../src/record/database.ts';
import type { Postgres } from '../helpers/postgres.ts';
import { removeFolder } from '../helpers/site.ts';
import { PLAIN } from './attack.ts';
import { startClients, type Clients } from './crash-clients.ts';
import { kill, serve } from './serve.ts';

export interface Crashes {
  /** How often the server is killed. */
  servers: number;
  /** How often PostgreSQL is killed under the running server; only with `postgres`. */
  databases?: number;
  postgres?: { server: Postgres; url: string };
  people: number;
  /** How many servers share the database, asked in turn; of which one is killed at a time. Only with `postgres`. */
  together?: number;
  /** Told after each crash. */
  tell?(line: string): void;
}

export interface Counted {
  /** Submissions begun, answered and sent; and events told. */
  acknowledged: { submissions: number; events: number };
  /** In words, one for each thing that is wrong. */
  lost: string[];
  duplicated: string[];
}

export async function crash({
  servers,
  databases = 0,
  postgres,
  people,
  together = 1,
  tell,
}: Crashes): Promise<Counted> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-crash-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'plain.yaml'), PLAIN);
  const env: Record<string, string> = postgres ? { DATABASE_URL: postgres.url } : {};
  const running = [await serve(folder, env)];
  while (running.length < together) running.push(await serve(folder, env));
  let turn = 0;
  const clients = startClients(people, () => running[turn++ % together]?.origin ?? '');
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
  for (const { child } of running) await kill(child);
  const counted = await count(postgres?.url ?? path.join(folder, 'data', 'flipsite.sqlite'), clients);
  removeFolder(folder);
  return counted;
}

/** Until some more were acknowledged, and then a random moment longer. */
async function someWork(clients: Clients): Promise<void> {
  const wanted = clients.acknowledged.size + 10;
  while (clients.acknowledged.size < wanted) await new Promise((wait) => setTimeout(wait, 5));
  await new Promise((wait) => setTimeout(wait, Math.random() * 100));
}

async function count(database: string, { acknowledged }: Clients): Promise<Counted> {
  const db = await openDatabase(database);
  const lost: string[] = [];
  const duplicated: string[] = [];
  let events = 0;
  if (db.engine.kind === 'sqlite') {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
    if (rows[0]?.integrity_check !== 'ok') lost.push(`the database is damaged: ${rows[0]?.integrity_check}`);
  }
  const rows = await db.selectFrom('submissions').select(['id', 'answers', 'reference']).execute();
  const stored = new Map(rows.map((row) => [row.id, row]));
  // A start that was stored twice left a submission that nobody was told of.
  for (const { id } of rows) if (!acknowledged.has(id)) duplicated.push(`submission ${id} was told to nobody`);
  const told = Map.groupBy(
    await db.selectFrom('events').select(['id', 'name', 'submission_id']).orderBy('seq').execute(),
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
      // prettier-ignore
      if (named(name).length !== times)
        (named(name).length < times ? lost : duplicated).push(`${name} of ${id}: ${named(name).length} times`);
  }
  await closeDatabase(db);
  return { acknowledged: { submissions: acknowledged.size, events }, lost, duplicated };
}
