/** The editor of a form in a browser: the text saves itself, survives failures, and is one text in all views. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright/test';
import { findDraft } from '../../../src/record/forms/drafts.ts';
import { formOf } from '../../helpers/samples/large-forms.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { DARK, expectAccessible, expectNarrow, withoutScript } from '../accessible.ts';
import { signIn } from '../dashboard.ts';
import { expect, plainTest as test } from '../site-test.ts';
import { button } from '../walk.ts';

const FORM = `# Ask Ana first
title: Become a driver
languages: [en, ar]
screens:
  - id: about
    title: { en: About you, ar: معلومات عنك }   # the first one
    fields:
      - { id: full_name, type: text, label: { en: Full name, ar: الاسم الكامل الذي يظهر في رخصة القيادة الخاصة بك }, required: true }
      - id: status
        type: radio
        label: { en: Are you working now?, ar: هل تعمل الآن؟ }
        options:
          - { value: employed, label: { en: Employed, ar: موظف } }
          - { value: none, label: { en: Not working, ar: لا أعمل } }
    next:
      - { when: { status: none }, go: not_yet }
endings:
  - { id: done, title: { en: "Thank you, {full_name}", ar: "شكرا، {full_name}" } }
  - { id: not_yet, title: { en: Come back when you work, ar: عد عندما تعمل }, outcome: disqualified }
`;

/** Forms of files. All but `own` are managed in the dashboard when the tests begin. */
const SLUGS = ['typing', 'broken', 'away', 'kept', 'conflict', 'windows', 'fix', 'undo', 'steps', 'plain', 'looks', 'keys', 'phone', 'exit', 'signed', 'caret', 'discard', 'thread', 'leave', 'cell']; // prettier-ignore

/** A form of 3,000 lines. */
const LONG_FORM = formOf(200, ['required: true', 'max_length: 80', 'help: A line of help that says what to write']);

let site: TestSite;
let member: Awaited<ReturnType<BrowserContext['storageState']>>;

test.beforeAll(async ({ browser }) => {
  site = await openTestSite({
    forms: { ...Object.fromEntries(['own', ...SLUGS].map((slug) => [slug, FORM])), long: LONG_FORM },
    env: { RATE_LIMIT: 'off' },
  });
  const context = await browser.newContext(DESKTOP);
  const page = await context.newPage();
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page.getByRole('heading', { name: 'Forms', level: 1 })).toBeVisible();
  member = await context.storageState();
  for (const slug of [...SLUGS, 'long']) {
    await context.request.post(`${site.origin}/admin/forms/${slug}/settings`, {
      form: { owner: 'dashboard' },
      headers: { origin: site.origin },
      maxRedirects: 0,
    });
  }
  await context.close();
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

const DESKTOP = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false } as const;
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;

