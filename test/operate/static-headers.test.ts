import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { caddyHeaders, hostHeaders, nginxHeaders } from '../../src/cli/static-headers.ts';
import { temporaryFolder } from '../helpers/database.ts';
import { lastingPort } from '../helpers/ports.ts';
import { afterwards } from '../helpers/run/afterwards.ts';
import { itWith } from '../helpers/with-programs.ts';

itWith(
  ['caddy'],
  'Caddy does not let browsers keep a page in assets/, whose name stays in the next build',
  async () => {
    const [folder, port] = [temporaryFolder(), await lastingPort()];
    const pages = ['driver/index.html', 'assets/frame.html'];
    for (const file of [...pages, 'assets/page-123.js']) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), file);
    }
    const headers = caddyHeaders(pages.map((path) => ({ path, headers: { 'cache-control': 'no-cache' } })));
    const site = `http://127.0.0.1:${port} {\nroot * ${folder}\n${headers}\nfile_server\n}\n`;
    writeFileSync(join(folder, 'Caddyfile'), `{\nadmin off\nstorage file_system ${folder}/caddy\n}\n${site}`);
    const caddy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')], { stdio: 'ignore' }); // prettier-ignore
    afterwards(async () => {
      caddy.kill();
      await once(caddy, 'exit');
    });
    const cached = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).headers.get('cache-control');
    await vi.waitFor(() => cached('/'), 10_000);
    expect(await cached('/driver/')).toBe('no-cache');
    expect(await cached('/assets/frame.html')).toBe('no-cache');
    expect(await cached('/assets/page-123.js')).toContain('immutable');
  },
);

it('names each address at which hosts serve a page, so that other sites can frame it at none', () => {
  const page = [{ path: 'driver/en/index.html', headers: { 'content-security-policy': "frame-ancestors 'self'" } }];
  const addresses = ['/driver/en', '/driver/en/', '/driver/en/index.html'];
  const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, address]) => address).toSorted();
  expect(found(hostHeaders(page), /^(\/driver\S*)\n {2}content-sec/gm)).toEqual(addresses);
  expect(found(nginxHeaders(page), /^location = (\S+) \{[^}]*content-sec/gm)).toEqual(addresses);
  expect(found(caddyHeaders(page), /^\tpath (\/driver\S*)$/gm)).toEqual(addresses);
});
