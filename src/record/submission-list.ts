/** A form's submissions in pages, of which each costs the same however many there are. */
import { sql, type Selectable } from 'kysely';
import type { Database } from './database.ts';
import { referencesFrom, timeOf } from './ids.ts';
import { toSubmission, type Submission } from './submissions.ts';
import type { Tables } from './tables.ts';

export type SubmissionQuery = {
  form: string;
  limit: number;
  /** `nextCursor` of the list before; see `isCursor` for one that comes from outside. */
  cursor?: string | undefined;
  /** Only those of whom anything is known; see `WHICH`. */
  begun?: boolean;
  status?: 'draft' | 'submitted' | 'quarantined' | undefined;
  /**
   * Part of an answer that is not sensitive or of a param in any case, looked for in as many submissions as `SEARCHED`
   * says; or a whole id, or the beginning of a reference from four characters on, looked for in all.
   */
  search?: string | undefined;
};

export type SubmissionPage = {
  items: Submission[];
  /** Null at the end. */
  nextCursor: string | null;
  /** Of a search that has looked at all it looks at, and not at all there are: when the oldest of them was begun. ISO 8601. */
  searchedBack: string | null;
};

type Row = Selectable<Tables['submissions']>;

/**
 * For `where`, each but the last in the very words of an index. A person has given an answer, or come to the sign-in
 * window: without either, such as when the first answer was refused, a draft is only an address that somebody could go on
 * at, and counts for nobody.
 */
const WHICH = {
  draft: sql<boolean>`submitted_at is null and (answers <> '{}' or smile_user_id is not null)`,
  submitted: sql<boolean>`submitted_at is not null`,
  quarantined: sql<boolean>`quarantined = 1`,
  begun: sql<boolean>`(answers <> '{}' or smile_user_id is not null or submitted_at is not null)`,
};

/** Looking for a text in more takes longer than anybody wants to wait; who does asks for the next page. */
export const SEARCHED = 5_000;

/** Newest first; rows added meanwhile shift nothing. What is found by its id or reference comes before all else. */
export async function listSubmissions(db: Database, query: SubmissionQuery): Promise<SubmissionPage> {
  const { limit, cursor, search } = query;
  const before = cursor === undefined ? undefined : idOf(cursor);
  const wanted = search?.trim();
  const { rows, called, last } = wanted
    ? await searched(db, query, before, wanted)
    : { rows: await listed(db, query, before), called: [], last: undefined };
  const shown = rows.slice(0, limit);
  const end = rows.length > limit ? shown.at(-1)?.id : last;
  return {
    items: [...called, ...shown].map((row) => toSubmission(db, row)),
    nextCursor: end === undefined ? null : Buffer.from(end).toString('base64url'),
    searchedBack: end !== undefined && end === last ? new Date(timeOf(end)).toISOString() : null,
  };
}

/** One more than asked for, where there are more. */
async function listed(db: Database, query: SubmissionQuery, before: string | undefined): Promise<Row[]> {
  const page = (which: keyof typeof WHICH | undefined) =>
    ofForm(db, query.form, which, before)
      .selectAll()
      .limit(query.limit + 1)
      .execute();
  if (query.status || !query.begun) return page(query.status);
  // Those that count and those that were sent have an index each, and none is in both.
  const found = await Promise.all([page('draft'), page('submitted')]);
  return found
    .flat()
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, query.limit + 1);
}

