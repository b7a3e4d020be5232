#!/usr/bin/env node
/* The command `flipsite` of the package. It runs on whatever Node the machine has, so: plain JavaScript, no dependencies.
   Where that Node is too old, it starts again on a newer one, which npm fetches once and keeps in its cache. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isSupportedNode, NEEDED_NODE, PACKAGED_NODE, packageOfNode } from './node-version.mjs';

if (isSupportedNode(process.versions.node)) await import('./program/command.js');
else runOnNewerNode();

function runOnNewerNode() {
  console.error(
    `Flipsite needs ${NEEDED_NODE}, and this machine has ${process.version}. Using Node ${PACKAGED_NODE} from npm.`,
  );
  const found = findNewerNode();
  if (found.status === 127)
    // The shell's status for a program that cannot be loaded. From version 25 on, Node needs libatomic.
    fail('If libatomic is missing, install the package libatomic1 (Debian, Ubuntu) or libatomic (Fedora).');
  else if (found.error) fail('npm could not be started.');
  else if (found.status !== 0) fail(`npm could not bring Node ${PACKAGED_NODE}. The lines above have the reason.`);
  else runProgram(found.stdout.trim().split('\n').at(-1));
}

/** Has npm fetch the newer Node, and asks for its path. Under npm, the program would miss the signals of a service. */
function findNewerNode() {
  const wanted = `--package=${packageOfNode()}@${PACKAGED_NODE}`;
  return spawnSync('npm', ['exec', '--yes', wanted, '--', 'node', '--print', 'process.execPath'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
}

/** Runs the program, and ends with it. */
function runProgram(node) {
  const program = fileURLToPath(new URL('./program/command.js', import.meta.url));
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends its signals to the child as well. A service sends them only here.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('error', () => fail(`${node} could not be started.`));
  child.on('exit', (code, signal) => {
    if (signal) console.error(`Ended by ${signal}.`);
    process.exitCode = code ?? 1;
  });
}

function fail(reason) {
  console.error(`${reason} Install ${NEEDED_NODE} from https://nodejs.org, then run the same command again.`);
  process.exitCode = 1;
}
