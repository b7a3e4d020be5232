/** Previews in a browser: a draft is tried on a phone, with local Smile, and follows each change. Nothing of it reaches the form. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright/test';
import { previewExpiry, signPreview, type PreviewKind } from '../../../src/publish/previews/preview-token.ts';
import { findDraft, saveDraft } from '../../../src/record/forms/drafts.ts';
import { previewGeneration } from '../../../src/record/forms/preview-generations.ts';
import { setManagedIn } from '../../../src/record/forms/form-states.ts';
import { someOf } from '../../helpers/run/long.ts';
import { API_KEY, openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { DARK, expectAccessible } from '../accessible.ts';
import { signIn } from '../dashboard.ts';
import { expectReachable } from '../keyboard.ts';
import { expect, plainTest as test } from '../site-test.ts';
import { button, heading, inHistory, openForm, referenceOn, widgetOn, words } from '../walk.ts';

const RIDER = `
title: { en: Rider, es: Repartidor }
languages: [en, es]
password: open sesame
notify: [{ email: ops@acme.example }]
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: full_name, type: text, label: { en: Full name, es: Nombre completo }, required: true }
  - id: connect
    title: { en: Your account, es: Tu cuenta }
    wink: { require: connected }
  - id: last
    title: { en: One more, es: Una cosa más }
    fields:
      - { id: note, type: text, label: { en: Note, es: Nota } }
endings:
  - { id: done, title: { en: 'Thank you, {full_name}', es: 'Gracias, {full_name}' } }
`;

const key = randomBytes(32);
/** Smile itself: a form that is previewed must never call it. */
let smile: Server;
let calls: string[];
let site: TestSite;
let revision = 0;

test.beforeAll(async () => {
  calls = [];
  smile = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  await new Promise<void>((listening) => smile.listen(0, '127.0.0.1', listening));
  const host = `http://127.0.0.1:${(smile.address() as AddressInfo).port}`;
  const env = { API_KEY: 'real-key', API_SECRET: 'real-secret', OPEN_API_HOST: host, RATE_LIMIT: 'off' };
  site = await openTestSite({ forms: {}, env, key });
  await setManagedIn(site.db, 'rider', 'dashboard', new Date());
  await save(RIDER);
});
test.afterAll(async () => {
  await site.close();
  smile.closeAllConnections();
  smile.close();
  removeFolder(site.folder);
});

/** Saves the draft as the editor does. */
async function save(text: string): Promise<void> {
  const saved = await saveDraft(site.db, { form: 'rider', text, title: 'Rider' }, revision, new Date());
  expect(saved.saved).toBe(true);
  revision++;
}

function pathOf(kind: PreviewKind = 'phone', generation = 1): string {
  const expiresAt = previewExpiry(kind, new Date());
  return `${site.origin}/preview/${signPreview([key], { form: 'rider', kind, generation, expiresAt })}`;
}

for (const language of someOf(['en', 'es'] as const, 1)) {
  test(`a draft with a sign-in window is filled in to its end on a phone, in ${language}, and nothing of it is stored with real answers`, async ({
    page,
  }) => {
    const say = words[language];
    await openForm(page, `${pathOf()}/rider/${language}`);
    await expect(page.getByText('Preview. Nothing is counted.')).toBeVisible();
    await expectAccessible(page, 'of a preview', DARK);
    await page.getByRole('textbox').first().fill('Ana');
    await button(page, say.next).click();
    await button(page, say.connect).click();
    const widget = widgetOn(page);
    await widget.signInAt('Grab', '123456');
    await widget.press('Done');
    await button(page, say.next).click();
    await expect(heading(page, language === 'en' ? 'One more' : 'Una cosa más')).toBeVisible();
    await button(page, say.send).click();
    await expect(heading(page, language === 'en' ? 'Thank you, Ana' : 'Gracias, Ana')).toBeVisible();
    expect(await referenceOn(page, say)).not.toBe('');

    expect(calls.filter((call) => call.includes('users'))).toEqual([]);
    for (const table of ['submissions', 'events', 'accounts', 'deliveries', 'tallies', 'files'] as const)
      expect(await site.db.query.selectFrom(table).selectAll().execute(), table).toEqual([]);
    const listed = await fetch(`${site.origin}/api/forms/rider/submissions`, { headers: { authorization: `Bearer ${API_KEY}` } }); // prettier-ignore
    expect(listed.status).toBe(404);
  });
}

