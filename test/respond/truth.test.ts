/** Changes that neither the browser nor a webhook reported: Flipsite finds them by itself, within a known time. */
import { afterEach, describe, expect, it } from 'vitest';
import { nextReconcileAt } from '../../src/respond/smile/reconcile.ts';
import { ask } from '../helpers/site.ts';
import { webhook } from '../helpers/api/client.ts';
import { DAY, HOUR, MINUTE, openDeaf, type Deaf } from './lost.ts';

let deaf: Deaf;
let open: Deaf[] = [];
async function deafSite(): Promise<void> {
  deaf = await openDeaf();
  open.push(deaf);
}
afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
});

const named = async (draft: { id: string }, name: string) =>
  (await ask<{ events: { name: string; data: Record<string, unknown> }[] }>(deaf.site, `submissions/${draft.id}`)).events.filter((event) => event.name === name); // prettier-ignore

describe('the tab is closed and every webhook is lost', () => {
  // Half the time since the window was opened, two minutes at least, and the minute between two looks of this test.
  it.each([
    [0, 3 * MINUTE],
    [10 * MINUTE, 6 * MINUTE],
    [HOUR, 31 * MINUTE],
    [4 * HOUR, 2 * HOUR + MINUTE],
  ])('an account linked %d ms after the launch is known within %d ms', { timeout: 60_000 }, async (after, bound) => {
    await deafSite();
    const { draft, userId } = await deaf.open();
    await deaf.pass(after, MINUTE);
    const accountId = await deaf.link(userId);
    const linkedAt = deaf.now();
    while (!(await deaf.accounts(draft)).length && deaf.now() - linkedAt < DAY) await deaf.pass(MINUTE);
    expect(await deaf.accounts(draft)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
    expect(deaf.now() - linkedAt).toBeLessThanOrEqual(bound);
    expect((await named(draft, 'accountChecked'))[0]?.data).toMatchObject({ accountId, untold: true });
  });

  it('a failed sign-in is known too, with its reason', async () => {
    await deafSite();
    const { draft, userId } = await deaf.open();
    await deaf.link(userId, { password: 'wrong' });
    await deaf.pass(2 * MINUTE);
    expect(await deaf.accounts(draft)).toMatchObject([{ status: 'ERROR', confirmed: true }]);
    expect((await named(draft, 'accountChecked'))[0]?.data).toMatchObject({ errorCode: 'INVALID_CREDENTIALS' });
  });

  it('an account that the person disconnects weeks later is known to be within a day and a half', { timeout: 60_000 }, async () => {
    await deafSite();
    const { draft, userId } = await deaf.open();
    const accountId = await deaf.link(userId);
    await deaf.pass(20 * DAY, DAY / 2);
    await deaf.smile.call('DELETE', `/v1/accounts/${accountId}`);
    await deaf.pass(DAY * 1.5, DAY / 4);
    expect(await deaf.accounts(draft)).toMatchObject([{ accountId, status: 'DISCONNECTED', confirmed: true }]);
  }); // prettier-ignore

  it('is reported once and not at every poll', async () => {
    await deafSite();
    const { draft, userId } = await deaf.open();
    await deaf.link(userId);
    await deaf.pass(2 * DAY, HOUR);
    expect(await named(draft, 'accountChecked')).toHaveLength(1);
  });
});

describe('Smile is not asked for ever', () => {
  const account = (status: 'CONNECTED' | 'ERROR' | 'DISCONNECTED' | 'PENDING', confirmed = true, revokedAt: string | null = null) => ({ status, confirmed, revokedAt, monitor: null as string | null }); // prettier-ignore

  it.each([
    ['nothing was linked and the token is over', [], 6 * HOUR, true],
    ['nothing was linked, but the token still lives', [], 5 * HOUR, false],
    ['the sign-in failed and the token is over', [account('ERROR')], 6 * HOUR, true],
    ['the account is disconnected and the token is over', [account('DISCONNECTED')], 6 * HOUR, true],
    ['we disconnected it ourselves', [account('CONNECTED', true, '2026-11-24')], 6 * HOUR, true],
    ['an account is connected', [account('CONNECTED')], 59 * DAY, false],
    ['Smile has forgotten it', [account('CONNECTED')], 61 * DAY, true],
    ['Smile keeps it in sync', [{ ...account('CONNECTED'), monitor: 'ACTIVE' }], 400 * DAY, false],
    ['a sign-in never ended', [account('PENDING')], DAY, false],
    ['a claim was never confirmed', [account('CONNECTED', false)], DAY, false],
  ])('when %s: %j after %d ms rests: %s', (_what, accounts, age, rests) => {
    expect(nextReconcileAt(accounts, 0, age) === undefined).toBe(rests);
  });

  it('and no job is left once a submission rests', async () => {
    await deafSite();
    await deaf.open();
    await deaf.pass(10 * HOUR, 10 * MINUTE);
    expect(
      await deaf.site.db.query.selectFrom('jobs').selectAll().where('submission_id', 'is not', null).execute(),
    ).toEqual([]);
  });
});

describe('Smile is down', () => {
  it('it is asked again until it answers, and nothing is lost', { timeout: 60_000 }, async () => {
    await deafSite();
    const { draft, userId } = await deaf.open();
    const accountId = await deaf.link(userId);
    await deaf.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1', status: 404 } });
    await deaf.pass(30 * MINUTE, 5 * MINUTE);
    expect(await deaf.accounts(draft)).toEqual([]);
    const [owed] = await deaf.site.db.query.selectFrom('jobs').selectAll().where('kind', '=', 'reconcile').execute();
    expect(owed?.error).toBe('Smile answered GET /accounts with 404 MISSING_RESOURCE');
    await deaf.smile.call('PATCH', '/__local/settings', { fault: null });
    await deaf.pass(30 * MINUTE, 5 * MINUTE);
    expect(await deaf.accounts(draft)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
  });
});

describe('an account that is not this person’s', () => {
  it('is recorded as claimed once, and never confirmed', async () => {
    await deafSite();
    const [ana, eve] = [await deaf.open(), await deaf.open()];
    const accountId = await deaf.link(ana.userId);
    const claim = { accountId, userId: ana.userId, providerId: 'grab', screen: 'connect' };
    await eve.draft.tell('onAccountConnected', claim);
    await eve.draft.tell('onAccountConnected', claim);
    expect(await named(eve.draft, 'claimDisbelieved')).toMatchObject([{ data: { accountId, providerId: 'grab' } }]);
    await deaf.pass(10 * MINUTE, MINUTE);
    expect(await deaf.accounts(eve.draft)).toEqual([]);
    expect(await deaf.accounts(ana.draft)).toMatchObject([{ accountId, confirmed: true }]);
    await eve.draft.tell('onAccountConnected', { ...claim, userId: eve.userId });
    expect(await deaf.accounts(eve.draft)).toEqual([]);
    expect(await named(eve.draft, 'claimDisbelieved')).toHaveLength(1);
  });

  it('is not taken from Smile either, should an answer be about another user', async () => {
    await deafSite();
    const { draft, userId } = await deaf.open();
    const theirs = { id: 'a-theirs', userId: 'u-other', providerId: 'grab', connectionStatus: 'CONNECTED', connection: { status: 'CONNECTED', errorCode: null, updatedAt: '2026-11-24T10:00:00Z' } }; // prettier-ignore
    const body = JSON.stringify({ code: 'OK', requestId: 'r', data: { nextCursor: null, items: [theirs] } });
    await deaf.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/accounts', body, times: 1 } });
    await deaf.pass(2 * MINUTE);
    expect(await deaf.accounts(draft)).toEqual([]);
    const accountId = await deaf.link(userId);
    await deaf.pass(10 * MINUTE, MINUTE);
    expect(await deaf.accounts(draft)).toMatchObject([{ accountId, confirmed: true }]);
  });
});

it('an earlier webhook changes nothing, after any requests to Smile', async () => {
  await deafSite();
  const { draft, userId } = await deaf.open();
  const accountId = await deaf.link(userId);
  await deaf.pass(2 * MINUTE);
  const late = (type: string, ago: number) =>
    webhook(deaf.site, { id: `et-${type}`, version: 1, type, createdAt: new Date(Date.now() - ago).toISOString(), data: { userId, accountId, providers: ['grab'] } }); // prettier-ignore
  await late('ACCOUNT_CREATED', MINUTE);
  await late('ACCOUNT_FAILED', MINUTE);
  await late('ACCOUNT_DISCONNECTED', HOUR);
  expect(await deaf.accounts(draft)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
});
