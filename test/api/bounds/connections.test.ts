/** Connections that are used again, as every proxy does with its own. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { answerInTurns } from '../../../src/site/answer-in-turns.ts';
import { createBoundedServer } from '../../../src/site/connections.ts';
import { listen } from '../../../src/site/listening.ts';
import { connectionsWithin, openFilesAllowed } from '../../../src/site/open-files.ts';
import { afterwards } from '../../helpers/run/afterwards.ts';
import { openTestSite, removeFolder, type TestSite } from '../../helpers/site.ts';
import { eventually, PLAIN, raw } from '../../helpers/api/client.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openTestSite({ forms: { plain: PLAIN } });
});
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

/** Caddy keeps its connections for two minutes, nginx for one. */
const LONGEST_OF_A_PROXY = 120;

it('stay open longer than a proxy keeps them, so that none sends a request into one that is just ending', async () => {
  const start = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  for (const [path, request] of [
    ['/plain', {}],
    ['/readyz', {}],
    ['/api/forms/plain/submissions', start],
  ] as const) {
    const response = await fetch(site.origin + path, request);
    await response.arrayBuffer();
    const [, seconds] = /timeout=(\d+)/.exec(response.headers.get('keep-alive') ?? '') ?? [];
    expect([path, response.ok, Number(seconds) > LONGEST_OF_A_PROXY]).toEqual([path, true, true]);
  }
});

it('leave room for files where the system lets a process have few open', () => {
  const most = SITE_LIMITS.connections.value;
  // Each connection may bring a file, which is open while it arrives.
  const allowed = [Infinity, 1_048_576, 2 * most + 300, 4_096, 1_024, 256].map(connectionsWithin);
  expect(allowed).toEqual([most, most, most, 1_898, 362, 64]);
  // A system that says nothing has no limit here.
  expect(openFilesAllowed()).toBeGreaterThan(100);
});

it.skipIf(process.platform === 'win32')('of one address do not use up the files that the system allows', async () => {
  const script = `
    const { createBoundedServer } = await import(${JSON.stringify(new URL('../../../src/site/connections.ts', import.meta.url))});
    const { connections } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn() {} } });
    console.log(connections.allowed);`;
  const command = `ulimit -n 1024 && exec ${JSON.stringify(process.execPath)} --input-type=module -e "$SCRIPT"`;
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env: { ...process.env, SCRIPT: script } });
  expect(stdout.trim()).toBe('362');
});

it('that the system has no memory for are dropped, and end nothing', async () => {
  const logged: object[] = [];
  const log = { warn: (details: object) => void logged.push(details) };
  const { server, connections } = createBoundedServer({ proxies: 0, byAddress: true, log });
  const { stop } = await listen(server, 0, '127.0.0.1');
  // As Node says it.
  const error = Object.assign(new Error('accept ENOMEM'), { code: 'ENOMEM' });
  for (let times = 0; times < 3; times++) server.emit('error', error);
  expect(connections.dropped().all).toBe(3);
  expect(logged).toEqual([expect.objectContaining({ err: error })]);
  await stop();
});

it.skipIf(process.platform !== 'linux')(
  'of other addresses are answered while one address takes all it can, also where many come at once',
  async () => {
    const { server, connections } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => undefined }, bounds: { connections: 100 } }); // prettier-ignore
    server.on('request', (_, response: ServerResponse) => void response.end('yes'));
    const { port, stop } = await listen(server, 0, '127.0.0.1');
    const open: Socket[] = [];
    afterwards(async () => {
      for (const socket of open) socket.destroy();
      await stop();
    });
    const connectFrom = (localAddress: string) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      open.push(socket.on('error', () => undefined));
      return socket;
    };
    for (let n = 0; n < 90; n++) connectFrom('127.50.0.1');
    await eventually(async () => connections.open() >= 90);
    // The system has all of them before the server accepts the first.
    const answers = Array.from({ length: 40 }, async (_, n) => {
      for (let many = 0; many < 3; many++) connectFrom('127.50.0.1');
      const socket = connectFrom(`127.60.0.${n + 1}`);
      socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      return text(socket).catch(() => 'none');
    });
    for (const answer of await Promise.all(answers)) expect(answer).toContain('yes');
    expect(connections.open()).toBeLessThanOrEqual(100);
  },
);

