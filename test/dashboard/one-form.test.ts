/** A page about one form reads that form, and none of the others. */
import { expect, it } from 'vitest';
import { temporaryDatabase } from '../helpers/database.ts';
import { openClient } from '../helpers/dashboard-client.ts';
import { compiled, publish } from './forms.ts';

it('a page about one form opens while the other forms cannot be read', async () => {
  const db = await temporaryDatabase();
  const submit = await publish(db);
  const { id } = await submit({ full_name: 'Ana', email: 'ana@mail.example' }, { ending: 'done' });
  await publish(db, compiled(undefined, 'other'));
  const client = await openClient(db);
  await db.query.updateTable('versions').set({ definition: 'not JSON' }).where('form', '=', 'other').execute();
  for (const page of ['/people', '/qr.svg', '/submissions.csv', '/invitations', `/people/${id}`])
    expect([page, (await client.ask(`/admin/forms/driver${page}`)).status]).toEqual([page, 200]);
  expect((await client.ask('/admin/messages')).status).toBe(200);
  expect((await client.ask('/admin')).status).toBe(500);
});
