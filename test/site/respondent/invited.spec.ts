/** The link of an invitation, as an invited person opens it on a phone. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { openMailServer, type MailServer } from '../../deliver/mail-server.ts';
import { someOf } from '../../helpers/run/long.ts';
import { openTestSite, removeFolder, type TestSite } from '../../helpers/site.ts';
import { INVITING } from '../../invite/forms.ts';
import { eraseInvitation } from '../../../src/record/erasure.ts';
import { createInvitations } from '../../helpers/samples/invitations.ts';
import { expectAccessible } from '../accessible.ts';
import { expect, plainTest as test } from '../site-test.ts';

/** Before an invitation of these tests ends: no email is sent for one that ends before the form opens. */
const IN_THREE_DAYS = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);

let mails: MailServer;
let site: TestSite;
test.beforeAll(async () => {
  mails = await openMailServer();
  site = await openTestSite({
    forms: {
      driver: INVITING,
      invited: `${INVITING}\npassword: letmein`,
      left: INVITING,
      // The fields have other ids than when these people were invited.
      renamed: INVITING.replace('id: full_name, type: text', 'id: name, type: text').replace('id: email', 'id: mail').replace('{ id: sss, type: text, label: { en: SSS number, es: SSS }', '{ id: sss, type: hidden'), // prettier-ignore
      soon: `${INVITING}\nlimits: { opens: ${IN_THREE_DAYS} }`,
    },
    env: { RATE_LIMIT: 'off', SMTP_URL: mails.url, MAIL_FROM: 'forms@acme.example' },
  });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
  await mails.close();
});

/** Invites a person and returns the link in their mail. */
async function invite(email: string, { form = 'driver', language = 'en' } = {}): Promise<string> {
  const prefill = { answers: { full_name: 'Ana Ruiz', email, sss: '34-1' }, params: {} };
  const expiresAt = new Date(Date.now() + 7 * 86_400_000);
  const as = { form, via: 'mail' as const, memberId: 'm', expiresAt };
  await createInvitations(site.db, [{ name: 'Ana Ruiz', email, language, prefill }], as, new Date());
  await expect.poll(() => mails.mails.some(({ to }) => to[0] === email)).toBe(true);
  const mail = mails.mails.find(({ to }) => to[0] === email);
  const path = /http:\/\/localhost:\d+(\/\S+)/.exec(mail?.parsed.text ?? '')?.[1] ?? '';
  return site.origin + path;
}

test('fills in the known answers, sends the token in no address, and is sent once', async ({ page }) => {
  const link = await invite('ana@mail.example');
  const token = link.split('.').at(-1) ?? '';
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'You are invited' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByLabel('Full name')).toHaveValue('Ana Ruiz');
  await expect(page.getByLabel('Email')).toHaveValue('ana@mail.example');
  await expect(page.getByLabel('SSS number')).toHaveValue('34-1');
  expect(asked.filter((url) => url.split('#')[0]?.includes(token))).toEqual([]);
  expect(page.url()).not.toContain(token);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /send/i }).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();

  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'You have sent this form' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeHidden();
});

test('says for whom the link is before its form begins, since a link can be passed on @long', async ({ page }) => {
  const link = await invite('fay@mail.example');
  const said = 'This link is for Ana R. If that’s not you, please don’t continue, because Ana R can see your answers.';
  await page.goto(link);
  await expect(page.getByText(said)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByLabel('Full name')).toHaveValue('Ana Ruiz');

  await page.goto(link);
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
  await expect(page.getByText(said)).toBeVisible();
});

test('opens a form that asks everybody else for its password, and keeps the answers, whatever its link is @long', async ({
  page,
  browser,
}) => {
  await page.goto(await invite('eva@mail.example', { form: 'invited' }));
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByLabel('Full name')).toHaveValue('Ana Ruiz');
  await page.getByLabel('Full name').fill('Eva Ruiz');
  await page.reload();
  await expect(page.getByLabel('Full name')).toHaveValue('Eva Ruiz');
  const stranger = await browser.newPage();
  await stranger.goto(`${site.origin}/invited`);
  await expect(stranger.getByRole('heading', { name: 'This form needs a password' })).toBeVisible();
  // The invited person sees this page too, on another device or on a later day.
  await expect(stranger.getByText('Do you have a personal link? Open it again instead.')).toBeVisible();
  await stranger.getByRole('link', { name: 'Español' }).click();
  await expect(stranger.getByRole('heading', { name: 'Este formulario pide una contraseña' })).toBeVisible();
  await expectAccessible(stranger);
  await stranger.close();
});

