/** A form is made in the dashboard: empty, or from a template, a copy or a text of another program. */
import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { templates } from '../../../src/form/templates/templates.ts';
import { openCatalog } from '../../../src/publish/catalog.ts';
import { CheckerBusy } from '../../../src/publish/check/form-checker.ts';
import { findDraft } from '../../../src/record/forms/drafts.ts';
import { NOW } from '../../helpers/database.ts';
import { createClient } from '../../helpers/dashboard-client.ts';
import { TEXT, here, db, formsDir, file, client, openForm, signedIn } from './edited-form.ts';

openForm();

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
    const list = (await client.ask('/admin')).text;
    expect(list).toContain('Christmas: “drivers” &amp; Ñandú');
    // There is nothing else to see of a draft.
    expect(list).toContain('href="/admin/forms/christmas-drivers-nandu/edit"');
    const viewer = await signedIn('vi@acme.example', [{ role: 'viewer', form: null, mayReveal: false }]);
    expect((await viewer.ask('/admin')).text).toContain('class="name" href="/admin/forms/christmas-drivers-nandu"');
    expect((await openCatalog(db)).current('christmas-drivers-nandu')).toBeUndefined();
    const first = await client.ask('/admin/forms/christmas-drivers-nandu/publish');
    expect(first.text).toContain('published for the first time');
    for (const tab of ['results', 'people'])
      expect((await client.ask(`/admin/forms/christmas-drivers-nandu/${tab}`)).text).toMatch(
        /The form is a draft\.[^]*href="\/admin\/forms\/christmas-drivers-nandu\/publish"/,
      );
    expect((await client.ask('/admin/forms/christmas-drivers-nandu/history')).text).toMatch(
      /No versions yet[^]*href="\/admin\/forms\/christmas-drivers-nandu\/publish"/,
    );
    const done = await client.send('/admin/forms/christmas-drivers-nandu/publish', { base: '1' });
    expect(done.location).toBe('/admin/forms/christmas-drivers-nandu/edit?published=1');
    expect((await openCatalog(db)).current('christmas-drivers-nandu')?.form.title).toBe('Christmas: “drivers” & Ñandú');
    expect((await client.ask('/admin')).text).toContain('class="name" href="/admin/forms/christmas-drivers-nandu"');
  });

  it('can be a copy of another form, with its comments, but without its campaign links and no example', async () => {
    const links = `links:\n  - { id: flyer, name: Flyer }\n`;
    writeFileSync(file, `${TEXT.replace('title: Plain', 'title: Plain # the name\nexample: true')}${links}`);
    await (await openCatalog(db)).sync(formsDir, NOW);
    const shown = await createClient(db, { formsDir, examples: false });
    shown.kept.cookie = client.kept.cookie;
    const people = await shown.ask(`${here}/people`);
    expect(people.text).toMatch(/To use it, <a href="[^"]*">duplicate it<\/a>, and publish the copy/);
    expect(people.text).not.toContain('example: true');
    const pages = [people, await shown.ask('/admin'), await shown.ask(`${here}/settings`)];
    const ways = pages.map(({ text }) => /href="([^"]+)"[^>]*>\s*[Dd]uplicate/.exec(text)?.[1]);
    expect(new Set(ways).size).toBe(1);
    expect((await client.ask(ways[0] ?? '')).text).toMatch(
      /value="copy:plain"[^>]* checked|checked[^>]* value="copy:plain"/,
    );
    await create({ title: 'Copy', slug: 'copy-one', start: 'copy:plain' });
    expect((await findDraft(db, 'copy-one'))?.text).toBe(TEXT.replace('title: Plain', 'title: Copy # the name'));
  });

  it('has no campaign links of the form that it is a copy of, also where the text is JSON', async () => {
    const screen = { id: 'a', title: 'A', fields: [{ id: 'name', type: 'text', label: 'Name' }] };
    const text = JSON.stringify({ title: 'Linked', example: true, links: [{ id: 'fb', name: 'Facebook' }], screens: [screen], endings: [{ id: 'done', title: 'Done' }] }, null, 1); // prettier-ignore
    await create({ slug: 'linked', start: 'text', text });
    await create({ title: 'Copy', slug: 'copy-one', start: 'copy:linked' });
    const copied = JSON.parse((await findDraft(db, 'copy-one'))?.text ?? '') as object;
    expect(Object.keys(copied)).toEqual(['title', 'screens', 'endings']);
  });

  it('keeps a pasted text in its page while too many texts wait for their check, and says so', async () => {
    client.publisher.importForm = () => Promise.reject(new CheckerBusy());
    const busy = await create({ slug: 'busy', start: 'text', text: TEXT });
    expect([busy.status, busy.text.includes('title: Plain')]).toEqual([422, true]);
    expect(busy.text).toContain('Flipsite is checking other forms right now.');
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
    expect(links).toEqual(['/admin/forms/new?copy=plain#chosen', '/admin/forms/new?copy=plain#chosen']);
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
    [{ title: 'A', slug: 'a'.repeat(61) }, 'Shorten the link to 60 characters or fewer.'],
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
    // A browser would cut a pasted title, without a word.
    expect(refused.text).toContain(`value="${'x'.repeat(121)}"`);
    expect(/<input id="title"[^>]*>/.exec(refused.text)?.[0]).not.toContain('maxlength');
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
