/* Runs after every install, on whatever Node the machine has, so: plain JavaScript, no dependencies.
   Flipsite needs Node 22.18 or newer. Where the machine's own is older, the packaged Node that npm has just
   installed is linked into node_modules/.bin, which stands first in PATH for every `npm run …` and `npx …`. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = [22, 18, 0];

function versionOf(binary) {
  const run = spawnSync(binary, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim().split('.').map(Number) : undefined;
}

function newEnough(version) {
  if (!version) return false;
  return (version[0] - MINIMUM[0] || version[1] - MINIMUM[1] || version[2] - MINIMUM[2]) >= 0;
}

const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const windows = process.platform === 'win32';
const link = path.join(modules, '.bin', 'node');
const system = process.env.npm_node_execpath || process.execPath;

// `npm start` runs `exec node …`, so that no shell stands between npm and the server: on SIGTERM, npm tells its child,
// and a shell would die without telling the server. The shell of Windows has no `exec`, and knows no signals either.
if (windows) {
  mkdirSync(path.dirname(link), { recursive: true });
  writeFileSync(path.join(modules, '.bin', 'exec.cmd'), '@%*\r\n');
}

// An install begun by `npm run …` runs on the packaged Node itself, which is no sign that the machine has a newer one.
const packagedAlready = path.resolve(system).startsWith(modules + path.sep);
if (!packagedAlready && newEnough(versionOf(system))) {
  rmSync(link, { force: true });
  process.exit(0);
}

const os = windows
  ? 'win'
  : process.platform === 'darwin' && process.arch === 'arm64'
    ? 'bin-darwin'
    : process.platform;
const packaged = path.join(modules, `node-${os}-${process.arch}`, 'bin', windows ? 'node.exe' : 'node');

if (!existsSync(packaged) || !newEnough(versionOf(packaged))) {
  console.error(
    [
      `Flipsite needs Node ${MINIMUM.join('.')} or newer. This machine has ${process.version}, and no packaged Node runs on`,
      `${process.platform} ${process.arch}. Install Node 22 or newer from https://nodejs.org, then run the same command again.`,
    ].join('\n'),
  );
  process.exit(1);
}

mkdirSync(path.dirname(link), { recursive: true });
rmSync(link, { force: true });
if (windows) {
  writeFileSync(`${link}.cmd`, `@"${packaged}" %*\r\n`);
} else {
  symlinkSync(path.relative(path.dirname(link), packaged), link);
  chmodSync(packaged, 0o755);
}
