import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { openDashboard } from './dashboard.ts';
import { borrower, driver, tenant, type Person } from './people.ts';
import { expect, test } from './site-test.ts';
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
} from './walk.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Expects no violation of WCAG 2.2, A and AA, and nothing that has to be scrolled to sideways. */
async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  const told = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  expect.soft(told, `on ${page.url()}`).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(overflow, `wider than the window on ${page.url()}`).toBeLessThanOrEqual(0);
}

/** Every screen as it comes, refused as it stands, and filled in. */
async function lookAtScreens(page: Page, { before, without, connect }: Person, say: Words): Promise<void> {
  for (const visit of before) {
    await lookAtErrors(page, visit.heading, say.next);
    for (const answer of visit.answers) await give(page, answer, say);
    await expectAccessible(page);
    await button(page, say.next).click();
  }
  await expect(heading(page, connect)).toBeVisible();
  await expect(button(page, say.connect)).toBeVisible();
  await expectAccessible(page);
  await button(page, say.connect).click();
  const widget = widgetOn(page);
  await expect(button(widget.dialog, 'Agree and continue')).toBeVisible();
  await expectAccessible(page);
  await widget.press('Close');
  await expect(page.getByRole('alert')).toBeFocused();
  await expectAccessible(page);
  await button(page, say.retry).click();
  await widget.signInAt('Grab', 'wrong');
  await widget.press('Exit');
  await expect(page.getByRole('alert')).toBeFocused();
  await expectAccessible(page);
  await button(page, say.without).click();
  const last = without.at(-1);
  for (const visit of without) {
    await lookAtErrors(page, visit.heading, visit === last ? say.send : say.next);
    for (const answer of visit.answers) await give(page, answer, say);
    await expectAccessible(page);
    await button(page, visit === last ? say.send : say.next).click();
  }
  await expect(page.getByText(say.reference, { exact: true })).toBeVisible();
  await expectAccessible(page);
}

async function lookAtErrors(page: Page, title: string, goOn: string): Promise<void> {
  await expect(heading(page, title)).toBeVisible();
  await expectAccessible(page);
  await button(page, goOn).click();
  await expect(page.getByRole('alert')).toBeFocused();
  await expectAccessible(page);
}

