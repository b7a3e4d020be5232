/** Phones are shared: the data that stays on one, while a form is filled in and after it was sent. */
import type { BrowserContext, Page } from 'playwright/test';
import { wordings } from '../../../src/form/wording/wording.ts';
import { expect, siteWith, test } from '../site-test.ts';
import {
  button,
  cutSaves,
  heading,
  inHistory,
  linkToFinishLater,
  openForm,
  openLink,
  referenceOn,
  words,
} from '../walk.ts';

/** A sensitive answer decides the way, and another is worked out from it. */
const LOAN = `
title: Small loan
languages: [en, es]
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: tin, type: text, label: Tax number, required: true, sensitive: true }
      - { id: band, type: radio, label: Income, required: true, sensitive: true, options: [{ value: low, label: Low }, { value: high, label: High }] }
    next:
      - { when: { band: high }, go: much }
  - id: little
    title: A little
    fields:
      - { id: why, type: text, label: What for?, required: true }
    next: done
  - id: much
    title: A lot
    fields:
      - { id: purpose, type: text, label: Purpose, required: true }
endings:
  - { id: done, title: "Thank you, {name}", text: "Your reference is {reference}" }
`;

const REVIEWED = `${LOAN}review: true\n`;

/** Two screens with private answers. */
const CARE = `
title: Care
languages: [en, es]
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: tin, type: text, label: Tax number, sensitive: true }
      - { id: illness, type: text, label: Illness, sensitive: true }
      - { id: read, type: consent, label: You may read it, sensitive: true }
  - id: code
    title: Your code
    fields:
      - { id: pin, type: text, label: Code, required: true, sensitive: true }
  - id: notes
    title: Notes
    fields:
      - { id: note, type: text, label: Note }
endings: [{ id: done, title: Thank you }]
`;

/** One screen with private answers, after one without any. */
const HOME = `
title: Home
languages: [en, es]
screens:
  - id: hello
    title: Hello
    fields:
      - { id: name, type: text, label: Name, required: true }
  - id: house
    title: Your house
    fields:
      - { id: home, type: address, label: Home, country: PH, required: true, sensitive: true }
      - { id: tin, type: text, label: Tax number, sensitive: true }
      - { id: rooms, type: text, label: Rooms }
  - id: notes
    title: Notes
    fields:
      - { id: note, type: text, label: Note }
endings: [{ id: done, title: Thank you }]
`;

/** Only the server knows that a number of a country does not exist. */
const CALL = `
title: Call
languages: [en, es]
screens:
  - id: reach
    title: Your phone
    fields:
      - { id: phone, type: phone, country: PH, label: Phone, required: true }
      - { id: tin, type: text, label: Tax number, sensitive: true }
  - id: notes
    title: Notes
    fields:
      - { id: note, type: text, label: Note }
endings: [{ id: done, title: Thank you }]
`;

/** The private question comes on the next screen. */
const CALL_THEN = CALL.replace(
  '      - { id: tin',
  '  - id: number\n    title: Your number\n    fields:\n      - { id: tin',
);

/** Values that the person does not see: always the same, from the link, and one that the link does not bring. */
const SIGNED = `
title: Signed up
languages: [en, es]
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: branch, type: hidden, default: cebu, sensitive: true }
      - { id: code, type: hidden, sensitive: true }
      - { id: agent, type: hidden, sensitive: true }
endings: [{ id: done, title: Thank you }]
`;

/** Private answers of which a browser takes no half-typed one for a value. */
const BORN = `
title: About you
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: born, type: date, label: Date of birth, sensitive: true }
      - { id: name, type: text, label: Name, required: true, sensitive: true }
endings: [{ id: done, title: Thank you }]
`;

/** The person leaves a page that the browser keeps in its memory. */
const leaves = (page: Page): Promise<void> =>
  page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));

/** The person goes back to a page that the browser kept in its memory, and which then loads again. */
async function comesBack(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await loaded;
}

test.use({
  kind: siteWith({
    loan: LOAN,
    lent: LOAN,
    borrowed: LOAN,
    reviewed: REVIEWED,
    signed: SIGNED,
    born: BORN,
    care: CARE,
    home: HOME,
    call: CALL,
    'call-then': CALL_THEN,
  }),
});

const TIN = '123-456-789';

const nameOf = (page: Page) => page.getByRole('textbox', { name: 'Name', exact: true });
const tinOf = (page: Page) => page.getByRole('textbox', { name: 'Tax number' });
const highOf = (page: Page) => page.getByRole('radio', { name: 'High' });
const saved = (page: Page) => expect(page.getByRole('status')).toHaveText('Your answers are saved.');

async function enterWho(page: Page, name: string): Promise<void> {
  await nameOf(page).fill(name);
  await tinOf(page).fill(TIN);
  await highOf(page).check();
}

/** Opens the form in two tabs before anything is entered. @returns the second one */
async function openTwice(page: Page, context: BrowserContext): Promise<Page> {
  await openForm(page, '/loan');
  const other = await context.newPage();
  await openForm(other, '/loan');
  await inHistory(other);
  return other;
}

/** The names of the controls that have an entry, hidden ones too. */
const enteredIn = (page: Page) =>
  page
    .locator('form section :is(input, select, textarea)')
    .evaluateAll((all: HTMLInputElement[]) =>
      all.flatMap(({ type, checked, value, name }) => ((/radio|checkbox/.test(type) ? checked : value) ? name : [])),
    );

/** All that the browser stores for the site: on the device, and for this tab. */
const storedIn = (page: Page) =>
  page.evaluate(() => ({ device: JSON.stringify({ ...localStorage }), tab: JSON.stringify({ ...sessionStorage }) }));

