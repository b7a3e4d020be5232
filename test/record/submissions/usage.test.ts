/** The rows that one submission may store, in both databases and however many requests come at once. */
import { describe, expect, it } from 'vitest';
import { listAccounts, recordAccount } from '../../../src/record/accounts/accounts.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { appendEvents, isReserved, serverEvent, type RecordedEvent } from '../../../src/record/events.ts';
import { everyEvent, latestEvents, listEvents } from '../../../src/record/event-queries.ts';
import { storeIfFirst, deleteKeys, replay } from '../../../src/record/idempotency.ts';
import { takeWrite, takeEvents, type EventUsage } from '../../../src/record/submissions/usage.ts';
import { saveVersion, wasReplacedSince } from '../../../src/record/versions.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import type { Form } from '../../../src/form/schema.ts';
import { draft, later, NOW, temporaryDatabase } from '../../helpers/database.ts';

const NONE: EventUsage = { page_events: 0, page_bytes: 0, widget_events: 0, widget_bytes: 0 };
const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

function event(submissionId: string, name: string, more: Partial<RecordedEvent> = {}): RecordedEvent {
  const at = NOW.toISOString();
  return { id: crypto.randomUUID(), submissionId, smileUserId: null, name, source: 'page', at, receivedAt: at, data: {}, ...more }; // prettier-ignore
}

describe('events of the browser', () => {
  it('are taken up to their limit and no further when many come at once', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const take = (more: Partial<EventUsage>) =>
      db.transaction((trx) => takeEvents(trx, id, { ...NONE, ...more }), { locksRow: true });
    const taken = await times(30, () => take({ page_events: 100, page_bytes: 1_000 }));
    expect(taken.filter(Boolean)).toHaveLength(SITE_LIMITS.pageEvents.value / 100);
    // Events of the widget are counted apart. Rows that are returned can be used again.
    expect(await take({ widget_events: 100, widget_bytes: 1_000 })).toBe(true);
    expect(await take({ page_events: 1 })).toBe(false);
    expect(await take({ page_events: -1 })).toBe(true);
    expect(await take({ page_events: 1 })).toBe(true);
  });

  it('are bounded in bytes as well, one kind at a time', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const take = (more: Partial<EventUsage>) => takeEvents(db, id, { ...NONE, ...more });
    expect(await take({ page_events: 1, page_bytes: SITE_LIMITS.pageEventBytes.value })).toBe(true);
    expect(await take({ page_events: 1, page_bytes: 1 })).toBe(false);
    expect(await take({ page_events: 1, page_bytes: 1, widget_events: 1, widget_bytes: 1 })).toBe(false);
    expect(await take({ widget_events: 1, widget_bytes: SITE_LIMITS.widgetEventBytes.value + 1 })).toBe(false);
    expect(await take({ widget_events: 1, widget_bytes: SITE_LIMITS.widgetEventBytes.value })).toBe(true);
  });
});

it('acts are counted up to their limit when many come at once', async () => {
  const db = await temporaryDatabase();
  const { id } = await draft(db);
  await db.query
    .updateTable('submissions')
    .set({ write_count: SITE_LIMITS.submissionWrites.value - 5 })
    .where('id', '=', id)
    .execute();
  expect((await times(12, () => takeWrite(db, id))).filter(Boolean)).toHaveLength(5);
});

describe('accounts that only the browser claims', () => {
  const report = (submissionId: string, accountId: string, confirmed: boolean) =>
    ({ accountId, submissionId, screen: 'connect', providerId: 'grab', status: 'CONNECTED', confirmed, at: NOW.toISOString(), now: NOW }) as const; // prettier-ignore

  it('are as many as a submission may claim, and Smile can confirm another one all the same', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const claimed = await times(SITE_LIMITS.claimedAccounts.value + 10, (n) => recordAccount(db, report(id, `a-${n}`, false))); // prettier-ignore
    expect(claimed.filter((one) => one === 'full')).toHaveLength(10);
    expect(await recordAccount(db, report(id, 'a-real', true))).toMatchObject({ changed: true });
    const accounts = await listAccounts(db, id);
    expect(accounts).toHaveLength(SITE_LIMITS.claimedAccounts.value + 1);
    expect(accounts.filter(({ confirmed }) => confirmed).every(({ status }) => status === 'CONNECTED')).toBe(true);
    // One that was claimed before can change.
    const [first] = accounts.filter(({ confirmed }) => !confirmed);
    const gone = { ...report(id, first?.accountId ?? '', false), status: 'DISCONNECTED', at: later(9).toISOString() } as const; // prettier-ignore
    expect(await recordAccount(db, gone)).toMatchObject({ changed: true });
  });

  it('hide no confirmed account where an older version has stored thousands', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const row = (n: number) => ({ account_id: `a-${n}`, submission_id: id, screen: 'connect', provider_id: 'grab', status: 'CONNECTED', error_code: null, confirmed: 0, status_at: NOW.toISOString(), created_at: NOW.toISOString(), updated_at: NOW.toISOString() }); // prettier-ignore
    await db.query.insertInto('accounts').values(Array.from({ length: 900 }, (_, n) => row(n))).execute(); // prettier-ignore
    await recordAccount(db, { ...report(id, 'z-real', true), now: later(60) });
    const accounts = await listAccounts(db, id);
    expect(accounts).toHaveLength(SITE_LIMITS.listedAccounts.value);
    expect(accounts.at(-1)).toMatchObject({ accountId: 'z-real', confirmed: true });
  });
});

