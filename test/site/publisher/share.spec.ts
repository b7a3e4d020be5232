/** Sharing a form in the browser: its link, campaign links, posters, and the pages around them. */
import jsQR from 'jsqr';
import type { Page } from 'playwright/test';
import sharp from 'sharp';
import { wordings } from '../../../src/form/wording/wording.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { DARK, expectAccessible } from '../accessible.ts';
import { signIn } from '../dashboard.ts';
import { expect, plainTest as test } from '../site-test.ts';
import { button } from '../walk.ts';

const DRIVER = `
title: { en: 'Become a driver of a motorcycle, a tricycle or a van in Metro Manila, Cebu, Davao and Iloilo before Christmas', ar: كن سائقاً }
languages: [en, ar]
brand: { name: Acme Rides, color: '#0b6e4f' }
links: [{ id: sms }, { id: flyer }, { id: radio }, { id: ended, closes: 2020-01-01 }]
screens:
  - { id: about, title: { en: About you, ar: عنك }, fields: [{ id: name, type: text, label: { en: Full name, ar: الاسم الكامل } }] }
  - { id: area, title: { en: Your area, ar: منطقتك }, fields: [{ id: city, type: text, label: { en: City, ar: المدينة } }] }
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

/** The paper that the browser would print, in mm. */
async function sheetsOf(page: Page): Promise<{ width: number; height: number }[]> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const mm = (points = '') => Math.round((Number(points) / 72) * 25.4);
  return [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => ({ width: mm(width), height: mm(height) })); // prettier-ignore
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

  const poster = `${site.origin}/admin/forms/driver/links/flyer-quiapo/poster`;
  await page.setViewportSize({ width: 820, height: 1160 });
  for (const [size, width, height] of [['A6', 105, 148], ['A5', 148, 210], ['A4', 210, 297]] as const) {
    await page.emulateMedia({ media: 'screen' });
    await page.goto(poster);
    await page.getByRole('link', { name: size }).click();
    await expect(page.getByRole('link', { name: size })).toHaveAttribute('aria-current', 'page');
    await page.emulateMedia({ media: 'print' });
    expect(await sheetsOf(page)).toEqual([{ width, height }]);
    expect([size, await decoded(page)]).toEqual([size, `${site.origin}/go/flyer-quiapo`]);
    const [sheet, address] = await Promise.all([page.locator('main'), page.locator('.address')].map((one) => one.boundingBox())); // prettier-ignore
    expect((address?.y ?? Infinity) + (address?.height ?? 0)).toBeLessThan((sheet?.y ?? 0) + (sheet?.height ?? 0));
  } // prettier-ignore
});

test('a link is made once, although its button is clicked twice', async ({ page }) => {
  await signIn(page, site.origin, SETUP_CODE);
  await page.goto(`${site.origin}/admin/forms/driver/share`);
  await page.getByLabel('Name', { exact: true }).fill('Double');
  const posted: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posted.push(request.url()));
  await button(page, 'Create link').evaluate((create: HTMLElement) => {
    create.click();
    setTimeout(() => create.click(), 20);
  });
  await expect(page.getByText('The link is ready.')).toBeVisible();
  expect(page.url()).toMatch(/\/links\/double\?/);
  expect(posted).toHaveLength(1);
});

test('a link that is closed and a link that never was have a page, in the language of the browser and on a phone', async ({
  browser,
}) => {
  const context = await browser.newContext({ locale: 'ar-EG', viewport: { width: 360, height: 640 } });
  const page = await context.newPage();
  const { linkClosed, notFound } = wordings.ar.server;
  for (const [path, status, title] of [['never-was', 404, notFound], ['ended', 410, linkClosed]] as const) {
    expect((await page.goto(`${site.origin}/go/${path}`))?.status()).toBe(status);
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expectAccessible(page, `of the link ${path}`, DARK);
  } // prettier-ignore
  await context.close();
});

test('a person who comes back by another link keeps the first one, and the other one is an event @long', async ({
  page,
}) => {
  await page.goto(`${site.origin}/go/sms`);
  await page.getByLabel('Full name').fill('Ana');
  await button(page, 'Continue').click();
  await expect(page.getByLabel('City')).toBeVisible();
  const rows = () => site.db.query.selectFrom('submissions').select(['id', 'link']).where('link', 'is not', null).execute(); // prettier-ignore
  await expect.poll(rows).toHaveLength(1);
  const followed = async () => {
    const events = await site.db.query.selectFrom('events').select('data').where('name', '=', 'linkFollowed').orderBy('seq').execute(); // prettier-ignore
    return events.map(({ data }) => (JSON.parse(data) as { link: string }).link);
  };
  // Events come in order, so a second one of the same link would be before that of the last link.
  for (const link of ['flyer', 'flyer', 'sms', 'radio']) {
    await page.goto(`${site.origin}/go/${link}`);
    await expect(page.getByLabel('City')).toBeVisible();
  }
  await expect.poll(followed).toContain('radio');
  expect(await followed()).toEqual(['flyer', 'radio']);
  expect(await rows()).toEqual([{ id: expect.any(String), link: 'sms' }]);
});

test('a page that is loaded before anyone sees it is counted once, when it becomes visible', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'webdriver', { get: () => false });
    Object.defineProperty(document, 'hidden', { get: () => !Object.hasOwn(window, 'seen') });
  });
  const sent: string[] = [];
  page.on('request', (request) => sent.push(new URL(request.url()).pathname));
  const openings = () => sent.filter((path) => path.endsWith('/opened')).length;
  await page.goto(`${site.origin}/driver`);
  await expect(page.locator('form[data-ready]')).toBeVisible();
  // The browser sends in order.
  const pause = async (path: string) => {
    await page.evaluate((address) => fetch(address), path);
    await expect.poll(() => sent).toContain(path);
  };
  await pause('/healthz');
  expect(openings()).toBe(0);
  await page.evaluate(() => {
    Object.assign(window, { seen: true });
    for (let n = 0; n < 2; n++) document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  await pause('/api/forms/driver/challenge');
  expect(openings()).toBe(1);
});
