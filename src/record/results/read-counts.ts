/** Reads the numbers of a form for one filter. Every figure of a page comes from the same rows. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { clickedLinks, type VisitorClass } from '../links/clicks.ts';
import type { Tables } from '../db/tables.ts';
import { numbersIn } from './count-changes.ts';
import type { Numbers } from './cohort-numbers.ts';
import { OTHER_SOURCES } from './sources.ts';
import { LEFT_AFTER_MS } from './submission-progress.ts';
import type { Visitor } from './openings.ts';

/**
 * Days are `YYYY-MM-DD` in UTC, both included. `link`: empty for people without a link, and `OTHER_SOURCES`. Absent parts
 * filter nothing.
 */
export type ResultFilter = {
  form: string;
  from?: string | undefined;
  to?: string | undefined;
  link?: string | undefined;
  language?: string | undefined;
};

export type Cohort = Numbers & { day: string; link: string; language: string; device: string; ofDeleted: boolean };

export type OpeningCount = { day: string; link: string; language: string; device: string; visitor: Visitor; count: number }; // prettier-ignore

/** Rows that one query reads before the server answers other requests: about 10 ms. */
const ROWS_AT_ONCE = 1_000;

/** Reads rows in pages, so that neither their number nor the time of one query grows. @param read the page after a row */
async function* inPages<Row>(read: (after: Row | undefined) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let after: Row | undefined; ;) {
    const rows = await read(after);
    yield* rows;
    if (rows.length < ROWS_AT_ONCE) return;
    after = rows.at(-1);
    await new Promise((turn) => setImmediate(turn));
  }
}

/** The sums of the cohorts that fit, by day. @param times whether to read the times too, which are most of each row */
export async function* cohortsOf(db: Database, filter: ResultFilter, { times = true } = {}): AsyncGenerator<Cohort> {
  const columns = ['day', 'link', 'language', 'device', 'of_deleted'] as const;
  const rows = inPages<Pick<Tables['result_cohorts'], (typeof columns)[number] | 'counts' | 'times'>>((after) =>
    db.query
      .selectFrom('result_cohorts')
      .select([...columns, 'counts', times ? ('times' as const) : sql<string>`'{}'`.as('times')])
      // With both lower bounds, SQLite would search from the first day for each page.
      .where(fits(after ? { ...filter, from: undefined } : filter))
      .where(comesAfter(columns, after))
      .orderBy(listOf(columns))
      .limit(ROWS_AT_ONCE)
      .execute(),
  );
  for await (const row of rows) yield { ...row, ...numbersIn(row), ofDeleted: row.of_deleted === 1 };
}

const listOf = (columns: readonly string[]) => sql`${sql.join(columns.map((column) => sql.ref(column)))}`;

/** The condition that a row comes after another one, in the order of these columns. */
const comesAfter = <Column extends string>(columns: readonly Column[], row: Record<Column, unknown> | undefined) =>
  row ? sql<boolean>`(${listOf(columns)}) > (${sql.join(columns.map((column) => row[column]))})` : sql<boolean>`1 = 1`;

/** Active people, who may still finish, by the screen that they are on. Reads some at a time: a flood makes a million. */
export async function activeByScreen(db: Database, filter: ResultFilter, now: Date): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let first = leftBefore(now); ;) {
    const end = await nthActive(db, filter.form, first, LOOKED_AT_ONCE);
    const rows = await db.query
      .selectFrom('submission_progress')
      .select(({ fn }) => ['at_screen', fn.countAll<number>().as('count')])
      .where(sql<boolean>`at_screen is not null`)
      .where('last_at', '>=', first)
      .$if(end !== undefined, (query) => query.where('last_at', '<=', end ?? ''))
      .where(fits(filter))
      .groupBy('at_screen')
      .execute();
    for (const { at_screen: at, count } of rows) counts.set(at ?? '', (counts.get(at ?? '') ?? 0) + Number(count));
    if (end === undefined) return counts;
    first = afterHour(end);
    await new Promise((turn) => setImmediate(turn));
  }
}

/** The time of the last act of the person after `n` active ones since `first`. Undefined if there are fewer. */
export async function nthActive(db: Database, form: string, first: string, n: number): Promise<string | undefined> {
  const row = await db.query
    .selectFrom('submission_progress')
    .select('last_at')
    .where(sql<boolean>`at_screen is not null`)
    .where('form', '=', form)
    .where('last_at', '>=', first)
    .orderBy('last_at')
    .limit(1)
    .offset(n)
    .executeTakeFirst();
  return row?.last_at;
}

