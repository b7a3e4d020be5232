/** The messages to people while files cannot be stored, and the messages to operators. */
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskStore } from '../../../src/record/files/disk.ts';
import { sweepFiles } from '../../../src/record/files/files.ts';
import { newId } from '../../../src/record/ids.ts';
import { s3Store, type Bucket } from '../../../src/record/files/s3.ts';
import type { FileStore } from '../../../src/record/files/store.ts';
import { sweepJob } from '../../../src/respond/erase.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { docx, keptBytes, pdf, pngOf } from '../../helpers/samples/files.ts';
import { startS3, type S3 } from '../../helpers/s3-server.ts';
import { API_KEY, removeFolder, type TestSite } from '../../helpers/site.ts';
import { mountable, mounted, NOBODYS, unmount } from '../../record/db/small-disk.ts';
import { expectRefusal, send, type ApiResponse } from '../../helpers/api/client.ts';
import { beforePapers, bytesOf, KB, keptBy, openPapers } from '../../helpers/api/papers.ts';

const left: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of left.splice(0).reverse()) await step();
});

async function opened(more: { bucket?: Bucket; folder?: string }): Promise<TestSite> {
  const site = await openPapers(more);
  left.push(
    () => removeFolder(site.folder),
    () => site.close(),
  );
  return site;
}

function expectUnavailable(said: ApiResponse): void {
  expectRefusal(said, 503, 'store_unavailable');
  expect(Number(said.headers.get('retry-after'))).toBeGreaterThan(0);
}

/** As a browser without scripts sends the whole form. */
async function post(site: TestSite): Promise<ApiResponse> {
  const form = new FormData();
  form.append('full_name', 'Ben');
  form.append('cv', new File([new Uint8Array(pngOf(100 * KB))], 'cv.png'));
  const request = new Request('http://x', { method: 'POST', body: form });
  const headers = {
    accept: 'text/html',
    origin: site.origin,
    'content-type': request.headers.get('content-type') ?? '',
  };
  return send(site, 'POST', '/papers', new Uint8Array(await request.arrayBuffer()), headers);
}

/** After a sweep of bytes without a row, the stored bytes and the rows are the same files. */
async function expectWhole(site: TestSite, store: FileStore): Promise<void> {
  await sweepFiles(site.db, store, new Date(Date.now() + 1_000));
  const rows = await site.db.query.selectFrom('files').select('id').where('removed_at', 'is', null).execute();
  const ids: string[] = [];
  for await (const some of store.list()) ids.push(...some);
  expect(ids.sort()).toEqual(rows.map(({ id }) => id).sort());
}

interface Trouble {
  begin(): unknown;
  end(): unknown;
  /** The log's lines about it. */
  told: string;
  /** The status of asking for a file that is kept. */
  reads: number;
}

/** All that goes on meanwhile, and all that does not. */
async function goThrough(site: TestSite, store: FileStore, { begin, end, told, reads }: Trouble): Promise<void> {
  const [ana, ben, cleo] = [await beforePapers(site), await beforePapers(site), await beforePapers(site)];
  const cv: string = (await ana.upload('cv', pdf('Ana'))).body.id;
  const taken: string = (await ana.upload('letter', docx())).body.id;
  const [named, other] = [(await ben.upload('cv', pdf('1'))).body.id, (await ben.upload('cv', pdf('2'))).body.id];
  await cleo.upload('cv', pdf('Cleo'));
  const second = () => ana.upload('cv', pngOf(100 * KB), { 'idempotency-key': 'second' });
  const begun = await site.db.query.selectFrom('submissions').select('id').orderBy('id').execute();
  await begin();
  expectUnavailable(await second());
  expect(site.logged()).toContain(told);
  const page = await post(site);
  expect([page.status, page.text]).toEqual([503, expect.stringContaining('Something went wrong')]);
  expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ana.get(cv)).status).toBe(reads);
  // Everything that needs only the database continues: files are removed, listed and named, forms are sent, people
  // deleted.
  expect((await ana.remove(taken)).status).toBe(200);
  expect((await ana.files()).body.items).toHaveLength(1);
  expect((await ana.put('papers', { cv: [cv] })).status).toBe(200);
  expect((await ben.put('papers', { cv: [named] })).status).toBe(200);
  expect((await ben.post('submit')).status).toBe(200);
  expect((await ben.remove(other)).status).toBe(409);
  const asked = { authorization: `Bearer ${API_KEY}` };
  expect((await send(site, 'DELETE', `/api/submissions/${cleo.id}`, undefined, asked)).status).toBe(204);
  expect((await send(site, 'GET', '/readyz')).status).toBe(200);
  expect((await send(site, 'GET', '/papers')).status).toBe(200);
  await end();
  expect(keptBy(site).filter((name) => name.endsWith('.part'))).toEqual([]);
  const there = await second();
  expect(there.status).toBe(201);
  expect((await bytesOf(await ana.get(cv))).equals(pdf('Ana'))).toBe(true);
  expect((await bytesOf(await ana.get(there.body.id))).equals(pngOf(100 * KB))).toBe(true);
  expect(await site.db.query.selectFrom('submissions').select('id').orderBy('id').execute()).toEqual(begun);
  await expectWhole(site, store);
}

