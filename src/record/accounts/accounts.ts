/** Linked work accounts of submissions, with their current status. */
import { setImmediate as otherWork } from 'node:timers/promises';
import { sql, type Selectable } from 'kysely';
import { typeable } from '../../form/typeable.ts';
import { laterStatus, type AccountStatus, type StatusReport } from './account-status.ts';
import type { Database } from '../db/database.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { prepared, type Values } from '../db/prepared.ts';
import type { Tables } from '../db/tables.ts';
import { tallied } from '../submissions/tallies.ts';

export type Account = {
  accountId: string;
  submissionId: string;
  /** The Wink screen it was linked on. */
  screen: string;
  /** Which of that screen's widgets, from 0. */
  widget: number;
  providerId: string;
  status: AccountStatus;
  errorCode: string | null;
  /** Whether Smile confirmed the status to the server. Otherwise it is a claim of the page. */
  confirmed: boolean;
  /** When it got this status, by the reporter's clock. */
  statusAt: string;
  /** When it was connected, by Smile's clock; null if it never was, and for claims. */
  connectedAt: string | null;
  /** When Flipsite asked Smile to disconnect it; null if it did not. */
  revokedAt: string | null;
  /** Smile's `monitorStatus` of continuous sync; null if unknown. */
  monitor: string | null;
  createdAt: string;
  updatedAt: string;
};

export type AccountReport = {
  accountId: string;
  submissionId: string;
  screen: string;
  /** The position of the widget on the screen. 0 if it is absent. */
  widget?: number;
  providerId: string;
  status: AccountStatus;
  errorCode?: string | null;
  confirmed: boolean;
  /** ISO 8601. */
  at: string;
  now: Date;
};

/** `before` is the account before the change; absent for a new account. */
export type Recorded = { account: Account; before: Account | undefined; changed: boolean };

/** Smile keeps data for 60 days after the connection (Smile, Account Linking). */
export const SMILE_KEEPS_MS = 60 * 24 * 60 * 60_000;

/** Whether the account is connected, as Smile has confirmed. */
export const isConnected = ({ status, confirmed }: Pick<Account, 'status' | 'confirmed'>): boolean =>
  status === 'CONNECTED' && confirmed;

/** Whether the account is connected, as Smile or only the page says, or Flipsite disconnected it after reading it. */
export const wasConnected = ({ status, revokedAt }: Pick<Account, 'status' | 'revokedAt'>): boolean =>
  status === 'CONNECTED' || revokedAt !== null;

/** Whether Smile reads the account continuously until it is disconnected (Smile, Continuous Data Sync). */
export const isMonitored = (account: Pick<Account, 'status' | 'confirmed' | 'monitor'>): boolean =>
  isConnected(account) && account.monitor === 'ACTIVE';

/**
 * The time at which Smile's 60 days for the data of an account end. Undefined if Smile has no data to delete, and for
 * an account that is kept in sync.
 */
export const smileKeepsUntil = (account: Account): Date | undefined => {
  const { connectedAt } = account;
  if (!isConnected(account) || !connectedAt || isMonitored(account)) return undefined;
  return new Date(Date.parse(connectedAt) + SMILE_KEEPS_MS);
};

/**
 * Counts connected accounts of a submission to another widget. One that Flipsite disconnects after reading it stays.
 * @returns those of `ids` that have moved, and whether Smile has confirmed them by now
 */
export async function moveConnected(
  db: Database,
  submissionId: string,
  ids: readonly string[],
  { screen, widget }: Pick<Account, 'screen' | 'widget'>,
): Promise<Pick<Account, 'accountId' | 'confirmed'>[]> {
  if (!ids.length) return [];
  const moved = await db.query
    .updateTable('accounts')
    .set({ screen, widget })
    .where('account_id', 'in', ids)
    .where('submission_id', '=', submissionId)
    .where('status', '=', 'CONNECTED')
    .where('revoked_at', 'is', null)
    .returning(['account_id', 'confirmed'])
    .execute();
  return moved.map(({ account_id, confirmed }) => ({ accountId: account_id, confirmed: confirmed === 1 }));
}

/** Smile's status of an account's continuous sync, and when Smile said so (ISO 8601). */
export type MonitorReport = { monitor: string; at: string };

/**
 * Stores a status of continuous sync, unless the stored one is later. Of two with the same time the last in the alphabet
 * stays, so that the result does not depend on the order in which reports arrive.
 */
export async function recordMonitor(db: Database, accountId: string, { monitor, at }: MonitorReport): Promise<void> {
  const monitorAt = new Date(at).toISOString();
  await db.query
    .updateTable('accounts')
    .set({ monitor, monitor_at: monitorAt })
    .where('account_id', '=', accountId)
    .where(({ eb, or, and }) =>
      or([
        eb('monitor_at', 'is', null),
        eb('monitor_at', '<', monitorAt),
        and([eb('monitor_at', '=', monitorAt), eb('monitor', '<', monitor)]),
      ]),
    )
    .execute();
}

