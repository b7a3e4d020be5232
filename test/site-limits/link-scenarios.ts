/** A test for each limit in `LINK_LIMITS`. */
import { expect } from 'vitest';
import { openClickCounter, type Click } from '../../src/links/click-counter.ts';
import { makeLinks } from '../../src/links/make-links.ts';
import { openLinks } from '../../src/links/registry.ts';
import { createIsNewToday } from '../../src/links/visitors-of-day.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import { addLinks } from '../../src/record/links/links.ts';
import { saveVersion } from '../../src/record/versions.ts';
import type { LINK_LIMITS } from '../../src/site-limits/link-limits.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { compile, messages } from '../helpers/compile.ts';
import { countOpenings } from '../../src/record/results/openings.ts';
import { pageViewsOf } from '../../src/record/results/read-counts.ts';
import type { Results } from '../../src/record/results/results.ts';
import { SHARED_ROW } from '../../src/record/results/rows-of-day.ts';
import { eventually, flood, openSmallSite, PLAIN, requestOf } from '../helpers/api/client.ts';
import { opened } from '../helpers/api/opened.ts';
import { ask, removeFolder } from '../helpers/site.ts';
import { collect } from '../helpers/collect.ts';
import { go, openCampaigns, person, visitorsOf } from '../links/links-site.ts';
import { NOW, temporaryDatabase } from '../helpers/database.ts';
import type { Scenario } from './scenario.ts';

const { formLinks, sharedLinks, linkValuesCharacters, embedSites, linkHosts, linkVisitors, clickRowsInMemory, clickDetailsPerDay, countedRowsPerDay, countedRowsPerAddressAndDay, clicksPerAddressAndMinute, goQueryCharacters, refererCharacters } = SITE_LIMITS; // prettier-ignore

const listOf = (count: number, one: (n: number) => string): string => Array.from({ length: count }, (_, n) => one(n)).join(', '); // prettier-ignore

/** A form with one more key, and its errors. */
const errorsWith = (key: string): string[] =>
  messages(`title: T\n${key}\nscreens: [{ id: one, title: One }]\nendings: [{ id: done, title: Done }]\n`);

/** A list in a form that may have so many entries, and not one more. */
const refusesMore = (most: number, form: (count: number) => string): Scenario =>
  async () => {
    expect(errorsWith(form(most))).toEqual([]);
    expect(errorsWith(form(most + 1))).toEqual([expect.stringContaining(String(most))]);
  }; // prettier-ignore

const CLICK: Click = { form: 'drive', link: 'fb-nov', class: 'person', device: 'phone', host: '' };

/** Counts clicks that differ, and returns the rows that are stored. */
async function rowsOf(count: number, clickAt: (n: number) => Click, nowAt: (n: number) => Date = () => NOW) {
  const db = await temporaryDatabase();
  const clicks = openClickCounter(db);
  for (let n = 0; n < count; n++) clicks.count(clickAt(n), nowAt(n));
  await clicks.close();
  return db.query.selectFrom('link_clicks').select(['link', 'host', 'clicks']).execute();
}

/** Makes links of a form that has `before` links already. @param times how many requests do so at once */
async function makeMore(before: number, more: number, times = 1) {
  const db = await temporaryDatabase();
  await saveVersion(
    db,
    compile('title: D\nscreens: [{ id: one, title: One }]\nendings: [{ id: done, title: Done }]\n', 'drive.yaml'),
    NOW,
  );
  const catalog = await openCatalog(db);
  await addLinks(
    db,
    Array.from({ length: before }, (_, n) => ({ form: 'drive', link: { id: `old-${n}` } })),
    NOW,
  );
  const links = await openLinks(db, catalog);
  const make = async (_: unknown, at: number) => {
    const inputs = Array.from({ length: more }, (_, n) => ({ input: { name: `New ${at} ${n}` } }));
    return (await makeLinks({ db, catalog, links, now: NOW }, 'drive', inputs)).status;
  };
  return (await Promise.all(Array.from({ length: times }, make))).toSorted();
}

