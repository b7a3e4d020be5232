/** Several widgets on one screen, and a person's own accounts: how they stand, and cutting one off. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LOCAL_KEYS } from '../../src/site/local-smile.ts';
import { ask, removeFolder, type TestSite } from '../helpers/site.ts';
import { begin, eventually, expectRefusal, controlSmile, openSmallSite, quick, send, webhook, type Draft } from '../helpers/api/client.ts'; // prettier-ignore

const JOBS = `
title: Two jobs
screens:
  - id: jobs
    title: Your jobs
    wink:
      - { title: Main job, require: connected, template: wtpl-main }
      - { title: Payslip, require: uploaded, template: wtpl-slip, sdk: v1 }
    next: [{ when: { jobs: failed }, go: later }]
endings: [{ id: done, title: Done }, { id: later, title: Later }]
`;

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite({ forms: { jobs: JOBS } });
});
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});
beforeEach(async () => {
  await controlSmile(site, 'PATCH', '/settings', { fault: null, webhookDelayMs: 0 });
  await quick(site);
});

interface Person {
  draft: Draft;
  userId: string;
}

async function person(widget = 0): Promise<Person> {
  const draft = await begin(site, 'jobs');
  const { body } = await draft.post('link-token', { screen: 'jobs', widget });
  return { draft, userId: body.userId };
}

const linked = (draft: Draft) => send(site, 'GET', `/api/submissions/${draft.id}/accounts`, undefined, draft.headers);
const stateOf = async (draft: Draft) => (await linked(draft)).body.screens.jobs;
const cut = (draft: Draft, account: string) =>
  send(site, 'DELETE', `/api/submissions/${draft.id}/accounts/${account}`, undefined, draft.headers);
const eventsOf = async (draft: Draft) =>
  (await ask<{ events: { name: string; data: Record<string, unknown> }[] }>(site, `submissions/${draft.id}`)).events;

const link = async (userId: string, password = '123456', providerId = 'grab') =>
  (await controlSmile(site, 'POST', '/accounts', { userId, providerId, userName: 'George', password })).body
    .accountId as string;

/** Links an account in the open widget, and waits until Smile has reported it to our server. */
async function connected({ draft, userId }: Person): Promise<string> {
  const accountId = await link(userId);
  await eventually(async () =>
    (await linked(draft)).body.accounts.some(
      (one: { accountId: string; status: string }) => one.accountId === accountId && one.status === 'CONNECTED',
    ),
  );
  return accountId;
}

const uploads = ({ draft, userId }: Person, name: string, ids: string[], widget = 1) =>
  draft.tell(name, { screen: 'jobs', widget, userId, uploads: ids.map((id) => ({ id, fileType: 'PAYSLIP' })) });

/** A document that is at Smile. */
async function given(userId: string): Promise<string> {
  const rawFiles = [{ fileExtensionType: 'PDF', fileContent: Buffer.from('a payslip').toString('base64') }];
  const authorization = `Basic ${btoa(`${LOCAL_KEYS.apiKey}:${LOCAL_KEYS.apiSecret}`)}`;
  const { body } = await send(site, 'POST', '/local-smile/v1/archives', { userId, fileType: 'PAYSLIP', rawFiles }, { authorization }); // prettier-ignore
  return body.data.id as string;
}

describe('the name of a provider', () => {
  it('comes from the person’s account, and not from claims of others', async () => {
    const liar = await person();
    const account = { accountId: 'acc-claimed', userId: liar.userId, providerId: 'no-such-provider' };
    await liar.draft.tell('onAccountConnected', { screen: 'jobs', ...account });
    const [claimed] = (await linked(liar.draft)).body.accounts;
    expect(claimed).toMatchObject({ providerId: 'no-such-provider', confirmed: false });
    expect(claimed).not.toHaveProperty('provider');
    const ana = await person();
    await connected(ana);
    await eventually(async () => (await linked(ana.draft)).body.accounts[0]?.provider === 'Grab');
  });
});

