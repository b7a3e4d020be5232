/** A form is changed, published, restored and handed over in the dashboard; no text is lost, and nothing else changes. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/dashboard/publishing/compare.ts';
import { templates } from '../../src/form/templates/templates.ts';
import { publishingRights } from '../../src/members/grants.ts';
import type { Grant } from '../../src/members/roles.ts';
import { giveCode } from '../../src/members/codes.ts';
import { startSession } from '../../src/members/sessions.ts';
import { listTeam } from '../../src/members/team.ts';
import { publishLaterJob } from '../../src/publish/publish-later.ts';
import type { Job } from '../../src/record/jobs/jobs.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import type { Form } from '../../src/form/schema.ts';
import type { Database } from '../../src/record/db/database.ts';
import { findDraft } from '../../src/record/forms/drafts.ts';
import { addFormComment, listFormComments } from '../../src/record/forms/form-comments.ts';
import { previewGeneration } from '../../src/record/forms/preview-generations.ts';
import { savePublication } from '../../src/record/forms/publications.ts';
import { findScheduled } from '../../src/record/forms/scheduled-publications.ts';
import { formState } from '../../src/record/forms/form-states.ts';
import { PLAIN } from '../api/attack.ts';
import { later, NOW, temporaryDatabase, temporaryFolder } from '../record/temporary.ts';
import { addMember, createClient } from './dashboard-client.ts';

const TEXT = `# Ask Ana first\n${PLAIN.trim()}\n`;
const here = '/admin/forms/plain';

let db: Database;
let formsDir: string;
let file: string;
let client: Awaited<ReturnType<typeof createClient>>;

beforeEach(async () => {
  db = await temporaryDatabase();
  formsDir = join(temporaryFolder(), 'forms');
  mkdirSync(formsDir);
  file = join(formsDir, 'plain.yaml');
  writeFileSync(file, TEXT);
  await (await openCatalog(db)).sync(formsDir, NOW);
  client = await signedIn('ana@acme.example');
});

async function signedIn(email: string, grants?: Grant[]) {
  const opened = await createClient(db, { formsDir });
  opened.kept.cookie = `flipsite=${await startSession(db, await addMember(db, email, grants), NOW)}`;
  return opened;
}

/** Posts the editor as a browser does, which sends CR LF at each line end. */
function edit(text: string, { base, to = 'save', by = client }: { base: number; to?: string; by?: typeof client }) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ text: text.replaceAll('\n', '\r\n'), base: String(base), do: to })) body.set(name, value); // prettier-ignore
  return by.ask(`${here}/edit`, { method: 'POST', body, headers: { origin: 'http://forms.example' } });
}

const takeOver = () => client.send(`${here}/settings`, { owner: 'dashboard' });
/** The fields of the publish page of a form about the text that is published now. */
const replacesOn = async (path: string) => /name="replaces" value(?:="([0-9a-f]*)")?/.exec((await client.ask(path)).text)?.[1] ?? ''; // prettier-ignore
/** Publishes from the page of the draft, or of an old version. */
const publish = async (base: number, more: Record<string, string> = {}) =>
  client.send(`${here}/publish`, { base: String(base), replaces: await replacesOn(`${here}/publish`), ...more });
const titled = (title: string) => TEXT.replace('title: Plain', `title: ${title}`);
/** A question with two options that have these labels. */
const withOptions = (one: string, other: string) =>
  TEXT.replace(
    'type: textarea, label: Note, max_length: 5000',
    `type: select, label: Note, options: [{ value: one, label: ${one} }, { value: two, label: ${other} }]`,
  );
