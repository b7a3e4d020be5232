import { describe, expect, it } from 'vitest';
import type { Form } from '../../src/form/schema.ts';
import { definitionOf } from '../../src/form/version.ts';
import { deleteDraft, findDraft, saveDraft } from '../../src/record/forms/drafts.ts';
import {
  latestPublication,
  listPublications,
  publicationText,
  savePublication,
} from '../../src/record/forms/publications.ts';
import { publishedUsage } from '../../src/record/forms/text-bounds.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { formState, markFormRemoved, setManagedIn } from '../../src/record/forms/form-states.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';

const form = (title: string) => ({ slug: 'tenant', title, languages: ['en'], screens: [], endings: [], examples: [] }) as unknown as Form; // prettier-ignore

describe('a publication', () => {
  it('has the next number of its form, keeps its text byte for byte, and moves it to the dashboard', async () => {
    const db = await temporaryDatabase();
    const text = 'title: Tenant # a comment\r\n';
    const first = await savePublication(db, { form: form('Tenant'), text, memberId: 'ana', note: 'First' }, NOW);
    const second = await savePublication(db, { form: form('Renter'), text: 'title: Renter' }, later(1));
    expect([first.number, second.number]).toEqual([1, 2]);
    expect(await publicationText(db, 'tenant', 1)).toBe(text);
    expect(await latestPublication(db, 'tenant')).toEqual(second);
    expect(await listPublications(db, 'tenant', { limit: 10 })).toEqual([second, first]);
    expect(await listPublications(db, 'tenant', { limit: 10, before: 2 })).toEqual([first]);
    expect(first).toMatchObject({ note: 'First', memberId: 'ana', publishedAt: NOW.toISOString() });
    expect(await formState(db, 'tenant')).toMatchObject({ managedIn: 'dashboard', version: second.version });
  });

  it('gets one number each when several are published at the same time', async () => {
    const db = await temporaryDatabase();
    const titles = Array.from({ length: 8 }, (_, index) => `Title ${index}`);
    const publications = await Promise.all(
      titles.map((title) => savePublication(db, { form: form(title), text: title }, NOW)),
    );
    expect(publications.map(({ number }) => number).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const latest = publications.find(({ number }) => number === 8);
    expect((await formState(db, 'tenant'))?.version).toBe(latest?.version);
  });
});

describe('the history of a form that is full', () => {
  it('takes a version and a draft from an owner, and from no editor or program', async () => {
    const db = await temporaryDatabase();
    const text = { text: 'x', text_hash: 'x' };
    const at = NOW.toISOString();
    const names = Array.from({ length: SITE_LIMITS.publicationsPerForm.value }, (_, index) => index + 1);
    for (const [member_id, role] of [['ana', 'owner'], ['ben', 'editor']] as const) await db.query.insertInto('grants').values({ member_id, role, form: null }).execute(); // prettier-ignore
    await db.query.insertInto('form_drafts').values(names.map((name) => ({ ...text, form: `form-${name}`, title: 'x', revision: 1, updated_at: at }))).execute(); // prettier-ignore
    await db.query.insertInto('publications').values(names.map((number) => ({ ...text, form: 'tenant', number, version: 'x', note: '', published_at: at }))).execute(); // prettier-ignore
    const save = (memberId?: string) => saveDraft(db, { form: 'tenant', text: 'a', title: 'a', memberId }, 0, NOW);
    const publish = (memberId?: string) => savePublication(db, { form: form('Tenant'), text: 'a', memberId }, NOW);
    for (const memberId of ['ben', undefined]) {
      await expect(save(memberId)).rejects.toThrow('Ask an owner to save it.');
      await expect(publish(memberId)).rejects.toThrow('Ask an owner to publish this version.');
    }
    expect((await save('ana')).saved).toBe(true);
    expect((await publish('ana')).number).toBe(names.length + 1);
  });

  it('is counted in bytes of the texts and of the compiled versions', async () => {
    const db = await temporaryDatabase();
    const one = form('One');
    const before = (await publishedUsage(db, 'tenant')).siteBytes;
    for (const text of ['é', 'éé']) await savePublication(db, { form: one, text }, NOW);
    await savePublication(db, { form: { ...one, slug: 'other' }, text: 'abc' }, NOW);
    const formBytes = definitionOf(one).length + 6;
    const siteBytes = before + formBytes + definitionOf({ ...one, slug: 'other' }).length + 3;
    expect(await publishedUsage(db, 'tenant')).toEqual({ publications: 2, formBytes, siteBytes });
  });
});

describe('a draft of a form', () => {
  const draft = { form: 'tenant', text: 'title: Tenant', title: 'Tenant', memberId: 'ana' };

  it('takes a change that was made from its newest revision', async () => {
    const db = await temporaryDatabase();
    expect((await saveDraft(db, draft, 0, NOW)).draft?.revision).toBe(1);
    const { saved } = await saveDraft(db, { ...draft, text: 'title: Renter' }, 1, later(1));
    expect(saved).toBe(true);
    expect(await findDraft(db, 'tenant')).toMatchObject({ text: 'title: Renter', revision: 2, memberId: 'ana' });
    await deleteDraft(db, 'tenant');
    expect(await findDraft(db, 'tenant')).toBeUndefined();
  });

  it('refuses a change that was made from an older one, and returns the newer text', async () => {
    const db = await temporaryDatabase();
    await saveDraft(db, draft, 0, NOW);
    const [one, two] = await Promise.all([
      saveDraft(db, { ...draft, text: 'one' }, 1, later(1)),
      saveDraft(db, { ...draft, text: 'two' }, 1, later(1)),
    ]);
    expect([one.saved, two.saved].filter(Boolean)).toHaveLength(1);
    const stored = await findDraft(db, 'tenant');
    expect([one, two].find(({ saved }) => !saved)?.draft).toEqual(stored);
    expect((await saveDraft(db, { ...draft, text: 'three' }, 0, later(2))).saved).toBe(false);
  });
});

describe('the place where a form is managed', () => {
  it('is its file at first, and removing the file of a form of the dashboard changes nothing', async () => {
    const db = await temporaryDatabase();
    await saveVersion(db, form('Tenant'), NOW);
    expect((await formState(db, 'tenant'))?.managedIn).toBe('files');
    await setManagedIn(db, 'tenant', 'dashboard', NOW);
    await markFormRemoved(db, [], later(1));
    expect(await formState(db, 'tenant')).toMatchObject({ managedIn: 'dashboard', removedAt: null });
    await setManagedIn(db, 'tenant', 'files', later(2));
    await markFormRemoved(db, [], later(3));
    expect((await formState(db, 'tenant'))?.removedAt).toBe(later(3).toISOString());
    expect(await formState(db, 'unknown')).toBeUndefined();
  });
});