test('a sensitive answer is never on the device, and comes back from the server after a reload', async ({
  page,
  site,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Ana');
  expect((await storedIn(page)).device).toContain('Ana');
  expect((await storedIn(page)).device).not.toContain(TIN);
  await button(page, 'Continue').click();
  await saved(page);
  expect((await storedIn(page)).device).not.toMatch(/123-456-789|"high"/);

  // The path depends on it, and it is in its control again.
  await page.reload();
  await expect(heading(page, 'A lot')).toBeVisible();
  await button(page, 'Back').click();
  await expect(tinOf(page)).toHaveValue(TIN);
  await expect(highOf(page)).toBeChecked();
  await button(page, 'Continue').click();
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A motorcycle');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  const [submission] = await site.submissions('loan');
  expect(submission).toMatchObject({ status: 'submitted', answers: { name: 'Ana', tin: TIN, band: 'high' } });
});

test('the person’s own link to go on brings sensitive answers back, and keeps what was typed after the last save', async ({
  page,
  context,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Ada');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A motorcycle');
  await page.close();

  const next = await context.newPage();
  await next.goto(link);
  await expect(next.getByRole('textbox', { name: 'Purpose' })).toHaveValue('A motorcycle');
  await button(next, 'Back').click();
  await expect(tinOf(next)).toHaveValue(TIN);
  // On a screen that was changed, the device lacks only these.
  await nameOf(next).fill('Ada Ruiz');
  await inHistory(next);
  await next.goto(link);
  await expect(next).not.toHaveURL(/resume/);
  await expect(nameOf(next)).toHaveValue('Ada Ruiz');
  await expect(tinOf(next)).toHaveValue(TIN);
  expect((await storedIn(next)).device).not.toContain(TIN);
});

test('the person’s own link brings sensitive answers back where the version of the form is gone @long', async ({
  page,
  context,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Gia');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);
  await page.evaluate(() => {
    const stored = localStorage.getItem('flipsite:loan') ?? '';
    localStorage.setItem('flipsite:loan', stored.replace(/"version":"\w+"/, '"version":"0123456789abcdef"'));
  });
  await page.close();

  const next = await context.newPage();
  await next.goto(link);
  await expect(nameOf(next)).toHaveValue('Gia');
  await expect(tinOf(next)).toHaveValue(TIN);
  await expect(next.getByText('This link no longer works')).toBeHidden();
});

test('a link stores no sensitive answer where the newest version no longer calls its field sensitive', async ({
  page,
  browser,
  site,
}) => {
  const publish = async (yaml: string, title: string) => {
    site.publish('borrowed', yaml.replace('Who are you?', title));
    await expect.poll(async () => (await fetch(`${site.origin}/borrowed`)).text()).toContain(title);
  };
  await publish(LOAN, 'Before, who are you?');
  await openForm(page, '/borrowed');
  await enterWho(page, 'Gia');
  await button(page, 'Continue').click();
  await saved(page);
  const link = await linkToFinishLater(page);
  await publish(LOAN.replaceAll(', sensitive: true', ''), 'After, who are you?');

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  let other = await elsewhere.newPage();
  // The network is gone at this moment.
  await other.route(/borrowed\?version=/, (route) => route.abort());
  await other.goto(link);
  const failed = other.waitForEvent('requestfailed');
  await button(other, wordings.en.resume.yes).click();
  await failed;
  await other.close();
  other = await elsewhere.newPage();
  await other.goto('/robots.txt');
  expect((await storedIn(other)).device).not.toMatch(/123-456-789|"high"/);

  await other.goto('/borrowed');
  await expect(heading(other, 'A lot')).toBeVisible();
  await button(other, 'Back').click();
  await expect(nameOf(other)).toHaveValue('Gia');
  await expect(tinOf(other)).toHaveValue(TIN);
  expect((await storedIn(other)).device).not.toContain(TIN);
  await elsewhere.close();
});

test('the question before a link is followed is asked in another language too', async ({ page, browser, site }) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Rey');
  await button(page, 'Continue').click();
  await saved(page);
  const link = await linkToFinishLater(page);
  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await other.goto(link);
  await expect(heading(other, wordings.en.resume.title)).toBeVisible();
  await other.getByRole('link', { name: 'Español' }).click();
  await expect(heading(other, wordings.es.resume.title)).toBeVisible();
  await button(other, wordings.es.resume.yes).click();
  await expect(heading(other, 'A lot')).toBeVisible();
  await elsewhere.close();
});

test('sensitive answers come back as well after the link of another person was not followed @long', async ({
  page,
  browser,
  site,
}) => {
  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  for (const [tab, name] of [
    [other, 'Zoe'],
    [page, 'Ava'],
  ] as const) {
    await openForm(tab, '/loan');
    await enterWho(tab, name);
    await button(tab, 'Continue').click();
    await saved(tab);
  }
  const link = await linkToFinishLater(other);
  await elsewhere.close();
  await page.goto(link);
  await button(page, 'No, keep what I began here').click();
  await expect(heading(page, 'A lot')).toBeVisible();
  await button(page, 'Back').click();
  await expect(nameOf(page)).toHaveValue('Ava');
  await expect(tinOf(page)).toHaveValue(TIN);
});

test('sensitive answers come back as well after a link that no longer works was followed', async ({ page }) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Ava');
  await button(page, 'Continue').click();
  await saved(page);
  await page.goto(`/loan#resume=01a22aee-24f9-72f0-a0c3-eeaff634a4cc.${'x'.repeat(43)}`);
  await button(page, 'Yes, continue').click();
  await expect(page.getByText('This link no longer works')).toBeVisible();
  await expect(heading(page, 'A lot')).toBeVisible();
  await button(page, 'Back').click();
  await expect(nameOf(page)).toHaveValue('Ava');
  await expect(tinOf(page)).toHaveValue(TIN);
});

