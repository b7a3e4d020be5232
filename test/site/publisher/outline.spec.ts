/** The outline and the panels of the editor: a publisher changes a form without its text, and the text changes as they mean. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright/test';
import { saveDraft } from '../../../src/record/forms/drafts.ts';
import { setManagedIn } from '../../../src/record/forms/form-states.ts';
import { difference } from '../../editor/forms.ts';
import { formOf } from '../../helpers/samples/large-forms.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { DARK, expectAccessible } from '../accessible.ts';
import { signIn } from '../dashboard.ts';
import { expect, plainTest as test } from '../site-test.ts';
import { button } from '../walk.ts';

const DRIVER = readFileSync('forms/gig-driver.yaml', 'utf8');

let site: TestSite;
let member: Awaited<ReturnType<BrowserContext['storageState']>>;
test.beforeAll(async ({ browser }) => {
  site = await openTestSite({ forms: {}, env: { RATE_LIMIT: 'off' } });
  const page = await browser.newPage({ ...DESKTOP, baseURL: site.origin });
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  member = await page.context().storageState();
  await page.close();
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

/** A desktop, on which all three panes are beside each other. */
const DESKTOP = { viewport: { width: 1400, height: 1000 }, isMobile: false, hasTouch: false };
let forms = 0;

const PLAIN = `title: Plain
screens:
  - id: about
    title: About you
    fields:
      - { id: name, type: text, label: Full name }
endings:
  - { id: done, title: Done }
`;

/** Opens the editor of a new form with `text`, as a member on a desktop. */
async function openEditor(
  browser: Browser,
  text: string,
  options: typeof DESKTOP & { timezoneId?: string } = DESKTOP,
): Promise<Page> {
  const slug = `form-${++forms}`;
  await setManagedIn(site.db, slug, 'dashboard', new Date());
  await saveDraft(site.db, { form: slug, text, title: slug }, 0, new Date());
  const context = await browser.newContext({ baseURL: site.origin, storageState: member, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(`/admin/forms/${slug}/edit`);
  await expect(page.getByRole('heading', { name: 'Endings' })).toBeVisible();
  expect(complaints).toEqual([]);
  return page;
}

/** The text that is stored, once everything is saved. */
async function stored(page: Page): Promise<string> {
  await expect(page.getByText(/^(Draft, )?saved/i).first()).toBeVisible();
  return page.evaluate(async () => {
    const html = await (await fetch(location.pathname)).text();
    return new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLTextAreaElement>('#text')?.value ?? '';
  });
}

const outline = (page: Page) => page.getByRole('region', { name: 'Outline' });
const row = (page: Page, name: string | RegExp) => outline(page).getByRole('button', { name }).first();
const panel = (page: Page) => page.getByRole('region', { name: 'Edit' });

test('the page of invitations leads to the tick that turns them on @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await page.getByRole('link', { name: 'Invitations', exact: true }).click();
  await page.getByRole('link', { name: 'Open “The form”' }).click();
  const tick = panel(page).getByLabel('Members can invite people by name');
  await expect(tick).toBeFocused();
  await expect(tick).toBeInViewport();
});

test('opening, switching views and selecting parts writes nothing @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  const saves: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && saves.push(request.url()));
  for (const part of ['The form', 'Languages', /Which driver/, /Connect your driver/, /Thank you/]) {
    await row(page, part).click();
    await expect(panel(page).getByRole('heading', { level: 2 })).toBeVisible();
  }
  for (const view of ['Map', 'Text', 'Outline']) await page.getByRole('link', { name: view, exact: true }).click();
  await expect(outline(page)).toBeVisible();
  expect(saves).toEqual([]);
  expect(await stored(page)).toBe(DRIVER);
  await page.context().close();
});

test('nothing in a long outline moves when a person scrolls to its end for the first time @long', async ({
  browser,
}) => {
  const page = await openEditor(browser, formOf(50));
  const heights = await outline(page).evaluate(async (pane) => {
    const before = pane.scrollHeight;
    pane.scrollTop = before;
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
    return { before, after: pane.scrollHeight };
  });
  expect(heights.after).toBe(heights.before);
  await page.context().close();
});

test('adds a screen, a question and a rule with the mouse, and no other line changes @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /About you/).click();
  await outline(page).getByRole('button', { name: 'Screen', exact: true }).click();
  await outline(page).getByLabel('Title of the new screen').fill('Your insurance');
  await button(outline(page), 'Add screen').click();
  await expect(panel(page).getByRole('heading', { name: 'Your insurance' })).toBeVisible();
  await outline(page).getByRole('button', { name: 'Question', exact: true }).click();
  await button(outline(page), 'Add question').click();
  await expect(outline(page).getByLabel('New question')).toHaveAccessibleDescription('Enter the question.');
  await expect(outline(page).getByLabel('New question')).toBeFocused();
  await outline(page).getByLabel('New question').fill('Do you have insurance?');
  await outline(page).getByLabel('Kind of answer').selectOption('Yes or no');
  await button(outline(page), 'Add question').click();
  await expect(panel(page).getByRole('heading', { name: 'Do you have insurance?' })).toBeVisible();
  await panel(page).getByLabel('People must answer this').check();
  await row(page, /Your insurance/).click();
  await button(panel(page), 'Add a rule').click();
  const rule = panel(page).getByRole('group', { name: 'New rule' });
  await expect(rule.getByLabel('Question')).toBeFocused();
  await expect(button(panel(page), 'Add a rule')).toHaveCount(0);
  await rule.getByLabel('Question').selectOption('Do you have insurance?');
  await rule.getByLabel('Answer').selectOption('No');
  // Nothing of a rule is in the text before all of it is chosen.
  expect(await stored(page)).not.toContain('do_you_have_insurance: false');
  await rule.getByLabel('Go to').focus();
  await rule.getByLabel('Go to').selectOption('Not yet, but soon');
  await expect(panel(page).getByRole('group', { name: 'Rule 1' }).getByLabel('Go to')).toBeFocused();
  expect(difference(DRIVER, await stored(page))).toEqual([
    '+   - id: your_insurance',
    '+     title: Your insurance',
    '+     fields:',
    '+       - { id: do_you_have_insurance, type: yes_no, label: Do you have insurance?, required: true }',
    '+     next:',
    '+       - { when: { do_you_have_insurance: false }, go: not_yet }',
    '+ ',
  ]);
  await expect(outline(page).getByText(/if Do you have insurance\? No/)).toBeVisible();
  // One step of undo for each act gives the bytes back.
  for (let steps = 0; steps < 12 && (await button(page, 'Undo').isEnabled()); steps++)
    await button(page, 'Undo').click();
  expect(await stored(page)).toBe(DRIVER);
  await page.context().close();
});

