/** Faults of the store: nothing acknowledged is lost, reads continue, and writes continue by themselves afterwards. */
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { asFault } from '../../../src/record/db/fault.ts';
import { postgresEngine } from '../../../src/record/db/postgres.ts';
import { findSubmission } from '../../../src/record/submissions/submissions.ts';
import { mountable, mounted, NOBODYS, smallDisk, unmount } from './small-disk.ts';
import { afterwards, draft, temporaryFolder, temporarySqlite } from '../../helpers/database.ts';

const count = async (db: Database) =>
  (
    await db.query
      .selectFrom('submissions')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  ).n;

/** Stores drafts until one cannot be stored. @returns the ids of the stored ones, and the error of the last */
async function untilRefused(db: Database): Promise<{ ids: string[]; error: unknown }> {
  const ids: string[] = [];
  for (;;) {
    const some = await Promise.allSettled(
      Array.from({ length: 20 }, () => db.transaction((trx) => draft(trx, { params: { note: 'x'.repeat(2_000) } }))),
    );
    ids.push(...some.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : [])));
    const refused = some.find((one) => one.status === 'rejected');
    if (refused) return { ids, error: refused.reason };
  }
}

async function onSmallDisk(): Promise<{ db: Database; makeRoom(): Promise<void> }> {
  const folder = join(temporaryFolder(), 'disk');
  const disk = smallDisk(folder);
  afterwards(disk.remove);
  const db = await openDatabase(join(folder, 'flipsite.db'));
  afterwards(() => closeDatabase(db));
  await disk.limit(db);
  return { db, makeRoom: () => disk.makeRoom(db) };
}

it('is found by the trial of readiness, because that writes', async () => {
  const file = join(temporaryFolder(), 'flipsite.db');
  const db = await openDatabase(file);
  afterwards(() => closeDatabase(db));
  const other = new DatabaseSync(file, { readOnly: true });
  // SQLite changes this number when another connection has written.
  const version = () => other.prepare('pragma data_version').get();
  for (let n = 0; n < 3; n++) {
    const before = version();
    await db.engine.ready();
    expect(version()).not.toEqual(before);
  }
  other.close();
});

describe('a full disk', () => {
  it('refuses new data, keeps the stored data readable, and accepts more once there is room', async () => {
    const { db, makeRoom } = await onSmallDisk();
    const { ids, error } = await untilRefused(db);
    expect(error).toMatchObject({ name: 'StoreFault', kind: 'full' });
    expect(ids.length).toBeGreaterThan(20);
    expect(await count(db)).toBe(ids.length);
    expect(await findSubmission(db, ids.at(-1) ?? '')).toBeDefined();
    // Where no disk may be mounted, the database is full, and its disk is not.
    if (mountable()) await expect(db.engine.ready()).rejects.toMatchObject({ kind: 'full' });
    await makeRoom();
    await expect(db.engine.ready()).resolves.toBeUndefined();
    const { id } = await draft(db, { params: { note: 'x'.repeat(2_000) } });
    expect(await findSubmission(db, id)).toBeDefined();
    expect((await sql`pragma integrity_check`.execute(db.query)).rows).toEqual([{ integrity_check: 'ok' }]);
  });
});

describe('a database that another process keeps locked', () => {
  it('is read while it is locked, and written once it is free', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const db = await temporarySqlite(path);
    const first = await draft(db);
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    const writing = draft(db);
    expect(await findSubmission(db, first.id)).toBeDefined();
    other.exec('rollback');
    other.close();
    expect(await findSubmission(db, (await writing).id)).toBeDefined();
  });

  it('refuses writes after five seconds, and reads go on', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const db = await temporarySqlite(path);
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    await expect(draft(db)).rejects.toMatchObject({ name: 'StoreFault', kind: 'locked' });
    expect(await count(db)).toBe(0);
    other.exec('rollback');
    other.close();
    expect(await draft(db)).toBeDefined();
  });
});