/** Opens the editor of a form, in a browser where the member is signed in. */
async function openEditor(browser: Browser, slug: string, view = '', device: typeof DESKTOP | typeof PHONE = DESKTOP) {
  const context = await browser.newContext({ ...device, storageState: member });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${site.origin}/admin/forms/${slug}/edit${view}`);
  await expect(button(page, 'Publish…')).toBeVisible();
  return { page, context, complaints };
}

/** Expects that each button, and each link that is one, has room for a finger. */
async function expectFingers(page: Page): Promise<void> {
  const small = await page.locator('#editor :is(button, nav a):visible').evaluateAll((all) =>
    all.flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      return Math.min(width, height) < 44 ? `${one.ariaLabel ?? one.textContent}: ${width} x ${height}` : [];
    }),
  );
  expect(small).toEqual([]);
}

const text = (page: Page) => page.getByRole('textbox', { name: 'Text of the form' });
const view = (page: Page, name: 'Outline' | 'Text') => page.getByRole('navigation', { name: 'Views of the form' }).getByRole('link', { name }).click(); // prettier-ignore
const stored = async (slug: string) => (await findDraft(site.db, slug))?.text;
const saved = (page: Page) =>
  expect(page.getByText(/^(Draft, saved \d\d:\d\d|Everything here is published)$/)).toBeVisible();

/** Types at the end of the line with these words. */
async function typeAfter(page: Page, words: string, keys: string): Promise<void> {
  await text(page).getByText(words).first().click();
  await page.keyboard.press('End');
  await page.keyboard.type(keys);
}

test('a form of a file is edited here after one click, and opens in the editor', async ({ browser }) => {
  const context = await browser.newContext({ ...DESKTOP, storageState: member });
  const page = await context.newPage();
  await page.goto(`${site.origin}/admin/forms/own/settings`);
  await button(page, 'Edit here instead').click();
  await page.waitForURL('**/own/edit');
  await expect(button(page, 'Publish…')).toBeVisible();
  expect(await stored('own')).toBe(FORM);
  await context.close();
});

test('the text saves itself, byte for byte, and is there after the page is loaded again', async ({ browser }) => {
  const { page, complaints } = await openEditor(browser, 'typing', '#text');
  await expect(page.getByText('Everything here is published', { exact: true })).toBeVisible();
  const state = page.getByText(/^Live/);
  await expect(state).toHaveText('Live', { useInnerText: true });
  await typeAfter(page, 'title: Become', ' in Manila');
  await expect(page.getByText(/^Draft, saved \d\d:\d\d$/)).toBeVisible();
  await expect(state).toHaveText('Live with unpublished changes', { useInnerText: true });
  expect(await stored('typing')).toBe(FORM.replace('Become a driver', 'Become a driver in Manila'));

  await page.reload();
  await expect(text(page)).toContainText('Become a driver in Manila');
  expect(complaints).toEqual([]);
});

test('opening a form and switching its views changes nothing @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'looks');
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  for (const name of ['Text', 'Outline', 'Text'] as const) await view(page, name);
  await expect(text(page)).toBeVisible();
  await page.waitForTimeout(700);
  expect(sent).toEqual([]);
  expect(await stored('looks')).toBe(FORM);
});

test('a broken text is saved too, and its error is named in each view until it is mended @long', async ({
  browser,
}) => {
  const { page } = await openEditor(browser, 'broken', '#text');
  await typeAfter(page, 'title: Become', ': soon');
  await expect(page.getByRole('heading', { name: '1 thing to fix' })).toBeVisible();
  await view(page, 'Outline');
  await expect(page.getByRole('heading', { name: '1 thing to fix' })).toBeVisible();
  await view(page, 'Text');
  await expect(text(page)).toContainText('a driver: soon');
  await button(page, 'Line 2').click();
  await expect.poll(() => page.evaluate(() => String(getSelection()))).toContain('title: Become a driver: soon');
  await button(page, 'Undo').click();
  await expect(page.getByText('thing to fix')).toHaveCount(0);
  await saved(page);
  expect(await stored('broken')).toBe(FORM);
});

test('one click mends an error whose remedy is exact, and undo brings it back @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'fix', '#text');
  const line = text(page).getByText('type: radio');
  await typeAfter(page, 'type: radio', '');
  // The line is the last one in the window, and stays in it when the error appears above the text.
  const { y, height } = (await line.boundingBox()) ?? { y: 0, height: 0 };
  await page.setViewportSize({ width: 1280, height: Math.ceil(y + height) });
  await page.keyboard.type('x');
  await expect(page.getByText('has the unknown type')).toBeVisible();
  await expect(line).toBeInViewport();
  await page.setViewportSize(DESKTOP.viewport);
  await view(page, 'Outline');
  const leftAndRight = (part: string) => page.locator(`.faults ${part}`).evaluate((one) => { const { left, right } = one.getBoundingClientRect(); return { left, right }; }); // prettier-ignore
  expect((await leftAndRight('.line bdi')).right).toBeLessThanOrEqual((await leftAndRight('li > div')).left);
  await button(page, 'Fix it for me').click();
  await expect(page.getByText('has the unknown type')).toHaveCount(0);
  await saved(page);
  expect(await stored('fix')).toBe(FORM);
  await button(page, 'Undo').click();
  await expect(page.getByText('has the unknown type')).toBeVisible();
  await expect.poll(() => stored('fix')).toBe(FORM.replace('radio', 'radiox'));
});

test('undo and redo are one stack for all views', async ({ browser }) => {
  const { page } = await openEditor(browser, 'undo', '#text');
  await typeAfter(page, 'title: Become', '');
  // At once: keys that come slowly are several steps.
  await page.keyboard.insertText(' now');
  await view(page, 'Outline');
  await button(page, 'Undo').click();
  await view(page, 'Text');
  await expect(text(page)).not.toContainText('driver now');
  await expect(button(page, 'Undo')).toBeDisabled();
  await text(page).click();
  await page.keyboard.press('ControlOrMeta+Shift+Z');
  await expect(text(page)).toContainText('driver now');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(text(page)).not.toContainText('driver now');
  await saved(page);
  expect(await stored('undo')).toBe(FORM);
});

test('undo brings a deleted ending back after the publish page, the preview and a reload, until another window changes the form', async ({
  browser,
}) => {
  const { page, context, complaints } = await openEditor(browser, 'steps');
  const outline = page.getByRole('region', { name: 'Outline' });
  await outline
    .getByRole('button', { name: /Come back when you work/ })
    .last()
    .press('Delete');
  await expect(page.getByRole('dialog')).toContainText('Undo brings everything back.');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await button(page, 'Publish…').click();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await button(page, 'Undo').click();
  await expect.poll(() => stored('steps')).toBe(FORM);

  await button(page, 'Redo').click();
  await expect.poll(() => stored('steps')).not.toContain('not_yet');
  const tab = (name: string) => page.getByRole('navigation', { name: 'Form' }).getByRole('link', { name });
  await tab('Preview').click();
  await tab('Edit').click();
  await expect(button(page, 'Undo')).toBeEnabled();
  await page.reload();
  await button(page, 'Undo').click();
  await expect.poll(() => stored('steps')).toBe(FORM);

  await button(page, 'Redo').click();
  await saved(page);
  await tab('Preview').click();
  const other = await context.newPage();
  await other.goto(`${site.origin}/admin/forms/steps/edit#text`);
  await expect(button(other, 'Undo')).toBeDisabled();
  await typeAfter(other, 'title: Become', ' elsewhere');
  await saved(other);
  await tab('Edit').click();
  await expect(button(page, 'Publish…')).toBeVisible();
  await expect(button(page, 'Undo')).toBeDisabled();
  expect(complaints).toEqual([]);
});

