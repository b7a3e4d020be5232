/** A person is forgotten: by a form's retention, or because they asked. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enqueue, findDueTime, type Job } from '../../src/record/jobs/jobs.ts';
import { runDue } from '../../src/record/jobs/worker.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import { eraseSubmission, eraseLateJob, retentionJob, retentionPauseJob } from '../../src/respond/erase.ts';
import type { Services } from '../../src/respond/services.ts';
import { SmileError } from '../../src/smile/error.ts';
import { smileJobs } from '../../src/respond/smile/jobs.ts';
import { recordAccount } from '../../src/record/accounts/accounts.ts';
import { recordEvents } from '../../src/respond/events.ts';
import { appendEvents } from '../../src/record/events.ts';
import { findSubmission, setWinkScreen } from '../../src/record/submissions/submissions.ts';
import { API_KEY, ask, type TestSite, continueRetention } from '../helpers/site.ts';
import { pdf } from '../helpers/samples/files.ts';
import { beforePapers, keptBy, openPapers, PAPERS, type PaperDraft } from '../helpers/api/papers.ts';
import { begin, expectRefusal, type Draft } from '../helpers/api/client.ts';
import { addFormComment, finishFormComment, listFormComments } from '../../src/record/forms/form-comments.ts';
import { prepareInvitations, storeInvitations } from '../../src/record/invitations.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { countChanges } from '../../src/record/results/count-changes.ts';
import { tablesWith } from '../record/traces.ts';
import path from 'node:path';

const DAY_MS = 24 * 60 * 60_000;
const BEGUN = new Date('2026-11-24T10:00:00.000Z');

let site: TestSite;
let now = BEGUN;
beforeAll(async () => {
  const kept = `${PAPERS}\nparams: [customer_id]\nretention: 60 days\n`;
  site = await openPapers({ forms: { papers: kept, forever: PAPERS }, now: () => now });
});
afterAll(() => site.close());

const services = () => ({
  db: site.db,
  files: diskStore(path.join(site.folder, 'data', 'files')),
  catalog: site.catalog,
  now: () => now,
  log: { warn: (about: object) => expect.fail(JSON.stringify(about)) },
});

async function sent(name: string): Promise<PaperDraft> {
  const draft = await beforePapers(site, { params: { customer_id: `id of ${name}` } });
  await draft.put('about', { full_name: name, tax: '123-456-789' }, { 'idempotency-key': `about-${draft.id}` });
  const key = { 'idempotency-key': `cv-${draft.id}`, 'x-file-name': encodeURIComponent(`${name}.pdf`) };
  const file = await draft.upload('cv', pdf(name), key);
  await draft.tell('screenSeen', { screen: 'papers' });
  await draft.put('papers', { cv: [file.body.id] });
  expect((await draft.post('submit')).body).toMatchObject({ reference: expect.any(String) });
  return draft;
}

const purge = async (): Promise<void> => {
  // The site's own worker sees how far the clock jumps, and may begin the pause that follows such a gap.
  await site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
  await retentionJob(services()).run({ dueAt: now.toISOString() } as Job);
};

/** Does so until `find` finds this, because the worker may begin another pause at the same time. */
const purgeUntil = (find: () => Promise<unknown>, wanted: unknown) =>
  expect.poll(() => purge().then(find), { timeout: 10_000 }).toEqual(wanted);

/** The jobs that are queued a while after an erasure. */
async function forgetLate(): Promise<void> {
  const later = new Date(now.getTime() + 20 * 60_000);
  const jobs = { forget: eraseLateJob(services()) };
  await runDue({ db: site.db, jobs, now: () => later, log: { warn: (about) => expect.fail(JSON.stringify(about)) } });
}

