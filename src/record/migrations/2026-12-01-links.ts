import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Campaign links that are made under Share, and the counts of visitors of all campaign links. */
export const links: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('links')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('member_id', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('paused_at', 'text')
      // Counts the changes of the link, so that a server sees that there are new ones.
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('links_form').on('links').columns(['form', 'created_at']).execute();
    await db.schema.createIndex('links_revision').on('links').column('revision').execute();
    // SQLite uses it only if a query has the same condition in the same words (SQLite, Partial Indexes).
    await sql`create index submissions_link on submissions (link, form) where link is not null`.execute(db);
    await db.schema
      .createTable('link_clicks')
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('link', 'text', (column) => column.notNull())
      .addColumn('hour', 'text', (column) => column.notNull())
      .addColumn('class', 'text', (column) => column.notNull())
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('host', 'text', (column) => column.notNull())
      .addColumn('shard', 'integer', (column) => column.notNull())
      .addColumn('clicks', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('link_clicks_key', ['form', 'link', 'hour', 'class', 'device', 'host', 'shard'])
      .execute();
  },
};
