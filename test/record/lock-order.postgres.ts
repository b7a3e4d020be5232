/** Transactions about one person that take their locks in one order, so that none breaks a deadlock after a second. */
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { recordAccount } from '../../src/record/accounts/accounts.ts';
import type { Database } from '../../src/record/db/database.ts';
import { erase, eraseLate } from '../../src/record/erasure.ts';
import { appendSmileEvent, lockSmileEvents } from '../../src/record/smile-events.ts';
import { serverEvent } from '../../src/record/events.ts';
import { setSmileUser } from '../../src/record/submissions/submissions.ts';
import { applyPolledAccounts } from '../../src/respond/smile/reconcile.ts';
import type { Services } from '../../src/respond/services.ts';
import { storeSpamDecision } from '../../src/respond/spam-decision.ts';
import { draft, NOW, temporaryDatabase } from '../helpers/database.ts';
import { eventually } from '../helpers/api/client.ts';

/**
 * Starts `other` while a transaction about the events of Smile is open, and waits until it waits for that.
 * @returns whether a row of the person is still free then
 */
async function isFreeBeside(db: Database, id: string, row: ReturnType<typeof sql>, other: () => Promise<unknown>) {
  let others: Promise<unknown> = Promise.resolve();
  const isFree = await db.transaction(async (trx) => {
    await lockSmileEvents(trx, id);
    others = other();
    await eventually(async () => (await waiting(db)) > 0);
    return db
      .transaction((third) => sql`${row} for update nowait`.execute(third.query))
      .then(
        () => true,
        () => false,
      );
  });
  await others;
  return isFree;
}

async function waiting(db: Database): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db.query);
  return rows[0]?.n ?? 0;
}

async function linked(db: Database) {
  const { id } = await draft(db);
  await setSmileUser(db, id, 'u-1', null);
  const report = { accountId: 'a-1', submissionId: id, screen: 'work', providerId: 'grab', at: NOW.toISOString(), now: NOW }; // prettier-ignore
  await recordAccount(db, { ...report, status: 'PENDING', confirmed: true });
  await db.transaction((trx) => appendSmileEvent(trx, id, serverEvent(id, 'accountChecked', {}, NOW)));
  return id;
}

const submissionRow = (id: string) => sql`select id from submissions where id = ${id}`;

it('a deletion waits for a webhook of Smile before it locks the submission', async () => {
  const db = await temporaryDatabase();
  const id = await linked(db);
  expect(await isFreeBeside(db, id, submissionRow(id), () => erase(db, id, NOW))).toBe(true);
  await linkedAgain(db, id);
  expect(await isFreeBeside(db, id, submissionRow(id), () => eraseLate(db, id, 'u-1', NOW))).toBe(true);
  expect(await db.query.selectFrom('smile_usage').selectAll().execute()).toEqual([]);
});

const linkedAgain = (db: Database, id: string) =>
  db.query.insertInto('smile_usage').values({ person_id: id, events: 1, bytes: 1 }).execute();

it('an answer of Smile waits for its webhook before it locks an account', async () => {
  const db = await temporaryDatabase();
  const id = await linked(db);
  const services = { db, now: () => NOW } as unknown as Services;
  const submission = { id, smileUserId: 'u-1', winkScreen: 'work', winkWidget: 0 } as Parameters<typeof applyPolledAccounts>[1]; // prettier-ignore
  const at = new Date(NOW.getTime() + 1_000).toISOString();
  const account = { accountId: 'a-1', userId: 'u-1', providerId: 'grab', status: 'CONNECTED', at } as Parameters<typeof applyPolledAccounts>[2][number]; // prettier-ignore
  const row = sql`select account_id from accounts where account_id = 'a-1'`;
  expect(await isFreeBeside(db, id, row, () => applyPolledAccounts(services, submission, [account]))).toBe(true);
});

it('a decision about spam waits for a webhook of Smile, and leaves nothing behind for a person of no form', async () => {
  const db = await temporaryDatabase();
  const id = await linked(db);
  const services = { db, catalog: { current: () => undefined }, keys: [], now: () => NOW } as unknown as Services;
  const decide = (of: string) =>
    storeSpamDecision(services, 'driver', of, 'spam', { id: 'm', email: 'ana@acme.example' });
  expect(await isFreeBeside(db, id, submissionRow(id), () => decide(id))).toBe(true);
  expect(await decide('nobody')).toBe('missing');
  expect(await db.query.selectFrom('smile_usage').select('person_id').execute()).toEqual([{ person_id: id }]);
});