/** The time since which an active person has done something. Others have left. */
export const leftBefore = (now: Date): string => new Date(now.getTime() - LEFT_AFTER_MS).toISOString();

/** How often the form was opened. Rows of earlier versions are by hour. */
export async function* pageViewsOf(db: Database, filter: ResultFilter): AsyncGenerator<OpeningCount> {
  // All rows fit without a link and a language. With one, few may, and a query would go through all rows to find a page of them.
  const isNarrow = filter.link !== undefined || filter.language !== undefined;
  for await (const part of isNarrow ? partsOf(db, filter) : [filter]) yield* openingsIn(db, { ...filter, ...part });
}

async function* openingsIn(db: Database, { from, to, ...filter }: ResultFilter): AsyncGenerator<OpeningCount> {
  const columns = ['hour', 'link', 'language', 'device', 'visitor'] as const;
  const rows = inPages<Omit<Tables['openings'], 'form'>>((after) =>
    db.query
      .selectFrom('openings')
      .select([...columns, 'count'])
      .where(fits(filter))
      .where(inHours(after ? undefined : from, to))
      .where(comesAfter(columns, after))
      .orderBy(listOf(columns))
      .limit(ROWS_AT_ONCE)
      .execute(),
  );
  for await (const { hour, visitor, ...row } of rows) yield { ...row, day: dayOf(hour), visitor: visitor as Visitor };
}

/** Rows that one query looks through before the server answers other requests: some milliseconds. */
const LOOKED_AT_ONCE = 20_000;

/** The parts of a period. Each has whole days, and about as many openings as a query may look through. */
async function* partsOf(
  db: Database,
  { form, from, to }: ResultFilter,
): AsyncGenerator<Pick<ResultFilter, 'from' | 'to'>> {
  for (let first = from; ;) {
    const rows = db.query.selectFrom('openings').select('hour').where('form', '=', form).where(inHours(first, to));
    const end = await rows.orderBy('hour').limit(1).offset(LOOKED_AT_ONCE).executeTakeFirst();
    yield { from: first, to: end?.hour ?? to };
    if (!end) return;
    first = afterHour(end.hour);
    await new Promise((turn) => setImmediate(turn));
  }
}

export type ClickCount = { day: string; link: string; device: string; class: VisitorClass; count: number };

/** Clicks on the form's campaign links, by day. A click has no language, so a filter by language has none. */
export async function* clicksOf(
  db: Database,
  { form, from, to, link, language }: ResultFilter,
): AsyncGenerator<ClickCount> {
  if (language !== undefined) return;
  const columns = ['hour', 'class', 'device'] as const;
  const rowsOf = (links: readonly string[], after?: ClickRow) =>
    db.query
      .selectFrom('link_clicks')
      .select(['link', ...columns])
      .where('form', '=', form)
      .where('link', 'in', links)
      .where(inHours(after ? undefined : from, to))
      .where(comesAfter(columns, after))
      .limit(ROWS_AT_ONCE);
  // A link has some 20 websites a day.
  const sumsOf = (link: string, after: ClickRow | undefined): Promise<ClickRow[]> =>
    rowsOf([link], after)
      .select(({ fn }) => fn.sum<number>('clicks').as('clicks'))
      .groupBy(['link', ...columns])
      .orderBy(listOf(['link', ...columns]))
      .execute();
  async function* rowsOfAll(links: readonly string[]): AsyncGenerator<ClickRow> {
    const rows = await rowsOf(links).select('clicks').execute();
    if (rows.length < ROWS_AT_ONCE) yield* rows;
    for (const link of rows.length < ROWS_AT_ONCE ? [] : links) {
      yield* inPages((after) => sumsOf(link, after));
      await new Promise((turn) => setImmediate(turn));
    }
    await new Promise((turn) => setImmediate(turn));
  }
  // The index finds the hours of one link. Without it, SQLite would go through all hours of the form, in one query.
  for await (const links of link === undefined ? clickedLinks(db, form) : [[link]])
    for await (const row of rowsOfAll(links)) yield { day: dayOf(row.hour), link: row.link, device: row.device, class: row.class as VisitorClass, count: Number(row.clicks) }; // prettier-ignore
}

