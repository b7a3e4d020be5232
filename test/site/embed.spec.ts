/** A form in the frame of another website, which has a strict Content-Security-Policy. */
import { brotliCompressSync, constants } from 'node:zlib';
import type { Frame, FrameLocator, Page } from 'playwright/test';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { framedForm, openHost, policyFor, snippet, type Host } from './host.ts';
import { expect, plainTest as test, QUICK } from './site-test.ts';

declare const Flipsite: { open(form: string, options: object): void; attach(): void };

let site: TestSite;
let host: Host;
let stranger: Host;

test.beforeAll(async () => {
  const policyOf = () => policyFor(site.origin);
  [host, stranger] = await Promise.all([openHost(policyOf), openHost(policyOf)]);
  const forms = {
    drive: framedForm(`embed: { allow: ["${host.origin}"] }`),
    closed: framedForm('').replace('id: partner', 'id: other'),
    leaving: `
title: Write to us
embed: { allow: ["${host.origin}"] }
screens: [{ id: about, title: About you, fields: [{ id: full_name, type: text, label: Full name, required: true }] }]
endings: [{ id: done, title: 'Thank you, {full_name}', redirect: '${host.origin.replace('http:', 'https:')}/welcome?ref={reference}' }]
`,
  };
  site = await openTestSite({ forms, env: { RATE_LIMIT: 'off' } });
  await fetch(`${site.origin}/local-smile/__local/settings`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(QUICK) }); // prettier-ignore
});
test.afterAll(async () => {
  for (const { server } of [host, stranger]) {
    server.closeAllConnections();
    server.close();
  }
  await site.close();
  removeFolder(site.folder);
});

const embed = (attributes = '', form = 'drive') => snippet(site.origin, attributes, form);

type Heard = [name: string, detail: Record<string, unknown>];
const heardOn = (page: Page | Frame): Promise<Heard[]> =>
  page.evaluate(() => (window as unknown as { heard: Heard[] }).heard);
const namesOn = async (page: Page) => (await heardOn(page)).map(([name]) => name).filter((name) => name !== 'height');

/** The policy of the host that something broke. */
function complaintsOn(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => /Content.Security.Policy/i.test(message.text()) && complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  return complaints;
}

/** From the step with the widget to the end. */
async function connectAndSend(form: FrameLocator | Page): Promise<void> {
  await form.getByRole('button', { name: 'Connect', exact: false }).first().click();
  await form.getByRole('button', { name: 'Agree and continue' }).click();
  await form.getByRole('button', { name: 'ABC Corporation' }).click();
  await form.getByLabel('User name').fill('George');
  await form.getByLabel('Password').fill('123456');
  await form.getByRole('button', { name: 'Sign in' }).click();
  await form.getByRole('button', { name: 'Done' }).click();
  await form.getByRole('button', { name: /^(Continue|Send)$/ }).click();
}

async function fillIn(page: Page): Promise<void> {
  const form = page.frameLocator('iframe').first();
  await form.getByLabel('Full name').fill('Ana Reyes');
  await form.getByRole('button', { name: 'Continue' }).click();
  await connectAndSend(form);
  await expect(form.getByRole('heading', { name: 'Thank you, Ana Reyes' })).toBeVisible();
}

test('a person fills in a framed form to the end, and the website gets each event once, without an answer', async ({
  page,
}) => {
  const complaints = complaintsOn(page);
  host.body = embed('data-link="partner"');
  await page.goto(host.origin);
  await fillIn(page);
  await expect.poll(() => namesOn(page)).toContain('submitted');
  expect(await namesOn(page)).toEqual(['opened', 'screen', 'screen', 'connected', 'submitted']);
  const heard = await heardOn(page);
  expect(heard.filter(([name]) => name !== 'height').map(([, detail]) => detail)).toEqual([
    { form: 'drive', language: 'en' },
    { form: 'drive', screen: 'about' },
    { form: 'drive', screen: 'connect' },
    { form: 'drive', screen: 'connect' },
    { form: 'drive', ending: 'done' },
  ]);
  expect(JSON.stringify(heard)).not.toContain('Ana');
  const frame = page.locator('iframe');
  await expect.poll(async () => (await heardOn(page)).findLast(([name]) => name === 'height')?.[1]['height']).toBe((await frame.boundingBox())?.height); // prettier-ignore
  // The style of the website shows links as blocks.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('a { display: block }');
    document.adoptedStyleSheets.push(sheet);
  });
  await expect(page.getByRole('link', { name: 'Apply now' })).toBeHidden();
  expect(complaints).toEqual([]);
  const row = await site.db.query.selectFrom('submissions').select(['link', 'submitted_at']).executeTakeFirst();
  expect(row).toMatchObject({ link: 'partner', submitted_at: expect.any(String) });
});

