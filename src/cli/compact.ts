/** `npm run compact`: rewrites the SQLite file while the site is stopped, so that no deleted data is left in its free space. */
import type { Config } from '../config.ts';
import { isPostgresUrl } from '../record/db/database.ts';
import { compactFile } from '../record/db/sqlite-file.ts';
import { tablesWithPeople } from '../record/erasure.ts';
import { npmCommand } from './npm-command.ts';
import { existingDatabase, onSite } from './on-site.ts';

await npmCommand(
  'compact',
  'Rewrites the SQLite file while the site is stopped, so that its free space has no deleted data.',
)
  .action(() => onSite(compactDatabase))
  .parseAsync();

function compactDatabase(config: Config): void {
  if (isPostgresUrl(config.databaseUrl)) {
    throw new Error(`This site uses PostgreSQL. Run VACUUM FULL ${tablesWithPeople.join(', ')};`);
  }
  const path = existingDatabase(config);
  if (!compactFile(path)) throw new Error(`${path} is in use. Stop the site, then run this command again.`);
  console.log(`Rewrote ${path}. Its free space no longer has deleted data.`);
}
