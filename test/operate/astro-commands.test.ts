/** `astro dev` and `astro preview`, which people who know Astro type. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outputUntil } from '../helpers/programs.ts';
import { root } from '../helpers/site.ts';
import { afterwards, temporaryFolder } from '../helpers/database.ts';

it.each(['dev', 'preview'])('astro %s serves the forms and the dashboard', { timeout: 120_000 }, async (name) => {
  const env = { ...process.env, APP_PORT: '0', APP_HOST: '127.0.0.1', DATA_DIR: join(temporaryFolder(), 'data') };
  const astro = spawn(join(root, 'node_modules/.bin/astro'), [name], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] }); // prettier-ignore
  const exited = once(astro, 'exit');
  afterwards(() => void astro.kill());
  const output = await outputUntil(/\/admin/, astro.stdout);
  expect(output).toContain(`astro ${name} runs npm ${name === 'dev' ? 'run dev' : 'start'}, because`);
  const origin = `http://127.0.0.1:${/localhost:(\d+)/.exec(output)?.[1]}`;
  expect((await fetch(`${origin}/gig-driver`)).status).toBe(200);
  expect((await fetch(`${origin}/admin`)).status).toBe(200);
  astro.kill();
  await exited;
  const isUp = () => fetch(`${origin}/healthz`).then(() => true, () => false); // prettier-ignore
  await expect.poll(isUp, { timeout: 30_000 }).toBe(false);
});
