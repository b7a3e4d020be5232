/** Requests about large stored answers wait for their turn. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inTurnIfLarge } from '../../src/api/bounds/limit-requests.ts';
import { createRates } from '../../src/api/bounds/rates.ts';
import { saveAnswers } from '../../src/respond/answers.ts';
import { readRespondentSubmission, type Caller } from '../../src/respond/access/submission-access.ts';
import { findSubmission } from '../../src/record/submissions/submissions.ts';
import { takeEvents } from '../../src/record/submissions/usage.ts';
import type { Services } from '../../src/respond/services.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { beforePapers, openPapers } from '../helpers/api/papers.ts';
import type { TestSite } from '../helpers/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openPapers();
});
afterAll(() => site.close());

it('a save about large stored answers keeps no other save waiting', async () => {
  const [large, small] = [await beforePapers(site), await beforePapers(site)];
  const stored = JSON.stringify({ full_name: 'é'.repeat(SITE_LIMITS.requestAnswerBytes.value / 2) });
  await site.db.query.updateTable('submissions').set({ answers: stored }).where('id', '=', large.id).execute();
  const services = { db: site.db, catalog: site.catalog, now: () => new Date() } as unknown as Services;
  const [waits, turn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ended: string[] = [];
  const save = async (name: string, { id }: { id: string }) => {
    const inTurn: Caller['readLarge'] = async (bytes, read) => {
      ended.push(`${name} has ${bytes} bytes`);
      waits.resolve();
      await turn.promise;
      return read();
    };
    const { ok } = await saveAnswers(services, { id, readLarge: inTurn }, { screen: 'about', answers: { full_name: 'Ana' } }, undefined); // prettier-ignore
    ended.push(`${name}: ${ok}`);
  };

  const waiting = save('large', large);
  await waits.promise;
  await save('small', small);
  turn.resolve();
  await waiting;

  // The submission has saved one screen.
  const bytes = Buffer.byteLength(stored) + SITE_LIMITS.writeAnswerBytes.value;
  expect(ended).toEqual([`large has ${bytes} bytes`, 'small: true', 'large: true']);
});

it('a save with large answers in its body waits before it takes a connection to the database', async () => {
  const draft = await beforePapers(site);
  const transaction = vi.spyOn(site.db, 'transaction');
  const rates = createRates();
  const turn = Promise.withResolvers<void>();
  const address = '203.0.113.7';
  const before = rates.largeReads(address, () => turn.promise);
  const services = { db: site.db, catalog: site.catalog, now: () => new Date() } as unknown as Services;
  const save = (bytes: number) => {
    const sender = inTurnIfLarge({ id: draft.id }, rates, address, bytes);
    return saveAnswers(services, sender, { screen: 'about', answers: { full_name: 'Ana' } }, undefined);
  };
  const { value } = SITE_LIMITS.requestAnswerBytes;
  expect((await save(value - 1)).ok).toBe(true);
  const calls = transaction.mock.calls.length;
  const waiting = save(value);
  await new Promise((round) => setTimeout(round, 20));
  expect(transaction.mock.calls.length).toBe(calls);
  turn.resolve();
  await before;
  expect((await waiting).ok).toBe(true);
  vi.restoreAllMocks();
});

it('all that a request reads about a draft with many saves is read in its turn', async () => {
  const { id } = await beforePapers(site);
  const saves = SITE_LIMITS.requestAnswerBytes.value / SITE_LIMITS.writeAnswerBytes.value;
  await site.db.query.updateTable('submissions').set({ write_count: saves }).where('id', '=', id).execute();
  const services = { db: site.db, catalog: site.catalog, now: () => new Date() } as unknown as Services;
  const steps: string[] = [];
  const inTurn: Caller['readLarge'] = async (_, read) => {
    steps.push('begins');
    return read().finally(() => steps.push('ends'));
  };
  await readRespondentSubmission(services, { id, readLarge: inTurn }, async () => steps.push('reads events'));
  expect(steps).toEqual(['begins', 'reads events', 'ends']);
});

it('a few events with much data count as large stored answers', async () => {
  const { id } = await beforePapers(site);
  const sizes: number[] = [];
  const find = () => findSubmission(site.db, id, (bytes, read) => (sizes.push(bytes), read()));
  const { value } = SITE_LIMITS.requestAnswerBytes;
  await takeEvents(site.db, id, { page_events: 0, page_bytes: 0, widget_events: 16, widget_bytes: value });
  await find();
  expect(sizes).toEqual([]);
  await takeEvents(site.db, id, { page_events: 1, page_bytes: value, widget_events: 0, widget_bytes: 0 });
  await find();
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeGreaterThan(value);
});
