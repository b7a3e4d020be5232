/** The commands beside a site, as they are called. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLAIN } from '../api/attack.ts';
import { serve, stop } from '../api/serve.ts';
import { root } from '../helpers/site.ts';
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

/** Runs one of the commands in an empty folder, with an environment that has a fault. */
function runCommand(file: string, ...words: string[]) {
  const folder = temporaryFolder();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'src', file), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], APP_PORT: 'none' },
  });
  return { status, stdout, stderr, made: readdirSync(folder) };
}

const OPERATE = ['backup', 'restore', 'doctor', 'rebuild', 'member', 'seed'];

describe.each([
  ...OPERATE.map((name) => ({ name, file: 'operate.ts', words: [name] })),
  { name: 'check', file: 'check-command.ts', words: [] },
  { name: 'smile', file: 'smile-command.ts', words: [] },
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
  ['smile-command.ts', ['register', 'one']],
] as const)('%s %j has too many arguments', (file, words) => {
  const ran = runCommand(file, ...words);
  expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining('error: too many arguments'), made: [] });
});

it.each([
  [['restore'], `missing required argument 'folder'`],
  [['member'], `missing required argument 'action'`],
  [['member', 'invite', 'ana@acme.example'], 'Allowed choices are add, reset, remove.'],
  [['seed', '1.5'], 'It is not a whole number from 1 on.'],
  [['sing'], 'There is no such command: sing.'],
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
