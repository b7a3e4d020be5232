/** Openings of a form are counted without anything about the person. Programs are not counted. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { countOpenings } from '../../src/record/results/openings.ts';
import type { Results } from '../../src/record/results/results.ts';
import { ask, removeFolder, type TestSite } from '../helpers/site.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { expectRefusal, openSmallSite, PLAIN, send } from '../helpers/api/client.ts';
import { LAPTOP, opened } from '../helpers/api/opened.ts';

const LINKED = PLAIN.replace(
  'title: Plain',
  'title: Linked\nlanguages: [en, es]\nlinks: [{ id: fb-nov }, { id: flyer }]',
);

const PRIVATE = PLAIN.replace('title: Plain', 'title: Private');

const SHARED = PLAIN.replace('title: Plain', 'title: Shared\nlinks: [{ id: sms }]');

let site: TestSite;
let now = new Date('2026-11-24T23:59:58Z');
beforeAll(async () => {
  site = await openSmallSite({
    forms: { linked: LINKED, plain: PLAIN, private: PRIVATE, shared: SHARED },
    now: () => now,
  });
});
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

const results = (slug = 'linked', query = '') => ask<Results>(site, `forms/${slug}/results${query}`);
const openedIn = (rows: Results['days']) => Object.fromEntries(rows.map((row) => [row.id, row.opened]));

it('counts by link, day, language and kind of device, and leaves robots out', async () => {
  for (const one of [{ link: 'fb-nov' }, { link: 'fb-nov', language: 'es' }, { link: 'flyer' }, {}])
    expect(await opened(site, 'linked', one)).toMatchObject({ status: 204, text: '' });
  now = new Date('2026-11-25T00:00:01Z');
  await opened(site, 'linked', { link: 'flyer' }, { 'user-agent': LAPTOP });
  await opened(
    site,
    'linked',
    {},
    { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
  );
  const { steps, links, days, languages, devices, leftOut } = await results();
  expect(steps[0]).toMatchObject({ id: 'opened', count: 5, share: null });
  expect(openedIn(links)).toEqual({ 'fb-nov': 2, flyer: 2, '': 1 });
  expect(openedIn(days)).toEqual({ '2026-11-24': 4, '2026-11-25': 1 });
  expect(openedIn(languages)).toEqual({ en: 4, es: 1 });
  expect(openedIn(devices)).toEqual({ phone: 4, desktop: 1 });
  expect(leftOut.robots).toBe(1);
  expect((await results('linked', '?to=2026-11-24&link=flyer')).steps[0]?.count).toBe(1);
});

it('counts a person whose browser sends no language', async () => {
  // The mode is that of a script that sends it.
  await opened(site, 'private', {}, { 'accept-language': '' });
  const { steps, leftOut } = await results('private');
  expect([steps[0]?.count, leftOut.robots]).toEqual([1, 0]);
});

it('counts under other sources if the browser names a page with utm values, and under a link if there is one', async () => {
  const from = (path: string) => ({ referer: `${site.origin}${path}` });
  await opened(site, 'shared', {}, from('/shared?utm_source=tiktok'));
  await opened(site, 'shared', {}, from('/shared?other=1'));
  await opened(site, 'shared', {}, { referer: 'no address' });
  await opened(site, 'shared', { link: 'sms' }, from('/shared?utm_source=tiktok'));
  expect(openedIn((await results('shared')).links)).toEqual({ 'utm_*': 1, '': 2, sms: 1 });
});

it('a forged link or language adds no counter', async () => {
  await opened(site, 'plain', { link: 'invented', language: 'xx' });
  await opened(site, 'plain', { link: 'fb-nov', language: 'es' });
  const { links, languages } = await results('plain');
  expect([openedIn(links), openedIn(languages)]).toEqual([{ '': 2 }, { en: 2 }]);
});

it('counts people in a flood by link only, and Results says how many', async () => {
  const member = await signedIn(site, now);
  const page = async () => wordsOf((await member('/admin/forms/linked/results?from=2026-11-24&to=2026-11-25')).text);
  expect(await page()).not.toContain('Not counted apart');
  const openings = countOpenings();
  openings.add(
    { form: 'linked', link: 'fb-nov', language: 'en', device: 'tablet', visitor: 'person' },
    now,
    () => false,
  );
  await openings.flush(site.db);
  expect(await page()).toContain('1 visit is counted, but not by language and device, because too many different ones came in one day.'); // prettier-ignore
  expect(await page()).toContain('Not counted apart');
  const { steps, links, languages } = await results();
  expect([steps[0]?.count, openedIn(languages)['*'], openedIn(links)['*']]).toEqual([6, 1, undefined]);
});

it('refuses another body than an opening, and stores nothing of it', async () => {
  const post = (body: unknown, type = 'application/json') => send(site, 'POST', '/api/forms/plain/opened', typeof body === 'string' ? body : JSON.stringify(body), { 'content-type': type }); // prettier-ignore
  expectRefusal(await opened(site, 'none'), 404, 'unknown_form');
  expectRefusal(await post({ language: 'en', version: 'v', who: 'Ana' }), 400, 'invalid_request');
  expectRefusal(await post({ version: 'v' }), 400, 'invalid_request');
  expectRefusal(await post('<xml/>', 'text/xml'), 415, 'unsupported_type');
  expectRefusal(await post('x'.repeat(70_000)), 413, 'too_large');
  expect((await results('plain')).steps[0]?.count).toBe(2);
});

it('stores counts only: no address, no browser and no cookie', async () => {
  const answer = await opened(site, 'plain', {}, { 'x-forwarded-for': '203.0.113.77' });
  expect([...answer.headers.keys()]).not.toContain('set-cookie');
  await results('plain');
  const { rows } = await sql<object>`select * from openings`.execute(site.db.query);
  expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['count', 'device', 'form', 'hour', 'language', 'link', 'visitor']);
  expect(site.logged()).not.toContain('203.0.113.77');
});

it('counts that wait are stored when the server stops', async () => {
  const other = await openSmallSite({ forms: { plain: PLAIN } });
  await opened(other, 'plain');
  await other.close();
  const again = await openSmallSite({ folder: other.folder, forms: { plain: PLAIN } });
  expect((await ask<Results>(again, 'forms/plain/results')).steps[0]?.count).toBe(1);
  await again.close();
  removeFolder(other.folder);
});
