/** The store of previews: a SQLite file and a folder beside it, whatever database the site has. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keys } from '../../record/crypto/secrets.ts';
import { closeDatabase, openDatabase, type Database } from '../../record/db/database.ts';
import { diskStore } from '../../record/files/disk.ts';
import { FileFault } from '../../record/files/fault.ts';
import type { FileStore } from '../../record/files/store.ts';
import { testFileBytes, trimTestAnswers } from '../../record/forms/test-answers.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

export interface PreviewStore {
  db: Database;
  files: FileStore;
  /** Deletes test answers that are too old, or too many. */
  trim(now: Date): Promise<void>;
  close(): Promise<void>;
}

const { previewAnswerDays, previewFileBytes, previewSubmissions } = SITE_LIMITS;

const MAX_AGE_MS = previewAnswerDays.value * 86_400_000;

/** The file of the store, which exists after the first preview. */
export const previewFile = (dataDir: string): string => join(dataDir, 'preview.sqlite');

const placesIn = (dataDir: string) => ({
  file: previewFile(dataDir),
  folder: join(dataDir, 'preview-files'),
});

/** Opens the store in `dataDir`, and creates it at the first preview. */
export async function openPreviewStore(dataDir: string, keys: Keys): Promise<PreviewStore> {
  const { file, folder } = placesIn(dataDir);
  const db = await openDatabase(`sqlite:${file}`, keys);
  const disk = diskStore(folder);
  const files: FileStore = {
    ...disk,
    async write(id, bytes) {
      if ((await testFileBytes(db)) >= previewFileBytes.value)
        throw new FileFault(
          'full',
          undefined,
          'The files of test answers are full. Delete the test answers of a form.',
        );
      return disk.write(id, bytes);
    },
  };
  return {
    db,
    files,
    async trim(now) {
      const gone = await trimTestAnswers(db, new Date(now.getTime() - MAX_AGE_MS), previewSubmissions.value, now);
      for (const id of gone) await files.remove(id);
      // Test answers are in no results.
      await db.query.deleteFrom('result_changes').execute();
    },
    close: () => closeDatabase(db),
  };
}

/** Deletes a store that was not used for as long as test answers are kept. */
export async function deleteUnusedStore(dataDir: string, now: Date): Promise<void> {
  const { file, folder } = placesIn(dataDir);
  const newest = await Promise.all([file, `${file}-wal`].map((one) => stat(one).catch(() => undefined)));
  if (!newest.some(Boolean) || newest.some((one) => one && now.getTime() - one.mtimeMs < MAX_AGE_MS)) return;
  for (const one of [file, `${file}-wal`, `${file}-shm`, folder]) await rm(one, { recursive: true, force: true });
}
