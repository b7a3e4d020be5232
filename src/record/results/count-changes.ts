/**
 * Counts changed submissions into the sums of their cohorts. It first subtracts the former part of a submission. So a
 * change can be undone, and counting all of them again gives the same sums.
 */
import { sql } from 'kysely';
import { providerNames } from '../accounts/providers.ts';
import { insertRows } from '../db/bulk.ts';
import type { Database } from '../db/database.ts';
import { preparedPipelined, type Values } from '../db/prepared.ts';
import type { Tables } from '../db/tables.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { addProgress, isEmpty, noNumbers, stepsIn, type Numbers } from './cohort-numbers.ts';
import { PROGRESS_EVENTS } from './changes.ts';
import { addRevision } from './revisions.ts';
import { ANSWERS_OR_NONE } from '../submissions/which-count.ts';
import { OTHER, progressOf, type SubmissionProgress, type ProgressEvent } from './submission-progress.ts';

/** Submissions in one transaction: some hundredths of a second, in which everyone waits on SQLite. */
const MAX_AT_ONCE = 100;
/** Submissions in the first transaction of a turn, and after a long one. Also the most whose events are read at once. */
const FIRST_AT_ONCE = 10;
/** A transaction that has read for so long takes no more submissions. */
const SHORT_MS = 25;

/** Changes that one transaction looks through. Those of the same submission are counted once. */
const CHANGES_AT_ONCE = 1_000;

/** The same while the site is stopped, so that each cohort is read and stored fewer times. */
const REBUILT_AT_ONCE = 1_000;

/**
 * Counts changed submissions, for at most `budgetMs`.
 * @returns whether all are counted
 */
export async function countChanges(db: Database, budgetMs = Infinity): Promise<boolean> {
  const end = performance.now() + budgetMs;
  let atOnce = FIRST_AT_ONCE;
  for (;;) {
    const [some] = await db.query.selectFrom('result_changes').select('seq').limit(1).execute();
    if (!some) return true;
    const began = performance.now();
    if (began > end) return false;
    await countSome(db, atOnce, SHORT_MS);
    atOnce = performance.now() - began < SHORT_MS ? Math.min(atOnce * 2, MAX_AT_ONCE) : FIRST_AT_ONCE;
    await new Promise((turn) => setImmediate(turn));
  }
}

/**
 * At *read committed*, each statement sees the changes that were stored before it.
 * @returns how many submissions it counted
 */
const countSome = (db: Database, submissions: number, maxMs?: number): Promise<number> =>
  db.transaction(
    async (trx) => {
      await takeTurn(trx);
      const changes = await trx.query.selectFrom('result_changes').selectAll().orderBy('seq').limit(CHANGES_AT_ONCE).execute(); // prettier-ignore
      const some = [...new Set(changes.map((one) => one.submission_id))].slice(0, submissions);
      if (!some.length) return 0;
      const ids = new Set(await countAgain(trx, some, maxMs));
      const seen = changes.filter((one) => ids.has(one.submission_id)).map(({ seq }) => seq);
      await trx.query.deleteFrom('result_changes').where('seq', 'in', seen).execute();
      return ids.size;
    },
    { locksRow: true },
  );