test('keeps a rule and a condition that are not complete while another part is open @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  const begun = panel(page).getByRole('group', { name: 'New rule' });
  const first = panel(page).getByRole('group', { name: 'Rule 1' });
  await row(page, /Can you drive/).click();
  await button(panel(page), 'Another rule').click();
  await begun.getByLabel('Question').selectOption('Are you 21 or older?');
  await begun.getByLabel('Answer').selectOption('No');
  await first.getByLabel('Question').selectOption("Which driver's license do you hold?");
  await row(page, /Where do you want/).click();
  const tick = panel(page).getByLabel('Show only if');
  await tick.check();
  await panel(page).getByLabel('Question').last().selectOption("Which driver's license do you hold?");

  // Another screen has no such rule, and the screen with it can move and come back.
  await row(page, /About you/).click();
  await expect(button(panel(page), 'Add a rule').or(button(panel(page), 'Another rule'))).toBeVisible();
  await expect(begun).toHaveCount(0);
  await row(page, /Can you drive/).press('Alt+ArrowDown');
  await expect(panel(page).getByRole('heading', { name: 'Can you drive' })).toBeVisible();
  await expect(begun.getByLabel('Answer')).toHaveValue('false');
  await button(page, 'Undo').click();
  await row(page, /Can you drive/).click();
  await expect(row(page, /Can you drive/)).toBeFocused();
  await expect(begun.getByLabel('Question')).toHaveValue('old_enough');
  await expect(begun.getByLabel('Answer')).toHaveValue('false');
  await expect(first.getByLabel('Question')).toHaveValue('licence');
  await expect(first.getByText('This is saved when it is complete.')).toBeVisible();
  expect(await stored(page)).toBe(DRIVER);

  // A rule that was removed does not come back, and neither does a condition that was switched off.
  await button(begun, 'Remove the new rule').click();
  await expect(begun).toHaveCount(0);
  await row(page, /Where do you want/).click();
  await expect(tick).toBeChecked();
  await expect(panel(page).getByLabel('Question').last()).toHaveValue('licence');
  await tick.uncheck();
  await row(page, /Can you drive/).click();
  await expect(button(panel(page), 'Another rule')).toBeVisible();
  await expect(begun).toHaveCount(0);
  await row(page, /Where do you want/).click();
  await expect(tick).not.toBeChecked();

  // A change that was begun is completed.
  await row(page, /Can you drive/).click();
  await first.getByLabel('Answer').selectOption('None yet');
  await row(page, /About you/).click();
  await row(page, /Can you drive/).click();
  await expect(first.getByLabel('Question')).toHaveValue('licence');
  expect(difference(DRIVER, await stored(page))).toEqual([
    '-       - { when: { old_enough: false }, go: not_yet }',
    '+       - { when: { licence: none }, go: not_yet }',
  ]);
  await page.context().close();
});

test('does the same with the keyboard only: select, move, rename, delete', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  // The first stop leads over the bar and the tabs, and the hash stays that of the view.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(row(page, 'The form')).toBeFocused();
  expect(new URL(page.url()).hash).not.toContain('content');
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press('ArrowDown');
  await expect(row(page, /Which driver/)).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(outline(page).getByText('Moved up.')).toBeVisible();
  await expect(row(page, /Which driver/)).toBeFocused();
  const moved = await stored(page);
  expect(moved.indexOf('id: licence')).toBeLessThan(moved.indexOf('id: old_enough'));
  expect(moved.split('\n').toSorted()).toEqual(DRIVER.split('\n').toSorted());
  await page.keyboard.press('Alt+ArrowDown');
  expect(await stored(page)).toBe(DRIVER);

  // The panel is the next thing after a key that opens a part, and Escape leads back to its row.
  const title = panel(page).getByRole('heading', { level: 2 });
  await page.keyboard.press('Enter');
  await expect(title).toBeFocused();
  await expect(title).toHaveText(/Which driver/);
  await page.keyboard.press('Escape');
  await expect(row(page, /Which driver/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(title).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(panel(page).getByLabel('Question', { exact: true })).toBeFocused();
  await panel(page).getByText('More', { exact: true }).focus();
  await page.keyboard.press('Enter');
  const id = panel(page).getByLabel('Name in rules and exports');
  await id.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('license_kind');
  await page.keyboard.press('Enter');
  const renamed = await stored(page);
  expect(renamed).toBe(DRIVER.replace(/\blicence\b/g, 'license_kind'));

  await row(page, /Which driver/).focus();
  await page.keyboard.press('Delete');
  const ask = page.getByRole('dialog');
  await expect(ask).toContainText('1 rule and 5 examples use it: “Can you drive with us?”.');
  await expect(ask.getByLabel('Also delete 1 rule, and this answer in the examples')).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(ask).toBeHidden();
  await row(page, /Which driver/).focus();
  await page.keyboard.press('Delete');
  await expect(ask).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(row(page, /Where do you want/)).toBeFocused();
  const left = await stored(page);
  expect(left).not.toContain('license_kind');
  expect(difference(renamed, left).filter((line) => line.startsWith('+') && !line.includes('answers:'))).toEqual([]);

  await outline(page).getByRole('button', { name: 'Question', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(outline(page).getByLabel('New question')).toBeFocused();
  await page.keyboard.type('Your nickname');
  await page.keyboard.press('Enter');
  await expect(row(page, /Your nickname/)).toBeFocused();
  // Typed as fast as a browser takes it, no key is lost.
  expect(difference(left, await stored(page))).toEqual([
    '+       - { id: your_nickname, type: text, label: Your nickname }',
  ]);
  await page.context().close();
});

test('adds a question where it belongs: after the chosen one, and at the end of a screen @long', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /About you/).focus();
  await row(page, /About you/).press('Enter');
  const atEnd = outline(page)
    .getByRole('button', { name: /^Add a question at the end of/ })
    .first();
  await atEnd.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Which city?');
  await page.keyboard.press('Enter');
  await expect(panel(page).getByRole('heading', { name: 'Which city?' })).toBeVisible();
  // At the last question, the button at the end of the screen is enough.
  await expect(outline(page).getByRole('button', { name: 'Add a question after “Which city?”' })).toHaveCount(0);
  await row(page, /Mobile number/).click();
  await outline(page).getByRole('button', { name: 'Add a question after “Mobile number”' }).click();
  await outline(page).getByLabel('New question').fill('Which part of it?');
  await button(outline(page), 'Add question').click();
  await expect(panel(page).getByRole('heading', { name: 'Which part of it?' })).toBeVisible();
  const added = difference(DRIVER, await stored(page));
  expect(added.filter((line) => /label:/.test(line)).map((line) => line.replace(/.*label: | }$/g, ''))).toEqual([
    'Which city?',
    'Which part of it?',
  ]);
  await page.context().close();
});

