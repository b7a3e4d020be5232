/**
 * Opens the database at its first argument as a server does, and prints `open`. With a second argument it stops for good
 * after so many statements of the migration `standard-names`, and prints `stopped` instead.
 */
import { writeSync } from 'node:fs';
import type { Kysely, QueryResult, RootOperationNode, UnknownRow } from 'kysely';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { migrations } from '../../../src/record/migrations/migrations.ts';

const [, , address = '', statements] = process.argv;

if (statements !== undefined) {
  const name = '2026-11-28-standard-names';
  const { up } = migrations[name]!;
  let left = Number(statements);
  const stopInTheMiddle = {
    transformQuery: ({ node }: { node: RootOperationNode }) => node,
    async transformResult({ result }: { result: QueryResult<UnknownRow> }) {
      if (--left > 0) return result;
      writeSync(1, 'stopped\n');
      return new Promise<never>(() => setInterval(() => undefined, 1_000));
    },
  };
  migrations[name] = { up: (db: Kysely<unknown>) => up(db.withPlugin(stopInTheMiddle)) };
}
const db = await openDatabase(address);
writeSync(1, 'open\n');
await closeDatabase(db);
