/** A person continues after a reload, in another tab or browser, from a link, and with a new version of the form. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright/test';
import { movedClock } from '../../api/serve.ts';
import { png } from '../../helpers/samples/files.ts';
import { openDashboard } from '../dashboard.ts';
import { controlOf, enter, enterScreen, goOn, openForms } from '../kitchen.ts';
import { layla } from '../layla.ts';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, siteWith, test } from '../site-test.ts';
import { button, heading, inHistory, linkToFinishLater, openForm, openLink, referenceOn } from '../walk.ts';

const SHIFT = `
title: Night shift
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: city, type: select, label: City, required: true, options: [{ value: manila, label: Manila }, { value: cebu, label: Cebu }] }
      - { id: note, type: textarea, label: Note }
  - id: when
    title: When?
    fields:
      - { id: nights, type: number, label: Nights a week, required: true }
endings:
  - { id: done, title: "Thank you, {name}" }
`;

/** The same with one more screen at its end. */
const longer = (yaml: string) =>
  yaml.replace(
    'endings:\n',
    '  - { id: last, title: And then?, fields: [{ id: wish, type: text, label: Wish }] }\nendings:\n',
  );

/** Its options lie where the button of the first screen was. */
const OPTIONS = `
title: Options
screens:
  - { id: who, title: Who are you?, fields: [{ id: name, type: text, label: Name }] }
  - id: which
    title: Which one?
    fields:
      - { id: one, type: radio, label: One, options: [a, b, c, d, e, f] }
      - { id: why, type: text, label: Why?, required: true, show_when: { one: b } }
endings: [{ id: done, title: Thank you }]
`;

/** The buttons below its last screen lie where the button of the screen before was. */
const SHORTER = `
title: Shorter
screens:
  - { id: who, title: Who are you?, fields: [{ id: name, type: text, label: Name }] }
  - { id: which, title: Which one?, fields: [{ id: one, type: radio, label: One, options: [a, b, c] }] }
  - { id: why, title: Why?, fields: [{ id: reason, type: text, label: Reason }] }
endings: [{ id: done, title: Thank you }]
`;

const BRANCH = `
title: Branch
links: [{ id: first, params: { city: Cebu, agent: "7" } }, { id: second, params: { city: Davao, agent: "9" } }]
screens:
  - { id: who, title: Who are you?, fields: [{ id: name, type: text, label: Name }] }
  - { id: where, title: Where?, fields: [{ id: city, type: text, label: City }, { id: agent, type: hidden, default: none }] }
endings: [{ id: done, title: Thank you }]
`;

const RIDERS = `
title: Riders
params: [employer, city]
links: [{ id: acme, params: { employer: Acme Rides, city: Cebu } }]
screens:
  - { id: who, title: 'Ride for {employer}', fields: [{ id: name, type: text, label: Name }] }
endings: [{ id: done, title: Thank you }]
`;

const STAND = `
title: Stand
params: [event, customer]
links: [{ id: stand, params: { agent: "7", event: fair } }]
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: name, type: text, label: Name }
      - { id: city, type: select, label: City, default: cebu, options: [{ value: manila, label: Manila }, { value: cebu, label: Cebu }] }
      - { id: shift, type: radio, label: Shift, default: day, options: [{ value: day, label: Day }, { value: night, label: Night }] }
  - id: where
    title: Where?
    fields:
      - { id: town, type: text, label: Town }
      - { id: link, type: text, label: Your profile }
      - { id: version, type: text, label: Your app }
      - { id: tax, type: text, label: Tax number }
      - { id: agent, type: hidden, default: none }
      - { id: code, type: hidden, sensitive: true }
endings: [{ id: done, title: Thank you }]
`;

/** A stand with values of links that the device must not keep: on this screen, and on the next one. */
const PRIVATE_STAND = STAND.replace('label: Tax number', 'label: Tax number, sensitive: true').replace(
  'label: Name }',
  'label: Name }\n      - { id: pin, type: hidden, sensitive: true }',
);

test.use({
  kind: siteWith({
    shift: SHIFT,
    evening: SHIFT,
    wish: longer(SHIFT),
    options: OPTIONS,
    shorter: SHORTER,
    branch: BRANCH,
    stand: STAND,
    riders: RIDERS,
  }),
});

/** Cebu is gone, the note has moved, and there is one more question. */
const SHIFT_NOW = `
title: Night shift
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: city, type: select, label: City, required: true, options: [{ value: manila, label: Manila }, { value: davao, label: Davao }] }
  - id: when
    title: When, and for how long?
    fields:
      - { id: nights, type: number, label: Nights a week, required: true }
      - { id: weeks, type: number, label: Weeks, required: true, default: 4 }
      - { id: note, type: textarea, label: Note }
endings:
  - { id: done, title: "Thank you, {name}" }
`;

/** Publishes a form, and waits until its page says `text`, or no longer does. */
async function publish(site: RunningSite, slug: string, yaml: string, text: string): Promise<void> {
  site.publish(slug, yaml);
  await expect.poll(async () => (await fetch(`${site.origin}/${slug}`)).text()).toContain(text);
}

const nameOf = (page: Page) => page.getByRole('textbox', { name: 'Name', exact: true });
const cityOf = (page: Page) => page.getByRole('combobox', { name: 'City' });
const noteOf = (page: Page) => page.getByRole('textbox', { name: 'Note (optional)' });
const nightsOf = (page: Page) => page.getByRole('textbox', { name: 'Nights a week' });
const saved = (page: Page) =>
  expect(page.getByRole('status').filter({ hasText: 'Your answers are saved.' })).toBeVisible();

/** The browser's questions before it leaves the page. Each time the answer is to stay. */
function questionsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  return asked;
}

