/** Reads the numbers of a form for one filter. Every figure of a page comes from the same rows. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { VisitorClass } from '../links/clicks.ts';
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

export type ClickCount = { day: string; link: string; device: string; class: VisitorClass; count: number };

/** Clicks on the form's campaign links. A click has no language, so a filter by language has none. */
export async function clicksOf(db: Database, { form, from, to, link, language }: ResultFilter): Promise<ClickCount[]> {
  if (language !== undefined) return [];
  const day = sql<string>`substr(hour, 1, 10)`;
  const rows = await db.query
    .selectFrom('link_clicks')
    .select(({ fn }) => [day.as('day'), 'link', 'device', 'class', fn.sum<number>('clicks').as('count')])
    .where('form', '=', form)
    .$if(link !== undefined, (query) => query.where('link', '=', link ?? ''))
    .$if(from !== undefined, (query) => query.where('hour', '>=', from ?? ''))
    .$if(to !== undefined, (query) => query.where('hour', '<=', `${to}z`))
    .groupBy([day, 'link', 'device', 'class'])
    .execute();
  return rows.map((row) => ({ ...row, class: row.class as VisitorClass, count: Number(row.count) }));
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

/** The first day with a number of the form; undefined without any. */
export async function firstDay(db: Database, form: string): Promise<string | undefined> {
  const cohort = await db.query.selectFrom('result_cohorts').select('day').where('form', '=', form).orderBy('day').limit(1).executeTakeFirst(); // prettier-ignore
  const opening = await db.query.selectFrom('openings').select('hour').where('form', '=', form).orderBy('hour').limit(1).executeTakeFirst(); // prettier-ignore
  return [cohort?.day, opening?.hour.slice(0, 10)].filter((day) => day !== undefined).sort()[0];
}

export type Week = { started: number; connected: number; completed: number; best: { link: string; connected: number } | undefined }; // prettier-ignore

/**
 * The numbers of each form since a day, and its link with the most connected people. Reads only cohorts of these days.
 * Forms without any are absent.
 */
export async function numbersSince(db: Database, day: string): Promise<Map<string, Week>> {
  const rows = await db.query
    .selectFrom('result_cohorts')
    .select(['form', 'link', 'counts'])
    // By form, because the index begins with it.
    .where('form', 'in', (forms) => forms.selectFrom('forms').select('slug'))
    .where('day', '>=', day)
    .execute();
  return new Map(
    [...Map.groupBy(rows, ({ form }) => form)].map(([form, own]): [string, Week] => {
      const counted = own.map(({ link, counts }) => ({ link, counts: JSON.parse(counts) as Record<string, number> }));
      const sum = (step: string, of = counted) => of.reduce((all, { counts }) => all + (counts[step] ?? 0), 0);
      const links = [...Map.groupBy(counted, ({ link }) => link)].filter(([link]) => link !== '');
      const [best] = links.map(([link, of]) => ({ link, connected: sum('connected', of) })).toSorted((a, b) => b.connected - a.connected || (a.link < b.link ? -1 : 1)); // prettier-ignore
      return [form, { started: sum('started'), connected: sum('connected'), completed: sum('completed'), best: best?.connected ? best : undefined }]; // prettier-ignore
    }),
  );
}