const textIn = (html: string) => /<textarea[^>]*>\n?([^<]*)/.exec(html)?.[1]?.replaceAll('&#39;', "'");

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
      return /<section class="card faults"[^]*?<\/section>/.exec((await client.ask(`${here}/publish`)).text)?.[0] ?? '';
    };
    const named = await errorsOf(TEXT.replace('textarea', 'textaera'), 1);
    expect(named).toContain('Note · 1 Only');
    expect(named).not.toContain('Line 8');

    expect(await errorsOf(`${TEXT}more: {`, 2)).toMatch(/Line \d+/);
  });

  it('has a list of all that it stores about people, which waits while it has errors', async () => {
    const listed = async () => (await client.ask(`${here}/privacy`)).text;
    expect(await listed()).toMatch(/On the person’s device[^]*because the form has no “Keep answers for”/);
    await edit(TEXT.replace('title:', 'titel:'), { base: 1 });
    expect(await listed()).toMatch(/The form has errors[^]*Fix them/);
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
    expect((await client.ask(`${here}/text.yaml?version=1`)).text).toBe(TEXT);
    expect((await client.ask(`${here}/text.yaml`)).text).toBe(titled('Second'));
  });

  it('says where the draft is the text that people see already', async () => {
    const says = 'There is nothing new to publish.';
    await edit(titled('Second'), { base: 1 });
    expect((await client.ask(`${here}/publish`)).text).not.toContain(says);
    const main = (page: { text: string }, word: string) =>
      new RegExp(`class="button go"[^>]*>\\s*${word}`).test(page.text);
    expect(main(await client.ask(`${here}/publish`), 'Publish now')).toBe(true);
    expect(main(await client.ask(`${here}/edit`), 'Publish…')).toBe(true);
    await publish(2);
    const published = await client.ask(`${here}/publish`);
    expect(published.text).toContain(says);
    expect(main(published, 'Publish now')).toBe(false);
    expect(main(await client.ask(`${here}/edit`), 'Publish…')).toBe(false);
  });

  it('says the changes in words, and asks to understand those that lose data', async () => {
    const { text } = await client.ask(`${here}/publish`);
    expect(text).toContain('Nothing changes for people.');
    await edit(TEXT.replace(/^.*id: note.*\n/m, ''), { base: 1 });
    const page = (await client.ask(`${here}/publish`)).text;
    expect(page).toMatch(/“<bdi>Note<\/bdi>”/);
    expect(page).toContain('Stored submissions');
    expect(page).toContain('I understand this change');
    const refused = await publish(2);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Some changes lose data or choices.');
    expect((await publish(2, { understood: 'yes' })).location).toBe(`${here}/edit?published=2`);
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
    expect((await client.ask('/admin')).text).not.toContain('unpublished changes');

    await edit(titled('By Ana'), { base: 2 });
    client.at(later(60));
    await byProgram('Third');
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('By Ana'));
    expect((await client.ask('/admin')).text).toContain('Live with unpublished changes');
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
    expect((await client.ask(`${here}/publish?restore=1`)).text).toContain(
      'The draft has changes, which would be lost.',
    );
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

  it('restores an old version as a new one, and the draft is that text', async () => {
    await edit(titled('Second'), { base: 1 });
    await publish(2);
    expect((await client.ask(`${here}/publish?restore=1`)).text).toContain('Publish version 1 again?');
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

describe('handing a form back to files', () => {
  beforeEach(takeOver);

  it('ends its draft for an editor that is still open, also when the form is taken over again', async () => {
    await client.send(`${here}/settings`, { owner: 'files' });
    writeFileSync(file, titled('By an engineer'));
    await takeOver();
    expect((await edit(titled('By Ana'), { base: 1 })).status).toBe(409);
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('By an engineer'));
  });

  it('writes the published text, and keeps a file that has another one', async () => {
    writeFileSync(file, titled('By an engineer'));
    await edit(titled('Second'), { base: 1 });
    await publish(2);
    expect((await client.ask(`${here}/settings`)).text).toMatch(/name="owner" value="files"[^]*Hand back to files/);
    const done = await client.send(`${here}/settings`, { owner: 'files' });
    expect(done.location).toBe(`${here}/settings?owner=files`);
    expect((await client.ask(done.location ?? '')).text).toMatch(
      /The form is managed in <code>.*plain\.yaml<\/code> again/,
    );
    expect(readFileSync(file, 'utf8')).toBe(titled('Second'));
    expect(readFileSync(`${file}.old`, 'utf8')).toBe(titled('By an engineer'));
    const catalog = await openCatalog(db);
    await catalog.sync(formsDir, NOW);
    expect(catalog.current('plain')).toMatchObject({ managedIn: 'files', form: { title: 'Second' } });
  });

  it('writes a file that the people of a repository can read and change as before', async () => {
    const mask = process.umask(0o077);
    try {
      chmodSync(file, 0o664);
      await edit(titled('Second'), { base: 1 });
      await publish(2);
      await client.send(`${here}/settings`, { owner: 'files' });
      expect(statSync(file).mode & 0o777).toBe(0o664);
    } finally {
      process.umask(mask);
    }
  });

  it('leaves one file with the address of the form, also where it was taken over from a .yml', async () => {
    const twin = join(formsDir, 'plain.yml');
    rmSync(file);
    writeFileSync(twin, TEXT);
    expect((await client.send(`${here}/settings`, { owner: 'files' })).status).toBe(303);
    expect([existsSync(twin), readFileSync(`${twin}.old`, 'utf8'), readFileSync(file, 'utf8')]).toEqual([false, TEXT, TEXT]); // prettier-ignore
    const [synced] = await (await openCatalog(db)).sync(formsDir, NOW);
    expect(synced).toMatchObject({ slug: 'plain', version: expect.any(String) });
  });

  it('shows the text of the file in the editor afterwards', async () => {
    await client.send(`${here}/settings`, { owner: 'files' });
    writeFileSync(file, titled('By an engineer'));
    await (await openCatalog(db)).sync(formsDir, NOW);
    expect(textIn((await client.ask(`${here}/edit`)).text)).toBe(titled('By an engineer'));
    await takeOver();
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('By an engineer'));
  });

  it('waits until changes of the draft are published or discarded', async () => {
    await edit(titled('Draft'), { base: 1 });
    const refused = await client.send(`${here}/settings`, { owner: 'files' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Publish or discard them first');
    expect((await formState(db, 'plain'))?.managedIn).toBe('dashboard');
  });

  it('changes nothing where the folder cannot be written, and offers the text', async () => {
    rmSync(formsDir, { recursive: true });
    const refused = await client.send(`${here}/settings`, { owner: 'files' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Download the text');
    expect((await formState(db, 'plain'))?.managedIn).toBe('dashboard');
    expect(existsSync(file)).toBe(false);
  });
});

describe('a new form', () => {
  const create = (fields: Record<string, string>, by = client) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return by.ask('/admin/forms/new', { method: 'POST', body, headers: { origin: 'http://forms.example' } });
  };

  it('is a draft at the link made from its title, and goes live when it is published', async () => {
    expect((await client.ask('/admin')).text).toContain('href="/admin/forms/new"');
    const made = await create({ title: 'Christmas: “drivers” & Ñandú', start: 'empty' });
    expect(made.location).toBe('/admin/forms/christmas-drivers-nandu/edit');
    const page = await client.ask('/admin/forms/christmas-drivers-nandu/edit');
    expect(page.text).toContain('Draft');
    expect(page.text).not.toContain('to fix');
    expect((await client.ask('/admin')).text).toContain('Christmas: “drivers” &amp; Ñandú');
    expect((await openCatalog(db)).current('christmas-drivers-nandu')).toBeUndefined();
    const first = await client.ask('/admin/forms/christmas-drivers-nandu/publish');
    expect(first.text).toContain('published for the first time');
    const done = await client.send('/admin/forms/christmas-drivers-nandu/publish', { base: '1' });
    expect(done.location).toBe('/admin/forms/christmas-drivers-nandu/edit?published=1');
    expect((await openCatalog(db)).current('christmas-drivers-nandu')?.form.title).toBe('Christmas: “drivers” & Ñandú');
  });

  it('can be a copy of another form, which keeps its comments and is no example', async () => {
    writeFileSync(file, TEXT.replace('title: Plain', 'title: Plain # the name\nexample: true'));
    await (await openCatalog(db)).sync(formsDir, NOW);
    const shown = await createClient(db, { formsDir, examples: false });
    shown.kept.cookie = client.kept.cookie;
    const people = await shown.ask(`${here}/people`);
    expect(people.text).toMatch(/To use it, <a href="[^"]*">duplicate it<\/a>, and publish the copy/);
    expect(people.text).not.toContain('example: true');
    const pages = [people, await shown.ask('/admin'), await shown.ask(`${here}/settings`)];
    const links = pages.map(({ text }) => /href="([^"]+)"[^>]*>\s*[Dd]uplicate/.exec(text)?.[1]);
    expect(new Set(links).size).toBe(1);
    expect((await client.ask(links[0] ?? '')).text).toMatch(
      /value="copy:plain"[^>]* checked|checked[^>]* value="copy:plain"/,
    );
    await create({ title: 'Copy', slug: 'copy-one', start: 'copy:plain' });
    expect((await findDraft(db, 'copy-one'))?.text).toBe(TEXT.replace('title: Plain', 'title: Copy # the name'));
  });

  it('is not offered as a copy to a member who may edit this form only', async () => {
    const editor = await signedIn('ed@acme.example', [{ role: 'editor', form: 'plain', mayReveal: false }]);
    for (const path of ['/admin', `${here}/people`, `${here}/settings`])
      expect([path, (await editor.ask(path)).text.includes('Duplicate')]).toEqual([path, false]);
  });

  it('can be a copy of an archived form, which the list of starts has only for its own “Duplicate”', async () => {
    await client.send(`${here}/state`, { do: 'archive' });
    const pages = await Promise.all(['/admin', `${here}/settings`].map((path) => client.ask(path)));
    const links = pages.map(({ text }) => /href="([^"]+)"[^>]*>\s*Duplicate/.exec(text)?.[1]);
    expect(links).toEqual(['/admin/forms/new?copy=plain', '/admin/forms/new?copy=plain']);
    expect((await client.ask('/admin/forms/new')).text).not.toContain('copy:plain');
    expect((await client.ask(links[0] ?? '')).text).toMatch(/value="copy:plain"[^>]* checked/);
    await create({ title: 'Copy', slug: 'copy-one', start: 'copy:plain' });
    expect((await findDraft(db, 'copy-one'))?.text).toBe(TEXT.replace('title: Plain', 'title: Copy'));
    expect((await client.ask('/admin/forms/copy-one/settings')).text).not.toContain('Open again');
  });

  it('is not offered as a copy of a form whose file is gone', async () => {
    rmSync(file);
    await (await openCatalog(db)).sync(formsDir, NOW);
    for (const page of ['/admin', `${here}/people`, `${here}/settings`])
      expect([page, (await client.ask(page)).text.includes('Duplicate')]).toEqual([page, false]);
  });

  it.each(templates)('can start from the template $name, which has nothing to fix', async ({ name, title }) => {
    expect((await client.ask('/admin/forms/new')).text).toContain(title);
    await create({ title: `Our ${title}`, slug: 'ours', start: `template:${name}` });
    const { text } = await client.ask('/admin/forms/ours/edit');
    expect(text).not.toMatch(/things? to fix/);
    const draft = await findDraft(db, 'ours');
    expect(draft?.title).toBe(`Our ${title}`);
    // A new question that people must answer would stop each of them.
    expect(draft?.text).not.toContain('examples:');
    expect((await client.send('/admin/forms/ours/publish', { base: '1' })).location).toContain('published=1');
  });

  it('says on its publish page which value of the template still stands, and leads to its input', async () => {
    await create({ title: 'Ours', start: 'template:gig-onboarding' });
    const { text } = await client.ask('/admin/forms/ours/publish');
    expect(text).toMatch(/1 thing to check[^]*The company name is still “Your company”[^]*Publish now/);
    const place = /class="line" href="([^"]+)"/.exec(text)?.[1]?.replace('&amp;', '&') ?? '';
    expect(place).toBe('/admin/forms/ours/edit?part=&text=Your+company');
    expect((await client.ask(place)).text).toContain('&quot;part&quot;:[]');
  });

  const survey = JSON.stringify({ title: 'Riders <b>', elements: [{ type: 'text', name: 'name', title: 'Your name' }, { type: 'matrix', name: 'table', title: 'Is 1 < 2?' }] }); // prettier-ignore
  const upload = (bytes: string | Uint8Array<ArrayBuffer>, fields: Record<string, string>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    body.set('file', new Blob([bytes]), 'form.json');
    return client.ask('/admin/forms/new', { method: 'POST', body, headers: { origin: 'http://forms.example' } });
  };

  it('can be a file of another program, with one report about all that was left out', async () => {
    const made = await upload(`\ufeff${survey}`, { title: 'Riders', start: 'text' });
    expect([made.status, made.location]).toEqual([303, '/admin/forms/riders/imported']);
    const page = await client.ask('/admin/forms/riders/imported');
    expect(page.text).toContain('1 question was carried over. 1 question was left out.');
    expect(page.text).toContain('<bdi>Is 1 &lt; 2?</bdi>');
    expect(page.text).toContain('href="/admin/forms/riders/edit"');
    const draft = await findDraft(db, 'riders');
    expect(draft).toMatchObject({ title: 'Riders', text: expect.stringContaining('id: name') });
    expect((await client.ask('/admin/forms/riders/edit')).text).not.toMatch(/things? to fix/);
  });

  it('is made of a file even if its start was not chosen, and a Flipsite file stays as it is', async () => {
    const made = await upload(TEXT, { title: 'Filed', start: 'empty' });
    expect(made.location).toBe('/admin/forms/filed/edit');
    expect((await findDraft(db, 'filed'))?.text).toBe(TEXT);
  });

  it.each([
    ['is none', 'What a day', 'does not know this kind of text'],
    ['is not in UTF-8', new Uint8Array([0x7b, 0xff, 0xfe]), 'not a text in UTF-8'],
    ['is too long', `{"pages":["${'x'.repeat(1_000_001)}"]}`, 'more than 1,000,000 characters'],
  ])('is not made of a file that %s, and the page says why', async (_name, bytes, reason) => {
    const refused = await upload(bytes, { title: 'Nothing', start: 'text' });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(reason)]);
    expect(await findDraft(db, 'nothing')).toBeUndefined();
  });

  it('can be a text that was pasted, which stays as it is', async () => {
    await create({ title: 'Pasted', start: 'text', text: TEXT.replaceAll('\n', '\r\n') });
    expect((await findDraft(db, 'pasted'))?.text).toBe(TEXT);
  });

  it.each([
    ['a survey', survey, 'riders'],
    ['a survey without a title', JSON.stringify({ elements: [{ type: 'text', name: 'plate' }] }), 'new-form'],
    ['a Flipsite form', TEXT, 'plain-one'],
    ['a Flipsite form with errors', TEXT.replace('screens:', 'color: red\nscreens:'), 'plain-one'],
    [
      'a Flipsite form with errors in two languages',
      TEXT.replace('title: Plain', 'title: { en: Plain, xx: Payak }').replace('Plain,', 'Plain one,'),
      'plain-one',
    ],
  ])('can have the title of %s, which makes its link', async (_name, text, link) => {
    const made = await create({ title: '', start: 'text', text: text.replace('title: Plain', 'title: Plain one') });
    expect([made.status, made.location?.split('/')[3]]).toEqual([303, link]);
  });

  it.each([
    [
      { title: '', start: 'text', text: 'title: [1\nscreens: []' },
      'Enter a title. Flipsite could not read one from the text.',
    ],
    [{ title: '', start: 'text', text: 'title: مرحبا\nscreens: [{ id: a, title: A, fields: [{ id: b, type: text, label: B }] }]\nendings: [{ id: done, title: D }]' }, 'Enter a link, such as christmas-drivers. Flipsite cannot make one from this title.'], // prettier-ignore
    [{ title: '', slug: 'a' }, 'Enter a title.'],
    [{ title: 'A', slug: 'Not this' }, 'Use small letters, digits and - in the link'],
    [{ title: 'A', slug: 'admin' }, 'Flipsite uses the link admin itself.'],
    [{ title: 'A', slug: 'new' }, 'Flipsite uses the link new itself.'],
    [{ title: 'مرحبا' }, 'Enter a link, such as christmas-drivers. Flipsite cannot make one from this title.'],
    [{ title: 'A', slug: 'plain' }, 'There is a form with the link plain already.'],
    [{ title: 'A', start: 'text' }, 'Choose a file that is not empty, or paste the text of a form.'],
  ])('%j is refused with %j, and nothing is made', async (fields, says) => {
    const refused = await create(fields as Record<string, string>);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(says);
    expect(refused.text).toContain(fields.title ? `value="${fields.title}"` : 'Error: New form');
    expect((await client.ask('/admin')).text.match(/<li class="card pad"/g)).toHaveLength(1);
  });

  it('gets all that is wrong with its title, its link and its text at once', async () => {
    const refused = await create({ title: 'x'.repeat(121), slug: 'Not this', start: 'text', text: 'What a day' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Enter a title of at most 120 characters.');
    expect(refused.text).toContain('Use small letters, digits and - in the link');
    expect(refused.text).toContain('does not know this kind of text');
  });

  it('has the title of its text beside a wrong link too', async () => {
    const refused = await create({ title: '', slug: 'Not this', start: 'text', text: TEXT });
    expect(refused.text).toContain('Use small letters, digits and - in the link');
    expect(refused.text).not.toContain('could not read one from the text');
  });

  it('is made once when two members choose the same link', async () => {
    const both = await Promise.all([
      create({ title: 'Twice' }),
      create({ title: 'Twice' }, await signedIn('ben@acme.example')),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 422]);
  });
});

