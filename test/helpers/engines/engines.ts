/** The browsers besides Chromium that tests drive, where they are installed. */
import { fileURLToPath } from 'node:url';
import { firefox, type LaunchOptions, type Page } from 'playwright/test';
import { findFirefox, findWebKit } from './installed.ts';
import { openWebKit } from './webkit.ts';

export interface Named {
  name?: string | RegExp;
  exact?: boolean;
}

export interface Target {
  click(): Promise<void>;
  check(): Promise<void>;
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  setInputFiles(file: string): Promise<void>;
  selectOption(option: { label: string }): Promise<unknown>;
  innerText(): Promise<string>;
  inputValue(): Promise<string>;
  waitFor(options?: { state?: 'visible' | 'hidden' }): Promise<void>;
}

type Role = 'alert' | 'button' | 'checkbox' | 'combobox' | 'dialog' | 'heading' | 'link' | 'menuitem' | 'option' | 'radio' | 'tab' | 'textbox'; // prettier-ignore

export interface Place {
  getByRole(role: Role, options?: Named): Target;
  getByLabel(name: string | RegExp, options?: Pick<Named, 'exact'>): Target;
  getByText(text: string | RegExp, options?: Pick<Named, 'exact'>): Target;
  locator(css: string): Target;
  frameLocator(css: string): Place;
}

export interface Keyboard {
  /** A key, or some at once: `Control+z`. */
  press(key: string): Promise<void>;
  type(text: string): Promise<void>;
}

/** The part of Playwright's page that a journey in any engine uses. */
export interface EnginePage extends Place {
  keyboard: Keyboard;
  goto(address: string): Promise<unknown>;
  reload(): Promise<unknown>;
  /** Calls a function in the page, with one value for one value. */
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  screenshot(options: { path: string }): Promise<unknown>;
  close(): Promise<void>;
}

export interface Engine {
  page: EnginePage;
  /** Opens a further window of the same person. */
  newPage(): Promise<EnginePage>;
  /** The window that a page opens while `act` runs. */
  opened(act: () => Promise<void>): Promise<EnginePage>;
  close(): Promise<void>;
}

/** How Playwright launches a stock Firefox. */
export const FIREFOX: LaunchOptions = {
  channel: 'moz-firefox',
  executablePath: fileURLToPath(new URL('firefox-for-playwright.ts', import.meta.url)),
  firefoxUserPrefs: {
    // A click gets into a frame of another origin.
    'remote.events.async.mouse.enabled': true,
    'remote.events.async.wheel.enabled': true,
    // A click right after scrolling does not land where the page was before.
    'layers.async-pan-zoom.enabled': false,
  },
};

const webKit = findWebKit();

/** Each engine's name, its way to open a page in it, if it is installed, and how to install it. */
export const engines: { name: string; open: (() => Promise<Engine>) | undefined; install: string }[] = [
  { name: 'Firefox', open: findFirefox() ? openFirefox : undefined, install: 'apt-get install firefox-esr' },
  { name: 'WebKit', open: webKit ? () => openWebKit(webKit) : undefined, install: 'apt-get install webkit2gtk-driver xvfb' },
]; // prettier-ignore

async function openFirefox(): Promise<Engine> {
  const browser = await firefox.launch(FIREFOX);
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
  context.on('page', openAddressesInTurn);
  return {
    page: await context.newPage(),
    newPage: () => context.newPage(),
    async opened(act) {
      const [page] = await Promise.all([context.waitForEvent('page'), act()]);
      return page;
    },
    close: () => browser.close(),
  };
}

/**
 * Makes a page of Firefox load before it opens another address. Firefox takes the end of the load for the end of the next
 * one, which then gets another id, and Playwright reports that it was interrupted by itself.
 */
function openAddressesInTurn(page: Page): void {
  const goto = page.goto.bind(page);
  page.goto = async (address, options) => {
    await page.waitForLoadState();
    return goto(address, options);
  };
}
