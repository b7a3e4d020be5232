import { describe, expect, it } from 'vitest';
import { appendEvents, type RecordedEvent } from '../../src/record/events.ts';
import { listEvents, savedScreens } from '../../src/record/event-queries.ts';
import { findSubmission, setSmileUser } from '../../src/record/submissions/submissions.ts';
import { draft, later, NOW, temporaryDatabase } from '../helpers/database.ts';

function event(given: Partial<RecordedEvent>): RecordedEvent {
  return { id: 'e-1', submissionId: null, smileUserId: null, name: 'onAccountConnected', source: 'widget', at: NOW.toISOString(), receivedAt: later(1).toISOString(), data: null, ...given }; // prettier-ignore
}

describe('events', () => {
  it('come back as they were stored, in the order received and not in that of their clocks', async () => {
    const db = await temporaryDatabase();
    const submission = await draft(db);
    const first = event({
      id: 'b',
      submissionId: submission.id,
      at: later(60).toISOString(),
      data: { accountId: 'a-1', list: [1] },
    });
    const second = event({
      id: 'a',
      submissionId: submission.id,
      source: 'page',
      name: 'screen',
      at: NOW.toISOString(),
    });
    expect(await appendEvents(db, [first, second])).toEqual({ stored: ['b', 'a'], repeated: 0 });
    expect(await listEvents(db, submission)).toEqual([first, second]);
    expect(await listEvents(db, submission, { names: ['screen'] })).toEqual([second]);
    expect(await listEvents(db, submission, { names: ['other'] })).toEqual([]);
  });

  it('are stored once, however often they are sent', async () => {
    const db = await temporaryDatabase();
    const submission = await draft(db);
    const [one, two] = [
      event({ id: '1', submissionId: submission.id }),
      event({ id: '2', submissionId: submission.id }),
    ];
    expect(await appendEvents(db, [one, one])).toEqual({ stored: ['1'], repeated: 1 });
    expect(await appendEvents(db, [{ ...one, name: 'changed' }, two])).toEqual({ stored: ['2'], repeated: 1 });
    expect(await appendEvents(db, [])).toEqual({ stored: [], repeated: 0 });
    expect(await listEvents(db, submission)).toEqual([one, two]);
  });

  it('change nothing that Results counts when they are sent again', async () => {
    const db = await temporaryDatabase();
    const submission = await draft(db);
    const changes = () => db.query.selectFrom('result_changes').selectAll().execute();
    const [one, two, three] = ['1', '2', '3'].map((id) => event({ id, submissionId: submission.id }));
    await appendEvents(db, [one!]);
    await appendEvents(db, [two!, three!]);
    const counted = await changes();
    expect(counted.length).toBeGreaterThanOrEqual(2);
    await appendEvents(db, [one!]);
    await appendEvents(db, [one!, two!, three!]);
    expect(await changes()).toEqual(counted);
    await appendEvents(db, [one!, event({ id: '4', submissionId: submission.id })]);
    expect(await changes()).toHaveLength(counted.length + 1);
  });

  it('of saves name each screen once, so that thousands of saves are read quickly', async () => {
    const db = await temporaryDatabase();
    const submission = await draft(db);
    const save = (id: string, data: object) =>
      event({ id, submissionId: submission.id, source: 'server', name: 'answersSaved', data });
    await appendEvents(db, [
      save('1', { screen: 'about', fields: ['name'] }),
      save('2', { screen: 'about', fields: [] }),
      save('3', { screen: 'pay', fields: [] }),
      { ...save('4', { screen: 'forged' }), source: 'page' },
    ]);
    expect((await savedScreens(db, submission)).sort()).toEqual(['about', 'pay']);
    await appendEvents(db, [save('5', { fields: ['name'] })]);
    expect(await savedScreens(db, submission)).toContain(undefined);
  });

  it('have ids of their own in each submission', async () => {
    const db = await temporaryDatabase();
    const [ana, ben] = [await draft(db), await draft(db)];
    expect(
      (await appendEvents(db, [event({ submissionId: ana.id }), event({ submissionId: ben.id })])).stored,
    ).toHaveLength(2);
    expect(await listEvents(db, ben)).toHaveLength(1);
  });

  it('include the webhooks from before their user was known, and none of other users', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const hook = event({ id: 'et-1', source: 'webhook', smileUserId: 'u-1', name: 'ACCOUNT_CONNECTED' });
    await appendEvents(db, [
      hook,
      { ...hook, id: 'et-2', smileUserId: 'u-2' },
      { ...hook, id: 'et-3', smileUserId: null },
    ]);
    expect(await listEvents(db, { id, smileUserId: null })).toEqual([]);
    await setSmileUser(db, id, 'u-1');
    expect(await listEvents(db, (await findSubmission(db, id))!)).toEqual([hook]);
  });

  it('of a webhook are one, with repetitions for any submission', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const hook = event({ source: 'webhook', smileUserId: 'u-1' });
    await appendEvents(db, [hook]);
    expect(await appendEvents(db, [{ ...hook, submissionId: id }])).toEqual({ stored: [], repeated: 1 });
  });

  it('other than webhooks must name their submission', async () => {
    const db = await temporaryDatabase();
    await expect(appendEvents(db, [event({ name: 'onClose' })])).rejects.toThrow('onClose names no submission');
  });

  it('can be neither changed nor deleted', async () => {
    const db = await temporaryDatabase();
    const submission = await draft(db);
    await appendEvents(db, [event({ submissionId: submission.id })]);
    await expect(db.query.updateTable('events').set({ name: 'x' }).execute()).rejects.toThrow('append-only');
    await expect(db.query.deleteFrom('events').execute()).rejects.toThrow('append-only');
    expect(await listEvents(db, submission)).toHaveLength(1);
  });
});