test('on a phone, the sign-in window begins where the person sees it @long', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  host.body = `<p>Work with us</p>${embed()}`;
  await page.goto(host.origin);
  const form = page.frameLocator('iframe');
  await form.getByLabel('Full name').fill('Dina');
  await form.getByRole('button', { name: 'Continue' }).click();
  const seen = (name: string) => expect(form.getByRole('dialog').getByRole('heading', { name })).toBeInViewport();
  const connect = form.getByRole('button', { name: 'Connect your work account' });
  // At the upper edge of the window, so that the frame begins above it.
  await connect.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await connect.click();
  await seen('Share your work data');
});

test('a form is light in a light website on a dark phone, from its first sight, and dark in a website that has dark colors @long', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  // The form says that it is ready before it gets the colors of the website.
  await page.addInitScript(() => {
    addEventListener('message', ({ data }) => data?.type === 'ready' && Object.assign(window, { opacityBefore: document.querySelector('iframe')?.style.opacity })); // prettier-ignore
  });
  const opacityBefore = () => page.evaluate(() => (window as unknown as { opacityBefore: string }).opacityBefore);
  const background = () => page.frameLocator('iframe').locator('body').evaluate((body) => getComputedStyle(body).backgroundColor); // prettier-ignore
  for (const [head, color, before] of [['', 'rgb(251, 250, 247)', '0'], ['<meta name="color-scheme" content="light dark">', 'rgb(21, 20, 18)', '']] as const) {
    Object.assign(host, { head, body: embed() });
    await page.goto(host.origin);
    await expect.poll(() => namesOn(page)).toContain('screen');
    await expect.poll(background).toBe(color);
    expect(await opacityBefore()).toBe(before);
    await expect(page.locator('iframe')).toHaveCSS('opacity', '1');
  } // prettier-ignore
  host.head = '';
});

