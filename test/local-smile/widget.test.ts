import { describe, expect, it } from 'vitest';
import { openWidget, callbacksOf, callbackNames } from './host-page.ts';
import { eventually } from './smile.ts';
import { widgetTest } from './widget-test.ts';

const t = widgetTest();
const { button, heading, open, toLogin, signIn } = t;
const limit = { timeout: 60_000 };

describe('the widget', limit, () => {
  it('leads from consent over list and login to success, and reports each step in order', async () => {
    const { userId } = await open({ companyName: 'Acme Rides' });
    await heading('Share your work data with Acme Rides').waitFor();
    await toLogin('Grab');
    await signIn('George', '123456');
    await heading('Grab is connected').waitFor();
    const { body } = await t.smile.call('GET', `/v1/accounts?userId=${userId}`);
    const accountId = body.data.items[0].id;
    await button('Done').click();

    const account = { accountId, userId, providerId: 'grab' };
    const screen = (eventName: string, about: object | null) => [
      'onUIEvent',
      { eventName, eventTime: expect.any(String), mode: 'SANDBOX', userId, account: about, archive: null },
    ];
    expect(await callbacksOf(t.page)).toEqual([
      screen('ConsentPageOpened', null),
      screen('ProviderListPageOpened', null),
      screen('LoginPageOpened', { providerId: 'grab' }),
      ['onAccountCreated', account],
      screen('ConnectSuccessPageOpened', { providerId: 'grab', accountId }),
      ['onAccountConnected', account],
      ['onClose', { reason: 'exit' }],
    ]);
    expect(await t.page.getByRole('dialog').count()).toBe(0);
  });

  it('asks for the verification code where the provider has one', async () => {
    await open();
    await toLogin('SSS');
    await signIn('3300000008', '123456');
    await t.page.getByLabel('Verification code').fill('1234');
    await button('Verify').click();
    await heading('SSS is connected').waitFor();
    expect(await callbackNames(t.page)).toEqual([
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
    await t.page.getByRole('alert').filter({ hasText: 'did not accept the user name or password' }).waitFor();
    await button('Try again').click();
    expect(await t.page.getByLabel('User name').inputValue()).toBe('George');
    await signIn('George', '123456');
    await button('Done').waitFor();

    const events = await callbacksOf(t.page);
    expect(events.filter(([name]) => name === 'onAccountCreated')).toHaveLength(1);
    const { items } = (await t.smile.call('GET', `/v1/accounts?userId=${userId}`)).body.data;
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
    await t.page.getByLabel('Verification code').fill('9999');
    await button('Verify').click();
    await button('Exit').click();
    const events = await callbacksOf(t.page);
    expect(events.at(-2)).toMatchObject(['onAccountError', { errorCode: 'INVALID_MFA' }]);
    expect(events.at(-1)).toEqual(['onClose', { reason: 'error' }]);
  });

  it('closes from its first screen with nothing linked, by Close and by Escape', async () => {
    await open();
    await button('Agree and continue').waitFor();
    await button('Close').click();
    expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);
    expect(await t.page.evaluate(() => document.activeElement?.id)).toBe('opener');

    await open();
    await button('Agree and continue').waitFor();
    await t.page.keyboard.press('Escape');
    expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);
  });

  it('opens once while open, and again after it was closed', async () => {
    await open();
    const reopen = () => t.page.evaluate(() => (window as unknown as { widget: { open(): void } }).widget.open());
    await reopen();
    expect(await t.page.getByRole('dialog').count()).toBe(1);
    await button('Close').click();
    await reopen();
    await button('Agree and continue').waitFor();
  });

  it('shows a returning person the connected account, and disconnects it', async () => {
    const { userId } = await t.smile.newUser();
    const login = { userId, providerId: 'grab', userName: 'George', password: '123456' };
    const accountId = (await t.smile.call('POST', '/__local/accounts', login)).body.accountId;
    await t.smile.accountWhen(accountId, 'CONNECTED');
    const { body } = await t.smile.call('POST', `/v1/tokens?userId=${userId}`);
    await t.host.open(t.page, { userToken: body.data.accessToken });
    await toLogin('Grab');
    await button('Disconnect').click();
    await heading('Disconnect Grab?').waitFor();
    await button('Disconnect').click();
    await heading('Grab is disconnected').waitFor();
    await t.smile.accountWhen(accountId, 'DISCONNECTED');
    expect((await callbacksOf(t.page)).slice(-2)).toMatchObject([
      ['onUIEvent', { eventName: 'AccountRevokePageOpened', account: { providerId: 'grab', accountId } }],
      ['onAccountRemoved', { accountId, userId, providerId: 'grab' }],
    ]);
  });

  it('goes straight to the login of the one provider asked for', async () => {
    await open({ providers: ['sss_ph'], enableConsentPage: false });
    await heading('Sign in to SSS').waitFor();
    expect(await callbackNames(t.page)).toEqual(['LoginPageOpened']);
    expect(await button('Back').count()).toBe(0);
  });

  it('narrows and orders the list as the options say', async () => {
    await open({ providers: ['upwork', 'grab', 'nbi_ph'], topProviders: ['nbi_ph'], enableTypeBar: false });
    await button('Agree and continue').click();
    await expect.poll(() => t.page.getByRole('listitem').allInnerTexts()).toHaveLength(3);
    expect((await t.page.getByRole('listitem').allInnerTexts())[0]).toContain('NBI');
    await t.page.getByLabel('Search').fill('upw');
    expect(await t.page.getByRole('listitem').count()).toBe(1);
    await button('I can’t find mine').click();
    expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'exit' }]);
  });

  it('reports an expired token, and works again with a new one', async () => {
    await t.smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 0 });
    const { userId } = await open();
    await heading('This window has expired').waitFor();
    expect((await callbacksOf(t.page)).map(([name]) => name)).toEqual(['onTokenExpired']);
    await button('Close').click();
    expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);

    await t.smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 60 });
    const { body } = await t.smile.call('POST', `/v1/tokens?userId=${userId}`);
    await openWidget(t.page, { userToken: body.data.accessToken });
    await button('Agree and continue').waitFor();
  });

  it('notices by itself when the token expires while it is open', async () => {
    await t.smile.call('PATCH', '/__local/settings', { tokenLifetimeSeconds: 2 });
    await open();
    await heading('This window has expired').waitFor();
    expect(await callbackNames(t.page)).toContain('onTokenExpired');
  });

  it('does not take a token that another widget has shown', async () => {
    const { accessToken } = await open();
    await button('Close').click();
    await openWidget(t.page, { userToken: accessToken });
    await heading('This window has expired').waitFor();
  });

  it('says when Smile cannot be reached, and goes on when it can', async () => {
    await open();
    await toLogin('Grab');
    await t.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/link', body: 'garbage' } });
    await signIn('George', '123456');
    await heading('No connection').waitFor();
    await t.smile.call('PATCH', '/__local/settings', { fault: null });
    await button('Try again').click();
    await heading('Grab is connected').waitFor();
  });

  it('works in a sandboxed frame, which has no origin and no storage', async () => {
    await t.page.goto(`${t.host.origin}/sandboxed`);
    const frame = await eventually(() => t.page.frames()[1]);
    await frame.waitForFunction(() => 'openWidget' in window);
    const { accessToken } = await t.smile.newUser();
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
    await t.page.goto(t.host.origin);
    const message = await t.page.evaluate(() => {
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
      t.page.evaluate(
        () => document.activeElement?.shadowRoot?.activeElement?.textContent ?? document.activeElement?.tagName,
      );
    const tabTo = async (name: string) => {
      for (let i = 0; i < 30 && (await focused()) !== name; i++) await t.page.keyboard.press('Tab');
      expect(await focused()).toBe(name);
    };
    await heading('Share your work data').waitFor();
    expect(await focused()).toBe('Share your work data');
    await tabTo('Agree and continue');
    await t.page.keyboard.press('Tab');
    expect(await focused()).toBe('Close');
    await t.page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Agree and continue');
    await t.page.keyboard.press('Enter');

    await heading('Where do you get paid?').waitFor();
    expect(await focused()).toBe('Where do you get paid?');
    await t.page.keyboard.press('Tab');
    await t.page.keyboard.type('grab');
    await expect.poll(() => t.page.getByRole('listitem').count()).toBe(1);
    await tabTo('GRGrabGig work');
    await t.page.keyboard.press('Enter');

    await heading('Sign in to Grab').waitFor();
    await t.page.keyboard.press('Enter');
    await t.page.keyboard.press('Tab');
    await t.page.keyboard.type('George');
    await t.page.keyboard.press('Enter');
    await t.page.getByText('Enter your password').waitFor();
    await t.page.keyboard.type('123456');
    await t.page.keyboard.press('Enter');
    await heading('Grab is connected').waitFor();
    await tabTo('Done');
    await t.page.keyboard.press('Enter');
    expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'exit' }]);
    expect(await t.page.evaluate(() => document.activeElement?.id)).toBe('opener');
  });

  it('keeps the page behind it from scrolling, and gives it back', async () => {
    const overflow = () => t.page.evaluate(() => getComputedStyle(document.documentElement).overflow);
    await open();
    await button('Agree and continue').waitFor();
    expect(await overflow()).toBe('hidden');
    await button('Close').click();
    expect(await overflow()).toBe('visible');
  });
});

