import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { describe, expect, it } from 'vitest';
import { closeDatabase } from '../../../src/record/db/database.ts';
import { diskStore } from '../../../src/record/files/disk.ts';
import { addFile, findFile, listFiles, markFileRemoved, readBytes, removeBytes, sweepFiles, writeBytes } from '../../../src/record/files/files.ts'; // prettier-ignore
import { FileFault } from '../../../src/record/files/fault.ts';
import { cleanName, disposition } from '../../../src/record/files/names.ts';
import { newId } from '../../../src/record/ids.ts';
import { openStore } from '../../../src/site/open-store.ts';
import { joined, keptBytes, keptIn } from '../../helpers/samples/files.ts';
import { draft, later, NOW, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';

const collected = async (parts: AsyncIterable<string[]>) => {
  const ids: string[] = [];
  for await (const some of parts) ids.push(...some);
  return ids.sort();
};

async function* from(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

describe('the store on disk', () => {
  it('gives back the written bytes, and nothing once they are removed', async () => {
    const data = temporaryFolder();
    const store = diskStore(join(data, 'files'));
    const id = newId(NOW);
    await store.write(id, from('An', 'a'));
    expect((await keptBytes(store, id))?.toString()).toBe('Ana');
    expect(await collected(store.list())).toEqual([id]);
    await store.remove(id);
    await store.remove(id);
    expect(await keptBytes(store, id)).toBeUndefined();
    expect(keptIn(data)).toEqual([]);
  });

  it('keeps each file for its owner only, in a folder named by the end of its id', async () => {
    const data = temporaryFolder();
    const id = newId(NOW);
    await diskStore(join(data, 'files')).write(id, from('Ana'));
    const path = join(data, 'files', id.slice(-2), id);
    expect(readFileSync(path, 'utf8')).toBe('Ana');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(data, 'files')).mode & 0o777).toBe(0o700);
  });

  it('keeps nothing of an upload that was cut off', async () => {
    const data = temporaryFolder();
    const store = diskStore(join(data, 'files'));
    await expect(store.write(newId(NOW), from('An', new Error('cut off')))).rejects.toThrow('cut off');
    expect(keptIn(data)).toEqual([]);
  });

  it('never takes a name that is not an id', async () => {
    const store = diskStore(join(temporaryFolder(), 'files'));
    for (const id of ['', '..', '../../etc/passwd', `${newId(NOW)}/..`, newId(NOW).toUpperCase(), `${newId(NOW)}\0`]) {
      await expect(async () => keptBytes(store, id)).rejects.toThrow('is a UUID');
      await expect(async () => store.remove(id)).rejects.toThrow('is a UUID');
      await expect(async () => store.write(id, from('x'))).rejects.toThrow('is a UUID');
    }
  });

  it('lists nothing before the first file', async () => {
    expect(await collected(diskStore(join(temporaryFolder(), 'files')).list())).toEqual([]);
  });
});

