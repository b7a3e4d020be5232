/** An account that Flipsite disconnects after reading it: the person sees that it worked, and can continue. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, QUICK, test } from '../site-test.ts';
import { button, heading, openForm, openLink, widgetOn, words } from '../walk.ts';

const WINK = '{ require: connected, retrieve: [identities], revoke: after_retrieval }';

const FORMS = {
  once: `
title: Read once
languages: [en, es]
screens: [{ id: connect, title: { en: Connect your account, es: Conecta tu cuenta }, wink: ${WINK} }]
endings: [{ id: done, title: { en: Thank you, es: Gracias } }]
`,
  reviewed: `
title: Read once, with a review
review: true
screens:
  - { id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name }] }
  - { id: connect, title: Connect your account, wink: ${WINK} }
endings: [{ id: done, title: Thank you }]
`,
};

let own: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-revoked-'));
  for (const [slug, yaml] of Object.entries(FORMS)) writeFileSync(path.join(folder, `${slug}.yaml`), yaml);
  own = await startSite({ FORMS_DIR: folder });
  await own.smile(QUICK);
});
test.afterAll(async () => {
  await own.stop();
  rmSync(folder, { recursive: true, force: true });
});

const WAS_CONNECTED = 'You connected your work account';
const WAS_READ = 'We have read your data and disconnected the account.';

const account = (page: Page) => page.getByRole('listitem').filter({ hasText: 'Grab' });

/** Waits until Flipsite has disconnected the account of the newest submission. */
const revoked = (slug: string) =>
  expect
    .poll(async () => {
      const [newest] = await own.submissions(slug);
      return newest && (await own.events(newest.id)).map(({ name }) => name);
    })
    .toContain('accountRevoked');

/**
 * Connects an account, and stays on the widget's last page until Flipsite has disconnected it.
 * @param whenOpen called when the widget is open
 */
async function connectAndStay(page: Page, slug: string, whenOpen?: () => Promise<void>) {
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await expect(button(widget.dialog, 'Agree and continue')).toBeVisible();
  await whenOpen?.();
  await widget.signInAt('Grab', '123456');
  await expect(button(widget.dialog, 'Done')).toBeVisible();
  await revoked(slug);
  return widget;
}

async function expectDone(page: Page): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: WAS_CONNECTED })).toBeVisible();
  await expect(account(page)).toContainText(WAS_READ);
  await expect(account(page).getByRole('button')).toHaveCount(0);
  await expect(button(page, words.en.connect)).toBeHidden();
  await expect(button(page, words.en.next)).toBeVisible();
}

test('after a long look at the widget’s last page, the person sees that it worked and continues @long', async ({
  page,
}) => {
  await openForm(page, `${own.origin}/once`);
  const widget = await connectAndStay(page, 'once');
  // The page learns it while the widget is open.
  await page.waitForResponse(async (response) => /\/accounts$/.test(response.url()) && (await response.text()).includes('DISCONNECTED')); // prettier-ignore
  await widget.press('Done');
  await expectDone(page);
  await page.reload();
  await expectDone(page);
  await button(page, words.en.next).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
});

test('another tab that shows the screen learns it too @long', async ({ page, context }) => {
  const [before, other] = [await context.newPage(), await context.newPage()];
  for (const tab of [before, page]) await openForm(tab, `${own.origin}/once`);
  const widget = await connectAndStay(page, 'once', async () => {
    await openForm(other, `${own.origin}/once`);
    await expect(button(other, words.en.connect)).toBeVisible();
  });
  await widget.press('Done');
  await expectDone(page);
  await expectDone(other);
  // This one was open before the person began, and can be another person's.
  await expect(button(before, words.en.connect)).toBeVisible();
  await expect(account(before)).toHaveCount(0);
  await button(other, words.en.next).click();
  await expect(heading(other, 'Thank you')).toBeVisible();
});

test('the resume link opens the screen, in the language of the form, with a way to continue @long', async ({
  page,
  browser,
}) => {
  await openForm(page, `${own.origin}/once`);
  await (await connectAndStay(page, 'once')).press('Done');
  await expectDone(page);
  const { id, token } = await page.evaluate(
    () => JSON.parse(localStorage.getItem('flipsite:once') ?? '{}') as { id: string; token: string },
  );
  const context = await browser.newContext();
  const other = await context.newPage();
  await openLink(other, `${own.origin}/once/es#resume=${id}.${token}`, 'es');
  await expect(account(other)).toContainText('Leímos tus datos y desconectamos la cuenta.');
  await button(other, words.es.next).click();
  await expect(heading(other, 'Gracias')).toBeVisible();
  await context.close();
});

test('a person who posted without JavaScript finishes through the link, and the review names the account @long', async ({
  page,
  browser,
}) => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const sender = await plain.newPage();
  await sender.goto(`${own.origin}/reviewed`);
  await sender.getByRole('textbox', { name: 'Full name' }).fill('Ana Reyes');
  await button(sender, words.en.send).click();
  const link = await sender.getByRole('link', { name: 'Finish your application' }).getAttribute('href');
  await openLink(page, new URL(link ?? '', own.origin).href);
  await (await connectAndStay(page, 'reviewed')).press('Done');
  await expectDone(page);
  await button(page, words.en.next).click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByRole('term').filter({ hasText: 'Grab' })).toBeVisible();
  // As on the screen before: the account is not connected any more.
  await expect(page.locator('#s-review')).toContainText('We have read your data and disconnected the account.');
  // The link that was shown without JavaScript still leads on.
  await sender.reload();
  await expect(sender.getByRole('link', { name: 'Finish your application' })).toBeVisible();
  await button(page, words.en.send).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  await sender.reload();
  await expect(sender.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  await plain.close();
});

test('a widget that asks late shows the account as connected @long', async ({ page }) => {
  await page.route(/\/v1\/link\/accounts\/[^/]+$/, async (route) => {
    await revoked('once');
    await route.continue();
  });
  await openForm(page, `${own.origin}/once`);
  const widget = await connectAndStay(page, 'once');
  await expect(widget.dialog).not.toContainText('did not connect');
  await widget.press('Done');
  await expectDone(page);
});