test('no text of a draft stays in the tab of a member who signs out', async ({ browser }) => {
  const page = await (await browser.newContext(DESKTOP)).newPage();
  await signIn(page, site.origin, SETUP_CODE);
  await page.goto(`${site.origin}/admin/forms/leave/edit#text`);
  await typeAfter(page, 'title: Become', ' secretly');
  await saved(page);
  await page.getByRole('link', { name: 'Forms', exact: true }).first().click();
  const inTab = () =>
    page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)]));
  await expect(button(page, 'Sign out')).toBeVisible();
  expect(await inTab()).toContain('secretly');
  await button(page, 'Sign out').click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await inTab()).not.toContain('secretly');
  expect(await inTab()).not.toContain('undo');
});

test('while the server is away the text is kept on the device, and is saved when it is back', async ({ browser }) => {
  const { page, context } = await openEditor(browser, 'away', '#text');
  await expect(text(page)).toBeVisible();
  await context.setOffline(true);
  await typeAfter(page, 'title: Become', ' offline');
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
  await expect(page.getByText('Your text is kept on this device')).toBeVisible();
  await expectAccessible(page, 'that is not saved', DARK);
  expect(await stored('away')).toBe(FORM);
  await context.setOffline(false);
  await saved(page);
  expect(await stored('away')).toContain('Become a driver offline');
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')))).toEqual([]);
});

