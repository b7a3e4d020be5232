/** The lists of people behind the numbers of Results, for many people. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseForm } from '../../../src/form/parse.ts';
import { seed } from '../../../src/operate/seed.ts';
import { insertRows } from '../../../src/record/db/bulk.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { appendEvents } from '../../../src/record/events.ts';
import { newId } from '../../../src/record/ids.ts';
import { countChanges } from '../../../src/record/results/count-changes.ts';
import { peopleIn, type PeopleFilter } from '../../../src/record/results/people.ts';
import { resultsOf } from '../../../src/record/results/results.ts';
import { numbersByLink } from '../../../src/record/results/sums.ts';
import { listSubmissions } from '../../../src/record/submissions/submission-list.ts';
import { saveVersion } from '../../../src/record/versions.ts';
import { LONG } from '../../helpers/run/long.ts';
import { NOW, temporaryDatabase } from '../../helpers/database.ts';
import { countTurns } from '../../helpers/turns.ts';

const FORM = 'gig-driver';
const PEOPLE = LONG ? 10_000 : 500;

async function formOf(db: Database) {
  const parsed = parseForm(`${FORM}.yaml`, readFileSync(`forms/${FORM}.yaml`, 'utf8'), NOW);
  if (!parsed.ok) throw new Error('The form has errors.');
  return { form: parsed.form, version: await saveVersion(db, parsed.form, NOW) };
}

async function seeded() {
  const db = await temporaryDatabase();
  const one = await formOf(db);
  await seed(db, [one], PEOPLE, NOW);
  return { db, form: one.form };
}

// Many people take minutes on a machine with other work.
it('have as many people as the numbers, each person once', { timeout: 300_000 }, async () => {
  const { db, form } = await seeded();

  /** Walks through all pages of a list. */
  async function listed(filter: Omit<PeopleFilter, 'now'>): Promise<number> {
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await listSubmissions(db, { form: FORM, limit: LONG ? 500 : 40, counted: true, cursor, people: { ...filter, now: NOW } }); // prettier-ignore
      ids.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted().toReversed()).toEqual(ids);
    return ids.length;
  }

  const { steps, links, languages, days, active } = await resultsOf(db, form, { form: FORM }, NOW);
  const reached = steps.filter(({ kind }) => kind !== 'clicks' && kind !== 'opened');
  expect(reached.find(({ id }) => id === 'completed')?.count).toBeGreaterThan(PEOPLE / 2);
  for (const { id, kind, count, left, breakdown = [] } of reached) {
    expect([id, await listed({ reached: id })]).toEqual([id, count]);
    for (const part of breakdown) expect([part.id, await listed({ reached: part.id })]).toEqual([part.id, part.count]);
    if (left === undefined) continue;
    const screen = kind === 'completed' ? '' : id.slice('screen:'.length);
    expect([`left ${screen}`, await listed({ left: screen })]).toEqual([`left ${screen}`, left]);
  }
  expect(await listed({ active: true })).toBe(active);
  const byLink = await numbersByLink(db, FORM);
  for (const { id, started, connected, completed } of links) {
    expect(await listed({ reached: 'started', link: id })).toBe(started);
    expect(await listed({ reached: 'connected', link: id })).toBe(connected);
    expect(byLink.get(id)).toMatchObject({ started, connected, completed });
  }
  for (const { id, completed } of languages)
    expect(await listed({ reached: 'completed', language: id })).toBe(completed);
  for (const { id, started } of days.slice(0, 3))
    expect(await listed({ reached: 'started', from: id, to: id })).toBe(started);
});

