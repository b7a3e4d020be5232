/** Every page that a publisher works on, in every look: on a desktop and on a phone, light and dark, and by keyboard alone. */
import path from 'node:path';
import type { Page } from 'playwright/test';
import { openTestSite, removeFolder, root, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { expectAccessibleInEveryLook as look } from '../accessible.ts';
import { signIn } from '../dashboard.ts';
import { expect, plainTest as test } from '../site-test.ts';
import { button } from '../walk.ts';

const TITLE = 'Drive with us';
const FORM = `
title: { en: ${TITLE}, ar: قُد معنا }
languages: [en, ar]
brand: { name: Padyak Express, color: '#0b6e4f' }
notify: [{ email: ops@acme.example }]
invite: { sender: Padyak Express, reply_to: people@acme.example }
screens:
  - id: about
    title: { en: About you, ar: عنك }
    fields:
      - { id: full_name, type: text, label: { en: Full name, ar: الاسم الكامل }, required: true }
      - { id: email, type: email, label: { en: Email, ar: البريد }, required: true }
      - { id: tin, type: number, label: { en: Weekly income, ar: الدخل }, sensitive: true }
      - { id: vehicle, type: radio, label: { en: Your vehicle, ar: المركبة }, options: [{ value: moto, label: { en: Motorcycle, ar: دراجة } }, { value: none, label: { en: No vehicle, ar: بلا } }] }
      - { id: start, type: date, label: { en: First day, ar: أول يوم } }
      - { id: papers, type: file, label: { en: Driver's license, ar: الرخصة } }
    next: [{ when: { vehicle: none }, go: not_yet }]
  - { id: connect, title: { en: Connect your account, ar: اربط حسابك }, wink: { require: none } }
endings:
  - { id: done, title: { en: 'Thank you, {full_name}', ar: 'شكرا، {full_name}' } }
  - { id: not_yet, title: { en: Not yet, ar: ليس بعد }, outcome: disqualified }
`;
/** Without a place to break it. */
const LONG_NAME = 'FacebookDecemberDriveForRidersInMetroManilaSecondWaveمنشور';
const ADMIN = '/admin/forms/drive';

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: {}, env: { RATE_LIMIT: 'off' } });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

test.describe.configure({ mode: 'serial', timeout: 180_000 });
test.use({ viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false });

const outline = (page: Page) => page.getByRole('region', { name: 'Outline' });
const panel = (page: Page) => page.getByRole('region', { name: 'Edit', exact: true });
const part = (page: Page, name: string) => outline(page).getByRole('button', { name }).first();

async function enter(page: Page): Promise<void> {
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page.getByRole('heading', { name: 'Forms', level: 1 })).toBeVisible();
}

/** Makes a form of a text or of a file. */
async function bring(page: Page, title: string, how: () => Promise<void>): Promise<void> {
  await page.goto(`${site.origin}/admin/forms/new`);
  await page.getByLabel('Title', { exact: true }).fill(title);
  await page.getByRole('radio', { name: 'A file or pasted text' }).check();
  await how();
  await button(page, 'Create form').click();
}

async function publish(page: Page): Promise<void> {
  await page.goto(`${site.origin}${ADMIN}/publish`);
  await button(page, 'Publish now').click();
  await expect(page.getByText(/Version \d is live, by you/)).toBeVisible();
}