/** A chunked body in pieces of one byte, which does not end. */
const pieces = (count: number) => `host: x\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\n \r\n'.repeat(count)}`;

it.each([
  ['GET', '/plain'],
  ['POST', '/nowhere/at/all'],
  ['POST', '/api/forms/plain/submissions'],
])('end with a body in too many pieces, though %s %s does not read it', async (method, path) => {
  const socket = connect(site.port, '127.0.0.1', () => socket.write(`${method} ${path} HTTP/1.1\r\n${pieces(60_000)}`));
  socket.resume();
  await new Promise((ended) => socket.on('close', ended).on('error', () => undefined));
});

it('end with a body of a known length in too many pieces, each of which would take memory until the last', async () => {
  const socket = connect(site.port, '127.0.0.1').setNoDelay();
  socket.write('POST /api/forms/plain/submissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 16384\r\n\r\n'); // prettier-ignore
  let text = '';
  socket.on('data', (data) => (text += String(data))).on('error', () => undefined);
  let sent = 0;
  for (; sent < 16_000 && !socket.destroyed; sent++) {
    socket.write(' ');
    await new Promise((turn) => setImmediate(turn));
  }
  expect(text).toContain('too many small pieces');
  expect(sent).toBeLessThan(8_000);
});

it('make no object of a piece that is one too many, and of those of the next connection again', async () => {
  const { server } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => undefined } });
  let parser: object = {};
  server.on('request', ({ socket }) => (parser = (socket as unknown as { parser: object }).parser));
  const { port, stop } = await listen(server, 0, '127.0.0.1');
  afterwards(() => void stop());
  const makesObjects = () => Object.values(parser).some((one: { name?: string } | undefined) => one?.name === 'parserOnBody'); // prettier-ignore
  const socket = connect(port, '127.0.0.1');
  socket.write(`POST / HTTP/1.1\r\n${pieces(SITE_LIMITS.bodyPieces.value)}`);
  await eventually(async () => makesObjects());
  socket.write('1\r\n \r\n'.repeat(10));
  await eventually(async () => !makesObjects());
  // Another connection gets the same parser.
  socket.destroy();
  await eventually(async () => makesObjects());
});

it.each([
  ['POST', 'its reader', (response: ServerResponse) => void response.end(Buffer.alloc(30_000_000))],
  ['GET', 'its turn', () => undefined],
])(
  'keep no pieces of a body of %s that nobody reads, while the answer waits for %s',
  async (method, _waits, answer) => {
    const { server } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => undefined } });
    const arrived = new Promise<[IncomingMessage, ServerResponse]>((resolve) =>
      server.on('request', (request, response) => {
        answer(response);
        resolve([request, response]);
      }),
    );
    const { port, stop } = await listen(server, 0, '127.0.0.1');
    const socket = connect(port, '127.0.0.1', () => socket.write(`${method} / HTTP/1.1\r\n${pieces(500)}`)).pause();
    const [request, response] = await arrived;
    await new Promise((wait) => setTimeout(wait, 200));
    expect([response.writableFinished, request.readableLength]).toEqual([false, 0]);
    socket.destroy();
    await stop();
  },
);

it.each([
  ['without a host', 'GET / HTTP/1.1\r\n\r\n'],
  ['with an expectation that no one knows', 'GET / HTTP/1.1\r\nhost: x\r\nexpect: x\r\n\r\n'],
])('end with too many requests at once %s, which Node would answer by itself', async (_which, request) => {
  const { server } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => undefined } });
  afterwards(() => server.close());
  let seen = 0;
  server.on('request', () => void seen++);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () =>
    socket.write(request.repeat(1_000)),
  );
  socket.resume();
  await new Promise((ended) => socket.on('close', ended).on('error', () => undefined));
  expect(seen).toBe(SITE_LIMITS.requestsPerConnection.value + 1);
});

