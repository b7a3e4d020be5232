/** Changes that neither the browser nor a webhook reported: Flipsite finds them by itself, within a known time. */
import { afterEach, describe, expect, it } from 'vitest';
import { nextReconcileAt, reconcile } from '../../src/respond/smile/reconcile.ts';
import { ask } from '../helpers/site.ts';
import { send, webhook } from '../helpers/api/client.ts';
import { DAY, HOUR, MINUTE, openSilentSmile, type SilentSmile } from './silent-smile.ts';

let silent: SilentSmile;
let open: SilentSmile[] = [];
async function openSilent(): Promise<void> {
  silent = await openSilentSmile();
  open.push(silent);
}
afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
});

const named = async (draft: { id: string }, name: string) =>
  (await ask<{ events: { name: string; data: Record<string, unknown> }[] }>(silent.site, `submissions/${draft.id}`)).events.filter((event) => event.name === name); // prettier-ignore

describe('the tab is closed and every webhook is lost', () => {
  // Half the time since the window was opened, two minutes at least, and the minute between two looks of this test.
  it.each([
    [0, 3 * MINUTE],
    [10 * MINUTE, 6 * MINUTE],
    [HOUR, 31 * MINUTE],
    [4 * HOUR, 2 * HOUR + MINUTE],
  ])('an account linked %d ms after the launch is known within %d ms', { timeout: 60_000 }, async (after, bound) => {
    await openSilent();
    const { draft, userId } = await silent.open();
    await silent.pass(after, MINUTE);
    const accountId = await silent.link(userId);
    const linkedAt = silent.now();
    while (!(await silent.accounts(draft)).length && silent.now() - linkedAt < DAY) await silent.pass(MINUTE);
    expect(await silent.accounts(draft)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
    expect(silent.now() - linkedAt).toBeLessThanOrEqual(bound);
    expect((await named(draft, 'accountChecked'))[0]?.data).toMatchObject({ accountId, untold: true });
  });

  it('a failed sign-in is known too, with its reason', async () => {
    await openSilent();
    const { draft, userId } = await silent.open();
    await silent.link(userId, { password: 'wrong' });
    await silent.pass(2 * MINUTE);
    expect(await silent.accounts(draft)).toMatchObject([{ status: 'ERROR', confirmed: true }]);
    expect((await named(draft, 'accountChecked'))[0]?.data).toMatchObject({ errorCode: 'INVALID_CREDENTIALS' });
  });

  it('an account that the person disconnects weeks later is known to be within a day and a half', { timeout: 60_000 }, async () => {
    await openSilent();
    const { draft, userId } = await silent.open();
    const accountId = await silent.link(userId);
    await silent.pass(20 * DAY, DAY / 2);
    await silent.smile.call('DELETE', `/v1/accounts/${accountId}`);
    await silent.pass(DAY * 1.5, DAY / 4);
    expect(await silent.accounts(draft)).toMatchObject([{ accountId, status: 'DISCONNECTED', confirmed: true }]);
  }); // prettier-ignore

  it('is reported once and not at every poll', async () => {
    await openSilent();
    const { draft, userId } = await silent.open();
    await silent.link(userId);
    await silent.pass(2 * DAY, HOUR);
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
    await openSilent();
    await silent.open();
    await silent.pass(10 * HOUR, 10 * MINUTE);
    expect(
      await silent.site.db.query.selectFrom('jobs').selectAll().where('submission_id', 'is not', null).execute(),
    ).toEqual([]);
  });
});

describe('Smile is down', () => {
  it('it is asked again until it answers, and nothing is lost', { timeout: 60_000 }, async () => {
    await openSilent();
    const { draft, userId } = await silent.open();
    const accountId = await silent.link(userId);
    await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1', status: 404 } });
    await silent.pass(30 * MINUTE, 5 * MINUTE);
    expect(await silent.accounts(draft)).toEqual([]);
    const [owed] = await silent.site.db.query.selectFrom('jobs').selectAll().where('kind', '=', 'watch').execute();
    expect(owed?.error).toBe('Smile answered GET /accounts with 404 MISSING_RESOURCE');
    await silent.smile.call('PATCH', '/__local/settings', { fault: null });
    await silent.pass(30 * MINUTE, 5 * MINUTE);
    expect(await silent.accounts(draft)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
  });
});

describe('an account that the page reports while Smile is asked', () => {
  it('stays, since the answer is older than the report', async () => {
    await openSilent();
    const { draft, userId } = await silent.open();
    const claim = { accountId: 'a-new', userId, providerId: 'grab', screen: 'connect' };
    const smile = {
      listAccounts: async () => {
        await draft.tell('onAccountConnected', claim);
        return [];
      },
    };
    const services = { db: silent.site.db, now: () => new Date(silent.now()), smile } as unknown as Parameters<typeof reconcile>[0]; // prettier-ignore
    await reconcile(services, { kind: 'watch', subject: draft.id });
    expect(await silent.accounts(draft)).toMatchObject([{ accountId: 'a-new', status: 'CONNECTED', confirmed: false }]);
    expect(await named(draft, 'accountChecked')).toEqual([]);
    // Smile does not know it, so the next answer ends it.
    await silent.pass(3 * MINUTE, MINUTE);
    expect(await silent.accounts(draft)).toEqual([]);
  });

  it('stays if it is a document', async () => {
    await openSilent();
    const { draft } = await silent.open();
    const state = async () => (await send(silent.site, 'GET', `/api/submissions/${draft.id}/accounts`, undefined, draft.headers)).body.screens.connect.state; // prettier-ignore
    await draft.tell('onUploadsCreated', { screen: 'connect', uploads: [{ id: 'd-1' }] });
    await silent.pass(MINUTE);
    const smile = {
      listAccounts: async () => [],
      listArchives: async () => {
        await draft.tell('onUploadsCreated', { screen: 'connect', uploads: [{ id: 'd-2' }] });
        return [];
      },
    };
    const services = { db: silent.site.db, now: () => new Date(silent.now()), smile } as unknown as Parameters<typeof reconcile>[0]; // prettier-ignore
    await reconcile(services, { kind: 'watch', subject: draft.id });
    expect(await state()).toBe('uploaded');
    await silent.pass(3 * MINUTE, MINUTE);
    expect(await state()).toBe('skipped');
  });

  it('is confirmed by the next answer if it is a document that Smile names already', async () => {
    await openSilent();
    const { draft, userId } = await silent.open();
    const report = (id: string) => draft.tell('onUploadsCreated', { screen: 'connect', uploads: [{ id }] });
    await report('d-1');
    await silent.pass(MINUTE);
    const smile = {
      listAccounts: async () => [],
      listArchives: async () => {
        if ((await named(draft, 'onUploadsCreated')).length === 1) await report('d-2');
        return ['d-1', 'd-2'].map((id) => ({ id, userId, state: { status: 'ANALYZED' } }));
      },
    };
    const services = { db: silent.site.db, now: () => new Date(silent.now()), smile } as unknown as Parameters<typeof reconcile>[0]; // prettier-ignore
    const confirmed = async () => (await named(draft, 'uploadsChecked')).map(({ data }) => data['uploads']);
    await reconcile(services, { kind: 'watch', subject: draft.id });
    expect(await confirmed()).toEqual([]);
    await silent.site.db.query.deleteFrom('jobs').execute();
    await silent.pass(MINUTE);
    await reconcile(services, { kind: 'watch', subject: draft.id });
    expect(await confirmed()).toEqual([['d-1', 'd-2'].map((id) => ({ id, status: 'ANALYZED' }))]);
  });
});

describe('an account that is not this person’s', () => {
  it('is recorded as claimed once, and never confirmed', async () => {
    await openSilent();
    const [ana, eve] = [await silent.open(), await silent.open()];
    const accountId = await silent.link(ana.userId);
    const claim = { accountId, userId: ana.userId, providerId: 'grab', screen: 'connect' };
    await eve.draft.tell('onAccountConnected', claim);
    await eve.draft.tell('onAccountConnected', claim);
    expect(await named(eve.draft, 'claimDisbelieved')).toMatchObject([{ data: { accountId, providerId: 'grab' } }]);
    await silent.pass(10 * MINUTE, MINUTE);
    expect(await silent.accounts(eve.draft)).toEqual([]);
    expect(await silent.accounts(ana.draft)).toMatchObject([{ accountId, confirmed: true }]);
    await eve.draft.tell('onAccountConnected', { ...claim, userId: eve.userId });
    expect(await silent.accounts(eve.draft)).toEqual([]);
    expect(await named(eve.draft, 'claimDisbelieved')).toHaveLength(1);
  });

  it('is not taken from Smile either, should an answer be about another user', async () => {
    await openSilent();
    const { draft, userId } = await silent.open();
    const theirs = { id: 'a-theirs', userId: 'u-other', providerId: 'grab', connectionStatus: 'CONNECTED', connection: { status: 'CONNECTED', errorCode: null, updatedAt: '2026-11-24T10:00:00Z' } }; // prettier-ignore
    const body = JSON.stringify({ code: 'OK', requestId: 'r', data: { nextCursor: null, items: [theirs] } });
    await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/accounts', body, times: 1 } });
    await silent.pass(2 * MINUTE);
    expect(await silent.accounts(draft)).toEqual([]);
    const accountId = await silent.link(userId);
    await silent.pass(10 * MINUTE, MINUTE);
    expect(await silent.accounts(draft)).toMatchObject([{ accountId, confirmed: true }]);
  });
});

it('an earlier webhook changes nothing, after any requests to Smile', async () => {
  await openSilent();
  const { draft, userId } = await silent.open();
  const accountId = await silent.link(userId);
  await silent.pass(2 * MINUTE);
  const late = (type: string, ago: number) =>
    webhook(silent.site, { id: `et-${type}`, version: 1, type, createdAt: new Date(Date.now() - ago).toISOString(), data: { userId, accountId, providers: ['grab'] } }); // prettier-ignore
  await late('ACCOUNT_CREATED', MINUTE);
  await late('ACCOUNT_FAILED', MINUTE);
  await late('ACCOUNT_DISCONNECTED', HOUR);
  expect(await silent.accounts(draft)).toMatchObject([{ accountId, status: 'CONNECTED', confirmed: true }]);
});
