/**
 * Stores the bytes of files. They arrive sealed, so the store alone reveals nothing. Errors of the store are thrown as
 * a `FileFault`.
 */
export interface FileStore {
  /** Stores all of `bytes` under `id`, durably. When `bytes` fails, it stores nothing and throws the error. */
  write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Up to `length` of the bytes under `id`, from the byte `start` on. There are fewer at the end, and none after it.
   * Undefined when there are no bytes under `id`. Keeps nothing open, so that a slow reader holds no more than one
   * part.
   */
  read(id: string, start: number, length: number): Promise<Buffer | undefined>;
  /** Does nothing when there are no bytes under `id`. */
  remove(id: string): Promise<void>;
  /** Every id with bytes, part by part. Ids of incomplete files that a crash left are included. */
  list(): AsyncIterable<string[]>;
  /** Stores the mark of a database, durably, unless it is there. See `site-marks.ts`. */
  mark(id: string): Promise<void>;
  /** The ids of all marks. They are not in `list`. */
  marks(): Promise<string[]>;
  /** The path of the folder, or the address of the bucket. */
  place: string;
  /** The bucket and the folder of a store in both. Each has its own marks. */
  parts?: readonly FileStore[];
}

/** Whether `id` names a file: a UUID in lower case, which can't lead to another folder. */
export const isFileId = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