test('names an error by its question and screen, and opens its panel @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER.replace('type: text', 'type: txt'));
  const errors = page.getByRole('region', { name: '1 thing to fix' });
  await errors.getByRole('button', { name: 'Full name · 2 About you' }).click();
  await expect(panel(page).getByText('Question', { exact: true }).first()).toBeVisible();
  await expect(panel(page)).toContainText('Choose a kind of answer.');
  await expect(panel(page)).not.toContainText('only the text can show');
  await page.getByRole('navigation', { name: 'Views of the form' }).getByRole('link', { name: 'Text' }).click();
  await expect(errors.getByRole('button', { name: /^Line \d+$/ })).toBeVisible();
  await page.context().close();
});

test('leads from missing translations in the text to the page of languages @long', async ({ browser }) => {
  const page = await openEditor(
    browser,
    DRIVER.replace('title: About you', 'title: { en: About you }').replace('title: ', 'languages: [en, es]\ntitle: '),
  );
  await page.getByRole('navigation', { name: 'Views of the form' }).getByRole('link', { name: 'Text' }).click();
  const errors = page.getByRole('region', { name: '1 thing to fix' });
  await expect(errors).not.toContainText('line');
  await button(errors, 'Languages').click();
  await expect(panel(page).getByText('1 text missing in Español')).toBeVisible();
  await page.context().close();
});

test('leads from the publish page to the line of an error that no part of the outline has @long', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER.replace('          - { value: pampanga, label: Pampanga }\n', ''));
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(page.url().replace(/edit$/, 'publish'));
  await page.getByRole('link', { name: 'Fix the form' }).click();
  await expect(page.getByRole('textbox', { name: 'Text of the form' })).toBeFocused();
  await expect(page.locator('.cm-activeLine')).toHaveText('    ends: not_yet');
  await expect(page.locator('.cm-activeLine')).toBeInViewport();
  await page.context().close();
});

test('leads from a thing to check, and from an error, to its field, also if its part is open', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER.replace('name: Padyak Express', 'name: Your company'));
  const errors = page.getByRole('region', { name: /^1 thing to/ });
  const company = panel(page).getByLabel('Company name');
  await row(page, /Full name/).click();
  for (let clicks = 0; clicks < 2; clicks++) {
    await button(errors, 'The form').click();
    await expect(company).toBeFocused();
    await expect(company).toBeInViewport();
    await panel(page).getByLabel('Title', { exact: true }).first().focus();
  }
  await company.fill('Padyak');
  await panel(page).getByLabel('Email for questions').fill('nobody');
  await panel(page).getByLabel('Title', { exact: true }).first().focus();
  await button(page.getByRole('region', { name: '1 thing to fix' }), 'The form').click();
  await expect(panel(page).getByLabel('Email for questions')).toBeFocused();
  await page.context().close();
});

test('the focus goes along with an option and a rule that move, so that keys move them to the end of their list', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Where do you want to drive/).click();
  const texts = () => panel(page).getByRole('textbox', { name: /^Option \d$/ }).evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)); // prettier-ignore
  await button(panel(page), 'Move option 4 up').focus();
  for (const focused of ['Move option 3 up', 'Move option 2 up', 'Move option 1 down']) {
    await page.keyboard.press('Enter');
    await expect(button(panel(page), focused)).toBeFocused();
  }
  await expect.poll(texts).toEqual(['Davao', 'Metro Manila', 'Cavite and Laguna', 'Cebu', 'Pampanga']);
  await page.keyboard.press('Enter');
  await expect(button(panel(page), 'Move option 2 down')).toBeFocused();
  await expect.poll(texts).toEqual(['Metro Manila', 'Davao', 'Cavite and Laguna', 'Cebu', 'Pampanga']);

  await row(page, /^1 Can you drive with us/).click();
  await button(panel(page), 'Move rule 2 up').focus();
  await page.keyboard.press('Enter');
  await expect(button(panel(page), 'Move rule 1 down')).toBeFocused();
  expect(await stored(page)).toMatch(/licence: none \}, go: not_yet \}\n.*old_enough: false/);
  await page.context().close();
});

test('moves by dragging and by the Move buttons, duplicates, copies and pastes @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Where do you want/).dragTo(row(page, /Are you 21/), { targetPosition: { x: 60, y: 4 } });
  const dragged = await stored(page);
  expect(dragged.indexOf('id: city')).toBeLessThan(dragged.indexOf('id: old_enough'));
  await row(page, /Where do you want/).click();
  await button(panel(page), 'Move down').click();
  await button(panel(page), 'Move down').click();
  expect(await stored(page)).toBe(DRIVER);
  await button(panel(page), 'Duplicate').click();
  expect(await stored(page)).toContain('id: city_2');
  await expect(row(page, /\(2\)/)).toBeVisible();
  await button(page, 'Undo').click();
  await row(page, /Are you 21/).click();
  await button(panel(page), 'Copy').click();
  await expect(panel(page).getByText(/^Copied/)).toBeVisible();
  await row(page, /Full name/).click();
  await page.keyboard.press('Control+v');
  await expect(outline(page).getByText('Pasted.')).toBeVisible();
  expect(difference(DRIVER, await stored(page))).toEqual([
    '+       - id: old_enough_2',
    '+         type: yes_no',
    '+         label: Are you 21 or older?',
    '+         required: true',
  ]);
  await button(outline(page), 'Paste').click();
  await outline(page).getByLabel('A copied question, screen or ending').fill('Hello there');
  await button(outline(page), 'Add it').click();
  await expect(outline(page).getByText(/no part of a form/)).toBeVisible();
  await page.context().close();
});

