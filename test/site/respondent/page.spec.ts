/** Things that people notice and no checker does: sizes, places, movement, the focus, stored answers. */
import type { Page } from 'playwright/test';
import { expectNarrow } from '../accessible.ts';
import { onEachScreen, refuse, screens, slugs, test } from '../draft-test.ts';
import { expect } from '../site-test.ts';
import { button, heading, inHistory, openForm, words } from '../walk.ts';

test.use({ storageState: ({ draft }, use) => use(draft) });
test.describe.configure({ timeout: 120_000 });

/** Controls that are smaller than a finger (44 CSS pixels, WCAG 2.5.5), with their sizes. */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a,button,input,select,textarea')].flatMap((control) => {
      // A box in a card is pressed by its card, a file's input by its label.
      const pressed = control.closest<HTMLElement>('label:is(.card,.add)') ?? control;
      const { width, height } = pressed.getBoundingClientRect();
      if (!pressed.checkVisibility() || control.closest('[aria-hidden]') || (width >= 44 && height >= 44)) return [];
      return [`${control.tagName} ${control.id || control.textContent?.trim()}: ${width} × ${height}`];
    }),
  );

test('every control is as large as a finger, on a phone and on the smallest one @long', async ({ page }) => {
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 640 });
    await onEachScreen(page, 'en', async (screen) => {
      if (screen !== 'numbers') await refuse(page);
      expect.soft(await tooSmall(page), `${screen} at ${width}`).toEqual([]);
      await expectNarrow(page, screen);
    });
    for (const slug of slugs) {
      await openForm(page, `/${slug}`);
      expect.soft(await tooSmall(page), `${slug} at ${width}`).toEqual([]);
      await expectNarrow(page, slug);
    }
  }
});

test('nothing is cut off or scrolled to sideways when text is twice as large @long', async ({ page }) => {
  for (const language of ['en', 'ar'] as const) {
    await onEachScreen(page, language, async (screen) => {
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      if (screen !== 'numbers') await refuse(page);
      await expectNarrow(page, screen);
    });
  }
});

test('the focused control is in sight, and Tab goes through each screen and out of it @long', async ({ page }) => {
  await onEachScreen(page, 'en', async (screen) => {
    const controls = await page.locator('.screen.now :is(input,select,textarea,button)').count();
    const seen = new Set<string>();
    for (let presses = 0; presses < 4 * controls + 20; presses++) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        if (element === document.body) return undefined;
        const around = element.closest('label:is(.card,.add)') ?? element;
        const { top, bottom, left, right } = around.getBoundingClientRect();
        const inSight = top >= -1 && left >= -1 && right <= innerWidth + 1 && (bottom <= innerHeight + 1 || top < innerHeight / 2); // prettier-ignore
        return { name: element.id || element.textContent?.trim() || element.getAttribute('name') || '', inSight };
      });
      if (!focus) break;
      expect.soft(focus, screen).toEqual({ ...focus, inSight: true });
      seen.add(focus.name);
    }
    expect(await page.evaluate(() => document.activeElement === document.body), `a way out of ${screen}`).toBe(true);
    expect(seen.size, screen).toBeGreaterThan(1);
  });
});

test('nothing moves by itself when errors and further questions come @long', async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = ((window as unknown as { shifts: number[] }).shifts = []);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
        if (!entry.hadRecentInput) shifts.push(entry.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  // Its answers change, and no one can continue to another screen until these are saved.
  const last = 'work';
  const inOrder = [...screens.filter((screen) => screen !== last), last];
  await onEachScreen(
    page,
    'en',
    async (screen) => {
      if (screen !== 'numbers') await refuse(page);
      if (screen === last) {
        await page.getByRole('radio', { name: /^Employed/ }).check();
        await page.getByRole('checkbox', { name: 'Other' }).uncheck();
      }
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect.soft(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts), screen).toEqual([]);
    },
    inOrder,
  );
});

