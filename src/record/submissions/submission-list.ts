/** Submissions of one form or of several in pages. Each page costs the same, however many submissions there are. */
import { sql, type Selectable } from 'kysely';
import { COUNT_CONDITIONS, countedAs, doesCount, hasStarted } from './which-count.ts';
import type { Database } from '../db/database.ts';
import { newestFirst, newestOfForms } from '../db/newest-of-forms.ts';
import { referencesFrom, timeOf } from '../ids.ts';
import { MAX_WINDOW, peopleIn, type PeopleFilter } from '../results/people.ts';
import { isMatch } from './search.ts';
import { parseSearch, type Search } from '../text-search.ts';
import { toSubmission, type Submission } from './submissions.ts';
import type { Tables } from '../db/tables.ts';
import { privateFields } from '../forms/shown-version.ts';
import { createTurns } from '../../site-limits/counting/turns.ts';

export type SubmissionQuery = {
  /** The slug of a form, or those of several. */
  form: string | readonly string[];
  limit: number;
  /** `nextCursor` of the page before. See `isCursor` for a cursor from outside. */
  cursor?: string | undefined;
  /** Only those that count; see `which-count.ts`. A `search` finds others too. Without this and without a `status`, all. */
  counted?: boolean;
  status?: ListStatus | undefined;
  /**
   * The text to search for: a part of an answer that is not sensitive, of a param or of a reference. The search looks
   * at as many submissions as `SEARCHED` says. It finds a complete id, and a reference by its first four characters,
   * among all submissions. Without a `status` and `people`, it finds those in quarantine too, and a complete id or
   * reference in any state. Someone who answers a privacy request trusts an empty list.
   */
  search?: string | undefined;
  /**
   * Only the people behind a figure of Results, of one form. Call `countWaiting` of the counting first, so that the result
   * has the newest people.
   */
  people?: PeopleFilter | undefined;
};

export type ListStatus = keyof typeof COUNT_CONDITIONS;

export type SubmissionPage = {
  items: Submission[];
  /** Null at the end. */
  nextCursor: string | null;
  /** The start of the oldest submission that a search looked at, if it did not look at all of them. ISO 8601. */
  searchedBack: string | null;
};

type Row = Selectable<Tables['submissions']>;

/** How many submissions one page of a text search reads. More would take too long. The next page continues. */
export const SEARCHED = 5_000;

/** How many submissions one page of `people` looks at. The next page continues. */
const PEOPLE_SEARCHED = 200_000;

/** How many submissions the first query of a page of `people` looks at. */
const FIRST_WINDOW = 1_000;

/** Rows that are read before the server answers others. With the largest answers, these take some 50 ms and 5 MB. */
export const READ_AT_ONCE = 10;

/** Runs the reads of one CSV file or one list of the API at a time. Many of them at once would keep people who save waiting. */
export const readInTurn = createTurns();

/** Runs the steps of all searches one after another, for the same reason. A stranger can send the largest answers. */
export const searchInTurn = createTurns();

/** Newest first. New rows do not shift the pages. A submission that was found by its id or reference comes first. */
export async function listSubmissions(db: Database, query: SubmissionQuery): Promise<SubmissionPage> {
  const { limit, cursor, search } = query;
  const before = cursor === undefined ? undefined : idOf(cursor);
  const text = search?.trim();
  const { rows, called, last } = query.people
    ? await behindFigure(db, query, query.people, before)
    : text
      ? await searched(db, query, before, text)
      : { rows: await listed(db, query, before), called: [], last: undefined };
  const shown = rows.slice(0, limit);
  const end = rows.length > limit ? shown.at(-1)?.id : last;
  return {
    items: [...called, ...shown].map((row) => toSubmission(db, row)),
    nextCursor: end === undefined ? null : cursorAfter(end),
    searchedBack: end !== undefined && end === last ? new Date(timeOf(end)).toISOString() : null,
  };
}

/** One more than the limit, to know whether there are more. */
async function listed(db: Database, query: SubmissionQuery, before: string | undefined): Promise<Row[]> {
  const { form, limit } = query;
  const states = statesOf(query);
  if (typeof form !== 'string') return rowsCalled(db, await newestIds(db, form, states, before, limit + 1));
  // Each state has an index, and no submission is in two of them.
  const found = await Promise.all(states.map((state) => ofForm(db, form, state, before).selectAll().limit(limit + 1).execute())); // prettier-ignore
  return newestFirst(found.flat()).slice(0, limit + 1);
}

/** The states that a list has. Undefined means all of them. */
const statesOf = ({ status, counted }: SubmissionQuery): (ListStatus | undefined)[] =>
  status ? [status] : counted ? ['draft', 'submitted'] : [undefined];