describe('a form that was never published', () => {
  const draft = '/admin/forms/drivers';
  const make = () => {
    const body = new FormData();
    body.set('title', 'Drivers');
    return client.ask('/admin/forms/new', { method: 'POST', body, headers: { origin: 'http://forms.example' } });
  };

  it('is deleted under its settings with its comments, its schedule and its links, and its link is free again', async () => {
    await make();
    await addFormComment(
      db,
      {
        form: 'drivers',
        kind: 'comment',
        name: 'Jun',
        text: 'Why?',
        textHash: 'a',
        screen: undefined,
        field: undefined,
      },
      9,
      NOW,
    );
    await client.send(`${draft}/publish`, {
      base: '1',
      replaces: '',
      do: 'schedule',
      at: '2026-12-01T10:00',
      zone: 'UTC',
    });
    expect(await findScheduled(db, 'drivers')).toBeDefined();
    expect((await client.ask(`${draft}/settings`)).text).toContain('Delete this form');
    const before = await previewGeneration(db, 'drivers');

    expect((await client.send(`${draft}/delete`, {})).location).toBe('/admin');
    expect((await client.ask('/admin')).text).not.toContain('Drivers');
    expect((await client.ask(`${draft}/edit`)).status).toBe(404);
    expect((await make()).location).toBe(`${draft}/edit`);
    expect((await listFormComments(db, 'drivers', 9)).length).toBe(0);
    expect(await findScheduled(db, 'drivers')).toBeUndefined();
    expect(await previewGeneration(db, 'drivers')).toBeGreaterThan(before);
  });

  it('takes the roles for it along, so that they do not hold for another form with its link', async () => {
    await make();
    const limited: Grant = { role: 'editor', form: 'drivers', mayReveal: false };
    const everywhere: Grant = { role: 'viewer', form: null, mayReveal: false };
    const colleague = await signedIn('ben@acme.example', [limited, everywhere]);
    for (const [email, grants] of Object.entries({
      'cy@acme.example': [limited],
      'di@acme.example': [limited, everywhere],
    }))
      // prettier-ignore
      await giveCode(db, { what: 'add', email, now: NOW, grants });
    expect((await colleague.ask(`${draft}/edit`)).status).toBe(200);

    await client.send(`${draft}/delete`, {});
    await make();
    expect((await colleague.ask(`${draft}/edit`)).status).toBe(403);
    const { codes } = await listTeam(db, NOW);
    expect(codes.map(({ email, grants }) => ({ email, grants }))).toEqual([{ email: 'di@acme.example', grants: [everywhere] }]); // prettier-ignore
  });

  it('is not written over the next form with its link by an editor that is still open', async () => {
    await make();
    await client.send(`${draft}/delete`, {});
    await make();
    const body = new FormData();
    for (const [name, value] of Object.entries({ text: 'title: Deleted', base: '1', do: 'save' }))
      body.set(name, value);
    const saved = await client.ask(`${draft}/edit`, { method: 'POST', body, headers: { origin: 'http://forms.example' } }); // prettier-ignore
    expect(saved.status).toBe(409);
    expect((await findDraft(db, 'drivers'))?.text).toContain('title: Drivers');
  });

  it('says nothing of files in its settings until it is published', async () => {
    await make();
    const settings = async () => (await client.ask(`${draft}/settings`)).text;
    expect(await settings()).not.toMatch(/Publish or discard|Handing back|The file/);
    await client.send(`${draft}/publish`, { base: '1' });
    expect(await settings()).toContain('Hand back to files');
  });

  it('is the only one that can be deleted', async () => {
    expect((await client.send(`${here}/delete`, {})).status).toBe(409);
    await takeOver();
    expect((await client.ask(`${here}/settings`)).text).not.toContain('Delete this form');
    const refused = await client.send(`${here}/delete`, {});
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Archive this form instead.');
    expect(await findDraft(db, 'plain')).toBeDefined();
  });
});

