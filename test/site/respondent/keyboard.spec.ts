/** Forms that a person fills in by keyboard alone. */
import type { Page } from 'playwright/test';
import { expectAccessible } from '../accessible.ts';
import { fillInDraft, filesReady, test } from '../draft-test.ts';
import { keyboardOn } from '../keyboard.ts';
import { borrower, driver, tenant, type Person } from '../people.ts';
import { expect } from '../site-test.ts';
import { heading, openForm, words, type Words } from '../walk.ts';
import { png } from '../../helpers/samples/files.ts';

const forms: [Person, Words, ending: RegExp, tag: '@long'[]][] = [
  [driver, words.en, /^Thank you, Ana Reyes/, []],
  [borrower, words.es, /^Gracias, Ana Hernández García/, ['@long']],
  [tenant, words.en, /^Thank you, Ben Cruz/, ['@long']],
];

/** The first field of the screen that is shown. */
const firstField = (page: Page) => page.locator('.screen.now [data-field]').first().getAttribute('data-field');

for (const [{ slug, before, connect, without }, say, ending, tag] of forms) {
  test(
    `${slug} can be filled in and sent by keyboard alone, its errors and Back included`,
    { tag },
    async ({ page }) => {
      const { press, pressButton, fillScreen } = keyboardOn(page);
      const summary = page.getByRole('alert');
      const [first, second, ...others] = before;
      if (!first || !second) throw new Error('A form to walk has two screens or more.');

      await openForm(page, `/${slug}`);
      await pressButton(say.next);
      await expect(summary).toBeFocused();
      await press('Tab');
      await press('Enter');
      await expect(page.locator(`[name=${await firstField(page)}]`).first()).toBeFocused();
      await fillScreen(first, say);

      await expect(heading(page, second.heading)).toBeFocused();
      await pressButton(say.back);
      await expect(heading(page, first.heading)).toBeFocused();
      await pressButton(say.next);
      for (const visit of [second, ...others]) await fillScreen(visit, say);

      await expect(heading(page, connect)).toBeFocused();
      await pressButton(say.connect);
      await expect(page.getByRole('heading', { name: /Share your work data/ })).toBeFocused();
      await press('Escape');
      await expect(summary).toBeFocused();
      await pressButton(say.without);
      for (const visit of without.slice(0, -1)) await fillScreen(visit, say);
      for (const visit of without.slice(-1)) await fillScreen(visit, say, true);
      await expect(page.getByRole('heading', { level: 1, name: ending })).toBeFocused();
    },
  );
}

test('stars, numbers, “none of these”, files and a signature can be given by keyboard alone @long', async ({ browser, site }) => {
  const context = await browser.newContext({ baseURL: site.origin, storageState: await fillInDraft(browser, site) });
  const page = await context.newPage();
  // From the start: a chooser that opens within milliseconds of the request would not be seen.
  page.on('filechooser', (chooser) => chooser.setFiles({ name: 'front.png', mimeType: 'image/png', buffer: png() }));
  const { press, tabTo, choose, write, pressButton } = keyboardOn(page);

  await openForm(page, '/kitchen-sink#work');
  await tabTo('Which apps do you ride for? None of these');
  await press('Space');
  const apps = page.getByRole('group', { name: 'Which apps do you ride for?' });
  await expect(apps.getByRole('checkbox', { checked: true })).toHaveCount(1);
  await expect(apps.getByRole('checkbox', { name: 'None of these' })).toBeChecked();
  // A changed screen is left with its button only.
  await pressButton(words.en.next);

  await openForm(page, '/kitchen-sink?#opinion');
  await choose('How do you like our app?', '5 stars');
  await expect(page.getByRole('radio', { name: '5 stars' })).toBeChecked();
  await choose('How likely are you to recommend us?', '10');
  const likely = page.getByRole('radiogroup', { name: 'How likely are you to recommend us?' });
  await expect(likely.getByRole('radio', { name: '10' })).toBeChecked();
  await pressButton(words.en.next);

  await expect(heading(page, 'Papers and signature')).toBeFocused();
  await filesReady(page);
  const licence = page.locator('[data-field=licence]');
  await tabTo("Driver's licence");
  await press('Enter');
  await expect(licence.locator('[data-stored]')).toHaveCount(1);
  await pressButton('Type your name instead');
  await write('Your full name', 'Layla Haddad');
  await pressButton('Use this signature');
  const signed = page.locator('[data-field=signed] [data-stored]');
  await expect(signed).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Remove Signed.png' })).toBeFocused();
  await press('Enter');
  await expect(signed).toHaveCount(0);
  await expect(page.getByLabel('Your full name')).toBeFocused();

  await write('Your full name', 'Layla Haddad');
  await pressButton('Use this signature');
  await expect(signed).toHaveCount(1);
  await tabTo('I agree');
  await press('Space');
  await pressButton(words.en.next);
  await expect(heading(page, 'Check your answers')).toBeFocused();
  await expectAccessible(page);
  await pressButton(words.en.send);
  await expect(page.getByText(words.en.reference, { exact: true })).toBeVisible();
  await expectAccessible(page);
  await context.close();
}); // prettier-ignore
