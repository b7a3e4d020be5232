/**
 * The data that a form retrieves: read once it is there, sealed here, disconnected at Smile if the form says so, and
 * deleted when the person withdraws.
 */
import { StatementSync } from 'node:sqlite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rebuildAccounts } from '../../src/respond/smile/rebuild.ts';
import { replayWebhooks } from '../../src/respond/smile/webhook.ts';
import { ask } from '../helpers/site.ts';
import { DRIVER, eventually, webhook } from '../helpers/api/client.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { DAY, HOUR, MINUTE, openSilentSmile, type SilentSmile } from './silent-smile.ts';

const RETRIEVES = DRIVER.replace(
  'wink: { require: connected }',
  'wink: { require: connected, retrieve: [identities, ratings, transactions] }',
);
const MATCHES = `${RETRIEVES}match: { name: full_name }\n`;
const REVOKES = RETRIEVES.replace('transactions]', 'transactions], revoke: after_retrieval');
/** Longer than Smile keeps its data. A draft that is never sent is deleted sooner without it. */
const OUTLASTS = `${RETRIEVES}retention: 400 days\n`;
const KEEPS = `${RETRIEVES}retention: 30 days\n`;

let silent: SilentSmile;
let opened: SilentSmile[] = [];
async function site(driver: string, more: { webhooks?: boolean } = {}): Promise<void> {
  silent = await openSilentSmile({ forms: { driver }, ...more });
  opened.push(silent);
}
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
});

interface SubmissionItem {
  accounts: { accountId: string; status: string }[];
  linked: { accountId: string; dataPoint: string; items: Record<string, unknown>[]; readAt: string; removedAt: string | null; removedBecause: string | null }[]; // prettier-ignore
  match: { what: string; verdict: string; linked?: string }[];
  events: { name: string; data: Record<string, unknown> }[];
}
const submissionOf = (draft: { id: string }) => ask<SubmissionItem>(silent.site, `submissions/${draft.id}`);
const points = ({ linked }: SubmissionItem) => linked.map(({ dataPoint }) => dataPoint);

async function linked(): Promise<{
  draft: Awaited<ReturnType<SilentSmile['open']>>['draft'];
  userId: string;
  accountId: string;
}> {
  const { draft, userId } = await silent.open();
  const accountId = await silent.link(userId);
  await silent.pass(5 * MINUTE, MINUTE);
  return { draft, userId, accountId };
}

describe('the data that the form retrieves', () => {
  it('is read after Smile has finished reading, and not before', async () => {
    await site(RETRIEVES, { webhooks: true });
    const { draft, userId } = await silent.open();
    const accountId = await silent.link(userId);
    await eventually(async () => (await submissionOf(draft)).events.some(({ name }) => name === 'TASK_FINISHED'));
    await silent.settle();
    const { linked, events } = await submissionOf(draft);
    expect(linked.map(({ dataPoint, accountId: of }) => [dataPoint, of])).toEqual([
      ['identities', accountId],
      ['ratings', accountId],
      ['transactions', accountId],
    ]);
    expect(linked[0]?.items[0]).toMatchObject({ fullName: 'George Cimafranca Palomero, Jr' });
    expect(events.find(({ name }) => name === 'linkedRead')?.data).toMatchObject({ points: { identities: 1, ratings: 1, transactions: 26 } }); // prettier-ignore
  });

  it('is read when no webhook ever comes, too', async () => {
    await site(RETRIEVES);
    expect(points(await submissionOf((await linked()).draft))).toEqual(['identities', 'ratings', 'transactions']);
  });

  it('can be the numbers of Smile, and the time of an earlier linking', async () => {
    await site(RETRIEVES.replace('[identities, ratings, transactions]', '[insights, links]'));
    const { linked: read } = await submissionOf((await linked()).draft);
    expect(read.map(({ dataPoint, items }) => [dataPoint, items.length])).toEqual([['insights', 1], ['links', 1]]); // prettier-ignore
    expect(read[0]?.items[0]?.['features']).toBeTypeOf('object');
  });

  it('is nothing where the form names nothing', async () => {
    await site(DRIVER);
    expect(points(await submissionOf((await linked()).draft))).toEqual([]);
  });

  it('cannot be read in the store without the key', async () => {
    await site(RETRIEVES);
    await linked();
    const rows = await silent.site.db.query.selectFrom('account_data').selectAll().execute();
    expect(JSON.stringify(rows)).not.toMatch(/George|Palomero/);
    expect(rows[0]?.sealed).toMatch(/^sealed:1:/);
  });

  it.each(['ACCOUNT_SYNC_TASK_FINISHED', 'TASK_FINISHED', 'EMPLOYMENTS_UPDATED', 'EINCOMES_UPDATED'])(
    'is read again after %s',
    async (type) => {
      await site(RETRIEVES);
      const { draft, userId, accountId } = await linked();
      const first = (await submissionOf(draft)).linked[0]?.readAt;
      await silent.pass(HOUR);
      const source = { sourceId: accountId, sourceType: 'ACCOUNT', accountId: undefined };
      const data = { userId, accountId, providers: ['grab'], ...(type.includes('TASK') && source) };
      await webhook(silent.site, { id: `et-${type}`, version: 1, type, createdAt: new Date().toISOString(), data });
      await silent.pass(MINUTE);
      expect((await submissionOf(draft)).linked[0]?.readAt).not.toBe(first);
      expect((await submissionOf(draft)).linked).toHaveLength(3);
    },
  );

  it('is tried again while Smile fails, all or nothing, and why is kept', { timeout: 30_000 }, async () => {
    await site(RETRIEVES);
    const { draft, userId } = await silent.open();
    await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/ratings', status: 400 } });
    await silent.link(userId);
    await silent.pass(10 * MINUTE, MINUTE);
    expect(points(await submissionOf(draft))).toEqual([]);
    const [owed] = await silent.site.db.query.selectFrom('jobs').selectAll().where('kind', '=', 'retrieve').execute();
    expect(owed?.error).toBe('Smile answered GET /ratings with 400 INVALID_PARAMETERS');
    await silent.smile.call('PATCH', '/__local/settings', { fault: null });
    await silent.pass(HOUR, 10 * MINUTE);
    expect(points(await submissionOf(draft))).toHaveLength(3);
  });

  it('is compared with the declared values', async () => {
    await site(MATCHES);
    const { draft } = await linked();
    expect((await submissionOf(draft)).match).toMatchObject([
      { what: 'name', verdict: 'differs', declared: 'Ana', linked: 'George Cimafranca Palomero, Jr' },
    ]);
  });
});

