/** Members do things at the same moment, or one request arrives twice: nothing is done twice, and no text is lost. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commentRoutes } from '../../src/api/html/preview-comments.ts';
import { invitePeople } from '../../src/invite/invite.ts';
import { publishLaterJob } from '../../src/publish/publish-later.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import type { Database } from '../../src/record/db/database.ts';
import { findDraft, saveDraft } from '../../src/record/forms/drafts.ts';
import { enqueueDelivery } from '../../src/record/deliveries.ts';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { listLinks, updateLink } from '../../src/record/links/links.ts';
import { textHash } from '../../src/record/forms/form-text.ts';
import { deleteUnpublishedForm } from '../../src/record/forms/delete-form.ts';
import { listFormComments } from '../../src/record/forms/form-comments.ts';
import { formState, setManagedIn } from '../../src/record/forms/form-states.ts';
import {
  cancelScheduled,
  findScheduled,
  markScheduleFailed,
  schedulePublication,
} from '../../src/record/forms/scheduled-publications.ts';
import { latestText, listPublications, savePublication } from '../../src/record/forms/publications.ts';
import type { Job } from '../../src/record/jobs/jobs.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import {
  findInvitation,
  findPrefill,
  attachSubmission,
  withdrawInvitation,
  type NewInvitation,
} from '../../src/record/invitations.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { PLAIN } from '../helpers/api/client.ts';
import { later, NOW, temporaryDatabase, temporaryFolder } from '../helpers/database.ts';
import { openClient } from '../helpers/dashboard-client.ts';
import { compiled, publish } from './forms.ts';

const titled = (title: string) => PLAIN.replace('title: Plain', `title: ${title}`);

class Conflict extends Error {}

/**
 * A form in the dashboard. `first` sets an act that runs once, before the next transaction. `between` sets one that runs once,
 * after the next transaction conflicted and before it runs again.
 */
async function open() {
  const db = await temporaryDatabase();
  let meanwhile: (() => Promise<unknown>) | undefined;
  let conflicts = false;
  const transaction: Database['transaction'] = async (run, options) => {
    const other = meanwhile;
    meanwhile = undefined;
    if (other && conflicts) {
      const attempt = db.transaction(async (trx) => {
        await run(trx);
        throw new Conflict();
      }, options);
      await expect(attempt).rejects.toThrow(Conflict);
    }
    await other?.();
    return db.transaction(run, options);
  };
  const formsDir = temporaryFolder();
  const file = join(formsDir, 'plain.yaml');
  writeFileSync(file, PLAIN);
  await (await openCatalog(db)).sync(formsDir, NOW);
  const client = await openClient({ ...db, transaction }, { formsDir });
  const { publisher } = client;
  await publisher.takeOver('plain', 'm');
  return {
    db,
    file,
    publisher,
    client,
    first: (what: () => Promise<unknown>) => void ([meanwhile, conflicts] = [what, false]),
    between: (what: () => Promise<unknown>) => void ([meanwhile, conflicts] = [what, true]),
    filesHere: () => Object.fromEntries(readdirSync(formsDir).toSorted().map((name) => [name, readFileSync(join(formsDir, name), 'utf8')])), // prettier-ignore
    draft: async () => (await findDraft(db, 'plain'))?.text,
    managedIn: async () => (await formState(db, 'plain'))?.managedIn,
  };
}

