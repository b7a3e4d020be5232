/** People fill in the example forms, connect a work account, and appear in the dashboard. */
import { answersOn, callbacksOn, expectCallbacks, openDashboard, openSubmission, expectWebhooks } from './dashboard.ts';
import { borrower, driver, shownOf, tenant } from './people.ts';
import { expect, test } from './site-test.ts';
import { button, fillAndSend, fillScreens, heading, openForm, referenceOn, widgetOn, words } from './walk.ts';

test('a driver connects with a verification code, and every answer, callback and webhook is in the dashboard', async ({
  page,
  browser,
  site,
}) => {
  await openForm(page, '/gig-driver?referral_code=R76&referral_code=R77&utm_source=facebook&unknown=1');
  await fillScreens(page, driver.before);
  await expect(heading(page, driver.connect)).toBeVisible();
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('Upwork', '123456');
  await widget.verify('1234');
  await widget.press('Done');
  await expect(page.getByRole('status').filter({ hasText: 'Your work account is connected' })).toBeVisible();
  await button(page, words.en.next).click();
  await fillAndSend(page, driver.after);
  await expect(heading(page, 'Thank you, Ana Reyes. We have your application')).toBeVisible();
  const reference = await referenceOn(page);

  const services = await openDashboard(browser, site);
  await openSubmission(services, 'Drive with Padyak Express', driver.name, reference);
  await expect(services.getByText(`Reference ${reference}`)).toBeVisible();
  await expect(services.getByText('Submitted', { exact: true })).toBeVisible();
  expect(await answersOn(services)).toEqual(shownOf(...driver.before, ...driver.after));
  const came = services.getByRole('region', { name: 'Where they came from' });
  expect(await came.getByRole('term').allInnerTexts()).toEqual(['referral_code', 'Source']);
  expect(await came.getByRole('definition').allInnerTexts()).toEqual(['R77', 'facebook']);
  await expectCallbacks(services, [
    'ConsentPageOpened',
    'ProviderListPageOpened',
    'LoginPageOpened',
    'onAccountCreated',
    'MfaPageOpened',
    'ConnectSuccessPageOpened',
    'onAccountConnected',
    'onClose',
  ]);
  const account = services.getByRole('region', { name: 'Work accounts' });
  await expect(account).toContainText('upwork');
  await expect(account).toContainText('Confirmed by Smile');
  await expectWebhooks(services, ['IDENTITY_ADDED', 'TRANSACTIONS_ADDED', 'RATING_ADDED', 'DOCUMENTS_ADDED']);
});

test('a borrower writes in Spanish, mistypes the password once, and connects at the second try @long', async ({
  page,
  browser,
  site,
}) => {
  const say = words.es;
  await openForm(page, '/prestamo-nomina');
  await fillScreens(page, borrower.before, say);
  await expect(heading(page, borrower.connect)).toBeVisible();
  await button(page, say.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('Mensajería Azteca', 'wrong');
  await expect(widget.dialog.getByRole('alert')).toContainText('did not accept the user name or password');
  await widget.press('Try again');
  await widget.signIn('123456');
  await widget.press('Done');
  await expect(page.getByRole('status').filter({ hasText: 'Tu cuenta de trabajo está conectada' })).toBeVisible();
  await button(page, say.next).click();
  await expect(heading(page, 'Gracias, Ana Hernández García. Recibimos tu solicitud')).toBeVisible();
  const reference = await referenceOn(page, say);

  const services = await openDashboard(browser, site);
  await openSubmission(services, 'Préstamo de nómina', borrower.name, reference);
  await expect(services.getByText(`Reference ${reference}`)).toBeVisible();
  expect(await answersOn(services)).toEqual(shownOf(...borrower.before));
  await expectCallbacks(services, [
    'ConsentPageOpened',
    'ProviderListPageOpened',
    'LoginPageOpened',
    'onAccountCreated',
    'onAccountError',
    'LoginPageOpened',
    'ConnectSuccessPageOpened',
    'onAccountConnected',
    'onClose',
  ]);
  await expectWebhooks(services, ['IDENTITY_ADDED', 'TRANSACTIONS_ADDED', 'RATING_ADDED'], ['ACCOUNT_FAILED']);
});

test('a tenant closes the widget, opens it again and connects @long', async ({ page, browser, site }) => {
  await openForm(page, '/tenant-check');
  await fillScreens(page, tenant.before);
  await expect(heading(page, tenant.connect)).toBeVisible();
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.press('Agree and continue');
  await widget.press('Close');
  await expect(page.getByRole('alert')).toContainText('You closed the sign-in window before an account was connected');
  await button(page, words.en.retry).click();
  await widget.signInAt('ABC Corporation', '123456');
  await widget.press('Done');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Thank you, Ben Cruz. That is all we need')).toBeVisible();
  const reference = await referenceOn(page);

  const services = await openDashboard(browser, site);
  await openSubmission(services, 'Tenant check', tenant.name, reference);
  expect(await answersOn(services)).toEqual(shownOf(...tenant.before));
  await expectCallbacks(services, [
    'ConsentPageOpened',
    'ProviderListPageOpened',
    'onClose',
    'ConsentPageOpened',
    'ProviderListPageOpened',
    'LoginPageOpened',
    'onAccountCreated',
    'ConnectSuccessPageOpened',
    'onAccountConnected',
    'onClose',
  ]);
  await expectWebhooks(services, ['IDENTITY_ADDED', 'EMPLOYMENTS_ADDED', 'INCOMES_ADDED', 'DOCUMENTS_ADDED']);
});

test('a borrower whose account does not connect copies the payslip instead @long', async ({ page, browser, site }) => {
  const say = words.es;
  await openForm(page, '/prestamo-nomina');
  await fillScreens(page, borrower.before, say);
  await button(page, say.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('Mensajería Azteca', 'wrong');
  await widget.press('Exit');
  await expect(page.getByRole('alert')).toContainText('no aceptó el usuario o la contraseña');
  await button(page, say.without).click();
  await fillAndSend(page, borrower.without, say);
  await expect(heading(page, 'Gracias, Ana Hernández García. Vamos a revisar tu solicitud')).toBeVisible();
  const reference = await referenceOn(page, say);

  const services = await openDashboard(browser, site);
  await openSubmission(services, 'Préstamo de nómina', borrower.name, reference);
  expect(await answersOn(services)).toEqual(shownOf(...borrower.before, ...borrower.without));
  expect((await callbacksOn(services)).slice(-3)).toEqual(['onAccountCreated', 'onAccountError', 'onClose']);
});

test('a borrower without work learns so at once, and only that answer is kept', async ({ page, site }) => {
  await openForm(page, '/prestamo-nomina');
  await page.getByRole('radio', { name: 'Ahora no tengo trabajo' }).check();
  await button(page, words.es.send).click();
  await expect(heading(page, 'Por ahora no podemos ofrecerte este préstamo')).toBeVisible();
  const [submission] = await site.submissions('prestamo-nomina');
  expect(submission).toMatchObject({ status: 'submitted', answers: { situacion: 'sin_empleo' }, accounts: [] });
  expect(Object.keys(submission?.answers ?? {})).toEqual(['situacion']);
});

test('the form in its other language is the same form @long', async ({ page }) => {
  await openForm(page, '/prestamo-nomina');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(heading(page, 'Your work')).toBeVisible();
  await page.getByRole('radio', { name: 'I have no work right now' }).check();
  await button(page, words.en.send).click();
  await expect(heading(page, "We can't offer you this loan for now")).toBeVisible();
});