describe('revoke: after_retrieval', () => {
  it('disconnects the account at Smile once all is stored, keeps the data, and lets the person send', async () => {
    await site(REVOKES, { webhooks: true });
    const { draft, accountId } = await linked();
    await silent.pass(MINUTE);
    expect((await silent.smile.call('GET', `/v1/accounts/${accountId}`)).body.data.connectionStatus).toBe(
      'DISCONNECTED',
    );
    await eventually(async () =>
      (await submissionOf(draft)).events.some(({ name }) => name === 'ACCOUNT_DISCONNECTED'),
    );
    const { linked: kept, events, accounts } = await submissionOf(draft);
    expect(kept.every(({ removedAt, items }) => removedAt === null && items.length)).toBe(true);
    expect(accounts).toEqual([{ accountId, providerId: 'grab', status: 'DISCONNECTED', confirmed: true, revoked: true }]); // prettier-ignore
    expect(events.map(({ name }) => name)).toContain('accountRevoked');
    expect((await draft.put('connect', {})).body).toMatchObject({ state: 'connected' });
    expect((await draft.post('submit')).body.ending.id).toBe('done');
  });

  itLong('leaves the same data when accounts are computed again from the events', async () => {
    await site(REVOKES);
    await linked();
    await silent.pass(HOUR, 5 * MINUTE);
    const { db } = silent.site;
    const all = async () => [
      await db.query.selectFrom('accounts').selectAll().execute(),
      await db.query.selectFrom('account_data').selectAll().orderBy('data_point').execute(),
    ];
    const before = await all();
    expect(before).toMatchObject([[{ status: 'DISCONNECTED', revoked_at: expect.any(String) }], [{}, {}, {}]]);
    const reads = vi.spyOn(StatementSync.prototype, 'all');
    expect(await rebuildAccounts(db)).toBeGreaterThan(1);
    // The data of all people does not fit into memory.
    expect(reads.mock.results.flatMap(({ value }) => value as object[]).filter((row) => 'sealed' in row)).toEqual([]);
    reads.mockRestore();
    expect(await all()).toEqual(before);
  });

  itLong(
    'waits for a Smile that is down, and disconnects nothing before all is stored',
    { timeout: 30_000 },
    async () => {
      await site(REVOKES);
      const { draft, userId } = await silent.open();
      await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/transactions', status: 404 } });
      const accountId = await silent.link(userId);
      const status = async () =>
        (await silent.smile.call('GET', `/v1/accounts/${accountId}`)).body.data.connectionStatus;
      await silent.pass(10 * MINUTE, MINUTE);
      expect([await status(), points(await submissionOf(draft))]).toEqual(['CONNECTED', []]);
      await silent.smile.call('PATCH', '/__local/settings', { fault: null });
      await silent.pass(HOUR, 10 * MINUTE);
      expect([await status(), points(await submissionOf(draft)).length]).toEqual(['DISCONNECTED', 3]);
    },
  );
});

