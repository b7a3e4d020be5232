/**
 * The first minutes of a newcomer: from the package, and from a clone, to a form that answers. Each way starts in an empty
 * folder, and the cache of npm is empty too.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { outputUntil } from '../helpers/programs.ts';
import { root } from '../helpers/site.ts';

/** The goals for the package: seconds to the first form, seconds of a later start, and bytes on disk. */
const GOAL = { firstS: 15, laterS: 1, disk: 90_000_000 };
const METRICS_KEY = 'a-key-of-the-benchmark-alone';
const MB = 1_000_000;

/** One command, in a folder. The last one of a way starts the site. */
interface Step {
  command: string[];
  folder: string;
}

interface Way {
  name: string;
  steps: Step[];
  form: string;
  /** The folders of the program, without forms and data. */
  program: string[];
}

/** @returns whether the package keeps the goals. The time of a clone depends on the network. */
export async function run(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'flipsite-first-'));
  try {
    const ways = [fromPackage(folder), fromClone(folder)];
    const measured = [];
    for (const way of ways) measured.push(await follow(way, join(folder, 'cache')));
    console.log(
      [
        '| Way | Steps | Until the form answers | Of it the last step | A later start | Memory | Program on disk |',
        '| --- | ----: | ---------------------: | ------------------: | ------------: | -----: | --------------: |',
        ...measured.map(({ name, steps, seconds, lastSeconds, laterSeconds, memory, disk }) => `| ${name} | ${steps} | ${seconds.toFixed(1)} s | ${lastSeconds.toFixed(1)} s | ${laterSeconds.toFixed(2)} s | ${Math.round(memory / MB)} MB | ${Math.round(disk / MB)} MB |`), // prettier-ignore
      ].join('\n'),
    );
    const [ours] = measured;
    return ours !== undefined && ours.seconds < GOAL.firstS && ours.laterSeconds < GOAL.laterS && ours.disk <= GOAL.disk; // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function fromPackage(folder: string): Way {
  execFileSync('npm', ['pack', join(root, 'dist'), '--silent', '--pack-destination', folder]);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  const installed = join(folder, 'installed');
  const flipsite = join(installed, 'bin', 'flipsite');
  return {
    name: 'The package',
    steps: [
      { command: ['npm', 'install', '--global', '--prefix', installed, `./${archive}`], folder },
      { command: [flipsite, 'init', 'my-site'], folder },
      { command: [flipsite, 'start'], folder: join(folder, 'my-site') },
    ],
    form: 'contact',
    program: [installed],
  };
}

function fromClone(folder: string): Way {
  const clone = join(folder, 'flipsite');
  return {
    name: 'A clone',
    steps: [
      { command: ['git', 'clone', '--quiet', `file://${root}`, 'flipsite'], folder },
      { command: ['npm', 'start'], folder: clone },
    ],
    form: 'gig-driver',
    program: [clone],
  };
}

async function follow({ name, steps, form, program }: Way, cache: string) {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache);
  const env = { ...process.env, npm_config_cache: cache, APP_PORT: '0', APP_HOST: '127.0.0.1', METRICS_KEY, FORMS_DIR: '', DATA_DIR: '' }; // prettier-ignore
  const begun = performance.now();
  const last = steps.at(-1) as Step;
  for (const { command, folder } of steps.slice(0, -1)) execFileSync(command[0] ?? '', command.slice(1), { cwd: folder, env, stdio: 'ignore' }); // prettier-ignore
  const start = () => serve(last, form, env);
  const lastBegun = performance.now();
  const { origin, stop } = await start();
  const ended = performance.now();
  const metrics = await (
    await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${METRICS_KEY}` } })
  ).text();
  await stop();
  const laterBegun = performance.now();
  const later = await start();
  const laterEnded = performance.now();
  await later.stop();
  return {
    name,
    steps: steps.length,
    seconds: (ended - begun) / 1_000,
    lastSeconds: (ended - lastBegun) / 1_000,
    laterSeconds: (laterEnded - laterBegun) / 1_000,
    memory: Number(/^process_resident_memory_bytes (\d+)/m.exec(metrics)?.[1]),
    disk: program.map(sizeOf).reduce((sum, one) => sum + one, 0),
  };
}

/** Starts a site, and waits until its form answers. */
async function serve({ command: [program = '', ...args], folder }: Step, form: string, env: NodeJS.ProcessEnv) {
  const server = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  const output = await outputUntil(/\/admin/, server.stdout);
  const origin = `http://127.0.0.1:${/localhost:(\d+)/.exec(output)?.[1]}`;
  while (!(await fetch(`${origin}/${form}`).catch(() => undefined))?.ok) await wait(20);
  return {
    origin,
    async stop() {
      server.kill();
      await exited;
    },
  };
}

/** In bytes, without the folder of git. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes('/.git/'))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
