/** Requirements of every page, in whatever state it is. */
import { expect, type BrowserContext, type Page } from 'playwright/test';
import { COLORS, LOOKS, violationsOn, WCAG } from '../helpers/axe.ts';
import { someOf } from '../helpers/run/long.ts';

/** How the same page can look, by name. */
export type Looks = Record<string, NonNullable<Parameters<Page['emulateMedia']>[0]>>;

const PLAIN = { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference' } as const;

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

export const DARK: Looks = { 'in the dark': { colorScheme: 'dark' } };

/**
 * Expects no violation of WCAG 2.2, A and AA, and nothing that has to be scrolled to sideways.
 * @param looks further looks of the page. A rule that a look cannot change is not checked again
 */
export async function expectAccessible(page: Page, state = '', looks: Looks = {}): Promise<void> {
  await expectNothingBroken(page, WCAG, state);
  for (const [name, look] of Object.entries(looks)) {
    await page.emulateMedia(look);
    await expectNothingBroken(page, COLORS, `${state} ${name}`);
    await page.emulateMedia(PLAIN);
  }
}

const WAYS: [viewport: typeof PHONE, colorScheme: 'light' | 'dark', rules: string[]][] = [
  [DESKTOP, 'light', WCAG],
  [PHONE, 'light', LOOKS],
  [PHONE, 'dark', LOOKS],
];

/**
 * Expects the same of a page on a desktop, and on a phone in a dark scheme. The long run adds a phone in a light scheme.
 * A rule that a look cannot change is checked in the first of them. The page stays on a desktop.
 * @param within a selector of the part that is checked
 */
export async function expectAccessibleInEveryLook(page: Page, state: string, within?: string): Promise<void> {
  for (const [viewport, colorScheme, rules] of someOf(WAYS, 2)) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const how = `${state}, ${viewport.width} px wide, ${colorScheme}`;
    expect.soft(await faultsOf(page), how).toEqual([]);
    await expectNothingBroken(page, rules, how, within);
  }
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia(PLAIN);
}

async function expectNothingBroken(page: Page, rules: string[], state: string, within?: string): Promise<void> {
  const violations = await violationsOn(page, rules, within);
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

/** Elements that stick out of their card, or touch their neighbor. An element that scrolls may be longer inside. */
export const faultsOf = (page: Page) =>
  page.evaluate(() => {
    const faults: string[] = [];
    for (const card of document.querySelectorAll('.card')) {
      const edge = card.getBoundingClientRect();
      if (!edge.width) continue;
      for (const part of card.querySelectorAll('*')) {
        const { left, right, width, height } = part.getBoundingClientRect();
        const scrolls = part.parentElement?.closest('pre, [tabindex="0"]');
        if (!width || !height || scrolls || !part.checkVisibility() || part.closest('.hide,svg') || getComputedStyle(part).position === 'absolute') continue; // prettier-ignore
        if (left < edge.left - 1 || right > edge.right + 1) faults.push(`${part.tagName}.${part.className}: ${part.textContent?.trim().slice(0, 40)}`); // prettier-ignore
      }
    }
    const pills = [...document.querySelectorAll('.pill')].map((pill) => pill.getBoundingClientRect());
    for (const [at, one] of pills.entries())
      for (const other of pills.slice(at + 1)) {
        const [x, y] = [Math.max(one.left, other.left) - Math.min(one.right, other.right), Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom)]; // prettier-ignore
        if (one.width && other.width && Math.max(x, y) < 2) faults.push('two states touch');
      }
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) faults.push(`the page is ${wide} px wider than the window`);
    return faults;
  });

/** Turns the site's scripts away, as when they do not load; axe needs JavaScript itself. */
export async function withoutScript(page: Page | BrowserContext): Promise<void> {
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.abort();
    const response = await route.fetch({ maxRedirects: 0 });
    const headers = { ...response.headers(), 'content-security-policy': "script-src 'none'" };
    await route.fulfill({ response, headers });
  });
}
