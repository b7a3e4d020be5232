import { driver, tenant } from '../people.ts';
import { someOf } from '../../helpers/run/long.ts';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, QUICK, test } from '../site-test.ts';
import { button, fillScreens, heading, openForm, widgetOn, words } from '../walk.ts';

test.describe('when Smile does not do as hoped', () => {
  let own: RunningSite;
  test.beforeAll(async () => {
    own = await startSite();
  });
  test.beforeEach(() => own.smile({ ...QUICK, tokenLifetimeSeconds: 18_000, fault: null }));
  test.afterAll(() => own.stop());

  test('a token that expires is replaced, and the window opens again by itself', async ({ page }) => {
    await openForm(page, `${own.origin}/tenant-check`);
    await fillScreens(page, tenant.before);
    await own.smile({ tokenLifetimeSeconds: 1 });
    const issued = page.waitForResponse(/link-token/);
    await button(page, words.en.connect).click();
    await issued;
    const again = page.waitForResponse(/link-token/);
    await own.smile({ tokenLifetimeSeconds: 18_000 });
    await again;

    const widget = widgetOn(page);
    await widget.press('Agree and continue');
    await expect(button(widget.dialog, 'ABC Corporation')).toBeVisible();
    const [draft] = await own.submissions('tenant-check');
    const names = async () => (await own.events(draft?.id ?? '')).map(({ name }) => name);
    await expect.poll(names).toContain('onTokenExpired');
    expect((await names()).filter((name) => name === 'linkTokenIssued')).toHaveLength(2);
  });

  for (const [what, fault] of someOf(
    [
      ['is broken', { status: 500 }],
      ['refuses our keys', { status: 401 }],
      ['answers garbage', { status: 200, body: '<html>' }],
    ] as const,
    1,
  )) {
    test(`a person reads that it is down when Smile ${what}, loses nothing, and can try again`, async ({ page }) => {
      await openForm(page, `${own.origin}/gig-driver`);
      await fillScreens(page, driver.before);
      await own.smile({ fault: { path: '/v1/users', ...fault } });
      await button(page, words.en.connect).click();
      await expect(
        page.getByText('We can’t open the sign-in window right now. Wait a moment and try again.'),
      ).toBeVisible();
      await expect(button(page, words.en.without)).toBeVisible();

      await own.smile({ fault: null });
      await button(page, words.en.retry).click();
      await widgetOn(page).press('Agree and continue');
      const [draft] = await own.submissions('gig-driver');
      expect(draft?.answers).toMatchObject({ full_name: 'Ana Reyes' });
    });
  }

  test('Back closes the window, and the person stays on the screen', async ({ page }) => {
    await openForm(page, `${own.origin}/gig-driver`);
    await fillScreens(page, driver.before);
    await button(page, words.en.connect).click();
    await expect(button(widgetOn(page).dialog, 'Agree and continue')).toBeVisible();
    await page.evaluate(() => history.back());
    await expect(widgetOn(page).dialog).toBeHidden();
    await expect(page.getByText('You closed the sign-in window before an account was connected.')).toBeVisible();

    await button(page, words.en.retry).click();
    await expect(button(widgetOn(page).dialog, 'Agree and continue')).toBeVisible();
    const here = page.url();
    await page.evaluate(() => history.back());
    await expect(widgetOn(page).dialog).toBeHidden();
    // The page takes the step back again by itself.
    await expect(page).toHaveURL(here);
    await page.goBack();
    await expect(heading(page, driver.connect)).toBeHidden();
    await page.goForward();
    await expect(heading(page, driver.connect)).toBeVisible();
  });

  test('a window that opens after the person went back does not cover the screen', async ({ page }) => {
    await openForm(page, `${own.origin}/gig-driver`);
    let arrive = () => {};
    const late = new Promise<void>((done) => (arrive = done));
    await page.route(/smile\.v2\.js/, async (route) => late.then(() => route.continue()));
    await fillScreens(page, driver.before);
    const issued = page.waitForResponse(/link-token/);
    await button(page, words.en.connect).click();
    await issued;
    await page.goBack();
    await expect(heading(page, driver.connect)).toBeHidden();
    const arrived = page.waitForResponse(/smile\.v2\.js/);
    arrive();
    await arrived;
    await page.goForward();
    await expect(button(page, words.en.connect)).toBeEnabled();
    await expect(widgetOn(page).dialog).toBeHidden();
  });

  test('a person goes on without connecting, where the form allows it', async ({ page }) => {
    await openForm(page, `${own.origin}/gig-driver`);
    await fillScreens(page, driver.before);
    await own.smile({ fault: { path: '/v1/users', status: 500 } });
    await button(page, words.en.connect).click();
    await button(page, words.en.without).click();
    await expect(heading(page, driver.connect)).toBeHidden();
    const [draft] = await own.submissions('gig-driver');
    const left = (await own.events(draft?.id ?? '')).find(({ name }) => name === 'screenLeft');
    expect(left?.data).toMatchObject({ screen: 'connect', state: 'failed' });
  });
});
