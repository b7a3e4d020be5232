/** The numbers of Results: counting each change comes to the sums that counting all again comes to. */
import type { Kysely } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../src/operate/seed/likely.ts';
import { markRevoked, recordAccount, deleteClaims } from '../../../src/record/accounts/accounts.ts';
import { enqueueProviderNames, storeProviderName } from '../../../src/record/accounts/providers.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { erase, eraseLate } from '../../../src/record/erasure.ts';
import { appendEvents, serverEvent, type EventSource } from '../../../src/record/events.ts';
import { newId, newReference } from '../../../src/record/ids.ts';
import { otherSources } from '../../../src/record/migrations/2026-12-28-other-sources.ts';
import { countChanges, rebuildResults } from '../../../src/record/results/count-changes.ts';
import { progressOf, type ProgressEvent, type ProgressRow } from '../../../src/record/results/submission-progress.ts';
import { cohortsOf } from '../../../src/record/results/read-counts.ts';
import { resultsOf } from '../../../src/record/results/results.ts';
import { markSubmitted, mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { setSmileUser } from '../../../src/record/submissions/submissions.ts';
import { addSuspicion } from '../../../src/record/submissions/suspicion.ts';
import { collect } from '../../helpers/collect.ts';
import { heldBytes } from '../../helpers/heap.ts';
import { itLong } from '../../helpers/run/it-long.ts';
import { draft, later, NOW, temporaryDatabase } from '../../helpers/database.ts';

const SCREENS = ['about', 'vehicle', 'connect', 'extra'];
const WIDGET = ['onUIEvent', 'onAccountCreated', 'onAccountConnected', 'onAccountError', 'onClose', 'onUploadsCreated'];

/** Does one thing to a submission that can happen at any time. A refused one changes nothing. */
async function act(db: Database, id: string, other: string, chance: () => number, now: Date): Promise<unknown> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  const [screen, next] = [pick(SCREENS), pick(SCREENS)];
  const event = (name: string, source: EventSource, data: object) =>
    appendEvents(db, [{ id: newId(now), submissionId: id, smileUserId: null, name, source, at: now.toISOString(), receivedAt: now.toISOString(), data }]); // prettier-ignore
  const account = { accountId: `a-${Math.floor(chance() * 12)}`, submissionId: id, screen: 'connect', providerId: pick(['grab', 'foodpanda']), at: now.toISOString(), now }; // prettier-ignore
  const acts = [
    async () => {
      await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, now);
      await appendEvents(db, [serverEvent(id, 'answersSaved', { screen, fields: ['name'], next: chance() < 0.8 ? { screen: next } : { ending: 'done' } }, now)]); // prettier-ignore
    },
    async () => {
      await markSubmitted(db, id, { answers: {}, reference: newReference(), ending: 'done', outcome: chance() < 0.7 ? 'completed' : 'disqualified', now }); // prettier-ignore
      await appendEvents(db, [serverEvent(id, 'submitted', { ending: 'done' }, now)]);
    },
    async () => {
      await setSmileUser(db, id, `user-of-${id}`);
      await appendEvents(db, [serverEvent(id, 'linkTokenIssued', { screen: 'connect' }, now)]);
    },
    () => event('screenSeen', 'page', { screen }),
    () => event('screenSeen', 'page', { screen }),
    () => event('widgetBlocked', 'page', { screen: 'connect', why: pick(['popup', 'invented']) }),
    () => event(pick(WIDGET), 'widget', { screen: 'connect', providerId: pick(['grab', 'lalamove', 'foodpanda']), errorCode: pick(['INVALID_CREDENTIALS', 'INVENTED']), eventName: 'LoginPageOpened' }), // prettier-ignore
    () => recordAccount(db, { ...account, status: pick(['PENDING', 'ERROR', 'CONNECTED', 'DISCONNECTED']), confirmed: chance() < 0.6 }), // prettier-ignore
    () => recordAccount(db, { ...account, status: 'CONNECTED', confirmed: true, submissionId: other }),
    () => markRevoked(db, account.accountId, now),
    () => deleteClaims(db, [account.accountId], id),
    () => addSuspicion(db, id, { verdict: chance() < 0.5 ? 'spam' : 'fine' }),
    () => (chance() < 0.15 ? erase(db, id, now) : undefined),
    () => (chance() < 0.3 ? eraseLate(db, id, null, NOW) : undefined),
  ];
  return pick(acts)();
}

