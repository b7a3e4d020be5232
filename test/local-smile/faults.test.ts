import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningSmile, startSmile } from './smile.ts';

let smile: RunningSmile;
beforeEach(async () => {
  smile = await startSmile();
});
afterEach(() => smile.stop());

const fail = (fault: object | null) => smile.call('PATCH', '/__local/settings', { fault });
const statuses = async (...requests: Parameters<RunningSmile['call']>[]) =>
  Promise.all(requests.map(async (request) => (await smile.call(...request)).status));

describe('a fault', () => {
  it.each([400, 401, 429, 500, 503])('answers %d on the paths it names, until it is taken back', async (status) => {
    await fail({ path: '/v1/users', status });
    expect(await statuses(['POST', '/v1/users', {}], ['GET', '/v1/providers'])).toEqual([status, 200]);
    await fail(null);
    expect(await statuses(['POST', '/v1/users', {}])).toEqual([201]);
  });

  it('happens as often as it was asked to', async () => {
    await fail({ path: '/v1/', status: 500, times: 2 });
    const seen = [];
    for (let i = 0; i < 3; i++) seen.push((await smile.call('GET', '/v1/providers')).status);
    expect(seen).toEqual([500, 500, 200]);
    expect((await smile.call('GET', '/__local/settings')).body.fault).toBeNull();
  });

  it('happens to one method alone, and beside others', async () => {
    await fail([
      { path: '/v1/users', method: 'POST', status: 503, times: 1 },
      { path: '/v1/accounts', status: 504 },
    ]);
    expect(await statuses(['GET', '/v1/users'], ['GET', '/v1/accounts'])).toEqual([200, 504]);
    expect(await statuses(['POST', '/v1/users', {}])).toEqual([503]);
    expect(await statuses(['POST', '/v1/users', {}], ['GET', '/v1/accounts'])).toEqual([201, 504]);
  });

  it('can be garbage of any type, with its own headers', async () => {
    const headers = { 'retry-after': '7' };
    await fail({ path: '/v1/users', body: '<html>', contentType: 'text/html', status: 429, headers });
    const response = await fetch(`${smile.origin}/v1/users`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([429, '<html>']);
    expect([response.headers.get('content-type'), response.headers.get('retry-after')]).toEqual(['text/html', '7']);
  });

  it('can lose the answer to a request that was carried out', async () => {
    await fail({ path: '/v1/users', method: 'POST', status: 504, lost: true, times: 1 });
    expect(await statuses(['POST', '/v1/users', { externalMetadata: { lost: 'yes' } }])).toEqual([504]);
    const { items } = (await smile.call('GET', '/v1/users')).body.data;
    expect(items).toMatchObject([{ externalMetadata: { lost: 'yes' } }]);
  });

  it('can break off in the middle of the usual answer, or of another', async () => {
    await fail({ path: '/v1/providers', cut: 0.5 });
    const response = await smile.ask('GET', '/v1/providers');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    await fail({ path: '/v1/providers', body: '{"code":"OK"', status: 200, cut: 0 });
    await expect(smile.ask('GET', '/v1/providers').then((answer) => answer.text())).rejects.toThrow();
    await fail(null);
    expect(await statuses(['GET', '/v1/providers'])).toEqual([200]);
  });

  it('can hang up without an answer, before or after the work of the request', async () => {
    await fail({ path: '/v1/users', method: 'POST', drop: true, times: 1 });
    await expect(smile.ask('POST', '/v1/users', {})).rejects.toThrow();
    expect((await smile.call('GET', '/v1/users')).body.data.items).toEqual([]);
    await fail({ path: '/v1/users', method: 'POST', drop: true, lost: true, times: 1 });
    await expect(smile.ask('POST', '/v1/users', {})).rejects.toThrow();
    expect((await smile.call('GET', '/v1/users')).body.data.items).toHaveLength(1);
  });

  it('can be slow, and then as usual', async () => {
    await fail({ path: '/v1/users', hangMs: 30 });
    expect(await statuses(['POST', '/v1/users', {}])).toEqual([201]);
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
