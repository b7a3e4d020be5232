/** The form with every type of field, and the forms that ship, in nine ways of looking at them. */
import type { BrowserContextOptions } from 'playwright/test';
import type { Language } from '../../src/form/wording/wording.ts';
import { expectAccessible, withoutScript } from './accessible.ts';
import { onEachScreen, refuse, slugs, test } from './draft-test.ts';
import { expect } from './site-test.ts';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };

const WAYS: Record<string, BrowserContextOptions & { language?: Language }> = {
  'on a phone': PHONE,
  'on a tablet': { viewport: { width: 820, height: 1180 }, isMobile: true, hasTouch: true },
  'on a desktop': DESKTOP,
  'in the dark': { ...PHONE, colorScheme: 'dark' },
  'in forced colours': { ...DESKTOP, forcedColors: 'active' },
  'with reduced motion': { ...PHONE, reducedMotion: 'reduce' },
  'from right to left': { ...PHONE, language: 'ar' },
};

test.describe.configure({ mode: 'parallel', timeout: 120_000 });

for (const [way, options] of Object.entries(WAYS)) {
  test(`every type of field meets WCAG 2.2 AA ${way}, its errors told, with a script and without`, async ({
    browser,
    site,
    draft,
  }) => {
    const { language = 'en' } = options;
    const context = await browser.newContext({ baseURL: site.origin, ...options, storageState: draft });
    const page = await context.newPage();
    await onEachScreen(page, language, async (screen) => {
      if (options === PHONE) await expectAccessible(page, way);
      if (screen === 'numbers') return; // Nothing there has to be answered.
      await refuse(page);
      await expect(page.getByRole('alert')).toBeFocused();
      await expectAccessible(page, `${way}, with errors`);
    });
    await withoutScript(page);
    for (const slug of language === 'en' ? ['kitchen-sink', ...slugs] : [`kitchen-sink/${language}`]) {
      await page.goto(`/${slug}`);
      await expectAccessible(page, `${way}, without a script`);
    }
    await page.goto(`/kitchen-sink/${language}`);
    await page.locator('button.plain').click();
    await expect(page.getByRole('alert')).toBeFocused();
    await expectAccessible(page, `${way}, refused by the server`);
    await context.close();
  });
}