const ON_DISK: Record<string, (files: string) => Trouble> = {
  'is nearly full': (files) => ({
    begin: () => fill(path.join(files, 'all')),
    end: () => rmSync(path.join(files, 'all')),
    told: 'Flipsite accepts no files below 0.1 MB. Free some space',
    reads: 200,
  }),
  'may only be read': (files) => ({
    begin: () => expect(mounted(files, 'remount,ro,size=2m')).toBe(true),
    end: () => expect(mounted(files, 'remount,rw,size=2m')).toBe(true),
    told: 'Flipsite cannot use the folder of files',
    reads: 200,
  }),
  'belongs to somebody else': (files) => ({
    begin: () => (renameSync(files, `${files}-away`), symlinkSync(NOBODYS, files)),
    end: () => (rmSync(files), renameSync(`${files}-away`, files)),
    told: 'Flipsite cannot use the folder of files',
    reads: 404,
  }),
};

/** Leaves room for half of the next file. */
function fill(file: string): void {
  expect(() => writeFileSync(file, Buffer.alloc(4 * KB * KB))).toThrow('ENOSPC');
  truncateSync(file, statSync(file).size - 50 * KB);
}

describe('while the folder of files', () => {
  // Where the tests may mount no disk of their own, the last one stands for all.
  const kinds = mountable() ? Object.keys(ON_DISK) : ['belongs to somebody else'];

  it.each(kinds)(
    '%s, the answer does not claim to have a file that is lost, and the rest of the site works',
    async (kind) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-files-'));
      const files = path.join(folder, 'data', 'files');
      mkdirSync(files, { recursive: true });
      const site = await opened({ folder });
      if (kind !== 'belongs to somebody else') {
        mounted(files, 'size=2m');
        left.push(() => unmount(files));
      }
      await goThrough(site, diskStore(files), ON_DISK[kind]!(files));
    },
  );
});

describe('a part of the folder of files that may only be read', () => {
  it.each(mountable() ? ['at the start'] : [])(
    'keeps nothing else from being swept %s, nor the site from starting',
    async () => {
      const site = await openPapers({});
      left.push(() => removeFolder(site.folder));
      await beforePapers(site);
      const files = path.join(site.folder, 'data', 'files');
      const store = diskStore(files);
      const [stuck, loose] = [newId(new Date()).replace(/..$/, 'aa'), newId(new Date()).replace(/..$/, 'bb')];
      const part = path.join(files, 'aa');
      mkdirSync(part, { recursive: true });
      mounted(part, 'size=1m');
      left.push(() => unmount(part));
      for (const id of [stuck, loose]) await store.write(id, Readable.from([pdf()]));
      expect(mounted(part, 'remount,ro,size=1m')).toBe(true);
      const swept = sweepFiles(site.db, store, new Date(Date.now() + 1_000));
      await expect(swept).rejects.toThrow('Flipsite cannot use the folder of files');
      expect([await keptBytes(store, loose), (await keptBytes(store, stuck))?.equals(pdf())]).toEqual([
        undefined,
        true,
      ]);
      await site.close();
      const again = await openPapers({ folder: site.folder });
      expect((await send(again, 'GET', '/readyz')).status).toBe(200);
      await again.close();
    },
  );
});

