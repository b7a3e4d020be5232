/** A member types in the editor: the form, the browser, and the times from a key to its effects. */
import { chromium, type Browser, type Page } from 'playwright';
import { chromiumPath } from '../helpers/browser.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';

const MEMBER = { email: 'ops@acme.example', password: 'four plain words here' };

export const VIEWPORT = { width: 1440, height: 900 };

/** Opens the editor of a form, and closes everything after `work`. @param program starts the browser */
export async function inEditor(
  text: string,
  work: (page: Page, site: TestSite, browser: Browser) => Promise<void>,
  program?: string,
): Promise<void> {
  const site = await openTestSite({ forms: { long: text }, env: { RATE_LIMIT: 'off' } });
  const browser = await chromium.launch({ executablePath: program ?? (await chromiumPath()) });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    page.setDefaultTimeout(60_000);
    await page.goto(`${site.origin}/admin`);
    await page.getByLabel('Setup code').fill(SETUP_CODE);
    await page.getByLabel(/email/i).fill(MEMBER.email);
    await page.getByLabel(/password/i).fill(MEMBER.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.goto(`${site.origin}/admin/forms/long/settings`);
    await page.getByRole('button', { name: 'Edit here instead' }).click();
    await page.getByRole('button', { name: 'Publish…' }).waitFor();
    await page.frameLocator('iframe[title=Preview]').locator('form[data-ready]').waitFor();
    await work(page, site, browser);
  } finally {
    await browser.close();
    await site.close();
    removeFolder(site.folder);
  }
}

export interface Spread {
  median: number;
  high: number;
  most: number;
}

/** The median, the value that 95 of 100 do not exceed, and the highest. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { median: at(0.5), high: at(0.95), most: at(1) };
}
