import { describe, expect, it } from 'vitest';
import { accountErrors } from '../../src/local-smile/invented/account-errors.ts';
import { someOf } from '../helpers/run/long.ts';
import { callbacksOf, callbackNames } from './host-page.ts';
import { widgetTest } from './widget-test.ts';

const t = widgetTest();
const limit = { timeout: 60_000 };
const template = async (given: object) =>
  (await t.smile.call('POST', '/__local/winkTemplates', given)).body.id as string;

describe('uploads in the widget', limit, () => {
  it('are sent, seen again and removed', async () => {
    const { userId } = await t.open({ enableUpload: true });
    await t.toLogin('I can’t find mine');
    await t.button('Payslip').click();
    await t.button('Send').click();
    await t.page.getByText('Choose a file', { exact: true }).waitFor();
    expect(await t.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id)).toBe('file-PAYSLIP');
    await t.button('Use the sample payslip').click();
    await t.page.getByText('Choose a file', { exact: true }).waitFor({ state: 'detached' });
    await t.button('Send').click();
    await t.button('Done').click();
    expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'exit' }]);

    await t.reopen(userId, { enableUpload: true });
    await t.toLogin('Documents you sent');
    await t.page.getByRole('listitem').filter({ hasText: 'Payslip' }).getByText('Sent').waitFor();
    await t.button('Payslip').click();
    await t.button('Remove').click();
    await t.heading('Remove your payslip?').waitFor();
    await t.button('Remove').click();
    await t.heading('Your payslip is removed').waitFor();
    expect((await callbackNames(t.page)).slice(-3)).toEqual([
      'FileTypeListPageOpened',
      'RevokeArchivePageOpened',
      'onUploadsRemoved',
    ]);
    const removed = (await callbacksOf(t.page)).at(-1)?.[1] as { uploads: { id: string }[]; userId: string };
    expect(removed.userId).toBe(userId);
    const { data } = (await t.smile.call('GET', `/v1/archives/${removed.uploads[0]?.id}`)).body;
    expect(data.state.status).toBe('REVOKED');
  });

  it('take the place of a sign-in for a provider that has none, and only with uploads is it shown', async () => {
    await t.open({ enableUpload: true });
    await t.toLogin('7-Eleven');
    await t.heading('Send a document').waitFor();
    await t.button('Close').click();
    await t.open();
    await t.button('Agree and continue').click();
    await t.button('Grab').waitFor();
    expect(await t.button('7-Eleven').count()).toBe(0);
  });

  it('say when Smile cannot be reached, and lose nothing', async () => {
    await t.open({ enableUpload: true });
    await t.toLogin('I can’t find mine');
    await t.button('Payslip').click();
    await t.button('Use the sample payslip').click();
    await t.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/link/archives', status: 503, times: 1 } });
    await t.button('Send').click();
    await t.heading('No connection').waitFor();
    await t.button('Try again').click();
    await t.heading('Your payslip is sent').waitFor();
  });
});

