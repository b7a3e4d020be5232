/** Floods a server as a stranger could, with its limits on, while another person saves answers every second. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql, type RawBuilder } from 'kysely';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { removeFolder } from '../../helpers/site.ts';
import { ABOUT, draftOf, DRIVER, send, type Draft, type ApiResponse } from '../../helpers/api/client.ts';
import { serve, stop } from '../serve.ts';

export interface Flood {
  seconds: number;
  /** Of the server, by `--max-old-space-size`. */
  heapMb: number;
  /** Requests of the attackers that are under way at once. */
  together: number;
  /** A database of PostgreSQL that is there and empty. Without it, a file of SQLite. */
  databaseUrl?: string | undefined;
}

export interface Flooded {
  /** How often each status was answered to the attackers. */
  answers: Record<string, number>;
  /** The saves of the other person, in milliseconds, the shortest first: before the flood, and during it. */
  before: number[];
  saves: number[];
  /** Of those, how many were not acknowledged. */
  failed: number;
  /** Processor time of the server during the flood, in milliseconds; 0 where the system does not say. */
  processorMs: number;
  /** The most memory that the server has had, in bytes; 0 where the system does not say. */
  memory: number;
  rows: Record<string, number>;
  /** Data of all events, and the whole database. */
  eventBytes: number;
  databaseBytes: number;
  /** The exit codes of the server that was flooded, and of the one that was started again on its store. */
  exits: (number | null)[];
}

const FORM = DRIVER.replace('require: connected', 'require: uploaded');

export async function flood({ seconds, heapMb, together, databaseUrl }: Flood): Promise<Flooded> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-flood-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'driver.yaml'), FORM);
  const env = {
    RATE_LIMIT: 'on',
    TRUSTED_PROXIES: '1',
    LOG_LEVEL: 'fatal',
    NODE_OPTIONS: `--max-old-space-size=${heapMb}`,
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  };
  const site = await serve(folder, env);
  let until = Infinity;
  const over = () => performance.now() > until;
  const answers: Record<string, number> = {};
  const before: number[] = [];
  const saves: number[] = [];
  const pid = site.child.pid ?? 0;
  let failed = 0;
  let ana = await start(site, PERSON);
  const saveInto = async (times: number[], name: string) => {
    const began = performance.now();
    const said = await ana?.put('about', { ...ABOUT, full_name: name }, from(PERSON)).catch(() => undefined);
    times.push(performance.now() - began);
    if (said?.status !== 200) failed++;
    return performance.now() - began;
  };
  try {
    for (let turn = 0; turn < QUIET; turn++) await wait(100 - Math.min(await saveInto(before, `Ben ${turn}`), 100));
    until = performance.now() + seconds * 1_000;
    const used = processorMsOf(pid);
    const attackers = Array.from({ length: together }, (_, n) => attack(site, n, over, (said) => (answers[said] = (answers[said] ?? 0) + 1))); // prettier-ignore
    const person = (async () => {
      for (let turn = 1; !over(); turn++) {
        // Now and then another person comes.
        if (turn % 20 === 0) ana = (await start(site, PERSON)) ?? ana;
        await wait(Math.max(0, 1_000 - (await saveInto(saves, `Ana ${turn}`))));
      }
    })();
    await Promise.all([...attackers, person]);
    const memory = memoryOf(pid);
    const processorMs = processorMsOf(pid) - used;
    const exits = [await stop(site.child)];
    const again = await serve(folder, env);
    const kept = await send(again, 'GET', '/driver');
    if (kept.status !== 200) failed++;
    exits.push(await stop(again.child));
    const sorted = (times: number[]) => times.sort((a, b) => a - b);
    return {
      answers,
      before: sorted(before),
      saves: sorted(saves),
      failed,
      processorMs,
      memory,
      exits,
      ...(await countIn(databaseUrl ?? path.join(folder, 'data', 'flipsite.sqlite'))),
    };
  } finally {
    if (site.child.exitCode === null) await stop(site.child);
    removeFolder(folder);
  }
}

/** The address of all other people, and how often they save before the flood. */
const PERSON = '198.51.100.7';
const QUIET = 20;

const from = (address: string) => ({ 'x-forwarded-for': address });