test('a text that was never saved is offered again on the same device @long', async ({ browser }) => {
  const { page, context } = await openEditor(browser, 'kept', '#text');
  await page.route('**/draft', (route) => route.abort());
  await typeAfter(page, 'title: Become', ' unsaved');
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
  // The window is closed without a question, as when the device runs out of power.
  await page.close({ runBeforeUnload: false });

  const again = await context.newPage();
  await again.goto(`${site.origin}/admin/forms/kept/edit#text`);
  await expect(again.getByText(/This device has a text from .* that was not saved/)).toBeVisible();
  await expectAccessible(again, 'with a text of the device', DARK);
  await expect(text(again)).not.toContainText('unsaved');
  await expect(again.getByText('replaces newer changes')).toHaveCount(0);
  await typeAfter(again, 'id: status', ' # newer');
  await saved(again);
  await expect(again.getByText('Using it replaces newer changes.')).toBeInViewport({
    ratio: 1,
  });
  await again.getByRole('button', { name: /^Use the text from/ }).click();
  await expect(text(again)).toContainText('Become a driver unsaved');
  // The newer changes are saved, so that both texts are shown before they are replaced.
  await button(again, 'Keep the text of this window').click();
  await saved(again);
  expect(await stored('kept')).toContain('Become a driver unsaved');
  await again.reload();
  await expect(text(again)).toContainText('unsaved');
  await expect(again.getByText('This device has a text')).toHaveCount(0);
});

test('two windows never overwrite each other: both texts are shown, and one is chosen @long', async ({ browser }) => {
  const { page, context } = await openEditor(browser, 'conflict', '#text');
  const other = await context.newPage();
  await other.goto(`${site.origin}/admin/forms/conflict/edit#text`);
  await typeAfter(other, 'id: status', ' # by the other');
  await saved(other);
  await typeAfter(page, 'title: Become', ' by me');
  await expect(page.getByRole('heading', { name: 'You changed this form in two windows' })).toBeVisible();
  const difference = page.getByRole('region', { name: 'Difference between the two texts' });
  await expect(difference).toContainText('# by the other');
  await expect(difference).toContainText('Become a driver by me');
  await expectAccessible(page, 'with a conflict', DARK);
  expect(await stored('conflict')).toContain('# by the other');
  expect(await stored('conflict')).not.toContain('by me');

  await button(page, 'Use the saved text').click();
  await expect(text(page)).toContainText('# by the other');
  await saved(page);
  await button(page, 'Undo').click();
  await expect.poll(() => stored('conflict')).toContain('by me');
});

test('my text replaces the saved one only after I say so @long', async ({ browser }) => {
  const { page, context } = await openEditor(browser, 'windows', '#text');
  const other = await context.newPage();
  await other.goto(`${site.origin}/admin/forms/windows/edit#text`);
  await typeAfter(other, 'id: status', ' # by the other');
  await saved(other);
  await typeAfter(page, 'title: Become', ' by me');
  await button(page, 'Keep the text of this window').click();
  await saved(page);
  expect(await stored('windows')).toBe(FORM.replace('Become a driver', 'Become a driver by me'));
});

test('a text that is not saved is not left without a question @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'exit', '#text');
  await page.route('**/draft', (route) => route.abort());
  await typeAfter(page, 'title: Become', ' more');
  const asked = page.waitForEvent('dialog');
  await Promise.all([
    asked.then((dialog) => dialog.dismiss()),
    page.getByRole('navigation', { name: 'Form' }).getByRole('link', { name: 'Settings' }).click(),
  ]);
  expect((await asked).type()).toBe('beforeunload');
  await expect(text(page)).toContainText('driver more');
});

test('a company name in a field that still has the focus is not left without a question, and is saved @long', async ({
  browser,
}) => {
  const { page } = await openEditor(browser, 'leave');
  await button(page, 'The form').click();
  await page.getByLabel('Company name').fill('Padyak Manila');
  await expect(page.getByText('Not saved until you leave this field')).toBeVisible();
  const asked = page.waitForEvent('dialog');
  const reloaded = page.evaluate(() => location.reload());
  await (await asked).dismiss();
  await reloaded.catch(() => undefined);
  await expect.poll(() => stored('leave')).toContain('name: Padyak Manila');
});

