/** The people behind a figure of Results. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { timeOf } from '../ids.ts';
import { fits, leftBefore, nthActive, type ResultFilter } from './read-counts.ts';

/**
 * Parts that are absent filter nothing.
 * @property device the kind of device at the start: empty if unknown
 * @property reached the id of a step
 * @property left the screen at which they left: empty for the end
 * @property active only people who may still finish
 * @property now the time that decides which people have left
 */
export type PeopleFilter = Omit<ResultFilter, 'form'> & {
  device?: string | undefined;
  reached?: string | undefined;
  left?: string | undefined;
  active?: boolean | undefined;
  now: Date;
};

/** Rows that one query looks at, at most: some hundredths of a second. */
export const MAX_WINDOW = 20_000;

export type PeoplePage = {
  /** The newest first. */
  ids: string[];
  /** The id to continue from. Undefined at the end. */
  next: string | undefined;
  /** How many submissions were looked at. */
  looked: number;
};

/**
 * The ids of up to `max` submissions of a form, started before the one called `before`. Looks at `window` of them, so a
 * page may have fewer than there are.
 * @param few whether few people seem to be behind the figure. Then it looks only at a day with some of them
 */
export async function peopleIn(
  db: Database,
  form: string,
  filter: PeopleFilter,
  before: string | undefined,
  { max, window, few = false }: { max: number; window: number; few?: boolean },
): Promise<PeoplePage> {
  const areMany = async () => (await nthActive(db, form, leftBefore(filter.now), MAX_WINDOW)) !== undefined;
  if (filter.active && !(await areMany())) return activePeople(db, form, filter, before, max);
  // An id begins with the time at which it was made, so days bound the ids.
  const last = filter.to === undefined ? undefined : idBound(filter.to, 1);
  const first = filter.from === undefined ? '' : idBound(filter.from, 0);
  let from = [before, last].filter((one) => one !== undefined).sort()[0];
  let day: string | undefined;
  if (few && filter.reached !== undefined) {
    const found = await newestDay(db, form, filter, filter.reached, from);
    if (found === undefined) return { ids: [], next: undefined, looked: 0 };
    day = idBound(found, 0);
    const end = idBound(found, 1);
    if (from === undefined || end < from) from = end;
  }
  const inWindow = (least: string) => newestFirst(db, form, filter.left, least, from);
  const { looked, edge } = await db.query
    .selectFrom(
      inWindow(day ?? first)
        .limit(window)
        .as('seen'),
    )
    .select(({ fn }) => [fn.countAll<number>().as('looked'), fn.min('seen.submission_id').as('edge')])
    .executeTakeFirstOrThrow();
  const oldest = Number(looked) < window ? day : edge;
  // With two least ids, SQLite would go through the index from the lower one.
  const rows = await inWindow(oldest ?? first)
    .where(fits({ form, ...filter }))
    .where(isBehind(db, filter))
    .limit(max)
    .execute();
  const ids = rows.map((row) => row.submission_id);
  return { ids, next: ids.length === max ? ids.at(-1) : oldest, looked: Number(looked) };
}

/** Mostly, few people are active, and they have an index by time. By an expression, no database takes the index of all ids. */
async function activePeople(
  db: Database,
  form: string,
  filter: PeopleFilter,
  before: string | undefined,
  max: number,
): Promise<PeoplePage> {
  const id = sql<string>`submission_id || ''`;
  const rows = await db.query
    .selectFrom('submission_progress')
    .select('submission_id')
    .where(fits({ form, ...filter }))
    .where(isBehind(db, filter))
    .$if(before !== undefined, (query) => query.where(id, '<', before ?? ''))
    .orderBy(id, 'desc')
    .limit(max)
    .execute();
  const ids = rows.map((row) => row.submission_id);
  return { ids, next: ids.length === max ? ids.at(-1) : undefined, looked: ids.length };
}

/** Sums of people that one query looks through before the server answers other requests: some 10 ms. */
const SUMS_AT_ONCE = 1_000;

const DAY_MS = 86_400_000;

/**
 * The newest day on which anyone reached a step, not after the day of the submission `before`. It comes from the sums
 * of each day.
 */
async function newestDay(
  db: Database,
  form: string,
  filter: PeopleFilter,
  step: string,
  before: string | undefined,
): Promise<string | undefined> {
  // Nothing of its own day is before the least id of a day.
  const until = before && new Date(timeOf(before) - (before.endsWith(LEAST) ? 1 : 0)).toISOString().slice(0, 10);
  for (let to = [until, filter.to].filter((day) => day !== undefined).sort()[0]; ;) {
    const newestOf = (some: Pick<PeopleFilter, 'from' | 'link' | 'language' | 'device'>) =>
      db.query
        .selectFrom('result_cohorts')
        .select('day')
        .where(fits({ form, ...some, to }))
        .orderBy('form', 'desc')
        .orderBy('day', 'desc')
        .limit(1);
    const edge = await newestOf({ from: filter.from }).offset(SUMS_AT_ONCE).executeTakeFirst();
    const row = await newestOf({ ...filter, from: edge?.day ?? filter.from })
      .where('of_deleted', '=', 0)
      .where(contains(db, 'counts', `${JSON.stringify(step)}:`))
      .executeTakeFirst();
    if (row || !edge) return row?.day;
    to = new Date(Date.parse(edge.day) - DAY_MS).toISOString().slice(0, 10);
    await new Promise((turn) => setImmediate(turn));
  }
}

/** Whether a column contains a text. No character of the text has a meaning. */
const contains = (db: Database, column: string, text: string) =>
  sql<boolean>`${sql.raw(db.engine.kind === 'postgres' ? 'strpos' : 'instr')}(${sql.ref(column)}, ${text}) > 0`;

/**
 * The people of a form, or those of them who are at the screen `at`. For all of a form, PostgreSQL would take the index of
 * all ids, and go through the people of all forms. In this order it can't.
 */
function newestFirst(db: Database, form: string, at: string | undefined, first: string, before: string | undefined) {
  let query = db.query.selectFrom('submission_progress').select('submission_id').where('submission_id', '>=', first);
  if (at !== undefined) query = query.where('at_screen', '=', at);
  if (at !== undefined || db.engine.kind === 'sqlite') {
    const own = query.where('form', '=', form).orderBy('submission_id', 'desc');
    return before === undefined ? own : own.where('submission_id', '<', before);
  }
  const own = query.where('form', '>=', form).where('form', '<=', form).orderBy('form', 'desc').orderBy('submission_id', 'desc'); // prettier-ignore
  return before === undefined ? own : own.where(sql<boolean>`(form, submission_id) < (${form}, ${before})`);
}

function isBehind(db: Database, { reached, left, active, now }: PeopleFilter) {
  const conditions = [
    sql<boolean>`1 = 1`,
    ...(reached === undefined ? [] : [contains(db, 'steps', ` ${reached} `)]),
    ...(left === undefined ? [] : [sql<boolean>`at_screen = ${left} and last_at < ${leftBefore(now)}`]),
    ...(active ? [sql<boolean>`at_screen is not null and last_at >= ${leftBefore(now)}`] : []),
  ];
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

const LEAST = '-0000-0000-000000000000';

/** The least id that `newId` can make on a day in UTC, or some days later. */
function idBound(day: string, daysLater: number): string {
  const time = (Date.parse(`${day}T00:00:00Z`) + daysLater * DAY_MS).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${LEAST}`;
}

/** Whether the filter narrows anything. */
export const narrows = ({ now: _, ...filter }: PeopleFilter): boolean =>
  Object.values(filter).some((one) => one !== undefined && one !== false);