test('changes one line for one word, and keys that follow each other are one step of undo', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Full name/).click();
  const question = panel(page).getByLabel('Question', { exact: true });
  await question.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' and surname', { delay: 20 });
  await expect(row(page, /Full name and surname/)).toBeVisible();
  expect(difference(DRIVER, await stored(page))).toEqual(['-         label: Full name', '+         label: Full name and surname']); // prettier-ignore
  // On a slow machine a pause between two keys begins another step, so there can be a few, but never one for each key.
  for (let steps = 0; steps < 4 && (await button(page, 'Undo').isEnabled()); steps++)
    await button(page, 'Undo').click();
  await expect(question).toHaveValue('Full name');
  expect(await stored(page)).toBe(DRIVER);
  // An option is changed before its field is left, too.
  await row(page, /Where do you want to drive/).click();
  const option = panel(page).getByLabel('Option 3', { exact: true });
  await option.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' and Bohol');
  await expect.poll(() => stored(page)).toContain('label: Cebu and Bohol }');
  await expect(option).toBeFocused();
  await page.context().close();
});

test('opens another part at its title, and keeps the place of a part that moves or gets another name @long', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER);
  const title = panel(page).getByRole('heading', { level: 2 });
  await row(page, /Mobile number/).click();
  await button(panel(page), 'Move up').click();
  await expect(title).not.toBeInViewport();
  await expect(button(panel(page), 'Move up')).toBeInViewport();
  await panel(page).getByLabel('Name in rules and exports').fill('phone');
  await panel(page).getByLabel('Name in rules and exports').press('Tab');
  await expect.poll(() => stored(page)).toContain('id: phone');
  await expect(title).not.toBeInViewport();
  await row(page, /Full name/).click();
  await expect(title).toHaveText('Full name');
  await expect(title).toBeInViewport();
  await page.context().close();
});

test('shows the panel of a part beside it on a tablet too, however far down the outline it is @long', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER, { ...DESKTOP, viewport: { width: 820, height: 1000 } });
  await row(page, /How should we pay you/).click();
  await expect(panel(page).getByRole('heading', { level: 2 })).toHaveText('How should we pay you?');
  await expect(panel(page).getByRole('heading', { level: 2 })).toBeInViewport();
  await expect(panel(page).getByLabel('Question', { exact: true })).toBeInViewport();
  await page.context().close();
});

test('shows the panel of a part below the map on a tablet, and the map in the width of both @long', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER, { ...DESKTOP, viewport: { width: 820, height: 1000 } });
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  const map = page.getByRole('region', { name: 'Map' });
  const alone = await map.boundingBox();
  await map.getByRole('button', { name: /Your vehicle/ }).click();
  const title = panel(page).getByRole('heading', { name: 'Your vehicle and your work' });
  await expect(title).toBeInViewport();
  expect((await map.boundingBox())?.width).toBe(alone?.width);
  await page.context().close();
});

test('shows all words of a box to agree, and an Arabic text from the right @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /I agree that/).click();
  const words = panel(page).getByLabel('Question', { exact: true });
  expect(await words.evaluate((field) => [field.tagName, field.scrollWidth - field.clientWidth])).toEqual(['TEXTAREA', 0]); // prettier-ignore
  await row(page, 'Languages').click();
  await panel(page).getByLabel('Add a language').selectOption('العربية');
  const arabic = panel(page).getByLabel('About you, Title, العربية');
  await arabic.fill('معلومات عنك');
  expect(await arabic.evaluate((field) => [getComputedStyle(field).direction, getComputedStyle(field).textAlign])).toEqual(['rtl', 'start']); // prettier-ignore
  await page.context().close();
});

test('waits for the text of a new option, and for the next one after it @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  const before = await stored(page);
  await row(page, /Where do you want to drive/).click();
  await button(panel(page), 'Add option').click();
  await expect(panel(page).getByLabel('New option')).toBeFocused();
  expect(await stored(page)).toBe(before);
  for (const text of ['Iloilo', 'Bohol']) {
    await page.keyboard.type(text);
    await button(panel(page), 'Add option').click();
  }
  await expect(panel(page).getByLabel('New option')).toBeFocused();
  await expect(panel(page).getByLabel('New option')).toHaveValue('');
  // A text that is still in the field is added when the field is left.
  await page.keyboard.type('Leyte');
  await row(page, /Your vehicle/).click();
  expect(difference(before, await stored(page))).toEqual([
    '+           - { value: iloilo, label: Iloilo }',
    '+           - { value: bohol, label: Bohol }',
    '+           - { value: leyte, label: Leyte }',
  ]);
  await page.context().close();
});

test('a question that is not added yet is not left without a question', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await outline(page).getByRole('button', { name: 'Question', exact: true }).click();
  await outline(page).getByLabel('New question').fill('Your nickname');
  const asked = page.waitForEvent('dialog');
  const reloaded = page.evaluate(() => location.reload());
  await (await asked).dismiss();
  await reloaded.catch(() => undefined);
  await expect(outline(page).getByLabel('New question')).toHaveValue('Your nickname');
  await row(page, /Where do you want to drive/).click();
  await button(panel(page), 'Paste a list').click();
  await button(outline(page), 'Cancel').click();
  await expect(page.locator('[data-unadded]')).toHaveCount(0);
  await panel(page).getByLabel('One option a line').fill('Manila');
  await expect(page.locator('[data-unadded]')).toHaveCount(1);
  await page.context().close();
});

test('a website that is not added yet is not left without a question', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, 'The form').click();
  const website = panel(page).getByLabel('Add a website');
  await website.fill('https://www.acme.example');
  await expect(page.locator('[data-unadded]')).toHaveCount(1);
  await website.press('Enter');
  await expect(panel(page).getByRole('button', { name: 'Remove https://www.acme.example' })).toBeVisible();
  await expect(page.locator('[data-unadded]')).toHaveCount(0);
  await page.keyboard.type('https://acme.example');
  await expect(website).toHaveValue('https://acme.example');
  await page.context().close();
});

