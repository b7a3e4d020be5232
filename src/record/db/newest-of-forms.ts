/** Finds the newest rows of several forms, which one ordered query would find slowly. */
import type { SelectQueryBuilder } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** How many forms one query reads. SQLite takes up to 500 parts in one. */
const FORMS_AT_ONCE = 100;

/**
 * The newest ids of several forms, the newest first: the newest of each form, from its index, and then the newest of these. A
 * single ordered query would read rows of other forms too, or sort all rows of these.
 * @param ofForm queries for ids of a form, the newest first, such as one for each state. It has at most five
 */
export async function newestOfForms<Names extends keyof Tables>(
  db: Database,
  forms: readonly string[],
  limit: number,
  ofForm: (form: string) => SelectQueryBuilder<Tables, Names, { id: string }>[],
): Promise<string[]> {
  const ids: { id: string }[] = [];
  for (let at = 0; at < forms.length; at += FORMS_AT_ONCE) {
    const [first, ...others] = forms
      .slice(at, at + FORMS_AT_ONCE)
      .flatMap(ofForm)
      .map((part) => db.query.selectFrom(part.limit(limit).as('newest')).select('id'));
    if (first) ids.push(...(await others.reduce((all, part) => all.unionAll(part), first).execute()));
  }
  return newestFirst(ids)
    .slice(0, limit)
    .map(({ id }) => id);
}

/** Ids sort by their time. */
export const newestFirst = <One extends { id: string }>(rows: One[]): One[] =>
  rows.toSorted((a, b) => (a.id < b.id ? 1 : -1));
