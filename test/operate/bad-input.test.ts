/** Mistakes of the first minutes: each ends with status 1 and a sentence that helps. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packageOfNode } from '../../scripts/node-version.mjs';
import { explainFileError } from '../../src/operate/file-error.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { explainListening } from '../../src/site/listening.ts';
import { send } from '../helpers/api/client.ts';
import { PROGRAM_ENV, commandArguments, serverArguments } from '../helpers/programs.ts';
import { openTestSite, root } from '../helpers/site.ts';
import { afterwards, temporaryFolder } from '../helpers/database.ts';
import { describeLong, itLong } from '../helpers/run/it-long.ts';

function run(program: string[], env: Record<string, string>, folder = temporaryFolder()) {
  const { status, stderr } = spawnSync(process.execPath, program, {
    cwd: folder,
    env: { ...PROGRAM_ENV, FORMS_DIR: join(root, 'forms'), ...env },
    encoding: 'utf8',
  });
  return { status, stderr: stderr.trim() };
}

describe('a server that cannot listen', () => {
  itLong('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    afterwards(() => void other.close());
    const port = String((other.address() as AddressInfo).port);
    expect(run(serverArguments(), { APP_PORT: port, APP_HOST: '127.0.0.1' })).toEqual({
      status: 1,
      stderr: `Flipsite cannot start:\n  - Port ${port} is in use. Set APP_PORT to another port.`,
    });
  });

  it('says that its address is not of this machine, after a warning about a key that is not random', () => {
    const SECRET_KEY = Buffer.alloc(32).toString('base64');
    expect(run(serverArguments(), { APP_PORT: '0', APP_HOST: '203.0.113.7', SECRET_KEY })).toEqual({
      status: 1,
      stderr: 'The key in SECRET_KEY is not random, so it is easy to guess. Set SECRET_KEY to the output of openssl rand -base64 32, and FORMER_SECRET_KEYS to the key of now.\nFlipsite cannot start:\n  - This machine has no address 203.0.113.7. Set APP_HOST to one of its addresses, or to 0.0.0.0.', // prettier-ignore
    });
  });

  it('says that its user may not use a low port', () => {
    const refused = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
    expect(explainListening(refused, { host: '0.0.0.0', port: 80 })).toMatch(/^This user may not listen on port 80\./);
    expect(explainListening(refused, { host: '0.0.0.0', port: 8000 })).toBeUndefined();
  });
});

it.each([
  ['', 'API_ORIGIN is not set. Set it to the address of the server that takes the answers.'],
  ['forms.acme.example', 'API_ORIGIN must begin with https://.'],
])('the static build refuses API_ORIGIN=%s with an example', (API_ORIGIN, message) => {
  const { status, stderr } = run(commandArguments('static'), { API_ORIGIN });
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).toContain('Example: API_ORIGIN=https://forms.acme.example');
});

describe('a machine with an old Node', () => {
  /** Sets up Node where the machine's own is version 20, and the one of npm is `packaged`, a shell script. */
  function setUp(packaged?: string) {
    const folder = temporaryFolder();
    cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
    const bin = join(folder, 'node_modules', packageOfNode(), 'bin');
    mkdirSync(bin, { recursive: true });
    const write = (file: string, lines: string) => writeFileSync(file, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    const old = join(folder, 'old-node');
    write(old, 'echo 20.20.2');
    if (packaged) write(join(bin, 'node'), packaged);
    return spawnSync(process.execPath, [join(folder, 'scripts', 'setup-node.mjs')], { env: { ...PROGRAM_ENV, npm_node_execpath: old }, encoding: 'utf8' }); // prettier-ignore
  }

  it('uses the Node of npm', () => {
    expect(setUp('echo 26.10.0')).toMatchObject({ status: 0, stderr: '' });
  });

  it('names the library that this Node lacks', () => {
    const reason = 'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file';
    const { status, stderr } = setUp(`echo '${reason}' >&2; exit 127`);
    expect(status).toBe(1);
    expect(stderr).toContain(`The Node that npm brought does not run: ${reason}\nInstall the package libatomic1 (Debian, Ubuntu) or libatomic (Fedora), then run the same command again.`); // prettier-ignore
  });

  it('says that npm has no Node for it', () => {
    expect(setUp().stderr).toContain('npm has no package of Node for');
  });
});

