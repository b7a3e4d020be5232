/** Linked data and the connection to Smile, as a member sees them: the data, its end, failures, the webhook. */
import { afterEach, expect, it } from 'vitest';
import { markRevoked, recordAccount } from '../../../src/record/accounts/accounts.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { storeLinked } from '../../../src/record/accounts/account-data.ts';
import { enqueue, reschedule, leaseDue } from '../../../src/record/jobs/jobs.ts';
import { mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { saveVersion } from '../../../src/record/versions.ts';
import { compile } from '../../helpers/compile.ts';
import { draft, later, NOW, temporaryDatabase } from '../../helpers/database.ts';
import { DAY, openSilentSmile, type SilentSmile } from '../../respond/silent-smile.ts';
import { openClient } from '../../helpers/dashboard-client.ts';
import { setUp, visitor } from '../../helpers/visitor.ts';

const FORM = `
title: Loan
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name }
  - id: connect
    title: Connect
    wink: { require: none, retrieve: [identities, incomes] }
endings:
  - { id: done, title: Thank you }
`;

async function linkedAccount(form = FORM): Promise<{ db: Database; id: string; page: () => Promise<string>; services: Awaited<ReturnType<typeof openClient>> }> {
  const db = await temporaryDatabase();
  const version = await saveVersion(db, compile(form, 'loan.yaml'), NOW);
  const { id } = await draft(db, { form: 'loan', version });
  await recordAccount(db, { accountId: 'a-1', submissionId: id, screen: 'connect', providerId: 'abccorp', status: 'CONNECTED', confirmed: true, at: NOW.toISOString(), now: NOW });
  const services = await openClient(db);
  return { db, id, services, page: async () => (await services.ask(`/admin/forms/loan/people/${id}`)).text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ') };
} // prettier-ignore

const days = (count: number) => later(count * 86_400);
const george = { dataPoint: 'identities' as const, items: [{ fullName: 'George <b>Palomero</b>', dob: '1970-08-24' }] };
const pay = {
  dataPoint: 'incomes' as const,
  items: [{ startDate: '2026-10-01', currency: 'PHP', netAmount: 7820.25 }],
};

it('is shown in words, and never in its stored form', async () => {
  const { db, id, page, services } = await linkedAccount();
  await storeLinked(db, { accountId: 'a-1', submissionId: id }, [george, pay], NOW);
  const text = await page();
  expect(text).toContain('Born 24 Aug 1970');
  expect(text).toContain('Net ₱7,820.25');
  expect(text).not.toMatch(/fullName|netAmount|sealed:/);
  expect((await services.ask(`/admin/forms/loan/people/${id}`)).text).not.toContain('<b>Palomero');
});

it('has the newest of many payments, and says how many are left out', async () => {
  const { db, id, page } = await linkedAccount();
  const items = Array.from({ length: 3_000 }, (_, n) => ({ startDate: new Date(n * 86_400_000).toISOString().slice(0, 10), netAmount: n, currency: 'PHP' })); // prettier-ignore
  await storeLinked(db, { accountId: 'a-1', submissionId: id }, [george, { dataPoint: 'incomes', items }], NOW);
  const text = await page();
  expect(text).toContain('Born 24 Aug 1970');
  expect(text).toContain('3000 in all');
  expect(text).toContain('Net ₱2,999');
  expect(text).not.toContain('Net ₱2,000 ');
  expect(text).toContain('2,001 older ones are not shown here. A copy of the person’s data has all of them.');
});

it.each(['en', 'es'])('has dates as the answers have them, in a form whose first language is %s', async (language) => {
  const { db, id, page } = await linkedAccount(
    FORM.replace('title: Loan', `title: Loan\nlanguages: [${language}]`)
      .replace('    fields:', '    fields:\n      - { id: born, type: date, label: Date of birth }')
      .replace('title: Connect', "title: 'Born on {born}'"),
  );
  await mergeAnswers(db, id, { set: { born: '1970-08-24' }, clear: [] }, NOW);
  await storeLinked(db, { accountId: 'a-1', submissionId: id }, [george], NOW);
  const text = await page();
  for (const words of ['Date of birth 24 Aug 1970', 'Born on 24 Aug 1970', 'Born 24 Aug 1970']) expect(text).toContain(words); // prettier-ignore
});

it('has its end in the timeline, and a warning before it, on its page, on the page of Smile and on the first page', async () => {
  const { db, id, page, services } = await linkedAccount();
  expect(await page()).toMatch(/Not saved here yet: identity, incomes\. Smile keeps its copy until 23 Jan 2027, 10:00 UTC/); // prettier-ignore
  await storeLinked(db, { accountId: 'a-1', submissionId: id }, [george], NOW);
  const first = async () => (await services.ask('/admin')).text;
  expect(await first()).not.toContain('is not saved yet');
  services.at(days(47));
  await services.signIn();
  expect(await page()).toMatch(/Not saved here yet: incomes\. Smile keeps its copy until/);
  expect(await first()).toContain('The account data of 1 person is not saved yet.');
  await storeLinked(db, { accountId: 'a-1', submissionId: id }, [pay], NOW);
  expect(await page()).toMatch(/Saved here\. Smile keeps its copy until 23 Jan/);
  expect(await first()).not.toContain('is not saved yet');
  services.at(days(61));
  await services.signIn();
  expect(await page()).toContain('Smile kept its copy until');
});

it('has a warning also behind hundreds of accounts whose data is saved and that Smile forgets sooner', async () => {
  const { db, services } = await linkedAccount();
  const account = await db.query.selectFrom('accounts').selectAll().executeTakeFirstOrThrow();
  const sooner = Array.from({ length: 250 }, (_, n) => ({ ...account, account_id: `saved-${n}`, connected_at: later(-n - 1).toISOString() })); // prettier-ignore
  await db.query.insertInto('accounts').values(sooner).execute();
  const stored = { submission_id: account.submission_id, sealed: null, items: 1, read_at: NOW.toISOString() };
  const saved = sooner.flatMap(({ account_id }) => ['identities', 'incomes'].map((data_point) => ({ ...stored, account_id, data_point }))); // prettier-ignore
  await db.query.insertInto('account_data').values(saved).execute();
  services.at(days(47));
  await services.signIn();

  expect((await services.ask('/admin')).text).toContain('The account data of 1 person is not saved yet.');
});

it('has a warning that says so where there are more people than it counts', async () => {
  const { db, services } = await linkedAccount();
  const account = await db.query.selectFrom('accounts').selectAll().executeTakeFirstOrThrow();
  const { version } = await db.query.selectFrom('submissions').select('version').executeTakeFirstOrThrow();
  const people = await Promise.all(Array.from({ length: 200 }, () => draft(db, { form: 'loan', version })));
  await db.query.insertInto('accounts').values(people.map(({ id }, n) => ({ ...account, account_id: `more-${n}`, submission_id: id }))).execute(); // prettier-ignore
  services.at(days(47));
  await services.signIn();

  expect((await services.ask('/admin')).text).toContain('The account data of more than 200 people is not saved yet.');
});

it('has no end at Smile once we disconnect it there', async () => {
  const { db, page } = await linkedAccount();
  await markRevoked(db, 'a-1', NOW);
  expect(await page()).toContain('Flipsite disconnects it at Smile after reading it');
  expect(await page()).not.toContain('Smile deletes');
});

it('says on its page and in the list that Flipsite has read and disconnected it', async () => {
  const { db, id, page, services } = await linkedAccount();
  await mergeAnswers(db, id, { set: { full_name: 'Ana' }, clear: [] }, NOW);
  await storeLinked(db, { accountId: 'a-1', submissionId: id }, [george], NOW);
  const report = {
    accountId: 'a-1',
    submissionId: id,
    screen: 'connect',
    providerId: 'abccorp',
    status: 'DISCONNECTED',
  } as const;
  await markRevoked(db, 'a-1', later(1));
  await recordAccount(db, { ...report, confirmed: true, at: later(2).toISOString(), now: later(2) });
  // A try at another account that failed is not the one that counts.
  await recordAccount(db, {
    ...report,
    accountId: 'a-2',
    status: 'ERROR',
    confirmed: true,
    at: later(3).toISOString(),
    now: later(3),
  });
  expect(await page()).toContain('Read and disconnected');
  expect((await services.ask('/admin/forms/loan/people')).text).toContain('Read and disconnected');
});

it('shows the failure, its reason and the time of the next try', async () => {
  const { db, id, page } = await linkedAccount();
  await enqueue(db, { kind: 'retrieve', subject: 'a-1', submissionId: id }, NOW);
  const [lease] = await leaseDue(db, { kind: 'retrieve', lane: null, max: 1, leaseMs: 1000 }, NOW);
  await reschedule(db, lease!, { dueAt: later(600), error: 'Smile answered GET /incomes with 500' });
  expect(await page()).toContain('Reading from the account has failed once Smile answered GET /incomes with 500. Flipsite tries it again: 24 Nov 2026, 10:10'); // prettier-ignore
});

let silent: SilentSmile | undefined;
afterEach(() => silent?.close());

it('the page of Smile registers the webhook and replays the stored ones, for members alone', async () => {
  silent = await openSilentSmile();
  const ask = visitor(silent.site.origin);
  expect((await ask('/admin/settings/smile')).status).toBe(303);
  expect((await ask('/admin/settings/smile/replay', {})).status).toBe(303);
  await setUp(ask);
  expect((await ask('/admin/settings/smile')).text).toContain('Connected by hand');
  expect((await ask('/admin/settings/smile/register', {})).text).toContain('Set PUBLIC_ORIGIN');
  expect((await ask('/admin/settings/smile/replay', {})).text).toContain('0 updates were checked.');
  expect((await ask('/admin/settings/smile/replay', {}, 'https://evil.example')).status).toBe(403);
  expect((await ask('/admin/settings/smile/sing', {})).status).toBe(404);
  await silent.pass(DAY / 2);
});