test('typed text survives a reload before its field is left, an emptied default included', async ({ page }) => {
  await openForm(page, '/kitchen-sink');
  for (const id of ['about', 'numbers', 'work']) {
    await enterScreen(page, id, layla, 'en');
    await goOn(page, 'en');
  }
  await expect(controlOf(page, 'hours', 'en')).toHaveValue('40');
  await enter(page, 'hours', '', 'en');
  await enter(page, 'rate', 120.5, 'en');
  await inHistory(page);
  await page.reload();
  await expect(heading(page, 'Time and pay')).toBeVisible();
  await expect(controlOf(page, 'hours', 'en')).toHaveValue('');
  // An amount comes back as amounts are written.
  await expect(controlOf(page, 'rate', 'en')).toHaveValue('120.50');
  await expect(controlOf(page, 'call_at', 'en')).toHaveValue('09:00');
  await button(page, 'Back').click();
  await expect(heading(page, 'Your work')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Something else' })).toBeChecked();
  await expect(controlOf(page, 'status_other', 'en')).toHaveValue('I study');
});

test('two tabs of one form are one submission', async ({ page, context, site }) => {
  const before = await site.submissions('shift');
  await openForm(page, '/shift');
  await nameOf(page).fill('Ana');
  const other = await context.newPage();
  // There, the script that saves is slower than the person.
  const changed = Promise.withResolvers<void>();
  await other.route(/assets\/submission-/, (route) => changed.promise.then(() => route.continue()));
  await openForm(other, '/shift');
  for (const tab of [page, other]) {
    await expect(nameOf(tab)).toHaveValue('Ana');
    await cityOf(tab).selectOption('manila');
    await button(tab, 'Continue').click();
    await nightsOf(tab).fill(tab === page ? '3' : '4');
  }
  await saved(page);
  changed.resolve();
  await expect(button(other, 'Finish later')).toBeVisible();
  await other.waitForLoadState('networkidle');
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  // It hears of it at once, and takes no more changes.
  await expect(heading(other, /^This form was sent on \w+ \d+ at \d/)).toBeVisible();
  await expect(other.getByText('Your last change was not sent.')).toBeVisible();
  expect(await referenceOn(other)).toBe(reference);
  await expect(other.locator('form')).toBeHidden();
  const after = await site.submissions('shift');
  expect(after).toHaveLength(before.length + 1);
  expect(after[0]).toMatchObject({ reference, answers: { name: 'Ana', nights: 3 } });
});

test('a person with a draft continues with the version of the draft', async ({ page, site }) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Ben');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  await saved(page);
  const [draft] = await site.submissions('shift');
  await publish(site, 'shift', SHIFT_NOW, 'Davao');

  await page.goto('/shift');
  await expect(heading(page, 'When?')).toBeVisible();
  await button(page, 'Back').click();
  await expect(cityOf(page)).toHaveValue('cebu');
  await button(page, 'Continue').click();
  await nightsOf(page).fill('2');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ben')).toBeVisible();
  const [submission] = await site.submissions('shift');
  expect(submission).toMatchObject({ id: draft?.id, status: 'submitted', answers: { name: 'Ben', city: 'cebu', nights: 2 } }); // prettier-ignore
});