async function start(site: { origin: string }, address: string): Promise<Draft | undefined> {
  const said = await send(site, 'POST', '/api/forms/driver/submissions', {}, from(address));
  return said.status === 201 ? draftOf(site, said.body) : undefined;
}

const event = (name: string, data: object) => ({ id: crypto.randomUUID(), name, at: new Date().toISOString(), data });
const large = (count: number, name: string) =>
  Array.from({ length: count }, () => event(name, { screen: 'connect', uploads: [{ id: crypto.randomUUID() }], text: 'x'.repeat(15_900) })); // prettier-ignore

/** Half of the attackers share one address; each of the others is somewhere else all the time. */
async function attack(
  site: { origin: string },
  n: number,
  over: () => boolean,
  count: (said: string) => void,
): Promise<void> {
  let draft: Draft | undefined;
  let userId = '';
  for (let turn = 0; !over(); turn++) {
    const address = n % 2 ? '203.0.113.9' : `10.${n % 250}.${turn % 250}.${Math.floor(turn / 250) % 250}`;
    const ask = (said: Promise<ApiResponse>) => said.then(({ status }) => count(String(status)), () => count('no answer')); // prettier-ignore
    const read = (what: string, token = draft?.headers.authorization ?? '') =>
      ask(send(site, 'GET', `/api/submissions/${draft?.id}/${what}`, undefined, { authorization: token, ...from(address) })); // prettier-ignore
    const tell = (events: object[]) => (draft ? ask(draft.post('events', { events }, from(address))) : wait(50));
    if (!draft || turn % 60 === 0) {
      draft = await start(site, address).catch(() => undefined);
      if (!draft) {
        count('no start');
        await wait(100);
        continue;
      }
      await draft.put('about', ABOUT, from(address)).catch(() => undefined);
      await draft.put('money', { wage: 5 }, from(address)).catch(() => undefined);
      const token = await draft.post('link-token', { screen: 'connect' }, from(address)).catch(() => undefined);
      userId = String(token?.body?.userId ?? '');
    }
    const claims = () => Array.from({ length: 100 }, () => event('onAccountConnected', { accountId: crypto.randomUUID(), userId, providerId: crypto.randomUUID() })); // prettier-ignore
    const moves = [
      () => tell(large(31, 'onUploadsCreated')),
      () => tell(large(7, 'onUploadsCreated')),
      () => tell(large(7, 'answersSaved')),
      () => tell(large(7, 'screenSeen')),
      () => tell(claims()),
      () => read('answers'),
      () => read('accounts'),
      () => read('answers', 'Bearer wrong'),
      () => ask(draft?.put('about', { ...ABOUT, full_name: `Eve ${turn}` }, { ...from(address), 'idempotency-key': crypto.randomUUID() }) as Promise<ApiResponse>), // prettier-ignore
    ];
    await moves[(turn + n) % moves.length]?.();
  }
}

/** Processor time of a process so far, where the system tells. */
function processorMsOf(pid: number): number {
  const file = `/proc/${pid}/stat`;
  const fields = existsSync(file) ? readFileSync(file, 'utf8').split(') ')[1]?.split(' ') : undefined;
  // In hundredths of a second (proc(5), utime and stime).
  return (Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0)) * 10;
}

/** The most memory that a process has had so far, in bytes, where the system tells. */
function memoryOf(pid: number): number {
  const file = `/proc/${pid}/status`;
  const status = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}

async function countIn(database: string): Promise<Pick<Flooded, 'rows' | 'eventBytes' | 'databaseBytes'>> {
  const db = await openDatabase(database);
  const rows: Record<string, number> = {};
  for (const table of ['submissions', 'events', 'accounts', 'idempotency', 'jobs'] as const) {
    const row = await db.query.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirst(); // prettier-ignore
    rows[table] = Number(row?.n);
  }
  const bytesIn = async (query: RawBuilder<{ bytes: number | null }>) => Number((await query.execute(db.query)).rows[0]?.bytes ?? 0); // prettier-ignore
  const eventBytes = await bytesIn(sql`select sum(octet_length(data)) as bytes from events`);
  const isPostgres = db.engine.kind === 'postgres';
  const databaseBytes = isPostgres ? await bytesIn(sql`select pg_database_size(current_database()) as bytes`) : statSync(database).size; // prettier-ignore
  await closeDatabase(db);
  return { rows, eventBytes, databaseBytes };
}
