/** The store of previews: a SQLite file and a folder beside it, whatever database the site has. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DraftStore } from '../../publish/previews/preview-drafts.ts';
import type { Keys } from '../../record/crypto/secrets.ts';
import { closeDatabase, NewerDatabase, openDatabase, type Database } from '../../record/db/database.ts';
import { deleteUnownedWebhooks } from '../../record/erasure.ts';
import { diskStore } from '../../record/files/disk.ts';
import { FileFault } from '../../record/files/fault.ts';
import { sweepFiles } from '../../record/files/files.ts';
import type { FileStore } from '../../record/files/store.ts';
import {
  deletePreviewVersions,
  deleteTestAnswers,
  filesNoted,
  indexTestAnswers,
  isUnusedSince,
  testFileBytes,
  trimTestAnswers,
} from '../../record/forms/test-answers.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

export interface PreviewStore extends DraftStore {
  files: FileStore;
  /** Deletes test answers that are too old, or too many. */
  trim(now: Date): Promise<void>;
  /** Removes bytes of files that have no row, because a crash came in between. */
  sweep(now: Date): Promise<void>;
  /** Whether it has no test answers, and no version of a draft from the days for which test answers are kept. */
  isUnused(now: Date): Promise<boolean>;
  /** Deletes the test answers of a form. */
  forget(form: string, now: Date): Promise<void>;
  close(): Promise<void>;
}

const { previewAnswerDays, previewFileBytes, previewSubmissions } = SITE_LIMITS;

const MAX_AGE_MS = previewAnswerDays.value * 86_400_000;

/** Longer than any upload takes. A file has its row after its bytes. */
const UPLOAD_MS = 3_600_000;

/** Takes some hundredths of a second. */
const MAX_WEBHOOKS_PER_RUN = 1_000;

/** The file of the store, which exists after the first preview. */
export const previewFile = (dataDir: string): string => join(dataDir, 'preview.sqlite');

const placesIn = (dataDir: string) => ({
  file: previewFile(dataDir),
  folder: join(dataDir, 'preview-files'),
});

/** Opens the store in `dataDir`, and creates it at the first preview. */
export async function openPreviewStore(dataDir: string, keys: Keys): Promise<PreviewStore> {
  const { file, folder } = placesIn(dataDir);
  const open = () => openDatabase(`sqlite:${file}`, keys);
  const db = await open().catch(async (error: unknown) => {
    if (!(error instanceof NewerDatabase)) throw error;
    // The operator went back to this version. Test answers are no loss.
    await deleteStore(dataDir);
    return open();
  });
  const files = boundedStore(diskStore(folder), db);
  async function forget(form: string, now: Date): Promise<void> {
    for (const id of await deleteTestAnswers(db, form, now)) await files.remove(id);
  }
  return {
    db,
    files,
    forget,
    async remove(form, now) {
      await forget(form, now);
      await deletePreviewVersions(db, form, now);
    },
    async trim(now) {
      await indexTestAnswers(db);
      const gone = await trimTestAnswers(db, new Date(now.getTime() - MAX_AGE_MS), previewSubmissions.value, now);
      for (const id of gone) await files.remove(id);
      // Those of local Smile about people whose test answers are deleted.
      await deleteUnownedWebhooks(db, new Date(now.getTime() - MAX_AGE_MS), MAX_WEBHOOKS_PER_RUN, now);
      // Test answers are in no results.
      await db.query.deleteFrom('result_changes').execute();
    },
    async sweep(now) {
      // Test answers are deleted with their rows, so none of them says since when the folder has had files.
      await sweepFiles(db, files, new Date(now.getTime() - UPLOAD_MS), 0);
    },
    isUnused: (now) => isUnusedSince(db, new Date(now.getTime() - MAX_AGE_MS)),
    close: () => closeDatabase(db),
  };
}

/** A store of test files with a limit on the bytes of all files. */
function boundedStore(disk: FileStore, db: Database): FileStore {
  /** The bytes of files that have no row yet, by id. They count from the first byte, so that uploads at once can't pass. */
  const withoutRow = new Map<string, number>();
  let stored = 0;
  let counted: Promise<void> = Promise.resolve();

  async function count(): Promise<void> {
    const ids = await filesNoted(db, [...withoutRow.keys()]);
    stored = await testFileBytes(db);
    for (const id of ids) withoutRow.delete(id);
  }

  function requireRoom(): void {
    const bytes = [...withoutRow.values()].reduce((sum, one) => sum + one, stored);
    if (bytes >= previewFileBytes.value)
      throw new FileFault('full', undefined, 'The files of test answers are full. Delete the test answers of a form.');
  }

  async function* whileRoom(id: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of bytes) {
      withoutRow.set(id, (withoutRow.get(id) ?? 0) + part.length);
      requireRoom();
      yield part;
    }
  }

  return {
    ...disk,
    async write(id, bytes) {
      // One after another, because an older count must not replace a newer one.
      await (counted = counted.then(count, count));
      try {
        requireRoom();
        await disk.write(id, whileRoom(id, bytes));
      } catch (error) {
        withoutRow.delete(id);
        throw error;
      }
    },
    async remove(id) {
      await disk.remove(id);
      withoutRow.delete(id);
    },
  };
}

/** Deletes a store whose file did not change for as long as test answers are kept, without opening it. */
export async function deleteUnchangedStore(dataDir: string, now: Date): Promise<void> {
  const { file } = placesIn(dataDir);
  const newest = await Promise.all([file, `${file}-wal`].map((one) => stat(one).catch(() => undefined)));
  if (!newest.some(Boolean) || newest.some((one) => one && now.getTime() - one.mtimeMs < MAX_AGE_MS)) return;
  await deleteStore(dataDir);
}

export async function deleteStore(dataDir: string): Promise<void> {
  const { file, folder } = placesIn(dataDir);
  for (const one of [file, `${file}-wal`, `${file}-shm`, folder]) await rm(one, { recursive: true, force: true });
}
