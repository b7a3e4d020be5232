/** The files of submissions. Their bytes are in the `FileStore`. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import type { Database } from '../db/database.ts';
import { StoreFault } from '../db/fault.ts';
import { timeOf } from '../ids.ts';
import { openBytes, sealBytes, SealError } from '../crypto/seal-bytes.ts';
import { openText, sealText } from '../crypto/seal.ts';
import type { Tables } from '../db/tables.ts';
import { FileFault } from './fault.ts';
import type { FileStore } from './store.ts';

export type StoredFile = {
  id: string;
  submissionId: string;
  field: string;
  /** The name on the person's device, cleaned. */
  name: string;
  /** The media type, detected from the bytes. */
  type: string;
  /** In bytes. */
  size: number;
  /** SHA-256 of the bytes, in hexadecimal. */
  sha256: string;
  createdAt: string;
  removedAt: string | null;
};

/**
 * Stores the row of a file after `writeBytes` has stored its bytes under the same id. The name is sealed, because it
 * often has the person's name in it.
 */
export async function addFile(
  db: Database,
  file: Omit<StoredFile, 'createdAt' | 'removedAt'>,
  now: Date,
): Promise<void> {
  const { id, submissionId, field, type, size, sha256 } = file;
  const name = sealText(db.keys, [id, 'name'], file.name);
  await db.query
    .insertInto('files')
    .values({ id, submission_id: submissionId, field, name, type, size, sha256, created_at: now.toISOString() })
    .execute();
}

/** The files of a submission that are not removed, in the order of their upload. */
export async function listFiles(db: Database, submissionId: string): Promise<StoredFile[]> {
  const rows = await db.query
    .selectFrom('files')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => toFile(db, row));
}

