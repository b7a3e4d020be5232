/** No answer is lost if the server is killed, the phone is offline, or the person goes back or presses Send twice. */
import type { Page, Response } from 'playwright/test';
import { wordings } from '../../../src/form/wording/wording.ts';
import { someOf } from '../../helpers/run/long.ts';
import { borrower, driver, tenant, type Visit } from '../people.ts';
import { startSite } from '../running-site.ts';
import { expect, QUICK, test } from '../site-test.ts';
import {
  button,
  expectGiven,
  fillAndSend,
  fillScreen,
  fillScreens,
  give,
  heading,
  inHistory,
  openForm,
  referenceOn,
  widgetOn,
  words,
} from '../walk.ts';

const [start, about, work] = driver.before as [Visit, Visit, Visit];

const isSave = (answered: Response) => answered.request().method() === 'PUT' && answered.ok();

/** Fills in a screen, and waits until the server has acknowledged it. */
async function save(page: Page, visit: Visit): Promise<void> {
  const saved = page.waitForResponse(isSave);
  await fillScreen(page, visit);
  await saved;
}

/** Keeps events from reaching the server until the returned function is called. */
async function holdEvents(page: Page): Promise<() => void> {
  let goOn = () => {};
  const held = new Promise<void>((done) => (goOn = done));
  await page.route('**/api/submissions/*/events', async (route) => {
    await held;
    await route.continue();
  });
  return goOn;
}

test('kill -9 between two screens loses nothing that was acknowledged, and reloading resumes @long', async ({
  browser,
}) => {
  // It starts the server five times.
  test.slow();
  const own = await startSite();
  await own.smile(QUICK);
  const context = await browser.newContext({ baseURL: own.origin });
  const page = await context.newPage();
  try {
    await openForm(page, '/gig-driver');
    await save(page, start);
    await save(page, about);
    await own.kill();
    await own.restart();
    await own.smile(QUICK);

    await page.reload();
    await expect(heading(page, work.heading)).toBeVisible();
    const [draft] = await own.submissions('gig-driver');
    expect(draft).toMatchObject({
      status: 'draft',
      answers: { old_enough: true, licence: 'professional', city: 'cebu', full_name: 'Ana Reyes', agree: true },
    });
    await button(page, words.en.back).click();
    for (const answer of about.answers) await expectGiven(page, answer);
    await button(page, words.en.next).click();

    // The next screen is left while nothing answers; it is sent once something does.
    await own.kill();
    await fillScreen(page, work);
    await expect(heading(page, driver.connect)).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: 'We can’t save this right now' })).toBeVisible();
    await own.restart();
    await own.smile(QUICK);
    await expect(page.getByRole('status').filter({ hasText: 'Your answers are saved' })).toBeVisible();

    await button(page, words.en.connect).click();
    const widget = widgetOn(page);
    await widget.signInAt('Grab', '123456');
    await widget.press('Done');
    // Local Smile forgets its accounts when it is killed, so the server has to have asked it before.
    const account = async () => (await own.submissions('gig-driver'))[0]?.accounts[0];
    await expect.poll(account).toMatchObject({ status: 'CONNECTED', confirmed: true });
    await own.kill();
    await own.restart();
    await page.reload();
    await expect(page.getByRole('status').filter({ hasText: 'Your work account is connected' })).toBeVisible();
    await button(page, words.en.next).click();
    await fillAndSend(page, driver.after);
    const reference = await referenceOn(page);
    await own.kill();
    await own.restart();
    const submissions = await own.submissions('gig-driver');
    expect(submissions).toHaveLength(1);
    expect(submissions[0]).toMatchObject({
      id: draft?.id,
      reference,
      status: 'submitted',
      answers: { vehicle: 'motorcycle', platforms: ['grab', 'lalamove'], emergency_name: 'Jun Reyes' },
      accounts: [{ providerId: 'grab', status: 'CONNECTED', confirmed: true }],
    });
  } finally {
    await context.close();
    await own.stop();
  }
});

test('offline answers stay on the phone, and are saved by themselves once it is online', async ({
  page,
  context,
  site,
}) => {
  await openForm(page, '/gig-driver');
  await save(page, start);
  const [draft] = await site.submissions('gig-driver');
  await context.setOffline(true);
  await fillScreen(page, about);
  await expect(heading(page, work.heading)).toBeVisible();
  await expect(page.getByRole('status')).toContainText('You are offline. We will save this as soon as you are back.');
  const saved = page.waitForResponse(isSave);
  await context.setOffline(false);
  await saved;
  await expect(page.getByRole('status')).toContainText('Your answers are saved.');
  const [later] = await site.submissions('gig-driver');
  expect(later).toMatchObject({ id: draft?.id, answers: { full_name: 'Ana Reyes', mobile: '+639171234567' } });
});

