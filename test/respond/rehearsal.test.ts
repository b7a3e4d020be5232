/** A version that is not published yet, tried with the submissions that are stored. */
import { describe, expect, it } from 'vitest';
import { rehearsalInWords, type Rehearsal } from '../../src/form/changes/rehearsal.ts';
import type { Answers } from '../../src/form/runtime/condition.ts';
import type { Form } from '../../src/form/schema.ts';
import { recordAccount } from '../../src/record/accounts/accounts.ts';
import type { Database } from '../../src/record/db/database.ts';
import { newReference } from '../../src/record/ids.ts';
import { markSubmitted, mergeAnswers } from '../../src/record/submissions/save-answers.ts';
import { createSubmission } from '../../src/record/submissions/submissions.ts';
import { addSuspicion } from '../../src/record/submissions/suspicion.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { currentForm } from '../../src/record/forms/form-states.ts';
import { rehearseForm } from '../../src/respond/rehearsal/rehearse-form.ts';
import { rehearse, type Fate } from '../../src/respond/rehearsal/rehearse.ts';
import { compile } from '../helpers/compile.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';

const DRIVER = `
title: Drive
screens:
  - id: start
    title: Start
    fields:
      - { id: age, type: number, label: Your age, required: true }
      - { id: city, type: radio, label: City, required: true, options: [Manila, Cebu, Pampanga] }
    next: [{ when: { age: { less_than: 18 } }, go: declined }]
  - id: car
    title: Your car
    fields:
      - { id: plate, type: text, label: Plate number, required: true }
      - { id: since, type: date, label: Free from, min: today }
      - { id: tax, type: text, label: Tax number, sensitive: true }
endings:
  - { id: done, title: Thank you }
  - { id: declined, title: Declined, outcome: disqualified }
`;

const before = compile(DRIVER, 'driver.yaml');
const edited = (...edits: [part: string, by: string][]): Form =>
  compile(
    edits.reduce((text, [part, by]) => {
      if (!text.includes(part)) throw new Error(`The form has no ${part}`);
      return text.replace(part, () => by);
    }, DRIVER),
    'driver.yaml',
  );

const STRICTER = edited(['less_than: 18', 'less_than: 21']);
const EIGHT_LETTERS = edited(['label: Plate number,', 'label: Plate number, min_length: 8,']);
const ADULT: Answers = { age: 30, city: 'Cebu', plate: 'NAB 123' };

describe('one submission, tried with another version', () => {
  const fate = (after: Form, answers: Answers): Fate =>
    rehearse({ form: before, answers }, { form: after, answers }, 'en', NOW);

  it.each<[string, Form, Answers, Fate]>([
    ['ends as before', edited(['label: City', 'label: Town']), ADULT, { kind: 'same' }],
    ['ends elsewhere', STRICTER, { ...ADULT, age: 19 }, { kind: 'ends', ending: 'declined' }],
    [
      'is asked again for an answer that counts no more',
      EIGHT_LETTERS,
      ADULT,
      { kind: 'asked', stops: [{ id: 'plate', again: true }] },
    ],
    [
      'is asked for a removed option',
      edited([', Pampanga]', ']']),
      { ...ADULT, city: 'Pampanga' },
      { kind: 'asked', stops: [{ id: 'city', again: true }] },
    ],
    [
      'is also asked for a new question on a screen that it has passed',
      edited(['    next:', '      - { id: license, type: text, label: License, required: true }\n    next:']),
      { age: 30, city: 'Cebu' },
      { kind: 'asked', stops: [{ id: 'license', again: false }] },
    ],
    [
      'is also asked on a new screen before the one where it waits',
      edited(['  - id: car', '  - id: more\n    title: More\n    fields: [{ id: license, type: text, label: License, required: true }]\n  - id: car']), // prettier-ignore
      { age: 30, city: 'Cebu' },
      { kind: 'asked', stops: [{ id: 'license', again: false }] },
    ],
    [
      'waits where it waits now, also for a new question there',
      edited([
        '      - { id: plate',
        '      - { id: color, type: text, label: Color, required: true }\n      - { id: plate',
      ]),
      { age: 30, city: 'Cebu' },
      { kind: 'same' },
    ],
    [
      'goes past the question where it waits, if that is optional now',
      edited(['label: Plate number, required: true', 'label: Plate number']),
      { age: 30, city: 'Cebu' },
      { kind: 'ends', ending: 'done' },
    ],
  ])('%s', (_what, after, answers, expected) => {
    expect(fate(after, answers)).toEqual(expected);
  });

  it('breaks if its way never ends', () => {
    const [start, car] = before.screens;
    const looped = { ...before, screens: [start!, { ...car!, next: [{ go: 'start' }] }] };
    expect(fate(looped, ADULT)).toEqual({ kind: 'breaks' });
  });
});

