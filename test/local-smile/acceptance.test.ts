import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterwards } from '../helpers/run/afterwards.ts';
import { callbacksOf, callbackNames } from './host-page.ts';
import { inviteTemplate } from './invite-template.ts';
import { isSigned, startReceiver, type Receiver } from './receiver.ts';
import { eventually, type RunningSmile } from './smile.ts';
import { widgetTest } from './widget-test.ts';

const SECRET = 'the secret of these sequences';
const t = widgetTest();
const { button, heading, open, reopen, toLogin, signIn, enterCode } = t;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  const hook = { name: 'Ours', url: receiver.url, eventTypes: ['ALL_EVENTS'], active: true, secret: SECRET };
  await t.smile.call('POST', '/v1/webhooks', hook);
});
afterEach(() => receiver.stop());

const get = async (path: string) => (await t.smile.call('GET', `/v1${path}`)).body.data;

/** The account that the widget created, as it reported to its page. */
async function accountId() {
  return eventually(async () => {
    const created = (await callbacksOf(t.page)).find(([name]) => name === 'onAccountCreated');
    return (created?.[1] as { accountId: string } | undefined)?.accountId;
  });
}

async function link(userId: string, providerId = 'grab') {
  const login = { userId, providerId, userName: 'George', password: '123456' };
  const id = (await t.smile.call('POST', '/__local/accounts', login)).body.accountId as string;
  await t.smile.accountWhen(id, 'CONNECTED');
  await receiver.event('TASK_FINISHED');
  return id;
}

/** The types of the events that have arrived and are about this user, in the order they were sent. */
const typesOf = (userId: string) =>
  receiver.received.filter(({ event }) => event.data.userId === userId).map(({ event }) => event.type as string);

