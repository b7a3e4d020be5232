/** Opens the database and the store of files when a site starts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { fileMemory } from '../api/bounds/memory-budget.ts';
import type { Keys } from '../record/crypto/secrets.ts';
import { checkSiteKey } from '../record/crypto/site-key.ts';
import { closeDatabase, openDatabase, type Database } from '../record/db/database.ts';
import { diskStore } from '../record/files/disk.ts';
import { FileFault } from '../record/files/fault.ts';
import { firstStartMs } from '../record/files/files.ts';
import { s3Store, type Bucket } from '../record/files/s3.ts';
import { markedStore, sweepOwnFiles } from '../record/files/site-marks.ts';
import type { FileStore } from '../record/files/store.ts';
import { withFolder } from '../record/files/with-folder.ts';
import { HOUR_MS } from '../record/jobs/worker.ts';
import { warnOfClock } from './clock-check.ts';

/** The part of the configuration that says where data is. */
interface Places {
  databaseUrl: string;
  databaseConnections?: number;
  lostSecretKey?: string;
  dataDir: string;
  bucket?: Bucket;
  outgoing: boolean;
}

interface StoreOptions {
  log: Logger;
  now: () => Date;
  /** Called with the state of an update of the tables, as `/readyz` says it. */
  onProgress(text: string): void;
}

/**
 * Opens the store of a site. Updates the tables of the database, and copies a SQLite file first.
 * @throws {Error} as `openDatabase` and `checkSiteKey` do
 */
export async function openStore(
  places: Places,
  keys: Keys,
  { log, now, onProgress }: StoreOptions,
): Promise<{ db: Database; files: FileStore }> {
  const db = await openDatabase(places.databaseUrl, keys, {
    connections: places.databaseConnections,
    copyFirst: true,
    onMigration(step, steps) {
      log.info({ step, steps }, 'Updating the tables of the database');
      onProgress(`migrating: step ${step} of ${steps}`);
    },
    onUnfit: (problem) => log.warn(problem),
  });
  await checkSiteKey(db, places.lostSecretKey).catch(async (error: unknown) => {
    await closeDatabase(db);
    throw error;
  });
  const files = markedStore(db, openFiles(places));
  // No other server writes to this folder, so files left by a crash can go at once. The hourly sweep, which runs now too, looks
  // at those that are older. There may be millions.
  if (!places.bucket && db.engine.kind === 'sqlite') {
    const since = Math.max(await firstStartMs(db), now().getTime() - HOUR_MS);
    await sweepOwnFiles(db, files, now(), since).catch((error: unknown) => {
      if (!(error instanceof FileFault)) throw error;
      log.warn({ err: error }, 'Could not remove files left by a crash');
    });
  }
  await warnOfClock(db, now, log);
  return { db, files };
}

/** The bytes of people's files. A copy for a trial may share its bucket with the real site, so it deletes and marks nothing there. */
function openFiles({ bucket, dataDir, outgoing }: Places): FileStore {
  const folder = diskStore(join(dataDir, 'files'));
  if (!bucket) return folder;
  const store = s3Store(bucket, fileMemory.further);
  const kept = outgoing ? store : { ...store, remove: () => Promise.resolve(), mark: () => Promise.resolve() };
  // The site may have had no bucket before.
  return existsSync(folder.place) ? withFolder(kept, folder) : kept;
}