describe('files of submissions', () => {
  const about = { type: 'application/pdf', size: 3, sha256: 'ab' };

  it('are listed for their own submission until they are removed', async () => {
    const db = await temporaryDatabase();
    const [mine, theirs] = [(await draft(db)).id, (await draft(db)).id];
    const [one, other] = [newId(NOW), newId(later(1))];
    await addFile(db, { id: other, submissionId: mine, field: 'cv', name: 'b.pdf', ...about }, NOW);
    await addFile(db, { id: one, submissionId: mine, field: 'cv', name: 'a.pdf', ...about }, NOW);
    expect(await listFiles(db, mine)).toEqual([
      { id: one, submissionId: mine, field: 'cv', name: 'a.pdf', ...about, createdAt: NOW.toISOString(), removedAt: null },
      expect.objectContaining({ id: other, name: 'b.pdf' }),
    ]); // prettier-ignore
    expect(await listFiles(db, theirs)).toEqual([]);
    expect(await findFile(db, theirs, one)).toBeUndefined();
    await markFileRemoved(db, [one], NOW);
    await markFileRemoved(db, [one], later(60));
    expect((await listFiles(db, mine)).map(({ id }) => id)).toEqual([other]);
    expect((await findFile(db, mine, one))?.removedAt).toBe(NOW.toISOString());
  });

  it('have their bytes and their names sealed', async () => {
    const db = await temporaryDatabase();
    const store = diskStore(join(temporaryFolder(), 'files'));
    const id = newId(NOW);
    await writeBytes(db, store, id, [Buffer.from('a very '), Buffer.from('secret thing')]);
    await addFile(db, { id, submissionId: (await draft(db)).id, field: 'cv', name: 'Ana Reyes.pdf', ...about }, NOW);
    expect((await keptBytes(store, id))?.includes('secret')).toBe(false);
    expect((await joined((await readBytes(db, store, id))!)).toString()).toBe('a very secret thing');
    const row = await db.query.selectFrom('files').select('name').executeTakeFirst();
    expect(row?.name).toMatch(/^sealed:1:/);
  });

  it('cannot take the bytes of another file', async () => {
    const db = await temporaryDatabase();
    const folder = join(temporaryFolder(), 'files');
    const store = diskStore(folder);
    const [mine, theirs] = [newId(NOW), newId(NOW)];
    for (const id of [mine, theirs]) await writeBytes(db, store, id, [Buffer.from(id)]);
    writeFileSync(join(folder, mine.slice(-2), mine), readFileSync(join(folder, theirs.slice(-2), theirs)));
    await expect(readBytes(db, store, mine)).rejects.toThrow(`File ${mine} cannot be opened. It was changed`);
  });

  it('leave nothing behind: the sweep removes old bytes without a file, halves and removed ones too', async () => {
    const db = await temporaryDatabase();
    const data = temporaryFolder();
    const store = diskStore(join(data, 'files'));
    const submissionId = (await draft(db)).id;
    const [kept, lost, removed, half] = [newId(NOW), newId(NOW), newId(NOW), newId(NOW)];
    for (const id of [kept, lost, removed]) await writeBytes(db, store, id, [Buffer.from('x')]);
    for (const id of [kept, removed])
      await addFile(db, { id, submissionId, field: 'cv', name: 'a.pdf', ...about }, NOW);
    await markFileRemoved(db, [removed], NOW);
    mkdirSync(join(data, 'files', half.slice(-2)), { recursive: true });
    writeFileSync(join(data, 'files', half.slice(-2), `${half}.part`), 'half');
    expect(await sweepFiles(db, store, NOW)).toBe(0);
    expect(await sweepFiles(db, store, later(1))).toBe(3);
    expect(keptIn(data)).toEqual([kept]);
    expect(await sweepFiles(db, store, later(1))).toBe(0);
  });

  it('are removed where the store fails for one of them, at once and by the sweep, but not while it is away', async () => {
    const db = await temporaryDatabase();
    const data = temporaryFolder();
    const store = diskStore(join(data, 'files'));
    await draft(db);
    const ids = Array.from({ length: 6 }, () => newId(NOW));
    for (const id of ids) await writeBytes(db, store, id, [Buffer.from('x')]);
    const tried: string[] = [];
    const failingFor = (failing: string[]) => ({
      ...store,
      async *list() {
        yield ids;
      },
      remove(id: string) {
        tried.push(id);
        return failing.includes(id) ? Promise.reject(new FileFault('gone', new Error('500'))) : store.remove(id);
      },
    });
    const warnings: string[] = [];
    const log = { warn: (_: object, message: string) => void warnings.push(message) };
    await removeBytes({ files: failingFor(ids.slice(0, 1)), log }, ids.slice(0, 2));
    expect([warnings.length, keptIn(data)]).toEqual([1, [ids[0], ...ids.slice(2)].toSorted()]);
    await expect(sweepFiles(db, failingFor(ids.slice(0, 1)), later(1))).rejects.toThrow('The bucket of files');
    expect(keptIn(data)).toEqual(ids.slice(0, 1).toSorted());
    tried.splice(0);
    await expect(sweepFiles(db, failingFor(ids), later(1))).rejects.toThrow('The bucket of files');
    expect(tried).toEqual(ids.slice(0, 3));
  });

  it('stay where they are older than the whole database: they belong to another site', async () => {
    const data = temporaryFolder();
    const store = diskStore(join(data, 'files'));
    const theirs = newId(NOW);
    await store.write(theirs, from('of the database that was here before'));
    const db = await temporaryDatabase();
    expect(await sweepFiles(db, store, later(60))).toBe(0);
    await draft(db, { now: later(10) });
    const orphan = newId(later(20));
    await store.write(orphan, from('of an upload that was cut off'));
    expect(await sweepFiles(db, store, later(60))).toBe(1);
    expect(keptIn(data)).toEqual([theirs]);
  });
});

