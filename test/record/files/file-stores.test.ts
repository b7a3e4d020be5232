/** The stores of files keep the same promises, on disk and in a bucket. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskStore } from '../../../src/record/files/disk.ts';
import { readBytes, sweepFiles, writeBytes } from '../../../src/record/files/files.ts';
import { s3Store } from '../../../src/record/files/s3.ts';
import type { FileStore } from '../../../src/record/files/store.ts';
import { withFolder } from '../../../src/record/files/with-folder.ts';
import { newId } from '../../../src/record/ids.ts';
import { idsIn, inParts, joined, keptBytes } from '../../helpers/samples/files.ts';
import { startS3 } from '../../helpers/s3-server.ts';
import { draft, later, NOW, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

const STORES: Record<string, () => FileStore> = {
  'on disk': () => diskStore(join(temporaryFolder(), 'files')),
  'in a bucket': () => s3Store(s3.bucket),
  'in a bucket and an earlier folder': () =>
    withFolder(s3Store(s3.bucket), diskStore(join(temporaryFolder(), 'files'))),
};

describe.each(Object.entries(STORES))('the store %s', (_, open) => {
  it('gives back all written bytes, and nothing once they are removed', async () => {
    const store = open();
    const id = newId(NOW);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256));
    await store.write(id, inParts(bytes.subarray(0, 100_000), bytes.subarray(100_000)));
    expect(await keptBytes(store, id)).toEqual(bytes);
    expect(await idsIn(store)).toContain(id);
    await store.remove(id);
    await store.remove(id);
    expect(await keptBytes(store, id)).toBeUndefined();
    expect(await idsIn(store)).not.toContain(id);
  });

  it('keeps nothing of an upload that was cut off', async () => {
    const store = open();
    const id = newId(NOW);
    await expect(store.write(id, inParts(Buffer.from('An'), new Error('cut off')))).rejects.toThrow('cut off');
    expect(await keptBytes(store, id)).toBeUndefined();
    expect(await idsIn(store)).not.toContain(id);
  });

  it('never takes a name that is not an id', async () => {
    const store = open();
    for (const id of ['', '..', '../../etc/passwd', `${newId(NOW)}/..`, newId(NOW).toUpperCase(), `${newId(NOW)}\0`]) {
      await expect(async () => keptBytes(store, id)).rejects.toThrow('is a UUID');
      await expect(async () => store.remove(id)).rejects.toThrow('is a UUID');
      await expect(async () => store.write(id, inParts(Buffer.from('x')))).rejects.toThrow('is a UUID');
    }
  });

  it('sees nothing but sealed bytes', async () => {
    const [store, db, id] = [open(), await temporaryDatabase(), newId(NOW)];
    await writeBytes(db, store, id, [Buffer.from('a very '), Buffer.from('secret thing')]);
    expect((await keptBytes(store, id))?.includes('secret')).toBe(false);
    expect((await joined((await readBytes(db, store, id))!)).toString()).toBe('a very secret thing');
  });

  it('loses bytes without a file in the sweep, but not bytes that are arriving', async () => {
    const [store, db] = [open(), await temporaryDatabase()];
    await draft(db);
    const [old, fresh] = [newId(NOW), newId(later(60))];
    for (const id of [old, fresh]) await writeBytes(db, store, id, [Buffer.from('x')]);
    await sweepFiles(db, store, later(30));
    expect(await idsIn(store)).toEqual([fresh]);
    await store.remove(fresh);
  });
});

it('leaves threads for everything else while its disk hangs', async () => {
  const folder = join(temporaryFolder(), 'files');
  const store = diskStore(folder);
  const paths = Array.from({ length: 6 }, () => newId(NOW)).map((id) => ({ id, path: join(folder, id.slice(-2), id) }));
  for (const { path } of paths) mkdirSync(dirname(path), { recursive: true });
  // Opening a pipe waits for its writer, as a disk that hangs.
  execFileSync(
    'mkfifo',
    paths.map(({ path }) => path),
  );
  const reads = paths.map(({ id }) => store.read(id, 0, 1).catch(() => undefined));
  const other = stat(folder).then(() => 'done');
  const late = new Promise((end) => setTimeout(() => end('waits for the disk'), 3_000));
  const first = await Promise.race([other, late]);
  // Opened for both, a pipe waits for nothing.
  for (const { path } of paths) openSync(path, 'r+');
  await Promise.allSettled([...reads, other]);
  expect(first).toBe('done');
});
