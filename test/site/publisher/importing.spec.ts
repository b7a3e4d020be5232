/** A publisher brings a form from another program, reads the report, and continues in the editor. */
import path from 'node:path';
import { openTestSite, removeFolder, root, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { DARK, expectAccessible } from '../accessible.ts';
import { signIn } from '../dashboard.ts';
import { expect, plainTest as test } from '../site-test.ts';

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: {} });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

test('a file of another program becomes a draft, with one list of all that was left out @long', async ({ page }) => {
  await signIn(page, site.origin, SETUP_CODE);
  await page.getByRole('link', { name: 'New form' }).click();

  await page.getByLabel('Title', { exact: true }).fill('Riders');
  await expect(page.getByLabel('File', { exact: true })).toBeHidden();
  await page.getByRole('radio', { name: 'A file or pasted text' }).check();
  await page.getByLabel('Or the text of the form').fill('Hello');
  await page.getByRole('button', { name: 'Create form' }).click();
  await expect(page.getByRole('alert')).toContainText('does not know this kind of text');
  await expect(page.getByLabel('Or the text of the form')).toHaveValue('Hello');
  await expectAccessible(page, 'of a new form with an unknown text', DARK);

  const file = path.join(root, 'test/fixtures/imports/surveyjs/own-every-type.json');
  await page.getByLabel('File', { exact: true }).setInputFiles(file);
  await page.getByRole('button', { name: 'Create form' }).click();
  await expect(page.getByText('18 questions were carried over. 4 questions were left out.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Rate each app' })).toContainText('no table of questions');
  await expectAccessible(page, 'of an import', DARK);
  for (const width of [360, 820, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }

  await page.getByRole('link', { name: 'Open the editor' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Rider check', level: 1 })).toBeVisible();
  await expect(page.getByText('Draft', { exact: true })).toBeVisible();
});