test('an open preview shows each change of the draft, and keeps the answers and the screen', async ({ page }) => {
  await openForm(page, `${pathOf()}/rider`);
  await page.getByLabel('Full name').fill('Ana');
  await save(RIDER.replace('Full name', 'Your name'));
  await expect(page.getByLabel('Your name')).toHaveValue('Ana');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Your account')).toBeVisible();
  await save(RIDER.replace('Your account', 'Work account'));
  await expect(heading(page, 'Work account')).toBeVisible();
  await save(RIDER.replace('id: about', 'id: about: about'));
  await expect(page.getByText('The newest change has an error.')).toBeVisible();
  await expect(heading(page, 'Work account')).toBeVisible();
  await save(RIDER);
  await expect(page.getByText('The newest change has an error.')).toBeHidden();
  await button(page, 'Start again').click();
  await expect(page.getByLabel('Full name')).toHaveValue('');
});

test('an open preview that asked too often waits as long as it is told, and then shows the changes @long', async ({
  page,
}) => {
  await save(RIDER);
  let second = 0;
  const askedAt: number[] = [];
  await page.route('**/-/state/**', (route) => {
    if (askedAt.push(second) > 2) return route.continue();
    return route.fulfill({ status: 429, headers: { 'retry-after': '40' }, json: { error: { code: 'rate_limited' } } });
  });
  await page.clock.install();
  await openForm(page, `${pathOf()}/rider`);
  await save(RIDER.replace('Full name', 'Your name'));
  for (; askedAt.length < 3; second++) await page.clock.runFor(1_000);
  const waits = askedAt.slice(1).map((at, n) => at - (askedAt[n] ?? 0));
  for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(39);
  await expect(page.getByLabel('Your name')).toBeVisible();
  await expect(page.getByText('This preview has ended')).toBeHidden();
});

test('an open preview takes the texts of a changed screen without loading its page again @long', async ({ page }) => {
  await save(RIDER);
  await openForm(page, `${pathOf()}/rider`);
  await page.getByLabel('Full name').fill('Ana');
  const isKept = await page.evaluateHandle(() => ({ page: document }));
  await save(RIDER.replace('Full name', 'Your name').replace('Thank you,', 'Bye,').replace('One more', 'The last one'));
  await expect(page.getByLabel('Your name')).toHaveValue('Ana');
  // The error has the new text too.
  await page.getByLabel('Your name').fill('');
  await button(page, words.en.next).click();
  await expect(page.getByText('Error: Enter your name')).toBeVisible();
  await page.getByLabel('Your name').fill('Ana');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Your account')).toBeVisible();
  expect(await isKept.evaluate((kept) => kept.page === document)).toBe(true);
  // A reload continues in the newest version, as its answers do.
  await inHistory(page);
  await page.reload();
  await expect(heading(page, 'Your account')).toBeVisible();
});

test('an open preview that hears of many changes asks for one after another, and is not loaded again @long', async ({
  page,
}) => {
  await save(RIDER);
  await openForm(page, `${pathOf()}/rider`);
  const isKept = await page.evaluateHandle(() => ({ page: document }));
  const { promise: isTold, resolve: answerAll } = Promise.withResolvers<void>();
  const answers: Promise<unknown>[] = [];
  await page.route('**/-/state/**', async (route) => {
    const answer = route.fetch();
    answers.push(answer);
    const response = await answer;
    await isTold;
    await route.fulfill({ response });
  });
  for (const name of ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth']) {
    await save(RIDER.replace('Full name', `${name} name`));
    await page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));
    await expect.poll(() => answers.length).toBeGreaterThan(0);
    await Promise.all(answers);
  }
  answerAll();
  await expect(page.getByLabel('Sixth name')).toBeVisible();
  expect(await isKept.evaluate((kept) => kept.page === document)).toBe(true);
});

