/** Backups are taken while people write, and put back whole. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { cutOffRestore, restoreBackup, takeBackup } from '../../src/operate/backup.ts';
import { undoneSinceBackup } from '../../src/operate/undone-by-restore.ts';
import { checkSiteKey } from '../../src/record/crypto/site-key.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import { eraseSubmission } from '../../src/respond/erase.ts';
import { prepareSqlite } from '../helpers/run/prepared.ts';
import { PROGRAM_ENV, commandArguments, inItsWords, serverArguments } from '../helpers/programs.ts';
import { asOtherUser } from '../helpers/other-user.ts';
import { root } from '../helpers/site.ts';
import { draft, NOW, temporaryFolder } from '../helpers/database.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { mountable, mounted, unmount } from '../record/db/small-disk.ts';

function place() {
  const dataDir = join(temporaryFolder(), 'data');
  mkdirSync(join(dataDir, 'files', 'ne'), { recursive: true });
  writeFileSync(join(dataDir, 'files', 'ne', 'one'), 'bytes');
  writeFileSync(join(dataDir, 'secret.key'), 'key');
  return { dataDir, database: prepareSqlite(join(dataDir, 'flipsite.sqlite')) };
}

/** A place with one submission, and a backup of it. */
async function backedUp() {
  const at = place();
  const backup = join(temporaryFolder(), 'backup');
  const db = await openDatabase(at.database);
  const { id } = await draft(db);
  await closeDatabase(db);
  await takeBackup(at, backup);
  return { at, backup, id };
}

/** A place with one file of a submission, and a copy of its database alone. */
async function copiedBeforeUpdate() {
  const { at, backup, id } = await backedUp();
  const db = await openDatabase(at.database);
  const file = { id: 'one', submission_id: id, field: 'cv', name: '', type: 'text/plain', size: 1, sha256: '', created_at: NOW.toISOString() }; // prettier-ignore
  await db.query.insertInto('files').values(file).execute();
  await closeDatabase(db);
  const copy = `${backup}-2`;
  mkdirSync(copy);
  copyFileSync(at.database, join(copy, 'flipsite.sqlite'));
  return { at, copy };
}

const idsIn = async (database: string) => {
  const db = await openDatabase(database);
  const rows = await db.query.selectFrom('submissions').select('id').orderBy('id').execute();
  await closeDatabase(db);
  return rows.map(({ id }) => id);
};

