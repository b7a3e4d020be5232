/** Where the bytes of files are kept. They come sealed: whoever has the store alone can read none of them. */
export interface FileStore {
  /** Keeps all of `bytes` under `id`, durably; when `bytes` fails, nothing is kept and its error is thrown. */
  write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Nothing when there are no bytes under `id`. */
  read(id: string): Promise<Buffer | undefined>;
  /** Does nothing when there are no bytes under `id`. */
  remove(id: string): Promise<void>;
  /** Every id under which there are bytes, also halves that a crash has left behind, a part at a time. */
  list(): AsyncIterable<string[]>;
}
