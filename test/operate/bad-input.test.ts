/** Mistakes of the first minutes: each ends with status 1 and a sentence that helps. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageOfNode } from '../../scripts/node-version.mjs';
import { explainListening } from '../../src/site/listening.ts';
import { PROGRAM_ENV, commandArguments, serverArguments } from '../helpers/programs.ts';
import { root } from '../helpers/site.ts';
import { afterwards, temporaryFolder } from '../record/temporary.ts';

function run(program: string[], env: Record<string, string>) {
  const folder = temporaryFolder();
  const { status, stderr } = spawnSync(process.execPath, program, {
    cwd: folder,
    env: { ...PROGRAM_ENV, FORMS_DIR: join(root, 'forms'), ...env },
    encoding: 'utf8',
  });
  return { status, stderr: stderr.trim() };
}

describe('a server that cannot listen', () => {
  it('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    afterwards(() => void other.close());
    const port = String((other.address() as AddressInfo).port);
    expect(run(serverArguments(), { APP_PORT: port, APP_HOST: '127.0.0.1' })).toEqual({
      status: 1,
      stderr: `Flipsite cannot start:\n  - Port ${port} is in use. Set APP_PORT to another port.`,
    });
  });

  it('says that its address is not of this machine', () => {
    expect(run(serverArguments(), { APP_PORT: '0', APP_HOST: '203.0.113.7' })).toEqual({
      status: 1,
      stderr: 'Flipsite cannot start:\n  - This machine has no address 203.0.113.7. Set APP_HOST to one of its addresses, or to 0.0.0.0.', // prettier-ignore
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
  ['forms.acme.example', 'API_ORIGIN '],
  ['ftp://forms.acme.example', 'API_ORIGIN '],
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