describe('a person who disconnects', () => {
  it('takes the data along at once; that it was there stays', async () => {
    await site(RETRIEVES, { webhooks: true });
    const { draft, accountId } = await linked();
    await silent.smile.call('DELETE', `/v1/accounts/${accountId}`);
    await eventually(async () => (await silent.accounts(draft))[0]?.status === 'DISCONNECTED');
    const { linked: gone, events } = await submissionOf(draft);
    expect(gone).toHaveLength(3);
    for (const one of gone) expect(one).toMatchObject({ items: [], removedBecause: 'disconnected', removedAt: expect.any(String) }); // prettier-ignore
    expect(events.find(({ name }) => name === 'linkedRemoved')?.data).toMatchObject({ accountId, points: 3 });
    const rows = await silent.site.db.query.selectFrom('account_data').selectAll().execute();
    expect(rows.map(({ sealed }) => sealed)).toEqual([null, null, null]);
  });

  it('is noticed without a webhook as well, and nothing is read from it again', async () => {
    await site(RETRIEVES);
    const { draft, accountId } = await linked();
    await silent.smile.call('DELETE', `/v1/accounts/${accountId}`);
    await silent.pass(HOUR, 5 * MINUTE);
    expect((await submissionOf(draft)).linked.every(({ items }) => items.length === 0)).toBe(true);
  });
});

describe('data that Smile has deleted', () => {
  it('stays as it was read, when webhooks are taken in again or a late one comes', { timeout: 30_000 }, async () => {
    await site(RETRIEVES, { webhooks: true });
    const { draft } = await linked();
    const before = (await submissionOf(draft)).linked;
    expect(before.map(({ items }) => items.length)).toEqual([1, 1, 26]);
    await silent.pass(HOUR, 10 * MINUTE);
    const nothing = JSON.stringify({ code: 'OK', requestId: 'r', data: { nextCursor: null, items: [] } });
    for (const path of ['/v1/identities', '/v1/transactions']) {
      await silent.smile.call('PATCH', '/__local/settings', { fault: { path, body: nothing } });
      await replayWebhooks({ db: silent.site.db, now: () => new Date(silent.now()) });
      await silent.pass(5 * MINUTE, MINUTE);
    }
    const { linked: after, events } = await submissionOf(draft);
    expect(after.map(({ items }) => items.length)).toEqual([1, 1, 26]);
    const readings = events.filter(({ name }) => name === 'linkedRead').map(({ data }) => data['kept']);
    expect(readings).toEqual(expect.arrayContaining([['identities'], ['transactions']]));
  });
});

describe('retention', () => {
  it('deletes the linked data along with the submission, here and at Smile', { timeout: 30_000 }, async () => {
    await site(KEEPS);
    const { draft, userId } = await linked();
    await silent.pass(29 * DAY, DAY);
    expect((await submissionOf(draft)).linked).toHaveLength(3);
    await silent.pass(2 * DAY, HOUR);
    expect((await submissionOf(draft)).linked).toEqual([]);
    const { body } = await silent.smile.call('GET', `/v1/accounts?userId=${userId}`);
    expect(body.data.items).toMatchObject([{ connectionStatus: 'DISCONNECTED' }]);
  });

  itLong('keeps data that Smile has deleted, and does not read over it', { timeout: 30_000 }, async () => {
    await site(OUTLASTS);
    const { draft, userId, accountId } = await linked();
    await silent.pass(61 * DAY, 12 * HOUR);
    await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/identities', body: JSON.stringify({ code: 'OK', requestId: 'r', data: { nextCursor: null, items: [] } }) } }); // prettier-ignore
    const data = { userId, accountId, providers: ['grab'] };
    await webhook(silent.site, { id: 'et-late', version: 1, type: 'INCOMES_UPDATED', createdAt: new Date(silent.now()).toISOString(), data }); // prettier-ignore
    await silent.pass(HOUR);
    expect((await submissionOf(draft)).linked[0]?.items).toHaveLength(1);
  });

  itLong(
    'continues to read the data that Smile keeps in sync, while the account is connected',
    { timeout: 60_000 },
    async () => {
      await site(OUTLASTS.replace('[identities, ratings, transactions]', '[contributions]'), { webhooks: true });
      const { draft, userId } = await silent.open();
      const signIn = { userId, providerId: 'sss_ph', userName: 'George', password: '123456', code: '1234' };
      const { accountId } = (await silent.smile.call('POST', '/__local/accounts', signIn)).body;
      await silent.smile.accountWhen(accountId, 'CONNECTED');
      await silent.pass(5 * MINUTE, MINUTE);
      const items = async () => (await submissionOf(draft)).linked[0]?.items.length ?? 0;
      const before = await items();
      expect(before).toBeGreaterThan(0);
      await silent.pass(75 * DAY, DAY);
      await silent.smile.call('POST', '/__local/sync', { accountId, status: 'SUCCEEDED' });
      await eventually(async () =>
        (await submissionOf(draft)).events.some(({ name }) => name === 'ACCOUNT_SYNC_TASK_FINISHED'),
      );
      await silent.pass(MINUTE, MINUTE);
      expect(await items()).toBe(before + 1);
      const page = await (
        await signedIn(silent.site, new Date(silent.now()))
      )(`/admin/forms/driver/people/${draft.id}`);
      expect(wordsOf(page.text)).toContain('Smile keeps the account up to date since');
    },
  );
});
