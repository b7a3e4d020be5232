/** The definitions of all endpoints, against a real site. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApi } from '../../src/api/app.ts';
import { ENDPOINTS } from '../../src/api/endpoints/endpoints.ts';
import { API_KEY, type TestSite } from '../helpers/site.ts';
import { begin, expectRefusal, openAttacked, send, type Draft } from './attack.ts';

let site: TestSite;
let draft: Draft;
beforeAll(async () => {
  site = await openAttacked();
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

  it('does not start with a limit by submission on a path without a submission', () => {
    expect(start({ path: '/api/forms/:slug', limits: ['answers'] })).toThrow('has the limit "answers"');
  });

  it('does not start with an endpoint on the fast path that has a query', () => {
    expect(start({ query: z.object({}) })).toThrow('is on the fast path and has a query');
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
