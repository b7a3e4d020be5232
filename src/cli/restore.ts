/** `npm run restore -- FOLDER`: puts a backup back while the site is stopped. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { formatCount } from '../form/format-count.ts';
import { countFiles, restoreBackup } from '../operate/backup.ts';
import { deletedOnRequest, undoneSinceBackup } from '../operate/undone-by-restore.ts';
import { listed, separateParts } from './separate-parts.ts';
import { isPostgresUrl } from '../record/db/database.ts';
import { npmCommand } from './npm-command.ts';
import { onSite } from './on-site.ts';

await npmCommand(
  'restore',
  'Restores a backup while the site is stopped.',
  'npm run restore -- backups/2026-11-24T10-00-00',
)
  .argument('<folder>', 'the backup')
  .action((folder: string) => onSite((config) => restore(config, folder), { afterCutOffRestore: true }))
  .parseAsync();

async function restore(config: Config, folder: string): Promise<void> {
  const separate = separateParts(config);
  if (isPostgresUrl(config.databaseUrl)) {
    // Over the tables of a newer version, those that the dump doesn't have would stay, and the site would not start.
    const dump = 'The database: pg_restore --no-owner --dbname ADDRESS flipsite.dump. ADDRESS is the address of an empty database. Set DATABASE_URL to it'; // prettier-ignore
    const parts = listed('This site uses PostgreSQL. Stop the site and restore the following, starting with the database:', [dump, ...separate]); // prettier-ignore
    throw new Error([...parts, ...(await deletedInWords(config.databaseUrl))].join('\n'));
  }
  const aside = restoreBackup({ dataDir: config.dataDir, database: config.databaseUrl }, folder, new Date());
  const { there, missing } = config.bucket ? { there: 0, missing: 0 } : countFiles(folder);
  const lost = missing ? [`${formatCount(missing, 'file')} of people, of ${there + missing}. If copying the backup was interrupted, copy it again and restore it again.`] : []; // prettier-ignore
  const hasKey = config.secretKey !== undefined || existsSync(join(folder, 'secret.key'));
  const key = hasKey ? [] : ['The key from SECRET_KEY. Set it before you start the site.'];
  const done = `Restored ${folder}.${aside ? ` The previous data is in ${aside}.` : ''}`;
  const rest = listed('Not in this backup. Restore it separately, from the same time:', [...separate, ...key, ...lost]);
  const undone = aside === undefined ? undefined : undoneSinceBackup(config.databaseUrl, aside);
  const people = listed('These people were deleted after the backup, and their data is back. Start the site and delete them again:', (undone?.people ?? []).map(pageOf)); // prettier-ignore
  const members = listed('After the backup, these members were removed, or got another role or password. Their access from before is back. Change it again:', undone?.members ?? []); // prettier-ignore
  console.log([done, ...rest, ...people, ...members].join('\n'));
}

/** The people whom `pg_restore` may bring back, as lines for the terminal. The database from before alone knows them. */
async function deletedInWords(url: string): Promise<string[]> {
  const deleted = await deletedOnRequest(url);
  if (!deleted) return ['Flipsite cannot read the current database, so it does not list the people who were deleted after the backup.']; // prettier-ignore
  return listed(
    'These people were deleted, the last one first. Keep this list. After the restore, start the site and delete those again who were deleted after the backup:',
    deleted.map(({ at, ...submission }) => `${at}  ${pageOf(submission)}`),
  );
}

function pageOf({ form, id }: { form: string; id: string }): string {
  return `/admin/forms/${form}/people/${id}`;
}
