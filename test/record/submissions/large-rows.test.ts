/** Large answers and events of a submission, which keep no one waiting. A text with accents takes ten milliseconds to read. */
import { StatementSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { recordAccount } from '../../../src/record/accounts/accounts.ts';
import { appendEvents } from '../../../src/record/events.ts';
import { countChanges } from '../../../src/record/results/count-changes.ts';
import { mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { countByForm } from '../../../src/record/submissions/tallies.ts';
import { draft, NOW, temporarySqlite } from '../../helpers/database.ts';

/** Calls `each` with the size of the rows of each statement, as JSON. */
function onRead(each: (characters: number) => void): void {
  const read = StatementSync.prototype.all as (...values: unknown[]) => Record<string, never>[];
  vi.spyOn(StatementSync.prototype, 'all').mockImplementation(function (this: StatementSync, ...values: unknown[]) {
    const rows = read.apply(this, values);
    each(JSON.stringify(rows).length);
    return rows;
  });
}

it('is counted, and gets an account, without reading its answers', async () => {
  const db = await temporarySqlite();
  const { id } = await draft(db);
  await mergeAnswers(db, id, { set: { name: 'é'.repeat(100_000) }, clear: [] }, NOW);
  let longest = 0;
  onRead((characters) => (longest = Math.max(longest, characters)));
  const report = { submissionId: id, screen: 'link', providerId: 'p', status: 'CONNECTED', confirmed: true } as const;
  await recordAccount(db, { ...report, accountId: 'a', at: NOW.toISOString(), now: NOW });
  expect(await countChanges(db)).toBe(true);
  vi.restoreAllMocks();
  expect((await countByForm(db, 'driver')).get('driver')).toMatchObject({ started: 1, connected: 1 });
  expect((await db.query.selectFrom('submission_progress').select('state').execute())[0]).toEqual({ state: 'counted' });
  expect(longest).toBeLessThan(10_000);
});

it('is counted in short pieces, however large the events are that a browser sent', async () => {
  const db = await temporarySqlite();
  for (let n = 0; n < 200; n++) {
    const { id } = await draft(db);
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
    const at = NOW.toISOString();
    const event = { id: 'e', submissionId: id, smileUserId: null, name: 'onUIEvent', source: 'widget', at, receivedAt: at } as const; // prettier-ignore
    await appendEvents(db, [{ ...event, data: { text: 'x'.repeat(n < 150 ? 10 : 100_000) } }]);
  }
  let [clock, before, longest, isOn] = [0, 0, 0, true];
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  // As on a slow machine: a millisecond for each 5,000 characters.
  onRead((characters) => (clock += characters / 5_000));
  const watched = (async () => {
    for (; isOn; before = clock) {
      await new Promise((turn) => setImmediate(turn));
      longest = Math.max(longest, clock - before);
    }
  })();
  expect(await countChanges(db)).toBe(true);
  isOn = false;
  await watched;
  vi.restoreAllMocks();
  expect(await db.query.selectFrom('submission_progress').select('submission_id').execute()).toHaveLength(200);
  expect(longest).toBeLessThan(100);
});