/** The newest ids of several forms. */
async function newestIds(
  db: Database,
  forms: readonly string[],
  states: (ListStatus | undefined)[],
  before: string | undefined,
  limit: number,
): Promise<string[]> {
  return (
    (await newestNear(db, forms, states, before, limit)) ??
    newestOfForms(db, forms, limit, (form) => states.map((state) => ofForm(db, form, state, before).select('id')))
  );
}

/**
 * The newest ids among the last submissions of the site. Undefined if the forms have too few there, because their
 * others are far back.
 */
async function newestNear(
  db: Database,
  forms: readonly string[],
  states: (ListStatus | undefined)[],
  before: string | undefined,
  limit: number,
): Promise<string[] | undefined> {
  const fits = states.map((state) => (state ? COUNT_CONDITIONS[state] : sql<boolean>`1 = 1`));
  const rows = await db.query
    .selectFrom('submissions')
    .select(['id', 'form', sql<number>`case when ${sql.join(fits, sql` or `)} then 1 else 0 end`.as('fits')])
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(3 * limit)
    .execute();
  const wanted = new Set(forms);
  const ids = rows.filter((row) => row.fits && wanted.has(row.form)).map(({ id }) => id);
  return ids.length >= limit || rows.length < 3 * limit ? ids.slice(0, limit) : undefined;
}

/** The submissions with these ids, the newest first. */
const rowsCalled = async (db: Database, ids: string[]): Promise<Row[]> =>
  ids.length ? db.query.selectFrom('submissions').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute() : []; // prettier-ignore

/** `last`: the oldest submission that was looked at, if there may be older ones. */
async function behindFigure(
  db: Database,
  query: SubmissionQuery,
  people: PeopleFilter,
  before: string | undefined,
): Promise<{ rows: Row[]; called: Row[]; last: string | undefined }> {
  const { form, limit } = query;
  if (typeof form !== 'string') throw new Error('A figure of Results has people of one form.');
  const text = query.search?.trim();
  const search = text ? parseSearch(text) : undefined;
  const sensitive = search ? await privateFields(db, form) : undefined;
  const rows: Row[] = [];
  let last = before;
  // Most figures have many people, and the first ones are near.
  let window = FIRST_WINDOW;
  for (let looked = 0; looked < PEOPLE_SEARCHED;) {
    const max = search ? READ_AT_ONCE : limit + 1 - rows.length;
    const page = await peopleIn(db, form, people, last, { max, window, few: window > FIRST_WINDOW });
    for (let at = 0; at < page.ids.length; at += READ_AT_ONCE) {
      const ids = page.ids.slice(at, at + READ_AT_ONCE);
      const read = async () => (await rowsCalled(db, ids)).filter((row) => isOne(row, query));
      rows.push(
        ...(search && sensitive
          ? await searchInTurn(async () => matchesIn(await read(), search, () => sensitive))
          : await read()),
      );
    }
    last = page.next;
    if (rows.length > limit || last === undefined) return { rows, called: [], last: undefined };
    // Reading the answers of many takes longer than looking at them.
    looked += search && page.ids.length ? PEOPLE_SEARCHED / (SEARCHED / READ_AT_ONCE) : page.ids.length || page.looked;
    if (page.ids.length < max) window = Math.min(window * 4, MAX_WINDOW);
    await new Promise((turn) => setImmediate(turn));
  }
  return { rows, called: [], last };
}

/** `last`: the oldest submission that was looked at, if there may be older ones. */
async function searched(
  db: Database,
  query: SubmissionQuery,
  before: string | undefined,
  text: string,
): Promise<{ rows: Row[]; called: Row[]; last: string | undefined }> {
  const { form, limit } = query;
  const isOfForms = (row: Row) => (typeof form === 'string' ? row.form === form : form.includes(row.form));
  const isFound = (row: Row) => isOne(row, query) || (!query.status && isOne(row, { status: 'quarantined' }));
  const isAny = !query.status && isWhole(text);
  const called = (await calledBy(db, text)).filter((row) => isOfForms(row) && (isAny || isFound(row)));
  // A complete id or reference needs no search of the answers.
  if (called.length === 1 && isWhole(text)) return { rows: [], called: before ? [] : called, last: undefined };
  const search = parseSearch(text);
  const sensitive = new Map<string, ReadonlySet<string>>();
  const rows: Row[] = [];
  let last = before;
  const readNext = nextRows(db, query);
  for (let looked = 0; looked < SEARCHED; looked += READ_AT_ONCE) {
    const previous = last;
    const { read, end } = await searchInTurn(async () => {
      const some = await readNext(previous);
      const found = some.filter((row) => isFound(row) && !called.some(({ id }) => id === row.id));
      for (const { form: slug } of found) if (!sensitive.has(slug)) sensitive.set(slug, await privateFields(db, slug));
      rows.push(...(await matchesIn(found, search, (row) => sensitive.get(row.form) ?? new Set())));
      return { read: some.length, end: some.at(-1)?.id };
    });
    last = end;
    if (rows.length > limit || read < READ_AT_ONCE) return { rows, called: before ? [] : called, last: undefined };
  }
  return { rows, called: before ? [] : called, last };
}

