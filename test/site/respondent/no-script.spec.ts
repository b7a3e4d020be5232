/** Forms in a browser without JavaScript. */
import { answersOn, openDashboard, openSubmission } from '../dashboard.ts';
import { driver, shownOf, tenant, type Visit } from '../people.ts';
import { expect, test } from '../site-test.ts';
import {
  button,
  controlOf,
  expectGiven,
  fillScreens,
  give,
  heading,
  openForm,
  openLink,
  referenceOn,
  widgetOn,
  words,
} from '../walk.ts';

test.use({ javaScriptEnabled: false });

/** Carlo rides a bicycle and drives for no app yet, so that no account is asked for. */
const cyclist: Visit[] = driver.before.concat(driver.after).map(({ heading, answers }) => ({
  heading,
  answers: answers
    .filter(({ label }) => !['Plate number', 'Which apps?'].includes(label))
    .map((answer) => {
      const change = { 'What will you drive?': 'Bicycle or e-bike', 'Do you drive or deliver for an app now?': 'No' }[
        answer.label
      ];
      return change ? { ...answer, value: change, shown: change } : answer;
    }),
}));

test('without JavaScript a form is one page, keeps the entered values beside its errors, and is stored', async ({
  page,
  browser,
  site,
}) => {
  await page.goto('/gig-driver');
  // It tells this view apart from others with equal answers.
  expect((await page.context().cookies()).map(({ name }) => name)).toContain('flipsite_view');
  const answers = cyclist.flatMap((visit) => visit.answers);
  const left = ['License number', 'Emergency contact'];
  for (const answer of answers.filter(({ label }) => !left.includes(label))) await give(page, answer);
  await button(page, words.en.send).click();

  await expect(page).toHaveTitle(/^Error: /);
  const summary = page.getByRole('alert');
  await expect(summary.getByRole('heading')).toHaveText('Please check 2 answers');
  await expect(summary).toBeFocused();
  expect(await summary.getByRole('link').allInnerTexts()).toEqual([
    'Enter your license number',
    'Enter your emergency contact',
  ]);
  for (const answer of answers.filter(({ label }) => !left.includes(label))) await expectGiven(page, answer);

  for (const label of left) {
    const answer = answers.find((one) => one.label === label);
    if (!answer) throw new Error(`There is no answer to ${label}.`);
    const control = controlOf(page, answer);
    await expect(control).toHaveAccessibleDescription(/Error: Enter your/);
    await expect(control).toHaveAttribute('aria-invalid', 'true');
    await summary.getByRole('link', { name: `Enter your ${label.toLowerCase()}` }).click();
    await expect(control).toBeInViewport();
    await expect(control).toBeFocused();
    await give(page, answer);
  }
  await button(page, words.en.send).click();
  await expect(heading(page, 'Thank you, Ana Reyes. We have your application')).toBeVisible();
  const reference = await referenceOn(page);

  await page.reload();
  expect(await referenceOn(page)).toBe(reference);

  const services = await openDashboard(browser, site);
  await openSubmission(services, 'Drive with Padyak Express', 'Ana Reyes', reference);
  await expect(services.getByText(`Reference ${reference}`)).toBeVisible();
  expect(await answersOn(services)).toEqual(shownOf(...cyclist));
});

test('in a browser that is too old for the script, a form is one page too', async ({ browser, site }) => {
  const context = await browser.newContext({ baseURL: site.origin, javaScriptEnabled: true });
  await context.addInitScript(() => Reflect.deleteProperty(Array.prototype, 'at'));
  const page = await context.newPage();
  await page.goto('/gig-driver');
  const answers = cyclist.flatMap((visit) => visit.answers);
  for (const answer of answers.filter(({ label }) => label !== 'License number')) await give(page, answer);
  await button(page, words.en.send).click();
  const summary = page.getByRole('alert');
  await expect(summary.getByRole('heading')).toHaveText('Please check 1 answer');
  await summary.getByRole('link', { name: 'Enter your license number' }).click();
  for (const answer of answers.filter(({ label }) => label === 'License number')) await give(page, answer);
  await button(page, words.en.send).click();
  await expect(heading(page, 'Thank you, Ana Reyes. We have your application')).toBeVisible();
  await context.close();
});

test('the script runs in the oldest browsers that do not show one long page', async ({ browser, site }) => {
  const context = await browser.newContext({ baseURL: site.origin, javaScriptEnabled: true });
  // Chrome 92 has `at`, and not this.
  await context.addInitScript(() => Reflect.deleteProperty(Object, 'hasOwn'));
  const page = await context.newPage();
  await openForm(page, '/gig-driver');
  const [first, second] = driver.before;
  await fillScreens(page, first ? [first] : []);
  await expect(heading(page, second?.heading ?? '')).toBeVisible();
  await context.close();
});

test('a form that needs an account is kept without JavaScript, and finished elsewhere through a link @long', async ({
  page,
  browser,
  site,
}) => {
  await page.goto('/tenant-check');
  for (const answer of tenant.before.flatMap((visit) => visit.answers)) await give(page, answer);
  await button(page, words.en.send).click();
  await expect(heading(page, 'You have not finished yet')).toBeVisible();
  const [draft] = await site.submissions('tenant-check');
  expect(draft).toMatchObject({ status: 'draft', reference: null });
  const link = await page.getByRole('link', { name: 'Finish your application' }).getAttribute('href');

  const context = await browser.newContext({ baseURL: site.origin, javaScriptEnabled: true });
  const other = await context.newPage();
  await openLink(other, link ?? '');
  await expect(heading(other, tenant.connect)).toBeVisible();
  expect(other.url()).not.toContain('resume');
  await button(other, words.en.connect).click();
  const widget = widgetOn(other);
  await widget.signInAt('ABC Corporation', '123456');
  await widget.press('Done');
  await button(other, words.en.next).click();
  await expect(heading(other, 'Thank you, Ben Cruz. That is all we need')).toBeVisible();
  await context.close();

  const [submission] = await site.submissions('tenant-check');
  expect(submission).toMatchObject({ id: draft?.id, status: 'submitted', accounts: [{ providerId: 'abccorp' }] });
  await page.reload();
  expect(await referenceOn(page)).toBe(submission?.reference);
});

test('sending the same page twice is one submission @long', async ({ page, site }) => {
  const before = await site.submissions('gig-driver');
  await page.goto('/gig-driver');
  await page.getByRole('radiogroup', { name: 'Are you 21 or older?' }).getByRole('radio', { name: 'No' }).check();
  await page.getByRole('radio', { name: 'Professional', exact: true }).check();
  await page.getByRole('combobox', { name: 'Where do you want to drive?' }).selectOption('Cebu');
  await button(page, words.en.send).dblclick();
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
  const reference = await referenceOn(page);
  await page.goBack();
  await button(page, words.en.send).click();
  await expect(heading(page, 'Not yet, but soon')).toBeVisible();
  expect(await referenceOn(page)).toBe(reference);
  expect(await site.submissions('gig-driver')).toHaveLength(before.length + 1);
  // The next person at the same device is another one.
  const view = async () => (await page.context().cookies()).find(({ name }) => name === 'flipsite_view')?.value;
  const first = await view();
  await page.goto('/gig-driver');
  expect(await view()).not.toBe(first);
});
