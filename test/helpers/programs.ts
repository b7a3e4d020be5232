/** Programs of the project that tests start as processes of their own. */
import { fileURLToPath } from 'node:url';
import { isBuilt } from '../../scripts/sources.mjs';

const ROOT = new URL('../../', import.meta.url);

/** Names the module that Node runs as the site. */
const SERVER = 'FLIPSITE_TEST_SERVER';

/** For the configuration of a run: names in the environment what the processes of the run start programs with. */
export function namePrograms(): void {
  // Programs find here what Node has compiled for others.
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', ROOT));
  // The built program starts in half the processor time. Where the code has changed since, it would be another one.
  process.env[SERVER] ??= fileURLToPath(new URL(isBuilt() ? 'dist/server.js' : 'src/server.ts', ROOT));
}

/** What Node runs as the site: the source, unless a run of tests has named the built program. */
export const serverArguments = (): string[] => [
  // Programs have scrypt at the cost that it has in the process that starts them.
  ...(process.env['QUICK_SCRYPT'] ? [`--import=${process.env['QUICK_SCRYPT']}`] : []),
  process.env[SERVER] ?? fileURLToPath(new URL('src/server.ts', ROOT)),
];

/**
 * The environment of a program that tests start: nothing of ours but where programs are, and where Node keeps what it has
 * compiled, since one that starts with it takes half the processor time.
 */
export const PROGRAM_ENV: Record<string, string> = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);