/** A form in the database, of which submissions can be made. */
async function openForm(form = before) {
  const db = await temporaryDatabase();
  const version = await saveVersion(db, form, NOW);
  const make = async (answers: Answers, { ending = '', at = NOW } = {}): Promise<string> => {
    const { id } = await createSubmission(db, { form: form.slug, version, language: 'en', params: {}, now: at });
    await mergeAnswers(db, id, { set: answers, clear: [] }, at);
    const sent = { answers, reference: newReference(), ending, outcome: 'completed', now: at };
    if (ending) await markSubmitted(db, id, sent);
    return id;
  };
  const tryWith = async (after: Form, now = later(60)): Promise<Rehearsal> =>
    rehearseForm({ db, now: () => now }, (await currentForm(db, form.slug)) ?? form, after);
  return { db, make, tryWith };
}

const words = (rehearsal: Rehearsal, after: Form): string[] => rehearsalInWords(rehearsal, before, after);

describe('the submissions of a form, tried with a new version', () => {
  it('are summed as sentences', async () => {
    const { make, tryWith } = await openForm();
    for (const age of [18, 19, 20, 40]) await make({ ...ADULT, age }, { ending: 'done' });
    await make({ age: 30, city: 'Cebu' });
    expect(words(await tryWith(STRICTER), STRICTER)).toEqual([
      'Flipsite tried 4 sent submissions and 1 unfinished submission with the new version.',
      '3 sent submissions would now end at “Declined”.',
      'All of them can still reach an ending.',
      'Unfinished submissions keep the version that they were started on, so this counts for new people.',
    ]);
    expect(words(await tryWith(EIGHT_LETTERS), EIGHT_LETTERS)).toEqual(
      expect.arrayContaining([
        '4 sent submissions would be asked for “Plate number” again.',
        'All of them can still reach an ending.',
      ]),
    );
    expect(words(await tryWith(before), before)).toContain('All of them end as before.');
  });

  it('name lost answers, but no sensitive ones', async () => {
    const { make, tryWith } = await openForm();
    await make({ ...ADULT, city: 'Pampanga', tax: '1' }, { ending: 'done' });
    await make({ ...ADULT, city: 'Pampanga' });
    const after = edited([', Pampanga]', ']'], ['      - { id: tax, type: text, label: Tax number, sensitive: true }\n', '']); // prettier-ignore
    const rehearsal = await tryWith(after);
    expect(words(rehearsal, after)).toEqual(
      expect.arrayContaining([
        '2 people chose “Pampanga” for “City”, which is no longer offered. Their answers stay.',
        '1 person answered “Tax number”, which is no longer asked. Their answers stay.',
        '1 sent submission and 1 unfinished submission would be asked for “City” again.',
      ]),
    );

    const sensitive = edited(['type: radio, label: City', 'type: radio, sensitive: true, label: City']);
    const secret = await openForm(sensitive);
    await secret.make({ ...ADULT, city: 'Pampanga' });
    const lessSecret = edited(['type: radio, label: City', 'type: radio, sensitive: true, label: City'], [', Pampanga]', ']']); // prettier-ignore
    const sentences = words(await secret.tryWith(lessSecret), lessSecret);
    expect(sentences).toContain('1 person chose an option for “City”, which is no longer offered. Their answers stay.');
    expect(sentences.join()).not.toContain('Pampanga');
  });

  it('are read with their sensitive answers, which stay sealed in the store', async () => {
    const { db, make, tryWith } = await openForm();
    const id = await make({ ...ADULT, tax: 'TAX-123' });
    const longer = edited(['label: Tax number,', 'label: Tax number, min_length: 9,']);
    expect((await tryWith(longer)).asked).toEqual([{ id: 'tax', again: true, drafts: 1, sent: 0 }]);
    const { answers } = await rowOf(db, id);
    expect(answers).not.toContain('TAX-123');

    // As after a lost key.
    const broken = answers.replace(/("\$sealed":")[^"]+/, '$1gone');
    await db.query.updateTable('submissions').set({ answers: broken }).where('id', '=', id).execute();
    const rehearsal = await tryWith(longer);
    expect(rehearsal).toMatchObject({ unreadable: 1, asked: [], tried: { drafts: 0 } });
  });

  it('count a date as on the day when it was sent', async () => {
    const { make, tryWith } = await openForm();
    await make({ ...ADULT, since: '2026-11-25' }, { ending: 'done' });
    const after = edited(['    next: [{ when: { age: { less_than: 18 } }, go: declined }]\n', ''], ['  - { id: done, title: Thank you }\n', ''], ['outcome: disqualified }', 'outcome: disqualified }\n  - { id: done, title: Thank you }'], ['      - { id: tax, type: text, label: Tax number, sensitive: true }', '      - { id: tax, type: text, label: Tax number, sensitive: true }\n    next: [{ when: { age: 99 }, go: done }]']); // prettier-ignore
    const { ends, asked } = await tryWith(after, later(30 * 86_400));
    expect([ends, asked]).toEqual([[{ ending: 'declined', drafts: 0, sent: 1 }], []]);
  });

  it('are those that people can still finish, and the last 200 sent ones, without robots and empty drafts', async () => {
    const { db, make, tryWith } = await openForm();
    for (let sent = 0; sent < 203; sent++) await make(ADULT, { ending: 'done', at: later(sent / 100) });
    await addSuspicion(db, await make(ADULT), { reasons: ['trap'] });
    await make({});
    await make(ADULT, { at: later(-61 * 86_400) });
    await make(ADULT);
    expect((await tryWith(before)).tried).toEqual({ drafts: 1, sent: 200 });
  });

  it('are compared with the published version, also if they were started on an older one', async () => {
    const { db, make, tryWith } = await openForm();
    await make({ ...ADULT, age: 19 }, { ending: 'done' });
    expect((await tryWith(STRICTER)).ends).toEqual([{ ending: 'declined', drafts: 0, sent: 1 }]);
    await saveVersion(db, STRICTER, later(1));
    expect((await tryWith(STRICTER)).ends).toEqual([]);
    expect((await tryWith(before)).ends).toEqual([{ ending: 'done', drafts: 0, sent: 1 }]);
  });

  it('end as before where they end as they were sent, though the published version would ask for more', async () => {
    const { db, make, tryWith } = await openForm();
    await make(ADULT, { ending: 'done' });
    const asksMore = edited(['      - { id: since', '      - { id: color, type: text, label: Color, required: true }\n      - { id: since']); // prettier-ignore
    await saveVersion(db, asksMore, later(1));
    expect(words(await tryWith(before), before)).toContain('It ends as before.');
  });

  it('pass a Wink screen with their account, and stop at one that asks for more', async () => {
    const connect = (require: string) =>
      compile(
        `
title: Connect
screens:
  - { id: connect, title: Connect your account, wink: { require: ${require} } }
endings: [{ id: done, title: Thank you }]
`,
        'driver.yaml',
      );
    const { db, make, tryWith } = await openForm(connect('any'));
    const id = await make({ nothing: 'x' });
    const account = { accountId: 'a1', submissionId: id, screen: 'connect', providerId: 'metro' };
    await recordAccount(db, { ...account, status: 'CONNECTED', confirmed: true, at: NOW.toISOString(), now: NOW });
    expect((await tryWith(connect('connected'))).asked).toEqual([]);
    const uploads = connect('uploaded');
    const rehearsal = await tryWith(uploads);
    expect(rehearsal.asked).toEqual([{ id: 'connect', again: true, drafts: 1, sent: 0 }]);
    expect(rehearsalInWords(rehearsal, connect('any'), uploads)).toContain(
      '1 unfinished submission would stop at the Wink widget on “Connect your account”.',
    );
  });

  it('let the server answer other requests after each of them', async () => {
    const { make, tryWith } = await openForm();
    for (let made = 0; made < 30; made++) await make(ADULT);
    let turns = 0;
    let over = false;
    const turn = () => void (turns++, over || setImmediate(turn));
    turn();
    await tryWith(before);
    over = true;
    expect(turns).toBeGreaterThan(30);
  });

  it('are none of a form without submissions', async () => {
    const { tryWith } = await openForm();
    expect(words(await tryWith(STRICTER), STRICTER)).toEqual(['There are no submissions to try the new version with.']);
  });
});

const rowOf = (db: Database, id: string) =>
  db.query.selectFrom('submissions').select('answers').where('id', '=', id).executeTakeFirstOrThrow();
