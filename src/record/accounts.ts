/** Linked work accounts of submissions, with the status that stands. */
import type { Selectable } from 'kysely';
import { laterStatus, type AccountStatus, type StatusReport } from './account-status.ts';
import { inTransaction, type Database } from './database.ts';
import type { Tables } from './tables.ts';

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
  /** Whether Smile said so to our server; otherwise the page claims it. */
  confirmed: boolean;
  /** When it came to this status, by the clock of whoever reported it. */
  statusAt: string;
  createdAt: string;
  updatedAt: string;
};

export type AccountReport = {
  accountId: string;
  submissionId: string;
  screen: string;
  /** 0 when it is left out. */
  widget?: number;
  providerId: string;
  status: AccountStatus;
  errorCode?: string | null;
  confirmed: boolean;
  /** ISO 8601. */
  at: string;
  now: Date;
};

/**
 * Takes in one report about an account; `laterStatus` decides whether it changes anything. An account that belongs to
 * another submission is left alone: 'foreign', unless that one merely claimed it and this report is confirmed. Screen,
 * widget and provider stay as first reported.
 */
export async function recordAccount(
  db: Database,
  report: AccountReport,
): Promise<{ account: Account; changed: boolean } | 'foreign'> {
  const incoming: StatusReport = {
    status: report.status,
    errorCode: report.errorCode ?? null,
    confirmed: report.confirmed,
    at: new Date(report.at).toISOString(),
  };
  return inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('accounts')
      .selectAll()
      .where('account_id', '=', report.accountId)
      .executeTakeFirst();
    const other = row && row.submission_id !== report.submissionId;
    if (other && (row.confirmed || !report.confirmed)) return 'foreign';
    const current = row && !other ? toAccount(row) : undefined;
    if (current && laterStatus({ ...current, at: current.statusAt }, incoming) !== incoming) {
      return { account: current, changed: false };
    }
    const { submissionId, screen, widget = 0, providerId } = report;
    const whose = { submission_id: submissionId, screen, widget, provider_id: providerId };
    const updated = {
      status: incoming.status,
      error_code: incoming.errorCode,
      confirmed: incoming.confirmed ? 1 : 0,
      status_at: incoming.at,
      updated_at: report.now.toISOString(),
    };
    const stored = await trx
      .insertInto('accounts')
      .values({
        account_id: report.accountId,
        ...whose,
        created_at: report.now.toISOString(),
        ...updated,
      })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(other ? { ...whose, ...updated } : updated))
      .returningAll()
      .executeTakeFirstOrThrow();
    return { account: toAccount(stored), changed: true };
  });
}

/** Drops what a submission has merely claimed of an account, once Smile knows nothing of it. Its events stay. */
export async function forgetClaim(db: Database, accountId: string, submissionId: string): Promise<void> {
  await db
    .deleteFrom('accounts')
    .where('account_id', '=', accountId)
    .where('submission_id', '=', submissionId)
    .where('confirmed', '=', 0)
    .execute();
}

/** The accounts of a submission, in the order in which they were first reported. */
export async function listAccounts(db: Database, submissionId: string): Promise<Account[]> {
  const rows = await db
    .selectFrom('accounts')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .orderBy('created_at')
    .orderBy('account_id')
    .execute();
  return rows.map(toAccount);
}

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
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
