import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerAs } from '../../src/site-limits/counting/current-client.ts';
import { createSmileClient, type SmileClientOptions, type SmileExchange } from '../../src/smile/client.ts';
import { SmileError } from '../../src/smile/error.ts';
import { cut, fails, hangs, ok, raw, startScriptedSmile, type ScriptedSmile } from './scripted-smile.ts';

let smile: ScriptedSmile;
let pauses: number[];

beforeEach(async () => {
  smile = await startScriptedSmile();
  pauses = [];
});
afterEach(() => smile.close());

const token = { id: 'tk-1', accessToken: 'eyJ.very.secret', expiresAt: '2026-01-01T05:00:00Z', mode: 'SANDBOX' };
const user = { user: { id: 'acme-1', externalMetadata: null }, token };
const account = {
  id: 'a-1',
  createdAt: '2022-10-01T00:00:00Z',
  providerId: 'abccorp',
  userId: 'acme-1',
  connectionStatus: 'CONNECTED',
  connection: { status: 'CONNECTED', errorCode: null, errorMessage: null, updatedAt: '2022-10-01T00:00:09Z' },
  monitorStatus: 'UNSUPPORTED',
};

function client(options: Partial<SmileClientOptions> = {}) {
  return createSmileClient({
    host: smile.host,
    apiKey: 'key',
    apiSecret: 'secret',
    sleep: (ms) => Promise.resolve(pauses.push(ms)),
    now: () => performance.now() + pauses.reduce((sum, ms) => sum + ms, 0),
    random: () => 0,
    ...options,
  });
}

async function errorOf(call: Promise<unknown>): Promise<SmileError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SmileError);
  return error as SmileError;
}

describe('asking for a link token', () => {
  it('creates a user with its first token', async () => {
    smile.answers(ok({ ...user, somethingNew: 1 }, 201));
    expect(await client().createUser({ reference: 'ABC' })).toEqual({ userId: 'acme-1', token });
    expect(smile.seen).toEqual([
      {
        method: 'POST',
        url: '/v1/users',
        authorization: `Basic ${Buffer.from('key:secret').toString('base64')}`,
        body: '{"externalMetadata":{"reference":"ABC"}}',
      },
    ]);
  });

  it('asks for another with the user in the query, as Smile demands', async () => {
    smile.answers(ok(token, 201));
    expect(await client().createToken('acme-1&x')).toEqual(token);
    expect(smile.seen[0]).toMatchObject({ method: 'POST', url: '/v1/tokens?userId=acme-1%26x', body: '' });
  });

  it('does not require the code OK on success', async () => {
    smile.answers(raw(201, JSON.stringify({ code: 'CREATED', data: token })));
    expect(await client().createToken('acme-1')).toEqual(token);
  });

  it.each(['', '/', '/v1', '/v1/', '/base/path', '/base/path/v1'])(
    'finds Smile at a host ending in "%s"',
    async (path) => {
      smile.answers(ok(token, 201));
      await client({ host: smile.host + path }).createToken('acme-1');
      const base = path.startsWith('/base') ? '/base/path' : '';
      expect(smile.seen[0]?.url).toBe(`${base}/v1/tokens?userId=acme-1`);
    },
  );
});

