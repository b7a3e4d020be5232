/** The day of a publisher in the browser, without a file and without a terminal: from a template to a changed and a restored form. */
import type { Locator, Page } from 'playwright/test';
import { ask, openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { signIn } from './dashboard.ts';
import { expect, plainTest as test } from './site-test.ts';
import { button, give, heading, widgetOn } from './walk.ts';

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: {}, env: { RATE_LIMIT: 'off' } });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

test.use({ viewport: { width: 1400, height: 1000 }, isMobile: false, hasTouch: false });

const outline = (page: Page) => page.getByRole('region', { name: 'Outline' });
const panel = (page: Page) => page.getByRole('region', { name: 'Edit' });
const row = (page: Page, name: string | RegExp) => outline(page).getByRole('button', { name }).first();
const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Form' }).getByRole('link', { name }).click(); // prettier-ignore
const saved = (page: Page) => expect(page.getByText(/^(Draft, )?saved \d/i).first()).toBeVisible();

async function newForm(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: 'New form' }).click();
  await page.getByText('Gig onboarding').click();
  await page.getByLabel('Title', { exact: true }).fill(title);
  await button(page, 'Create form').click();
  await expect(row(page, /About you/)).toBeVisible();
}

/** Fills in the first two screens as a rider who works for an app. */
async function apply(person: Page, name: string): Promise<void> {
  const choose = (question: string, answer: string) =>
    give(person, { label: question, how: 'choose', value: answer, shown: answer, optional: false });
  await choose('Are you 18 or older?', 'Yes');
  await choose('What will you use?', 'Motorcycle');
  await choose("Do you have a driver's license?", 'Yes');
  await person.getByLabel('Where do you want to work?').selectOption('Cebu');
  await button(person, 'Continue').click();
  await person.getByLabel('Full name').fill(name);
  await person.getByLabel('Mobile number').fill('0917 123 4567');
  await choose('Do you ride or drive for an app now?', 'Yes');
  await person.getByRole('checkbox', { name: 'Grab' }).check();
  await person.getByLabel(/I agree that you use/).check();
  await button(person, 'Continue').click();
}

