/** Submissions read in numbers: the list of a form, and its counts. */
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { toSubmission, type Submission } from './submissions.ts';
import { notSpam } from './suspicion.ts';

export type SubmissionQuery = {
  form: string;
  limit: number;
  /** `nextCursor` of the list before; see `isCursor` for one that comes from outside. */
  cursor?: string | undefined;
  /** Only those of whom anything is known; see `begun`. */
  begun?: boolean;
  status?: 'draft' | 'submitted' | 'quarantined' | undefined;
  /** Part of an answer that is not sensitive or of a param in any case, the beginning of a reference with or without spaces, or a whole id. */
  search?: string | undefined;
};

/**
 * For `where`: a person has given an answer, come to the sign-in window, or sent the form. Without any of these, such as
 * when the first answer was refused, a draft is only an address that somebody could go on at, and counts for nobody.
 */
const begun = sql<boolean>`(answers <> '{}' or smile_user_id is not null or submitted_at is not null)`;

/** A form's submissions, newest first. `nextCursor` is null at the end; rows added meanwhile shift nothing. */
export async function listSubmissions(
  db: Database,
  { form, limit, cursor, begun: onlyBegun, status, search }: SubmissionQuery,
): Promise<{ items: Submission[]; nextCursor: string | null }> {
  let query = db.selectFrom('submissions').selectAll().where('form', '=', form);
  const after = cursor && idOf(cursor);
  if (after) query = query.where('id', '<', after);
  if (onlyBegun && status !== 'quarantined') query = query.where(begun);
  if (status === 'quarantined') query = query.where('quarantined', '=', 1);
  else if (status) query = query.where('submitted_at', status === 'draft' ? 'is' : 'is not', null);
  const wanted = search?.trim();
  if (wanted) {
    query = query.where((column) =>
      column.or([
        column('id', '=', wanted.toLowerCase()),
        contains('reference', `${escaped(wanted.replace(/[\s-]/g, '').toUpperCase())}%`),
        hasValue(db, 'answers', wanted),
        hasValue(db, 'params', wanted),
      ]),
    );
  }
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => toSubmission(db, row));
  const last = items.at(-1);
  return { items, nextCursor: last && rows.length > limit ? Buffer.from(last.id).toString('base64url') : null };
}

export type Counts = { started: number; connected: number; submitted: number };

/**
 * By slug: submissions begun (drafts with an answer, and submitted ones), those with a CONNECTED account or one that we
 * disconnected after reading it, and those submitted, without
 * spam. A form without submissions is absent.
 */
export async function countByForm(db: Database): Promise<Map<string, Counts>> {
  const started = await db
    .selectFrom('submissions')
    .select((column) => [
      'form',
      column.fn.countAll<number>().as('started'),
      column.fn.count<number>('submitted_at').as('submitted'),
    ])
    .where(notSpam)
    .where(begun)
    .groupBy('form')
    .orderBy('form')
    .execute();
  const connected = await db
    .selectFrom('accounts')
    .innerJoin('submissions', 'submissions.id', 'accounts.submission_id')
    .select((column) => ['form', column.fn.count<number>('submissions.id').distinct().as('connected')])
    .where((column) => column.or([column('status', '=', 'CONNECTED'), column('revoked_at', 'is not', null)]))
    .where(notSpam)
    .groupBy('form')
    .execute();
  const connectedOf = new Map(connected.map((row) => [row.form, row.connected]));
  return new Map(
    started.map((row) => [
      row.form,
      { started: row.started, connected: connectedOf.get(row.form) ?? 0, submitted: row.submitted },
    ]),
  );
}

/**
 * How many were submitted on each of `days` days in UTC, beginning with the day of `from`; days without any are 0.
 * Spam does not count.
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
  const day = sql<string>`substr(submitted_at, 1, 10)`;
  const rows = await db
    .selectFrom('submissions')
    .select((column) => [day.as('day'), column.fn.countAll<number>().as('submitted')])
    .where('form', '=', form)
    .where('submitted_at', '>=', first)
    .where(notSpam)
    .groupBy(day)
    .execute();
  const submittedOn = new Map(rows.map((row) => [row.day, row.submitted]));
  return [first, ...others].map((each) => ({ day: each, submitted: submittedOn.get(each) ?? 0 }));
}

/** Whether `cursor` can be one that a list has given. */
export const isCursor = (cursor: string): boolean => /^[0-9a-f-]{36}$/.test(idOf(cursor));

const idOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

const contains = (column: 'reference', pattern: string) => sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`;

/**
 * Values only: a search for "name" must not find every form that has a field called name. What is sealed is not found
 * by anything.
 */
const hasValue = ({ engine }: Database, column: 'answers' | 'params', wanted: string) =>
  engine.kind === 'sqlite'
    ? sql<boolean>`exists (select 1 from json_each(${sql.ref(column)}) where cast(value as text) like ${`%${escaped(wanted)}%`} escape '\\' and cast(value as text) not like '{"$sealed":%')`
    : // As it is written in the JSON: PostgreSQL refuses to read some texts that JSON can write.
      sql<boolean>`exists (select 1 from json_each(cast(${sql.ref(column)} as json)) where cast(value as text) ilike ${`%${escaped(JSON.stringify(wanted).slice(1, -1))}%`} escape '\\' and cast(value as text) not like '{"$sealed":%')`;

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
