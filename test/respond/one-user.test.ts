/** One person is one user at Smile, also where the answer that made them was lost. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSilentSmile, type SilentSmile } from './silent-smile.ts';
import type { Draft } from '../helpers/api/client.ts';

let silent: SilentSmile;
let draft: Draft;
beforeEach(async () => {
  silent = await openSilentSmile();
  draft = await silent.begin();
});
afterEach(() => silent.close());

const settings = (change: Record<string, unknown>) => silent.smile.call('PATCH', '/__local/settings', change);
const LOST = { path: '/v1/users', method: 'POST', status: 504, lost: true, times: 1 };
const launch = () => draft.post('link-token', { screen: 'connect' });
const users = async () => (await silent.smile.call('GET', '/v1/users?size=150')).body.data.items as { id: string }[];
const told = async () =>
  (await silent.submissionOf(draft)).events.flatMap(({ name }: { name: string }) =>
    /^(smileUser|linkToken)/.test(name) ? [name] : [],
  );

it('is found again among the users that others have made since, when the person tries again', async () => {
  await settings({ fault: LOST });
  expect((await launch()).status).toBe(503);
  const [made] = await users();
  for (let other = 0; other < 200; other++) await silent.smile.call('POST', '/v1/users', { externalMetadata: { submission: `another-${other}` } }); // prettier-ignore
  const { status, body } = await launch();
  expect([status, body.userId]).toEqual([200, made?.id]);
  expect(await users()).toHaveLength(150);
  expect(await told()).toEqual(['smileUserUncertain', 'linkTokenFailed', 'smileUserFound', 'linkTokenIssued']);
  await silent.link(body.userId);
  expect((await launch()).body.userId).toBe(made?.id);
});

it.each([
  ['it was never made', { ...LOST, lost: false }, undefined],
  ['users may not be listed', LOST, { path: '/v1/users', method: 'GET', status: 403 }],
  ['looking takes too long', LOST, { path: '/v1/users', method: 'GET', hangMs: 20_000 }],
])('is made again where %s, and the timeline notes that there may be two', { timeout: 30_000 }, async (_why, first, then) => {
  await settings({ fault: first });
  expect((await launch()).status).toBe(503);
  await settings({ fault: then ?? null });
  expect((await launch()).status).toBe(200);
  expect(await told()).toEqual(['smileUserUncertain', 'linkTokenFailed', 'smileUserNotFound', 'linkTokenIssued']);
}); // prettier-ignore

it('is not made while Smile cannot say whether there is one', async () => {
  await settings({ fault: LOST });
  await launch();
  await settings({ fault: { path: '/v1/users', method: 'GET', status: 500 } });
  expect((await launch()).status).toBe(503);
  await settings({ fault: null });
  expect(await users()).toHaveLength(1);
});

it('is not looked for where Smile has refused, so that nothing can have been made', async () => {
  await settings({ fault: { path: '/v1/users', method: 'POST', status: 400, times: 1 } });
  expect((await launch()).status).toBe(502);
  expect((await launch()).status).toBe(200);
  expect(await told()).toEqual(['linkTokenFailed', 'linkTokenIssued']);
});

it('is not looked for because a page says that there may be one', async () => {
  await settings({ fault: { path: '/v1/users', method: 'GET', status: 500 } });
  await draft.tell('smileUserUncertain', {}, { at: '2020-01-01T00:00:00Z' });
  expect((await launch()).status).toBe(200);
});

it('stays the same where the token expires before the window is open, and a new token opens it', async () => {
  const { body: first } = await launch();
  const opens = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${silent.smile.origin}/v1/link/open`, { method: 'POST', headers, body: '{}' })).status;
  };
  await silent.smile.call('POST', '/__local/expire', { userId: first.userId });
  expect(await opens(first.accessToken)).toBe(401);
  expect((await draft.tell('onTokenExpired', { screen: 'connect' })).status).toBe(200);
  const { status, body: second } = await launch();
  expect([status, second.userId]).toEqual([200, first.userId]);
  expect(await opens(second.accessToken)).toBe(200);
  await silent.link(second.userId);
  expect((await draft.put('connect', {})).body).toMatchObject({ state: 'connected' });
  expect((await silent.submissionOf(draft)).events.map(({ name }: { name: string }) => name)).toContain(
    'onTokenExpired',
  );
});
