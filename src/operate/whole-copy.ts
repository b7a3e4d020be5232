/** What makes a copy of a site whole, in words: a database alone is not, and no command can copy all of it. */
import { join } from 'node:path';

export interface KeptApart {
  dataDir: string;
  postgres: boolean;
  /** Whether the environment has SECRET_KEY; otherwise the key is in `dataDir`. */
  keyGiven: boolean;
  formerKeysGiven: boolean;
  /** The address of the bucket that has the files; without one they are in `dataDir`. */
  bucketUrl: string | undefined;
}

/**
 * What `npm run backup` leaves to whoever runs it, a part each: with SQLite what is outside `dataDir`, with PostgreSQL all
 * but the database.
 */
export function keptApart({ dataDir, postgres, keyGiven, formerKeysGiven, bucketUrl }: KeptApart): string[] {
  const needed = 'Without it, no one can read files, sensitive answers and data from work accounts.';
  const generated = postgres ? [`The key in ${join(dataDir, 'secret.key')}. ${needed}`] : [];
  const folder = postgres ? [`The files in ${join(dataDir, 'files')}.`] : [];
  return [
    ...(bucketUrl ? [`The files in the bucket ${bucketUrl}. Use the tools of its provider.`] : folder),
    ...(keyGiven ? [`The key in SECRET_KEY. ${needed}`] : generated),
    ...(formerKeysGiven ? ['The keys in FORMER_SECRET_KEYS. They decrypt older data.'] : []),
  ];
}

/** A line for each of `parts`, under `title`; nothing when there is none. */
export const listed = (title: string, parts: string[]): string[] =>
  parts.length ? [title, ...parts.map((part) => `  - ${part}`)] : [];
