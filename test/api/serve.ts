/** The server as a process of its own, which can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../helpers/site.ts';

/**
 * `npm start` without npm, on a free port; resolves with its origin once it says that it is ready.
 * @param env more of the environment
 */
export async function serve(
  folder: string,
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; origin: string }> {
  const child = spawn(process.execPath, ['src/server.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      APP_PORT: '0',
      APP_HOST: '127.0.0.1',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'error',
      DATA_DIR: path.join(folder, 'data'),
      FORMS_DIR: path.join(folder, 'forms'),
      ...env,
    },
  });
  for await (const line of createInterface(child.stdout)) {
    const port = /http:\/\/localhost:(\d+)\//.exec(line)?.[1];
    if (port) return { child, origin: `http://127.0.0.1:${port}` };
  }
  throw new Error('The server ended before it was ready.');
}

/** Kills it as a power cut would, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