describe('a backup', () => {
  it('that is taken while people write holds all that was acknowledged before, and can be put back', async () => {
    const at = place();
    const backup = join(temporaryFolder(), 'backup');
    const db = await openDatabase(at.database);
    const before: string[] = [];
    for (let n = 0; n < 50; n++) before.push((await draft(db)).id);
    let writing = true;
    const writer = (async () => {
      while (writing) await db.transaction((trx) => draft(trx));
    })();
    await takeBackup(at, backup);
    writing = false;
    await writer;
    await closeDatabase(db);

    writeFileSync(join(at.dataDir, 'files', 'ne', 'one'), 'changed since');
    const aside = restoreBackup(at, backup, NOW);
    const ids = await idsIn(at.database);
    expect(before.filter((id) => !ids.includes(id))).toEqual([]);
    expect(readFileSync(join(at.dataDir, 'files', 'ne', 'one'), 'utf8')).toBe('bytes');
    expect(readFileSync(join(at.dataDir, 'secret.key'), 'utf8')).toBe('key');
    expect(readFileSync(join(aside ?? '', 'files', 'ne', 'one'), 'utf8')).toBe('changed since');
    expect((await idsIn(join(aside ?? '', 'flipsite.sqlite'))).length).toBeGreaterThanOrEqual(ids.length);
  });

  it.runIf(mountable())('that does not fit is refused before it takes the space of answers', async () => {
    const disk = temporaryFolder();
    mounted(disk, 'size=12m');
    try {
      const dataDir = join(disk, 'data');
      mkdirSync(join(dataDir, 'files'), { recursive: true });
      writeFileSync(join(dataDir, 'files', 'one'), Buffer.alloc(7 * 1_048_576));
      const at = { dataDir, database: prepareSqlite(join(dataDir, 'flipsite.sqlite')) };
      await expect(takeBackup(at, join(disk, 'backups', 'monday'))).rejects.toThrow(
        `The disk of ${join(disk, 'backups')} has no room for this backup, which may take 8 MB. Delete old backups, or choose a folder on another disk.`,
      );
      expect(readdirSync(disk)).toEqual(['data']);
    } finally {
      unmount(disk);
    }
  });

  it.runIf(mountable())('needs no room for the pages that deleted data has left', async () => {
    const disk = temporaryFolder();
    mounted(disk, 'size=24m');
    try {
      const dataDir = join(disk, 'data');
      const at = { dataDir, database: prepareSqlite(join(dataDir, 'flipsite.sqlite')) };
      const sqlite = new DatabaseSync(at.database);
      sqlite.exec('create table large (bytes blob); insert into large values (zeroblob(7340032)); drop table large');
      sqlite.close();
      mounted(disk, 'remount,size=12m');
      expect(await takeBackup(at, join(disk, 'monday'))).toEqual(['flipsite.sqlite']);
    } finally {
      unmount(disk);
    }
  });

  it('that fails leaves nothing behind, since the site needs the space', async () => {
    const at = place();
    // The key is copied last.
    rmSync(join(at.dataDir, 'secret.key'));
    mkdirSync(join(at.dataDir, 'secret.key'));
    const backups = temporaryFolder();
    await expect(takeBackup(at, join(backups, 'monday'))).rejects.toThrow();
    expect(readdirSync(backups)).toEqual([]);
  });

  it('whose restore was cut off is named as a shell reads it', () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'restore-under-way'), '/my backups/monday\n');
    expect(cutOffRestore(dataDir)).toContain("npm run restore -- '/my backups/monday'.");
  });

  it('goes into a folder whose name ends with a slash, as shells complete it', async () => {
    const at = place();
    const backup = join(temporaryFolder(), 'backup');
    await takeBackup(at, `${backup}/`);
    expect(readdirSync(backup).toSorted()).toEqual(['files', 'flipsite.sqlite', 'secret.key']);
    expect(readdirSync(dirname(backup))).toEqual(['backup']);
  });

  it('is put back in an empty place, too', async () => {
    const { backup, id } = await backedUp();
    const dataDir = join(temporaryFolder(), 'elsewhere');
    expect(restoreBackup({ dataDir, database: join(dataDir, 'flipsite.sqlite') }, backup, NOW)).toBeUndefined();
    expect(await idsIn(join(dataDir, 'flipsite.sqlite'))).toEqual([id]);
  });

  it('that is put back names the people who were deleted since on request', async () => {
    const { at, backup, id } = await backedUp();
    const db = await openDatabase(at.database);
    const [byRetention, later] = [await draft(db), await draft(db)];
    await closeDatabase(db);
    rmSync(backup, { recursive: true });
    await takeBackup(at, backup);
    const again = await openDatabase(at.database);
    const services = {
      db: again,
      files: diskStore(join(at.dataDir, 'files')),
      now: () => NOW,
      log: { warn: () => {} },
    };
    for (const one of [id, (await draft(again)).id])
      await eraseSubmission(services, one, { reason: 'asked', by: 'API' });
    await eraseSubmission(services, byRetention.id, { reason: 'retention' });
    await closeDatabase(again);
    const { says, status } = operate(['restore', backup], { DATA_DIR: at.dataDir });
    expect([status, says]).toEqual([0, expect.stringContaining(`delete them again:\n  - /admin/forms/driver/people/${id}\n`)]); // prettier-ignore
    for (const other of [byRetention, later]) expect(says).not.toContain(other.id);
    expect(await idsIn(at.database)).toHaveLength(3);
  });

  it('that is put back names the members whose access was taken or changed since', async () => {
    const at = place();
    const backup = join(temporaryFolder(), 'backup');
    const db = await openDatabase(at.database);
    const member = { password_hash: 'old', created_at: NOW.toISOString() };
    const names = ['removed', 'reset', 'demoted', 'promoted', 'same'];
    await db.query.insertInto('members').values(names.map((id) => ({ id, email: `${id}@acme.example`, ...member }))).execute(); // prettier-ignore
    const grant = (id: string, role: string) => ({ member_id: id, role, form: null });
    await db.query.insertInto('grants').values([grant('demoted', 'owner'), grant('promoted', 'viewer'), grant('same', 'viewer')]).execute(); // prettier-ignore
    await takeBackup(at, backup);
    await db.query.deleteFrom('members').where('id', '=', 'removed').execute();
    await db.query.updateTable('members').set({ password_hash: 'new' }).where('id', '=', 'reset').execute();
    await db.query.updateTable('grants').set({ role: 'viewer' }).where('member_id', '=', 'demoted').execute();
    await db.query
      .insertInto('grants')
      .values({ ...grant('promoted', 'editor'), form: 'driver' })
      .execute();
    await closeDatabase(db);
    const aside = restoreBackup(at, backup, NOW);
    const emails = ['demoted@acme.example', 'removed@acme.example', 'reset@acme.example'];
    expect(undoneSinceBackup(at.database, aside ?? '')).toEqual({ people: [], members: emails, forms: [] });
    expect(operate(['restore', backup], { DATA_DIR: at.dataDir }).says).not.toContain('acme.example');
  });

  it('that is put back names the forms that were changed in the dashboard since', async () => {
    const at = place();
    const backup = join(temporaryFolder(), 'backup');
    const db = await openDatabase(at.database);
    const form = (slug: string, owner = 'dashboard') => ({ slug, owner, version: 'one', instance: slug, updated_at: NOW.toISOString() }); // prettier-ignore
    const slugs = ['same', 'planned', 'later', 'rewritten', 'published', 'closed', 'archived', 'deleted'];
    await db.query.insertInto('forms').values([...slugs.map((slug) => form(slug)), form('file', 'files')]).execute(); // prettier-ignore
    const planned = (slug: string, text = '') => ({ form: slug, at: NOW.toISOString(), text, note: '', member_id: 'ana' }); // prettier-ignore
    const plan = (...rows: ReturnType<typeof planned>[]) => db.query.insertInto('scheduled_publications').values(rows).execute(); // prettier-ignore
    await db.query.insertInto('members').values({ id: 'ana', email: 'ana@acme.example', password_hash: '', created_at: '' }).execute(); // prettier-ignore
    await plan(planned('planned'), planned('rewritten'), planned('same'));
    await takeBackup(at, backup);
    await db.query.deleteFrom('scheduled_publications').execute();
    await plan(planned('later'), planned('rewritten', 'other'), planned('same'));
    const change = (slug: string, to: { version?: string; closed_at?: string; archived_at?: string }) =>
      db.query.updateTable('forms').set(to).where('slug', '=', slug).execute();
    // The file has its text after the restore too.
    for (const slug of ['published', 'file']) await change(slug, { version: 'two' });
    await change('closed', { closed_at: NOW.toISOString() });
    await change('archived', { archived_at: NOW.toISOString() });
    await db.query.deleteFrom('forms').where('slug', '=', 'deleted').execute();
    await db.query
      .insertInto('forms')
      .values([form('made'), form('new-file', 'files'), form('shut-file', 'files')])
      .execute();
    await change('shut-file', { closed_at: NOW.toISOString() });
    await closeDatabase(db);
    const aside = restoreBackup(at, backup, NOW);
    const forms = ['archived', 'closed', 'deleted', 'later', 'made', 'planned', 'published', 'rewritten', 'shut-file'];
    expect(undoneSinceBackup(at.database, aside ?? '')).toEqual({ people: [], members: [], forms });
  });

  it('that is put back signs all members out, and ends the codes that were not used', async () => {
    const at = place();
    const backup = join(temporaryFolder(), 'backup');
    const db = await openDatabase(at.database);
    const moments = { created_at: NOW.toISOString(), expires_at: NOW.toISOString() };
    await db.query.insertInto('members').values({ id: 'ana', email: 'ana@acme.example', password_hash: '', created_at: '' }).execute(); // prettier-ignore
    await db.query
      .insertInto('sessions')
      .values({ id_hash: 'one', member_id: 'ana', ...moments })
      .execute();
    await db.query.insertInto('member_codes').values({ email: 'ben@acme.example', code_hash: 'two', grants: null, made_by: null, ...moments }).execute(); // prettier-ignore
    await takeBackup(at, backup);
    await closeDatabase(db);
    restoreBackup(at, backup, NOW);
    const restored = await openDatabase(at.database);
    expect(await restored.query.selectFrom('members').select('email').execute()).toEqual([{ email: 'ana@acme.example' }]); // prettier-ignore
    for (const table of ['sessions', 'member_codes'] as const)
      expect(await restored.query.selectFrom(table).selectAll().execute()).toEqual([]);
    await closeDatabase(restored);
  });

  it('that is put back says whom it does not name, because the previous database is damaged or another version wrote one of them', async () => {
    const { at, backup, id } = await backedUp();
    const db = await openDatabase(at.database);
    await eraseSubmission({ db, files: diskStore(at.dataDir), now: () => NOW, log: { warn: () => {} } }, id, { reason: 'asked', by: 'API' }); // prettier-ignore
    await closeDatabase(db);
    const older = await openDatabase(join(backup, 'flipsite.sqlite'));
    await older.query.schema.dropTable('grants').execute();
    await closeDatabase(older);
    const aside = restoreBackup(at, backup, NOW);
    const people = [{ form: 'driver', id }];
    expect(undoneSinceBackup(at.database, aside ?? '')).toEqual({ people, members: undefined, forms: [] });
    writeFileSync(at.database, 'damaged');
    const unlisted = (whom: string) => `Flipsite cannot compare the previous data with the backup, so it does not list ${whom} after the backup.`; // prettier-ignore
    expect(operate(['restore', backup], { DATA_DIR: at.dataDir }).says.split('\n').slice(1)).toEqual([
      unlisted('people who were deleted'),
      unlisted('members whose access changed'),
      unlisted('forms that were made or changed in the dashboard'),
      '',
    ]);
  });

  it('overwrites neither another backup nor the open data of a running site', async () => {
    const at = place();
    const backup = join(temporaryFolder(), 'backup');
    const db = await openDatabase(at.database);
    await takeBackup(at, backup);
    await expect(takeBackup(at, backup)).rejects.toThrow('already exists');
    expect(() => restoreBackup(at, backup, NOW)).toThrow('is in use. Stop the site');
    await closeDatabase(db);
  });

  it('is not the data of the site itself, which stays as it is', async () => {
    const { at, id } = await backedUp();
    const link = join(temporaryFolder(), 'link');
    symlinkSync(at.dataDir, link);
    for (const folder of [at.dataDir, link])
      expect(() => restoreBackup(at, folder, NOW)).toThrow(`${folder} is the data of this site, not a backup. Choose a folder that npm run backup made.`); // prettier-ignore
    expect(await idsIn(at.database)).toEqual([id]);
  });

  it('that is cut short is refused before anything is moved', async () => {
    const at = place();
    const backup = join(temporaryFolder(), 'backup');
    const db = await openDatabase(at.database);
    for (let n = 0; n < 50; n++) await draft(db);
    await closeDatabase(db);
    await takeBackup(at, backup);
    truncateSync(join(backup, 'flipsite.sqlite'), 20_000);
    expect(() => restoreBackup(at, backup, NOW)).toThrow(/is damaged/);
    expect(existsSync(at.database)).toBe(true);
  });

  it('that a newer Flipsite wrote is refused before anything is moved', async () => {
    const { at, backup, id } = await backedUp();
    const database = join(backup, 'flipsite.sqlite');
    const newer = new DatabaseSync(database);
    newer.exec("insert into kysely_migration values ('2999-01-01-later', '2999-01-01T00:00:00.000Z')");
    newer.close();
    expect(() => restoreBackup(at, backup, NOW)).toThrow(`A newer Flipsite wrote ${database}. Update Flipsite, then restore the backup. Nothing was changed.`); // prettier-ignore
    expect(await idsIn(at.database)).toEqual([id]);
  });

  it.each([
    ['the files', 'files'],
    ['the key', 'secret.key'],
    ['the database', 'flipsite.sqlite'],
    ['one file', 'files/ne/one'],
  ])('with a link in the place of %s is refused', async (_, name) => {
    const { backup } = await backedUp();
    const dataDir = join(temporaryFolder(), 'elsewhere');
    const elsewhere = join(temporaryFolder(), 'moved');
    renameSync(join(backup, name), elsewhere);
    symlinkSync(elsewhere, join(backup, name));
    expect(() => restoreBackup({ dataDir, database: join(dataDir, 'flipsite.sqlite') }, backup, NOW)).toThrow(`${join(backup, name)} is a link`); // prettier-ignore
    expect(existsSync(dataDir)).toBe(false);
  });

  it('is taken whole while files come and go', async () => {
    const at = place();
    const shards = Array.from({ length: 20 }, (_, n) => join(at.dataDir, 'files', `s${n}`));
    for (const shard of shards) {
      mkdirSync(shard);
      for (let n = 0; n < 20; n++) writeFileSync(join(shard, `kept-${n}`), 'bytes');
    }
    await closeDatabase(await openDatabase(at.database));
    // In a process of its own, since copying keeps this one.
    const come = `const fs = require('node:fs'); console.log('on');
      for (let n = 0; ; n++) for (const shard of ${JSON.stringify(shards)}) {
        fs.writeFileSync(shard + '/x.part', 'x'); fs.renameSync(shard + '/x.part', shard + '/x' + n); fs.rmSync(shard + '/x' + n); }`;
    const busy = spawn(process.execPath, ['-e', come]);
    await once(busy.stdout, 'data');
    try {
      for (let n = 0; n < 10; n++) {
        const backup = join(temporaryFolder(), 'backup');
        await takeBackup(at, backup);
        for (const shard of shards) {
          const names = readdirSync(join(backup, 'files', basename(shard)));
          expect(names.filter((name) => name.startsWith('kept'))).toHaveLength(20);
          expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
        }
      }
    } finally {
      busy.kill('SIGKILL');
    }
  });

  it('that cannot be copied to the end leaves all as it was', async () => {
    const { at, backup, id } = await backedUp();
    // As on a disk that is full: no file may grow beyond 50 kB.
    const command = 'ulimit -f 100; exec "$0" "$@"';
    const env = { ...process.env, DATA_DIR: at.dataDir };
    const { status } = spawnSync('sh', ['-c', command, process.execPath, ...commandArguments('restore'), backup], {
      cwd: root,
      env,
    });
    expect(status).not.toBe(0);
    expect(await idsIn(at.database)).toEqual([id]);
    expect(readFileSync(join(at.dataDir, 'files', 'ne', 'one'), 'utf8')).toBe('bytes');
    expect(readFileSync(join(at.dataDir, 'secret.key'), 'utf8')).toBe('key');
    expect(cutOffRestore(at.dataDir)).toBeUndefined();
  });

  it.runIf(mountable()).each([
    ['on a disk of their own', []],
    ['mounted from the same disk', ['--bind']],
  ])('is refused before anything is moved where the files are %s', async (_where, bind) => {
    const { at, backup, id } = await backedUp();
    const files = join(at.dataDir, 'files');
    if (bind[0]) spawnSync('mount', [...bind, temporaryFolder(), files]);
    else mounted(files, 'size=1m');
    try {
      expect(() => restoreBackup(at, backup, NOW)).toThrow(
        `${files} is a disk of its own, so the restore cannot move it`,
      );
    } finally {
      unmount(files);
    }
    expect(readdirSync(at.dataDir).filter((name) => name !== 'files' && /restore|before/.test(name))).toEqual([]);
    restoreBackup(at, backup, NOW);
    expect(await idsIn(at.database)).toEqual([id]);
  });

  it.runIf(mountable())(
    'without a key can be put back where the key of the site is a mounted file, which stays',
    async () => {
      const { at, copy } = await copiedBeforeUpdate();
      const disk = temporaryFolder();
      mounted(disk, 'size=1m');
      const key = join(at.dataDir, 'secret.key');
      writeFileSync(join(disk, 'secret.key'), KEY);
      spawnSync('mount', ['--bind', join(disk, 'secret.key'), key]);
      try {
        restoreBackup(at, copy, NOW);
        expect(readFileSync(key, 'utf8')).toBe(KEY);
      } finally {
        unmount(key);
        unmount(disk);
      }
    },
  );

  it.runIf(mountable())('that lies on a disk that can only be read is not called damaged', async () => {
    const at = place();
    const disk = temporaryFolder();
    mounted(disk, 'size=9m');
    try {
      copyFileSync(at.database, join(disk, 'flipsite.sqlite'));
      mounted(disk, 'remount,ro');
      const { says } = operate(['restore', disk], { DATA_DIR: at.dataDir });
      expect(says).toMatch(/^The database and its folder cannot be written\. .+ use the copy\.\n$/);
    } finally {
      unmount(disk);
    }
  });

  itLong('whose way back was cut off keeps the site from starting without it, and can be put back again', async () => {
    const { at, backup, id } = await backedUp();
    // The state in the middle: one thing is away, and nothing has come.
    writeFileSync(join(at.dataDir, 'restore-under-way'), `${backup}\n`);
    rmSync(at.database);
    rmSync(join(at.dataDir, 'secret.key'));
    const env = { ...process.env, DATA_DIR: at.dataDir, APP_PORT: '0', APP_HOST: '127.0.0.1' };
    for (const command of [serverArguments(), commandArguments('rebuild'), commandArguments('doctor')]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', env });
      expect([command, status, stdout + stderr]).toEqual([command, 1, expect.stringContaining(inItsWords(`Run it again: npm run restore -- ${backup}`))]); // prettier-ignore
    }
    expect([at.database, join(at.dataDir, 'secret.key')].filter((path) => existsSync(path))).toEqual([]);
    restoreBackup(at, backup, NOW);
    expect(await idsIn(at.database)).toEqual([id]);
    expect(existsSync(join(at.dataDir, 'secret.key'))).toBe(true);
    expect(cutOffRestore(at.dataDir)).toBeUndefined();
  });
});

