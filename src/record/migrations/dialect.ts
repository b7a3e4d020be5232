import { PostgresAdapter, type Kysely } from 'kysely';

/** For the few differences between the two databases. Each use is a visible `if`. */
export const isPostgres = (db: Kysely<unknown>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;
