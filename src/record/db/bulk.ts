/** Bulk insert: one statement for thousands of rows, through one JSON parameter. */
import { sql, type Insertable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Rows in one statement: some megabytes of JSON. */
const AT_ONCE = 5_000;

/**
 * Inserts rows, which must all have the columns of the first one.
 * @param key the columns of a unique key, whose stored rows get the new values. Without it, their rows are an error
 */
export async function insertRows<T extends keyof Tables>(
  db: Database,
  table: T,
  rows: Insertable<Tables[T]>[],
  key?: (keyof Tables[T] & string)[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const list = sql.join(columns.map((column) => sql.ref(column)));
  const into = sql`insert into ${sql.table(table)} (${list})`;
  const changed = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  // Without `where`, SQLite reads `on` as a part of the join.
  const where = key ? sql`where true on conflict (${sql.join(key.map((column) => sql.ref(column)))}) do update set ${sql.join(changed)}` : sql``; // prettier-ignore
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const json = JSON.stringify(rows.slice(at, at + AT_ONCE));
    if (db.engine.kind === 'postgres') {
      const source = sql`json_populate_recordset(null::${sql.table(table)}, cast(${json} as json))`;
      await sql`${into} select ${list} from ${source} ${where}`.execute(db.query);
    } else {
      const values = columns.map((column) => sql`value ->> ${sql.lit(`$.${column}`)}`);
      await sql`${into} select ${sql.join(values)} from json_each(${json}) ${where}`.execute(db.query);
    }
  }
}