describe('reading accounts', () => {
  it('has the status and its time', async () => {
    smile.answers(ok(account));
    expect(await client().getAccount('a-1')).toEqual({
      accountId: 'a-1',
      userId: 'acme-1',
      providerId: 'abccorp',
      status: 'CONNECTED',
      at: '2022-10-01T00:00:09Z',
      monitor: 'UNSUPPORTED',
    });
  });

  it('has the error code of a failed one, and keeps a new status of Smile', async () => {
    const failed = {
      ...account,
      connectionStatus: 'ERROR',
      connection: { ...account.connection, errorCode: 'ACCOUNT_LOCKED' },
    };
    smile.answers(ok(failed), ok({ ...account, connectionStatus: 'SLEEPING' }));
    const asked = client();
    expect(await asked.getAccount('a-1')).toMatchObject({ status: 'ERROR', errorCode: 'ACCOUNT_LOCKED' });
    expect(await asked.getAccount('a-1')).toMatchObject({ status: 'SLEEPING' });
  });

  it('knows none by an id that Smile does not know', async () => {
    smile.answers(fails(404, 'MISSING_RESOURCE'));
    expect(await client().getAccount('a-2')).toBeUndefined();
  });

  it('takes none for deleted because another server answers, such as a proxy', async () => {
    smile.answers(raw(404, '<html>', 'text/html'));
    expect(await errorOf(client().getAccount('a-2'))).toMatchObject({ status: 404 });
    expect(await errorOf(client().deleteAccount('a-2'))).toMatchObject({ status: 404 });
  });

  it.each(['..', '.', '', 'a/b', 'a?b'])('never puts "%s" into a path', async (id) => {
    smile.answers(ok(account));
    expect(await client().getAccount(id)).toBeUndefined();
    await client().deleteAccount(id);
    expect(smile.seen).toEqual([]);
  });

  it('follows cursors to the last page', async () => {
    smile.answers(
      ok({ nextCursor: '20', items: [account] }),
      ok({ nextCursor: null, items: [{ ...account, id: 'a-2' }] }),
    );
    const accounts = await client().listAccounts('acme-1');
    expect(accounts.map(({ accountId }) => accountId)).toEqual(['a-1', 'a-2']);
    expect(smile.seen.map(({ url }) => url)).toEqual([
      '/v1/accounts?userId=acme-1&size=150',
      '/v1/accounts?userId=acme-1&size=150&cursor=20',
    ]);
  });

  it('does not follow cursors in a circle', async () => {
    smile.answers(ok({ nextCursor: '20', items: [] }));
    expect(await errorOf(client().listAccounts('acme-1'))).toMatchObject({ kind: 'unexpected_answer' });
    expect(smile.seen).toHaveLength(2);
  });

  it('counts an account that Smile no longer knows as deleted', async () => {
    smile.answers(
      raw(200, '{"code":"OK","requestId":"r-1"}'),
      fails(404, 'MISSING_RESOURCE'),
      fails(403, 'UNAUTHORIZED_ACCESS'),
    );
    const asked = client();
    await asked.deleteAccount('a-1');
    await asked.deleteAccount('a-1');
    expect(await errorOf(asked.deleteAccount('a-1'))).toMatchObject({ kind: 'refused', status: 403 });
    expect(smile.seen[0]).toMatchObject({ method: 'DELETE', url: '/v1/accounts/a-1' });
  });
});

describe('webhooks at Smile', () => {
  const wanted = { name: 'Flipsite', url: 'https://x.example/hook', eventTypes: ['ALL_EVENTS'] };
  const webhook = { ...wanted, id: '17bb', active: true };

  it('are created and listed, without their secrets', async () => {
    smile.answers(ok({ ...webhook, secret: 's' }), ok({ nextCursor: null, items: [{ ...webhook, secret: 's' }] }));
    expect(await client().createWebhook({ ...wanted, secret: 's' })).toEqual(webhook);
    expect(JSON.parse(smile.seen[0]!.body)).toEqual({ ...wanted, secret: 's', active: true });
    expect(await client().listWebhooks()).toEqual([webhook]);
  });
});

