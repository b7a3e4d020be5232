/** The rows that Smile may cause for one person, in both databases and however many webhooks come at once. */
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { storeLinked } from '../../src/record/accounts/account-data.ts';
import { listAccounts, recordAccount } from '../../src/record/accounts/accounts.ts';
import type { Database } from '../../src/record/db/database.ts';
import { erase } from '../../src/record/erasure.ts';
import { listEvents } from '../../src/record/event-queries.ts';
import type { RecordedEvent } from '../../src/record/events.ts';
import { appendSmileEvent, SMILE_EVENTS_FULL } from '../../src/record/smile-events.ts';
import { setSmileUser } from '../../src/record/submissions/submissions.ts';
import { rebuildAccounts } from '../../src/respond/smile/rebuild.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { draft, later, NOW, temporaryDatabase } from '../helpers/database.ts';

const MAX_EVENTS = SITE_LIMITS.smileEvents.value;
const MAX_BYTES = SITE_LIMITS.smileEventBytes.value;
const AT = NOW.toISOString();

function webhook(submissionId: string | null, data: Record<string, unknown> = {}, type = 'TASK_STARTED') {
  const id = `et-${crypto.randomUUID()}`;
  const event: RecordedEvent = { id, submissionId, smileUserId: 'u-1', name: type, source: 'webhook', at: AT, receivedAt: AT, data: { id, type, createdAt: AT, data } }; // prettier-ignore
  return event;
}

const append = (db: Database, personId: string, event: RecordedEvent) =>
  db.transaction((trx) => appendSmileEvent(trx, personId, event));
const used = (db: Database, person_id: string, events: number, bytes = 0) =>
  db.query.insertInto('smile_usage').values({ person_id, events, bytes }).execute();
const notes = (db: Database, id: string) =>
  listEvents(db, { id, smileUserId: null }, { names: [SMILE_EVENTS_FULL], sources: ['server'] });

describe('events of Smile', () => {
  it('are stored up to their number when many come at once, and the timeline says once that more have come', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await used(db, id, MAX_EVENTS - 5);
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => append(db, id, webhook(id))));
    expect(outcomes.toSorted()).toEqual([...Array<string>(7).fill('leftOut'), ...Array<string>(5).fill('stored')]);
    expect(await notes(db, id)).toMatchObject([{ receivedAt: AT }]);
  });

  it('are stored up to their size', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await used(db, id, 1, MAX_BYTES - 2_000);
    expect(await append(db, id, webhook(id, { text: 'x'.repeat(2_000) }))).toBe('leftOut');
    expect(await append(db, id, webhook(id, { text: 'x'.repeat(1_500) }))).toBe('stored');
    const other = (await draft(db)).id;
    expect(await append(db, other, webhook(other, { text: 'x'.repeat(MAX_BYTES) }))).toBe('leftOut');
  });

  it('take no room when they are repeated, also where there is none', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await used(db, id, MAX_EVENTS - 2);
    const first = webhook(id);
    expect(await append(db, id, first)).toBe('stored');
    expect(await append(db, id, first)).toBe('repeated');
    expect(await append(db, id, webhook(id))).toBe('stored');
    expect(await append(db, id, first)).toBe('repeated');
    expect(await notes(db, id)).toEqual([]);
  });

  it('have room for each invitation and submission apart, until it is erased', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await used(db, id, MAX_EVENTS);
    expect(await append(db, 'an invitation', webhook(null))).toBe('stored');
    expect(await append(db, id, webhook(id))).toBe('leftOut');
    await erase(db, id, NOW);
    const left = await db.query.selectFrom('smile_usage').select('person_id').execute();
    expect(left).toEqual([{ person_id: 'an invitation' }]);
  });
});

