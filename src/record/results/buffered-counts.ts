/** Counts of visits that wait in memory until they are added to a table, so that a visit writes nothing. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { addRevision } from './revisions.ts';
import { rowsOfDay, type MayAddRow } from './rows-of-day.ts';

export interface BufferedCounts<Row> {
  /** Adds the count of a row to those that wait. Cheap: it waits for nothing. */
  add(row: Row, mayAddRow?: MayAddRow): void;
  /** How many rows wait. */
  size(): number;
  /** Stores the counts that wait. If that fails, it throws, and they wait for the next time. */
  flush(store: (rows: Row[]) => Promise<void>): Promise<void>;
}

interface Options<Row> {
  /** Two rows with the same name are one count. */
  nameOf(row: Row): string;
  /** The row that gets the count if its day has no room for another row. Many rows share it. */
  sharedRow(row: Row): Row;
  /** Where a flood of different rows comes, more are not counted until the next flush. */
  max: number;
}

export function bufferedCounts<Row extends { hour: string; count: number }>({
  nameOf,
  sharedRow,
  max,
}: Options<Row>): BufferedCounts<Row> {
  let waiting = new Map<string, Row>();
  const hasRow = rowsOfDay();

  function addCount(name: string, row: Row): void {
    const known = waiting.get(name);
    if (known) known.count += row.count;
    else if (waiting.size < max) waiting.set(name, { ...row });
  }

  return {
    add(row, mayAddRow) {
      const name = nameOf(row);
      if (hasRow(row.hour, name, mayAddRow)) return addCount(name, row);
      const shared = sharedRow(row);
      addCount(nameOf(shared), shared);
    },
    size: () => waiting.size,
    async flush(store) {
      if (!waiting.size) return;
      const rows = [...waiting.values()];
      waiting = new Map();
      try {
        await store(rows);
      } catch (error) {
        for (const row of rows) addCount(nameOf(row), row);
        throw error;
      }
    },
  };
}

/** Rows in one statement. */
const ROWS_AT_ONCE = 500;

/**
 * Adds counts to those of a table. All columns but `amount` are its key.
 * @param amount the column that has the number
 */
export async function addCounts<Name extends 'openings' | 'link_clicks'>(
  db: Database,
  table: Name,
  amount: keyof Tables[Name] & string,
  rows: readonly Tables[Name][],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const key = Object.keys(first).filter((column) => column !== amount) as (keyof Tables[Name])[];
  const nameOf = (row: Tables[Name]) => key.map((column) => row[column]).join('\n');
  // In one order, so that two transactions can't wait for each other.
  const sorted = rows.map((row) => ({ row, name: nameOf(row) })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const sum = sql`${sql.ref(`${table}.${amount}`)} + ${sql.ref(`excluded.${amount}`)}`;
  await db.transaction(
    async (trx) => {
      for (let at = 0; at < sorted.length; at += ROWS_AT_ONCE) {
        await trx.query
          .insertInto(table)
          .values(sorted.slice(at, at + ROWS_AT_ONCE).map(({ row }) => row) as never)
          .onConflict((conflict) => conflict.columns(key as never).doUpdateSet({ [amount]: sum } as never))
          .execute();
      }
      await addRevision(
        trx,
        rows.map(({ form }) => form),
      );
    },
    { locksRow: true },
  );
}