test('a draft keeps its answers to fields that are sensitive in the next version only', async ({
  page,
  context,
  browser,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Ana');
  await cityOf(page).selectOption('cebu');
  await noteOf(page).fill('Only Fridays');
  await button(page, 'Continue').click();
  await saved(page);
  const link = await linkToFinishLater(page);
  await nightsOf(page).fill('2');
  await page.close();
  const sensitive = SHIFT.replace(/type: (textarea|number)/g, 'type: $1, sensitive: true');
  await publish(site, 'shift', sensitive.replace('label: Cebu', 'label: Iloilo'), 'Iloilo');

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await openLink(other, link);
  await expect(heading(other, 'When?')).toBeVisible();
  await button(other, 'Back').click();
  await expect(noteOf(other)).toHaveValue('Only Fridays');
  await elsewhere.close();

  const next = await context.newPage();
  await next.goto('/shift');
  await expect(nightsOf(next)).toHaveValue('2');
  await button(next, 'Back').click();
  await expect(noteOf(next)).toHaveValue('Only Fridays');
  await button(next, 'Continue').click();
  await button(next, 'Send').click();
  await expect(heading(next, 'Thank you, Ana')).toBeVisible();
  expect((await site.submissions('shift'))[0]).toMatchObject({ answers: { note: 'Only Fridays', nights: 2 } });
});

test('a person who goes on in a tab older than the new version keeps that version, in all tabs @long', async ({
  page,
  context,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Bea');
  await cityOf(page).selectOption('cebu');
  await publish(site, 'shift', longer(SHIFT_NOW), 'Davao');
  const other = await context.newPage();
  await openForm(other, '/shift');
  await expect(nameOf(other)).toHaveValue('Bea');

  await button(page, 'Continue').click();
  await saved(page);
  await expect(other).toHaveURL(/version=/);
  await expect(cityOf(other)).toHaveValue('cebu');
  await page.reload();
  await nightsOf(page).fill('2');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Bea')).toBeVisible();
  expect((await site.submissions('shift'))[0]).toMatchObject({ answers: { name: 'Bea', city: 'cebu', nights: 2 } });
});

test('two windows side by side go on in one version of the form', async ({ page, context, site }) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Lia');
  await cityOf(page).selectOption('manila');
  await noteOf(page).fill('Only Fridays');
  await publish(site, 'shift', SHIFT_NOW, 'Davao');
  const other = await context.newPage();
  await openForm(other, '/shift');
  await button(other, 'Continue').click();
  await expect(heading(other, 'When, and for how long?')).toBeVisible();
  await expect(cityOf(page).getByRole('option', { name: 'Davao' })).toBeAttached();
  await button(page, 'Continue').click();
  await expect(noteOf(page)).toHaveValue('Only Fridays');
  await nightsOf(page).fill('2');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Lia')).toBeVisible();
  expect((await site.submissions('shift'))[0]).toMatchObject({
    answers: { name: 'Lia', note: 'Only Fridays', weeks: 4 },
  });
});

test('a person without a draft continues with the new version, which asks again only for answers that no longer fit @long', async ({
  page,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Carla');
  await cityOf(page).selectOption('cebu');
  await noteOf(page).fill('Only Fridays');
  await publish(site, 'shift', SHIFT_NOW, 'Davao');

  await page.reload();
  await expect(nameOf(page)).toHaveValue('Carla');
  await expect(cityOf(page)).toHaveValue('');
  await button(page, 'Continue').click();
  await expect(page.locator('.summary').getByRole('link')).toHaveText(['Choose your city']);
  await cityOf(page).selectOption('davao');
  await button(page, 'Continue').click();
  await expect(noteOf(page)).toHaveValue('Only Fridays');
  await expect(page.getByRole('textbox', { name: 'Weeks' })).toHaveValue('4');
  await nightsOf(page).fill('2');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Carla')).toBeVisible();
  const [submission] = await site.submissions('shift');
  expect(submission?.answers).toEqual({ name: 'Carla', city: 'davao', nights: 2, weeks: 4, note: 'Only Fridays' });
});

test('a half-typed address does not fill the text that the new version asks for instead @long', async ({
  page,
  site,
}) => {
  const shop = (home: string) => `title: Shop\nscreens: [{ id: one, title: Your home, fields: [${home}] }]\nendings: [{ id: done, title: Thanks }]\n`; // prettier-ignore
  await publish(site, 'shop', shop('{ id: home, type: address, label: Address }'), 'Street');
  await openForm(page, '/shop');
  await page.getByRole('textbox', { name: 'Street' }).first().fill('12 Mabini');
  await publish(site, 'shop', shop('{ id: home, type: text, label: Your whole address }'), 'Your whole address');
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Your whole address' })).toHaveValue('');
});

test('a consent to the text of an earlier version is asked for again', async ({ page, site }) => {
  const news = (label: string) => `title: News\nscreens: [{ id: one, title: News, fields: [{ id: name, type: text, label: Name }, { id: agree, type: consent, label: '${label}' }] }]\nendings: [{ id: done, title: Thanks }]\n`; // prettier-ignore
  await publish(site, 'news', news('I agree to receive news'), 'receive news');
  await openForm(page, '/news');
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('I agree to receive news').check();
  await publish(site, 'news', news('I agree that Acme sells my data'), 'sells my data');
  await page.reload();
  await expect(page.getByLabel('Name')).toHaveValue('Ana');
  await expect(page.getByLabel('I agree that Acme sells my data')).not.toBeChecked();
});

test('a tab that was open while the form changed days ago loads the form again, and keeps the typed answers @long', async ({
  browser,
}) => {
  const forms = openForms();
  forms.publish('shift', SHIFT);
  forms.publish('stand', PRIVATE_STAND);
  const clock = path.join(forms.folder, 'clock');
  writeFileSync(clock, '0');
  const site = await startSite({ FORMS_DIR: forms.folder, ...movedClock(clock) });
  const page = await browser.newPage({ baseURL: site.origin });
  try {
    await openForm(page, '/shift');
    await nameOf(page).fill('Dana');
    await cityOf(page).selectOption('manila');
    await noteOf(page).fill('Only Fridays');
    await publish(site, 'shift', SHIFT_NOW, 'Davao');
    writeFileSync(clock, String(2 * 86_400_000));

    await button(page, 'Continue').click();
    await expect(cityOf(page).getByRole('option', { name: 'Davao' })).toBeAttached();
    await expect(nameOf(page)).toHaveValue('Dana');
    await expect(cityOf(page)).toHaveValue('manila');
    await button(page, 'Continue').click();
    await expect(noteOf(page)).toHaveValue('Only Fridays');
    await nightsOf(page).fill('2');
    await button(page, 'Send').click();
    await expect(heading(page, 'Thank you, Dana')).toBeVisible();
    const [submission] = await site.submissions('shift');
    expect(submission?.answers).toMatchObject({ name: 'Dana', city: 'manila', nights: 2, note: 'Only Fridays' });

    // Values of the link that the device must not keep come by the address again.
    await openForm(page, '/go/stand?tax=T-1&code=C-1&pin=P-1');
    const valueOf = (label: string) => page.getByRole('textbox', { name: label });
    await valueOf('Name').fill('Ben');
    await publish(site, 'stand', PRIVATE_STAND.replace('Who are you?', 'Your name'), 'Your name');
    writeFileSync(clock, String(4 * 86_400_000));
    await button(page, 'Continue').click();
    await expect(heading(page, 'Your name')).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toMatch(/\b[TCP]-1\b/);
    await expect(valueOf('Name')).toHaveValue('Ben');
    await button(page, 'Continue').click();
    await expect(valueOf('Tax number')).toHaveValue('T-1');
    await button(page, 'Send').click();
    await expect(heading(page, 'Thank you')).toBeVisible();
    const [sent] = await site.submissions('stand');
    expect(Object.keys(sent?.answers ?? {})).toEqual(expect.arrayContaining(['name', 'tax', 'code', 'pin']));
  } finally {
    await page.close();
    await site.stop();
    forms.remove();
  }
});

test('an answer that was changed after a link was opened stays, though the draft is gone and the form has changed @long', async ({
  browser,
}) => {
  const forms = openForms();
  forms.publish('shift', longer(SHIFT));
  const clock = path.join(forms.folder, 'clock');
  writeFileSync(clock, '0');
  const site = await startSite({ FORMS_DIR: forms.folder, ...movedClock(clock) });
  const [before, same, other] = await Promise.all([1, 2, 3].map(() => browser.newPage({ baseURL: site.origin }))) as [Page, Page, Page]; // prettier-ignore
  try {
    await openForm(before, '/shift');
    await nameOf(before).fill('Dan');
    await cityOf(before).selectOption('manila');
    await noteOf(before).fill('Only Fridays');
    await button(before, 'Continue').click();
    await nightsOf(before).fill('2');
    await button(before, 'Continue').click();
    await saved(before);
    const link = await linkToFinishLater(before);
    await openLink(same, link);
    await expect(heading(same, 'And then?')).toBeVisible();
    await publish(site, 'shift', longer(SHIFT_NOW), 'Davao');
    // This one gets the link in the new version, and goes on in the version of the draft.
    await openLink(other, link);
    await expect(heading(other, 'And then?')).toBeVisible();
    expect(other.url()).toContain('version=');

    const [draft] = await site.submissions('shift');
    await site.erase(draft?.id ?? '');
    writeFileSync(clock, String(2 * 86_400_000));
    for (const page of [same, other]) {
      for (const at of ['When?', 'Who are you?']) {
        await button(page, 'Back').click();
        await expect(heading(page, at)).toBeVisible();
      }
      await nameOf(page).fill('Dana');
      await noteOf(page).fill('');
      await button(page, 'Continue').click();
      await expect(cityOf(page).getByRole('option', { name: 'Davao' })).toBeAttached();
      await expect(nameOf(page)).toHaveValue('Dana');
      await button(page, 'Continue').click();
      await expect(nightsOf(page)).toHaveValue('2');
      await expect(noteOf(page)).toHaveValue('');
    }
  } finally {
    await Promise.all([before, same, other].map((page) => page.close()));
    await site.stop();
    forms.remove();
  }
});

test('“Finish later” gives a link that goes on in another browser', async ({ page, browser, site }) => {
  await openForm(page, '/kitchen-sink');
  await expect(button(page, 'Finish later')).toBeHidden();
  await enterScreen(page, 'about', layla, 'en');
  await goOn(page, 'en');
  await saved(page);
  // It is there as long as there is a form to continue, not only in the moment of saving.
  await page.reload();
  await expect(button(page, 'Finish later')).toBeVisible();
  await page.goto('/kitchen-sink/ar');
  await expect(button(page, 'الإكمال لاحقًا')).toBeVisible();
  await page.goto('/kitchen-sink');
  const link = await linkToFinishLater(page);
  await expect(page.getByRole('link', { name: 'Send it by email' })).toHaveAttribute('href', /^mailto:\?subject=/);

  const context = await browser.newContext({ baseURL: site.origin });
  const other = await context.newPage();
  await openLink(other, link);
  await expect(heading(other, 'Your papers, Layla Haddad')).toBeVisible();
  await expect(button(other, 'Finish later')).toBeVisible();
  await button(other, 'Back').click();
  await expect(controlOf(other, 'story', 'en')).toHaveValue(String(layla['story']));
  for (const id of ['about', 'numbers', 'work']) {
    await enterScreen(other, id, layla, 'en');
    await goOn(other, 'en');
  }
  // Elements from the start are there as well.
  await expect(controlOf(other, 'hours', 'en')).toHaveValue('40');
  await saved(other);
  await context.close();
  const [draft] = await site.submissions('kitchen-sink');
  expect(draft).toMatchObject({ status: 'draft', answers: { full_name: 'Layla Haddad', status: 'other' } });
});

test('a link goes on in the version of the draft where the browser stores nothing', async ({ page, browser, site }) => {
  await publish(site, 'lent', SHIFT, 'Cebu');
  await openForm(page, '/lent');
  await nameOf(page).fill('Gia');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  await saved(page);
  const link = await linkToFinishLater(page);
  await publish(site, 'lent', SHIFT_NOW, 'Davao');

  const context = await browser.newContext({ baseURL: site.origin });
  await context.addInitScript(() => {
    const get = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get });
  });
  const other = await context.newPage();
  await other.goto(link);
  await button(other, 'Yes, continue').click();
  // Nothing tells the page of the other version that the person has said yes.
  await expect(other).toHaveURL(/version=/);
  await button(other, 'Yes, continue').click();
  await expect(nightsOf(other)).toBeVisible();
  await button(other, 'Back').click();
  await expect(nameOf(other)).toHaveValue('Gia');
  await context.close();
});

