/** `npm run seed -- COUNT [FORM]`: stores generated submissions, to try the dashboard with many of them. */
import { InvalidArgumentError } from 'commander';
import type { Config } from '../config.ts';
import { formatCount } from '../form/format-count.ts';
import { seed } from '../operate/seed.ts';
import { currentForms } from '../record/forms/form-states.ts';
import { npmCommand } from './npm-command.ts';
import { existingDatabase, onSite, withKeys } from './on-site.ts';

await npmCommand(
  'seed',
  'Stores generated submissions, to try the dashboard with many of them.',
  'npm run seed -- 1000 gig-driver',
)
  .argument('<count>', 'how many submissions', parseCount)
  .argument('[form]', 'the slug of one form (default: all published forms)')
  .action((count: number, slug?: string) => onSite((config) => storeGenerated(config, count, slug)))
  .parseAsync();

async function storeGenerated(config: Config, count: number, slug?: string): Promise<void> {
  // With OUTGOING=off, the configuration has no keys, and the site may have real people all the same.
  if (process.env['API_KEY']?.trim()) throw new Error('Seeding is for test sites and cannot be undone. It is disabled while Smile API keys are set.'); // prettier-ignore
  // Before the key, which would be generated where there is no site.
  existingDatabase(config);
  const slugs = await withKeys(config, async (db) => {
    const current = (await currentForms(db)).filter((one) => !slug || one.slug === slug);
    const forms = current.flatMap(({ form, version }) => (form && version ? [{ form, version }] : []));
    if (!forms.length) throw new Error('The database has no such form. Start the site once, so that it publishes the forms.'); // prettier-ignore
    await seed(db, forms, count, new Date(), (done) => process.stdout.write(`\r${done} of ${count}`));
    return forms.map(({ form }) => form.slug);
  });
  console.log(`\nStored ${formatCount(count, 'generated submission')} of ${slugs.join(', ')}.`);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Write a whole number of at least 1.');
  return count;
}
