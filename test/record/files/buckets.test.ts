/** A bucket answers as it should, or Flipsite gets an error with its kind. No database takes part. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Store, tryBucket } from '../../../src/record/files/s3.ts';
import { newId } from '../../../src/record/ids.ts';
import { idsIn, inParts } from '../../helpers/samples/files.ts';
import { heldBytes } from '../../helpers/heap.ts';
import { startS3 } from '../../helpers/s3-server.ts';
import { itLong } from '../../helpers/run/it-long.ts';
import { NOW } from '../../helpers/database.ts';

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

/** A bucket that answers each request as `answer` does, and how often it was asked. */
async function answering(answer: (response: ServerResponse) => void, patienceMs?: number) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/forms`;
  const end = () => (server.closeAllConnections(), server.close());
  return { url, store: s3Store({ ...s3.bucket, url, ...(patienceMs && { patienceMs }) }), asked: () => asked, end };
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

  it('is not empty where its address has a folder behind it', async () => {
    const bucket = { ...s3.bucket, url: `${s3.bucket.url}/folder` };
    await expect(idsIn(s3Store(bucket))).rejects.toMatchObject({ kind: 'refused' });
    await expect(tryBucket(bucket)).rejects.toMatchObject({ cause: { message: expect.stringContaining('move the objects of the folder') } }); // prettier-ignore
  });

  it.each([200, 206])('is read no further than the part that was asked for, with status %d', async (status) => {
    const bucket = await answering((response) => flood(response.writeHead(status)));
    expect(await bucket.store.read(newId(NOW), 1_000_000, 10)).toEqual(Buffer.from('x'.repeat(10)));
    bucket.end();
  });

  it('has not stored a file where it answers with status 200 and an error', async () => {
    const bucket = await answering((response) => response.end('<Error><Code>InternalError</Code></Error>'));
    await expect(bucket.store.write(newId(NOW), inParts(Buffer.from('Ana')))).rejects.toMatchObject({ kind: 'gone' });
    bucket.end();
  });

  it.each([200, 400])('gets an error where another answer has no end, with status %d', async (status) => {
    const bucket = await answering((response) => flood(response.writeHead(status)));
    await expect(idsIn(bucket.store)).rejects.toMatchObject({ kind: 'gone' });
    bucket.end();
  });
});

describe('a bucket that keeps Flipsite waiting or sends it elsewhere', () => {
  itLong('is given up when its time is over, although it has begun an answer', async () => {
    const bucket = await answering((response) => void response.writeHead(206).write('x'), 500);
    // The request is garbage long before its answer ends.
    const reading = expect(bucket.store.read(newId(NOW), 0, 10)).rejects.toMatchObject({ kind: 'gone' });
    for (const _ of [1, 2]) {
      await wait(100);
      heldBytes();
    }
    await reading;
    bucket.end();
  });

  it('is asked again when it is too busy, and then no more', async () => {
    const bucket = await answering((response) => response.writeHead(503).end());
    await expect(bucket.store.remove(newId(NOW))).rejects.toMatchObject({ kind: 'gone' });
    expect(bucket.asked()).toBe(4);
    bucket.end();
  });

  it.each([301, 302, 307, 308])('is not followed to another host, with status %d', async (status) => {
    const other = await answering((response) => response.end());
    const bucket = await answering((response) => response.writeHead(status, { location: other.url }).end());
    await expect(bucket.store.write(newId(NOW), inParts(Buffer.from('Ana')))).rejects.toMatchObject({
      kind: 'refused',
    });
    expect([bucket.asked(), other.asked()]).toEqual([1, 0]);
    for (const one of [bucket, other]) one.end();
  });
});

describe('a bucket', () => {
  it('is listed a thousand at a time, to the end', async () => {
    const store = s3Store(s3.bucket);
    const first = newId(NOW);
    const others = Array.from({ length: 1_050 }, () => newId(NOW));
    await store.write(first, inParts(Buffer.from('x')));
    s3.copy(first, others);
    expect((await idsIn(store)).sort()).toEqual([first, ...others].toSorted());
  });

  it.each([
    ['with a wrong secret', 'refused', () => ({ ...s3.bucket, secretAccessKey: 'wrong' })],
    ['that is not there', 'refused', () => ({ ...s3.bucket, url: s3.bucket.url.replace('/forms', '/nowhere') })],
    ['at an address where nothing answers', 'gone', () => ({ ...s3.bucket, url: 'http://127.0.0.1:9/forms' })],
  ])('%s refuses a file, with a message', async (_, kind, bucket) => {
    const store = s3Store(bucket());
    const id = newId(NOW);
    await expect(store.write(id, inParts(Buffer.from('Ana')))).rejects.toMatchObject({ name: 'FileFault', kind });
    const silent = await store.write(id, inParts(Buffer.from('Ana'))).catch((error: unknown) => String(error));
    expect(silent).not.toContain('S3RVER');
  });
});
