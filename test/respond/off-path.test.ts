/** Accounts and documents of Wink screens that the answers no longer lead to, when the form is sent. */
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { diskStore } from '../../src/record/files/disk.ts';
import type { Job } from '../../src/record/jobs/jobs.ts';
import { countByForm } from '../../src/record/submissions/tallies.ts';
import { eraseSubmission } from '../../src/respond/erase.ts';
import { rebuildAccounts } from '../../src/respond/smile/rebuild.ts';
import { ABOUT, DRIVER, eventually, send, webhook, type Draft } from '../helpers/api/client.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { HOUR, MINUTE, openSilentSmile, type SilentSmile } from './silent-smile.ts';

const FORM = DRIVER.replace('wink: { require: connected }', 'wink: { require: any, retrieve: [identities, archives] }'); // prettier-ignore
/** With another Wink screen on the way past the first one. */
const TWO_WAYS = FORM.replace('go: not_yet', 'go: other').replace(
  '  - id: upload',
  '  - { id: other, title: Other, wink: { require: none }, next: [{ go: not_yet }] }\n  - id: upload',
);

let silent: SilentSmile;
let draft: Draft;
let userId: string;
async function open(webhooks = false, form = FORM): Promise<void> {
  silent = await openSilentSmile({ forms: { driver: form }, webhooks });
  ({ draft, userId } = await silent.open());
}
afterEach(() => silent.close());

/** Connects an account, and waits until its data is read. */
async function connect(): Promise<string> {
  const accountId = await silent.link(userId);
  await silent.pass(5 * MINUTE, MINUTE);
  expect(await submission()).toMatchObject({ accounts: [{ status: 'CONNECTED' }], linked: [{ items: [{}] }] });
  return accountId;
}
/** Uploads a payslip, and waits until Flipsite has read it. @returns its path at Smile */
async function upload(): Promise<string> {
  const rawFiles = [{ fileExtensionType: 'PDF', fileContent: Buffer.from('a payslip').toString('base64') }];
  const { body } = await silent.smile.call('POST', '/v1/archives', { userId, fileType: 'PAYSLIP', rawFiles });
  await silent.pass(5 * MINUTE, MINUTE);
  return `/v1/archives/${body.data.id as string}`;
}
/** Goes back, gives the answer that leads past the Wink screen, and sends. */
async function leave(): Promise<void> {
  await draft.put('about', { ...ABOUT, status: 'none' });
  expect((await draft.post('submit')).status).toBe(200);
}
const submission = () => silent.submissionOf(draft);
/** The screen and the status of each account. */
const places = async () =>
  (await silent.site.db.query.selectFrom('accounts').select(['screen', 'status']).orderBy('screen').execute()).map(({ screen, status }) => `${screen} ${status}`); // prettier-ignore
const statusAtSmile = async (id: string) =>
  (await silent.smile.call('GET', `/v1/accounts/${id}`)).body.data.connectionStatus;
/** Goes back, takes the other way, and opens the window of its screen. */
async function openOther(): Promise<void> {
  await draft.put('about', { ...ABOUT, status: 'none' });
  await draft.post('link-token', { screen: 'other' });
}
/** The window of a screen shows the page of an account. */
const shows = (accountId: string, screen: string) =>
  draft.tell('onUIEvent', { eventName: 'AccountRevokePageOpened', account: { providerId: 'grab', accountId }, screen });
const fault = (change: object | null) => silent.smile.call('PATCH', '/__local/settings', { fault: change });
const connectedCount = async () => (await countByForm(silent.site.db, 'driver')).get('driver')?.connected;
const events = async (name: string) =>
  (await submission()).events.flatMap((event: { name: string; data: unknown }) => event.name === name ? [event.data] : []); // prettier-ignore
const page = async () =>
  wordsOf((await (await signedIn(silent.site, new Date(silent.now())))(`/admin/forms/driver/people/${draft.id}`)).text);

