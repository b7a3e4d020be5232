/** Answers that are too long together: the page says so, keeps them, and the person can shorten them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, test } from '../site-test.ts';
import { button, heading, openForm, words } from '../walk.ts';

/** Each screen fits into a request, and both together do not fit into a submission. */
const FIELDS = 14;
const LENGTH = 10_000;

const fields = (screen: string) =>
  Array.from({ length: FIELDS }, (_, at) => `{ id: ${screen}_${at}, type: textarea, label: ${screen} ${at}, max_length: ${LENGTH}, required: false }`).join(', '); // prettier-ignore

const FORM = `
title: { en: A long story, es: Una historia larga }
languages: [en, es]
screens:
  - { id: first, title: { en: First part, es: Primera parte }, fields: [${fields('first')}] }
  - { id: second, title: { en: Second part, es: Segunda parte }, fields: [${fields('second')}] }
  - { id: third, title: { en: Third part, es: Tercera parte } }
endings: [{ id: done, title: { en: Thank you, es: Gracias } }]
`;

/** With a file, a browser posts each quote as one byte. As JSON it has two characters. */
const QUOTES = `
title: Quotes
screens:
  - { id: first, title: First part, fields: [${fields('first')}, { id: scan, type: file, label: A scan, required: false }] }
endings: [{ id: done, title: Thank you }]
`;

const SHORT = `
title: Short
screens:
  - id: first
    title: First part
    fields: [{ id: account, type: text, label: Account }, { id: code, type: text, label: Code, max_length: 10 }]
  - { id: second, title: Second part }
endings: [{ id: done, title: Thank you }]
`;

let own: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-long-'));
  writeFileSync(path.join(folder, 'story.yaml'), FORM);
  writeFileSync(path.join(folder, 'quotes.yaml'), QUOTES);
  writeFileSync(path.join(folder, 'short.yaml'), SHORT);
  own = await startSite({ FORMS_DIR: folder });
});
test.afterAll(async () => {
  await own.stop();
  rmSync(folder, { recursive: true, force: true });
});

const box = (page: Page, screen: string, at: number) => page.locator(`textarea[name="${screen}_${at}"]`);

async function fill(page: Page, screen: string, letter: string): Promise<void> {
  for (let at = 0; at < FIELDS; at++) await box(page, screen, at).fill(letter.repeat(at === 3 ? LENGTH : LENGTH - 100));
}

const shorten = async (page: Page, screen: string) => {
  for (let at = 3; at < FIELDS; at++) await box(page, screen, at).fill('short');
};

test('the person is led back, sees which answer to shorten, and nothing typed is lost', async ({ page }) => {
  await openForm(page, `${own.origin}/story`);
  await fill(page, 'first', 'a');
  await button(page, words.en.next).click();
  await fill(page, 'second', 'b');
  await button(page, words.en.next).click();
  const error = page.getByText('Your answers are too long to send. Shorten this one.');
  await expect(error.filter({ visible: true }).first()).toBeVisible();
  await expect(heading(page, 'Second part')).toBeVisible();
  await expect(box(page, 'second', 3)).toHaveAttribute('aria-invalid', 'true');
  await expect(box(page, 'second', 3)).toHaveValue('b'.repeat(LENGTH));
  await page.reload();
  await expect(heading(page, 'Second part')).toBeVisible();
  await expect(box(page, 'second', 3)).toHaveValue('b'.repeat(LENGTH));

  await shorten(page, 'second');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Third part')).toBeVisible();
  await button(page, words.en.send).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [stored] = await own.submissions('story');
  expect(stored?.answers).toMatchObject({ first_3: 'a'.repeat(LENGTH), second_3: 'short' });
});

test('a text that is longer than its field takes is never cut, and the person is asked to shorten it', async ({
  page,
}) => {
  await openForm(page, `${own.origin}/short`);
  const [account, code] = [page.getByLabel('Account'), page.getByLabel('Code')];
  await account.focus();
  await page.keyboard.insertText('a'.repeat(300));
  await code.focus();
  await page.keyboard.insertText('12345678901234567890');
  await button(page, words.en.next).click();
  await expect(page.getByText('Shorten this to 200 characters or fewer').filter({ visible: true }).first()).toBeVisible(); // prettier-ignore
  await expect(
    page.getByText('Shorten this to 10 characters or fewer').filter({ visible: true }).first(),
  ).toBeVisible();
  await expect(heading(page, 'First part')).toBeVisible();
  await expect(account).toHaveValue('a'.repeat(300));
  await expect(code).toHaveValue('12345678901234567890');
  await account.fill('a'.repeat(200));
  await code.fill('1234567890');
  await button(page, words.en.next).click();
  await button(page, words.en.send).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await own.submissions('short'))[0]?.answers).toEqual({ account: 'a'.repeat(200), code: '1234567890' });
});

test('a screen that is too long for one request gets the same message, in the language of the person @long', async ({
  page,
}) => {
  await openForm(page, `${own.origin}/story/es`);
  await fill(page, 'first', '字');
  await button(page, words.es.next).click();
  const error = page.getByText('Tus respuestas son demasiado largas para enviarlas. Acorta esta.');
  await expect(error.filter({ visible: true }).first()).toBeVisible();
  await expect(heading(page, 'Primera parte')).toBeVisible();
  await expect(box(page, 'first', 3)).toHaveValue('字'.repeat(LENGTH));
  await shorten(page, 'first');
  await button(page, words.es.next).click();
  await button(page, words.es.next).click();
  await button(page, words.es.send).click();
  await expect(heading(page, 'Gracias')).toBeVisible();
});

test('without JavaScript a page says it, and Back leads to the answers @long', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${own.origin}/story`);
  await fill(page, 'first', 'a');
  await fill(page, 'second', 'b');
  await button(page, words.en.send).click();
  await expect(heading(page, 'This could not be sent')).toBeVisible();
  await expect(page.getByText('shorten long answers')).toBeVisible();
  await page.goBack();
  await expect(box(page, 'second', 3)).toHaveValue('b'.repeat(LENGTH));
  await shorten(page, 'second');
  await button(page, words.en.send).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  await context.close();
});

test('without JavaScript the stored size counts, and not the size of the request @long', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${own.origin}/quotes`);
  await fill(page, 'first', '"');
  await button(page, words.en.send).click();
  await expect(heading(page, 'This could not be sent')).toBeVisible();
  expect(await own.submissions('quotes')).toEqual([]);
  await page.goBack();
  await expect(box(page, 'first', 3)).toHaveValue('"'.repeat(LENGTH));
  await shorten(page, 'first');
  await button(page, words.en.send).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  await context.close();
});