test('a text in the table of languages is there after a reload, although the field still had the focus, and no other window is named @long', async ({
  browser,
}) => {
  const { page } = await openEditor(browser, 'cell');
  await button(page, 'Languages').click();
  await page.getByLabel('About you, Title, English').fill('About you and us');
  await expect(page.getByText('Not saved until you leave this field')).toBeVisible();
  // A person takes a moment to answer.
  page.once('dialog', (dialog) => void setTimeout(() => void dialog.accept(), 500));
  await page.reload();
  await expect(page.getByText('is not saved')).toHaveCount(0);
  await button(page, 'Languages').click();
  await page.getByLabel('About you and us, Title, English').fill('All about you');
  await page.keyboard.press('Tab');
  await expect.poll(() => stored('cell')).toContain('en: All about you');
  await saved(page);
});

test('a text that was typed after a sign-out is saved when the member comes back, or presses the button @long', async ({
  browser,
}) => {
  const { page, context } = await openEditor(browser, 'signed', '#text');
  await page.clock.install();
  const acts = {
    ' later': () => page.evaluate(() => dispatchEvent(new Event('focus'))),
    ' still': () => button(page, 'Save now').click(),
  };
  for (const [words, act] of Object.entries(acts)) {
    await context.clearCookies();
    await typeAfter(page, 'title: Become', words);
    await expect(page.getByText('You are signed out. Sign in in another tab')).toBeVisible();
    const opened = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Sign in (new tab)' }).click();
    await expect((await opened).getByLabel(/password/i)).toBeVisible();
    await (await opened).close();
    // In time it would also be saved without them.
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 60_000);
    await context.addCookies(member.cookies);
    await act();
    await expect.poll(() => stored('signed')).toContain(words);
    await page.clock.resume();
    await saved(page);
  }
});

test('without scripts the plain form saves and publishes', async ({ browser }) => {
  const { page, context } = await openEditor(browser, 'plain');
  await withoutScript(context);
  await page.reload();
  await expect(page.getByLabel('Text of the form')).toHaveValue(FORM);
  await expect(button(page, 'Save draft')).toBeVisible();
  await page.getByLabel('Text of the form').fill(FORM.replace('Become', 'Be'));
  await context.unrouteAll();
  await button(page, 'Save draft').click();
  await expect.poll(() => stored('plain')).toBe(FORM.replace('Become', 'Be'));
});

test('the plain form appears where the script of the editor does not load @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'plain');
  await page.route('**/assets/editor-*.js', (route) => route.abort());
  await page.reload();
  await expect(button(page, 'Save draft')).toBeVisible();
  await expect(page.getByLabel('Text of the form')).toBeEditable();
});

test('the text opens with the page that is loaded again, where its script was missing before @long', async ({
  browser,
}) => {
  const { page } = await openEditor(browser, 'thread');
  const scripts = '**/assets/editor-code-*.js';
  await page.route(scripts, (route) => route.fulfill({ status: 404, body: 'gone since an update' }));
  await view(page, 'Text');
  await expect(page.getByText('The text could not be loaded')).toBeVisible();
  await page.unroute(scripts);
  await button(page, 'Load the page again').click();
  await expect(text(page)).toBeVisible();
});

test('the keyboard reaches everything, and is not caught in the text', async ({ browser }) => {
  const { page } = await openEditor(browser, 'keys', '#text');
  await text(page).focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Tab');
  await expect(text(page)).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(text(page)).not.toBeFocused();
  await expect(page.getByText('press Escape, then Tab')).toBeVisible();
  await saved(page);
  // The text is as before, for the other test with this form too.
  await expect.poll(() => stored('keys')).toBe(FORM);
});

test('the caret opens its part, and a part that is opened is where the text goes @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'caret', '#text');
  await text(page).getByText('outcome: disqualified').click();
  await view(page, 'Outline');
  const outline = page.getByRole('region', { name: 'Outline', exact: true });
  await expect(page.getByRole('region', { name: 'Edit', exact: true })).toContainText('Come back when you work');
  await outline.getByRole('button', { name: 'Are you working now?' }).first().click();
  await view(page, 'Text');
  await expect(text(page).getByText('id: status')).toBeInViewport();
});

