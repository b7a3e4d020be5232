/** A failure of the server, as a person who fills in a form meets it. */
import { sql } from 'kysely';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { expect, plainTest as test } from './site-test.ts';

const FORM = `
title: Apply
limits: { max: 5 }
screens:
  - { id: who, title: Who are you?, fields: [{ id: name, type: text, label: Name }] }
  - { id: where, title: Where?, fields: [{ id: city, type: text, label: City }] }
endings: [{ id: done, title: Thank you }]
`;

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: { apply: FORM } });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

test('a person reads the id under which the log has a failed save, until the save succeeds', async ({ page }) => {
  await page.goto(`${site.origin}/apply`);
  await sql`alter table tallies rename to away`.execute(site.db.query);
  await page.getByLabel('Name').fill('Ana');
  await page.getByRole('button', { name: 'Continue' }).click();
  const note = page.getByRole('status').filter({ hasText: 'Need help? Give this code:' });
  await expect(note).toContainText('Your answers are kept on this device');
  const [, id] = /code: (\w{10})$/.exec((await note.textContent()) ?? '') ?? [];
  expect(site.logged()).toContain(`"requestId":"${id}"`);

  await sql`alter table away rename to tallies`.execute(site.db.query);
  await expect(page.getByText('Your answers are saved.')).toBeVisible();
  await expect(note).toHaveCount(0);
});