it('answer a request without a host with 400, and ignore an expectation that no one knows', async () => {
  expect(await raw(site.port, 'GET /plain HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(site.port, 'GET /plain HTTP/1.1\r\nhost: x\r\nexpect: x\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /); // prettier-ignore
});

it('are used again after a chunked body in as many pieces as a body may have', async () => {
  const socket = connect(site.port, '127.0.0.1');
  const ask = `GET /plain HTTP/1.1\r\n${pieces(SITE_LIMITS.bodyPieces.value)}0\r\n\r\n`;
  let text = '';
  socket.on('data', (data) => (text += String(data)));
  socket.write(ask);
  await eventually(async () => answersIn(text) === 1);
  socket.write(ask);
  await eventually(async () => answersIn(text) === 2);
  socket.destroy();
});

// Other systems do not let listeners share a port.
it.skipIf(process.platform !== 'linux').each([
  ['few requests', 300, 0, 5],
  ['less than one request that takes long', 20, 10, 0.5],
])('are accepted between %s of others', async (_, others, takesMs, most) => {
  const { server } = createBoundedServer({ proxies: 0, byAddress: false, log: { warn: () => undefined } });
  afterwards(() => server.closeAllConnections());
  let answered = 0;
  /** The number at each new connection. */
  const answeredBefore: number[] = [];
  server.on('connection', () => answeredBefore.push(answered));
  server.on(
    'request',
    answerInTurns(
      async (_request, response) => {
        // Requests wait for the database. Their work comes after that.
        await Promise.resolve();
        for (const until = performance.now() + takesMs; performance.now() < until;);
        answered++;
        response.end();
      },
      () => 'a client',
    ),
  );
  const { port, stop } = await listen(server, 0, '127.0.0.1');
  afterwards(() => void stop());
  for (let n = 0; n < others; n++) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const ask = () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    socket.on('connect', ask).on('data', ask);
  }
  await eventually(async () => answeredBefore.length === others);
  // A listener accepts one connection in each turn of the event loop.
  for (let n = 0; n < 50; n++) connect(port, '127.0.0.1').on('error', () => undefined);
  await eventually(async () => answeredBefore.length === others + 50);
  const [first = 0, last = 0] = [answeredBefore[others], answeredBefore[others + 49]];
  expect((last - first) / 49).toBeLessThan(most);
});

it('come to one server alone: another one is refused at its port until the first has stopped', async () => {
  const server = () => createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => undefined } }).server;
  const { port, stop } = await listen(server(), 0, '127.0.0.1');
  await expect(listen(server(), port, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
  await stop();
  const next = await listen(server(), port, '127.0.0.1');
  await next.stop();
});

const answersIn = (text: string): number => text.split('HTTP/1.1 200 ').length - 1;

it('bring no request where they were reset before the server accepts them', async () => {
  const { server } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn() {} } });
  const clients: (string | undefined)[] = [];
  server.on('request', ({ socket }, response) => {
    clients.push(socket.remoteAddress);
    response.end();
  });
  const { port, stop } = await listen(server, 0, '127.0.0.1');
  afterwards(() => void stop());
  const isOver = new Int32Array(new SharedArrayBuffer(4));
  const sender = `
    const { connect } = require('node:net');
    const { port, isOver } = require('node:worker_threads').workerData;
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\\r\\nhost: a\\r\\n\\r\\n', () => socket.resetAndDestroy()));
    socket.on('close', () => (Atomics.store(isOver, 0, 1), Atomics.notify(isOver, 0)));`;
  const worker = new Worker(sender, { eval: true, workerData: { port, isOver } });
  const ended = once(worker, 'exit');
  // Meanwhile, this thread accepts no connection.
  expect(Atomics.wait(isOver, 0, 0, 10_000)).not.toBe('timed-out');
  await ended;
  await raw(port, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  expect(clients).toEqual(['127.0.0.1']);
});
