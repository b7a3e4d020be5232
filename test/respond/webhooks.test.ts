/**
 * Webhooks: only Smile's are trusted, each once, in whatever order they come. Those about an unknown user are stored.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findAccount } from '../../src/record/accounts/accounts.ts';
import { eventTypes } from '../../src/local-smile/webhooks/events.ts';
import { ask, type TestSite } from '../helpers/site.ts';
import { beforeConnect, expectRefusal, openSmallSite, send, signature, stored, webhook, type Draft } from '../helpers/api/client.ts'; // prettier-ignore

let site: TestSite;
let draft: Draft;
let userId: string;
beforeAll(async () => {
  site = await openSmallSite();
  draft = await beforeConnect(site);
  userId = (await draft.post('link-token', { screen: 'connect' })).body.userId;
  // Local Smile reports the new user by a webhook of its own, which comes at any time.
  const told = site.db.query.selectFrom('events').select('id').where('source', '=', 'webhook');
  await vi.waitFor(async () => expect(await told.execute()).toHaveLength(1));
});
afterAll(() => site.close());

const event = (type: string, more: Record<string, unknown> = {}, at = '2026-11-01T10:00:00Z') => ({
  id: `et-${crypto.randomUUID()}`,
  version: 1,
  type,
  createdAt: at,
  data: { userId, accountId: 'a-1', providers: ['grab'], ...more },
});
const post = (body: string | Uint8Array, headers: Record<string, string>) =>
  send(site, 'POST', '/api/webhooks/smile', body, headers);

async function storesNothing<T>(attack: () => Promise<T>): Promise<T> {
  const before = await stored(site);
  const said = await attack();
  expect(await stored(site)).toEqual(before);
  return said;
}

describe('the signature', () => {
  const body = JSON.stringify(event('ACCOUNT_CONNECTED'));
  const right = signature(body);

  it.each<[string, string | undefined]>([
    ['is missing', undefined],
    ['is empty', ''],
    ['is cut short', right.slice(0, -1)],
    ['is too long', `${right}0`],
    ['is altered', right.replace(/^./, (first) => (first === '0' ? '1' : '0'))],
    ['is in capitals', right.toUpperCase() === right ? undefined : right.toUpperCase()],
    ['is in base64', Buffer.from(right, 'hex').toString('base64')],
    ['is by another secret', signature(body, 'x')],
    ['is by an empty secret', signature(body, '')],
    ['is of another body', signature(`${body} `)],
    ['is of no body', signature('')],
    ['has a prefix', `sha512=${right}`],
    ['stands twice', `${right}, ${right}`],
    ['is not hexadecimal', 'z'.repeat(128)],
  ])('refuses all when it %s', async (_kind, given) => {
    const headers: Record<string, string> = given === undefined ? {} : { 'smile-signature': given };
    expectRefusal(await storesNothing(() => post(body, headers)), 401, 'unauthorized');
  });

  it('is over the very bytes: the same JSON written otherwise is refused', async () => {
    for (const other of [JSON.stringify(JSON.parse(body), null, 1), `\ufeff${body}`, Buffer.from(body, 'utf16le')]) {
      expectRefusal(await storesNothing(() => post(other, { 'smile-signature': right })), 401, 'unauthorized');
    }
  });

  it('is not opened by anything when there is no secret', async () => {
    const keys = { API_KEY: 'k', API_SECRET: 's', OPEN_API_HOST: site.origin };
    const withoutSecret = await openSmallSite({ env: { ...keys, WEBHOOK_SECRET: '' } });
    for (const secret of ['', 'undefined', 'webhook-secret-of-tests']) {
      const said = await send(withoutSecret, 'POST', '/api/webhooks/smile', body, {
        'smile-signature': signature(body, secret),
      });
      expectRefusal(said, 401, 'unauthorized');
    }
    await withoutSecret.close();
  });
});

describe('the body', () => {
  const signed = (body: string | Uint8Array) => post(body, { 'smile-signature': signature(body) });

  it.each<[string, string | Uint8Array, number?]>([
    ['nothing', ''],
    ['text', 'hello'],
    ['half of JSON', '{"id":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no id', JSON.stringify({ ...event('TASK_STARTED'), id: undefined })],
    ['an id that is a number', JSON.stringify({ ...event('TASK_STARTED'), id: 7 })],
    ['an id that is too long', JSON.stringify({ ...event('TASK_STARTED'), id: 'x'.repeat(201) })],
    ['no type', JSON.stringify({ ...event('TASK_STARTED'), type: '' })],
    ['no time', JSON.stringify({ ...event('TASK_STARTED'), createdAt: 'soon' })],
    ['data that is a list', JSON.stringify({ ...event('TASK_STARTED'), data: [1] })],
    ['invalid UTF-8', Buffer.from('7b226964223a22ff227d', 'hex')],
    ['5 MB', JSON.stringify({ ...event('TASK_FINISHED'), padding: 'x'.repeat(5_000_000) }), 413],
  ])('refuses %s, also when it is signed', async (_kind, body, status = 400) => {
    expectRefusal(await storesNothing(() => signed(body)), status);
  });

  it('keeps JSON of many levels and can give it back, and refuses more levels than Node can write', async () => {
    const nested = (levels: number) =>
      JSON.stringify(event('TASK_STARTED', { payload: 1 })).replace(
        '"payload":1',
        `"payload":${'['.repeat(levels)}${']'.repeat(levels)}`,
      );
    expect((await signed(nested(60))).body).toEqual({ stored: 1, repeated: 0 });
    await ask(site, `submissions/${draft.id}`);
    expectRefusal(await storesNothing(() => signed(nested(100_000))), 400, 'invalid_request');
  });

  it('refuses 5 MB before it checks the sender', async () => {
    expectRefusal(await storesNothing(() => post('x'.repeat(5_000_000), {})), 413, 'too_large');
  });

  it('changes no prototype', async () => {
    const body = JSON.stringify(event('TASK_STARTED')).replace('"data":{', '"data":{"__proto__":{"polluted":1},');
    await signed(body);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a webhook without a submission', () => {
  const accounts = async () =>
    (await ask<{ accounts: { accountId: string; status: string }[] }>(site, `submissions/${draft.id}`)).accounts;
  const statusOf = async (id: string) => (await accounts()).find(({ accountId }) => accountId === id)?.status;

  it('is stored once, however often it comes, one after the other or at once', async () => {
    const told = event('ACCOUNT_CREATED', { accountId: 'a-once' });
    for (let time = 0; time < 5; time++) {
      expect((await webhook(site, told)).body).toEqual(time ? { stored: 0, repeated: 1 } : { stored: 1, repeated: 0 });
    }
    const other = event('TASK_STARTED');
    const said = await Promise.all(Array.from({ length: 20 }, () => webhook(site, other)));
    expect(said.reduce((sum, { body }) => sum + body.stored, 0)).toBe(1);
  });

  it('is not changed by a repeat with another body', async () => {
    const told = event('ACCOUNT_CREATED', { accountId: 'a-same' });
    await webhook(site, told);
    await webhook(site, { ...told, type: 'ACCOUNT_CONNECTED', createdAt: '2027-01-01T00:00:00Z' });
    expect(await statusOf('a-same')).toBe('PENDING');
  });

  it.each([
    [['ACCOUNT_CONNECTED', 2], ['ACCOUNT_CREATED', 1], 'CONNECTED'],
    [['ACCOUNT_CONNECTED', 1], ['ACCOUNT_CREATED', 1], 'CONNECTED'],
    [['ACCOUNT_CONNECTED', 2], ['ACCOUNT_FAILED', 1], 'CONNECTED'],
    [['ACCOUNT_DISCONNECTED', 3], ['ACCOUNT_CONNECTED', 2], 'DISCONNECTED'],
    [['ACCOUNT_FAILED', 1], ['ACCOUNT_CONNECTED', 2], 'CONNECTED'],
    [['ACCOUNT_CREATED', 1], ['ACCOUNT_DISCONNECTED', 2], 'DISCONNECTED'],
  ] as const)('%j and then %j leaves the account %s', async (first, second, status) => {
    const accountId = `a-${crypto.randomUUID()}`;
    for (const [type, minute] of [first, second]) {
      await webhook(site, event(type, { accountId }, `2026-11-01T10:0${minute}:00Z`));
    }
    expect(await statusOf(accountId)).toBe(status);
  });

  it.each([
    [['USER_ACTION_REQUIRED', 3], ['ACTIVE', 2], 'USER_ACTION_REQUIRED'],
    [['ACTIVE', 2], ['USER_ACTION_REQUIRED', 3], 'USER_ACTION_REQUIRED'],
    [['ACTIVE', 2], ['UNSUPPORTED', 2], 'UNSUPPORTED'],
    [['UNSUPPORTED', 2], ['ACTIVE', 2], 'UNSUPPORTED'],
  ] as const)('the sync status %j and then %j leaves the account %s', async (first, second, monitor) => {
    const accountId = `a-${crypto.randomUUID()}`;
    await webhook(site, event('ACCOUNT_CONNECTED', { accountId }, '2026-11-01T10:01:00Z'));
    for (const [monitorStatus, minute] of [first, second])
      await webhook(site, event('TASK_STARTED', { accountId, monitorStatus }, `2026-11-01T10:0${minute}:00Z`));
    expect((await findAccount(site.db, accountId))?.monitor).toBe(monitor);
  });

  it.each(eventTypes.filter((type) => type !== 'ALL_EVENTS'))(
    'of the type %s is taken, and given back as it came',
    async (type) => {
      const told = event(type, { accountId: `a-${type}`, sourceId: `a-${type}`, sourceType: 'ACCOUNT', archiveId: 'u-1', session: { userId } }); // prettier-ignore
      expect((await webhook(site, told)).body).toEqual({ stored: 1, repeated: 0 });
      const { events } = await ask<{ events: { id: string; name: string; data: unknown }[] }>(site, `submissions/${draft.id}`); // prettier-ignore
      expect(events.find(({ id }) => id === told.id)).toMatchObject({ name: type, data: told });
    },
  );

  it('is kept when its type is unknown, and changes no account', async () => {
    const before = await accounts();
    for (const type of ['ACCOUNT_TELEPORTED', '__proto__', 'constructor', 'onAccountConnected']) {
      expect((await webhook(site, event(type, { accountId: 'a-unknown' }))).body).toEqual({ stored: 1, repeated: 0 });
    }
    expect(await accounts()).toEqual(before);
  });

  it('is kept when its user is unknown, and is on no page', async () => {
    const { length } = (await ask<{ events: unknown[] }>(site, `submissions/${draft.id}`)).events;
    const told = event('ACCOUNT_CONNECTED', { userId: 'u-nobody', accountId: 'a-nobody' });
    expect((await webhook(site, told)).body).toEqual({ stored: 1, repeated: 0 });
    for (const data of [null, undefined, {}, { userId: 7 }, { userId: '' }]) {
      expect((await webhook(site, { ...event('TASK_STARTED'), data })).body).toEqual({ stored: 1, repeated: 0 });
    }
    expect((await ask<{ events: unknown[] }>(site, `submissions/${draft.id}`)).events).toHaveLength(length);
    expect(await statusOf('a-nobody')).toBeUndefined();
  });

  it('is kept of accounts with strange ids and times, without failing', async () => {
    for (const more of [
      { accountId: '../../x' },
      { accountId: 'a\0b' },
      { providers: [] },
      { providers: 'grab' },
      { accountId: 'x'.repeat(201) },
    ]) {
      expect((await webhook(site, event('ACCOUNT_CONNECTED', more))).status).toBe(200);
    }
    for (const at of ['0001-01-01', '9999-12-31T23:59:59Z', 'Sun, 01 Nov 2026 10:00:00 GMT', '2026']) {
      expect((await webhook(site, event('ACCOUNT_CREATED', { accountId: 'a-time' }, at))).status).toBe(200);
    }
  });

  it('belongs to the submission of its user, and to no other', async () => {
    const other = await beforeConnect(site);
    await other.post('link-token', { screen: 'connect' });
    await webhook(site, event('ACCOUNT_CONNECTED', { accountId: 'a-mine' }));
    const { accounts: theirs, events } = await ask<{ accounts: unknown[]; events: { data: unknown }[] }>(site, `submissions/${other.id}`); // prettier-ignore
    expect(theirs).toEqual([]);
    expect(JSON.stringify(events)).not.toContain('a-mine');
  });
});
