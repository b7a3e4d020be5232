/** The parts of a site that `npm run backup` and `npm run restore` don't copy, as lines for the terminal. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { isPostgresUrl } from '../record/db/database.ts';

/**
 * A line for each part that the operator copies separately. With SQLite these are the parts outside `dataDir`, with
 * PostgreSQL all parts except the database.
 */
export function separateParts({
  dataDir,
  databaseUrl,
  secretKey,
  formerSecretKeys,
  bucket,
}: Pick<Config, 'dataDir' | 'databaseUrl' | 'secretKey' | 'formerSecretKeys' | 'bucket'>): string[] {
  const postgres = isPostgresUrl(databaseUrl);
  const needed = 'Without it, no one can read files, sensitive answers and data from work accounts.';
  const generated = postgres ? [`The key in ${join(dataDir, 'secret.key')}. ${needed}`] : [];
  const files = join(dataDir, 'files');
  // A site with a bucket has the folder if it had no bucket before.
  const folder = postgres && (!bucket || existsSync(files)) ? [`The files in ${files}.`] : [];
  return [
    ...(bucket ? [`The files in the bucket ${bucket.url}. Use the tools of its provider.`] : []),
    ...folder,
    ...(secretKey ? [`The key in SECRET_KEY. ${needed}`] : generated),
    ...(formerSecretKeys.length ? ['The keys in FORMER_SECRET_KEYS. They decrypt older data.'] : []),
  ];
}

/** The title and one line for each of `parts`; empty if there are no parts. */
export const listed = (title: string, parts: string[]): string[] =>
  parts.length ? [title, ...parts.map((part) => `  - ${part}`)] : [];

/**
 * Shell code that reads the address of the database as the site does: from the environment, then from `.env`. The address
 * may hold a password, so it is not printed.
 */
export const addressInShell = (): string =>
  existsSync('.env') ? '$(node --env-file=.env -p process.env.DATABASE_URL)' : '$DATABASE_URL';
