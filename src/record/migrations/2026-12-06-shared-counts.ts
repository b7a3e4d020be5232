import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { isPostgres } from './dialect.ts';

/** Counts of clients on their way between servers. They are in no log, so that no archive of the log keeps them. */
export const sharedCounts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // SQLite has one server.
    if (!isPostgres(db)) return;
    await sql`create unlogged table shared_counts (server text not null, number integer not null, at text not null,
      counts text not null, primary key (server, number))`.execute(db);
  },
};