/**
 * Why a report was ignored. `otherSubmission`: the account belongs to another one. `erased`: the submission was erased.
 * `full`: the submission has as many claims, or as many confirmed accounts, as it may.
 */
export type Ignored = 'otherSubmission' | 'erased' | 'full';

/**
 * Applies one report about an account. `laterStatus` decides whether it changes anything. A confirmed report takes an
 * account from a submission that merely claimed it. The provider stays as first reported. So do screen and widget, unless the
 * sign-in failed there and the person tries again, or the page names another place at the first connection. Texts are stored
 * without invisible characters, so that the dashboard, the API and the CSV file have the same ones.
 * @returns the reason if the report was ignored
 */
export async function recordAccount(db: Database, report: AccountReport): Promise<Recorded | Ignored> {
  const incoming: StatusReport = {
    status: report.status,
    errorCode: report.errorCode ? typeable(report.errorCode) : null,
    confirmed: report.confirmed,
    at: new Date(report.at).toISOString(),
  };
  return db.transaction(async (trx) => {
    const row = await trx.query
      .selectFrom('accounts')
      .selectAll()
      .where('account_id', '=', report.accountId)
      .executeTakeFirst();
    const other = row && row.submission_id !== report.submissionId;
    if (other && (row.confirmed || !report.confirmed)) return 'otherSubmission';
    const current = row && !other ? toAccount(row) : undefined;
    const isMore = !current || (report.confirmed && !current.confirmed);
    if (isMore && (await countAccounts(trx, report)) >= (report.confirmed ? MAX_CONFIRMED : MAX_CLAIMS)) return 'full';
    if (!current && (await isErased(trx, report.submissionId))) return 'erased';
    const { submissionId, screen, widget = 0, providerId } = report;
    const isUnlinked = current?.connectedAt === null && current.status !== 'CONNECTED';
    if (current && laterStatus({ ...current, at: current.statusAt }, incoming) !== incoming) {
      // Only the page knows in which window the person connected it. Smile confirms it some seconds later.
      const moved =
        isUnlinked && !incoming.confirmed && incoming.status === 'CONNECTED' ? { screen, widget } : undefined;
      if (moved)
        await trx.query.updateTable('accounts').set(moved).where('account_id', '=', report.accountId).execute();
      return { account: { ...current, ...moved }, before: current, changed: false };
    }
    const whose = { submission_id: submissionId, screen, widget, provider_id: typeable(providerId) };
    // A report of another status may arrive late, when the person has opened the next window.
    const isRetry = isUnlinked && current.status === 'ERROR' && !isOver(incoming);
    const place = isRetry ? { screen, widget } : {};
    const updated = {
      status: incoming.status,
      error_code: incoming.errorCode,
      confirmed: incoming.confirmed ? 1 : 0,
      status_at: incoming.at,
      ...connectionOf(current, incoming),
      updated_at: report.now.toISOString(),
    };
    const store = () =>
      trx.query
        .insertInto('accounts')
        .values({
          account_id: report.accountId,
          ...whose,
          created_at: report.now.toISOString(),
          ...updated,
        })
        .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ ...(other ? whose : place), ...updated }))
        .returningAll()
        .executeTakeFirstOrThrow();
    const counted = () => tallied(trx, submissionId, store);
    const stored = await (other ? tallied(trx, row.submission_id, counted) : counted());
    return { account: toAccount(stored), before: current, changed: true };
  });
}

const isOver = ({ status }: StatusReport): boolean => status === 'ERROR' || status === 'DISCONNECTED';

const MAX_CLAIMS = SITE_LIMITS.claimedAccounts.value;
const MAX_CONFIRMED = SITE_LIMITS.confirmedAccounts.value;