describe('reading events', () => {
  async function told(): Promise<{ db: Database; submission: { id: string; smileUserId: null } }> {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await appendEvents(db, [event(id, 'answersSaved', { data: { screen: 'forged' } })]);
    await appendEvents(db, [serverEvent(id, 'answersSaved', { screen: 'about' }, NOW)]);
    for (let n = 0; n < 5; n++) await appendEvents(db, [event(id, 'screenSeen', { data: { n } })]);
    return { db, submission: { id, smileUserId: null } };
  }
  const numbers = (events: RecordedEvent[]) => events.map(({ data }) => (data as { n?: number }).n);

  it('a fact is read with its source', async () => {
    const { db, submission } = await told();
    const saved = await listEvents(db, submission, { names: ['answersSaved'], sources: ['server'] });
    expect(saved.map(({ data }) => data)).toEqual([{ screen: 'about' }]);
  });

  it('stops at a limit, at the latest or at the first, in the order received', async () => {
    const { db, submission } = await told();
    const seen = (from: 'latest' | 'first') => listEvents(db, submission, { names: ['screenSeen'], limit: 2, from });
    expect(numbers(await seen('latest'))).toEqual([3, 4]);
    expect(numbers(await seen('first'))).toEqual([0, 1]);
  });

  it('says how many are left out, and keeps those of the server', async () => {
    const { db, submission } = await told();
    const { events, leftOut } = await latestEvents(db, submission, 2);
    expect(events.map(({ name, source }) => `${name} ${source}`)).toEqual(['answersSaved server', 'screenSeen page', 'screenSeen page']); // prettier-ignore
    expect(leftOut).toBe(4);
    expect((await latestEvents(db, submission, 50)).leftOut).toBe(0);
  });

  it('misses none of them where all are asked for', async () => {
    const { db, submission } = await told();
    const rows = Array.from({ length: 250 }, (_, n) => event(submission.id, 'screenSeen', { data: { n: n + 5 } }));
    await appendEvents(db, rows);
    const all: RecordedEvent[] = [];
    for await (const one of everyEvent(db, submission)) all.push(one);
    expect(numbers(all).filter((n) => n !== undefined)).toEqual(Array.from({ length: 255 }, (_, n) => n));
    expect(all).toHaveLength(257);
  });
});

it.each([
  ['answersSaved', true],
  ['uploadsChecked', true],
  ['erased', true],
  ['ACCOUNT_CONNECTED', true],
  ['screenSeen', false],
  ['widgetBlocked', false],
  ['onAccountConnected', false],
  ['CHECKOUT', false],
])('the name %s is kept from browsers: %s', (name, reserved) => expect(isReserved(name)).toBe(reserved));

describe('keys', () => {
  it('of starts and of writes are deleted at an age of their own, the oldest first', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const key = (scope: string, name: string, seconds: number) =>
      db.transaction((trx) => storeIfFirst(trx, { scope, key: name, body: null, now: later(seconds) }, 1));
    for (const scope of ['start:driver', 'proof', 'native:driver', id, `${id}:events`])
      for (const at of [0, 100]) await key(scope, `at ${at}`, at);
    const left = async () =>
      (await db.query.selectFrom('idempotency').select(['scope', 'key']).execute()).map(
        (row) => `${row.scope} ${row.key}`,
      );
    expect(await deleteKeys(db, 'starts', later(50), 2)).toBe(true);
    expect(await deleteKeys(db, 'starts', later(50), 2)).toBe(false);
    expect(await left()).toHaveLength(7);
    expect(await deleteKeys(db, 'writes', later(50), 10)).toBe(false);
    expect((await left()).every((row) => row.endsWith('at 100'))).toBe(true);
    const late = await replay(db, { scope: id, key: 'at 100', body: null, now: later(101) });
    expect(late).toEqual({ response: 1, replayed: true });
  });
});

it('a version knows when it was replaced, also after it was current again', async () => {
  const db = await temporaryDatabase();
  const form = (title: string) => ({ slug: 'plain', title, languages: ['en'], params: [], screens: [], endings: [] }) as unknown as Form; // prettier-ignore
  const one = await saveVersion(db, form('One'), NOW);
  const two = await saveVersion(db, form('Two'), later(10));
  expect(await wasReplacedSince(db, 'plain', one, later(10))).toBe(true);
  expect(await wasReplacedSince(db, 'plain', one, later(11))).toBe(false);
  expect(await wasReplacedSince(db, 'plain', two, NOW)).toBe(false);
  await saveVersion(db, form('One'), later(20));
  expect(await wasReplacedSince(db, 'plain', one, NOW)).toBe(false);
  expect(await wasReplacedSince(db, 'plain', two, later(20))).toBe(true);
});
