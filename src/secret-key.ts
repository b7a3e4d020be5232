/** The key of the tokens that open drafts, and of all that is stored sealed. */
import { randomBytes } from 'node:crypto';
import { constants, copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import type { Config } from './config.ts';
import { secretKey } from './environment.ts';

export type LoadedKey = { ok: true; key: Buffer } | { ok: false; fault: string };

/** The key that the environment gives, else that of the data folder. */
export function secretKeyOf({ secretKey: given, dataDir }: Pick<Config, 'secretKey' | 'dataDir'>): LoadedKey {
  if (given) return { ok: true, key: given };
  try {
    return loadSecretKey(dataDir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    const fault = full
      ? `The disk of DATA_DIR is full: ${dataDir}. Free some space, then start again.`
      : `Flipsite cannot write to DATA_DIR: ${dataDir} (${code}). Make it writable for this user, or set DATA_DIR to another folder.`;
    return { ok: false, fault };
  }
}

/**
 * The key in `secret.key` of the data folder: 32 bytes as base64, generated the first time, readable by its owner only.
 * Without it nobody can go on with a draft, nor read what is stored encrypted, so a damaged one is a fault and never
 * replaced.
 */
function loadSecretKey(dataDir: string): LoadedKey {
  const path = join(dataDir, 'secret.key');
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(path)) makeKey(path);
  const written = readFileSync(path, 'utf8').trim();
  const parsed = secretKey.safeParse(written);
  if (parsed.success) return { ok: true, key: parsed.data };
  if (!written) return { ok: false, fault: `${path} is empty. Restore your copy of it, or delete the file if this site has stored nothing yet.` }; // prettier-ignore
  const remedy = 'Restore your copy of it. If you delete it, all drafts and all encrypted data are lost.';
  return { ok: false, fault: `${path} is damaged: it must have 32 bytes in base64. ${remedy}` };
}

/** Makes a key at `path`, whole or not at all; one that another process makes meanwhile stays. */
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
    // Some disks, such as those of memory cards, know no second name of a file.
    copyFileSync(whole, path, constants.COPYFILE_EXCL);
  }
}
