import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Flipsite counts the stored data of each submission, finds keys by age, and knows when a version was replaced. It does
 * not count data from before: each submission gets the allowance of a new one.
 */
export const usage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    let table = db.schema
      .createTable('submission_usage')
      .addColumn('submission_id', 'text', (column) => column.primaryKey().notNull());
    for (const name of ['page_events', 'page_bytes', 'widget_events', 'widget_bytes'] as const)
      table = table.addColumn(name, 'integer', (column) => column.notNull());
    await table.execute();
    await db.schema
      .alterTable('submissions')
      .addColumn('acts', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    // The scopes of submissions begin with an id in hexadecimal. All others begin with a later letter.
    await sql`create index idempotency_starts on idempotency (created_at) where scope >= 'g'`.execute(db);
    await sql`create index idempotency_writes on idempotency (created_at) where scope < 'g'`.execute(db);
    await db.schema.alterTable('versions').addColumn('replaced_at', 'text').execute();
    await sql`
      update versions set replaced_at = (
        select min(later.created_at) from versions as later
        where later.form = versions.form and later.created_at > versions.created_at)
      where not exists (
        select 1 from forms where forms.slug = versions.form and forms.version = versions.version)`.execute(db);
    await db.schema.alterTable('accounts').addColumn('monitor', 'text').execute();
  },
};
