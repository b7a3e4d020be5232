import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { restoreBackup } from '../../../src/operate/backup.ts';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { COPY_DAYS, removeOldCopies } from '../../../src/record/db/migration-copy.ts';
import { migrations } from '../../../src/record/migrations/migrations.ts';
import { findSubmission } from '../../../src/record/submissions/submissions.ts';
import { mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { makeOlderDatabase } from './older-database.ts';
import { mountable, mounted, unmount } from './small-disk.ts';
import { draft, later, NOW, temporaryDatabase, temporaryFolder, temporarySqlite } from '../../helpers/database.ts';

describe('opening the database', () => {
  it('creates the folder and the file, and keeps the data when it is opened again', async () => {
    const path = join(temporaryFolder(), 'data', 'deep', 'flipsite.db');
    const first = await openDatabase(`sqlite:${path}`);
    const { id } = await draft(first);
    await closeDatabase(first);
    expect(existsSync(path)).toBe(true);
    const second = await temporaryDatabase(path);
    expect(await findSubmission(second, id)).toMatchObject({ id, form: 'driver' });
  });

  it('works in memory', async () => {
    const db = await temporaryDatabase(':memory:');
    expect(await draft(db)).toMatchObject({ answers: {} });
  });

  it('commits to the disk before it answers: WAL, synchronous FULL, foreign keys on', async () => {
    const db = await temporarySqlite();
    const read = async (name: string) =>
      Object.values((await sql`pragma ${sql.raw(name)}`.execute(db.query)).rows[0] as object)[0];
    expect(await read('journal_mode')).toBe('wal');
    expect(await read('synchronous')).toBe(2);
    expect(await read('foreign_keys')).toBe(1);
  });

  it('says which file is no database', async () => {
    const path = join(temporaryFolder(), 'notes.txt');
    writeFileSync(path, 'Not a database. '.repeat(100));
    await expect(openDatabase(path)).rejects.toThrow(
      `${path} is not a SQLite database. Move the file to another place`,
    );
  });

  it('has a remedy when the path is a folder, or leads through a file', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data.db'));
    writeFileSync(join(folder, 'file'), '');
    await expect(openDatabase(join(folder, 'data.db'))).rejects.toThrow(/data\.db cannot be opened.*set DATABASE_URL/s);
    await expect(openDatabase(join(folder, 'file', 'flipsite.db'))).rejects.toThrow(
      /cannot be opened.*set DATABASE_URL/s,
    );
  });

  it('refuses other kinds of database without repeating their password', async () => {
    const message = await openDatabase('mysql://ada:secret@db/flipsite').catch((error: Error) => error.message);
    expect(message).toContain('mysql://');
    expect(message).not.toContain('secret');
  });

  it('refuses a database that a newer version has migrated', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const db = await openDatabase(path);
    await sql`insert into kysely_migration values ('2099-01-01-later', '2099-01-01')`.execute(db.query);
    await closeDatabase(db);
    await expect(openDatabase(path)).rejects.toThrow('A newer Flipsite wrote the database');
  });
});