test('after a reload, events that are sent before the sensitive answers are back do not change the way @long', async ({
  page,
}) => {
  await openForm(page, '/loan');
  let isReloaded = false;
  await page.route('**/events', (route) => (isReloaded ? route.continue() : route.abort()));
  await enterWho(page, 'Abe');
  await button(page, 'Continue').click();
  await saved(page);

  // The part that reads the answers from the server comes after the events.
  await page.route('**/ending-*.js', async (route) => {
    await page.waitForFunction(() => !JSON.parse(localStorage.getItem('flipsite:loan') ?? '').events[0]);
    await route.continue();
  });
  page.once('domcontentloaded', () => (isReloaded = true));
  await page.reload({ waitUntil: 'domcontentloaded' });
  await expect(heading(page, 'A lot')).toBeVisible();
});

test('a sensitive answer that the server did not get is asked for again, with the reason @long', async ({
  page,
  site,
}) => {
  await openForm(page, '/loan');
  await page.route('**/api/**', (route) => route.abort());
  await enterWho(page, 'Ben');
  await button(page, 'Continue').click();
  await expect(heading(page, 'A lot')).toBeVisible();
  // Nothing is said to be kept on the device that is not.
  await expect(page.getByRole('status')).toContainText('Keep this page open');
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A motorcycle');
  await button(page, 'Send').click();
  await expect(button(page, 'Send')).toBeDisabled();
  expect((await storedIn(page)).device).not.toMatch(/123-456-789|"high"/);

  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.unroute('**/api/**');
  await expect(heading(page, 'Who are you?')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText(
    'To protect you, sensitive answers are not kept on this device. Please enter them again.',
  );
  await expect(nameOf(page)).toHaveValue('Ben');
  await expect(tinOf(page)).toHaveValue('');
  await tinOf(page).fill(TIN);
  await highOf(page).check();
  await button(page, 'Continue').click();
  await expect(page.getByRole('textbox', { name: 'Purpose' })).toHaveValue('A motorcycle');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ben')).toBeVisible();
  expect((await site.submissions('loan'))[0]).toMatchObject({ answers: { tin: TIN, purpose: 'A motorcycle' } });
});

test('a sensitive answer that was only typed is asked for again, with the reason, once the form has changed', async ({
  page,
  site,
}) => {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  const again = page.getByText('sensitive answers are not kept on this device. Please enter them again.');
  const publish = async (title: string) => {
    site.publish('lent', LOAN.replace('Who are you?', title));
    await expect.poll(async () => (await fetch(`${site.origin}/lent`)).text()).toContain(title);
  };
  await openForm(page, '/lent');
  await enterWho(page, 'Gia');
  await publish('First, who are you?');
  await page.reload();
  await expect(heading(page, 'First, who are you?')).toBeVisible();
  await expect(again).toBeVisible();
  await expect(nameOf(page)).toHaveValue('Gia');
  await expect(tinOf(page)).toHaveValue('');

  // A tab that is too old loads the form again by itself.
  await enterWho(page, 'Gia');
  await publish('Now, who are you?');
  await page.route('**/lent/submissions', (route) => route.fulfill({ status: 409, json: { error: { code: 'form_changed', message: 'Your answers stay on this device.' } } })); // prettier-ignore
  await button(page, 'Continue').click();
  await expect(heading(page, 'Now, who are you?')).toBeVisible();
  await expect(again).toBeVisible();
  await expect(tinOf(page)).toHaveValue('');

  // The browser got an old page once more.
  await enterWho(page, 'Gia');
  await button(page, 'Continue').click();
  await expect(again).toBeVisible();
  await enterWho(page, 'Gia');
  await button(page, 'Continue').click();
  await expect(page.getByText('Open the form again, and enter your answers there.')).toBeVisible();
  await expect(page.getByText('stay on this device')).toBeHidden();
  expect(asked).toEqual([]);
});

test('sensitive answers that were changed are asked for again after a reload, and the others of the screen are back', async ({
  page,
  site,
}) => {
  const illness = page.getByRole('textbox', { name: 'Illness' });
  const consent = page.locator('[name=read]');
  const again = page.getByText('sensitive answers are not kept on this device. Please enter them again.');
  await openForm(page, '/care');
  await nameOf(page).fill('Ana');
  await tinOf(page).fill(TIN);
  await illness.fill('asthma');
  await consent.check();
  await button(page, 'Continue').click();
  await page.getByRole('textbox', { name: 'Code' }).fill('1234');
  await button(page, 'Continue').click();
  await saved(page);
  await button(page, 'Back').click();
  await button(page, 'Back').click();

  // The tax number stays.
  await nameOf(page).fill('Ana Maria');
  await illness.fill('asthma and a cough');
  await consent.uncheck();
  await page.reload();
  await expect(again).toBeVisible();
  await expect(nameOf(page)).toHaveValue('Ana Maria');
  await expect(tinOf(page)).toHaveValue(TIN);
  await expect(illness).toHaveValue('');
  await expect(consent).not.toBeChecked();
  await page.reload();
  await expect(again).toBeVisible();
  await expect(tinOf(page)).toHaveValue(TIN);
  await expect(illness).toHaveValue('');

  // A save that did not reach the server has a newer answer, too.
  // The route stays: a request that is on its way while a route is taken away can hang.
  let isCut = true;
  await page.route('**/api/**', (route) => (isCut ? route.abort() : route.continue()));
  await tinOf(page).fill('987');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Your code')).toBeVisible();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  isCut = false;
  await expect(again).toBeVisible();
  await expect(tinOf(page)).toHaveValue('');
  await tinOf(page).fill('987');
  for (const [next, title] of [
    ['Continue', 'Your code'],
    ['Continue', 'Notes'],
    ['Send', 'Thank you'],
  ] as const) {
    await button(page, next).click();
    await expect(heading(page, title)).toBeVisible();
  }
  const [sent] = await site.submissions('care');
  expect(sent?.answers).toEqual({ name: 'Ana Maria', tin: '987', pin: '1234' });
});

test('a sensitive answer is back on a screen with another change, and one that was changed is asked for again there', async ({
  page,
  site,
}) => {
  const street = page.locator('[data-field=home] input').first();
  const rooms = page.getByRole('textbox', { name: 'Rooms' });
  const again = page.getByText('sensitive answers are not kept on this device. Please enter them again.');
  await openForm(page, '/home');
  await nameOf(page).fill('Ana');
  await button(page, 'Continue').click();
  for (const box of await page.locator('[data-field=home] input:visible').all()) await box.fill('1 Rizal');
  await tinOf(page).fill(TIN);
  await button(page, 'Continue').click();
  await saved(page);
  await page.reload();
  await button(page, 'Back').click();
  await expect(tinOf(page)).toHaveValue(TIN);

  // The person changes nothing private, and the page loads again at the first screen.
  await expect(again).toBeHidden();
  await rooms.fill('3');
  await button(page, 'Back').click();
  await expect(heading(page, 'Hello')).toBeVisible();
  await inHistory(page);
  await page.reload();
  await expect(nameOf(page)).toHaveValue('Ana');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Your house')).toBeVisible();
  await expect(street).toHaveValue('1 Rizal');
  await expect(tinOf(page)).toHaveValue(TIN);
  await expect(rooms).toHaveValue('3');
  await expect(again).toBeHidden();

  await tinOf(page).fill('987');
  await button(page, 'Back').click();
  await expect(heading(page, 'Hello')).toBeVisible();
  await inHistory(page);
  await page.reload();
  await expect(nameOf(page)).toHaveValue('Ana');
  await nameOf(page).fill('Ana Maria');
  await button(page, 'Continue').click();
  await expect(again).toBeVisible();
  await expect(tinOf(page)).toHaveValue('');
  await expect(street).toHaveValue('1 Rizal');
  // The save of the first screen has an answer by now.
  await expect.poll(async () => (await site.submissions('home'))[0]?.answers['name']).toBe('Ana Maria');
  await page.waitForTimeout(300);
  await expect(again).toBeVisible();
  await tinOf(page).fill('987');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Notes')).toBeVisible();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('home'))[0]?.answers).toMatchObject({ name: 'Ana Maria', tin: '987', rooms: '3' });
});

test('a sensitive answer that the person left empty, or emptied, is not asked for again while the page is open', async ({
  page,
}) => {
  const illness = page.getByRole('textbox', { name: 'Illness' });
  const again = page.getByText('Please enter them again.');
  const back = async (title: string) => {
    await button(page, 'Back').click();
    await expect(heading(page, title)).toBeVisible();
    await inHistory(page);
    // The sentence would come with the event of the screen.
    await page.waitForTimeout(300);
    await expect(again).toBeHidden();
  };
  await openForm(page, '/care');
  await nameOf(page).fill('Ana');
  await illness.fill('asthma');
  await button(page, 'Continue').click();
  await page.getByRole('textbox', { name: 'Code' }).fill('1234');
  await button(page, 'Continue').click();
  await saved(page);
  await back('Your code');
  await back('Who are you?');
  await illness.fill('');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Your code')).toBeVisible();
  await saved(page);
  await back('Who are you?');
  await expect(illness).toHaveValue('');
});

test('a sensitive answer beside one that the server refused is asked for again', async ({ page, site }) => {
  const phone = page.getByRole('textbox', { name: 'Phone' });
  const again = page.getByText('Please enter them again.');
  await openForm(page, '/call');
  await phone.fill('+63 917 123 4567');
  await tinOf(page).fill(TIN);
  await button(page, 'Continue').click();
  await saved(page);
  await button(page, 'Back').click();
  await phone.fill('+1 123 456 7890');
  await tinOf(page).fill('987');
  await button(page, 'Continue').click();
  await expect(phone).toHaveAttribute('aria-invalid', 'true');
  await expect(heading(page, 'Your phone')).toBeVisible();
  await page.reload();
  await expect(again).toBeVisible();
  await expect(tinOf(page)).toHaveValue('');

  // Another answer of the screen does not take the sentence away.
  await phone.fill('+63 917 123 4567');
  await expect(again).toBeVisible();
  await tinOf(page).fill('987');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Notes')).toBeVisible();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('call'))[0]?.answers['tin']).toBe('987');
});

test('a late refusal of an answer that the person has corrected since takes nothing away', async ({ page, site }) => {
  const phone = page.getByRole('textbox', { name: 'Phone' });
  await openForm(page, '/call');
  const letThrough = await cutSaves(page);
  await phone.fill('+1 123 456 7890');
  await tinOf(page).fill(TIN);
  await button(page, 'Continue').click();
  await expect(heading(page, 'Notes')).toBeVisible();
  await button(page, 'Back').click();
  await phone.fill('+63 917 123 4567');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Notes')).toBeVisible();
  letThrough();
  const refused = page.waitForResponse((response) => response.status() === 422);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await refused;
  await saved(page);
  await expect(heading(page, 'Notes')).toBeVisible();
  await page.reload();
  await expect(heading(page, 'Notes')).toBeVisible();
  await button(page, 'Back').click();
  await expect(tinOf(page)).toHaveValue(TIN);
  await expect(phone).toHaveValue('+63 917 123 4567');
  await button(page, 'Continue').click();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('call'))[0]?.answers).toMatchObject({ phone: '+639171234567', tin: TIN });
});