describe('every screen of the widget', limit, () => {
  it.each([
    ['light', 360],
    ['dark', 320],
  ] as const)(
    'has no accessibility fault, no sideways scrolling and no small target in a %s scheme at %d px',
    async (colorScheme, width) => {
      await t.page.emulateMedia({ colorScheme });
      await t.page.setViewportSize({ width, height: 640 });
      const seen: string[] = [];

      async function look() {
        seen.push((await t.page.getByRole('dialog').getAttribute('data-screen')) ?? '');
        expect(await t.faults()).toEqual([]);
      }

      await open({ companyName: 'Acme Rides', enableSampleModel: true });
      await heading('Share your work data').waitFor();
      await look();
      await button('Agree and continue').click();
      await look();
      await button('Upwork').click();
      await button('Sign in').click();
      await look();
      await t.smile.call('PATCH', '/__local/settings', { connectDelayMs: 3_600_000 });
      const { userId } = await t.smile.newUser();
      await signIn('George', 'wrong');
      await heading('Connecting to Upwork').waitFor();
      await look();
      await button('Close').click();

      await t.smile.call('PATCH', '/__local/settings', { connectDelayMs: 0 });
      const { body } = await t.smile.call('POST', `/v1/tokens?userId=${userId}`);
      await openWidget(t.page, { userToken: body.data.accessToken });
      await toLogin('Upwork');
      await signIn('George', 'wrong');
      await button('Try again').waitFor();
      await look();
      await button('Try again').click();
      await signIn('George', '123456');
      await t.page.getByLabel('Verification code').waitFor();
      await look();
      await t.page.getByLabel('Verification code').fill('1234');
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

      await openWidget(t.page, { userToken: body.data.accessToken });
      await heading('This window has expired').waitFor();
      await look();
      await button('Close').click();
      await t.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/link', status: 503 } });
      await openWidget(t.page, { userToken: body.data.accessToken });
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
