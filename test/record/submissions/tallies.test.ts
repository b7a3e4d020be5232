/** Counts that every change updates are the same as a complete new count. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/operate/seed/likely.ts';
import { deleteClaims, markRevoked, recordAccount } from '../../../src/record/accounts/accounts.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { erase, eraseLate } from '../../../src/record/erasure.ts';
import { newReference } from '../../../src/record/ids.ts';
import { setSmileUser } from '../../../src/record/submissions/submissions.ts';
import { markSubmitted, mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { addSuspicion } from '../../../src/record/submissions/suspicion.ts';
import {
  countByForm,
  countCompleted,
  rebuildTallies,
  submittedPerDay,
} from '../../../src/record/submissions/tallies.ts';
import { draft, later, NOW, temporaryDatabase } from '../../helpers/database.ts';

const DAYS = 86_400;
const STATUSES = ['PENDING', 'ERROR', 'CONNECTED', 'DISCONNECTED'] as const;

async function told(db: Database) {
  const forms = await countByForm(db);
  const days = await Promise.all(['driver', 'other'].map((form) => submittedPerDay(db, form, NOW, 40)));
  return { forms: [...forms], days: days.map((all) => all.filter(({ submitted }) => submitted)) };
}

/** Does one thing to a submission that can be done to it at any time. Whatever is refused changes nothing. */
async function act(db: Database, id: string, other: string, chance: () => number, now: Date): Promise<unknown> {
  const account = { accountId: `a-${Math.floor(chance() * 12)}`, submissionId: id, screen: 'connect', providerId: 'grab', at: now.toISOString(), now }; // prettier-ignore
  const status = STATUSES[Math.floor(chance() * STATUSES.length)] ?? 'CONNECTED';
  const acts = [
    () => mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, now),
    () => mergeAnswers(db, id, { set: {}, clear: ['name'] }, now),
    () => setSmileUser(db, id, `user-of-${id}`),
    () => markSubmitted(db, id, { answers: {}, reference: newReference(), ending: 'done', outcome: chance() < 0.7 ? 'completed' : 'disqualified', now }), // prettier-ignore
    () => recordAccount(db, { ...account, status, confirmed: chance() < 0.6 }),
    () => recordAccount(db, { ...account, status: 'CONNECTED', confirmed: true, submissionId: other }),
    () => markRevoked(db, account.accountId, now),
    () => deleteClaims(db, [account.accountId], id),
    () => addSuspicion(db, id, { reasons: ['fast'] }),
    () => addSuspicion(db, id, { verdict: chance() < 0.5 ? 'spam' : 'fine' }),
    () => (chance() < 0.3 ? erase(db, id, now) : undefined),
    () => (chance() < 0.3 ? eraseLate(db, id, null, NOW) : undefined),
  ];
  return acts[Math.floor(chance() * acts.length)]?.();
}

describe('the counts of submissions', () => {
  it('are equal to a new count, after any changes', async () => {
    const db = await temporaryDatabase();
    await db.query.insertInto('versions').values({ form: 'other', version: 'v1', definition: '{"screens":[]}', created_at: NOW.toISOString() }).execute(); // prettier-ignore
    const chance = seededRandom(20_261_127);
    const ids: string[] = [];
    for (let number = 0; number < 10; number++) {
      const suspicion = number % 5 === 0 ? (['trap'] as const) : [];
      ids.push((await draft(db, { form: number % 3 ? 'driver' : 'other', suspicion: [...suspicion] })).id);
    }
    const seen = new Set<string>();
    for (let step = 0; step < 300; step++) {
      const [id = '', other = ''] = [ids[Math.floor(chance() * ids.length)], ids[Math.floor(chance() * ids.length)]];
      await act(db, id, other, chance, later(step * (DAYS / 10))).catch((error: Error) => {
        if (!error.message.startsWith('There is no submission')) throw error;
      });
      if (step % 10) continue;
      const kept = await told(db);
      await rebuildTallies(db);
      expect(kept).toEqual(await told(db));
      seen.add(JSON.stringify(kept.forms));
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it('come out right when many write at once', async () => {
    const db = await temporaryDatabase();
    const ids = await Promise.all(Array.from({ length: 60 }, async () => (await draft(db)).id));
    await Promise.all(ids.map((id) => mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW)));
    const sent = { answers: {}, ending: 'done', outcome: 'completed', now: NOW };
    await Promise.all(ids.slice(20).map((id) => markSubmitted(db, id, { ...sent, reference: newReference() })));
    expect((await countByForm(db)).get('driver')).toMatchObject({ started: 60, submitted: 40 });
    expect(await countCompleted(db, 'driver')).toBe(40);
    expect(await submittedPerDay(db, 'driver', NOW, 1)).toMatchObject([{ submitted: 40 }]);
  });
});
