/** Deleted people are in no file any more: not in the database's own, not beside it, and not in a later backup. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeBackup } from '../../../src/operate/backup.ts';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { recordAttempt } from '../../../src/record/deliveries.ts';
import { diskStore } from '../../../src/record/files/disk.ts';
import { saveDraft } from '../../../src/record/forms/drafts.ts';
import { addFormComment } from '../../../src/record/forms/form-comments.ts';
import { setManagedIn } from '../../../src/record/forms/form-states.ts';
import { listInvitations } from '../../../src/record/invitation-list.ts';
import { MAX_COMPACTED_BYTES, openSqlite } from '../../../src/record/db/sqlite-file.ts';
import { eraseSubmission } from '../../../src/respond/erase.ts';
import { draftOf, openSmallSite, send, webhook, type Draft } from '../../helpers/api/client.ts';
import { signedIn, type Visitor } from '../../helpers/visitor.ts';
import { pdf } from '../../helpers/samples/files.ts';
import { notChecked } from '../../helpers/openapi/openapi.ts';
import { ON_POSTGRES, postgresFor } from '../../helpers/postgres/postgres.ts';
import { continueRetention, API_KEY, doOwed, removeFolder, type TestSite } from '../../helpers/site.ts';
import { temporaryFolder } from '../../helpers/database.ts';
import { tablesWith } from '../traces.ts';

const DAY_MS = 24 * 60 * 60_000;

const FORM = `
title: Become a driver
params: [customer_id]
invite: {}
notify: [{ email: ops@acme.example }]
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Name, required: true, autocomplete: name }
      - { id: email, type: email, label: Email }
      - { id: mobile, type: phone, label: Mobile }
      - { id: tax, type: text, label: Tax number, sensitive: true }
      - { id: note, type: textarea, label: Note, max_length: 5000 }
      - { id: cv, type: file, label: CV }
  - id: connect
    title: Connect
    wink: { require: none }
endings: [{ id: done, title: Thank you }]
`;

let site: TestSite;
let member: Visitor;
let now: Date;
beforeEach(async () => {
  now = new Date('2026-11-24T10:00:00.000Z');
  site = await openSmallSite({ forms: { driver: FORM, brief: `${FORM}\nretention: 60 days` }, now: () => now });
  member = await signedIn(site, now);
});
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
});

const dataDir = () => path.join(site.folder, 'data');
const database = () => path.join(dataDir(), 'flipsite.sqlite');

/** A person in every place that the site has for one. `words` are all traces of them. */
async function plant(mark: string, form = 'driver'): Promise<{ draft: Draft; words: string[]; sealed: string[] }> {
  const digits = String([...mark].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 7) % 1e7).padStart(7, '2');
  const email = `${mark}-invited@mail.example`.toLowerCase();
  const page = `/admin/forms/${form}/invitations`;
  expect((await member(page, { name: `${mark} Invited Ñandú`, email, language: 'en' })).status).toBe(303);
  const { items } = await listInvitations(site.db, form, { limit: 1, search: email });
  const invitation = items[0]!;
  const params = { customer_id: `${mark}-customer`, utm_source: `${mark}-campaign` };
  const start = { params };
  const started = await send(site, 'POST', `/api/forms/${form}/submissions`, start, { 'idempotency-key': `${mark}-start-key-of-16` }); // prettier-ignore
  expect(started.status).toBe(201);
  // The id of a campaign, which stays in the numbers of Results without the person.
  const link = `${mark}-link`.toLowerCase();
  await site.db.query.updateTable('submissions').set({ link }).where('id', '=', started.body.id).execute();
  // The invitation goes with the submission that was begun with it.
  await site.db.query.updateTable('invitations').set({ submission_id: started.body.id }).where('id', '=', invitation.id).execute(); // prettier-ignore
  const draft = draftOf(site, started.body);
  const answers = {
    full_name: `${mark} Name Ñandú`,
    email: `${mark}@mail.example`.toLowerCase(),
    mobile: `+63917${digits}`,
    tax: `${mark}-tax`,
  };
  // Rows that grow are moved from page to page.
  for (const length of [10, 400, 1_500, 4_500]) {
    const note = `${mark}-note `.repeat(Math.ceil(length / (mark.length + 6))).slice(0, length);
    const saved = await draft.put('about', { ...answers, note }, { 'idempotency-key': `${mark}-save-key-${length}` });
    expect(saved.status, saved.text).toBe(200);
  }
  const file = await send(site, 'POST', `/api/submissions/${draft.id}/files?field=cv`, pdf(mark), { 'content-type': 'application/octet-stream', 'x-file-name': `${mark}.pdf`, ...draft.headers }); // prettier-ignore
  expect(file.status, file.text).toBe(201);
  expect((await draft.put('about', { ...answers, note: `${mark}-note`, cv: [file.body.id] })).status).toBe(200);
  await draft.tell('screenSeen', { screen: `${mark}-screen` });
  await draft.tell('onUIEvent', { eventName: 'LoginPageOpened', account: { providerId: `${mark}-provider` } });
  expect((await member(`/admin/forms/${form}/people/${draft.id}`)).status).toBe(200);
  await draft.tell('onAccountError', { accountId: `${mark}-account`, message: `${mark}-callback` });
  expect((await draft.put('connect', {})).status).toBe(200);
  expect((await draft.post('submit')).status).toBe(200);
  const { id: delivery } = await site.db.query.selectFrom('deliveries').select('id').where('submission_id', '=', draft.id).executeTakeFirstOrThrow(); // prettier-ignore
  const attempt = { at: now.toISOString(), ok: false, status: 500, message: `${mark}-receiver`, tookMs: 1 };
  await recordAttempt(site.db, delivery, attempt, 'failed', now);
  const open = [
    `${mark} Name`, answers.email, answers.mobile, `${mark}-note`, `${mark}-customer`, `${mark}-campaign`,
    `${mark}-start-key-of-16`, `${mark}-save-key`, `${mark}-screen`, `${mark}-account`, `${mark}-callback`, `${mark}-receiver`,
    email, `${mark} Invited`, `${mark}-provider`,
  ]; // prettier-ignore
  return { draft, words: open, sealed: [`${mark}-tax`, `${mark}.pdf`] };
}

