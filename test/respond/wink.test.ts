/** `require: connected` against forged claims: only an account of this very person's, at Smile, opens the way. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rebuildAccounts } from '../../src/respond/smile/rebuild.ts';
import { ask, type TestSite } from '../helpers/site.ts';
import { defaultKeys } from '../../src/local-smile/local-smile.ts';
import { startSmile } from '../local-smile/smile.ts';
import {
  beforeConnect,
  eventually,
  expectRefusal,
  controlSmile,
  openSmallSite,
  quick,
  send,
  stored,
  webhook,
  type Draft,
} from '../helpers/api/client.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  await controlSmile(site, 'PATCH', '/settings', { fault: null });
  await quick(site);
});

interface Opened {
  draft: Draft;
  userId: string;
  accessToken: string;
}

/** A person who has the widget open. */
async function open(): Promise<Opened> {
  const draft = await beforeConnect(site);
  const { body } = await draft.post('link-token', { screen: 'connect' });
  return { draft, userId: body.userId, accessToken: body.accessToken };
}

const link = async (userId: string, password = '123456') =>
  (await controlSmile(site, 'POST', '/accounts', { userId, providerId: 'grab', userName: 'George', password })).body
    .accountId as string;

const claimConnected = (draft: Draft, accountId: string, userId: string, more = {}) =>
  draft.tell('onAccountConnected', { accountId, userId, providerId: 'grab', screen: 'connect', ...more });

const accountsOf = async (id: string) =>
  (await ask<{ accounts: { accountId: string; status: string; confirmed: boolean }[] }>(site, `submissions/${id}`))
    .accounts;

const connected = (accountId: string, userId: string, more: Record<string, unknown> = {}) => ({
  id: `et-${crypto.randomUUID()}`,
  version: 1,
  type: 'ACCOUNT_CONNECTED',
  createdAt: new Date().toISOString(),
  data: { accountId, userId, providers: ['grab'] },
  ...more,
});

const down = () => controlSmile(site, 'PATCH', '/settings', { fault: { path: '/v1', status: 503 } });