test('does not take a number that can mean two, such as 1,000', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, 'The form').click();
  const most = panel(page).getByLabel('Largest number of submissions');
  await most.fill('1,000');
  await most.press('Enter');
  await expect(panel(page).getByText('Enter a whole number, like 1500.')).toBeVisible();
  await most.fill('1000');
  await most.press('Enter');
  await expect(panel(page).getByText('Enter a whole number')).toBeHidden();
  await expect.poll(() => stored(page)).toMatch(/max: 1000\b/);
  await page.context().close();
});

test('the error of a number goes with the wrong number, when undo puts another one there', async ({ browser }) => {
  const page = await openEditor(browser, `limits: { max: 5 }\n${PLAIN}`);
  await row(page, 'The form').click();
  const most = panel(page).getByLabel('Largest number of submissions');
  for (const number of ['7', 'many']) {
    await most.fill(number);
    await most.blur();
  }
  await expect(panel(page).getByText('Enter a whole number, like 1500.')).toBeVisible();
  await button(page, 'Undo').click();
  await expect(most).toHaveValue('5');
  await expect(panel(page).getByText('Enter a whole number')).toBeHidden();
  await expect(most).not.toHaveAttribute('aria-invalid');
  await page.context().close();
});

test('one Tab leaves a field, also where its change enables a button or shows an error', async ({ browser }) => {
  const page = await openEditor(browser, PLAIN);
  await row(page, 'The form').click();
  const contact = panel(page).getByLabel('Email for questions');
  const most = panel(page).getByLabel('Largest number of submissions');
  await expect(button(page, 'Undo')).toBeDisabled();
  await contact.fill('ana@acme.example');
  await contact.press('Tab');
  await expect(button(page, 'Undo')).toBeEnabled();
  await expect(panel(page).getByLabel('Password')).toBeFocused();
  for (const number of ['many', '20']) {
    await most.fill(number);
    await most.press('Tab');
    await expect(panel(page).getByText('Enter a whole number')).toHaveCount(number === 'many' ? 1 : 0);
    await expect(panel(page).getByLabel('Each person once, by')).toBeFocused();
  }
  await page.context().close();
});

test('a date with its time zone is one step of undo, and so are the keys of undo in it', async ({ browser }) => {
  for (const text of [PLAIN, `limits: { max: 5 }\n${PLAIN}`]) {
    const page = await openEditor(browser, text);
    await row(page, 'The form').click();
    const opens = panel(page).getByLabel('Opens on');
    await opens.fill('2999-01-31');
    await expect.poll(() => stored(page)).toMatch(/opens: "?2999-01-31"?, .*timezone: /);
    await opens.press('Control+z');
    await expect(opens).toHaveValue('');
    await expect(opens).toBeFocused();
    await expect.poll(() => stored(page)).toBe(text);
    await opens.press('Control+Shift+z');
    await expect(opens).toHaveValue('2999-01-31');
    await page.context().close();
  }
});

test('spaces around an address, a company name and a color are left out', async ({ browser }) => {
  const page = await openEditor(browser, PLAIN);
  await row(page, 'The form').click();
  const write = async (label: string, text: string) => {
    await panel(page).getByLabel(label, { exact: true }).fill(text);
    await panel(page).getByLabel(label, { exact: true }).press('Tab');
  };
  await write('Company name', ' Acme ');
  await write('Code of the color', '#0b6e4f ');
  await write('Email for questions', ' ana@acme.example ');
  await expect.poll(() => stored(page)).toMatch(/brand: \{ name: Acme, color: "#0b6e4f" \}/);
  await expect.poll(() => stored(page)).toMatch(/contact: "?ana@acme.example"? /);
  await write('Company name', '  ');
  await write('Email for questions', ' ');
  await expect.poll(() => stored(page)).toMatch(/brand: \{ color: "#0b6e4f" \}/);
  expect(await stored(page)).not.toContain('contact');
  await page.context().close();
});

test('a button that was clicked twice and goes away leaves the focus in its pane', async ({ browser }) => {
  const notify = 'notify:\n  - { email: one@acme.example }\n  - { email: two@acme.example }\n';
  const page = await openEditor(browser, `${notify}${PLAIN}`);
  await row(page, 'The form').click();
  const remove = panel(page).getByRole('button', { name: 'Remove', exact: true });
  await remove.first().click();
  await expect(remove).toHaveCount(1);
  await remove.click();
  await expect(remove).toHaveCount(0);
  await expect(panel(page).locator(':focus')).toHaveCount(1);
  await page.context().close();
});

test('a condition that is added to a rule has the focus', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Can you drive/).click();
  const first = panel(page).getByRole('group', { name: 'Rule 1' });
  await first.getByRole('button', { name: /^(and|or)$/ }).press('Enter');
  await expect(first.getByLabel('Question').last()).toBeFocused();
  await expect(first.getByLabel('Question').last()).toHaveValue('');
  await page.context().close();
});

test('the error of a name in rules and exports calls it a name', async ({ browser }) => {
  const page = await openEditor(browser, PLAIN);
  await row(page, /Full name/).click();
  await panel(page).getByText('More', { exact: true }).click();
  const name = panel(page).getByLabel('Name in rules and exports');
  for (const [typed, error] of [
    ['full name', '"full name" is not a valid name. Begin with a small letter. Use only small letters, digits and _.'],
    ['about', 'The name “about” in rules and exports is already used. Write another name.'],
    ['reference', 'The name “reference” in rules and exports is reserved. Write another name.'],
  ] as const) {
    await name.fill(typed);
    await name.press('Enter');
    await expect(panel(page).locator('.bad')).toHaveText(error);
  }
  await page.context().close();
});

test('an error of a value from the link is named at its field', async ({ browser }) => {
  const page = await openEditor(browser, PLAIN);
  await row(page, 'The form').click();
  const values = panel(page).getByLabel('Values from the link, one a line');
  await values.fill('campaña');
  await values.blur();
  const error = /“Values from the link” of the form contains "campaña"/;
  await expect(panel(page).getByText(error)).toBeVisible();
  await page.getByRole('listitem').filter({ hasText: error }).getByRole('button', { name: 'The form' }).click();
  await expect(page.getByRole('link', { name: 'Outline', exact: true })).toHaveAttribute('aria-current', 'true');
  await page.context().close();
});

