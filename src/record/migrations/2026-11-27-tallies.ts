import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Stored counts, and indexes with only the rows that queries need. */
export const tallies: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    let table = db.schema
      .createTable('tallies')
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('slot', 'integer', (column) => column.notNull());
    for (const name of ['started', 'connected', 'submitted', 'completed', 'held'] as const)
      table = table.addColumn(name, 'integer', (column) => column.notNull());
    await table.addPrimaryKeyConstraint('tallies_pk', ['form', 'day', 'slot']).execute();
    await count(db);

    // SQLite uses these only if a query has the same condition in the same words (SQLite, Partial Indexes).
    await sql`create index submissions_sent on submissions (form, id) where submitted_at is not null`.execute(db);
    await sql`create index submissions_drafts on submissions (form, id)
      where submitted_at is null and (answers <> '{}' or smile_user_id is not null)`.execute(db);
    await sql`drop index submissions_quarantined`.execute(db);
    await sql`create index submissions_held on submissions (form, id) where quarantined = 1`.execute(db);
    await sql`drop index submissions_counted`.execute(db);
    // Rows that are erased, have failed, or come from other sources than Smile accumulate. These indexes leave them
    // out.
    await sql`drop index submissions_form_updated_at`.execute(db);
    await sql`create index submissions_untouched on submissions (form, updated_at) where erased_at is null`.execute(db);
    await sql`drop index owed_due_at`.execute(db);
    await sql`create index owed_due on owed (due_at) where failed_at is null`.execute(db);
    await db.schema.createIndex('deliveries_form_status').on('deliveries').columns(['form', 'status', 'id']).execute();
    await sql`drop index accounts_connected_at`.execute(db);
    await sql`create index accounts_ending on accounts (connected_at)
      where status = 'CONNECTED' and confirmed = 1 and revoked_at is null`.execute(db);
    // All events but webhooks are found by their scope, which is their submission.
    await sql`drop index events_submission_id`.execute(db);
    await sql`create index events_webhooks_of on events (submission_id) where source = 'webhook'`.execute(db);
    await sql`drop index events_smile_user_id`.execute(db);
    await sql`create index events_smile_user on events (smile_user_id) where smile_user_id is not null`.execute(db);
    await sql`create index events_webhooks on events (seq) where source = 'webhook'`.execute(db);
  },
};

async function count(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into tallies (form, day, slot, started, connected, submitted, completed, held)
    select form, '', 0,
      sum(case when coalesce(verdict, '') <> 'spam'
        and (answers <> '{}' or smile_user_id is not null or submitted_at is not null) then 1 else 0 end),
      sum(case when coalesce(verdict, '') <> 'spam' and exists (select 1 from accounts
        where submission_id = submissions.id and (status = 'CONNECTED' or revoked_at is not null)) then 1 else 0 end),
      sum(case when coalesce(verdict, '') <> 'spam' and submitted_at is not null then 1 else 0 end),
      sum(case when coalesce(verdict, '') <> 'spam' and submitted_at is not null and outcome = 'completed'
        then 1 else 0 end),
      sum(quarantined)
    from submissions group by form`.execute(db);
  await sql`
    insert into tallies (form, day, slot, started, connected, submitted, completed, held)
    select form, substr(submitted_at, 1, 10), 0, 0, 0, count(*), 0, 0
    from submissions where submitted_at is not null and coalesce(verdict, '') <> 'spam'
    group by form, substr(submitted_at, 1, 10)`.execute(db);
}
