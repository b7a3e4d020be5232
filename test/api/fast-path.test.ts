/** The fast path (`api/fast-path.ts`) gives the same answers as the routes. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSite } from '../helpers/site.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { ABOUT, begin, DRIVER, openSmallSite, raw, send, stored, type Draft } from '../helpers/api/client.ts';

const LOCKED = `
title: Locked
password: open sesame
screens: [{ id: only, title: Only, fields: [{ id: name, type: text, label: Name }] }]
endings: [{ id: done, title: Thanks }]
`;

let site: TestSite;
let draft: Draft;
let other: Draft;
beforeAll(async () => {
  site = await openSmallSite({ forms: { locked: LOCKED, driver: DRIVER } });
  draft = await begin(site);
  other = await begin(site);
});
afterAll(() => site.close());

type Case = { host?: string; method?: string; path: string; head?: string[]; body?: string; length?: number | null };

const START = '/api/forms/driver/submissions';
const JSON_TYPE = 'content-type: application/json';
const own = () => `authorization: Bearer ${draft.token}`;
const of = (what: string, id = draft.id) => `/api/submissions/${id}/${what}`;
const event = (more = {}) =>
  JSON.stringify({ events: [{ id: '8f14e45f-ceea-467f-a9d6-1a2b3c4d5e6f', name: 'screenSeen', at: '2026-11-01T00:00:00Z', data: {}, ...more }] }); // prettier-ignore
const save = (answers: unknown, screen = 'about') => JSON.stringify({ screen, answers });

/** Status, headers that are no date, and body, without values that are new each time. */
async function askedAt(
  path: string,
  { method = 'POST', head = [JSON_TYPE], body = '{}', length, host = '127.0.0.1' }: Case,
) {
  const size = length === null ? [] : [`content-length: ${length ?? Buffer.byteLength(body)}`];
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`, ...head, ...size, 'connection: close', '', body];
  const answer = await raw(site.port, lines.join('\r\n'));
  const [top = '', ...rest] = answer.split('\r\n\r\n');
  const [status = '', ...headers] = top.split('\r\n');
  const kept = headers.map((line) => line.toLowerCase()).filter((line) => !/^(date|content-length|connection|keep-alive|transfer-encoding):/.test(line)); // prettier-ignore
  const said = rest.join('\r\n\r\n').replaceAll(/"(id|token|expiresAt)":"[^"]*"/g, '"$1":"…"');
  return { status, headers: kept.sort(), said: said.replaceAll(/"(stored|repeated|revision)":\d/g, '"$1":"…"') };
}

const cases: Record<string, () => Case> = {
  'a start': () => ({ path: START }),
  'a start at a host that is none': () => ({ path: START, host: 'a b' }),
  'a start at an empty host': () => ({ path: START, host: '' }),
  'a start at a host with a path': () => ({ path: START, host: 'x.example/y' }),
  'a start at IPv6': () => ({ path: START, host: '[::1]:8000' }),
  'a start of no form': () => ({ path: '/api/forms/nope/submissions' }),
  'a start of a form with a password': () => ({ path: '/api/forms/locked/submissions' }),
  'a start with a forged pass': () => ({ path: '/api/forms/locked/submissions', head: [JSON_TYPE, 'cookie: flipsite_pass_locked=9999999999.x'] }), // prettier-ignore
  'a start in no language of the form': () => ({ path: START, body: '{"language":"fr"}' }),
  'a start by PUT': () => ({ path: START, method: 'PUT' }),
  'a start by PATCH': () => ({ path: START, method: 'PATCH' }),
  'a question before it': () => ({ path: START, method: 'OPTIONS', head: ['origin: https://x.example', 'access-control-request-method: POST'], body: '' }), // prettier-ignore
  'a form in capitals': () => ({ path: '/api/forms/DRIVER/submissions' }),
  'a body of chunks': () => ({ path: START, head: [JSON_TYPE, 'transfer-encoding: chunked'], body: '2\r\n{}\r\n0\r\n\r\n', length: null }), // prettier-ignore
  'chunks that end too early': () => ({ path: START, head: [JSON_TYPE, 'transfer-encoding: chunked'], body: '1\r\n{\r\n0\r\n\r\n', length: null }), // prettier-ignore
  'no length and no chunks': () => ({ path: START, body: '', length: null }),
  'an empty body': () => ({ path: START, body: '' }),
  'a body of no type': () => ({ path: START, head: [] }),
  'a body of another type': () => ({ path: START, head: ['content-type: text/plain'] }),
  'a type with a charset': () => ({ path: START, head: ['content-type: APPLICATION/JSON ; charset=utf-8'] }),
  'two types': () => ({ path: START, head: [JSON_TYPE, 'content-type: text/plain'] }),
  'a compressed body': () => ({ path: START, head: [JSON_TYPE, 'content-encoding: gzip'], body: '\x1f\x8b' }),
  'a key of two words': () => ({ path: START, head: [JSON_TYPE, 'idempotency-key: a b'] }),
  'an empty key': () => ({ path: START, head: [JSON_TYPE, 'idempotency-key: '] }),
  'two keys': () => ({ path: START, head: [JSON_TYPE, 'idempotency-key: a', 'idempotency-key: b'] }),
  'a key that is too long': () => ({ path: START, head: [JSON_TYPE, `idempotency-key: ${'k'.repeat(201)}`] }),
  'an unknown key': () => ({ path: START, body: '{"admin":true}' }),
  'a prototype': () => ({ path: START, body: '{"__proto__":{"language":"es"}}' }),
  'one byte too many': () => ({ path: START, body: '{}'.padEnd(65_537) }),
  'a length that is said to be huge': () => ({ path: START, length: 9e15 }),
  'a save': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own()], body: save(ABOUT) }),
  'a save of a prototype': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own()], body: '{"screen":"about","answers":{"__proto__":"x"}}' }), // prettier-ignore
  'a save of nothing required': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own()], body: save({}) }), // prettier-ignore
  'a save in Spanish': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own(), 'content-language: es'], body: save({}) }), // prettier-ignore
  'a save in two languages': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own(), 'content-language: en', 'content-language: es'], body: save({}) }), // prettier-ignore
  'a save of a screen off the way': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own()], body: save({}, 'upload') }), // prettier-ignore
  'a save by POST': () => ({ path: of('answers'), head: [JSON_TYPE, own()], body: save(ABOUT) }),
  'a save without a token': () => ({ path: of('answers'), method: 'PUT', body: save(ABOUT) }),
  'a save with a wrong token': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, 'authorization: Bearer x'] }), // prettier-ignore
  'a save with the token of another': () => ({ path: of('answers', other.id), method: 'PUT', head: [JSON_TYPE, own()], body: save(ABOUT) }), // prettier-ignore
  'a save with two tokens': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own(), 'authorization: Bearer x'], body: save(ABOUT) }), // prettier-ignore
  'a save with Basic': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, 'authorization: Basic eDp5'] }),
  'a save to nobody': () => ({ path: of('answers', '0'.repeat(36)), method: 'PUT', head: [JSON_TYPE, own()] }),
  'a save with slashes': () => ({ path: `/api/submissions//${draft.id}/answers`, method: 'PUT', head: [JSON_TYPE, own()] }), // prettier-ignore
  'a save that is too large': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own()], body: save(ABOUT).padEnd(262_145) }), // prettier-ignore
  'a save of bytes that are no text': () => ({ path: of('answers'), method: 'PUT', head: [JSON_TYPE, own()], body: '{"screen":"\u0000' }), // prettier-ignore
  events: () => ({ path: of('events'), head: [JSON_TYPE, own()], body: event() }),
  'events of no name': () => ({ path: of('events'), head: [JSON_TYPE, own()], body: event({ name: '' }) }),
  'events by PUT': () => ({ path: of('events'), method: 'PUT', head: [JSON_TYPE, own()], body: event() }),
  'events of a stranger': () => ({ path: of('events'), body: event() }),
  'a submit too early': () => ({ path: of('submit'), head: [JSON_TYPE, own()] }),
  'a submit with answers': () => ({ path: of('submit'), head: [JSON_TYPE, own()], body: '{"answers":{}}' }),
  'a submit with a bad key': () => ({ path: of('submit'), head: [JSON_TYPE, own(), 'idempotency-key: é'] }),
  'HEAD of a submit': () => ({ path: of('submit'), method: 'HEAD', head: [own()], body: '', length: null }),
};