test('the settings under More stay open while a person empties the only one', async ({ browser }) => {
  const page = await openEditor(browser, PLAIN);
  await row(page, /Full name/).click();
  await panel(page).getByText('More', { exact: true }).click();
  const example = panel(page).getByLabel('Example inside the field');
  await example.pressSequentially('A');
  await expect.poll(() => stored(page)).toContain('placeholder: A');
  await example.press('Backspace');
  await expect.poll(() => stored(page)).not.toContain('placeholder');
  await expect(example).toBeFocused();
  await page.keyboard.type('Jo');
  await expect(example).toHaveValue('Jo');
  await page.context().close();
});

test('an emptied company name leaves the other settings of the brand', async ({ browser }) => {
  const page = await openEditor(browser, `brand: { name: Acme, color: "#0b6e4f" }\n${PLAIN}`);
  await row(page, 'The form').click();
  const company = panel(page).getByLabel('Company name');
  await company.fill('');
  await company.press('Tab');
  await expect.poll(() => stored(page)).toBe(`brand: { color: "#0b6e4f" }\n${PLAIN}`);
  await company.fill('Padyak');
  await company.press('Tab');
  await expect.poll(() => stored(page)).toContain('name: Padyak');
  await expect(panel(page).getByLabel('Code of the color')).toHaveValue('#0b6e4f');
  await page.context().close();
});

test('a webhook stays one without its address', async ({ browser }) => {
  const notify = (address: string) => `notify:\n  - { webhook: ${address}, secret_env: ACME_SECRET }\n${PLAIN}`;
  const page = await openEditor(browser, notify('https://acme.example/a'));
  await row(page, 'The form').click();
  const address = panel(page).getByRole('textbox', { name: 'Webhook', exact: true });
  await address.fill('');
  await address.press('Tab');
  await expect.poll(() => stored(page)).not.toContain('acme.example');
  await address.fill('https://acme.example/b');
  await address.press('Tab');
  await expect.poll(() => stored(page)).toMatch(/webhook: "?https:\/\/acme.example\/b"?, secret_env: ACME_SECRET/);
  await page.context().close();
});

test('an option, and a text of all languages, that are emptied are shown as they stay', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Which driver/).click();
  const option = panel(page).getByLabel('Option 1', { exact: true });
  const label = await option.inputValue();
  await option.fill('');
  await option.press('Tab');
  await expect(option).toHaveValue(label);
  await row(page, 'Languages').click();
  const text = panel(page).getByRole('cell').first().getByRole('textbox');
  const title = await text.inputValue();
  await text.fill('');
  await text.press('Tab');
  await expect(text).toHaveValue(title);
  expect(await stored(page)).toBe(DRIVER);
  await page.context().close();
});

test('copies the words of a new question while a part is open', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /About you/).click();
  await outline(page).getByRole('button', { name: 'Add a question at the end of “About you”' }).click();
  const title = outline(page).getByLabel('New question');
  await title.fill('Where do you live?');
  await title.press('ControlOrMeta+a');
  await title.press('ControlOrMeta+c');
  expect(await page.evaluate(async () => navigator.clipboard.readText())).toBe('Where do you live?');
  await page.context().close();
});

test('the keys of undo take back a tick, which keeps the focus', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, 'The form').click();
  const tick = panel(page).getByLabel('Members can invite people by name');
  const before = await tick.isChecked();
  await tick.click();
  await expect(tick).toBeChecked({ checked: !before });
  await tick.press('Control+z');
  await expect(tick).toBeChecked({ checked: before });
  await expect(tick).toBeFocused();
  await tick.press('Control+y');
  await expect(tick).toBeChecked({ checked: !before });
  await tick.press('Control+z');
  // But not behind a dialog.
  await tick.click();
  await row(page, /About you/).press('Delete');
  await page.getByRole('dialog').getByRole('checkbox').press('Control+z');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(tick).toBeChecked({ checked: !before });
  await page.context().close();
});

test('a rule that is not complete is not left without a question, also one of a part that is not open', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Can you drive/).click();
  const first = panel(page).getByRole('group', { name: 'Rule 1' });
  await first.getByLabel('Question').selectOption("Which driver's license do you hold?");
  await row(page, /About you/).click();
  await expect(first).toHaveCount(0);
  const asked = page.waitForEvent('dialog');
  const left = button(page, 'Publish…').click();
  await (await asked).dismiss();
  await left;
  await expect(page).toHaveURL(/\/edit/);

  // A rule that was completed, and one that is gone, do not ask.
  await row(page, /Can you drive/).click();
  await first.getByLabel('Answer').selectOption('None yet');
  await button(panel(page), 'Another rule').click();
  await panel(page)
    .getByRole('group', { name: 'New rule' })
    .getByLabel('Question')
    .selectOption('Are you 21 or older?');
  await panel(page).locator('.part-actions').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row(page, /Can you drive/)).toHaveCount(0);
  await button(page, 'Publish…').click();
  await expect(page).toHaveURL(/\/publish$/);
  await page.context().close();
});

test('a closing date that has passed says so at its control, until another one is chosen', async ({ browser }) => {
  const page = await openEditor(browser, `${DRIVER}limits: { closes: 2020-01-31 }\n`);
  await row(page, 'The form').click();
  const closes = panel(page).getByLabel('Closes on');
  await expect(closes).toHaveAccessibleDescription('The closing date has passed, so the form is closed.');
  await closes.fill('2999-01-31');
  await closes.blur();
  await expect(closes).toHaveAccessibleDescription('The last day, until its end.');
  await page.context().close();
});

test('Escape closes the place to add a question, also once its field has lost the focus', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  const add = outline(page).getByRole('button', { name: 'Question', exact: true });
  const field = outline(page).getByLabel('New question');
  const ways = {
    'from its field': () => field.focus(),
    'from a button beside it': () => add.focus(),
    'after a click beside it': () => outline(page).getByRole('heading', { name: 'Screens' }).click(),
  };
  for (const [way, leave] of Object.entries(ways)) {
    await add.click();
    await expect(field, way).toBeFocused();
    await leave();
    await page.keyboard.press('Escape');
    await expect(field, way).toHaveCount(0);
  }
  await page.context().close();
});