describe('an answer that is no success', () => {
  it.each([
    [400, 'INVALID_CREDENTIALS', 'authentication'],
    [401, 'INVALID_TOKEN', 'authentication'],
    [400, 'INVALID_PARAMETERS', 'refused'],
    [403, 'UNAUTHORIZED_ACCESS', 'refused'],
    [404, 'MISSING_RESOURCE', 'refused'],
    [501, 'UNSUPPORTED_METHOD', 'refused'],
    [503, 'SERVER_UNAVAILABLE', 'unavailable'],
    [302, 'OK', 'unexpected_answer'],
  ])('%i %s is %s', async (status, code, kind) => {
    smile.answers(fails(status, code));
    expect(await errorOf(client().createUser())).toMatchObject({ kind, status, code, requestId: 'r-1' });
    expect(smile.seen).toHaveLength(1);
  });

  it.each([
    ['a page of HTML', raw(200, '<html>eyJ.secret</html>', 'text/html'), "Smile's answer to POST /users is not JSON"],
    ['nothing', raw(200, ''), "Smile's answer to POST /users is not JSON"],
    ['an envelope without data', raw(201, '{"code":"OK"}'), "Smile's answer to POST /users has no usable data"],
    ['no object', raw(201, '[]'), "Smile's answer to POST /users has no usable envelope"],
    ['no token', ok({ user: user.user }, 201), "Smile's answer to POST /users has no usable data.token"],
    [
      'a token of the wrong shape',
      ok({ ...user, token: { ...token, accessToken: { eyJ: 'secret' } } }, 201),
      "Smile's answer to POST /users has no usable data.token.accessToken",
    ],
  ])('%s names the missing part and not the value', async (_what, answer, message) => {
    smile.answers(answer);
    expect(await errorOf(client().createUser())).toMatchObject({ kind: 'unexpected_answer', message });
  });

  it('keeps ids, keys and answers out of messages', async () => {
    smile.answers(raw(400, JSON.stringify({ code: 'no <b>code</b>', requestId: 'x y', message: 'acme-1 eyJ' })));
    const error = await errorOf(client().createToken('acme-1'));
    expect(error).toMatchObject({
      message: 'Smile answered POST /tokens with 400',
      code: undefined,
      requestId: undefined,
    });
    smile.answers(fails(500, 'SERVER_ERROR'));
    expect((await errorOf(client().getAccount('a-1'))).message).toBe(
      'Smile answered GET /accounts/{id} with 500 SERVER_ERROR',
    );
  });
});

describe('trying again', () => {
  it('repeats safe requests until they work', async () => {
    smile.answers(fails(500, 'SERVER_ERROR'), cut, fails(503, 'SERVER_UNAVAILABLE'), ok(token, 201));
    expect(await client().createToken('acme-1')).toEqual(token);
    expect(pauses).toEqual([125, 250, 500]);
  });

  it('gives up after the fourth time', async () => {
    smile.answers(fails(500, 'SERVER_ERROR'));
    expect(await errorOf(client().getAccount('a-1'))).toMatchObject({ kind: 'unavailable', status: 500 });
    expect(smile.seen).toHaveLength(4);
  });

  it.each([
    ['500', fails(500, 'SERVER_ERROR')],
    ['a cut answer', cut],
    ['silence', hangs],
  ])('never creates a user again after %s', async (_what, answer) => {
    smile.answers(answer);
    // A request on a busy machine takes a while to arrive.
    await errorOf(client({ timeoutMs: 500 }).createUser());
    expect(smile.seen).toHaveLength(1);
  });

  it('creates a user again when the first request cannot have arrived', async () => {
    const port = await freePort();
    const error = await errorOf(client({ host: `http://127.0.0.1:${port}` }).createUser());
    expect(error).toMatchObject({ kind: 'unavailable', unsent: true, status: undefined });
    expect(pauses).toHaveLength(3);
  });

  it('waits out the rate limit, for a new user too', async () => {
    smile.answers(fails(429, 'REQUEST_LIMIT_EXCEEDED'), ok(user, 201));
    expect(await client().createUser()).toMatchObject({ userId: 'acme-1' });
    expect(pauses).toEqual([1000]);
  });

  it('stops waiting for the rate limit when time is up', async () => {
    smile.answers(fails(429, 'REQUEST_LIMIT_EXCEEDED'));
    expect(await errorOf(client({ budgetMs: 900 }).getAccount('a-1'))).toMatchObject({
      kind: 'rate_limited',
      status: 429,
    });
    expect(smile.seen).toHaveLength(1);
  });

  it('bounds each request and the whole call when Smile hangs', async () => {
    smile.answers(hangs);
    const error = await errorOf(client({ timeoutMs: 900, budgetMs: 1_000, sleep: undefined }).getAccount('a-1'));
    expect(error).toMatchObject({ kind: 'timeout', status: undefined });
    expect(smile.seen).toHaveLength(1);
  });

  it('bounds an answer whose end never comes', async () => {
    smile.answers((response) => response.writeHead(200).write('{"code":'));
    expect(await errorOf(client({ timeoutMs: 60 }).createUser())).toMatchObject({ kind: 'timeout' });
  });
});

