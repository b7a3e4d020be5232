/* Runs before every npm command, on whatever Node the machine has, so: plain JavaScript, no dependencies.
   Installs the packages of the lock file if they are missing. Only with `tests` it installs those of the tests, half of all.
   With `build`, builds the pages if they are older than their source. Both happen in a folder beside the current one, which
   they replace at the end. So a failure or an interruption changes nothing, and a running site continues.
   With `check`, for a service: installs and builds nothing, and reports a missing part. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { at, digest, isBuilt, isMarked, root, sources } from './sources.mjs';

const STAGING = '.flipsite-staging-';
/** Of this process alone: two commands may be at it at once. */
const staging = at(STAGING + process.pid);
const staged = (...parts) => path.join(staging, ...parts);

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Removes the leftovers of commands that were killed, after putting back the folder that one of them had moved away.
 */
function cleanUp() {
  for (const name of readdirSync(root).filter((one) => one.startsWith(STAGING))) {
    const pid = Number(name.slice(STAGING.length));
    if (pid !== process.pid && isRunning(pid)) continue;
    for (const folder of ['node_modules', 'dist']) {
      const taken = at(name, `${folder}.before`);
      if (existsSync(taken) && !existsSync(at(folder))) renameSync(taken, at(folder));
    }
    rmSync(at(name), { recursive: true, force: true });
  }
}

/** Runs a program. Throws an error with its `output`, which npm writes its reasons to. */
function run(command, args, cwd) {
  const child = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    shell: process.platform === 'win32',
  });
  if (child.status === 0) return;
  const output = `${child.stdout ?? ''}${child.stderr ?? ''}${child.error?.message ?? ''}`;
  throw Object.assign(new Error(`\`${command} ${args.join(' ')}\` failed`), { output });
}

/** Has `make` make `folder` in the staging folder, and puts it in its place. */
function replace(folder, make) {
  mkdirSync(staging);
  make();
  if (existsSync(at(folder))) renameSync(at(folder), staged(`${folder}.before`));
  renameSync(staged(folder), at(folder));
  cleanUp();
}

function install(mark, ...args) {
  replace('node_modules', () => {
    for (const name of ['package.json', 'package-lock.json', '.npmrc', 'scripts'])
      if (existsSync(at(name))) cpSync(at(name), staged(name), { recursive: true });
    run('npm', ['ci', '--no-audit', '--no-fund', ...args], staging);
    // Without packages, npm makes no folder.
    mkdirSync(staged('node_modules'), { recursive: true });
    writeFileSync(staged('node_modules', mark), lock);
  });
}

function build(made) {
  replace('dist', () => {
    run('npx', ['--no-install', 'astro', 'build', '--silent', '--outDir', path.relative(root, staged('dist'))], root);
    writeFileSync(staged('dist', '.made'), made);
  });
}

/** The service runs the build, whose messages name `npx flipsite COMMAND`. Without a link, npx would look for it at the registry. */
function linkCommand() {
  const link = at('node_modules', '.bin', 'flipsite');
  if (process.platform === 'win32' || lstatSync(link, { throwIfNoEntry: false })) return;
  try {
    symlinkSync('../../dist/flipsite.js', link);
  } catch {
    // This folder cannot be written, or another command has just made it. The site runs without the link.
  }
}

const UNREACHABLE =
  /\b(ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|ENOTCACHED|E5\d\d)\b/;

/** @returns the problem and the fix, for a person */
function explain(error) {
  const { output = '' } = error;
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(output)?.[1] ?? error.code ?? '';
  const [unreachable] = UNREACHABLE.exec(code) ?? [];
  if (unreachable) {
    const [registry = ''] = /https?:\/\/[^\s/]+/.exec(output) ?? [];
    return `npm's registry ${registry} cannot be reached (${code}). Check the network and npm's setting \`registry\`, then run the same command again.`;
  }
  if (/CERT|LEAF_SIGNATURE/.test(code))
    return `npm does not trust the certificate of its registry (${code}). Check the clock of this machine. If your company reads https traffic, set NODE_EXTRA_CA_CERTS to the file of its certificate, then run the same command again.`;
  if (['EROFS', 'EACCES', 'EPERM'].includes(code)) {
    const place = error.path ?? /^npm (?:error|ERR!) path (.+)$/m.exec(output)?.[1] ?? root;
    return `This user cannot write to ${place} (${code}). Run the same command as the user that owns the folder, or make it writable.`;
  }
  if (code === 'ENOSPC') return `The disk of ${root} is full. Free some space, then run the same command again.`;
  return `${error.message}. The output is:\n\n${(output || error.stack).trim()}`;
}

/** Runs `make` unless it is done. If it fails, prints the reason, and that the former folder is still there. */
function attempt(what, folder, make) {
  try {
    make();
  } catch (error) {
    try {
      cleanUp();
    } catch {
      // Reported below: the reason that prevents removing it also prevented making it.
    }
    const kept = existsSync(at(folder)) ? '\nThe previous version is unchanged.' : '';
    console.error(`\nFlipsite could not be ${what}. ${explain(error)}${kept}`);
    process.exit(1);
  }
}

const lock = digest([at('package-lock.json')]);
const [ALONE, WITH_TESTS] = ['.flipsite-installed', '.flipsite-installed-with-tests'];
const isInstalled = (mark) => isMarked(at('node_modules', mark), lock);

if (process.argv.includes('check')) {
  const missing = !existsSync(at('node_modules')) ? 'installed' : !existsSync(at('dist')) ? 'built' : undefined;
  if (missing) {
    console.error(`Flipsite is not ${missing} yet, and npm run serve does not do that. Run npm run build first.`);
    process.exit(1);
  }
  if (!(isInstalled(WITH_TESTS) || isInstalled(ALONE)) || !isBuilt())
    console.error('The code has changed since the last build. Run npm run build, then start again.');
  process.exit(0);
}

attempt('installed', 'node_modules', () => {
  if (!existsSync(at('node_modules')) || !existsSync(at('dist'))) cleanUp();
  if (isInstalled(WITH_TESTS)) return;
  if (process.argv.includes('tests')) {
    console.log('Installing the packages of Flipsite and its tests. This takes about 30 seconds, once.');
    install(WITH_TESTS);
  } else if (!isInstalled(ALONE)) {
    console.log('Installing the packages of Flipsite. This takes about 15 seconds, once.');
    install(ALONE, '--omit=dev');
  }
});

if (process.argv.includes('build'))
  attempt('built', 'dist', () => {
    const isAlone = process.env.npm_lifecycle_event === 'build';
    // Packages that were installed again have no link, also if the build is as it was.
    linkCommand();
    if (isBuilt()) {
      if (isAlone) console.log('Nothing has changed since the last build.');
      return;
    }
    console.log('Building the pages.');
    build(sources());
    if (isAlone) console.log('Flipsite is built. Start it with npm run serve.');
  });

if (process.argv.includes('--static'))
  process.exitCode = spawnSync('npm', ['run', '--silent', 'static'], { cwd: root, stdio: 'inherit' }).status ?? 1;