describe('the fast path and the routes', () => {
  // The fast path leaves a request with a query to the routes.
  it.each(Object.entries(cases))('say the same of %s', async (_name, make) => {
    const one = make();
    expect(await askedAt(one.path, one)).toEqual(await askedAt(`${one.path}?`, one));
  });
});

describe('the limits of both', () => {
  it('are the same, with the same messages', async () => {
    const limits = await openSmallSite({ forms: { driver: DRIVER }, env: { RATE_LIMIT: 'on' } });
    const { id, token } = await begin(limits);
    const path = `/api/submissions/${id}/submit`;
    const ask = (at: string, bearer = token) => send(limits, 'POST', at, {}, { authorization: `Bearer ${bearer}` });
    for (let asked = 0; asked < 30; asked++) {
      expect([(await ask(path)).status, (await ask(`${path}?`)).status]).toEqual([422, 422]);
      expect((await ask(path, 'somebody-else')).status).toBe(404);
    }
    const [fast, routed] = [await ask(path), await ask(`${path}?`)];
    expect([fast.status, routed.status]).toEqual([429, 429]);
    expect(fast.body).toEqual(routed.body);
    for (const { headers } of [fast, routed]) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await limits.close();
  });
});

const head = (path: string, ...lines: string[]) => [`POST ${path} HTTP/1.1`, 'host: x', JSON_TYPE, ...lines, '', ''].join('\r\n'); // prettier-ignore

