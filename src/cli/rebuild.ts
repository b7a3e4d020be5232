/**
 * `npm run rebuild`, while the site is stopped. It computes accounts from events, and counts from submissions, events and
 * accounts. Openings, clicks and deleted people keep their numbers.
 */
import { formatCount } from '../form/format-count.ts';
import { isPostgresUrl } from '../record/db/database.ts';
import { refuseWhileOpen } from '../record/db/sqlite-file.ts';
import { rebuildResults } from '../record/results/count-changes.ts';
import { rebuildAccounts } from '../respond/smile/rebuild.ts';
import { npmCommand } from './npm-command.ts';
import { existingDatabase, onSite, withDatabase } from './on-site.ts';

await npmCommand(
  'rebuild',
  'Computes accounts from events, and counts from submissions, events and accounts. Stop the site first.',
)
  .action(() =>
    onSite(async (config) => {
      // Flipsite cannot see whether other servers use PostgreSQL.
      if (!isPostgresUrl(config.databaseUrl)) refuseWhileOpen(existingDatabase(config));
      const applied = await withDatabase(config, async (db) => {
        const count = await rebuildAccounts(db);
        await rebuildResults(db);
        return count;
      });
      const events = formatCount(applied, 'event');
      console.log(`Rebuilt the accounts from ${events} and counted the submissions again.`);
    }),
  )
  .parseAsync();
