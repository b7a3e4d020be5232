/** The form with every type of field, and the forms that ship, in all ways of looking at them. */
import type { BrowserContextOptions } from 'playwright/test';
import type { Language } from '../../../src/form/wording/wording.ts';
import { LONG, someOf } from '../../helpers/run/long.ts';
import { DARK, expectAccessible, withoutScript, type Looks } from '../accessible.ts';
import { onEachScreen, refuse, slugs, test } from '../draft-test.ts';
import { expect } from '../site-test.ts';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };

/** The ways in which a page is laid out, each with the looks that it can have there. */
const WAYS: Record<string, BrowserContextOptions & { language?: Language; looks?: Looks; tag?: '@long' }> = {
  'on a phone': { ...PHONE, looks: DARK },
  'on a tablet': { viewport: { width: 820, height: 1180 }, isMobile: true, hasTouch: true, tag: '@long' },
  'on a desktop': { ...DESKTOP, looks: { 'in forced colors': { forcedColors: 'active' } }, tag: '@long' },
  'from right to left': { ...PHONE, language: 'ar', tag: '@long' },
};

test.describe.configure({ timeout: 120_000 });

for (const [way, { language = 'en', looks = {}, tag, ...options }] of Object.entries(WAYS)) {
  const seen = [way, ...Object.keys(looks)].join(', ');
  test(
    `every type of field meets WCAG 2.2 AA ${seen}, with its errors, with a script and without`,
    { tag: tag ?? [] },
    async ({ browser, site, draft }) => {
      const context = await browser.newContext({ baseURL: site.origin, ...options, storageState: draft });
      const page = await context.newPage();
      await onEachScreen(page, language, async (screen) => {
        // With its errors a screen has the same controls, and more.
        if (screen === 'numbers' || (LONG && way === 'on a phone')) await expectAccessible(page, way);
        if (screen === 'numbers') return; // Nothing there has to be answered.
        await refuse(page);
        await expect(page.getByRole('alert')).toBeFocused();
        await expectAccessible(page, `${way}, with errors`, looks);
      });
      await withoutScript(page);
      for (const slug of language === 'en' ? someOf(['kitchen-sink', ...slugs], 1) : [`kitchen-sink/${language}`]) {
        await page.goto(`/${slug}`);
        await expectAccessible(page, `${way}, without a script`, looks);
      }
      await page.goto(`/kitchen-sink/${language}`);
      await page.locator('button.plain').click();
      await expect(page.getByRole('alert')).toBeFocused();
      await expectAccessible(page, `${way}, refused by the server`, looks);
      await context.close();
    },
  );
}