/** Runs a command in a folder of its own. @returns its output and its exit status */
function operate([name = '', ...words]: string[], env: Record<string, string>, folder = temporaryFolder()) {
  const options = { cwd: folder, encoding: 'utf8', env: { ...PROGRAM_ENV, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...commandArguments(name), ...words], options);
  return { status, says: stdout + stderr, options };
}

const BUCKET = {
  S3_BUCKET_URL: 'https://s3.acme.example/forms',
  S3_ACCESS_KEY_ID: 'hidden-id',
  S3_SECRET_ACCESS_KEY: 'hidden-secret',
};
const [KEY, FORMER] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];
/** The files that stay where they are, and that the restored database does not know. */
const LATER = (place: string) => `After its start, Flipsite deletes the files in ${place} that were uploaded after the backup. To keep them for the previous data, copy them first.`; // prettier-ignore
const NEEDED = 'Without it, no one can read files, sensitive answers and data from work accounts.';

describe('npm run backup and npm run restore', () => {
  itLong('list the parts of the copy, which are all where all are in the data folder', async () => {
    const { at, backup } = await backedUp();
    writeFileSync(join(at.dataDir, 'secret.key'), KEY);
    const into = `${backup}-2`;
    const taken = operate(['backup', into], { DATA_DIR: at.dataDir });
    expect(taken).toMatchObject({
      status: 0,
      says: inItsWords(
        `Backed up to ${into} and checked: flipsite.sqlite, files, secret.key. To restore it, run npm run restore -- ${into}\n`,
      ),
    });
    expect(readdirSync(into)).toEqual(expect.arrayContaining(['flipsite.sqlite', 'files', 'secret.key']));
    const put = operate(['restore', into], { DATA_DIR: at.dataDir });
    expect(put.says).toMatch(/^Restored \S+\. The previous data is in \S+\.\n$/);
  });

  it('say that the key is not that of the database, and that the database is damaged', async () => {
    const at = place();
    const db = await openDatabase(at.database, [Buffer.from(KEY, 'base64')]);
    await checkSiteKey(db, undefined);
    await closeDatabase(db);
    const saysWith = (key: string) => {
      writeFileSync(join(at.dataDir, 'secret.key'), key);
      return operate(['backup', join(temporaryFolder(), 'backup')], { DATA_DIR: at.dataDir }).says;
    };
    expect(saysWith(FORMER)).toMatch(/\nThe database was last used with the secret key \w+, which is missing\./);
    expect(saysWith(KEY)).not.toContain('which is missing');
    writeFileSync(at.database, 'no database'.repeat(1_000));
    expect(saysWith(KEY)).toBe(
      inItsWords('The database is damaged: file is not a database. Keep the file, and run npm run restore -- BACKUP\n'),
    );
  });

  it('name both folders with the previous data where the database is elsewhere', async () => {
    const { at, backup } = await backedUp();
    const elsewhere = temporaryFolder();
    copyFileSync(at.database, join(elsewhere, 'flipsite.sqlite'));
    const env = { DATA_DIR: at.dataDir, DATABASE_URL: join(elsewhere, 'flipsite.sqlite') };
    const [, first = '', second = ''] = /previous data is in (\S+) and (\S+)\.\n/.exec(operate(['restore', backup], env).says) ?? []; // prettier-ignore
    expect([readdirSync(first), readdirSync(second).toSorted()]).toEqual([
      ['flipsite.sqlite'],
      ['files', 'secret.key'],
    ]);
  });

  itLong('list the missing parts: a key in the environment, and the files in a bucket', async () => {
    const { at, backup } = await backedUp();
    const env = { DATA_DIR: at.dataDir, SECRET_KEY: KEY, FORMER_SECRET_KEYS: FORMER, ...BUCKET };
    const rest = [
      '  - The files in the bucket https://s3.acme.example/forms. Use the tools of its provider.',
      `  - The key in SECRET_KEY. ${NEEDED}`,
      '  - The keys in FORMER_SECRET_KEYS. They decrypt older data.',
      '',
    ];
    const taken = operate(['backup', `${backup}-2`], env);
    expect(taken.says.split('\n').slice(1)).toEqual(['Not in this backup, so copy it separately:', ...rest]);
    const put = operate(['restore', backup], env);
    expect(put.says.split('\n').slice(1)).toEqual([
      'Not in this backup. Restore it separately, from the same time:',
      ...rest.slice(0, -1),
      LATER('the bucket https://s3.acme.example/forms'),
      '',
    ]);
    for (const secret of [KEY, FORMER, 'hidden']) expect(taken.says + put.says).not.toContain(secret);
  });

  it('say that uploaded files are not in the folder, as where its disk is not mounted', async () => {
    const { at } = await copiedBeforeUpdate();
    const taken = (name: string) => operate(['backup', join(temporaryFolder(), name)], { DATA_DIR: at.dataDir });
    expect(taken('full')).toMatchObject({ status: 0, says: expect.not.stringContaining('uploaded file') });
    rmSync(join(at.dataDir, 'files', 'ne', 'one'));
    const { status, says } = taken('without');
    expect(status).toBe(1);
    expect(says).toContain(
      `1 of 1 uploaded file is not in ${join(at.dataDir, 'files')}, so this backup does not have it. Check that the disk of the folder is mounted.`,
    );
  });

  it('say how many uploaded files are missing, as where a copy of the backup was interrupted', async () => {
    const { at, backup, id } = await backedUp();
    const db = await openDatabase(at.database);
    const file = { submission_id: id, field: 'cv', name: '', type: 'text/plain', size: 1, sha256: '', created_at: NOW.toISOString() }; // prettier-ignore
    const [gone, removed] = [
      { ...file, id: 'gone' },
      { ...file, id: 'removed', removed_at: NOW.toISOString() },
    ];
    // The site looks for each file only in the folder with the end of its id.
    mkdirSync(join(at.dataDir, 'files', 'old'));
    writeFileSync(join(at.dataDir, 'files', 'old', 'gone'), 'bytes');
    await db.query
      .insertInto('files')
      .values([{ ...file, id: 'one' }, gone, removed])
      .execute();
    await closeDatabase(db);
    await takeBackup(at, `${backup}-2`);
    const put = (env = {}) => operate(['restore', `${backup}-2`], { DATA_DIR: at.dataDir, ...env }).says;
    expect(put()).toContain('  - 1 of 2 uploaded files. If copying the backup was interrupted, copy it again');
    expect(put({ SECRET_KEY: KEY, ...BUCKET })).not.toContain('uploaded file');
  });

  it('keep the files and the key of the site where the backup is the copy from before an update', async () => {
    const { at, copy } = await copiedBeforeUpdate();
    writeFileSync(join(at.dataDir, 'secret.key'), KEY);
    const { says } = operate(['restore', copy], { DATA_DIR: at.dataDir });
    expect(says).toMatch(/^Restored \S+\. The previous data is in \S+\.\n$/);
    const [, aside = ''] = /previous data is in (\S+)\.\n/.exec(says) ?? [];
    for (const place of [at.dataDir, aside]) expect(readFileSync(join(place, 'files', 'ne', 'one'), 'utf8')).toBe('bytes'); // prettier-ignore
    expect(readFileSync(join(at.dataDir, 'secret.key'), 'utf8')).toBe(KEY);
  });

  it('keep the files where the restore of such a copy was interrupted between two moves, and runs again', async () => {
    const { at, copy } = await copiedBeforeUpdate();
    const aside = join(at.dataDir, 'before-1');
    mkdirSync(aside);
    cpSync(join(at.dataDir, 'files'), join(at.dataDir, 'files.restored'), { recursive: true });
    for (const name of ['flipsite.sqlite', 'files']) renameSync(join(at.dataDir, name), join(aside, name));
    writeFileSync(join(at.dataDir, 'restore-under-way'), `${copy}\n`);
    restoreBackup(at, copy, NOW);
    expect(readFileSync(join(at.dataDir, 'files', 'ne', 'one'), 'utf8')).toBe('bytes');
    expect(cutOffRestore(at.dataDir)).toBeUndefined();
  });

  itLong('ask for the key where neither the backup nor the environment has one', async () => {
    const { at, backup } = await backedUp();
    rmSync(join(backup, 'secret.key'));
    const { says } = operate(['restore', backup], { DATA_DIR: at.dataDir });
    expect(says).toContain('  - The key from SECRET_KEY. Set it before you start the site.\n');
  });
});

