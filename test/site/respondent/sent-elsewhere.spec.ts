/** A form that was sent in another tab or on another device, and an answer that can be sent only once. */
import type { Page } from 'playwright/test';
import { someOf } from '../../helpers/run/long.ts';
import { expect, siteWith, test } from '../site-test.ts';
import { button, heading, linkToFinishLater, openForm, openLink, referenceOn } from '../walk.ts';
import { ONCE, ONCE_SCREEN } from './once.ts';

const SHIFT = `
title: Night shift
languages: [en, es, fil, id, zh, ar]
screens:
  - id: who
    title: Who?
    fields:
      - { id: name, type: text, label: Name, required: true }
  - id: when
    title: When?
    fields:
      - { id: nights, type: text, label: Nights, required: true }
      - { id: cv, type: file, label: CV }
endings:
  - { id: done, title: "Thank you, {name}" }
`;

const WHO = `
title: Once
screens:
  - id: who
    title: Who?
    fields:
      - { id: name, type: text, label: Name, required: true }
`;

const NEXT = `${WHO}endings: [{ id: done, title: Thank you, text: Bring your ID on Monday., redirect: 'https://acme.example/next' }]\n`;

test.use({
  kind: siteWith(
    {
      shift: SHIFT,
      next: NEXT,
      once: ONCE,
      'once-last': `${WHO}${ONCE_SCREEN}limits: { one_per: email }\n`,
      private: `${WHO}      - { id: tin, type: text, label: Tax number, sensitive: true }\nendings: [{ id: done, title: Thank you }]\n`,
      'once-review': `${WHO}${ONCE_SCREEN}review: true\nlimits: { one_per: email }\n`,
    },
    { RATE_LIMIT: 'off' },
  ),
});

const TAKEN = 'Someone has already sent this form with this answer. If it was you, there is nothing more to do.';

const CV = { name: 'cv.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') };

const nameOf = (page: Page) => page.getByRole('textbox', { name: 'Name' });
const nightsOf = (page: Page) => page.getByRole('textbox', { name: 'Nights' });
const emailOf = (page: Page) => page.getByRole('textbox', { name: 'Email' });

/** Begins a form in `page` up to its last screen. @returns the link to go on elsewhere */
async function begin(page: Page, name: string): Promise<string> {
  await openForm(page, '/shift');
  await nameOf(page).fill(name);
  await button(page, 'Continue').click();
  return linkToFinishLater(page);
}

/** As when the person goes to another app and comes back. */
const comeBack = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

for (const [language, change] of someOf(
  [
    ['en', 'Your last change was not sent.'],
    ['es', 'Tu último cambio no se envió.'],
    ['fil', 'Hindi naipadala ang huli mong binago.'],
    ['id', 'Perubahan terakhir Anda tidak terkirim.'],
    ['zh', '您最后的修改没有提交。'],
    ['ar', 'لم يُرسل تغييرك الأخير.'],
  ] as const,
  1,
)) {
  test(`a change after another device has sent the form is announced as lost, in ${language}`, async ({
    page,
    browser,
    site,
  }) => {
    const link = await begin(page, 'Ana');
    const context = await browser.newContext({ baseURL: site.origin });
    const other = await context.newPage();
    await openLink(other, link.replace('/shift', `/shift/${language}`), language);
    await nightsOf(page).fill('3');
    await button(page, 'Send').click();
    const reference = await referenceOn(page);

    await nightsOf(other).fill('5');
    await other.locator('.screen.now [data-next]').click();
    await expect(other.getByText(change)).toBeVisible();
    await expect(other.getByText(reference)).toBeVisible();
    const [submission] = await site.submissions('shift');
    expect(submission).toMatchObject({ reference, answers: { name: 'Ana', nights: '3' } });
    const sentAt = ((await site.events(submission?.id ?? '')).find(({ name }) => name === 'submitted') as unknown as { at: string }).at; // prettier-ignore
    const said = await other.getByRole('heading', { level: 1 }).last().innerText();
    const minute = await other.evaluate(
      ([at, locale]) => new Intl.DateTimeFormat(locale, { minute: '2-digit' }).format(new Date(at ?? '')),
      [sentAt, 'en'],
    );
    expect(said).toContain(minute.padStart(2, '0'));
    // A reload says it again, and takes no changes either.
    await other.reload();
    await expect(other.getByText(reference)).toBeVisible();
    await expect(other.locator('form')).toBeHidden();
    await context.close();
  });
}

