import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { openWidget, startHostPage, told, toldInShort } from './host-page.ts';
import { eventually, type RunningSmile, startSmile } from './smile.ts';

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
}, 60_000);
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

const limit = { timeout: 60_000 };
const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name });

async function open(options: Record<string, unknown> = {}) {
  const user = await smile.newUser();
  await host.open(page, { userToken: user.accessToken, ...options });
  return user;
}

async function toLogin(provider: string) {
  await button('Agree and continue').click();
  await button(provider).click();
}

async function signIn(userName: string, password: string) {
  await page.getByLabel('User name').fill(userName);
  await page.getByLabel('Password').fill(password);
  await button('Sign in').click();
}

describe('the widget', limit, () => {
  it('leads from consent over list and login to success, and tells each step in order', async () => {
    const { userId } = await open({ companyName: 'Acme Rides' });
    await heading('Share your work data with Acme Rides').waitFor();
    await toLogin('Grab');
    await signIn('George', '123456');
    await heading('Grab is connected').waitFor();
    const { body } = await smile.call('GET', `/v1/accounts?userId=${userId}`);
    const accountId = body.data.items[0].id;
    await button('Done').click();

    const account = { accountId, userId, providerId: 'grab' };
    const screen = (eventName: string, about: object | null) => [
      'onUIEvent',
      { eventName, eventTime: expect.any(String), mode: 'SANDBOX', userId, account: about, archive: null },
    ];
    expect(await told(page)).toEqual([
      screen('ConsentPageOpened', null),
      screen('ProviderListPageOpened', null),
      screen('LoginPageOpened', { providerId: 'grab' }),
      ['onAccountCreated', account],
      screen('ConnectSuccessPageOpened', { providerId: 'grab', accountId }),
      ['onAccountConnected', account],
      ['onClose', { reason: 'exit' }],
    ]);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('asks for the verification code where the provider has one', async () => {
    await open();
    await toLogin('SSS');
    await signIn('3300000008', '123456');
    await page.getByLabel('Verification code').fill('1234');
    await button('Verify').click();
    await heading('SSS is connected').waitFor();
    expect(await toldInShort(page)).toEqual([
      'ConsentPageOpened',
      'ProviderListPageOpened',
      'LoginPageOpened',
      'onAccountCreated',
      'MfaPageOpened',
      'ConnectSuccessPageOpened',
      'onAccountConnected',
    ]);
  });

  it('lets a person try again after a wrong password, with the same account', async () => {
    const { userId } = await open();
    await toLogin('Grab');
    await signIn('George', 'wrong');
    await page.getByRole('alert').filter({ hasText: 'did not accept the user name or password' }).waitFor();
    await button('Try again').click();
    expect(await page.getByLabel('User name').inputValue()).toBe('George');
    await signIn('George', '123456');
    await button('Done').waitFor();

    const events = await told(page);
    expect(events.filter(([name]) => name === 'onAccountCreated')).toHaveLength(1);
    const { items } = (await smile.call('GET', `/v1/accounts?userId=${userId}`)).body.data;
    expect(items).toHaveLength(1);
    expect(events.find(([name]) => name === 'onAccountError')?.[1]).toEqual({
      accountId: items[0].id,
      userId,
      providerId: 'grab',
      errorCode: 'INVALID_CREDENTIALS',
    });
  });

  it('says so when the code is wrong, and Exit closes with the reason error', async () => {
    await open();
    await toLogin('SSS');
    await signIn('George', '123456');
    await page.getByLabel('Verification code').fill('9999');
    await button('Verify').click();
    await button('Exit').click();
    const events = await told(page);
    expect(events.at(-2)).toMatchObject(['onAccountError', { errorCode: 'INVALID_MFA' }]);
    expect(events.at(-1)).toEqual(['onClose', { reason: 'error' }]);
  });

  it('closes from its first screen with nothing linked, by Close and by Escape', async () => {
    await open();
    await button('Agree and continue').waitFor();
    await button('Close').click();
    expect((await told(page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('opener');

    await open();
    await button('Agree and continue').waitFor();
    await page.keyboard.press('Escape');
    expect((await told(page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);
  });

  it('opens once while open, and again after it was closed', async () => {
    await open();
    const reopen = () => page.evaluate(() => (window as unknown as { widget: { open(): void } }).widget.open());
    await reopen();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await button('Close').click();
    await reopen();
    await button('Agree and continue').waitFor();
  });

  it('shows a returning person what is connected, and disconnects it', async () => {
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'grab', userName: 'George', password: '123456' };
    const accountId = (await smile.call('POST', '/__local/accounts', login)).body.accountId;
    await smile.accountWhen(accountId, 'CONNECTED');
    const { body } = await smile.call('POST', `/v1/tokens?userId=${userId}`);
    await host.open(page, { userToken: body.data.accessToken });
    await toLogin('Grab');
    await button('Disconnect').click();
    await heading('Disconnect Grab?').waitFor();
    await button('Disconnect').click();
    await heading('Grab is disconnected').waitFor();
    await smile.accountWhen(accountId, 'DISCONNECTED');
    expect((await told(page)).slice(-2)).toMatchObject([
      ['onUIEvent', { eventName: 'AccountRevokePageOpened', account: { providerId: 'grab', accountId } }],
      ['onAccountRemoved', { accountId, userId, providerId: 'grab' }],
    ]);
  });

  it('goes straight to the login of the one provider asked for', async () => {
    await open({ providers: ['sss_ph'], enableConsentPage: false });
    await heading('Sign in to SSS').waitFor();
    expect(await toldInShort(page)).toEqual(['LoginPageOpened']);
    expect(await button('Back').count()).toBe(0);
  });

  it('narrows and orders the list as the options say', async () => {
    await open({ providers: ['upwork', 'grab', 'nbi_ph'], topProviders: ['nbi_ph'], enableTypeBar: false });
    await button('Agree and continue').click();
    await expect.poll(() => page.getByRole('listitem').allInnerTexts()).toHaveLength(3);
    expect((await page.getByRole('listitem').allInnerTexts())[0]).toContain('NBI');
    await page.getByLabel('Search').fill('upw');
    expect(await page.getByRole('listitem').count()).toBe(1);
    await button('I can’t find mine').click();
    expect((await told(page)).at(-1)).toEqual(['onClose', { reason: 'exit' }]);
  });

  it('tells that its token has expired, and works again with a new one', async () => {
    await smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 0 });
    const { userId } = await open();
    await heading('This window has expired').waitFor();
    expect((await told(page)).map(([name]) => name)).toEqual(['onTokenExpired']);
    await button('Close').click();
    expect((await told(page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);

    await smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 60 });
    const { body } = await smile.call('POST', `/v1/tokens?userId=${userId}`);
    await openWidget(page, { userToken: body.data.accessToken });
    await button('Agree and continue').waitFor();
  });

  it('notices by itself when the token expires while it is open', async () => {
    await smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 2 });
    await open();
    await heading('This window has expired').waitFor();
    expect(await toldInShort(page)).toContain('onTokenExpired');
  });

  it('does not take a token that another widget has shown', async () => {
    const { accessToken } = await open();
    await button('Close').click();
    await openWidget(page, { userToken: accessToken });
    await heading('This window has expired').waitFor();
  });

  it('says when Smile cannot be reached, and goes on when it can', async () => {
    await open();
    await toLogin('Grab');
    await smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/link', body: 'garbage' } });
    await signIn('George', '123456');
    await heading('No connection').waitFor();
    await smile.call('PATCH', '/__local/settings', { fault: null });
    await button('Try again').click();
    await heading('Grab is connected').waitFor();
  });

  it('works in a sandboxed frame, which has no origin and no storage', async () => {
    await page.goto(`${host.origin}/sandboxed`);
    const frame = await eventually(() => page.frames()[1]);
    await frame.waitForFunction(() => 'openWidget' in window);
    const { accessToken } = await smile.newUser();
    await frame.evaluate((userToken) => {
      (window as unknown as { openWidget(options: object): void }).openWidget({ userToken });
    }, accessToken);
    await frame.getByRole('button', { name: 'Agree and continue' }).click();
    await frame.getByRole('button', { name: 'Grab', exact: true }).click();
    await frame.getByLabel('User name').fill('George');
    await frame.getByLabel('Password').fill('123456');
    await frame.getByRole('button', { name: 'Sign in' }).click();
    await frame.getByRole('heading', { name: 'Grab is connected' }).waitFor();
    expect(await frame.evaluate(() => window.origin)).toBe('null');
  });

  it('throws without a token, and only then', async () => {
    await page.goto(host.origin);
    const message = await page.evaluate(() => {
      const { SmileLinkModal } = window as unknown as { SmileLinkModal: new (options: object) => unknown };
      new SmileLinkModal({ userToken: 'x', anything: 'else' });
      try {
        return String(new SmileLinkModal({}));
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toContain('userToken');
  });

  it('can be gone through by keyboard alone', async () => {
    await open();
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.shadowRoot?.activeElement?.textContent ?? document.activeElement?.tagName,
      );
    const tabTo = async (name: string) => {
      for (let i = 0; i < 30 && (await focused()) !== name; i++) await page.keyboard.press('Tab');
      expect(await focused()).toBe(name);
    };
    await heading('Share your work data').waitFor();
    expect(await focused()).toBe('Share your work data');
    await tabTo('Agree and continue');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Close');
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Agree and continue');
    await page.keyboard.press('Enter');

    await heading('Where do you get paid?').waitFor();
    expect(await focused()).toBe('Where do you get paid?');
    await page.keyboard.press('Tab');
    await page.keyboard.type('grab');
    await expect.poll(() => page.getByRole('listitem').count()).toBe(1);
    await tabTo('GRGrabGig work');
    await page.keyboard.press('Enter');

    await heading('Sign in to Grab').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('George');
    await page.keyboard.press('Enter');
    await page.getByText('Enter your password').waitFor();
    await page.keyboard.type('123456');
    await page.keyboard.press('Enter');
    await heading('Grab is connected').waitFor();
    await tabTo('Done');
    await page.keyboard.press('Enter');
    expect((await told(page)).at(-1)).toEqual(['onClose', { reason: 'exit' }]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('opener');
  });

  it('keeps the page behind it from scrolling, and gives it back', async () => {
    const overflow = () => page.evaluate(() => getComputedStyle(document.documentElement).overflow);
    await open();
    await button('Agree and continue').waitFor();
    expect(await overflow()).toBe('hidden');
    await button('Close').click();
    expect(await overflow()).toBe('visible');
  });
});

describe.each(['light', 'dark'] as const)('every screen of the widget in a %s scheme', limit, (colorScheme) => {
  it.each([360, 320])(
    'has no accessibility fault, no sideways scrolling and no small target at %d px',
    async (width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 640 });
      const seen: string[] = [];

      async function look() {
        seen.push((await page.getByRole('dialog').getAttribute('data-screen')) ?? '');
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        const small = await page
          .getByRole('dialog')
          .evaluate((dialog) =>
            [...dialog.querySelectorAll('button, input, summary')]
              .filter((element) => element.getBoundingClientRect().height < 44)
              .map((element) => element.textContent),
          );
        expect(small).toEqual([]);
        const sideways = await page
          .getByRole('dialog')
          .evaluate((dialog) => [dialog, ...dialog.children].some((part) => part.scrollWidth > part.clientWidth));
        expect(sideways).toBe(false);
      }

      await open({ companyName: 'Acme Rides', enableSampleModel: true });
      await heading('Share your work data').waitFor();
      await look();
      await button('Agree and continue').click();
      await look();
      await button('Upwork').click();
      await button('Sign in').click();
      await look();
      await smile.call('PATCH', '/__local/settings', { connectDelayMs: 3_600_000 });
      const { userId } = await smile.newUser();
      await signIn('George', 'wrong');
      await heading('Connecting to Upwork').waitFor();
      await look();
      await button('Close').click();

      await smile.call('PATCH', '/__local/settings', { connectDelayMs: 0 });
      const { body } = await smile.call('POST', `/v1/tokens?userId=${userId}`);
      await openWidget(page, { userToken: body.data.accessToken });
      await toLogin('Upwork');
      await signIn('George', 'wrong');
      await button('Try again').waitFor();
      await look();
      await button('Try again').click();
      await signIn('George', '123456');
      await page.getByLabel('Verification code').waitFor();
      await look();
      await page.getByLabel('Verification code').fill('1234');
      await button('Verify').click();
      await button('Done').waitFor();
      await look();
      await button('Connect another account').click();
      await button('Upwork').click();
      await look();
      await button('Disconnect').click();
      await heading('Disconnect Upwork?').waitFor();
      await look();
      await button('Disconnect').click();
      await heading('Upwork is disconnected').waitFor();
      await look();
      await button('Close').click();

      await openWidget(page, { userToken: body.data.accessToken });
      await heading('This window has expired').waitFor();
      await look();
      await button('Close').click();
      await smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/link', status: 503 } });
      await openWidget(page, { userToken: body.data.accessToken });
      await button('Exit').waitFor();
      await look();

      expect(seen).toEqual([
        'consent',
        'list',
        'login',
        'connecting',
        'error',
        'mfa',
        'success',
        'status',
        'confirm',
        'disconnected',
        'expired',
        'unreachable',
      ]);
    },
  );
});
