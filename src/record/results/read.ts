/** Reads the numbers of a form for one filter. Every figure of a page comes from the same rows. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { numbersIn } from './fold.ts';
import type { Numbers } from './numbers.ts';
import { LEFT_AFTER_MS } from './progress.ts';
import type { Visitor } from './openings.ts';

/** Days are `YYYY-MM-DD` in UTC, both included. `link`: empty for people without a link. Absent parts filter nothing. */
export type ResultFilter = {
  form: string;
  from?: string | undefined;
  to?: string | undefined;
  link?: string | undefined;
  language?: string | undefined;
};

export type Cohort = Numbers & { day: string; link: string; language: string; device: string; kept: boolean };

export type OpeningCount = { day: string; link: string; language: string; device: string; visitor: Visitor; count: number }; // prettier-ignore

const ROWS_AT_ONCE = 500;

/** The sums of all cohorts that fit. */
export async function cohortsOf(db: Database, filter: ResultFilter): Promise<Cohort[]> {
  const rows = await db.query
    .selectFrom('result_cohorts')
    .select(['day', 'link', 'language', 'device', 'kept', 'counts', 'times'])
    .where(fits(filter))
    .orderBy('day')
    .orderBy('link')
    .orderBy('language')
    .orderBy('device')
    .execute();
  const cohorts: Cohort[] = [];
  for (const [at, row] of rows.entries()) {
    cohorts.push({ ...row, ...numbersIn(row), kept: row.kept === 1 });
    if (at % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await new Promise((turn) => setImmediate(turn));
  }
  return cohorts;
}

/** People who may still finish, by the screen that they are on. */
export async function openBy(db: Database, filter: ResultFilter, now: Date): Promise<Map<string, number>> {
  const rows = await db.query
    .selectFrom('submission_progress')
    .select(({ fn }) => ['at_screen', fn.countAll<number>().as('count')])
    .where(sql<boolean>`at_screen is not null`)
    .where('last_at', '>=', leftBefore(now))
    .where(fits(filter))
    .groupBy('at_screen')
    .execute();
  return new Map(rows.map(({ at_screen, count }) => [at_screen ?? '', Number(count)]));
}

/** A person without an act since then has left. */
export const leftBefore = (now: Date): string => new Date(now.getTime() - LEFT_AFTER_MS).toISOString();

/** How often the form was opened. */
export async function openingsOf(db: Database, { from, to, ...filter }: ResultFilter): Promise<OpeningCount[]> {
  const day = sql<string>`substr(hour, 1, 10)`;
  const rows = await db.query
    .selectFrom('openings')
    .select(({ fn }) => [day.as('day'), 'link', 'language', 'device', 'visitor', fn.sum<number>('count').as('count')])
    .where(fits(filter))
    .$if(from !== undefined, (query) => query.where('hour', '>=', from ?? ''))
    // Text after the day sorts behind it.
    .$if(to !== undefined, (query) => query.where('hour', '<=', `${to}z`))
    .groupBy([day, 'link', 'language', 'device', 'visitor'])
    .execute();
  return rows.map((row) => ({ ...row, visitor: row.visitor as Visitor, count: Number(row.count) }));
}

/** The condition on a table of results. */
export function fits({ form, from, to, link, language }: ResultFilter) {
  const conditions = [
    sql<boolean>`form = ${form}`,
    ...(from === undefined ? [] : [sql<boolean>`day >= ${from}`]),
    ...(to === undefined ? [] : [sql<boolean>`day <= ${to}`]),
    ...(link === undefined ? [] : [sql<boolean>`link = ${link}`]),
    ...(language === undefined ? [] : [sql<boolean>`language = ${language}`]),
  ];
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}
