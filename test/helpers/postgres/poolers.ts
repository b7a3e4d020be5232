/**
 * A proxy between a site and its PostgreSQL: a real PgBouncer, if the machine has one, and its effects on a connection.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { root } from '../site.ts';

export interface Pooler {
  /** Address of the database that it leads to. */
  url: string;
  stop(): Promise<void>;
}

const DROPPED = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

/** Passes connections on to `url`, without the timeouts that they begin with. */
export async function dropTimeouts(url: string): Promise<Pooler> {
  const { hostname, port } = new URL(url);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.once('data', (first: Buffer) => {
      upstream.write(withoutTimeouts(first));
      client.pipe(upstream);
    });
    upstream.pipe(client);
    for (const [one, other] of [[client, upstream], [upstream, client]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy()); // prettier-ignore
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const own = Object.assign(new URL(url), { port: String((server.address() as AddressInfo).port) });
  return { url: own.href, stop: () => new Promise((done) => void server.close(() => done())) };
}

export interface Wire extends Pooler {
  /** From now on the open connections stay open without another byte, as if their machine had vanished. */
  silence(): void;
  /**
   * The same, and for new connections too, once a statement with this text passes. The statement gets no answer.
   * @returns when that has happened
   */
  silenceAt(statement: string): Promise<void>;
  /** Resolves when a statement with this text passes. */
  seen(statement: string): Promise<void>;
}

/** Passes connections on to `url`, until a test silences them. */
export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const open = new Map<Socket, Socket>();
  const watched = new Map<string, () => void>();
  let isSilent = false;
  const silence = () => open.forEach((upstream, client) => (client.unpipe().resume(), upstream.unpipe().resume()));
  const seen = (statement: string) => new Promise<void>((done) => void watched.set(statement, done));
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    open.set(client, upstream);
    client.on('data', (bytes) => {
      for (const [statement, found] of watched) if (bytes.includes(statement)) found();
    });
    client.on('error', () => undefined).on('close', () => upstream.destroy());
    upstream.on('error', () => undefined);
    if (!isSilent) client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const own = Object.assign(new URL(url), { port: String((server.address() as AddressInfo).port) });
  return {
    url: own.href,
    silence,
    seen,
    async silenceAt(statement) {
      await new Promise<void>((done) =>
        watched.set(statement, () => {
          isSilent = true;
          silence();
          done();
        }),
      );
    },
    async stop() {
      for (const client of open.keys()) client.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The first message of a connection: its length, the version of the protocol, then names and values that end with NUL. */
function withoutTimeouts(message: Buffer): Buffer {
  const words = message.subarray(8, -2).toString('latin1').split('\0');
  const kept = words.filter((_, at) => !DROPPED.includes(words[at - (at % 2)] ?? ''));
  const rest = Buffer.from(`${kept.map((word) => `${word}\0`).join('')}\0`, 'latin1');
  const head = Buffer.from(message.subarray(0, 8));
  head.writeInt32BE(8 + rest.length);
  return Buffer.concat([head, rest]);
}

export const hasPgBouncer = (): boolean => spawnSync('pgbouncer', ['--version']).status === 0;

/** The settings in docs/operate/scale.md. */
function documented(): string {
  const [, ini] = /```ini\n([^`]+)```/.exec(readFileSync(path.join(root, 'docs/operate/scale.md'), 'utf8')) ?? [];
  if (!ini) throw new Error('docs/operate/scale.md has no settings of PgBouncer.');
  return ini;
}

/**
 * PgBouncer as docs/operate/scale.md has it.
 * @param connections to PostgreSQL, the most at once
 * @param clients the most connections of its clients at once
 */
export async function startPgBouncer(url: string, connections = 20, clients = 100): Promise<Pooler> {
  const { hostname, port, username } = new URL(url);
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-pgbouncer-'));
  chmodSync(folder, 0o755);
  const own = await freePort();
  const file = path.join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
default_pool_size = ${connections}
max_client_conn = ${clients}
${documented()}`,
  );
  // It refuses to run as root.
  const who = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  const child = spawn('pgbouncer', [file], { ...who, cwd: '/', stdio: 'ignore' });
  const address = Object.assign(new URL(url), { port: String(own) }).href;
  for (let waited = 0; waited < 200 && !(await answers(address)); waited++) {
    if (child.exitCode !== null) throw new Error(`PgBouncer has ended with ${child.exitCode}.`);
    await new Promise((again) => setTimeout(again, 50));
  }
  return {
    url: address,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const idOf = (what: '-u' | '-g') => Number(spawnSync('id', [what, 'nobody'], { encoding: 'utf8' }).stdout);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
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
