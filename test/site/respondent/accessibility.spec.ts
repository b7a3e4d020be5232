import type { Page } from 'playwright/test';
import { LONG } from '../../helpers/run/long.ts';
import { DARK, expectAccessible, expectAccessibleInEveryLook, withoutScript } from '../accessible.ts';
import { openDashboard } from '../dashboard.ts';
import { borrower, driver, tenant, type Person } from '../people.ts';
import { expect, test } from '../site-test.ts';
import {
  button,
  fillAndSend,
  fillScreens,
  give,
  heading,
  openForm,
  referenceOn,
  widgetOn,
  words,
  type Words,
} from '../walk.ts';

/** In a light scheme, and in a dark one the parts that it can change. */
const expectBoth = (page: Page) => expectAccessible(page, '', DARK);

/** Every screen as it comes, refused as it stands, and filled in. */
async function lookAtScreens(page: Page, { before, without, connect }: Person, say: Words): Promise<void> {
  for (const visit of before) {
    await lookAtErrors(page, visit.heading, say.next);
    for (const answer of visit.answers) await give(page, answer, say);
    await expectBoth(page);
    await button(page, say.next).click();
  }
  await expect(heading(page, connect)).toBeVisible();
  await expect(button(page, say.connect)).toBeVisible();
  await expectBoth(page);
  await button(page, say.connect).click();
  const widget = widgetOn(page);
  await expect(button(widget.dialog, 'Agree and continue')).toBeVisible();
  await expectBoth(page);
  await widget.press('Close');
  await expect(page.getByRole('alert')).toBeFocused();
  await expectBoth(page);
  await button(page, say.retry).click();
  await widget.signInAt('Grab', 'wrong');
  await widget.press('Exit');
  await expect(page.getByRole('alert')).toBeFocused();
  await expectBoth(page);
  await button(page, say.without).click();
  const last = without.at(-1);
  for (const visit of without) {
    await lookAtErrors(page, visit.heading, visit === last ? say.send : say.next);
    for (const answer of visit.answers) await give(page, answer, say);
    await expectBoth(page);
    await button(page, visit === last ? say.send : say.next).click();
  }
  await expect(page.getByText(say.reference, { exact: true })).toBeVisible();
  await expectBoth(page);
}

async function lookAtErrors(page: Page, title: string, goOn: string): Promise<void> {
  await expect(heading(page, title)).toBeVisible();
  await expectBoth(page);
  await button(page, goOn).click();
  await expect(page.getByRole('alert')).toBeFocused();
  await expectBoth(page);
}

const forms: [Person, Words][] = [
  [driver, words.en],
  [borrower, words.es],
  [tenant, words.en],
];

test.describe.configure({ timeout: 180_000 });

for (const [person, say] of forms) {
  test(
    `every screen of ${person.slug} meets WCAG 2.2 AA in a light and a dark scheme, with errors and without`,
    { tag: '@long' },
    async ({ page }) => {
      await openForm(page, `/${person.slug}`);
      await lookAtScreens(page, person, say);
    },
  );
}

test('a connected account, an early ending and an address that leads nowhere meet it too @long', async ({ page }) => {
  await openForm(page, '/gig-driver');
  await fillScreens(page, driver.before);
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('Grab', '123456');
  await widget.press('Done');
  await expect(page.getByRole('status').filter({ hasText: 'Your work account is connected' })).toBeFocused();
  await expectBoth(page);
  await button(page, words.en.next).click();
  await fillAndSend(page, driver.after);
  await expect(heading(page, 'Thank you, Ana Reyes. We have your application')).toBeVisible();
  await expectBoth(page);

  await openForm(page, '/prestamo-nomina');
  await page.getByRole('radio', { name: 'Ahora no tengo trabajo' }).check();
  await button(page, words.es.send).click();
  await expect(heading(page, 'Por ahora no podemos ofrecerte este préstamo')).toBeVisible();
  await expectBoth(page);

  const response = await page.goto('/nothing-here');
  expect(response?.status()).toBe(404);
  await expect(heading(page, 'There is no page here')).toBeVisible();
  await expectBoth(page);
});

test('the pages without JavaScript meet it @long', async ({ browser, site }) => {
  const context = await browser.newContext({ baseURL: site.origin, javaScriptEnabled: true });
  await withoutScript(context);
  const page = await context.newPage();
  await page.goto('/tenant-check');
  await expectBoth(page);
  await button(page, words.en.send).click();
  await expect(page.getByRole('alert')).toBeFocused();
  await expectBoth(page);
  for (const answer of tenant.before.flatMap((visit) => visit.answers)) await give(page, answer);
  await button(page, words.en.send).click();
  await expect(heading(page, 'You have not finished yet')).toBeVisible();
  await expectBoth(page);
  await context.close();
});

test('each page of the dashboard meets it, at a desk and on a phone', async ({ page, browser, site }) => {
  await page.goto('/admin');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  if (LONG) await expectBoth(page);
  await page.getByLabel(/email/i).fill('nobody@acme.example');
  await page.getByLabel(/password/i).fill('not the password');
  await page.getByRole('button').click();
  await expectBoth(page);

  await openForm(page, '/gig-driver');
  await fillScreens(page, driver.before);
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('Grab', '123456');
  await widget.press('Done');
  await button(page, words.en.next).click();
  await fillAndSend(page, driver.after);
  await referenceOn(page);

  const services = await openDashboard(browser, site);
  const [submitted] = await site.submissions('gig-driver');
  const paths = [
    '/admin',
    '/admin/forms/gig-driver/people',
    '/admin/forms/gig-driver/people?q=nobody-is-called-so',
    `/admin/forms/gig-driver/people/${submitted?.id}`,
    '/admin/nothing-here',
  ];
  for (const path of paths) {
    await services.goto(path);
    await expect(services.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessibleInEveryLook(services, path);
  }
});
