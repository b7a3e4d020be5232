/** Credentials: a token opens one submission, a key reads all of them, and neither replaces the other. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type TestSite } from '../helpers/site.ts';
import {
  ABOUT,
  begin,
  draftOf,
  eventually,
  expectRefusal,
  openSmallSite,
  send,
  stored,
  type Draft,
} from '../helpers/api/client.ts';

let site: TestSite;
let ana: Draft;
let eve: Draft;
beforeAll(async () => {
  site = await openSmallSite();
  ana = await begin(site);
  eve = await begin(site);
});
afterAll(() => site.close());

const key = { authorization: `Bearer ${API_KEY}` };
const respondentRoutes: [method: string, what: string, body: unknown][] = [
  ['GET', 'answers', undefined],
  ['PUT', 'answers', { screen: 'about', answers: ABOUT }],
  ['POST', 'link-token', { screen: 'connect' }],
  ['POST', 'events', { events: [{ id: crypto.randomUUID(), name: 'x', at: '2026-01-01T00:00:00Z', data: {} }] }],
  ['POST', 'submit', {}],
];

describe.each(respondentRoutes)("a respondent's %s %s", (method, what, body) => {
  const ask = async (headers: Record<string, string>) => {
    const before = await stored(site);
    const said = await send(site, method, `/api/submissions/${ana.id}/${what}`, body, headers);
    expect(await stored(site)).toEqual(before);
    return said;
  };

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Bearer  ', 'Basic YTpi', 'bearer', 'Token x', `Bearer ${'a'.repeat(501)}`, 'Bearer a b'])(
    'is closed to the authorization %j',
    async (authorization) => {
      expectRefusal(await ask(authorization === undefined ? {} : { authorization }), 401, 'unauthorized');
    },
  ); // prettier-ignore

  it('is closed to the token of another submission, to one altered, and to the key of programs', async () => {
    const altered = ana.token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    const others = [eve.token, altered, ana.token.slice(0, -1), `${ana.token}=`, ana.token.toUpperCase(), API_KEY];
    for (const token of others) {
      expectRefusal(await ask({ authorization: `Bearer ${token}` }), 404, 'unknown_submission');
    }
  });

  it('is not opened by a token in the address or in a cookie', async () => {
    const before = await stored(site);
    const url = `/api/submissions/${ana.id}/${what}?token=${ana.token}&authorization=Bearer%20${ana.token}`;
    const cookie = `token=${ana.token}; flipsite_ended=${ana.id}.${ana.token}`;
    expectRefusal(await send(site, method, url, body, { cookie }), 401, 'unauthorized');
    expect(await stored(site)).toEqual(before);
  });
});

describe('the routes for programs', () => {
  const routes = ['/api/forms', '/api/forms/driver/submissions', '/api/forms/nope/submissions'];

  it.each([...routes, 'one submission'])('%s is closed to everything but the key', async (route) => {
    const where = route === 'one submission' ? `/api/submissions/${ana.id}` : route;
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      `Bearer ${ana.token}`,
      `Basic ${btoa(`x:${API_KEY}`)}`,
      `Bearer ${API_KEY}x`,
      `Bearer ${API_KEY.slice(0, -1)}`,
      API_KEY,
    ]) {
      const said = await send(site, 'GET', where, undefined, authorization === undefined ? {} : { authorization });
      expectRefusal(said, 401, 'unauthorized');
    }
  });

  it('are closed to everybody when no key is set', async () => {
    const closed = await openSmallSite({ env: { INTEGRATOR_API_KEY: '' } });
    const draft = await begin(closed);
    for (const where of [...routes, `/api/submissions/${draft.id}`]) {
      for (const token of ['', 'undefined', 'null', draft.token, API_KEY]) {
        const said = await send(closed, 'GET', where, undefined, { authorization: `Bearer ${token}` });
        expectRefusal(said, 401, 'unauthorized');
      }
    }
    await closed.close();
  });

  it('open for a key of 20 characters, with any characters', async () => {
    const odd = 'correct:horse!battery$staple,{"x"}@#%';
    const keyed = await openSmallSite({ env: { INTEGRATOR_API_KEY: odd } });
    const said = await send(keyed, 'GET', '/api/forms', undefined, { authorization: `Bearer ${odd}` });
    await keyed.close();
    expect(said.status).toBe(200);
  });

  it.each(['0', '-1', '201', '1.5', 'ten', '', '1e9', 'Infinity'])('refuse the limit %j', async (limit) => {
    const where = `/api/forms/driver/submissions?limit=${encodeURIComponent(limit)}`;
    expectRefusal(await send(site, 'GET', where, undefined, key), 400, 'invalid_request');
  });

  it.each(['x', 'bm9wZQ', '%00', btoa("' or 1=1 --"), 'a'.repeat(500)])(
    'refuse the cursor %j, rather than begin again from the newest',
    async (cursor) => {
      const where = `/api/forms/driver/submissions?cursor=${cursor}`;
      expectRefusal(await send(site, 'GET', where, undefined, key), 400, 'invalid_request');
    },
  );

  it('give every submission once, page by page, while others begin', async () => {
    const all = [ana.id, eve.id, (await begin(site)).id, (await begin(site)).id];
    const seen: string[] = [];
    let cursor = '';
    do {
      const where = `/api/forms/driver/submissions?limit=1${cursor && `&cursor=${cursor}`}`;
      const { body } = await send(site, 'GET', where, undefined, key);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
      if (seen.length === 2) await begin(site);
    } while (cursor);
    // The newest first: by id, since two of these may begin in the same millisecond.
    expect(seen).toEqual(all.toSorted().toReversed());
  });

  it('refuse a form that is not there', async () => {
    for (const slug of ['nope', '__proto__', '%27', 'DRIVER']) {
      expectRefusal(await send(site, 'GET', `/api/forms/${slug}/submissions`, undefined, key), 404, 'unknown_form');
    }
  });
});

describe('a form that was removed', () => {
  it('lets its drafts be finished by their own token, and by no other', async () => {
    const draft = await begin(site, 'plain');
    rmSync(path.join(site.formsDir, 'plain.yaml'));
    await eventually(async () => (await send(site, 'POST', '/api/forms/plain/submissions', {})).status === 410);
    expectRefusal(await send(site, 'POST', '/api/forms/plain/submissions', {}), 410, 'form_removed');
    const stranger = draftOf(site, { id: draft.id, token: ana.token });
    expectRefusal(await stranger.put('only', { full_name: 'Eve' }), 404, 'unknown_submission');
    expect((await draft.put('only', { full_name: 'Ana' })).status).toBe(200);
    expect((await draft.post('submit')).body.ending).toMatchObject({ id: 'done' });
    const { body } = await send(site, 'GET', '/api/forms/plain/submissions', undefined, key);
    expect(body.items.filter(({ status }: { status: string }) => status === 'submitted')).toMatchObject([
      { id: draft.id },
    ]);
  });
});

it('answers requests during an erasure with "not found", and logs no failure', async () => {
  const all = Array.from({ length: 40 }, async () => {
    const draft = await begin(site);
    await draft.put('about', { full_name: 'Ana', status: 'none' });
    const [erased, ...asked] = await Promise.all([
      send(site, 'DELETE', `/api/submissions/${draft.id}`, undefined, key),
      draft.post('submit'),
      draft.put('about', { full_name: 'Ben', status: 'none' }),
    ]);
    expect(erased.status).toBe(204);
    return asked.map(({ status, body }) => (status === 404 ? body.error.code : status));
  });
  const told = (await Promise.all(all)).flat();
  expect(told.filter((one) => ![200, 409, 'unknown_submission'].includes(one))).toEqual([]);
});
