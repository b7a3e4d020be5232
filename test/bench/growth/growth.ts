/**
 * The pages that people open, with 10 thousand submissions stored and with a million, through the routes and in the
 * store alone.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import type { Database } from '../../../src/record/db/database.ts';
import { newId } from '../../../src/record/ids.ts';
import { accountsEnding } from '../../../src/record/accounts/accounts.ts';
import { countDeliveries, listDeliveries } from '../../../src/record/delivery-queries.ts';
import { findUnchangedSince } from '../../../src/record/retention.ts';
import { lastWebhookAt } from '../../../src/record/event-queries.ts';
import { enqueueAll } from '../../../src/record/jobs/jobs.ts';
import { runDue, type JobHandlers } from '../../../src/record/jobs/worker.ts';
import { numbersByLink } from '../../../src/record/results/sums.ts';
import { listSubmissions, type SubmissionQuery } from '../../../src/record/submissions/submission-list.ts';
import { countByForm, countCompleted, submittedPerDay } from '../../../src/record/submissions/tallies.ts';
import { submissionView } from '../../../src/dashboard/people/submission-view.ts';
import { startPostgres } from '../../helpers/postgres/postgres.ts';
import { API_KEY, ask, openTestSite, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { bytesOf, FORM, FORMS, KEY, KINDS, NOW, storeOf, type Kind, type Store } from './stores.ts';

const GOAL = 1.5;
const DAY_MS = 86_400_000;
const MEMBER = { email: 'ops@acme.example', password: 'correct horse battery' };

/** A site with a store behind it, a member's cookie, and submissions of every age to look at. */
interface Side {
  store: Store;
  site: TestSite;
  cookie: string;
  ids: string[];
  reference: string;
  /** In the middle of the list. */
  cursor: string;
}

type What = [name: string, run: (side: Side, round: number) => Promise<unknown>];

