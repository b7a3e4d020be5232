/** The day of a publisher in the browser, without a file and without a terminal: from a template to a changed and a restored form. */
import type { Locator, Page } from 'playwright/test';
import { ask, openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { signIn } from '../dashboard.ts';
import { CONTROLS, keyboardOn } from '../keyboard.ts';
import type { Given, Visit } from '../people.ts';
import { expect, plainTest as test } from '../site-test.ts';
import { button, fillScreen, heading, openForm, widgetOn, words } from '../walk.ts';

let site: TestSite;
test.beforeEach(async () => {
  site = await openTestSite({ forms: {}, env: { RATE_LIMIT: 'off' } });
});
test.afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
});

test.use({ viewport: { width: 1400, height: 1000 }, isMobile: false, hasTouch: false });

const outline = (page: Page) => page.getByRole('region', { name: 'Outline' });
const panel = (page: Page) => page.getByRole('region', { name: 'Edit' });
const row = (page: Page, name: string | RegExp) => outline(page).getByRole('button', { name }).first();
const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Form' }).getByRole('link', { name });
const view = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const saved = (page: Page) => expect(page.getByText(/^(Draft, )?saved \d/i).first()).toBeVisible();
const faults = (page: Page) => page.getByRole('heading', { name: /things? to fix/ });

/** The acts of a publisher, and of a person who fills in the form. */
interface Hands {
  /** Uses a button, a link or a box to tick. */
  press(control: Locator): Promise<void>;
  /** Chooses one of several radio buttons, of which one is chosen already. */
  pick(option: Locator): Promise<void>;
  choose(select: Locator, option: string): Promise<void>;
  /** Replaces the text of a field, and leaves it. */
  write(field: Locator, text: string): Promise<void>;
  /** Types in the text of the form, at the end of a line with `words`, and leaves the text. */
  typeBehind(words: string, typed: string): Promise<void>;
  fill(person: Page, visit: Visit, last?: boolean): Promise<void>;
  /** Connects an account of Grab in Smile's widget. */
  connect(person: Page): Promise<void>;
}

const textOf = (page: Page) => page.getByRole('textbox', { name: 'Text of the form' });

function mouseOn(page: Page): Hands {
  return {
    press: (control) => control.click(),
    pick: (option) => option.check(),
    choose: async (select, option) => void (await select.selectOption(option)),
    async write(field, text) {
      await field.fill(text);
      await field.blur();
    },
    async typeBehind(words, typed) {
      await textOf(page).getByText(words).first().click();
      await page.keyboard.press('End');
      await page.keyboard.type(typed);
    },
    fill: (person, visit, last) => fillScreen(person, visit, words.en, last),
    async connect(person) {
      await button(person, words.en.connect).click();
      await widgetOn(person).signInAt('Grab', '123456');
      await widgetOn(person).press('Done');
      await button(person, words.en.next).click();
    },
  };
}

/** No act of this clicks. Each moves the focus by keys, from where the last act has left it. */
async function keysOn(page: Page): Promise<Hands> {
  await page.addInitScript(() => addEventListener('focusin', () => Object.assign(document, { hadFocus: true })));
  const press = async (key: string, times = 1): Promise<void> => {
    for (let one = 0; one < times; one++) await page.keyboard.press(key);
  };
  /** The key that brings the focus to a control, and how often about. Undefined if it is there. */
  const wayTo = (control: Locator) =>
    control.evaluate((element, controls) => {
      const focused = document.activeElement ?? document.body;
      if (focused === element) return undefined;
      if (focused === document.body && 'hadFocus' in document) throw new Error('The focus is lost.');
      const areParts = [element, focused].every((one) => one.matches('[data-path]'));
      const stops = [...document.querySelectorAll(areParts ? '[data-path]' : controls)].filter(
        (one) => !one.matches(':disabled, [type=radio]:not(:checked)') && one.checkVisibility({ visibilityProperty: true }),
      );
      const away = stops.indexOf(element) - stops.indexOf(focused);
      const [back, on] = areParts ? ['ArrowUp', 'ArrowDown'] : ['Shift+Tab', 'Tab'];
      return { key: away < 0 ? back : on, times: Math.abs(away) };
    }, CONTROLS); // prettier-ignore
  async function goTo(control: Locator): Promise<void> {
    await expect(control).toBeVisible();
    for (let tries = 0; tries < 20; tries++) {
      const way = await wayTo(control);
      if (!way) return;
      await press(way.key, way.times);
    }
    await expect(control).toBeFocused();
  }
  return {
    async press(control) {
      await goTo(control);
      await press((await control.getAttribute('type')) === 'checkbox' ? 'Space' : 'Enter');
    },
    async pick(option) {
      // The Tab key stops at the one that is chosen.
      await goTo(page.getByRole('radio', { checked: true }));
      for (let presses = 0; presses < 20 && !(await option.isChecked()); presses++) await press('ArrowDown');
      await expect(option).toBeChecked();
    },
    async choose(select, option) {
      await goTo(select);
      await press('Home');
      // Of the list with the focus: a new rule gets another name once its first answer is chosen.
      const chosen = () => page.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions?.[0]?.label); // prettier-ignore
      // Not by its letters: a list forgets the first ones when the next one comes later than a second.
      for (let presses = 0; presses < 60 && (await chosen()) !== option; presses++) await press('ArrowDown');
      expect(await chosen()).toBe(option);
    },
    async write(field, text) {
      await goTo(field);
      await press('ControlOrMeta+a');
      await page.keyboard.type(text);
      await press('Tab');
    },
    async typeBehind(words, typed) {
      await goTo(textOf(page));
      await press('ControlOrMeta+f');
      await page.keyboard.type(words);
      for (const key of ['Escape', 'End']) await press(key);
      await page.keyboard.type(typed);
      // The first Escape closes the suggestions. For two seconds after the second one, Tab leaves the text.
      for (const key of ['Escape', 'Escape', 'Shift+Tab']) await press(key);
    },
    fill: (person, visit, last) => keyboardOn(person).fillScreen(visit, words.en, last),
    async connect(person) {
      const { press, pressButton, tabTo, write } = keyboardOn(person);
      await pressButton(words.en.connect);
      await expect(person.getByRole('heading', { name: /Share your work data/ })).toBeFocused();
      await pressButton('Agree and continue');
      await tabTo('Grab');
      await press('Enter');
      await write('User name', 'George');
      await write('Password', '123456');
      await pressButton('Sign in');
      await expect(button(person, 'Done')).toBeVisible();
      for (const name of ['Done', words.en.next]) await pressButton(name);
    },
  };
}