/**
 * Lets the site have no scripts of this page any more, as after an update, until the page is loaded again.
 * @param scripts only these
 * @param known ends before the page learns of it
 * @returns how often it was loaded again
 */
async function updateSite(
  page: Page,
  { scripts = '**/assets/*.js*', isForEver = false, known = Promise.resolve() } = {},
): Promise<() => number> {
  let reloads = 0;
  page.on('domcontentloaded', () => reloads++);
  await page.route(scripts, async (route) => {
    if (reloads && !isForEver) return route.continue();
    await known;
    return route.fulfill({ status: 404, json: { error: { code: 'not_found' } } });
  });
  return () => reloads;
}

test('a page that is older than an update of the site loads again by itself, and the form goes on', async ({
  page,
}) => {
  await openForm(page, '/gig-driver');
  // The page asks for the script that saves while the person still fills in the screen, which can take long.
  let learn = () => {};
  const known = new Promise<void>((resolve) => (learn = resolve));
  const reloads = await updateSite(page, { scripts: '**/assets/submission-*.js*', known });
  await fillScreen(page, start);
  learn();
  await expect.poll(reloads).toBe(1);
  await expect(heading(page, about.heading)).toBeVisible();
  await expect(page.getByRole('status')).toContainText('Your answers are saved.');
  await save(page, about);
});

test('a page of a site without its scripts loads again once and not for ever @long', async ({ page }) => {
  await page.clock.install();
  await openForm(page, '/gig-driver');
  const reloads = await updateSite(page, { isForEver: true });
  await fillScreen(page, start);
  await expect.poll(() => page.clock.runFor(1_000).then(reloads)).toBe(1);
  await page.locator('form[data-ready]').waitFor();
  await page.clock.runFor(60_000);
  expect(reloads()).toBe(1);
});

test('a page of which several scripts are gone loads again once and not for ever', async ({ page }) => {
  await openForm(page, '/gig-driver');
  await save(page, start);
  // Saving and the next screen's sign-in window are in two scripts.
  await save(page, about);
  const loads = await updateSite(page, { isForEver: true });
  await page.reload();
  await expect.poll(loads, { timeout: 20_000 }).toBe(2);
  // It would load again after three seconds.
  await page.waitForTimeout(7_000);
  expect(loads()).toBe(2);
});

test('a page whose script does not come does not say that the phone is offline', async ({ page }) => {
  await openForm(page, '/gig-driver');
  await page.route('**/assets/*.js*', (route) => route.fulfill({ status: 503, body: '' }));
  await fillScreen(page, start);
  await expect(page.getByRole('status')).toHaveText(
    'A part of this page did not load. Check your connection, and try again. If you are online, load the page again. You may then have to enter some answers again.',
  );
  await page.unroute('**/assets/*.js*');
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
});

for (const status of someOf([404, 503], 1)) {
  test(`“Finish later” does not say that the phone is offline where the site answers ${status}`, async ({ page }) => {
    await openForm(page, '/gig-driver');
    await page.route('**/assets/resume-link-*.js*', (route) => route.fulfill({ status, body: '' }));
    await save(page, start);
    await button(page, 'Finish later').click();
    await expect(page.getByRole('status')).toHaveText(wordings.en.page.notLoaded);
    await page.unroute('**/assets/resume-link-*.js*');
    await button(page, 'Finish later').click();
    await expect(page.getByRole('textbox', { name: 'Copy the link' })).toBeVisible();
  });
}

test('the time that a person took without a network counts after a reload too @long', async ({ page }) => {
  await openForm(page, '/gig-driver');
  await page.route('**/api/**', (route) => route.abort());
  await fillScreen(page, start);
  await expect(page.getByRole('status')).not.toBeEmpty();
  // Ten minutes later.
  await page.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() + 600_000;
  });
  await page.reload();
  await expect(heading(page, about.heading)).toBeVisible();
  await page.unroute('**/api/**');
  await button(page, words.en.back).click();
  await page.getByRole('radio', { name: 'None yet' }).check();
  const submit = page.waitForRequest('**/api/submissions/*/submit');
  await button(page, words.en.send).click();
  const { openMs } = (await submit).postDataJSON() as { openMs: number };
  expect(openMs).toBeGreaterThanOrEqual(600_000);
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
});

