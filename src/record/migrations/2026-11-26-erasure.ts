import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './dialect.ts';

export const erasure: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('submissions').addColumn('erased_at', 'text').execute();
    await db.schema
      .createIndex('submissions_form_updated_at')
      .on('submissions')
      .columns(['form', 'updated_at'])
      .execute();
    // Events are only added. The exception are those of a submission that is being erased.
    if (isPostgres(db)) return allowOnPostgres(db);
    await sql`drop trigger events_refuse_delete`.execute(db);
    await sql`create trigger events_refuse_delete before delete on events
      when not exists (select 1 from submissions where erased_at is not null and (id = old.submission_id
        or (old.submission_id is null and smile_user_id = old.smile_user_id)))
      begin select raise(abort, 'events is append-only'); end`.execute(db);
  },
};

/** CockroachDB replaces no function that a trigger uses, so there is a new one (CockroachDB 24.3, Known Limitations). */
async function allowOnPostgres(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger events_refuse on events`.execute(db);
  await sql`create function events_refuse_unless_erased() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and exists (select 1 from submissions where erased_at is not null and (id = old.submission_id
        or (old.submission_id is null and smile_user_id = old.smile_user_id))) then return old; end if;
      raise exception 'events is append-only';
    end $$`.execute(db);
  await sql`create trigger events_refuse before update or delete on events
    for each row execute function events_refuse_unless_erased()`.execute(db);
}
