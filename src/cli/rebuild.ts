/** `npm run rebuild`: computes the linked accounts and the counts again from the stored events, while the site is stopped. */
import { formatCount } from '../form/format-count.ts';
import { rebuildResults } from '../record/results/fold.ts';
import { rebuildAccounts } from '../respond/smile/rebuild.ts';
import { npmCommand } from './npm-command.ts';
import { onSite, withDatabase } from './on-site.ts';

await npmCommand('rebuild', 'Computes linked accounts and counts again from the events in the database.')
  .action(() =>
    onSite(async (config) => {
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