test('keys are suggested with their help, and words are found in the whole text @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'keys', '#text');
  await typeAfter(page, 'type: radio', '\nre');
  await expect(page.getByRole('option', { name: /required/ })).toBeVisible();
  await expectAccessible(page, 'with suggestions', DARK);
  await page.keyboard.press('Enter');
  await page.keyboard.type('t');
  await page.getByRole('option', { name: 'true' }).click();
  await saved(page);
  expect(await stored('keys')).toBe(FORM.replace('type: radio', 'type: radio\n        required: true'));

  await page.keyboard.press('ControlOrMeta+f');
  await page.getByRole('searchbox', { name: 'Find in the text' }).fill('NOT_YET');
  await expect(page.getByText('1 of 2')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 of 2')).toBeVisible();
  await expectAccessible(page, 'with words that were found', DARK);
  await page.keyboard.press('Escape');
  await expect(text(page)).toBeFocused();
  expect(await page.evaluate(() => String(getSelection()))).toBe('not_yet');
});

test('in a form of 3,000 lines no key is lost, in a panel and in the text @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'long');
  const outline = page.getByRole('region', { name: 'Outline', exact: true });
  // Far from the place that is in sight, the browser has nothing to draw.
  const isDrawn = (name: string) =>
    outline
      .getByRole('button', { name })
      .first()
      .evaluate((row) => row.checkVisibility({ contentVisibilityAuto: true }));
  await outline.getByRole('button', { name: 'Question a of screen 100' }).first().click();
  await expect.poll(() => isDrawn('Question a of screen 100')).toBe(true);
  await expect.poll(() => isDrawn('Question a of screen 190')).toBe(false);
  const question = page.getByRole('region', { name: 'Edit', exact: true }).getByLabel('Question', { exact: true });
  // The browser would store the state of all controls of the preview between two keys.
  await expect(page.frameLocator('iframe[title=Preview]').locator('form[data-ready]')).toHaveAttribute(
    'autocomplete',
    'off',
  );
  await expect(question).toHaveValue('Question a of screen 100');
  await question.press('End');
  // The processor works on the whole form at each key.
  const [inPanel, inText] = [', typed by a person who is quick', ' and longer, typed at the speed of a quick person'];
  await question.pressSequentially(inPanel, { delay: 20 });
  await expect(question).toHaveValue(`Question a of screen 100${inPanel}`);
  await saved(page);
  await expect.poll(() => stored('long')).toContain(`Question a of screen 100${inPanel}`);
  await view(page, 'Text');
  await expect(text(page)).toContainText('title: Screen 100');
  await typeAfter(page, 'title: Screen 100', inText);
  await expect(text(page)).toContainText(`title: Screen 100${inText}`);
  await expect.poll(() => stored('long')).toContain(`title: Screen 100${inText}`);
});

test('a key in a panel is saved where the browser cannot start the thread for it @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'thread');
  await page.addInitScript(() => {
    window.Worker = class extends Worker {
      constructor() {
        super('/assets/gone.js', { type: 'module' });
      }
    };
  });
  await page.reload();
  await page.getByRole('button', { name: 'About you' }).first().click();
  const title = page.getByRole('region', { name: 'Edit', exact: true }).getByLabel('Title (English)', { exact: true });
  for (const name of ['About us', 'About all']) {
    await title.fill(name);
    await saved(page);
    await expect.poll(() => stored('thread')).toContain(name);
  }
});

test('changes that are not published are discarded after a question @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'discard', '#text');
  await typeAfter(page, 'title: Become', ' soon');
  await saved(page);
  page.on('dialog', (dialog) => void dialog.accept());
  await button(page, 'Discard changes').click();
  await expect.poll(() => stored('discard')).toBe(FORM);
  await expect(page.getByText('Everything here is published', { exact: true })).toBeVisible();
});