const given = (how: Given['how'], label: string, value: string | string[]): Given => ({ how, label, value, shown: '', optional: false }); // prettier-ignore

/** The screens that a rider who works for an app fills in, up to the one that the publisher adds. */
const screensOf = (name: string): Visit[] => [
  {
    heading: 'Can you ride with us?',
    answers: [
      given('choose', 'Are you 18 or older?', 'Yes'),
      given('choose', 'What will you use?', 'Motorcycle'),
      given('choose', "Do you have a driver's license?", 'Yes'),
      given('select', 'Where do you want to work?', 'Cebu'),
    ],
  },
  {
    heading: 'About you',
    answers: [
      given('type', 'Full name', name),
      given('type', 'Mobile number', '0917 123 4567'),
      given('choose', 'Do you ride or drive for an app now?', 'Yes'),
      given('tickAll', 'Which apps?', ['Grab']),
      given('agree', 'I agree that you use my answers, and the account that I connect, to check my application.', 'true'),
    ],
  },
]; // prettier-ignore

const VEHICLE: Visit = { heading: 'Your vehicle', answers: [given('choose', 'Is the vehicle yours?', 'Yes')] };
const FIRST_DAY: Visit = { heading: 'Your first day', answers: [given('date', 'When could you start?', '2099-01-15')] };

/** The template comes first, then the title, which proposes the link. */
async function newForm(page: Page, { press, pick, write }: Hands, title: string, link: string): Promise<void> {
  await press(page.getByRole('link', { name: 'New form' }));
  await pick(page.getByRole('radio', { name: /Gig onboarding/ }));
  await write(page.getByLabel('Title', { exact: true }), title);
  await expect(page.getByLabel('Link', { exact: true })).toHaveValue(link);
  await press(button(page, 'Create form'));
  await expect(row(page, /About you/)).toBeVisible();
}

