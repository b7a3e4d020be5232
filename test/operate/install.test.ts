/**
 * Installing and building happen beside the current program. A failure, an interruption or an unreachable registry
 * leaves it as it was.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { itLong } from '../helpers/run/it-long.ts';
import { root } from '../helpers/site.ts';
import { itWith } from '../helpers/with-programs.ts';
import { afterwards, temporaryFolder } from '../helpers/database.ts';
import { mountable, mounted, unmount } from '../record/db/small-disk.ts';

/** A package in the place of Astro, whose build writes its version, or fails where there is a file `broken`. */
const BUILDER = `#!/usr/bin/env node
const { existsSync, mkdirSync, writeFileSync } = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
mkdirSync(out + '/server', { recursive: true });
if (existsSync('broken')) { console.error('src/pages/admin.astro:3 is broken'); process.exit(1); }
writeFileSync(out + '/server/entry.mjs', require('./package.json').version);
`;

function packed(version: string): Buffer {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'package'));
  const manifest = { name: 'astro', version, bin: { astro: 'astro.cjs' } };
  writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package', 'astro.cjs'), BUILDER, { mode: 0o755 });
  return execFileSync('tar', ['-czf', '-', '-C', folder, 'package']);
}

let folder: string;
let registry: Server;
/** Answers one download; replaced by a test that wants it to hang. */
let send: (response: ServerResponse, archive: Buffer) => void;
let archives: Map<string, Buffer>;

beforeEach(async () => {
  folder = temporaryFolder();
  archives = new Map();
  send = (response, archive) => response.end(archive);
  registry = createServer((request, response) => {
    const archive = archives.get(request.url ?? '');
    if (archive) send(response, archive);
    else response.writeHead(404).end();
  });
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  afterwards(() => void (registry.closeAllConnections(), registry.close()));
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  for (const source of ['src', 'docs/operate/deploy']) mkdirSync(join(folder, source), { recursive: true });
  writeFileSync(join(folder, 'astro.config.mjs'), '');
  need('1.0.0');
});

/** Has the project name this version of its one package, as `git pull` would. */
function need(version: string): void {
  const archive = packed(version);
  const address = `/astro-${version}.tgz`;
  archives.set(address, archive);
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const resolved = `http://127.0.0.1:${(registry.address() as AddressInfo).port}${address}`;
  const project = { name: 'site', version: '1.0.0', dependencies: { astro: version } };
  const scripts = { postinstall: `node -e "require('fs').writeFileSync('node_modules/.postinstall', '${version}')"` };
  const packages = {
    '': { ...project, hasInstallScript: true },
    'node_modules/astro': { version, resolved, integrity, bin: { astro: 'astro.cjs' } },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...project, scripts }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...project, lockfileVersion: 3, packages }));
}

const environment = () => ({
  PATH: process.env['PATH'],
  HOME: folder,
  // Of its own, so that nothing is there already; without the minute that npm tries again for.
  npm_config_cache: join(folder, 'cache'),
  npm_config_fetch_retries: '0',
  npm_config_loglevel: 'error',
});

/** Not run synchronously: the registry answers in this process. */
async function ready(...words: string[]) {
  const command = spawn(process.execPath, [join(folder, 'scripts', 'ready.mjs'), ...words], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'exit') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

const read = (...parts: string[]): string => readFileSync(join(folder, ...parts), 'utf8');
const installed = (): string =>
  (JSON.parse(read('node_modules', 'astro', 'package.json')) as { version: string }).version;
const built = (): string => read('dist', 'server', 'entry.mjs');
const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith('.flipsite-staging-'));