describe('several widgets on a screen', () => {
  it('have a launch each, with the template and the version of their own', async () => {
    const draft = await begin(site, 'jobs');
    const [first, second, tenth] = await Promise.all(
      [0, 1, 9].map((widget) => draft.post('link-token', { screen: 'jobs', widget })),
    );
    expect(first?.body).toMatchObject({ templateId: 'wtpl-main', sdk: 'v2' });
    expect(second?.body).toMatchObject({ templateId: 'wtpl-slip', sdk: 'v1' });
    expect(first?.body.accessToken).not.toBe(second?.body.accessToken);
    expect(first?.body.userId).toBe(second?.body.userId);
    if (tenth) expectRefusal(tenth, 400, 'invalid_request');
  });

  it('an account counts at its own widget, though its report arrives when the next one is open', async () => {
    await controlSmile(site, 'PATCH', '/settings', { connectDelayMs: 3_600_000 });
    const ana = await person();
    const accountId = await link(ana.userId);
    const accounts = async () => (await linked(ana.draft)).body.accounts;
    await eventually(async () => (await accounts())[0]?.confirmed);
    await controlSmile(site, 'PATCH', '/settings', { connectDelayMs: 0, webhookDelayMs: 3_000 });
    await link(ana.userId);
    await ana.draft.tell('onAccountConnected', { accountId, userId: ana.userId, providerId: 'grab', screen: 'jobs', widget: 0 }); // prettier-ignore
    await ana.draft.post('link-token', { screen: 'jobs', widget: 1 });
    expect(await accounts()).toMatchObject([{ status: 'PENDING' }]);
    await eventually(async () => (await accounts())[0].status === 'CONNECTED');
    expect((await stateOf(ana.draft)).widgets.map(({ state }: { state: string }) => state)).toEqual(['connected', 'skipped']); // prettier-ignore
  });

  it('all need their required connections, and an account counts at its own widget', async () => {
    const ana = await person();
    await connected(ana);
    expect(await stateOf(ana.draft)).toEqual({
      state: 'skipped',
      widgets: [
        { state: 'connected', met: true },
        { state: 'skipped', met: false },
      ],
    });
    expectRefusal(await ana.draft.put('jobs', {}), 422, 'wink_required');
    await uploads(ana, 'onUploadsCreated', [await given(ana.userId)]);
    expect((await ana.draft.put('jobs', {})).body).toMatchObject({ next: { ending: 'done' }, state: 'connected' });
  });

  it('an account linked in the second is not one of the first, from any source', async () => {
    const ana = await person(1);
    await connected(ana);
    expect((await stateOf(ana.draft)).widgets[0].state).toBe('skipped');
    expect((await linked(ana.draft)).body.accounts).toMatchObject([{ screen: 'jobs', widget: 1 }]);
  });

  it('a screen on which one that lacks something has failed is failed', async () => {
    const ana = await person();
    const accountId = await link(ana.userId, 'wrong');
    await eventually(async () => (await stateOf(ana.draft)).state === 'failed');
    await eventually(async () => (await linked(ana.draft)).body.accounts[0]?.provider === 'Grab');
    expect((await linked(ana.draft)).body.accounts).toEqual([
      { accountId, providerId: 'grab', provider: 'Grab', status: 'ERROR', errorCode: 'INVALID_CREDENTIALS', confirmed: true, screen: 'jobs', widget: 0 },
    ]); // prettier-ignore
    expect((await ana.draft.put('jobs', {})).body).toMatchObject({ next: { ending: 'later' }, state: 'failed' });
  });
});

describe('documents', () => {
  it('count until the last one is taken back', async () => {
    const ana = await person(1);
    await uploads(ana, 'onUploadsCreated', ['archive-1', 'archive-2']);
    await uploads(ana, 'onUploadsRemoved', ['archive-1']);
    expect((await stateOf(ana.draft)).widgets[1]).toEqual({ state: 'uploaded', met: true });
    await uploads(ana, 'onUploadsRemoved', ['archive-2']);
    expect((await stateOf(ana.draft)).widgets[1]).toEqual({ state: 'skipped', met: false });
  });

  it('count where they are required, though an account is there too', async () => {
    const ana = await person(1);
    await connected(ana);
    expect((await stateOf(ana.draft)).widgets[1].state).toBe('connected');
    await uploads(ana, 'onUploadsCreated', ['archive-1']);
    expect((await stateOf(ana.draft)).widgets[1]).toEqual({ state: 'uploaded', met: true });
  });

  it('of another user of Smile count for no person', async () => {
    const ana = await person(1);
    await uploads({ ...ana, userId: 'u-somebody-else' }, 'onUploadsCreated', ['archive-1']);
    expect((await stateOf(ana.draft)).widgets[1].state).toBe('skipped');
  });

  it('with an undocumented shape count until the next report', async () => {
    const ana = await person(1);
    await ana.draft.tell('onUploadsCreated', { screen: 'jobs', widget: 1, userId: ana.userId, uploads: { many: 3 } });
    expect((await stateOf(ana.draft)).widgets[1].state).toBe('uploaded');
    await ana.draft.tell('onUploadsRemoved', { screen: 'jobs', widget: 1, userId: ana.userId });
    expect((await stateOf(ana.draft)).widgets[1].state).toBe('skipped');
  });
});