test('a popup opens on a phone over the whole screen, closes by its own button, and gives the focus back', async ({
  page,
}) => {
  const complaints = complaintsOn(page);
  await page.setViewportSize({ width: 360, height: 640 });
  host.body = embed('data-mode="popup" data-title="Drive with us"');
  await page.goto(host.origin);
  await page.getByRole('link', { name: 'Apply now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Drive with us' });
  await expect(dialog.locator('iframe').contentFrame().getByLabel('Full name')).toBeVisible();
  expect(await dialog.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Apply now' })).toBeFocused();
  expect((await namesOn(page)).at(-1)).toBe('closed');
  expect(complaints).toEqual([]);
});

test('Escape closes a popup also while the focus is in its form', async ({ page }) => {
  host.body = embed('data-mode="popup" data-title="Drive with us"');
  await page.goto(host.origin);
  await page.getByRole('link', { name: 'Apply now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Drive with us' });
  await dialog.locator('iframe').contentFrame().getByLabel('Full name').fill('Ana');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Apply now' })).toBeFocused();
});

test('a form opens at the side, and by the script of the website, with the values that the website gives', async ({
  page,
}) => {
  const complaints = complaintsOn(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  host.body = embed(
    'data-mode="side" data-title="Drive with us" data-link="partner" data-language="en" data-fill-full-name="Ana"',
  );
  await page.goto(host.origin);
  await page.getByRole('link', { name: 'Apply now' }).click();
  const side = page.getByRole('dialog', { name: 'Drive with us' });
  const frame = side.locator('iframe');
  await expect(frame.contentFrame().getByLabel('Full name')).toHaveValue('Ana');
  await expect(frame).toHaveAttribute('src', `${site.origin}/drive/en?full_name=Ana&link=partner`);
  expect(await side.boundingBox()).toEqual({ x: 1280 - 448, y: 0, width: 448, height: 720 });
  await side.getByRole('button', { name: 'Close' }).click();
  await expect(side).toHaveCount(0);

  await page.evaluate(() => Flipsite.open('drive', { values: { full_name: 'Ben' }, link: 'partner', language: 'en', title: 'By script' })); // prettier-ignore
  const popup = page.getByRole('dialog', { name: 'By script' });
  await expect(popup.locator('iframe').contentFrame().getByLabel('Full name')).toHaveValue('Ben');
  await expect(popup.locator('iframe')).toHaveAttribute('src', `${site.origin}/drive/en?full_name=Ben&link=partner`);
  await popup.getByRole('button', { name: 'Close' }).click();
  await expect(popup).toHaveCount(0);
  await expect.poll(async () => (await namesOn(page)).filter((name) => name === 'closed')).toHaveLength(2);

  await page.evaluate(() => {
    const later = document.createElement('div');
    later.dataset['flipsite'] = 'drive';
    document.body.append(later);
    Flipsite.attach();
    Flipsite.attach();
  });
  await expect(page.locator('div > iframe')).toHaveCount(1);
  expect(complaints).toEqual([]);
});

test('a website that the form does not name is refused by the browser, on each page of the form', async ({ page }) => {
  for (const [website, form] of [[stranger, 'drive'], [host, 'closed'], [host, 'closed/en']] as const) {
    const answered = page.waitForResponse(`${site.origin}/${form}`);
    website.body = embed('', form);
    await page.goto(website.origin);
    await answered;
    await expect(page.locator('iframe')).toBeVisible();
    await expect(page.frameLocator('iframe').getByLabel('Full name')).toHaveCount(0);
    expect(await namesOn(page)).toEqual([]);
    // People can still open the form.
    await expect(page.getByRole('link', { name: 'Apply now' })).toBeVisible();
  } // prettier-ignore
  const policyOf = async (path: string) => (await fetch(site.origin + path)).headers.get('content-security-policy');
  for (const path of ['/drive', '/drive/en', '/drive?version=0000']) expect(await policyOf(path)).toContain(`frame-ancestors 'self' ${host.origin}`); // prettier-ignore
  expect(await policyOf('/closed')).toMatch(/frame-ancestors 'self'$/);
  expect(await policyOf('/nothing')).toMatch(/frame-ancestors 'self'$/);
});

test('a popup on a website that the form does not name has a link to the form', async ({ page }) => {
  stranger.body = embed('data-mode="popup" data-title="Drive with us"');
  await page.goto(stranger.origin);
  await page.getByRole('link', { name: 'Apply now' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Drive with us' }).click();
  await expect(page.getByLabel('Full name')).toBeVisible();
});

test('messages that another window or another website made up are not heard, and a size that runs away is stopped', async ({
  page,
}) => {
  host.body = embed();
  await page.goto(host.origin);
  await expect.poll(() => namesOn(page)).toEqual(['opened', 'screen']);
  await page.evaluate(() => {
    // From the website itself, and in a shape that the frame would send.
    for (const type of ['submitted', 'connected', 'height'])
      postMessage({ flipsite: 1, type, detail: { form: 'drive', height: 9_000, ending: 'done' } }, '*');
  });
  const frame = page.frames().find((one) => one.url().startsWith(site.origin)) as Frame;
  const before = (await heardOn(page)).filter(([name]) => name === 'height').length;
  await frame.evaluate(() => {
    for (let height = 1_000; height < 1_200; height++) parent.postMessage({ flipsite: 1, type: 'height', detail: { form: 'drive', height } }, '*'); // prettier-ignore
    parent.postMessage({ flipsite: 1, type: 'unknown' }, '*');
    parent.postMessage('text', '*');
  });
  await page.waitForTimeout(300);
  expect(await namesOn(page)).toEqual(['opened', 'screen']);
  expect((await heardOn(page)).filter(([name]) => name === 'height').length - before).toBeLessThanOrEqual(20);
  expect((await page.locator('iframe').boundingBox())?.height).toBeLessThan(1_200);
});

test('a form that the website takes out of its page and puts back is heard again @long', async ({ page }) => {
  host.body = embed();
  await page.goto(host.origin);
  await expect.poll(() => namesOn(page)).toEqual(['opened', 'screen']);
  await page.evaluate(async () => {
    const form = document.querySelector('[data-flipsite]') as HTMLElement;
    form.remove();
    // Another script of the website sends messages at all times.
    postMessage('anything', '*');
    await new Promise((resolve) => setTimeout(resolve, 100));
    document.body.append(form);
  });
  await expect.poll(() => namesOn(page)).toEqual(['opened', 'screen', 'opened', 'screen']);
});

test('a form works without any storage, sends its events, and says that the browser won’t find the answers again @long', async ({
  page,
}) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, { get: () => { throw new DOMException('blocked', 'SecurityError'); } }); // prettier-ignore
  });
  host.body = embed();
  await page.goto(host.origin);
  const form = page.frameLocator('iframe');
  await form.getByLabel('Full name').fill('Ben');
  await form.getByRole('button', { name: 'Continue' }).click();
  await expect(form.getByRole('heading', { name: 'Connect your account' })).toBeVisible();
  await expect(form.getByRole('status')).toContainText('send the form or use “Finish later”');
  await expect(form.getByRole('button', { name: 'Finish later' })).toBeVisible();
  await expect.poll(() => namesOn(page)).toEqual(['opened', 'screen', 'screen']);
});

