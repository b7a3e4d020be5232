/** Two databases with the same folder or bucket of files. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import type { Logger } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeDatabase, type Database } from '../../../src/record/db/database.ts';
import { diskStore } from '../../../src/record/files/disk.ts';
import { FileFault } from '../../../src/record/files/fault.ts';
import { addFile, writeBytes } from '../../../src/record/files/files.ts';
import { s3Store } from '../../../src/record/files/s3.ts';
import { explainOthers, markedStore, sweepOwnFiles } from '../../../src/record/files/site-marks.ts';
import type { FileStore } from '../../../src/record/files/store.ts';
import { newId } from '../../../src/record/ids.ts';
import { sweepJob } from '../../../src/respond/erase.ts';
import { openStore } from '../../../src/site/open-store.ts';
import { draft, later, NOW, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';
import { idsIn, keptIn } from '../../helpers/samples/files.ts';
import { startS3, type S3 } from '../../helpers/s3-server.ts';

const about = { field: 'cv', name: 'a.pdf', type: 'application/pdf', size: 1, sha256: 'ab' };

/** Stores a file with its row as an upload at `at` does. */
async function upload(db: Database, store: FileStore, submissionId: string, at: Date): Promise<string> {
  const id = newId(at);
  await writeBytes(db, store, id, [Buffer.from('x')]);
  await addFile(db, { id, submissionId, ...about }, at);
  return id;
}

let s3: S3;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

describe.each(['a folder', 'a bucket'])('two databases with %s', (kind) => {
  let store: FileStore;
  let forget: (mark: string) => Promise<void>;
  beforeEach(async () => {
    if (kind === 'a folder') {
      const folder = join(temporaryFolder(), 'files');
      store = diskStore(folder);
      forget = async (mark) => rmSync(join(folder, `site-${mark}`));
      return;
    }
    const { url, ...keys } = s3.bucket;
    store = s3Store(s3.bucket);
    forget = async (mark) => void (await new AwsClient({ ...keys, service: 's3' }).fetch(`${url}/site-${mark}`, { method: 'DELETE' })); // prettier-ignore
    for (const mark of await store.marks()) await forget(mark);
    for (const id of await idsIn(store)) await store.remove(id);
  });

  it('delete no files of each other, until the mark of one is removed', async () => {
    const [one, two] = [await temporaryDatabase(), await temporaryDatabase()];
    const [first, second] = [(await draft(one)).id, (await draft(two)).id];
    const files = [
      await upload(one, markedStore(one, store), first, later(1)),
      await upload(two, markedStore(two, store), second, later(2)),
    ];
    const orphan = newId(later(3));
    await writeBytes(one, store, orphan, [Buffer.from('x')]);
    expect(await sweepOwnFiles(one, store, later(7_200))).toEqual([explainOthers(store.place, [second])]);
    expect(await sweepOwnFiles(two, store, later(7_200))).toEqual([explainOthers(store.place, [first])]);
    expect((await idsIn(store)).sort()).toEqual([...files, orphan].toSorted());
    await forget(second);
    expect(await sweepOwnFiles(one, store, later(7_200))).toEqual([]);
    expect(await idsIn(store)).toEqual(files.slice(0, 1));
  });

  it('leave a store without a mark to the one that knows a file there, as after an update', async () => {
    const [one, two] = [await temporaryDatabase(), await temporaryDatabase()];
    const first = (await draft(one)).id;
    await draft(two);
    const cv = await upload(one, store, first, later(1));
    await writeBytes(one, store, newId(later(2)), [Buffer.from('x')]);
    expect(await sweepOwnFiles(two, store, later(7_200))).toEqual([expect.stringMatching('knows none of the files')]);
    expect([(await idsIn(store)).length, await store.marks()]).toEqual([2, []]);
    expect(await sweepOwnFiles(one, store, later(7_200))).toEqual([]);
    expect([await idsIn(store), await store.marks()]).toEqual([[cv], [first]]);
    expect(await sweepOwnFiles(two, store, later(7_200))).toEqual([explainOthers(store.place, [first])]);
    expect(await idsIn(store)).toEqual([cv]);
  });

  it('delete nothing while the marks cannot be read, or are not kept', async () => {
    const db = await temporaryDatabase();
    const cv = await upload(db, store, (await draft(db)).id, later(1));
    const orphan = newId(later(1));
    await writeBytes(db, store, orphan, [Buffer.from('x')]);
    const marks = () => Promise.reject(new FileFault('gone', new Error('500')));
    await expect(sweepOwnFiles(db, { ...store, marks }, later(7_200))).rejects.toThrow('The bucket of files');
    await sweepOwnFiles(db, { ...store, marks: async () => [] }, later(7_200));
    expect((await idsIn(store)).toSorted()).toEqual([cv, orphan].toSorted());
  });
});

it('a trial of another database in the same DATA_DIR deletes no files, and the log says why once', async () => {
  const dataDir = temporaryFolder();
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (_: object, message: string) => void warnings.push(message) } as unknown as Logger; // prettier-ignore
  const open = async (name: string, at: Date) => {
    const places = { databaseUrl: join(dataDir, name), dataDir, outgoing: true };
    const site = await openStore(places, [Buffer.alloc(32, 1)], { log, now: () => at, onProgress: () => {} });
    const { run } = sweepJob({ ...site, now: () => at, log });
    return { ...site, sweep: () => run({} as Parameters<typeof run>[0]) };
  };
  const trial = await open('trial.sqlite', NOW);
  await draft(trial.db, { now: NOW });
  await trial.sweep();
  await closeDatabase(trial.db);
  const real = await open('flipsite.sqlite', later(10));
  const { id } = await draft(real.db, { now: later(10) });
  const cv = await upload(real.db, real.files, id, later(11));
  await closeDatabase(real.db);
  const again = await open('trial.sqlite', later(7_200));
  for (const _ of [1, 2]) await again.sweep();
  await closeDatabase(again.db);
  expect(keptIn(dataDir)).toEqual([cv]);
  const folder = join(dataDir, 'files');
  expect(warnings).toEqual([
    `${folder} has files of another database of Flipsite, so Flipsite deletes no unused files there. Use another bucket or another DATA_DIR for one of the two sites. If no site uses the other database any more, delete ${join(folder, `site-${id}`)}`,
  ]);
});
