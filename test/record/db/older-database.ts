/** A database of an older version. */
import { DatabaseSync } from 'node:sqlite';
import { Migrator } from 'kysely/migration';
import { plainKysely } from '../../../src/record/db/sqlite.ts';
import { migrations } from '../../../src/record/migrations/migrations.ts';

/** Makes a database without the last two migrations, as an older version has left it. */
export async function makeOlderDatabase(path: string): Promise<void> {
  const sqlite = new DatabaseSync(path);
  const names = Object.keys(migrations).slice(0, -2);
  const provider = { getMigrations: async () => Object.fromEntries(names.map((name) => [name, migrations[name]!])) };
  const { error } = await new Migrator({ db: plainKysely(sqlite), provider }).migrateToLatest();
  sqlite.close();
  if (error) throw error;
}
