/** Each table of the database says how it loses the data of a person. */
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/record/db/database.ts';
import { ERASURE_OF } from '../../src/record/erasure.ts';
import { temporaryDatabase } from '../helpers/database.ts';

/** A column of one of these names ties a row to a person who fills in a form. */
const OF_PERSON = ['submission_id', 'person_id', 'smile_user_id', 'invitation_id', 'delivery_id', 'account_id', 'answers', 'prefill']; // prettier-ignore

let columns: Map<string, string[]>;
beforeAll(async () => {
  const db: Database = await temporaryDatabase();
  const tables = await db.query.introspection.getTables();
  columns = new Map(tables.map(({ name, columns: own }) => [name, own.map((column) => column.name)]));
});

const tablesWhere = (how: string) => Object.entries(ERASURE_OF).flatMap(([table, own]) => (own === how ? table : []));

it('is true of each table that the migrations make', () => {
  const made = [...columns.keys()].filter((name) => name !== 'shared_counts');
  expect(
    Object.keys(ERASURE_OF)
      .filter((name) => name !== 'shared_counts')
      .sort(),
  ).toEqual(made.sort());
});

it('names no table without people that has a column about a person', () => {
  const wrong = tablesWhere('none').filter((table) => columns.get(table)?.some((name) => OF_PERSON.includes(name)));
  expect(wrong).toEqual([]);
});

it('deletes rows by submission only where a table has one', () => {
  expect(tablesWhere('rows').filter((table) => !columns.get(table)?.includes('submission_id'))).toEqual([]);
});