describe('installing and building', () => {
  it('is done once, and needs no registry and no writable folder afterwards', async () => {
    expect(await ready('build')).toMatchObject({ status: 0, stderr: '' });
    expect([installed(), read('node_modules', '.postinstall'), built()]).toEqual(['1.0.0', '1.0.0', '1.0.0']);
    // The messages of the built program name `npx flipsite`.
    const link = () => readlinkSync(join(folder, 'node_modules', '.bin', 'flipsite'));
    expect(link()).toBe('../../dist/flipsite.js');
    rmSync(join(folder, 'node_modules'), { recursive: true });
    expect(await ready('build')).toMatchObject({ status: 0, stderr: '' });
    expect(link()).toBe('../../dist/flipsite.js');
    registry.close();
    const again = await inReadOnlyFolder(() => ready('build'));
    expect(again).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(left()).toEqual([]);
    // npm ci removes the link.
    rmSync(join(folder, 'node_modules', '.bin', 'flipsite'));
    expect(await inReadOnlyFolder(() => ready('build'))).toEqual(again);
  });

  itLong('brings an update', async () => {
    await ready('build');
    need('2.0.0');
    expect((await ready('check')).stderr).toContain('The code has changed since the last build. Run npm run build');
    expect(await ready('build')).toMatchObject({ status: 0, stderr: '' });
    expect([installed(), built(), left()]).toEqual(['2.0.0', '2.0.0', []]);
    expect(await ready('check')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('reports a registry that cannot be reached, and keeps the installed packages', async () => {
    await ready('build');
    need('2.0.0');
    const { port } = registry.address() as AddressInfo;
    await new Promise((closed) => registry.close(closed));
    expect(await ready('build')).toEqual({
      status: 1,
      stdout: expect.any(String),
      stderr: `\nFlipsite could not be installed. npm's registry http://127.0.0.1:${port} cannot be reached (ECONNREFUSED). Check the network and npm's setting \`registry\`, then run the same command again.\nThe previous version is unchanged.\n`,
    });
    expect([installed(), built(), left()]).toEqual(['1.0.0', '1.0.0', []]);
    // A service starts the installed program, and does not ask npm.
    expect((await ready('check')).status).toBe(0);
  });

  itWith(['openssl'], 'says that the certificate of the registry is not trusted', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1'], { stdio: 'ignore' }); // prettier-ignore
    const secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    afterwards(() => void secure.close());
    const lock = read('package-lock.json').replace(/http:\/\/127\.0\.0\.1:\d+/, `https://127.0.0.1:${(secure.address() as AddressInfo).port}`); // prettier-ignore
    writeFileSync(join(folder, 'package-lock.json'), lock);
    const { status, stderr } = await ready('build');
    expect(status).toBe(1);
    expect(stderr).toContain("npm does not trust the certificate of its registry (DEPTH_ZERO_SELF_SIGNED_CERT). Check the clock of this machine. If your company reads https traffic, set NODE_EXTRA_CA_CERTS"); // prettier-ignore
  });

  it('says that a folder cannot be written', async () => {
    const said = await inReadOnlyFolder(() => ready('build'));
    expect(said?.status).toBe(1);
    expect(said?.stderr).toMatch(
      /^\nFlipsite could not be installed\. This user cannot write to \S+ \((EROFS|EACCES)\)\. Run the same command as the user that owns the folder, or make it writable\.\n$/,
    );
  });

  itLong('killed in the middle keeps the old packages, and succeeds the next time', async () => {
    await ready('build');
    need('2.0.0');
    let asked!: () => void;
    const download = new Promise<void>((done) => (asked = done));
    send = () => asked();
    // A group of its own, as a terminal makes one, so that npm is killed with it.
    const command = spawn(process.execPath, [join(folder, 'scripts', 'ready.mjs')], {
      cwd: folder,
      detached: true,
      stdio: 'ignore',
      env: environment(),
    });
    const ended = once(command, 'exit');
    await download;
    killGroup(command);
    await ended;
    expect([installed(), built(), left().length]).toEqual(['1.0.0', '1.0.0', 1]);
    send = (response, archive) => response.end(archive);
    expect(await eventuallyReady()).toMatchObject({ status: 0, stderr: '' });
    expect([installed(), left()]).toEqual(['2.0.0', []]);
  });

  itLong('restores the packages that a killed command had moved', async () => {
    await ready('build');
    const { pid } = spawnSync(process.execPath, ['--version']);
    mkdirSync(join(folder, `.flipsite-staging-${pid}`));
    execFileSync('mv', [join(folder, 'dist'), join(folder, `.flipsite-staging-${pid}`, 'dist.before')]);
    registry.close();
    expect(await ready('build')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect([built(), left()]).toEqual(['1.0.0', []]);
  });

  itLong('prints the error of a failed build, and keeps the last build', async () => {
    await ready('build');
    writeFileSync(join(folder, 'broken'), '');
    writeFileSync(join(folder, 'src', 'new.ts'), '');
    const { status, stderr } = await ready('build');
    expect(status).toBe(1);
    expect(stderr).toContain('Flipsite could not be built. `npx');
    expect(stderr).toContain('src/pages/admin.astro:3 is broken\nThe previous version is unchanged.');
    expect([built(), left()]).toEqual(['1.0.0', []]);
  });

  it('is not done by a service, which names the missing part', async () => {
    expect(await ready('check')).toMatchObject({ status: 1, stderr: expect.stringContaining('Flipsite is not installed yet, and npm run serve does not do that. Run npm run build first.') }); // prettier-ignore
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
    await ready();
    expect((await ready('check')).stderr).toContain('Flipsite is not built yet');
  });
});

const killGroup = ({ pid }: ChildProcess): void => void (pid && process.kill(-pid, 'SIGKILL'));

/** Not a stand-in for waiting: the kernel may take a moment to forget a process, and a staging folder of a live one stays. */
async function eventuallyReady() {
  let said = await ready();
  for (let turn = 0; turn < 20 && left().length; turn++) said = await ready();
  return said;
}

/** Runs `act` while nothing in the folder can be written: on a disk that may only be read, or as a user who may not. */
async function inReadOnlyFolder<T>(act: () => Promise<T>): Promise<T> {
  if (!mountable()) {
    execFileSync('chmod', ['-R', 'a-w', folder]);
    try {
      return await act();
    } finally {
      execFileSync('chmod', ['-R', 'u+w', folder]);
    }
  }
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  mounted(folder, 'size=20m');
  try {
    cpSync(copy, folder, { recursive: true, verbatimSymlinks: true });
    mounted(folder, 'remount,ro');
    return await act();
  } finally {
    unmount(folder);
  }
}

itLong('a site has loaded every page, and answers from it once another build is in its place', async () => {
  const place = temporaryFolder();
  cpSync(join(root, 'dist'), join(place, 'dist'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  const program = `
    const { render, loadPages } = await import(${JSON.stringify(pathToFileURL(join(place, 'dist/server/entry.mjs')).href)});
    await loadPages();
    (await import('node:fs')).rmSync(${JSON.stringify(join(place, 'dist'))}, { recursive: true });
    for (const page of ${JSON.stringify(pages())}) {
      const { status } = await render(new Request('http://127.0.0.1' + page), {});
      console.log(page, status);
    }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(pages().map((page) => `${page} 404`));
  rmSync(place, { recursive: true });
});

/** The address of every page that the server renders for itself, with something in the place of each parameter. */
function pages(): string[] {
  const files = readdirSync(join(root, 'src/pages/render'), { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith('.astro'))
    .map((file) => `/render/${file.replace('.astro', '').replace(/\[[^\]]+\]/g, 'some')}`.replace(/\/index$/, ''));
}
