/** Looks a page over with axe. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Result } from 'axe-core';
import type { Page } from 'playwright';

/** Minified, since it goes over a pipe to each page. */
const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2, A and AA. */
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

declare global {
  interface Window {
    axe: typeof axe;
  }
}

/** The rules that see colors. All others find the same in a dark scheme, in forced colors and with less motion. */
export const COLORS = ['color-contrast', 'link-in-text-block'];

/** The rules that see colors and sizes. All others find the same at another width. */
export const LOOKS = [...COLORS, 'target-size'];

/**
 * The rules with these names or tags, or any of axe's own choice, that the page breaks as it stands.
 * @param within a selector of the part that is looked at
 */
export async function violationsOn(page: Page, rules?: string[], within = 'html'): Promise<Result[]> {
  // It is more than half a megabyte, so each page gets it once, and not again for each of its screens.
  for (const frame of page.frames()) if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(SOURCE);
  // For passed checks, axe would search for a selector of every element.
  const options: axe.RunOptions = { ...(rules && { runOnly: rules }), resultTypes: ['violations'] };
  const { violations } = await page.evaluate(([part, given]) => window.axe.run(part, given), [within, options] as const); // prettier-ignore
  return violations;
}