test('the person’s own link keeps what was typed on the device, and shows what another device has saved since @long', async ({
  page,
  context,
  browser,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Hana');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);
  // The next device does not have the entries of the open step, and the page says so.
  await expect(page.getByText('Those of this step are added when you go on.')).toBeVisible();
  await nightsOf(page).fill('3');
  await page.close();

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await openLink(other, link);
  await expect(nightsOf(other)).toHaveValue('');
  await button(other, 'Back').click();
  await nameOf(other).fill('Hana Sato');
  await noteOf(other).fill('Only Fridays');
  await button(other, 'Continue').click();
  await saved(other);
  await elsewhere.close();
  // The link then leads first to a page that has other screens than the submission.
  await publish(site, 'shift', SHIFT_NOW, 'Davao');

  const next = await context.newPage();
  await next.goto(link);
  await expect(nightsOf(next)).toHaveValue('3');
  expect(next.url()).not.toContain('resume');
  await nightsOf(next).fill('4');
  await inHistory(next);
  // Pasted into the open tab, it reloads the page.
  await next.goto(next.url().replace(/#.*/, new URL(link).hash));
  await expect(next).not.toHaveURL(/resume/);
  await expect(nightsOf(next)).toHaveValue('4');
  await button(next, 'Back').click();
  await expect(nameOf(next)).toHaveValue('Hana Sato');
  await expect(noteOf(next)).toHaveValue('Only Fridays');
  await button(next, 'Continue').click();
  await button(next, 'Send').click();
  await expect(heading(next, 'Thank you, Hana Sato')).toBeVisible();
  const [submission] = await site.submissions('shift');
  expect(submission?.answers).toEqual({ name: 'Hana Sato', city: 'cebu', note: 'Only Fridays', nights: 4 });
});

test('the person’s own link keeps a save that waits, and what was typed after it @long', async ({
  page,
  context,
  site,
}) => {
  await openForm(page, '/wish');
  await nameOf(page).fill('Ivo');
  await cityOf(page).selectOption('cebu');
  await noteOf(page).fill('Only Fridays');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);
  await context.route('**/answers', (route) => (route.request().method() === 'PUT' ? route.abort() : route.fallback()));
  await button(page, 'Back').click();
  await noteOf(page).fill('');
  await button(page, 'Continue').click();
  await nightsOf(page).fill('2');
  await button(page, 'Continue').click();
  await page.getByRole('textbox', { name: 'Wish' }).fill('Tea');
  await page.close();

  const next = await context.newPage();
  await next.goto(link);
  await expect(heading(next, 'And then?')).toBeVisible();
  await expect(next.getByRole('textbox', { name: 'Wish' })).toHaveValue('Tea');
  await context.unroute('**/answers');
  await button(next, 'Send').click();
  await expect(heading(next, 'Thank you, Ivo')).toBeVisible();
  const [submission] = await site.submissions('wish');
  expect(submission?.answers).toEqual({ name: 'Ivo', city: 'cebu', nights: 2, wish: 'Tea' });
});

test('values that a link fills in stay, by the address without them, by another link and in another browser @long', async ({
  page,
  browser,
  site,
}) => {
  // A person who only looked at the form leaves nothing to the next one.
  await openForm(page, '/branch?city=Rome&name=Ben');
  await openForm(page, '/go/first');
  await expect(page.getByLabel('Name')).toHaveValue('');
  await page.getByLabel('Name').fill('Ana');
  // The form is published twice before the first answer is saved.
  for (const title of ['Who is it?', 'Who are you there?']) {
    await publish(site, 'branch', BRANCH.replace('Who are you?', title), title);
    await openForm(page, '/branch');
    await expect(heading(page, title)).toBeVisible();
  }
  await expect(page.getByLabel('Name')).toHaveValue('Ana');
  await button(page, 'Continue').click();
  await saved(page);
  for (const address of ['/branch', '/go/second']) {
    await openForm(page, address);
    await expect(page.getByLabel('City')).toHaveValue('Cebu');
  }
  const link = await linkToFinishLater(page);
  const context = await browser.newContext({ baseURL: site.origin });
  const other = await context.newPage();
  await publish(site, 'branch', BRANCH.replace('Who are you?', 'Your name'), 'Your name');
  await openLink(other, link);
  await expect(other.getByLabel('City')).toHaveValue('Cebu');
  await openForm(other, '/branch');
  await expect(other.getByLabel('City')).toHaveValue('Cebu');
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you')).toBeVisible();
  await context.close();
  const [sent] = await site.submissions('branch');
  expect(sent).toMatchObject({ link: 'first', answers: { name: 'Ana', city: 'Cebu', agent: '7' } });
});

test('two tabs keep the values of their own links, and a tab without a link takes none @long', async ({
  page,
  context,
  site,
}) => {
  await publish(site, 'branch', BRANCH, 'Who are you?');
  await openForm(page, '/branch?utm_source=poster&city=Naga');
  const [first, second] = [await context.newPage(), await context.newPage()];
  await openForm(first, '/go/first');
  await openForm(second, '/go/second');
  const people = [[first, 'Fe', 'Cebu'], [second, 'Sol', 'Davao'], [page, 'Pia', 'Naga']] as const; // prettier-ignore
  for (const [tab, name] of people) {
    await tab.getByLabel('Name').fill(name);
    await button(tab, 'Continue').click();
    await expect(button(tab, 'Finish later')).toBeVisible();
  }
  for (const [tab, , city] of people) {
    await expect(tab.getByLabel('City')).toHaveValue(city);
    await button(tab, 'Send').click();
    await expect(heading(tab, 'Thank you')).toBeVisible();
  }
  const sent = (await site.submissions('branch')).slice(0, 3);
  expect(sent.find(({ answers }) => answers['name'] === 'Fe')).toMatchObject({ link: 'first', answers: { city: 'Cebu', agent: '7' } }); // prettier-ignore
  expect(sent.find(({ answers }) => answers['name'] === 'Sol')).toMatchObject({ link: 'second', answers: { city: 'Davao', agent: '9' } }); // prettier-ignore
  expect(sent.find(({ answers }) => answers['name'] === 'Pia')).toMatchObject({ link: null, params: { utm_source: 'poster' }, answers: { city: 'Naga', agent: 'none' } }); // prettier-ignore
});

test('a param that texts show is stored as the person read it, though a campaign link that was looked at before has another value', async ({
  page,
  site,
}) => {
  await openForm(page, '/go/acme');
  await expect(heading(page, 'Ride for Acme Rides')).toBeVisible();
  await expect.poll(() => page.evaluate(() => localStorage.getItem('flipsite:riders'))).toContain('acme');
  await openForm(page, '/riders?employer=Beta');
  await expect(heading(page, 'Ride for Beta')).toBeVisible();
  await page.getByLabel('Name').fill('Ana');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('riders');
  expect(sent).toMatchObject({ link: 'acme', params: { employer: 'Beta', city: 'Cebu' } });
});

test('the next person at a stand has the values of the link that nobody sees, and none of the person before @long', async ({
  page,
  site,
}) => {
  const valueOf = (label: string) => page.getByRole('textbox', { name: label });
  await openForm(page, '/go/stand?customer=42&name=Ana&city=rome&shift=late&town=Imus&tax=T-1&code=C-1&agent=5');
  await expect(valueOf('Name')).toHaveValue('Ana');
  // Neither choice exists, so both are as without a link.
  await expect(cityOf(page)).toHaveValue('cebu');
  await expect(page.getByRole('radio', { name: 'Day' })).toBeChecked();
  await valueOf('Name').fill('');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('flipsite:stand'))).toContain('typed');

  const now = STAND.replace('label: Tax number', 'label: Tax number, sensitive: true');
  await publish(site, 'stand', now.replace('Who are you?', 'Your name'), 'Your name');
  await page.reload();
  await expect(heading(page, 'Your name')).toBeVisible();
  await expect(valueOf('Name')).toHaveValue('');
  await button(page, 'Continue').click();
  await saved(page);
  await publish(site, 'stand', now.replace('Who are you?', 'You'), 'You<');
  await page.reload();
  await expect(heading(page, 'Where?')).toBeVisible();
  expect(new URL(page.url()).searchParams.has('version')).toBe(true);
  for (const [label, value] of [['Town', 'Imus'], ['Your profile', ''], ['Your app', ''], ['Tax number', 'T-1']] as const)
    await expect(valueOf(label)).toHaveValue(value); // prettier-ignore
  const link = await linkToFinishLater(page);
  expect(link).toContain('town=Imus');
  const device = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  // Not a part of the random token.
  expect(link + device).not.toMatch(/\b[TC]-1\b/);

  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  await page.reload();
  await button(page, 'Fill in this form again').click();
  await expect(heading(page, 'You')).toBeVisible();
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ link: 'stand', agent: '7' });
  await valueOf('Name').fill('Ben');
  await button(page, 'Continue').click();
  await expect(valueOf('Town')).toHaveValue('');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [second, first] = await site.submissions('stand');
  expect(second).toMatchObject({ link: 'stand', params: { event: 'fair' }, answers: { name: 'Ben', agent: '7' } });
  expect(second?.params).toEqual({ event: 'fair' });
  expect(first).toMatchObject({
    link: 'stand',
    params: { event: 'fair', customer: '42' },
    answers: { town: 'Imus', agent: '7', code: expect.anything() as unknown },
  });
});

