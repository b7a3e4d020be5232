/** Files in a folder of this machine. */
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { onDisk } from './disk-calls.ts';
import { asFileFault, FileFault } from './fault.ts';
import { findFreeSpace, shortage } from './free-space.ts';
import { markedIds, markName, MARK_TEXT } from './mark-names.ts';
import { isFileId, type FileStore } from './store.ts';
import { makeFolders } from '../make-folders.ts';

/** The files that are still being written. */
const HALF = '.part';

/**
 * The store in `folder`, which the first file creates: `<folder>/ab/<id>`, where `ab` is the end of the id. Only the
 * owner of the process may read it. Several servers may share it, because no two of them write the same file.
 * @param keepFreeBytes the bytes of its disk that files must leave free; by default the value in the table of limits
 */
export function diskStore(folder: string, keepFreeBytes?: number): FileStore {
  const pathOf = (id: string): string => {
    if (!isFileId(id)) throw new Error('An id of a file is a UUID.');
    return join(folder, id.slice(-2), id);
  };
  return {
    write: async (id, bytes) =>
      writeWhole(folder, pathOf(id), whileFree(folder, bytes, keepFreeBytes)).catch(throwFileFault),
    read: async (id, start, length) => onDisk(() => readPart(pathOf(id), start, length)).catch(nothingThere),
    async remove(id) {
      for (const path of [pathOf(id), pathOf(id) + HALF])
        await onDisk(() => rm(path, { force: true })).catch(throwFileFault);
    },
    async *list() {
      for (const shard of await namesIn(folder)) {
        const names = await namesIn(join(folder, shard));
        yield [...new Set(names.map((name) => name.replace(HALF, '')).filter(isFileId))];
      }
    },
    mark: async (id) => onDisk(() => writeMark(folder, markName(id))).catch(throwFileFault),
    marks: async () => markedIds(await namesIn(folder)),
    place: resolve(folder),
  };
}

async function readPart(path: string, start: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const part = Buffer.alloc(length);
    let filled = 0;
    for (let read = 1; read > 0 && filled < length; filled += read)
      read = (await file.read(part, filled, length - filled, start + filled)).bytesRead;
    return part.subarray(0, filled);
  } finally {
    await file.close();
  }
}

async function writeMark(folder: string, name: string): Promise<void> {
  await makeFolder(folder);
  await writeFile(join(folder, name), MARK_TEXT, { mode: 0o600, flush: true });
  await syncFolder(folder);
}

async function writeWhole(folder: string, path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await onDisk(() => makeFolder(dirname(path)));
  const file = await onDisk(() => open(path + HALF, 'wx', 0o600));
  try {
    for await (const part of bytes) await onDisk(() => file.writeFile(part));
    await onDisk(() => file.sync());
    await onDisk(() => file.close());
    await onDisk(() => rename(path + HALF, path));
  } catch (error) {
    await onDisk(() => file.close());
    await onDisk(() => rm(path + HALF, { force: true }));
    throw error;
  }
  for (const one of [dirname(path), folder]) await onDisk(() => syncFolder(one));
}

/** The bytes after which the free space is read again, because many files may be arriving. */
const LOOK_EACH_BYTES = 1_048_576;

/**
 * Passes the bytes on while the disk of `folder` has the free space that is kept for answers. Throws FileFault after
 * that.
 */
async function* whileFree(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
  keepFreeBytes?: number,
): AsyncGenerator<Uint8Array> {
  let unlooked = LOOK_EACH_BYTES;
  for await (const part of bytes) {
    unlooked += part.length;
    if (unlooked >= LOOK_EACH_BYTES) await requireFreeSpace(folder, keepFreeBytes);
    if (unlooked >= LOOK_EACH_BYTES) unlooked = 0;
    yield part;
  }
}

async function requireFreeSpace(folder: string, keepFreeBytes?: number): Promise<void> {
  const space = await findFreeSpace(folder);
  const short = space && shortage(space, keepFreeBytes);
  if (!short) return;
  const message = `The disk for files ${short}. Free some space, and uploads work again by themselves.`;
  throw new FileFault('full', undefined, message);
}

/** Creates parent folders only if needed: on a read-only disk, Node would report the folder as missing. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') makeFolders(path, 0o700);
    else if (code !== 'EEXIST') throw error;
  }
}

/**
 * Without this, a power cut could lose the name of a file after its bytes are stored. Windows can't do it and does not
 * need it.
 */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
}

const namesIn = async (path: string): Promise<string[]> =>
  (await onDisk(() => readdir(path)).catch(nothingThere)) ?? [];

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  return throwFileFault(error);
}

function throwFileFault(error: unknown): never {
  throw asFileFault(error);
}