describe('the lines of the log', () => {
  it('is each request by its operation, with Smile’s id of it and nothing of anybody', async () => {
    const heard: SmileExchange[] = [];
    smile.answers(fails(503, 'SERVER_UNAVAILABLE'), ok(account));
    await client({ log: (exchange) => heard.push(exchange) }).getAccount('a-1');
    const about = { operation: 'GET /accounts/{id}', requestId: 'r-1', tookMs: expect.any(Number) as number };
    expect(heard).toEqual([
      { ...about, status: 503, code: 'SERVER_UNAVAILABLE', failure: 'unavailable', missing: [] },
      { ...about, status: 200, code: 'OK', missing: [] },
    ]);
  });

  it('have no failure where Smile does not know an object any more, and one where another server answers', async () => {
    const heard: (string | undefined)[] = [];
    const asked = client({ log: ({ failure }) => heard.push(failure) });
    smile.answers(fails(404, 'MISSING_RESOURCE'));
    await asked.deleteAccount('a-1');
    await asked.getAccount('a-1');
    await errorOf(asked.createToken('acme-1'));
    smile.answers(raw(404, '<html>', 'text/html'));
    await errorOf(asked.deleteAccount('a-1'));
    expect(heard).toEqual([undefined, undefined, 'refused', 'refused']);
  });

  it('have a missing part of an answer, the first time', async () => {
    const heard: SmileExchange[] = [];
    const { createdAt: _, ...young } = { ...account, monitorStatus: 7 };
    smile.answers(ok(young));
    const asked = client({ log: (exchange) => heard.push(exchange) });
    expect(await asked.getAccount('a-1')).toMatchObject({ status: 'CONNECTED' });
    await asked.getAccount('a-1');
    expect(heard.map(({ missing: missed }) => missed)).toEqual([['account.createdAt', 'account.monitorStatus'], []]);
  });
});

describe('reading data', () => {
  const metadata = { userId: 'acme-1', sourceId: 'a-1', sourceType: 'ACCOUNT', providerId: 'abccorp', createdAt: '2026-01-01T00:00:00Z', itemCreatedAt: '2026-01-01T00:00:00Z' }; // prettier-ignore
  const income = { id: 'inc-1', startDate: '2026-01-01', currency: 'PHP', metadata };

  it('keeps the readable parts of a broken list', async () => {
    const heard: string[] = [];
    smile.answers(ok({ items: [{ ...income, grossAmount: '10000.50', netAmount: {}, employer: null, future: 1 }] }));
    const asked = client({ log: ({ missing: missed }) => heard.push(...missed) });
    expect(await asked.listData('incomes', { sourceId: 'a-1', startDate: '2026-01-01' })).toEqual([
      { ...income, grossAmount: 10000.5, employer: null },
    ]);
    expect(heard).toEqual(['income.netAmount']);
    expect(smile.seen[0]?.url).toBe('/v1/incomes?sourceId=a-1&startDate=2026-01-01&size=150');
  });

  it('takes the lists of a payload as pages and as arrays', async () => {
    const { metadata: _, ...bare } = income;
    smile.answers(
      ok({ metadata, incomes: [bare], documents: null }),
      ok({
        accounts: [{ id: 'a-1', providerId: 'abccorp', payload: { incomes: { nextCursor: null, items: [bare] } } }],
      }),
    );
    const asked = client();
    expect((await asked.getAccountPayload('a-1'))?.incomes).toEqual([bare]);
    expect((await asked.getUserPayload('acme-1'))?.accounts?.[0]?.payload?.incomes).toEqual([bare]);
  });
});