test('back after the review and Send shows the reference @long', async ({ page }) => {
  await openForm(page, '/kitchen-sink');
  for (const id of ['about', 'numbers']) {
    await enterScreen(page, id, layla, 'en');
    await goOn(page, 'en');
  }
  await enterScreen(page, 'work', { status: 'none', apps: ['none_of_these'], city: 'cebu', has_bike: false }, 'en');
  await goOn(page, 'en');
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  await expect(button(page, 'Finish later')).toBeHidden();
  await page.goBack();
  expect(await referenceOn(page)).toBe(reference);
  await expect(page.locator('form')).toBeHidden();
});

test('a change on an earlier screen is not skipped by Forward or by opening the form again @long', async ({ page }) => {
  await openForm(page, '/evening');
  await page.getByLabel('Name').fill('One');
  await page.getByLabel('City').selectOption('manila');
  await goOn(page, 'en');
  await saved(page);
  for (const name of ['Two', 'Three']) {
    await page.goBack();
    await expect(heading(page, 'Who are you?')).toBeVisible();
    await page.getByLabel('Name').fill(name);
    await page.goForward();
    await expect(heading(page, 'Who are you?')).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Name')).toHaveValue(name);
    await goOn(page, 'en');
    await expect(heading(page, 'When?')).toBeVisible();
  }
  await page.getByLabel('Nights a week').fill('5');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Three')).toBeVisible();
});

/** How far below the top of the window the middle of `target` is, in pixels. */
async function middleOf(target: Locator): Promise<number> {
  const { y, height } = (await target.boundingBox()) as { y: number; height: number };
  return y + height / 2;
}

test.describe('a double tap', () => {
  test.use({ tapsAtOnce: false });

  test('on Continue lets a person read the next screen before it is sent', async ({ page }) => {
    await openForm(page, '/wish');
    await nameOf(page).fill('Ivo');
    await cityOf(page).selectOption('cebu');
    await button(page, 'Continue').click();
    await nightsOf(page).fill('2');
    await button(page, 'Continue').dblclick();
    await expect(heading(page, 'And then?')).toBeVisible();
    await saved(page);
    await expect(heading(page, 'And then?')).toBeVisible();
    await page.getByRole('textbox', { name: 'Wish' }).fill('Tea');
    await button(page, 'Send').click();
    await referenceOn(page);
  });

  test('on Continue chooses nothing on the next screen', async ({ page }) => {
    await openForm(page, '/options');
    await button(page, 'Continue').dblclick();
    await expect(heading(page, 'Which one?')).toBeVisible();
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
    await page.getByRole('radio', { name: 'b', exact: true }).check();
  });

  test('on Continue does not take the answers off the device', async ({ page }) => {
    await openForm(page, '/shorter');
    await page.getByLabel('Name').fill('Ivo');
    await button(page, 'Continue').click();
    await saved(page);
    const tapped = await middleOf(button(page, 'Continue'));
    await button(page, 'Continue').dblclick();
    await expect(heading(page, 'Why?')).toBeVisible();
    const notMine = button(page, 'This isn’t my phone');
    expect(Math.abs((await middleOf(notMine)) - tapped)).toBeLessThan(20);
    await notMine.click();
    await expect(page.getByRole('status')).toContainText('Your answers stay on this page');
  });

  test('on Send does not leave the ending', async ({ page }) => {
    await openForm(page, '/options');
    await button(page, 'Continue').click();
    const cover = page.evaluate(
      () =>
        new Promise((resolve) => {
          new MutationObserver(() => {
            const ending = document.getElementById('ending');
            if (ending) resolve(getComputedStyle(ending, '::before').visibility);
          }).observe(document.body, { childList: true, subtree: true });
        }),
    );
    await button(page, 'Send').click();
    expect(await cover).toBe('visible');
    await button(page, 'Fill in this form again').click();
    await expect(heading(page, 'Who are you?')).toBeVisible();
  });
});