test('a person who sends answers that another device has changed and sent reads that it was sent there', async ({
  page,
  browser,
  site,
}) => {
  await openForm(page, '/shift');
  await nameOf(page).fill('Ada');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);
  await nightsOf(page).fill('3');
  // This device has saved all of its answers, and its request to send them stays away.
  let isAway = true;
  await page.route('**/submit', (route) => (isAway ? route.abort() : route.continue()));
  await button(page, 'Send').click();
  await expect(page.getByText('We can’t save this right now.')).toBeVisible();

  const context = await browser.newContext({ baseURL: site.origin });
  const other = await context.newPage();
  await openLink(other, link);
  await expect(nightsOf(other)).toHaveValue('3');
  await nightsOf(other).fill('5');
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you, Ada')).toBeVisible();
  const reference = await referenceOn(other);
  await context.close();

  isAway = false;
  await expect(heading(page, /^This form was sent on /)).toBeVisible();
  await expect(page.getByText('It was sent from another device or tab. The answers may have been changed there.')).toBeVisible(); // prettier-ignore
  expect(await referenceOn(page)).toBe(reference);
  expect((await site.submissions('shift')).find((one) => one.reference === reference)?.answers).toMatchObject({ nights: '5' }); // prettier-ignore
});

test('a person whose form was sent without an answer gets its ending at the next attempt', async ({ page }) => {
  await begin(page, 'Adi');
  await nightsOf(page).fill('3');
  let sent = 0;
  await page.route('**/submit', async (route) => {
    const answer = await route.fetch();
    if (sent++) await route.fulfill({ response: answer });
    else await route.abort();
  });
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Adi')).toBeVisible();
  expect(sent).toBe(2);
});

test('a person who reloads while the answer to Send is lost reads the ending, and finds the next page', async ({
  page,
}) => {
  await openForm(page, '/next');
  await nameOf(page).fill('Ana');
  const { promise: sent, resolve } = Promise.withResolvers<unknown>();
  await page.route('**/submit', (route) => route.fetch().then(resolve));
  await button(page, 'Send').click();
  await sent;
  await page.reload();
  await expect(heading(page, /^This form was sent on /)).toBeVisible();
  await expect(page.getByText('Bring your ID on Monday.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Continue' })).toHaveAttribute('href', 'https://acme.example/next');
});

test('a tab that comes to the front checks if the form was sent elsewhere', async ({ page, browser, site }) => {
  const link = await begin(page, 'Ben');
  const context = await browser.newContext({ baseURL: site.origin });
  const other = await context.newPage();
  await openLink(other, link);
  await expect(nightsOf(other)).toBeVisible();
  await nightsOf(page).fill('3');
  await button(page, 'Send').click();
  const reference = await referenceOn(page);

  const asked: string[] = [];
  other.on('request', (request) => asked.push(request.method()));
  await comeBack(other);
  await expect(heading(other, /^This form was sent on /)).toBeVisible();
  expect(await referenceOn(other)).toBe(reference);
  await expect(other.getByText('Your last change was not sent.')).toHaveCount(0);
  for (let times = 0; times < 5; times++) await comeBack(other);
  expect(asked.filter((method) => method === 'GET').length).toBeLessThanOrEqual(1);
  await context.close();
});

test('a person who opens a form here that was sent from another device reads that, and the device keeps nothing @long', async ({
  page,
  context,
  browser,
  site,
}) => {
  const link = await begin(page, 'Bo');
  await page.close();
  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await openLink(other, link);
  await nightsOf(other).fill('3');
  await button(other, 'Send').click();
  const reference = await referenceOn(other);
  await elsewhere.close();

  const next = await context.newPage();
  await next.goto('/shift');
  await expect(heading(next, /^This form was sent on /)).toBeVisible();
  expect(await referenceOn(next)).toBe(reference);
  await expect(next.getByText('Your last change was not sent.')).toHaveCount(0);
  expect(await next.evaluate(() => localStorage.length)).toBe(0);
});

test('an answer that another tab of the draft has sent is not announced as lost @long', async ({ page, context }) => {
  await begin(page, 'Bea');
  const other = await context.newPage();
  await openForm(other, '/shift');
  await nightsOf(other).fill('3');
  await page.reload();
  await expect(nightsOf(page)).toHaveValue('3');
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  await expect(heading(other, /^This form was sent on /)).toBeVisible();
  expect(await referenceOn(other)).toBe(reference);
  await expect(other.getByText('Your last change was not sent.')).toHaveCount(0);
});

