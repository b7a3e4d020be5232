/** Work about a submission that needs none of its answers, which may be long. A text with accents takes ten milliseconds to read. */
import { StatementSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { recordAccount } from '../../../src/record/accounts/accounts.ts';
import { countChanges } from '../../../src/record/results/count-changes.ts';
import { mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { countByForm } from '../../../src/record/submissions/tallies.ts';
import { draft, NOW, temporarySqlite } from '../../helpers/database.ts';

it('is done without reading them: counting it, and storing an account', async () => {
  const db = await temporarySqlite();
  const { id } = await draft(db);
  await mergeAnswers(db, id, { set: { name: 'é'.repeat(100_000) }, clear: [] }, NOW);
  let longest = 0;
  for (const method of ['all', 'get'] as const) {
    const read = StatementSync.prototype[method];
    vi.spyOn(StatementSync.prototype, method).mockImplementation(function (this: StatementSync, ...values) {
      const rows = read.apply(this, values as never);
      longest = Math.max(longest, JSON.stringify(rows ?? null).length);
      return rows as never;
    });
  }
  const report = { submissionId: id, screen: 'link', providerId: 'p', status: 'CONNECTED', confirmed: true } as const;
  await recordAccount(db, { ...report, accountId: 'a', at: NOW.toISOString(), now: NOW });
  expect(await countChanges(db)).toBe(true);
  vi.restoreAllMocks();
  expect((await countByForm(db, 'driver')).get('driver')).toMatchObject({ started: 1, connected: 1 });
  expect((await db.query.selectFrom('submission_progress').select('state').execute())[0]).toEqual({ state: 'counted' });
  expect(longest).toBeLessThan(10_000);
});