/** Sends the form as its page does, after coming by a link. */
async function send(link: string): Promise<void> {
  const call = async (method: string, at: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${site.origin}/api/${at}`, { method, headers, body: JSON.stringify(body) });
    expect(response.ok, await response.clone().text()).toBe(true);
    return (await response.json()) as { id: string; token: string };
  };
  const { id, token } = await call('POST', 'forms/drive/submissions', { link, language: 'ar' });
  const answers = { full_name: 'ليلى حداد', email: 'layla@mail.example', vehicle: 'moto' };
  await call('PUT', `submissions/${id}/answers`, { screen: 'about', answers }, token);
  await call('PUT', `submissions/${id}/answers`, { screen: 'connect', answers: {} }, token);
  await call('POST', `submissions/${id}/submit`, {}, token);
}

test('each part of a form can be edited in every look @long', async ({ page }) => {
  await enter(page);
  await look(page, 'Welcome');
  const file = path.join(root, 'test/fixtures/imports/surveyjs/own-every-type.json');
  await bring(page, 'Riders', () => page.getByLabel('File', { exact: true }).setInputFiles(file));
  await expect(page.getByText('18 questions were carried over')).toBeVisible();
  await look(page, 'the report of an import');
  await tabThrough(page, 'the report of an import');

  await bring(page, 'Drive', () => page.getByLabel('Or the text of the form').fill(FORM));
  await expect(part(page, 'About you')).toBeVisible();
  // The frame with the form has its own tests.
  await page.getByRole('button', { name: 'Hide preview' }).click();
  await look(page, 'the outline');
  const kinds = ['The form', 'Languages', 'About you', 'Full name', 'Weekly income', 'Your vehicle', 'First day', "Driver's license", 'Connect your account', 'Thank you']; // prettier-ignore
  for (const kind of kinds) {
    await part(page, kind).click();
    await expect(panel(page).getByRole('heading', { level: 2 })).toBeVisible();
    await panel(page).evaluate((element) => element.querySelectorAll('details').forEach((one) => (one.open = true)));
    await look(page, `the panel of ${kind}`, '.pane.panel');
  }
  await part(page, 'Your vehicle').click();
  await outline(page).getByRole('button', { name: 'Question', exact: true }).click();
  await look(page, 'a question that is added', '.pane.list');
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await look(page, 'the map', '.pane.list');
  await page.getByRole('link', { name: 'Text', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Text of the form' })).toBeVisible();
  await look(page, 'the text', '.pane.list');
});

/** The pages that are walked by keyboard here. */
const KEYBOARD = ['New form', 'a change', 'a link', 'a poster', 'Try it', 'History', 'Compare', 'Settings of a form', 'the stored data', 'Preview']; // prettier-ignore

test('each page about a form can be used in every look, with long and Arabic names @long', async ({ page }) => {
  await enter(page);
  const open = async (at: string, state: string) => {
    await page.goto(site.origin + at);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.evaluate(() => document.querySelectorAll('main details').forEach((one) => ((one as HTMLDetailsElement).open = true))); // prettier-ignore
    await look(page, state);
    if (KEYBOARD.includes(state)) await tabThrough(page, state);
  };
  await open('/admin/forms/new', 'New form');
  await open(`${ADMIN}/share`, 'Share of a draft');
  await open(`${ADMIN}/publish`, 'the first publication');
  await publish(page);
  await page.goto(`${site.origin}${ADMIN}/share`);
  await page.getByLabel('Name', { exact: true }).fill(LONG_NAME);
  await button(page, 'Create link').click();
  await page.waitForURL('**/links/**');
  const link = new URL(page.url()).pathname;
  await send(link.split('/').at(-1) ?? '');
  await open(link, 'a link');
  await open(`${link}/poster`, 'a poster');
  await open(`${ADMIN}/share/try`, 'Try it');
  await open(`${ADMIN}/share`, 'Share');
  await page.setInputFiles('#file', { name: 'links.csv', mimeType: 'text/csv', buffer: Buffer.from(`name,vehicle\n${LONG_NAME},car\n`) }); // prettier-ignore
  await button(page, 'Check the file').click();
  await expect(page.getByText('1 link has a problem')).toBeVisible();
  await look(page, 'a series with a problem');

  await page.goto(`${site.origin}${ADMIN}/edit`);
  await part(page, 'About you').click();
  await panel(page).getByLabel('Title (English)').fill('About yourself');
  await expect(page.getByText(/^Draft, saved \d/)).toBeVisible();
  await open(`${ADMIN}/publish`, 'a change');
  await publish(page);
  for (const [at, state] of [
    ['history', 'History'],
    ['compare?from=1&to=2', 'Compare'],
    ['settings', 'Settings of a form'],
    ['privacy', 'the stored data'],
    ['preview', 'Preview'],
    ['results', 'Results'],
  ] as const)
    await open(`${ADMIN}/${at}`, state);

  await page.goto(`${site.origin}${ADMIN}/invitations`);
  const one = page.getByRole('region', { name: 'Invite one person' });
  await one.getByLabel('Full name').fill('ليلى حداد');
  await one.getByLabel('Email', { exact: true }).fill('layla@mail.example');
  await button(one, 'Invite').click();
  await look(page, 'Invitations');
  await open('/admin/messages', 'Messages');
  const delivery = await page.locator('tbody a').first().getAttribute('href');
  await open(delivery ?? '', 'a message');
  await open('/admin/people', 'People');
  await open('/admin/settings', 'Site settings');
  await open('/admin/settings/smile', 'Smile');
  await open('/admin/team', 'Team');
  for (const part of await page.getByText('Change role').all()) await part.click();
  await page.getByLabel('Email').fill('ana@acme.example');
  await button(page, 'Add colleague').click();
  await look(page, 'Team, with a code');
});

/** Presses Tab through a whole page. Each control has its turn, in order, and shows that it has the focus. */
async function tabThrough(page: Page, state: string): Promise<void> {
  const CONTROLS = 'a[href],button:enabled,input:enabled:not([type=hidden]),select:enabled,textarea:enabled,summary,[tabindex="0"]'; // prettier-ignore
  const names = await page.evaluate((selector) => {
    const seen = [...document.querySelectorAll<HTMLInputElement>(selector)].filter(
      (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('details:not([open]) > :not(summary)'),
    );
    const stops = seen.filter((one) => one.type !== 'radio' || one.checked || !seen.some(({ type, name, checked }) => type === 'radio' && name === one.name && checked)); // prettier-ignore
    // Not in the page itself: Results replaces numbers that differ from its own.
    Object.assign(globalThis, { stops });
    document.body.tabIndex = -1;
    document.body.focus();
    return stops.map((one) => `${one.tagName} ${(one.ariaLabel ?? one.textContent).trim().slice(0, 30)}`);
  }, CONTROLS);
  const reached: number[] = [];
  for (let presses = 0; presses < 2 * names.length && reached.length < names.length; presses++) {
    await page.keyboard.press('Tab');
    const { stop, isSeen } = await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      const { stops } = globalThis as unknown as { stops: HTMLElement[] };
      const { outlineStyle, boxShadow } = getComputedStyle(focused);
      return { stop: stops.indexOf(focused), isSeen: outlineStyle !== 'none' || boxShadow !== 'none' };
    });
    // A date has several stops of its own.
    if (stop < 0 || stop === reached.at(-1)) continue;
    reached.push(stop);
    expect.soft(isSeen, `the focus on ${names[stop]} of ${state}`).toBe(true);
  }
  expect(reached.map((stop) => names[stop]), `the stops of Tab on ${state}`).toEqual(names); // prettier-ignore
}

test('the keyboard alone reaches every control of the editor, Share and Results, and leaves it again @long', async ({
  page,
}) => {
  await enter(page);
  await page.goto(`${site.origin}${ADMIN}/share`);
  await tabThrough(page, 'Share');
  const code = page.getByRole('button', { name: 'QR code' }).first();
  await code.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'QR code' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'QR code' })).toBeHidden();
  await expect(code).toBeFocused();
  await page.goto(`${site.origin}${ADMIN}/results`);
  await tabThrough(page, 'Results');

  await page.goto(`${site.origin}${ADMIN}/edit`);
  await page.getByRole('button', { name: 'Hide preview' }).click();
  await part(page, 'Your vehicle').click();
  await tabThrough(page, 'the editor');
  const remove = button(panel(page), 'Delete');
  await remove.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(remove).toBeFocused();
  await page.getByRole('link', { name: 'Text', exact: true }).press('Enter');
  const text = page.getByRole('textbox', { name: 'Text of the form' });
  await text.focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(text).not.toBeFocused();
});
