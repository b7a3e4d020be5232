import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isSigned, startReceiver, type Receiver } from './receiver.ts';
import { eventually, type RunningSmile, startSmile } from './smile.ts';

const SECRET = 'a little secret';
let smile: RunningSmile;
let receiver: Receiver;

beforeAll(async () => {
  smile = await startSmile();
});
afterAll(() => smile.stop());
beforeEach(async () => {
  receiver = await startReceiver();
  await smile.call('POST', '/__local/reset');
  await smile.call('POST', '/v1/webhooks', {
    name: 'Test',
    url: receiver.url,
    eventTypes: ['ALL_EVENTS'],
    active: true,
    secret: SECRET,
  });
});
afterEach(() => receiver.stop());

/** Links as the widget does: over the Link API, with a link token. */
function widget(accessToken: string, widgetId = 'one') {
  return (method: string, path: string, body?: object) =>
    smile.call(method, `/v1/link${path}`, body, { authorization: `Bearer ${accessToken}`, 'smile-widget': widgetId });
}

const george = { userName: 'George', password: '123456' };

describe('linking without a second factor', () => {
  it('goes from PENDING to CONNECTED, reports the steps in order, and yields the data', async () => {
    await smile.call('PATCH', '/__local/settings', { connectDelayMs: 50 });
    const { userId, accessToken } = await smile.newUser();
    const link = widget(accessToken);
    const { body } = await link('POST', '/accounts', { providerId: 'abccorp', ...george });
    expect(body.data).toMatchObject({ status: 'PENDING', created: true, checking: true });
    const accountId = body.data.id;

    const account = await smile.accountWhen(accountId, 'CONNECTED');
    expect(account).toEqual({
      id: expect.stringMatching(/^a-[0-9a-f]{32}$/),
      createdAt: expect.any(String),
      providerId: 'abccorp',
      userId,
      connectionStatus: 'CONNECTED',
      connection: { status: 'CONNECTED', errorCode: null, errorMessage: null, updatedAt: expect.any(String) },
      monitorStatus: 'UNSUPPORTED',
      monitor: { status: 'UNSUPPORTED', updatedAt: null },
    });

    const finished = await receiver.event('TASK_FINISHED');
    expect(receiver.types()).toEqual([
      'USER_CREATED',
      'ACCOUNT_CREATED',
      'ACCOUNT_CONNECTED',
      'TASK_STARTED',
      'IDENTITY_ADDED',
      'EMPLOYMENTS_ADDED',
      'INCOMES_ADDED',
      'DOCUMENTS_ADDED',
      'EINCOMES_ADDED',
      'LINK_ADDED',
      'INSIGHT_ADDED',
      'TASK_FINISHED',
    ]);
    expect(receiver.received.every((one) => isSigned(one, SECRET))).toBe(true);
    const about = { userId, accountId, providers: ['abccorp'] };
    expect((await receiver.event('ACCOUNT_CONNECTED')).data).toEqual({ ...about, loginName: 'George' });
    expect((await receiver.event('INCOMES_ADDED')).data).toEqual({ ...about, count: 6 });
    expect(finished).toMatchObject({ id: expect.stringMatching(/^et-/), version: 1 });
    expect(finished.data).toEqual({
      userId,
      sourceId: accountId,
      sourceType: 'ACCOUNT',
      taskType: 'LINK_ACCOUNT',
      providers: ['abccorp'],
      status: 'SUCCEEDED',
      errorCode: null,
      datapoints: ['IDENTITIES', 'EMPLOYMENTS', 'INCOMES', 'DOCUMENTS', 'EINCOMES', 'LINK', 'INSIGHTS'],
      payload: null,
    });

    const { items } = (await smile.call('GET', `/v1/identities?sourceId=${accountId}`)).body.data;
    expect(items).toEqual([
      expect.objectContaining({
        id: (await receiver.event('IDENTITY_ADDED')).data.identityId,
        fullName: 'George Cimafranca Palomero, Jr',
        metadata: expect.objectContaining({ sourceId: accountId, sourceType: 'ACCOUNT', providerId: 'abccorp' }),
      }),
    ]);
    expect((await smile.call('GET', `/v1/tasks?sourceId=${accountId}`)).body.data.items).toMatchObject([
      { type: 'LINK_ACCOUNT', status: 'Finished' },
    ]);
    expect((await smile.call('GET', `/v1/users/${userId}`)).body.data.providers).toEqual(['abccorp']);
  });

  it('puts the data into TASK_FINISHED for a webhook that wants it', async () => {
    await smile.call('POST', '/v1/webhooks', {
      name: 'Full',
      url: receiver.url,
      eventTypes: ['TASK_FINISHED'],
      active: true,
      secret: SECRET,
      includePayload: true,
    });
    const { userId } = await smile.newUser();
    await smile.call('POST', '/__local/accounts', { userId, providerId: 'grab', ...george });
    const { payload } = await eventually(
      () => receiver.received.find(({ event }) => event.type === 'TASK_FINISHED' && event.data.payload)?.event.data,
    );
    expect(payload.identity.fullName).toBe('George Cimafranca Palomero, Jr');
    expect(payload.transactions).toMatchObject({ nextCursor: null, items: { length: 26 } });
    expect(payload.incomes).toBeNull();
    expect(payload.identity).not.toHaveProperty('metadata');
  });

  it('lists the readings newest first, of one account and of all', async () => {
    const ids: string[] = [];
    for (const userName of ['George', 'Ryan']) {
      const { userId } = await smile.newUser();
      const password = userName === 'George' ? '123456' : '654321';
      const login = { userId, providerId: 'abccorp', userName, password };
      const { accountId } = (await smile.call('POST', '/__local/accounts', login)).body;
      ids.unshift(accountId);
      await eventually(async () => (await smile.call('GET', `/v1/insights?sourceId=${accountId}`)).body.data.items[0]);
    }
    const { items } = (await smile.call('GET', '/v1/incomes?size=150')).body.data;
    type Income = { startDate: string; metadata: { sourceId: string } };
    expect([...new Set(items.map((income: Income) => income.metadata.sourceId))]).toEqual(ids);
    const days = items.slice(0, 6).map((income: Income) => income.startDate);
    expect(days).toEqual(days.toSorted().reverse());
  });

  it.each(['gpalomero1234@smileapi.io', '(+63) 9559991234', '+639559991234', '3300000008', 'george'])(
    'knows George as %s',
    async (userName) => {
      const { userId } = await smile.newUser();
      const login = { userId, providerId: 'grab', userName, password: '123456' };
      const { body } = await smile.call('POST', '/__local/accounts', login);
      await smile.accountWhen(body.accountId, 'CONNECTED');
    },
  );
});