test('the website around a form can’t make it continue a form of its own @long', async ({ page }) => {
  const started = await fetch(`${site.origin}/api/forms/drive/submissions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"language":"en"}' }); // prettier-ignore
  const { id, token } = (await started.json()) as { id: string; token: string };
  const answers = async () => (await fetch(`${site.origin}/api/submissions/${id}/answers`, { headers: { authorization: `Bearer ${token}` } })).text(); // prettier-ignore
  const enter = async (form: FrameLocator) => {
    await form.getByLabel('Full name').fill('Victim');
    await form.getByRole('button', { name: 'Continue' }).click();
    await expect(form.getByRole('heading', { name: 'Connect your account' })).toBeVisible();
  };
  host.body = embed('', `drive#resume=${id}.${token}`);
  await page.goto(host.origin);
  await enter(page.frameLocator('iframe'));
  host.body = `<iframe src="${site.origin}/drive#resume=${id}.${token}" width="700" height="900"></iframe>`;
  await page.context().clearCookies();
  await page.goto(`${host.origin}/other`);
  const form = page.frameLocator('iframe');
  await expect(form.locator('form[data-ready]')).toBeVisible();
  await expect(form.getByRole('heading', { name: 'Connect your account' })).toBeVisible();
  expect(await answers()).not.toContain('Victim');
});

test('an ending that continues at another address has a link in a frame, and stays', async ({ page }) => {
  const complaints = complaintsOn(page);
  host.body = embed('', 'leaving');
  await page.goto(host.origin);
  const form = page.frameLocator('iframe');
  await form.getByLabel('Full name').fill('Ana Reyes');
  await form.getByRole('button', { name: 'Send' }).click();
  const address = await form.getByRole('link', { name: 'Continue' }).getAttribute('href');
  await expect(form.getByRole('heading', { name: 'Thank you, Ana Reyes' })).toBeVisible();
  const reference = await form.locator('.ref').innerText();
  expect(address).toMatch(/^https:.*\/welcome/);
  expect(new URL(address ?? '').searchParams.get('ref')).toBe(reference);
  expect(complaints).toEqual([]);
});

test('an element with a wrong form keeps no other form from the page @long', async ({ page }) => {
  host.body = `<div data-flipsite="//evil.example/x"></div>${embed()}`;
  await page.goto(host.origin);
  await expect(page.frameLocator('iframe').getByLabel('Full name')).toBeVisible();
});

test('in a website, a sign-in window that is blocked does not say that the person is inside another app', async ({
  page,
}) => {
  await page.route(/smile\.v2\.js/, (route) => route.abort());
  host.body = embed();
  await page.goto(host.origin);
  const form = page.frameLocator('iframe');
  await form.getByLabel('Full name').fill('Dan');
  await form.getByRole('button', { name: 'Continue' }).click();
  await form.getByRole('button', { name: 'Connect your work account' }).click();
  await expect(form.getByRole('textbox', { name: 'Copy the link' })).toBeVisible();
  await expect(form.getByText('You are inside another app')).toBeHidden();
});

test('in a frame of a frame, connecting continues in a new tab @long', async ({ page, context }) => {
  // The form allows only this website, so both frames are of it.
  await page.route(`${host.origin}/`, (route) => route.fulfill({ contentType: 'text/html', body: `<iframe src="${host.origin}/inner" width="700" height="900"></iframe>` })); // prettier-ignore
  host.body = embed('data-link="partner"');
  await page.goto(host.origin);
  const form = page.frameLocator('iframe').frameLocator('iframe');
  await form.getByLabel('Full name').fill('Carla');
  await form.getByRole('button', { name: 'Continue' }).click();
  const opened = context.waitForEvent('page');
  const onward = form.getByRole('link', { name: 'Open this step in a new tab' });
  await expect(onward).toHaveAttribute('href', /\?link=partner#resume=/);
  await onward.click();
  const tab = await opened;
  await expect(tab.getByRole('heading', { name: 'Connect your account' })).toBeVisible();
  await connectAndSend(tab);
  await expect(tab.getByRole('heading', { name: 'Thank you, Carla' })).toBeVisible();
  const rows = await site.db.query.selectFrom('submissions').innerJoin('accounts', 'accounts.submission_id', 'submissions.id').select(['link', 'outcome', 'status']).where('answers', 'like', '%Carla%').execute(); // prettier-ignore
  expect(rows).toEqual([{ link: 'partner', outcome: 'completed', status: 'CONNECTED' }]);
});

test('the script for websites is small', async () => {
  const response = await fetch(`${site.origin}/embed.js`);
  const text = await response.text();
  const bytes = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  expect(bytes).toBeLessThanOrEqual(3_000);
  expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
  expect(text).not.toMatch(/innerHTML|setAttribute\("style"|<style|document\.write|eval\(/);
});