describe('while Smile answers', () => {
  it('a made-up account does not count, and stays recorded as unknown', async () => {
    const { draft, userId } = await open();
    await claimConnected(draft, 'a-made-up', userId);
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
    expectRefusal(await draft.post('submit'), 422, 'incomplete');
    expect((await accountsOf(draft.id)).filter(({ status }) => status === 'CONNECTED')).toEqual([]);
  });

  it("another person's account does not count, for any claimed owner", async () => {
    const [ana, eve] = [await open(), await open()];
    const accountId = await link(ana.userId);
    await eventually(async () => (await accountsOf(ana.draft.id))[0]?.status === 'CONNECTED');
    for (const userId of [ana.userId, eve.userId, 'u-made-up']) {
      await claimConnected(eve.draft, accountId, userId);
      expectRefusal(await eve.draft.put('connect', {}), 422, 'wink_required');
    }
    expect(await accountsOf(eve.draft.id)).toEqual([]);
    expect(await accountsOf(ana.draft.id)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
  });

  it("an account that was claimed by another first is still its owner's as soon as Smile says so", async () => {
    const [ana, eve] = [await open(), await open()];
    const accountId = `a-${crypto.randomUUID()}`;
    await claimConnected(eve.draft, accountId, eve.userId);
    await webhook(site, connected(accountId, ana.userId));
    expect(await accountsOf(ana.draft.id)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
    expect((await ana.draft.put('connect', {})).body).toMatchObject({ state: 'connected' });
    expectRefusal(await eve.draft.put('connect', {}), 422, 'wink_required');
    expect(await accountsOf(eve.draft.id)).not.toMatchObject([{ status: 'CONNECTED' }]);
  });

  it('a claim before the widget was ever opened counts for nothing', async () => {
    const draft = await beforeConnect(site);
    await claimConnected(draft, 'a-1', 'u-1');
    await claimConnected(draft, 'a-1', '');
    await draft.tell('onAccountConnected', { accountId: 'a-1', providerId: 'grab', userId: null, screen: 'connect' });
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
  });

  it('an upload that only the page reports does not meet `connected`', async () => {
    const { draft, userId } = await open();
    await draft.tell('onUploadsCreated', { uploads: ['x'], userId, screen: 'connect' });
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
  });

  it('a claim from the future gives way to the answer of Smile', async () => {
    const { draft, userId } = await open();
    const accountId = await link(userId, 'wrong');
    await eventually(async () => (await accountsOf(draft.id))[0]?.status === 'ERROR');
    await draft.tell('onAccountConnected', { accountId, userId, providerId: 'grab', screen: 'connect' }, { at: '9999-12-31T23:59:59Z' }); // prettier-ignore
    expect(await accountsOf(draft.id)).toMatchObject([{ status: 'ERROR', confirmed: true }]);
  });

  it('an account that was linked, then removed at Smile, no longer counts at the end', async () => {
    const { draft, userId, accessToken } = await open();
    const accountId = await link(userId);
    await eventually(async () => (await draft.put('connect', {})).status === 200);
    const widget = { authorization: `Bearer ${accessToken}` };
    const gone = await send(site, 'DELETE', `/local-smile/v1/link/accounts/${accountId}`, undefined, widget);
    expect(gone.status).toBe(200);
    await eventually(async () => (await accountsOf(draft.id))[0]?.status === 'DISCONNECTED');
    expectRefusal(await draft.post('submit'), 422, 'incomplete');
  });
});

describe('how a claim is confirmed', () => {
  it('by the webhook', async () => {
    const { draft, userId } = await open();
    const accountId = `a-${crypto.randomUUID()}`;
    await claimConnected(draft, accountId, userId);
    expect(await accountsOf(draft.id)).toMatchObject([{ accountId, confirmed: false }]);
    await webhook(site, connected(accountId, userId));
    expect(await accountsOf(draft.id)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
    expect((await draft.put('connect', {})).body).toMatchObject({ next: { ending: 'done' }, state: 'connected' });
  });

  it('by asking Smile, when no webhook has come', async () => {
    const smile = await startSmile();
    const keys = {
      API_KEY: defaultKeys.apiKey,
      API_SECRET: defaultKeys.apiSecret,
      OPEN_API_HOST: `${smile.origin}/v1`,
    };
    const asking = await openSmallSite({ env: keys });
    const draft = await beforeConnect(asking);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const george = { userId, providerId: 'grab', userName: 'George', password: '123456' };
    const { accountId } = (await smile.call('POST', '/__local/accounts', george)).body;
    await smile.accountWhen(accountId, 'CONNECTED');
    await claimConnected(draft, accountId, userId);
    expect((await draft.put('connect', {})).body).toMatchObject({ next: { ending: 'done' }, state: 'connected' });
    const { accounts } = await ask<{ accounts: unknown[] }>(asking, `submissions/${draft.id}`);
    expect(accounts).toEqual([{ accountId, providerId: 'grab', status: 'CONNECTED', confirmed: true }]);
    await asking.close();
    await smile.stop();
  });

  it('later, when Smile was down: the claim lets the person go on and is shown as unconfirmed until then', async () => {
    const { draft, userId } = await open();
    const accountId = `a-${crypto.randomUUID()}`;
    await claimConnected(draft, accountId, userId);
    await down();
    expect((await draft.put('connect', {})).body).toMatchObject({ next: { ending: 'done' }, state: 'connected' });
    expect((await draft.post('submit')).body.ending.id).toBe('done');
    expect(await accountsOf(draft.id)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: false }]);
    await controlSmile(site, 'PATCH', '/settings', { fault: null });
    await webhook(site, connected(accountId, userId));
    expect(await accountsOf(draft.id)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
  });

  it('by nothing that the page says while Smile is down, of no account of this person', async () => {
    const [ana, eve] = [await open(), await open()];
    await down();
    await claimConnected(eve.draft, 'a-1', ana.userId);
    expectRefusal(await eve.draft.put('connect', {}), 422, 'wink_required');
  });

  it('by a webhook that comes after Smile, asked too early, did not know the account yet', async () => {
    const { draft, userId } = await open();
    const accountId = `a-${crypto.randomUUID()}`;
    const createdAt = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
    await claimConnected(draft, accountId, userId);
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
    await webhook(site, connected(accountId, userId, { createdAt }));
    expect(await accountsOf(draft.id)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
  });
});

it('a user that Smile has lost is made again, so that the widget opens', async () => {
  const { draft } = await open();
  await controlSmile(site, 'POST', '/reset');
  const said = await draft.post('link-token', { screen: 'connect' });
  expect(said.status).toBe(200);
  expect((await stored(site))['submissions']).toBeGreaterThan(0);
});

// Last, so that all that was linked, claimed, forged and forgotten above is in it.
describe('the accounts', () => {
  it('are the same when they are computed again from the events', async () => {
    const all = () => site.db.query.selectFrom('accounts').selectAll().orderBy('account_id').execute();
    const before = await all();
    expect(before.length).toBeGreaterThan(3);
    expect(await rebuildAccounts(site.db)).toBeGreaterThan(3);
    expect(await all()).toEqual(before);
  });
});
