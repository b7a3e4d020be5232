/** `pg_restore` brings deleted people back, so `npm run restore` lists them before. */
import { expect, it } from 'vitest';
import { deletedOnRequest } from '../../src/operate/undone-by-restore.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import { eraseSubmission } from '../../src/respond/erase.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { draft, temporaryFolder } from '../helpers/database.ts';

it('the people whom someone deleted are listed, the last one first, without those whose time was over', async () => {
  const folder = temporaryFolder();
  const url = (await postgresFor(folder)) ?? '';
  const db = await openDatabase(url);
  const [first, second, byRetention] = [await draft(db), await draft(db), await draft(db), await draft(db)];
  const eraseAt = (id: string, at: string, reason: 'asked' | 'retention') =>
    eraseSubmission(
      { db, files: diskStore(folder), now: () => new Date(at), log: { warn: () => {} } },
      id,
      reason === 'asked' ? { reason, by: 'API' } : { reason },
    );
  await eraseAt(first.id, '2026-11-24T10:00:00.000Z', 'asked');
  await eraseAt(second.id, '2026-11-25T10:00:00.000Z', 'asked');
  await eraseAt(byRetention.id, '2026-11-26T10:00:00.000Z', 'retention');
  await closeDatabase(db);
  expect(await deletedOnRequest(url)).toEqual([
    { form: 'driver', id: second.id, at: '2026-11-25T10:00:00.000Z' },
    { form: 'driver', id: first.id, at: '2026-11-24T10:00:00.000Z' },
  ]);
});