it('data of the accounts of a submission is stored up to its size together, and earlier data stays', async () => {
  const db = await temporaryDatabase();
  const { id } = await draft(db);
  const store = (accountId: string, length: number) =>
    storeLinked(db, { accountId, submissionId: id }, [{ dataPoint: 'incomes', items: [{ text: 'x'.repeat(length) }] }], NOW); // prettier-ignore
  const row = { submission_id: id, screen: 'connect', provider_id: 'grab', status: 'CONNECTED', error_code: null, confirmed: 1, status_at: AT, created_at: AT, updated_at: AT }; // prettier-ignore
  await db.query.insertInto('accounts').values(['a-1', 'a-2'].map((account_id) => ({ ...row, account_id }))).execute(); // prettier-ignore
  await store('a-1', 10);
  const sealed = 'x'.repeat(SITE_LIMITS.linkedBytes.value - 2_000);
  await db.query.insertInto('account_data').values({ account_id: 'a-2', data_point: 'ratings', submission_id: id, sealed, items: 1, read_at: AT, removed_at: null, removed_because: null }).execute(); // prettier-ignore
  await store('a-2', 100);
  await expect(store('a-1', 2_000)).rejects.toThrow('more than 32 MB');
  const kept = await db.query.selectFrom('account_data').select('items').where('account_id', '=', 'a-1').where(sql<boolean>`octet_length(sealed) < 500`).execute(); // prettier-ignore
  expect(kept).toHaveLength(1);
});

describe('accounts of a person', () => {
  const report = (submissionId: string, accountId: string, status: 'CONNECTED' | 'DISCONNECTED', seconds = 0) =>
    ({ accountId, submissionId, screen: 'connect', providerId: 'grab', status, confirmed: true, at: later(seconds).toISOString(), now: NOW }) as const; // prettier-ignore

  it('are confirmed up to their number, and those keep changing', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const most = SITE_LIMITS.confirmedAccounts.value;
    const row = (n: number) => ({ account_id: `a-${n}`, submission_id: id, screen: 'connect', provider_id: 'grab', status: 'CONNECTED', error_code: null, confirmed: 1, status_at: AT, created_at: AT, updated_at: AT }); // prettier-ignore
    await db.query.insertInto('accounts').values(Array.from({ length: most - 1 }, (_, n) => row(n))).execute(); // prettier-ignore
    const claimed = { ...report(id, 'a-claimed', 'CONNECTED'), confirmed: false };
    expect(await recordAccount(db, claimed)).toMatchObject({ changed: true });
    expect(await recordAccount(db, report(id, 'a-last', 'CONNECTED'))).toMatchObject({ changed: true });
    expect(await recordAccount(db, report(id, 'a-more', 'CONNECTED'))).toBe('full');
    expect(await recordAccount(db, report(id, 'a-claimed', 'CONNECTED'))).toBe('full');
    expect(await recordAccount(db, report(id, 'a-last', 'DISCONNECTED', 9))).toMatchObject({ changed: true });
  });

  it('stay as they are in a rebuild where events were left out, and are rebuilt everywhere else', async () => {
    const db = await temporaryDatabase();
    const [full, other] = [await draft(db), await draft(db)];
    for (const [number, { id }] of [full, other].entries()) {
      await setSmileUser(db, id, `u-${number}`, null);
      await recordAccount(db, report(id, `a-${number}`, 'DISCONNECTED', 9));
      const fact = { userId: `u-${number}`, accountId: `a-${number}`, providers: ['grab'] };
      await append(db, id, { ...webhook(id, fact, 'ACCOUNT_CONNECTED'), smileUserId: `u-${number}` });
    }
    await db.query.updateTable('smile_usage').set({ events: MAX_EVENTS }).where('person_id', '=', full.id).execute();
    await append(db, full.id, webhook(full.id));
    expect(await rebuildAccounts(db)).toBe(1);
    const statuses = [await listAccounts(db, full.id), await listAccounts(db, other.id)].flat();
    expect(statuses.map(({ status }) => status)).toEqual(['DISCONNECTED', 'CONNECTED']);
  });
});