describe('sending a form past the screen of an account', () => {
  it('disconnects the account and deletes its data, and says why', async () => {
    await open(true);
    const accountId = await connect();
    expect(await connectedCount()).toBe(1);
    await leave();
    const sent = await submission();
    expect(sent.accounts).toMatchObject([{ accountId, status: 'DISCONNECTED', confirmed: true }]);
    expect(sent.linked).toMatchObject([{ items: [], removedAt: expect.any(String), removedBecause: 'disconnected' }]);
    expect(await connectedCount()).toBe(0);
    await silent.settle();
    expect(await statusAtSmile(accountId)).toBe('DISCONNECTED');
    await eventually(async () => (await events('ACCOUNT_DISCONNECTED')).length === 1);
    await silent.pass(10 * MINUTE, MINUTE);
    expect((await submission()).accounts).toMatchObject([{ status: 'DISCONNECTED' }]);
    expect(await events('accountDisconnected')).toMatchObject([{ accountId, screen: 'connect', reason: 'offPath' }]);
    const words = await page();
    expect(words).toContain('By Flipsite when the form was sent: the answers no longer led to this screen');
    expect(words).toContain('Flipsite asked for it');
    expect(words).not.toContain('By the person');
  });

  it('keeps an account that is on the path', async () => {
    await open();
    const accountId = await connect();
    await draft.put('connect', {});
    expect((await draft.post('submit')).status).toBe(200);
    await silent.pass(5 * MINUTE, MINUTE);
    expect(await submission()).toMatchObject({ accounts: [{ status: 'CONNECTED' }], linked: [{ items: [{}] }] });
    expect(await statusAtSmile(accountId)).toBe('CONNECTED');
  });

  it('keeps an account of a screen that the form does not have', async () => {
    await open();
    const accountId = await connect();
    await silent.site.db.query.updateTable('accounts').set({ screen: 'renamed' }).execute();
    await leave();
    await silent.pass(5 * MINUTE, MINUTE);
    expect(await submission()).toMatchObject({ accounts: [{ status: 'CONNECTED' }], linked: [{ items: [{}] }] });
    expect(await statusAtSmile(accountId)).toBe('CONNECTED');
  });

  it.each([
    ['keeps', 'exit', 'CONNECTED'],
    ['disconnects', 'close', 'DISCONNECTED'],
  ])('%s the account if the person left the window of a screen on the path with %s', async (_, reason, status) => {
    await open(false, TWO_WAYS);
    const accountId = await connect();
    await openOther();
    await shows(accountId, 'other');
    await draft.tell('onClose', { reason, screen: 'other' });
    await draft.put('other', {});
    expect((await draft.post('submit')).status).toBe(200);
    await silent.pass(5 * MINUTE, MINUTE);
    expect((await submission()).accounts).toMatchObject([{ accountId, status }]);
  });

  it.each([true, false])(
    'keeps an account whose sign-in failed on the other screen before; webhooks: %s',
    async (webhooks) => {
      await open(webhooks, TWO_WAYS);
      await silent.link(userId, { password: 'wrong' });
      await silent.pass(5 * MINUTE, MINUTE);
      expect((await submission()).accounts).toMatchObject([{ status: 'ERROR' }]);
      await draft.put('about', { ...ABOUT, status: 'none' });
      await draft.post('link-token', { screen: 'other' });
      const accountId = await silent.link(userId);
      await silent.pass(5 * MINUTE, MINUTE);
      await draft.put('other', {});
      expect((await draft.post('submit')).status).toBe(200);
      await silent.pass(5 * MINUTE, MINUTE);
      expect((await submission()).accounts).toMatchObject([{ accountId, status: 'CONNECTED' }]);
      const screens = async () => (await silent.site.db.query.selectFrom('accounts').select('screen').execute()).map(({ screen }) => screen); // prettier-ignore
      expect(await screens()).toEqual(['other']);
      await rebuildAccounts(silent.site.db);
      expect(await screens()).toEqual(['other']);
    },
  );

  it('keeps an account whose sign-in began on the other screen', async () => {
    await open(true, TWO_WAYS);
    await silent.smile.call('PATCH', '/__local/settings', { connectDelayMs: HOUR });
    await silent.smile.call('POST', '/__local/accounts', { userId, providerId: 'grab', userName: 'George', password: '123456' }); // prettier-ignore
    await eventually(async () => (await submission()).accounts.length === 1);
    await openOther();
    await silent.smile.call('PATCH', '/__local/settings', { connectDelayMs: 0, webhookDelayMs: 3_000 });
    const accountId = await silent.link(userId);
    await draft.tell('onAccountConnected', { accountId, userId, providerId: 'grab', screen: 'other' });
    expect((await submission()).accounts).toMatchObject([{ status: 'PENDING' }]);
    await silent.pass(5 * MINUTE, MINUTE);
    expect((await submission()).accounts).toMatchObject([{ accountId, status: 'CONNECTED' }]);
    const screens = async () => (await silent.site.db.query.selectFrom('accounts').select('screen').execute()).map(({ screen }) => screen); // prettier-ignore
    expect(await screens()).toEqual(['other']);
    await rebuildAccounts(silent.site.db);
    expect(await screens()).toEqual(['other']);
  });

  it('counts an account to the screen on the path whose window shows it as connected, and reads its data', async () => {
    await open(false, TWO_WAYS.replace('require: none', 'require: any, retrieve: [incomes]'));
    const accountId = await connect();
    await openOther();
    // It also ends so after a document, or where the provider is not in the list.
    await draft.tell('onClose', { reason: 'exit', screen: 'other' });
    expect((await draft.put('other', {})).body.error.code).toBe('wink_required');
    expect(await places()).toEqual(['connect CONNECTED']);
    await shows(accountId, 'other');
    expect((await draft.put('other', {})).status).toBe(200);
    expect((await draft.post('submit')).status).toBe(200);
    await silent.pass(5 * MINUTE, MINUTE);
    expect(await places()).toEqual(['other CONNECTED']);
    const isRead = ({ dataPoint }: { dataPoint: string }) => dataPoint === 'incomes';
    await eventually(async () => {
      await silent.pass(MINUTE);
      return (await submission()).linked.some(isRead);
    });
    await rebuildAccounts(silent.site.db);
    expect(await places()).toEqual(['other CONNECTED']);
  });

  it('counts an account of an optional widget to the one beside it whose window shows it as connected', async () => {
    const two = 'wink: [{ title: Main job, require: connected }, { title: Side job, require: none }]';
    await open(false, DRIVER.replace('wink: { require: connected }', two));
    await draft.post('link-token', { screen: 'connect', widget: 1 });
    const accountId = await silent.link(userId);
    await silent.pass(5 * MINUTE, MINUTE);
    expect((await draft.put('connect', {})).body.error.code).toBe('wink_required');
    await draft.post('link-token', { screen: 'connect' });
    await shows(accountId, 'connect');
    await draft.tell('onClose', { reason: 'exit', screen: 'connect' });
    expect((await draft.put('connect', {})).status).toBe(200);
  });

  it('leaves an account to a later screen if the window of an earlier one is opened again', async () => {
    const ahead = '  - { id: second, title: Second, wink: { require: any }, next: [{ go: done }] }\nendings:';
    await open(false, FORM.replace('go: done', 'go: second').replace('endings:', ahead));
    await draft.post('link-token', { screen: 'connect' });
    const first = await connect();
    await draft.put('connect', {});
    await draft.post('link-token', { screen: 'second' });
    const later = await silent.link(userId, { providerId: 'freelancer' });
    await silent.pass(5 * MINUTE, MINUTE);
    expect(await places()).toEqual(['connect CONNECTED', 'second CONNECTED']);
    await send(silent.site, 'DELETE', `/api/submissions/${draft.id}/accounts/${first}`, undefined, draft.headers);
    await draft.post('link-token', { screen: 'connect' });
    await shows(later, 'connect');
    await draft.tell('onClose', { reason: 'exit', screen: 'connect' });
    expect(await places()).toEqual(['connect DISCONNECTED', 'second CONNECTED']);
  });

  it('stores nothing of the account that Flipsite is reading at that moment', async () => {
    await open();
    const accountId = await connect();
    await fault({ path: '/v1/identities', hangMs: 1_000 });
    const reading = silent.site.jobs['retrieve']!.run({ subject: accountId } as Job);
    await new Promise((go) => setTimeout(go, 300));
    await leave();
    await reading;
    expect((await submission()).linked).toMatchObject([{ items: [], removedBecause: 'disconnected' }]);
  });

  it.each([
    ['counts', 'any', 'close', '', 'other CONNECTED'],
    ['counts', 'any', 'close', ' and a rule for people without one', 'other CONNECTED'],
    ['counts', 'none', 'exit', '', 'other CONNECTED'],
    ['does not count', 'none', 'close', '', 'connect DISCONNECTED'],
  ])(
    '%s an account to the screen whose window showed it before Smile confirmed it: require %s, left with %s%s',
    async (_, require, reason, rule, place) => {
      const next = rule ? '{ when: { other: skipped }, go: not_yet }, { go: done }' : '{ go: not_yet }';
      await open(true, TWO_WAYS.replace('require: none }, next: [{ go: not_yet }]', `require: ${require}, retrieve: [incomes] }, next: [${next}]`)); // prettier-ignore
      await silent.smile.call('PATCH', '/__local/settings', { connectDelayMs: HOUR });
      await silent.smile.call('POST', '/__local/accounts', { userId, providerId: 'grab', userName: 'George', password: '123456' }); // prettier-ignore
      await eventually(async () => (await submission()).accounts.length === 1);
      await silent.smile.call('PATCH', '/__local/settings', { connectDelayMs: 0, webhookDelayMs: HOUR });
      const accountId = await silent.link(userId);
      await openOther();
      await shows(accountId, 'other');
      await draft.tell('onClose', { reason, screen: 'other' });
      expect((await submission()).accounts).toMatchObject([{ status: 'PENDING' }]);
      expect((await draft.put('other', {})).status).toBe(200);
      expect((await draft.post('submit')).status).toBe(200);
      expect(await places()).toEqual([place]);
      await silent.pass(5 * MINUTE, MINUTE);
      expect(await places()).toEqual([place]);
      await rebuildAccounts(silent.site.db);
      expect(await places()).toEqual([place]);
    },
  );

  it('counts no account to a screen that the person leaves without one, though its window showed one before', async () => {
    const rule = 'next: [{ when: { other: [failed, skipped] }, go: not_yet }, { go: not_yet }]';
    await open(false, TWO_WAYS.replace('require: none }, next: [{ go: not_yet }]', `require: any, retrieve: [incomes] }, ${rule}`).replace('- { go: done }', '- { go: other }')); // prettier-ignore
    const accountId = await connect();
    await draft.put('connect', {});
    await draft.post('link-token', { screen: 'other' });
    await shows(accountId, 'other');
    expect((await draft.put('other', {})).body.next).toEqual({ ending: 'not_yet' });
    await draft.put('about', { ...ABOUT, status: 'none' });
    expect((await draft.put('other', {})).status).toBe(200);
    expect(await places()).toEqual(['connect CONNECTED']);
    expect((await draft.post('submit')).status).toBe(200);
    expect(await places()).toEqual(['connect DISCONNECTED']);
  });

  it('reads an account for its new screen, if it moves while Flipsite reads it for the old one', async () => {
    const form = TWO_WAYS.replace('require: none', 'require: any, retrieve: [incomes], revoke: after_retrieval');
    await open(false, form);
    const accountId = await connect();
    await fault({ path: '/v1/identities', hangMs: 1_000 });
    const reading = silent.site.jobs['retrieve']!.run({ subject: accountId } as Job);
    await new Promise((go) => setTimeout(go, 300));
    await openOther();
    await shows(accountId, 'other');
    expect(await reading).toMatchObject({ again: expect.any(Date) });
    expect((await submission()).accounts).toMatchObject([{ status: 'CONNECTED' }]);
    await draft.put('other', {});
    expect((await draft.post('submit')).status).toBe(200);
    await silent.pass(10 * MINUTE, MINUTE);
    const { linked, accounts } = await submission();
    expect(linked).toEqual(expect.arrayContaining([expect.objectContaining({ dataPoint: 'incomes', removedAt: null })])); // prettier-ignore
    expect(accounts).toMatchObject([{ status: 'DISCONNECTED', revoked: true }]);
    expect(await places()).toEqual(['other DISCONNECTED']);
  });

  it('leaves an account to its screen that Flipsite disconnects there after it has read it', async () => {
    await open(false, TWO_WAYS.replace('retrieve: [identities, archives]', 'retrieve: [identities], revoke: after_retrieval').replace('require: none', 'require: any')); // prettier-ignore
    await fault({ path: '/v1/accounts', method: 'DELETE', status: 503 });
    const accountId = await connect();
    expect((await submission()).accounts).toMatchObject([{ status: 'CONNECTED', revoked: true }]);
    await openOther();
    await shows(accountId, 'other');
    expect(await places()).toEqual(['connect CONNECTED']);
    expect((await draft.put('other', {})).body.error.code).toBe('wink_required');
  });

  it('forgets accounts that only the page claims, without asking Smile about each', async () => {
    await open();
    const owner = await silent.open();
    const accountId = await silent.link(owner.userId);
    await draft.tell('onAccountConnected', { accountId, userId, providerId: 'grab', screen: 'connect' });
    await fault({ path: '/v1', status: 503 });
    await leave();
    expect((await submission()).accounts).toEqual([]);
    const jobs = await silent.site.db.query.selectFrom('jobs').select('id').where('kind', '=', 'disconnect').execute();
    expect(jobs).toEqual([]);
    await fault(null);
    await silent.pass(30 * MINUTE, MINUTE);
    expect(await silent.accounts(owner.draft)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]); // prettier-ignore
    expect(await statusAtSmile(accountId)).toBe('CONNECTED');
  });

  it('takes documents back that the person uploaded there, even if Smile deletes them later', async () => {
    await open();
    const archive = await upload();
    expect((await submission()).documents).toMatchObject([{ content: {} }]);
    await fault({ path: archive, status: 503 });
    await leave();
    const taken = { documents: [{ status: 'REVOKED', removedAt: expect.any(String) }] };
    expect(await submission()).toMatchObject(taken);
    await silent.pass(10 * MINUTE, MINUTE);
    expect(await submission()).toMatchObject(taken);
    await fault(null);
    await silent.pass(30 * MINUTE, MINUTE);
    expect(await submission()).toMatchObject(taken);
    expect((await submission()).documents[0].content).toBeNull();
    expect((await silent.smile.call('GET', archive)).body.data.state.status).toBe('REVOKED');
    expect(await page()).toMatch(/Documents taken back [^:]*:[^:]*:\d+ UTC By Flipsite when the form was sent/);
  });

  it('takes documents back too if the person is deleted before Smile has done it', async () => {
    await open();
    const archive = await upload();
    await fault({ path: archive, status: 503 });
    await leave();
    const files = diskStore(path.join(silent.site.folder, 'data', 'files'));
    const services = {
      db: silent.site.db,
      files,
      now: () => new Date(silent.now()),
      log: { warn: (about: object) => expect.fail(JSON.stringify(about)) },
    };
    expect(await eraseSubmission(services, draft.id, { reason: 'retention' })).toBe(true);
    await fault(null);
    await silent.pass(30 * MINUTE, MINUTE);
    expect((await silent.smile.call('GET', archive)).body.data.state.status).toBe('REVOKED');
  });

  it('does not wait for a report of Smile that arrives at the same moment', async () => {
    await open();
    const accountId = await connect();
    await draft.put('about', { ...ABOUT, status: 'none' });
    const told = (type: string) =>
      webhook(silent.site, { id: `et-${crypto.randomUUID()}`, version: 1, type, createdAt: new Date(silent.now() - MINUTE).toISOString(), data: { accountId, userId, providers: ['grab'] } }); // prettier-ignore
    const [sent] = await Promise.all([draft.post('submit'), ...Array.from({ length: 20 }, () => told('ACCOUNT_CONNECTED'))]); // prettier-ignore
    expect(sent.status).toBe(200);
    expect((await submission()).accounts).toMatchObject([{ status: 'DISCONNECTED' }]);
  });
});