/** Cohorts of 200 links on many days, with two people each. */
async function fillCohorts(db: Database, rows: number): Promise<void> {
  const counts = JSON.stringify({ started: 2, 'screen:about': 2, 'at:about': 1, completed: 1 });
  const all = Array.from({ length: rows }, (_, n) => ({ form: 'driver', day: dayBefore(n), link: `l-${n % 200}`, language: 'en', device: 'phone', of_deleted: 0, counts, times: '{"about":{"12":1}}' })); // prettier-ignore
  for (let at = 0; at < rows; at += 500) await db.query.insertInto('result_cohorts').values(all.slice(at, at + 500)).execute(); // prettier-ignore
}
const dayBefore = (n: number): string => new Date(NOW.getTime() - Math.floor(n / 200) * 86_400_000).toISOString().slice(0, 10); // prettier-ignore

const stored = async (db: Database) => ({
  cohorts: await db.query.selectFrom('result_cohorts').selectAll().orderBy('form').orderBy('day').orderBy('link').orderBy('language').orderBy('device').orderBy('of_deleted').execute(), // prettier-ignore
  progress: await db.query.selectFrom('submission_progress').selectAll().orderBy('submission_id').execute(),
});

describe('the sums of Results', () => {
  it('are equal to a count of all events, after any changes', async () => {
    const db = await temporaryDatabase();
    const chance = seededRandom(20_261_128);
    const ids: string[] = [];
    for (let number = 0; number < 24; number++) {
      const now = later(number * 40_000);
      const { id } = await draft(db, { link: [null, 'fb', 'flyer'][number % 3] ?? null, now, suspicion: number % 7 ? [] : ['trap'] }); // prettier-ignore
      await appendEvents(db, [
        serverEvent(id, 'started', { language: number % 2 ? 'es' : 'en', device: 'phone' }, now),
      ]);
      ids.push(id);
    }
    const seen = new Set<string>();
    for (let step = 0; step < 600; step++) {
      const [id = '', other = ''] = [ids[Math.floor(chance() * ids.length)], ids[Math.floor(chance() * ids.length)]];
      await act(db, id, other, chance, later(step * 700)).catch((error: Error) => {
        if (!/^There is no submission|append-only/.test(error.message)) throw error;
      });
      if (step % 3 === 0) await countChanges(db);
      if (step % 40) continue;
      await countChanges(db);
      const kept = await stored(db);
      for (const { of_deleted: isDeleted, counts } of kept.cohorts) for (const name of Object.keys(JSON.parse(counts) as object)) seen.add(`${isDeleted} ${name}`); // prettier-ignore
      await rebuildResults(db);
      expect(await stored(db)).toEqual(kept);
    }
    // Each kind of step was met, and the numbers of deleted people stay.
    for (const step of [
      'screen:about',
      'window:connect',
      'provider:connect:grab',
      'signed_in:connect',
      'failed:connect',
      'connected',
      'blocked:connect:popup',
      'uploaded:connect',
      'completed',
      'not_eligible',
      'spam',
    ])
      expect([...seen]).toContain(`0 ${step}`);
    expect([...seen]).toContain('1 started');
  });

  it('never fall when a person is deleted, and no row of that person stays', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await appendEvents(db, [serverEvent(id, 'started', { language: 'en' }, NOW)]);
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
    await appendEvents(db, [serverEvent(id, 'answersSaved', { screen: 'about', fields: ['name'], next: { screen: 'vehicle' } }, NOW)]); // prettier-ignore
    // Deleted before its changes were counted.
    await erase(db, id, later(60));
    await countChanges(db);
    const results = await resultsOf(db, undefined, { form: 'driver' }, later(10_000));
    expect(results.steps.find((step) => step.id === 'screen:vehicle')).toMatchObject({ count: 1, deleted: 1, left: 1 });
    expect(results).toMatchObject({ deleted: 1, active: 0 });
    await rebuildResults(db);
    expect(await resultsOf(db, undefined, { form: 'driver' }, later(10_000))).toEqual(results);
    expect((await stored(db)).progress).toEqual([]);
  });

  it('are counted for all others where the data of one person is damaged, who can still be deleted', async () => {
    const db = await temporaryDatabase();
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const [damaged, whole] = [await draft(db), await draft(db)];
    for (const { id } of [damaged, whole]) {
      await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
      await appendEvents(db, [serverEvent(id, 'answersSaved', { screen: 'about', fields: ['name'], next: { screen: 'connect' } }, NOW)]); // prettier-ignore
    }
    await countChanges(db);
    await db.query.updateTable('submissions').set({ params: '{' }).where('id', '=', damaged.id).execute();
    for (const { id } of [damaged, whole]) await appendEvents(db, [serverEvent(id, 'linkTokenIssued', { screen: 'extra' }, NOW)]); // prettier-ignore
    await countChanges(db);
    expect(said).toHaveBeenCalledWith(expect.stringContaining(damaged.id));
    const counted = async () => (await resultsOf(db, undefined, { form: 'driver' }, NOW)).steps;
    expect((await counted()).find(({ id }) => id === 'screen:extra')).toMatchObject({ count: 1 });
    await erase(db, damaged.id, later(60));
    expect((await counted()).find(({ id }) => id === 'started')).toMatchObject({ count: 2, deleted: 1 });
    said.mockRestore();
  });

  it('keep of a deleted person no text that the browser reported as a provider', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
    await setSmileUser(db, id, 'user-1');
    await appendEvents(db, [serverEvent(id, 'linkTokenIssued', { screen: 'connect' }, NOW)]);
    for (const providerId of ['grab', 'maria-santos'])
      await appendEvents(db, [{ id: newId(NOW), submissionId: id, smileUserId: null, name: 'onUIEvent', source: 'widget', at: NOW.toISOString(), receivedAt: NOW.toISOString(), data: { screen: 'connect', eventName: 'LoginPageOpened', account: { providerId } } }]); // prettier-ignore
    await storeProviderName(db, 'grab', 'Grab', NOW);
    await enqueueProviderNames(db, ['maria-santos'], NOW);
    await storeProviderName(db, 'maria-santos', null, NOW);
    await countChanges(db);
    await erase(db, id, later(60));
    const { cohorts } = await stored(db);
    const counts = JSON.parse(cohorts.find(({ of_deleted: isDeleted }) => isDeleted === 1)?.counts ?? '{}') as Record<
      string,
      number
    >;
    expect(counts).toMatchObject({ 'provider:connect': 1, 'provider:connect:grab': 1, 'provider:connect:other': 1 });
    const providers = await db.query.selectFrom('providers').selectAll().execute();
    const jobs = await db.query.selectFrom('jobs').select('subject').execute();
    expect(JSON.stringify([cohorts, providers, jobs])).not.toContain('maria');
    // Smile answers late.
    await storeProviderName(db, 'maria-santos', null, NOW);
    expect(await db.query.selectFrom('providers').select('id').execute()).toEqual([{ id: 'grab' }]);
  });

  itLong('are read from any number of links and days in little memory, and others are answered meanwhile', async () => {
    const db = await temporaryDatabase();
    const rows = 20_000;
    await fillCohorts(db, rows);
    const held = heldBytes();
    let most = 0;
    let turns = 0;
    const watch = setInterval(() => (turns++, (most = Math.max(most, heldBytes() - held))), 50);
    const { steps, links } = await resultsOf(db, undefined, { form: 'driver' }, NOW);
    clearInterval(watch);
    expect(steps.find(({ id }) => id === 'started')?.count).toBe(2 * rows);
    expect(links).toHaveLength(200);
    expect(turns).toBeGreaterThan(1);
    expect(most).toBeLessThan(8e6);
  });

  it('are counted on two servers at once, and each change once', async () => {
    const db = await temporaryDatabase();
    for (let number = 0; number < 60; number++) {
      const { id } = await draft(db, { now: later(number) });
      await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
      await appendEvents(db, [serverEvent(id, 'answersSaved', { screen: 'about', fields: ['name'], next: { screen: 'vehicle' } }, NOW)]); // prettier-ignore
      if (number % 20 === 0) await Promise.all([countChanges(db), countChanges(db), countChanges(db)]);
    }
    await Promise.all([countChanges(db), countChanges(db)]);
    const [cohort] = await collect(cohortsOf(db, { form: 'driver' }));
    expect(cohort?.counts).toEqual({ started: 60, 'screen:about': 60, 'screen:vehicle': 60, 'at:vehicle': 60 });
  });
});

