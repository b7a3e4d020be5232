/** A form is published and restored in the dashboard, and its versions are compared. */
import { beforeEach, describe, expect, it } from 'vitest';
import { differenceOf } from '../../../src/publish/check/text-difference.ts';
import { openCatalog } from '../../../src/publish/catalog.ts';
import type { Form } from '../../../src/form/schema.ts';
import { findDraft } from '../../../src/record/forms/drafts.ts';
import { addFormComment, finishFormComment, listFormComments } from '../../../src/record/forms/form-comments.ts';
import { listPublications, savePublication } from '../../../src/record/forms/publications.ts';
import { later, NOW } from '../../helpers/database.ts';
import {
  TEXT,
  here,
  db,
  client,
  openForm,
  signedIn,
  edit,
  takeOver,
  replacesOn,
  publish,
  titled,
} from './edited-form.ts';

openForm();

describe('publishing', () => {
  beforeEach(takeOver);

  it('makes the draft live with a note, and the history has each version with its author', async () => {
    const saved = await edit(titled('Second'), { base: 1, to: 'publish' });
    expect(saved.location).toBe(`${here}/publish`);
    expect((await client.ask(`${here}/publish`)).text).toContain('name="note"');
    const done = await publish(2, { note: 'A better <title>' });
    expect(done.location).toBe(`${here}/edit?published=2`);
    expect((await openCatalog(db)).current('plain')?.form.title).toBe('Second');
    const history = (await client.ask(`${here}/history`)).text;
    expect(history).toContain('A better &lt;title&gt;');
    expect(history).toContain('Copied from the file of the form');
    expect(history).toMatch(/“<bdi>Plain<\/bdi>”[^]*is now[^]*“<bdi>Second<\/bdi>”/);
    expect((await client.ask(`${here}/text.yaml?version=1`)).text).toBe(TEXT);
    expect((await client.ask(`${here}/text.yaml`)).text).toBe(titled('Second'));
  });

  it('says before and after it that email is off, for a form that notifies by email', async () => {
    const said = 'Email is off on this site.';
    await edit(titled('Second'), { base: 1 });
    expect((await client.ask(`${here}/publish`)).text).not.toContain(said);
    await edit(`${titled('Second')}notify:\n  - email: ops@acme.example\n`, { base: 2 });
    const before = (await client.ask(`${here}/publish`)).text;
    const after = (await client.ask((await publish(3)).location ?? '')).text;
    expect(before).toContain('Flipsite now notifies ops@acme.example');
    for (const text of [before, after]) {
      expect(text).toContain(said);
      expect(text).toContain('href="/admin/settings#email"');
    }
  });

  it('is told on a page that is loaded again only while the version is the one that people see', async () => {
    await edit(titled('Second'), { base: 1 });
    const place = (await publish(2)).location ?? '';
    expect((await client.ask(place)).text).toContain('Version 2 is live');
    await edit(titled('Third'), { base: 2 });
    await publish(3);
    expect((await client.ask(place)).text).not.toContain('Version 2');
  });

  it('compares the versions in its history one after another, so that other work on forms has its turn', async () => {
    await edit(titled('Second'), { base: 1 });
    await publish(2);
    await edit(titled('Third'), { base: 2 });
    await publish(3);
    const { compare } = client.publisher;
    let running = 0;
    const seen: number[] = [];
    client.publisher.compare = async (before, after) => {
      seen.push(++running);
      return compare(before, after).finally(() => running--);
    };
    await client.ask(`${here}/history`);
    expect(seen).toEqual([1, 1]);
  });

  it('publishes nothing where the draft is the text that people see already, and says since when', async () => {
    const says = 'Nothing has changed since.';
    await edit(titled('Second'), { base: 1 });
    expect((await client.ask(`${here}/publish`)).text).not.toContain(says);
    const main = (page: { text: string }, word: string) =>
      new RegExp(`class="button go"[^>]*>\\s*${word}`).test(page.text);
    expect(main(await client.ask(`${here}/publish`), 'Publish now')).toBe(true);
    expect(main(await client.ask(`${here}/edit`), 'Publish…')).toBe(true);
    await publish(2);
    const published = await client.ask(`${here}/publish`);
    expect(published.text).toContain(says);
    expect(published.text).toContain('<time datetime="2026-11-24');
    expect(published.text).not.toMatch(/Publish now|Publish later|Stored submissions/);
    expect(main(await client.ask(`${here}/edit`), 'Publish…')).toBe(false);
    expect((await publish(2)).location).toBe(`${here}/publish`);
    expect((await publish(2, { do: 'schedule', at: '2027-01-01T10:00', zone: 'UTC' })).location).toBe(
      `${here}/publish`,
    );
    const again = await client.ask(`${here}/publish?restore=2`);
    expect(again.text).toContain('The text is the same as that of the newest version, number 2');
    expect(again.text).not.toContain('Publish now');
    expect((await publish(2, { restore: '2' })).location).toBe(`${here}/publish?restore=2`);
    expect(await listPublications(db, 'plain', { limit: 9 })).toHaveLength(2);
  });

  it('leads to the open comments of colleagues', async () => {
    const page = async () => (await client.ask(`${here}/publish`)).text;
    const add = (kind: 'comment' | 'approval', text: string) =>
      addFormComment(db, { form: 'plain', kind, name: 'Liza', text, textHash: '' }, 9, NOW);
    await add('approval', '');
    expect(await page()).not.toMatch(/comments? (is|are) open/);
    await add('comment', 'Shorter?');
    await add('comment', 'Longer?');
    expect(await page()).toContain(`<a href="${here}/preview#t-comments">2 comments are open</a>`);
    const one = (await listFormComments(db, 'plain', 9)).find(({ kind }) => kind === 'comment');
    await finishFormComment(db, 'plain', one?.id ?? '', 'ana', NOW);
    expect(await page()).toContain('1 comment is open');
  });

  it('says the changes in words, and asks to understand those that lose data', async () => {
    await edit(`${TEXT}# Checked by Liza\n`, { base: 1 });
    const { text } = await client.ask(`${here}/publish`);
    expect(text).toContain('Nothing changes for people who fill in the form.');
    await edit(TEXT.replace(/^.*id: note.*\n/m, ''), { base: 2 });
    const page = (await client.ask(`${here}/publish`)).text;
    expect(page).toMatch(/“<bdi>Note<\/bdi>”/);
    expect(page).toContain('Stored submissions');
    expect(page).toContain('I understand this change');
    const warned = /class="late row"[^]*?<use href="#i-warn"[^]*?<bdi>Note<\/bdi>/;
    expect(page).toMatch(warned);
    expect((await client.ask(`${here}/compare?from=1&to=draft`)).text).toMatch(warned);
    const refused = await publish(3);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Some changes lose data or choices.');
    expect((await publish(3, { understood: 'yes' })).location).toBe(`${here}/edit?published=2`);
  });

  it('tries stored submissions only for a member who may see private answers', async () => {
    const editor = await signedIn('ed@acme.example', [{ role: 'editor', form: 'plain', mayReveal: false }]);
    await edit(TEXT.replace(/^.*id: note.*\n/m, ''), { base: 1, by: editor });
    const { text } = await editor.ask(`${here}/publish`);
    const [, section = ''] = /<h3[^>]*>Stored submissions<\/h3>(.*?)<\/section>/s.exec(text) ?? [];
    expect(section.replaceAll(/<[^>]*>/g, '').trim()).toBe(
      'An owner sees here where the stored submissions would end.',
    );
  });

  it('lets only an owner send answers to a new address', async () => {
    const editor = await signedIn('ed@acme.example', [{ role: 'editor', form: 'plain', mayReveal: false }]);
    const notifying = `${TEXT}notify:\n  - { email: ed@acme.example }\n`;
    await edit(notifying, { base: 1, by: editor });
    const refused = await editor.send(`${here}/publish`, { base: '2', replaces: await replacesOn(`${here}/publish`) });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('ed@acme.example, which is new. Ask an owner to publish it.');
    expect((await publish(2)).status).toBe(303);

    await edit(`# Ed was here\n${notifying}`, { base: 2, by: editor });
    expect(
      (await editor.send(`${here}/publish`, { base: '3', replaces: await replacesOn(`${here}/publish`) })).status,
    ).toBe(303);
  });

  it('lets only an owner delete submissions sooner', async () => {
    const editor = await signedIn('ed@acme.example', [{ role: 'editor', form: 'plain', mayReveal: false }]);
    const publishAs = async (base: number, retention: string | undefined, by?: typeof editor) => {
      await edit(`${TEXT}${retention ? `retention: ${retention}\n` : ''}`, { base, ...(by && { by }) });
      const posted = { base: String(base + 1), replaces: await replacesOn(`${here}/publish`), understood: 'yes' };
      return by ? by.send(`${here}/publish`, posted) : publish(base + 1, { understood: 'yes' });
    };
    const refused = await publishAs(1, '1 days', editor);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(
      'would delete drafts or submissions sooner, by `retention`. Ask an owner to publish it.',
    );
    expect((await publishAs(2, '30 days')).status).toBe(303);
    expect((await publishAs(3, '29 days', editor)).status).toBe(409);
    expect((await publishAs(4, '31 days', editor)).status).toBe(303);
    // Without the key, drafts go after 60 days.
    expect((await publishAs(5, '90 days')).status).toBe(303);
    expect((await publishAs(6, undefined, editor)).text).toContain('Ask an owner');
  });

  it('refuses a draft that another member has changed since the page was shown', async () => {
    await edit(titled('Seen'), { base: 1 });
    await edit(titled('Unseen'), { base: 2, by: await signedIn('ben@acme.example') });
    const refused = await publish(2);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Another member has changed the draft.');
    expect((await openCatalog(db)).current('plain')?.form.title).toBe('Plain');
  });

  it('by a program gives the draft the same text, unless the draft has changes of its own', async () => {
    const byProgram = async (title: string) => {
      const replaces = (await client.publisher.source('plain'))?.hash ?? null;
      return client.publisher.publish({ slug: 'plain', text: titled(title), replaces });
    };
    expect(await byProgram('Second')).toMatchObject({ status: 'published', publication: { number: 2 } });
    expect(await findDraft(db, 'plain')).toMatchObject({ text: titled('Second'), revision: 2, title: 'Second' });
    expect((await client.ask('/admin')).text).toContain('data-unpublished hidden');

    await edit(titled('By Ana'), { base: 2 });
    client.at(later(60));
    await byProgram('Third');
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('By Ana'));
    expect((await client.ask('/admin')).text).toContain('Live<span data-unpublished> with unpublished changes</span>');
    expect((await client.ask(`${here}/edit`)).text).toContain('Version 3 was published after this draft was saved.');
    expect((await client.ask(`${here}/publish`)).text).toMatch(
      /was “<bdi>Third<\/bdi>”. It is now “<bdi>By Ana<\/bdi>”/,
    );
  });

  it('refuses where a program has published another version since the page was shown', async () => {
    await edit(titled('By Ana'), { base: 1 });
    const shown = await replacesOn(`${here}/publish`);
    await client.publisher.publish({ slug: 'plain', text: titled('By a program'), replaces: shown });
    const refused = await publish(2, { replaces: shown });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Another version was published in the meantime.');
    expect((await openCatalog(db)).current('plain')?.form.title).toBe('By a program');
    expect((await publish(2)).location).toContain('published=3');
  });

  it('does not restore an old version over changes of the draft', async () => {
    await edit(titled('Second'), { base: 1 });
    await publish(2);
    await edit(titled('Not published'), { base: 2 });
    const { text } = await client.ask(`${here}/publish?restore=1`);
    expect(text).toContain('The draft has changes, which would be lost.');
    expect(text).toMatch(new RegExp(`class="button go" href="${here}/edit">\\s*Open the draft`));
    expect(text).not.toContain('Publish now');
    expect((await publish(3, { restore: '1' })).status).toBe(409);
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('Not published'));
  });

  it('leads from an old version that is not accepted any more to its text, and not to the draft', async () => {
    const form = (await openCatalog(db)).current('plain')?.form as Form;
    await savePublication(db, { form, text: titled('Old').replace('textarea', 'textaera') }, NOW);
    await savePublication(db, { form, text: TEXT }, NOW);
    const { text } = await client.ask(`${here}/publish?restore=2`);
    expect(text).toContain('version 2 cannot be published again as it is');
    expect(text).toContain(`href="${here}/text.yaml?version=2"`);
    expect(text).not.toContain('Fix the form');
  });

  it('asks to check the translations of a changed text, but not those of an old version', async () => {
    const inBoth = (en: string) => titled(`{ en: ${en}, fil: Bago }`).replace('title:', 'languages: [en, fil]\ntitle:');
    await edit(inBoth('First'), { base: 1 });
    await publish(2);
    await edit(inBoth('Second'), { base: 2 });
    const says = /The translation of .* was not changed in Filipino/;
    const compare = async (to: string) => (await client.ask(`${here}/compare?from=2&to=${to}`)).text;
    expect((await client.ask(`${here}/publish`)).text).toMatch(says);
    expect(await compare('draft')).toMatch(says);
    await publish(3);
    const { text } = await client.ask(`${here}/publish?restore=2`);
    expect(text).toContain('<bdi>First</bdi>');
    expect(text).not.toMatch(says);
    await publish(3, { restore: '2' });
    const compared = await client.ask(`${here}/compare?from=3&to=4`);
    expect(compared.text).toContain('<bdi>First</bdi>');
    for (const page of [compared.text, await compare('3')]) expect(page).not.toMatch(/Translations to check|not changed in/); // prettier-ignore
  });

  it('restores an old version as a new one, and the draft is that text', async () => {
    await edit(titled('Second'), { base: 1 });
    await publish(2);
    const { text: restoring } = await client.ask(`${here}/publish?restore=1`);
    expect(restoring).toContain('Publish version 1 again?');
    expect(restoring).toMatch(/aria-current="page">\s*History/);
    expect(restoring).toContain('value="Version 1 again"');
    expect((await publish(2, { restore: '1' })).location).toBe(`${here}/edit?published=3`);
    expect((await openCatalog(db)).current('plain')?.form.title).toBe('Plain');
    expect((await findDraft(db, 'plain'))?.text).toBe(TEXT);
    for (const wrong of ['9', '999999999'])
      expect(await client.ask(`${here}/publish?restore=${wrong}`)).toMatchObject({ status: 404, text: expect.stringContaining('There is no such version') }); // prettier-ignore
    for (const wrong of ['1.5', '-1', 'x', '1e9', '99999999999999999999']) {
      expect((await client.ask(`${here}/publish?restore=${wrong}`)).status).toBe(200);
      expect((await client.ask(`${here}/history?before=${wrong}`)).status).toBe(200);
    }
  });
});

