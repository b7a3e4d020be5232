/** Connections that are used again, as every proxy does with its own. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { PLAIN } from './attack.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openTestSite({ forms: { plain: PLAIN } });
});
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

/** Caddy keeps its connections for two minutes, nginx for one. */
const LONGEST_OF_A_PROXY = 120;

it('stay open longer than a proxy keeps them, so that none sends a request into one that is just ending', async () => {
  const start = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  for (const [path, request] of [
    ['/plain', {}],
    ['/readyz', {}],
    ['/api/forms/plain/submissions', start],
  ] as const) {
    const response = await fetch(site.origin + path, request);
    await response.arrayBuffer();
    const [, seconds] = /timeout=(\d+)/.exec(response.headers.get('keep-alive') ?? '') ?? [];
    expect([path, response.ok, Number(seconds) > LONGEST_OF_A_PROXY]).toEqual([path, true, true]);
  }
});