type ClickRow = Pick<Tables['link_clicks'], 'link' | 'hour' | 'class' | 'device' | 'clicks'>;

const dayOf = (hour: string): string => hour.slice(0, 10);

/** Comes after all hours of a day, or after an hour or another time, and before the next one. */
const afterHour = (hour: string): string => `${hour}z`;

/** The condition on the hours of these days, or between these hours. Both are included. */
const inHours = (from: string | undefined, to: string | undefined) =>
  sql<boolean>`${from === undefined ? sql`1 = 1` : sql`hour >= ${from}`} and ${to === undefined ? sql`1 = 1` : sql`hour <= ${afterHour(to)}`}`;

/** The condition on a table of results. */
export function fits({ form, from, to, link, language, device }: ResultFilter & { device?: string | undefined }) {
  const conditions = [
    sql<boolean>`form = ${form}`,
    ...(from === undefined ? [] : [sql<boolean>`day >= ${from}`]),
    ...(to === undefined ? [] : [sql<boolean>`day <= ${to}`]),
    ...(link === undefined ? [] : [sql<boolean>`link = ${link}`]),
    ...(language === undefined ? [] : [sql<boolean>`language = ${language}`]),
    ...(device === undefined ? [] : [sql<boolean>`device = ${device}`]),
  ];
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

/** The first day with a number of the form; undefined without any. */
export async function firstDay(db: Database, form: string): Promise<string | undefined> {
  const cohort = await db.query.selectFrom('result_cohorts').select('day').where('form', '=', form).orderBy('day').limit(1).executeTakeFirst(); // prettier-ignore
  const opening = await db.query.selectFrom('openings').select('hour').where('form', '=', form).orderBy('hour').limit(1).executeTakeFirst(); // prettier-ignore
  const { rows } = await firstClick(form).execute(db.query);
  return [cohort?.day, opening?.hour.slice(0, 10), rows[0]?.hour?.slice(0, 10)].filter((day) => day !== undefined).sort()[0]; // prettier-ignore
}

/** Goes through the links of a form with the index, because a link can have many hours. */
const firstClick = (form: string) => sql<{ hour: string | null }>`
  with recursive next (link) as (
    select min(link) from link_clicks where form = ${form}
    union all
    select (select min(link) from link_clicks where form = ${form} and link > next.link) from next where next.link is not null
  ) select min((select min(hour) from link_clicks where form = ${form} and link_clicks.link = next.link)) as hour
    from next where next.link is not null`;

/**
 * @property deleted how many of those who started were deleted since. They stay in the numbers
 * @property best the link with the most connected people; undefined if several have as many
 */
export type Week = {
  started: number;
  connected: number;
  completed: number;
  deleted: number;
  best: { link: string; connected: number } | undefined;
};

/**
 * The numbers of each form since a day, and its link with the most connected people. Reads only cohorts of these days, in
 * pages. Forms without any are absent.
 */
export async function numbersSince(db: Database, day: string): Promise<Map<string, Week>> {
  const forms = await db.query
    .selectFrom('forms')
    .select('slug')
    .where(sql<boolean>`exists (select 1 from result_cohorts where form = forms.slug and day >= ${day})`)
    .execute();
  const weeks = new Map<string, Week>();
  for (const { slug } of forms) weeks.set(slug, await weekOf(db, slug, day));
  return weeks;
}

async function weekOf(db: Database, form: string, from: string): Promise<Week> {
  const week: Week = { started: 0, connected: 0, completed: 0, deleted: 0, best: undefined };
  const byLink = new Map<string, number>();
  for await (const { link, counts, ofDeleted } of cohortsOf(db, { form, from }, { times: false })) {
    const { started = 0, connected = 0, completed = 0 } = counts;
    week.started += started;
    week.connected += connected;
    week.completed += completed;
    if (ofDeleted) week.deleted += started;
    if (link !== '' && link !== OTHER_SOURCES) byLink.set(link, (byLink.get(link) ?? 0) + connected);
  }
  const links = [...byLink].map(([link, connected]) => ({ link, connected }));
  const [best, second] = links.toSorted((a, b) => b.connected - a.connected);
  if (best && best.connected > (second?.connected ?? 0)) week.best = best;
  return week;
}