describe('the fast path', () => {
  it('answers pipelined requests in order, also after a body that it did not read', async () => {
    const first = `${head(of('events'), 'content-length: 9')}{"a":"b"}`;
    const second = `${head(START, 'content-length: 2', 'connection: close')}{}`;
    const answer = await raw(site.port, first + second);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 201']);
  });

  itLong('keeps nothing of a body whose sender it has refused', async () => {
    const gc = collector();
    const size = 500_000;
    const sockets: Socket[] = [];
    gc();
    const before = process.memoryUsage().arrayBuffers;
    for (let sender = 0; sender < 60; sender++) {
      const socket = connect(site.port, '127.0.0.1');
      sockets.push(socket);
      const answered = once(socket, 'data');
      socket.write(head(of('events'), `content-length: ${size + 1}`));
      // Each has sent all but the last byte.
      await new Promise<void>((done) => socket.write(Buffer.alloc(size, 32), () => done()));
      expect(String((await answered)[0])).toMatch(/^HTTP\/1\.1 401 /);
    }
    await begin(site);
    // Memory without an owner is released soon. Memory in use stays as long as the senders do.
    const kept = () => (gc(), process.memoryUsage().arrayBuffers - before);
    await expect.poll(kept, { timeout: 10_000 }).toBeLessThan((sockets.length * size) / 2);
    for (const socket of sockets) socket.destroy();
  });

  it('stores nothing of a request that is cut off, and fails at nothing', async () => {
    const before = [await stored(site), site.logged().length] as const;
    for (const what of ['events', 'answers', 'submit']) {
      const socket = connect(site.port, '127.0.0.1');
      const method = what === 'answers' ? 'PUT' : 'POST';
      const text = head(of(what), own(), 'content-length: 900').replace('POST', method);
      await new Promise<void>((done) => socket.write(`${text}{"events":[`, () => done()));
      await begin(site).then(() => socket.destroy());
    }
    const { submissions, ...rest } = await stored(site);
    expect(rest).toMatchObject({ accounts: before[0]['accounts'], idempotency: before[0]['idempotency'] });
    expect(submissions).toBe(Number(before[0]['submissions']) + 3);
    expect(site.logged().slice(before[1])).not.toContain('A request failed');
  });
});

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
