/** The browser's names of a form for a screen reader, and the effects of large text. */
import type { Page } from 'playwright/test';
import { png } from '../../helpers/samples/files.ts';
import { expectAccessible } from '../accessible.ts';
import { expect, siteWith, test } from '../site-test.ts';
import { button, openForm } from '../walk.ts';

const ASKED = `
title: Asked
screens:
  - id: everything
    title: All that can be required
    fields:
      - { id: name, type: text, label: Name, required: true, help: As on your card }
      - { id: work, type: radio, label: Work, required: true, options: [{ value: a, label: Mornings }, { value: b, label: Night }] }
      - { id: likely, type: scale, label: Likely, required: true, min: 1, max: 5, min_label: Never, max_label: Surely }
      - { id: city, type: select, label: City, required: true, options: [{ value: a, label: Manila }, { value: b, label: Cebu }] }
      - { id: land, type: country, label: Country, required: true }
      - { id: day, type: date, label: Day, required: true }
      - { id: hour, type: time, label: Hour, required: true }
      - { id: paper, type: file, label: Paper, required: true, max_files: 3 }
      - { id: agree, type: consent, label: I agree, required: true }
endings:
  - { id: done, title: Thank you }
`;

const TWO = `
title: Two widgets
screens:
  - id: connect
    title: Connect
    wink:
      - { title: Your employer, retrieve: [incomes] }
      - { title: Your bank, retrieve: [transactions] }
endings:
  - { id: done, title: Thank you }
`;

const CLOSED = `
title: Closed
limits: { closes: 2020-01-01, contact: recruitmentofdriversinmetromanila@padyakexpress.example }
screens:
  - { id: who, title: Who are you?, fields: [{ id: name, type: text, label: Name }] }
endings:
  - { id: done, title: Thank you }
`;
const SHORT = CLOSED.replace(/limits.*/, '');

test.use({ kind: siteWith({ asked: ASKED, two: TWO, closed: CLOSED, short: SHORT }, { RATE_LIMIT: 'off' }) });

interface Told {
  role: string;
  name: string;
  invalid: boolean;
  required: boolean;
  description: string;
}

/** The controls and groups as the browser tells them. */
async function toldOf(page: Page): Promise<Told[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, description, properties = [] }) => {
      const is = (what: string) => /true/.test(String(properties.find((one) => one.name === what)?.value.value));
      return {
        role: String(role?.value),
        name: String(name?.value ?? '').trim(),
        description: String(description?.value ?? ''),
        invalid: is('invalid'),
        required: is('required'),
      };
    });
}

/** Roles of which the browser tells here that they are required; of others the page says it itself, as far as ARIA lets it. */
const REQUIRED = /^(textbox|radiogroup)$/;

test('an untouched field is announced without an error, and a required one as required', async ({ page }) => {
  await openForm(page, '/asked');
  const told = await toldOf(page);
  const names = ['Name', 'Work', 'Likely', 'City', 'Country', 'Day', 'Hour', 'I agree', 'Night'];
  for (const name of names) expect(told.map((one) => one.name)).toContain(name);
  expect(told.filter(({ invalid }) => invalid)).toEqual([]);
  const lacks = told.filter(({ role, name, required }) => names.includes(name) && REQUIRED.test(role) && !required);
  expect(lacks).toEqual([]);
  for (const name of ['City', 'Country', 'Day', 'Hour'])
    await expect(page.getByLabel(name, { exact: true })).toHaveAttribute('aria-required', 'true');
  await expectAccessible(page);
});

test('a wrong field is announced as wrong, and a corrected one is not, with no empty description @long', async ({
  page,
}) => {
  await openForm(page, '/asked');
  await button(page, 'Send').click();
  await expect(page.getByRole('alert')).toBeFocused();
  const wrong = (await toldOf(page)).filter(({ invalid }) => invalid).map(({ role }) => role);
  expect(wrong).toEqual(expect.arrayContaining(['textbox', 'combobox', 'Date', 'InputTime', 'checkbox']));
  await expectAccessible(page, 'with errors');
  await page.getByRole('textbox', { name: 'Name' }).fill('Ana');
  await page.getByRole('radio', { name: 'Night' }).check();
  await page.getByRole('radio', { name: '4' }).check();
  await page.getByRole('combobox', { name: 'City' }).selectOption('Cebu');
  await page.getByLabel('Day', { exact: true }).fill('2030-01-31');
  await page.getByLabel('Hour').fill('08:30');
  await page.getByRole('checkbox', { name: 'I agree' }).check();
  await button(page, 'Send').click();
  await expect(page.locator('.summary').getByRole('link')).toHaveCount(2);
  const now = (await toldOf(page)).filter(({ invalid }) => invalid).map(({ name }) => name);
  for (const name of ['Name', 'Night', 'City', 'Day', 'Hour', 'I agree']) expect(now).not.toContain(name);
  await expect(page.locator('[aria-describedby=""]')).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveAccessibleDescription('As on your card');
});

test('a scale announces its ends, and a field for several files has a plain attribute', async ({ page }) => {
  await openForm(page, '/asked');
  await expect(page.getByRole('radiogroup', { name: 'Likely' })).toHaveAccessibleDescription(/1 – Never\s+5 – Surely/);
  const text = await (await page.request.get('/asked')).text();
  expect(text).not.toContain('multiple="true"');
  expect(await page.locator('input[type=file]').evaluate((input: HTMLInputElement) => input.multiple)).toBe(true);
  expect(text).not.toMatch(/aria-describedby(=""|\s|>)/);
});

test('the buttons of two widgets have names of their own @long', async ({ page }) => {
  await openForm(page, '/two');
  await expect(button(page, 'Connect your work account Your employer')).toBeVisible();
  await expect(button(page, 'Connect your work account Your bank')).toBeVisible();
  await expectAccessible(page);
});

test('at 200 % text the row of a file keeps its words whole, and nothing has to be scrolled to @long', async ({
  page,
}) => {
  await openForm(page, '/asked');
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await page.locator('input[type=file]').setInputFiles({ name: 'certificate-of-employment.png', mimeType: 'image/png', buffer: png() }); // prettier-ignore
  const row = page.locator('.files li');
  await expect(row.locator('input[type=hidden]')).toHaveCount(1);
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/files-200.png`, fullPage: true });
  const [name, all] = await Promise.all([row.locator('[data-file]').boundingBox(), row.boundingBox()]);
  expect(name?.width).toBeGreaterThan((all?.width ?? 0) / 2);
  const inside = await row.evaluate((one) => {
    const box = one.getBoundingClientRect();
    return [...one.querySelectorAll('*')].every((part) => {
      const { left, right, width } = part.getBoundingClientRect();
      return !width || (left >= box.left - 1 && right <= box.right + 1);
    });
  });
  expect(inside).toBe(true);
  await expectAccessible(page, 'at 200 %');
});

test('on a phone with 200 % text, the reference and a long email address need no scrolling to the side', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const sideways = () =>
    page.evaluate(() => {
      const { documentElement: root } = document;
      root.style.fontSize = '200%';
      return root.scrollWidth - root.clientWidth;
    });
  await openForm(page, '/short');
  await button(page, 'Send').click();
  await expect(page.getByText('Keep this reference')).toBeVisible();
  expect(await sideways()).toBe(0);
  await page.goto('/closed');
  expect(await sideways()).toBe(0);
});