test('a form that was opened before the phone knew the date is sent @long', async ({ page }) => {
  await page.clock.setFixedTime('1970-01-02');
  await openForm(page, '/gig-driver');
  await save(page, start);
  await page.clock.setFixedTime(new Date());
  await button(page, words.en.back).click();
  await page.getByRole('radio', { name: 'None yet' }).check();
  const submit = page.waitForRequest('**/api/submissions/*/submit');
  await button(page, words.en.send).click();
  const { openMs } = (await submit).postDataJSON() as { openMs: number };
  expect(openMs).toBeGreaterThan(1e12);
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
});

test('an answer given while another request is on its way is saved too @long', async ({ page }) => {
  const goOn = await holdEvents(page);
  await openForm(page, '/gig-driver');
  const telling = page.waitForRequest('**/api/submissions/*/events');
  await save(page, start);
  await telling;
  // Saves do not wait for events, so this one can be answered at once.
  const saved = page.waitForResponse(isSave);
  await fillScreen(page, about);
  await expect(heading(page, work.heading)).toBeVisible();
  goOn();
  await saved;
});

test('Send works while another request is on its way', async ({ page }) => {
  const goOn = await holdEvents(page);
  await openForm(page, '/gig-driver');
  const telling = page.waitForRequest('**/api/submissions/*/events');
  await save(page, start);
  await telling;
  await button(page, words.en.back).click();
  await page.getByRole('radio', { name: 'None yet' }).check();
  await button(page, words.en.send).click();
  goOn();
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
});

test('Send says that the phone is offline, and sends by itself once it is online', async ({ page, context }) => {
  await openForm(page, '/gig-driver');
  await save(page, start);
  await button(page, words.en.back).click();
  await page.getByRole('radio', { name: 'None yet' }).check();
  await context.setOffline(true);
  await button(page, words.en.send).click();
  await expect(page.getByRole('status').filter({ hasText: 'You are offline' })).toBeVisible();
  await expect(button(page, words.en.send)).toBeDisabled();
  await context.setOffline(false);
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
});

test('a Wink screen that is reached offline can be used as soon as the phone is online @long', async ({
  page,
  context,
}) => {
  await openForm(page, '/gig-driver');
  await save(page, start);
  await context.setOffline(true);
  await fillScreen(page, about);
  await fillScreen(page, work);
  await expect(heading(page, driver.connect)).toBeVisible();
  await context.setOffline(false);
  await button(page, words.en.connect).click();
  await expect(button(widgetOn(page).dialog, 'Agree and continue')).toBeVisible();
});

test('reports of the widget until the tab was closed are in the record, and the form continues on return', async ({
  page,
  context,
  site,
}) => {
  await openForm(page, '/tenant-check');
  await fillScreens(page, tenant.before);
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.press('Agree and continue');
  await widget.press('ABC Corporation');
  await expect(widget.dialog.getByLabel('User name')).toBeVisible();
  await page.close({ runBeforeUnload: true });

  const [draft] = await site.submissions('tenant-check');
  const told = async () =>
    (await site.events(draft?.id ?? '')).flatMap(({ source, data }) => (source === 'widget' ? data['eventName'] : []));
  await expect.poll(told).toEqual(['ConsentPageOpened', 'ProviderListPageOpened', 'LoginPageOpened']);

  const again = await context.newPage();
  await openForm(again, '/tenant-check');
  await expect(heading(again, tenant.connect)).toBeVisible();
  await expect(button(again, words.en.connect)).toBeEnabled();
});

test('callbacks that could not be sent are sent when the person returns @long', async ({ page, context, site }) => {
  await openForm(page, '/tenant-check');
  await fillScreens(page, tenant.before);
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.press('Agree and continue');
  await expect(widget.dialog.getByLabel('Search')).toBeVisible();
  await context.route('**/api/submissions/*/events', (route) => route.abort());
  await widget.press('Close');
  await expect(page.getByRole('alert')).toContainText('You closed the sign-in window');
  await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
  await context.unroute('**/api/submissions/*/events');

  const again = await context.newPage();
  await openForm(again, '/tenant-check');
  const [draft] = await site.submissions('tenant-check');
  const told = async () =>
    (await site.events(draft?.id ?? '')).filter(({ source }) => source === 'widget').map(({ name }) => name);
  await expect.poll(told).toEqual(['onUIEvent', 'onUIEvent', 'onClose']);
});