describe('a backup of PostgreSQL', () => {
  const address = 'postgres://ada:hidden@127.0.0.1:1/none';
  /** Nothing listens at the address. */
  const afterParts = (command: string, place: string) =>
    command === 'restore' ? [LATER(place), expect.stringContaining(inItsWords('run npm run member -- list and keep its output')), expect.stringMatching(/^After the restore, make, publish, close, .* the forms again/), expect.stringContaining('delete from sessions; delete from member_codes'), 'Flipsite cannot read the current database, so it does not list the people who were deleted after the backup.'] : []; // prettier-ignore
  const wordsOf = (command: string) => (command === 'restore' ? [command, 'a-backup'] : [command]);
  const DATABASE = {
    backup: /^ {2}- The database: \(umask 077; pg_dump .*flipsite\.dump\)$/,
    // Into the database of the site, newer tables would stay.
    restore:
      /^ {2}- The database\. Create an empty one, .* Then run pg_restore --no-owner --dbname ADDRESS flipsite\.dump$/,
  };

  it('is left to PostgreSQL, with a command line that reads the address and does not print it', () => {
    const folder = temporaryFolder();
    const found = (env: Record<string, string>) => {
      const { says, options } = operate(['backup'], env, folder);
      expect(says).not.toContain('hidden');
      const [, inShell = ''] = /--format=custom (".*") >/.exec(says) ?? [];
      return spawnSync('sh', ['-c', `printf %s ${inShell}`], options).stdout;
    };
    expect(found({ DATABASE_URL: address })).toBe(address);
    writeFileSync(
      join(folder, '.env'),
      `MAIL_FROM=Acme <a@acme.example>\nSMTP_URL=smtp://127.0.0.1\nDATABASE_URL=${address}\n`,
    );
    expect(found({})).toBe(address);
    writeFileSync(join(folder, '.env'), `DATABASE_URL = "${address}" # the site`);
    expect(found({})).toBe(address);
    // As for the site, a variable of the process goes first.
    expect(found({ DATABASE_URL: `${address}-2` })).toBe(`${address}-2`);
  });

  it.each(['backup', 'restore'])('is whole only with the files and the key, says %s', (command) => {
    const { status, says } = operate(wordsOf(command), { DATABASE_URL: address, DATA_DIR: 'kept' });
    expect(says.split('\n').slice(1)).toEqual([
      expect.stringMatching(DATABASE[command as keyof typeof DATABASE]),
      `  - The files in ${join('kept', 'files')}.`,
      `  - The key in ${join('kept', 'secret.key')}. ${NEEDED}`,
      ...afterParts(command, join('kept', 'files')),
      '',
    ]);
    expect(status).toBe(1);
  });

  it.each(['backup', 'restore'])(
    'is whole only with the bucket and the keys of the environment, says %s',
    (command) => {
      const env = { DATABASE_URL: address, SECRET_KEY: KEY, FORMER_SECRET_KEYS: FORMER, ...BUCKET };
      const { says } = operate(wordsOf(command), env);
      expect(says.split('\n').slice(2)).toEqual([
        '  - The files in the bucket https://s3.acme.example/forms. Use the tools of its provider.',
        `  - The key in SECRET_KEY. ${NEEDED}`,
        '  - The keys in FORMER_SECRET_KEYS. They decrypt older data.',
        ...afterParts(command, 'the bucket https://s3.acme.example/forms'),
        '',
      ]);
      for (const secret of [KEY, FORMER, 'hidden']) expect(says).not.toContain(secret);
    },
  );

  it('is whole only with the bucket and the folder, where the site had files before the bucket', () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'files'));
    const { says } = operate(['backup'], { DATABASE_URL: address, DATA_DIR: dataDir, SECRET_KEY: KEY, ...BUCKET });
    expect(says.split('\n').slice(2, 4)).toEqual([
      '  - The files in the bucket https://s3.acme.example/forms. Use the tools of its provider.',
      `  - The files in ${join(dataDir, 'files')}.`,
    ]);
  });
});

