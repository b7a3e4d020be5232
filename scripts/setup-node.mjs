/* Runs after every install, on whatever Node the machine has, so: plain JavaScript, no dependencies.
   Where the machine's own Node is not one that Flipsite runs on, the packaged Node that npm has just
   installed is linked into node_modules/.bin, which stands first in PATH for every `npm run …` and `npx …`. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSupportedNode, NEEDED_NODE, packageOfNode } from './node-version.mjs';

const runAt = (binary) => spawnSync(binary, ['-p', 'process.versions.node'], { encoding: 'utf8' });

/** @returns whether there is a Node at `binary` that Flipsite runs on */
function isSupportedAt(binary) {
  const run = runAt(binary);
  return run.status === 0 && isSupportedNode(run.stdout.trim());
}

/** What to do where the Node that npm brought is missing or does not run. From version 25 on, Node needs libatomic. */
function remedy() {
  const install = 'Install Node 26 from https://nodejs.org';
  if (!existsSync(packaged)) return `npm has no package of Node for ${process.platform} ${process.arch}. ${install}`;
  const { stderr, error } = runAt(packaged);
  const reason = (stderr || error?.message || '').trim().split('\n')[0];
  const isMissing = /libatomic/.test(reason);
  return `The Node that npm brought does not run: ${reason}\n${isMissing ? 'Install the package libatomic1 (Debian, Ubuntu) or libatomic (Fedora)' : install}`;
}

const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const windows = process.platform === 'win32';
const link = path.join(modules, '.bin', 'node');
const system = process.env.npm_node_execpath || process.execPath;

// `npm start` runs `exec node …`, so that no shell is between npm and the server: on SIGTERM, npm signals its
// child, and a shell would die without a signal to the server. The shell of Windows has no `exec`, and knows no signals either.
if (windows) {
  mkdirSync(path.dirname(link), { recursive: true });
  writeFileSync(path.join(modules, '.bin', 'exec.cmd'), '@%*\r\n');
}

// An install begun by `npm run …` runs on the packaged Node itself, which is no sign that the machine has a newer one.
const isPackaged = path.resolve(system).split(path.sep).includes('node_modules');
if (!isPackaged && isSupportedAt(system)) {
  rmSync(link, { force: true });
  process.exit(0);
}

const packaged = path.join(modules, packageOfNode(), 'bin', windows ? 'node.exe' : 'node');

if (!isSupportedAt(packaged)) {
  console.error(
    `Flipsite needs ${NEEDED_NODE}. This machine has ${process.version}.\n${remedy()}, then run the same command again.`,
  );
  process.exit(1);
}

mkdirSync(path.dirname(link), { recursive: true });
rmSync(link, { force: true });
if (windows) {
  // Relative, since an install moves the folder to its place afterwards.
  writeFileSync(`${link}.cmd`, `@"%~dp0${path.relative(path.dirname(link), packaged)}" %*\r\n`);
} else {
  symlinkSync(path.relative(path.dirname(link), packaged), link);
  chmodSync(packaged, 0o755);
}
