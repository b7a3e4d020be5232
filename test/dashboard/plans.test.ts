/** An index finds everything that is asked for again and again, so its cost does not grow with the stored data. */
import { countChanges } from '../../src/record/results/count-changes.ts';
import { peopleIn } from '../../src/record/results/people.ts';
import { firstDay } from '../../src/record/results/read-counts.ts';
import { resultsOf } from '../../src/record/results/results.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';
import { deliveryRows } from '../../src/dashboard/deliveries/deliveries.ts';
import { invitationRows } from '../../src/dashboard/invitations/invitations.ts';
import { downloadCsv } from '../../src/dashboard/people/csv/download.ts';
import { findForm, formSummaries } from '../../src/dashboard/forms/forms.ts';
import { expiringData } from '../../src/dashboard/smile-connection/smile.ts';
import { submissionView } from '../../src/dashboard/people/submission-view.ts';
import { submissionRows } from '../../src/dashboard/people/submission-rows.ts';
import { parseForm } from '../../src/form/parse.ts';
import { seed } from '../../src/operate/seed.ts';
import { insertRows } from '../../src/record/db/bulk.ts';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { erase, eraseInvitation, deleteUnownedWebhooks } from '../../src/record/erasure.ts';
import { expiredBefore, findDraftsUnchangedSince, findUnchangedSince } from '../../src/record/retention.ts';
import { lastAccountActivity, lastWebhookAt, webhooksAfter } from '../../src/record/event-queries.ts';
import { openFor } from '../../src/record/invitations.ts';
import { submissionResource } from '../../src/record/submissions/submission-resource.ts';
import { enqueueAll } from '../../src/record/jobs/jobs.ts';
import { runDue } from '../../src/record/jobs/worker.ts';
import { oldestDelivery } from '../../src/record/delivery-queries.ts';
import { listSubmissions } from '../../src/record/submissions/submission-list.ts';
import { createSubmission, findSubmissionBySmileUser } from '../../src/record/submissions/submissions.ts';
import { addSuspicion } from '../../src/record/submissions/suspicion.ts';
import { countCompleted } from '../../src/record/submissions/tallies.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { openPreviewStore, previewFile } from '../../src/site/preview/store.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { NOW, temporaryFolder, temporarySqlite } from '../helpers/database.ts';

/** Tables with a row or more for each submission. */
const LARGE = [
  'submissions',
  'events',
  'accounts',
  'idempotency',
  'account_data',
  'archives',
  'files',
  'jobs',
  'deliveries',
  'attempts',
  'invitations',
  'result_changes',
];

const FORM = 'gig-driver';
const SENDING = { mailing: true, outgoing: true };