test('a corrected answer is sent before those of later screens that wait, so that none of them is refused', async ({
  page,
  site,
}) => {
  const phone = page.getByRole('textbox', { name: 'Phone' });
  await openForm(page, '/call-then');
  const letThrough = await cutSaves(page);
  await phone.fill('+1 123 456 7890');
  await button(page, 'Continue').click();
  await tinOf(page).fill(TIN);
  await button(page, 'Continue').click();
  await expect(heading(page, 'Notes')).toBeVisible();
  await inHistory(page);
  await button(page, 'Back').click();
  await expect(heading(page, 'Your number')).toBeVisible();
  await button(page, 'Back').click();
  await phone.fill('+63 917 123 4567');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Your number')).toBeVisible();
  letThrough();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await saved(page);
  await expect(heading(page, 'Your number')).toBeVisible();
  await expect(tinOf(page)).toHaveValue(TIN);
  await button(page, 'Continue').click();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('call-then'))[0]?.answers).toMatchObject({ phone: '+639171234567', tin: TIN });
});

test('an answer that waits is sent though the page waits for the sensitive answers', async ({ page, site }) => {
  await openForm(page, '/home');
  await nameOf(page).fill('Ana');
  await button(page, 'Continue').click();
  for (const box of await page.locator('[data-field=home] input:visible').all()) await box.fill('1 Rizal');
  await button(page, 'Continue').click();
  await saved(page);
  await button(page, 'Back').click();
  await button(page, 'Back').click();
  await page.route('**/api/**', (route) => route.abort());
  await nameOf(page).fill('Ana Maria');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Your house')).toBeVisible();
  await inHistory(page);
  await page.unroute('**/api/**');
  await page.route('**/answers', async (route) => {
    // The page reads the sensitive answers only after the save.
    if (route.request().method() === 'GET')
      await expect.poll(async () => (await site.submissions('home'))[0]?.answers['name']).toBe('Ana Maria');
    await route.continue();
  });
  await page.reload();
  await expect(page.locator('[data-field=home] input').first()).toHaveValue('1 Rizal');
  await expect(heading(page, 'Your house')).toBeVisible();
});