describe('an update of the tables', () => {
  async function olderDatabase(): Promise<string> {
    const path = join(temporaryFolder(), 'flipsite.db');
    await makeOlderDatabase(path);
    return path;
  }
  const lastOf = (path: string) => {
    const sqlite = new DatabaseSync(path, { readOnly: true });
    const name = sqlite.prepare('select max(name) as name from kysely_migration').get()?.['name'];
    sqlite.close();
    return name;
  };

  it('says each step, lets other code run in between, and is none for a new database', async () => {
    const said: string[] = [];
    const path = await olderDatabase();
    const timer = setInterval(() => said.push('other'), 0);
    await closeDatabase(
      await openDatabase(path, [], { onMigration: (step, steps) => said.push(`${step} of ${steps}`) }),
    );
    clearInterval(timer);
    expect(said.filter((one) => one !== 'other')).toEqual(['1 of 2', '2 of 2']);
    await closeDatabase(await openDatabase(path, [], { onMigration: () => said.push('again') }));
    await closeDatabase(await openDatabase(':memory:', [], { onMigration: () => said.push('again') }));
    expect(said).not.toContain('again');
  });

  it('keeps one copy from before, which is removed after two weeks', async () => {
    const path = await olderDatabase();
    const before = Object.keys(migrations).at(-3);
    const folder = dirname(path);
    mkdirSync(join(folder, 'before-update-2026-01-01-older'));
    await closeDatabase(await openDatabase(path, [], { copyFirst: true }));
    const copies = () => readdirSync(folder).filter((name) => name.startsWith('before'));
    expect(copies()).toEqual([`before-update-${before}`]);
    expect(lastOf(join(folder, copies()[0] ?? '', 'flipsite.sqlite'))).toBe(before);
    expect(lastOf(path)).toBe(Object.keys(migrations).at(-1));
    removeOldCopies(path, new Date(Date.now() + (COPY_DAYS - 1) * 86_400_000));
    expect(copies()).toHaveLength(1);
    removeOldCopies(path, new Date(Date.now() + (COPY_DAYS + 1) * 86_400_000));
    expect(copies()).toEqual([]);
  });

  it('can be undone with the copy, as with a backup', async () => {
    const path = await olderDatabase();
    const before = lastOf(path);
    const dataDir = dirname(path);
    await closeDatabase(await openDatabase(path, [], { copyFirst: true }));
    expect(lastOf(path)).not.toBe(before);
    restoreBackup({ dataDir, database: path }, join(dataDir, `before-update-${String(before)}`), NOW);
    expect(lastOf(path)).toBe(before);
  });

  // Only a user who may mount a disk can have a full one.
  it.each(mountable() ? ['a disk of 3 MB'] : [])(
    'is refused in words where the disk has no room for the copy: %s',
    async () => {
      const disk = temporaryFolder();
      mounted(disk, 'size=3m');
      try {
        const path = join(disk, 'flipsite.db');
        copyFileSync(await olderDatabase(), path);
        const before = lastOf(path);
        writeFileSync(join(disk, 'filling'), Buffer.alloc(3 * 1_048_576 - statSync(path).size - 200_000));
        await expect(openDatabase(path, [], { copyFirst: true })).rejects.toThrow(
          /^The disk has no room to copy the database and to update it\. Free \d+ MB in .+, then start again\.$/,
        );
        expect(lastOf(path)).toBe(before);
        expect(readdirSync(disk).filter((name) => name.startsWith('before'))).toEqual([]);
      } finally {
        unmount(disk);
      }
    },
  );

  it.each(mountable() ? ['a disk of 3 MB'] : [])('that fills the disk says so, and changes nothing: %s', async () => {
    const disk = temporaryFolder();
    mounted(disk, 'size=3m');
    try {
      const path = join(disk, 'flipsite.db');
      copyFileSync(await olderDatabase(), path);
      const before = lastOf(path);
      // Enough for the index of the log, and for its first pages.
      writeFileSync(join(disk, 'filling'), Buffer.alloc(3 * 1_048_576 - statSync(path).size - 45_056));
      await expect(openDatabase(path)).rejects.toThrow(
        `The disk of the database ${path} is full. Free some space, then start again.`,
      );
      rmSync(join(disk, 'filling'));
      expect(lastOf(path)).toBe(before);
      await closeDatabase(await openDatabase(path));
      expect(lastOf(path)).toBe(Object.keys(migrations).at(-1));
    } finally {
      unmount(disk);
    }
  });

  it.each(mountable() ? ['a disk of 3 MB'] : [])('has the room of a copy that was cut off: %s', async () => {
    const disk = temporaryFolder();
    mounted(disk, 'size=3m');
    try {
      const path = join(disk, 'flipsite.db');
      copyFileSync(await olderDatabase(), path);
      const cutOff = join(disk, `before-update-${String(lastOf(path))}.part`);
      mkdirSync(cutOff);
      writeFileSync(join(cutOff, 'flipsite.sqlite'), Buffer.alloc(3 * 1_048_576 - statSync(path).size - 200_000));
      await closeDatabase(await openDatabase(path, [], { copyFirst: true }));
      expect(lastOf(path)).toBe(Object.keys(migrations).at(-1));
    } finally {
      unmount(disk);
    }
  });

  it('makes no copy of a new database, or where nothing is to update', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    for (let n = 0; n < 2; n++) await closeDatabase(await openDatabase(path, [], { copyFirst: true }));
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('before'))).toEqual([]);
  });
});

describe('a transaction', () => {
  it('stores nothing when it throws', async () => {
    const db = await temporaryDatabase();
    let id = '';
    const failing = db.transaction(async (trx) => {
      ({ id } = await draft(trx));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await findSubmission(db, id)).toBeUndefined();
  });

  it('takes a nested one into itself', async () => {
    const db = await temporaryDatabase();
    let id = '';
    const failing = db.transaction(async (outer) => {
      ({ id } = await outer.transaction((inner) => draft(inner)));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await findSubmission(db, id)).toBeUndefined();
  });

  it('takes the write lock when it begins, so that another process cannot write between its reads and its writes', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const db = await temporarySqlite(path);
    const other = new DatabaseSync(path, { timeout: 0 });
    try {
      await db.transaction(async () => {
        expect(() => other.exec('begin immediate')).toThrow('locked');
      });
      other.exec('begin immediate; rollback');
    } finally {
      other.close();
    }
  });

  it('comes out as if it had run alone, when many are asked for at once', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await Promise.all(
      Array.from({ length: 20 }, () =>
        db.transaction(async (trx) => {
          const { answers = {} } = (await findSubmission(trx, id)) ?? {};
          await mergeAnswers(trx, id, { set: { age: Number(answers['age'] ?? 0) + 1 }, clear: [] }, NOW);
        }),
      ),
    );
    expect((await findSubmission(db, id))?.answers).toEqual({ age: 20 });
  });

  it('hides its changes from readers until it ends', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await db.transaction(async (trx) => {
      await mergeAnswers(trx, id, { set: { name: 'Ana' }, clear: [] }, NOW);
      expect((await findSubmission(db, id))?.answers).toEqual({});
    });
    expect((await findSubmission(db, id))?.answers).toEqual({ name: 'Ana' });
  });

  it('fails alone, and those that share its commit are stored', async () => {
    const db = await temporaryDatabase();
    const tried = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        db.transaction(async (trx) => {
          const { id } = await draft(trx, { now: later(index) });
          if (index % 3 === 0) throw new Error(`no ${index}`);
          return id;
        }),
      ),
    );
    const stored = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(stored).toHaveLength(20);
    const rows = await db.query.selectFrom('submissions').select('id').orderBy('id').execute();
    expect(rows.map(({ id }) => id)).toEqual(stored.toSorted());
  });

  it('cannot be used once it is over', async () => {
    const db = await temporarySqlite();
    let left: Database | undefined;
    await db.transaction(async (trx) => void (left = trx));
    await expect(draft(left!)).rejects.toThrow('This transaction is over');
  });

  it('finishes before the database closes', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const first = await openDatabase(path);
    const writing = first.transaction((trx) => draft(trx));
    await closeDatabase(first);
    const { id } = await writing;
    expect(await findSubmission(await temporaryDatabase(path), id)).toBeDefined();
  });
});