/** The time after which a search lets the server answer others, in ms. */
const SEARCH_TURN_MS = 20;

/**
 * The rows that match. Some signs stand for 18 letters each, and a submission that is full of them takes a tenth of a second.
 * Anyone can send one.
 */
async function matchesIn(rows: Row[], search: Search, sensitiveIn: (row: Row) => ReadonlySet<string>): Promise<Row[]> {
  const found: Row[] = [];
  let began = performance.now();
  for (const row of rows) {
    if (performance.now() - began > SEARCH_TURN_MS) {
      await new Promise((turn) => setImmediate(turn));
      began = performance.now();
    }
    if (isMatch(search, row, sensitiveIn(row))) found.push(row);
  }
  return found;
}

/** How many ids of several forms one query finds. Their rows are read in smaller pages. */
const IDS_AT_ONCE = 10 * READ_AT_ONCE;

/** Reads the `READ_AT_ONCE` submissions before an id. The ids of several forms are found first. */
function nextRows(db: Database, { form, status }: SubmissionQuery): (before: string | undefined) => Promise<Row[]> {
  if (typeof form === 'string')
    return (before) => ofForm(db, form, status, before).selectAll().limit(READ_AT_ONCE).execute();
  let ahead: string[] = [];
  return async (before) => {
    if (ahead.length === 0) ahead = await newestIds(db, form, [status], before, IDS_AT_ONCE);
    const ids = ahead.slice(0, READ_AT_ONCE);
    ahead = ahead.slice(READ_AT_ONCE);
    return rowsCalled(db, ids);
  };
}

/**
 * Newest first. PostgreSQL would read the submissions of all forms in order of their ids, until it has found enough of
 * this form. That is slow for a form without submissions for a year. With this order it can use only the indexes that
 * begin with the form.
 */
function ofForm(db: Database, form: string, which: ListStatus | undefined, before: string | undefined) {
  let query = db.query.selectFrom('submissions');
  if (which) query = query.where(COUNT_CONDITIONS[which]);
  if (db.engine.kind === 'sqlite') {
    query = query.where('form', '=', form).orderBy('id', 'desc');
    return before === undefined ? query : query.where('id', '<', before);
  }
  query = query.where('form', '>=', form).where('form', '<=', form).orderBy('form', 'desc').orderBy('id', 'desc');
  return before === undefined ? query : query.where(sql<boolean>`(form, id) < (${form}, ${before})`);
}

function isOne(row: Row, { status, counted }: Pick<SubmissionQuery, 'status' | 'counted'>): boolean {
  const as = countedAs({ ...row, started: hasStarted(row) });
  return status ? as === status : !counted || doesCount(as);
}

function isWhole(text: string): boolean {
  const [from, to] = referencesFrom(text) ?? [];
  return isId(text) || (from !== undefined && from === to);
}

/** Submissions of all forms whose id is `text`, or whose reference begins with it. */
async function calledBy(db: Database, text: string): Promise<Row[]> {
  const [from, to] = referencesFrom(text) ?? [];
  const query = db.query.selectFrom('submissions').selectAll();
  if (from && to) return query.where('reference', '>=', from).where('reference', '<=', to).limit(100).execute();
  return isId(text) ? query.where('id', '=', text.toLowerCase()).execute() : [];
}

/** The cursor of a page that begins after the submission `id`. */
export const cursorAfter = (id: string): string => Buffer.from(id).toString('base64url');

/** Whether `cursor` can be a cursor that a list returned. */
export const isCursor = (cursor: string): boolean => isId(idOf(cursor));

const isId = (text: string): boolean => /^[0-9a-f-]{36}$/i.test(text);

const idOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

/** Submissions that one query looks through: some milliseconds. A form that deletes its submissions soon may have millions. */
const LOOKED_AT_ONCE = 5_000;

/** The newest submissions of all forms before the one called `before`, without deleted ones. Fewer than `limit` at the end. */
export async function newestSubmissions(db: Database, before: string | undefined, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = before; ;) {
    const all = db.query.selectFrom('submissions').$if(from !== undefined, (query) => query.where('id', '<', from ?? '')).orderBy('id', 'desc'); // prettier-ignore
    const edge = (await all.select('id').limit(1).offset(LOOKED_AT_ONCE).executeTakeFirst())?.id;
    const near = edge === undefined ? all : all.where('id', '>=', edge);
    rows.push(...(await near.selectAll().where('erased_at', 'is', null).limit(limit - rows.length).execute())); // prettier-ignore
    if (rows.length === limit || edge === undefined) return rows;
    from = edge;
    await new Promise((turn) => setImmediate(turn));
  }
}
