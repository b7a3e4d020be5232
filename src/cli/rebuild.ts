/** `npm run rebuild`: computes the linked accounts and the counts again from the stored events, while the site is stopped. */
import { formatCount } from '../form/format-count.ts';
import { rebuildAccounts } from '../respond/smile/rebuild.ts';
import { npmCommand } from './npm-command.ts';
import { onSite, withDatabase } from './on-site.ts';

await npmCommand('rebuild', 'Computes linked accounts and counts again from the events in the database.')
  .action(() =>
    onSite(async (config) => {
      const events = formatCount(await withDatabase(config, rebuildAccounts), 'event');
      console.log(`Rebuilt the accounts from ${events} and counted the submissions again.`);
    }),
  )
  .parseAsync();
