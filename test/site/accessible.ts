/** What every page has to meet, in whatever state it is. */
import { expect, type BrowserContext, type Page } from 'playwright/test';
import { violationsOn, WCAG } from '../helpers/axe.ts';

/** Expects no violation of WCAG 2.2, A and AA, and nothing that has to be scrolled to sideways. */
export async function expectAccessible(page: Page, state = ''): Promise<void> {
  const violations = await violationsOn(page, WCAG);
  const told = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  expect.soft(told, `on ${page.url()} ${state}`).toEqual([]);
  await expectNarrow(page, state);
}

/** Expects nothing that has to be scrolled to sideways. */
export async function expectNarrow(page: Page, state = ''): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(overflow, `wider than the window on ${page.url()} ${state}`).toBeLessThanOrEqual(0);
}

/** Turns the site's scripts away, as when they do not load; axe needs JavaScript itself. */
export async function withoutScript(page: Page | BrowserContext): Promise<void> {
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.abort();
    const response = await route.fetch({ maxRedirects: 0 });
    const headers = { ...response.headers(), 'content-security-policy': "script-src 'none'" };
    await route.fulfill({ response, headers });
  });
}