/** A webhook about a user that this site does not know. */
const tellOfStranger = (mark: string) =>
  webhook(site, { id: `${mark}-event`, type: 'ACCOUNT_CONNECTED', createdAt: now.toISOString(), data: { userId: `${mark}-user`, accountId: `${mark}-foreign` } }); // prettier-ignore

/** Files below `folder` that hold `word` as UTF-8, as UTF-16, or as JSON writes it with escapes. */
function filesWith(folder: string, word: string): string[] {
  const escaped = word.replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const spellings = [word, encodeURIComponent(word), escaped].map((text) => Buffer.from(text));
  spellings.push(Buffer.from(word, 'utf16le'), Buffer.from(word, 'utf16le').swap16());
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name).isFile())
    .filter((name) => spellings.some((spelling) => name.includes(word) || readFileSync(name).includes(spelling)));
}

/** Where any of `words` still is: in a table, in a file of the data folder, or in the log. */
async function traces(words: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const word of words) {
    for (const table of await tablesWith(site.db, word)) found.push(`${word} in the table ${table}`);
    for (const file of filesWith(dataDir(), word)) found.push(`${word} in ${path.relative(site.folder, file)}`);
    if (site.logged().includes(word)) found.push(`${word} in the log`);
  }
  return found;
}

/** Runs all jobs that are due within the next minutes. The site's own worker may run some, too. */
async function wiped(words: string[]): Promise<void> {
  const left = async () => {
    now = new Date(now.getTime() + 2 * 60_000);
    return (await doOwed(site, now)) === 0 ? traces(words) : ['something is owed'];
  };
  await expect.poll(left, { timeout: 20_000, interval: 200 }).toEqual([]);
}

/** The backup that `npm run backup` takes on SQLite. On PostgreSQL, the one that it prints the command for. */
async function takeLaterBackup(folder: string): Promise<void> {
  const url = await postgresFor(site.folder);
  if (url === undefined) return void (await takeBackup({ dataDir: dataDir(), database: database() }, folder));
  mkdirSync(folder);
  // As text, because the other formats are compressed.
  execFileSync('pg_dump', ['--file', path.join(folder, 'flipsite.sql'), url]);
}

/** Whether the tests run on PostgreSQL, and nothing here can back it up. */
const UNCHECKED = process.env['FLIPSITE_TEST_STORE'] === ON_POSTGRES.FLIPSITE_TEST_STORE && spawnSync('pg_dump', ['--version']).status !== 0; // prettier-ignore

if (UNCHECKED) notChecked('deleted people in a later backup of PostgreSQL', 'this machine has no pg_dump');

