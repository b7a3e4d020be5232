/** The parts that each test of the widget needs. */
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { violationsOn, WCAG } from '../helpers/axe.ts';
import { launchBrowser } from './browser.ts';
import { openWidget, startHostPage } from './host-page.ts';
import { type RunningSmile, startSmile } from './smile.ts';

/** A Local Smile, a page of another origin and a phone for the tests of one file; each test begins with nothing. */
export function widgetTest() {
  let smile: RunningSmile;
  let host: Awaited<ReturnType<typeof startHostPage>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    smile = await startSmile();
    host = await startHostPage(smile.origin);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    host.stop();
    await smile.stop();
  });
  beforeEach(async () => {
    await smile.call('POST', '/__local/reset');
    context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    complaints = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });

  return {
    get smile() {
      return smile;
    },
    get host() {
      return host;
    },
    get page() {
      return page;
    },
    button,
    heading: (name: string) => page.getByRole('heading', { name }),
    /** Opens the widget for a new user, from the page's button. */
    async open(options: Record<string, unknown> = {}) {
      const user = await smile.newUser();
      await host.open(page, { userToken: user.accessToken, ...options });
      return user;
    },
    /** Opens it once more for the same user, with a new token. */
    async reopen(userId: string, options: Record<string, unknown> = {}) {
      const { status, body } = await smile.call('POST', `/v1/tokens?userId=${userId}`);
      expect(status).toBe(201);
      await openWidget(page, { userToken: body.data.accessToken, ...options });
    },
    async toLogin(provider: string) {
      await button('Agree and continue').click();
      await button(provider).click();
    },
    async signIn(userName = 'George', password = '123456') {
      await page.getByLabel('User name').fill(userName);
      await page.getByLabel('Password').fill(password);
      await button('Sign in').click();
    },
    async enterCode(code: string) {
      await page.getByLabel('Verification code').fill(code);
      await button('Verify').click();
    },
    /** The faults of the screen that is shown: accessibility, small targets, sideways scrolling. */
    async faults() {
      const violations = await violationsOn(page, [...WCAG, 'best-practice']);
      const dialog = page.getByRole('dialog');
      const small = await dialog.evaluate((element) =>
        [...element.querySelectorAll('button, input, summary')]
          .filter((control) => control.getBoundingClientRect().height < 44)
          .map((control) => `small: ${control.textContent || control.id}`),
      );
      const sideways = await dialog.evaluate((element) =>
        [element, ...element.children].filter((part) => part.scrollWidth > part.clientWidth).map(() => 'sideways'),
      );
      return [...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`), ...small, ...sideways];
    },
  };
}
