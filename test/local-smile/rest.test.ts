import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { afterwards } from '../helpers/run/afterwards.ts';
import { type RunningSmile, startSmile } from './smile.ts';

let smile: RunningSmile;
beforeAll(async () => {
  smile = await startSmile();
});
afterAll(() => smile.stop());

describe('access', () => {
  it('refuses a wrong pair with 400 INVALID_CREDENTIALS', async () => {
    const answer = await smile.call('GET', '/v1/users', undefined, { authorization: `Basic ${btoa('someone:else')}` });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_CREDENTIALS' } });
  });

  it.each(['', 'Bearer x', 'Basic !'])(
    'refuses the authorization "%s" with 401 INVALID_TOKEN',
    async (authorization) => {
      const answer = await smile.call('GET', '/v1/users', undefined, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { code: 'INVALID_TOKEN' } });
    },
  );

  it('sends no CORS headers, so that a key in a browser does not work', async () => {
    const answer = await smile.call('GET', '/v1/users', undefined, { origin: 'https://somewhere.example' });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it('lets a 21st request in a second fail with 429 when the limit is 20', async () => {
    const limited = await startSmile({ rateLimitPerSecond: 20 });
    // The second lasts as long as the requests take.
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T10:00:00Z') });
    afterwards(() => void vi.useRealTimers());
    const ask = () => limited.call('GET', '/v1/providers');
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(30);
    expect(refused[0]?.body.code).toBe('REQUEST_LIMIT_EXCEEDED');
    vi.setSystemTime(new Date('2026-11-24T10:00:01Z'));
    expect((await ask()).status).toBe(200);
    await limited.stop();
  });
});

describe('the script of the widget', () => {
  it('is the same under the addresses of both versions, for every page, and is not sent twice', async () => {
    const [v2, v1] = await Promise.all(
      ['/v2/smile.v2.js', '/v1/smile.v1.js'].map((path) => fetch(`${smile.origin}${path}`)),
    );
    expect(await v1?.text()).toBe(await v2?.text());
    expect(v1?.headers.get('access-control-allow-origin')).toBe('*');
    const etag = v1?.headers.get('etag') ?? '';
    const again = await fetch(`${smile.origin}/v1/smile.v1.js`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });
});

describe('requests with an error', () => {
  it.each([
    ['GET', '/v1/nothing', 404, 'MISSING_RESOURCE'],
    ['GET', '/elsewhere', 404, 'MISSING_RESOURCE'],
    ['GET', '/v1/users/local-0', 404, 'MISSING_RESOURCE'],
    ['GET', '/v1/accounts/a-0', 404, 'MISSING_RESOURCE'],
    ['DELETE', '/v1/accounts/a-0', 404, 'MISSING_RESOURCE'],
    ['GET', '/v1/identities/i-0', 404, 'MISSING_RESOURCE'],
    ['GET', '/v1/providers/nobody', 404, 'MISSING_RESOURCE'],
    ['POST', '/v1/tokens?userId=local-0', 404, 'MISSING_RESOURCE'],
    ['PATCH', '/v1/users/x', 501, 'UNSUPPORTED_METHOD'],
    ['DELETE', '/v1/users/x', 501, 'UNSUPPORTED_METHOD'],
    ['GET', '/v1/tokens', 501, 'UNSUPPORTED_METHOD'],
    ['GET', '/v1/users?size=151', 400, 'INVALID_PARAMETERS'],
    ['GET', '/v1/users?size=0', 400, 'INVALID_PARAMETERS'],
    ['GET', '/v1/users?size=ten', 400, 'INVALID_PARAMETERS'],
    ['GET', '/v1/users?cursor=made-up', 400, 'INVALID_PARAMETERS'],
    ['GET', '/v1/users?startDate=yesterday', 400, 'INVALID_PARAMETERS'],
    ['GET', '/v1/providers?topIds=a,b,c,d,e,f,g,h,i,j,k', 400, 'INVALID_PARAMETERS'],
    ['POST', '/v1/tokens', 400, 'INVALID_PARAMETERS'],
  ])('answers %s %s with %d %s', async (method, path, status, code) => {
    const answer = await smile.call(method, path);
    expect(answer).toMatchObject({ status, body: { code, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  });

  it('answers a text body with 415 and broken JSON with 400', async () => {
    const text = await smile.call('POST', '/v1/users', '{}', { 'content-type': 'text/plain' });
    expect(text).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_TYPE' } });
    expect(await smile.call('POST', '/v1/users', '{"a":')).toMatchObject({ status: 400 });
  });

  it('does not take the user of a token from the body', async () => {
    const { userId } = await smile.newUser();
    expect(await smile.call('POST', '/v1/tokens', { userId })).toMatchObject({ status: 400 });
  });
});

describe('users', () => {
  it('creates a user and a link token in one call', async () => {
    const { status, body } = await smile.call('POST', '/v1/users', { externalMetadata: { customer: '42' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      code: 'OK',
      message: 'Success',
      data: {
        user: {
          id: expect.stringMatching(/^local-[0-9a-f]{32}$/),
          externalMetadata: { customer: '42' },
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          providers: [],
          session: { userId: body.data.user.id, channel: 'Default', channelId: null, status: 'IN_PROGRESS' },
        },
        token: { id: expect.stringMatching(/^tk-[0-9a-f]{32}$/), mode: 'SANDBOX' },
      },
    });
    const lifetime = Date.parse(body.data.token.expiresAt) - Date.parse(body.data.user.createdAt);
    expect(lifetime / 3_600_000).toBeCloseTo(5, 2);
    expect((await smile.call('GET', `/v1/users/${body.data.user.id}`)).body.data).toEqual(body.data.user);
  });

  it.each([
    ['six pairs', { a: '1', b: '2', c: '3', d: '4', e: '5', f: '6' }],
    ['a long key', { ['k'.repeat(51)]: '1' }],
    ['a long value', { a: 'v'.repeat(501) }],
    ['a nested value', { a: { b: 'c' } }],
    ['more than ASCII', { a: 'é' }],
  ])('refuses metadata with %s', async (_what, externalMetadata) => {
    expect(await smile.call('POST', '/v1/users', { externalMetadata })).toMatchObject({ status: 400 });
  });

  it('pages through users newest first, each once', async () => {
    const created: string[] = [];
    for (let i = 0; i < 7; i++) created.push((await smile.newUser()).userId);
    const seen: string[] = [];
    let cursor = '';
    while (seen.length < 7) {
      const { body } = await smile.call('GET', `/v1/users?size=3${cursor && `&cursor=${cursor}`}`);
      expect(body.data.items).toHaveLength(3);
      seen.push(...body.data.items.map((user: { id: string }) => user.id));
      cursor = body.data.nextCursor;
    }
    expect(seen.slice(0, 7)).toEqual(created.toReversed());
  });

  it('filters by day, both ends included', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { body } = await smile.call('GET', `/v1/users?startDate=${today}&endDate=${today}`);
    expect(body.data.items.length).toBeGreaterThan(0);
    expect((await smile.call('GET', '/v1/users?endDate=2020-01-01')).body.data.items).toEqual([]);
  });
});

describe('providers', () => {
  it('cover every datapoint, with and without a second factor', async () => {
    const { body } = await smile.call('GET', '/v1/providers?size=150');
    const { items } = body.data as { items: { mfa: boolean; supported: string[] }[] };
    expect(new Set(items.map(({ mfa }) => mfa))).toEqual(new Set([true, false]));
    expect([...new Set(items.flatMap(({ supported }) => supported))].sort()).toEqual(
      [
        'IDENTITIES',
        'TRANSACTIONS',
        'RATINGS',
        'EMPLOYMENTS',
        'DOCUMENTS',
        'INCOMES',
        'CONTRIBUTIONS',
        'EINCOMES',
        'LIABILITIES',
        'LINK',
        'INSIGHTS',
      ].sort(),
    );
  });

  it('are filtered by ids and type, and pinned ones come first', async () => {
    const ids = async (query: string) =>
      (await smile.call('GET', `/v1/providers?${query}`)).body.data.items.map(({ id }: { id: string }) => id);
    expect(await ids('ids=upwork,sss_ph')).toEqual(['upwork', 'sss_ph']);
    expect(await ids('type=GOVERNMENT')).toEqual(['sss_ph', 'nbi_ph']);
    expect((await ids('topIds=nbi_ph,grab')).slice(0, 2)).toEqual(['nbi_ph', 'grab']);
    expect(await ids('accountConnection=false')).toEqual(['711_ph']);
    expect(await ids('name=nomina')).toEqual([]);
    expect(await ids('name=Upw')).toEqual(['upwork']);
  });

  it('have a logo', async () => {
    const { body } = await smile.call('GET', '/v1/providers/grab');
    const logo = await fetch(body.data.logoUrl);
    expect(logo.headers.get('content-type')).toBe('image/svg+xml');
  });
});

describe('webhooks', () => {
  const hook = {
    name: 'Ours',
    url: 'https://acme.example/hook',
    eventTypes: ['ALL_EVENTS'],
    active: true,
    secret: 's',
  };

  it('are created with 200, listed, read and deleted', async () => {
    const created = await smile.call('POST', '/v1/webhooks', hook);
    expect(created).toMatchObject({ status: 200, body: { data: { ...hook, includePayload: false } } });
    const path = `/v1/webhooks/${created.body.data.id}`;
    expect((await smile.call('GET', path)).body.data).toEqual(created.body.data);
    expect((await smile.call('GET', '/v1/webhooks')).body.data.items).toEqual([created.body.data]);
    const deleted = await smile.call('DELETE', path);
    expect(deleted.status).toBe(200);
    expect(deleted.body).not.toHaveProperty('data');
    expect(await smile.call('GET', path)).toMatchObject({ status: 404 });
  });

  it.each([
    ['http to another machine', { url: 'http://acme.example/hook' }],
    ['an unknown event', { eventTypes: ['USER_SMILED'] }],
    ['no secret', { secret: '' }],
    ['a long secret', { secret: 's'.repeat(65) }],
  ])('are refused with %s', async (_what, change) => {
    expect(await smile.call('POST', '/v1/webhooks', { ...hook, ...change })).toMatchObject({ status: 400 });
  });
});
