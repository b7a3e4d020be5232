/** The Wink screen as the person sees it: success, failures, and the ways out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { png } from '../../helpers/samples/files.ts';
import { someOf } from '../../helpers/run/long.ts';
import { expectAccessible } from '../accessible.ts';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, QUICK, test } from '../site-test.ts';
import { button, heading, openForm, openLink, referenceOn, widgetOn, words } from '../walk.ts';

const FORMS = {
  single: `
title: One job
screens:
  - id: connect
    title: Connect your account
    wink: { require: connected }
    next: [{ when: { connect: failed }, go: payslip }]
  - { id: payslip, title: Then a payslip, next: done }
endings: [{ id: done, title: Thank you }]
`,
  strict: `
title: No way round
screens: [{ id: connect, title: Connect your account, wink: { require: connected } }]
endings: [{ id: done, title: Thank you }]
`,
  several: `
title: Two jobs
screens:
  - id: connect
    title: Connect your two jobs
    wink:
      - { title: Main job, require: connected }
      - { title: Side job, require: connected, sdk: v1 }
endings: [{ id: done, title: Thank you }]
`,
  payslip: `
title: A payslip
screens: [{ id: connect, title: Send a payslip, wink: { require: uploaded, template: wtpl-slip } }]
endings: [{ id: done, title: Thank you }]
`,
  paper: `
title: A paper
screens:
  - { id: paper, title: Your paper, fields: [{ id: scan, type: file, label: A scan }] }
endings: [{ id: done, title: Thank you }]
`,
  second: `
title: A name and a paper
screens:
  - { id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name, required: true }] }
  - { id: paper, title: Your paper, fields: [{ id: scan, type: file, label: A scan, required: true }] }
endings: [{ id: done, title: Thank you }]
`,
  reviewed: `
title: With a look at all of it
review: true
screens:
  - { id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name }] }
  - { id: connect, title: Your work account, wink: { require: connected, retrieve: [incomes] } }
endings: [{ id: done, title: Thank you }]
`,
  early: `
title: The account first
review: true
screens:
  - { id: connect, title: Your work account, wink: { require: connected, retrieve: [incomes] } }
  - { id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name }] }
endings: [{ id: done, title: Thank you }]
`,
  optional: `
title: The account, or not
review: true
screens:
  - id: connect
    title: Your work account
    wink: { require: connected }
    next: [{ when: { connect: [failed, skipped] }, go: about }]
  - { id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name }] }
endings: [{ id: done, title: Thank you }]
`,
  named: `
title: A name only
screens: [{ id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name }] }]
endings: [{ id: done, title: Thank you }]
`,
  seasonal: `
title: In season
screens:
  - { id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name }] }
  - { id: connect, title: Your work account, wink: { require: connected } }
endings: [{ id: done, title: Thank you }]
`,
  framed: `
title: In a frame
screens: [{ id: connect, title: Connect your account, wink: { require: connected, frame: true } }]
endings: [{ id: done, title: Thank you }]
`,
};

let own: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-linking-'));
  for (const [slug, yaml] of Object.entries(FORMS)) writeFileSync(path.join(folder, `${slug}.yaml`), yaml);
  own = await startSite({ FORMS_DIR: folder });
});
test.beforeEach(() => own.smile({ ...QUICK, tokenLifetimeSeconds: 18_000, fault: null }));
test.afterAll(async () => {
  await own.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = (page: Page, slug: string) => openForm(page, `${own.origin}/${slug}`);
/** Serves a widget in place of that of Smile. @param open the body of its function that opens the sign-in window */
const useWidget = (page: Page, open: string) =>
  page.route(/smile\.v2\.js/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `window.SmileLinkModal = class { open() { ${open} } }` }),
  );

/** For `useWidget`: makes a window that covers the page. */
const COVER = `
  const cover = document.createElement('div');
  cover.id = 'cover';
  cover.style = 'position: fixed; inset: 0; z-index: 9';`;

const connect = (page: Page) => button(page, words.en.connect);

async function connectAt(page: Page, provider = 'Grab'): Promise<void> {
  await page.getByRole('button', { name: words.en.connect }).first().click();
  const widget = widgetOn(page);
  await widget.signInAt(provider, '123456');
  await widget.press('Done');
}

interface Kept {
  id: string;
  token: string;
}

const keptOn = (page: Page, slug: string): Promise<Kept> =>
  page.evaluate((name) => JSON.parse(localStorage.getItem(name) ?? '{}') as Kept, `flipsite:${slug}`);

/** The events of the submission that the page is about; once it was sent, of the newest, as the browser keeps no id then. */
async function eventsOf(page: Page, slug: string) {
  const isSent = await page.evaluate((name) => sessionStorage.getItem(name) !== null, `flipsite:${slug}`);
  const { id } = isSent ? ((await own.submissions(slug))[0] ?? {}) : await keptOn(page, slug);
  return id ? own.events(id) : [];
}
const namesOf = async (page: Page, slug: string) => (await eventsOf(page, slug)).map(({ name }) => name);

