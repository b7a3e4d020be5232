/** A second of `npm run flood`, or some in the long run. */
import { expect, it } from 'vitest';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { LONG } from '../../helpers/run/long.ts';
import { flood } from './flood-run.ts';

it('a flood leaves bounded rows, everybody else saves, and the site starts again', { timeout: 120_000 }, async () => {
  const { answers, saves, failed, rows, eventBytes, exits } = await flood({
    seconds: LONG ? 5 : 1,
    heapMb: 512,
    together: 12,
  });
  expect(saves.length).toBeGreaterThan(0);
  expect([failed, exits, answers['500'], answers['no answer']]).toEqual([0, [0, 0], undefined, undefined]);
  // Large batches, names of the server's events, and requests above a limit are each refused by their code.
  expect(Object.keys(answers)).toEqual(expect.arrayContaining(['200', '400', '413', '404']));
  const most = SITE_LIMITS.pageEventBytes.value + SITE_LIMITS.widgetEventBytes.value + 100_000;
  expect(eventBytes).toBeLessThan((rows['submissions'] ?? 0) * most);
  expect(rows['accounts']).toBeLessThanOrEqual((rows['submissions'] ?? 0) * SITE_LIMITS.claimedAccounts.value);
});