test('a sensitive value that people do not see survives a reload and another language, and is not asked for', async ({
  page,
  site,
}) => {
  await openForm(page, '/signed?code=C-7');
  await nameOf(page).fill('Ana');
  await page.reload();
  await page.locator('form[data-ready]').waitFor();
  await expect(nameOf(page)).toHaveValue('Ana');
  await page.getByRole('link', { name: 'Español' }).click();
  await page.locator('[lang=es] form[data-ready]').waitFor();
  await expect(nameOf(page)).toHaveValue('Ana');
  await page.waitForTimeout(300);
  await expect(page.getByRole('status')).toHaveText('');
  expect((await storedIn(page)).device).not.toMatch(/cebu|C-7/);
  await button(page, words.es.send).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('signed');
  expect(Object.keys(sent?.answers ?? {}).sort()).toEqual(['branch', 'code', 'name']);
});

test('two tabs of one form do not lose a sensitive answer to each other @long', async ({ page, context, site }) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Cara');
  const other = await context.newPage();
  await openForm(other, '/loan');
  await expect(nameOf(other)).toHaveValue('Cara');
  await button(page, 'Continue').click();
  await saved(page);
  await nameOf(other).fill('Cara Diaz');
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await button(page, 'Send').click();
  await referenceOn(page);
  expect((await site.submissions('loan'))[0]).toMatchObject({ answers: { name: 'Cara', tin: TIN, purpose: 'A roof' } });
});

test('a tab that was open before another person began in another tab begins its own submission @long', async ({
  page,
  context,
  site,
}) => {
  const before = await site.submissions('loan');
  const other = await openTwice(page, context);
  await enterWho(page, 'Gina');
  await button(page, 'Continue').click();
  await saved(page);
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');

  await enterWho(other, 'Hugo');
  await button(other, 'Continue').click();
  await expect(button(other, 'Finish later')).toBeVisible();
  await expect(other.getByRole('textbox', { name: 'Purpose' })).toHaveValue('');
  await other.getByRole('textbox', { name: 'Purpose' }).fill('A school');
  // The device keeps the first one, and the page the other.
  expect((await storedIn(page)).device).toContain('A roof');
  expect((await storedIn(page)).device).not.toMatch(/Hugo|school/);
  // Nor does the other tab end with the one that the device kept.
  await button(page, 'This isn’t my phone').click();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Gina')).toBeVisible();
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you, Hugo')).toBeVisible();
  const after = await site.submissions('loan');
  expect(after).toHaveLength(before.length + 2);
  expect(after.find(({ answers }) => answers['name'] === 'Gina')?.answers).toMatchObject({ purpose: 'A roof' });
  expect(after.find(({ answers }) => answers['name'] === 'Hugo')?.answers).toMatchObject({ purpose: 'A school' });
});

