/** Finds a wrong secret key before a site stores something with it. */
import type { Database } from '../db/database.ts';
import { currentKey } from './seal.ts';

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
    if (last && last.key_id !== lost && !db.keys.some((one) => one.id === last.key_id)) throw new Error(wrongKey(last.key_id)); // prettier-ignore
    await trx.query
      .insertInto('site_key')
      .values({ row: ROW, key_id: id })
      .onConflict((conflict) => conflict.column('row').doUpdateSet({ key_id: id }))
      .execute();
  });
}

const wrongKey = (id: string) =>
  `The database was last used with another secret key, ${id}. Set SECRET_KEY to that key, or restore your copy of secret.key. If you have changed the key, add that key to FORMER_SECRET_KEYS. If it is lost, set LOST_SECRET_KEY=${id}. All drafts and all encrypted data are lost then.`;