it('a command reads the first setting of an .env that an editor on Windows begins with a mark', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, '.env'), '\uFEFFAPP_PORT=abc\r\nPUBLIC_ORIGIN="https://forms.example.com"\r\n');
  expect(run(commandArguments('doctor'), {}, folder)).toEqual({
    status: 1,
    stderr: 'Some settings are wrong. Fix them:\n  - APP_PORT must be a port number from 0 to 65535. Example: APP_PORT=8000', // prettier-ignore
  });
});

/** Tests may run as root, who can read every file. So a folder is in the place of a file, or a file in that of a folder. */
describe('a file that cannot be used', () => {
  const programOf = (name: string) => (name === 'the server' ? serverArguments() : commandArguments(name));

  it.each(['the server', 'check', 'doctor'])('is named by %s if it is .env', (name) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.env'));
    const { status, stderr } = run(programOf(name), {}, folder);
    expect(status).toBe(1);
    expect(stderr).not.toContain(' at ');
    expect(stderr).toContain('cannot be used (EISDIR), because a file is in the place of a folder');
  });

  it.each(['the server', 'check'])('is named by %s if it is the folder of forms', (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'forms'), '');
    const { status, stderr } = run(
      programOf(name),
      { FORMS_DIR: 'forms', APP_PORT: '0', APP_HOST: '127.0.0.1' },
      folder,
    );
    expect(status).toBe(1);
    expect(stderr).toContain('forms cannot be used (ENOTDIR)');
    expect(stderr).not.toContain(' at ');
  });

  itLong('is named by a backup', async () => {
    const folder = temporaryFolder();
    await closeDatabase(await openDatabase(join(folder, 'data', 'flipsite.sqlite')));
    writeFileSync(join(folder, 'backups'), '');
    const { status, stderr } = run([...commandArguments('backup'), 'backups/monday'], {}, folder);
    expect([status, stderr]).toEqual([1, expect.stringContaining('cannot be used (ENOTDIR)')]);
  });

  itLong('and a full disk, a disk that cannot be written and a missing right are explained', () => {
    const explained = (code: string) => explainFileError(Object.assign(new Error(code), { code, path: 'out' }));
    expect(explained('ENOSPC')).toBe('The disk of out is full. Free some space, then run the same command again.');
    expect(explained('EROFS')).toContain('out is on a disk that cannot be written');
    expect(explained('EACCES')).toContain('This user cannot read or write out (EACCES).');
    expect(explained('ECONNRESET')).toBeUndefined();
    expect(explainFileError({ errcode: 5 })).toContain('Another process has locked the database.');
    expect(explainFileError({ errcode: 13 })).toContain('The disk is full.');
    for (const errcode of [8, 14]) expect(explainFileError({ errcode })).toContain('copy the folder to another disk');
  });
});

// Linux has a device that is always full.
it.runIf(existsSync('/dev/full'))('a log whose disk is full neither ends a process nor keeps it from ending', () => {
  const log = pathToFileURL(join(root, 'src/operate/log.ts')).href;
  const program = `const log = (await import('${log}')).createLog('info'); log.info('one'); setTimeout(() => (log.info('two'), setTimeout(() => process.exit(7), 50)), 50);`;
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' }); // prettier-ignore
  closeSync(full);
  expect([status, stderr]).toEqual([7, '']);
});

const CONTACT = `
title: Contact
screens: [{ id: one, title: One, fields: [{ id: note, type: text, label: Note }] }]
endings: [{ id: done, title: Done }]
`;