/** One transaction at a time changes the sums. SQLite has one writer anyway. */
async function takeTurn(trx: Database): Promise<void> {
  if (trx.engine.kind === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(TURN)})`.execute(trx.query);
}

/** Any number that no other lock of the database has. */
const TURN = 7_245_301_126;

/** @returns those of `some` that it counted: the first ones, if reading all of them takes longer than `maxMs` */
async function countAgain(trx: Database, some: string[], maxMs = Infinity): Promise<string[]> {
  const began = performance.now();
  const ids: string[] = [];
  const after = new Map<string, SubmissionProgress | undefined>();
  let atOnce = 1;
  // Anyone can send many large events. Those of several submissions at once would keep everyone waiting.
  do {
    const part = some.slice(ids.length, ids.length + atOnce);
    for (const [id, progress] of await currentProgress(trx, part)) after.set(id, progress);
    ids.push(...part);
    atOnce = Math.min(atOnce * 2, FIRST_AT_ONCE);
  } while (ids.length < some.length && performance.now() - began < maxMs);
  const before = await storedProgress(trx, ids);
  const cohorts = openCohorts(trx, 0);
  const changed: SubmissionProgress[] = [];
  for (const id of ids) {
    const [was, is] = [before.get(id), after.get(id)];
    const isUnreadable = after.has(id) && !is;
    if (isUnreadable) continue;
    if (was && is && JSON.stringify(was) === JSON.stringify(is)) continue;
    if (was) addProgress(await cohorts.of(was), was, -1);
    if (is) {
      const numbers = await cohorts.of(is);
      is.steps = withFewProviders(is.steps, numbers);
      addProgress(numbers, is, 1);
      changed.push(is);
    } else if (was) await deleteProgress(trx, id);
  }
  await insertRows(trx, 'submission_progress', changed, ['submission_id']);
  await cohorts.store();
  return ids;
}

/** Counts a provider as another one where the cohort has too many names already. */
function withFewProviders(steps: string, { counts }: Numbers): string {
  const few = stepsIn({ steps }).map((step) => {
    const [kind, screen] = step.split(':');
    if (kind !== 'provider' || counts[step] || step === `provider:${screen}`) return step;
    const names = Object.keys(counts).filter((one) => one.startsWith(`provider:${screen}:`));
    return names.length < SITE_LIMITS.providersInResults.value ? step : `provider:${screen}:${OTHER}`;
  });
  return ` ${[...new Set(few)].join(' ')} `;
}

async function storedProgress(trx: Database, ids: string[]): Promise<Map<string, SubmissionProgress>> {
  const rows = await trx.query.selectFrom('submission_progress').select(COLUMNS).where('submission_id', 'in', ids).execute(); // prettier-ignore
  return new Map(rows.map((row) => [row.submission_id, row]));
}

/** In the order of `progressOf`, because rows are compared as JSON. */
const COLUMNS = ['submission_id', 'form', 'day', 'link', 'language', 'device', 'state', 'steps', 'at_screen', 'last_at', 'times'] as const; // prettier-ignore

/** @returns without those that don't count. Undefined for one with damaged data, which must not keep all others from being counted */
async function currentProgress(trx: Database, ids: string[]): Promise<Map<string, SubmissionProgress | undefined>> {
  const submissions = await trx.query
    .selectFrom('submissions')
    .select([
      'id',
      'form',
      'language',
      'link',
      'params',
      ANSWERS_OR_NONE,
      'smile_user_id',
      'outcome',
      'quarantined',
      'erased_at',
      'created_at',
      'submitted_at',
    ])
    .where('id', 'in', ids)
    .where('erased_at', 'is', null)
    .execute();
  const events = await trx.query
    .selectFrom('events')
    .select(['seq', 'scope', 'name', 'source', 'at', 'received_at', 'data'])
    .where('seq', 'in', decidingEvents(trx, ids))
    .execute();
  const accounts = await trx.query
    .selectFrom('accounts')
    .select(['submission_id', 'screen', 'provider_id', 'status', 'error_code', 'connected_at', 'revoked_at'])
    .where('submission_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('account_id')
    .execute();
  // Few rows, for which no index has the order.
  events.sort((a, b) => a.seq - b.seq);
  const eventsOf = Map.groupBy(events, ({ scope }) => scope);
  const accountsOf = Map.groupBy(accounts, ({ submission_id }) => submission_id);
  return new Map(
    submissions.flatMap((row): [string, SubmissionProgress | undefined][] => {
      try {
        const own = (eventsOf.get(row.id) ?? []).map(
          ({ name, source, at, received_at: receivedAt, data }) =>
            ({ name, source, at, receivedAt, data: JSON.parse(data) as unknown }) as ProgressEvent,
        );
        const progress = progressOf(row, own, accountsOf.get(row.id) ?? []);
        return progress ? [[row.id, progress]] : [];
      } catch {
        console.error(`The data of submission ${row.id} is damaged, so Results counts it as before, or not at all.`);
        return [[row.id, undefined]];
      }
    }),
  );
}

/** The numbers of the latest events of each submission, of the server and of the browser, and of its start. */
const decidingEvents = (trx: Database, ids: string[]) =>
  trx.query
    .selectFrom(
      trx.query
        .selectFrom('events')
        .select([
          'seq',
          sql<number>`row_number() over (partition by scope, source = 'server', name = 'started' order by seq desc)`.as('place'), // prettier-ignore
        ])
        .where('scope', 'in', ids)
        .where('name', 'in', PROGRESS_EVENTS)
        .as('own'),
    )
    .select('own.seq')
    .where('own.place', '<=', SITE_LIMITS.eventsInResults.value);

type CohortKey = Pick<SubmissionProgress, 'form' | 'day' | 'link' | 'language' | 'device'>;

/** The sums of cohorts, each read once and stored at the end. */
function openCohorts(trx: Database, ofDeleted: 0 | 1) {
  const open = new Map<string, { key: CohortKey; numbers: Numbers }>();
  return {
    async of({ form, day, link, language, device }: SubmissionProgress): Promise<Numbers> {
      const key = { form, day, link, language, device };
      const name = JSON.stringify(key);
      const known = open.get(name);
      if (known) return known.numbers;
      const row = await trx.query.selectFrom('result_cohorts').select(['counts', 'times']).where(isCohort(key, ofDeleted)).executeTakeFirst(); // prettier-ignore
      const numbers = row ? numbersIn(row) : noNumbers();
      open.set(name, { key, numbers });
      return numbers;
    },
    async store(): Promise<void> {
      for (const { key, numbers } of open.values()) {
        if (isEmpty(numbers)) await trx.query.deleteFrom('result_cohorts').where(isCohort(key, ofDeleted)).execute();
        else
          await storeCohort(trx, {
            ...key,
            of_deleted: ofDeleted,
            counts: inOrder(numbers.counts),
            times: inOrder(numbers.times),
          });
      }
      await addRevision(
        trx,
        [...open.values()].map(({ key }) => key.form),
      );
    },
  };
}

const isCohort = ({ form, day, link, language, device }: CohortKey, ofDeleted: number) =>
  sql<boolean>`form = ${form} and day = ${day} and link = ${link} and language = ${language} and device = ${device} and of_deleted = ${ofDeleted}`;

/** The numbers of a stored cohort. */
export const numbersIn = ({ counts, times }: { counts: string; times: string }): Numbers => ({
  counts: JSON.parse(counts) as Numbers['counts'],
  times: JSON.parse(times) as Numbers['times'],
});

/** The same sums give the same text, whatever the order in which people came. */
const inOrder = (object: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1))));

const storeCohort = preparedPipelined((db, value: Values<Tables['result_cohorts']>) =>
  db.query
    .insertInto('result_cohorts')
    .values({
      form: value('form'),
      day: value('day'),
      link: value('link'),
      language: value('language'),
      device: value('device'),
      of_deleted: value('of_deleted'),
      counts: value('counts'),
      times: value('times'),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['form', 'day', 'link', 'language', 'device', 'of_deleted'])
        .doUpdateSet({ counts: value('counts'), times: value('times') }),
    ),
);

const deleteProgress = (trx: Database, id: string) =>
  trx.query.deleteFrom('submission_progress').where('submission_id', '=', id).execute();

/**
 * Before the data of a person is deleted: keeps the numbers, and forgets which submission they came from. Runs in the
 * transaction that deletes.
 */
export async function keepNumbers(trx: Database, id: string): Promise<void> {
  await takeTurn(trx);
  await countAgain(trx, [id]);
  const progress = (await storedProgress(trx, [id])).get(id);
  if (!progress) return;
  const [counted, deleted] = [openCohorts(trx, 0), openCohorts(trx, 1)];
  addProgress(await counted.of(progress), progress, -1);
  await counted.store();
  if (progress.state === 'counted') {
    const steps = await withNamedProviders(trx, progress.steps);
    addProgress(await deleted.of(progress), { ...progress, steps }, 1);
    await deleted.store();
  }
  await deleteProgress(trx, id);
}

/** A browser can report any text as a provider. A name that Smile does not know could be something about the person. */
async function withNamedProviders(trx: Database, steps: string): Promise<string> {
  const providerOf = (step: string) => (step.startsWith('provider:') ? step.split(':')[2] : undefined);
  const all = stepsIn({ steps });
  const named = await providerNames(trx, all.flatMap((step) => providerOf(step) ?? [])); // prettier-ignore
  const checked = all.map((step) => {
    const provider = providerOf(step);
    return provider === undefined || named.has(provider) ? step : `${step.slice(0, -provider.length)}${OTHER}`;
  });
  return ` ${[...new Set(checked)].join(' ')} `;
}

/** Counts all submissions again. The numbers of deleted people stay as they are. Run it while the site is stopped. */
export async function rebuildResults(db: Database): Promise<void> {
  await markAllChanged(db);
  while ((await countSome(db, REBUILT_AT_ONCE)) > 0);
}

/** Takes all sums away and marks all submissions as changed, for `countChanges`. */
async function markAllChanged(db: Database): Promise<void> {
  await db.transaction(async (trx) => {
    await takeTurn(trx);
    await trx.query.deleteFrom('result_cohorts').where('of_deleted', '=', 0).execute();
    await trx.query.deleteFrom('submission_progress').execute();
    await trx.query.deleteFrom('result_changes').execute();
    await sql`insert into result_changes (submission_id) select id from submissions where erased_at is null order by id`.execute(trx.query); // prettier-ignore
  });
}