test('a template becomes a live form, a person connects an account, and a change is published and taken back', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000);
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page.getByRole('link', { name: 'New form' })).toBeVisible();
  await newForm(page, 'Christmas riders');

  // A screen, a question and a rule, with the mouse.
  await row(page, /About you/).click();
  await outline(page).getByRole('button', { name: 'Screen', exact: true }).click();
  await outline(page).getByLabel('Title of the new screen').fill('Your vehicle');
  await button(outline(page), 'Add screen').click();
  await outline(page).getByRole('button', { name: 'Question', exact: true }).click();
  await outline(page).getByLabel('New question').fill('Is the vehicle yours?');
  await outline(page).getByLabel('Kind of answer').selectOption('Yes or no');
  await button(outline(page), 'Add question').click();
  await row(page, /Your vehicle/).click();
  await button(panel(page), 'Add a rule').click();
  const rule = panel(page).getByRole('group', { name: 'New rule' });
  await rule.getByLabel('Question').selectOption('Is the vehicle yours?');
  await rule.getByLabel('Answer').selectOption('No');
  await rule.getByLabel('Go to').selectOption('Not yet');
  await expect(outline(page).getByText(/if Is the vehicle yours\? No/)).toBeVisible();

  // The form has no examples of the template, which a required question would stop.
  await row(page, /Is the vehicle yours/).click();
  await panel(page).getByLabel('People must answer this').check();
  await saved(page);
  await expect(page.getByRole('heading', { name: /things? to fix/ })).toHaveCount(0);

  // One click fixes a fault that was typed.
  await page.getByRole('link', { name: 'Text', exact: true }).click();
  const text = page.getByRole('textbox', { name: 'Text of the form' });
  await text.getByText('type: yes_no').first().click();
  await page.keyboard.press('End');
  await page.keyboard.type('x');
  await expect(page.getByRole('heading', { name: '1 thing to fix' })).toBeVisible();
  await button(page, 'Fix it for me').click();
  await expect(page.getByRole('heading', { name: /things? to fix/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'Outline', exact: true }).click();

  // The preview follows, in both languages, on a phone too.
  const frame = page.frameLocator('iframe[title="Preview"]').last();
  await expect(frame.getByRole('heading', { name: 'Can you ride with us?' })).toBeVisible();
  await page.getByLabel('Language of the preview').selectOption('Filipino');
  await expect(frame.getByRole('heading', { name: 'Puwede ka bang maging rider namin?' })).toBeVisible();
  await saved(page);
  await tab(page, 'Preview');
  const phone = await context.newPage();
  await phone.setViewportSize({ width: 360, height: 740 });
  await phone.goto((await page.locator('[data-copy*="/preview/"]').first().getAttribute('data-copy')) ?? '');
  await expect(phone.getByText('Preview. Nothing is counted.')).toBeVisible();
  await apply(phone, 'Nobody Real');
  await expect(heading(phone, 'Your vehicle')).toBeVisible();
  await phone.close();

  // Live.
  await tab(page, 'Edit');
  await button(page, 'Publish…').click();
  await button(page, 'Publish now').click();
  await expect(page.getByText('Version 1 is live, by you')).toBeVisible();

  const person = await context.newPage();
  await person.setViewportSize({ width: 360, height: 740 });
  await person.goto(`${site.origin}/christmas-riders`);
  await apply(person, 'Ana Reyes');
  await person.getByRole('radiogroup', { name: 'Is the vehicle yours?' }).getByText('Yes').click();
  await button(person, 'Continue').click();
  await button(person, 'Connect your work account').click();
  await widgetOn(person).signInAt('Grab', '123456');
  await widgetOn(person).press('Done');
  await button(person, 'Continue').click();
  await person.getByLabel('When could you start?').fill('2099-01-15');
  await button(person, 'Send').click();
  await expect(heading(person, 'Thank you, Ana Reyes')).toBeVisible();
  await person.close();
  const { items } = await ask<{ items: { answers: object; accounts: object[] }[] }>(site, 'forms/christmas-riders/submissions'); // prettier-ignore
  expect(items).toMatchObject([{ answers: { full_name: 'Ana Reyes', is_the_vehicle_yours: true }, accounts: [{ confirmed: true }] }]); // prettier-ignore

  // An option gets another name, and the changes are read before they are live.
  await tab(page, 'Edit');
  await row(page, /Where do you want to work/).click();
  await panel(page).getByLabel('Option 2', { exact: true }).fill('Cebu and Bohol');
  await page.keyboard.press('Tab');
  await saved(page);
  await button(page, 'Publish…').click();
  await expect(page.getByText('Cebu and Bohol').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Stored submissions' })).toBeVisible();
  await button(page, 'Publish now').click();
  await expect(page.getByText('Version 2 is live, by you')).toBeVisible();
  const live = async () => (await fetch(`${site.origin}/christmas-riders`)).text();
  expect(await live()).toContain('Cebu and Bohol');

  await tab(page, 'History');
  await page.getByRole('link', { name: 'Restore… version 1' }).click();
  await button(page, 'Publish now').click();
  await expect(page.getByText('Version 3 is live, by you')).toBeVisible();
  expect(await live()).not.toContain('Cebu and Bohol');
});

test('from New form to a copied link takes at most 12 clicks', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page.getByRole('link', { name: 'New form' })).toBeVisible();
  let clicks = 0;
  await page.exposeFunction('countClick', () => void clicks++);
  await page.addInitScript(
    () =>
    addEventListener('click', (event) => event.isTrusted && event.detail > 0 && void (globalThis as unknown as { countClick(): void }).countClick(), true), // prettier-ignore
  );
  await page.reload();
  await newForm(page, 'Summer riders');
  await row(page, /Are you 18 or older/).click();
  await panel(page).getByLabel('Question (English)').fill('Are you 18 years old, or older?');
  await row(page, /About you/).click();
  await panel(page).getByLabel('Title (English)').fill('Tell us about you');
  await saved(page);
  await button(page, 'Publish…').click();
  await button(page, 'Publish now').click();
  await button(page, 'Copy link').first().click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('/summer-riders');
  expect(clicks).toBeLessThanOrEqual(12);
  expect(clicks).toBeGreaterThan(5);
});