test('every state looks right and can be read by all: light and dark, desktop and phone @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'looks');
  await expectAccessible(page, 'of the outline', DARK);
  await view(page, 'Text');
  await expect(text(page)).toBeVisible();
  await expectAccessible(page, 'of the text', DARK);
  await typeAfter(page, 'type: radio', 'x');
  await expect(page.getByRole('heading', { name: '1 thing to fix' })).toBeVisible();
  await expectAccessible(page, 'of an error', DARK);
  for (const width of [820, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await expectAccessible(page, `of an error at ${width}`, DARK);
    await view(page, 'Outline');
    await expectNarrow(page, `outline at ${width}`);
    await view(page, 'Text');
  }
  await saved(page);
  await button(page, 'Publish…').click();
  await expect(page.getByRole('link', { name: 'Fix the form' })).toBeVisible();
  await expectAccessible(page, 'of an error on the publish page', DARK);
});

test('on a phone the outline, a part and the preview are pages with a way back @long', async ({ browser }) => {
  const { page } = await openEditor(browser, 'phone', '', PHONE);
  const pane = (name: string) => page.getByRole('region', { name, exact: true });
  await expect(pane('Outline')).toBeVisible();
  await expect(pane('Edit')).toBeHidden();
  await pane('Outline').getByRole('button', { name: 'About you' }).first().click();
  await expect(pane('Edit')).toBeVisible();
  await expect(pane('Outline')).toBeHidden();
  await expect(pane('Edit').getByLabel('Title').first()).toBeInViewport();
  await expect(page.getByRole('heading', { level: 1 })).not.toBeInViewport();
  await expectAccessible(page, 'of a part on a phone', DARK);
  const bar = page.locator('.acts-row');
  await button(page, 'Delete').scrollIntoViewIfNeeded();
  await expect(page.locator('.saved')).toBeInViewport();
  await expect(button(bar, 'Undo')).toBeInViewport();
  // A control that gets the focus is below the bar.
  await pane('Edit').getByLabel('Title').first().focus();
  const bottomOf = async (one: Locator) => one.evaluate((element) => element.getBoundingClientRect().bottom);
  expect((await pane('Edit').getByLabel('Title').first().boundingBox())?.y).toBeGreaterThanOrEqual(await bottomOf(bar));
  await expectFingers(page);
  await button(page, 'Outline').click();
  await expect(pane('Outline')).toBeVisible();
  await expectFingers(page);
  await pane('Outline').getByRole('button', { name: 'About you' }).first().click();
  await button(page, 'Delete').click();
  await button(page.getByRole('dialog'), 'Delete').click();
  await expect(pane('Outline')).toBeVisible();
  await button(page, 'Undo').click();
  await button(page, 'Preview').click();
  await expect(pane('Preview')).toBeVisible();
  await expectAccessible(page, 'of the preview on a phone', DARK);
  await page.goBack();
  await expect(pane('Outline')).toBeVisible();
});

test('in a narrow window, the focus goes back to the row of a part with its page', async ({ browser }) => {
  const { page, context } = await openEditor(browser, 'phone', '', PHONE);
  const outline = page.getByRole('region', { name: 'Outline', exact: true });
  const part = outline.getByRole('button', { name: 'About you' }).first();
  for (const back of [() => page.keyboard.press('Enter'), () => page.goBack()]) {
    await part.press('Enter');
    await expect(page.getByRole('heading', { name: 'About you', level: 2 })).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await expect(button(page, 'Outline')).toBeFocused();
    await back();
    await expect(outline).toBeVisible();
    await expect(part).toBeFocused();
  }
  await context.close();
});

test('in a narrow window, one Back closes a part, also after loading the page again', async ({ browser }) => {
  const { page, context } = await openEditor(browser, 'phone', '', PHONE);
  const outline = page.getByRole('region', { name: 'Outline', exact: true });
  const part = outline.getByRole('button', { name: 'About you' }).first();
  await part.click();
  await expect(outline).toBeHidden();
  await page.reload();
  await part.click();
  // The preview of a part leads back to the part, and the part to the outline.
  await button(page, 'Preview').click();
  await button(page, 'Back').click();
  await button(page, 'Outline').click();
  await expect(outline).toBeVisible();
  await context.close();
});