describe('a Wink template', limit, () => {
  it('chooses for the widget, and the page’s own options win', async () => {
    const templateId = await template({
      id: 'wtpl-acme',
      companyName: 'Acme Rides',
      primaryColor: '#0b6e4f',
      providers: ['grab', 'upwork'],
      topProviders: ['upwork'],
      enableSearchBar: false,
      enableUpload: false,
    });
    expect(templateId).toBe('wtpl-acme');
    await t.open({ templateId });
    await t.heading('Share your work data with Acme Rides').waitFor();
    const agree = t.button('Agree and continue');
    expect(await agree.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(11, 110, 79)');
    expect(await t.faults()).toEqual([]);
    await agree.click();
    await expect.poll(() => t.page.getByRole('listitem').allInnerTexts()).toHaveLength(2);
    expect((await t.page.getByRole('listitem').allInnerTexts())[0]).toContain('Upwork');
    expect(await t.page.getByLabel('Search').count()).toBe(0);
    await t.button('Close').click();

    await t.open({ templateId, companyName: 'Other', enableUpload: true });
    await t.heading('Share your work data with Other').waitFor();
  });

  it('that is not known shows the defaults, documents among them, with a word in the console', async () => {
    const warnings: string[] = [];
    t.page.on('console', (message) => warnings.push(message.text()));
    await t.open({ templateId: 'wtpl-elsewhere' });
    await t.toLogin('I can’t find mine');
    await t.heading('Send a document').waitFor();
    expect(warnings).toContain('Local Smile has no Wink template wtpl-elsewhere; the widget shows its defaults.');
  });

  it('can ask a person for an employer that is not in the list', async () => {
    await t.open({ templateId: await template({ enableSurvey: true, enableUpload: false }) });
    await t.toLogin('I can’t find mine');
    await t.page.getByLabel('Name of your employer').fill('Sari-sari store');
    await t.button('Continue').click();
    const events = await callbacksOf(t.page);
    expect(events.at(-2)).toMatchObject(['onUIEvent', { eventName: 'EmployerSurveyPageOpened' }]);
    expect(events.at(-1)).toEqual(['onClose', { reason: 'exit' }]);
  });
});

describe('signing in', limit, () => {
  it('goes by another name where the provider has one', async () => {
    await t.open();
    await t.toLogin('Grab');
    await t.button('Another way in').click();
    await t.button('Mobile number').click();
    await t.page.getByLabel('Mobile number').fill('+63 955 999 1234');
    await t.page.getByLabel('Password').fill('123456');
    await t.button('Sign in').click();
    await t.heading('Grab is connected').waitFor();
    expect((await callbackNames(t.page)).slice(2, 5)).toEqual([
      'LoginPageOpened',
      'LoginOptionsPageOpened',
      'LoginPageOpened',
    ]);
  });

  it('takes three codes, and then only another sign-in', async () => {
    await t.open();
    await t.toLogin('Upwork');
    await t.signIn();
    for (const code of ['1', '2', '3']) {
      await t.enterCode(code);
      await t.page.getByRole('alert').filter({ hasText: 'did not accept the verification code' }).waitFor();
    }
    expect(await t.page.getByLabel('Verification code').count()).toBe(0);
    const errors = (await callbacksOf(t.page)).filter(([name]) => name === 'onAccountError');
    expect(errors.map(([, error]) => (error as { errorCode: string }).errorCode)).toEqual(Array(3).fill('INVALID_MFA'));
    await t.button('Try again').click();
    await t.signIn();
    await t.enterCode('1234');
    await t.heading('Upwork is connected').waitFor();
  });

  it('fails with an error when its name is asked for', async () => {
    expect(Object.keys(accountErrors)).toHaveLength(16);
    const { userId } = await t.open({ enableConsentPage: false, providers: ['grab'] });
    for (const code of someOf(Object.keys(accountErrors), 4)) {
      await t.signIn(`err:${code}`, 'x');
      await t.button('Exit').waitFor();
      expect((await callbacksOf(t.page)).at(-1)).toMatchObject(['onAccountError', { errorCode: code }]);
      await t.button('Try again').click();
    }
    const { items } = (await t.smile.call('GET', `/v1/accounts?userId=${userId}`)).body.data;
    expect(items).toMatchObject([{ connection: { errorCode: 'UNSUPPORTED_MFA_METHOD' } }]);
  });
});

describe('the screens around documents', limit, () => {
  it.each([
    ['light', 360],
    ['dark', 320],
  ] as const)('have no fault in a %s scheme at %d px', async (colorScheme, width) => {
    await t.page.emulateMedia({ colorScheme });
    await t.page.setViewportSize({ width, height: 640 });
    const seen: string[] = [];
    const look = async (heading: string) => {
      await t.heading(heading).waitFor();
      seen.push((await t.page.getByRole('dialog').getAttribute('data-screen')) ?? '');
      expect(await t.faults()).toEqual([]);
    };

    await t.open({ templateId: await template({ enableSurvey: true }) });
    await t.toLogin('Grab');
    await t.button('Another way in').click();
    await look('How do you sign in to Grab?');
    await t.button('Back').click();
    await t.button('Back').click();
    await t.button('I can’t find mine').click();
    await look('Where do you work?');
    await t.page.getByLabel('Name of your employer').fill('X');
    await t.button('Continue').click();
    await look('Send a document');
    await t.button('Company ID').click();
    await t.button('Send').click();
    await look('Send your company ID');
    await t.button('Back').click();
    await t.button('Payslip').click();
    await t.button('Use the sample payslip').click();
    await look('Send your payslip');
    await t.button('Send').click();
    await look('Your payslip is sent');
    await t.button('Send another document').click();
    await look('Send a document');
    await t.button('Payslip').click();
    await look('Your payslip');
    await t.button('Remove').click();
    await look('Remove your payslip?');
    await t.button('Remove').click();
    await look('Your payslip is removed');
    await t.button('Close').click();

    await t.open();
    await t.toLogin('SSS');
    await t.signIn();
    await t.enterCode('9');
    await look('That did not connect');

    expect(seen).toEqual([
      'login-options',
      'survey',
      'files',
      'file',
      'file',
      'uploaded',
      'files',
      'archive',
      'confirm-remove',
      'removed',
      'error',
    ]);
  });
});
