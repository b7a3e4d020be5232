import { describe, expect, it } from 'vitest';

import { appendNew, serverEvent } from '../../../src/record/events.ts';
import { listEvents } from '../../../src/record/event-queries.ts';
import {
  findSubmission,
  findSubmissionBySmileUser,
  setSmileUser,
  setWinkScreen,
} from '../../../src/record/submissions/submissions.ts';
import { markSubmitted, mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { draft, later, NOW, temporaryDatabase } from '../../helpers/database.ts';

const SUBMIT = { answers: { name: 'Ana' }, reference: 'KP4TW7HX', ending: 'done', outcome: 'completed' };

describe('a submission', () => {
  it('starts as a draft without answers', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db, { link: 'fb-nov', params: { customer_id: '42' } });
    expect(await findSubmission(db, id)).toEqual({
      id,
      form: 'driver',
      version: 'v1',
      language: 'en',
      link: 'fb-nov',
      params: { customer_id: '42' },
      answers: {},
      unreadable: {},
      smileUserId: null,
      winkScreen: null,
      winkWidget: 0,
      reference: null,
      ending: null,
      outcome: null,
      createdAt: NOW.toISOString(),
      updatedAt: NOW.toISOString(),
      submittedAt: null,
      erasedAt: null,
      suspicion: [],
      verdict: null,
      stored: '{}',
    });
  });

  it('is not found under an id that was never given', async () => {
    expect(await findSubmission(await temporaryDatabase(), 'nothing')).toBeUndefined();
  });

  it('keeps the answers of other screens when one screen is saved, and loses those that are cleared', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await mergeAnswers(db, id, { set: { name: 'Ana', employer: 'Acme', days: ['mon', 'tue'] }, clear: [] }, NOW);
    await mergeAnswers(db, id, { set: { name: 'Ana María', age: 30 }, clear: ['employer'] }, later(5));
    const saved = await findSubmission(db, id);
    expect(saved).toMatchObject({ updatedAt: later(5).toISOString() });
    expect((await findSubmission(db, id))?.answers).toEqual({ name: 'Ana María', age: 30, days: ['mon', 'tue'] });
  });

  it.each(['saved', 'sent'])('that is %s while the clock is behind does not look older than before', async (how) => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const days = (count: number) => later(count * 86_400);
    const change = (now: Date) =>
      how === 'saved'
        ? mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, now)
        : markSubmitted(db, id, { ...SUBMIT, now });
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, days(2));
    await change(NOW);
    const found = await findSubmission(db, id);
    expect(found?.updatedAt).toBe(days(2).toISOString());
    expect(found?.submittedAt).toBe(how === 'saved' ? null : NOW.toISOString());
  });

  it('gets its time right again after a clock that was years ahead', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, later(3_000 * 86_400));
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, later(5));
    expect((await findSubmission(db, id))?.updatedAt).toBe(later(5).toISOString());
  });

  it('loses no answer when screens are saved at the same time', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const fields = Array.from({ length: 30 }, (_, index) => `field_${index}`);
    await Promise.all(fields.map((field) => mergeAnswers(db, id, { set: { [field]: field }, clear: [] }, NOW)));
    expect(Object.keys((await findSubmission(db, id))?.answers ?? {}).toSorted()).toEqual(fields.toSorted());
  });

  it('refuses answers once it is submitted', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await markSubmitted(db, id, { ...SUBMIT, now: NOW });
    expect(await mergeAnswers(db, id, { set: { name: 'Eve' }, clear: [] }, later(1))).toBe('already_submitted');
    expect((await findSubmission(db, id))?.answers).toEqual({ name: 'Ana' });
  });

  it('is tied to the first user at Smile only', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    expect(await setSmileUser(db, id, 'u-1')).toBe('u-1');
    expect(await setSmileUser(db, id, 'u-2')).toBe('u-1');
    expect((await findSubmissionBySmileUser(db, 'u-1'))?.id).toBe(id);
    expect(await findSubmissionBySmileUser(db, 'u-2')).toBeUndefined();
  });

  it('shares its user at Smile with no other submission', async () => {
    const db = await temporaryDatabase();
    await setSmileUser(db, (await draft(db)).id, 'u-1');
    await expect(setSmileUser(db, (await draft(db)).id, 'u-1')).rejects.toThrow(/unique/i);
  });

  it('remembers the Wink screen opened last', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    await setWinkScreen(db, id, 'connect');
    expect((await findSubmission(db, id))?.winkScreen).toBe('connect');
  });
});

describe('submitting', () => {
  it('is done once: a repeated call changes nothing and returns the first result', async () => {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    expect(await markSubmitted(db, id, { ...SUBMIT, now: later(1) })).toEqual({
      reference: 'KP4TW7HX',
      ending: 'done',
    });
    const stored = await findSubmission(db, id);
    expect(stored).toMatchObject({
      answers: { name: 'Ana' },
      outcome: 'completed',
      submittedAt: later(1).toISOString(),
    });
    const again = { answers: {}, reference: 'XXXXXXXX', ending: 'not_yet', outcome: 'disqualified', now: later(2) };
    expect(await markSubmitted(db, id, again)).toEqual({ reference: 'KP4TW7HX', ending: 'done' });
    expect(await findSubmission(db, id)).toEqual(stored);
  });

  it('gives no reference twice: the transaction is run again, and draws another', async () => {
    const db = await temporaryDatabase();
    await markSubmitted(db, (await draft(db)).id, { ...SUBMIT, now: NOW });
    const { id } = await draft(db);
    const drawn = ['KP4TW7HX', 'CDFHJKMN'];
    const second = await db.transaction(async (trx) => {
      const stored = await markSubmitted(trx, id, { ...SUBMIT, reference: drawn.shift() ?? '', now: NOW });
      await appendNew(trx, serverEvent(id, 'submitted', {}, NOW));
      return stored;
    });
    expect(second.reference).toBe('CDFHJKMN');
    const found = await findSubmission(db, id);
    expect(found?.reference).toBe('CDFHJKMN');
    expect(await listEvents(db, { id, smileUserId: null })).toHaveLength(1);
  });

  it('fails, and stores nothing, when the same taken reference is drawn again and again', async () => {
    const db = await temporaryDatabase();
    await markSubmitted(db, (await draft(db)).id, { ...SUBMIT, now: NOW });
    const { id } = await draft(db);
    await expect(markSubmitted(db, id, { ...SUBMIT, now: NOW })).rejects.toThrow(/unique/i);
    expect((await findSubmission(db, id))?.submittedAt).toBeNull();
  });
});