describe('while the bucket of files', () => {
  let s3: S3;
  // One for each site, since a cleanup deletes nothing in the bucket of another.
  beforeEach(async () => {
    s3 = await startS3();
    return () => s3.stop();
  });

  it('is away, the answer does not claim to have a file that is lost, and the rest of the site works', async () => {
    const site = await opened({ bucket: s3.bucket });
    const told = 'The bucket of files cannot be reached or has failed';
    await goThrough(site, s3Store(s3.bucket), { begin: s3.end, end: s3.start, told, reads: 503 });
  });

  it('is away, a person is deleted at once, and the hourly cleanup deletes the bytes once it is back', async () => {
    const site = await opened({ bucket: s3.bucket });
    const store = s3Store(s3.bucket);
    const ana = await beforePapers(site);
    const cv: string = (await ana.upload('cv', pdf('Ana'))).body.id;
    const [{ id }] = (await site.db.query.selectFrom('submissions').select('id').execute()) as [{ id: string }];
    const cleanUp = async (minutesLater: number) => {
      const now = () => new Date(Date.now() + minutesLater * 60_000);
      const { run } = sweepJob({ db: site.db, files: store, now, log: { warn: () => undefined } });
      await run({ kind: 'sweep', subject: 'all', data: {}, dueAt: now().toISOString() } as Parameters<typeof run>[0]);
    };
    await s3.end();
    const erased = await send(site, 'DELETE', `/api/submissions/${id}`, undefined, {
      authorization: `Bearer ${API_KEY}`,
    });
    expect(erased.status).toBe(204);
    await expect(cleanUp(61)).rejects.toThrow('The bucket of files cannot be reached');
    await s3.start();
    // Bytes of less than an hour wait, since their row can still come.
    await cleanUp(59);
    expect(await keptBytes(store, cv)).toBeDefined();
    await cleanUp(61);
    expect(await keptBytes(store, cv)).toBeUndefined();
  });

  it.each<[string, RequestListener, string]>([
    ['never answers', () => {}, 'TimeoutError'],
    [
      'stops in the middle of an answer',
      (_, response) => response.writeHead(200, { 'content-length': 9 }).write('half'),
      'TimeoutError',
    ],
    ['fails', (_, response) => response.writeHead(500).end('<Code>InternalError</Code>'), '500 InternalError'],
    ['asks for patience', (_, response) => response.writeHead(503).end('<Code>SlowDown</Code>'), '503 SlowDown'],
  ])('%s, people read that they can try again, and operators read the reason', async (_, listener, why) => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    left.push(() => (server.closeAllConnections(), server.close()));
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/forms`;
    const site = await opened({ bucket: { ...s3.bucket, url, patienceMs: 1_000 } });
    const ana = await beforePapers(site);
    expectUnavailable(await ana.upload('cv', pdf()));
    expect(site.logged()).toContain('The bucket of files cannot be reached or has failed');
    expect(site.logged()).toContain(why);
    expect((await ana.files()).body.items).toEqual([]);
  });

  it.each(['GET', 'HEAD'])('is slow, %s opens no more files at once than a submission may read', async (method) => {
    const objects = new Map<string, Buffer>();
    const reads: (() => void)[] = [];
    const server = createServer(async (request, response) => {
      const { url = '' } = request;
      const bytes = Buffer.concat(await request.toArray());
      if (request.method === 'PUT') objects.set(url, bytes);
      const object = objects.get(url);
      if (request.method === 'GET' && object) reads.push(() => response.writeHead(206).end(object));
      else response.end();
    }).listen(0, '127.0.0.1');
    left.push(() => (server.closeAllConnections(), server.close()));
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/forms`;
    const site = await opened({ bucket: { ...s3.bucket, url } });
    const ana = await beforePapers(site);
    const cv: string = (await ana.upload('cv', pdf('Ana'))).body.id;
    const most = SITE_LIMITS.filesOnTheirWayPerSubmission.value;
    const address = `${site.origin}/api/submissions/${ana.id}/files/${cv}`;
    const asked = Array.from({ length: most + 1 }, () => fetch(address, { method, headers: ana.headers }));
    expect((await Promise.race(asked)).status).toBe(429);
    await expect.poll(() => reads.length).toBe(most);
    for (const read of reads) read();
    const answers = await Promise.all(asked);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(most).fill(200), 429]);
  });

  it('is asked once to delete a file, however often the person removes it', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.method);
      request.resume().once('end', () => response.end());
    }).listen(0, '127.0.0.1');
    left.push(() => (server.closeAllConnections(), server.close()));
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/forms`;
    const ana = await beforePapers(await opened({ bucket: { ...s3.bucket, url } }));
    const cv: string = (await ana.upload('cv', pdf('Ana'))).body.id;
    for (let times = 0; times < 3; times++) expect((await ana.remove(cv)).status).toBe(200);
    expect(asked.filter((method) => method === 'DELETE')).toHaveLength(1);
  });

  it.each<[string, () => Partial<Bucket>, string]>([
    ['knows another secret', () => ({ secretAccessKey: 'not-this-one' }), '403 SignatureDoesNotMatch'],
    ['knows no such key', () => ({ accessKeyId: 'NOBODY' }), '403 InvalidAccessKeyId'],
    ['is not there', () => ({ url: s3.bucket.url.replace('/forms', '/nowhere') }), '404 NoSuchBucket'],
  ])('%s, people read that they can try again, and operators read the setting to check', async (_, changed, why) => {
    const site = await opened({ bucket: { ...s3.bucket, ...changed() } });
    const ana = await beforePapers(site);
    expectUnavailable(await ana.upload('cv', pdf()));
    expect(site.logged()).toContain('The bucket of files refuses this site. Check S3_BUCKET_URL');
    expect(site.logged()).toContain(why);
    expect(site.logged()).not.toContain('not-this-one');
    expect((await ana.files()).body.items).toEqual([]);
  });
});