describeLong('a site behind a proxy', () => {
  it('names PUBLIC_ORIGIN where it does not know its https address', async () => {
    const site = await openTestSite();
    afterwards(() => site.close());
    const post = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://forms.acme.example' };
    const said = await send(site, 'POST', '/admin/setup', 'code=1', post);
    expect([said.status, said.text]).toEqual([403, expect.stringContaining('set PUBLIC_ORIGIN to the address of this site')]); // prettier-ignore
  });

  it('logs once a minute that PUBLIC_ORIGIN is another address than people open, for the dashboard and forms together', async () => {
    const site = await openTestSite({
      forms: { contact: CONTACT },
      env: { PUBLIC_ORIGIN: 'https://acme.example', LOG_LEVEL: 'warn' },
    });
    afterwards(() => site.close());
    const origin = site.origin.replace('http:', 'https:');
    const post = { 'content-type': 'application/x-www-form-urlencoded', origin };
    for (const path of ['/admin/sign-in', '/contact'])
      expect((await send(site, 'POST', path, 'email=a&password=b', post)).status).toBe(403);
    expect(site.logged().match(/"origin":.*?Refused a form.*"/g)).toEqual([
      expect.stringMatching(`^"origin":"${origin}","expected":"https://acme.example",`),
    ]);
    expect(site.logged()).not.toContain('PUBLIC_ORIGIN=');
  });

  it('logs once that the proxy passes on the path of the site', async () => {
    const site = await openTestSite({ env: { PUBLIC_ORIGIN: 'https://acme.example/forms', LOG_LEVEL: 'warn' } });
    afterwards(() => site.close());
    for (const path of ['/forms/contact', '/forms', '/unknown'])
      expect((await send(site, 'GET', path)).status).toBe(404);
    expect(site.logged().match(/If this is so for all pages, let the proxy remove this path/g)).toHaveLength(1);
  });
});

/**
 * The command of the package, with an old Node. `npm` and `program` are the files that it finds: a script of the shell,
 * and JavaScript.
 */
function packagedCommand(npm: string, program = '') {
  const folder = temporaryFolder();
  cpSync(join(root, 'scripts/program/flipsite.js'), join(folder, 'flipsite.mjs'));
  writeFileSync(
    join(folder, 'node-version.mjs'),
    `export const [NEEDED_NODE, PACKAGED_NODE] = ['Node 26', '26.10.0'];
    export const isSupportedNode = () => false;
    export const packageOfNode = () => 'node-of-npm';`,
  );
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  mkdirSync(join(folder, 'program'));
  writeFileSync(join(folder, 'program', 'command.js'), program);
  return [join(folder, 'flipsite.mjs'), { env: { PATH: `${folder}:/usr/bin:/bin` } }] as const;
}

it('the command of the package says what to do where npm cannot bring a newer Node', () => {
  const flipsite = (...files: Parameters<typeof packagedCommand>) => {
    const [command, options] = packagedCommand(...files);
    return spawnSync(process.execPath, [command, 'start'], { ...options, encoding: 'utf8' });
  };
  expect(flipsite('exit 1')).toMatchObject({ status: 1, stderr: expect.stringContaining('npm could not bring Node 26.10.0. The lines above have the reason. Install Node 26 from https://nodejs.org') }); // prettier-ignore
  expect(flipsite('exit 127').stderr).toContain('libatomic1');
  // A site that ends with an error has its own message.
  const ended = flipsite(`echo ${process.execPath}`, 'process.exit(3);');
  expect([ended.status, ended.stderr]).toEqual([3, expect.not.stringContaining('could not')]);
});

it('the command of the package on an old Node passes on the signal of a service, and waits for the site', async () => {
  const site = `process.on('SIGTERM', () => setTimeout(() => (console.log('closed'), process.exit(0)), 100));
    setInterval(() => undefined, 1000);
    console.log('open');`;
  const [command, options] = packagedCommand(`echo ${process.execPath}`, site);
  const child = spawn(process.execPath, [command, 'start'], options);
  const exited = once(child, 'exit');
  let output = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    output += String(text);
    if (text === 'open\n') child.kill('SIGTERM');
  }
  expect([output, await exited]).toEqual(['open\nclosed\n', [0, null]]);
});
