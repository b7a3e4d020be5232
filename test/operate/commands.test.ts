/** The commands beside a site, as they are called. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { PLAIN } from '../api/attack.ts';
import { serve, stop } from '../api/serve.ts';
import { root } from '../helpers/site.ts';
import { closeDatabase, openDatabase } from '../../src/record/database.ts';
import { MAX_COMPACTED_BYTES } from '../../src/record/sqlite.ts';
import { temporaryFolder } from '../record/temporary.ts';

it.each([['member', 'add', 'ana@acme.example'], ['rebuild'], ['seed', '10']])(
  '%s makes no database where there is none, and says where it has looked',
  (...command) => {
    const folder = temporaryFolder();
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'src/operate.ts'), ...command], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], DATA_DIR: 'elsewhere' },
    });
    expect(stderr).toContain(`There is no database at ${join('elsewhere', 'flipsite.sqlite')}. Start the site once`);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  },
);

it('compact rewrites a file that is too large for the site to do so itself, and the doctor says when it is time', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  const file = join(folder, 'data', 'flipsite.sqlite');
  await closeDatabase(await openDatabase(file));
  const db = new DatabaseSync(file);
  // A file that was never rewritten, with a person who was deleted without overwriting them.
  db.exec(`pragma user_version = 0; pragma secure_delete = off; create table filling (bytes blob, name text)`);
  db.exec(
    `insert into filling values (zeroblob(${MAX_COMPACTED_BYTES + 1}), ''); insert into filling values (null, 'GONE')`,
  );
  db.exec(`delete from filling where name = 'GONE'`);
  db.exec(`insert into submissions (id, form, version, language, params, answers, created_at, updated_at, erased_at)
    values ('s', 'driver', 'v1', 'en', '{}', '{}', '2026', '2026', '2026-11-24T10:00:00.000Z')`);
  db.close();
  const run = (command: string) =>
    spawnSync(process.execPath, [join(root, 'src/operate.ts'), command], { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } }); // prettier-ignore
  const advice = 'Stop the site, then run: npm run compact';
  expect(readFileSync(file).includes('GONE')).toBe(true);
  expect(run('doctor').stdout).toContain(advice);
  expect(run('compact').stdout).toContain('is rewritten: its free space holds nothing that was deleted.');
  expect(readFileSync(file).includes('GONE')).toBe(false);
  expect(run('doctor').stdout).not.toContain(advice);
});

it('a site keeps what it stores from other users of the machine', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'forms'));
  writeFileSync(join(folder, 'forms', 'plain.yaml'), PLAIN);
  const { child } = await serve(folder);
  const data = join(folder, 'data');
  const open = ['', ...readdirSync(data)].filter((name) => statSync(join(data, name)).mode & 0o077);
  await stop(child);
  expect(open).toEqual([]);
});
