/** Programs of the project that tests start as processes of their own. */
import { enableCompileCache } from 'node:module';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isBuilt } from '../../scripts/sources.mjs';

const ROOT = new URL('../../', import.meta.url);

/** Says whether the built program is run, and not the source. */
const BUILT = 'FLIPSITE_TEST_BUILT';

/** For the configuration of a run: puts the programs for the processes of the run into the environment. */
export function namePrograms(): void {
  // Programs, and this process from here on, find here the code that Node has compiled for others.
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', ROOT));
  enableCompileCache();
  // The built program starts in half the processor time. Where the code has changed since, it would be another one.
  process.env[BUILT] ??= isBuilt() ? 'yes' : 'no';
}

/** With more space for new objects, a process spends less time on removing them. A server starts in two thirds of the time. */
export const ROOMY = ['--min-semi-space-size=32', '--max-semi-space-size=64'];

const runsBuilt = (): boolean => process.env[BUILT] === 'yes';

/** `ROOMY` in a run of tests. A measurement runs the server as people do. */
const roomInTests = (): string[] => (process.env[BUILT] ? ROOMY : []);

const moduleAt = (place: string): string => fileURLToPath(new URL(place, ROOT));

/** The arguments with which Node runs the site: the source, unless a run of tests has named the built program. */
export const serverArguments = (): string[] => [
  ...roomInTests(),
  // Programs have scrypt and Brotli at the cost that these have in the process that starts them.
  ...['QUICK_SCRYPT', 'QUICK_BROTLI'].flatMap((name) => (process.env[name] ? [`--import=${process.env[name]}`] : [])),
  moduleAt(runsBuilt() ? 'dist/server.js' : 'src/server.ts'),
];

/**
 * The arguments with which Node runs `npm run NAME`, or the same command of the built program. @param name one of the
 * commands of the package
 */
export const commandArguments = (name: string): string[] => [
  ...roomInTests(),
  ...(runsBuilt() ? [moduleAt('dist/flipsite.js'), name] : [moduleAt(`src/cli/${name}.ts`)]),
];

/** `message` as the program of `commandArguments` prints it: the built one says `npx flipsite NAME` for `npm run NAME --`. */
export const inItsWords = (message: string): string =>
  runsBuilt() ? message.replace(/npm run ([a-z]+)( --)?/g, 'npx flipsite $1') : message;

/**
 * The environment of a program that tests start: nothing of ours except the places of programs and of Node's compiled
 * code, with which a start takes half the processor time.
 */
export const PROGRAM_ENV: Record<string, string> = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/**
 * Waits until `pattern` is in the output of a program, and goes on reading it: a program whose output is closed ends with
 * its next line. Throws where the output ends before.
 * @returns all of the output up to that moment
 */
export function outputUntil(pattern: RegExp, output: Readable): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  output.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    if (pattern.test(text)) resolve(text);
  });
  output.once('end', () => reject(new Error(`The program ended before it printed ${pattern}:\n${text}`)));
  return promise;
}
