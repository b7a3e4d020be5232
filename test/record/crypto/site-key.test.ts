/** A site starts only with the key that its data was encrypted with. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sealKeys } from '../../../src/record/crypto/seal.ts';
import { checkSiteKey } from '../../../src/record/crypto/site-key.ts';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { postgresFor } from '../../helpers/postgres/postgres.ts';
import { prepareSqlite } from '../../helpers/run/prepared.ts';
import { temporaryFolder } from '../../helpers/database.ts';

const [ONE, OTHER, THIRD] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const idOf = (key: Buffer) => sealKeys([key])[0]?.id;

/** A site that starts and stops with some keys. */
async function emptySite() {
  const folder = temporaryFolder();
  const url = (await postgresFor(folder)) ?? prepareSqlite(join(folder, 'flipsite.db'));
  return async (keys: Buffer[], lost?: string) => {
    const db = await openDatabase(url, keys);
    await checkSiteKey(db, lost).finally(() => closeDatabase(db));
  };
}

it('refuses another key, and says which one it misses', async () => {
  const start = await emptySite();
  await start([ONE]);
  await start([ONE]);
  await expect(start([OTHER])).rejects.toThrow(
    `The database was last used with the secret key ${idOf(ONE)}, which is missing. Set SECRET_KEY to that key`,
  );
  await start([ONE]);
});

it('takes a new key beside the former one, on one server after the other, and later alone', async () => {
  const start = await emptySite();
  await start([ONE]);
  await start([ONE, OTHER]);
  await start([OTHER, ONE]);
  // A server without the new key could not read the data that the others write.
  await expect(start([ONE])).rejects.toThrow(idOf(OTHER));
  await start([ONE, OTHER]);
  await start([OTHER, ONE]);
  await start([OTHER]);
});

it('takes another key once the operator has given up the lost one, and only that one', async () => {
  const start = await emptySite();
  await start([ONE]);
  await expect(start([OTHER], idOf(THIRD))).rejects.toThrow(`set LOST_SECRET_KEY=${idOf(ONE)}`);
  await start([OTHER], idOf(ONE));
  await start([OTHER]);
  await expect(start([THIRD], idOf(ONE))).rejects.toThrow(idOf(OTHER));
});

it('lets one of two servers with different keys start on an empty database', async () => {
  const start = await emptySite();
  const starts = await Promise.allSettled([start([ONE]), start([OTHER])]);
  expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
