import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './dialect.ts';

export const tables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('submissions')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('link', 'text')
      .addColumn('params', 'text', (column) => column.notNull())
      .addColumn('answers', 'text', (column) => column.notNull())
      .addColumn('smile_user_id', 'text', (column) => column.unique())
      .addColumn('wink_screen', 'text')
      .addColumn('reference', 'text', (column) => column.unique())
      .addColumn('ending', 'text')
      .addColumn('outcome', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addColumn('submitted_at', 'text')
      .execute();
    await db.schema.createIndex('submissions_form_id').on('submissions').columns(['form', 'id']).execute();

    await db.schema
      .createTable('events')
      .addColumn('seq', isPostgres(db) ? 'bigserial' : 'integer', (column) =>
        isPostgres(db) ? column.primaryKey() : column.primaryKey().autoIncrement(),
      )
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('submission_id', 'text', (column) => column.references('submissions.id'))
      .addColumn('smile_user_id', 'text')
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('received_at', 'text', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addUniqueConstraint('events_scope_id', ['scope', 'id'])
      .execute();
    await db.schema.createIndex('events_submission_id').on('events').column('submission_id').execute();
    await db.schema.createIndex('events_smile_user_id').on('events').column('smile_user_id').execute();
    if (isPostgres(db)) await refuseChanges(db);
    for (const change of isPostgres(db) ? [] : ['update', 'delete']) {
      await sql`create trigger ${sql.id(`events_refuse_${change}`)} before ${sql.raw(change)} on events
        begin select raise(abort, 'events is append-only'); end`.execute(db);
    }

    await db.schema
      .createTable('accounts')
      .addColumn('account_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('submission_id', 'text', (column) => column.notNull().references('submissions.id'))
      .addColumn('screen', 'text', (column) => column.notNull())
      .addColumn('provider_id', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('error_code', 'text')
      .addColumn('confirmed', 'integer', (column) => column.notNull())
      .addColumn('status_at', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('accounts_submission_id').on('accounts').column('submission_id').execute();

    await db.schema
      .createTable('idempotency')
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('body_hash', 'text', (column) => column.notNull())
      .addColumn('response', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('idempotency_pk', ['scope', 'key'])
      .execute();

    await db.schema
      .createTable('versions')
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('versions_pk', ['form', 'version'])
      .execute();

    await db.schema
      .createTable('forms')
      .addColumn('slug', 'text', (column) => column.primaryKey().notNull())
      .addColumn('version', 'text')
      .addColumn('fault', 'text')
      .addColumn('removed_at', 'text')
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('members')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('email', 'text', (column) => column.notNull().unique())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('sessions')
      .addColumn('id_hash', 'text', (column) => column.primaryKey().notNull())
      .addColumn('member_id', 'text', (column) => column.notNull().references('members.id'))
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .execute();
  },
};

async function refuseChanges(db: Kysely<unknown>): Promise<void> {
  await sql`create function events_refuse() returns trigger language plpgsql as $$
    begin raise exception 'events is append-only'; end $$`.execute(db);
  await sql`create trigger events_refuse before update or delete on events
    for each row execute function events_refuse()`.execute(db);
}
