/** The definitions of all endpoints, against a real site. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApi } from '../../src/api/app.ts';
import { defineEndpoint, type EndpointAnswer } from '../../src/api/endpoints/endpoint.ts';
import { ENDPOINTS } from '../../src/api/endpoints/endpoints.ts';
import { createFastPath } from '../../src/api/fast-path.ts';
import { API_KEY, type TestSite } from '../helpers/site.ts';
import { begin, expectRefusal, openSmallSite, send, type Draft } from '../helpers/api/client.ts';

let site: TestSite;
let draft: Draft;
beforeAll(async () => {
  site = await openSmallSite();
  draft = await begin(site);
});
afterAll(() => site.close());

const pathOf = (path: string): string =>
  path.replace(':slug', 'plain').replace(':id', draft.id).replace(/:\w+/, '00000000-0000-7000-8000-000000000000');

const all = ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

/** The error for a request that has no credential. */
const WITHOUT_CREDENTIAL = {
  submission: 'unauthorized',
  'api key': 'unauthorized',
  'submission or api key': 'unauthorized',
  signature: 'unauthorized',
  invitation: 'unknown_invitation',
} as const;

it('has each method and path once', () => {
  const names = all.map(([name]) => name);
  expect(names).toEqual([...new Set(names)]);
});

describe('an endpoint with a credential', () => {
  const closed = all.flatMap(([name, { access, ...endpoint }]) =>
    access === 'anyone' ? [] : [[name, { ...endpoint, access }] as const],
  );
  it.each(closed)('%s refuses a request without it', async (_name, { method, path, access }) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const answer = await send(site, method, pathOf(path), body);
    expectRefusal(answer, access === 'invitation' ? 404 : 401, WITHOUT_CREDENTIAL[access]);
  });
});

describe('an endpoint', () => {
  it.each(all)('%s is named by the answer to a wrong method', async (_name, { method, path }) => {
    const answer = await send(site, 'PROPFIND', pathOf(path));
    expectRefusal(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')?.split(', ')).toContain(method);
  });
});

describe('the API', () => {
  const [some] = ENDPOINTS.filter(({ fastPath }) => fastPath);
  const start = (change: object) => () => createApi({} as never, [{ ...some, ...change } as never]);

  it('does not start with an endpoint that has no credential', () => {
    expect(start({ access: undefined })).toThrow('has no credential');
  });

  it('does not start with an endpoint that anyone can call without a limit', () => {
    expect(start({ access: 'anyone', limits: [] })).toThrow('has no limit');
  });

  it('does not start with an endpoint whose answer is not described', () => {
    expect(start({ answer: undefined })).toThrow('has no answer');
  });

  it('does not start with a limit by submission on a path without a submission', () => {
    expect(start({ path: '/api/forms/:slug', limits: ['saves'] })).toThrow('has the limit "saves"');
  });

  it('does not start with an endpoint on the fast path that has a query', () => {
    expect(start({ query: z.object({}) })).toThrow('is on the fast path and has a query');
  });

  it('does not start with two endpoints that the fast path can’t tell apart', () => {
    expect(() => createApi({} as never, [some, some] as never)).toThrow('ends like another endpoint on the fast path');
  });
});

describe('the fast path', () => {
  const cases: [string, EndpointAnswer, 204 | undefined, number, string][] = [
    ['the headers', { ok: true, body: { a: 1 }, headers: { 'set-cookie': 'a=1' } }, undefined, 200, '{"a":1}'],
    ['the status of something that was created', { ok: true, body: { a: 1 }, created: true }, undefined, 201, '{"a":1}'], // prettier-ignore
    ['no body with 204', { ok: true, body: null }, 204, 204, ''],
  ];
  it.each(cases)('keeps %s of an answer', async (_name, answer, ownStatus, status, text) => {
    const endpoint = defineEndpoint({
      name: 'doThings',
      method: 'POST',
      path: '/api/forms/:slug/things',
      summary: 'A test.',
      access: 'anyone',
      limits: ['address'],
      ...(ownStatus && { status: ownStatus }),
      fastPath: true,
      handle: async () => answer,
    });
    const fastPath = createFastPath({ remoteAddress: () => '' } as never, [endpoint]);
    const server = createServer((request, response) => void fastPath(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const response = await fetch(`${origin}/api/forms/plain/things`, { method: 'POST', body: '' });
    expect({ status: response.status, text: await response.text() }).toEqual({ status, text });
    expect(response.headers.get('set-cookie')).toBe(answer.headers?.['set-cookie'] ?? null);
    expect(response.headers.get('cache-control')).toBe('no-store');
    server.close();
  });
});

describe('an endpoint with a JSON body', () => {
  const withBody = all.flatMap(([name, { method, path, access, body }]) => (body ? [[name, { method, path, access, body }] as const] : [])); // prettier-ignore
  it.each(withBody)('%s refuses one byte more than its limit', async (_name, { method, path, access, body }) => {
    const headers = access === 'api key' ? { authorization: `Bearer ${API_KEY}` } : draft.headers;
    const large = '{}'.padEnd(body.maxBytes + 1);
    expectRefusal(await send(site, method, pathOf(path), large, headers), 413, 'too_large');
  });
});