test('back and forward of the browser walk the screens with their answers, and an answer can be changed', async ({
  page,
  site,
}) => {
  await openForm(page, '/gig-driver');
  await save(page, start);
  await save(page, about);
  await expect(heading(page, work.heading)).toBeVisible();
  await inHistory(page);
  await page.goBack();
  await expect(heading(page, about.heading)).toBeVisible();
  for (const answer of about.answers) await expectGiven(page, answer);
  await page.goBack();
  await expect(heading(page, start.heading)).toBeVisible();
  for (const answer of start.answers) await expectGiven(page, answer);
  await page.goForward();
  await expect(heading(page, about.heading)).toBeVisible();
  await page.goForward();
  await expect(heading(page, work.heading)).toBeVisible();

  await button(page, words.en.back).click();
  await page.getByRole('textbox', { name: 'Full name' }).fill('Ana Maria Reyes');
  const saved = page.waitForResponse(isSave);
  await button(page, words.en.next).click();
  await saved;
  const [draft] = await site.submissions('gig-driver');
  expect(draft?.answers).toMatchObject({ full_name: 'Ana Maria Reyes', city: 'cebu' });
});

test('an answer that leads elsewhere takes the later screens off the way @long', async ({ page, site }) => {
  await openForm(page, '/prestamo-nomina');
  await fillScreens(page, borrower.before.slice(0, 2), words.es);
  await inHistory(page);
  await page.goBack();
  await page.goBack();
  await expect(heading(page, 'Tu trabajo')).toBeVisible();
  await page.getByRole('radio', { name: 'Trabajo por mi cuenta' }).check();
  await expect(page.getByRole('textbox', { name: 'Empresa donde trabajas' })).toBeHidden();
  await button(page, words.es.send).click();
  await expect(heading(page, 'Por ahora no podemos ofrecerte este préstamo')).toBeVisible();
  const [submission] = await site.submissions('prestamo-nomina');
  expect(submission).toMatchObject({ status: 'submitted', answers: { situacion: 'independiente' } });
});

test('back after sending shows the reference, and sends nothing twice', async ({ page, site }) => {
  await openForm(page, '/tenant-check');
  await fillScreens(page, tenant.before);
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('ABC Corporation', '123456');
  await widget.press('Done');
  await button(page, words.en.next).click();
  const reference = await referenceOn(page);
  const before = await site.submissions('tenant-check');
  await page.goBack();
  expect(await referenceOn(page)).toBe(reference);
  await page.goForward();
  await page.reload();
  expect(await referenceOn(page)).toBe(reference);
  await page.goto('/gig-driver');
  await page.goBack();
  expect(await referenceOn(page)).toBe(reference);
  const after = await site.submissions('tenant-check');
  expect(after).toEqual(before);
  const events = await site.events(after[0]?.id ?? '');
  expect(events.filter(({ name }) => name === 'submitted')).toHaveLength(1);
});

test('a double click on Send makes one submission', async ({ page, site }) => {
  const before = await site.submissions('gig-driver');
  await openForm(page, '/gig-driver');
  for (const answer of start.answers) await give(page, answer);
  await page.getByRole('radio', { name: 'None yet' }).check();
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') sent.push(new URL(request.url()).pathname.split('/').at(-1) ?? '');
  });
  await button(page, words.en.send).dblclick();
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
  const after = await site.submissions('gig-driver');
  expect(after).toHaveLength(before.length + 1);
  const events = await site.events(after[0]?.id ?? '');
  expect(events.filter(({ name }) => name === 'submitted')).toHaveLength(1);
  expect(events.filter(({ name }) => name === 'answersSaved')).toHaveLength(1);
});

test('after sending, the person can fill in the form again @long', async ({ page, site }) => {
  await openForm(page, '/gig-driver');
  await page.getByRole('radiogroup', { name: 'Are you 21 or older?' }).getByRole('radio', { name: 'No' }).check();
  await page.getByRole('radio', { name: 'Professional', exact: true }).check();
  await page.getByRole('combobox', { name: 'Where do you want to drive?' }).selectOption('Cebu');
  await button(page, words.en.send).click();
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
  await button(page, 'Fill in this form again').click();
  await expect(heading(page, start.heading)).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Professional', exact: true })).not.toBeChecked();
  await save(page, start);
  expect((await site.submissions('gig-driver'))[0]).toMatchObject({ status: 'draft' });
});