it('of a step that few people reached, look only at the days of these people', async () => {
  const { db } = await seeded();
  const people = await db.query.selectFrom('submission_progress').select(['submission_id as id', 'day', 'steps']).orderBy('submission_id', 'desc').execute(); // prettier-ignore
  const connecting = people.filter(({ steps }) => steps.includes(' window:connect '));
  const few = [0, 0.3, 0.31, 0.9].map((part) => connecting[Math.floor(connecting.length * part)]).filter((one) => one !== undefined); // prettier-ignore
  for (const { id } of few) {
    const at = NOW.toISOString();
    await appendEvents(db, [{ id: newId(NOW), submissionId: id, smileUserId: null, name: 'onAccountCreated', source: 'widget', at, receivedAt: at, data: { screen: 'connect', providerId: 'rare' } }]); // prettier-ignore
  }
  await countChanges(db);
  const filter = { reached: 'provider:connect:rare', now: NOW };
  const ids: string[] = [];
  let looked = 0;
  for (let before: string | undefined; ;) {
    const page = await peopleIn(db, FORM, filter, before, { max: 3, window: 4, few: true });
    ids.push(...page.ids);
    looked += page.looked;
    before = page.next;
    if (before === undefined) break;
  }
  expect(ids).toEqual(few.map(({ id }) => id));
  const days = new Set(few.map(({ day }) => day));
  // A window that is full of people begins again after the last of them.
  expect(looked).toBeLessThanOrEqual(people.filter(({ day }) => days.has(day)).length + ids.length * 4);
  const { items, nextCursor } = await listSubmissions(db, { form: FORM, limit: 25, counted: true, people: filter });
  expect([items.map(({ id }) => id), nextCursor]).toEqual([ids, null]);
});

it('are read and counted some at a time where a flood of people is active', async () => {
  const db = await temporaryDatabase();
  const { form } = await formOf(db);
  const last = NOW.toISOString();
  const person = { form: FORM, day: last.slice(0, 10), link: '', language: 'en', device: 'phone', state: 'counted' };
  const rows = Array.from({ length: 45_000 }, (_, n) => ({ ...person, submission_id: newId(NOW), steps: ' started ', at_screen: 'start', last_at: new Date(NOW.getTime() - Math.floor(n / 9)).toISOString(), times: '{}' })); // prettier-ignore
  await insertRows(db, 'submission_progress', rows);
  expect((await resultsOf(db, form, { form: FORM }, NOW)).active).toBe(45_000);
  const page = await peopleIn(db, FORM, { active: true, now: NOW }, undefined, { max: 5, window: 10 });
  expect(page).toMatchObject({ looked: 10, ids: { length: 5 } });
});

it('of a step that few people reached, answer other requests meanwhile', async () => {
  const db = await temporaryDatabase();
  const days = Array.from({ length: 20 }, (_, day) => `2026-11-${10 + day}`);
  const sums = days.flatMap((day) => Array.from({ length: 500 }, (_, n) => ({ form: FORM, day, link: `l-${n}`, language: 'en', device: 'phone', of_deleted: 0, counts: '{}', times: '{}' }))); // prettier-ignore
  const id = newId(new Date('2026-11-11T10:00:00Z'));
  await insertRows(db, 'result_cohorts', [...sums, { ...sums[500]!, link: 'rare', counts: '{"rare":1}' }]);
  await insertRows(db, 'submission_progress', [{ submission_id: id, form: FORM, day: '2026-11-11', link: 'rare', language: 'en', device: 'phone', state: '', steps: ' rare ', at_screen: null, last_at: '', times: '{}' }]); // prettier-ignore
  const list = (filter: object) => peopleIn(db, FORM, { reached: 'rare', now: NOW, ...filter }, undefined, { max: 3, window: 4, few: true }); // prettier-ignore
  const { result, turns } = await countTurns(() => list({}));
  expect(result.ids).toEqual([id]);
  expect(turns).toBeGreaterThanOrEqual(3);
  expect((await list({ to: '2026-11-11' })).ids).toEqual([id]);
  for (const outside of [{ from: '2026-11-12' }, { to: '2026-11-10' }, { link: 'l-1' }]) expect((await list(outside)).ids).toEqual([]); // prettier-ignore
});