test('a tab that another person’s tab overtook keeps its submission through a reload and another language @long', async ({
  page,
  context,
  site,
}) => {
  const before = await site.submissions('loan');
  const other = await openTwice(page, context);
  await enterWho(page, 'Ines');
  await button(page, 'Continue').click();
  await saved(page);
  await nameOf(other).fill('Jose');
  await other.getByRole('link', { name: 'Español' }).click();
  await expect(other.locator('form[data-ready]')).toBeVisible();
  await expect(nameOf(other)).toHaveValue('Jose');
  await enterWho(other, 'Jose');
  await button(other, words.es.next).click();
  await expect(button(other, wordings.es.keep.later)).toBeVisible();
  expect((await storedIn(other)).tab).not.toMatch(/123-456-789|"high"/);
  await other.reload();
  await expect(heading(other, 'A lot')).toBeVisible();
  await other.getByRole('textbox', { name: 'Purpose' }).fill('A school');
  await other.getByRole('link', { name: 'English' }).click();
  await expect(other.getByRole('textbox', { name: 'Purpose' })).toHaveValue('A school');
  expect((await storedIn(page)).device).not.toMatch(/Jose|school/);
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you, Jose')).toBeVisible();
  expect((await storedIn(other)).tab).not.toContain('token');

  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ines')).toBeVisible();
  const after = await site.submissions('loan');
  expect(after).toHaveLength(before.length + 2);
  expect(after.find(({ answers }) => answers['name'] === 'Ines')?.answers).toMatchObject({ purpose: 'A roof' });
  expect(after.find(({ answers }) => answers['name'] === 'Jose')?.answers).toMatchObject({ tin: TIN, purpose: 'A school' }); // prettier-ignore
});

test('a tab that was open while another person filled in and sent the form keeps the next one on the device @long', async ({
  page,
  context,
}) => {
  const other = await openTwice(page, context);
  await enterWho(page, 'Max Ong');
  await button(page, 'Continue').click();
  await saved(page);
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await button(page, 'Send').click();
  await referenceOn(page);
  await expect.poll(() => storedIn(page).then(({ device }) => device)).toBe('{}');

  await expect(nameOf(other)).toHaveValue('');
  await enterWho(other, 'Nia');
  await button(other, 'Continue').click();
  await saved(other);
  const { device, tab } = await storedIn(other);
  expect(device).toContain('Nia');
  expect(device + tab).not.toMatch(/Max Ong|A roof/);
  await other.reload();
  await expect(heading(other, 'A lot')).toBeVisible();
  const next = await context.newPage();
  await openForm(next, '/loan');
  await expect(heading(next, 'A lot')).toBeVisible();
});

test('“Fill in this form again” leaves the draft that another person has on the device to its own tab @long', async ({
  page,
  context,
  site,
}) => {
  const other = await openTwice(page, context);
  await enterWho(page, 'Olga');
  await button(page, 'Continue').click();
  await saved(page);
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await enterWho(other, 'Pedro');
  await button(other, 'Continue').click();
  await other.getByRole('textbox', { name: 'Purpose' }).fill('A school');
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you, Pedro')).toBeVisible();

  await button(other, 'Fill in this form again').click();
  await expect(heading(other, 'Who are you?')).toBeVisible();
  await expect(nameOf(other)).toHaveValue('');
  await enterWho(other, 'Rosa');
  await button(other, 'Continue').click();
  await expect(other.getByRole('status')).toHaveText(wordings.en.keep.savedHere);
  await other.reload();
  await other.getByRole('textbox', { name: 'Purpose' }).fill('A boat');
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you, Rosa')).toBeVisible();

  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Purpose' })).toHaveValue('A roof');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Olga')).toBeVisible();
  // Without another draft on the device, the next one is kept there again.
  await button(other, 'Fill in this form again').click();
  await enterWho(other, 'Tito');
  await button(other, 'Continue').click();
  await saved(other);
  expect((await storedIn(other)).device).toContain('Tito');
  const sent = (await site.submissions('loan')).filter(({ status }) => status === 'submitted').slice(0, 3);
  expect(sent.map(({ answers }) => [answers['name'], answers['purpose']]).toSorted()).toEqual([['Olga', 'A roof'], ['Pedro', 'A school'], ['Rosa', 'A boat']]); // prettier-ignore
});

test('“This isn’t my phone” clears the tab that another person’s tab overtook @long', async ({ page, context }) => {
  const other = await openTwice(page, context);
  await nameOf(page).fill('Kim');
  await enterWho(other, 'Lea');
  await button(other, 'Continue').click();
  await expect(button(other, 'Finish later')).toBeVisible();
  await button(other, 'This isn’t my phone').click();
  await expect(other.getByRole('status')).toContainText('This form is no longer saved on this device.');
  await other.getByRole('textbox', { name: 'Purpose' }).fill('A boat');
  expect((await storedIn(other)).tab).not.toMatch(/Lea|boat|token/);
  await other.reload();
  await expect(nameOf(other)).toHaveValue('');
  // The draft on the device is that of the other person.
  expect((await storedIn(page)).device).toContain('Kim');
  await page.reload();
  await expect(nameOf(page)).toHaveValue('Kim');
});

test('after sending, the device keeps nothing, and the tab only how it ended', async ({ page, context }) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Dora');
  await button(page, 'Continue').click();
  await saved(page);
  const token = /"token":"([\w-]+)"/.exec(JSON.parse(JSON.stringify((await storedIn(page)).device.replaceAll('\\', ''))))?.[1] ?? ''; // prettier-ignore
  expect(token).not.toBe('');
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  await expect.poll(() => storedIn(page).then(({ device }) => device)).toBe('{}');
  expect((await storedIn(page)).tab).not.toContain(token);
  // The page sends its own events, then it deletes the token as well.
  const later: string[] = [];
  page.on('request', (request) => void request.allHeaders().then((all) => later.push(all['authorization'] ?? '')));
  await page.reload();
  expect(await referenceOn(page)).toBe(reference);
  await expect(heading(page, 'Thank you, Dora')).toBeVisible();
  expect(later.join()).not.toContain(token);
  expect((await storedIn(page)).device).toBe('{}');

  // The next person who opens the form on this phone sees an empty one.
  const next = await context.newPage();
  await openForm(next, '/loan');
  await expect(nameOf(next)).toHaveValue('');
  await expect(next.getByText(reference)).toHaveCount(0);
});

