/** The same rows without a product around them. `bare`: node:http and a commit for all that wait; `usual`: Fastify and a commit each; `pool`: node:http and PostgreSQL; `page`: one file, with the headers of another; `redirect`: the headers of a redirect. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import fastify from 'fastify';
import pg from 'pg';
import { openSqlite } from '../../../src/record/db/sqlite-file.ts';
import { handle, type Write } from './rows.ts';

/** The writes of the only counter in a shard. */
type Writes = (shard: number) => Write[];

const [kind = '', database = '', headers = ''] = process.argv.slice(2);
const say = (port: number) => console.log(`listening on ${port}`);

function writer(sqlite: DatabaseSync): (writes: Write[]) => void {
  const known = new Map<string, StatementSync>();
  return (writes) => {
    for (const [sql, values] of writes) {
      let statement = known.get(sql);
      if (!statement) known.set(sql, (statement = sqlite.prepare(sql)));
      statement.run(...values);
    }
  };
}

function grouped(sqlite: DatabaseSync): (writes: Writes) => Promise<void> {
  const write = writer(sqlite);
  let waiting: { writes: Writes; done(): void }[] = [];
  const flush = () => {
    const group = waiting;
    waiting = [];
    sqlite.exec('begin immediate');
    for (const { writes } of group) write(writes(0));
    sqlite.exec('commit');
    for (const { done } of group) done();
  };
  return (writes) =>
    new Promise((done) => {
      if (waiting.push({ writes, done }) === 1) setImmediate(flush);
    });
}

function pooled(url: string): (writes: Writes) => Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  const slots = new WeakMap<pg.PoolClient, number>();
  let last = 0;
  pool.on('connect', (client) => slots.set(client, last++));
  return async (writes) => {
    const client = await pool.connect();
    await client.query('begin');
    for (const [sql, values] of writes(slots.get(client) ?? 0)) {
      let index = 0;
      await client.query(
        sql.replace(/\?/g, () => `$${++index}`),
        values,
      );
    }
    await client.query('commit');
    client.release();
  };
}

if (kind === 'page') {
  const bytes = readFileSync(database);
  const told = JSON.parse(readFileSync(headers, 'utf8')) as string[];
  const server = createServer((_request, response) => response.writeHead(200, told).end(bytes));
  server.listen(0, '127.0.0.1', () => say((server.address() as AddressInfo).port));
} else if (kind === 'redirect') {
  const told = JSON.parse(readFileSync(database, 'utf8')) as string[];
  const server = createServer((_request, response) => response.writeHead(302, told).end());
  server.listen(0, '127.0.0.1', () => say((server.address() as AddressInfo).port));
} else if (kind === 'usual') {
  const sqlite = openSqlite(database);
  const write = writer(sqlite);
  const app = fastify();
  app.all('/*', async (request, reply) => {
    const body = request.body as { answers?: Record<string, string> };
    const { writes, status, answer } = handle(request.method, request.url, body, String(request.headers['idempotency-key'])); // prettier-ignore
    sqlite.exec('begin immediate');
    write(writes(0));
    sqlite.exec('commit');
    return reply.status(status).send(answer);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  say((app.server.address() as AddressInfo).port);
} else {
  const save = kind === 'pool' ? pooled(database) : grouped(openSqlite(database));
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const body = JSON.parse(text) as { answers?: Record<string, string> };
      const { method = '', url = '', headers } = request;
      const { writes, status, answer } = handle(method, url, body, String(headers['idempotency-key']));
      const sent = JSON.stringify(answer);
      void save(writes).then(() =>
        response
          .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) })
          .end(sent),
      );
    });
  });
  server.listen(0, '127.0.0.1', () => say((server.address() as AddressInfo).port));
}