test('a question that an answer without an event asks is shown with its error', async ({ page }) => {
  await openForm(page, '/options');
  await button(page, 'Continue').click();
  // As a program that fills in forms may do.
  await page
    .getByRole('radio', { name: 'b', exact: true })
    .evaluate((radio: HTMLInputElement) => (radio.checked = true));
  await button(page, 'Send').click();
  await page.getByRole('textbox', { name: 'Why?' }).fill('So');
  await button(page, 'Send').click();
  await referenceOn(page);
});

test('leaving is questioned only while something is unsaved @long', async ({ page, context }) => {
  const asked = questionsOf(page);
  await openForm(page, '/kitchen-sink');
  await enterScreen(page, 'about', layla, 'en');
  await goOn(page, 'en');
  await saved(page);
  await page.reload();
  await expect(heading(page, 'Your papers, Layla Haddad')).toBeVisible();
  expect(asked).toEqual([]);

  await context.setOffline(true);
  await goOn(page, 'en');
  await expect(page.getByRole('status')).toContainText('You are offline.');
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  await context.setOffline(false);
  await saved(page);

  for (const id of ['work', 'pay', 'dates', 'place', 'opinion']) {
    await enterScreen(page, id, layla, 'en');
    await goOn(page, 'en');
  }
  await page.route('**/files?*', () => undefined);
  await page.locator('[data-field=licence] input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png() }); // prettier-ignore
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload', 'beforeunload']);
  await button(page, 'Remove a.png').click();
  await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
  expect(asked).toHaveLength(2);
});

test('a person with the open page reads that the form has closed, and loses nothing', async ({ page, site }) => {
  const before = await site.submissions('shift');
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Dina');
  await cityOf(page).selectOption('cebu');
  await publish(site, 'shift', `${SHIFT}limits: { closes: 2026-01-31, contact: ops@acme.example }\n`, 'closed');
  await button(page, 'Continue').click();
  const reason = 'This form is closed. It closed on January 31, 2026. Questions? Write to ops@acme.example';
  await expect(page.getByText(reason)).toBeVisible();
  await expect(page.locator('form')).toBeHidden();
  expect(await site.submissions('shift')).toEqual(before);

  await publish(site, 'shift', SHIFT, 'Cebu');
  await page.goto('/shift');
  await expect(nightsOf(page)).toBeVisible();
  await nightsOf(page).fill('1');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Dina')).toBeVisible();
});

test('a page that is too old says that the answers are on the device only where they are @long', async ({ page }) => {
  const message = 'This form has changed since you opened it. Load the page again. Your answers stay on this device.';
  await page.route('**/shift/submissions', (route) => route.fulfill({ status: 409, json: { error: { code: 'form_changed', message } } })); // prettier-ignore
  await openForm(page, '/shift');
  await nameOf(page).fill('Nora');
  await button(page, 'This isn’t my phone').click();
  await cityOf(page).selectOption('cebu');
  await page.route('**/resume-question-*', (route) => route.abort());
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toContainText('A part of this page did not load.');
  await page.unroute('**/resume-question-*');
  await nightsOf(page).fill('2');
  await button(page, 'Send').click();
  await expect(page.getByText('Open the form again, and enter your answers there.')).toBeVisible();
  await expect(page.getByText('stay on this device')).toBeHidden();
  await page.unroute('**/shift/submissions');
  await page.getByRole('link', { name: 'Open the form' }).click();
  await expect(nameOf(page)).toHaveValue('');
});

test('a save that went under is sent once more before anybody is asked again', async ({ page, site }) => {
  await openForm(page, '/shift');
  await nameOf(page).fill('Dora');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  await saved(page);
  await nightsOf(page).fill('4');
  // As another tab does that writes its state of a moment before.
  await page.evaluate(() => {
    const write = Storage.prototype.setItem;
    Storage.prototype.setItem = function (name, text) {
      Storage.prototype.setItem = write;
      this.setItem(name, JSON.stringify({ ...(JSON.parse(text) as object), saves: [] }));
      dispatchEvent(new StorageEvent('storage', { key: name }));
    };
    document.querySelector<HTMLButtonElement>('.screen.now [data-next]')?.click();
  });
  const reference = await referenceOn(page);
  const [submission] = await site.submissions('shift');
  expect(submission).toMatchObject({ reference, answers: { name: 'Dora', city: 'manila', nights: 4 } });
});

/** Answers that are not Flipsite's. */
const STRANGE = [
  { status: 200, contentType: 'text/html', body: '<p>Sign in to the Wi-Fi' },
  { status: 403, contentType: 'text/html', body: '<h1>Blocked by the firewall' },
  ...['[]', '"x"', '{}', 'null'].flatMap((body) => [200, 403].map((status) => ({ status, body }))),
  { status: 404, body: '{}' },
  { status: 403, body: '{"error":"Forbidden"}' },
  { status: 400, body: '{"error":{"code":400}}' },
];

test('answers of another server are not taken for Flipsite’s, such as the sign-in page of a Wi-Fi @long', async ({
  page,
  site,
}) => {
  const broken: Error[] = [];
  page.on('pageerror', (error) => broken.push(error));
  const due = { submissions: STRANGE.slice(0, 6), answers: STRANGE.slice(6), submit: STRANGE.slice(0, 3) };
  await page.route(/\/(submissions|answers|submit)$/, (route) => {
    const answer = due[route.request().url().split('/').at(-1) as keyof typeof due].shift();
    return answer ? route.fulfill({ contentType: 'application/json', ...answer }) : route.continue();
  });
  await openForm(page, '/shift');
  await nameOf(page).fill('Wina');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toContainText('We can’t save this right now.');
  await nightsOf(page).fill('4');
  // The page then tries at once.
  const goOnline = () => page.evaluate(() => dispatchEvent(new Event('online')));
  for (const left of [due.submissions, due.answers])
    await expect.poll(() => goOnline().then(() => left.length), { intervals: [20] }).toBe(0);
  await button(page, 'Send').click();
  const thanks = heading(page, 'Thank you, Wina');
  await expect.poll(() => goOnline().then(() => thanks.isVisible()), { intervals: [20] }).toBe(true);
  expect(due.submit).toEqual([]);
  const reference = await referenceOn(page);
  const [submission, before] = await site.submissions('shift');
  expect(submission).toMatchObject({ reference, answers: { name: 'Wina', city: 'manila', nights: 4 } });
  expect(before?.answers['name']).not.toBe('Wina');
  expect(broken).toEqual([]);
});

test('Send goes on where the network comes and goes', async ({ page }) => {
  await openForm(page, '/shift');
  await nameOf(page).fill('Wina');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  await nightsOf(page).fill('4');
  await page.evaluate(() => {
    const { fetch } = window;
    let [onLine, left] = [true, 10];
    Object.defineProperty(navigator, 'onLine', { get: () => onLine });
    window.fetch = (address, init) => {
      if (!String(address).endsWith('/submit') || left-- === 0) return fetch(address, init);
      onLine = false;
      setTimeout(() => {
        onLine = true;
        dispatchEvent(new Event('online'));
      }, 10);
      return Promise.reject(new TypeError('Failed to fetch'));
    };
  });
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Wina')).toBeVisible();
});

test('Send ends where a firewall refuses it every time, and nothing is lost', async ({ page, site }) => {
  await page.clock.install();
  await openForm(page, '/shift');
  await nameOf(page).fill('Wina');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  await nightsOf(page).fill('4');
  let attempts = 0;
  await page.route('**/submit', (route) => {
    attempts++;
    return route.fulfill({ status: 403, contentType: 'text/html', body: '<h1>Blocked by the firewall' });
  });
  await button(page, 'Send').click();
  const note = page.getByRole('status').filter({ hasText: 'We still can’t send this.' });
  await expect.poll(() => page.clock.runFor(20_000).then(() => note.isVisible()), { intervals: [50] }).toBe(true);
  expect(attempts).toBeLessThanOrEqual(10);
  await page.unroute('**/submit');
  await button(page, 'Send').click();
  const reference = await referenceOn(page);
  const [submission] = await site.submissions('shift');
  expect(submission).toMatchObject({ reference, answers: { name: 'Wina', city: 'manila', nights: 4 } });
});

test('a Send that was given up does not look like a form that is sent, also after its answers are saved', async ({
  page,
}) => {
  await page.clock.install();
  await openForm(page, '/shift');
  await nameOf(page).fill('Wina');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  await saved(page);
  await nightsOf(page).fill('4');
  await page.route('**/api/**', (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'busy', message: 'Busy', requestId: 'one' } } }),
  );
  await button(page, 'Send').click();
  const note = page.getByRole('status').filter({ hasText: 'We still can’t send this.' });
  await expect.poll(() => page.clock.runFor(20_000).then(() => note.isVisible()), { intervals: [50] }).toBe(true);
  await page.clock.runFor(130_000);
  await expect(note).toBeVisible();
  await expect(note).not.toContainText('one');
  // Elsewhere the page says as usual whether answers are saved.
  await button(page, 'Back').click();
  await noteOf(page).fill('Only Fridays');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status').filter({ hasText: 'We can’t save this right now.' })).toBeVisible();
  await button(page, 'Send').click();
  await expect.poll(() => page.clock.runFor(20_000).then(() => note.isVisible()), { intervals: [50] }).toBe(true);
  await page.unroute('**/api/**');
  let isSaved = false;
  page.on('response', (response) => (isSaved ||= response.request().method() === 'PUT' && response.ok()));
  await expect.poll(() => page.clock.runFor(20_000).then(() => isSaved), { intervals: [50] }).toBe(true);
  await page.clock.runFor(1_000);
  await expect(note).toBeVisible();
  await button(page, 'Send').click();
  await referenceOn(page);
});

