import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const suspicion: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('submissions').addColumn('suspicion', 'text').execute();
    await db.schema.alterTable('submissions').addColumn('verdict', 'text').execute();
    await db.schema
      .alterTable('submissions')
      .addColumn('quarantined', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    // Each submit of a form with a limit counts these, so the index has only submissions that count. SQLite uses it
    // only if the query has the same condition in the same words (SQLite, Partial Indexes): that of `countCompleted`.
    await sql`create index submissions_counted on submissions (form)
      where submitted_at is not null and outcome = 'completed' and (verdict is null or verdict <> 'spam')`.execute(db);
    await sql`create index submissions_quarantined on submissions (form) where quarantined = 1`.execute(db);
  },
};
