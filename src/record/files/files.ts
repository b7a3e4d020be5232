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
  /** As the person called it, cleaned. */
  name: string;
  /** The media type that its bytes have. */
  type: string;
  /** In bytes. */
  size: number;
  /** Of its bytes, in hexadecimal. */
  sha256: string;
  createdAt: string;
  removedAt: string | null;
};

/** Notes a file whose bytes `writeBytes` has stored under the same id. Its name is sealed, for people write theirs into it. */
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

/** The files of a submission that are not removed, in the order in which they came. */
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

/** How many files a submission has ever had, removed ones too. */
export async function countFilesEver(db: Database, submissionId: string): Promise<number> {
  const { n } = await db.query
    .selectFrom('files')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('submission_id', '=', submissionId)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** A file of this submission, also one that was removed. */
export async function findFile(db: Database, submissionId: string, id: string): Promise<StoredFile | undefined> {
  const row = await db.query
    .selectFrom('files')
    .selectAll()
    .where('id', '=', id)
    .where('submission_id', '=', submissionId)
    .executeTakeFirst();
  return row && toFile(db, row);
}

/** Marks files as removed; their bytes are the caller's to remove once this is committed. */
export async function markFileRemoved(db: Database, ids: string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await db.query
    .updateTable('files')
    .set({ removed_at: now.toISOString() })
    .where('id', 'in', ids)
    .where('removed_at', 'is', null)
    .execute();
}

/** Keeps the bytes of the file `id`, sealed. They come before its row, so that no row is ever without bytes. */
export const writeBytes = (
  db: Database,
  store: FileStore,
  id: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> => store.write(id, sealBytes(db.keys, [id, 'bytes'], bytes));

/** The most bytes that are read from a store at once. */
const PART_BYTES = 262_144;

/**
 * The bytes of a file, chunk by chunk, each proved to be intact; undefined when they are gone. Throws, here or at any
 * chunk, when they can't be decrypted or are removed meanwhile. It may be left before its end: nothing stays open.
 */
export async function readBytes(
  db: Database,
  store: FileStore,
  id: string,
): Promise<AsyncGenerator<Buffer> | undefined> {
  const chunks = openBytes(db.keys, [id, 'bytes'], () => partsOf(store, id));
  const explained = (error: unknown): never => {
    throw error instanceof SealError ? new Error(`File ${id} cannot be opened. ${error.message}`) : error;
  };
  try {
    // A wrong key, or a damaged beginning, is known before the first byte is answered.
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
  /** Their bytes, sealed. */
  files: FileStore;
  /** Messages for operators, without answers, tokens or secrets. */
  log: { warn(about: Record<string, unknown>, message: string): void };
}

/**
 * Runs `note`, which stores the rows of the files `ids`. Removes their bytes unless `noted` says of its result that the rows
 * are stored. If it is unknown whether they are, the bytes stay, and the next sweep removes those without a row.
 */
export async function withByteCleanup<R>(
  deps: FileDeps,
  ids: string[],
  note: () => Promise<R>,
  noted: (result: R) => boolean,
): Promise<R> {
  let isStored = false;
  try {
    const result = await note();
    isStored = noted(result);
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

/** The longest wait for the removal. The next sweep removes the rest. */
const WAIT_MS = 2_000;

/**
 * Removes the bytes of files whose rows are gone or marked as removed. Never throws. If the store is slow, it goes on in the
 * background, and the next sweep removes the rest.
 */
export async function removeBytes({ files, log }: FileDeps, ids: string[]): Promise<void> {
  if (!ids.length) return;
  const removing = (async () => {
    for (const id of ids) await files.remove(id);
  })().catch((error: unknown) => log.warn({ err: error }, 'Could not remove the bytes of deleted files; the next cleanup retries')); // prettier-ignore
  await Promise.race([removing, wait(WAIT_MS, undefined, { ref: false })]);
}

/**
 * Removes bytes that no file has: of an upload that a crash has cut off before its row was written, or of a file that
 * was removed just before one. Bytes come before their row, so what was begun at `before` or later is left alone. So is
 * what is older than every submission: it belongs to another database than this one, which may be the wrong one.
 * Returns how many there were. Throws once all that can be removed is, where something cannot.
 */
export async function sweepFiles(db: Database, store: FileStore, before: Date): Promise<number> {
  let swept = 0;
  let fault: FileFault | undefined;
  const since = await firstBegun(db);
  for await (const ids of store.list()) {
    const old = ids.filter((id) => timeOf(id) >= since && timeOf(id) < before.getTime());
    const stored = await storedIds(db, old);
    for (const id of old.filter((one) => !stored.has(one))) {
      try {
        await store.remove(id);
        swept++;
      } catch (error) {
        if (!(error instanceof FileFault) || error.kind === 'gone') throw error;
        fault ??= error;
      }
    }
  }
  if (fault) throw fault;
  return swept;
}

/** When the first submission started, in Unix milliseconds. Rows of submissions are never deleted. */
async function firstBegun(db: Database): Promise<number> {
  const first = await db.query.selectFrom('submissions').select('id').orderBy('id').limit(1).executeTakeFirst();
  return first ? timeOf(first.id) : Infinity;
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
