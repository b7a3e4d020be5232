/** What SQLite and PostgreSQL each do in their own way. The rest of the record knows only this. */
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

export type TransactionOptions = {
  /**
   * The transaction locks the row it decides by (`locked`) and decides by nothing else, so that it need not be kept
   * apart from all others. Without this, transactions come out as if they had run one after another.
   */
  locksRow?: boolean;
};

/** A way to ask the database. */
export interface DatabaseSession {
  readonly kysely: Kysely<Tables>;
  /** Runs a query that is compiled already. */
  execute<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  /** In a transaction: the same for what nothing depends on; what goes wrong with it makes the transaction fail. */
  pipeline?(query: CompiledQuery): void;
  /** A number that no other transaction of this server has at the same time. */
  readonly shard?: number;
}

export interface Engine {
  readonly kind: 'sqlite' | 'postgres';
  /** Queries outside of transactions. Each is on the disk when it resolves. */
  readonly autocommit: DatabaseSession;
  /** Runs `run` in a transaction; perhaps several times, of which the last one counts. */
  transact<R>(run: (session: DatabaseSession) => Promise<R>, options: TransactionOptions): Promise<R>;
  /** How many writes wait for their turn. */
  waiting(): number;
  /** Throws when a write could not be stored now. */
  ready(): Promise<void>;
  /**
   * Removes deleted content from the files of the database, as far as the database can: see `docs/operate/delete-data.md`. False
   * where it has to be tried again later.
   */
  wipe(): Promise<boolean>;
  /** Lets what is under way finish; later calls fail. */
  close(): Promise<void>;
}

/** Thrown within a transaction that has met another one, and is to be run again from its beginning. */
export class RetryTransaction extends Error {}
