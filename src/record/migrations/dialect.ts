import { PostgresAdapter, type Kysely } from 'kysely';

/** For what the two databases say differently. There is little of it, and each use is a visible `if`. */
export const isPostgres = (db: Kysely<unknown>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;