test('pastes options, and does not drop one that a rule uses @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Which driver/).click();
  await button(panel(page), 'Paste a list').click();
  const lines = panel(page).getByLabel('One option a line');
  await expect(lines).toBeFocused();
  expect(await page.evaluate(() => String(getSelection()))).toContain('none | None yet');
  await expect(lines).toHaveValue('professional | Professional\nnon_professional | Non-professional\nnone | None yet');
  await lines.fill('Professional\nStudent permit');
  await expect(panel(page).getByRole('alert')).toContainText('None yet: 1 rule and 1 example use it');
  await expect(button(panel(page), 'Use these 2 options')).toBeDisabled();
  await lines.fill('Professional\nNon-professional\nStudent permit\nstudent permit\nNone yet');
  await expect(panel(page).getByText('Left out because they are there twice: student permit.')).toBeVisible();
  await button(panel(page), 'Use these 4 options').click();
  expect(difference(DRIVER, await stored(page))).toEqual([
    '+           - { value: student_permit, label: Student permit }',
  ]);
  expect(await stored(page)).not.toContain('[object');
  await page.context().close();
});

test('changes the kind of a question, its condition and its settings @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER, { ...DESKTOP, timezoneId: 'America/Mexico_City' });
  await row(page, /Which driver/).click();
  await panel(page).getByLabel('Kind of answer').selectOption('Short text');
  await expect(page.getByRole('dialog')).toContainText('Options');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await stored(page)).toBe(DRIVER);
  await row(page, /Mobile number/).click();
  await panel(page).getByLabel('Private answer').check();
  await panel(page).getByLabel('Show only if…').check();
  const condition = panel(page).getByRole('group', { name: 'Condition 1' });
  await condition.getByLabel('Question').selectOption("Which driver's license do you hold?");
  await condition.getByLabel('Comparison').selectOption('is not');
  await condition.getByLabel('Answer').selectOption('None yet');
  expect(difference(DRIVER, await stored(page))).toEqual([
    '+         sensitive: true',
    '+         show_when: { licence: { not: none } }',
  ]);
  // Each panel shows the lines that it writes.
  await button(panel(page), 'Show its text').click();
  await expect(panel(page).getByLabel('The lines of this part')).toContainText('show_when: { licence: { not: none } }');
  // The lines of the last change are marked for a moment.
  await expect(panel(page).locator('pre .cm-written')).toHaveText(/^\s*show_when:/);
  await row(page, /Are you 21/).click();
  await panel(page).getByText('More', { exact: true }).click();
  await panel(page).getByLabel('Answer at the start').selectOption('Yes');
  expect(await stored(page)).toMatch(/id: old_enough.*default: true/);
  await panel(page).getByLabel('Answer at the start').selectOption('No answer');
  expect(await stored(page)).not.toContain('default');
  await row(page, 'The form').click();
  await button(panel(page), 'Email').click();
  await expect(panel(page).getByLabel('Email address', { exact: true })).toHaveValue('ops@acme.example');
  await button(panel(page), 'Remove').click();
  await panel(page).getByLabel('Closes on').fill('2026-12-31');
  // A day in UTC would end at 18:00 in Mexico City.
  await expect(panel(page).getByLabel('Time zone')).toHaveValue('America/Mexico_City');
  await panel(page).getByLabel('Time zone').selectOption('Asia/Manila');
  const days = panel(page).getByLabel('Keep answers for (days)');
  await days.fill('long');
  await days.press('Enter');
  // Its error is in the list, beside it, and in the description of its group.
  const kept = panel(page)
    .getByRole('group')
    .filter({ has: page.getByLabel('Keep answers for (days)') })
    .last();
  await expect(kept).toHaveAccessibleDescription(/“Keep answers for”/);
  await expect(kept.locator('.bad')).toBeVisible();
  await days.fill('60');
  await days.press('Enter');
  await expect(kept.locator('.bad')).toHaveCount(0);
  // A list stays a list, and is written as it was.
  await panel(page).getByLabel('Values from the link, one a line').fill('referral_code\ncampaign');
  await panel(page).getByLabel('Values from the link, one a line').blur();
  const text = await stored(page);
  expect(text).toContain('\nparams: [referral_code, campaign]\n');
  expect(text).toContain("\nlimits: { closes: '2026-12-31', timezone: Asia/Manila }\n");
  expect(text).toMatch(/\nretention: 60 days\n/);
  // An upload is a logo in the text, and without it the text is as it was.
  const logo = { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }; // prettier-ignore
  await panel(page)
    .getByLabel('Logo')
    .setInputFiles({ ...logo, name: 'logo.png', mimeType: 'image/png' });
  await expect(panel(page).getByText('Flipsite cannot read this picture.')).toBeVisible();
  await panel(page).getByLabel('Logo').setInputFiles(logo);
  await expect(panel(page).getByRole('img', { name: 'The logo of this form' })).toBeVisible();
  expect(await stored(page)).toMatch(/logo: ["']?data:image\/svg\+xml;base64,/);
  await button(panel(page), 'Remove the logo').click();
  expect(await stored(page)).toBe(text);
  await panel(page).getByLabel('Add a website').fill('acme.example/jobs');
  await button(panel(page), 'Add').click();
  await expect(panel(page).getByText('Write only https://acme.example.')).toBeVisible();
  await panel(page).getByLabel('Add a website').fill('ACME.example');
  await panel(page).getByLabel('Add a website').press('Enter');
  await expect(button(panel(page), 'Remove https://acme.example')).toBeVisible();
  expect(await stored(page)).toContain('embed: { allow: [https://acme.example] }\n');
  await panel(page).getByRole('link', { name: 'See all that this form stores' }).click();
  await expect(page.getByText('Flipsite deletes a submission, with its files and account data, 60 days after')).toBeVisible(); // prettier-ignore
  await page.context().close();
});