it('a person that a member, a program or the retention has deleted is in no file, nor in a later backup', async () => {
  const [byMember, byProgram] = [await plant('GONE-Member'), await plant('GONE-Program')];
  const byRetention = await plant('GONE-Retention', 'brief');
  const stays = await plant('STAY-Here');
  expect((await tellOfStranger('GONE-Stranger')).status).toBe(200);
  const stranger = ['GONE-Stranger-user', 'GONE-Stranger-foreign'];
  const gone = [byMember, byProgram, byRetention];

  const kept = await traces([...gone.flatMap(({ words }) => words), ...stranger]);
  for (const word of [...gone.flatMap(({ words }) => words), ...stranger])
    expect(
      kept.filter((line) => line.startsWith(`${word} in`)),
      word,
    ).not.toEqual([]);

  expect((await member(`/admin/forms/driver/people/${byMember.draft.id}/erase`, {})).status).toBe(303);
  const asked = await fetch(`${site.origin}/api/submissions/${byProgram.draft.id}`, { method: 'DELETE', headers: { authorization: `Bearer ${API_KEY}` } }); // prettier-ignore
  expect(asked.status).toBe(204);
  await wiped([byMember, byProgram].flatMap(({ words, sealed }) => [...words, ...sealed]));

  const later = new Date(now.getTime() + 61 * DAY_MS);
  await continueRetention(site.db, later);
  now = later;
  await wiped([...gone.flatMap(({ words, sealed }) => [...words, ...sealed]), ...stranger]);
  expect(await traces(stays.words.slice(0, 1))).not.toEqual([]);

  // Not by any piece of any of their rows, wherever SQLite has moved it meanwhile.
  expect(filesWith(dataDir(), 'GONE')).toEqual([]);
  if (UNCHECKED) return;
  const folder = path.join(site.folder, 'later');
  await takeLaterBackup(folder);
  for (const word of ['GONE', ...gone.flatMap(({ words, sealed }) => [...words, ...sealed]), ...stranger])
    expect(filesWith(folder, word), word).toEqual([]);
  expect(filesWith(folder, 'STAY-Here Name')).not.toEqual([]);
}, 90_000);

it('a colleague whose comment was deleted, with its form or after its time, is in no file, nor is the form', async () => {
  const comment = (form: string, mark: string) => addFormComment(site.db, { form, kind: 'comment', name: `${mark}-name`, text: `${mark}-text`, textHash: '' }, 9, now); // prettier-ignore
  await setManagedIn(site.db, 'fresh', 'dashboard', now);
  await saveDraft(
    site.db,
    { form: 'fresh', text: FORM.replace('title: About', 'title: GONE-Draft'), title: 'GONE' },
    0,
    now,
  );
  await comment('fresh', 'GONE-Fresh');
  expect((await member('/admin/forms/fresh/preview')).text).toContain('GONE-Fresh-text');
  expect(filesWith(dataDir(), 'GONE-Draft').join()).toContain('preview.sqlite');
  expect((await member('/admin/forms/fresh/delete', {})).location).toBe('/admin');
  await wiped(['GONE-Draft', 'GONE-Fresh-name', 'GONE-Fresh-text']);

  await comment('driver', 'GONE-Old');
  expect(await traces(['GONE-Old-name'])).not.toEqual([]);
  now = new Date(now.getTime() + 366 * DAY_MS);
  await continueRetention(site.db, now);
  await wiped(['GONE-Old-name', 'GONE-Old-text']);
}, 90_000);

it('a reader that keeps old pages open only puts it off', async () => {
  const { draft, words } = await plant('GONE-Read');
  const services = {
    db: site.db,
    files: diskStore(path.join(dataDir(), 'files')),
    now: () => now,
    log: { warn: () => {} },
  };
  if (site.db.engine.kind === 'postgres') {
    await eraseSubmission(services, draft.id, { reason: 'asked', by: 'API' });
    return wiped(words);
  }
  const reader = new DatabaseSync(database(), { readOnly: true });
  reader.exec('begin; select count(*) from submissions');
  await eraseSubmission(services, draft.id, { reason: 'asked', by: 'API' });
  now = new Date(now.getTime() + 2 * 60_000);
  expect(await site.db.engine.wipe()).toBe(false);
  expect(filesWith(dataDir(), 'GONE-Read Name')).not.toEqual([]);
  reader.close();
  await wiped(words);
});

it('deleted data that an older version left in the file is gone after the next start', async () => {
  const file = path.join(temporaryFolder(), 'old.sqlite');
  const old = openSqlite(file);
  old.exec('pragma secure_delete = off; create table people (name text)');
  for (let at = 0; at < 200; at++) old.prepare('insert into people values (?)').run(`GONE-${at} ${'x'.repeat(50)}`);
  old.exec('delete from people');
  old.close();
  expect(readFileSync(file).includes('GONE-1')).toBe(true);
  await closeDatabase(await openDatabase(file));
  expect(readFileSync(file).includes('GONE-')).toBe(false);
  expect(existsSync(`${file}-wal`)).toBe(false);
  expect(statSync(file).size).toBeLessThan(MAX_COMPACTED_BYTES);
});

it('a file that was large gives its free space back once it has little data', async () => {
  const file = path.join(temporaryFolder(), 'flooded.sqlite');
  const db = await openDatabase(file);
  await db.query
    .insertInto('providers')
    .values({ id: 'flood', name: 'x'.repeat(MAX_COMPACTED_BYTES + 1), fetched_at: '' })
    .execute();
  await db.engine.wipe();
  expect(statSync(file).size).toBeGreaterThan(MAX_COMPACTED_BYTES);
  await db.query.deleteFrom('providers').execute();
  expect(await db.engine.wipe()).toBe(true);
  expect(statSync(file).size).toBeLessThan(MAX_COMPACTED_BYTES / 10);
  await closeDatabase(db);
});
