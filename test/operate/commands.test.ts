/** The commands beside a site, as they are called. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { PLAIN } from '../api/attack.ts';
import { serve, stop } from '../api/serve.ts';
import { root } from '../helpers/site.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { MAX_COMPACTED_BYTES } from '../../src/record/db/sqlite.ts';
import { temporaryFolder } from '../record/temporary.ts';

it.each([['member', 'add', 'ana@acme.example'], ['rebuild'], ['seed', '10']])(
  '%s makes no database where there is none, and says where it has looked',
  (...command) => {
    const folder = temporaryFolder();
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'src/cli/operate.ts'), ...command], {
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
    spawnSync(process.execPath, [join(root, 'src/cli/operate.ts'), command], { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } }); // prettier-ignore
  const advice = 'Stop the site, then run npm run compact';
  expect(readFileSync(file).includes('GONE')).toBe(true);
  expect(run('doctor').stdout).toContain(advice);
  expect(run('compact').stdout).toContain('Its free space no longer has deleted data.');
  expect(readFileSync(file).includes('GONE')).toBe(false);
  expect(run('doctor').stdout).not.toContain(advice);
});

/** Runs one of the commands in an empty folder, with an environment that has a fault. */
function runCommand(file: string, ...words: string[]) {
  const folder = temporaryFolder();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'src/cli', file), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], APP_PORT: 'none' },
  });
  return { status, stdout, stderr, made: readdirSync(folder) };
}

const OPERATE = ['backup', 'restore', 'compact', 'doctor', 'rebuild', 'member', 'seed'];

describe.each([
  ...OPERATE.map((name) => ({ name, file: 'operate.ts', words: [name] })),
  { name: 'check', file: 'check.ts', words: [] },
  { name: 'smile', file: 'smile.ts', words: [] },
])('npm run $name', ({ name, file, words }) => {
  it('prints its usage for --help, and does nothing', () => {
    const ran = runCommand(file, ...words, '--help');
    expect(ran).toEqual({ status: 0, stdout: expect.stringContaining(`Usage: npm run ${name} -- [`), stderr: '', made: [] }); // prettier-ignore
  });

  it('refuses an option that it does not know, with its usage', () => {
    const ran = runCommand(file, ...words, '--role', 'admin');
    expect(ran).toMatchObject({ status: 1, stdout: '', made: [] });
    expect(ran.stderr).toContain(`error: unknown option '--role'`);
    expect(ran.stderr).toContain(`Usage: npm run ${name} -- [`);
  });
});

it.each([
  ['operate.ts', ['backup', 'one', 'two']],
  ['operate.ts', ['restore', 'one', 'two']],
  ['operate.ts', ['doctor', 'one']],
  ['operate.ts', ['rebuild', 'one']],
  ['operate.ts', ['member', 'add', 'ana@acme.example', 'admin']],
  ['operate.ts', ['seed', '10', 'gig-driver', 'more']],
  ['smile.ts', ['register', 'one']],
] as const)('%s %j has too many arguments', (file, words) => {
  const ran = runCommand(file, ...words);
  expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining('error: too many arguments'), made: [] });
});

it.each([
  [['restore'], `missing required argument 'folder'`],
  [['member'], `missing required argument 'action'`],
  [['member', 'invite', 'ana@acme.example'], 'Allowed choices are add, reset, remove.'],
  [['seed', '1.5'], 'Write a whole number of at least 1.'],
  [['sing'], 'Unknown command: sing.'],
])('operate.ts %j says what is missing or wrong', (words, says) => {
  expect(runCommand('operate.ts', ...words)).toMatchObject({ status: 1, stderr: expect.stringContaining(says) });
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