/** How many files a submission ever had, with the removed ones. */
export async function countFilesEver(db: Database, submissionId: string): Promise<number> {
  const { n } = await db.query
    .selectFrom('files')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('submission_id', '=', submissionId)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** A file of this submission, even if it was removed. */
export async function findFile(db: Database, submissionId: string, id: string): Promise<StoredFile | undefined> {
  const row = await db.query
    .selectFrom('files')
    .selectAll()
    .where('id', '=', id)
    .where('submission_id', '=', submissionId)
    .executeTakeFirst();
  return row && toFile(db, row);
}

/** Marks files as removed. The caller removes their bytes after the commit. */
export async function markFileRemoved(db: Database, ids: string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await db.query
    .updateTable('files')
    .set({ removed_at: now.toISOString() })
    .where('id', 'in', ids)
    .where('removed_at', 'is', null)
    .execute();
}

/** Seals and stores the bytes of the file `id`. Bytes are stored before their row, so that no row is without bytes. */
export const writeBytes = (
  db: Database,
  store: FileStore,
  id: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> => store.write(id, sealBytes(db.keys, [id, 'bytes'], bytes));

/** The most bytes that one read of a store returns. */
const PART_BYTES = 262_144;

/**
 * The bytes of a file, chunk by chunk, each verified before it is yielded. Undefined when the bytes are gone. Throws,
 * here or at any chunk, when they can't be decrypted or are removed meanwhile. The caller may stop early, because
 * nothing stays open.
 */
export async function readBytes(
  db: Database,
  store: FileStore,
  id: string,
): Promise<AsyncGenerator<Buffer> | undefined> {
  const chunks = openBytes(db.keys, [id, 'bytes'], () => partsOf(store, id));
  const explained = (error: unknown): never => {
    throw error instanceof SealError ? new UnreadableFile(id, error.message) : error;
  };
  try {
    // Finds a wrong key or a damaged beginning before the first byte is sent.
    const first = await chunks.next().catch(explained);
    return (async function* () {
      for (let chunk = first; !chunk.done; chunk = await chunks.next().catch(explained)) yield chunk.value;
    })();
  } catch (error) {
    if (error instanceof BytesGone) return undefined;
    throw error;
  }
}

class BytesGone extends Error {}

/** Thrown for a file whose bytes are damaged, or whose key is missing. Reading it again gives the same error. */
export class UnreadableFile extends Error {
  /** The reason, as sentences. */
  readonly fault: string;
  constructor(id: string, fault: string) {
    super(`File ${id} cannot be opened. ${fault}`);
    this.fault = fault;
  }
}

async function* partsOf(store: FileStore, id: string): AsyncGenerator<Buffer> {
  for (let start = 0; ; start += PART_BYTES) {
    const part = await store.read(id, start, PART_BYTES);
    if (!part) throw new BytesGone(`The bytes of file ${id} are gone.`);
    yield part;
    if (part.length < PART_BYTES) return;
  }
}

/** Dependencies of functions that store or remove files. */
export interface FileDeps {
  /** Stores the sealed bytes. */
  files: FileStore;
  /** Messages for operators, without answers, tokens or secrets. */
  log: { warn(about: Record<string, unknown>, message: string): void };
}

/**
 * Runs `storeRows`, which stores the rows of the files `ids`. Removes their bytes unless `didStore` says that the result stored
 * the rows. If that is unknown, the bytes stay, and the next sweep removes those without a row.
 */
export async function withByteCleanup<R>(
  deps: FileDeps,
  ids: string[],
  storeRows: () => Promise<R>,
  didStore: (result: R) => boolean,
): Promise<R> {
  let isStored = false;
  try {
    const result = await storeRows();
    isStored = didStore(result);
    return result;
  } catch (error) {
    isStored = mayBeStored(error);
    throw error;
  } finally {
    if (!isStored) await removeBytes(deps, ids);
  }
}

/** Whether the write may be stored despite this error: a connection can break after the commit. */
function mayBeStored(error: unknown): boolean {
  if (error instanceof FileFault) return false;
  if (error instanceof StoreFault) return error.kind === 'gone' || error.kind === 'broken';
  return error instanceof Error && 'code' in error;
}

/** The longest wait for the removal, in ms. The next sweep removes the rest. */
const WAIT_MS = 2_000;

/**
 * Removes the bytes of files whose rows are gone or marked as removed. Never throws. With a slow store it continues in
 * the background, and the next sweep removes the rest.
 */
export async function removeBytes({ files, log }: FileDeps, ids: string[]): Promise<void> {
  if (!ids.length) return;
  const tell = (error: unknown) => log.warn({ err: error }, 'Could not remove the bytes of deleted files; the next cleanup retries'); // prettier-ignore
  const removing = removeAll(files, ids).then(({ fault }) => fault && tell(fault), tell);
  await Promise.race([removing, wait(WAIT_MS, undefined, { ref: false })]);
}

/** A store that fails for so many files in a row is away. */
const AWAY_AFTER = 3;

/**
 * Removes the bytes of all these files that it can. A store may fail for one of them and not for the others.
 * @returns how many it removed, and the first error of the others
 * @throws {FileFault} if the store is away
 */
async function removeAll(store: FileStore, ids: readonly string[]): Promise<{ removed: number; fault?: FileFault }> {
  let removed = 0;
  let fault: FileFault | undefined;
  let inRow = 0;
  for (const id of ids) {
    try {
      await store.remove(id);
      removed += 1;
      inRow = 0;
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      fault ??= error;
      inRow = error.kind === 'gone' ? inRow + 1 : 0;
      if (inRow === AWAY_AFTER) throw error;
    }
  }
  return { removed, ...(fault && { fault }) };
}

/**
 * Removes bytes without a row: of an upload that a crash interrupted, or of a file that was removed a moment before
 * one. Leaves bytes that began to arrive at `before` or later, because bytes are stored before their row.
 * @param sinceMs leaves bytes that began to arrive before it, in Unix milliseconds. Without it, leaves those that are older than
 *   every submission, because they belong to another database, and this one may be the wrong one
 * @returns how many files it removed
 * @throws after it has removed all that it can, if some could not be removed
 */
export async function sweepFiles(db: Database, store: FileStore, before: Date, sinceMs?: number): Promise<number> {
  let swept = 0;
  let fault: FileFault | undefined;
  const since = sinceMs ?? (await firstStartMs(db));
  for await (const ids of store.list()) {
    const old = ids.filter((id) => timeOf(id) >= since && timeOf(id) < before.getTime());
    const stored = await storedIds(db, old);
    const unused = old.filter((one) => !stored.has(one));
    const done = await removeAll(store, unused);
    swept += done.removed;
    fault ??= done.fault;
  }
  if (fault) throw fault;
  return swept;
}

/** The time at which the first submission started, in Unix milliseconds. Rows of submissions are never deleted. */
export async function firstStartMs(db: Database): Promise<number> {
  const first = await db.query.selectFrom('submissions').select('id').orderBy('id').limit(1).executeTakeFirst();
  return first ? timeOf(first.id) : Infinity;
}

/** How many files in `store` have a row in `db`. If none has, all can be of another database. */
export async function knowsFiles(db: Database, store: FileStore): Promise<'some' | 'none' | 'empty'> {
  let isEmpty = true;
  for await (const ids of store.list()) {
    isEmpty &&= !ids.length;
    if ((await storedIds(db, ids)).size) return 'some';
  }
  return isEmpty ? 'empty' : 'none';
}

async function storedIds(db: Database, ids: string[]): Promise<Set<string>> {
  const stored = new Set<string>();
  // A statement accepts some thousands of values at most.
  for (let at = 0; at < ids.length; at += 500) {
    const some = db.query
      .selectFrom('files')
      .select('id')
      .where('id', 'in', ids.slice(at, at + 500));
    for (const { id } of await some.where('removed_at', 'is', null).execute()) stored.add(id);
  }
  return stored;
}

function toFile({ keys }: Pick<Database, 'keys'>, row: Selectable<Tables['files']>): StoredFile {
  const name = openText(keys, [row.id, 'name'], row.name);
  return {
    id: row.id,
    submissionId: row.submission_id,
    field: row.field,
    name: name.ok ? name.value : row.id,
    type: row.type,
    size: row.size,
    sha256: row.sha256,
    createdAt: row.created_at,
    removedAt: row.removed_at,
  };
}
