/** The key that signs links to drafts and encrypts stored data. */
import { randomBytes } from 'node:crypto';
import { constants, copyFileSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Config } from './config.ts';
import { secretKeyValue } from './environment/values.ts';
import { explainRefusal } from './operate/ownership.ts';
import { sealKeys } from './record/crypto/seal.ts';
import { makeFolders } from './record/make-folders.ts';
import { explainMissingKey, lastKeyId } from './record/crypto/site-key.ts';

/** The settings that say which key a site has. */
type KeySettings = Pick<Config, 'secretKey' | 'formerSecretKeys' | 'lostSecretKey' | 'dataDir' | 'databaseUrl'>;

/**
 * Whether a file of SQLite has lost its generated key, which a new one would hide: it opens no draft and no encrypted data.
 * @returns a sentence for the operator
 */
export function lostKey({
  secretKey,
  formerSecretKeys,
  lostSecretKey,
  dataDir,
  databaseUrl,
}: KeySettings): string | undefined {
  const path = join(dataDir, 'secret.key');
  if (secretKey || existsSync(path) || !existsSync(databaseUrl)) return undefined;
  const id = idInFile(databaseUrl);
  if (id !== undefined) return explainMissingKey(id, sealKeys(formerSecretKeys), lostSecretKey);
  return `The database ${databaseUrl} is there, but its key is not: ${path}. Restore your copy of it, or set SECRET_KEY as before. If there is no copy, set SECRET_KEY to the output of openssl rand -base64 32. All drafts and all encrypted data are lost then.`;
}

/** Why a file of SQLite cannot be used with the keys of its site: one is missing, damaged or another one. A sentence for the operator. */
export function keyFault(config: KeySettings): string | undefined {
  const lost = lostKey(config);
  // Loading a key would make one.
  if (lost !== undefined || !(config.secretKey || existsSync(join(config.dataDir, 'secret.key')))) return lost;
  const loaded = secretKeyOf(config);
  if (!loaded.ok) return loaded.fault;
  const id = idInFile(config.databaseUrl);
  if (id === undefined) return undefined;
  return explainMissingKey(id, sealKeys([loaded.key, ...config.formerSecretKeys]), config.lostSecretKey);
}

/** The id of the key that a file of SQLite needs. Undefined where it has none yet, or cannot be read. */
function idInFile(file: string): string | undefined {
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      return lastKeyId(db);
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

export type LoadedKey = { ok: true; key: Buffer } | { ok: false; fault: string };

/** The key of a site: as `secretKeyOf`, and a generated key that its database has lost is not generated again. */
export function siteKeyOf(config: KeySettings): LoadedKey {
  const lost = lostKey(config);
  return lost === undefined ? secretKeyOf(config) : { ok: false, fault: lost };
}

/** The key from the environment, or else from the data folder. `fault` is a sentence for the operator. */
export function secretKeyOf({ secretKey: fromEnvironment, dataDir }: Pick<Config, 'secretKey' | 'dataDir'>): LoadedKey {
  if (fromEnvironment) return { ok: true, key: fromEnvironment };
  try {
    return loadSecretKey(dataDir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    const place = { dataDir, database: join(dataDir, 'flipsite.sqlite') };
    const refused = explainRefusal(error, place);
    if (refused) return { ok: false, fault: refused };
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    const fault = full
      ? `The disk of DATA_DIR is full: ${dataDir}. Free some space, then start again.`
      : `Flipsite cannot write to DATA_DIR: ${dataDir} (${code}). Make it writable for this user, or set DATA_DIR to another folder.`;
    return { ok: false, fault };
  }
}

/**
 * The key in `secret.key` of the data folder: 32 bytes as base64, generated the first time, readable by its owner only.
 * Without it no draft opens and no encrypted data is readable, so a damaged file is an error and never replaced.
 */
function loadSecretKey(dataDir: string): LoadedKey {
  const path = join(dataDir, 'secret.key');
  makeFolders(dataDir);
  if (!existsSync(path)) makeKey(path);
  const written = readFileSync(path, 'utf8').trim();
  const parsed = secretKeyValue.safeParse(written);
  if (parsed.success) return { ok: true, key: parsed.data };
  if (!written) return { ok: false, fault: `${path} is empty. Restore your copy of it, or delete the file if this site has stored nothing yet.` }; // prettier-ignore
  const remedy = 'Restore your copy of it. If you delete it, all drafts and all encrypted data are lost.';
  return { ok: false, fault: `${path} is damaged: it must have 32 bytes in base64. ${remedy}` };
}

/** Creates a key at `path` atomically. A key that another process creates meanwhile stays. */
function makeKey(path: string): void {
  const whole = `${path}.${process.pid}.part`;
  try {
    writeFileSync(whole, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
    nameIt(whole, path);
  } finally {
    rmSync(whole, { force: true });
  }
}

function nameIt(whole: string, path: string): void {
  try {
    linkSync(whole, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    // Some file systems, such as FAT, have no hard links.
    copyFileSync(whole, path, constants.COPYFILE_EXCL);
  }
}
