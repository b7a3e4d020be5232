/** A form is handed back to files, closed, archived and deleted in the dashboard. */
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../../src/members/roles.ts';
import { giveCode } from '../../../src/members/codes.ts';
import { listTeam } from '../../../src/members/team.ts';
import { openCatalog } from '../../../src/publish/catalog.ts';
import { findDraft } from '../../../src/record/forms/drafts.ts';
import { addFormComment, listFormComments } from '../../../src/record/forms/form-comments.ts';
import { previewGeneration } from '../../../src/record/forms/preview-generations.ts';
import { findScheduled } from '../../../src/record/forms/scheduled-publications.ts';
import { formState } from '../../../src/record/forms/form-states.ts';
import { later, NOW } from '../../helpers/database.ts';
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
  textIn,
} from './edited-form.ts';

openForm();

describe('a form whose file was removed', () => {
  it('says so under Edit and under Settings, and offers nothing that needs the file', async () => {
    for (const page of ['edit', 'settings', 'invitations'])
      expect((await client.ask(`${here}/${page}`)).text).toContain('Edit here instead');
    rmSync(file);
    await (await openCatalog(db)).sync(formsDir, later(1));
    expect((await client.ask(`${here}/invitations`)).text).toContain('is no longer on the server');
    for (const page of ['edit', 'settings']) {
      const { text } = await client.ask(`${here}/${page}`);
      expect(text).toMatch(/is no longer on the server[^]*put its\s+file\s+back/);
      expect(text).not.toContain('Edit here instead');
      // Its empty text would be an error.
      expect(text).not.toMatch(/thing to fix|file is empty/);
      expect(text).not.toMatch(/id="plain"(?![^>]* hidden)/);
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
  const rowIn = (html: string) => /<th scope="row"[^>]*>[^]*?<\/th>/.exec(html)?.[0];

  it('is closed, archived and opened again under its settings, and the history says by whom', async () => {
    await takeOver();
    const open = (await client.ask(`${here}/settings`)).text;
    expect(open).toContain('Close now');
    expect(open).toMatch(
      /Everyone with the link, unless a password, a date or a limit of the form keeps them out\.\s+<a href="[^"]*\/edit\?part=&(amp;|#38;)?text=Opens%20on">Set them under Edit/,
    );
    expect(rowIn((await client.ask(`${here}/history`)).text)).toContain('Live');
    expect((await act('close')).location).toBe(`${here}/settings?done=close`);
    const closed = (await client.ask(`${here}/settings?done=close`)).text;
    expect(closed).toContain('The form is closed. People who have started can finish within an hour.');
    expect(closed).toMatch(/Closed[^]*Open again/);
    expect(closed).not.toContain('Close now');
    client.at(later(2 * 3_600));
    // No date of the form has closed it.
    expect((await client.ask(`${here}/settings?done=close`)).text).toMatch(/The form is closed\. People can no longer finish it\.\s*</); // prettier-ignore
    client.at(NOW);
    for (const page of ['results', 'people'])
      expect((await client.ask(`${here}/${page}`)).text).toContain('New people can’t start this form now.');
    expect(rowIn((await client.ask(`${here}/history`)).text)).toContain('Closed');
    await edit(titled('Second'), { base: 1 });
    expect((await client.ask((await publish(2)).location ?? '')).text).toMatch(
      /Version 2 is published, [^]*New people can’t start the form now\./,
    );
    client.at(later(1));
    expect((await act('archive')).location).toBe(`${here}/settings?done=archive`);
    expect((await client.ask(`${here}/share`)).text).toContain('because it is archived.');
    // They could within an hour.
    const people = (await client.ask(`${here}/people`)).text;
    expect(people).toContain('This form is archived and closed.');
    expect(people).not.toContain('can finish');
    const forms = (await client.ask('/admin')).text;
    expect(forms).toMatch(/<h2>Archived<\/h2>[^]*\/admin\/forms\/plain/);
    client.at(later(2));
    await act('open');
    expect((await client.ask('/admin')).text).not.toContain('<h2>Archived</h2>');
    expect((await client.ask(`${here}/settings?done=open`)).text).toContain('The form is open again.');
    // Loaded again.
    for (const done of ['close', 'archive'])
      expect((await client.ask(`${here}/settings?done=${done}`)).text).not.toMatch(/The form is (closed|archived)\./);
    const history = (await client.ask(`${here}/history`)).text;
    expect(history.replace(/\s+/g, ' ')).toMatch(/Opened again by you.*Archived by you.*Closed by you/);
    expect((await act('explode')).status).toBe(409);
    const hasPassed = 'The closing date has passed, so the form is closed';
    expect((await client.ask(`${here}/settings`)).text).not.toContain(hasPassed);
    await edit(`${titled('Third')}limits: { closes: 2020-01-01 }\n`, { base: 2 });
    expect((await client.ask(`${here}/publish`)).text).toContain(hasPassed);
    await publish(3);
    const settings = (await client.ask(`${here}/settings`)).text;
    expect(settings).toContain(`${hasPassed} now.`);
    expect(settings).not.toContain('Everyone with the link.');
    expect(settings).not.toContain('Close now');
    expect(settings).toContain('Change the closing date under Edit');
    expect((await client.ask(`${here}/settings?done=open`)).text).toMatch(
      /You opened the form again\. But people still can(’|&#8217;)t start it: Closed after 1 Jan 2020\./,
    );
    const isOver = 'People can no longer finish it.';
    expect((await client.ask(`${here}/settings`)).text).toContain(isOver);
    const closedAgain = (await client.ask((await act('close')).location ?? '')).text;
    expect(closedAgain).toContain(`The form is closed. ${isOver}`);
    expect(closedAgain).not.toContain('within an hour');
    const viewer = await signedIn('view@acme.example', [{ role: 'viewer', form: null, mayReveal: false }]);
    expect((await act('close', viewer)).status).toBe(403);
  });
});
