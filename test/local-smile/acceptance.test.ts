import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { openWidget, startHostPage, told, toldInShort } from './host-page.ts';
import { inviteTemplate } from './invite-template.ts';
import { isSigned, startReceiver, type Receiver } from './receiver.ts';
import { eventually, type RunningSmile, startSmile } from './smile.ts';

const SECRET = 'the secret of these sequences';
let smile: RunningSmile;
let receiver: Receiver;
let host: Awaited<ReturnType<typeof startHostPage>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;

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
  receiver = await startReceiver();
  await smile.call('POST', '/__local/reset');
  const hook = { name: 'Ours', url: receiver.url, eventTypes: ['ALL_EVENTS'], active: true, secret: SECRET };
  await smile.call('POST', '/v1/webhooks', hook);
  context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await receiver.stop();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name });
const get = async (path: string) => (await smile.call('GET', `/v1${path}`)).body.data;

async function open(options: Record<string, unknown> = {}) {
  const user = await smile.newUser();
  await host.open(page, { userToken: user.accessToken, ...options });
  return user;
}

async function openAgain(userId: string, options: Record<string, unknown> = {}) {
  const { status, body } = await smile.call('POST', `/v1/tokens?userId=${userId}`);
  expect(status).toBe(201);
  await openWidget(page, { userToken: body.data.accessToken, ...options });
}

async function toLogin(provider: string) {
  await button('Agree and continue').click();
  await button(provider).click();
}

async function signIn(userName = 'George', password = '123456') {
  await page.getByLabel('User name').fill(userName);
  await page.getByLabel('Password').fill(password);
  await button('Sign in').click();
}

async function enterCode(code: string) {
  await page.getByLabel('Verification code').fill(code);
  await button('Verify').click();
}

/** The account that the widget created, as its page was told. */
async function accountId() {
  return eventually(async () => {
    const created = (await told(page)).find(([name]) => name === 'onAccountCreated');
    return (created?.[1] as { accountId: string } | undefined)?.accountId;
  });
}

async function link(userId: string, providerId = 'grab') {
  const login = { userId, providerId, userName: 'George', password: '123456' };
  const id = (await smile.call('POST', '/__local/accounts', login)).body.accountId as string;
  await smile.accountWhen(id, 'CONNECTED');
  await receiver.event('TASK_FINISHED');
  return id;
}

/** The types of the events that have arrived and are about this user, in the order they were sent. */
const typesOf = (userId: string) =>
  receiver.received.filter(({ event }) => event.data.userId === userId).map(({ event }) => event.type as string);

