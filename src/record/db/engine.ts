/** The interface of the two database engines. The rest of the record uses only this. */
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

export type TransactionOptions = {
  /**
   * The transaction locks the rows that it decides by (`locked`), such as the submission or the form, so it does not need
   * serializable isolation. Without this, transactions are serializable.
   */
  locksRow?: boolean;
};

/** Runs queries, in a transaction or outside of one. */
export interface DatabaseSession {
  readonly kysely: Kysely<Tables>;
  /** Runs a query that is compiled already. */
  execute<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  /** In a transaction: sends a query without waiting for it. A failure fails the commit. */
  pipeline?(query: CompiledQuery): void;
  /** Shard index, unique among this server's open transactions. */
  readonly shard?: number;
}

export interface Engine {
  readonly kind: 'sqlite' | 'postgres';
  /** Queries outside of transactions. Each is on the disk when it resolves. */
  readonly autocommit: DatabaseSession;
  /** Runs `run` in a transaction. Retried on conflict: only the last run counts. */
  transact<R>(run: (session: DatabaseSession) => Promise<R>, options: TransactionOptions): Promise<R>;
  /** How many writes wait. */
  waiting(): number;
  /** Throws a StoreFault if a write can't be stored now. */
  ready(): Promise<void>;
  /**
   * Removes deleted content from the files of the database, as far as the engine can: see `docs/operate/delete-data.md`. False
   * if it has to be retried later.
   */
  wipe(): Promise<boolean>;
  /** Closes the database after the running calls. Later calls fail. */
  close(): Promise<void>;
}

/** Thrown within a transaction that conflicts with another one, to retry it from the beginning. */
export class RetryTransaction extends Error {}
