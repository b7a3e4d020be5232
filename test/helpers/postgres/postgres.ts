/** A real PostgreSQL that tests and benchmarks start themselves: in a folder of its own, on a free port of loopback. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { postgresPrograms } from './postgres-programs.ts';

export interface Postgres {
  /** Address of the database `name`; it need not exist yet. */
  url(name: string): string;
  /** The process that starts all others of it. */
  pid(): number;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same data. */
  start(): Promise<void>;
  /** Ends it and removes all it stored, unless that is to be kept. */
  stop(): Promise<void>;
}

/** The environment of tests that run on PostgreSQL; all others run on SQLite. */
export const ON_POSTGRES = { FLIPSITE_TEST_STORE: 'postgres' };

/**
 * @param durable whether it flushes to the disk, as it does by default; tests that end no process need not wait for that
 * @param kept a folder that keeps the data, for the next server that is started in it
 */
export async function startPostgres({
  durable = false,
  kept,
}: { durable?: boolean; kept?: string } = {}): Promise<Postgres> {
  if (kept) mkdirSync(kept, { recursive: true });
  // Each test has a database of its own there, of 10 MB.
  const disk = process.env['FLIPSITE_TEST_DISK'] ?? tmpdir();
  const folder = kept ?? mkdtempSync(path.join(disk, 'flipsite-postgres-'));
  const who = otherUser();
  if (who) chownSync(folder, who.uid, who.gid);
  const bin = postgresPrograms(folder);
  const data = path.join(folder, 'data');
  const options = {
    ...who,
    cwd: folder,
    stdio: 'pipe' as const,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  };
  if (!existsSync(data)) {
    const given = ['-D', data, '-U', 'flipsite', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    execFileSync(path.join(bin, 'initdb'), given, options);
  }
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    // A path to a socket may be no longer than 104 characters, which folders of temporary files can be by themselves.
    unix_socket_directories: '',
    max_connections: 200,
    ...(!durable && FAST),
  };
  let child: ChildProcess;

  async function start(): Promise<void> {
    const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const begin = () => {
      let said = '';
      child = spawn(path.join(bin, 'postgres'), ['-D', data, '-p', String(port), ...given], options);
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2_000)));
      return () => said;
    };
    let said = begin();
    for (let waited = 0; waited < 600; waited++) {
      if (await answers(url('postgres'))) return;
      if (child.exitCode !== null) {
        if (!STILL_ENDING.test(said())) throw new Error(`PostgreSQL has not started:\n${said()}`);
        said = begin();
      }
      await new Promise((again) => setTimeout(again, 50));
    }
    throw new Error(`PostgreSQL does not answer:\n${said()}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    // Its own children end with it: they notice that it is gone.
    child.kill(signal);
    await ended;
  }

  const url = (name: string) => `postgres://flipsite@127.0.0.1:${port}/${name}`;
  await start();
  return {
    url,
    pid: () => child.pid ?? NaN,
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGINT');
      if (!kept) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL was killed, and the processes that it started have not ended yet. */
const STILL_ENDING = /pre-existing shared memory block|lock file ".*" already exists/;

const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '4GB' };

/** Creates the database at `url` unless it exists. @param template its first content */
export async function createDatabase(url: string, template = 'template1'): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const admin = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
  await admin.connect();
  try {
    await admin.query(`create database "${name}" template ${template}`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42P04') throw error;
  } finally {
    await admin.end();
  }
}

/** The database that stands for the file or folder at `place`, in tests that run on PostgreSQL; otherwise nothing. */
export const postgresFor = (place: string) => databaseFor(place, 'template1');

/** The same without any table. */
export const emptyPostgresFor = (place: string) => databaseFor(place, 'template0');

async function databaseFor(place: string, template: string): Promise<string | undefined> {
  const server = process.env['FLIPSITE_TEST_POSTGRES'];
  if (!server || process.env['FLIPSITE_TEST_STORE'] !== ON_POSTGRES.FLIPSITE_TEST_STORE) return undefined;
  const name = `t_${createHash('sha256').update(path.resolve(place)).digest('hex').slice(0, 20)}`;
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await createDatabase(url, template);
  return url;
}

/** PostgreSQL refuses to run as root. Then it runs as its own user, or as the user `nobody`. */
export function otherUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error('PostgreSQL cannot run as root, and there is no other user here to run it as.');
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