/** `last`: the oldest one that was looked at, where there may be older ones. */
async function searched(
  db: Database,
  { form, status, begun, limit }: SubmissionQuery,
  before: string | undefined,
  wanted: string,
): Promise<{ rows: Row[]; called: Row[]; last: string | undefined }> {
  const which = status ?? (begun ? 'begun' : undefined);
  const called = before ? [] : (await calledBy(db, wanted)).filter((row) => row.form === form && isOne(row, which));
  // Who has typed a whole id or reference, and has found it, looks for nothing else.
  if (called.length === 1 && isWhole(wanted)) return { rows: [], called, last: undefined };
  const oldest = await ofForm(db, form, status, before)
    .select('id')
    .limit(1)
    .offset(SEARCHED - 1)
    .executeTakeFirst();
  // Taken first and looked at then: left to itself, PostgreSQL may well look at all.
  const some = ofForm(db, form, status, before).selectAll().limit(SEARCHED);
  const rows = await db
    .selectFrom(some.as('submissions'))
    .selectAll()
    .$if(which !== undefined, (query) => query.where(WHICH[which ?? 'begun']))
    .where(says(db, wanted))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return { rows: rows.filter(({ id }) => !called.some((one) => one.id === id)), called, last: oldest?.id };
}

/**
 * Newest first. PostgreSQL would go through the submissions of all forms, in the hope of soon meeting enough of this one: of a
 * form that nobody has filled in for a year that is far off. In this order only the indexes that begin with the form are.
 */
function ofForm(db: Database, form: string, which: keyof typeof WHICH | undefined, before: string | undefined) {
  let query = db.selectFrom('submissions');
  if (which) query = query.where(WHICH[which]);
  if (db.engine.kind === 'sqlite') {
    query = query.where('form', '=', form).orderBy('id', 'desc');
    return before === undefined ? query : query.where('id', '<', before);
  }
  query = query.where('form', '>=', form).where('form', '<=', form).orderBy('form', 'desc').orderBy('id', 'desc');
  return before === undefined ? query : query.where(sql<boolean>`(form, id) < (${form}, ${before})`);
}

function isOne(row: Row, which: keyof typeof WHICH | undefined): boolean {
  const sent = row.submitted_at !== null;
  const known = row.answers !== '{}' || row.smile_user_id !== null;
  if (which === 'submitted') return sent;
  if (which === 'quarantined') return row.quarantined === 1;
  return which === 'draft' ? !sent && known : which === undefined || sent || known;
}

function isWhole(wanted: string): boolean {
  const [from, to] = referencesFrom(wanted) ?? [];
  return isId(wanted) || (from !== undefined && from === to);
}

/** Those that have `wanted` as their id, or as the beginning of their reference, of whatever form they are. */
async function calledBy(db: Database, wanted: string): Promise<Row[]> {
  const [from, to] = referencesFrom(wanted) ?? [];
  const query = db.selectFrom('submissions').selectAll();
  if (from && to) return query.where('reference', '>=', from).where('reference', '<=', to).limit(100).execute();
  return isId(wanted) ? query.where('id', '=', wanted.toLowerCase()).execute() : [];
}

/** Whether `cursor` can be one that a list has given. */
export const isCursor = (cursor: string): boolean => isId(idOf(cursor));

const isId = (text: string): boolean => /^[0-9a-f-]{36}$/i.test(text);

const idOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

/**
 * Values only: a search for "name" must not find every form that has a field called name. What is sealed is not found
 * by anything. Most rows do not have the text at all, and to see that takes no reading of JSON.
 */
function says({ engine }: Database, wanted: string) {
  // PostgreSQL compares what is written in the JSON, too: it refuses to read some texts that JSON can write.
  const [written, read] = [JSON.stringify(wanted).slice(1, -1), engine.kind === 'sqlite' ? wanted : undefined];
  const like = sql.raw(engine.kind === 'sqlite' ? 'like' : 'ilike');
  const pattern = (text: string) => `%${escaped(text)}%`;
  const anywhere = sql`(answers ${like} ${pattern(written)} escape '\\' or params ${like} ${pattern(written)} escape '\\')`;
  const inValue = (column: 'answers' | 'params') => {
    const json = engine.kind === 'sqlite' ? sql.ref(column) : sql`cast(${sql.ref(column)} as json)`;
    return sql`exists (select 1 from json_each(${json}) where cast(value as text) ${like} ${pattern(read ?? written)} escape '\\' and cast(value as text) not like '{"$sealed":%')`;
  };
  return sql<boolean>`(${anywhere} and (${inValue('answers')} or ${inValue('params')}))`;
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
