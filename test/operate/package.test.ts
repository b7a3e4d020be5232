/** The package from `npm pack ./dist`, in a folder that has nothing of the source, and without dependencies. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PACKAGED_NODE, packageOfNode } from '../../scripts/node-version.mjs';
import { readForm } from '../../src/form/folder.ts';
import { cardPath } from '../../src/publish/cards/card-content.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { outputUntil } from '../helpers/programs.ts';
import { removeFolder, root } from '../helpers/site.ts';

const folder = mkdtempSync(join(tmpdir(), 'flipsite-package-'));
afterAll(() => removeFolder(folder));
let archive: string;
let program: string;
let site: string;
const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], APP_PORT: '0', APP_HOST: '127.0.0.1' };

beforeAll(() => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', join(root, 'dist'), '--json', '--pack-destination', folder], { encoding: 'utf8' }),
  ) as [{ filename: string }];
  archive = join(folder, packed.filename);
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  program = join(folder, 'package', 'flipsite.js');
  site = join(folder, 'my site');
});

const flipsite = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: site, env: environment, encoding: 'utf8' });

/** Starts the site of the package, and resolves with its address and a way to stop it. */
async function start() {
  const server = spawn(process.execPath, [program, 'start'], { cwd: site, env: environment });
  const exited = once(server, 'exit');
  const output = await outputUntil(/Setup code/, server.stdout);
  const origin = `http://127.0.0.1:${/localhost:(\d+)/.exec(output)?.[1]}`;
  const stop = async () => (server.kill('SIGTERM'), (await exited) as [number]);
  return { origin, output, stop };
}

it('makes a first form and settings in an empty folder, and overwrites nothing', () => {
  const first = spawnSync(process.execPath, [program, 'init', site], { env: environment, encoding: 'utf8' });
  expect(first.stdout).toContain('npx flipsite start');
  expect(statSync(join(site, '.env')).mode & 0o077).toBe(0);
  writeFileSync(join(site, 'forms', 'contact.yaml'), 'title: Mine\n');
  const again = flipsite('init');
  expect(again.stdout).toMatch(/Kept {5}\.env/);
  expect(readFileSync(join(site, 'forms', 'contact.yaml'), 'utf8')).toBe('title: Mine\n');
});

it('serves a form with its drawn card, the dashboard and the widget of local Smile, and checks texts on its thread', async () => {
  writeFileSync(join(site, 'forms', 'contact.yaml'), readFileSync(join(root, 'src/form/templates/contact.yaml')));
  // A terminal would obey the control characters of this title.
  writeFileSync(join(site, 'forms', 'wild.yaml'), 'title: "Wild\\e[2J"\nscreens: [{ id: a, title: A }]\nendings: [{ id: z, title: Z }]\n'); // prettier-ignore
  writeFileSync(join(site, '.env'), 'INTEGRATOR_API_KEY=a-key-of-twenty-characters\nOUTGOING=off\n');
  const { origin, output, stop } = await start();
  expect(output).toMatch(/Flipsite \d+\.\d+\.\d+ is ready/);
  expect(output).toContain('  Wild\ufffd[2J\n');
  expect(output).not.toMatch(/[^\P{Cc}\n]/u);
  expect(output).toContain('OUTGOING is off. Emails and webhooks wait, and local Smile takes the place of Smile.');
  expect(await (await fetch(`${origin}/contact`)).text()).toContain('How can we help?');
  const { parsed } = readForm(join(site, 'forms', 'contact.yaml'), new Date());
  const card = await fetch(origin + (parsed.ok ? cardPath(parsed.form, 'en') : ''));
  expect([card.status, card.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(await (await fetch(`${origin}/healthz`)).text()).toMatch(/^Flipsite \d+\.\d+\.\d+: ok$/m);
  expect((await fetch(`${origin}/admin`)).status).toBe(200);
  expect((await fetch(`${origin}/local-smile/v2/smile.v2.js`)).status).toBe(200);
  const checked = await fetch(`${origin}/api/forms/new-form/source?dry_run=true`, {
    method: 'PUT',
    headers: { authorization: 'Bearer a-key-of-twenty-characters', 'content-type': 'text/yaml', 'if-none-match': '*' },
    body: 'title: New\nscreens: []\n',
  });
  expect(checked.status).toBe(422);
  expect(await checked.json()).toMatchObject({ error: { code: 'invalid_form' } });
  const pushed = flipsite('forms', 'list', '--site', origin);
  expect(pushed.stdout).toContain('contact');
  expect(await stop()).toEqual([0, null]);
});

it('brings the unit and the files of the monitoring, which its document copies from there', () => {
  const { stdout } = spawnSync('tar', ['-tzf', archive], { encoding: 'utf8' });
  for (const name of ['flipsite.service', 'Caddyfile', 'nginx.conf', 'alerts.yml', 'grafana.json'])
    expect(stdout).toContain(`package/deploy/${name}\n`);
  expect(stdout).toContain('package/server.js\n');
  const document = readFileSync(join(root, 'docs/operate/install.md'), 'utf8');
  expect(document).toContain('cp node_modules/flipsite/deploy/flipsite.service /etc/systemd/system/');
});

itLong('has the other commands, which name themselves as they are typed', () => {
  expect(readFileSync(join(folder, 'package', 'README.md'), 'utf8')).not.toMatch(/npm (start|run)/);
  expect(flipsite('version').stdout).toBe(`${(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version}\n`); // prettier-ignore
  expect(flipsite('check').stdout).toContain('contact.yaml  OK');
  expect(flipsite('doctor').stdout).toMatch(/is intact[\s\S]*OUTGOING is off, so emails and webhooks wait/);
  expect(flipsite('member', 'add', 'ana@acme.example').status).toBe(0);
  const backup = flipsite('backup', 'copy');
  expect(backup.stdout).toContain('npx flipsite restore copy');
  expect(flipsite('restore', 'copy').status).toBe(0);
  expect(existsSync(join(site, 'data', 'flipsite.sqlite'))).toBe(true);
  const unknown = flipsite('strat');
  expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('There is no command strat.')]);
});

it.each(['init', 'start', 'check', 'forms', 'member', 'backup', 'restore', 'compact', 'rebuild', 'doctor', 'smile'])(
  'prints the help of %s and does nothing else',
  (name) => {
    const { status, stdout } = flipsite(name, '--help');
    expect([status, stdout]).toEqual([0, expect.stringContaining(`Usage: npx flipsite ${name}`)]);
    expect(stdout).not.toContain('npm run');
  },
);

it('fetches the same Node that a clone installs', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { optionalDependencies: Record<string, string> }; // prettier-ignore
  const platforms = [['darwin', 'arm64'], ['darwin', 'x64'], ['linux', 'arm64'], ['linux', 'x64'], ['win32', 'x64']] as const; // prettier-ignore
  const packages = platforms.map(([platform, arch]) => [packageOfNode(platform, arch), PACKAGED_NODE]);
  expect(Object.fromEntries(packages)).toEqual(optionalDependencies);
});