describe('disconnecting', () => {
  it('cuts the account off at Smile, and the state of the screen follows', async () => {
    const ana = await person();
    const accountId = await connected(ana);
    const said = await cut(ana.draft, accountId);
    expect(said.status).toBe(200);
    expect(said.body.accounts).toMatchObject([{ accountId, status: 'DISCONNECTED', confirmed: true }]);
    expect(said.body.screens.jobs.widgets[0].state).toBe('skipped');
    await eventually(async () => (await eventsOf(ana.draft)).some(({ name }) => name === 'ACCOUNT_DISCONNECTED'));
    expect((await linked(ana.draft)).body.accounts).toMatchObject([{ status: 'DISCONNECTED' }]);
  });

  it('a second time changes nothing and is recorded once', async () => {
    const ana = await person();
    const accountId = await connected(ana);
    expect((await cut(ana.draft, accountId)).body).toEqual((await cut(ana.draft, accountId)).body);
    const cuts = (await eventsOf(ana.draft)).filter(({ name }) => name === 'accountDisconnected');
    const told = { accountId, providerId: 'grab', status: 'DISCONNECTED', screen: 'jobs', widget: 0 };
    expect(cuts.map(({ data }) => data)).toEqual([{ ...told, at: expect.any(String) }]);
  });

  it('is recorded once, however many requests arrive at the same time', async () => {
    const ana = await person();
    const accountId = await connected(ana);
    const claimed = `a-${crypto.randomUUID()}`;
    await ana.draft.tell('onAccountConnected', { accountId: claimed, userId: ana.userId, providerId: 'grab', screen: 'jobs' }); // prettier-ignore
    for (const account of [accountId, claimed]) await Promise.all(Array.from({ length: 8 }, () => cut(ana.draft, account))); // prettier-ignore
    const events = (await eventsOf(ana.draft)).filter(({ name, data }) => name === 'accountDisconnected' || (name === 'accountChecked' && data['accountId'] === claimed)); // prettier-ignore
    expect(events.map(({ name }) => name)).toEqual(['accountDisconnected', 'accountChecked']);
  });

  it('is for one’s own accounts only', async () => {
    const [ana, eve] = [await person(), await person()];
    const accountId = await connected(ana);
    expectRefusal(await cut(eve.draft, accountId), 404, 'unknown_account');
    expectRefusal(await cut(ana.draft, 'a-unknown'), 404, 'unknown_account');
    const other = { ...eve.draft, id: ana.draft.id };
    expectRefusal(await cut(other, accountId), 404, 'unknown_submission');
    expect((await linked(ana.draft)).body.accounts).toMatchObject([{ status: 'CONNECTED' }]);
  });

  it('of an account that was only claimed asks Smile whose it is first', async () => {
    const eve = await person();
    const user = (await person()).userId;
    await controlSmile(site, 'PATCH', '/settings', { connectDelayMs: 60_000 });
    const accountId = `a-${crypto.randomUUID()}`;
    await eve.draft.tell('onAccountConnected', { accountId, userId: eve.userId, providerId: 'grab', screen: 'jobs' });
    expectRefusal(await cut(eve.draft, accountId), 404, 'unknown_account');
    expect((await linked(eve.draft)).body.accounts).toEqual([]);
    expect(user).not.toBe(eve.userId);
  });

  it('while Smile is down says so, and leaves the account as it is', async () => {
    const ana = await person();
    const accountId = await connected(ana);
    await controlSmile(site, 'PATCH', '/settings', { fault: { path: '/v1/accounts', status: 503 } });
    expectRefusal(await cut(ana.draft, accountId), 503, 'smile_unavailable');
    expect((await linked(ana.draft)).body.accounts).toMatchObject([{ status: 'CONNECTED' }]);
    expect((await eventsOf(ana.draft)).map(({ name }) => name)).toContain('accountDisconnectFailed');
    await controlSmile(site, 'PATCH', '/settings', { fault: { path: '/v1/accounts', status: 400 } });
    expectRefusal(await cut(ana.draft, accountId), 502, 'smile_unavailable');
    await controlSmile(site, 'PATCH', '/settings', { fault: null, webhookDelayMs: 0 });
    expect((await cut(ana.draft, accountId)).status).toBe(200);
  });

  it('is noted once a day while Smile is down', async () => {
    // Its client of Smile pauses after some failures, by a clock that the test moves.
    const shared = site;
    let now = new Date();
    site = await openSmallSite({ forms: { jobs: JOBS }, now: () => now });
    try {
      const ana = await person();
      const accountId = `a-${crypto.randomUUID()}`;
      await ana.draft.tell('onAccountCreated', { accountId, userId: ana.userId, providerId: 'grab', screen: 'jobs' });
      await controlSmile(site, 'PATCH', '/settings', { fault: { path: '/v1/accounts', status: 503 } });
      const day = new Date().toISOString().slice(0, 10);
      for (const hour of ['03', '04', '23']) {
        now = new Date(`${day}T${hour}:30:00Z`);
        expectRefusal(await cut(ana.draft, accountId), 503, 'smile_unavailable');
      }
      const failures = (await eventsOf(ana.draft)).filter(({ name }) => name === 'accountDisconnectFailed');
      expect(failures).toHaveLength(1);
    } finally {
      await site.close();
      removeFolder(site.folder);
      site = shared;
    }
  });

  it('is not undone by a late report of a connection', async () => {
    const ana = await person();
    const accountId = await connected(ana);
    await cut(ana.draft, accountId);
    await webhook(site, {
      id: `et-${crypto.randomUUID()}`,
      version: 1,
      type: 'ACCOUNT_CONNECTED',
      createdAt: new Date(Date.now() - 60_000).toISOString(),
      data: { accountId, userId: ana.userId, providers: ['grab'] },
    });
    expect((await linked(ana.draft)).body.accounts).toMatchObject([{ status: 'DISCONNECTED' }]);
  });
});

