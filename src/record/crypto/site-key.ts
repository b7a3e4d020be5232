/** Finds a wrong secret key before a site stores something with it. */
import type { DatabaseSync } from 'node:sqlite';
import type { Database } from '../db/database.ts';
import { currentKey, type SealKeys } from './seal.ts';

/** The table has one row. */
const ROW = 1;

/**
 * Checks that the keys of `db` have the one that the site last started with, and remembers the current one. Otherwise the
 * site could not decrypt its data, or another server could not.
 * @param lost the id of a key that the operator has given up
 * @throws {Error} with a sentence for the operator
 */
export async function checkSiteKey(db: Database, lost: string | undefined): Promise<void> {
  const { id } = currentKey(db.keys);
  await db.transaction(async (trx) => {
    const last = await trx.query.selectFrom('site_key').select('key_id').executeTakeFirst();
    if (last?.key_id === id) return;
    const missing = last && explainMissingKey(last.key_id, db.keys, lost);
    if (missing) throw new Error(missing);
    await trx.query
      .insertInto('site_key')
      .values({ row: ROW, key_id: id })
      .onConflict((conflict) => conflict.column('row').doUpdateSet({ key_id: id }))
      .execute();
  });
}

/** The id of the key that the site last started with, in a file of SQLite. Undefined where the file does not have it yet. */
export function lastKeyId(file: DatabaseSync): string | undefined {
  if (!file.prepare(`select 1 from sqlite_master where name = 'site_key'`).get()) return undefined;
  return (file.prepare('select key_id from site_key').get() as { key_id: string } | undefined)?.key_id;
}

/** @returns a sentence for the operator; undefined if `keys` have the key `id` of the last start, or it is given up */
export function explainMissingKey(id: string, keys: SealKeys, lost: string | undefined): string | undefined {
  if (id === lost || keys.some((one) => one.id === id)) return undefined;
  return `The database was last used with the secret key ${id}, which is missing. Set SECRET_KEY to that key, or restore your copy of secret.key. If you have changed the key, add that key to FORMER_SECRET_KEYS. If it is lost, set LOST_SECRET_KEY=${id}. All drafts and all encrypted data are lost then.`;
}
