/** The actions of a person by keyboard alone. */
import { expect, type Page } from 'playwright/test';
import type { Given, Visit } from './people.ts';
import { heading, words, type Words } from './walk.ts';

/** More presses of Tab than any screen needs. */
const MOST = 80;

export function keyboardOn(page: Page) {
  /** The name of the focused element: its label, and before it that of its group. */
  const focused = () =>
    page.evaluate(() => {
      const element = (document.activeElement?.shadowRoot?.activeElement ?? document.activeElement) as HTMLInputElement;
      const group = element.closest('fieldset')?.querySelector('legend')?.textContent ?? '';
      const own = element === document.body ? '' : (element.labels?.[0] ?? element).textContent;
      return `${group} ${own}`.replace(/\s+/g, ' ').trim();
    });

  const press = (key: string) => page.keyboard.press(key);

  /** Presses Tab until the focused element has this name. */
  async function tabTo(name: string): Promise<void> {
    for (let presses = 0; presses < MOST && !(await focused()).includes(name); presses++) await press('Tab');
    expect(await focused()).toContain(name);
  }

  /** Chooses among radio buttons with the arrows, as the first of them has the focus. */
  async function choose(group: string, name: string): Promise<void> {
    await tabTo(group);
    await press('Space');
    for (let presses = 0; presses < MOST && !(await focused()).includes(name); presses++) await press('ArrowDown');
    expect(await focused()).toContain(name);
  }

  async function write(name: string, text: string): Promise<void> {
    await tabTo(name);
    await press('ControlOrMeta+a');
    await page.keyboard.type(text);
  }

  /** Gives one answer. A date is typed as the browser asks for it, which is an American one here: month, day, year. */
  async function give({ how, label, value }: Given): Promise<void> {
    const [first = '', ...others] = [value].flat();
    switch (how) {
      case 'choose':
        return choose(label, first);
      case 'date': {
        const [year, month, day] = first.split('-');
        await tabTo(label);
        return page.keyboard.type(`${month}${day}${year}`);
      }
      case 'agree':
        await tabTo(label);
        return press('Space');
      case 'tickAll':
        for (const name of [first, ...others]) {
          await tabTo(`${label} ${name}`);
          await press('Space');
        }
        return;
      case 'select':
        await tabTo(label);
        return page.keyboard.type(first);
      case 'type':
      case 'number':
        return write(label, first);
    }
  }

  async function pressButton(name: string): Promise<void> {
    for (let presses = 0; presses < MOST && (await focused()) !== name; presses++) await press('Tab');
    expect(await focused()).toBe(name);
    await press('Enter');
  }

  return {
    focused,
    press,
    tabTo,
    choose,
    write,
    pressButton,
    /** Fills in a screen, and goes on by its button. */
    async fillScreen(visit: Visit, say: Words = words.en, last = false): Promise<void> {
      await expect(heading(page, visit.heading)).toBeVisible();
      for (const answer of visit.answers) await give(answer);
      await pressButton(last ? say.send : say.next);
    },
  };
}

/** Selects everything that Tab may stop at. */
export const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';

/**
 * Expects that Tab reaches each control of a page that was just opened, and that its focus can be seen.
 * @param within a selector of the part with the controls
 */
export async function expectReachable(page: Page, within = 'body'): Promise<void> {
  const left = await page.evaluateHandle(
    ([controls, part]) => {
      const found = [...(document.querySelector(part)?.querySelectorAll<HTMLInputElement>(controls) ?? [])];
      return new Set(found.filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true })));
    },
    [CONTROLS, within] as const,
  );
  const count = await left.evaluate(({ size }) => size);
  const unseen: string[] = [];
  for (let presses = 0; presses < count + 5 && (await left.evaluate(({ size }) => size)); presses++) {
    await page.keyboard.press('Tab');
    unseen.push(
      ...(await left.evaluate((set) => {
        const focused = document.activeElement as HTMLInputElement;
        // The arrows reach the other radio buttons of a group.
        for (const one of set)
          if (one === focused || (one.type === 'radio' && one.name === focused.name)) set.delete(one);
        const { outlineStyle, outlineWidth } = getComputedStyle(focused);
        const { top, bottom } = focused.getBoundingClientRect();
        const isSeen = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && bottom > 0 && top < innerHeight;
        return isSeen || focused === document.body ? [] : [focused.outerHTML.slice(0, 200)];
      })),
    );
  }
  const notReached = await left.evaluate((set) => [...set].map((one) => one.outerHTML.slice(0, 200)));
  expect.soft({ unseen, notReached }, `with Tab on ${page.url()}`).toEqual({ unseen: [], notReached: [] });
}
