/* `npm run dev`: Node starts this again whenever a file below src/ changes. Builds outdated parts, then serves. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ready = spawnSync(process.execPath, [fileURLToPath(new URL('ready.mjs', import.meta.url)), 'build'], {
  stdio: 'inherit',
});
if (ready.status === 0) await import('../src/server.ts');
