import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalSmile, defaultKeys } from '../../src/local-smile/local-smile.ts';
import { startReceiver } from './receiver.ts';
import { type RunningSmile, startSmile } from './smile.ts';

let smile: RunningSmile;
beforeEach(async () => {
  smile = await startSmile();
});
afterEach(() => smile.stop());

const reset = () => new Request('http://127.0.0.1/__local/reset', { method: 'POST' });

describe('the knobs', () => {
  it('are refused where they are not wanted, and to other machines', async () => {
    const options = { origin: 'http://127.0.0.1', ...defaultKeys };
    const closed = createLocalSmile({ ...options, knobs: false });
    expect((await closed.fetch(reset(), { remoteAddress: '127.0.0.1' })).status).toBe(403);
    const open = createLocalSmile({ ...options, knobs: true });
    expect((await open.fetch(reset(), { remoteAddress: '192.168.1.20' })).status).toBe(403);
    expect((await open.fetch(reset(), { remoteAddress: '::ffff:127.0.0.1' })).status).toBe(200);
    expect((await open.fetch(reset(), { remoteAddress: '::1' })).status).toBe(200);
  });

  it('are refused to a page of another site', async () => {
    const answer = await smile.call('POST', '/__local/reset', undefined, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });

  it('forget everything but the webhooks registered at start', async () => {
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

  it('link an account with its code', async () => {
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'upwork', userName: 'Christina', password: 'YGUS1', code: '1234' };
    const { body } = await smile.call('POST', '/__local/accounts', login);
    expect(body).toEqual({ accountId: expect.stringMatching(/^a-/) });
    await smile.accountWhen(body.accountId, 'CONNECTED');
  });
});

describe('a fault', () => {
  const fail = (fault: object | null) => smile.call('PATCH', '/__local/settings', { fault });

  it.each([400, 401, 429, 500, 503])('answers %d on the paths it names, until it is taken back', async (status) => {
    await fail({ path: '/v1/users', status });
    expect((await smile.call('POST', '/v1/users', {})).status).toBe(status);
    expect((await smile.call('GET', '/v1/providers')).status).toBe(200);
    await fail(null);
    expect((await smile.call('POST', '/v1/users', {})).status).toBe(201);
  });

  it('happens as often as it was asked to', async () => {
    await fail({ path: '/v1/', status: 500, times: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await smile.call('GET', '/v1/providers')).status);
    expect(statuses).toEqual([500, 500, 200]);
  });

  it('can be garbage', async () => {
    await fail({ path: '/v1/users', body: '<html>' });
    const response = await fetch(`${smile.origin}/v1/users`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([200, '<html>']);
  });

  it('can be silence, which ends when Local Smile closes', async () => {
    await fail({ path: '/v1/users', hangMs: 3_600_000 });
    let answered = false;
    const hanging = smile.call('POST', '/v1/users', {}).finally(() => (answered = true));
    await smile.call('GET', '/v1/providers');
    expect(answered).toBe(false);
    await smile.smile.close();
    await hanging;
  });
});
