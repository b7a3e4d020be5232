/** A PostgreSQL for the tests that run on one, whose template has the tables already. */
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { startPostgres } from './postgres.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const server = await startPostgres();
  await closeDatabase(await openDatabase(server.url('template1')));
  process.env['FLIPSITE_TEST_POSTGRES'] = server.url('postgres');
  return () => server.stop();
}
