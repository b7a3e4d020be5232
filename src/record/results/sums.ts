/** The sums of all rows that fit a filter. The rows can be many, so none of them is kept. */
import type { Database } from '../db/database.ts';
import { noClicks, type VisitorClass } from '../links/clicks.ts';
import { addNumbers, noNumbers, type Numbers } from './cohort-numbers.ts';
import { clicksOf, cohortsOf, pageViewsOf, type ResultFilter } from './read-counts.ts';

/** The numbers of one link, day, language or device. */
export type Row = {
  id: string;
  /** Clicks on campaign links; a click has no language. */
  clicks: number;
  opened: number;
  started: number;
  connected: number;
  notEligible: number;
  completed: number;
};

const DIMENSIONS = ['link', 'day', 'language', 'device'] as const;
type Dimension = (typeof DIMENSIONS)[number];
/** The rows of one dimension, by their id. */
export type RowsById = Map<string, Row>;

/**
 * @property all the people of all cohorts
 * @property deleted those of them who were deleted since
 * @property rows how many rows were read
 * @property opened openings of the page, and `clicked`: clicks on campaign links, by the kind of visitor
 */
export type Sums = {
  rows: number;
  all: Numbers;
  deleted: Numbers;
  opened: Record<VisitorClass, number>;
  clicked: Record<VisitorClass, number>;
  by: Record<Dimension, RowsById>;
};

/**
 * A result that read more rows than this is used again, for this many times as long as it took. Open pages ask every
 * few seconds.
 */
const MANY_ROWS = 20_000;
const TIMES = 10;

/** The readings of a database, by filter: those under way, and large ones. Members who ask for the same share one. */
const readings = new WeakMap<Database, { last: Promise<unknown>; byFilter: Map<string, Promise<Sums>> }>();

/** The numbers of each link of a form since its first day, by the id of the link, without clicks. Links without any are absent. */
export const numbersByLink = async (db: Database, form: string): Promise<RowsById> => (await sumsOf(db, { form }, { isBrief: true })).by.link; // prettier-ignore

/**
 * Reads one filter after another, because many large ones at once would take the processor from respondents.
 * @param isBrief without times and clicks, which take most of the reading
 */
export function sumsOf(db: Database, filter: ResultFilter, { isBrief = false } = {}): Promise<Sums> {
  const own = readings.get(db) ?? { last: Promise.resolve(), byFilter: new Map<string, Promise<Sums>>() };
  readings.set(db, own);
  const key = JSON.stringify([filter, isBrief]);
  const same = own.byFilter.get(key);
  if (same) return same;
  const forget = () => void own.byFilter.delete(key);
  const reading = own.last.then(async () => {
    const began = performance.now();
    const sums = await readSums(db, filter, isBrief);
    const took = performance.now() - began;
    if (sums.rows <= MANY_ROWS) forget();
    else setTimeout(forget, took * TIMES).unref();
    return sums;
  });
  own.byFilter.set(key, reading);
  own.last = reading.catch(forget);
  return reading;
}

async function readSums(db: Database, filter: ResultFilter, isBrief: boolean): Promise<Sums> {
  const sums: Sums = { rows: 0, all: noNumbers(), deleted: noNumbers(), opened: noClicks(), clicked: noClicks(), by: { link: new Map(), day: new Map(), language: new Map(), device: new Map() } }; // prettier-ignore
  const row = (dimension: Dimension, id: string): Row => {
    const known = sums.by[dimension].get(id) ?? { id, clicks: 0, opened: 0, started: 0, connected: 0, notEligible: 0, completed: 0 }; // prettier-ignore
    sums.by[dimension].set(id, known);
    return known;
  };
  for await (const cohort of cohortsOf(db, filter, { times: !isBrief })) {
    sums.rows++;
    addNumbers(sums.all, cohort);
    if (cohort.ofDeleted) addNumbers(sums.deleted, cohort);
    for (const dimension of DIMENSIONS) {
      const own = row(dimension, cohort[dimension]);
      own.started += cohort.counts['started'] ?? 0;
      own.connected += cohort.counts['connected'] ?? 0;
      own.notEligible += cohort.counts['not_eligible'] ?? 0;
      own.completed += cohort.counts['completed'] ?? 0;
    }
  }
  for await (const opening of pageViewsOf(db, filter)) {
    sums.rows++;
    sums.opened[opening.visitor] += opening.count;
    if (opening.visitor === 'person')
      for (const dimension of DIMENSIONS) row(dimension, opening[dimension]).opened += opening.count;
  }
  if (isBrief) return sums;
  for await (const click of clicksOf(db, filter)) {
    sums.rows++;
    sums.clicked[click.class] += click.count;
    if (click.class !== 'person') continue;
    for (const dimension of ['link', 'day', 'device'] as const) row(dimension, click[dimension]).clicks += click.count;
  }
  return sums;
}
