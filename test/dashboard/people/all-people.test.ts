/** The people of all forms, the settings of the site, and the addresses that pages had before. */
import { expect, it } from 'vitest';
import { startSession } from '../../../src/members/sessions.ts';
import type { Grant } from '../../../src/members/roles.ts';
import { storeArchive } from '../../../src/record/accounts/archives.ts';
import { setSmileUser } from '../../../src/record/submissions/submissions.ts';
import { later, NOW, temporaryDatabase } from '../../helpers/database.ts';
import { addMember, createClient, openClient } from '../../helpers/dashboard-client.ts';
import { compiled, publish } from '../forms.ts';
import { wordsOf } from '../../helpers/visitor.ts';

const LEASE =
  'title: <b>Lease & more\nscreens: [{ id: a, title: A, fields: [{ id: full_name, type: text, label: Full name }] }]\nendings: [{ id: done, title: D }]\n';

async function twoForms() {
  const db = await temporaryDatabase();
  const [driver, lease] = [await publish(db), await publish(db, compiled(LEASE, 'lease'))];
  const ana = await driver({ full_name: 'Ana' }, { ending: 'done' });
  const ben = await lease({ full_name: 'Ben' }, { now: later(1) });
  const layla = await driver({ full_name: 'ليلى حداد' }, { now: later(2) });
  return { db, ana, ben, layla };
}

async function memberWith(db: Awaited<ReturnType<typeof temporaryDatabase>>, grants: Grant[]) {
  const client = await createClient(db);
  client.kept.cookie = `flipsite=${await startSession(db, await addMember(db, 'some@acme.example', grants), NOW)}`;
  return client;
}

it('lists the people of all forms, newest first, with their form, and opens the page of each', async () => {
  const { db, ben } = await twoForms();
  const { ask } = await openClient(db);
  const { text } = await ask('/admin/people');
  expect([...text.matchAll(/<bdi>(Ana|Ben|ليلى حداد)<\/bdi>/g)].map(([, name]) => name)).toEqual(['ليلى حداد', 'Ben', 'Ana']); // prettier-ignore
  expect(wordsOf(text)).toContain('3 submissions, newest first');
  expect(text).toContain('&lt;b&gt;Lease &amp; more');
  expect(text).toContain(`href="/admin/forms/lease/people/${ben.id}"`);
  expect((await ask(`/admin/forms/lease/people/${ben.id}`)).status).toBe(200);
});

it('narrows the list by form, state and words, and keeps the filters on the next page', async () => {
  const { db } = await twoForms();
  const { ask } = await openClient(db);
  const names = async (query: string) => [...(await ask(`/admin/people?${query}`)).text.matchAll(/<bdi>(Ana|Ben|ليلى حداد)<\/bdi>/g)].map(([, name]) => name); // prettier-ignore
  expect(await names('form=lease')).toEqual(['Ben']);
  expect(await names('form=driver&status=draft')).toEqual(['ليلى حداد']);
  expect(await names('status=submitted')).toEqual(['Ana']);
  expect(await names('q=ben')).toEqual(['Ben']);
  const nothing = async (query: string) => wordsOf((await ask(`/admin/people?${query}`)).text);
  expect(await nothing('q=nobody')).toContain('3 submissions are here without filters.');
  expect(await nothing('q=nobody&form=lease')).toContain('1 submission is here without the other filters.');
  expect(await names('form=no-such-form')).toHaveLength(3);
  // A figure of Results is of one form, and narrows nothing here.
  expect(await names('reached=completed')).toHaveLength(3);
  const lease = await publish(db, compiled(LEASE, 'lease'));
  for (let at = 0; at < 30; at++) await lease({ full_name: `Carla ${at}` }, { now: later(10 + at) });
  const [, older] = /href="(\/admin\/people\?[^"]*cursor[^"]*)"/.exec((await ask('/admin/people?form=lease&q=carla')).text) ?? []; // prettier-ignore
  expect(older).toMatch(/form=lease&#38;q=carla|form=lease&amp;q=carla/);
  expect((await ask(older?.replaceAll(/&#38;|&amp;/g, '&') ?? '')).text).toContain('Carla 0<');
});

it('says of people without an account whether they have sent documents', async () => {
  const { db, layla } = await twoForms();
  await setSmileUser(db, layla.id, 'user-1');
  const { ask } = await openClient(db);
  const words = async () => wordsOf((await ask('/admin/people?form=driver&status=draft')).text);
  expect(await words()).toContain('Opened, then left');
  const archive = { archiveId: 'u-1', submissionId: layla.id, screen: 'connect', widget: 0, type: 'PAYSLIP', errorCode: null, content: undefined }; // prettier-ignore
  await storeArchive(db, { ...archive, status: 'ANALYZED' }, NOW);
  expect(await words()).toContain('Sent documents');
  await storeArchive(db, { ...archive, status: 'REVOKED' }, NOW);
  expect(await words()).toContain('Opened, then left');
});

it('does not say of deleted people whether they connected an account, which nobody knows any more', async () => {
  const { db, ana } = await twoForms();
  const { ask, send } = await openClient(db);
  expect((await send(`/admin/forms/driver/people/${ana.id}/erase`, {})).status).toBe(303);
  const words = wordsOf((await ask('/admin/people?status=deleted')).text);
  expect(words).toContain('1 deleted submission');
  expect(words).not.toContain('onnected');
});

it('shows a member only the people of the forms that they may see', async () => {
  const { db } = await twoForms();
  const { ask } = await memberWith(db, [
    { role: 'reviewer', form: 'lease', mayReveal: false },
    { role: 'viewer', form: 'driver', mayReveal: false },
  ]);
  const { text } = await ask('/admin/people');
  expect(text).toContain('Ben');
  expect(wordsOf(text)).toContain('1 submission, newest first');
  for (const query of ['', '?form=driver', '?q=ana', '?status=submitted'])
    expect([query, (await ask(`/admin/people${query}`)).text.includes('Ana<')]).toEqual([query, false]);
});

it('says that there are no people yet', async () => {
  const { ask } = await openClient(await temporaryDatabase());
  expect((await ask('/admin/people')).text).toContain('No people yet');
});

it('leads from each address of before to the one in its place', async () => {
  const { db, ben } = await twoForms();
  const { ask } = await openClient(db);
  for (const [before, now] of [
    ['/admin/forms/lease?q=ben', '/admin/forms/lease/people?q=ben'],
    [`/admin/forms/lease/${ben.id}?delete=yes`, `/admin/forms/lease/people/${ben.id}?delete=yes`],
    ['/admin/deliveries?status=failed', '/admin/messages?status=failed'],
    [`/admin/deliveries/${ben.id}`, `/admin/messages/${ben.id}`],
    ['/admin/smile', '/admin/settings/smile'],
    ['/admin/settings/email', '/admin/settings#email'],
  ] as const)
    expect([before, (await ask(before)).location]).toEqual([before, now]);
});

it('says in plain words what is set for the site, and what to ask for', async () => {
  const { ask } = await openClient(await temporaryDatabase());
  const words = wordsOf((await ask('/admin/settings')).text);
  expect(words).toMatch(/Email Off.*To turn email on, set SMTP_URL and MAIL_FROM/);
  expect(words).toContain('Not set, so no other system can use the API.');
  expect(words).toContain('Your forms are at http://forms.example');
});