test('continues the draft, on another device and in the language of the person', async ({ page, browser }) => {
  const link = await invite('ben@mail.example', { language: 'es' });
  await page.goto(link);
  await page.getByRole('button', { name: 'Empezar' }).click();
  await expect(page.getByRole('heading', { name: 'Sobre ti' })).toBeVisible();
  const other = await browser.newPage();
  await other.goto(link);
  await other.getByRole('button', { name: 'Continuar' }).click();
  await other.getByRole('button', { name: 'Sí, continuar' }).click();
  await expect(other.getByLabel('Nombre')).toHaveValue('Ana Ruiz');
  await other.close();
});

test('keeps what was typed on this device after the last save, when the link is opened again @long', async ({
  page,
  context,
}) => {
  const link = await invite('gia@mail.example');
  await page.goto(link);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Why us?').fill('A long note');
  await page.close();
  const next = await context.newPage();
  await next.goto(link);
  await next.getByRole('button', { name: 'Continue' }).click();
  await expect(next.getByLabel('Why us?')).toHaveValue('A long note');
  await expect(next).not.toHaveURL(/resume/);
});

test('keeps a private answer that it filled in, in another language and when the page is loaded again', async ({
  page,
}) => {
  const link = await invite('ivy@mail.example');
  await page.goto(link);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByLabel('SSS number')).toHaveValue('34-1');
  await page.getByRole('link', { name: 'Español' }).click();
  await expect(page.getByLabel('SSS')).toHaveValue('34-1');
  await page.reload();
  await expect(page.getByLabel('SSS')).toHaveValue('34-1');
});

test('says that it has expired or is over, that it is not whole, and that the server does not answer @long', async ({
  page,
  context,
}) => {
  const late = await invite('cora@mail.example');
  await site.db.query.updateTable('invitations').set({ expires_at: '2026-01-01T00:00:00.000Z' }).where('email', '=', 'cora@mail.example').execute(); // prettier-ignore
  await page.goto(late);
  await expect(page.getByRole('heading', { name: 'This invitation no longer works' })).toBeVisible();
  await expect(page.getByText('Ask Acme Hiring for a new invitation.')).toBeVisible();
  await expect(page.getByText('This link is for')).toBeHidden();
  await expectAccessible(page);
  await page.goto(`${site.origin}/driver/invite/en`);
  await expect(page.getByRole('heading', { name: 'This link is not complete' })).toBeVisible();
  const erased = await invite('eli@mail.example');
  expect(await eraseInvitation(site.db, /#([\w-]+)\./.exec(erased)?.[1] ?? '', new Date())).toBe('erased');
  await page.goto(erased);
  await expect(page.getByText('Ask Acme Hiring for a new invitation.')).toBeVisible();
  await page.goto(await invite('dan@mail.example'));
  await expect(page.getByRole('button', { name: 'Start' })).toBeVisible();
  const noAnswer = page.getByText('This does not work right now.');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(noAnswer).toBeVisible();
  await context.setOffline(false);
  // The phone is online, so nothing says that it is not.
  const busy = '**/api/invitations/*/begin';
  await page.route(busy, (route) => route.fulfill({ status: 429, json: {} }));
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(noAnswer).toBeVisible();
  await page.unroute(busy);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByLabel('Full name')).toHaveValue('Ana Ruiz');
});

test('says when the form opens, and not that the invitation has expired @long', async ({ page }) => {
  await page.goto(await invite('early@mail.example', { form: 'soon' }));
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('This form is not open yet. It opens on')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'You are invited' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeHidden();
});

test('says that the form was removed, and not that the invitation has expired @long', async ({ page }) => {
  const link = await invite('gus@mail.example', { form: 'left', language: 'es' });
  rmSync(join(site.formsDir, 'left.yaml'));
  await expect.poll(async () => (await fetch(`${site.origin}/left`)).status).toBe(410);
  await page.goto(link);
  await page.getByRole('button', { name: 'Empezar' }).click();
  await expect(page.getByText('Este formulario ya no está abierto.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Empezar' })).toBeHidden();
  await expect(page.getByText('invitación ha caducado')).toBeHidden();
});

