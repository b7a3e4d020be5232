/** The stores of files keep the same promises, on disk and in a bucket. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskStore } from '../../src/record/files/disk.ts';
import { readBytes, sweepFiles, writeBytes } from '../../src/record/files/files.ts';
import { s3Store } from '../../src/record/files/s3.ts';
import type { FileStore } from '../../src/record/files/store.ts';
import { newId } from '../../src/record/ids.ts';
import { joined, keptBytes } from '../helpers/files.ts';
import { startS3 } from '../helpers/s3-server.ts';
import { draft, later, NOW, temporaryDatabase, temporaryFolder } from './temporary.ts';

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

const STORES: Record<string, () => FileStore> = {
  'on disk': () => diskStore(join(temporaryFolder(), 'files')),
  'in a bucket': () => s3Store(s3.bucket),
};

async function idsIn(store: FileStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const some of store.list()) ids.push(...some);
  return ids;
}

async function* from(...parts: (Buffer | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

describe.each(Object.entries(STORES))('the store %s', (_, open) => {
  it('gives back all written bytes, and nothing once they are removed', async () => {
    const store = open();
    const id = newId(NOW);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256));
    await store.write(id, from(bytes.subarray(0, 100_000), bytes.subarray(100_000)));
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
    await expect(store.write(id, from(Buffer.from('An'), new Error('cut off')))).rejects.toThrow('cut off');
    expect(await keptBytes(store, id)).toBeUndefined();
    expect(await idsIn(store)).not.toContain(id);
  });

  it('never takes a name that is not an id', async () => {
    const store = open();
    for (const id of ['', '..', '../../etc/passwd', `${newId(NOW)}/..`, newId(NOW).toUpperCase(), `${newId(NOW)}\0`]) {
      await expect(async () => keptBytes(store, id)).rejects.toThrow('is a UUID');
      await expect(async () => store.remove(id)).rejects.toThrow('is a UUID');
      await expect(async () => store.write(id, from(Buffer.from('x')))).rejects.toThrow('is a UUID');
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

/** A bucket that answers each request as `answer` does, and how often it was asked. */
async function answering(answer: (response: ServerResponse) => void) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/forms`;
  const end = () => (server.closeAllConnections(), server.close());
  return { store: s3Store({ ...s3.bucket, url }), asked: () => asked, end };
}

/** Writes without end, as fast as it is read. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 'x');
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}

describe('a bucket that does not keep to the protocol', () => {
  it('is not listed on where its list does not move', async () => {
    const bucket = await answering((response) => response.end('<IsTruncated>true</IsTruncated>'));
    await expect(idsIn(bucket.store)).rejects.toMatchObject({ kind: 'refused' });
    expect(bucket.asked()).toBe(1);
    bucket.end();
  });

  it.each([200, 206])('is read no further than the part that was asked for, with status %d', async (status) => {
    const bucket = await answering((response) => flood(response.writeHead(status)));
    expect(await bucket.store.read(newId(NOW), 1_000_000, 10)).toEqual(Buffer.from('x'.repeat(10)));
    bucket.end();
  });

  it.each([200, 400])('gets an error where another answer has no end, with status %d', async (status) => {
    const bucket = await answering((response) => flood(response.writeHead(status)));
    await expect(idsIn(bucket.store)).rejects.toMatchObject({ kind: 'gone' });
    bucket.end();
  });
});

describe('a bucket', () => {
  it('is listed a thousand at a time, to the end', async () => {
    const store = s3Store(s3.bucket);
    const ids = Array.from({ length: 1_050 }, () => newId(NOW));
    for (let at = 0; at < ids.length; at += 50)
      await Promise.all(ids.slice(at, at + 50).map((id) => store.write(id, from(Buffer.from('x')))));
    expect((await idsIn(store)).sort()).toEqual(ids.toSorted());
    await Promise.all(ids.map((id) => store.remove(id)));
  });

  it.each([
    ['with a wrong secret', 'refused', () => ({ ...s3.bucket, secretAccessKey: 'wrong' })],
    ['that is not there', 'refused', () => ({ ...s3.bucket, url: s3.bucket.url.replace('/forms', '/nowhere') })],
    ['at an address where nothing answers', 'gone', () => ({ ...s3.bucket, url: 'http://127.0.0.1:9/forms' })],
  ])('%s refuses a file, with a message', async (_, kind, bucket) => {
    const store = s3Store(bucket());
    const id = newId(NOW);
    await expect(store.write(id, from(Buffer.from('Ana')))).rejects.toMatchObject({ name: 'FileFault', kind });
    const silent = await store.write(id, from(Buffer.from('Ana'))).catch((error: unknown) => String(error));
    expect(silent).not.toContain('S3RVER');
  });
});
