/** The files of a site that had a folder for them before it had a bucket. */
import type { FileStore } from './store.ts';

/** Stores files in `bucket`. Finds and removes those in `folder` too. */
export function withFolder(bucket: FileStore, folder: FileStore): FileStore {
  return {
    ...bucket,
    read: async (id, start, length) => (await bucket.read(id, start, length)) ?? folder.read(id, start, length),
    async remove(id) {
      const [inBucket, inFolder] = await Promise.allSettled([bucket.remove(id), folder.remove(id)]);
      for (const done of [inBucket, inFolder]) if (done.status === 'rejected') throw done.reason;
    },
    async *list() {
      yield* bucket.list();
      yield* folder.list();
    },
    parts: [bucket, folder],
  };
}
