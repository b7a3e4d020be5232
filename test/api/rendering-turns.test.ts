/** A client that asks for many rendered pages delays those of others by few. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, openSmallSite, send } from '../helpers/api/client.ts';
import type { TestSite } from '../helpers/site.ts';

let site: TestSite;
let cookie: string;
beforeAll(async () => {
  site = await openSmallSite({ env: { TRUSTED_PROXIES: '1' } });
  const body = new URLSearchParams({ full_name: 'Ana' });
  const sent = await fetch(`${site.origin}/plain`, { method: 'POST', body, headers: { origin: site.origin }, redirect: 'manual' }); // prettier-ignore
  cookie = sent.headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(() => site.close());

const get = async (address: string, path: string) =>
  expect((await send(site, 'GET', path, undefined, { cookie, 'x-forwarded-for': address })).status).toBe(200);

it.each(['/plain/ending', '/admin/setup'])('%s waits behind few pages of another client', async (path) => {
  await get('203.0.113.8', path);
  let done = 0;
  const many = Array.from({ length: 200 }, async () => {
    await get('203.0.113.7', '/plain/ending');
    done += 1;
  });
  // By then all of them wait for their turns.
  await eventually(async () => done >= 20);
  const before = done;
  await get('203.0.113.8', path);
  expect(done - before).toBeLessThan(30);
  await Promise.all(many);
});
