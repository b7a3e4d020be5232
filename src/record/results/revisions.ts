/** The revision of the numbers of each form, which grows with each change. Any server can ask whether there is something new. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** Marks the numbers of these forms as changed. Call it last in the transaction that changes them. */
export async function addRevision(trx: Database, forms: Iterable<string>): Promise<void> {
  // In one order, so that two transactions can't wait for each other.
  for (const form of [...new Set(forms)].sort()) {
    await trx.query
      .insertInto('result_revisions')
      .values({ form, revision: 1 })
      .onConflict((conflict) => conflict.column('form').doUpdateSet({ revision: sql`result_revisions.revision + 1` }))
      .execute();
  }
}

/** @returns the revisions by form. Forms without numbers are absent */
export async function revisionsOf(db: Database, forms: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.query.selectFrom('result_revisions').selectAll().where('form', 'in', forms).execute();
  return new Map(rows.map(({ form, revision }) => [form, Number(revision)]));
}