test('each of two open previews keeps its own answers through a change of the draft @long', async ({
  page,
  context,
}) => {
  await save(RIDER);
  const path = pathOf();
  await openForm(page, `${path}/rider`);
  const other = await context.newPage();
  await openForm(other, `${path}/rider`);
  await inHistory(other);
  await page.getByLabel('Full name').fill('Ana');
  await other.getByLabel('Full name').fill('Ben');
  await button(other, words.en.next).click();
  await expect(button(other, 'Finish later')).toBeVisible();
  await save(RIDER.replace('Your account', 'Work account'));
  await expect(heading(other, 'Work account')).toBeVisible();
  await button(other, words.en.back).click();
  await expect(other.getByLabel('Full name')).toHaveValue('Ben');
  await page.bringToFront();
  await expect(page.getByLabel('Full name')).toHaveValue('Ana');
});

test('answers in a preview are not those of the form, on the same device', async ({ page }) => {
  const text = RIDER.replace('password: open sesame\n', '').replace('wink: { require: connected }', 'text: Nothing');
  await site.catalog.refresh();
  const published = await fetch(`${site.origin}/api/forms/open-rider/source`, {
    method: 'PUT',
    body: text,
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/yaml', 'if-none-match': '*' },
  });
  expect(published.status).toBe(201);
  const token = signPreview([key], { form: 'open-rider', kind: 'phone', generation: 1, expiresAt: previewExpiry('phone', new Date()) }); // prettier-ignore
  await openForm(page, `${site.origin}/preview/${token}/open-rider`);
  await page.getByLabel('Full name').fill('Test person');
  await openForm(page, `${site.origin}/open-rider`);
  await expect(page.getByLabel('Full name')).toHaveValue('');
  await expect(page.getByText('Preview. Nothing is counted.')).toBeHidden();
});

test('the strip of a preview hides no part of the list of errors', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 400 });
  await openForm(page, pathOf());
  await page.mouse.wheel(0, 2_000);
  await button(page, 'Continue').click();
  const errors = page.getByRole('alert').filter({ hasText: 'Please check 1 answer' });
  await expect(errors).toBeFocused();
  const strip = await page.locator('.preview').boundingBox();
  const bottom = (strip?.y ?? 0) + (strip?.height ?? Infinity);
  await expect.poll(async () => (await errors.boundingBox())?.y).toBeGreaterThanOrEqual(bottom);
});

/** The preview in the dashboard. */
async function openPreviewPage(page: Page): Promise<void> {
  await signIn(page, site.origin, SETUP_CODE);
  await page.getByRole('link', { name: 'Rider' }).first().click();
  await page.getByRole('navigation', { name: 'Form' }).getByRole('link', { name: 'Preview' }).click();
}

test('the page says how colleagues connect an account where the form has a sign-in window @long', async ({ page }) => {
  const link = page.getByRole('region', { name: 'Link for colleagues' });
  await signIn(page, site.origin, SETUP_CODE);
  await save(RIDER);
  await page.goto(`${site.origin}/admin/forms/rider/preview`);
  await expect(link).toContainText(
    'without an account. To connect a work account, they sign in as George with 123456.',
  );
  await save(RIDER.replace('wink: { require: connected }', 'text: Nothing'));
  await page.reload();
  await expect(link).toContainText('without an account.');
  await expect(link).not.toContainText('George');
  await save(RIDER);
});

