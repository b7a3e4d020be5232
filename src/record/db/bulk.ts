/** Bulk insert: one statement for thousands of rows, through one JSON parameter. */
import { sql, type Insertable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Rows in one statement: some megabytes of JSON. */
const AT_ONCE = 5_000;

/** Inserts rows, which must all have the columns of the first one. */
export async function insertRows<T extends keyof Tables>(
  db: Database,
  table: T,
  rows: Insertable<Tables[T]>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const into = sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})`;
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const json = JSON.stringify(rows.slice(at, at + AT_ONCE));
    if (db.engine.kind === 'postgres') {
      const source = sql`json_populate_recordset(null::${sql.table(table)}, cast(${json} as json))`;
      await sql`${into} select ${sql.join(columns.map((column) => sql.ref(column)))} from ${source}`.execute(db.query);
    } else {
      const values = columns.map((column) => sql`value ->> ${sql.lit(`$.${column}`)}`);
      await sql`${into} select ${sql.join(values)} from json_each(${json})`.execute(db.query);
    }
  }
}