it('a start looks only at the files of the last hour, because there may be millions', async () => {
  const dataDir = temporaryFolder();
  const places = { databaseUrl: join(dataDir, 'data.sqlite'), dataDir, outgoing: true };
  const log = { info: () => {}, warn: () => {} } as unknown as Logger;
  const open = (at: Date) => openStore(places, [Buffer.alloc(32, 1)], { log, now: () => at, onProgress: () => {} });
  const first = await open(NOW);
  await draft(first.db, { now: NOW });
  const [old, recent] = [newId(later(60)), newId(later(3_600))];
  for (const id of [old, recent]) await first.files.write(id, from('of an upload that was cut off'));
  await closeDatabase(first.db);
  const second = await open(later(3_700));
  expect(keptIn(dataDir)).toEqual([old]);
  await closeDatabase(second.db);
});

describe('the name of a file', () => {
  it.each([
    ['cv.pdf', 'cv.pdf'],
    ['Mi currículum – José.PDF', 'Mi currículum – José.PDF'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['..\\..\\windows\\cv.pdf', 'cv.pdf'],
    ['C:\\Users\\ana\\cv.pdf', 'cv.pdf'],
    ['/', 'file.pdf'],
    ['', 'file.pdf'],
    ['...', 'file.pdf'],
    ['.pdf', 'pdf.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    ['cv.html', 'cv.html.pdf'],
    ['cv.pdf.exe', 'cv.pdf.exe.pdf'],
    ['cv\u202Efdp.exe', 'cvfdp.exe.pdf'],
    ['a\r\nSet-Cookie: x=1\u0000.pdf', 'aSet-Cookie x=1.pdf'],
    ['"; filename="evil.html', '; filename=evil.html.pdf'],
    ['履歴書.pdf', '履歴書.pdf'],
    ['\uD800.pdf', '\uFFFD.pdf'],
    [' cv .pdf ', 'cv .pdf'],
    ['a\u061cfdp.exe', 'afdp.exe.pdf'],
  ])('%j is kept as %j', (given, name) => expect(cleanName(given, 'application/pdf')).toBe(name));

  it('keeps either usual ending of a type', () => {
    expect(cleanName('me.jpeg', 'image/jpeg')).toBe('me.jpeg');
    expect(cleanName('me.JPG', 'image/jpeg')).toBe('me.JPG');
    expect(cleanName('me.png', 'image/jpeg')).toBe('me.png.jpg');
  });

  it('has at most 120 characters, its ending among them, and no half of a character', () => {
    expect(cleanName(`${'x'.repeat(500)}.pdf`, 'application/pdf')).toBe(`${'x'.repeat(116)}.pdf`);
    const name = cleanName(`x${'😀'.repeat(500)}.pdf`, 'application/pdf');
    expect(name.length).toBeLessThanOrEqual(120);
    expect(name.isWellFormed()).toBe(true);
  });

  it('is that of its first thousand characters, however long the rest is', () => {
    expect(cleanName(`${'a'.repeat(1_000)}/b.pdf`, 'application/pdf')).toBe(`${'a'.repeat(116)}.pdf`);
    expect(cleanName(`a${'.'.repeat(8_000)}b.pdf`, 'application/pdf')).toBe('a.pdf');
  });

  it('goes into a header whole, in any script, and ends nothing there', () => {
    expect(disposition('inline', 'cv.pdf')).toBe(`inline; filename="cv.pdf"; filename*=UTF-8''cv.pdf`);
    expect(disposition('attachment', `José "1" (2)'s 100%.pdf`)).toBe(
      `attachment; filename="Jos_ _1_ (2)'s 100_.pdf"; filename*=UTF-8''Jos%C3%A9%20%221%22%20%282%29%27s%20100%25.pdf`,
    );
  });
});