it('people whom an earlier version counted without a link move to other sources at the update', async () => {
  const db = await temporaryDatabase();
  for (const link of [null, null, 'sms']) {
    const { id } = await draft(db, { link });
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
    await appendEvents(db, [serverEvent(id, 'answersSaved', { screen: 'about', fields: ['name'], next: { screen: 'vehicle' } }, NOW)]); // prettier-ignore
  }
  await countChanges(db);
  const started = async () => (await resultsOf(db, undefined, { form: 'driver' }, NOW)).links.map((row) => [row.id, row.started]); // prettier-ignore
  expect(await started()).toEqual([['', 2], ['sms', 1]]); // prettier-ignore
  const [first] = await db.query.selectFrom('submissions').select('id').where('link', 'is', null).execute();
  const params = JSON.stringify({ agent: '7', utm_source: 'tiktok' });
  await db.query
    .updateTable('submissions')
    .set({ params })
    .where('id', '=', first?.id ?? '')
    .execute();
  await otherSources.up(db.query as unknown as Kysely<unknown>);
  expect(await db.query.selectFrom('result_changes').selectAll().execute()).toHaveLength(1);
  await countChanges(db);
  expect(await started()).toEqual([['', 1], ['sms', 1], ['utm_*', 1]]); // prettier-ignore
});