test('a closed form still shows a sent submission to its person, and continues from a link @long', async ({
  page,
  browser,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift?note=Nights');
  await nameOf(page).fill('Elif');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);
  await nightsOf(page).fill('1');
  await button(page, 'Send').click();
  const reference = await referenceOn(page);

  await publish(site, 'shift', `${SHIFT}limits: { closes: 2026-01-31 }\n`, 'closed');
  await page.goto('/shift');
  expect(await referenceOn(page)).toBe(reference);

  const stranger = await browser.newContext({ baseURL: site.origin });
  const other = await stranger.newPage();
  await other.goto('/shift');
  await expect(heading(other, 'This form is closed')).toBeVisible();
  expect(new URL(other.url()).search).toBe('');
  await other.goto('about:blank');
  await other.goto(link);
  expect(new URL(other.url()).search).toContain('note=Nights&version=');
  await button(other, 'Yes, continue').click();
  expect(await referenceOn(other)).toBe(reference);
  await stranger.close();
});

test('a link that no longer works opens no closed form, and offers no new start', async ({ page, browser, site }) => {
  await publish(site, 'late', SHIFT, 'Cebu');
  await openForm(page, '/late');
  await nameOf(page).fill('Nur');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  await saved(page);
  const link = await linkToFinishLater(page);
  const stranger = await browser.newContext({ baseURL: site.origin });
  const other = await stranger.newPage();
  await other.goto(link);
  await button(other, 'No, start my own').click();
  await expect(nameOf(other)).toHaveValue('');
  await publish(site, 'late', `${SHIFT}limits: { closes: 2026-01-31 }\n`, 'closed');

  await other.goto('about:blank');
  await other.goto(link);
  await button(other, 'No, start my own').click();
  await expect(heading(other, 'This form is closed')).toBeVisible();
  await site.erase((await site.submissions('late'))[0]?.id ?? '');
  await other.goto('about:blank');
  await other.goto(link);
  await button(other, 'Yes, continue').click();
  await expect(heading(other, 'This form is closed')).toBeVisible();
  await stranger.close();
  // The device of the person still has the answers.
  await page.goto('about:blank');
  await page.goto(link);
  await expect(heading(page, 'When?')).toBeVisible();
  await expect(page.getByText('You can start again here.')).toBeHidden();
  await nightsOf(page).fill('2');
  await button(page, 'Send').click();
  await expect(page.getByText('This form is closed. It closed on January 31, 2026.')).toBeVisible();
});

test('a form that was closed a moment ago has a way on for the person who began it, and for no stranger @long', async ({
  page,
  browser,
  site,
}) => {
  await publish(site, 'brief', SHIFT, 'Cebu');
  await openForm(page, '/brief');
  await nameOf(page).fill('Emre');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  await saved(page);
  const member = await openDashboard(browser, site);
  await member.goto('/admin/forms/brief/settings');
  await button(member, 'Close now').click();
  await expect(button(member, 'Open again')).toBeVisible();
  await member.context().close();

  const stranger = await browser.newContext({ baseURL: site.origin });
  const other = await stranger.newPage();
  await other.goto('/brief');
  await expect(heading(other, 'This form is closed')).toBeVisible();
  await expect(other.getByRole('link', { name: 'Finish your application' })).toHaveCount(0);
  await stranger.close();

  await page.goto('/brief');
  await expect(nightsOf(page)).toBeVisible();
  const plain = await browser.newContext({ baseURL: site.origin, javaScriptEnabled: false });
  const without = await plain.newPage();
  await without.goto('/brief');
  await expect(without.getByRole('link', { name: 'Finish your application' })).toBeVisible();
  await plain.close();
});

