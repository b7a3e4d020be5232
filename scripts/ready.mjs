/* Runs before every npm command, on whatever Node the machine has, so: plain JavaScript, no dependencies.
   Installs what the lock file names when it is not there yet. With `build`, builds when what is built is older than
   what it is built from. */
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

/** Runs `make` unless it was run for these very files before. */
function unlessMade(mark, files, make) {
  const wanted = digest(files);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  make();
  mkdirSync(path.dirname(mark), { recursive: true });
  writeFileSync(mark, wanted);
}

unlessMade(at('node_modules', '.flipsite-installed'), [at('package-lock.json')], () => {
  console.log('Installing what Flipsite is made of. This takes about half a minute, once.');
  run('npm', ['ci', '--no-audit', '--no-fund']);
});

if (process.argv.includes('build')) {
  const sources = [...filesBelow(at('src')), at('astro.config.mjs'), at('package-lock.json')];
  unlessMade(at('dist', '.made'), sources, () => {
    console.log('Building the pages.');
    run('npx', ['astro', 'build', '--silent']);
  });
}