describe('linking with a second factor', () => {
  it('waits for the code, and connects with it', async () => {
    const link = widget((await smile.newUser()).accessToken);
    const { id } = (await link('POST', '/accounts', { providerId: 'sss_ph', ...george })).body.data;
    await smile.accountWhen(id, 'AWAITING_MFA');
    await link('POST', `/accounts/${id}/code`, { code: '1234' });
    await smile.accountWhen(id, 'CONNECTED');
    await receiver.event('CONTRIBUTIONS_ADDED');
    await receiver.event('LIABILITIES_ADDED');
  });

  it('fails with INVALID_MFA on another code', async () => {
    const link = widget((await smile.newUser()).accessToken);
    const { id } = (await link('POST', '/accounts', { providerId: 'sss_ph', ...george })).body.data;
    await smile.accountWhen(id, 'AWAITING_MFA');
    await link('POST', `/accounts/${id}/code`, { code: '4321' });
    expect((await smile.accountWhen(id, 'ERROR')).connection).toMatchObject({ errorCode: 'INVALID_MFA' });
    expect((await receiver.event('ACCOUNT_FAILED')).data).toMatchObject({ errorCode: 'INVALID_MFA' });
  });

  it('fails with MFA_TIMEOUT when no code comes', async () => {
    await smile.call('PATCH', '/__local/settings', { mfaTimeoutMs: 20 });
    const { userId } = await smile.newUser();
    const { body } = await smile.call('POST', '/__local/accounts', { userId, providerId: 'sss_ph', ...george });
    expect((await smile.accountWhen(body.accountId, 'ERROR')).connection.errorCode).toBe('MFA_TIMEOUT');
  });
});

