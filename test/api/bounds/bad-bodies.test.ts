/** Every route that takes a body, with every kind of body that it must not take. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSite } from '../../helpers/site.ts';
import {
  beforeConnect,
  expectRefusal,
  openSmallSite,
  send,
  stored,
  type Draft,
  type ApiResponse,
} from '../../helpers/api/client.ts';

let site: TestSite;
let draft: Draft;
beforeAll(async () => {
  site = await openSmallSite();
  draft = await beforeConnect(site);
});
afterAll(() => site.close());

interface Route {
  method: string;
  path(): string;
  good: Record<string, unknown>;
  most: number;
}

const event = { id: '8f14e45f-ceea-467f-a9d6-1a2b3c4d5e6f', name: 'screenSeen', at: '2026-11-01T00:00:00Z', data: {} };
const routes: Record<string, Route> = {
  start: { method: 'POST', path: () => '/api/forms/driver/submissions', good: {}, most: 65_536 },
  answers: {
    method: 'PUT',
    path: () => `/api/submissions/${draft.id}/answers`,
    good: { screen: 'money', answers: { wage: 7 } },
    most: 262_144,
  },
  'link-token': {
    method: 'POST',
    path: () => `/api/submissions/${draft.id}/link-token`,
    good: { screen: 'connect' },
    most: 65_536,
  },
  events: {
    method: 'POST',
    path: () => `/api/submissions/${draft.id}/events`,
    good: { events: [event] },
    most: 524_288,
  },
  submit: { method: 'POST', path: () => `/api/submissions/${draft.id}/submit`, good: {}, most: 65_536 },
};

const ask = (route: Route, body: unknown, headers: Record<string, string> = {}) =>
  send(site, route.method, route.path(), body, { ...draft.headers, ...headers });

async function storesNothing(attack: () => Promise<ApiResponse>): Promise<ApiResponse> {
  const before = await stored(site);
  const said = await attack();
  expect(await stored(site)).toEqual(before);
  return said;
}

/** Kinds of bad body that no route takes, as text or bytes, with the status they deserve. */
const everywhere: Record<string, { body: (route: Route) => string | Uint8Array; status?: number; code?: string }> = {
  nothing: { body: () => '' },
  'text that is not JSON': { body: () => '{"screen":' },
  'JavaScript, not JSON': { body: () => "{'screen': undefined}" },
  'a list': { body: () => '[]' },
  null: { body: () => 'null' },
  'a number': { body: () => '1e999' },
  'a string': { body: () => '"{}"' },
  'an unknown key': { body: ({ good }) => JSON.stringify({ ...good, admin: true }) },
  'a __proto__ key': {
    body: ({ good }) => JSON.stringify(good).replace('{', `{"__proto__":{"admin":true}${comma(good)}`),
  },
  'a constructor key': { body: ({ good }) => JSON.stringify({ ...good, constructor: { prototype: {} } }) },
  'invalid UTF-8': { body: () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) },
  'UTF-16': { body: ({ good }) => Buffer.from(JSON.stringify(good), 'utf16le') },
  'a NUL after the JSON': { body: ({ good }) => `${JSON.stringify(good)}\0` },
  'deep lists': { body: () => '['.repeat(30_000) + ']'.repeat(30_000) },
  'deep objects': { body: () => '{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000) },
  'one byte too many': { body: ({ good, most }) => padded(good, most + 1), status: 413, code: 'too_large' },
  '10 MB': { body: ({ good }) => padded(good, 10_000_000), status: 413, code: 'too_large' },
};
const comma = (good: object) => (Object.keys(good).length ? ',' : '');
const padded = (good: unknown, length: number) => JSON.stringify(good).padEnd(length, ' ');

describe.each(Object.entries(routes))('the route of %s', (_name, route) => {
  it.each(Object.entries(everywhere))('refuses %s', async (_kind, { body, status = 400, code = 'invalid_request' }) => {
    expectRefusal(await storesNothing(() => ask(route, body(route))), status, code);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'application/json-patch+json',
    'text/json',
    ',application/json',
  ])('refuses the content type %s', async (type) => {
    const body = JSON.stringify(route.good);
    expectRefusal(await storesNothing(() => ask(route, body, { 'content-type': type })), 415, 'unsupported_type');
  });

  it('refuses a body without a content type', async () => {
    const said = await storesNothing(async () => {
      const response = await fetch(site.origin + route.path(), {
        method: route.method,
        headers: draft.headers,
        body: Buffer.from(JSON.stringify(route.good)),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
    });
    expectRefusal(said, 415, 'unsupported_type');
  });

  it('refuses 10 MB that come in chunks without saying how much', async () => {
    const before = await stored(site);
    const body = Readable.from((function* () { for (let sent = 0; sent < 160; sent++) yield Buffer.alloc(65_536, 32); })()); // prettier-ignore
    const response = await fetch(site.origin + route.path(), {
      method: route.method,
      headers: { ...draft.headers, 'content-type': 'application/json' },
      body: Readable.toWeb(body) as ReadableStream,
      duplex: 'half',
    } as RequestInit).catch(() => undefined);
    // Either the refusal is read, or the connection was cut while 10 MB were still being sent.
    if (response) expect([response.status, (await response.json()).error.code]).toEqual([413, 'too_large']);
    expect(await stored(site)).toEqual(before);
  });
});

it.each([
  ['start', { proof: 'x'.repeat(2_001) }, 'proof has more than 2000 characters. Send less.'],
  ['events', { events: Array(101).fill(event) }, 'events has more than 100 entries. Send fewer at once.'],
  ['events', { events: [] }, 'events is empty.'],
  ['events', { events: [{ ...event, id: 'x' }] }, 'events.0.id is not a UUID.'],
  [
    'events',
    { events: [{ ...event, at: 'yesterday' }] },
    'events.0.at is not a time of ISO 8601, such as 2026-12-31T09:00:00Z.',
  ],
  ['submit', { openMs: -1 }, 'openMs is less than 0.'],
  [
    'events',
    { events: [{ ...event, data: { text: 'x'.repeat(16_374) } }] },
    'events.0.data has more than 16384 characters as JSON. Send less.',
  ],
  [
    'answers',
    { screen: 'money', answers: { wage: Array(501).fill('x') } },
    'answers.wage must be text, a number, true or false, a list of up to 500 texts, or an object with up to 20 parts of up to 100000 characters.',
  ],
])('the answer to a body of %s with a wrong value names it', async (name, body, message) => {
  const said = await ask(routes[name] as Route, body);
  expectRefusal(said, 400, 'invalid_request');
  expect(said.body.error.message).toBe(`The body is not valid: ${message}`);
});