for (const [means, handsOn, tag] of [
  ['mouse', mouseOn, ''],
  ['keyboard', keysOn, ' @long'],
] as const)
  test(`with the ${means}, a template becomes a live form, a person connects an account, and a change is published and taken back${tag}`, async ({
    page,
    context,
  }) => {
    test.setTimeout(180_000);
    const hands = await handsOn(page);
    const { press, choose, write, typeBehind, fill, connect } = hands;
    const publish = async (version: number): Promise<void> => {
      await press(button(page, 'Publish now'));
      await expect(page.getByText(`Version ${version} is live, by you`)).toBeVisible();
    };
    const onPhone = async (address: string): Promise<Page> => {
      const phone = await context.newPage();
      await phone.setViewportSize({ width: 360, height: 740 });
      await openForm(phone, address);
      return phone;
    };
    await page.goto(`${site.origin}/admin`);
    await write(page.getByLabel('Setup code'), SETUP_CODE);
    await write(page.getByLabel(/email/i), 'ops@acme.example');
    await write(page.getByLabel('Password', { exact: true }), 'four plain words here');
    await press(button(page, 'Create account'));
    await newForm(page, hands, 'Christmas riders', 'christmas-riders');

    // A screen, a question and a rule.
    await press(row(page, /About you/));
    await press(outline(page).getByRole('button', { name: 'Screen', exact: true }));
    await write(outline(page).getByLabel('Title of the new screen'), 'Your vehicle');
    await press(button(outline(page), 'Add screen'));
    await expect(row(page, /Your vehicle/)).toBeFocused();
    await press(outline(page).getByRole('button', { name: 'Question', exact: true }));
    await write(outline(page).getByLabel('New question'), 'Is the vehicle yours?');
    await choose(outline(page).getByLabel('Kind of answer'), 'Yes or no');
    await press(button(outline(page), 'Add question'));
    await expect(row(page, /Is the vehicle yours/)).toBeFocused();
    // The form has no examples of the template, which a required question would stop.
    await press(panel(page).getByLabel('People must answer this'));
    await press(row(page, /Your vehicle/));
    await press(button(panel(page), 'Add a rule'));
    const rule = panel(page).getByRole('group', { name: 'New rule' });
    await choose(rule.getByLabel('Question'), 'Is the vehicle yours?');
    await choose(rule.getByLabel('Answer'), 'No');
    await choose(rule.getByLabel('Go to'), 'Not yet');
    await expect(outline(page).getByText(/if Is the vehicle yours\? No/)).toBeVisible();
    await saved(page);
    await expect(faults(page)).toHaveCount(0);

    // One button fixes a fault that was typed.
    await press(view(page, 'Text'));
    await typeBehind('type: yes_no', 'x');
    await expect(faults(page)).toHaveText('1 thing to fix');
    await press(button(page, 'Fix it for me'));
    await expect(faults(page)).toHaveCount(0);
    await press(view(page, 'Outline'));

    // The preview follows, in both languages, on a phone too.
    const frame = page.frameLocator('iframe[title="Preview"]').last();
    await expect(frame.getByRole('heading', { name: 'Can you ride with us?' })).toBeVisible();
    await choose(page.getByLabel('Language of the preview'), 'Filipino');
    await expect(frame.getByRole('heading', { name: 'Puwede ka bang maging rider namin?' })).toBeVisible();
    await saved(page);
    await press(tab(page, 'Preview'));
    const phone = await onPhone((await page.locator('[data-copy*="/preview/"]').first().getAttribute('data-copy')) ?? '');
    await expect(phone.getByText('Preview. Nothing is counted.')).toBeVisible();
    for (const visit of screensOf('Nobody Real')) await fill(phone, visit);
    await expect(heading(phone, 'Your vehicle')).toBeVisible();
    await phone.close();

    // Live.
    await press(tab(page, 'Edit'));
    await press(button(page, 'Publish…'));
    // The publish page leads to the name that the template could not know.
    await expect(page.getByRole('heading', { name: '1 thing to check' })).toBeVisible();
    await press(page.getByRole('link', { name: 'The form', exact: true }));
    await write(panel(page).getByLabel('Company name'), 'Padyak Express');
    await expect(page.getByRole('heading', { name: '1 thing to check' })).toHaveCount(0);
    await press(button(page, 'Publish…'));
    await expect(button(page, 'Publish now')).toBeVisible();
    await expect(page.getByText('Your company')).toHaveCount(0);
    await publish(1);
    const person = await onPhone(`${site.origin}/christmas-riders`);
    for (const visit of [...screensOf('Ana Reyes'), VEHICLE]) await fill(person, visit);
    await connect(person);
    await fill(person, FIRST_DAY, true);
    await expect(heading(person, 'Thank you, Ana Reyes')).toBeVisible();
    await person.close();
    const { items } = await ask<{ items: { answers: object; accounts: object[] }[] }>(site, 'forms/christmas-riders/submissions');
    expect(items).toMatchObject([{ answers: { full_name: 'Ana Reyes', is_the_vehicle_yours: true }, accounts: [{ confirmed: true }] }]); // prettier-ignore

    // An option gets another name, and the changes are read before they are live.
    await press(tab(page, 'Edit'));
    await press(row(page, /Where do you want to work/));
    await write(panel(page).getByLabel('Option 2', { exact: true }), 'Cebu and Bohol');
    await saved(page);
    await press(button(page, 'Publish…'));
    await expect(page.getByText('Cebu and Bohol').first()).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Stored submissions' })).toBeVisible();
    await publish(2);
    const live = async () => (await fetch(`${site.origin}/christmas-riders`)).text();
    expect(await live()).toContain('Cebu and Bohol');

    await press(tab(page, 'History'));
    await press(page.getByRole('link', { name: 'Restore… version 1' }));
    await publish(3);
    expect(await live()).not.toContain('Cebu and Bohol');
  }); // prettier-ignore

test('from New form to a copied link takes at most 12 clicks', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, site.origin, SETUP_CODE);
  let clicks = 0;
  await page.exposeFunction('countClick', () => void clicks++);
  await page.addInitScript(
    () =>
    addEventListener('click', (event) => event.isTrusted && event.detail > 0 && void (globalThis as unknown as { countClick(): void }).countClick(), true), // prettier-ignore
  );
  await page.goto(`${site.origin}/admin`);
  await newForm(page, mouseOn(page), 'Summer riders', 'summer-riders');
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