test('shows a way to the form in a browser that is too old for the script', async ({ page }) => {
  await page.addInitScript(() => delete (Array.prototype as { at?: unknown }).at);
  const link = await invite('old@mail.example');
  await page.goto(link, { waitUntil: 'networkidle' });
  // The form can't continue the invitation that the button begins.
  await expect(page.getByRole('button')).toHaveCount(0);
  await page.goto('about:blank');
  // An older one does not understand the script.
  await page.route('**/assets/invited-*', (route) => route.fulfill({ contentType: 'text/javascript', body: '?' }));
  await page.goto(link);
  await page.getByRole('link', { name: 'Become a driver' }).click();
  await expect(page.getByLabel('Full name')).toBeVisible();
});

test('shows a way to the form without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${site.origin}/driver/invite/en`);
  await page.getByRole('link', { name: 'Become a driver' }).click();
  await expect(page.getByLabel('Full name')).toBeVisible();
  await context.close();
});

for (const isFirst of someOf([true, false], 1))
  test(`asks first where it would replace what was begun on the device, and a tab that sends ${isFirst ? 'before' : 'after'} it keeps its own @long`, async ({
    page,
  }) => {
    const [ben, ina] = [`ben.${isFirst}@mail.example`, `ina.${isFirst}@mail.example`];
    await page.goto(`${site.origin}/driver`);
    await page.getByLabel('Full name').fill('Ben Cruz');
    await page.getByLabel('Email').fill(ben);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByText('Your answers are saved')).toBeVisible();
    await page.getByLabel('Why us?').fill('The reasons of Ben');

    const tab = await page.context().newPage();
    await tab.goto(await invite(ina));
    await tab.getByRole('button', { name: 'Start' }).click();
    await expect(tab.getByText('You have also begun this form here.')).toBeVisible();
    await tab.getByRole('button', { name: 'Yes, continue' }).click();
    await expect(tab.getByLabel('Email')).toHaveValue(ina);

    const send = async (from: Page) => {
      await from.getByRole('button', { name: 'Send' }).click();
      await expect(from.getByRole('heading', { name: 'Thank you' })).toBeVisible();
    };
    await tab.getByRole('button', { name: 'Continue' }).click();
    await expect(tab.getByLabel('Why us?')).toHaveValue('');
    for (const from of isFirst ? [page, tab] : [tab, page]) await send(from);
    const stored = (await site.db.query.selectFrom('submissions').select('answers').orderBy('id').execute()).map((row) => JSON.parse(row.answers) as Record<string, unknown>); // prettier-ignore
    expect(stored.find(({ email }) => email === ben)).toMatchObject({ why: 'The reasons of Ben' });
    expect(stored.find(({ email }) => email === ina)).not.toHaveProperty('why');
  });

test('says that answers are filled in only where some are that the person sees', async ({ page }) => {
  const filledIn = page.getByText('We’ve filled in the answers that we already know.');
  await page.goto(await invite('nia@mail.example', { form: 'renamed' }));
  await expect(page.getByText('This link is for Ana R.')).toBeVisible();
  await expect(filledIn).toBeHidden();
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByLabel('Full name')).toHaveValue('');
  await page.goto(await invite('ned@mail.example'));
  await expect(filledIn).toBeVisible();
});

test('says for whom the link is, and asks no invited person who began the form, after a first request without an answer', async ({
  page,
}) => {
  const link = await invite('gil@mail.example');
  const opening = '**/api/invitations/*/open';
  await page.route(opening, (route) => route.abort());
  await page.goto(link);
  await expect(page.getByRole('button', { name: 'Start' })).toBeVisible();
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('This does not work right now.')).toBeVisible();
  await page.unroute(opening);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('This link is for Ana R.')).toBeVisible();
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByLabel('Full name')).toHaveValue('Ana Ruiz');
});