test('a member sees the preview in the dashboard, in each language and in the dark, and forgets the test answers @long', async ({
  page,
}) => {
  await openPreviewPage(page);
  await expectAccessible(page, 'of the preview page', DARK);
  const frame = page.frameLocator('iframe[title=Preview]');
  await expect(frame.getByRole('heading', { name: 'About you' })).toBeVisible();
  const shown = page.getByRole('navigation', { name: 'Language of the preview' }).locator('[aria-current]');
  await expect(shown).toHaveText('English');
  await page.getByRole('link', { name: 'Español' }).click();
  await expect(frame.getByRole('heading', { name: 'Sobre ti' })).toBeVisible();
  await expect(shown).toHaveText('Español');
  const color = () => frame.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  const light = await color();
  await page.getByLabel('Dark').check();
  await expect.poll(color).not.toBe(light);
  await page.getByLabel('Desktop').check();

  await frame.getByRole('textbox').first().fill('Ana');
  const saved = page.waitForResponse(/\/answers$/);
  await frame.getByRole('button', { name: words.es.next }).click();
  await saved;
  await expect(frame.getByRole('heading', { name: 'Tu cuenta' })).toBeVisible();
  const phone = page.getByRole('region', { name: 'Preview on my phone' });
  await expect(phone).toContainText('A phone cannot open this address.');
  await expect(phone.getByRole('img', { name: 'QR code' })).toHaveCount(0);
  await expect(phone.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Link for colleagues' })).toContainText('works only on this computer');
  const there = await page.request.get(page.url(), { headers: { host: 'flipsite.example' } });
  expect(await there.text()).toContain('aria-label="QR code of the link"');
  await page.reload();
  await expect(page.getByRole('heading', { name: /Test answers: [1-9]/ })).toBeVisible();
  await button(page, 'Delete test answers').click();
  await expect(page.getByRole('heading', { name: 'Test answers: 0' })).toBeVisible();

  const link = await page.getByRole('link', { name: 'Open', exact: true }).getAttribute('href');
  await button(page, 'New link').click();
  await expect(page.getByText('The links from before no longer work.')).toBeVisible();
  await page.goto(link ?? '');
  await expect(heading(page, 'This preview has ended')).toBeVisible();
  await expectAccessible(page, 'of an ended preview', DARK);
});

test('the preview in the editor follows each change, and shows the screen that is open there', async ({ page }) => {
  await save(`brand: { name: Acme }\n${RIDER.trimStart()}`);
  await signIn(page, site.origin, SETUP_CODE);
  await expect(page).toHaveURL(/\/admin$/);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${site.origin}/admin/forms/rider/edit`);
  const frame = page.frameLocator('iframe[title=Preview]');
  await expect(frame.getByRole('heading', { name: 'About you' })).toBeVisible();
  // A click in the frame opens the question here, and its line in the text.
  const panel = page.getByRole('region', { name: 'Edit', exact: true });
  await frame.getByText('Full name').click();
  await expect(panel.getByRole('heading', { name: 'Full name' })).toBeVisible();
  await frame.getByRole('heading', { name: 'About you' }).click();
  await expect(panel.getByRole('heading', { name: 'About you' })).toBeVisible();
  // The editor tells the preview of its own saves. A hidden preview looks for no others.
  await frame.locator('html').evaluate(({ ownerDocument }) => Object.defineProperty(ownerDocument, 'hidden', { value: true, configurable: true })); // prettier-ignore
  await panel.getByLabel('Title (English)', { exact: true }).fill('About me');
  await expect(frame.getByRole('heading', { name: 'About me' })).toBeVisible();
  await page.getByRole('button', { name: 'The form' }).click();
  // The focus stays in the field.
  await panel.getByLabel('Company name').fill('Padyak');
  await expect(frame.getByText('Padyak', { exact: true })).toBeVisible();
  await frame.locator('html').evaluate(({ ownerDocument }) => {
    Reflect.deleteProperty(ownerDocument, 'hidden');
    ownerDocument.dispatchEvent(new Event('visibilitychange'));
  });
  revision = (await findDraft(site.db, 'rider'))?.revision ?? 0;
  await page.getByRole('button', { name: 'One more' }).first().click();
  await button(page, 'Show in the preview').click();
  await expect(frame.getByRole('heading', { name: 'One more' })).toBeVisible();
  await save(RIDER.replace('About you', 'About yourself').replace('One more', 'The last one'));
  // It stays on the screen that the member has jumped to.
  await expect(frame.getByRole('heading', { name: 'The last one' })).toBeVisible();
  await page.getByLabel('Language of the preview').selectOption('es');
  await expect(frame.getByRole('heading', { name: 'Una cosa más' })).toBeVisible();
});

test('a colleague comments on a question and approves the form, and a member marks the comment as done @long', async ({
  page,
  context,
}) => {
  // The member before may have withdrawn the first links.
  const generation = await previewGeneration(site.db, 'rider');
  await openForm(page, `${pathOf('review', generation)}/rider`);
  const opener = button(page, 'Comment');
  const dialog = page.getByRole('dialog', { name: 'Comment' });
  // By keyboard, the dialog has the focus until Escape gives it back.
  await opener.press('Enter');
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  await page.keyboard.press('Enter');
  await expectReachable(page, 'dialog');
  await button(dialog, 'Send comment').press('Enter');
  await expect(dialog.getByText('Enter your name.')).toBeVisible();
  await expect(dialog.getByLabel('Your name')).toBeFocused();
  await expect(dialog.locator('.bad, [aria-invalid]')).toHaveCount(2);
  await dialog.getByLabel('About').selectOption({ label: 'Full name' });
  await dialog.getByLabel('Your name').fill('Ben');
  await dialog.getByRole('textbox', { name: 'Comment' }).fill('Ask for the <b>first</b> name only');
  await expectAccessible(page, 'with comments', DARK);
  // An answer of another server stores nothing.
  await page.route('**/-/comments', (route) => route.fulfill({ contentType: 'text/html', body: '<p>Sign in' }), { times: 1 }); // prettier-ignore
  await button(dialog, 'Send comment').click();
  await expect(dialog.getByText('The server cannot be reached. Try again.')).toBeVisible();
  await button(dialog, 'Send comment').dblclick();
  await expect(dialog.getByRole('status')).toHaveText('Your comment was sent.');
  await expect(dialog.locator('.bad, [aria-invalid]')).toHaveCount(0);
  await expect(dialog.getByRole('listitem')).toContainText('Ask for the <b>first</b> name only');
  await expect(dialog.getByRole('listitem')).toContainText('Full name');
  await button(dialog, 'Approve this form').click();
  await expect(dialog.getByRole('status')).toHaveText('Your approval was sent.');
  await expect(dialog.getByText('Approved')).toBeVisible();

  const member = await context.newPage();
  await signIn(member, site.origin, SETUP_CODE);
  await expect(member).toHaveURL(/\/admin$/);
  await member.setViewportSize({ width: 1280, height: 900 });
  await member.goto(`${site.origin}/admin/forms/rider/edit`);
  await member.getByRole('button', { name: /Full name.*1 comment/ }).click();
  await expect(member.getByRole('region', { name: '1 comment' })).toContainText('Ask for the <b>first</b> name only');
  await expectAccessible(member, 'of a question with a comment', DARK);
  await member.goto(`${site.origin}/admin/forms/rider/preview`);
  await expect(member.getByText('Ben approved this text')).toBeVisible();
  const comment = member.getByRole('listitem').filter({ hasText: 'Ask for the <b>first</b> name only' });
  await expect(comment).toBeVisible();
  // The name and the time are two words.
  await expect(comment).toContainText(/Ben\s+Today/);
  await expectAccessible(member, 'of a preview with comments', DARK);
  await member.goto(`${site.origin}/admin/forms/rider/edit`);
  await member.getByRole('button', { name: /Full name.*1 comment/ }).click();
  const cookies = await context.cookies();
  await context.clearCookies();
  await member.getByRole('button', { name: 'Resolve' }).click();
  await expect(member.getByRole('alert').getByText('Flipsite could not do this.')).toBeVisible();
  await expect(member.getByRole('region', { name: '1 comment' })).toBeVisible();
  await context.addCookies(cookies);
  await member.getByRole('button', { name: 'Resolve' }).click();
  await expect(member.getByText('1 comment')).toHaveCount(0);
  await member.getByRole('link', { name: 'Preview', exact: true }).click();
  await expect(member.getByText('1 resolved')).toBeVisible();
  await expect(member.getByText('Ask for the <b>first</b> name only')).toBeHidden();
});

test('a preview stays as it is while a comment is written, so that no unseen text is approved @long', async ({
  page,
}) => {
  const generation = await previewGeneration(site.db, 'rider');
  revision = (await findDraft(site.db, 'rider'))?.revision ?? 0;
  await save(RIDER);
  await openForm(page, `${pathOf('review', generation)}/rider`);
  await button(page, 'Comment').click();
  const dialog = page.getByRole('dialog', { name: 'Comment' });
  const comment = dialog.getByRole('textbox', { name: 'Comment' });
  await comment.fill('A careful comment');
  await dialog.getByLabel('Your name').fill('Ben');
  // Takes a new page, which would have another screen.
  await save(RIDER.replace('  - id: last', '  - { id: more, title: More, fields: [{ id: pet, type: text, label: Pet }] }\n  - id: last')); // prettier-ignore
  const states = () => page.waitForResponse(/\/-\/state\//);
  await states();
  await states();
  await expect(comment).toHaveValue('A careful comment');
  await button(dialog, 'Approve this form').click();
  await expect(dialog.getByText('The form has changed since this page was loaded.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Step 1 of 4')).toBeVisible();
});
