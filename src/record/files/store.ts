/**
 * Stores the bytes of files. They arrive sealed, so the store alone reveals nothing. Errors of the store are thrown as a
 * `FileFault`.
 */
export interface FileStore {
  /** Keeps all of `bytes` under `id`, durably; when `bytes` fails, nothing is kept and its error is thrown. */
  write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Up to `length` of the bytes under `id`, from the byte `start` on: fewer at their end, none behind it. Undefined when
   * there are no bytes under `id`. Keeps nothing open, so that a slow reader holds no more than one part.
   */
  read(id: string, start: number, length: number): Promise<Buffer | undefined>;
  /** Does nothing when there are no bytes under `id`. */
  remove(id: string): Promise<void>;
  /** Every id under which there are bytes, also halves that a crash has left behind, a part at a time. */
  list(): AsyncIterable<string[]>;
}

/** What names a file: a UUID in lower case, and nothing that could lead elsewhere. */
export const isFileId = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