/** All that the dashboard, the API, the worker and an operator ask for while the site runs. */
async function askAll(db: Database): Promise<void> {
  await formSummaries(db, NOW);
  await findForm(db, FORM, NOW);
  for (const status of [undefined, 'draft', 'submitted', 'quarantined'] as const) {
    for (const q of ['', 'Ana', 'KP4TW7']) {
      const filters = { q, status, people: undefined, filtered: true };
      const { older } = await submissionRows(db, FORM, { ...filters, cursor: undefined });
      const cursor = new URLSearchParams(older).get('cursor') ?? undefined;
      await submissionRows(db, FORM, { ...filters, cursor });
    }
  }
  await countChanges(db);
  for (const people of [
    { reached: 'completed', now: NOW },
    { left: 'about', from: '2026-11-01', to: '2026-11-30', link: '', now: NOW },
    { active: true, now: NOW },
  ]) {
    const { older } = await submissionRows(db, FORM, {
      q: '',
      status: undefined,
      filtered: true,
      cursor: undefined,
      people,
    });
    const cursor = new URLSearchParams(older).get('cursor') ?? undefined;
    await submissionRows(db, FORM, { q: 'Ana', status: undefined, filtered: true, cursor, people });
  }
  await peopleIn(db, FORM, { reached: 'completed', now: NOW }, undefined, { max: 10, window: 20 });
  await resultsOf(db, undefined, { form: FORM, from: '2026-11-01', to: '2026-11-30', link: '', language: 'en' }, NOW);
  await firstDay(db, FORM);
  const { items, nextCursor } = await listSubmissions(db, { form: FORM, limit: 200 });
  await listSubmissions(db, { form: FORM, limit: 200, cursor: nextCursor ?? undefined });
  const one = items.find(({ smileUserId }) => smileUserId)!;
  await submissionResource(db, one);
  await submissionView(db, FORM, one.id, NOW);
  await lastAccountActivity(db, one);
  await findSubmissionBySmileUser(db, one.smileUserId ?? '');
  await addSuspicion(db, one.id, { verdict: 'fine' });
  await (await downloadCsv(db, FORM, NOW))?.text();
  const source = { db, titles: new Map(), outgoing: true };
  for (const form of [undefined, FORM]) {
    for (const status of [undefined, 'sent', 'failed'] as const)
      for (const allowed of [undefined, [FORM, 'tenant-check']])
        await deliveryRows(source, { form, status, submission: undefined, cursor: undefined }, allowed);
  }
  const held = { forms: [FORM, 'tenant-check'], statuses: ['held' as const] };
  await oldestDelivery(db, held);
  await submissionRows(db, held.forms, { q: '', status: undefined, people: undefined, filtered: true, cursor: undefined }); // prettier-ignore
  await deliveryRows(source, { form: FORM, status: undefined, submission: one.id, cursor: undefined });
  await countCompleted(db, FORM);
  await expiringData(db, NOW);
  await lastWebhookAt(db);
  await webhooksAfter(db, NOW).next();
  const { rows } = await invitationRows(db, FORM, { q: '', cursor: undefined }, SENDING, NOW);
  await invitationRows(db, FORM, { q: 'ana', cursor: rows[0]?.id }, SENDING, NOW);
  await openFor(db, FORM, ['ana@mail.example'], NOW);
  await findUnchangedSince(db, FORM, NOW, 100);
  await findDraftsUnchangedSince(db, FORM, NOW, 100);
  await expiredBefore(db, FORM, NOW, 100);
  await erase(db, one.id, NOW);
  await eraseInvitation(db, rows[0]?.id ?? '', NOW);
  await deleteUnownedWebhooks(db, NOW, 100, NOW);
}

it('nothing that is asked for while the site runs looks through a whole table, or sorts one', async () => {
  const path = join(temporaryFolder(), 'flipsite.db');
  const db = await openDatabase(path, [Buffer.alloc(32, 1)]);
  onTestFinished(() => closeDatabase(db));
  const file = new URL(`../../forms/${FORM}.yaml`, import.meta.url);
  const parsed = parseForm(
    `${FORM}.yaml`,
    `${readFileSync(file, 'utf8')}\nnotify: [{ email: ops@acme.example }]\n`,
    NOW,
  );
  if (!parsed.ok) throw new Error('The form has faults.');
  await seed(db, [{ form: parsed.form, version: await saveVersion(db, parsed.form, NOW) }], 300, NOW);

  const person = { name: 'Ana', email: 'ana@mail.example', language: 'en', prefill: { answers: {}, params: {} } };
  await createInvitations(db, [person], { form: FORM, via: 'mail', memberId: 'm', expiresAt: NOW }, NOW);

  const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await askAll(db);
  const texts = [...new Set(asked.mock.calls.map(([text]) => text))].filter((text) =>
    /^(select|update|delete)/.test(text),
  );
  asked.mockRestore();
  expect(texts.length).toBeGreaterThan(40);

  // Of two lower bounds, SQLite may search from the lower one, and then looks at every row above it.
  expect(texts.filter((text) => /"(\w+)" >= \?[^()]*"\1" >= \?/.test(text))).toEqual([]);

  const sqlite = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => sqlite.close());
  const slow = texts.flatMap((text) => {
    const plan = sqlite.prepare(`explain query plan ${text}`).all().map(({ detail }) => String(detail)); // prettier-ignore
    const scans = plan.some((line) => LARGE.some((table) => new RegExp(`^SCAN ${table}\\b`).test(line)));
    const sorts = plan.some((line) => line.includes('TEMP B-TREE FOR ORDER BY'));
    // In the order of an index, up to the limit. The rows of one submission can be sorted, and so can the few active
    // people.
    const ends = / limit \?/.test(text) && !sorts;
    const areFew = plan.some((line) =>
      /\(submission_id=\?\)|SEARCH versions|USING INDEX submission_progress_open/.test(line),
    );
    return (scans && !ends) || (sorts && !areFew) ? [`${text}\n  ${plan.join('\n  ')}`] : [];
  });
  expect(slow.join('\n\n')).toBe('');
});

