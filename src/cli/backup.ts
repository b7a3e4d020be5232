/** `npm run backup [-- FOLDER]`: copies the database, the files and the key while the site runs. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { formatCount } from '../form/format-count.ts';
import { countFiles, takeBackup } from '../operate/backup.ts';
import { inShell } from '../operate/in-shell.ts';
import { addressInShell, listed, separateParts } from './separate-parts.ts';
import { isPostgresUrl } from '../record/db/database.ts';
import { keyFault } from '../secret-key.ts';
import { npmCommand } from './npm-command.ts';
import { onSite } from './on-site.ts';

await npmCommand(
  'backup',
  'Copies the database, the files and the key while the site runs.',
  'npm run backup -- /backups/monday',
)
  .argument('[folder]', 'a new folder for the copy (default: a folder in backups/ with the current time)')
  .action((folder?: string) => onSite((config) => backUp(config, folder)))
  .parseAsync();

async function backUp(config: Config, folder?: string): Promise<void> {
  const separate = separateParts(config);
  if (isPostgresUrl(config.databaseUrl)) {
    // The dump is for its owner only, like a backup of SQLite.
    const dump = `The database: (umask 077; pg_dump --format=custom "${addressInShell()}" > flipsite.dump)`;
    throw new Error(listed('This site uses PostgreSQL. Back up the following, starting with the database:', [dump, ...separate]).join('\n')); // prettier-ignore
  }
  const into = folder ?? join('backups', new Date().toISOString().slice(0, 19).replaceAll(':', '-'));
  const copied = await takeBackup({ dataDir: config.dataDir, database: config.databaseUrl }, into);
  const { total, missing } = config.bucket
    ? { total: 0, missing: 0 }
    : countFiles(into, join(into, 'files'), config.databaseUrl);
  const lost = missing ? [`${missing.toLocaleString('en-US')} of ${formatCount(total, 'uploaded file')} ${missing === 1 ? 'is' : 'are'} not in ${join(config.dataDir, 'files')}, so this backup does not have ${missing === 1 ? 'it' : 'them'}. Check that the disk of the folder is mounted.`] : []; // prettier-ignore
  // So a nightly job of the operator fails. A site that has lost a few files can still be backed up.
  if (missing > total / 2) process.exitCode = 1;
  const done = `Backed up to ${into} and checked: ${copied.join(', ')}. To restore it, run npm run restore -- ${inShell(into)}`;
  const fault = keyFault(config);
  console.log([done, ...lost, ...listed('Not in this backup, so copy it separately:', separate), ...(fault ? [fault] : [])].join('\n')); // prettier-ignore
}