test('a link that someone else sends is only followed after a question, and own answers stay', async ({
  page,
  browser,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  const sender = await browser.newContext({ baseURL: site.origin });
  const sending = await sender.newPage();
  await openForm(sending, '/shift');
  await nameOf(sending).fill('Mallory Sender');
  await cityOf(sending).selectOption('cebu');
  await button(sending, 'Continue').click();
  const link = await linkToFinishLater(sending);

  // On a device without answers.
  await page.goto(link);
  await expect(heading(page, 'Did you begin this form yourself?')).toBeFocused();
  const day = new Date().toLocaleDateString('en', { day: 'numeric', month: 'long' });
  await expect(page.getByText(/was begun on .*\d{4}\./)).toContainText(day.split(' ')[0] ?? '');
  await expect(page.getByText('You have also begun this form here.')).toHaveCount(0);
  await expect(page.getByText('Mallory Sender')).toHaveCount(0);
  await button(page, 'No, start my own').click();
  expect(page.url()).not.toContain('resume');
  await expect(nameOf(page)).toHaveValue('');
  await nameOf(page).fill('Ana Receiver');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  await saved(page);

  // On a device with answers of its own.
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByText('You have also begun this form here.')).toBeVisible();
  await button(page, 'No, keep what I began here').click();
  await button(page, 'Back').click();
  await expect(nameOf(page)).toHaveValue('Ana Receiver');
  const names = (await site.submissions('shift')).map(({ answers }) => (answers as { name?: string }).name);
  expect(names).toEqual(expect.arrayContaining(['Ana Receiver', 'Mallory Sender']));
  await sender.close();
});

test('a link to go on that is pasted into a tab in which the form is open is followed @long', async ({
  page,
  browser,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Gil');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await openForm(other, '/shift');
  await inHistory(other);
  await nameOf(other).fill('Gilda');
  await other.goto(link);
  await button(other, 'No, keep what I began here').click();
  await expect(nameOf(other)).toHaveValue('Gilda');
  expect(other.url()).not.toContain('resume');
  await inHistory(other);
  await openLink(other, link);
  await expect(heading(other, 'When?')).toBeVisible();
  expect(other.url()).not.toContain('resume');
  await button(other, 'Back').click();
  await expect(nameOf(other)).toHaveValue('Gil');
  await elsewhere.close();
});

test('a link to go on that lost its end says so, and the form goes on without it @long', async ({
  page,
  browser,
  site,
}) => {
  await publish(site, 'shift', SHIFT, 'Cebu');
  await openForm(page, '/shift');
  await nameOf(page).fill('Nena');
  await cityOf(page).selectOption('cebu');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  for (const cut of [link.slice(0, -1), link.replace(/[.][^.]*$/, ''), link.replace(/=.{4}/, '=')]) {
    await other.goto('about:blank');
    await openForm(other, cut);
    await expect(other.getByRole('alert').filter({ hasText: 'This link is not complete.' })).toBeVisible();
    expect(other.url()).not.toContain('resume');
  }
  await nameOf(other).fill('Nora');
  await other.goto('about:blank');
  // As in a sentence.
  await openLink(other, `${link}.`);
  await expect(heading(other, 'When?')).toBeVisible();
  await elsewhere.close();
});

test('a link to go on passes through the password of a form, a wrong one included @long', async ({
  page,
  browser,
  site,
}) => {
  await publish(site, 'locked', `${SHIFT}password: open sesame\n`, 'password');
  const enterPassword = async (on: Page, password: string) => {
    await on.getByLabel('Password').fill(password);
    await button(on, 'Continue').click();
  };
  await page.goto('/locked');
  await enterPassword(page, 'open sesame');
  await nameOf(page).fill('Fe');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await other.goto(link);
  await enterPassword(other, 'close sesame');
  await expect(other.getByRole('alert')).toContainText('This password is wrong.');
  await enterPassword(other, 'open sesame');
  await button(other, 'Yes, continue').click();
  await expect(heading(other, 'When?')).toBeVisible();
  expect(other.url()).not.toContain('resume');
  await button(other, 'Back').click();
  await expect(nameOf(other)).toHaveValue('Fe');
  await elsewhere.close();
});

test('a person whose password is over reads so as often as they send the form', async ({ page, context, site }) => {
  await page.clock.install();
  await publish(site, 'lapsed', `${SHIFT}review: true\npassword: open sesame\n`, 'password');
  await page.goto('/lapsed');
  await page.getByLabel('Password').fill('open sesame');
  await button(page, 'Continue').click();
  await context.clearCookies();
  await nameOf(page).fill('Fe');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  await page.getByRole('textbox', { name: 'Nights a week' }).fill('3');
  await button(page, 'Continue').click();
  const status = page.locator('#status');
  await expect(status).toContainText('This form has a password.');
  await button(page, 'Send').click();
  await expect(button(page, 'Send')).toBeEnabled();
  await page.clock.runFor(10_000);
  await expect(status).toContainText('This form has a password.');
});

test('the panel of “Finish later” does not call the answers of a further screen kept while they wait', async ({
  page,
  context,
}) => {
  await openForm(page, '/wish');
  await nameOf(page).fill('Fe');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  const nights = page.getByRole('textbox', { name: 'Nights a week' });
  await nights.fill('3');
  await linkToFinishLater(page);
  const panel = page.locator('#later');
  await expect(panel).toContainText('Your answers are kept.');
  // The page looks again, and leaves a text alone that stays the same. The person may have selected it.
  const text = await panel
    .locator('p')
    .first()
    .evaluateHandle((about) => about.firstChild as Node);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  expect(await text.evaluate((node) => node.isConnected)).toBe(true);
  // The browser may have translated it.
  await text.evaluate(async (node) => {
    node.textContent = 'Your answers, translated.';
    dispatchEvent(new Event('online'));
    await new Promise((later) => setTimeout(later, 50));
  });
  await expect(panel).toContainText('Your answers, translated.');
  await context.setOffline(true);
  await button(page, 'Continue').click();
  await expect(heading(page, 'And then?')).toBeVisible();
  await expect(panel).toContainText('Keep this page open, and we keep trying.');
  await expect(panel).not.toContainText('Your answers are kept.');
  await context.setOffline(false);
  await expect(panel).toContainText('Your answers are kept.');
});

test('another phone without an answer to a link to go on does not call the answers kept on it', async ({
  page,
  browser,
  site,
}) => {
  await openForm(page, '/shift');
  await nameOf(page).fill('Fe');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  const link = await linkToFinishLater(page);
  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await other.route('**/answers', (route) => route.abort());
  await other.goto(link);
  await button(other, 'Yes, continue').click();
  const status = other.locator('#status');
  await expect(status).toContainText('A part of this page did not load. Check your connection, and try again.');
  await expect(status).not.toContainText('kept');
  await expect(button(other, 'This isn’t my phone')).toHaveCount(0);

  await other.unroute('**/answers');
  await other.evaluate(() => dispatchEvent(new Event('online')));
  await expect(heading(other, 'When?')).toBeVisible();
  await expect(status).toHaveText('');
  await elsewhere.close();
});

test('the page of a form that the server does not have yet keeps trying', async ({ page }) => {
  const error = { code: 'unknown_form', message: 'There is no form with this slug.' };
  await page.route('**/submissions', (route) => route.fulfill({ status: 404, json: { error } }));
  await openForm(page, '/shift');
  await nameOf(page).fill('Fe');
  await cityOf(page).selectOption('manila');
  await button(page, 'Continue').click();
  const status = page.locator('#status');
  await expect(status).toContainText('Your answers are kept on this device, and we keep trying.');
  await page.unroute('**/submissions');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(status).toHaveText('Your answers are saved.');
});
