/** Shared by the commands that work on the data of a site: settings, errors, and the database. */
import { statSync } from 'node:fs';
import { readConfig, type Config } from '../config.ts';
import { printable } from '../form/printable.ts';
import { loadEnvFile } from '../environment/env-file.ts';
import { cutOffRestore } from '../operate/backup.ts';
import { explainFileError } from '../operate/file-error.ts';
import { explainRefusal } from '../operate/ownership.ts';
import { checkSiteKey } from '../record/crypto/site-key.ts';
import { closeDatabase, isPostgresUrl, openDatabase, type Database } from '../record/db/database.ts';
import { siteKeyOf } from '../secret-key.ts';

/**
 * Runs a command with the settings of the site, from the environment and `.env`. An error that `run` throws is printed as
 * its message, and the exit status is 1.
 * @param options `afterCutOffRestore`: also runs where a restore was interrupted, which stops all other commands
 */
export async function onSite(
  run: (config: Config) => Promise<void> | void,
  { afterCutOffRestore = false }: { afterCutOffRestore?: boolean } = {},
): Promise<void> {
  // Commands write people's data: no other user of this machine may read it.
  process.umask(0o077);
  let config: Config | undefined;
  try {
    config = readSettings();
    const cutOff = afterCutOffRestore ? undefined : cutOffRestore(config.dataDir);
    if (cutOff) throw new Error(cutOff);
    await run(config);
  } catch (error) {
    const refused = config && explainRefusal(error, { dataDir: config.dataDir, database: config.databaseUrl });
    console.error(printable(refused ?? explainFileError(error) ?? (error as Error).message));
    process.exitCode = 1;
  }
}

/** The settings of the site, from the environment and `.env`. @throws {Error} with a sentence for each wrong one */
export function readSettings(): Config {
  loadEnvFile();
  const read = readConfig(process.env);
  if (read.ok) return read.config;
  throw new Error(`Some settings are wrong. Fix them:\n${read.faults.map((fault) => `  - ${fault}`).join('\n')}`);
}

/** Whether the settings name a PostgreSQL database, or a file that exists. Throws where this user may not look. */
export const hasDatabase = ({ databaseUrl }: Pick<Config, 'databaseUrl'>): boolean =>
  isPostgresUrl(databaseUrl) || statSync(databaseUrl, { throwIfNoEntry: false }) !== undefined;

/** The address of a database that exists. Throws an Error if there is none: a command never creates one. */
export function existingDatabase({ databaseUrl }: Config): string {
  if (hasDatabase({ databaseUrl })) return databaseUrl;
  throw new Error(`There is no database at ${databaseUrl}. Start the site once, or set DATA_DIR and DATABASE_URL to the values of the site.`); // prettier-ignore
}

/**
 * Runs `run` with the site's database, and closes it afterwards. It can't write or read encrypted values. Throws as
 * `existingDatabase` and `openDatabase` do.
 */
export async function withDatabase<R>(config: Config, run: (db: Database) => Promise<R>): Promise<R> {
  return closing(await openDatabase(existingDatabase(config), [], { copyFirst: true }), run);
}

/**
 * Runs `run` with a database that can encrypt and decrypt, and closes it afterwards. Creates the database if the site has
 * never started. Throws as `openDatabase` and `checkSiteKey` do, and where there is no key.
 */
export async function withKeys<R>(config: Config, run: (db: Database) => Promise<R>): Promise<R> {
  const loaded = siteKeyOf(config);
  if (!loaded.ok) throw new Error(loaded.fault);
  const keys = [loaded.key, ...config.formerSecretKeys];
  return closing(await openDatabase(config.databaseUrl, keys, { copyFirst: true }), async (db) => {
    await checkSiteKey(db, config.lostSecretKey);
    return run(db);
  });
}

async function closing<R>(db: Database, run: (db: Database) => Promise<R>): Promise<R> {
  try {
    return await run(db);
  } finally {
    await closeDatabase(db);
  }
}
