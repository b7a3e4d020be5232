/** The work of the server in a second, beside bare servers that write the same rows, in one run on one machine. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { createDatabase, startPostgres } from '../../helpers/postgres/postgres.ts';
import { fastPath } from './fast-path.ts';
import { links } from './links.ts';
import { fillIn } from './load.ts';
import { nativePosts } from './native.ts';
import { pages } from './pages.ts';
import { APPLY, CONNECTIONS, median, processorOf, startBare, startOurs } from './servers.ts';

interface Measured {
  rate: number;
  /** Processor time of the server for one request, in microseconds. */
  cpu: number;
  p50: number;
  p99: number;
  /** Bytes that one passage adds to the store, and on PostgreSQL to its write-ahead log. */
  bytes: number;
  log: number;
}

const linksGoals = ({ rate, processor }: { rate: number; processor: number }): Goal[] => [
  ['Campaign link that counts its visitor, beside a redirect of node:http', rate, 0.7, true, '×'],
  ['… for the same processor time', processor, 0.7, true, '×'],
];

type Kind = 'ours' | 'bare' | 'usual' | 'pool' | 'ours on PostgreSQL';

export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '6' },
      native: { type: 'boolean', default: false },
      links: { type: 'boolean', default: false },
      'fast-path': { type: 'boolean', default: false },
    },
  });
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-bench-'));
  if (values['fast-path']) {
    try {
      const ratio = await fastPath(folder, rounds, seconds);
      return printGoals([['Fast path: processor per request, beside the routes', ratio, 0.8, false, '×']]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (values.links) {
    try {
      return printGoals(linksGoals(await links(folder, rounds, seconds)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const postgres = await startPostgres({ durable: true });
  try {
    const native = await nativePosts(path.join(folder, 'native'), postgres, rounds, seconds);
    const ofNative: Goal[] = [
      ['Native post on PostgreSQL: 99 of 100, beside the passage', native.PostgreSQL.p99, 3, false, '×'],
      ['Native post on PostgreSQL: processor, beside the passage', native.PostgreSQL.cpu, 1, false, '×'],
      ['Native post on SQLite: processor, beside the passage', native.SQLite.cpu, 1, false, '×'],
    ];
    if (values.native) return printGoals(ofNative);
    const kinds: Kind[] = ['bare', 'ours', 'usual', 'pool', 'ours on PostgreSQL'];
    const measured = new Map<Kind, Measured[]>(kinds.map((kind) => [kind, []]));
    for (let round = 0; round < rounds; round++) {
      for (const kind of kinds) {
        const place = path.join(folder, `${round}-${kind}`);
        mkdirSync(place);
        measured
          .get(kind)
          ?.push(await passages(kind, place, postgres.url(`b${round}_${kinds.indexOf(kind)}`), seconds));
      }
    }
    const middle = (kind: Kind) => median(measured.get(kind) ?? []);
    console.log(
      '\n| Server | Passages a second | Processor per request | Answered in, half | 99 of 100 | Bytes each | In the log |',
    );
    console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
    for (const kind of kinds) {
      const { rate, cpu, p50, p99, bytes, log } = middle(kind);
      console.log(
        `| ${kind} | ${rate.toFixed(0)} | ${cpu.toFixed(0)} µs | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms | ${bytes.toFixed(0)} | ${log ? log.toFixed(0) : ''} |`,
      );
    }
    const page = await pages(path.join(folder, 'page'), rounds, seconds);
    const many = await thousandForms(path.join(folder, 'many'));
    const ratio = (one: Kind, other: Kind) => middle(one).rate / middle(other).rate;
    const goals: Goal[] = [
      ...ofNative,
      ['Durable passages, beside bare with grouped commits', ratio('ours', 'bare'), 0.5, true, '×'],
      ['Durable passages, beside Fastify with a commit each', ratio('ours', 'usual'), 4, true, '×'],
      ['On PostgreSQL, beside a bare pool of 16', ratio('ours on PostgreSQL', 'pool'), 0.5, true, '×'],
      ['Form page, beside node:http sending the same bytes and headers', page.alike, 0.8, true, '×'],
      ['Form page, beside node:http sending the same bytes without them', page.plain, 0.8, true, '×'],
      ...linksGoals(await links(path.join(folder, 'links'), rounds, seconds)),
      ['Start with 1,000 forms', many.start, 3, false, ' s'],
      ['Publish one of 1,000 forms, until it is served', many.publish, 1, false, ' s'],
      ['Memory with 1,000 forms', many.memory, 300, false, ' MB'],
    ];
    return printGoals(goals);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Goal = [what: string, value: number, goal: number, atLeast: boolean, unit: string];

/** They depend on the machine, so none of them fails the run. */
function printGoals(goals: Goal[]): true {
  console.log('\n| What | Figure | Goal | Holds |\n| --- | ---: | ---: | --- |');
  for (const [what, value, goal, atLeast, unit] of goals) {
    const holds = atLeast ? value >= goal : value <= goal;
    console.log(
      `| ${what} | ${value.toFixed(2)}${unit} | ${atLeast ? '≥' : '≤'} ${goal}${unit} | ${holds ? 'yes' : '**no**'} |`,
    );
  }
  return true;
}

async function passages(kind: Kind, folder: string, url: string, seconds: number): Promise<Measured> {
  const onPostgres = kind === 'pool' || kind === 'ours on PostgreSQL';
  const database = onPostgres ? url : path.join(folder, 'bare.sqlite');
  if (onPostgres) await createDatabase(url);
  // The tables are made first, so that they are the same.
  if (!kind.startsWith('ours')) await closeDatabase(await openDatabase(database));
  const server = kind.startsWith('ours')
    ? await startOurs(folder, { apply: APPLY }, onPostgres ? { DATABASE_URL: url } : {})
    : await startBare(kind, database);
  try {
    await warmUp(server.port);
    const stored = path.join(folder, kind === 'ours' ? 'data/flipsite.sqlite' : 'bare.sqlite');
    const place = onPostgres ? url : stored;
    const [before, held] = [processorOf(server.child), await holds(place)];
    const load = await fillIn(server.port, CONNECTIONS, seconds);
    const cpu = (processorOf(server.child) - before) / (load.passages * 3);
    const now = await holds(place);
    const each = (what: 'bytes' | 'log') => (now[what] - held[what]) / (now.submissions - held.submissions);
    return { rate: load.passages / load.seconds, cpu, p50: load.p50, p99: load.p99, bytes: each('bytes'), log: each('log') }; // prettier-ignore
  } finally {
    await server.stop();
  }
}

/** The passages and the seconds after which the script engine has compiled a server's code, which it does while it runs. */
const WARM_PASSAGES = 8_000;
const WARM_SECONDS = 12;

/** On a slow machine, a second has fewer passages, and the code is compiled later. */
async function warmUp(port: number): Promise<void> {
  let passages = 0;
  for (let second = 0; second < WARM_SECONDS && passages < WARM_PASSAGES; second++)
    passages += (await fillIn(port, CONNECTIONS, 1)).passages;
}

/** The content of the store now, and the size of its log since it was made. */
async function holds(url: string): Promise<{ submissions: number; bytes: number; log: number }> {
  const db = await openDatabase(url);
  const one = async (query: ReturnType<typeof sql>) =>
    Number(Object.values((await query.execute(db.query)).rows[0] ?? {})[0]);
  try {
    const submissions = await one(sql`select count(*) from submissions`);
    if (db.engine.kind === 'sqlite')
      return { submissions, bytes: await one(sql`select (page_count - freelist_count) * page_size from pragma_page_count(), pragma_freelist_count(), pragma_page_size()`), log: 0 }; // prettier-ignore
    return { submissions, bytes: await one(sql`select pg_database_size(current_database())`), log: await one(sql`select pg_current_wal_lsn() - '0/0'`) }; // prettier-ignore
  } finally {
    await closeDatabase(db);
  }
}

async function thousandForms(folder: string) {
  mkdirSync(folder);
  const forms = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`form-${n}`, APPLY.replace('Apply', `Form ${n}`)])); // prettier-ignore
  // The first start compiles the code and writes all versions; a server is started many times after.
  await (await startOurs(folder, forms, {})).stop();
  const begun = performance.now();
  const server = await startOurs(folder, {}, {});
  const start = (performance.now() - begun) / 1_000;
  const changed = performance.now();
  writeFileSync(path.join(folder, 'forms', 'form-500.yaml'), APPLY.replace('Apply', 'Changed now'));
  const shows = async () =>
    (await (await fetch(`http://127.0.0.1:${server.port}/form-500`)).text()).includes('Changed now');
  while (!(await shows())) await new Promise((again) => setTimeout(again, 10));
  const publish = (performance.now() - changed) / 1_000;
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1_024;
  await server.stop();
  return { start, publish, memory };
}
