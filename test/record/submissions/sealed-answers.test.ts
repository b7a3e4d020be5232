/** Sensitive answers are plain to callers of the record, and sealed in its file. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseForm } from '../../../src/form/parse.ts';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { runOnce } from '../../../src/record/idempotency.ts';
import { listSubmissions } from '../../../src/record/submissions/submission-list.ts';
import { createSubmission, findSubmission } from '../../../src/record/submissions/submissions.ts';
import { markSubmitted, mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { saveVersion } from '../../../src/record/versions.ts';
import { NOW, SECRET, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';

const parsed = parseForm(
  'loan.yaml',
  `
title: Loan
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Name }
      - { id: tax, type: text, label: Tax number, sensitive: true }
      - { id: pay, type: number, label: Pay, sensitive: true }
      - { id: yearly, type: computed, label: Yearly, value: pay * 12 }
      - id: kinds
        type: checkboxes
        label: Kinds
        sensitive: true
        options: [{ value: a, label: A }, { value: b, label: B }]
      - { id: home, type: address, label: Home, sensitive: true }
endings: [{ id: done, title: Done }]
`,
  NOW,
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
const { form } = parsed;

const ANSWERS = {
  full_name: 'Ana',
  tax: 'TAX-123-456',
  pay: 98_765,
  yearly: 1_185_180,
  kinds: ['a', 'b'],
  home: { city: 'Zamboanga' },
};
const SECRETS = /TAX-123|98765|1185180|\["a","b"\]|Zamboanga/;

async function draft(db: Database) {
  const version = await saveVersion(db, form, NOW);
  const { id } = await createSubmission(db, { form: 'loan', version, language: 'en', params: {}, now: NOW });
  return id;
}

const rawAnswers = async (db: Database, id: string): Promise<string> =>
  (await db.query.selectFrom('submissions').select('answers').where('id', '=', id).executeTakeFirstOrThrow()).answers;

const submit = (db: Database, id: string, answers = ANSWERS) =>
  markSubmitted(db, id, { answers, reference: 'KP4TW7HX', ending: 'done', outcome: 'completed', now: NOW });

describe('sensitive answers', () => {
  it('are given back as they were, of every kind, before and after submitting', async () => {
    const db = await temporaryDatabase();
    const id = await draft(db);
    await mergeAnswers(db, id, { set: ANSWERS, clear: [] }, NOW);
    expect(await findSubmission(db, id)).toMatchObject({ answers: ANSWERS, unreadable: {} });
    await submit(db, id);
    expect((await findSubmission(db, id))?.answers).toEqual(ANSWERS);
    expect((await listSubmissions(db, { form: 'loan', limit: 5 })).items[0]?.answers).toEqual(ANSWERS);
  });

  it('are encrypted in the store, as are the values computed from them; others are in clear', async () => {
    const db = await temporaryDatabase();
    const id = await draft(db);
    for (const write of [() => mergeAnswers(db, id, { set: ANSWERS, clear: [] }, NOW), () => submit(db, id)]) {
      await write();
      const stored = JSON.parse(await rawAnswers(db, id)) as Record<string, unknown>;
      expect(stored['full_name']).toBe('Ana');
      for (const field of ['tax', 'pay', 'yearly', 'kinds', 'home']) {
        expect(stored[field]).toEqual({ $sealed: expect.stringMatching(/^sealed:1:/) });
      }
    }
  });

  it('are nowhere in the files of the database, not even as a hash that can be guessed', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const db = await openDatabase(path, [SECRET]);
    const id = await draft(db);
    const attempt = { scope: id, key: 'k', body: ANSWERS, now: NOW };
    await runOnce(db, attempt, (trx) => mergeAnswers(trx, id, { set: ANSWERS, clear: [] }, NOW).then(() => 'ok'));
    await submit(db, id);
    const files = readdirSync(dirname(path)).map((name) => readFileSync(join(dirname(path), name), 'latin1'));
    await closeDatabase(db);
    expect(files.join('')).toContain('Ana');
    expect(files.join('')).not.toMatch(SECRETS);
  });

  it('are not found by a search, nor is the word for a seal', async () => {
    const db = await temporaryDatabase();
    const id = await draft(db);
    await mergeAnswers(db, id, { set: ANSWERS, clear: [] }, NOW);
    const found = async (search: string) =>
      (await listSubmissions(db, { form: 'loan', limit: 5, search })).items.length;
    expect(await found('Ana')).toBe(1);
    for (const search of ['TAX-123-456', '98765', 'Zamboanga', 'sealed']) expect(await found(search), search).toBe(0);
  });

  it('cannot be moved to another submission or field', async () => {
    const db = await temporaryDatabase();
    const [mine, theirs] = [await draft(db), await draft(db)];
    await mergeAnswers(db, mine, { set: ANSWERS, clear: [] }, NOW);
    const stored = JSON.parse(await rawAnswers(db, mine)) as Record<string, unknown>;
    const moved = JSON.stringify({ full_name: stored['tax'], tax: stored['pay'] });
    await db.query.updateTable('submissions').set({ answers: moved }).where('id', '=', mine).execute();
    await db.query
      .updateTable('submissions')
      .set({ answers: JSON.stringify(stored) })
      .where('id', '=', theirs)
      .execute();
    for (const id of [mine, theirs]) {
      const read = await findSubmission(db, id);
      expect(JSON.stringify(read)).not.toMatch(SECRETS);
      expect(read?.unreadable['tax']).toMatch(/^It was changed, shortened or moved/);
    }
  });

  it('a text that looks like a seal is a text', async () => {
    const db = await temporaryDatabase();
    const id = await draft(db);
    await mergeAnswers(db, id, { set: { full_name: 'sealed:1:00000000:a:b:c' }, clear: [] }, NOW);
    expect((await findSubmission(db, id))?.answers).toEqual({ full_name: 'sealed:1:00000000:a:b:c' });
  });
});

describe('with another key', () => {
  const other = Buffer.alloc(32, 9);

  async function reopened(secrets: Buffer[]) {
    const path = join(temporaryFolder(), 'flipsite.db');
    const first = await openDatabase(path, [SECRET]);
    const id = await draft(first);
    await mergeAnswers(first, id, { set: ANSWERS, clear: [] }, NOW);
    await closeDatabase(first);
    return { id, path, db: await openDatabase(path, secrets) };
  }

  it.each([
    ['another', [other]],
    ['no', []],
  ])(
    '%s key leaves the other answers readable, in lists too, and gives each encrypted answer a remedy',
    async (_, secrets) => {
      const { db, id } = await reopened(secrets);
      const read = await findSubmission(db, id);
      expect(read?.answers).toEqual({ full_name: 'Ana' });
      expect(Object.keys(read?.unreadable ?? {})).toEqual(['tax', 'pay', 'yearly', 'kinds', 'home']);
      expect(read?.unreadable['tax']).toMatch(/another SECRET_KEY .* add it to FORMER_SECRET_KEYS/);
      const [item] = (await listSubmissions(db, { form: 'loan', limit: 5 })).items;
      expect(read).toMatchObject({ ...item });
      await closeDatabase(db);
    },
  );

  it('saving another answer keeps answers that cannot be opened, and submitting is refused rather than losing them', async () => {
    const { db, id, path } = await reopened([other]);
    await mergeAnswers(db, id, { set: { full_name: 'Ben', tax: 'TAX-999' }, clear: [] }, NOW);
    expect((await findSubmission(db, id))?.answers).toEqual({ full_name: 'Ben', tax: 'TAX-999' });
    await expect(submit(db, id)).rejects.toThrow(/its answer to pay cannot be opened.*FORMER_SECRET_KEYS/);
    await closeDatabase(db);
    const both = await openDatabase(path, [other, SECRET]);
    expect((await findSubmission(both, id))?.answers).toEqual({ ...ANSWERS, full_name: 'Ben', tax: 'TAX-999' });
    await closeDatabase(both);
  });
});
