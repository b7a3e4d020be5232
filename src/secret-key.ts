/** The key of the tokens that open drafts, and of all that is stored sealed. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    const fault = `DATA_DIR cannot be written: ${dataDir} (${code}); name a folder that this user may write to`;
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
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const parsed = secretKey.safeParse(readFileSync(path, 'utf8').trim());
  if (parsed.success) return { ok: true, key: parsed.data };
  const remedy = 'put back your copy of it; deleting it gives up every draft, and all that is stored encrypted';
  return { ok: false, fault: `${path} does not hold 32 bytes in base64: ${remedy}` };
}
