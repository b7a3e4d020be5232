/** Rebuilds derived data: the accounts and their status, from the recorded events. */
import { sql } from 'kysely';
import { isAccountStatus } from '../../record/accounts/account-status.ts';
import {
  deleteClaims,
  markRevoked,
  moveConnected,
  recordAccount,
  type Account,
} from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import type { RecordedEvent, ServerEvent } from '../../record/events.ts';
import { eventsAfter } from '../../record/event-queries.ts';
import { SMILE_EVENTS_FULL } from '../../record/smile-events.ts';
import { smileUsers } from '../../record/submissions/submissions.ts';
import { rebuildTallies } from '../../record/submissions/tallies.ts';
import { parseClaim, CLAIMING, isCallback } from '../../smile/callbacks.ts';
import { accountFact, parseWebhook } from '../../smile/webhook.ts';

/**
 * Empties the table of accounts and fills it again from all events in the order received, by the same rules as at
 * first. Accounts stay as they are where a limit has left events out. One transaction; other writes wait, so run it while
 * the site is stopped.
 * @returns the number of events that changed an account
 */
export async function rebuildAccounts(db: Database): Promise<number> {
  return db.transaction(async (trx) => {
    const before = new Map((await allAccounts(trx)).map((account) => [account.account_id, account]));
    // Rows of `account_data` refer to accounts. They are still right, so they are put back.
    await setDataAside(trx);
    const full = withoutRoom(trx);
    const keptAsIs = new Set((await full.execute()).map(({ scope }) => scope));
    await trx.query.deleteFrom('accounts').where('submission_id', 'not in', full).execute();
    const userOf = await smileUsers(trx);
    const openOf = new Map<string, Place>();
    let applied = 0;
    for (let after = 0; ;) {
      const events = await eventsAfter(trx, after, BATCH_SIZE, {
        own: [...STATUS_EVENTS, 'accountsMoved', 'linkTokenIssued', 'linkedRead'],
        callbacks: CLAIMING,
      });
      if (events.length === 0) break;
      for (const event of events) if (await apply(trx, event, { openOf, userOf, before, keptAsIs })) applied++;
      after = events.at(-1)?.seq ?? after;
    }
    // The sync status of accounts is in no event.
    for (const { account_id: id, monitor, monitor_at } of before.values())
      await trx.query.updateTable('accounts').set({ monitor, monitor_at }).where('account_id', '=', id).execute();
    await putDataBack(trx);
    await rebuildTallies(trx);
    return applied;
  });
}

/** Moves the data of all accounts into a table of this transaction. It may be more than fits into memory. */
async function setDataAside(trx: Database): Promise<void> {
  const life = trx.engine.kind === 'postgres' ? sql`on commit drop` : sql``;
  await sql`create temporary table data_aside ${life} as select * from account_data`.execute(trx.query);
  await trx.query.deleteFrom('account_data').execute();
}

async function putDataBack(trx: Database): Promise<void> {
  await sql`insert into account_data select * from data_aside`.execute(trx.query);
  await sql`drop table data_aside`.execute(trx.query);
}

/** The submissions whose events don’t tell all about their accounts. */
const withoutRoom = (db: Database) =>
  db.query.selectFrom('events').select('scope').where('name', '=', SMILE_EVENTS_FULL).where('source', '=', 'server');

/** Events of the browser can be large. */
const BATCH_SIZE = 200;

interface Place {
  screen: string;
  widget: number;
}

interface RebuildState {
  /** The widget that each submission opened last. */
  openOf: Map<string, Place>;
  userOf: Map<string, string>;
  /** The submissions whose accounts are not rebuilt. */
  keptAsIs: Set<string>;
  /** Values that events of earlier versions did not have. */
  before: Map<string, { provider_id: string; status_at: string; error_code: string | null }>;
}

async function apply(trx: Database, event: RecordedEvent, state: RebuildState): Promise<boolean> {
  const { submissionId, name, source, data } = event;
  if (submissionId === null || state.keptAsIs.has(submissionId)) return false;
  if (source === 'server' && name === 'linkTokenIssued') state.openOf.set(submissionId, placeIn(data) ?? NOWHERE);
  const report = reportOf(event, state);
  const base = { submissionId, now: new Date(event.receivedAt) };
  if (report) await recordAccount(trx, { ...base, ...report });
  const accountId = textOf(data, 'accountId') ?? '';
  if (source === 'server' && name === 'accountChecked' && textOf(data, 'status') === 'unknown')
    await deleteClaims(trx, [accountId], submissionId);
  if (source === 'server' && name === 'accountsMoved')
    await moveConnected(trx, submissionId, (data as { accounts: string[] }).accounts, placeIn(data) ?? NOWHERE);
  if (source === 'server' && name === 'linkedRead' && (data as { over?: unknown }).over === true)
    await markRevoked(trx, accountId, base.now);
  return report !== undefined;
}

type Report = Pick<Account, 'accountId' | 'providerId' | 'screen' | 'widget' | 'status' | 'confirmed'> & {
  at: string;
  errorCode?: string | null | undefined;
};

function reportOf({ submissionId, name, source, data, at }: RecordedEvent, state: RebuildState): Report | undefined {
  const open = state.openOf.get(submissionId ?? '') ?? NOWHERE;
  if (source === 'widget') {
    const claim = isCallback(name) ? parseClaim(name, data) : undefined;
    if (!claim || claim.userId !== state.userOf.get(submissionId ?? '') || !isAccountStatus(claim.status))
      return undefined;
    const { accountId, providerId, status, errorCode } = claim;
    return { accountId, providerId, status, errorCode, ...(placeIn(data) ?? open), confirmed: false, at };
  }
  if (source === 'webhook') {
    const parsed = parseWebhook(Buffer.from(JSON.stringify(data)));
    const fact = parsed.ok ? accountFact(parsed.event) : undefined;
    if (!fact || !isAccountStatus(fact.status)) return undefined;
    const { accountId, providerId, status, errorCode } = fact;
    return { accountId, providerId, status, errorCode, ...open, confirmed: true, at: fact.at };
  }
  const [accountId, status] = [textOf(data, 'accountId'), textOf(data, 'status')];
  if (!STATUS_EVENTS.some((one) => one === name) || !accountId || !status || !isAccountStatus(status)) return undefined;
  const previous = state.before.get(accountId);
  return {
    accountId,
    status,
    providerId: textOf(data, 'providerId') ?? previous?.provider_id ?? '',
    errorCode: textOf(data, 'errorCode') ?? null,
    ...(placeIn(data) ?? open),
    confirmed: true,
    at: textOf(data, 'at') ?? previous?.status_at ?? at,
  };
}

/** The events in which the server recorded the status of an account. */
const STATUS_EVENTS: ServerEvent[] = ['accountChecked', 'accountDisconnected', 'accountRevoked'];

const NOWHERE: Place = { screen: '', widget: 0 };

function placeIn(data: unknown): Place | undefined {
  const screen = textOf(data, 'screen');
  if (screen === undefined) return undefined;
  const { widget } = data as { widget?: unknown };
  return { screen, widget: typeof widget === 'number' ? widget : 0 };
}

const allAccounts = (trx: Database) =>
  trx.query
    .selectFrom('accounts')
    .select(['account_id', 'provider_id', 'status_at', 'error_code', 'monitor', 'monitor_at'])
    .execute();

function textOf(data: unknown, key: string): string | undefined {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