test('edits the Wink screen, and the languages side by side @long', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  await row(page, /Connect your driver/).click();
  const failure = panel(page).getByLabel('If connecting fails or people skip it, go to');
  await panel(page).getByLabel('Neither. They can skip it').check();
  await expect(failure.getByRole('option').first()).toHaveText('The next screen');
  await panel(page).getByLabel('Connect an account', { exact: true }).check();
  await expect(failure.getByRole('option').first()).toHaveText('They cannot continue');
  await panel(page).getByLabel('Income', { exact: true }).check();
  await failure.selectOption('Not yet, but soon');
  expect(difference(DRIVER, await stored(page))).toEqual([
    '-       require: any',
    '-       retrieve: [identities, transactions, ratings]',
    '+       require: connected',
    '+       retrieve: [identities, transactions, ratings, incomes]',
    '-       - { when: { connect: [failed, skipped] }, go: earnings }',
    '+       - { when: { connect: [failed, skipped] }, go: not_yet }',
  ]);
  await row(page, 'Languages').click();
  await panel(page).getByLabel('Add a language').selectOption('Español');
  await panel(page).getByLabel('About you, Title, Español').fill('Sobre ti');
  await panel(page).getByLabel('About you, Title, Español').press('Tab');
  await expect.poll(() => stored(page)).toContain('title: { en: About you, es: Sobre ti }');
  await panel(page).getByLabel('Show only missing and old texts').check();
  await expect(panel(page).getByText('No text is missing or old.')).toBeVisible();
  await panel(page).getByLabel('Show only missing and old texts').uncheck();
  const unfinished = (name: string) => expect(panel(page).getByLabel(name)).toHaveAttribute('data-unfinished');
  await panel(page)
    .getByLabel('Sobre ti, Title, English')
    .or(panel(page).getByLabel('About you, Title, English'))
    .fill('');
  await page.keyboard.press('Tab');
  await expect(panel(page).getByText('1 text missing in English')).toBeVisible();
  await unfinished('Sobre ti, Title, English');
  await row(page, /Sobre ti/).click();
  await unfinished('Title (English)');
  await row(page, 'Languages').click();
  await button(panel(page), 'Remove Español').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  // A text that was there in one language only is kept for all.
  await expect.poll(() => stored(page)).toContain('title: Sobre ti');
  expect(await stored(page)).toContain('languages: [en]');
  await page.context().close();
});

test('compares a name of several questions with the account @long', async ({ browser }) => {
  const page = await openEditor(
    browser,
    `title: Names
screens:
  - id: about
    title: About you
    fields:
      - { id: first, type: text, label: First name, required: true }
      - { id: last, type: text, label: Last name, required: true }
  - { id: connect, title: Connect, wink: { require: none, retrieve: [identities] } }
match: { name: last }
endings:
  - { id: done, title: Done }
`,
  );
  await row(page, /Connect/).click();
  await button(panel(page), 'Add a question with another part of the name').click();
  await expect.poll(() => stored(page)).toContain('match: { name: [last, first] }');
  await panel(page).getByLabel('Question for the name, part 1').selectOption('First name');
  await panel(page).getByLabel('Question for the name, part 2').selectOption('Leave it out');
  await expect.poll(() => stored(page)).toMatch(/match: \{ name: (\[first\]|first) \}/);
  await page.context().close();
});

test('keeps unknown keys, shared parts, and parts that are no map @long', async ({ browser }) => {
  const odd = `title: Odd
cities: &cities [Manila, Cebu]
screens:
  - id: about
    title: About you
    mood: happy # a key of tomorrow
    fields:
      - { id: city, type: select, label: City, options: *cities }
      - { id: name, type: text, label: Name, show_when: { any: [{ city: Manila, name: x }] } }
  - just a text
endings:
  - { id: done, title: Done }
`;
  const page = await openEditor(browser, odd);
  await expect(row(page, /City/)).toContainText('Only in Text');
  await row(page, /About you/).click();
  await expect(panel(page)).toContainText('The key “mood”');
  await panel(page).getByLabel('Title').fill('About your life');
  expect(await stored(page)).toBe(odd.replace('About you', 'About your life'));
  await row(page, /Name/).click();
  await expect(panel(page)).toContainText('If (City is Manila and Name is x)');
  // By keyboard, the caret is at the part then, first of the condition and later of the question.
  await button(panel(page), 'Edit in Text').first().press('Enter');
  await expect(page.getByRole('textbox', { name: 'Text of the form' })).toBeFocused();
  await page.keyboard.type('max_length: 80, ');
  await page.keyboard.press('Escape');
  // Both before the next frame, in which the text that was open goes away.
  await page.evaluate(async () => {
    document.querySelector<HTMLElement>('a[href="#outline"]')?.click();
    await new Promise((done) => queueMicrotask(() => queueMicrotask(() => done(undefined))));
    [...document.querySelectorAll<HTMLElement>('.panel button')]
      .findLast((one) => one.textContent === 'Edit in Text')
      ?.click();
  });
  await expect(page.getByRole('textbox', { name: 'Text of the form' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type(' required: true,');
  await expect.poll(() => stored(page)).toContain('- { required: true, id: name, type: text, label: Name, max_length: 80, show_when'); // prettier-ignore
  await page.context().close();
});

test('shows the last good outline and map while the text has an error, and names the error @long', async ({
  browser,
}) => {
  const page = await openEditor(browser, DRIVER);
  await page.getByRole('link', { name: 'Text', exact: true }).click();
  const text = page.getByRole('textbox', { name: 'Text of the form' });
  await text.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('title: [\n');
  await expect(page.getByText(/things? to fix/)).toBeVisible();
  await page.getByRole('link', { name: 'Outline', exact: true }).click();
  await expect(outline(page).getByText(/The text has an error/)).toBeVisible();
  await expect(row(page, /Which driver/)).toBeVisible();
  await row(page, /Which driver/).click();
  await expect(panel(page).getByLabel('Question', { exact: true })).toBeDisabled();
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await expect(page.getByText('The text has an error, so this map can be old or incomplete.')).toBeVisible();
  await page.context().close();
});

test('draws the map, whose boxes open their parts with the mouse and the keyboard', async ({ browser }) => {
  const page = await openEditor(browser, DRIVER);
  // The map begins at its top, wherever the outline is scrolled to.
  await button(outline(page), 'Ending').scrollIntoViewIfNeeded();
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  expect(await page.getByRole('region', { name: 'Map' }).evaluate((pane) => pane.scrollTop)).toBe(0);
  const map = page.getByRole('group', { name: 'Map of the form' });
  await expect(map.getByText('Are you 21 or older? No')).toBeVisible();
  // Before a part is chosen, the map has the room of the panel too.
  await expect(panel(page)).toBeHidden();
  await map.getByRole('button', { name: /Your vehicle/ }).click();
  await expect(panel(page).getByRole('heading', { name: 'Your vehicle and your work' })).toBeVisible();
  await map.getByRole('button', { name: /Can you drive/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(panel(page).getByRole('heading', { name: 'About you' })).toBeVisible();
  await page.getByText('The same as a list').click();
  await expect(page.getByText('If Are you 21 or older? No, go to Not yet, but soon.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: /^About you 4 questions/ })).toBeVisible();
  await expectAccessible(page, 'map', DARK);
  await page.context().close();
});