test('every control has a name, and the hint and the error of its field describe it', async ({ page }) => {
  await onEachScreen(page, 'en', async (screen) => {
    if (screen !== 'numbers') await refuse(page);
    const faults = await page.locator('.screen.now').evaluate((section) => {
      const told: string[] = [];
      for (const field of section.querySelectorAll<HTMLElement>('[data-field]')) {
        const id = field.dataset['field'] ?? '';
        const described = [...field.querySelectorAll('[aria-describedby]')]
          .flatMap((one) => (one.getAttribute('aria-describedby') ?? '').split(' '))
          .filter(Boolean);
        for (const one of described) if (!document.getElementById(one)) told.push(`${id}: there is no ${one}`);
        for (const one of field.querySelectorAll('.error,.help[id]')) {
          if (!described.includes(one.id)) told.push(`${id}: nothing is described by ${one.id}`);
        }
        const group = field.querySelector('fieldset');
        const wrong = field.querySelectorAll('[aria-invalid=true]').length;
        const parts = field.querySelectorAll('.part').length;
        const most = !group ? 1 : parts ? field.querySelectorAll('.part :required').length : 0;
        if (field.querySelector('.error') && wrong !== most) told.push(`${id}: ${wrong} are wrong`);
        for (const control of field.querySelectorAll<HTMLInputElement>('input:not([type=hidden]),select,textarea')) {
          if (!control.labels?.[0]?.textContent?.trim()) told.push(`${id}: a control has no name`);
        }
      }
      return told;
    });
    expect.soft(faults, screen).toEqual([]);
  });
});

test('in an answer with parts, each wrong part has an error, and the first one gets the focus', async ({ page }) => {
  await openForm(page, '/kitchen-sink#place');
  const street = page.getByRole('group', { name: 'Home address' }).getByRole('textbox', { name: 'Street and number' });
  const line1 = await street.inputValue();
  await street.fill('');
  await page.getByRole('group', { name: 'Home address' }).getByRole('textbox', { name: 'City' }).fill(' ');
  await button(page, words.en.next).click();
  await expect(page.getByRole('alert').getByRole('link')).toHaveText('Enter your street and number. Enter your city');
  await expect(page.locator('.screen.now [aria-invalid=true]')).toHaveCount(2);
  await page.getByRole('alert').getByRole('link').click();
  await expect(street).toBeFocused();
  await street.fill(line1);
  await button(page, words.en.next).click();
  const summary = page.getByRole('alert');
  await expect(summary).toBeFocused();
  await expect(page).toHaveTitle(/^Error: /);
  await summary.getByRole('link').click();
  const city = page.getByRole('group', { name: 'Home address' }).getByRole('textbox', { name: 'City' });
  await expect(city).toBeFocused();
  await expect(city).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('.screen.now [aria-invalid=true]')).toHaveCount(1);
  await city.fill('Cebu');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Your view of the work')).toBeFocused();
  await expect(page).not.toHaveTitle(/^Error: /);
});

test('an error leaves the summary with its field @long', async ({ page }) => {
  await openForm(page, '/kitchen-sink#work');
  await page.getByRole('radio', { name: 'Something else' }).check();
  await page.locator('[data-field="status_other"]').getByRole('textbox').fill('');
  await page.locator('[data-field="city"] select').selectOption('');
  await button(page, words.en.next).click();
  const summary = page.getByRole('alert');
  await expect(summary.getByRole('link')).toHaveCount(2);
  await page.getByRole('radio', { name: /^Employed/ }).check();
  await expect(summary.getByRole('heading')).toHaveText('Please check 1 answer');
  await expect(summary.getByRole('link')).toHaveCount(1);
  await expect(summary.getByRole('link')).toHaveText(/Where do you want to ride/);
  await expect(page).toHaveTitle(/^Error: /);
  await page.locator('[data-field="city"] select').selectOption('cebu');
  await page.getByRole('radio', { name: 'Something else' }).check();
  await expect(page.locator('[data-field="status_other"] .error')).toHaveCount(0);
  await button(page, words.en.next).click();
  await expect(summary.getByRole('link')).toHaveCount(1);
  await page.getByRole('radio', { name: /^Employed/ }).check();
  await expect(summary).toBeHidden();
  await expect(page).not.toHaveTitle(/^Error: /);
});

