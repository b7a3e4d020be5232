/** A save stores all answers of its submission again, so its size is that of all of them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveAnswers } from '../../src/respond/answers.ts';
import type { Services } from '../../src/respond/services.ts';
import { beforePapers, openPapers } from '../helpers/api/papers.ts';
import { ask, type TestSite } from '../helpers/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openPapers();
});
afterAll(() => site.close());

it('is told before it is stored, and can still be refused', async () => {
  const draft = await beforePapers(site);
  const { db, catalog } = site;
  const services = { db, catalog, now: () => new Date() } as unknown as Services;
  const answers = async () => (await ask<{ answers: object }>(site, `submissions/${draft.id}`)).answers;
  const before = await answers();
  let size = 0;
  const save = (refuse: (bytes: number) => void) =>
    saveAnswers(services, draft, { screen: 'about', answers: { full_name: 'Ñandú' } }, 'one-key', refuse);
  const tooMuch = (bytes: number) => {
    size = bytes;
    throw new Error('too much');
  };

  await expect(save(tooMuch)).rejects.toThrow('too much');

  expect(await answers()).toEqual(before);
  expect((await save(() => undefined)).ok).toBe(true);
  expect(size).toBe(Buffer.byteLength(JSON.stringify(await answers())));
  // A repeated save stores nothing, so it has no size.
  expect((await save(tooMuch)).ok).toBe(true);
});