test('after sending, the device keeps nothing of a draft for which its storage became too full @long', async ({
  page,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Dora');
  await page.evaluate(() => {
    for (let size = 1 << 20, count = 0; size >= 1;) {
      try {
        localStorage.setItem(`other ${count++}`, 'x'.repeat(size));
      } catch {
        size /= 2;
      }
    }
  });
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText(wordings.en.keep.savedHere);
  expect((await storedIn(page)).device).toContain('Dora');
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await button(page, 'Send').click();
  await referenceOn(page);
  expect((await storedIn(page)).device).not.toContain('Dora');
});

test('the link of a form that was sent removes what another person had typed on the device, as it says @long', async ({
  page,
  browser,
  site,
}) => {
  const context = await browser.newContext({ baseURL: site.origin });
  const other = await context.newPage();
  await openForm(other, '/loan');
  await enterWho(other, 'Dora');
  await button(other, 'Continue').click();
  const link = await linkToFinishLater(other);
  await other.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await button(other, 'Send').click();
  await referenceOn(other);
  await context.close();

  await openForm(page, '/loan');
  await nameOf(page).fill('Elias');
  await page.goto(link);
  await expect(page.getByText(wordings.en.resume.replaces)).toBeVisible();
  await button(page, wordings.en.resume.yes).click();
  await expect(heading(page, 'Thank you, Dora')).toBeVisible();
  expect((await storedIn(page)).device).toBe('{}');
});

test('after sending, Back from another page brings no answer back, not even hidden ones', async ({ page }) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Dora');
  await button(page, 'Continue').click();
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A roof');
  await button(page, 'Send').click();
  await referenceOn(page);
  expect(await enteredIn(page)).toEqual([]);
  await page.goto('/healthz');
  await page.goBack();
  await expect(heading(page, 'Thank you, Dora')).toBeVisible();
  expect(await enteredIn(page)).toEqual([]);
});

