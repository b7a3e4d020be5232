import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalSmile, defaultKeys } from '../../src/local-smile/local-smile.ts';
import { startReceiver } from './receiver.ts';
import { eventually, type RunningSmile, startSmile } from './smile.ts';

let smile: RunningSmile;
beforeEach(async () => {
  smile = await startSmile();
});
afterEach(() => smile.stop());

const reset = () => new Request('http://127.0.0.1/__local/reset', { method: 'POST' });

describe('the control API', () => {
  it('is refused where it is off, and to other machines', async () => {
    const options = { origin: 'http://127.0.0.1', ...defaultKeys };
    const closed = createLocalSmile({ ...options, controlApi: false });
    expect((await closed.fetch(reset(), { remoteAddress: '127.0.0.1' })).status).toBe(403);
    const open = createLocalSmile({ ...options, controlApi: true });
    expect((await open.fetch(reset(), { remoteAddress: '192.168.1.20' })).status).toBe(403);
    expect((await open.fetch(reset(), { remoteAddress: '::ffff:127.0.0.1' })).status).toBe(200);
    expect((await open.fetch(reset(), { remoteAddress: '::1' })).status).toBe(200);
  });

  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'via'])(
    'is refused through a proxy on this machine that adds %s',
    async (name) => {
      const answer = await smile.call('POST', '/__local/reset', undefined, { [name]: 'any' });
      expect(answer.status).toBe(403);
    },
  );

  it('is refused through a proxy on this machine that adds nothing and asks by HTTP/1.0', async () => {
    const open = createLocalSmile({ origin: 'http://127.0.0.1', ...defaultKeys, controlApi: true });
    expect((await open.fetch(reset(), { remoteAddress: '127.0.0.1', httpVersion: '1.0' })).status).toBe(403);
    expect((await open.fetch(reset(), { remoteAddress: '127.0.0.1', httpVersion: '1.1' })).status).toBe(200);
  });

  it('is refused to a page of another site', async () => {
    const answer = await smile.call('POST', '/__local/reset', undefined, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });

  it('forgets everything but the webhooks registered at start', async () => {
    const receiver = await startReceiver();
    smile.smile.registerWebhook({ url: receiver.url, secret: 's' });
    const { userId } = await smile.newUser();
    await smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 1 });
    expect((await smile.call('POST', '/__local/reset')).status).toBe(200);
    expect((await smile.call('GET', `/v1/users/${userId}`)).status).toBe(404);
    expect((await smile.call('PATCH', '/__local/settings', {})).body.tokenLifetimeSeconds).toBe(18_000);
    await smile.newUser();
    await smile.smile.close();
    expect(receiver.types()).toEqual(['USER_CREATED', 'USER_CREATED']);
    await receiver.stop();
  });

  it.each([{ tokenLifetime: 1 }, { connectDelayMs: -1 }, { fault: { path: 'v1' } }])(
    'refuse the settings %j',
    async (settings) => {
      expect((await smile.call('PATCH', '/__local/settings', settings)).status).toBe(400);
    },
  );

  it('links an account with its code', async () => {
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'upwork', userName: 'Christina', password: 'YGUS1', code: '1234' };
    const { body } = await smile.call('POST', '/__local/accounts', login);
    expect(body).toEqual({ accountId: expect.stringMatching(/^a-/) });
    await smile.accountWhen(body.accountId, 'CONNECTED');
  });
});

const george = { userName: 'George', password: '123456' };
const control = async (method: string, path: string, body?: unknown) =>
  (await smile.call(method, `/__local${path}`, body)).body;
const get = async (path: string) => (await smile.call('GET', `/v1${path}`)).body.data;

async function linked(providerId: string) {
  const { userId } = await smile.newUser();
  const { accountId } = await control('POST', '/accounts', { userId, providerId, ...george, code: '1234' });
  await eventually(async () => ((await get(`/insights?sourceId=${accountId}`)).items.length > 0 ? true : undefined));
  return { userId, accountId: accountId as string };
}

describe('the clock', () => {
  it('can be ahead, and Smile uses its time', async () => {
    await control('PATCH', '/settings', { clockSkewSeconds: 3600 });
    const { body } = await smile.call('POST', '/v1/users', {});
    const ahead = Date.parse(body.data.user.createdAt) - Date.now();
    expect(ahead / 3_600_000).toBeCloseTo(1, 2);
    expect((Date.parse(body.data.token.expiresAt) - Date.now()) / 3_600_000).toBeCloseTo(6, 2);
  });

  it('ends the 60 days of Smile’s data, without a webhook', async () => {
    const { userId, accountId } = await linked('abccorp');
    const { downloadUrl } = (
      await smile.call('POST', `/v1/accounts/${accountId}/exports/generate`, { exportExtensionType: 'CSV' })
    ).body.data;
    await control('PATCH', '/settings', { clockSkewSeconds: 59 * 86_400 });
    expect((await get(`/incomes?userId=${userId}`)).items).toHaveLength(6);
    const before = (await control('GET', '/events')).items.length;
    await control('PATCH', '/settings', { clockSkewSeconds: 61 * 86_400 });
    expect((await get(`/incomes?userId=${userId}`)).items).toEqual([]);
    expect((await fetch(downloadUrl)).status).toBe(404);
    expect((await get(`/accounts/${accountId}`)).connectionStatus).toBe('CONNECTED');
    expect((await control('GET', '/events')).items).toHaveLength(before);
  });
});

