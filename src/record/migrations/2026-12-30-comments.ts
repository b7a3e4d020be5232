import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './dialect.ts';

/** The comments of colleagues have one word. No row is rewritten. */
export const comments: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('review_notes').renameTo('form_comments').execute();
    if (isPostgres(db)) {
      await sql`alter index review_notes_by_form rename to form_comments_by_form`.execute(db);
      await sql`alter table form_comments rename constraint review_notes_pkey to form_comments_pkey`.execute(db);
    } else {
      // SQLite can't rename an index.
      await sql`drop index review_notes_by_form`.execute(db);
      await sql`create index form_comments_by_form on form_comments (form, id)`.execute(db);
    }
  },
};