export const linkScenarios: Record<keyof typeof LINK_LIMITS, Scenario> = {
  formLinks: refusesMore(formLinks.value, (count) => `links: [${listOf(count, (n) => `{ id: link-${n} }`)}]`),
  async sharedLinks() {
    expect(await makeMore(sharedLinks.value - 2, 2)).toEqual(['made']);
    expect(await makeMore(sharedLinks.value - 2, 3)).toEqual(['too many']);
    expect(await makeMore(sharedLinks.value - 2, 2, 2)).toEqual(['made', 'too many']);
  },
  async linkValuesCharacters() {
    const ids = Array.from({ length: 13 }, (_, n) => `p${10 + n}`);
    const withLast = (last: number, shown = ids) => {
      const values = ids.map((id, n) => `${id}: "${'x'.repeat(n < 12 ? 400 : last)}"`);
      return messages(`
title: T
params: [${ids.join(', ')}]
links: [{ id: long, params: { ${values.join(', ')} } }]
screens: [{ id: one, title: "${shown.map((id) => `{${id}}`).join(' ')}" }]
endings: [{ id: done, title: Done }]
`);
    };
    // Each has its name and two signs more.
    const room = linkValuesCharacters.value - 12 * 405 - 4;
    expect(withLast(room)).toEqual([]);
    expect(withLast(room + 1)).toEqual([expect.stringContaining(String(linkValuesCharacters.value))]);
    // Those that no screen shows are not in the address.
    expect(withLast(room + 1, ids.slice(1))).toEqual([]);
  },
  async linkHosts() {
    const rows = await rowsOf(linkHosts.value + 2, (n) => ({ ...CLICK, host: `s${n}.example` }));
    expect(rows).toHaveLength(linkHosts.value + 1);
    expect(rows.find(({ host }) => host === 'other')?.clicks).toBe(2);
  },
  async clickDetailsPerDay() {
    const most = clickDetailsPerDay.value;
    const rows = await rowsOf(most + 3, (n) => ({
      ...CLICK,
      link: `l${n % 1_000}`,
      host: `s${Math.floor(n / 1_000)}`,
    }));
    expect(rows).toHaveLength(most + 3);
    const later = await rowsOf(most + 30, (n) => ({ ...CLICK, link: n < most ? `l${n}` : 'flooded', host: n < most ? '' : `s${n}` })); // prettier-ignore
    expect(later).toHaveLength(most + 1);
    expect(later.find(({ clicks }) => clicks === 30)?.host).toBe('other');
  },
  async countedRowsPerDay() {
    const most = countedRowsPerDay.value;
    const rows = await rowsOf(most + 5, (n) => ({ ...CLICK, link: `l${n}`, class: n < most + 2 ? 'robot' : 'person' }));
    const unlinked = rows.find(({ link }) => link === SHARED_ROW);
    // People still count for their link.
    expect([rows.length, unlinked?.clicks, rows.find(({ link }) => link === `l${most + 4}`)?.clicks]).toEqual([most + 4, 2, 1]); // prettier-ignore
    const db = await temporaryDatabase();
    const openings = countOpenings();
    for (let n = 0; n < most + 5; n++) openings.add({ form: 'drive', link: `l${n}`, language: 'en', device: 'phone', visitor: n < most + 2 ? 'robot' : 'person' }, NOW); // prettier-ignore
    await openings.flush(db);
    const opened = await collect(pageViewsOf(db, { form: 'drive' }));
    expect([opened.length, opened.find(({ link }) => link === SHARED_ROW)?.count]).toEqual([most + 4, 2]);
    expect(opened.find(({ link }) => link === `l${most + 4}`)).toMatchObject({ language: SHARED_ROW, device: 'unknown', count: 1 }); // prettier-ignore
  },
  async countedRowsPerAddressAndDay() {
    const most = countedRowsPerAddressAndDay.value;
    const links = Array.from({ length: most + 5 }, (_, n) => `l${n}`);
    const site = await openSmallSite({ forms: { drive: 'title: D\nscreens: [{ id: one, title: One, fields: [{ id: note, type: text, label: Note }] }]\nendings: [{ id: done, title: Done }]\n' }, env: { RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' } }); // prettier-ignore
    try {
      await addLinks(site.db, ['ready', ...links].map((id) => ({ form: 'drive', link: { id } })), NOW); // prettier-ignore
      await eventually(async () => (await go(site, '/go/ready', person(2))).status === 302);
      const clicked = await flood(site.port, links.length, (n) => requestOf('GET', `/go/${links[n]}`, person()));
      const seen = await flood(site.port, links.length, (n) =>
        requestOf(
          'POST',
          '/api/forms/drive/opened',
          { ...person(), 'content-type': 'text/plain' },
          JSON.stringify({ language: 'en', version: 'v', link: links[n] }),
        ),
      );
      expect([new Set(clicked), new Set(seen)]).toEqual([new Set([302]), new Set([204])]);
      await opened(site, 'drive', { link: 'ready' }, person(2));
      await go(site, `/go/${links.at(-1)}`, person(2));
      await opened(site, 'drive', { link: links.at(-1) }, person(2));
      await ask<Results>(site, 'forms/drive/results');
      const clicks = await site.db.query.selectFrom('link_clicks').select(['link', 'clicks as count']).execute();
      const openings = await site.db.query.selectFrom('openings').select(['link', 'count']).execute();
      for (const rows of [clicks, openings]) {
        const counted = (id: string | undefined) => rows.find(({ link }) => link === id)?.count;
        // The last visits of one minute count as robots. The other address has two rows for itself.
        expect([rows.length, counted(SHARED_ROW), counted(links.at(-1))]).toEqual([most + 3, 5, 1]);
      }
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },
  async clicksPerAddressAndMinute() {
    const site = await openCampaigns({ env: { RATE_LIMIT: 'on' } });
    try {
      const most = clicksPerAddressAndMinute.value;
      await flood(site.port, most + 3, (n) => requestOf('GET', '/go/fb-nov', { ...person(), 'user-agent': `Mozilla/5.0 (iPhone) ${n}` })); // prettier-ignore
      expect(await visitorsOf(site, 'fb-nov')).toMatchObject({ person: most, robot: 3 });
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },
  async linkVisitors() {
    const isNew = createIsNewToday();
    for (let n = 0; n < linkVisitors.value; n++) isNew('fb-nov', String(n), '', NOW);
    expect([isNew('fb-nov', '0', '', NOW), isNew('fb-nov', '1', '', NOW)]).toEqual([false, false]);
    expect([isNew('fb-nov', 'one more', '', NOW), isNew('fb-nov', '0', '', NOW), isNew('fb-nov', '2', '', NOW)]).toEqual([true, true, false]); // prettier-ignore
  },
  async clickRowsInMemory() {
    const most = clickRowsInMemory.value;
    // A day has fewer rows than the memory.
    const dayOf = (n: number) => new Date(NOW.getTime() + Math.floor(n / countedRowsPerDay.value) * 86_400_000);
    expect(await rowsOf(most + 5, (n) => ({ ...CLICK, link: `l${n}` }), dayOf)).toHaveLength(most);
  },
  async goQueryCharacters() {
    const site = await openCampaigns();
    try {
      const passedOn = async (length: number) =>
        (await go(site, `/go/es-sms?agent=${'x'.repeat(length - 'agent='.length)}`)).headers.get('location')?.length;
      const without = '/drive/es?link=es-sms'.length;
      expect([await passedOn(goQueryCharacters.value), await passedOn(goQueryCharacters.value + 1)]).toEqual([without + 1 + goQueryCharacters.value, without]); // prettier-ignore
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },
  async refererCharacters() {
    const site = await openSmallSite({ forms: { plain: PLAIN } });
    try {
      const page = `${site.origin}/plain?utm_source=`;
      for (const length of [refererCharacters.value, refererCharacters.value + 1])
        await opened(
          site,
          'plain',
          {},
          { referer: `${page}${'x'.repeat(50)}&${'y'.repeat(length - page.length - 51)}` },
        );
      const { links } = await ask<Results>(site, 'forms/plain/results');
      expect(Object.fromEntries(links.map(({ id, opened: count }) => [id, count]))).toEqual({ 'utm_*': 1, '': 1 });
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },
  embedSites: refusesMore(embedSites.value, (count) => `embed: { allow: [${listOf(count, (n) => `"https://s${n}.example"`)}] }`), // prettier-ignore
};
