/** A form is changed in the dashboard: no text is lost, and nothing else changes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCatalog } from '../../../src/publish/catalog.ts';
import { CheckerBusy } from '../../../src/publish/check/form-checker.ts';
import { findDraft } from '../../../src/record/forms/drafts.ts';
import { formState } from '../../../src/record/forms/form-states.ts';
import { NOW } from '../../helpers/database.ts';
import {
  TEXT,
  here,
  db,
  formsDir,
  file,
  client,
  openForm,
  signedIn,
  edit,
  takeOver,
  publish,
  titled,
  withOptions,
  textIn,
} from './edited-form.ts';

openForm();

describe('a form of a file', () => {
  it('can be read in the dashboard, and be changed only after it was moved there', async () => {
    const page = await client.ask(`${here}/edit`);
    expect(textIn(page.text)).toBe(TEXT);
    expect(page.text).toMatch(/<textarea[^>]* readonly/);
    expect((await edit(titled('Changed'), { base: 0 })).status).toBe(409);
    const refused = await client.ask(`${here}/publish`);
    expect(refused.status).toBe(409);
    expect(refused.text).toMatch(/href="[^"]*\/plain\/settings">\s*Open its settings/);
    expect((await formState(db, 'plain'))?.managedIn).toBe('files');

    expect((await takeOver()).location).toBe(`${here}/edit`);
    const moved = await client.ask(`${here}/edit`);
    expect(textIn(moved.text)).toBe(TEXT);
    expect(moved.text).not.toMatch(/<textarea[^>]* readonly/);
    expect((await formState(db, 'plain'))?.managedIn).toBe('dashboard');
    expect(readFileSync(file, 'utf8')).toBe(TEXT);
  });

  it('that was never valid is shown with its errors, and can be taken over to fix them', async () => {
    const faulty = TEXT.replace('title: Plain', 'titel: Faulty');
    writeFileSync(join(formsDir, 'faulty.yaml'), faulty);
    await (await openCatalog(db)).sync(formsDir, NOW);
    const page = await client.ask('/admin/forms/faulty/edit');
    expect(textIn(page.text)).toBe(faulty);
    expect(page.text).toContain('titel');
    expect(page.text).not.toContain('The file is empty');
    await client.send('/admin/forms/faulty/settings', { owner: 'dashboard' });
    // Deleting it there does not delete the file.
    expect((await client.ask('/admin/forms/faulty/settings')).text).toContain('unless you remove it first');
    expect(textIn((await client.ask('/admin/forms/faulty/edit')).text)).toBe(faulty);
    expect(await formState(db, 'faulty')).toMatchObject({ managedIn: 'dashboard', version: undefined });
  });

  it('cannot be taken over without its file', async () => {
    rmSync(file);
    const refused = await takeOver();
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('There is no file');
    expect((await formState(db, 'plain'))?.managedIn).toBe('files');
  });
});

describe('a draft', () => {
  beforeEach(takeOver);

  it('is saved byte for byte, with comments and line ends, while people see the published form', async () => {
    expect((await edit(titled('Draft'), { base: 1 })).location).toBe(`${here}/edit`);
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('Draft'));
    expect((await openCatalog(db)).current('plain')?.form.title).toBe('Plain');
    expect((await client.ask(`${here}/edit`)).text).toContain('Draft, saved by you');
  });

  it('can have two options that look the same, and the page asks to check them', async () => {
    await edit(withOptions('Cebu', 'Cebu'), { base: 1 });
    expect((await client.ask(`${here}/edit`)).text).toContain('1 thing to check');
    expect((await client.ask(`${here}/publish`)).text).not.toContain('Fix the form');
    await edit(withOptions('Cebu', 'Davao'), { base: 2 });
    expect((await client.ask(`${here}/edit`)).text).not.toContain('to check');
  });

  it('is saved with errors too, which the page names with their lines', async () => {
    await edit(TEXT.replace('textarea', 'textaera'), { base: 1 });
    const { text } = await client.ask(`${here}/edit`);
    expect(text).toContain('1 thing to fix');
    expect(text).toContain('Line 8');
    expect((await client.ask(`${here}/publish`)).text).toMatch(/1 thing to fix[^]*Fix the form/);
    const refused = await publish(2);
    expect(refused.status).toBe(409);
    expect((await openCatalog(db)).current('plain')?.form.title).toBe('Plain');
  });

  it('has its errors named on the publish page as the outline names them, and by line where that cannot show it', async () => {
    const errorsOf = async (text: string, base: number) => {
      await edit(text, { base });
      return /<section class="card faults"[^]*Fix the form/.exec((await client.ask(`${here}/publish`)).text)?.[0] ?? '';
    };
    const named = await errorsOf(TEXT.replace('textarea', 'textaera'), 1);
    expect(named).toContain('Note · 1 Only');
    expect(named).not.toContain('Line 8');
    const button = /class="button go" href="([^"]*)">\s*Fix the form/;
    expect(button.exec(named)?.[1]).toBe(`${here}/edit?part=screens.0.fields.1`);

    const unreadable = await errorsOf(`${TEXT}more: {`, 2);
    expect(unreadable).toMatch(/Line \d+/);
    expect(button.exec(unreadable)?.[1]).toMatch(/^\/admin\/forms\/plain\/edit\?line=\d+#text$/);
  });

  it('has a list of all that it stores about people, which waits while it has errors', async () => {
    const listed = async () => (await client.ask(`${here}/privacy`)).text;
    expect(await listed()).toMatch(/On the person’s device[^]*because the form has no “Keep answers for”/);
    await edit(TEXT.replace('title:', 'titel:'), { base: 1 });
    expect(await listed()).toMatch(/The form has errors[^]*Fix them/);
  });

  it('stores a text also while too many texts wait for their check', async () => {
    await takeOver();
    const busy = () => Promise.reject(new CheckerBusy());
    Object.assign(client.publisher, { check: busy, read: busy });
    const saved = await edit(titled('Second'), { base: 1 });
    expect([saved.status, saved.location]).toEqual([303, `${here}/edit`]);
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('Second'));
    const shown = await client.ask(`${here}/edit`);
    expect([shown.status, shown.text.includes('A text that you saved is stored.')]).toEqual([503, true]);
  });

  it('keeps both texts when two members change it, and the second one chooses', async () => {
    const ben = await signedIn('ben@acme.example');
    await edit(titled('By Ben'), { base: 1, by: ben });
    const refused = await edit(titled('By Ana'), { base: 1 });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Your change is not saved yet');
    expect(refused.text).toContain('ben@acme.example saved another change');
    expect(textIn(refused.text)).toBe(titled('By Ana'));
    expect(refused.text).toContain('title: By Ben');
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('By Ben'));
    await edit(titled('By Ana'), { base: 2 });
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('By Ana'));
  });

  it('goes back to the published text when its changes are discarded', async () => {
    await edit(titled('Draft'), { base: 1 });
    await edit(titled('Draft'), { base: 2, to: 'discard' });
    expect((await findDraft(db, 'plain'))?.text).toBe(TEXT);
  });

  it('shows markup in a text as text', async () => {
    await edit(titled('"</textarea><script>alert(1)</script>"'), { base: 1 });
    const { text } = await client.ask(`${here}/edit`);
    expect(text).not.toContain('<script>alert(1)');
    expect(text).toContain('&lt;/textarea&gt;');
  });
});
