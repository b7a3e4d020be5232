/** `npm start` as a person or a supervisor runs it: npm is between them and the server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { outputUntil, PROGRAM_ENV } from '../helpers/programs.ts';
import { removeFolder, root } from '../helpers/site.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-npm-'));
let npm: ChildProcess | undefined;
afterAll(() => {
  npm?.kill();
  removeFolder(folder);
});

it(
  'names the errors and the missing settings, and ends in good order when npm asks for it',
  { timeout: 120_000 },
  async () => {
    mkdirSync(path.join(folder, 'forms'));
    writeFileSync(path.join(folder, 'forms', 'new.yaml'), 'title: New\nscreens: []\n');
    // The steps before the start, installing and building, were done for the tests.
    const started = spawn('npm', ['start', '--ignore-scripts'], {
      cwd: root,
      env: {
        ...PROGRAM_ENV,
        HOME: process.env['HOME'],
        APP_PORT: '0',
        APP_HOST: '127.0.0.1',
        DATA_DIR: path.join(folder, 'data'),
        FORMS_DIR: path.join(folder, 'forms'),
        API_KEY: 'key',
        API_SECRET: 'secret',
        OPEN_API_HOST: 'http://127.0.0.1:9/v1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    npm = started;
    const exited = once(started, 'exit');
    const output = await outputUntil(/smile -- register/, started.stdout);
    expect(output).toContain('No form is published: 1 form has errors. See below.');
    expect(output).toContain('new.yaml has errors. It is not published yet:');
    expect(output).toContain('Set PUBLIC_ORIGIN to the https address of this site, then run npm run smile -- register');

    const origin = `http://127.0.0.1:${/localhost:(\d+)/.exec(output)?.[1]}`;
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    started.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
  },
);
