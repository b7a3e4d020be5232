import { describe, expect, it } from 'vitest';
import type { Form } from '../../src/form/schema.ts';
import { allVersions, findVersion, saveVersion } from '../../src/record/versions.ts';
import { currentForms, markFault, markFormRemoved } from '../../src/record/forms/form-states.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';

function form(given: Partial<Form> = {}): Form {
  return {
    slug: 'driver',
    title: { en: 'Become a driver', es: 'Conductor' },
    languages: ['en', 'es'],
    params: [],
    screens: [{ id: 'about', title: 'About you', fields: [], next: [] }],
    endings: [{ id: 'done', title: 'Thank you', outcome: 'completed' }],
    examples: [],
    ...given,
  } as Form;
}

describe('the version of a form', () => {
  it('is 16 hexadecimal digits that stay the same under another order of keys and other examples', async () => {
    const db = await temporaryDatabase();
    const version = await saveVersion(db, form(), NOW);
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    const reordered = Object.fromEntries(
      Object.entries(form({ title: { es: 'Conductor', en: 'Become a driver' } })).toReversed(),
    );
    expect(await saveVersion(db, reordered as Form, NOW)).toBe(version);
    const examples = [{ name: 'one', answers: {}, ends: 'done' }];
    expect(await saveVersion(db, form({ examples }), NOW)).toBe(version);
  });

  it('is another one when a text or the order of screens changes', async () => {
    const db = await temporaryDatabase();
    const [one, two] = ['one', 'two'].map((id) => ({ ...form().screens[0]!, id }));
    const versions = [
      await saveVersion(db, form(), NOW),
      await saveVersion(db, form({ title: 'Drive' }), NOW),
      await saveVersion(db, form({ screens: [one!, two!] }), NOW),
      await saveVersion(db, form({ screens: [two!, one!] }), NOW),
    ];
    expect(new Set(versions).size).toBe(4);
  });

  it('can be read after a newer one is published, and be published again', async () => {
    const db = await temporaryDatabase();
    const first = await saveVersion(db, form(), NOW);
    const second = await saveVersion(db, form({ title: 'Drive' }), later(1));
    expect(await findVersion(db, 'driver', first)).toEqual(form());
    expect(await currentForms(db)).toMatchObject([{ version: second, form: { title: 'Drive' } }]);
    await saveVersion(db, form(), later(2));
    expect(await currentForms(db)).toMatchObject([{ version: first }]);
    expect(await findVersion(db, 'driver', 'unknown')).toBeUndefined();
    expect(await findVersion(db, 'other', first)).toBeUndefined();
  });

  it('can be read with all others, the newest first, some at a time, and the site answers in between', async () => {
    const db = await temporaryDatabase();
    const titles = Array.from({ length: 12 }, (_, n) => `Title ${n}`);
    for (const [n, title] of titles.entries()) await saveVersion(db, form({ slug: 'rider', title }), later(n));
    await saveVersion(db, form({ slug: 'other' }), NOW);
    let isAnswered = false;
    setImmediate(() => (isAnswered = true));
    const all = await allVersions(db, 'rider');
    expect(isAnswered).toBe(true);
    expect([...all.values()].map(({ title }) => title)).toEqual(titles.toReversed());
    for (const [name, one] of all) expect(await findVersion(db, 'rider', name)).toEqual(one);
  });
});

describe('the forms', () => {
  it('keep their last good version while the file is faulty, until a good one is published', async () => {
    const db = await temporaryDatabase();
    const version = await saveVersion(db, form(), NOW);
    await markFault(db, 'driver', 'driver.yaml:3:1  unknown key', later(1));
    expect(await currentForms(db)).toEqual([
      {
        slug: 'driver',
        version,
        form: form(),
        managedIn: 'files',
        closedAt: null,
        archivedAt: null,
        instance: expect.any(String),
        fault: 'driver.yaml:3:1  unknown key',
        removedAt: null,
      },
    ]);
    await saveVersion(db, form(), later(2));
    expect(await currentForms(db)).toMatchObject([{ fault: null }]);
  });

  it('are known though they never had a good version', async () => {
    const db = await temporaryDatabase();
    await markFault(db, 'new', 'fault', NOW);
    expect(await currentForms(db)).toEqual([
      {
        slug: 'new',
        version: undefined,
        form: undefined,
        managedIn: 'files',
        closedAt: null,
        archivedAt: null,
        instance: expect.any(String),
        fault: 'fault',
        removedAt: null,
      },
    ]);
  });

  it('are marked as removed when their files are gone, keep that time, and come back', async () => {
    const db = await temporaryDatabase();
    const version = await saveVersion(db, form(), NOW);
    await saveVersion(db, form({ slug: 'other' }), NOW);
    await markFormRemoved(db, ['other'], later(1));
    await markFormRemoved(db, [], later(2));
    expect(await currentForms(db)).toMatchObject([
      { slug: 'driver', removedAt: later(1).toISOString() },
      { slug: 'other', removedAt: later(2).toISOString() },
    ]);
    expect(await findVersion(db, 'driver', version)).toEqual(form());
    await saveVersion(db, form(), later(3));
    expect((await currentForms(db))[0]).toMatchObject({ slug: 'driver', removedAt: null });
  });
});