describe('a backup of a site that runs as its own user', () => {
  /** Root may give files to anyone. Other users test that nothing changes hands. */
  const owner = process.geteuid?.() === 0 ? 65_534 : (process.geteuid?.() ?? 0);
  const ownersIn = (folder: string): Set<number> =>
    new Set(['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((name) => statSync(join(folder, name)).uid)); // prettier-ignore

  it('belongs to the owner of the data, and so does the data after a restore', async () => {
    const { at, backup } = await backedUp();
    if (process.geteuid?.() === 0) chownSync(at.dataDir, owner, owner);
    const ofService = join(temporaryFolder(), 'backups', 'monday');
    await takeBackup(at, ofService);
    expect(ownersIn(join(ofService, '..'))).toEqual(new Set([owner]));
    const aside = restoreBackup(at, backup, NOW);
    for (const name of ['flipsite.sqlite', 'secret.key']) expect(statSync(join(at.dataDir, name)).uid).toBe(owner);
    expect(ownersIn(join(at.dataDir, 'files'))).toEqual(new Set([owner]));
    expect(statSync(aside ?? '').uid).toBe(owner);
  });

  it('that this user may not read is not called something else', async () => {
    const { at, backup } = await backedUp();
    chmodSync(backup, 0);
    const restore = () => asOtherUser(() => restoreBackup(at, backup, NOW));
    await expect(restore()).rejects.toThrow('EACCES');
    chmodSync(backup, 0o755);
    chmodSync(join(backup, 'flipsite.sqlite'), 0);
    await expect(restore()).rejects.toThrow('EACCES');
    chmodSync(join(backup, 'flipsite.sqlite'), 0o600);
  });
});
