/** The focus after a dialog of the editor, or a part to fill in there, closes. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright/test';
import { saveDraft } from '../../../src/record/forms/drafts.ts';
import { setManagedIn } from '../../../src/record/forms/form-states.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { signIn } from '../dashboard.ts';
import { expect, plainTest as test } from '../site-test.ts';

const DRIVER = readFileSync('forms/gig-driver.yaml', 'utf8');

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: {}, env: { RATE_LIMIT: 'off' } });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

const row = (page: Page, name: string | RegExp) =>
  page.getByRole('region', { name: 'Outline' }).getByRole('button', { name }).first();

/** Opens a part by keyboard. The name of its panel has the focus after the next frame. */
async function openRow(page: Page, name: string | RegExp): Promise<void> {
  await row(page, name).press('Enter');
  await expect(page.getByRole('region', { name: 'Edit' }).getByRole('heading').first()).toBeFocused();
}

/** Waits until the editor has heard that the dialog is closed. The browser hides it before. */
const isGone = (page: Page) => expect(page.locator('dialog')).toHaveCount(0);

async function leave(page: Page): Promise<void> {
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await isGone(page);
}

/** Presses `opener` and the first button of its dialog. A mouse presses that, or else a key. */
async function confirm(page: Page, opener: Locator, by: 'mouse' | 'key' = 'key'): Promise<void> {
  await opener.press('Enter');
  const action = page.getByRole('dialog').getByRole('button').first();
  await (by === 'mouse' ? action.click() : action.press('Enter'));
  await isGone(page);
}

for (const [width, name] of [
  [1280, 'desktop'],
  [360, 'phone'],
] as const)
  // prettier-ignore
  test(`on a ${name}, the focus goes back to what opened a dialog, or to what is next`, async ({ browser }) => {
    const viewport = { width, height: 900 };
    const page = await browser.newPage({ baseURL: site.origin, isMobile: false, hasTouch: false, viewport });
    await signIn(page, site.origin, SETUP_CODE);
    await setManagedIn(site.db, name, 'dashboard', new Date());
    await saveDraft(site.db, { form: name, text: DRIVER, title: name }, 0, new Date());
    await page.goto(`/admin/forms/${name}/edit`);
    const panel = page.getByRole('region', { name: 'Edit' });
    const remove = panel.locator('.part-actions').getByRole('button', { name: 'Delete' }).first();

    // The places to add a part.
    for (const opener of ['Question', 'Paste']) {
      await page.getByRole('button', { name: opener, exact: true }).press('Enter');
      await page.getByRole('button', { name: 'Cancel' }).press('Enter');
      await expect(page.getByRole('button', { name: opener, exact: true })).toBeFocused();
    }
    const inline = page.getByRole('button', { name: /^Add a question at the end/ }).first();
    for (const key of ['Escape', 'Enter']) {
      await inline.press('Enter');
      await expect(page.getByLabel('New question')).toBeFocused();
      await (key === 'Escape' ? page.keyboard.press(key) : page.getByRole('button', { name: 'Cancel' }).press(key));
      await expect(inline).toBeFocused();
    }

    // A question: its kind, its options, and deleting it.
    await openRow(page, /Which driver/);
    const kind = panel.getByLabel('Kind of answer');
    await kind.focus();
    await kind.selectOption('Date');
    await leave(page);
    await expect(kind).toBeFocused();
    await confirm(page, panel.getByRole('button', { name: 'Remove option 2' }), 'mouse');
    await expect(panel.getByRole('button', { name: 'Remove option 2' })).toBeFocused();
    await kind.focus();
    await kind.selectOption('Date');
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).press('Enter');
    await expect(kind).toBeFocused();
    await remove.press('Enter');
    await leave(page);
    await expect(remove).toBeFocused();
    for (const by of ['key', 'mouse'] as const) {
      await confirm(page, remove, by);
      await expect(row(page, /Where do you want/)).toBeFocused();
      if (by === 'key') await page.getByRole('button', { name: 'Undo', exact: true }).press('Enter');
      if (by === 'key') await openRow(page, /Which driver/);
    }

    // A language.
    await openRow(page, 'Languages');
    await panel.getByLabel('Add a language').selectOption('es');
    await confirm(page, panel.getByRole('button', { name: 'Remove Español' }), 'mouse');
    await expect(panel.getByLabel('Add a language')).toBeFocused();

    // A screen on the map.
    await page.goto(`/admin/forms/${name}/edit#map`);
    await page.getByRole('button', { name: /About you/ }).press('Enter');
    await confirm(page, remove);
    await expect(page.getByRole('button', { name: /Your vehicle/ })).toBeFocused();
    await page.context().close();
  });