it('people whose account data Smile deletes soon are listed without reading their data', async () => {
  const db = await openDatabase(':memory:', [Buffer.alloc(32, 1)]);
  onTestFinished(() => closeDatabase(db));
  const text = readFileSync(new URL(`../../forms/${FORM}.yaml`, import.meta.url), 'utf8');
  const parsed = parseForm(`${FORM}.yaml`, text, NOW);
  if (!parsed.ok) throw new Error('The form has faults.');
  await seed(db, [{ form: parsed.form, version: await saveVersion(db, parsed.form, NOW) }], 50, NOW);
  const connected_at = new Date(NOW.getTime() - 50 * 86_400_000).toISOString();
  await db.query.updateTable('accounts').set({ status: 'CONNECTED', confirmed: 1, revoked_at: null, monitor: null, connected_at }).execute(); // prettier-ignore
  await db.query.updateTable('account_data').set({ data_point: 'other' }).execute();
  const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const { items } = await expiringData(db, NOW);
  const texts = asked.mock.calls.map(([one]) => one);
  asked.mockRestore();
  expect(items.length).toBeGreaterThan(5);
  expect(texts.filter((one) => one.includes('* from "account_data"') || one.includes('sealed'))).toEqual([]);
});

it('drafts and webhooks that are old enough to be deleted are found without the others', async () => {
  const path = join(temporaryFolder(), 'flipsite.db');
  const db = await temporarySqlite(path);
  const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await findDraftsUnchangedSince(db, FORM, NOW, 100);
  await deleteUnownedWebhooks(db, NOW, 100, NOW);
  const texts = asked.mock.calls.map(([text]) => text).filter((text) => / limit \?/.test(text));
  asked.mockRestore();
  const sqlite = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => sqlite.close());
  const plans = texts.flatMap((text) => sqlite.prepare(`explain query plan ${text}`).all().map(({ detail }) => String(detail))); // prettier-ignore
  expect(plans).toContain('SEARCH submissions USING INDEX submissions_unsent (form=? AND <expr><?)');
  expect(plans).toContain('SEARCH events USING INDEX events_unowned (received_at<?)');
  expect(plans.filter((line) => line.includes('TEMP B-TREE'))).toEqual([]);
});

it('a test answer of a preview is deleted without reading the events of others', async () => {
  const folder = temporaryFolder();
  const store = await openPreviewStore(folder, [Buffer.alloc(32)]);
  onTestFinished(() => store.close());
  await store.trim(NOW);
  const sqlite = new DatabaseSync(previewFile(folder), { readOnly: true });
  onTestFinished(() => sqlite.close());
  await createSubmission(store.db, { form: FORM, version: 'v', language: 'en', params: {}, now: NOW });
  const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await store.forget(FORM, NOW);
  const texts = asked.mock.calls.map(([text]) => text).filter((text) => /^delete from "events"/.test(text));
  asked.mockRestore();
  expect(texts.length).toBeGreaterThan(1);
  // The deletion of a submission also looks for events that name it, by an index of all of them.
  const named = 'select 1 from events where submission_id = ?';
  const plans = [...texts, named].flatMap((text) => sqlite.prepare(`explain query plan ${text}`).all().map(({ detail }) => String(detail))); // prettier-ignore
  expect(plans.filter((line) => line.startsWith('SCAN'))).toEqual([]);
});