/** How many accounts of the same kind the submission has. Exact within a transaction that is kept apart from others. */
async function countAccounts(
  db: Database,
  { submissionId, confirmed }: Pick<AccountReport, 'submissionId' | 'confirmed'>,
): Promise<number> {
  const { count } = await db.query
    .selectFrom('accounts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('submission_id', '=', submissionId)
    .where('confirmed', '=', confirmed ? 1 : 0)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** A report that was under way during an erasure must not bring data back. */
async function isErased(db: Database, submissionId: string): Promise<boolean> {
  const row = await db.query
    .selectFrom('submissions')
    .select('erased_at')
    .where('id', '=', submissionId)
    .executeTakeFirst();
  return Boolean(row?.erased_at);
}

/** A continuing connection keeps its start. A new one gets a new start and is not revoked. */
function connectionOf(before: Account | undefined, { status, confirmed, at }: StatusReport) {
  const unchanged = { connected_at: before?.connectedAt ?? null, revoked_at: before?.revokedAt ?? null };
  if (status !== 'CONNECTED' || !confirmed) return unchanged;
  return before?.status === 'CONNECTED' && unchanged.connected_at ? unchanged : { connected_at: at, revoked_at: null };
}

/** Stores that Flipsite disconnects an account at Smile, so that its end doesn't look like the person's action. */
export async function markRevoked(db: Database, accountId: string, now: Date): Promise<void> {
  const revoked = { revoked_at: now.toISOString(), updated_at: now.toISOString() };
  await db.transaction(async (trx) => {
    const account = await findAccount(trx, accountId);
    if (!account || account.revokedAt !== null) return;
    await tallied(trx, account.submissionId, () =>
      trx.query.updateTable('accounts').set(revoked).where('account_id', '=', accountId).execute(),
    );
  });
}

export async function findAccount(db: Database, accountId: string): Promise<Account | undefined> {
  const row = await db.query.selectFrom('accounts').selectAll().where('account_id', '=', accountId).executeTakeFirst();
  return row && toAccount(row);
}

/** Deletes the accounts that a submission has only claimed, when Smile no longer knows them. Their events stay. */
export async function deleteClaims(db: Database, accountIds: string[], submissionId: string): Promise<void> {
  if (!accountIds.length) return;
  await db.transaction((trx) =>
    tallied(trx, submissionId, () =>
      trx.query
        .deleteFrom('accounts')
        .where('account_id', 'in', accountIds)
        .where('submission_id', '=', submissionId)
        .where('confirmed', '=', 0)
        .execute(),
    ),
  );
}

/** An account, the form and the version of its submission, and the data points that are stored of it. */
export type EndingAccount = Pick<Account, 'accountId' | 'screen' | 'widget'> & { form: string; version: string; stored: string[] }; // prettier-ignore

/** The most accounts that `accountsEnding` returns. */
const MAX_ENDING = 5_000;

/** Accounts that one query reads. On SQLite everyone waits meanwhile, and each account takes some reads of the disk. */
const ENDING_AT_ONCE = 250;

/** Connected accounts that Smile forgets between `from` and `to`, the soonest first. */
export async function accountsEnding(db: Database, from: Date, to: Date): Promise<EndingAccount[]> {
  const connected = (until: Date): string => new Date(until.getTime() - SMILE_KEEPS_MS).toISOString();
  const all: EndingAccount[] = [];
  let after = sql<boolean>`connected_at > ${connected(from)}`;
  for (;;) {
    const rows = await db.query
      .selectFrom('accounts')
      .innerJoin('submissions', 'submissions.id', 'accounts.submission_id')
      .select([
        'account_id as accountId',
        'connected_at as connectedAt',
        'screen',
        'widget',
        'form',
        'version',
        sql<string | null>`(select string_agg(data_point, ',') from account_data
          where account_data.account_id = accounts.account_id and removed_at is null)`.as('stored'),
      ])
      // Word for word as in the index, or SQLite does not use it.
      .where(sql<boolean>`status = 'CONNECTED' and confirmed = 1 and revoked_at is null`)
      .where(sql<boolean>`coalesce(monitor, '') <> 'ACTIVE'`)
      .where(after)
      .where('connected_at', '<=', connected(to))
      .orderBy('connected_at')
      .orderBy('account_id')
      .limit(ENDING_AT_ONCE)
      .execute();
    all.push(...rows.map(({ stored, connectedAt: _, ...row }) => ({ ...row, stored: stored?.split(',') ?? [] })));
    const last = rows.at(-1);
    if (!last || rows.length < ENDING_AT_ONCE || all.length >= MAX_ENDING) return all;
    after = sql<boolean>`(connected_at, account_id) > (${last.connectedAt}, ${last.accountId})`;
    await otherWork();
  }
}

/**
 * The accounts of a submission, in the order of their first reports. An older version may have stored more claims than
 * this reads. Then the result has all confirmed accounts and the first claims.
 */
export async function listAccounts(db: Database, submissionId: string): Promise<Account[]> {
  const rows = await selectAccounts(db, { submissionId });
  const inOrder = (row: { created_at: string; account_id: string }) => `${row.created_at} ${row.account_id}`;
  return rows.sort((a, b) => (inOrder(a) < inOrder(b) ? -1 : 1)).map(toAccount);
}

const selectAccounts = prepared((db, value: Values<{ submissionId: string }>) =>
  db.query
    .selectFrom('accounts')
    .selectAll()
    .where('submission_id', '=', value('submissionId'))
    .orderBy('confirmed', 'desc')
    .orderBy('created_at')
    .orderBy('account_id')
    .limit(SITE_LIMITS.listedAccounts.value),
);

function toAccount(row: Selectable<Tables['accounts']>): Account {
  return {
    accountId: row.account_id,
    submissionId: row.submission_id,
    screen: row.screen,
    widget: row.widget,
    providerId: row.provider_id,
    status: row.status as AccountStatus,
    errorCode: row.error_code,
    confirmed: row.confirmed === 1,
    statusAt: row.status_at,
    connectedAt: row.connected_at,
    revokedAt: row.revoked_at,
    monitor: row.monitor,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