const page = (name: string, address: (side: Side, round: number) => string): What => [
  name,
  async ({ site, cookie, ...side }, round) => {
    const headers = { cookie, authorization: `Bearer ${API_KEY}` };
    const response = await fetch(site.origin + address({ site, cookie, ...side }, round), { headers, redirect: 'manual' }); // prettier-ignore
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${name} was answered ${response.status}: ${text.slice(0, 200)}`);
  },
];

const HERE = `/admin/forms/${FORM}`;
const PEOPLE = `${HERE}/people`;
const one = ({ ids }: Side, round: number) => ids[round % ids.length] ?? '';

/** The last 30 days of the generated people. */
const SPAN = `from=${new Date(NOW.getTime() - 29 * DAY_MS).toISOString().slice(0, 10)}&to=${NOW.toISOString().slice(0, 10)}`;

const ROUTES: What[] = [
  page('Overview of the forms, with counts', () => '/admin'),
  page('A form: counts and first page', () => PEOPLE),
  page('… a page in the middle', ({ cursor }) => `${PEOPLE}?cursor=${cursor}`),
  page('… submitted', () => `${PEOPLE}?status=submitted`),
  page('… drafts', () => `${PEOPLE}?status=draft`),
  page('… in quarantine', () => `${PEOPLE}?status=quarantined`),
  page('… a name that many have', () => `${PEOPLE}?q=Pe%C3%B1a`),
  page('… a name without a result', () => `${PEOPLE}?q=nobody-is-called-so`),
  page('… a reference', ({ reference }) => `${PEOPLE}?q=${reference}`),
  page('Results, 30 days', () => `${HERE}/results?${SPAN}`),
  page('… of one link', () => `${HERE}/results?${SPAN}&link=fb-dec`),
  page('… the people behind a number', () => `${PEOPLE}?reached=completed&${SPAN}`),
  page('… the people behind a number of one link', () => `${PEOPLE}?reached=connected&link=flyer-quiapo`),
  page('One submission with its timeline', (side, round) => `${PEOPLE}/${one(side, round)}`),
  page('Deliveries of the form', () => `/admin/messages?form=${FORM}`),
  page('API: 50 submissions', () => `/api/forms/${FORM}/submissions?limit=50`),
  page('API: … from the middle', ({ cursor }) => `/api/forms/${FORM}/submissions?limit=50&cursor=${cursor}`),
  page('API: results, 30 days', () => `/api/forms/${FORM}/results?${SPAN}`),
  page('API: one submission with its events', (side, round) => `/api/submissions/${one(side, round)}`),
];

const list = (name: string, query: (side: Side) => Partial<SubmissionQuery>): What => [
  name,
  (side) => listSubmissions(side.site.db, { form: FORM, limit: 25, counted: true, ...query(side) }),
];

const runJobs = ({ db }: TestSite, jobs: JobHandlers, now: Date) => runDue({ db, jobs, now: () => now, log: console });

const again = { run: async () => ({ again: NOW }), backoff: [] };
/** Jobs that always wait: they are due again after each run. The site itself does not know these kinds. */
const BENCH_JOBS: JobHandlers = {
  benchPoll: { ...again, atOnce: 1 },
  benchRead: { ...again, atOnce: 1 },
  benchHook: { ...again, atOnce: 64, atOncePerLane: 1 },
};

/** One of twenty submissions waits for a poll, and one for a slow receiver. As many have a read that is due later. */
async function enqueueBenchJobs(db: Database, count: number): Promise<void> {
  const later = new Date(NOW.getTime() + DAY_MS);
  for (let n = 0; n < count / 20; n += 5_000) {
    const subjects = Array.from({ length: Math.min(5_000, count / 20 - n) }, (_, at) => `bench ${n + at}`);
    const jobs = subjects.flatMap((subject) => [
      { kind: 'benchPoll', subject },
      { kind: 'benchHook', subject, lane: 'slow.example' },
      { kind: 'benchRead', subject, dueAt: later },
    ]);
    await enqueueAll(db, jobs, NOW);
  }
  await enqueueAll(db, [{ kind: 'benchHook', subject: 'quick', lane: 'quick.example' }], NOW);
  if (db.engine.kind === 'postgres') await sql`vacuum analyze jobs`.execute(db.query);
}

/** The time at which as many people of this store may still finish as of a million within half an hour. */
const asManyActive = ({ store }: Side) => new Date(NOW.getTime() + 1_800_000 * (1 - 1_000_000 / store.count));

const STORE: What[] = [
  ['Counts of all forms', ({ site }) => countByForm(site.db)],
  ['Sent on each of 14 days', ({ site }) => submittedPerDay(site.db, FORM, new Date(NOW.getTime() - 13 * DAY_MS))],
  ['Counted for a limit', ({ site }) => countCompleted(site.db, FORM)],
  list('First page', () => ({})),
  list('A page in the middle', ({ cursor }) => ({ cursor })),
  list('Submitted', () => ({ status: 'submitted' })),
  list('Drafts', () => ({ status: 'draft' })),
  list('In quarantine', () => ({ status: 'quarantined' })),
  list('A name that many have', () => ({ search: 'Peña' })),
  list('A name without a result', () => ({ search: 'nobody-is-called-so' })),
  list('A reference', ({ reference }) => ({ search: reference })),
  ['One submission, all of it', (side, round) => submissionView(side.site.db, FORM, one(side, round), NOW)],
  ['A page of deliveries', ({ site }) => listDeliveries(site.db, { form: FORM, statuses: ['failed'] }, { limit: 25 })],
  list('People who left at one screen', () => ({ people: { left: 'connect', now: NOW } })),
  list('People who left after the last screen', () => ({ people: { left: '', now: NOW } })),
  list('People at a step that no one reached', () => ({ people: { reached: 'provider:connect:nowhere', now: NOW } })),
  list('People who may still finish', (side) => ({ people: { active: true, now: asManyActive(side) } })),
  ['The numbers of each link', ({ site }) => numbersByLink(site.db, FORM)],
  ['Deliveries by state', ({ site }) => countDeliveries(site.db, { form: FORM })],
  // Nothing is due by a clock that is slow by a day.
  ['The worker looks for due work', ({ site }) => runJobs(site, site.jobs, new Date(NOW.getTime() - DAY_MS))],
  ['The worker runs jobs beside many', ({ site }) => runJobs(site, BENCH_JOBS, NOW)],
  ['Retention looks for old drafts', ({ site }) => findUnchangedSince(site.db, FORM, new Date(NOW.getTime() - 88 * DAY_MS), 100)], // prettier-ignore
  ['Accounts that Smile forgets soon', ({ site }) => accountsEnding(site.db, NOW, new Date(NOW.getTime() + 14 * DAY_MS))], // prettier-ignore
  ['The last webhook', ({ site }) => lastWebhookAt(site.db)],
];

export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string' },
      rounds: { type: 'string', default: '41' },
      most: { type: 'string', default: '1000000' },
      database: { type: 'string' },
    },
  });
  const folder = path.resolve(values.folder ?? mkdtempSync(path.join(tmpdir(), 'flipsite-growth-')));
  mkdirSync(folder, { recursive: true });
  // Of a temporary folder: PostgreSQL runs as another user.
  chmodSync(folder, 0o755);
  const kinds = KINDS.filter((kind) => !values.database || kind.toLowerCase() === values.database.toLowerCase());
  const postgres = await startPostgres({ kept: path.join(folder, 'postgres') });
  let holds = true;
  try {
    for (const kind of kinds) {
      const sides: Side[] = [];
      for (const count of [10_000, Number(values.most)]) sides.push(await openSide(await storeOf(kind, count, folder, postgres))); // prettier-ignore
      try {
        const title = ['Route', 'In the store alone'];
        for (const [index, whats] of [ROUTES, STORE].entries()) {
          const rows = await measured(whats, sides, Number(values.rounds));
          holds = print(kind, title[index] ?? '', rows, sides) && holds;
        }
      } finally {
        for (const { site } of sides) await site.close();
      }
      await printBytes(kind, sides);
    }
  } finally {
    await postgres.stop();
    if (!values.folder) rmSync(folder, { recursive: true, force: true });
  }
  return holds;
}

async function openSide(store: Store): Promise<Side> {
  const env = { DATABASE_URL: store.url, RATE_LIMIT: 'off' };
  const site = await openTestSite({ forms: FORMS, folder: store.folder, env, now: () => NOW, key: KEY });
  await enqueueBenchJobs(site.db, store.count);
  const enter = (where: string, fields: Record<string, string>) =>
    fetch(`${site.origin}/admin/${where}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: site.origin },
      redirect: 'manual',
    });
  const tried = [await enter('setup', { code: SETUP_CODE, ...MEMBER }), await enter('sign-in', MEMBER)];
  const cookie = tried.map((one) => one.headers.get('set-cookie')?.split(';')[0]).find(Boolean) ?? '';
  const ids: string[] = [];
  let reference = '';
  for (let day = 1; day < 90; day += 4) {
    const cursor = cursorAt(day);
    const items = `forms/${FORM}/submissions?limit=20&cursor=${cursor}`;
    const page = await ask<{ items: { id: string; reference: string | null; accounts: object[] }[] }>(site, items);
    ids.push(...page.items.filter(({ accounts }) => accounts.length > 0).map(({ id }) => id));
    reference = page.items.find((item) => item.reference)?.reference ?? reference;
  }
  return { store, site, cookie, ids, reference, cursor: cursorAt(45) };
}

