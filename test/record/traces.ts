/** Traces of a person in a database. */
import { sql } from 'kysely';
import type { Database } from '../../src/record/db/database.ts';

/** The tables in which any row holds `word`, in any column. */
export async function tablesWith(db: Database, word: string): Promise<string[]> {
  const tables = (await db.query.introspection.getTables()).map(({ name }) => name);
  const found = tables.map(async (name) => {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(db.query);
    return JSON.stringify(rows).includes(word) ? [name] : [];
  });
  return (await Promise.all(found)).flat();
}
