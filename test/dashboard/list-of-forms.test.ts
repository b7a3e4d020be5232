/** The words of the list of forms about submissions. */
import { expect, it } from 'vitest';
import { NOW, temporaryDatabase } from '../helpers/database.ts';
import { openClient } from '../helpers/dashboard-client.ts';
import { publish } from './forms.ts';

const FIRST_IN_14_DAYS = 'Sent today for the first time in 14 days';

it('a new form with submissions of today only does not say that there was a pause', async () => {
  const db = await temporaryDatabase();
  const submit = await publish(db);
  const client = await openClient(db);
  await submit({}, { ending: 'done' });
  const { text } = await client.ask('/admin');
  expect(text).not.toContain(FIRST_IN_14_DAYS);
  expect(text).toContain('All submissions are from today');

  await submit({}, { ending: 'done', now: new Date(NOW.getTime() - 20 * 24 * 60 * 60 * 1000) });
  expect((await client.ask('/admin')).text).toContain(FIRST_IN_14_DAYS);
});