describe('continuous sync', () => {
  it('adds a month and reports the change', async () => {
    const { userId, accountId } = await linked('sss_ph');
    expect(await get(`/accounts/${accountId}`)).toMatchObject({ monitorStatus: 'ACTIVE' });
    expect(await control('POST', '/sync', { accountId })).toEqual({ monitorStatus: 'ACTIVE' });
    const { items } = await control('GET', `/events?userId=${userId}`);
    const types = items.map(({ type }: { type: string }) => type);
    expect(types.slice(0, 6)).toEqual([
      'ACCOUNT_SYNC_TASK_FINISHED',
      'EINCOMES_UPDATED',
      'DOCUMENTS_UPDATED',
      'LIABILITIES_UPDATED',
      'CONTRIBUTIONS_UPDATED',
      'EMPLOYMENTS_UPDATED',
    ]);
    expect((await get(`/contributions?sourceId=${accountId}`)).items).toHaveLength(7);
    const months = (await get(`/eincomes?sourceId=${accountId}`)).items.map((one: { month: string }) => one.month);
    expect(new Set(months).size).toBe(7);
    expect((await get(`/tasks?sourceId=${accountId}`)).items[0]).toMatchObject({
      type: 'UPDATE_ACCOUNT',
      status: 'Finished',
    });
  });

  it('that fails asks the person to sign in, until it succeeds or is turned off', async () => {
    const { accountId } = await linked('sss_ph');
    expect(await control('POST', '/sync', { accountId, status: 'FAILED' })).toEqual({
      monitorStatus: 'USER_ACTION_REQUIRED',
    });
    expect(await control('POST', '/sync', { accountId })).toEqual({ monitorStatus: 'ACTIVE' });
    expect((await smile.call('POST', `/v1/accounts/${accountId}/disableMonitor`)).status).toBe(200);
    expect((await get(`/accounts/${accountId}`)).monitor.status).toBe('CUSTOMER_DISABLED');
    expect((await smile.call('POST', '/__local/sync', { accountId })).status).toBe(400);
  });

  it('is not there for a provider without it', async () => {
    const { accountId } = await linked('grab');
    expect((await smile.call('POST', '/__local/sync', { accountId })).status).toBe(400);
  });
});

describe('events', () => {
  it('are listed with their result, and can be sent again', async () => {
    const receiver = await startReceiver();
    smile.smile.registerWebhook({ url: receiver.url, secret: 's' });
    receiver.answerWith(503);
    const { userId } = await smile.newUser();
    await eventually(() => receiver.received[1]);
    const [event] = (await control('GET', `/events?userId=${userId}&type=USER_CREATED`)).items;
    expect(event).toMatchObject({
      type: 'USER_CREATED',
      deliveries: [{ url: receiver.url, attempts: [{ status: 503 }, {}] }],
    });
    await control('POST', `/events/${event.id}/resend`);
    await eventually(() => receiver.received[2]);
    expect(new Set(receiver.received.map((one) => one.event.id)).size).toBe(1);
    await receiver.stop();
  });

  it('can be made up, of every type', async () => {
    const receiver = await startReceiver();
    smile.smile.registerWebhook({ url: receiver.url, secret: 's' });
    await control('POST', '/events', { type: 'VERIFICATION_COMPLETED' });
    await control('POST', '/events', { type: 'INCOMES_UPDATED', data: { userId: 'x', accountId: 'y' } });
    expect((await receiver.event('INCOMES_UPDATED')).data).toEqual({ userId: 'x', accountId: 'y' });
    expect((await smile.call('POST', '/__local/events', { type: 'INCOMES_UPDATED' })).status).toBe(400);
    await receiver.stop();
  });
});

describe('link tokens', () => {
  it('can be ended at once, one user’s or all', async () => {
    const open = ({ accessToken }: { accessToken: string }) =>
      smile.call('POST', '/v1/link/open', {}, { authorization: `Bearer ${accessToken}`, 'smile-widget': 'w' });
    const [one, other] = [await smile.newUser(), await smile.newUser()];
    await control('POST', '/expire', { userId: one.userId });
    expect([(await open(one)).status, (await open(other)).status]).toEqual([401, 200]);
    await control('POST', '/expire', {});
    expect((await open(other)).status).toBe(401);
  });
});

describe('forms', () => {
  it('are numbered in their session, and each run through a site has its own', async () => {
    const { userId } = await smile.newUser();
    const one = await control('POST', '/forms', { userId, data: { a: 1 }, winkSiteId: 'ws-7' });
    const two = await control('POST', '/forms', { userId, data: { b: true }, winkSiteId: 'ws-7' });
    const run = await control('POST', '/forms', { userId, data: {}, winkSiteId: 'ws-7', winkSiteSessionId: 'wss-2' });
    expect([one.reference, two.reference, run.reference]).toEqual(['form_1', 'form_2', 'form_1']);
    expect(two.winkSiteSessionId).toBe(one.winkSiteSessionId);
    expect((await get('/alpha/forms?winkSiteId=ws-7')).items).toHaveLength(3);
    expect((await get('/alpha/forms?winkSiteId=ws-8')).items).toEqual([]);
    expect((await get(`/users/${userId}`)).session).toMatchObject({ channel: 'WinkSite', channelId: 'site-7' });
  });

  it('belong to a user', async () => {
    expect((await smile.call('POST', '/__local/forms', { userId: 'nobody', data: {} })).status).toBe(404);
  });
});
