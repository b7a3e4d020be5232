import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/record/db/database.ts';
import { appendEvents } from '../../src/record/events.ts';
import { listEvents } from '../../src/record/event-queries.ts';
import { storeIfFirst, runOnce } from '../../src/record/idempotency.ts';
import { findSubmission } from '../../src/record/submissions/submissions.ts';
import { mergeAnswers } from '../../src/record/submissions/save-answers.ts';
import { draft, NOW, temporaryDatabase } from '../helpers/database.ts';

const attempt = { scope: 's-1', key: 'k-1', body: { answers: { name: 'Ana', age: 3 } }, now: NOW };

describe('a write with a key', () => {
  it('runs once, and answers the same to a repetition whose keys come in another order', async () => {
    const db = await temporaryDatabase();
    const run = async () => ({ id: (await draft(db)).id });
    const first = await runOnce(db, attempt, async (trx) => ({ id: (await draft(trx)).id }));
    const again = await runOnce(db, { ...attempt, body: { answers: { age: 3, name: 'Ana' } } }, run);
    expect(first).toMatchObject({ replayed: false });
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('is a conflict when the body is another one', async () => {
    const db = await temporaryDatabase();
    await runOnce(db, attempt, async () => 1);
    expect(await runOnce(db, { ...attempt, body: { answers: {} } }, async () => 2)).toEqual({ conflict: true });
  });

  it('has its key to itself in its scope', async () => {
    const db = await temporaryDatabase();
    await runOnce(db, attempt, async () => 1);
    expect(await runOnce(db, { ...attempt, scope: 's-2' }, async () => 2)).toEqual({ response: 2, replayed: false });
  });

  it('stores once when it is called 50 times at once', async () => {
    const db = await temporaryDatabase();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => runOnce(db, attempt, async (trx) => ({ id: (await draft(trx)).id }))),
    );
    expect(await db.query.selectFrom('submissions').select('id').execute()).toHaveLength(1);
    expect(new Set(results.map((result) => !result.conflict && result.response.id)).size).toBe(1);
    expect(results.filter((result) => !result.conflict && !result.replayed)).toHaveLength(1);
  });

  it('leaves nothing behind when it fails, so that it can be tried again', async () => {
    const db = await temporaryDatabase();
    let id = '';
    const failing = runOnce(db, attempt, async (trx) => {
      ({ id } = await draft(trx));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await findSubmission(db, id)).toBeUndefined();
    expect(await runOnce(db, attempt, async () => 'done')).toEqual({ response: 'done', replayed: false });
  });

  it('stores answers and events together or not at all', async () => {
    const db = await temporaryDatabase();
    const submission = await draft(db);
    const save = (submissionId: string) =>
      runOnce(db, attempt, async (trx) => {
        await mergeAnswers(trx, submission.id, { set: { name: 'Ana' }, clear: [] }, NOW);
        const at = NOW.toISOString();
        return appendEvents(trx, [{ id: '1', submissionId, smileUserId: null, name: 'saved', source: 'server', at, receivedAt: at, data: {} }]); // prettier-ignore
      });
    await expect(save('no such submission')).rejects.toThrow(/foreign key/i);
    expect((await findSubmission(db, submission.id))?.answers).toEqual({});
    await save(submission.id);
    expect((await findSubmission(db, submission.id))?.answers).toEqual({ name: 'Ana' });
    expect(await listEvents(db, submission)).toHaveLength(1);
  });

  it('can be inside another one', async () => {
    const db = await temporaryDatabase();
    const result = await runOnce(db, attempt, (trx) => runOnce(trx, { ...attempt, key: 'k-2' }, async () => 7));
    expect(result).toEqual({ response: { response: 7, replayed: false }, replayed: false });
  });
});

describe('the result of a write with a claimed key', () => {
  const claimed = (db: Database, given: Partial<typeof attempt> & { withinMs?: number }, response: number) =>
    db.transaction((trx) => storeIfFirst(trx, { ...attempt, ...given }, response));

  it('is the answer to every repetition, and a conflict for another body', async () => {
    const db = await temporaryDatabase();
    expect(await claimed(db, {}, 1)).toEqual({ response: 1, replayed: false });
    expect(await claimed(db, {}, 2)).toEqual({ response: 1, replayed: true });
    expect(await runOnce(db, attempt, async () => 3)).toEqual({ response: 1, replayed: true });
    expect(await claimed(db, { body: { answers: { name: 'Eve', age: 3 } } }, 4)).toEqual({ conflict: true });
  });

  it('is claimed by one of 50 that come at once', async () => {
    const db = await temporaryDatabase();
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => claimed(db, {}, index)));
    expect(new Set(results.map((result) => !result.conflict && result.response)).size).toBe(1);
    expect(results.filter((result) => !result.conflict && !result.replayed)).toHaveLength(1);
  });

  it('can be claimed again once it is older than the time for which Flipsite remembers it', async () => {
    const db = await temporaryDatabase();
    const at = (ms: number) => ({ now: new Date(NOW.getTime() + ms), withinMs: 1_000 });
    await claimed(db, at(0), 1);
    expect(await claimed(db, at(1_000), 2)).toEqual({ response: 1, replayed: true });
    expect(await claimed(db, at(1_001), 3)).toEqual({ response: 3, replayed: false });
  });
});

describe('a write without a key', () => {
  it('runs each time, in a transaction', async () => {
    const db = await temporaryDatabase();
    let runs = 0;
    const run = () =>
      runOnce(db, { ...attempt, key: undefined }, async (trx) => ({ run: ++runs, inside: trx.isTransaction }));
    expect(await run()).toEqual({ response: { run: 1, inside: true }, replayed: false });
    expect(await run()).toEqual({ response: { run: 2, inside: true }, replayed: false });
  });
});
