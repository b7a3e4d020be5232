/**
 * Counts of submissions, updated with every change, so that no query reads all submissions to count them. Each form has a
 * row for all days, and one for each day with a submission. Both are spread over shards: concurrent transactions use
 * different ones, so none waits for another.
 */
import { sql, type Selectable } from 'kysely';
import { ANSWERS_OR_NONE, COUNT_CONDITIONS, countedAs, IS_COUNTED, hasStarted } from './which-count.ts';
import type { Database } from '../db/database.ts';
import { prepared, preparedPipelined, type Values } from '../db/prepared.ts';
import type { Tables } from '../db/tables.ts';
import { markChanged } from '../results/changes.ts';

/** The counts of one submission, or of all submissions of a form. */
export type Counts = {
  /** Counted submissions: with an answer, at the sign-in window, or submitted. */
  started: number;
  /** Those of `started` with an account that Smile confirmed as CONNECTED, or that Flipsite disconnected after reading it. */
  connected: number;
  /** Those of `started` that were submitted. */
  submitted: number;
  /** Those of `submitted` with the outcome `completed`. */
  completed: number;
  /** Submissions in quarantine, with spam. They are in no other count. */
  quarantined: number;
  /** Submitted ones whose content was deleted. They are in no other count. */
  deleted: number;
};

/** Everything that decides how a submission counts. To compare two states, `connected` may be absent from both. */
export type CountedState = Pick<Row, 'form' | 'submitted_at' | 'outcome' | 'quarantined' | 'erased_at'> & {
  started: boolean;
  connected?: boolean;
};

type Row = Selectable<Tables['submissions']>;

const NO_COUNTS: Readonly<Counts> = {
  started: 0,
  connected: 0,
  submitted: 0,
  completed: 0,
  quarantined: 0,
  deleted: 0,
};
const NAMES = Object.keys(NO_COUNTS) as (keyof Counts)[];

/** The row of all days. */
const ALL_DAYS = '';

function countsOf(state: CountedState): Counts {
  const as = countedAs(state);
  if (as === 'quarantined') return { ...NO_COUNTS, quarantined: 1 };
  if (as === 'deleted') return { ...NO_COUNTS, deleted: 1 };
  if (as === 'empty') return { ...NO_COUNTS };
  const { connected = false, outcome } = state;
  const submitted = as === 'submitted';
  return {
    ...NO_COUNTS,
    started: 1,
    connected: Number(connected),
    submitted: Number(submitted),
    completed: Number(submitted && outcome === 'completed'),
  };
}

const COUNTED_COLUMNS = ['form', 'submitted_at', 'outcome', 'quarantined', 'erased_at', 'smile_user_id'] as const;

/** The state of a stored submission, without `connected`. */
export const countedStateOf = (row: Pick<Row, (typeof COUNTED_COLUMNS)[number] | 'answers'>): CountedState => ({
  form: row.form,
  started: hasStarted(row),
  submitted_at: row.submitted_at,
  outcome: row.outcome,
  quarantined: row.quarantined,
  erased_at: row.erased_at,
});

/** Updates the counts for a submission that changed from `before` to `after`. Without `before` it is new. */
export async function tally(db: Database, before: CountedState | undefined, after: CountedState): Promise<void> {
  const more = countsOf(after);
  const was: Readonly<Counts> = before ? countsOf(before) : NO_COUNTS;
  for (const name of NAMES) more[name] -= was[name];
  if (NAMES.every((name) => more[name] === 0)) return;
  // A submitted submission never becomes a draft again.
  const day = after.submitted_at?.slice(0, 10);
  await db.transaction((trx) => {
    const added = { form: after.form, shard: trx.shard, ...more };
    return more.submitted && day ? addBoth(trx, { ...added, day }) : addAll(trx, added);
  });
}

type Added = Counts & { form: string; shard: number };

type Tally = Selectable<Tables['tallies']>;

const inAll = (value: Values<Added>): Tally => ({
  form: value('form'),
  day: ALL_DAYS,
  shard: value('shard'),
  ...(Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Counts),
});

/** Of a day, Flipsite reads only `submitted`. */
const inDay = (value: Values<Added & { day: string }>): Tally => ({
  form: value('form'),
  day: value('day'),
  shard: value('shard'),
  ...NO_COUNTS,
  submitted: value('submitted'),
});

const adding = (db: Database, rows: Tally[]) =>
  db.query
    .insertInto('tallies')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['form', 'day', 'shard'])
        .doUpdateSet(({ eb, ref }) =>
          Object.fromEntries(NAMES.map((name) => [name, eb(`tallies.${name}`, '+', ref(`excluded.${name}`))])),
        ),
    );

const addAll = preparedPipelined((db, value: Values<Added>) => adding(db, [inAll(value)]));
const addBoth = preparedPipelined((db, value: Values<Added & { day: string }>) =>
  adding(db, [inAll(value), inDay(value)]),
);