describe('an erased submission', () => {
  it('leaves no trace of the person in any table and no file, and a tombstone with the facts of the deletion', async () => {
    const draft = await sent('Ana Xylophone');
    expect(await tablesWith(site.db, 'Ana Xylophone')).not.toEqual([]);
    const before = await ask<{ reference: string }>(site, `submissions/${draft.id}`);
    const files = keptBy(site).length;
    expect(await eraseSubmission(services(), draft.id, { reason: 'asked', by: 'ops@acme.example' })).toBe(true);
    expect(await tablesWith(site.db, 'Ana Xylophone')).toEqual([]);
    await countChanges(site.db);
    expect((await tablesWith(site.db, draft.id)).sort()).toEqual(['events', 'jobs', 'submissions']);
    await forgetLate();
    expect((await tablesWith(site.db, draft.id)).sort()).toEqual(['events', 'submissions']);
    expect(keptBy(site)).toHaveLength(files - 1);
    expect(await ask(site, `submissions/${draft.id}`)).toMatchObject({
      reference: before.reference,
      status: 'submitted',
      answers: {},
      params: {},
      files: [],
      accounts: [],
      erasedAt: BEGUN.toISOString(),
      events: [{ name: 'erased', data: { reason: 'asked', by: 'ops@acme.example' } }],
    });
  });

  it('stores nothing that arrives at that moment: a report of the page, a repeated request, a webhook', async () => {
    const draft = await sent('Gus Hurried');
    await site.db.query
      .updateTable('submissions')
      .set({ smile_user_id: 'user-of-gus' })
      .where('id', '=', draft.id)
      .execute();
    // As a request knows it that has just been let in.
    const submission = await findSubmission(site.db, draft.id);
    const form = submission && (await site.catalog.version('papers', submission.version));
    if (!submission || !form) throw new Error('It should be there.');
    expect(await eraseSubmission(services(), draft.id, { reason: 'retention' })).toBe(true);
    const told = {
      id: crypto.randomUUID(),
      name: 'screenSeen',
      at: BEGUN.toISOString(),
      data: { screen: 'Gus Hurried' },
    };
    await recordEvents(services() as unknown as Services, submission, form, [told], 'key-of-gus');
    await setWinkScreen(site.db, draft.id, 'screen-of-gus');
    const at = BEGUN.toISOString();
    const webhook = { id: 'late', submissionId: null, smileUserId: 'user-of-gus', name: 'ACCOUNT_REVOKED', source: 'webhook', at, receivedAt: at, data: {} } as const; // prettier-ignore
    await appendEvents(site.db, [webhook]);
    await forgetLate();
    for (const word of ['Gus Hurried', 'user-of-gus', 'key-of-gus', 'screen-of-gus'])
      expect(await tablesWith(site.db, word)).toEqual([]);
    expect(await ask(site, `submissions/${draft.id}`)).toMatchObject({ events: [{ name: 'erased' }] });
  });

  it('keeps no report of a page under the name of an event of the server, or of a kept event', async () => {
    const draft = await sent('Eve Namesake');
    for (const name of ['erased', 'started', 'submitted'])
      await draft.tell(name, { by: 'Eve Namesake', screen: 'papers' });
    expect(await eraseSubmission(services(), draft.id, { reason: 'retention' })).toBe(true);
    await forgetLate();
    expect(await tablesWith(site.db, 'Eve Namesake')).toEqual([]);
    expect(await ask(site, `submissions/${draft.id}`)).toMatchObject({
      events: [{ name: 'erased', source: 'server', data: { reason: 'retention' } }],
    });
  });

  it('is erased once', async () => {
    const { id } = await sent('Ben');
    const why = { reason: 'retention' } as const;
    expect(await eraseSubmission(services(), id, why)).toBe(true);
    expect(await eraseSubmission(services(), id, why)).toBe(false);
    expect(await eraseSubmission(services(), 'nobody', why)).toBe(false);
  });

  it('is closed to the holder of its token, and accepts nothing', async () => {
    const draft = await beforePapers(site);
    await eraseSubmission(services(), draft.id, { reason: 'retention' });
    expectRefusal(await draft.put('about', { full_name: 'Ana' }), 404, 'unknown_submission');
    expectRefusal(await draft.tell('screenSeen', {}), 404, 'unknown_submission');
    expectRefusal(await draft.upload('cv', pdf('Ana')), 404, 'unknown_submission');
    expectRefusal(await draft.post('submit'), 404, 'unknown_submission');
  });

  it('can be erased by a program with the API key, again and again', async () => {
    const { id } = await sent('Fay');
    const erase = (key: string) => fetch(`${site.origin}/api/submissions/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } }); // prettier-ignore
    expect((await erase('a-wrong-key-of-20-characters')).status).toBe(401);
    expect(await tablesWith(site.db, 'Fay')).not.toEqual([]);
    expect([(await erase(API_KEY)).status, (await erase(API_KEY)).status]).toEqual([204, 204]);
    expect(await tablesWith(site.db, 'Fay')).toEqual([]);
  });

  it('disconnects at Smile the accounts of the person, and none of another one that a page only claimed', async () => {
    const draft = await sent('Ida Claims');
    await site.db.query.updateTable('submissions').set({ smile_user_id: 'ida' }).where('id', '=', draft.id).execute();
    const at = BEGUN.toISOString();
    const report = { submissionId: draft.id, screen: 'papers', providerId: 'grab', status: 'CONNECTED', at, now } as const; // prettier-ignore
    await recordAccount(site.db, { ...report, accountId: 'confirmed', confirmed: true });
    await recordAccount(site.db, { ...report, accountId: 'own-claim', confirmed: false });
    await recordAccount(site.db, { ...report, accountId: 'of-another', confirmed: false });
    await recordAccount(site.db, { ...report, accountId: 'invented', confirmed: false });
    // The site's own worker does not run these jobs yet.
    const later = () => new Date(now.getTime() + DAY_MS);
    expect(await eraseSubmission({ ...services(), now: later }, draft.id, { reason: 'retention' })).toBe(true);
    const owners: Record<string, string> = { confirmed: 'ida', 'own-claim': 'ida', 'of-another': 'joe' };
    const disconnected: string[] = [];
    const smile = {
      getAccount: async (accountId: string) => owners[accountId] && { accountId, userId: owners[accountId] },
      deleteAccount: async (accountId: string) => void disconnected.push(accountId),
    };
    const { disconnect } = smileJobs({ ...services(), smile } as unknown as Services);
    // At most two at once, so that a person who signs in waits for few of thousands.
    for (let ran = 2; ran > 0;) {
      ran = await runDue({ db: site.db, jobs: { disconnect: disconnect! }, now: later, log: services().log });
      expect(ran).toBeLessThanOrEqual(2);
    }
    expect(disconnected.sort()).toEqual(['confirmed', 'own-claim']);
  });

  it('disconnects what a sign-in window connected after the deletion', async () => {
    const draft = await sent('Ivy Late');
    await site.db.query.updateTable('submissions').set({ smile_user_id: 'ivy' }).where('id', '=', draft.id).execute();
    // The site's own worker does not run these jobs yet.
    const later = (minutes: number) => () => new Date(now.getTime() + DAY_MS + minutes * 60_000);
    expect(await eraseSubmission({ ...services(), now: later(0) }, draft.id, { reason: 'asked', by: 'API' })).toBe(true); // prettier-ignore
    const removed: string[] = [];
    const smile = {
      listAccounts: async (user: string) => [{ accountId: `account of ${user}` }],
      deleteAccount: async (id: string) => void removed.push(id),
      listArchives: async ({ userId }: { userId: string }) =>
        [userId, 'another'].map((of) => ({ id: `document of ${of}`, userId: of })),
      deleteArchive: async (id: string) => void removed.push(id),
    };
    const { disconnectLate } = smileJobs({ ...services(), smile } as unknown as Services);
    const failing = { ...smile, deleteAccount: () => Promise.reject(new SmileError('unavailable', 'DELETE /accounts')) }; // prettier-ignore
    const failed = smileJobs({ ...services(), smile: failing } as unknown as Services).disconnectLate!;
    await expect(failed.run({ subject: 'ivy' } as Job)).rejects.toThrow('DELETE /accounts');
    expect(removed.splice(0)).toEqual(['document of ivy']);
    const runAt = (minutes: number) =>
      runDue({ db: site.db, jobs: { disconnectLate: disconnectLate! }, now: later(minutes), log: services().log });
    expect([await runAt(14), removed]).toEqual([0, []]);
    expect([await runAt(16), removed]).toEqual([1, ['account of ivy', 'document of ivy']]);
  });

  it('does not fail where Smile lets the site read no documents', async () => {
    const smile = {
      listAccounts: async () => [],
      listArchives: () => Promise.reject(new SmileError('refused', 'GET /archives', { status: 403 })),
    };
    const { disconnectLate } = smileJobs({ ...services(), smile } as unknown as Services);
    await expect(disconnectLate!.run({ subject: 'ivy' } as Job)).resolves.toBeUndefined();
  });

  it('leaves the submissions of others as they are', async () => {
    const [mine, theirs] = [await sent('Cara'), await sent('Dana')];
    await eraseSubmission(services(), mine.id, { reason: 'retention' });
    expect(await ask(site, `submissions/${theirs.id}`)).toMatchObject({
      answers: { full_name: 'Dana' },
      files: [{ field: 'cv' }],
    });
  });
});

describe('retention', () => {
  it('erases a submission at that time after its last change, drafts too, and not a moment earlier', async () => {
    now = new Date(BEGUN.getTime() + 100 * DAY_MS);
    const [old, draft] = [await sent('Eva'), await beforePapers(site)];
    const begun = now.getTime();
    now = new Date(begun + 60 * DAY_MS);
    await purge();
    const answersOf = async (id: string) =>
      (await ask<{ answers: Record<string, unknown> }>(site, `submissions/${id}`)).answers;
    expect(await answersOf(old.id)).toMatchObject({ full_name: 'Eva' });
    now = new Date(begun + 60 * DAY_MS + 60 * 60_000);
    await purgeUntil(() => answersOf(old.id), {});
    await purgeUntil(() => answersOf(draft.id), {});
    expect(await tablesWith(site.db, 'Eva')).toEqual([]);
  });

  it('deletes nothing for a day after a gap of more than a week, since the clock may be wrong', async () => {
    const left = await begin(site, 'forever');
    const erasedAt = async () => (await ask<{ erasedAt: string | null }>(site, `submissions/${left.id}`)).erasedAt;
    const warnings: object[] = [];
    // The clock of the site itself stays, so that its own worker does not take part.
    let later = new Date(now.getTime() + 61 * DAY_MS);
    const log = { warn: (about: object) => void warnings.push(about) };
    const own = { ...services(), now: () => later, log };
    const hourly = (dueAt: Date) => retentionJob(own).run({ dueAt: dueAt.toISOString() } as Job);
    const pauses = () => runDue({ ...own, jobs: { retentionPause: retentionPauseJob() } });
    // The site's own worker may have begun a pause, and may not begin one now.
    await continueRetention(site.db, later);
    await site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
    await hourly(now);
    // A restart makes the job due at once.
    await hourly(later);
    later = new Date(later.getTime() + DAY_MS - 1);
    expect(await pauses()).toBe(0);
    await hourly(later);
    expect([await erasedAt(), warnings.length]).toEqual([null, 1]);
    later = new Date(later.getTime() + 1);
    expect(await pauses()).toBe(1);
    await hourly(later);
    expect(await erasedAt()).toBe(later.toISOString());
  });

  it('waits for a day again where the server was off for more than a week in the middle of that day', async () => {
    const left = await begin(site, 'forever');
    const warnings: object[] = [];
    const later = new Date(now.getTime() + 71 * DAY_MS);
    const log = { warn: (about: object) => void warnings.push(about) };
    const lastRun = new Date(later.getTime() - 10 * DAY_MS);
    await continueRetention(site.db, later);
    await site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
    await enqueue(
      site.db,
      { kind: 'retentionPause', subject: 'all', dueAt: new Date(lastRun.getTime() + DAY_MS) },
      now,
    );
    await retentionJob({ ...services(), now: () => later, log }).run({ dueAt: lastRun.toISOString() } as Job);
    const pause = { kind: 'retentionPause', subject: 'all' };
    expect(warnings).toHaveLength(1);
    expect(await findDueTime(site.db, pause)).toBe(new Date(later.getTime() + DAY_MS).toISOString());
    expect(await ask(site, `submissions/${left.id}`)).toMatchObject({ erasedAt: null });
    await site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
  });

  it('is not held up by a pause that a wrong clock put far ahead', async () => {
    const left = await begin(site, 'forever');
    const later = new Date(now.getTime() + 61 * DAY_MS);
    const farAhead = new Date(later.getTime() + 90 * DAY_MS);
    const deletePauses = () => site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
    const erasedAt = async () => {
      // The site's own worker may begin a pause at the same time.
      await deletePauses();
      await enqueue(site.db, { kind: 'retentionPause', subject: 'all', dueAt: farAhead }, now);
      await retentionJob({ ...services(), now: () => later }).run({ dueAt: later.toISOString() } as Job);
      return (await ask<{ erasedAt: string | null }>(site, `submissions/${left.id}`)).erasedAt;
    };
    await expect.poll(erasedAt, { timeout: 10_000 }).toBe(later.toISOString());
    await deletePauses();
  });

  it('erases all others where one cannot be erased: of its form, of other forms, and invitations', async () => {
    now = new Date(BEGUN.getTime() + 500 * DAY_MS);
    const [damaged, same] = [await sent('Ugo Damaged'), await sent('Una Same')];
    const other = await begin(site, 'forever');
    const invitation = { name: 'Ivo Invited', email: 'ivo@acme.example', language: 'en', prefill: { answers: {}, params: {} } }; // prettier-ignore
    const prepared = await prepareInvitations(site.db.keys, [invitation], { form: 'papers', via: 'mail', memberId: 'm', expiresAt: now }, now); // prettier-ignore
    await storeInvitations(site.db, prepared, now);
    const account = { accountId: 'of-ugo', submissionId: damaged.id, screen: 'papers', providerId: 'grab', status: 'CONNECTED', confirmed: true, at: now.toISOString(), now } as const; // prettier-ignore
    await recordAccount(site.db, account);
    // The database refuses to delete the account.
    await sql`create table refuses (account_id text references accounts (account_id))`.execute(site.db.query);
    await sql`insert into refuses values ('of-ugo')`.execute(site.db.query);
    now = new Date(now.getTime() + 61 * DAY_MS);
    const warnings: object[] = [];
    const log = { warn: (about: object) => void warnings.push(about) };
    const left = async () => {
      await site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
      await retentionJob({ ...services(), log }).run({ dueAt: now.toISOString() } as Job).catch(() => undefined); // prettier-ignore
      const ids = [damaged.id, same.id, other.id];
      const rows = await site.db.query.selectFrom('submissions').select('id').where('id', 'in', ids).where('erased_at', 'is', null).execute(); // prettier-ignore
      return [rows.map(({ id }) => id), await tablesWith(site.db, 'Ivo Invited')];
    };
    await expect.poll(left, { timeout: 10_000 }).toEqual([[damaged.id], []]);
    expect(warnings).toContainEqual(expect.objectContaining({ form: 'papers' }));
    await sql`drop table refuses`.execute(site.db.query);
    await expect.poll(left, { timeout: 10_000 }).toEqual([[], []]);
    now = BEGUN;
  });

  itLong('erases all others where another program has locked one on PostgreSQL', { timeout: 60_000 }, async () => {
    if (site.db.engine.kind !== 'postgres') return;
    now = new Date(BEGUN.getTime() + 700 * DAY_MS);
    const [one, other] = [await sent('Lola Locked'), await sent('Lino Other')];
    now = new Date(now.getTime() + 61 * DAY_MS);
    await site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
    await site.db.transaction(async (trx) => {
      await trx.query.selectFrom('submissions').select('id').where('id', '=', one.id).forUpdate().execute();
      await retentionJob({ ...services(), log: { warn: () => undefined } }).run({ dueAt: now.toISOString() } as Job);
    });
    expect(await ask(site, `submissions/${one.id}`)).toMatchObject({ erasedAt: null });
    expect(await ask(site, `submissions/${other.id}`)).toMatchObject({ erasedAt: now.toISOString() });
    now = BEGUN;
  });

  itLong(
    'ends where another program has locked many on PostgreSQL, so that its job is not late',
    { timeout: 60_000 },
    async () => {
      if (site.db.engine.kind !== 'postgres') return;
      now = new Date(BEGUN.getTime() + 800 * DAY_MS);
      const all = [await sent('Ana'), await sent('Ben'), await sent('Cara'), await sent('Dan')].map(({ id }) => id);
      now = new Date(now.getTime() + 61 * DAY_MS);
      await site.db.query.deleteFrom('jobs').where('kind', '=', 'retentionPause').execute();
      const warnings: object[] = [];
      const log = { warn: (about: object) => void warnings.push(about) };
      await site.db.transaction(async (trx) => {
        await trx.query.selectFrom('submissions').select('id').where('id', 'in', all).forUpdate().execute();
        // PostgreSQL ends a transaction that does nothing for 30 seconds.
        const alive = setInterval(() => void trx.query.selectFrom('jobs').select('id').limit(1).execute(), 5_000);
        const run = retentionJob({ ...services(), log }).run({ dueAt: now.toISOString() } as Job);
        await expect(run).rejects.toThrow('Another process has locked the database');
        clearInterval(alive);
      });
      expect(warnings).toHaveLength(2);
      now = BEGUN;
    },
  );

  it('deletes comments on a preview 60 days after they are done, and all after a year', async () => {
    const texts = async () => (await listFormComments(site.db, 'papers', 10)).map(({ text }) => text);
    const note = (text: string) => addFormComment(site.db, { form: 'papers', kind: 'comment', name: 'Liza Reyes', text, textHash: 'x' }, 10, BEGUN); // prettier-ignore
    await note('open');
    await note('done');
    const done = (await listFormComments(site.db, 'papers', 10)).find(({ text }) => text === 'done');
    await finishFormComment(site.db, 'papers', done?.id ?? '', 'a-member', BEGUN);
    now = new Date(BEGUN.getTime() + 60 * DAY_MS);
    await purge();
    expect((await texts()).toSorted()).toEqual(['done', 'open']);
    now = new Date(BEGUN.getTime() + 61 * DAY_MS);
    await purgeUntil(texts, ['open']);
    now = new Date(BEGUN.getTime() + 366 * DAY_MS);
    await purgeUntil(texts, []);
    now = BEGUN;
  });

  it('keeps a submission whose person comes back between the search for old ones and the deletion', async () => {
    const draft = await sent('Ida Returning');
    const later = new Date(BEGUN.getTime() + 61 * DAY_MS);
    const comesBack = () => site.db.query.updateTable('submissions').set({ updated_at: later.toISOString() }).where('id', '=', draft.id).execute(); // prettier-ignore
    const db: typeof site.db = Object.create(site.db, {
      transaction: {
        value: async (work: Parameters<typeof site.db.transaction>[0]) => {
          await comesBack();
          return site.db.transaction(work);
        },
      },
    });
    const job = { dueAt: later.toISOString() } as Job;
    await retentionJob({ ...services(), db, now: () => later }).run(job);
    expect(await ask(site, `submissions/${draft.id}`)).toMatchObject({ erasedAt: null });
    expect(await tablesWith(site.db, 'Ida Returning')).not.toEqual([]);
  });

  it('keeps the sent submissions of a form without it, and erases its drafts 60 days after their last change', async () => {
    now = new Date(BEGUN.getTime() + 300 * DAY_MS);
    const begun = now.getTime();
    const [sentOne, left, touched] = [await begin(site, 'forever'), await begin(site, 'forever'), await begin(site, 'forever')]; // prettier-ignore
    await sentOne.put('about', { full_name: 'Fay' });
    await site.db.query.updateTable('submissions').set({ submitted_at: now.toISOString() }).where('id', '=', sentOne.id).execute(); // prettier-ignore
    now = new Date(begun + 59 * DAY_MS);
    await touched.put('about', { full_name: 'Gil' });
    await purge();
    const erasedAt = async ({ id }: Draft) =>
      (await ask<{ erasedAt: string | null }>(site, `submissions/${id}`)).erasedAt;
    expect(await erasedAt(left)).toBeNull();
    now = new Date(begun + 60 * DAY_MS + 60 * 60_000);
    await purgeUntil(() => erasedAt(left), now.toISOString());
    expect(await erasedAt(touched)).toBeNull();
    now = new Date(begun + 3_000 * DAY_MS);
    await purgeUntil(() => erasedAt(touched), now.toISOString());
    expect(await erasedAt(sentOne)).toBeNull();
  });
});