describe('the reports of the page', () => {
  it.each([
    ['names no account', {}],
    ['has nothing but nulls', { accountId: null, userId: null, providerId: null }],
    ['has an account of 10,000 characters', { accountId: 'a'.repeat(10_000), providerId: 'grab' }],
    ['has an object for an account', { accountId: { id: 'a-1' }, providerId: ['grab'] }],
    ['names a widget that is not there', { accountId: 'a-77', providerId: 'grab', widget: 77 }],
    ['names a screen that is not there', { accountId: 'a-88', providerId: 'grab', screen: 'x'.repeat(5_000) }],
  ])('is recorded when it %s, and meets nothing', async (_what, data) => {
    const ana = await person(1);
    const said = await ana.draft.tell('onAccountConnected', { screen: 'jobs', userId: ana.userId, ...data });
    expect(said.body).toEqual({ stored: 1, repeated: 0 });
    expect((await eventsOf(ana.draft)).map(({ name }) => name)).toContain('onAccountConnected');
    expect((await stateOf(ana.draft)).widgets[0].state).toBe('skipped');
    for (const { screen, widget } of (await linked(ana.draft)).body.accounts)
      expect([screen, widget]).toEqual(['jobs', 1]);
  });

  it('are refused when they are huge, and the later ones are accepted', async () => {
    const ana = await person();
    expectRefusal(await ana.draft.tell('onAccountConnected', { huge: 'x'.repeat(20_000) }), 400, 'invalid_request');
    expect((await ana.draft.tell('onClose', { reason: 'close', screen: 'jobs' })).status).toBe(200);
  });

  it('a token requested with another submission’s token is refused', async () => {
    const [ana, eve] = [await begin(site, 'jobs'), await begin(site, 'jobs')];
    const path = `/api/submissions/${ana.id}/link-token`;
    expectRefusal(await send(site, 'POST', path, { screen: 'jobs' }, eve.headers), 404, 'unknown_submission');
  });

  it('two launches at once make one user of Smile’s, and a token each', async () => {
    const draft = await begin(site, 'jobs');
    const said = await Promise.all([0, 1, 0].map((widget) => draft.post('link-token', { screen: 'jobs', widget })));
    expect(new Set(said.map(({ body }) => body.userId)).size).toBe(1);
    expect(new Set(said.map(({ body }) => body.accessToken)).size).toBe(3);
  });
});