test('an answer is not announced as lost where another tab has sent it with a file @long', async ({
  page,
  context,
}) => {
  await begin(page, 'Bela');
  const other = await context.newPage();
  await openForm(other, '/shift');
  await nightsOf(other).fill('3');
  await nightsOf(page).fill('3');
  await page.locator('input[type=file]').setInputFiles(CV);
  await expect(button(page, 'Remove cv.pdf')).toBeVisible();
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  await comeBack(other);
  expect(await referenceOn(other)).toBe(reference);
  await expect(other.getByText('Your last change was not sent.')).toHaveCount(0);
});

test('a sensitive answer is not announced as lost where another tab may have sent the same one @long', async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await openForm(tab, '/private');
    await nameOf(tab).fill('Bia');
    await tab.getByRole('textbox', { name: 'Tax number' }).fill('123');
  }
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  await comeBack(other);
  expect(await referenceOn(other)).toBe(reference);
  await expect(other.getByText('Changes that you made only on this page were not sent.')).toBeVisible();
});

test('a file that is chosen after the form was sent elsewhere is announced as lost @long', async ({
  page,
  browser,
  site,
}) => {
  const link = await begin(page, 'Cara');
  const context = await browser.newContext({ baseURL: site.origin });
  const other = await context.newPage();
  await openLink(other, link);
  await nightsOf(page).fill('3');
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  await other.locator('input[type=file]').setInputFiles(CV);
  await expect(heading(other, /^This form was sent on /)).toBeVisible();
  expect(await referenceOn(other)).toBe(reference);
  await expect(other.getByText('Your last change was not sent.')).toBeVisible();
  await context.close();
});

test('an answer that is changed after Back, while the form is sent, is announced as lost @long', async ({ page }) => {
  await begin(page, 'Dina');
  let answer = () => undefined as void;
  const isSent = new Promise<void>(
    (sent) =>
      void page.route('**/submit', async (route) => {
        sent();
        await new Promise<void>((go) => (answer = go));
        await route.continue();
      }),
  );
  await nightsOf(page).fill('3');
  await button(page, 'Send').click();
  await isSent;
  await page.goBack();
  await nameOf(page).fill('Diana');
  answer();
  await expect(heading(page, /^This form was sent on /)).toBeVisible();
  await expect(page.getByText('Your last change was not sent.')).toBeVisible();
});

/** Fills in the screens before the one with the email, and the email. */
async function send(page: Page, slug: string, email: string): Promise<void> {
  if (slug !== 'once') {
    await nameOf(page).fill('Ana');
    await button(page, 'Continue').click();
  }
  await emailOf(page).fill(email);
  await button(page, slug === 'once-review' ? 'Continue' : 'Send').click();
}

for (const slug of someOf(['once-review', 'once-last', 'once'], 1)) {
  test(`in ${slug}, a used unique answer gets an error, and another one is accepted @long`, async ({
    page,
    browser,
    site,
  }) => {
    const first = await browser.newPage({ baseURL: site.origin });
    await openForm(first, `/${slug}`);
    await send(first, slug, 'ana@mail.example');
    if (slug === 'once-review') await button(first, 'Send').click();
    await referenceOn(first);
    await first.close();

    await openForm(page, `/${slug}`);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    await send(page, slug, 'Ana@mail.example');
    if (slug === 'once-review') await button(page, 'Send').click();
    await expect(page.locator('.summary').getByRole('link')).toHaveText([TAKEN]);
    await expect(emailOf(page)).toHaveAccessibleDescription(new RegExp(TAKEN));
    await expect(button(page, slug === 'once-review' ? 'Continue' : 'Send')).toBeEnabled();
    // A refused form is not sent again.
    await page.waitForTimeout(4_000);
    await expect(page.locator('.summary').getByRole('link')).toHaveText([TAKEN]);
    expect(asked.filter((path) => path === 'submit')).toHaveLength(1);

    await emailOf(page).fill('ben@mail.example');
    await button(page, slug === 'once-review' ? 'Continue' : 'Send').click();
    if (slug === 'once-review') await button(page, 'Send').click();
    await expect(heading(page, 'Thank you')).toBeVisible();
  });
}
