/** Sharing a form in the browser: its link, campaign links, posters, and the pages around them. */
import jsQR from 'jsqr';
import type { Page } from 'playwright/test';
import sharp from 'sharp';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { DARK, expectAccessible } from './accessible.ts';
import { signIn } from './dashboard.ts';
import { expect, plainTest as test } from './site-test.ts';
import { button } from './walk.ts';

const DRIVER = `
title: { en: 'Become a driver of a motorcycle, a tricycle or a van in Metro Manila, Cebu, Davao and Iloilo before Christmas', ar: كن سائقاً }
languages: [en, ar]
brand: { name: Acme Rides, color: '#0b6e4f' }
screens:
  - { id: about, title: { en: About you, ar: عنك }, fields: [{ id: name, type: text, label: { en: Full name, ar: الاسم الكامل } }] }
endings: [{ id: done, title: { en: Thank you, ar: شكراً } }]
`;

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: { driver: DRIVER }, env: { RATE_LIMIT: 'off' } });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

/** The text of the QR code on the page as it would be printed. */
async function decoded(page: Page): Promise<string | undefined> {
  const picture = await page.screenshot({ fullPage: true });
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

test('two links are made, the form is tried on a website, and a poster with a long title is decoded', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page.getByRole('heading', { name: 'Forms' })).toBeVisible();
  await page.goto(`${site.origin}/admin/forms/driver/share`);
  await expect(page.getByText('This link works only on this computer').first()).toBeVisible();

  for (const name of ['Flyer Quiapo', 'Facebook December drive for riders in Metro Manila']) {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await button(page, 'Create link').click();
    await expect(page.getByText(name).first()).toBeVisible();
    await page.goto(`${site.origin}/admin/forms/driver/share`);
  }
  await page.goto(`${site.origin}/admin/forms/driver/share/try`);
  await expectAccessible(page, 'that tries the code', DARK);

  await page.goto(`${site.origin}/admin/forms/driver/links/flyer-quiapo/poster`);
  await page.setViewportSize({ width: 820, height: 1160 });
  await page.emulateMedia({ media: 'print' });
  expect(await decoded(page)).toBe(`${site.origin}/go/flyer-quiapo`);
  const [sheet, address] = await Promise.all([page.locator('main'), page.locator('.address')].map((one) => one.boundingBox())); // prettier-ignore
  expect((address?.y ?? Infinity) + (address?.height ?? 0)).toBeLessThan((sheet?.y ?? 0) + (sheet?.height ?? 0));
});

test('a link that is closed and a link that never was have a page, in the language of the browser and on a phone', async ({
  page,
}) => {
  expect((await page.goto(`${site.origin}/go/never-was`))?.status()).toBe(404);
  await expectAccessible(page, 'of an unknown link', DARK);
});
