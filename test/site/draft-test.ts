/** A site with the form that has everything in it, and the forms that ship; and a draft from which any screen can be opened. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright/test';
import type { Language } from '../../src/form/wording/wording.ts';
import { enterScreen, goOn, kitchen } from './kitchen.ts';
import { layla } from './layla.ts';
import type { RunningSite } from './running-site.ts';
import { expect, siteWith, test as base } from './site-test.ts';
import { openForm } from './walk.ts';

const shipped = path.resolve(import.meta.dirname, '../../forms');

/** The forms that ship, by their slugs. */
export const slugs = readdirSync(shipped).map((name) => name.replace('.yaml', ''));

/** The screens of the form with everything in it. */
export const screens = kitchen.screens.map(({ id }) => id);

type Draft = Awaited<ReturnType<BrowserContext['storageState']>>;

const WITH_EVERYTHING = siteWith(
  Object.fromEntries(slugs.map((slug) => [slug, readFileSync(path.join(shipped, `${slug}.yaml`), 'utf8')])),
  { RATE_LIMIT: 'off' },
  true,
);

const drafts = new WeakMap<RunningSite, Promise<Draft>>();

export const test = base.extend<{ draft: Draft }>({
  kind: WITH_EVERYTHING,
  /**
   * The browser's storage after a form was filled in up to its last screen. Many tests continue from it, so none may
   * send it.
   */
  draft: [
    async ({ browser, site }, use) => {
      const draft = drafts.get(site) ?? fillInDraft(browser, site);
      drafts.set(site, draft);
      await use(await draft);
    },
    { timeout: 60_000 },
  ],
});

/** Fills in the form with everything up to its last screen. @returns the browser's storage of it */
export async function fillInDraft(browser: Browser, site: RunningSite): Promise<Draft> {
  const page = await browser.newPage({ baseURL: site.origin });
  await openForm(page, '/kitchen-sink');
  for (const id of screens.slice(0, -1)) {
    await expect(page.locator(`#s-${id}`)).toBeVisible();
    await enterScreen(page, id, layla, 'en');
    await goOn(page, 'en');
  }
  await expect(page.locator(`#s-${screens.at(-1)}`)).toBeVisible();
  const draft = await page.context().storageState();
  await page.close();
  return draft;
}

/** Opens each screen of the draft in `page`, one after the other, and does `what` there. */
export async function onEachScreen(
  page: Page,
  language: Language,
  what: (screen: string) => Promise<void>,
  some: readonly string[] = screens,
) {
  for (const screen of some) {
    // Another address, or the browser would go to a place on the page it has.
    await openForm(page, `/kitchen-sink/${language}?at=${screen}#${screen}`);
    await expect(page.locator(`#s-${screen}`)).toBeVisible();
    if (screen === 'papers') await filesReady(page);
    await what(screen);
  }
}

/** Waits until the part for files is on the screen, with the files that were sent before. */
export async function filesReady(page: Page): Promise<void> {
  await expect(page.locator('#s-papers canvas')).toBeVisible();
  await page.waitForLoadState('networkidle');
}

/** Takes back every answer on the screen, and presses its button, so that it shows its errors. */
export async function refuse(page: Page): Promise<void> {
  await page.locator('.screen.now').evaluate((screen) => {
    for (const control of screen.querySelectorAll<HTMLInputElement>('input,select,textarea')) {
      if (/radio|checkbox/.test(control.type)) control.checked = false;
      else control.value = '';
    }
  });
  await page.locator('.screen.now [data-next]').click();
}
