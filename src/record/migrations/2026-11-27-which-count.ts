import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Quarantined and deleted submissions are in no count. Each kind has an index of its own, beside the one of submissions
 * that count.
 */
export const whichCount: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // The row of a deleted submission does not say that the person was suspected.
    await sql`update submissions set suspicion = null, verdict = null, quarantined = 0
      where erased_at is not null and (quarantined = 1 or suspicion is not null or verdict is not null)`.execute(db);
    await sql`drop index submissions_sent`.execute(db);
    await sql`drop index submissions_drafts`.execute(db);
    await sql`drop index submissions_held`.execute(db);
    // SQLite uses these only if a query has the same condition in the same words (SQLite, Partial Indexes).
    await sql`create index submissions_counted_drafts on submissions (form, id) where submitted_at is null
      and quarantined = 0 and erased_at is null and (answers <> '{}' or smile_user_id is not null)`.execute(db);
    await sql`create index submissions_counted_sent on submissions (form, id)
      where submitted_at is not null and quarantined = 0 and erased_at is null`.execute(db);
    await sql`create index submissions_quarantined_now on submissions (form, id)
      where quarantined = 1 and erased_at is null`.execute(db);
    await sql`create index submissions_deleted on submissions (form, id)
      where submitted_at is not null and erased_at is not null`.execute(db);

    await db.schema
      .alterTable('tallies')
      .addColumn('deleted', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`delete from tallies`.execute(db);
    await sql`
      insert into tallies (form, day, slot, started, connected, submitted, completed, held, deleted)
      select form, '', 0,
        sum(case when quarantined = 0 and erased_at is null
          and (answers <> '{}' or smile_user_id is not null or submitted_at is not null) then 1 else 0 end),
        sum(case when quarantined = 0 and erased_at is null
          and (answers <> '{}' or smile_user_id is not null or submitted_at is not null)
          and exists (select 1 from accounts
            where submission_id = submissions.id and (status = 'CONNECTED' or revoked_at is not null)) then 1 else 0 end),
        sum(case when quarantined = 0 and erased_at is null and submitted_at is not null then 1 else 0 end),
        sum(case when quarantined = 0 and erased_at is null and submitted_at is not null and outcome = 'completed'
          then 1 else 0 end),
        sum(case when quarantined = 1 and erased_at is null then 1 else 0 end),
        sum(case when submitted_at is not null and erased_at is not null then 1 else 0 end)
      from submissions group by form`.execute(db);
    await sql`
      insert into tallies (form, day, slot, started, connected, submitted, completed, held, deleted)
      select form, substr(submitted_at, 1, 10), 0, 0, 0, count(*), 0, 0, 0
      from submissions where submitted_at is not null and quarantined = 0 and erased_at is null
      group by form, substr(submitted_at, 1, 10)`.execute(db);
  },
};