describe('a database that may only be read', () => {
  it('refuses writes, is not ready, and is read', async () => {
    const db = await temporarySqlite();
    const { id } = await draft(db);
    await sql`pragma query_only = on`.execute(db.query);
    await expect(draft(db)).rejects.toMatchObject({ name: 'StoreFault', kind: 'read_only' });
    await expect(db.engine.ready()).rejects.toMatchObject({ kind: 'read_only' });
    expect(await findSubmission(db, id)).toBeDefined();
  });

  // If the tests may mount no disk of their own, a folder of another user replaces one.
  it.each(mountable() ? ['its disk', 'its folder'] : ['its folder'])(
    'because of %s stops the start with a remedy, and stays as it was',
    async (what) => {
      const place = what === 'its disk' ? join(temporaryFolder(), 'disk') : NOBODYS;
      const path = join(place, 'flipsite.db');
      if (what === 'its folder') return expect(openDatabase(path)).rejects.toThrow(toldToOpen(path));
      mkdirSync(place);
      mounted(place, 'size=4m');
      afterwards(() => unmount(place));
      const before = await openDatabase(path);
      const { id } = await draft(before);
      await closeDatabase(before);
      const bytes = readFileSync(path);
      expect(mounted(place, 'remount,ro,size=4m')).toBe(true);
      await expect(openDatabase(path)).rejects.toThrow(toldToOpen(path));
      expect(readFileSync(path).equals(bytes)).toBe(true);
      expect(mounted(place, 'remount,rw,size=4m')).toBe(true);
      const db = await openDatabase(path);
      expect(await findSubmission(db, id)).toBeDefined();
      await closeDatabase(db);
    },
  );
});

const toldToOpen = (path: string) => new RegExp(`^The database ${path} cannot be opened: .*is writable`);

describe('a damaged database', () => {
  it('is reported at the start, with a remedy', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const db = await openDatabase(path);
    await untilStored(db, 300);
    await closeDatabase(db);
    const file = openSync(path, 'r+');
    for (let at = 8_192; at < statSync(path).size; at += 4_096) writeSync(file, Buffer.alloc(512, 0xa5), 0, 512, at);
    closeSync(file);
    await expect(openDatabase(path)).rejects.toThrow(/flipsite\.db is damaged: .*run npm run restore/);
  });

  it('is not replaced when it is empty of all sense', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    writeFileSync(path, Buffer.alloc(10_000, 0xa5));
    await expect(openDatabase(path)).rejects.toThrow('is not a SQLite database');
    expect(statSync(path).size).toBe(10_000);
  });
});

async function untilStored(db: Database, many: number): Promise<void> {
  await Promise.all(Array.from({ length: many }, () => db.transaction((trx) => draft(trx))));
}

describe('more writes than are held back', () => {
  it('are refused as busy, and every one that was not refused is stored', async () => {
    const db = await temporarySqlite();
    const tried = await Promise.allSettled(Array.from({ length: 4_500 }, () => db.transaction((trx) => draft(trx))));
    const refused = tried.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ name: 'StoreFault', kind: 'busy' });
    expect(await count(db)).toBe(4_500 - refused.length);
  });
});

describe('a connection to PostgreSQL that is not there in time', () => {
  it.each([
    ['busy', 'worked all the time', () => Promise.resolve()],
    // Long enough to count as waiting, also if this process collects garbage meanwhile.
    ['gone', 'only waited for it', () => wait(300)],
  ])('is a fault of the kind %s if the server %s', async (kind, _work, meanwhile) => {
    const connect = async () => {
      const until = performance.now() + 10;
      while (performance.now() < until);
      await meanwhile();
      throw new Error('Connection terminated due to connection timeout');
    };
    const engine = postgresEngine({ options: {}, waitingCount: 0, connect, end: async () => {} } as unknown as Pool);
    await expect(engine.ready()).rejects.toMatchObject({ name: 'StoreFault', kind });
    await expect(engine.transact(async () => {}, {})).rejects.toMatchObject({ name: 'StoreFault', kind });
  });
});

describe('a transaction that PostgreSQL ended, because it or this machine stood still,', () => {
  // A statement gets this error if it arrives while PostgreSQL ends its transaction. A later one finds no connection.
  it.each(['25P03', '25P04'])('is a fault of the store: %s', (code) => {
    const ended = Object.assign(new Error('terminating connection due to idle-in-transaction timeout'), { code });
    expect(asFault(ended)).toMatchObject({ name: 'StoreFault', kind: 'gone', cause: ended });
  });
});

describe('an error that is no fault of the store', () => {
  it('is left as it is, also when its code is a number', async () => {
    const signal = AbortSignal.timeout(1);
    const late = await new Promise((end) => signal.addEventListener('abort', () => end(signal.reason)));
    expect(late).toMatchObject({ name: 'TimeoutError', code: 23 });
    expect(asFault(late)).toBe(late);
  });
});
