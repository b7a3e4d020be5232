import { describe, expect, it } from 'vitest';
import type { Form } from '../../src/form/schema.ts';
import { allVersions, findVersion, saveVersion } from '../../src/record/versions.ts';
import { currentForms, markFault, markFormRemoved } from '../../src/record/forms/form-states.ts';
import { deleteUnpublishedForm } from '../../src/record/forms/delete-form.ts';
import { giveCode } from '../../src/members/codes.ts';
import { addFormComment } from '../../src/record/forms/form-comments.ts';
import { addMember } from '../helpers/dashboard-client.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { countTurns } from '../helpers/turns.ts';

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

  it('is read with all others in turns, the newest first, and without pictures', async () => {
    const db = await temporaryDatabase();
    const logo = 'data:image/svg+xml;base64,PHN2Zz4=';
    const pictures = { brand: { name: 'Acme', logo }, share: { image: logo, index: false } };
    for (let at = 0; at < 40; at++)
      await saveVersion(db, form({ ...pictures, slug: 'rider', title: `Drive ${at}` }), later(at));
    const { result, turns } = await countTurns(() => allVersions(db, 'rider'));
    expect([...result.values()].map(({ title }) => title)).toEqual(Array.from({ length: 40 }, (_, at) => `Drive ${39 - at}`)); // prettier-ignore
    expect(JSON.stringify([...result.values()])).not.toContain('data:');
    expect(result.values().next().value).toMatchObject({ brand: { name: 'Acme' }, share: { index: false } });
    expect(turns).toBeGreaterThan(5);
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

  it('are forgotten when their files are gone and were never right, and so are the errors of others', async () => {
    const db = await temporaryDatabase();
    await saveVersion(db, form(), NOW);
    for (const slug of ['driver', 'coded', 'copy', 'noted', 'shared']) await markFault(db, slug, 'fault', later(1));
    const ofForm = (name: string | null) => ({ role: 'viewer' as const, form: name, mayReveal: false });
    await addMember(db, 'ana@acme.example', [ofForm('shared')]);
    await addMember(db, 'ben@acme.example', [ofForm(null)]);
    const comment = {
      kind: 'comment',
      name: 'Cara',
      text: 'Shorter?',
      textHash: 'x',
    } as const;
    await addFormComment(db, { form: 'noted', ...comment }, 9, later(1));
    await giveCode(db, { what: 'add', email: 'dan@acme.example', now: later(1), grants: [ofForm('coded')] });
    await markFormRemoved(db, [], later(2));
    expect((await currentForms(db)).map(({ slug, fault, removedAt }) => [slug, fault, removedAt])).toEqual(
      ['coded', 'driver', 'noted', 'shared'].map((slug) => [slug, null, later(2).toISOString()]),
    );
    for (const slug of ['coded', 'driver'])
      expect(await deleteUnpublishedForm(db, slug, later(3))).toBe(slug === 'coded');
  });
});
