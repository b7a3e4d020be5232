import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './dialect.ts';

/** The numbers of the page Results. Every submission is marked as changed, so that the site counts those that are there. */
export const results: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const seq = isPostgres(db) ? 'bigserial' : 'integer';
    await db.schema
      .createTable('result_changes')
      .addColumn('seq', seq, (column) => column.primaryKey())
      .addColumn('submission_id', 'text', (column) => column.notNull())
      .execute();
    await sql`insert into result_changes (submission_id) select id from submissions where erased_at is null order by id`.execute(db); // prettier-ignore

    await sql`create table submission_progress (
      submission_id text primary key, form text not null, day text not null, link text not null, language text not null,
      device text not null, state text not null, steps text not null, at_screen text, last_at text not null,
      times text not null)`.execute(db);
    await sql`create index submission_progress_form on submission_progress (form, submission_id)`.execute(db);
    await sql`create index submission_progress_open on submission_progress (form, last_at)
      where at_screen is not null`.execute(db);
    await sql`create table result_cohorts (
      form text not null, day text not null, link text not null, language text not null, device text not null,
      kept integer not null, counts text not null, times text not null,
      primary key (form, day, link, language, device, kept))`.execute(db);
    await sql`create table openings (
      form text not null, hour text not null, link text not null, language text not null, device text not null,
      visitor text not null, count integer not null,
      primary key (form, hour, link, language, device, visitor))`.execute(db);
  },
};