describe('a wrong password', () => {
  it('fails the account once per attempt, and a retry keeps its id', async () => {
    const { userId, accessToken } = await smile.newUser();
    const link = widget(accessToken);
    const wrong = { providerId: 'grab', userName: 'George', password: 'wrong' };
    const first = (await link('POST', '/accounts', wrong)).body.data;
    expect((await smile.accountWhen(first.id, 'ERROR')).connection).toMatchObject({
      errorCode: 'INVALID_CREDENTIALS',
      errorMessage: 'Invalid username or password!',
    });

    const second = (await link('POST', '/accounts', { ...wrong, password: '123456' })).body.data;
    expect(second).toMatchObject({ id: first.id, created: false, status: 'PENDING' });
    await smile.accountWhen(first.id, 'CONNECTED');
    await receiver.event('TASK_FINISHED');
    expect(receiver.types().filter((type) => type.startsWith('ACCOUNT_'))).toEqual([
      'ACCOUNT_CREATED',
      'ACCOUNT_FAILED',
      'ACCOUNT_CONNECTED',
    ]);
    expect((await receiver.event('ACCOUNT_FAILED')).data).toEqual({
      userId,
      accountId: first.id,
      providers: ['grab'],
      loginName: 'George',
      errorCode: 'INVALID_CREDENTIALS',
      errorMessage: 'Invalid username or password!',
    });
  });

  it('can be asked to be any other error', async () => {
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'grab', userName: 'err:ACCOUNT_LOCKED', password: 'x' };
    const { body } = await smile.call('POST', '/__local/accounts', login);
    expect((await smile.accountWhen(body.accountId, 'ERROR')).connection.errorCode).toBe('ACCOUNT_LOCKED');
  });
});

describe('disconnecting', () => {
  it('deletes the data, reports it, and cannot be done twice', async () => {
    const { userId } = await smile.newUser();
    const { body } = await smile.call('POST', '/__local/accounts', { userId, providerId: 'grab', ...george });
    await receiver.event('TASK_FINISHED');
    const [identity] = (await smile.call('GET', `/v1/identities?userId=${userId}`)).body.data.items;

    expect((await smile.call('DELETE', `/v1/accounts/${body.accountId}`)).status).toBe(200);
    await smile.accountWhen(body.accountId, 'DISCONNECTED');
    expect((await smile.call('GET', `/v1/identities?userId=${userId}`)).body.data.items).toEqual([]);
    expect((await smile.call('GET', `/v1/identities/${identity.id}`)).status).toBe(404);
    expect((await smile.call('DELETE', `/v1/accounts/${body.accountId}`)).status).toBe(404);
    const { data } = await receiver.event('ACCOUNT_DISCONNECTED');
    expect(data).toEqual({ userId, accountId: body.accountId, providers: ['grab'] });
  });

  it('stops an attempt that is still under way', async () => {
    await smile.call('PATCH', '/__local/settings', { connectDelayMs: 30 });
    const { userId } = await smile.newUser();
    const account = { userId, providerId: 'grab', ...george };
    const { body } = await smile.call('POST', '/__local/accounts', account);
    await smile.call('DELETE', `/v1/accounts/${body.accountId}`);
    const other = await smile.call('POST', '/__local/accounts', { ...account, providerId: 'freelancer' });
    await smile.accountWhen(other.body.accountId, 'CONNECTED');
    await smile.accountWhen(body.accountId, 'DISCONNECTED');
  });
});

describe('link tokens', () => {
  it('belong to the first widget that shows them', async () => {
    const { accessToken } = await smile.newUser();
    expect((await widget(accessToken, 'one')('POST', '/open')).status).toBe(200);
    expect((await widget(accessToken, 'one')('POST', '/open')).status).toBe(200);
    expect(await widget(accessToken, 'two')('POST', '/open')).toMatchObject({
      status: 401,
      body: { code: 'INVALID_TOKEN' },
    });
  });

  it('expire, and are followed by new ones for the same user', async () => {
    await smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 0 });
    const { userId, accessToken } = await smile.newUser();
    expect((await widget(accessToken)('POST', '/open')).status).toBe(401);
    await smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 60 });
    const { status, body } = await smile.call('POST', `/v1/tokens?userId=${userId}`);
    expect(status).toBe(201);
    expect((await widget(body.data.accessToken)('POST', '/open')).status).toBe(200);
  });

  it('are refused when changed, and open only the account of their user', async () => {
    const [one, other] = [await smile.newUser(), await smile.newUser()];
    expect((await widget(`${one.accessToken}x`)('POST', '/open')).status).toBe(401);
    const { id } = (await widget(one.accessToken)('POST', '/accounts', { providerId: 'grab', ...george })).body.data;
    expect((await widget(other.accessToken)('GET', `/accounts/${id}`)).status).toBe(404);
    expect((await widget(other.accessToken)('DELETE', `/accounts/${id}`)).status).toBe(404);
  });

  it('say where the Link API is, and it answers any origin', async () => {
    const { accessToken } = await smile.newUser();
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ iss: smile.origin, mode: 'SANDBOX', tenantId: 'local' });
    expect(claims.exp - claims.iat).toBe(18_000);
    const preflight = await fetch(`${smile.origin}/v1/link/open`, {
      method: 'OPTIONS',
      headers: { origin: 'null', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  });
});
