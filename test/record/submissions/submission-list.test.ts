import { describe, expect, it } from 'vitest';
import { recordAccount, type AccountReport } from '../../../src/record/accounts/accounts.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { insertRows } from '../../../src/record/db/bulk.ts';
import {
  isCursor,
  listSubmissions,
  newestSubmissions,
  READ_AT_ONCE,
  SEARCHED,
  type SubmissionQuery,
} from '../../../src/record/submissions/submission-list.ts';
import { submissionResources } from '../../../src/record/submissions/submission-resource.ts';
import { countByForm, submittedPerDay } from '../../../src/record/submissions/tallies.ts';
import { newId, newReference } from '../../../src/record/ids.ts';
import { setSmileUser } from '../../../src/record/submissions/submissions.ts';
import { markSubmitted, mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { countTurns } from '../../helpers/turns.ts';
import { draft, later, NOW, temporaryDatabase } from '../../helpers/database.ts';

const submit = (db: Database, id: string, now: Date, reference = newReference()) =>
  markSubmitted(db, id, { answers: {}, reference, ending: 'done', outcome: 'completed', now });

const idsOf = async (db: Database, query: Partial<SubmissionQuery>) =>
  (await listSubmissions(db, { form: 'driver', limit: 50, ...query })).items.map(({ id }) => id);

describe('the list of submissions', () => {
  it('is read for the API in parts, so that others are answered as often while many lists are read at once', async () => {
    const db = await temporaryDatabase();
    for (let index = 0; index < 20; index++) await draft(db, { now: later(index) });
    const { items } = await listSubmissions(db, { form: 'driver', limit: 200 });
    const { result, turns } = await countTurns(() =>
      Promise.all(Array.from({ length: 10 }, () => submissionResources(db, items))),
    );
    expect(result.map((one) => one.map(({ id }) => id))).toEqual(Array<string[]>(10).fill(items.map(({ id }) => id)));
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  it('comes newest first, page by page, each item once although new ones arrive', async () => {
    const db = await temporaryDatabase();
    const ids: string[] = [];
    for (let index = 0; index < 7; index++) ids.push((await draft(db, { now: later(index) })).id);
    await draft(db, { form: 'other', now: later(3) });

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listSubmissions(db, { form: 'driver', limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      await draft(db, { now: later(100) });
    } while (cursor);
    expect(seen).toEqual(ids.toReversed());
  });

  it('of several forms has them in one order, each person once, and nobody of another form', async () => {
    const db = await temporaryDatabase();
    const forms = Array.from({ length: 120 }, (_, at) => `form-${at}`);
    const mine: string[] = [];
    for (let at = 0; at < 30; at++) {
      const { id } = await draft(db, { form: forms[(at * 13) % 120], now: later(at) });
      const answers = JSON.stringify({ full_name: at % 3 ? 'Ben' : 'Ana' });
      const sent = at % 2 ? { submitted_at: NOW.toISOString() } : {};
      await db.query
        .updateTable('submissions')
        .set({ answers, ...sent })
        .where('id', '=', id)
        .execute();
      mine.push(id);
      await draft(db, { form: 'another', now: later(at) });
    }
    const pages = async (query: Partial<SubmissionQuery>, limit = 7) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listSubmissions(db, { form: forms, limit, cursor, counted: true, ...query });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return seen;
    };
    const newest = mine.toReversed();
    expect(await pages({})).toEqual(newest);
    expect(await pages({ status: 'submitted' }, 5)).toEqual(newest.filter((_, at) => (29 - at) % 2));
    expect(await pages({ search: 'ana' }, 3)).toEqual(newest.filter((_, at) => (29 - at) % 3 === 0));
    expect(await pages({ search: mine[4] ?? '' })).toEqual([mine[4]]);
    expect(await pages({ form: [] })).toEqual([]);
    const [theirs] = await idsOf(db, { form: 'another' });
    expect(await pages({ search: theirs ?? '' })).toEqual([]);
  });

  it('lets others be answered between submissions that take long to search', async () => {
    const db = await temporaryDatabase();
    // In compatibility form, the sign has 18 letters.
    const answers = JSON.stringify({ full_name: '\ufdfa'.repeat(200_000) });
    for (let index = 0; index < READ_AT_ONCE - 1; index++) {
      const { id } = await draft(db, { now: later(index) });
      await db.query.updateTable('submissions').set({ answers }).where('id', '=', id).execute();
    }
    for (const form of ['driver', ['driver', 'other']]) {
      const { turns } = await countTurns(() => listSubmissions(db, { form, limit: 50, search: 'nothing' }));
      expect(turns).toBeGreaterThanOrEqual(READ_AT_ONCE - 2);
    }
  });

  it('lets others be answered while it is searched', async () => {
    const db = await temporaryDatabase();
    for (let index = 0; index < 5 * READ_AT_ONCE; index++) await draft(db, { now: later(index) });
    const { turns } = await countTurns(() => listSubmissions(db, { form: 'driver', limit: 50, search: 'nothing' }));
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it('lets others be answered as often while many are searched at once', async () => {
    const db = await temporaryDatabase();
    for (let index = 0; index < 5 * READ_AT_ONCE; index++) await draft(db, { now: later(index) });
    const search = () => listSubmissions(db, { form: 'driver', limit: 50, search: 'nothing' });
    const { turns } = await countTurns(() => Promise.all(Array.from({ length: 10 }, search)));
    expect(turns).toBeGreaterThanOrEqual(10 * 5);
  });

  it('has no next page when the last item fills the page', async () => {
    const db = await temporaryDatabase();
    await draft(db);
    await draft(db);
    expect((await listSubmissions(db, { form: 'driver', limit: 2 })).nextCursor).toBeNull();
    expect(await listSubmissions(db, { form: 'nothing', limit: 2 })).toEqual({
      items: [],
      nextCursor: null,
      searchedBack: null,
    });
  });

  it('accepts its own cursors only', async () => {
    const db = await temporaryDatabase();
    await draft(db);
    await draft(db);
    const { nextCursor } = await listSubmissions(db, { form: 'driver', limit: 1 });
    expect(isCursor(nextCursor ?? '')).toBe(true);
    expect(isCursor('x%27 or 1')).toBe(false);
  });

  it('can be narrowed to drafts or to submitted ones', async () => {
    const db = await temporaryDatabase();
    const open = await draft(db);
    await mergeAnswers(db, open.id, { set: { name: 'Ana' }, clear: [] }, NOW);
    const closed = await draft(db);
    await submit(db, closed.id, NOW);
    // It has no answer.
    await draft(db);
    expect(await idsOf(db, { status: 'draft' })).toEqual([open.id]);
    expect(await idsOf(db, { status: 'submitted' })).toEqual([closed.id]);
  });

  it('is searched in answers, params and references, not in the names of fields', async () => {
    const db = await temporaryDatabase();
    const ana = await draft(db, { params: { customer_id: 'C-42' }, now: later(1) });
    const ben = await draft(db, { now: later(2) });
    await mergeAnswers(db, ana.id, { set: { full_name: 'Ana "Anita" Peña', days: ['monday'] }, clear: [] }, NOW);
    await mergeAnswers(db, ben.id, { set: { full_name: 'Ben_1 100%', age: 31 }, clear: [] }, NOW);
    expect(await idsOf(db, { search: 'peña' })).toEqual([ana.id]);
    expect(await idsOf(db, { search: '"anita"' })).toEqual([ana.id]);
    expect(await idsOf(db, { search: 'monday' })).toEqual([ana.id]);
    expect(await idsOf(db, { search: 'c-42' })).toEqual([ana.id]);
    expect(await idsOf(db, { search: '31' })).toEqual([ben.id]);
    expect(await idsOf(db, { search: 'full_name' })).toEqual([]);
    expect(await idsOf(db, { search: '0%' })).toEqual([ben.id]);
    expect(await idsOf(db, { search: 'n_1' })).toEqual([ben.id]);
    expect(await idsOf(db, { search: '  ' })).toEqual([ben.id, ana.id]);
    expect(await idsOf(db, { search: ana.id.toUpperCase() })).toEqual([ana.id]);
    await submit(db, ben.id, NOW, 'KP4TW7HX');
    expect(await idsOf(db, { search: 'kp4 tw7' })).toEqual([ben.id]);
  });

  it.each([
    ['a phone number as the list shows it', '+63 917 555 0142', true],
    ['a phone number as people dial it at home', '0917 555 0142', true],
    ['a phone number with brackets and dashes', '(0917) 555-0142', true],
    ['a phone number with its trunk prefix in brackets', '+63 (0)917 5550142', true],
    ['the end of a phone number', '555 0142', true],
    ['another phone number', '0917 555 0143', false],
    ['a name without its accents', 'pena jose', true],
    ['a name with other accents and in capitals', 'PÉÑA', true],
    ['words in any order', 'Peña José', true],
    ['words of several answers', 'cebu jose', true],
    ['words of which one is nowhere', 'jose manila', false],
    ['letters that have no accent to take away', 'lodz strasse', true],
    ['the middle of a reference', 'tw7 hx', true],
    ['the middle of a reference in one word', 'p4tw7', true],
    ['a name with a part of the phone number', 'jose 5550142', true],
    ['an amount with separators', '25,000', true],
    ['digits of another script', '٠٩١٧٥٥٥٠١٤٢', true],
    ['a name with another apostrophe and another hyphen', "anne-marie o'neil", true],
    ['a campaign', 'facebook', true],
    ['an id of the link in the form of a UUID', '7f9c24e8-3b12-4fef-91e0-6a2c5d8b7f10', true],
    ['the id of a file', '0a1b2c3d-3b12-7fef-91e0-6a2c5d8b7f10', false],
    ['a sensitive answer', 'TAX-123-456', false],
    ['digits of a sensitive answer', '123456', false],
    ['the name of a field', 'full_name', false],
    ['a piece of what encryption has made of it', '$sealed', false],
  ])('is searched for %s', async (_, search, found) => {
    const db = await temporaryDatabase();
    const definition = '{"screens":[{"id":"s","fields":[{"id":"tax","type":"text","sensitive":true}]}]}';
    await db.query.insertInto('versions').values({ form: 'driver', version: 'v2', definition, created_at: NOW.toISOString() }).execute(); // prettier-ignore
    const { id } = await draft(db, {
      version: 'v2',
      params: { utm_source: 'Facebook', customer_id: '7f9c24e8-3b12-4fef-91e0-6a2c5d8b7f10' },
    });
    const answers = { full_name: 'José Peña', mobile: '+639175550142', city: 'cebu', place: 'Łódź, Straße', mother: 'Anne‑Marie O’Neil', pay: 25000, tax: 'TAX-123-456', photo: ['0a1b2c3d-3b12-7fef-91e0-6a2c5d8b7f10'] }; // prettier-ignore
    await markSubmitted(db, id, { answers, reference: 'KP4TW7HX', ending: 'done', outcome: 'completed', now: NOW });
    await mergeAnswers(db, (await draft(db)).id, { set: { full_name: 'Ben Cruz' }, clear: [] }, NOW);
    expect(await idsOf(db, { search, counted: true })).toEqual(found ? [id] : []);
  });

  it('mixes drafts and sent ones by age, page by page', async () => {
    const db = await temporaryDatabase();
    const ids: string[] = [];
    for (let index = 0; index < 9; index++) {
      const { id } = await draft(db, { now: later(index) });
      if (index % 3 === 0) await submit(db, id, NOW);
      else if (index % 3 === 1) await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
      if (index % 3 !== 2) ids.push(id);
    }
    const seen: string[] = [];
    for (let cursor: string | undefined = undefined, more = true; more;) {
      const page: Awaited<ReturnType<typeof listSubmissions>> = await listSubmissions(db, { form: 'driver', limit: 2, cursor, counted: true }); // prettier-ignore
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      more = cursor !== undefined;
    }
    expect(seen).toEqual(ids.toReversed());
  });

  it('is searched a part at a time, and says how far; a reference or an id is found however old it is', async () => {
    const db = await temporaryDatabase();
    const oldest = await draft(db, { now: later(0) });
    const sent = { answers: { name: 'Ana Peña' }, ending: 'done', outcome: 'completed', now: NOW };
    await markSubmitted(db, oldest.id, { ...sent, reference: 'KP4TW7HX' });
    const of = (now: Date) => ({
      ...{
        id: newId(now),
        form: 'driver',
        version: 'v1',
        language: 'en',
        params: '{}',
        answers: '{"name":"Ben Cruz"}',
      },
      ...{ created_at: now.toISOString(), updated_at: now.toISOString() },
    });
    await insertRows(
      db,
      'submissions',
      Array.from({ length: SEARCHED }, (_, number) => of(later(number + 1))),
    );

    const first = await listSubmissions(db, { form: 'driver', limit: 25, counted: true, search: 'ana' });
    expect(first).toMatchObject({ items: [], searchedBack: later(1).toISOString() });
    const cursor = first.nextCursor ?? '';
    const second = await listSubmissions(db, { form: 'driver', limit: 25, counted: true, search: 'ana', cursor });
    expect(second.items.map(({ id }) => id)).toEqual([oldest.id]);
    expect(second).toMatchObject({ nextCursor: null, searchedBack: null });
    expect(await idsOf(db, { search: 'KP4 TW' })).toEqual([oldest.id]);
    expect(await idsOf(db, { search: '\u2068KP4 TW7–HX\u2069' })).toEqual([oldest.id]);
    expect(await idsOf(db, { search: oldest.id, status: 'submitted' })).toEqual([oldest.id]);
    expect(await idsOf(db, { search: oldest.id, status: 'draft' })).toEqual([]);
    expect(await idsOf(db, { search: 'KP4 TW', form: 'other' })).toEqual([]);
    expect((await listSubmissions(db, { form: 'driver', limit: 25, search: 'ben' })).items).toHaveLength(25);
  });
});

describe('the counts of forms', () => {
  it('have the numbers of started, connected and submitted ones', async () => {
    const db = await temporaryDatabase();
    const [first, second] = [await draft(db), await draft(db)];
    const other = await draft(db, { form: 'other' });
    await setSmileUser(db, other.id, 'u-2');
    await mergeAnswers(db, first.id, { set: { name: 'Ana' }, clear: [] }, NOW);
    // Its first answer was refused, or never came.
    const empty = await draft(db);
    const report: AccountReport = { accountId: '', submissionId: first.id, screen: 'connect', providerId: 'acme', status: 'CONNECTED', confirmed: true, at: NOW.toISOString(), now: NOW }; // prettier-ignore
    await recordAccount(db, { ...report, accountId: 'a-1' });
    await recordAccount(db, { ...report, accountId: 'a-2' });
    await recordAccount(db, { ...report, accountId: 'a-3', submissionId: second.id, status: 'ERROR' });
    // The browser claims it.
    await recordAccount(db, { ...report, accountId: 'a-4', submissionId: second.id, confirmed: false });
    await recordAccount(db, { ...report, accountId: 'a-5', submissionId: other.id, confirmed: false });
    const connectedIn = async (form: string) => (await countByForm(db, form)).get(form)?.connected;
    await submit(db, second.id, NOW);
    expect([...(await countByForm(db))]).toEqual([
      ['driver', { started: 2, connected: 1, submitted: 1, completed: 1, quarantined: 0, deleted: 0 }],
      ['other', { started: 1, connected: 0, submitted: 0, completed: 0, quarantined: 0, deleted: 0 }],
    ]);
    expect([...(await countByForm(db, 'other'))].map(([form]) => form)).toEqual(['other']);
    const later = new Date(NOW.getTime() + 1_000).toISOString();
    await recordAccount(db, { ...report, accountId: 'a-5', submissionId: other.id, at: later });
    expect(await connectedIn('other')).toBe(1);
    await recordAccount(db, { ...report, accountId: 'a-5', submissionId: other.id, at: NOW.toISOString(), confirmed: false }); // prettier-ignore
    expect(await connectedIn('other')).toBe(1);
    expect(await idsOf(db, { counted: true })).not.toContain(empty.id);
    await setSmileUser(db, empty.id, 'u-1');
    expect(await idsOf(db, { counted: true })).toContain(empty.id);
  });

  it('have the number of submissions on each day', async () => {
    const db = await temporaryDatabase();
    for (const at of [
      '2026-11-10T23:59:59Z',
      '2026-11-11T00:00:00Z',
      '2026-11-24T09:00:00Z',
      '2026-11-24T23:59:59.999Z',
    ]) {
      await submit(db, (await draft(db)).id, new Date(at));
    }
    const days = await submittedPerDay(db, 'driver', new Date('2026-11-11T15:00:00Z'));
    expect(days).toHaveLength(14);
    expect(days.filter(({ submitted }) => submitted > 0)).toEqual([
      { day: '2026-11-11', submitted: 1 },
      { day: '2026-11-24', submitted: 2 },
    ]);
  });
});

it('the newest submissions are found behind thousands of deleted ones, while others are answered', async () => {
  const db = await temporaryDatabase();
  const [old, older] = [await draft(db, { now: later(1) }), await draft(db, { now: NOW })];
  const row = await db.query.selectFrom('submissions').selectAll().where('id', '=', old.id).executeTakeFirstOrThrow();
  const erased = Array.from({ length: 12_000 }, (_, n) => ({ ...row, id: newId(later(2 + n)), erased_at: NOW.toISOString() })); // prettier-ignore
  await insertRows(db, 'submissions', erased);
  const { result, turns } = await countTurns(() => newestSubmissions(db, undefined, 10));
  expect(result.map(({ id }) => id)).toEqual([old.id, older.id]);
  expect(turns).toBeGreaterThanOrEqual(2);
  expect((await newestSubmissions(db, undefined, 1)).map(({ id }) => id)).toEqual([old.id]);
});
