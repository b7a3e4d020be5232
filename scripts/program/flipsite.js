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
  const program = fileURLToPath(new URL('./program/command.js', import.meta.url));
  const child = spawn('npm', onNewerNode('--yes', program, ...process.argv.slice(2)), {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  // The terminal sends its signals to the child as well. A service sends them only here.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('error', () => fail('npm could not be started.'));
  child.on('exit', (code, signal) => {
    if (signal) console.error(`Ended by ${signal}.`);
    // The shell's status for a program that cannot be loaded. From version 25 on, Node needs libatomic.
    if (code === 127)
      console.error('If libatomic is missing, install the package libatomic1 (Debian, Ubuntu) or libatomic (Fedora).');
    else if (code && !isFetched()) fail(`npm could not bring Node ${PACKAGED_NODE}. The lines above have the reason.`);
    process.exitCode = code ?? 1;
  });
}

/** The arguments of npm that run the newer Node. `how`: whether npm may fetch it. */
function onNewerNode(how, ...args) {
  return ['exec', how, `--package=${packageOfNode()}@${PACKAGED_NODE}`, '--', 'node', ...args];
}

/** Whether npm has the newer Node. It has not where its registry can't be reached. */
function isFetched() {
  return spawnSync('npm', onNewerNode('--offline', '--version'), { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0; // prettier-ignore
}

function fail(reason) {
  console.error(`${reason} Install ${NEEDED_NODE} from https://nodejs.org, then run the same command again.`);
  process.exitCode = 1;
}
