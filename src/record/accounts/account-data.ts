/** Data of linked accounts. It is sealed; once removed, only a record that it existed stays. */
import { sql, type Selectable } from 'kysely';
import type { DataPoint } from '../../form/schema.ts';
import type { Database } from '../db/database.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { PermanentFailure } from '../jobs/worker.ts';
import { openInTurns } from '../crypto/open-in-turns.ts';
import { openText, sealText, type SealContext, type SealKeys } from '../crypto/seal.ts';
import type { Tables } from '../db/tables.ts';

/** One data point of one account. */
export type LinkedData = {
  accountId: string;
  dataPoint: DataPoint;
  /** As in Smile's answer; empty once removed. */
  items: Record<string, unknown>[];
  /** How many there are, or were. */
  count: number;
  /** ISO 8601, as `removedAt`. */
  readAt: string;
  removedAt: string | null;
  removedBecause: 'disconnected' | null;
  /** The reason if it can't be opened. */
  fault: string | undefined;
};

export type Read = { dataPoint: DataPoint; items: Record<string, unknown>[] };

/**
 * Stores the data of an account in place of the data read before, in one transaction. If Smile now has no items of a data
 * point, the items read before stay. Returns those data points.
 */
export async function storeLinked(
  db: Database,
  { accountId, submissionId }: { accountId: string; submissionId: string },
  read: Read[],
  now: Date,
): Promise<DataPoint[]> {
  return db.transaction(async (trx) => {
    const there = await trx.query
      .selectFrom('account_data')
      .select('data_point')
      .where('account_id', '=', accountId)
      .where('removed_at', 'is', null)
      .where('items', '>', 0)
      .execute();
    const isKept = ({ dataPoint, items }: Read) =>
      items.length === 0 && there.some(({ data_point: known }) => known === dataPoint);
    for (const { dataPoint, items } of read.filter((one) => !isKept(one))) {
      const stored = {
        sealed: sealLinked(trx.keys, accountId, dataPoint, items),
        items: items.length,
        read_at: now.toISOString(),
        removed_at: null,
        removed_because: null,
      };
      await trx.query
        .insertInto('account_data')
        .values({ account_id: accountId, data_point: dataPoint, submission_id: submissionId, ...stored })
        .onConflict((conflict) => conflict.columns(['account_id', 'data_point']).doUpdateSet(stored))
        .execute();
    }
    const { bytes } = await trx.query
      .selectFrom('account_data')
      .select(sql<number>`sum(octet_length(sealed))`.as('bytes'))
      .where('submission_id', '=', submissionId)
      .executeTakeFirstOrThrow();
    checkLinkedBytes(Number(bytes));
    return read.filter(isKept).map(({ dataPoint }) => dataPoint);
  });
}

/** @throws {PermanentFailure} if the data of a submission's accounts is more than Flipsite stores */
export function checkLinkedBytes(bytes: number): void {
  const maxBytes = SITE_LIMITS.linkedBytes.value;
  if (bytes > maxBytes)
    throw new PermanentFailure(`Smile has more than ${maxBytes / 1_048_576} MB of data about this person, so Flipsite has not stored this account’s`); // prettier-ignore
}

/** One data point of an account as it is stored. */
export const sealLinked = (keys: SealKeys, accountId: string, dataPoint: string, items: object[]): string =>
  sealText(keys, placeOf(accountId, dataPoint), JSON.stringify(items));

/** Removes the data of an account that was disconnected. Returns the number of data points. */
export async function removeLinked(db: Database, accountId: string, now: Date): Promise<number> {
  const rows = await db.query
    .updateTable('account_data')
    .set({ sealed: null, removed_at: now.toISOString(), removed_because: 'disconnected' })
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .returning('data_point')
    .execute();
  return rows.length;
}

/** All data of a submission's accounts, by account and data point. */
export async function listLinked(db: Database, submissionId: string): Promise<LinkedData[]> {
  const rows = await db.query
    .selectFrom('account_data')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .orderBy('account_id')
    .orderBy('data_point')
    .execute();
  return openInTurns(rows, (row) => fromRow(db, row));
}

function fromRow(db: Database, row: Selectable<Tables['account_data']>): LinkedData {
  const place = placeOf(row.account_id, row.data_point);
  const opened = row.sealed === null ? { ok: true as const, value: '[]' } : openText(db.keys, place, row.sealed);
  return {
    accountId: row.account_id,
    dataPoint: row.data_point as DataPoint,
    items: opened.ok ? (JSON.parse(opened.value) as Record<string, unknown>[]) : [],
    count: row.items,
    readAt: row.read_at,
    removedAt: row.removed_at,
    removedBecause: row.removed_because as LinkedData['removedBecause'],
    fault: opened.ok ? undefined : opened.fault,
  };
}

const placeOf = (accountId: string, dataPoint: string): SealContext => [accountId, `linked ${dataPoint}`];