const forms: [Person, Words][] = [
  [driver, words.en],
  [borrower, words.es],
  [tenant, words.en],
];

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in a ${colorScheme} scheme`, () => {
    test.use({ colorScheme });
    test.describe.configure({ timeout: 180_000 });

    for (const [person, say] of forms) {
      test(`every screen of ${person.slug} meets WCAG 2.2 AA, with errors and without`, async ({ page }) => {
        await openForm(page, `/${person.slug}`);
        await lookAtScreens(page, person, say);
      });
    }

    test('a connected account, an early ending and an address that leads nowhere meet it too', async ({ page }) => {
      await openForm(page, '/gig-driver');
      await fillScreens(page, driver.before);
      await button(page, words.en.connect).click();
      const widget = widgetOn(page);
      await widget.signInAt('Grab', '123456');
      await widget.press('Done');
      await expect(page.getByRole('status').filter({ hasText: 'Your work account is connected' })).toBeFocused();
      await expectAccessible(page);
      await button(page, words.en.next).click();
      await fillAndSend(page, driver.after);
      await expect(heading(page, 'Thank you, Ana Reyes. We have your application')).toBeVisible();
      await expectAccessible(page);

      await openForm(page, '/prestamo-nomina');
      await page.getByRole('radio', { name: 'Ahora no tengo trabajo' }).check();
      await button(page, words.es.send).click();
      await expect(heading(page, 'Por ahora no podemos ofrecerte este préstamo')).toBeVisible();
      await expectAccessible(page);

      const response = await page.goto('/nothing-here');
      expect(response?.status()).toBe(404);
      await expect(heading(page, 'There is no page here')).toBeVisible();
      await expectAccessible(page);
    });

    test('the pages without JavaScript meet it', async ({ browser, site }) => {
      const context = await browser.newContext({ baseURL: site.origin, colorScheme, javaScriptEnabled: true });
      // axe itself needs JavaScript, so only the site's own is turned away: as when it does not load.
      await context.route('**/*', async (route) => {
        if (route.request().resourceType() !== 'document') return route.abort();
        const response = await route.fetch({ maxRedirects: 0 });
        const policy = "script-src 'none'";
        await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
      });
      const page = await context.newPage();
      await page.goto('/tenant-check');
      await expectAccessible(page);
      await button(page, words.en.send).click();
      await expect(page.getByRole('alert')).toBeFocused();
      await expectAccessible(page);
      for (const answer of tenant.before.flatMap((visit) => visit.answers)) await give(page, answer);
      await button(page, words.en.send).click();
      await expect(heading(page, 'One step is left')).toBeVisible();
      await expectAccessible(page);
      await context.close();
    });

    test('each page of the dashboard meets it, at a desk and on a phone', async ({ page, browser, site }) => {
      await page.goto('/admin');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await page.getByLabel(/email/i).fill('nobody@acme.example');
      await page.getByLabel(/password/i).fill('not the password');
      await page.getByRole('button').click();
      await expectAccessible(page);

      await openForm(page, '/gig-driver');
      await fillScreens(page, driver.before);
      await button(page, words.en.connect).click();
      const widget = widgetOn(page);
      await widget.signInAt('Grab', 'wrong');
      await widget.press('Try again');
      await widget.signIn('123456');
      await widget.press('Done');
      await button(page, words.en.next).click();
      await fillAndSend(page, driver.after);
      await referenceOn(page);

      const desk = await openDashboard(browser, site);
      await desk.emulateMedia({ colorScheme });
      const [submitted] = await site.submissions('gig-driver');
      const paths = [
        '/admin',
        '/admin/forms/gig-driver',
        '/admin/forms/gig-driver?q=nobody-is-called-so',
        `/admin/forms/gig-driver/${submitted?.id}`,
        '/admin/nothing-here',
      ];
      for (const size of [
        { width: 1280, height: 800 },
        { width: 360, height: 740 },
      ]) {
        await desk.setViewportSize(size);
        for (const path of paths) {
          await desk.goto(path);
          await expect(desk.getByRole('heading', { level: 1 })).toBeVisible();
          await expectAccessible(desk);
        }
      }
    });
  });
}

test('a form can be filled in and sent by keyboard alone, its errors included', async ({ page }) => {
  const focused = () =>
    page.evaluate(() => {
      const element = (document.activeElement?.shadowRoot?.activeElement ?? document.activeElement) as HTMLInputElement;
      const label = element.labels?.[0];
      const group = element.type === 'radio' ? element.closest('fieldset')?.querySelector('legend') : undefined;
      const text = (group ?? label ?? element).textContent ?? '';
      return text.replace(/\s+/g, ' ').trim();
    });
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 40 && !(await focused()).startsWith(name); presses++)
      await page.keyboard.press('Tab');
    expect(await focused()).toMatch(new RegExp(`^${name.replace(/[?().]/g, '\\$&')}`));
  };
  const press = (key: string) => page.keyboard.press(key);
  const write = async (label: string, text: string) => {
    await tabTo(label);
    await page.keyboard.type(text);
  };

  await openForm(page, '/gig-driver');
  await tabTo('Continue');
  await press('Enter');
  const summary = page.getByRole('alert');
  await expect(summary).toBeFocused();
  await expect(summary.getByRole('heading')).toHaveText('Please check 3 answers');
  await press('Tab');
  expect(await focused()).toBe('Choose an answer to “Are you 21 or older?”');
  await press('Enter');
  expect(await focused()).toBe('Are you 21 or older?');
  await press('Space');
  await tabTo("Which driver's license do you hold?");
  await press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Non-professional/ })).toBeChecked();
  await write('Where do you want to drive?', 'Ceb');
  await press('Tab');
  expect(await focused()).toBe('Continue');
  await press('Enter');

  await expect(heading(page, 'About you')).toBeFocused();
  await write('Full name', 'Ana Reyes');
  await press('Enter');
  await expect(summary).toBeFocused();
  await expect(summary.getByRole('heading')).toHaveText('Please check 3 answers');
  await write('Mobile number', '0917 123 4567');
  await write('License number', 'N01-12-345678');
  await tabTo('I agree');
  await press('Space');
  await press('Enter');

  await expect(heading(page, 'Your vehicle and your work')).toBeFocused();
  await tabTo('What will you drive?');
  await press('Space');
  await write('Plate number', '123 ABC');
  await tabTo('Do you drive or deliver');
  await press('Space');
  await tabTo('Grab');
  await press('Space');
  await tabTo('Continue');
  await press('Enter');

  await expect(heading(page, 'Connect your driver account, Ana Reyes')).toBeFocused();
  await tabTo('Connect your work account');
  await press('Enter');
  await expect(page.getByRole('heading', { name: /Share your work data/ })).toBeFocused();
  await press('Escape');
  await expect(page.getByRole('alert')).toBeFocused();
  await tabTo('Continue without connecting');
  await press('Enter');

  await expect(heading(page, 'Tell us what you earn')).toBeFocused();
  await write('What do you earn in a usual week?', '4500');
  await write('How many days a week do you drive?', '6');
  await press('Enter');

  await expect(heading(page, 'Getting started')).toBeFocused();
  await write('When could you start?', '01152099');
  await tabTo('How should we pay you?');
  await press('Space');
  await write('GCash number', '0917 123 4567');
  await write('Emergency contact', 'Jun Reyes');
  await write('Mobile number of your emergency contact', '0918 765 4321');
  await tabTo('Send');
  await press('Enter');
  await expect(heading(page, 'Thank you, Ana Reyes. We have your application')).toBeFocused();
});
