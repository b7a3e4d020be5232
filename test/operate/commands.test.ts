/** The commands beside a site, as they are called. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PLAIN } from '../api/attack.ts';
import { serve, stop } from '../api/serve.ts';
import { root } from '../helpers/site.ts';
import { temporaryFolder } from '../record/temporary.ts';

it.each([['member', 'add', 'ana@acme.example'], ['rebuild'], ['seed', '10']])(
  '%s makes no database where there is none, and says where it has looked',
  (...command) => {
    const folder = temporaryFolder();
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'src/operate.ts'), ...command], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], DATA_DIR: 'elsewhere' },
    });
    expect(stderr).toContain(`There is no database at ${join('elsewhere', 'flipsite.sqlite')}. Start the site once`);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  },
);

it('a site keeps what it stores from other users of the machine', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'forms'));
  writeFileSync(join(folder, 'forms', 'plain.yaml'), PLAIN);
  const { child } = await serve(folder);
  const data = join(folder, 'data');
  const open = ['', ...readdirSync(data)].filter((name) => statSync(join(data, name)).mode & 0o077);
  await stop(child);
  expect(open).toEqual([]);
});