const cursorAt = (days: number) => Buffer.from(newId(new Date(NOW.getTime() - days * DAY_MS))).toString('base64url');

type Row = { name: string; times: number[] };

/**
 * The shortest times in milliseconds. The two sides take turns, because other work of the machine only makes a time
 * longer.
 */
async function measured(whats: What[], sides: Side[], rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, run] of whats) {
    const times = sides.map((): number[] => []);
    for (let round = -5; round < rounds; round++) {
      for (const [index, side] of sides.entries()) {
        const begun = performance.now();
        await run(side, round + 5);
        if (round >= 0) times[index]?.push(performance.now() - begun);
      }
    }
    rows.push({ name, times: times.map((all) => Math.min(...all)) });
  }
  return rows;
}

function print(kind: Kind, title: string, rows: Row[], sides: Side[]): boolean {
  const counts = sides.map(({ store }) => store.count.toLocaleString('en-GB'));
  console.log(`\n| ${title}, ${kind} | ${counts.join(' | ')} | Ratio | ≤ ${GOAL} |`);
  console.log(`| --- | ---: | ---: | ---: | --- |`);
  let holds = true;
  for (const { name, times } of rows) {
    const [small = NaN, large = NaN] = times;
    // A person can't tell one and a half from a tenth of a millisecond.
    const fine = large <= small * GOAL || large - small < 0.1;
    holds = fine && holds;
    const [a, b] = [small, large].map((time) => `${time.toFixed(time < 10 ? 2 : 1)} ms`);
    console.log(`| ${name} | ${a} | ${b} | ${(large / small).toFixed(2)} | ${fine ? 'yes' : '**no**'} |`);
  }
  return holds;
}

async function printBytes(kind: Kind, sides: Side[]): Promise<void> {
  for (const { store } of sides) {
    const bytes = await bytesOf(store);
    const each = (bytes / store.count / 1_000).toFixed(2);
    console.log(`\n${kind}: ${store.count.toLocaleString('en-GB')} submissions are ${(bytes / 1e6).toFixed(0)} MB, ${each} kB each.`); // prettier-ignore
  }
}
