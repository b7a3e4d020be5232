/** `npm run restore -- FOLDER`: puts a backup back while the site is stopped. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { formatCount } from '../form/format-count.ts';
import { EMPTIED_TABLES, countFiles, restoreBackup } from '../operate/backup.ts';
import { deletedOnRequest, undoneSinceBackup, type Undone } from '../operate/undone-by-restore.ts';
import { listed, separateParts } from './separate-parts.ts';
import { isPostgresUrl } from '../record/db/database.ts';
import { keyFault } from '../secret-key.ts';
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
    const dump = 'The database. Create an empty one, and set DATABASE_URL to its address. Then run pg_restore --no-owner --dbname ADDRESS flipsite.dump'; // prettier-ignore
    const parts = listed('This site uses PostgreSQL. Stop the site and restore the following, starting with the database:', [dump, ...separate]); // prettier-ignore
    const members =
      'Before you change DATABASE_URL, run npm run member -- list and keep its output. After the restore, run it again. Remove the members and roles that only the second list has. Change passwords again that were changed after the backup.';
    const forms = 'After the restore, make, publish, close, open, archive or delete the forms again that were made or changed in the dashboard after the backup. Plan publications again, or take them back.'; // prettier-ignore
    // The restore of SQLite does so by itself.
    const sessions = `Before you start the site, end the sessions and codes of the backup: psql ADDRESS -c '${EMPTIED_TABLES.map((table) => `delete from ${table}`).join('; ')}'`; // prettier-ignore
    throw new Error(
      [...parts, laterFiles(config), members, forms, sessions, ...(await deletedInWords(config.databaseUrl))].join(
        '\n',
      ),
    );
  }
  const aside = restoreBackup({ dataDir: config.dataDir, database: config.databaseUrl }, folder, new Date());
  const { total, missing } = config.bucket
    ? { total: 0, missing: 0 }
    : countFiles(folder, join(config.dataDir, 'files'));
  const lost = missing ? [`${missing} of ${formatCount(total, 'uploaded file')}. If copying the backup was interrupted, copy it again and restore it again.`] : []; // prettier-ignore
  const hasKey = config.secretKey !== undefined || existsSync(join(folder, 'secret.key')) || hasKeyOfDatabase(config);
  const key = hasKey ? [] : ['The key from SECRET_KEY. Set it before you start the site.'];
  // The database may be in another folder than the files.
  const asides = new Set(aside === undefined ? [] : [aside, join(resolve(config.dataDir), basename(aside))]);
  const places = [...asides].filter((place) => existsSync(place)).join(' and ');
  const done = `Restored ${folder}.${places && ` The previous data is in ${places}.`}`;
  const rest = listed('Not in this backup. Restore it separately, from the same time:', [...separate, ...key, ...lost]);
  const undone = aside === undefined ? [] : undoneInWords(undoneSinceBackup(config.databaseUrl, aside));
  console.log([done, ...rest, ...(config.bucket ? [laterFiles(config)] : []), ...undone].join('\n'));
}

/** Warns that the cleanup of files removes those that the restored database does not know. They are not moved aside. */
function laterFiles({ bucket, dataDir }: Pick<Config, 'bucket' | 'dataDir'>): string {
  const place = bucket ? `the bucket ${bucket.url}` : join(dataDir, 'files');
  return `After its start, Flipsite deletes the files in ${place} that were uploaded after the backup. To keep them for the previous data, copy them first.`;
}

/** Whether `secret.key` is the key of the restored database. The copy from before an update has no key, so the file stays. */
function hasKeyOfDatabase(config: Config): boolean {
  return existsSync(join(config.dataDir, 'secret.key')) && keyFault(config) === undefined;
}

/** Lines for the terminal. */
function undoneInWords({ people, members, forms }: Undone): string[] {
  return [
    ...(people ? listed('These people were deleted after the backup, and their data is back. Start the site and delete them again:', people.map(pageOf)) : [notListed('people who were deleted')]), // prettier-ignore
    ...(members ? listed('After the backup, these members were removed, or got another role or password. Their previous access is back. Change it again:', members) : [notListed('members whose access changed')]), // prettier-ignore
    ...(forms ? listed('These forms were made or changed in the dashboard after the backup. The restore has undone that, and publications that were planned since. A publication that was planned before takes place again. Make, publish, plan, close, open, archive or delete them again:', forms.map((slug) => `/${slug}`)) : [notListed('forms that were made or changed in the dashboard')]), // prettier-ignore
  ];
}

function notListed(whom: string): string {
  return `Flipsite cannot compare the previous data with the backup, so it does not list ${whom} after the backup.`;
}

/** The people whom `pg_restore` may bring back, as lines for the terminal. Only the current database knows them. */
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
