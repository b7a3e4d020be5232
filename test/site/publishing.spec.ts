/** A publisher's day without a file or a terminal: a new form, a mistake, publishing, an answer, a change, and the way back. */
import type { Page } from 'playwright/test';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { DARK, expectAccessible } from './accessible.ts';
import { expect, plainTest as test } from './site-test.ts';
import { button } from './walk.ts';

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: {}, env: { RATE_LIMIT: 'off' } });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

const text = (page: Page) => page.getByRole('textbox', { name: 'Text of the form' });
const go = (page: Page, tab: string) => page.getByRole('navigation', { name: 'Form' }).getByRole('link', { name: tab }).click(); // prettier-ignore

/** The page of the form as a new person gets it. */
const live = async () => (await fetch(`${site.origin}/christmas-drivers`)).text();

/** Changes the text of the draft as a person who types does. It saves itself. */
async function change(page: Page, from: string, to: string, then?: 'Publish…') {
  await page.getByRole('link', { name: 'Text', exact: true }).click();
  await expect(text(page)).toBeVisible();
  const before = await text(page).innerText();
  expect(before).toContain(from);
  await text(page).fill(before.replace(from, to));
  if (then) await button(page, then).click();
}

test('makes a form, mends a mistake, publishes, gets an answer, changes it, and brings the first version back', async ({
  page,
  context,
}) => {
  await page.goto(`${site.origin}/admin`);
  await page.getByLabel('Setup code').fill(SETUP_CODE);
  await page.getByLabel(/email/i).fill('ops@acme.example');
  await page.getByLabel(/password/i).fill('four plain words here');
  await button(page, 'Create account').click({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();

  await page.getByRole('link', { name: 'New form' }).click();
  await expectAccessible(page, 'of a new form', DARK);
  await page.getByLabel('Title', { exact: true }).fill('Christmas drivers');
  await button(page, 'Create form').click();
  await expect(page.getByRole('heading', { name: 'Christmas drivers', level: 1 })).toBeVisible();
  await expect(page.getByText('Draft', { exact: true })).toBeVisible();

  await change(page, 'type: text', 'type: txet', 'Publish…');
  await page.waitForURL('**/publish');
  await expect(page.getByRole('heading', { name: '1 thing to fix' })).toBeVisible();
  await expectAccessible(page, 'with an error', DARK);
  await page.getByRole('link', { name: 'Fix the form' }).click();
  await page.getByRole('link', { name: 'Text', exact: true }).click();
  await page.getByRole('button', { name: 'Line 6' }).click();
  const selected = () => page.evaluate(() => String(getSelection()));
  await expect.poll(selected).toContain('type: txet');
  await change(page, 'type: txet', 'type: text', 'Publish…');
  await expect(page.getByText('published for the first time')).toBeVisible();
  await button(page, 'Publish now').click();
  await expect(page.getByText('Version 1 is live, by you')).toBeVisible();

  const person = await context.newPage();
  await person.goto(`${site.origin}/christmas-drivers`);
  await person.getByLabel('Full name').fill('Ana Reyes');
  await person
    .getByRole('button', { name: 'Send' })
    .or(person.getByRole('button', { name: 'Continue' }))
    .click();
  await expect(person.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  await go(page, 'People');
  await expect(page.getByText('Ana Reyes').first()).toBeAttached();

  await go(page, 'Edit');
  await change(page, 'title: About you', 'title: About yourself', 'Publish…');
  await expect(page.getByText('About yourself').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Stored submissions' })).toBeVisible();
  await page.getByLabel(/Note/).fill('Friendlier');
  await button(page, 'Publish now').click();
  await expect(page.getByText('Version 2 is live, by you')).toBeVisible();
  expect(await live()).toContain('About yourself');

  await go(page, 'History');
  await expect(page.getByRole('row', { name: /Version 2/ })).toContainText('Friendlier');
  await page.getByRole('link', { name: 'Restore… version 1' }).click();
  await button(page, 'Publish now').click();
  await expect(page.getByText('Version 3 is live, by you')).toBeVisible();
  expect(await live()).not.toContain('About yourself');

  await go(page, 'Settings');
  await button(page, 'Hand back to files').click();
  await expect(page.getByText('is managed in')).toBeVisible();
});