test('“This isn’t my phone” clears the device, gives the link, and keeps the rest in the page alone', async ({
  page,
  browser,
  site,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Elif');
  await button(page, 'Continue').click();
  await saved(page);
  await button(page, 'This isn’t my phone').click();
  await expect(page.getByRole('status')).toContainText('This form is no longer saved on this device.');
  const link = await page.getByRole('textbox', { name: 'Copy the link' }).inputValue();
  await expect(button(page, 'This isn’t my phone')).toBeHidden();
  expect((await storedIn(page)).device).toBe('{}');

  // It still works here, and still writes nothing.
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A school');
  await button(page, 'Back').click();
  await nameOf(page).fill('Elif Kaya');
  await button(page, 'Continue').click();
  await saved(page);
  const { device, tab } = await storedIn(page);
  expect(device).toBe('{}');
  expect(tab).not.toMatch(/Elif|token/);
  await page.reload();
  await expect(heading(page, 'Who are you?')).toBeVisible();
  await expect(nameOf(page)).toHaveValue('');
  await nameOf(page).fill('A stranger');
  expect((await storedIn(page)).device).toBe('{}');

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await openLink(other, link);
  await expect(heading(other, 'A lot')).toBeVisible();
  await other.getByRole('textbox', { name: 'Purpose' }).fill('A school');
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you, Elif Kaya')).toBeVisible();
  await elsewhere.close();
});

test('after “This isn’t my phone”, a page that is older than an update of the site says what to do', async ({
  page,
}) => {
  await openForm(page, '/reviewed');
  await enterWho(page, 'Esra');
  await button(page, 'Continue').click();
  await saved(page);
  await page.route('**/assets/*.js*', (route) =>
    route.fulfill({ status: 404, json: { error: { code: 'not_found' } } }),
  );
  await button(page, 'This isn’t my phone').click();
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A school');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText(wordings.en.page.notLoaded);
  // Only this page has the answers.
  await expect(page.getByRole('textbox', { name: 'Purpose' })).toHaveValue('A school');
});

test('after “This isn’t my phone”, no link to another language empties the form', async ({ page }) => {
  await openForm(page, '/loan');
  const spanish = page.getByRole('link', { name: 'Español' });
  await enterWho(page, 'Eda');
  await button(page, 'Continue').click();
  await saved(page);
  await expect(spanish).toBeVisible();
  await button(page, 'This isn’t my phone').click();
  await expect(page.getByRole('status')).toContainText('Your answers stay on this page until you leave it.');
  await expect(spanish).toHaveCount(0);

  // The next person in this tab chooses before the first answer.
  await page.reload();
  await expect(heading(page, 'Who are you?')).toBeVisible();
  await expect(spanish).toBeVisible();
  await nameOf(page).fill('Feza');
  await expect(spanish).toHaveCount(0);
  await expect(nameOf(page)).toHaveValue('Feza');
});

/** @param savesFirst whether the server has no answers yet, without which the button is not there */
async function clearInOtherTab(context: BrowserContext, { savesFirst }: { savesFirst: boolean }): Promise<void> {
  const other = await context.newPage();
  await openForm(other, '/loan');
  if (savesFirst) {
    await tinOf(other).fill(TIN);
    await highOf(other).check();
    await button(other, 'Continue').click();
    await saved(other);
  }
  await button(other, 'This isn’t my phone').click();
  await expect(other.getByRole('status')).toContainText('This form is no longer saved on this device.');
  await other.close();
}

test('after “This isn’t my phone” in one tab, Back in a tab that was at another page brings no answer back', async ({
  page,
  context,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Elif');
  await page.goto('/healthz');
  await clearInOtherTab(context, { savesFirst: true });
  await page.goBack();
  await expect(heading(page, 'Who are you?')).toBeVisible();
  expect(await enteredIn(page)).toEqual([]);
});

for (const isSaved of [true, false]) {
  test(`“This isn’t my phone” clears a page that the browser kept in memory, whose answers were ${isSaved ? '' : 'not '}saved`, async ({
    page,
    context,
  }) => {
    // Such a page hears nothing of other tabs. Chromium without a window keeps none, so this test does as it would.
    await page.addInitScript(() => addEventListener('storage', (event) => event.stopImmediatePropagation(), true));
    await openForm(page, '/loan');
    await enterWho(page, 'Elif');
    if (isSaved) {
      await button(page, 'Continue').click();
      await saved(page);
    }
    await clearInOtherTab(context, { savesFirst: !isSaved });
    expect(await enteredIn(page)).toContain('tin');
    await comesBack(page);
    await expect(nameOf(page)).toBeVisible();
    expect(await enteredIn(page)).toEqual([]);
  });
}

test('after “This isn’t my phone”, a page that the browser kept in memory shows nothing, and comes back empty', async ({
  page,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Iris');
  await button(page, 'Continue').click();
  await saved(page);
  await button(page, 'This isn’t my phone').click();
  await expect(page.getByRole('status')).toContainText('Your answers stay on this page until you leave it.');
  await leaves(page);
  await expect(page.locator('body')).toBeHidden();
  await comesBack(page);
  await expect(nameOf(page)).toBeVisible();
  expect(await enteredIn(page)).toEqual([]);
});

for (const isBegun of [true, false]) {
  const title = isBegun ? '' : ', where nothing was entered,';
  test(`a page that the browser kept in memory${title} shows what was entered on the page in another language`, async ({
    page,
    context,
  }) => {
    await page.addInitScript(() => addEventListener('storage', (event) => event.stopImmediatePropagation(), true));
    await openForm(page, '/loan');
    if (isBegun) await nameOf(page).fill('Ana');
    await leaves(page);
    const other = await context.newPage();
    await openForm(other, '/loan/es');
    await enterWho(other, 'Ana Maria');
    await button(other, 'Continuar').click();
    await expect(other.getByRole('status')).toHaveText('Tus respuestas están guardadas.');
    await other.getByRole('textbox', { name: 'Purpose' }).fill('Una moto');
    await other.close();
    await comesBack(page);
    await expect(nameOf(page)).toHaveValue('Ana Maria');
    await expect(tinOf(page)).toHaveValue(TIN);
    await button(page, 'Continue').click();
    await expect(page.getByRole('textbox', { name: 'Purpose' })).toHaveValue('Una moto');
    // Without a change it stays as it is, with the sensitive answer that only it has.
    await button(page, 'Back').click();
    await tinOf(page).fill('987');
    await page.evaluate(() => {
      for (const name of ['pagehide', 'pageshow']) dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
    });
    await expect(tinOf(page)).toHaveValue('987');
  });
}

test('a page that the browser kept in memory keeps a half-typed private date, and what is typed right after', async ({
  page,
}) => {
  await openForm(page, '/born');
  await page.getByLabel('Date of birth').focus();
  await page.keyboard.type('12');
  await nameOf(page).fill('Ana');
  await page.evaluate(() => {
    for (const name of ['pagehide', 'pageshow']) dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
    (document.querySelector('[name=name]') as HTMLInputElement).value = 'Ana Maria';
  });
  await page.waitForTimeout(200);
  const isHalf = (control: HTMLInputElement) => control.validity.badInput;
  expect(await page.getByLabel('Date of birth').evaluate(isHalf)).toBe(true);
  await expect(nameOf(page)).toHaveValue('Ana Maria');
});

test('after “This isn’t my phone”, the next people in the tab read that this browser won’t find their answers again @long', async ({
  page,
}) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Iris');
  await button(page, 'Continue').click();
  await saved(page);
  await button(page, 'This isn’t my phone').click();
  await page.getByRole('textbox', { name: 'Purpose' }).fill('A school');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Iris')).toBeVisible();
  await button(page, 'Fill in this form again').click();
  await enterWho(page, 'Juan');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText(wordings.en.keep.savedHere);
  await expect(button(page, 'Finish later')).toBeVisible();

  // Nor does the page close without a question while the server does not have them.
  await page.route('**/answers', (route) => route.abort());
  await button(page, 'Back').click();
  await nameOf(page).fill('Juan Cruz');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toContainText('Keep this page open');
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe('beforeunload');
});

test('“This isn’t my phone” in one tab clears the others as well @long', async ({ page, context }) => {
  await openForm(page, '/loan');
  await enterWho(page, 'Fe');
  await button(page, 'Continue').click();
  await saved(page);
  const other = await context.newPage();
  await openForm(other, '/loan');
  await expect(heading(other, 'A lot')).toBeVisible();
  await button(page, 'This isn’t my phone').click();
  await expect(heading(other, 'Who are you?')).toBeVisible();
  await expect(nameOf(other)).toHaveValue('');
  expect((await storedIn(other)).device).not.toMatch(/Fe|token/);
});