it('a list of people that arrives twice at once invites each person once, and so do two lists that overlap', async () => {
  const db = await temporaryDatabase();
  const form = compiled();
  const person = (name: string): NewInvitation => ({
    name,
    email: `${name}@mail.example`,
    language: 'en',
    prefill: { answers: {}, params: {} },
  });
  const invite = (names: string[], skip: boolean) =>
    invitePeople(db, form, names.map(person), { memberId: 'm', skip }, NOW);

  const answers = await Promise.all([invite(['ana', 'ben'], false), invite(['ana', 'ben'], false)]);
  expect(answers.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  expect(answers).toContainEqual({ ok: false, alreadyInvited: expect.arrayContaining(['ana@mail.example', 'ben@mail.example']) }); // prettier-ignore

  const lists = await Promise.all([invite(['ana', 'cy', 'dee'], true), invite(['ben', 'cy', 'eli'], true)]);
  expect(lists.reduce((sum, list) => sum + (list.ok ? list.invited : 0), 0)).toBe(3);
  const { items } = await listInvitations(db, 'driver', { limit: 100 });
  expect(items.map(({ name }) => name).toSorted()).toEqual(['ana', 'ben', 'cy', 'dee', 'eli']);
});

it('invitations are encrypted before the database is held for them, and keep the order of their list', async () => {
  const db = await temporaryDatabase();
  // Without keys, nothing can be encrypted.
  const keyless: Database = { ...db, transaction: (run, options) => db.transaction((trx) => run({ ...trx, keys: [] }), options) }; // prettier-ignore
  const names = Array.from({ length: 30 }, (_, at) => `p${at}`);
  const people = names.map((name) => ({ name, email: `${name}@mail.example`, language: 'en', prefill: { answers: {}, params: { ref: name } } })); // prettier-ignore
  expect(await invitePeople(keyless, compiled(), people, { memberId: 'm', skip: false }, NOW)).toMatchObject({ invited: 30 }); // prettier-ignore
  const { items } = await listInvitations(db, 'driver', { limit: 100 });
  expect(items.map(({ name }) => name).toReversed()).toEqual(names);
  expect((await findPrefill(db, items[0]!.id)).params).toEqual({ ref: 'p29' });
});

it('an invitation is either withdrawn or started, where both happen at the same moment', async () => {
  const db = await temporaryDatabase();
  const make = await publish(db);
  const person = (name: string) => ({ name, email: `${name}@mail.example`, language: 'en', prefill: { answers: {}, params: {} } }); // prettier-ignore
  const as = { form: 'driver', via: 'mail', memberId: 'm', expiresAt: later(600) } as const;
  await createInvitations(
    db,
    Array.from({ length: 20 }, (_, at) => person(`p${at}`)),
    as,
    NOW,
  );
  const { items } = await listInvitations(db, 'driver', { limit: 20 });
  for (const { id } of items) {
    const submission = await make();
    const start = () => db.transaction(async (trx) => attachSubmission(trx, id, submission.id));
    const [isStarted, isWithdrawn] = await Promise.all([start(), withdrawInvitation(db, id, NOW)]);
    expect(isStarted).not.toBe(isWithdrawn);
    const stored = await findInvitation(db, id);
    expect([stored?.submissionId ?? null, stored?.withdrawnAt ?? null]).toEqual(isStarted ? [submission.id, null] : [null, NOW.toISOString()]); // prettier-ignore
    expect([await attachSubmission(db, id, submission.id), await withdrawInvitation(db, id, NOW)]).toEqual([false, isWithdrawn]); // prettier-ignore
  }
});

it('a message that is sent to another address twice at once is one message', async () => {
  const db = await temporaryDatabase();
  const { id } = await (await publish(db))();
  const first = { form: 'driver', submissionId: id, channel: 'email', target: 'ops@acme.example', cause: 'submitted' } as const; // prettier-ignore
  await enqueueDelivery(db, first, NOW);
  const { send } = await openClient(db, { mailing: true });
  const sent = async () => (await listDeliveries(db, { submissionId: id }, { limit: 9 })).items;
  const elsewhere = (to: string) => send(`/admin/messages/${message}/elsewhere`, { to });
  const [{ id: message } = { id: '' }] = await sent();
  const answers = await Promise.all([elsewhere('new@acme.example'), elsewhere('new@acme.example'), elsewhere('other@acme.example')]); // prettier-ignore
  expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  expect((await sent()).map(({ target }) => target).toSorted()).toEqual(['new@acme.example', 'ops@acme.example', 'other@acme.example']); // prettier-ignore
});

it('a test without a submission that is sent to another address twice at once is one message', async () => {
  const db = await temporaryDatabase();
  await publish(db);
  await enqueueDelivery(db, { form: 'driver', channel: 'email', target: 'ops@acme.example', cause: 'test' }, NOW);
  const { send } = await openClient(db, { mailing: true });
  const sent = async () => (await listDeliveries(db, {}, { limit: 9 })).items;
  const [{ id } = { id: '' }] = await sent();
  const elsewhere = () => send(`/admin/messages/${id}/elsewhere`, { to: 'new@acme.example' });
  await Promise.all([elsewhere(), elsewhere()]);
  expect((await sent()).map(({ target }) => target).toSorted()).toEqual(['new@acme.example', 'ops@acme.example']);
});

it('a link that is closed keeps the change that another member saves at that moment', async () => {
  const { db, client, first } = await open();
  const page = '/admin/forms/plain/links/flyer';
  expect((await client.send('/admin/forms/plain/share', { name: 'Flyer', place: 'print' })).location).toBe(`${page}?done=made`); // prettier-ignore
  first(() => updateLink(db, 'plain', 'flyer', { link: { id: 'flyer', name: 'Flyer in May' } }));
  expect((await client.send(`${page}/state`, { state: 'closed' })).location).toBe(`${page}?done=closed`);
  const [link] = await listLinks(db, 'plain');
  expect(link).toMatchObject({ link: { name: 'Flyer in May' }, closedAt: NOW.toISOString() });
});

describe('a form that is handed back to files', () => {
  const autosave = (client: Awaited<ReturnType<typeof openClient>>, text: string) => {
    const headers = { origin: 'http://forms.example', 'content-type': 'application/json', accept: 'application/json' };
    return client.ask('/admin/forms/plain/draft', { method: 'POST', body: JSON.stringify({ text, base: 1 }), headers });
  };

  it('stays in the dashboard with the draft that another member saves at that moment', async () => {
    const { db, publisher, first, draft, managedIn } = await open();
    first(() => saveDraft(db, { form: 'plain', text: titled('Draft'), title: 'Draft' }, 1, NOW));
    expect(await publisher.handBack('plain')).toBe('changed');
    expect([await managedIn(), await draft()]).toEqual(['dashboard', titled('Draft')]);
  });

  it('stays there with the text that another member publishes at that moment', async () => {
    const { db, publisher, first, managedIn } = await open();
    const form = compiled(titled('Second'), 'plain');
    first(() => savePublication(db, { form, text: titled('Second') }, NOW));
    expect(await publisher.handBack('plain')).toBe('changed');
    expect([await managedIn(), await latestText(db, 'plain')]).toEqual(['dashboard', titled('Second')]);
  });

  it.each(['before', 'between two attempts of'] as const)(
    'leaves the files as they are where it is refused for a draft that was saved %s its transaction',
    async (when) => {
      const { db, file, publisher, first, between, draft, filesHere, managedIn } = await open();
      writeFileSync(file, titled('By an engineer'));
      writeFileSync(file.replace('.yaml', '.yml'), titled('By another one'));
      const before = filesHere();
      const save = () => saveDraft(db, { form: 'plain', text: titled('Draft'), title: 'Draft' }, 1, NOW);
      if (when === 'before') first(save);
      else between(save);
      expect(await publisher.handBack('plain')).toBe('changed');
      expect(filesHere()).toEqual(before);
      expect([await managedIn(), await draft()]).toEqual(['dashboard', titled('Draft')]);
    },
  );

  it('writes its file where its transaction runs again', async () => {
    const { file, publisher, between, filesHere, managedIn } = await open();
    writeFileSync(file, titled('By an engineer'));
    between(async () => {});
    expect(await publisher.handBack('plain')).toBe('done');
    expect(filesHere()).toEqual({ 'plain.yaml': PLAIN, 'plain.yaml.old': titled('By an engineer') });
    expect(await managedIn()).toBe('files');
  });

  it('stays in the dashboard where its file cannot be written', async () => {
    const { file, publisher, draft, managedIn } = await open();
    rmSync(file);
    mkdirSync(file);
    expect(await publisher.handBack('plain')).toBe('not writable');
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
    expect([await managedIn(), await draft()]).toEqual(['dashboard', PLAIN]);
  });

  it('takes no draft any more, and says so to the editor', async () => {
    const { client, publisher, first, draft, managedIn } = await open();
    first(() => publisher.handBack('plain'));
    const answer = await autosave(client, titled('Draft'));
    expect(answer).toMatchObject({ status: 409, text: expect.stringContaining('This form is managed in a file') });
    expect([await managedIn(), await draft()]).toEqual(['files', undefined]);
  });

  it('keeps the file that it replaces where the request arrives twice at once', async () => {
    const { file, publisher } = await open();
    writeFileSync(file, titled('By an engineer'));
    const answers = await Promise.all([publisher.handBack('plain'), publisher.handBack('plain')]);
    expect(answers).toEqual(['done', 'done']);
    expect([readFileSync(file, 'utf8'), readFileSync(`${file}.old`, 'utf8')]).toEqual([
      PLAIN,
      titled('By an engineer'),
    ]);
  });
});

describe('a form that is moved to the dashboard', () => {
  it('keeps the draft that a member saves before a second request to move it ends', async () => {
    const { db, client, publisher, first, draft } = await open();
    const move = () => client.send('/admin/forms/plain/settings', { owner: 'dashboard' });
    await publisher.handBack('plain');
    first(async () => {
      await publisher.takeOver('plain', 'm');
      const revision = (await findDraft(db, 'plain'))?.revision ?? 0;
      await saveDraft(db, { form: 'plain', text: titled('Draft'), title: 'Draft' }, revision, NOW);
    });
    expect((await move()).location).toBe('/admin/forms/plain/edit');
    expect((await move()).location).toBe('/admin/forms/plain/edit');
    expect(await draft()).toBe(titled('Draft'));
    // The first publication is of the beginning of the test.
    expect((await listPublications(db, 'plain', { limit: 9 })).map(({ number }) => number)).toEqual([2, 1]);
  });
});

describe('a version whose time has come', () => {
  const scheduled = { form: 'plain', text: titled('Later'), replaces: textHash(PLAIN), note: '', memberId: 'm' };
  const mayAll = async () => ({ editForms: true, revealAnswers: true, erasePeople: true });

  it('is not published where a member cancels or postpones it while it is checked', async () => {
    const { db, publisher, first } = await open();
    const run = (now: Date) => publishLaterJob({ db, publisher, rightsOf: mayAll, now: () => now }).run({ subject: 'plain' } as Job); // prettier-ignore
    const live = () => latestText(db, 'plain');
    const scheduleAt = (at: Date) => schedulePublication(db, { ...scheduled, at: at.toISOString() }, NOW);

    await scheduleAt(later(60));
    first(() => cancelScheduled(db, 'plain'));
    await run(later(60));
    expect([await live(), await findScheduled(db, 'plain')]).toEqual([PLAIN, undefined]);

    await scheduleAt(later(60));
    first(() => scheduleAt(later(600)));
    await run(later(60));
    expect(await live()).toBe(PLAIN);
    expect(await findScheduled(db, 'plain')).toMatchObject({ at: later(600).toISOString(), problem: undefined });
    await run(later(600));
    expect([await live(), await findScheduled(db, 'plain')]).toEqual([titled('Later'), undefined]);
  });
});

it.each(['after', 'while'])(
  'a click on “Take as draft” that comes %s another one saves the draft answers as that one',
  async (when) => {
    const { db, client, first, draft } = await open();
    const page = '/admin/forms/plain';
    const text = titled('Scheduled');
    await schedulePublication(db, { form: 'plain', at: NOW.toISOString(), text, replaces: null, note: '', memberId: 'm' }, NOW); // prettier-ignore
    await markScheduleFailed(db, 'plain', NOW.toISOString(), 'Another version was published.');
    const take = () => client.send(`${page}/publish`, { do: 'take' });
    const save = () => saveDraft(db, { form: 'plain', text, title: 'Scheduled' }, 1, NOW);
    if (when === 'while') first(save);
    else await save();
    expect((await take()).location).toBe(`${page}/edit`);
    expect([await draft(), await findScheduled(db, 'plain')]).toEqual([text, undefined]);
  },
);

describe('a form that was never published, and that another member deletes at that moment,', () => {
  const opened = async () => {
    const { db, client, first } = await open();
    await setManagedIn(db, 'fresh', 'dashboard', NOW);
    await saveDraft(db, { form: 'fresh', text: PLAIN, title: 'Fresh' }, 0, NOW);
    return { db, client, deleteFirst: () => first(() => deleteUnpublishedForm(db, 'fresh', NOW)) };
  };

  it.each([
    ['published', {}],
    ['scheduled', { do: 'schedule', at: '2026-12-01T10:00', zone: 'UTC' }],
  ])('is not %s', async (_what, fields) => {
    const { db, client, deleteFirst } = await opened();
    deleteFirst();
    expect((await client.send('/admin/forms/fresh/publish', { base: '1', replaces: '', ...fields })).status).toBe(404);
    const left = await Promise.all([formState(db, 'fresh'), findScheduled(db, 'fresh'), latestText(db, 'fresh')]);
    expect(left).toEqual([undefined, undefined, undefined]);
  });

  it('gets no comment, which another form with its link would have', async () => {
    const { db } = await opened();
    const readNewest = async () => void (await deleteUnpublishedForm(db, 'fresh', NOW));
    const drafts = { readNewest, current: () => undefined, removeDeleted: async () => undefined };
    const routes = commentRoutes('fresh', { db, drafts, rates: undefined, now: () => NOW, remoteAddress: () => '', logError: () => undefined }); // prettier-ignore
    const body = JSON.stringify({ kind: 'comment', name: 'Ben', text: 'Hm', version: 'seen' });
    const said = await routes.request('/-/comments', { method: 'POST', headers: { 'content-type': 'application/json' }, body }); // prettier-ignore
    expect(said.status).toBe(404);
    expect(await listFormComments(db, 'fresh', 9)).toEqual([]);
  });
});

describe('a click on “Publish now” that comes twice', () => {
  it('publishes once, and both answers name that version', async () => {
    const { db, client } = await open();
    const click = (fields: Record<string, string>) => client.send('/admin/forms/plain/publish', fields);
    const places = (answers: { location: string | null }[]) => answers.map(({ location }) => location);
    const to = (number: number) => `/admin/forms/plain/edit?published=${number}`;

    await saveDraft(db, { form: 'plain', text: titled('Second'), title: 'Second' }, 1, NOW);
    const draft = { base: '2', replaces: textHash(PLAIN) };
    expect(places(await Promise.all([click(draft), click(draft)]))).toEqual([to(2), to(2)]);
    expect(places([await click(draft)])).toEqual([to(2)]);

    const first = { base: '2', replaces: textHash(titled('Second')), restore: '1' };
    expect(places(await Promise.all([click(first), click(first)]))).toEqual([to(3), to(3)]);
    expect(places([await click(first)])).toEqual([to(3)]);
    expect((await listPublications(db, 'plain', { limit: 9 })).map(({ number }) => number)).toEqual([3, 2, 1]);
  });

  it('is not taken for the publication of another text', async () => {
    const { db, client } = await open();
    const click = (base: string) => client.send('/admin/forms/plain/publish', { base, replaces: textHash(PLAIN) });
    await saveDraft(db, { form: 'plain', text: titled('Seen'), title: 'Seen' }, 1, NOW);
    await saveDraft(db, { form: 'plain', text: titled('Unseen'), title: 'Unseen' }, 2, NOW);
    expect((await click('3')).status).toBe(303);
    expect(await click('2')).toMatchObject({ status: 409, text: expect.stringContaining('Another member has changed the draft.') }); // prettier-ignore
  });
});