test('Back and Forward show the screens again, with their answers @long', async ({ page }) => {
  await openForm(page, '/kitchen-sink#about');
  const name = page.getByRole('textbox', { name: 'Full name' });
  await name.fill('Layla H.');
  await button(page, words.en.next).click();
  await expect(page.locator(`#s-${screens[1]}`)).toBeVisible();
  const tin = page.getByRole('textbox', { name: 'TIN' });
  await tin.fill('123-456-788-001');
  await inHistory(page);
  await page.goBack();
  await expect(heading(page, 'About you')).toBeFocused();
  await expect(name).toHaveValue('Layla H.');
  await page.goForward();
  await expect(tin).toHaveValue('123-456-788-001');
});

/** Leaves the screen `from` and goes back before anything else happens: a slow phone may report two presses at once. */
const leaveAndReturn = (page: Page, from: string | undefined, by: 'button' | 'browser') =>
  page.evaluate(
    async ([left, how]) => {
      const press = (what: string) => document.querySelector<HTMLElement>(`.screen.now ${what}`)?.click();
      // The page gets the change at once, before any timer of the page.
      const gone = new Promise<void>((done) =>
        new MutationObserver(() => document.querySelector(`#s-${left}.now`) ?? done()).observe(document.body, {
          subtree: true,
          attributeFilter: ['class'],
        }),
      );
      press('[data-next]');
      await gone;
      if (how === 'browser') history.back();
      else press('[data-back]');
    },
    [from, by],
  );

test('Back leads to the screen before, at any speed @long', async ({ page }) => {
  await openForm(page, '/kitchen-sink#about');
  await page.getByRole('textbox', { name: 'Full name' }).fill('Layla H.');
  await leaveAndReturn(page, 'about', 'button');
  await expect(heading(page, 'About you')).toBeFocused();
  await expect(page).toHaveURL(/#about$/);
  await page.goForward();
  await expect(page.locator(`#s-${screens[1]}`)).toBeVisible();
});

test('the browser’s own Back, at any speed, keeps the address equal to the screen', async ({ page }) => {
  await openForm(page, '/kitchen-sink#about');
  await page.getByRole('textbox', { name: 'Full name' }).fill('Layla H.');
  await button(page, words.en.next).click();
  await expect(page.locator(`#s-${screens[1]}`)).toBeVisible();
  await inHistory(page);
  await leaveAndReturn(page, screens[1], 'browser');
  await expect(heading(page, 'About you')).toBeFocused();
  // By then it would have a report of the screen that was left again.
  await page.evaluate(() => new Promise((later) => setTimeout(later, 100)));
  await expect(page).toHaveURL(/#about$/);
});

test('a number in a sentence from right to left keeps the order of its groups', async ({ page }) => {
  await openForm(page, '/kitchen-sink/ar#about');
  await page.locator('#f-full_name').fill('12-34');
  await page.locator('.now [data-next]').click();
  const number = page.locator('#s-numbers [data-pipe]');
  await expect(number).toHaveText('12-34');
  const [first = 0, last = 0] = await number.evaluate(({ firstChild }) =>
    [0, 3].map((at) => {
      const group = document.createRange();
      group.setStart(firstChild as Node, at);
      group.setEnd(firstChild as Node, at + 2);
      return group.getBoundingClientRect().left;
    }),
  );
  expect(first).toBeLessThan(last);
});

test('nothing on the page moves for a person who prefers less motion, and progress is in words', async ({ browser, site }) => {
  const moving = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('.page *')].filter((one) => {
        const { animationName, transitionDuration } = getComputedStyle(one);
        return animationName !== 'none' || transitionDuration !== '0s';
      }).length,
    );
  for (const [reducedMotion, animated] of [['reduce', 0], ['no-preference', 1]] as const) {
    const context = await browser.newContext({ baseURL: site.origin, reducedMotion });
    const page = await context.newPage();
    await openForm(page, '/tenant-check');
    // Only who waits for the sign-in window sees something move.
    await page.evaluate(() => {
      const spin = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      spin.classList.add('spin');
      document.querySelector('.screen.now')?.append(spin);
    });
    expect(await moving(page)).toBe(animated);
    await context.close();
  }
}); // prettier-ignore
