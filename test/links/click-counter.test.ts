import { describe, expect, it, vi } from 'vitest';
import { openClickCounter, type Click } from '../../src/links/click-counter.ts';
import { linkClicks } from '../../src/record/links/clicks.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { answerAs, currentClient } from '../../src/site-limits/counting/current-client.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';

const CLICK: Click = { form: 'driver', link: 'fb-nov', class: 'person', device: 'phone', host: '' };
const personsOf = async (db: Parameters<typeof linkClicks>[0]) =>
  (await linkClicks(db, { form: 'driver' })).get('fb-nov')?.person;

describe('clicks', () => {
  it('are not in the store before they are flushed, and are all there after the site has closed', async () => {
    const db = await temporaryDatabase();
    const clicks = openClickCounter(db);
    for (let n = 0; n < 2_000; n++) clicks.count(CLICK, NOW);
    expect(await personsOf(db)).toBeUndefined();
    await clicks.close();
    expect(await personsOf(db)).toBe(2_000);
  });

  it('are stored as work of the site, and not of the client who clicked first', async () => {
    const db = await temporaryDatabase();
    const clients: string[] = [];
    const watched = new Proxy(db, { get: (_, name) => (clients.push(currentClient()), db[name as keyof typeof db]) });
    const clicks = openClickCounter(watched, undefined, 1);
    clients.length = 0;
    answerAs('many', () => clicks.count(CLICK, NOW));
    await vi.waitFor(async () => expect(await personsOf(db)).toBe(1));
    expect(new Set(clients)).toEqual(new Set(['']));
  });

  it('have one row for all hours of a day', async () => {
    const db = await temporaryDatabase();
    const clicks = openClickCounter(db);
    for (let hour = 0; hour < 48; hour++) clicks.count(CLICK, later(hour * 3_600));
    await clicks.close();
    const rows = await db.query.selectFrom('link_clicks').select(['hour', 'clicks']).orderBy('hour').execute();
    expect(rows).toEqual([
      { hour: '2026-11-24', clicks: 14 },
      { hour: '2026-11-25', clicks: 24 },
      { hour: '2026-11-26', clicks: 10 },
    ]);
  });

  it('stay in memory while the store fails, and are stored once afterwards', async () => {
    const [db, broken] = [await temporaryDatabase(), await openDatabase(':memory:')];
    const errors: unknown[] = [];
    let target = broken;
    const moving = new Proxy(db, { get: (_, name) => target[name as keyof typeof target] });
    const clicks = openClickCounter(moving, (error) => errors.push(error));
    await closeDatabase(broken);
    clicks.count(CLICK, NOW);
    await clicks.flush();
    expect(errors).toHaveLength(1);
    clicks.count(CLICK, NOW);
    target = db;
    await Promise.all([clicks.flush(), clicks.flush()]);
    expect(await personsOf(db)).toBe(2);
  });
});