describe('the twelve sequences that a stand-in for Smile must reproduce', { timeout: 60_000 }, () => {
  it('1: a new user connects, without a second factor', async () => {
    await smile.call('PATCH', '/__local/settings', { connectDelayMs: 500 });
    const { userId } = await open();
    await receiver.event('USER_CREATED');
    await toLogin('Grab');
    await signIn();
    const id = await accountId();
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('PENDING');
    await heading('Grab is connected').waitFor();
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('CONNECTED');
    await button('Done').click();

    expect(await toldInShort(page)).toEqual([
      'ConsentPageOpened',
      'ProviderListPageOpened',
      'LoginPageOpened',
      'onAccountCreated',
      'ConnectSuccessPageOpened',
      'onAccountConnected',
      'onClose',
    ]);
    expect((await told(page)).at(-1)).toEqual(['onClose', { reason: 'exit' }]);
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
    await page.getByLabel('Verification code').waitFor();
    const id = await accountId();
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('AWAITING_MFA');
    await enterCode('9999');
    await page.getByRole('alert').filter({ hasText: 'did not accept the verification code' }).waitFor();
    expect((await told(page)).slice(-2)).toEqual([
      expect.arrayContaining(['onUIEvent', expect.objectContaining({ eventName: 'MfaPageOpened' })]),
      ['onAccountError', { accountId: id, userId, providerId: 'sss_ph', errorCode: 'INVALID_MFA' }],
    ]);
    expect((await get(`/accounts/${id}`)).connection).toMatchObject({ status: 'ERROR', errorCode: 'INVALID_MFA' });
    expect((await receiver.event('ACCOUNT_FAILED')).data).toMatchObject({ accountId: id, errorCode: 'INVALID_MFA' });

    await enterCode('1234');
    await heading('SSS is connected').waitFor();
    await smile.accountWhen(id, 'CONNECTED');
  });

  it('3: a wrong password fails, and the right one connects the same account', async () => {
    const { userId } = await open();
    await toLogin('Grab');
    await signIn('George', 'wrong');
    await button('Try again').waitFor();
    const id = await accountId();
    expect((await told(page)).at(-1)).toMatchObject(['onAccountError', { errorCode: 'INVALID_CREDENTIALS' }]);
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
    await smile.call('PATCH', '/__local/settings', { connectDelayMs: 3_600_000 });
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
      expect((await told(page)).at(-1)).toEqual(['onClose', { reason: 'close' }]);
      const { items } = await get(`/accounts?userId=${userId}`);
      expect(items.filter((account: { connectionStatus: string }) => account.connectionStatus === 'CONNECTED')).toEqual(
        [],
      );
    }
  });

  it('5: an expired token is told, and a new one works', async () => {
    const { userId } = await open();
    await button('Agree and continue').waitFor();
    await smile.call('POST', '/__local/expire', { userId });
    await toLogin('Grab');
    await signIn();
    await heading('This window has expired').waitFor();
    expect((await told(page)).at(-1)?.[0]).toBe('onTokenExpired');
    await button('Close').click();
    await openAgain(userId);
    await toLogin('Grab');
    await signIn();
    await heading('Grab is connected').waitFor();
  });

  it('6: a returning user sees what is connected, and revokes it', async () => {
    const { userId } = await smile.newUser();
    const id = await link(userId);
    await page.goto(host.origin);
    await openAgain(userId);
    await button('Agree and continue').click();
    await page.getByRole('listitem').filter({ hasText: 'Grab' }).getByText('Connected').waitFor();
    await button('Grab').click();
    await button('Disconnect').click();
    await button('Disconnect').click();
    await heading('Grab is disconnected').waitFor();
    expect((await toldInShort(page)).slice(-2)).toEqual(['AccountRevokePageOpened', 'onAccountRemoved']);
    expect((await receiver.event('ACCOUNT_DISCONNECTED')).data.accountId).toBe(id);
    expect((await get(`/accounts/${id}`)).connectionStatus).toBe('DISCONNECTED');
    expect((await get(`/identities?sourceId=${id}`)).items).toEqual([]);
    expect((await smile.call('GET', `/v1/accounts/${id}/payload`)).status).toBe(404);
  });

  it('7: the sample payslip is analysed, any other file ends in an error', async () => {
    const payslip = Buffer.from(await (await fetch(`${smile.origin}/__local/payslip.pdf`)).arrayBuffer());
    const { userId } = await open({ enableUpload: true });
    await button('Agree and continue').click();
    await button('I can’t find mine').click();
    await button('Payslip').click();

    await page
      .getByLabel('Payslip', { exact: true })
      .setInputFiles({ name: 'p.txt', mimeType: 'text/plain', buffer: payslip });
    await button('Send').click();
    await page.getByText('Choose a PDF, PNG or JPEG file').waitFor();
    const large = Buffer.alloc(15 * 1024 * 1024 + 1);
    await page
      .getByLabel('Payslip', { exact: true })
      .setInputFiles({ name: 'p.pdf', mimeType: 'application/pdf', buffer: large });
    await button('Send').click();
    await page.getByText('Choose a file of 15 MB at most').waitFor();
    expect(receiver.types()).not.toContain('ARCHIVE_STARTED');

    await page
      .getByLabel('Payslip', { exact: true })
      .setInputFiles({ name: 'p.pdf', mimeType: 'application/pdf', buffer: payslip });
    await button('Send').click();
    await heading('Your payslip is sent').waitFor();
    const uploads = (await told(page)).at(-1)?.[1] as { uploads: { id: string }[] };
    expect((await told(page)).at(-1)).toEqual([
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
    expect((await toldInShort(page)).slice(-4)).toEqual([
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
    await page.getByLabel('Front').setInputFiles(cat);
    await button('Send').click();
    await heading('Your company ID is sent').waitFor();
    const failed = (await receiver.event('ARCHIVE_FAILED')).data;
    expect((await get(`/archives/${failed.archiveId}`)).state.status).toBe('ERROR');
  });

  it('8: one provider without consent starts at its login', async () => {
    await open({ providers: ['sss_ph'], enableConsentPage: false });
    await heading('Sign in to SSS').waitFor();
    expect(await toldInShort(page)).toEqual(['LoginPageOpened']);
  });

  it('9: a receiver that fails is tried twice more, with the same event and a true signature', async () => {
    receiver.answerWith(500, 500);
    await smile.newUser();
    await eventually(() => receiver.received[2]);
    await smile.smile.close();
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
    for (const { headers, raw } of receiver.received) {
      expect(isSigned({ headers, raw }, SECRET)).toBe(true);
      const flipped = Buffer.from(raw);
      flipped[7] = (flipped[7] ?? 0) ^ 1;
      expect(isSigned({ headers, raw: flipped }, SECRET)).toBe(false);
    }
    await smile.call('POST', '/__local/reset');
  });

  it('10: a session of a site has its forms and its account, completes, and starts over', async () => {
    const { userId, accessToken } = await smile.newUser();
    const form = async (more: object) => (await smile.call('POST', '/__local/forms', { userId, ...more })).body;
    const data = { firstName: 'George', monthlyIncome: 10_000 };
    const first = await form({ name: 'Personal Information', data });
    await host.open(page, { userToken: accessToken });
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

    expect((await smile.call('POST', `/v1/users/${userId}/resetSession`)).status).toBe(200);
    expect((await receiver.event('USER_SESSION_RESET')).data.session.status).toBe('IN_PROGRESS');
    expect(await get(`/users/${userId}/payload`)).toMatchObject({ forms: [], accounts: [], archives: [] });
  });

  it('11: an invite is mailed, opened, landed on and linked', async () => {
    const template = (await smile.call('POST', '/v1/inviteTemplates', inviteTemplate)).body.data;
    const invitee = { fullName: 'George Palomero', firstName: 'George', email: 'g@acme.example' };
    const created = await smile.call('POST', '/v1/invites', { ...invitee, templateId: template.id });
    expect(created.status).toBe(201);
    const { id, userId, inviteLandingPageUrl } = created.body.data;
    await receiver.event('INVITE_INVITED');
    const [mail] = (await smile.call('GET', '/__local/outbox')).body.items;
    expect(mail).toMatchObject({ to: 'g@acme.example', subject: 'George, connect your account to XYZ Bank' });
    expect(mail.text).toContain(inviteLandingPageUrl);

    await page.goto(`${smile.origin}/__local/outbox/${mail.id}`);
    await page.getByRole('link').click();
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
      const { status, body } = await smile.call(...request);
      return `${status} ${body.code}`;
    };
    const pair = (text: string) => ({ authorization: `Basic ${btoa(text)}` });
    expect(await refused('GET', '/v1/users', undefined, pair('local-smile-key:wrong'))).toBe('400 INVALID_CREDENTIALS');
    expect(await refused('GET', '/v1/users', undefined, { authorization: '' })).toBe('401 INVALID_TOKEN');
    expect(await refused('GET', '/v1/users/local-0')).toBe('404 MISSING_RESOURCE');
    expect(await refused('GET', '/v1/users?size=151')).toBe('400 INVALID_PARAMETERS');
    expect(await refused('PATCH', '/v1/users/x')).toBe('501 UNSUPPORTED_METHOD');
    expect(await refused('POST', '/v1/users', 'text', { 'content-type': 'text/plain' })).toBe('415 UNSUPPORTED_TYPE');
    await smile.call('PATCH', '/__local/settings', { rateLimitPerSecond: 20 });
    const answers = await Promise.all(Array.from({ length: 41 }, () => refused('GET', '/v1/providers')));
    expect(answers).toContain('429 REQUEST_LIMIT_EXCEEDED');
  });
});