describe('a form that is published', () => {
  const act = (wanted: string, by = client) => by.send(`${here}/state`, { do: wanted });
  /** The row of the newest version in the history. */
  const rowIn = (html: string) => /<th scope="row">[^]*?<\/th>/.exec(html)?.[0];

  it('is closed, archived and opened again under its settings, and the history says by whom', async () => {
    await takeOver();
    expect((await client.ask(`${here}/settings`)).text).toContain('Close now');
    expect(rowIn((await client.ask(`${here}/history`)).text)).toContain('Live');
    expect((await act('close')).location).toBe(`${here}/settings?done=close`);
    const closed = (await client.ask(`${here}/settings`)).text;
    expect(closed).toMatch(/Closed[^]*Open again/);
    expect(closed).not.toContain('Close now');
    expect(rowIn((await client.ask(`${here}/history`)).text)).toContain('Closed');
    await edit(titled('Second'), { base: 1 });
    expect((await client.ask((await publish(2)).location ?? '')).text).toMatch(
      /Version 2 is published, [^]*New people can’t start the form now\./,
    );
    client.at(later(1));
    expect((await act('archive')).location).toBe(`${here}/settings?done=archive`);
    expect((await client.ask(`${here}/share`)).text).toContain('because it is archived.');
    const forms = (await client.ask('/admin')).text;
    expect(forms).toMatch(/<h2>Archived<\/h2>[^]*\/admin\/forms\/plain/);
    client.at(later(2));
    await act('open');
    expect((await client.ask('/admin')).text).not.toContain('<h2>Archived</h2>');
    const history = (await client.ask(`${here}/history`)).text;
    expect(history.replace(/\s+/g, ' ')).toMatch(/Opened again by you.*Archived by you.*Closed by you/);
    expect((await act('explode')).status).toBe(409);
    const viewer = await signedIn('view@acme.example', [{ role: 'viewer', form: null, mayReveal: false }]);
    expect((await act('close', viewer)).status).toBe(403);
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
    for (const [from, to] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const { text } = await compare(from, to);
      expect(text).toContain('From version 1 to version 2');
      expect(text).toMatch(/aria-current="page">\s*History/);
      expect(text).toMatch(/class="removed"[^]*title: Plain/);
      expect(text).toMatch(/class="added"[^]*title: &lt;b&gt;New&lt;\/b&gt;/);
      expect(text).not.toContain('<b>New</b>');
    }
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

describe('a version that is published at a time', () => {
  beforeEach(takeOver);
  const schedule = async (at: string, more: Record<string, string> = {}) =>
    publish(2, { do: 'schedule', at, zone: 'Asia/Manila', ...more });
  const live = async () => (await client.publisher.source('plain'))?.text;
  /** Runs the job at a time. */
  const run = (at: Date) => publishLaterJob({ db, publisher: client.publisher, rightsOf: (member, form) => publishingRights(db, member, form), now: () => at }).run({ subject: 'plain' } as Job); // prettier-ignore
  const page = async (name: string) => (await client.ask(`${here}/${name}`)).text.replace(/\s+/g, ' ');
  /** The time as a browser sends it, in a zone 8 hours ahead. */
  const inManila = (seconds: number) => new Date(later(seconds).getTime() + 8 * 3_600_000).toISOString().slice(0, 16);

  beforeEach(async () => {
    await edit(titled('Later'), { base: 1 });
  });

  it('is not live before, and live then, with its note and its member', async () => {
    expect((await schedule(inManila(3_600), { note: 'For December' })).location).toBe(`${here}/publish`);
    expect(await page('publish')).toContain('scheduled by you');
    expect(await page('edit')).toContain('scheduled by you');
    expect(await run(later(60))).toEqual({ again: expect.any(Date) });
    expect(await live()).toBe(TEXT);
    await run(later(3_660));
    expect(await live()).toBe(titled('Later'));
    expect(await page('history')).toMatch(/Version 2.*For December.*by you/);
    expect(await page('edit')).not.toContain('scheduled by you');
    await run(later(3_720));
    expect(await page('history')).not.toContain('Version 3');
  });

  it('is not published over another version, and the pages of the form say so', async () => {
    await schedule(inManila(3_600));
    const replaces = (await client.publisher.source('plain'))?.hash ?? null;
    await client.publisher.publish({ slug: 'plain', text: titled('Other'), replaces });
    expect(await page('edit')).toMatch(/was not published. Another version was published/);
    await run(later(3_660));
    expect(await live()).toBe(titled('Other'));
    expect(await page('edit')).toMatch(/was not published. Another version was published/);
    await client.send(`${here}/publish`, { do: 'cancel' });
    expect(await page('edit')).not.toContain('was not published');
  });

  it('can be read before its time and after it, and a text that was not published can be taken as the draft', async () => {
    await schedule(inManila(3_600));
    const read = `${here}/compare?from=1&to=scheduled`;
    expect(await page('edit')).toContain(`href="${read.replace('&', '&amp;')}"`);
    await edit(titled('Since then'), { base: 2 });
    await db.query.updateTable('grants').set({ role: 'viewer' }).execute();
    await run(later(3_660));
    await db.query.updateTable('grants').set({ role: 'owner' }).execute();
    expect(await page('edit')).toContain('may no longer edit this form. The draft has another text now.');
    const { text } = await client.ask(read);
    expect(text).toContain('From version 1 to the scheduled text');
    expect(text).toMatch(/class="added"[^]*title: Later/);
    expect((await client.ask(`${here}/text.yaml?version=scheduled`)).text).toBe(titled('Later'));

    const take = () => client.send(`${here}/publish`, { do: 'take' });
    expect(await take()).toMatchObject({ status: 409, text: expect.stringContaining('The draft has changes, which would be lost.') }); // prettier-ignore
    expect((await findDraft(db, 'plain'))?.text).toBe(titled('Since then'));
    await edit('', { base: 3, to: 'discard' });
    expect((await take()).location).toBe(`${here}/edit`);
    expect(await findDraft(db, 'plain')).toMatchObject({ text: titled('Later'), title: 'Later' });
    expect(await page('edit')).not.toContain('was not published');
    expect((await client.ask(read)).status).toBe(404);
    expect((await client.ask(`${here}/text.yaml?version=scheduled`)).status).toBe(404);
  });

  it('that was not published says so where the draft has the same text, and where a file has the form', async () => {
    await schedule(inManila(3_600));
    const replaces = (await client.publisher.source('plain'))?.hash ?? null;
    await client.publisher.publish({ slug: 'plain', text: titled('Other'), replaces });
    await run(later(3_660));
    expect(await page('edit')).toContain('The draft still has its text.');
    expect(await page('edit')).not.toContain('Take it as the draft');
    await edit('', { base: 2, to: 'discard' });
    await client.send(`${here}/settings`, { owner: 'files' });
    expect(await page('edit')).toContain('was not published');
    expect((await client.send(`${here}/publish`, { do: 'cancel' })).location).toBe(`${here}/edit`);
    expect(await page('edit')).not.toContain('was not published');
  });

  it('is not published after its member was removed, and the pages of the form say so', async () => {
    await schedule(inManila(3_600));
    await db.query.deleteFrom('grants').execute();
    await run(later(3_660));
    expect(await live()).toBe(TEXT);
    expect(await findScheduled(db, 'plain')).toMatchObject({ problem: 'The member who scheduled it may no longer edit this form.' }); // prettier-ignore
  });

  it('is not published where it deletes people sooner, and its member is an editor by then', async () => {
    await edit(`${TEXT}retention: 1 days\n`, { base: 2 });
    await publish(3, { do: 'schedule', at: inManila(3_600), zone: 'Asia/Manila', understood: 'yes' });
    await db.query.updateTable('grants').set({ role: 'editor' }).execute();
    await run(later(3_660));
    expect(await live()).toBe(TEXT);
    expect((await findScheduled(db, 'plain'))?.problem).toContain('would delete drafts or submissions sooner');
  });

  it('is not published where it has a new receiver, and its member is an editor by then, who reads the same as at once', async () => {
    await edit(`${TEXT}notify: [{ email: new@acme.example }]\n`, { base: 2 });
    await publish(3, { do: 'schedule', at: inManila(3_600), zone: 'Asia/Manila' });
    await db.query.updateTable('grants').set({ role: 'editor' }).execute();
    const reason = 'This version would send answers to new@acme.example, which is new. Ask an owner to publish it.';
    expect((await publish(3)).text).toContain(reason);
    await run(later(3_660));
    expect(await live()).toBe(TEXT);
    expect(await page('edit')).toContain(`was not published. ${reason}`);
  });

  it('ends when a member publishes another text before its time, and the pages of the form say so', async () => {
    await schedule(inManila(3_600));
    expect(await page('publish')).toContain(
      'If another version is published or scheduled before, Flipsite does not publish this one.',
    );
    await edit(titled('Earlier'), { base: 2 });
    await publish(3);
    expect(await live()).toBe(titled('Earlier'));
    expect(await page('edit')).toMatch(/was not published. Another version was published/);
    await run(later(3_660));
    expect(await live()).toBe(titled('Earlier'));
    await edit(titled('Last'), { base: 3 });
    await publish(4);
    expect(await page('edit')).toContain('was not published');
    await client.send(`${here}/publish`, { do: 'cancel' });
    expect(await page('edit')).not.toContain('was not published');
  });

  it('ends without a word when a member publishes the same text before its time', async () => {
    await schedule(inManila(3_600));
    await publish(2);
    expect(await page('edit')).not.toMatch(/was not published|is scheduled by/);
  });

  it('can be cancelled, and is not published then, unless another member has postponed it since', async () => {
    const shown = async () => /name="scheduled" value="([^"]*)"/.exec(await page('publish'))?.[1] ?? '';
    await schedule(inManila(3_600));
    const first = await shown();
    await schedule(inManila(7_200));
    await client.send(`${here}/publish`, { do: 'cancel', scheduled: first });
    expect((await findScheduled(db, 'plain'))?.at).toBe(await shown());
    await client.send(`${here}/publish`, { do: 'cancel', scheduled: await shown() });
    expect(await findScheduled(db, 'plain')).toBeUndefined();
    await run(later(7_260));
    expect(await live()).toBe(TEXT);
  });

  it('keeps all that the member has entered when it is refused', async () => {
    const at = inManila(3_600);
    const { text } = await schedule(at, { note: 'For "December"', zone: 'Mars' });
    for (const value of ['For &quot;December&quot;', at, 'Mars']) expect(text).toContain(`value="${value}"`);
    // The first page begins with the zone of the browser.
    expect([await page('publish'), text].map((one) => /<input id="zone"[^>]* data-zone/.test(one))).toEqual([
      true,
      false,
    ]);
    expect(text).toMatch(/<details class="more flow" open>/);
    expect(text).toMatch(/<a href="#zone">Enter a time zone/);
    expect(text).toMatch(/<input id="zone"[^>]*aria-invalid="true"/);
    expect(text).toMatch(/<input id="at"(?![^>]*aria-invalid)/);
  });

  it('needs a time that is still to come, and a time zone', async () => {
    for (const [at, more, sentence] of [
      [inManila(-3_600), {}, 'This time has passed'],
      ['soon', {}, 'Enter a date and a time'],
      [inManila(3_600), { zone: 'PST' }, 'Enter a time zone'],
      [inManila(400 * 86_400), {}, 'within a year'],
    ] as const)
      expect(await schedule(at, more), sentence).toMatchObject({
        status: 409,
        text: expect.stringContaining(sentence),
      });
  });
});