/** Runs `run`, updates the counts for its changes, and marks the submission for the page Results. Costs two extra reads: not for the hot path. */
export async function tallied<R>(trx: Database, id: string, run: () => Promise<R>): Promise<R> {
  const before = await loadCountedState(trx, id);
  const result = await run();
  const after = before && (await loadCountedState(trx, id));
  if (after) await tally(trx, before, after);
  // The numbers of deleted people are kept apart.
  if (after && after.erased_at === null) await markChanged(trx, { submission_id: id });
  return result;
}

async function loadCountedState(db: Database, id: string): Promise<CountedState | undefined> {
  const [row] = await selectCountedState(db, { id });
  return row && { ...countedStateOf(row), connected: Number(row.accounts) > 0 };
}

const selectCountedState = prepared((db, value: Values<{ id: string }>) =>
  db.query
    .selectFrom('submissions')
    .select([...COUNTED_COLUMNS, ANSWERS_OR_NONE])
    .select((eb) =>
      eb
        .selectFrom('accounts')
        .whereRef('accounts.submission_id', '=', 'submissions.id')
        .where(connectedAccount)
        .select((one) => one.fn.countAll<number>().as('accounts'))
        .as('accounts'),
    )
    .where('submissions.id', '=', value('id')),
);

/** A claim of the browser alone is not enough. */
export const connectedAccount = sql<boolean>`((accounts.status = 'CONNECTED' and accounts.confirmed = 1) or accounts.revoked_at is not null)`; // prettier-ignore

/** The counts by form, of all forms or of one. Forms without any counted, quarantined or deleted submission are absent. */
export async function countByForm(db: Database, form?: string): Promise<Map<string, Counts>> {
  const rows = await db.query
    .selectFrom('tallies')
    .select('form')
    .select(({ fn }) => NAMES.map((name) => fn.sum<number>(name).as(name)))
    .where('day', '=', ALL_DAYS)
    .$if(form !== undefined, (query) => query.where('form', '=', form ?? ''))
    .groupBy('form')
    .orderBy('form')
    .execute();
  const counts = rows.map(({ form: slug, ...row }): [string, Counts] => [slug, numbers(row)]);
  return new Map(counts.filter(([, one]) => one.started > 0 || one.quarantined > 0 || one.deleted > 0));
}

const numbers = (row: Counts): Counts => Object.fromEntries(NAMES.map((name) => [name, Number(row[name])])) as Counts;

/** How many submissions of a form count toward its limit: those that were completed. */
export async function countCompleted(db: Database, form: string): Promise<number> {
  return (await countByForm(db, form)).get(form)?.completed ?? 0;
}

/**
 * How many were submitted on each of `days` days in UTC, beginning with the day of `from`; days without any are 0.
 * Only those that count; see `which-count.ts`.
 */
export async function submittedPerDay(
  db: Database,
  form: string,
  from: Date,
  days = 14,
): Promise<{ day: string; submitted: number }[]> {
  const [first, ...others] = Array.from({ length: days }, (_, index) => {
    const day = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate() + index));
    return day.toISOString().slice(0, 10);
  });
  if (!first) return [];
  const rows = await db.query
    .selectFrom('tallies')
    .select(({ fn }) => ['day', fn.sum<number>('submitted').as('submitted')])
    .where('form', '=', form)
    .where('day', '>=', first)
    .groupBy('day')
    .execute();
  const submittedOn = new Map(rows.map((row) => [row.day, Number(row.submitted)]));
  return [first, ...others].map((each) => ({ day: each, submitted: submittedOn.get(each) ?? 0 }));
}

/** Counts all submissions again. Writes wait meanwhile, or cause a retry. */
export async function rebuildTallies(db: Database): Promise<void> {
  const sum = (holds: ReturnType<typeof sql>) => sql`sum(case when ${holds} then 1 else 0 end)`;
  const connected = sql`exists (select 1 from accounts where accounts.submission_id = submissions.id and ${connectedAccount})`;
  await db.transaction(async (trx) => {
    await trx.query.deleteFrom('tallies').execute();
    await sql`
      insert into tallies (form, day, shard, started, connected, submitted, completed, quarantined, deleted)
      select form, ${sql.lit(ALL_DAYS)}, 0,
        ${sum(IS_COUNTED)},
        ${sum(sql`${IS_COUNTED} and ${connected}`)},
        ${sum(COUNT_CONDITIONS.submitted)},
        ${sum(sql`${COUNT_CONDITIONS.submitted} and outcome = 'completed'`)},
        ${sum(COUNT_CONDITIONS.quarantined)},
        ${sum(COUNT_CONDITIONS.deleted)}
      from submissions group by form`.execute(trx.query);
    await sql`
      insert into tallies (form, day, shard, started, connected, submitted, completed, quarantined)
      select form, substr(submitted_at, 1, 10), 0, 0, 0, count(*), 0, 0
      from submissions where ${COUNT_CONDITIONS.submitted} group by form, substr(submitted_at, 1, 10)`.execute(
      trx.query,
    );
  });
}