it('each page of counts is searched from the last row of the one before, and not from the first day', async () => {
  const path = join(temporaryFolder(), 'flipsite.db');
  const db = await temporarySqlite(path);
  const row = { form: FORM, language: 'en', device: 'phone' };
  const links = Array.from({ length: 1_001 }, (_, n) => `branch-${n}`);
  const cohort = { ...row, day: '2026-11-24', of_deleted: 0, counts: '{}', times: '{}' };
  await insertRows(db, 'result_cohorts', links.map((link) => ({ ...cohort, link }))); // prettier-ignore
  const opening = { ...row, hour: '2026-11-24T10', visitor: 'person', count: 1 };
  await insertRows(db, 'openings', links.map((link) => ({ ...opening, link }))); // prettier-ignore
  const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await resultsOf(db, undefined, { form: FORM, from: '2026-11-01' }, NOW);
  const next = asked.mock.calls.map(([text]) => text).filter((text) => text.includes(') > ('));
  asked.mockRestore();
  expect(next).toHaveLength(2);
  expect(next.filter((text) => / (day|hour) >= /.test(text))).toEqual([]);
});

it('clicks are searched by the days of each link, so that a period without any is found at once', async () => {
  const path = join(temporaryFolder(), 'flipsite.db');
  const db = await temporarySqlite(path);
  const click = { form: FORM, link: 'old', class: 'person', device: 'phone', shard: 0, clicks: 1 };
  const hosts = Array.from({ length: 1_001 }, (_, n) => `site-${n}.example`);
  await insertRows(db, 'link_clicks', hosts.map((host) => ({ ...click, hour: '2026-10-24T10', host }))); // prettier-ignore
  const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
  for (const from of ['2026-11-24', '2026-10-01']) await resultsOf(db, undefined, { form: FORM, from, to: '2026-11-24' }, NOW); // prettier-ignore
  const texts = asked.mock.calls.map(([text]) => text).filter((text) => text.includes('"clicks" from "link_clicks"'));
  asked.mockRestore();
  const sqlite = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => sqlite.close());
  const plans = texts.flatMap((text) => sqlite.prepare(`explain query plan ${text}`).all().map(({ detail }) => String(detail))); // prettier-ignore
  expect(plans.length).toBeGreaterThanOrEqual(2);
  expect(plans.filter((line) => !/\(form=\? AND link=\? AND .*hour.*>.* AND hour<\?\)/.test(line))).toEqual([]);
});

it('the worker reads no jobs of other kinds and receivers, and none that are due later', async () => {
  const path = join(temporaryFolder(), 'flipsite.db');
  const db = await temporarySqlite(path);
  const job = { backoff: [], run: async () => {} };
  const jobs = { mail: job, poll: { ...job, atOnce: 2 }, hook: { ...job, atOnce: 9, atOncePerLane: 1 } };
  const lanes = ['a.example', 'b.example'].map((lane) => ({ kind: 'hook', subject: lane, lane }));
  await enqueueAll(db, [{ kind: 'mail', subject: '' }, { kind: 'poll', subject: '' }, ...lanes], NOW);
  const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
  expect(await runDue({ db, jobs, now: () => NOW, log: { warn: () => {} } })).toBe(4);
  const texts = asked.mock.calls.map(([text]) => text);
  asked.mockRestore();
  const sqlite = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => sqlite.close());
  const plans = texts
    .filter((text) => text.includes('leased_until is null'))
    .flatMap((text) =>
      sqlite
        .prepare(`explain query plan ${text}`)
        .all()
        .map(({ detail }) => String(detail)),
    );
  expect([...new Set(plans)].filter((line) => line.includes('jobs')).toSorted()).toEqual([
    'SEARCH jobs USING INDEX jobs_due_in_lane (kind=? AND (lane,due_at)>(?,?) AND (lane,due_at)<(?,?))',
    'SEARCH jobs USING INDEX jobs_due_in_lane (kind=? AND lane>?)',
    'SEARCH jobs USING INDEX jobs_due_without_lane ((kind,due_at)>(?,?) AND (kind,due_at)<(?,?))',
    'SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (id=?)',
  ]);
});
