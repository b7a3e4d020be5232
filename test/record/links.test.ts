import { describe, expect, it } from 'vitest';
import { insertRows } from '../../src/record/db/bulk.ts';
import {
  addClicks,
  clickHosts,
  hourOf,
  linkClicks,
  noClicks,
  type DailyClicks,
} from '../../src/record/links/clicks.ts';
import {
  addLinks,
  completedByLink,
  countLinks,
  linkRevision,
  listLinks,
  updateLink,
} from '../../src/record/links/links.ts';
import { draft, later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { newReference } from '../../src/record/ids.ts';
import { markSubmitted } from '../../src/record/submissions/save-answers.ts';
import { countTurns } from '../helpers/turns.ts';
import { clicksOf, pageViewsOf } from '../../src/record/results/read-counts.ts';
import { collect } from '../helpers/collect.ts';

const HOUR = hourOf(NOW);

const clicks = (change: Partial<DailyClicks> = {}): DailyClicks => ({
  form: 'driver', link: 'fb-nov', hour: HOUR, class: 'person', device: 'phone', host: 'facebook.com', clicks: 1, ...change,
}); // prettier-ignore

describe('links that are made under Share', () => {
  it('are listed with the newest first, by form', async () => {
    const db = await temporaryDatabase();
    const first = { form: 'driver', link: { id: 'fb-nov', utm: { source: 'facebook' } }, place: 'facebook' };
    expect(await addLinks(db, [first], NOW)).toEqual([]);
    expect(await addLinks(db, [{ form: 'driver', link: { id: 'flyer' }, memberId: 'm1' }], later(1))).toEqual([]);
    expect(await addLinks(db, [{ form: 'loan', link: { id: 'loan-sms' } }], later(2))).toEqual([]);
    expect(await listLinks(db, 'driver')).toEqual([
      { form: 'driver', link: { id: 'flyer' }, place: '', memberId: 'm1', createdAt: later(1).toISOString(), closedAt: null }, // prettier-ignore
      { ...first, memberId: null, createdAt: NOW.toISOString(), closedAt: null },
    ]);
    expect((await listLinks(db)).map(({ link }) => link.id)).toEqual(['loan-sms', 'flyer', 'fb-nov']);
    expect([await countLinks(db, 'driver'), await countLinks(db, 'none')]).toEqual([2, 0]);
  });

  it('are stored all or none: an id that any form has already is named', async () => {
    const db = await temporaryDatabase();
    await addLinks(db, [{ form: 'loan', link: { id: 'sms' } }], NOW);
    const both = ['new', 'sms'].map((id) => ({ form: 'driver', link: { id } }));
    expect(await addLinks(db, both, NOW)).toEqual(['sms']);
    expect((await listLinks(db)).map(({ link }) => link.id)).toEqual(['sms']);
  });

  it('change only where the form has them, and each change raises the revision', async () => {
    const db = await temporaryDatabase();
    expect(await linkRevision(db)).toBe(0);
    await addLinks(db, [{ form: 'driver', link: { id: 'sms' } }], NOW);
    const before = await linkRevision(db);
    expect(await updateLink(db, 'loan', 'sms', { closedAt: NOW.toISOString() })).toBe(false);
    expect(await updateLink(db, 'driver', 'sms', { link: { id: 'other', max: 5 }, closedAt: NOW.toISOString() })).toBe(true); // prettier-ignore
    expect(await linkRevision(db)).toBe(before + 1);
    expect(await listLinks(db)).toMatchObject([{ link: { id: 'sms', max: 5 }, closedAt: NOW.toISOString() }]);
  });
});

it('the people of a link are counted up to the largest number that a link allows', async () => {
  const db = await temporaryDatabase();
  const send = async (link: string, outcome: 'completed' | 'disqualified' = 'completed') => {
    const { id } = await draft(db, { link });
    await markSubmitted(db, id, { answers: {}, reference: newReference(), ending: 'done', outcome, now: NOW });
    return id;
  };
  for (let n = 0; n < 6; n++) await send('sms');
  for (let n = 0; n < 2; n++) await send('flyer');
  await send('flyer', 'disqualified');
  const other = await send('flyer');
  await db.query.updateTable('submissions').set({ form: 'loan' }).where('id', '=', other).execute();
  await draft(db, { form: 'driver', link: 'flyer' });
  const links = ['sms', 'flyer', 'none'].map((id) => ({ id, form: 'driver', max: id === 'flyer' ? 4 : 3 }));
  // Strangers can send any number by a link that is full. Nothing asks how many.
  expect(Object.fromEntries(await completedByLink(db, links))).toEqual({ sms: 4, flyer: 2, none: 0 });
  expect((await completedByLink(db, [])).size).toBe(0);
  const many = Array.from({ length: 1_201 }, (_, n) => ({
    id: n === 1_200 ? 'sms' : `no-${n}`,
    form: 'driver',
    max: 9,
  }));
  expect((await completedByLink(db, many)).get('sms')).toBe(6);
});

describe('the visitors of a link', () => {
  it('are added to those that are stored, whichever server counted them', async () => {
    const db = await temporaryDatabase();
    await addClicks(db, [clicks({ clicks: 3 }), clicks({ class: 'robot', clicks: 7 })], 0);
    await Promise.all([addClicks(db, [clicks({ clicks: 2 })], 0), addClicks(db, [clicks({ clicks: 4 })], 5)]);
    await addClicks(db, [clicks({ link: 'sms', class: 'preview' }), clicks({ form: 'loan', link: 'loan-sms' })], 0);
    expect(await linkClicks(db, { form: 'driver' })).toEqual(
      new Map([
        ['fb-nov', { ...noClicks(), person: 9, robot: 7 }],
        ['sms', { ...noClicks(), preview: 1 }],
      ]),
    );
    expect([...(await linkClicks(db, { form: 'driver', links: ['sms'] })).keys()]).toEqual(['sms']);
  });

  it('are all found, however many links there are', async () => {
    const db = await temporaryDatabase();
    const names = Array.from({ length: 45 }, (_, number) => `link-${number}`);
    await addClicks(db, names.flatMap((link) => [clicks({ link }), clicks({ link, class: 'robot', clicks: 2 })]), 0); // prettier-ignore
    const found = await linkClicks(db, { form: 'driver' });
    expect([...found.keys()].sort()).toEqual(names.toSorted());
    expect([...found.values()].every(({ person, robot }) => person === 1 && robot === 2)).toBe(true);
    const some = names.slice(0, 41);
    expect([...(await linkClicks(db, { form: 'driver', links: some })).keys()].sort()).toEqual(some.toSorted());
    expect((await linkClicks(db, { form: 'driver', links: [] })).size).toBe(0);
  });

  it('are summed in parts where a link has many rows, so that other requests are answered meanwhile', async () => {
    const db = await temporaryDatabase();
    // Anyone can name 20 websites a day, and invent the kind of device and the hour.
    const rows = ['fb-nov', 'sms'].flatMap((link) =>
      Array.from({ length: 11_000 }, (_, number) =>
        clicks({ link, hour: hourOf(later(3_600 * Math.floor(number / 40))), host: `site-${number % 40}.example`, clicks: 2 }),
      ),
    ); // prettier-ignore
    await addClicks(db, [...rows, clicks({ class: 'robot', host: '' })], 0);
    const both = { 'fb-nov': { ...noClicks(), person: 22_000, robot: 1 }, sms: { ...noClicks(), person: 22_000 } };
    const all = await countTurns(() => linkClicks(db, { form: 'driver' }));
    expect(Object.fromEntries(all.result)).toEqual(both);
    expect(all.turns).toBeGreaterThanOrEqual(6);
    const chosen = await countTurns(() => linkClicks(db, { form: 'driver', links: ['sms', 'fb-nov'] }));
    expect(Object.fromEntries(chosen.result)).toEqual(both);
    expect(chosen.turns).toBeGreaterThanOrEqual(6);
    const hosts = await countTurns(() => clickHosts(db, 'driver', 'sms'));
    expect(hosts.result).toHaveLength(11);
    expect(hosts.result[0]).toEqual({ host: 'site-0.example', clicks: 550 });
    expect(hosts.result.at(-1)).toEqual({ host: 'other', clicks: 30 * 550 });
    expect(hosts.turns).toBeGreaterThanOrEqual(3);
  });

  it('are all in the results of a period, and only those, whether a link has many rows or few', async () => {
    const db = await temporaryDatabase();
    const days = ['2026-11-01', '2026-11-02', '2026-11-03'];
    const rows = ['few', 'many', 'other'].flatMap((link, place) =>
      days.flatMap((day) =>
        Array.from({ length: link === 'many' ? 1_200 : 3 }, (_, number) =>
          clicks({ link, hour: `${day}T${10 + (number % 10)}`, host: `site-${number}.example`, clicks: place + 1 }),
        ),
      ),
    );
    await addClicks(db, [...rows, clicks({ form: 'loan', link: 'sms', hour: '2026-11-02T10' })], 0);
    const sumsOf = async (filter: object) =>
      Object.fromEntries(
        [...Map.groupBy(await collect(clicksOf(db, { form: 'driver', ...filter })), ({ link, day }) => `${link} ${day.slice(8)}`)]
          .map(([name, some]) => [name, some.reduce((sum, { count }) => sum + count, 0)]),
      ); // prettier-ignore
    const all = { 'few 01': 3, 'few 02': 3, 'few 03': 3, 'many 01': 2_400, 'many 02': 2_400, 'many 03': 2_400, 'other 01': 9, 'other 02': 9, 'other 03': 9 }; // prettier-ignore
    expect(await sumsOf({})).toEqual(all);
    // Each link may have thousands of rows for a page of sums.
    expect((await countTurns(() => sumsOf({}))).turns).toBeGreaterThanOrEqual(4);
    expect(await sumsOf({ from: '2026-11-02', to: '2026-11-02' })).toEqual({ 'few 02': 3, 'many 02': 2_400, 'other 02': 9 }); // prettier-ignore
    expect(await sumsOf({ from: '2026-11-02', link: 'many' })).toEqual({ 'many 02': 2_400, 'many 03': 2_400 });
    expect(await sumsOf({ to: '2026-11-01', link: 'few' })).toEqual({ 'few 01': 3 });
    expect(await sumsOf({ from: '2026-11-04' })).toEqual({});
    expect(await sumsOf({ language: 'en' })).toEqual({});
  });
});

describe('the openings of a form', () => {
  it('are looked through in parts where few fit, so that other requests are answered meanwhile', async () => {
    const db = await temporaryDatabase();
    const row = { form: 'driver', language: 'en', device: 'phone', visitor: 'person', count: 1 };
    const hours = Array.from({ length: 61 }, (_, hour) => hourOf(later(-3_600 * hour)));
    const many = hours.flatMap((hour) => Array.from({ length: 1_000 }, (_, n) => ({ ...row, hour, link: `flyer-${n}` }))); // prettier-ignore
    const rare = hours.map((hour) => ({ ...row, hour, link: 'rare', count: 2 }));
    await insertRows(db, 'openings', [...many, ...rare, { ...row, form: 'loan', hour: HOUR, link: 'rare' }]);
    const sumOf = async (filter: object) => (await collect(pageViewsOf(db, { form: 'driver', ...filter }))).reduce((sum, { count }) => sum + count, 0); // prettier-ignore
    const { result, turns } = await countTurns(() => sumOf({ link: 'rare' }));
    expect(result).toBe(2 * 61);
    expect(turns).toBeGreaterThanOrEqual(3);
    const day = HOUR.slice(0, 10);
    const onDay = hours.filter((hour) => hour.startsWith(day)).length;
    expect(await sumOf({ link: 'rare', from: day, to: day })).toBe(2 * onDay);
    expect(await sumOf({ link: 'rare', to: hours.at(-1)?.slice(0, 10) })).toBeGreaterThan(0);
    expect(await sumOf({ language: 'en' })).toBe(61_000 + 2 * 61);
    expect(await sumOf({})).toBe(61_000 + 2 * 61);
    expect(await sumOf({ language: 'es' })).toBe(0);
  }, 30_000);
});
