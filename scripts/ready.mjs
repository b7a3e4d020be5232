/* Runs before every npm command, on whatever Node the machine has, so: plain JavaScript, no dependencies.
   Installs what the lock file names when it is not there yet; only with `tests` what the tests take, which is half of it.
   With `build`, builds when what is built is older than what it is built from. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);
const windows = process.platform === 'win32';

function run(command, args) {
  const child = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: windows });
  if (child.status !== 0) {
    console.error(`\n\`${command} ${args.join(' ')}\` failed; what it printed above says why.`);
    process.exit(child.status ?? 1);
  }
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const says = (mark, wanted) => existsSync(mark) && readFileSync(mark, 'utf8') === wanted;

/** Runs `make` unless it was run before for the very files that `wanted` is the digest of. */
function unlessMade(mark, wanted, make) {
  if (says(mark, wanted)) return;
  make();
  mkdirSync(path.dirname(mark), { recursive: true });
  writeFileSync(mark, wanted);
}

function install(what, seconds, ...args) {
  console.log(`Installing what ${what} made of. This takes about ${seconds} seconds, once.`);
  run('npm', ['ci', '--no-audit', '--no-fund', ...args]);
}

const lock = digest([at('package-lock.json')]);
const [alone, withTests] = ['.flipsite-installed', '.flipsite-installed-with-tests'].map((mark) =>
  at('node_modules', mark),
);
if (process.argv.includes('tests')) unlessMade(withTests, lock, () => install('Flipsite and its tests are', 30));
else if (!says(withTests, lock)) unlessMade(alone, lock, () => install('Flipsite is', 15, '--omit=dev'));

if (process.argv.includes('build')) {
  const sources = [...filesBelow(at('src')), at('astro.config.mjs'), at('package-lock.json')];
  unlessMade(at('dist', '.made'), digest(sources), () => {
    console.log('Building the pages.');
    run('npx', ['astro', 'build', '--silent']);
  });
}