const row: ProgressRow = {
  id: 'x',
  form: 'driver',
  language: 'en',
  link: null,
  params: '{}',
  answers: '{"name":"Ana"}',
  smile_user_id: null,
  outcome: null,
  quarantined: 0,
  erased_at: null,
  created_at: NOW.toISOString(),
  submitted_at: null,
};
/** An event of the page, `at` seconds by its clock, which arrived `late` seconds later by the server's. */
const page = (at: number, screen: string, late = 0, name = 'screenSeen'): ProgressEvent => ({ name, source: 'page', at: later(at).toISOString(), receivedAt: later(at + late).toISOString(), data: { screen } }); // prettier-ignore
const save = (at: number, screen: string, next: object): ProgressEvent => ({ name: 'answersSaved', source: 'server', at: later(at).toISOString(), receivedAt: later(at).toISOString(), data: { screen, fields: [], next } }); // prettier-ignore
const timesOf = (row: ProgressRow, events: ProgressEvent[]) => JSON.parse(progressOf(row, events, [])?.times ?? '{}') as object; // prettier-ignore

describe('the time of a person', () => {
  const sent = { ...row, submitted_at: later(1_000).toISOString(), outcome: 'completed' };

  it('counts each screen that they left, a long pause as five minutes, and the last one until they sent the form', () => {
    const events = [page(0, 'about'), save(40, 'about', { screen: 'vehicle' }), page(40, 'vehicle'), save(990, 'vehicle', { ending: 'done' })]; // prettier-ignore
    expect(timesOf(row, events)).toEqual({ about: 40 });
    expect(timesOf(sent, events)).toEqual({ about: 40, vehicle: 300, '': 300 });
    expect(timesOf(sent, [...events, page(900, 'vehicle', 0, 'ping')])).toEqual({ about: 40, vehicle: 400, '': 400 });
    expect(timesOf({ ...sent, outcome: 'disqualified' }, events)).toEqual({ about: 40, vehicle: 300 });
  });

  it('is the same on a phone whose clock is wrong or jumps back', () => {
    const hour = -3_600;
    const events = [page(hour, 'about', 3_601), save(40, 'about', { screen: 'vehicle' }), page(hour + 40, 'vehicle', 3_600), save(990, 'vehicle', { ending: 'done' })]; // prettier-ignore
    expect(timesOf({ ...sent, submitted_at: later(130).toISOString() }, events)).toEqual({ about: 40, vehicle: 80, '': 120 }); // prettier-ignore
    const back = [page(100, 'about'), save(140, 'about', { screen: 'vehicle' }), page(40, 'vehicle', 100)];
    expect(timesOf(row, back)).toEqual({ about: 0 });
  });
});

it('a browser can name no screen that the server did not put before the person', () => {
  const events = [page(0, 'about'), page(1, 'invented'), save(2, 'about', { screen: 'vehicle' })];
  expect(progressOf(row, events, [])?.steps).toBe(' started screen:about screen:vehicle ');
});

it('a browser can name no step in a sign-in window that the server let nobody open', () => {
  const connected: ProgressEvent = { ...page(3, 'about', 0, 'onAccountConnected'), source: 'widget' };
  const events = [save(2, 'about', { screen: 'vehicle' }), connected];
  expect(progressOf(row, events, [])?.steps).toBe(' started screen:about screen:vehicle ');
  expect(progressOf({ ...row, smile_user_id: 'user-1' }, events, [])?.steps).toContain(' window:about ');
});
