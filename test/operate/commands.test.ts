/** The commands beside a site, as they are called. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { PLAIN } from '../helpers/api/client.ts';
import { serve, stop } from '../api/serve.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { someOf } from '../helpers/run/long.ts';
import { commandArguments, inItsWords, PROGRAM_ENV } from '../helpers/programs.ts';
import { prepareSqlite } from '../helpers/run/prepared.ts';
import { root } from '../helpers/site.ts';
import { withKeys } from '../../src/cli/on-site.ts';
import type { Config } from '../../src/config.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { MAX_COMPACTED_BYTES } from '../../src/record/db/sqlite-file.ts';
import { temporaryFolder } from '../helpers/database.ts';

it.each(someOf([['smile', 'replay'], ['member', 'add', 'ana@acme.example'], ['seed', '10'], ['rebuild']], 2))(
  '%s makes no database where there is none, and names the folder that it searched',
  (name, ...words) => {
    const folder = temporaryFolder();
    const { status, stderr } = spawnSync(process.execPath, [...argumentsOf(name), ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...PROGRAM_ENV, DATA_DIR: 'elsewhere' },
    });
    expect(stderr).toContain(`There is no database at ${join('elsewhere', 'flipsite.sqlite')}. Start the site once`);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  },
);

it('seed refuses a site with Smile API keys, also while nothing leaves it', () => {
  const env = { ...PROGRAM_ENV, API_KEY: 'k', API_SECRET: 's', OPEN_API_HOST: 'https://sandbox.smileapi.io/v1' };
  for (const OUTGOING of ['on', 'off']) {
    const options = { cwd: temporaryFolder(), encoding: 'utf8', env: { ...env, OUTGOING } } as const;
    const { status, stderr } = spawnSync(process.execPath, [...argumentsOf('seed'), '10'], options);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^Seeding is for test sites and cannot be undone\./)]);
  }
});

it('smile names OUTGOING where that keeps the site from asking Smile', () => {
  const env = {
    ...PROGRAM_ENV,
    API_KEY: 'k',
    API_SECRET: 's',
    OPEN_API_HOST: 'https://sandbox.smileapi.io/v1',
    OUTGOING: 'off',
  };
  const { status, stderr } = spawnSync(process.execPath, [...argumentsOf('smile'), 'webhook'], { cwd: temporaryFolder(), encoding: 'utf8', env }); // prettier-ignore
  expect([status, stderr]).toEqual([
    1,
    'OUTGOING is off, so Flipsite does not ask Smile. Remove it on the real site.\n',
  ]);
});

itLong('backup names the key that its database has lost, and smile makes no other one', () => {
  const folder = temporaryFolder();
  prepareSqlite(join(folder, 'data', 'flipsite.sqlite'));
  const run = (...words: [string, ...string[]]) =>
    spawnSync(process.execPath, [...argumentsOf(words[0]), ...words.slice(1)], { cwd: folder, encoding: 'utf8', env: PROGRAM_ENV }); // prettier-ignore
  const lost = `its key is not: ${join('data', 'secret.key')}. Restore your copy of it`;
  expect(run('backup').stdout).toMatch(new RegExp(`^Backed up to .+\\n.+ ${lost}`));
  expect(run('smile', 'replay')).toMatchObject({ status: 1, stderr: expect.stringContaining(lost) });
  expect(existsSync(join(folder, 'data', 'secret.key'))).toBe(false);
});

it('a command that encrypts needs the key that the last one had', async () => {
  const dataDir = temporaryFolder();
  const databaseUrl = prepareSqlite(join(dataDir, 'flipsite.sqlite'));
  const runWith = (secretKey: Buffer) =>
    withKeys({ dataDir, databaseUrl, secretKey, formerSecretKeys: [] } as unknown as Config, async () => 'done');
  expect(await runWith(Buffer.alloc(32, 1))).toBe('done');
  await expect(runWith(Buffer.alloc(32, 2))).rejects.toThrow('which is missing');
});

// `test/architecture.test.ts` finds the commands that are not here.
it.each(
  someOf(
    [
      { command: 'backup', words: ['/proc/new/backup'], says: 'Flipsite cannot make the folder /proc/new (ENOENT). Choose a folder on a disk.' }, // prettier-ignore
      { command: 'forms', words: ['import', 'survey.json'], says: 'Flipsite cannot make the folder /proc/new (ENOENT). Choose a folder on a disk.' }, // prettier-ignore
      { command: 'init', words: ['/proc/new/site'], says: 'Flipsite cannot write /proc/new (ENOENT). Choose a folder in which you may write.' }, // prettier-ignore
    ],
    2,
  ),
)('$command ends with a sentence where no folder can be made', ({ command, words, says }) => {
  const folder = temporaryFolder();
  prepareSqlite(join(folder, 'data', 'flipsite.sqlite'));
  const env = { ...PROGRAM_ENV, FORMS_DIR: '/proc/new/forms' };
  const { status, stderr } = spawnSync(process.execPath, [...argumentsOf(command), ...words], { cwd: folder, encoding: 'utf8', env, timeout: 60_000 }); // prettier-ignore
  expect(stderr).toBe(`${says}\n`);
  expect(status).toBe(1);
});

itLong(
  'compact rewrites a file that is too large for the site to do so itself, and the doctor says when it is time',
  async () => {
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
    spawnSync(process.execPath, commandArguments(command), { cwd: folder, encoding: 'utf8', env: PROGRAM_ENV }); // prettier-ignore
    const advice = inItsWords('Stop the site, then run npm run compact');
    expect(readFileSync(file).includes('GONE')).toBe(true);
    expect(run('doctor').stdout).toContain(advice);
    const emptied = new DatabaseSync(file);
    emptied.exec('delete from filling');
    emptied.close();
    // It has little data now. The site would rewrite it only after a further deletion.
    expect(run('doctor').stdout).toContain(advice);
    expect(run('compact').stdout).toContain('Its free space no longer has deleted data.');
    expect(readFileSync(file).includes('GONE')).toBe(false);
    expect(run('doctor').stdout).not.toContain(advice);
  },
);

it('rebuild refuses to run while the site has its database open', async () => {
  const folder = temporaryFolder();
  const db = await openDatabase(prepareSqlite(join(folder, 'data', 'flipsite.sqlite')));
  const { status, stderr } = spawnSync(process.execPath, argumentsOf('rebuild'), { cwd: folder, encoding: 'utf8', env: PROGRAM_ENV }); // prettier-ignore
  await closeDatabase(db);
  expect(stderr).toContain(inItsWords('is in use. Stop the site, then run this command again.'));
  expect(status).toBe(1);
});

itLong('compact names for PostgreSQL each table that can have data of deleted people', () => {
  const { status, stderr } = spawnSync(process.execPath, argumentsOf('compact'), {
    cwd: temporaryFolder(),
    encoding: 'utf8',
    env: { ...PROGRAM_ENV, DATABASE_URL: 'postgres://127.0.0.1:1/site' },
  });
  expect(status).toBe(1);
  // The way of a person through the form, with the name of the provider that the browser reported.
  for (const table of ['submissions', 'events', 'submission_progress', 'result_cohorts', 'providers'])
    expect(stderr).toMatch(new RegExp(`VACUUM FULL .*\\b${table}\\b`));
  expect(stderr).not.toContain('members');
});

/** Runs one of the commands in an empty folder, with an environment that has a fault. */
const runCommand = (name: string, ...words: string[]) => runProgram([...argumentsOf(name), ...words]);