describe('two versions', () => {
  beforeEach(takeOver);
  const compare = (from: number | string, to: number | string) => client.ask(`${here}/compare?from=${from}&to=${to}`);

  it('are compared in words and line by line, and the last publication can be undone', async () => {
    await edit(titled('<b>New</b>'), { base: 1 });
    const published = await publish(2);
    const page = await client.ask(published.location ?? '');
    expect(page.text.replace(/\s+/g, ' ')).toMatch(/Version 2 is live, by you/);
    expect(page.text).toContain(`href="${here}/publish?restore=1"`);
    const { text } = await compare(1, 2);
    expect(text).toContain('From version 1 to version 2');
    expect(text).toMatch(/aria-current="page">\s*History/);
    expect(text).toMatch(/class="removed"[^]*title: Plain/);
    expect(text).toMatch(/class="added"[^]*title: &lt;b&gt;New&lt;\/b&gt;/);
    expect(text).not.toContain('<b>New</b>');
    // To restore the first one changes it back.
    const restoring = await client.ask(`${here}/publish?restore=1`);
    expect(restoring.text).toContain(`href="${here}/compare?from=2&amp;to=1"`);
    const { text: back } = await compare(2, 1);
    expect(back).toContain('From version 2 to version 1');
    expect(back).toMatch(/class="removed"[^]*title: &lt;b&gt;New&lt;\/b&gt;[^]*class="added"[^]*title: Plain/);
    expect((await compare(1, 1)).text).toContain('Both have the same text.');
    for (const wrong of [9, 0, 'x', ''])
      expect(await compare(1, wrong), String(wrong)).toMatchObject({ status: 404, text: expect.stringContaining('There is no such version') }); // prettier-ignore
  });

  it('and the draft with the live one are compared line by line, from the publish page, with errors too', async () => {
    await edit(titled('Draft'), { base: 1 });
    expect((await client.ask(`${here}/publish`)).text).toContain(`href="${here}/compare?from=1&amp;to=draft"`);
    const { text } = await compare(1, 'draft');
    expect(text).toContain('From version 1 to the draft');
    expect(text).toMatch(/class="group changes"[^]*Draft/);
    expect(text).toMatch(/class="removed"[^]*title: Plain[^]*class="added"[^]*title: Draft/);
    await edit(TEXT.replace('textarea', 'textaera'), { base: 2 });
    expect((await compare(1, 'draft')).text).toMatch(/class="added"[^]*textaera/);
    for (const wrong of [9, 'draft']) expect((await compare(wrong, 'draft')).status, String(wrong)).toBe(404);
  });

  it('that differ too much are not compared line by line', () => {
    const lines = (by: string) => Array.from({ length: 5_000 }, (_, n) => `${by} ${n}`).join('\n');
    expect(differenceOf(lines('a'), lines('b'))).toBeUndefined();
    expect(differenceOf('a\nb', 'a\nc')).toEqual([{ from: 1, lines: [{ kind: 'both', text: 'a' }, { kind: 'removed', text: 'b' }, { kind: 'added', text: 'c' }] }]); // prettier-ignore
  });
});
