/** The server as a process of its own, which can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { outputUntil, PROGRAM_ENV, serverArguments } from '../helpers/programs.ts';
import { root } from '../helpers/site.ts';

/** `npm start` without npm, on a free port, with more of the environment; resolves with its origin once it says that it is ready. */
export async function serve(
  folder: string,
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; origin: string }> {
  const child = spawn(process.execPath, serverArguments(), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...PROGRAM_ENV,
      APP_PORT: '0',
      APP_HOST: '127.0.0.1',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'error',
      DATA_DIR: path.join(folder, 'data'),
      FORMS_DIR: path.join(folder, 'forms'),
      ...env,
    },
  });
  return { child, origin: `http://127.0.0.1:${await printedPort(child, /http:\/\/localhost:(\d+)\//)}` };
}

/** The port that `pattern` finds in the output of a server. Waits until it is printed. Throws where the output ends before. */
export const printedPort = async ({ stdout }: { stdout: Readable }, pattern: RegExp): Promise<number> =>
  Number(pattern.exec(await outputUntil(pattern, stdout))?.[1]);

/** Kills it as a power cut would, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Asks it to stop, as an operator would. @returns its exit code; null when it was killed after all */
export async function stop(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await exited)[0];
}

/** More of the environment: a clock that is off by the number of milliseconds in `file`, which can change meanwhile. */
export const movedClock = (file: string): Record<string, string> => ({
  CLOCK_FILE: file,
  NODE_OPTIONS: `--import=${pathToFileURL(path.join(root, 'test/helpers/run/moved-clock.ts')).href}`,
});