describe('sparing Smile', () => {
  it('lets every call rest after one has met the limit', async () => {
    smile.answers(fails(429, 'REQUEST_LIMIT_EXCEEDED'), ok(account));
    const asked = client({ now: () => 0, budgetMs: 900 });
    await errorOf(asked.getAccount('a-1'));
    expect(await errorOf(asked.listAccounts('acme-1'))).toMatchObject({ kind: 'rate_limited', status: undefined });
    expect(smile.seen).toHaveLength(1);
  });

  it('lets a few requests through at once and the others at 15 a second', async () => {
    smile.answers(ok(account));
    const asked = client({ now: () => 0 });
    await Promise.all(Array.from({ length: 8 }, () => asked.getAccount('a-1')));
    expect(pauses).toEqual([67, 133, 200]);
  });

  it('lets clients take turns, so that one with many calls delays those of others by few', async () => {
    smile.answers(ok(account));
    const asked = client();
    const ask = (name: string, id: string) => answerAs(name, () => asked.getAccount(id)).catch(() => undefined);
    await Promise.all([...Array.from({ length: 20 }, () => ask('many', 'a-1')), ask('other', 'a-2')]);
    const order = smile.seen.map(({ url }) => url.slice(-3));
    // Five may go at once. The next one waits for its time, and is chosen then.
    expect(order.indexOf('a-2')).toBeLessThan(8);
    expect(order).toHaveLength(21);
  });

  it('turns a call away that would have to wait for more than half of its time', async () => {
    smile.answers(ok(account));
    let time = 0;
    const sleep = async (ms: number) => {
      await new Promise((turn) => setImmediate(turn));
      time += ms;
    };
    const asked = client({ now: () => time, sleep, budgetMs: 4_000 });
    const calls = await Promise.allSettled(Array.from({ length: 37 }, () => asked.getAccount('a-1')));
    const refused = calls.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { kind: 'rate_limited', status: undefined } });
  });

  it('takes longer for a list of many pages where no person waits for it', async () => {
    const pages = Array.from({ length: 100 }, (_, page) => ok({ nextCursor: String(page), items: [account] }));
    let time = 0;
    const sleep = async (ms: number) => {
      time += ms;
    };
    const asked = client({ now: () => time, sleep, budgetMs: 2_000 });
    smile.answers(...pages, ok({ nextCursor: null, items: [account] }));
    expect(await asked.listAccounts('acme-1')).toHaveLength(101);
    expect(time).toBeGreaterThan(6_000);
    smile.answers(...pages, ok({ nextCursor: null, items: [account] }));
    const refusal = await errorOf(answerAs('a person', () => asked.listAccounts('acme-1')));
    expect(refusal).toMatchObject({ kind: 'rate_limited', status: undefined });
  });

  it('leaves Smile alone after five outages, and asks once whether it is back', async () => {
    let time = 0;
    const asked = client({ now: () => time });
    smile.answers(fails(503, 'SERVER_UNAVAILABLE'));
    for (let call = 0; call < 5; call++) await errorOf(asked.createUser());
    expect(smile.seen).toHaveLength(5);

    expect(await errorOf(asked.createUser())).toMatchObject({ kind: 'unavailable', status: undefined });
    expect(smile.seen).toHaveLength(5);

    time = 15_000;
    const probes = await Promise.all([errorOf(asked.createUser()), errorOf(asked.createUser())]);
    expect(probes.map(({ status }) => status)).toEqual([503, undefined]);
    expect(smile.seen).toHaveLength(6);

    time = 30_000;
    smile.answers(ok(user, 201));
    await asked.createUser();
    await asked.createUser();
    expect(smile.seen).toHaveLength(8);
  });

  it('takes a refusal for a sign of life', async () => {
    const asked = client({ now: () => 0 });
    for (let round = 0; round < 3; round++) {
      smile.answers(
        fails(503, 'SERVER_UNAVAILABLE'),
        fails(503, 'SERVER_UNAVAILABLE'),
        fails(400, 'INVALID_PARAMETERS'),
      );
      for (let call = 0; call < 3; call++) await errorOf(asked.createUser());
    }
    expect(smile.seen).toHaveLength(9);
  });
});

async function freePort() {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