test('an account is listed by the provider’s name, and can be disconnected after one question', async ({ page }) => {
  await open(page, 'strict');
  await connectAt(page);
  await expect(page.getByRole('status').filter({ hasText: 'Your work account is connected' })).toBeVisible();
  const account = page.getByRole('listitem').filter({ hasText: 'Grab' });
  await expect(account).toContainText('Connected');
  await expect(button(page, words.en.next)).toBeVisible();

  await account.getByRole('button', { name: 'Disconnect Grab' }).click();
  await expect(account).toContainText('Disconnect Grab? Smile deletes what it has read from it');
  await button(page, 'Keep it connected').click();
  await expect(account.getByRole('button', { name: 'Disconnect Grab' })).toBeVisible();

  await account.getByRole('button', { name: 'Disconnect Grab' }).click();
  await button(page, 'Yes, disconnect').click();
  await expect(account).toContainText('Disconnected');
  await expect(button(page, words.en.next)).toBeHidden();
  await expect(connect(page)).toBeVisible();
  await expect.poll(() => namesOf(page, 'strict')).toContain('ACCOUNT_DISCONNECTED');

  await connectAt(page, 'ABC Corporation');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
});

test('a person who comes back to the page of a form that closed long ago reads that, and connects nothing', async ({
  page,
}) => {
  await open(page, 'seasonal');
  await page.getByRole('textbox', { name: 'Full name' }).fill('Ana');
  await button(page, words.en.next).click();
  await expect(page.getByRole('status').filter({ hasText: 'Your answers are saved.' })).toBeVisible();
  writeFileSync(path.join(folder, 'seasonal.yaml'), `${FORMS.seasonal}limits: { closes: 2020-12-31 }\n`);
  await expect.poll(async () => (await fetch(`${own.origin}/seasonal`)).status).toBe(403);
  await connect(page).click();
  await expect(heading(page, 'In season')).toBeVisible();
  await expect(page.getByText('This form is closed. It closed on December 31, 2020.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('an account whose disconnection had no answer is listed as disconnected soon', async ({ page }) => {
  await open(page, 'strict');
  await connectAt(page);
  await page.route('**/accounts/*', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByRole('button', { name: 'Disconnect Grab' }).click();
  await button(page, 'Yes, disconnect').click();
  const account = page.getByRole('listitem');
  await expect(account).toContainText('Something went wrong, and Grab may still be connected.');
  await expect(account).toContainText('Disconnected');
  await expect(account).not.toContainText('Something went wrong');
});

test('while Smile is down disconnecting says so, and the account stays connected @long', async ({ page }) => {
  await open(page, 'strict');
  await connectAt(page);
  await own.smile({ fault: { path: '/v1/accounts', status: 500 } });
  await page.getByRole('button', { name: 'Disconnect Grab' }).click();
  await button(page, 'Yes, disconnect').click();
  await expect(page.getByRole('listitem')).toContainText('Something went wrong, and Grab may still be connected.');
  await own.smile({ fault: null });
  await button(page, 'Yes, disconnect').click();
  await expect(page.getByRole('listitem')).toContainText('Disconnected');
});

test('each error code has a message with the event, the provider and the remedy @long', async ({ page }) => {
  const codes = {
    ACCOUNT_DISABLED: 'Ask Grab to enable it',
    ACCOUNT_INACCESSIBLE: 'Sign in on its website or app to see why',
    ACCOUNT_INCOMPLETE: 'Finish that on the website or app of Grab',
    ACCOUNT_LOCKED: 'Grab has locked this account. Unlock it',
    AUTH_REQUIRED: 'did not reach Grab. Try again',
    EXPIRED_CREDENTIALS: 'Your password at Grab has expired',
    INVALID_ACCOUNT_TYPE: 'Connect the one that you work with',
    INVALID_AUTH: 'This is not your fault',
    INVALID_CREDENTIALS: 'Grab did not accept the user name or password',
    INVALID_MFA: 'Try again with the newest code',
    MFA_TIMEOUT: 'came too late for Grab',
    SERVICE_UNAVAILABLE: 'Grab is not answering right now',
    SYSTEM_ERROR: 'Smile, which makes the connection, has a problem',
    TOS_REQUIRED: 'accept its terms first',
    UNSUPPORTED_AUTH_TYPE: 'Try again with a user name and password',
    UNSUPPORTED_MFA_METHOD: 'such as a code by text message',
  };
  await open(page, 'strict');
  await connect(page).click();
  const widget = widgetOn(page);
  await widget.press('Agree and continue');
  expect(Object.keys(codes)).toHaveLength(16);
  for (const [code, sentence] of someOf(Object.entries(codes), 2)) {
    await widget.press('Grab');
    await widget.dialog.getByRole('textbox', { name: 'User name' }).fill(`err:${code}`);
    await widget.dialog.getByLabel('Password', { exact: true }).fill('123456');
    await widget.press('Sign in');
    await widget.press('Exit');
    await expect(page.getByRole('alert')).toContainText(sentence);
    await expect(page.getByRole('alert')).toContainText('Nothing was shared. Your answers are saved.');
    await button(page, words.en.retry).click();
    await widget.press('Agree and continue');
  }
});

test('answers that the server does not have are not called saved beside an error, nor by the link to finish later @long', async ({
  page,
}) => {
  await open(page, 'reviewed');
  await page.route('**/answers', (route) => route.abort());
  await page.getByLabel('Full name').fill('Ana');
  await button(page, 'Continue').click();
  await connect(page).click();
  const failure = page.getByRole('alert').filter({ hasText: 'We can’t open the sign-in window right now.' });
  await expect(failure).not.toContainText('saved');
  await button(page, 'Finish later').click();
  const panel = page.locator('#later');
  await expect(panel).toContainText('Keep this page open, and we keep trying.');
  await expect(panel).not.toContainText('kept');

  await page.unroute('**/answers');
  await expect(page.getByRole('status').filter({ hasText: 'Your answers are saved.' })).toBeVisible();
  await expect(panel).toContainText('Your answers are kept.');
  await button(page, words.en.retry).click();
  await expect(failure).toBeHidden();
});

test('a person without a submission gets no link to continue elsewhere, and one with it does', async ({ page }) => {
  await open(page, 'strict');
  await page.route('**/submissions', (route) => route.abort());
  await connect(page).click();
  const failure = page.getByRole('alert').filter({ hasText: 'We can’t open the sign-in window right now.' });
  await expect(failure).toBeVisible();
  const elsewhere = page.getByText('Continue in another browser or on another device');
  await expect(elsewhere).toHaveCount(0);
  await page.unroute('**/submissions');
  await page.route('**/link-token', (route) => route.abort());
  await button(page, words.en.retry).click();
  await expect(elsewhere).toBeVisible();
  await elsewhere.click();
  expect(await page.getByRole('textbox', { name: 'Copy the link' }).inputValue()).not.toContain('undefined');
});

test('an account that only a webhook reports is shown too @long', async ({ page }) => {
  await open(page, 'strict');
  await connect(page).click();
  const widget = widgetOn(page);
  await own.smile({ connectDelayMs: 3_000 });
  await widget.press('Agree and continue');
  await widget.press('Grab');
  await widget.signIn('123456');
  await expect.poll(() => namesOf(page, 'strict')).toContain('onAccountCreated');
  // Closed before the provider has decided, so no callback will tell.
  await widget.press('Close');
  await expect(page.getByRole('status').filter({ hasText: 'is checking your details' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Your work account is connected' })).toBeVisible();
  expect(await namesOf(page, 'strict')).not.toContain('onAccountConnected');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
});

test('a person who closes the window before the code reads that the code is missing @long', async ({ page }) => {
  await open(page, 'strict');
  await connect(page).click();
  const widget = widgetOn(page);
  await widget.signInAt('Upwork', '123456');
  await expect(widget.dialog.getByRole('textbox', { name: 'Verification code' })).toBeVisible();
  await widget.press('Close');
  await expect(page.getByRole('status').filter({ hasText: 'has sent you a verification code' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Upwork' })).toContainText('Waiting for your code');
});

test('several widgets are opened one at a time, and the way on is there once each is met @long', async ({ page }) => {
  await open(page, 'several');
  const side = page.getByRole('heading', { name: 'Side job' }).locator('..');
  await button(side, `${words.en.connect} Side job`).click();
  const widget = widgetOn(page);
  await widget.signInAt('Grab', '123456');
  await widget.press('Done');
  await expect(side.getByRole('listitem')).toContainText('Grab');
  await expect(button(page, words.en.next)).toBeHidden();

  await connectAt(page, 'ABC Corporation');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const issued = (await eventsOf(page, 'several')).filter(({ name }) => name === 'linkTokenIssued');
  expect(issued.map(({ data }) => data)).toEqual([{ screen: 'connect', widget: 1 }, { screen: 'connect' }]);
});

test('an error does not say that nothing was shared where another account is connected @long', async ({ page }) => {
  await open(page, 'several');
  await connectAt(page, 'ABC Corporation');
  await button(page, `${words.en.connect} Side job`).click();
  const widget = widgetOn(page);
  await widget.press('Agree and continue');
  await widget.press('Grab');
  await widget.dialog.getByRole('textbox', { name: 'User name' }).fill('err:ACCOUNT_LOCKED');
  await widget.dialog.getByLabel('Password', { exact: true }).fill('123456');
  await widget.press('Sign in');
  await widget.press('Exit');
  await expect(page.getByRole('alert')).toContainText('Your answers are saved.');
  await expect(page.getByText('Nothing was shared')).toBeHidden();
});

test('two launches at once open one window @long', async ({ page }) => {
  await open(page, 'several');
  const both = page.getByRole('button', { name: words.en.connect });
  await expect(both).toHaveCount(2);
  await both.evaluateAll((buttons) => buttons.forEach((one) => (one as HTMLButtonElement).click()));
  const widget = widgetOn(page);
  await widget.signInAt('Grab', '123456');
  await expect(page.locator('[data-smile-widget]')).toHaveCount(1);
  await widget.press('Done');
  await expect(page.getByRole('heading', { name: 'Side job' }).locator('..').getByRole('listitem')).toContainText(
    'Grab',
  );
  const issued = (await eventsOf(page, 'several')).filter(({ name }) => name === 'linkTokenIssued');
  expect(issued.map(({ data }) => data)).toEqual([{ screen: 'connect', widget: 1 }]);
});

test.describe('where the window does not come', () => {
  test('a blocked script gets a message and an event, and ways to continue: again, elsewhere, without', async ({
    page,
  }) => {
    await page.route(/smile\.v2\.js/, (route) => route.abort('blockedbyclient'));
    await open(page, 'single');
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('Turn off ad blockers for this page');
    await page.getByText('Continue in another browser or on another device').click();
    await expect(page.getByRole('textbox', { name: 'Copy the link' })).toHaveValue(/#resume=/);
    await expect(page.getByText('Or scan this with the camera of another phone:')).toBeVisible();
    // The form’s rule names `failed`, and the server agrees that this is one.
    await button(page, words.en.without).click();
    await expect(heading(page, 'Then a payslip')).toBeVisible();
    expect((await eventsOf(page, 'single')).find(({ name }) => name === 'widgetBlocked')?.data).toEqual({
      screen: 'connect',
      why: 'blocked',
    });
  });

  test('a script that never arrives is given up after a while, and may be tried again @long', async ({ page }) => {
    let hold = true;
    await page.route(/smile\.v2\.js/, (route) => (hold ? undefined : route.continue()));
    await open(page, 'strict');
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('takes very long to load', { timeout: 30_000 });
    hold = false;
    await page.reload();
    await connect(page).click();
    await expect(widgetOn(page).dialog).toBeVisible();
  });

  test('a widget that breaks while it opens is contained @long', async ({ page }) => {
    await useWidget(page, 'throw new Error()');
    await open(page, 'strict');
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('The sign-in window did not start');
    await expect(button(page, words.en.retry)).toBeEnabled();
  });

  test('a widget that stays empty and silent gets a message @long', async ({ page }) => {
    await useWidget(page, '');
    await open(page, 'strict');
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('did not appear', { timeout: 25_000 });
  });

  test('a blocked pop-up gets a message', async ({ page }) => {
    await useWidget(page, 'window.open("about:blank")');
    await page.addInitScript(() => (window.open = () => null));
    await open(page, 'strict');
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('Allow pop-up windows for this page');
  });

  test('Back closes the window also where a pop-up of it was blocked', async ({ page }) => {
    await useWidget(page, `${COVER} document.body.append(cover); setTimeout(() => window.open('about:blank'), 300);`);
    await page.addInitScript(() => (window.open = () => null));
    await open(page, 'reviewed');
    await button(page, words.en.next).click();
    await connect(page).click();
    const blocked = page.getByText('Allow pop-up windows for this page');
    await expect(blocked).toBeVisible();
    const cover = page.locator('#cover');
    await expect(cover).toHaveCount(1);
    await page.evaluate(() => history.back());
    await expect(cover).toHaveCount(0);
    await expect(blocked).toBeVisible();
  });

  test('Back closes the window also where it came so late that the page said it did not appear @long', async ({
    page,
  }) => {
    await useWidget(page, `${COVER} setTimeout(() => document.body.append(cover), 16_000);`);
    await open(page, 'reviewed');
    await button(page, words.en.next).click();
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('did not appear', { timeout: 25_000 });
    const cover = page.locator('#cover');
    await expect(cover).toHaveCount(1);
    const at = page.url();
    await page.evaluate(() => history.back());
    await expect(cover).toHaveCount(0);
    await expect(page).toHaveURL(at);
    await expect(page.getByRole('alert')).toContainText('did not appear');
  });

  test('a person without a network reads a message, and can continue once back', async ({ page, context }) => {
    await open(page, 'strict');
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('You are offline');
    await context.setOffline(false);
    await connect(page).click();
    await expect(widgetOn(page).dialog).toBeVisible();
  });

  test('a person who is connected reads why no window opens for a further account', async ({ page, context }) => {
    await open(page, 'strict');
    await connectAt(page, 'ABC Corporation');
    await expect(page.getByText('Your work account is connected')).toBeVisible();
    await context.setOffline(true);
    await button(page, 'Add another account').click();
    await expect(page.getByRole('alert')).toHaveText(/^You are offline/);
    await expect(button(page, words.en.next)).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByRole('alert')).toBeHidden();
  });

  test('a person who has connected the account elsewhere does not read why no window opened before', async ({
    page,
    context,
  }) => {
    await page.route(/smile\.v2\.js/, (route) => route.abort('blockedbyclient'));
    await open(page, 'strict');
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('Turn off ad blockers for this page');
    const other = await context.newPage();
    await open(other, 'strict');
    await connectAt(other, 'ABC Corporation');
    await expect(page.getByText('Your work account is connected')).toBeVisible();
    await expect(page.getByRole('alert')).toBeHidden();
    await button(page, 'Add another account').click();
    await expect(page.getByRole('alert')).toContainText('Turn off ad blockers for this page');
    // The same once more, after the account is disconnected.
    await button(page, 'Disconnect ABC Corporation').click();
    await button(page, 'Yes, disconnect').click();
    await expect(page.getByRole('alert')).toContainText('Turn off ad blockers for this page');
    await connectAt(other, 'Grab');
    await expect(page.getByText('Your work account is connected')).toBeVisible();
    await expect(page.getByRole('alert')).toBeHidden();
  });

  test('inside another app the person is led to their own browser', async ({ browser }) => {
    const context = await browser.newContext({ userAgent: 'Mozilla/5.0 (Linux; Android 14; wv) FBAN/FB4A' });
    const page = await context.newPage();
    await page.route(/smile\.v2\.js/, (route) => route.abort());
    await open(page, 'strict');
    await connect(page).click();
    await expect(page.getByText('You are inside another app')).toBeVisible();
    const link = page.getByRole('textbox', { name: 'Copy the link' });
    await expect(link).toBeVisible();

    await refuseClipboard(page);
    await button(page, 'Copy the link').click();
    await expect(button(page, 'Copied')).toBeVisible();
    await expect(page).toHaveTitle(await link.inputValue());
    await context.close();
  });
});

/** Refuses the clipboard, as browsers inside apps do, and shows each copied text as the title. */
const refuseClipboard = (page: Page) =>
  page.evaluate(() => {
    navigator.clipboard.writeText = async () => Promise.reject(new Error('refused'));
    document.addEventListener('copy', () => (document.title = String(getSelection())));
  });

test('callbacks without sense are recorded, and the person can continue @long', async ({ page }) => {
  await page.route(/smile\.v2\.js/, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `window.SmileLinkModal = class {
        constructor(options) { this.options = options; }
        open() {
          const { options } = this, circle = {};
          circle.circle = circle;
          options.onAccountCreated();
          options.onAccountConnected({ accountId: { no: 'text' }, userId: null });
          options.onAccountError({ accountId: 'a-1', errorCode: 7 });
          options.onUploadsCreated({ uploads: 'x'.repeat(5e6), userId: 'u' });
          options.onUIEvent(circle);
          options.onClose('exit');
        }
      };`,
    }),
  );
  await open(page, 'strict');
  await connect(page).click();
  await expect.poll(() => namesOf(page, 'strict')).toContain('onClose');
  const said = Object.fromEntries((await eventsOf(page, 'strict')).map(({ name, data }) => [name, data]));
  expect(said).toMatchObject({
    onAccountCreated: { screen: 'connect' },
    onUploadsCreated: { tooLarge: true, userId: 'u', screen: 'connect' },
    onUIEvent: { unreadable: true },
    onClose: { reason: 'exit' },
  });
  await page.unroute(/smile\.v2\.js/);
  await page.reload();
  await page.getByRole('button', { name: /Try again|Connect your work account/ }).click();
  await expect(widgetOn(page).dialog).toBeVisible();
});

/** Sends the form from elsewhere, with the submission that the page has. */
async function sendElsewhere(page: Page, slug: string, screen: string): Promise<void> {
  const { id, token } = await keptOn(page, slug);
  for (const [method, what, body] of [
    ['PUT', 'answers', { screen, answers: {} }],
    ['POST', 'submit', {}],
  ] as const) {
    const response = await fetch(`${own.origin}/api/submissions/${id}/${what}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  }
}

test('the reference can be copied where the browser refuses the clipboard', async ({ page }) => {
  await open(page, 'paper');
  await button(page, words.en.send).click();
  const reference = await referenceOn(page);
  await refuseClipboard(page);
  await button(page, 'Copy').click();
  await expect(button(page, 'Copied')).toBeVisible();
  await expect(page).toHaveTitle(reference);
});

test('a file that is removed is not called uploaded any more', async ({ page }) => {
  await open(page, 'paper');
  await page
    .locator('[type=file]')
    .setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: Buffer.from(png()) });
  const status = page.locator('#status');
  await expect(status).toHaveText('scan.png uploaded');
  await button(page, 'Remove scan.png').click();
  await expect(status).toHaveText('');
});

test('removing a file leaves the note about answers that wait', async ({ page, context }) => {
  await open(page, 'second');
  await page.getByLabel('Full name').fill('Ana');
  await button(page, words.en.next).click();
  await page
    .locator('[type=file]')
    .setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: Buffer.from(png()) });
  await expect(page.locator('[data-stored]')).toBeVisible();
  await button(page, words.en.back).click();
  await page.getByLabel('Full name').fill('Ana Ruiz');
  await context.setOffline(true);
  await button(page, words.en.next).click();
  const status = page.locator('#status');
  await expect(status).toContainText('You are offline.');
  await button(page, 'Remove scan.png').click();
  // At once: the next try to save brings the note back.
  expect(await status.textContent()).toContain('You are offline.');
  await expect(button(page, 'Remove scan.png')).toBeHidden();
});

test('sends a file that is chosen before the page can take it', async ({ page }) => {
  let load = () => {};
  const loaded = new Promise<void>((resolve) => (load = resolve));
  await page.route('**/assets/**', async (route) => {
    await loaded;
    await route.continue();
  });
  await open(page, 'paper');
  const early = { name: 'early.png', mimeType: 'image/png', buffer: png() };
  await page.locator('input[type=file]').setInputFiles(early);
  load();
  await expect(page.locator('[data-stored]')).toContainText('early.png');
});

test.describe('a form that was sent from another device', () => {
  test('gives a message to a person who opens the window @long', async ({ page }) => {
    await open(page, 'single');
    await connectAt(page);
    await expect(button(page, words.en.next)).toBeVisible();
    await sendElsewhere(page, 'single', 'connect');
    await button(page, 'Add another account').click();
    await expect(heading(page, /^This form was sent on /)).toBeVisible();
    await expect(page.getByText('Keep this reference')).toBeVisible();
  });

  test('gives a message to a person who removes a file @long', async ({ page }) => {
    await open(page, 'paper');
    const choose = (name: string) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer: png() });
    await choose('one.png');
    await expect(page.locator('[data-stored]')).toHaveCount(1);
    await sendElsewhere(page, 'paper', 'paper');
    await button(page, 'Remove one.png').click();
    await expect(heading(page, /^This form was sent on /)).toBeVisible();
  });
});

test('a submission that the server no longer knows starts again @long', async ({ page }) => {
  await open(page, 'strict');
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('flipsite:strict') ?? '{}') as object;
    localStorage.setItem('flipsite:strict', JSON.stringify({ ...kept, id: crypto.randomUUID(), token: 'forgotten' }));
  });
  await page.reload();
  await connectAt(page);
  await expect(page.getByRole('listitem')).toContainText('Grab');
});

test('an account that is connected after the submission was deleted is not called connected', async ({ page }) => {
  await open(page, 'optional');
  await connect(page).click();
  const widget = widgetOn(page);
  await expect(button(widget.dialog, 'Agree and continue')).toBeVisible();
  const { id } = await keptOn(page, 'optional');
  await own.erase(id);
  await expect.poll(async () => (await keptOn(page, 'optional')).id).not.toBe(id);
  await widget.signInAt('Grab', '123456');
  await widget.press('Done');
  await expect(button(page, words.en.retry)).toBeVisible();
  await expect(page.getByText('Grab')).toBeHidden();
});

test('further presses on a Wink screen wait with the first one, while reports of the page are on a slow network', async ({
  page,
}) => {
  await open(page, 'optional');
  const { promise: slow, resolve: answer } = Promise.withResolvers<void>();
  await page.route('**/events', async (route) => {
    await slow;
    await route.continue();
  });
  await connectAt(page);
  const { id } = await keptOn(page, 'optional');
  await button(page, words.en.next).click();
  await expect(button(page, words.en.next)).toBeDisabled();
  await expect(page.locator('#status')).toHaveText('One moment');
  answer();
  await expect(heading(page, 'About you')).toBeVisible();
  expect((await own.events(id)).filter(({ name }) => name === 'screenLeft')).toHaveLength(1);
});

test('a person who goes back from a Wink screen before its Continue is answered stays where they are', async ({
  page,
}) => {
  await open(page, 'reviewed');
  await page.getByLabel('Full name').fill('Ana Ruiz');
  await button(page, words.en.next).click();
  await connectAt(page);
  const { promise: slow, resolve: answer } = Promise.withResolvers<void>();
  await page.route('**/answers', async (route) => {
    await slow;
    await route.continue();
  });
  const isLeft = page.waitForResponse('**/answers');
  await button(page, words.en.next).click();
  await page.goBack();
  await expect(page.getByLabel('Full name')).toBeVisible();
  answer();
  await isLeft;
  await expect(page.locator('form')).not.toHaveAttribute('aria-busy', 'true');
  await expect(page.getByLabel('Full name')).toBeVisible();
  await button(page, words.en.next).click();
  await expect(page.getByRole('listitem')).toContainText('Grab');
});

test('an account that went with the submission is not listed, and the person decides about it again', async ({
  page,
}) => {
  await open(page, 'optional');
  await connectAt(page);
  await button(page, words.en.next).click();
  await page.getByLabel('Full name').fill('Ana Ruiz');
  await button(page, words.en.next).click();
  await expect(page.locator('#s-review dd')).toHaveText(['Connected', 'Ana Ruiz']);
  const { id } = await keptOn(page, 'optional');
  await own.erase(id);
  await button(page, words.en.send).click();
  await expect(heading(page, 'Your work account')).toBeVisible();
  await expect(connect(page)).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Grab' })).toBeHidden();
  await button(page, 'I can’t connect now').click();
  await expect(heading(page, 'About you')).toBeVisible();
  await button(page, words.en.next).click();
  await expect(page.locator('#s-review dd')).toHaveText(['Ana Ruiz']);
  await button(page, words.en.send).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await own.submissions('optional');
  expect(sent?.id).not.toBe(id);
  expect(sent?.answers).toMatchObject({ full_name: 'Ana Ruiz' });
});

test('an account that goes while its screen is shown is not kept on the screen, and the person decides again', async ({
  page,
}) => {
  await open(page, 'optional');
  await connectAt(page);
  await expect(page.getByRole('listitem')).toContainText('Grab');
  await own.erase((await keptOn(page, 'optional')).id);
  await button(page, words.en.next).click();
  await expect(connect(page)).toBeVisible();
  await expect(button(page, 'I can’t connect now')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Grab' })).toBeHidden();
  await connectAt(page);
  await button(page, words.en.next).click();
  await expect(heading(page, 'About you')).toBeVisible();
});

test('a change in the last screen while it is sent does not stop the sending', async ({ page }) => {
  await open(page, 'named');
  await page.getByLabel('Full name').fill('Ana');
  await page.route(/\/answers$/, async (route) => {
    await page.getByLabel('Full name').fill('Ana Ruiz');
    await route.continue();
  });
  await button(page, words.en.send).click();
  await expect(page.getByText('Your last change was not sent.')).toBeVisible();
});

test('the pressed button stays in its place while the window opens, and the result takes the place of the list of data @long', async ({
  page,
}) => {
  await open(page, 'reviewed');
  await button(page, words.en.next).click();
  const facts = page.getByText('We ask for your pay.');
  await expect(facts).toBeVisible();
  await expect(connect(page)).toBeVisible();
  const before = await connect(page).boundingBox();
  await own.smile({ fault: { path: '/v1/users', status: 503, hangMs: 1_000 } });
  await connect(page).click();
  await expect(page.getByRole('status').filter({ hasText: 'Opening the sign-in window' })).toBeVisible();
  expect(await connect(page).boundingBox()).toEqual(before);
  await expect(page.getByRole('alert')).toContainText('We can’t open the sign-in window right now');
  await expect(facts).toBeHidden();
});

test('the linked account is among the answers on another device too', async ({ page, browser }) => {
  await open(page, 'early');
  await connectAt(page);
  await button(page, words.en.next).click();
  await expect(heading(page, 'About you')).toBeVisible();
  const kept = await page.evaluate(() => localStorage.getItem('flipsite:early') ?? '');
  const { id, token } = JSON.parse(kept) as { id: string; token: string };
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await openLink(other, `${own.origin}/early#resume=${id}.${token}`);
  await other.getByLabel('Full name').fill('Ana Ruiz');
  await button(other, words.en.next).click();
  await expect(heading(other, 'Check your answers')).toBeVisible();
  await expect(other.locator('#s-review dd')).toHaveText(['Connected', 'Ana Ruiz']);
  await elsewhere.close();
});

test('the linked account is among the answers before they are sent, and can be changed', async ({ page }) => {
  await open(page, 'reviewed');
  await page.getByLabel('Full name').fill('Ana Ruiz');
  await button(page, words.en.next).click();
  await connectAt(page);
  await expect(page.getByRole('listitem')).toContainText('Grab');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByRole('term')).toHaveText(['Full name', 'Grab']);
  await expect(page.getByRole('definition')).toHaveText(['Ana Ruiz', 'Connected']);
  await page.getByRole('button', { name: 'Change Your work account' }).click();
  await expect(page.getByRole('listitem')).toContainText('Grab');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await button(page, words.en.send).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
});

test('a payslip that is sent meets `uploaded`, and the way on is open @long', async ({ page }) => {
  await fetch(`${own.origin}/local-smile/__local/winkTemplates`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'wtpl-slip', enableUpload: true }),
  });
  const sample = await (await fetch(`${own.origin}/local-smile/__local/payslip.pdf`)).arrayBuffer();
  await open(page, 'payslip');
  await button(page, 'Upload your documents').click();
  const widget = widgetOn(page);
  await widget.press('Close');
  await expect(page.getByRole('alert')).toHaveText('Upload your documentsYour answers are saved.');
  await button(page, words.en.retry).click();
  await widget.press('Agree and continue');
  await widget.press('I can’t find mine');
  await widget.press('Payslip');
  const slip = { name: 'slip.pdf', mimeType: 'application/pdf', buffer: Buffer.from(sample) };
  await widget.dialog.getByLabel('Payslip', { exact: true }).setInputFiles(slip);
  await widget.press('Send');
  await expect(widget.dialog.getByRole('heading', { name: 'Your payslip is sent' })).toBeVisible();
  await widget.press('Close');
  await expect(page.getByRole('status').filter({ hasText: 'Your documents are uploaded' })).toBeVisible();
  await expect(button(page, 'Upload another document')).toBeVisible();
  await button(page, words.en.next).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await own.submissions('payslip');
  const left = (await own.events(sent?.id ?? '')).find(({ name }) => name === 'screenLeft');
  expect(left?.data).toEqual({ screen: 'connect', state: 'uploaded', next: { ending: 'done' } });
});

test('a click in progress is not lost when the list of accounts arrives @long', async ({ page }) => {
  await open(page, 'single');
  await connectAt(page);
  await page.getByRole('button', { name: 'Disconnect Grab' }).click();
  await button(page, 'Yes, disconnect').click();
  await expect(page.getByRole('listitem')).toContainText('Disconnected');
  const listed = Promise.withResolvers<void>();
  await page.route(/assets\/linked-/, (route) => listed.promise.then(() => route.continue()));
  await page.reload();
  await connect(page).hover();
  await page.mouse.down();
  listed.resolve();
  await expect(page.getByRole('listitem')).toContainText('Disconnected');
  await page.mouse.up();
  await expect(widgetOn(page).dialog).toBeVisible();
});

test('every state of the screen can be used by everyone @long', async ({ page }) => {
  await open(page, 'single');
  await expectAccessible(page, 'before');
  await connectAt(page);
  await expect(page.getByRole('listitem')).toContainText('Grab');
  await expectAccessible(page, 'connected');
  await page.getByRole('button', { name: 'Disconnect Grab' }).click();
  await expectAccessible(page, 'asked about disconnecting');
  await button(page, 'Yes, disconnect').click();
  await expect(page.getByRole('listitem')).toContainText('Disconnected');
  await expectAccessible(page, 'disconnected');
  await page.route(/smile\.v2\.js/, (route) => route.abort());
  await page.reload();
  await connect(page).click();
  await page.getByText('Continue in another browser or on another device').click();
  await expect(page.getByText('Or scan this')).toBeVisible();
  await expectAccessible(page, 'blocked');
});

test.describe('in a sandboxed frame', () => {
  test('the widget works, and the page allows no script but its own', async ({ page }) => {
    const response = await page.goto(`${own.origin}/framed`);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).toContain("frame-src 'self'");
    await page.locator('form[data-ready]').waitFor();
    await connect(page).click();
    const widget = widgetOn(page.frameLocator('iframe'));
    await widget.signInAt('Grab', '123456');
    await widget.press('Done');
    await expect(page.locator('iframe')).toHaveCount(0);
    await expect(page.getByRole('listitem')).toContainText('Grab');
    await button(page, words.en.next).click();
    await expect(heading(page, 'Thank you')).toBeVisible();
    const told = (await eventsOf(page, 'framed')).filter(({ source }) => source === 'widget').map(({ name }) => name);
    expect(told).toEqual(expect.arrayContaining(['onAccountCreated', 'onAccountConnected', 'onUIEvent', 'onClose']));
  });

  test('the widget sees nothing of the page: no storage, no parent', async ({ page }) => {
    await page.route(/smile\.v2\.js/, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: `window.SmileLinkModal = class {
          constructor(options) { this.options = options; }
          open() {
            const tries = { storage: () => localStorage.length, parent: () => parent.document.title };
            const seen = Object.entries(tries).filter(([, look]) => { try { look(); return true; } catch { return false; } });
            this.options.onClose({ reason: 'exit', origin: window.origin, seen: seen.map(([name]) => name) });
          }
        };`,
      }),
    );
    await open(page, 'framed');
    await connect(page).click();
    await expect.poll(() => namesOf(page, 'framed')).toContain('onClose');
    const closed = (await eventsOf(page, 'framed')).find(({ name }) => name === 'onClose');
    expect(closed?.data).toMatchObject({ origin: 'null', seen: [] });
  });

  test('a blocked script gets a message, and no frame covers the page @long', async ({ page }) => {
    await page.route(/smile\.v2\.js/, (route) => route.abort());
    await open(page, 'framed');
    await connect(page).click();
    await expect(page.getByRole('alert')).toContainText('The sign-in window was blocked');
    await expect(page.locator('iframe')).toHaveCount(0);
    await button(page, words.en.retry).click();
    await expect(page.getByRole('alert')).toContainText('The sign-in window was blocked');
  });
});