test('the keyboard alone makes a form of a template, adds a question and a rule, fixes a fault, and restores a version', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page.getByRole('link', { name: 'New form' })).toBeVisible();
  /** Presses Tab, or Shift+Tab, until the control has the focus, then the key. */
  const use = async (control: Locator, key?: string, by = 'Tab') => {
    await expect(control).toBeVisible();
    const hasFocus = () => control.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 120 && !(await hasFocus()); presses++) await page.keyboard.press(by);
    await expect(control).toBeFocused();
    if (key) await page.keyboard.press(key);
  };
  // With the arrows: a list forgets the first letters of a name when the next one comes later than a second.
  const choose = async (select: Locator, option: string) => {
    await use(select, 'Home');
    const chosen = () => page.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions?.[0]?.label);
    for (let presses = 0; presses < 60 && (await chosen()) !== option; presses++)
      await page.keyboard.press('ArrowDown');
    expect(await chosen()).toBe(option);
  };
  const publish = async (version: number) => {
    await saved(page);
    await use(button(page, 'Publish…'), 'Enter');
    await use(button(page, 'Publish now'), 'Enter');
    await expect(page.getByText(`Version ${version} is live, by you`)).toBeVisible();
  };
  const live = async () => (await fetch(`${site.origin}/keyboard-riders`)).text();

  await use(page.getByRole('link', { name: 'New form' }), 'Enter');
  await use(page.getByLabel('Title', { exact: true }));
  await page.keyboard.type('Keyboard riders');
  const start = page.getByRole('radio', { name: /Gig onboarding/ });
  await use(page.getByRole('radio', { checked: true }));
  for (let presses = 0; presses < 20 && !(await start.isChecked()); presses++) await page.keyboard.press('ArrowDown');
  await use(button(page, 'Create form'), 'Enter');

  // From the list of parts, Enter opens one.
  const goTo = async (name: RegExp) => {
    await row(page, name).focus();
    await page.keyboard.press('Enter');
  };
  await goTo(/About you/);
  await use(outline(page).getByRole('button', { name: 'Question', exact: true }), 'Enter');
  await expect(outline(page).getByLabel('New question')).toBeFocused();
  await page.keyboard.type('Is the vehicle yours?');
  await choose(outline(page).getByLabel('Kind of answer'), 'Yes or no');
  await use(button(outline(page), 'Add question'), 'Enter');
  // The focus moves to the new question one frame later.
  await expect(row(page, /Is the vehicle yours/)).toBeFocused();
  await goTo(/About you/);
  await use(button(panel(page), 'Another rule'), 'Enter');
  const rule = panel(page).getByRole('group', { name: 'New rule' });
  await choose(rule.getByLabel('Question'), 'Is the vehicle yours?');
  await choose(rule.getByLabel('Answer'), 'No');
  await choose(rule.getByLabel('Go to'), 'Not yet');
  await expect(outline(page).getByText(/if Is the vehicle yours\? No/)).toBeVisible();

  // A fault in the text, and the button that fixes it.
  await use(page.getByRole('link', { name: 'Text', exact: true }), 'Enter');
  await use(page.getByRole('textbox', { name: 'Text of the form' }), 'Control+Home');
  const line = () => page.evaluate(() => getSelection()?.anchorNode?.parentElement?.closest('.cm-line')?.textContent);
  for (let presses = 0; presses < 80 && !(await line())?.includes('type: yes_no'); presses++)
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.type('x');
  await expect(page.getByRole('heading', { name: '1 thing to fix' })).toBeVisible();
  // The first Escape closes the suggestions. For two seconds after the second one, Tab leaves the text.
  for (const key of ['Escape', 'Escape', 'Tab']) await page.keyboard.press(key);
  await use(button(page, 'Fix it for me'), 'Enter');
  await expect(page.getByRole('heading', { name: /things? to fix/ })).toHaveCount(0);
  // The button is gone. The text comes next, in which Tab indents.
  await use(page.getByRole('link', { name: 'Outline', exact: true }), 'Enter', 'Shift+Tab');
  await publish(1);
  expect(await live()).toContain('Is the vehicle yours?');

  await goTo(/Where do you want to work/);
  await use(panel(page).getByLabel('Option 2', { exact: true }), 'End');
  await page.keyboard.type(' and Bohol');
  await page.keyboard.press('Tab');
  await publish(2);
  expect(await live()).toContain('Cebu and Bohol');

  await use(page.getByRole('navigation', { name: 'Form' }).getByRole('link', { name: 'History' }), 'Enter');
  await use(page.getByRole('link', { name: 'Restore… version 1' }), 'Enter');
  await use(button(page, 'Publish now'), 'Enter');
  await expect(page.getByText('Version 3 is live, by you')).toBeVisible();
  expect(await live()).not.toContain('Cebu and Bohol');
});