describe('the twelve sequences that local Smile must reproduce', { timeout: 60_000 }, () => {
  it('1: a new user connects, without a second factor', async () => {
    await t.smile.call('PATCH', '/__local/settings', { connectDelayMs: 500 });
    const { userId } = await open();
    await receiver.event('USER_CREATED');
    await toLogin('Grab');
    await signIn();
    const id = await accountId();
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('PENDING');
    await heading('Grab is connected').waitFor();
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('CONNECTED');
    await button('Done').click();

    expect(await callbackNames(t.page)).toEqual([
      'ConsentPageOpened',
      'ProviderListPageOpened',
      'LoginPageOpened',
      'onAccountCreated',
      'ConnectSuccessPageOpened',
      'onAccountConnected',
      'onClose',
    ]);
    expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'exit' }]);
    await receiver.event('TASK_FINISHED');
    expect(typesOf(userId)).toEqual([
      'USER_CREATED',
      'ACCOUNT_CREATED',
      'ACCOUNT_CONNECTED',
      'TASK_STARTED',
      'IDENTITY_ADDED',
      'TRANSACTIONS_ADDED',
      'RATING_ADDED',
      'EINCOMES_ADDED',
      'LINK_ADDED',
      'INSIGHT_ADDED',
      'TASK_FINISHED',
    ]);
    expect((await receiver.event('ACCOUNT_CONNECTED')).data.loginName).toBe('George');
    expect((await get(`/identities?sourceId=${id}`)).items[0].firstName).toBe('George');
  });

  it('2: a verification code connects, another one does not', async () => {
    const { userId } = await open();
    await toLogin('SSS');
    await signIn();
    await t.page.getByLabel('Verification code').waitFor();
    const id = await accountId();
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('AWAITING_MFA');
    await enterCode('9999');
    await t.page.getByRole('alert').filter({ hasText: 'did not accept the verification code' }).waitFor();
    expect((await callbacksOf(t.page)).slice(-2)).toEqual([
      expect.arrayContaining(['onUIEvent', expect.objectContaining({ eventName: 'MfaPageOpened' })]),
      ['onAccountError', { accountId: id, userId, providerId: 'sss_ph', errorCode: 'INVALID_MFA' }],
    ]);
    expect((await get(`/accounts/${id}`)).connection).toMatchObject({ status: 'ERROR', errorCode: 'INVALID_MFA' });
    expect((await receiver.event('ACCOUNT_FAILED')).data).toMatchObject({ accountId: id, errorCode: 'INVALID_MFA' });

    await enterCode('1234');
    await heading('SSS is connected').waitFor();
    await t.smile.accountWhen(id, 'CONNECTED');
  });

  it('3: a wrong password fails, and the right one connects the same account', async () => {
    const { userId } = await open();
    await toLogin('Grab');
    await signIn('George', 'wrong');
    await button('Try again').waitFor();
    const id = await accountId();
    expect((await callbacksOf(t.page)).at(-1)).toMatchObject(['onAccountError', { errorCode: 'INVALID_CREDENTIALS' }]);
    expect((await get(`/accounts/${id}`)).connection.errorCode).toBe('INVALID_CREDENTIALS');
    await button('Try again').click();
    await signIn();
    await heading('Grab is connected').waitFor();
    await receiver.event('ACCOUNT_CONNECTED');
    expect(typesOf(userId).filter((type) => type.startsWith('ACCOUNT_'))).toEqual([
      'ACCOUNT_CREATED',
      'ACCOUNT_FAILED',
      'ACCOUNT_CONNECTED',
    ]);
    expect((await get(`/accounts?userId=${userId}`)).items).toMatchObject([{ id, connectionStatus: 'CONNECTED' }]);
  });

  it('4: closing early leaves nothing connected, from every screen', async () => {
    await t.smile.call('PATCH', '/__local/settings', { connectDelayMs: 3_600_000 });
    const steps = [
      () => button('Agree and continue').click(),
      () => button('Grab').click(),
      () => signIn(),
      () => heading('Connecting to Grab').waitFor(),
    ];
    for (let done = 0; done < steps.length; done++) {
      const { userId } = await open();
      for (const step of steps.slice(0, done)) await step();
      await button('Close').click();
      expect((await callbacksOf(t.page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);
      const { items } = await get(`/accounts?userId=${userId}`);
      expect(items.filter((account: { connectionStatus: string }) => account.connectionStatus === 'CONNECTED')).toEqual(
        [],
      );
    }
  });

  it('5: an expired token gets an error, and a new one works', async () => {
    const { userId } = await open();
    await button('Agree and continue').waitFor();
    await t.smile.call('POST', '/__local/expire', { userId });
    await toLogin('Grab');
    await signIn();
    await heading('This window has expired').waitFor();
    expect((await callbacksOf(t.page)).at(-1)?.[0]).toBe('onTokenExpired');
    await button('Close').click();
    await reopen(userId);
    await toLogin('Grab');
    await signIn();
    await heading('Grab is connected').waitFor();
  });

  it('6: a returning user sees the connected account, and revokes it', async () => {
    const { userId } = await t.smile.newUser();
    const id = await link(userId);
    await t.page.goto(t.host.origin);
    await reopen(userId);
    await button('Agree and continue').click();
    await t.page.getByRole('listitem').filter({ hasText: 'Grab' }).getByText('Connected').waitFor();
    await button('Grab').click();
    await button('Disconnect').click();
    await button('Disconnect').click();
    await heading('Grab is disconnected').waitFor();
    expect((await callbackNames(t.page)).slice(-2)).toEqual(['AccountRevokePageOpened', 'onAccountRemoved']);
    expect((await receiver.event('ACCOUNT_DISCONNECTED')).data.accountId).toBe(id);
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('DISCONNECTED');
    expect((await get(`/identities?sourceId=${id}`)).items).toEqual([]);
    expect((await t.smile.call('GET', `/v1/accounts/${id}/payload`)).status).toBe(404);
  });

  it('7: the sample payslip is analysed, any other file ends in an error', async () => {
    const payslip = Buffer.from(await (await fetch(`${t.smile.origin}/__local/payslip.pdf`)).arrayBuffer());
    const { userId } = await open({ enableUpload: true });
    await button('Agree and continue').click();
    await button('I can’t find mine').click();
    await button('Payslip').click();

    await t.page
      .getByLabel('Payslip', { exact: true })
      .setInputFiles({ name: 'p.txt', mimeType: 'text/plain', buffer: payslip });
    await button('Send').click();
    await t.page.getByText('Choose a PDF, PNG or JPEG file').waitFor();
    const large = Buffer.alloc(15 * 1024 * 1024 + 1);
    await t.page
      .getByLabel('Payslip', { exact: true })
      .setInputFiles({ name: 'p.pdf', mimeType: 'application/pdf', buffer: large });
    await button('Send').click();
    await t.page.getByText('Choose a file of 15 MB at most').waitFor();
    expect(receiver.types()).not.toContain('ARCHIVE_STARTED');

    await t.page
      .getByLabel('Payslip', { exact: true })
      .setInputFiles({ name: 'p.pdf', mimeType: 'application/pdf', buffer: payslip });
    await button('Send').click();
    await heading('Your payslip is sent').waitFor();
    const uploads = (await callbacksOf(t.page)).at(-1)?.[1] as { uploads: { id: string }[] };
    expect((await callbacksOf(t.page)).at(-1)).toEqual([
      'onUploadsCreated',
      {
        uploads: [
          {
            id: expect.stringMatching(/^archive-/),
            fileType: 'PAYSLIP',
            rawFiles: [{ id: expect.stringMatching(/^f-/), name: 'p.pdf', subType: 'PAYSLIP' }],
          },
        ],
        userId,
      },
    ]);
    expect((await callbackNames(t.page)).slice(-4)).toEqual([
      'FileTypeListPageOpened',
      'FileTypePageOpened',
      'ArchiveSuccessPageOpened',
      'onUploadsCreated',
    ]);
    await receiver.event('ARCHIVE_ANALYZED');
    const archive = await get(`/archives/${uploads.uploads[0]?.id}`);
    expect(archive).toMatchObject({ providerId: 'user-provided', state: { status: 'ANALYZED' } });
    expect(archive.extraction.analysis.employerName).toBe('ABC Corporation');

    await button('Send another document').click();
    await button('Company ID').click();
    const cat = { name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('a cat') };
    await t.page.getByLabel('Front').setInputFiles(cat);
    await button('Send').click();
    await heading('Your company ID is sent').waitFor();
    const failed = (await receiver.event('ARCHIVE_FAILED')).data;
    expect((await get(`/archives/${failed.archiveId}`)).state.status).toBe('ERROR');
  });

  it('8: one provider without consent starts at its login', async () => {
    await open({ providers: ['sss_ph'], enableConsentPage: false });
    await heading('Sign in to SSS').waitFor();
    expect(await callbackNames(t.page)).toEqual(['LoginPageOpened']);
  });

  it('9: a receiver that fails is tried twice more, with the same event and a true signature', async () => {
    receiver.answerWith(500, 500);
    await t.smile.newUser();
    await eventually(() => receiver.received[2]);
    await t.smile.smile.close();
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
    for (const { headers, raw } of receiver.received) {
      expect(isSigned({ headers, raw }, SECRET)).toBe(true);
      const flipped = Buffer.from(raw);
      flipped[7] = (flipped[7] ?? 0) ^ 1;
      expect(isSigned({ headers, raw: flipped }, SECRET)).toBe(false);
    }
    await t.smile.call('POST', '/__local/reset');
  });

  it('10: a session of a site has its forms and its account, completes, and starts over', async () => {
    const { userId, accessToken } = await t.smile.newUser();
    const form = async (more: object) => (await t.smile.call('POST', '/__local/forms', { userId, ...more })).body;
    const data = { firstName: 'George', monthlyIncome: 10_000 };
    const first = await form({ name: 'Personal Information', data });
    await t.host.open(t.page, { userToken: accessToken });
    await toLogin('Grab');
    await signIn();
    await heading('Grab is connected').waitFor();
    await button('Done').click();
    await receiver.event('TASK_FINISHED');
    expect((await get(`/users/${userId}`)).session.status).toBe('IN_PROGRESS');
    await form({ data: { employer: 'ABC' }, complete: true });

    const { items } = await get(`/alpha/forms?userId=${userId}`);
    expect(items.map((one: { reference: string }) => one.reference)).toEqual(['form_2', 'form_1']);
    expect(new Set(items.map((one: { winkSiteSessionId: string }) => one.winkSiteSessionId))).toEqual(
      new Set([first.winkSiteSessionId]),
    );
    expect(items[1].data).toEqual(data);
    const session = { userId, channel: 'WinkSite', channelId: expect.stringMatching(/^site-/), status: 'COMPLETED' };
    expect((await get(`/users/${userId}`)).session).toEqual(session);
    const completed = await receiver.event('USER_SESSION_COMPLETED');
    expect(completed.data.session).toEqual(session);
    expect(completed.data.payload).toEqual(await get(`/users/${userId}/payload`));
    expect(completed.data.payload).toMatchObject({
      forms: [{ name: 'Personal Information' }, {}],
      accounts: [{ providerId: 'grab', payload: { identity: { firstName: 'George' } } }],
    });

    expect((await t.smile.call('POST', `/v1/users/${userId}/resetSession`)).status).toBe(200);
    expect((await receiver.event('USER_SESSION_RESET')).data.session.status).toBe('IN_PROGRESS');
    expect(await get(`/users/${userId}/payload`)).toMatchObject({ forms: [], accounts: [], archives: [] });
  });

  it('11: an invite is mailed, opened, landed on and linked', async () => {
    const template = (await t.smile.call('POST', '/v1/inviteTemplates', inviteTemplate)).body.data;
    const invitee = { fullName: 'George Palomero', firstName: 'George', email: 'g@acme.example' };
    const created = await t.smile.call('POST', '/v1/invites', { ...invitee, templateId: template.id });
    expect(created.status).toBe(201);
    const { id, userId, inviteLandingPageUrl } = created.body.data;
    await receiver.event('INVITE_INVITED');
    const [mail] = (await t.smile.call('GET', '/__local/outbox')).body.items;
    expect(mail).toMatchObject({ to: 'g@acme.example', subject: 'George, connect your account to XYZ Bank' });
    expect(mail.text).toContain(inviteLandingPageUrl);

    await t.page.goto(`${t.smile.origin}/__local/outbox/${mail.id}`);
    await t.page.getByRole('link').click();
    await heading('Share your income with XYZ Bank').waitFor();
    await button('Start now').click();
    await toLogin('Grab');
    await signIn();
    await button('Done').click();
    await heading('Thank you, George').waitFor();

    const { linkedAt, status } = await get(`/invites/${id}`);
    expect([status, typeof linkedAt]).toEqual(['LINKED', 'string']);
    expect((await receiver.event('INVITE_LINKED')).data).toEqual({ userId, inviteId: id });
    const { items } = await get(`/invites/${id}/logs`);
    expect(items.map((entry: { inviteStatus: string }) => entry.inviteStatus)).toEqual([
      'LINKED',
      'WINK_WIDGET_OPENED',
      'LANDING_PAGE_OPENED',
      'EMAIL_OPENED',
      'INVITED',
    ]);
  });

  it('12: errors are Smile’s', async () => {
    const refused = async (...request: Parameters<RunningSmile['call']>) => {
      const { status, body } = await t.smile.call(...request);
      return `${status} ${body.code}`;
    };
    const pair = (text: string) => ({ authorization: `Basic ${btoa(text)}` });
    expect(await refused('GET', '/v1/users', undefined, pair('local-smile-key:wrong'))).toBe('400 INVALID_CREDENTIALS');
    expect(await refused('GET', '/v1/users', undefined, { authorization: '' })).toBe('401 INVALID_TOKEN');
    expect(await refused('GET', '/v1/users/local-0')).toBe('404 MISSING_RESOURCE');
    expect(await refused('GET', '/v1/users?size=151')).toBe('400 INVALID_PARAMETERS');
    expect(await refused('PATCH', '/v1/users/x')).toBe('501 UNSUPPORTED_METHOD');
    expect(await refused('POST', '/v1/users', 'text', { 'content-type': 'text/plain' })).toBe('415 UNSUPPORTED_TYPE');
    await t.smile.call('PATCH', '/__local/settings', { rateLimitPerSecond: 20 });
    // The second lasts as long as the requests take.
    vi.useFakeTimers({ toFake: ['Date'] });
    afterwards(() => void vi.useRealTimers());
    const answers = await Promise.all(Array.from({ length: 21 }, () => refused('GET', '/v1/providers')));
    expect(answers.filter((answer) => answer === '429 REQUEST_LIMIT_EXCEEDED')).toHaveLength(1);
  });
});