/** Runs it as `npm run NAME` does. */
const runAsScript = (name: string, ...words: string[]) => runProgram([join(root, `src/cli/${name}.ts`), ...words]);

/** The package has no command for the work on Flipsite itself. */
function argumentsOf(name: string): string[] {
  return ['seed', 'docs'].includes(name) ? [join(root, `src/cli/${name}.ts`)] : commandArguments(name);
}

function runProgram(program: string[]) {
  const folder = temporaryFolder();
  const { status, stdout, stderr } = spawnSync(process.execPath, program, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...PROGRAM_ENV, APP_PORT: 'none' },
  });
  return { status, stdout, stderr, made: readdirSync(folder) };
}

const COMMANDS = [
  'backup',
  'restore',
  'compact',
  'doctor',
  'rebuild',
  'member',
  'seed',
  'check',
  'docs',
  'smile',
  'forms',
];

describe.each(someOf(COMMANDS, 1))('npm run %s', (name) => {
  it('prints its usage with an example for --help, and does nothing', () => {
    const { stdout, ...ran } = runAsScript(name, '--help');
    expect(ran).toEqual({ status: 0, stderr: '', made: [] });
    expect(stdout).toContain(`Usage: npm run ${name} -- [`);
    expect(stdout).toMatch(new RegExp(`\nExample:\n  npm run ${name}\\b`));
  });

  it('refuses an option that it does not know, with its usage', () => {
    const ran = runAsScript(name, '--unknown', 'admin');
    expect(ran).toMatchObject({ status: 1, stdout: '', made: [] });
    expect(ran.stderr).toContain(`error: unknown option '--unknown'`);
    expect(ran.stderr).toContain(`Usage: npm run ${name} -- [`);
  });
});

it('check --privacy prints the personal data of a form, and draws nothing', () => {
  const ran = runCommand('check', '--privacy', join(root, 'forms/gig-driver.yaml'));
  expect(ran).toMatchObject({ status: 0, stderr: '', made: [] });
  expect(ran.stdout).toMatch(/^# What “.+” stores[^]+- Full name \(full_name\)[^]+## For how long/);
});

it.each(
  someOf(
    [
      ['backup', 'one', 'two'],
      ['restore', 'one', 'two'],
      ['doctor', 'one'],
      ['rebuild', 'one'],
      ['member', 'add', 'ana@acme.example', 'admin'],
      ['seed', '10', 'gig-driver', 'more'],
      ['compact', 'one'],
      ['docs', 'one'],
      ['smile', 'register', 'one'],
    ],
    3,
  ),
)('%s refuses too many arguments', (file, ...words) => {
  const ran = runCommand(file, ...words);
  expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining('error: too many arguments'), made: [] });
});

it.each(
  someOf(
    [
      [['restore'], `missing required argument 'folder'`],
      [['member'], `missing required argument 'action'`],
      [['seed', '1.5'], 'Write a whole number of at least 1.'],
      [['forms', 'push'], `missing required argument 'files'`],
      [['member', 'invite', 'ana@acme.example'], 'Allowed choices are list, add, reset, remove.'],
      [
        ['member', 'add', 'ana@acme.example', '--role', 'admin'],
        'Allowed choices are owner, editor, reviewer, viewer.',
      ],
    ],
    3,
  ),
)('%j names the missing or wrong part', (words, says) => {
  expect(runCommand(...(words as [string, ...string[]]))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(says),
  });
});

itLong('a site hides its data from other users of the machine', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'forms'));
  writeFileSync(join(folder, 'forms', 'plain.yaml'), PLAIN);
  const { child } = await serve(folder);
  const data = join(folder, 'data');
  const open = ['', ...readdirSync(data)].filter((name) => statSync(join(data, name)).mode & 0o077);
  await stop(child);
  expect(open).toEqual([]);
});
