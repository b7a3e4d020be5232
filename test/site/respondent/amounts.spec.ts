/** Amounts as they are typed mean the same in every browser: the table is the one that the server is held to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright/test';
import { languageCodes } from '../../../src/form/wording/wording.ts';
import { formOfAmounts } from '../../helpers/samples/amounts.ts';
import { someOf } from '../../helpers/run/long.ts';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, test } from '../site-test.ts';
import { expectRead, roundsIn, typeAll } from '../typed-amounts.ts';
import { button, openForm } from '../walk.ts';

let site: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-amounts-'));
  for (const language of languageCodes) writeFileSync(path.join(folder, `amounts-${language}.yaml`), formOfAmounts(language)); // prettier-ignore
  writeFileSync(path.join(folder, 'pay.yaml'), PAY);
  site = await startSite({ FORMS_DIR: folder, RATE_LIMIT: 'off' });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PAY = `
title: Pay
languages: [es, id]
review: true
screens:
  - id: one
    title: { es: Tu sueldo, id: Gaji Anda }
    fields:
      - { id: pay, type: money, currency: MXN, label: { es: Sueldo, id: Gaji }, required: true }
      - { id: rupiah, type: money, currency: IDR, label: { es: Rupias, id: Rupiah } }
      - { id: degrees, type: number, min: -30, step: 0.5, label: { es: Grados, id: Derajat } }
      - { id: year, type: computed, value: pay * 12, currency: MXN, label: { es: Al año, id: Setahun } }
      - { id: why, type: text, label: { es: Motivo, id: Alasan }, show_when: { pay: { at_least: 14000 } } }
endings: [{ id: done, title: { es: Listo, id: Selesai } }]
`;

for (const language of someOf(languageCodes, 1)) {
  test(`Chromium reads every spelling of the table as the server does, in ${language}`, async ({ page }) => {
    await openForm(page, `${site.origin}/amounts-${language}`);
    expectRead(language, await page.evaluate(typeAll, JSON.stringify(roundsIn(language))));
  });
}

test('an amount is shown as it was understood, counts at once, is kept, and comes back', async ({ page }) => {
  await openForm(page, `${site.origin}/pay?pay=12000.5`);
  const pay = page.getByRole('textbox', { name: 'Sueldo' });
  await expect(pay).toHaveValue('12,000.50');
  await expect(pay).toHaveAccessibleDescription('$');
  await pay.fill('14500,5');
  await expect(page.getByRole('textbox', { name: 'Motivo' })).toBeVisible();
  await expect(page.getByText('$174,006')).toBeVisible();
  await pay.blur();
  await expect(pay).toHaveValue('14,500.50');

  await page.getByRole('textbox', { name: 'Rupias' }).fill('Rp 1.450.000');
  await page.getByRole('textbox', { name: 'Grados' }).fill('−2,5');
  await button(page, 'Continuar').click();
  await expect(page.getByText('$14,500.50')).toBeVisible();
  await expect(page.getByText('-2.5')).toBeVisible();

  await page.goto(`${site.origin}/pay/id#one`);
  await expect(page.getByRole('textbox', { name: 'Gaji' })).toHaveValue('14.500,50');
  await expect(page.getByRole('textbox', { name: 'Rupiah' })).toHaveValue('1.450.000');
  await expect(page.getByRole('textbox', { name: 'Derajat' })).toHaveValue('-2,5');
});

test('a person who corrects an amount changes its digits alone, wherever they type', async ({ page }) => {
  await openForm(page, `${site.origin}/pay/id`);
  const pay = page.getByRole('textbox', { name: 'Gaji' });
  const rupiah = page.getByRole('textbox', { name: 'Rupiah' });
  /** Types in the field from `at`, and leaves it. */
  const correct = async (control: Locator, at: number, ...keys: string[]) => {
    await control.focus();
    await control.evaluate((input: HTMLInputElement, caret) => input.setSelectionRange(caret, caret), at);
    for (const key of keys) await page.keyboard.press(key);
    const caret = await control.evaluate((input: HTMLInputElement) => input.selectionStart);
    const typed = await control.inputValue();
    await control.blur();
    return `${typed.slice(0, caret ?? 0)}|${typed.slice(caret ?? 0)}, ${await control.inputValue()}`;
  };
  await pay.fill('145000');
  expect(await correct(pay, 7, 'Backspace')).toBe('14500|, 14.500');
  expect(await correct(pay, 6, '0')).toBe('145000|, 145.000');
  expect(await correct(pay, 1, '2')).toBe('12|45000, 1.245.000');
  expect(await correct(pay, 4, '7', 'Backspace')).toBe('124|5000, 1.245.000');
  expect(await correct(pay, 6, 'Delete')).toBe('1245|00, 124.500');
  expect(await correct(pay, 4, 'Backspace', 'Backspace')).toBe('12|500, 12.500');
  expect(await correct(pay, 6, ',', '5')).toBe('12500,5|, 12.500,50');
  expect(await correct(pay, 2, 'Shift+End', '1')).toBe('121|, 121');
  await rupiah.fill('5000000');
  expect(await correct(rupiah, 9, '0')).toBe('50000000|, 50.000.000');
  // All at once is not a correction.
  await pay.fill('145000');
  await pay.fill('145.00');
  await pay.blur();
  await expect(pay).toHaveValue('145');
  // The page counts with it while the person types.
  await pay.fill('145000');
  await pay.blur();
  await pay.press('End');
  await pay.press('Backspace');
  await expect(page.getByText('174.000')).toBeVisible();
});

test('an amount with two meanings gets a question beside the field', async ({ page }) => {
  await openForm(page, `${site.origin}/pay`);
  const pay = page.getByRole('textbox', { name: 'Sueldo' });
  await pay.fill('14.500');
  await button(page, 'Continuar').click();
  const told = '¿Quieres decir 14,500 o 14.50? Escribe uno de los dos';
  await expect(page.getByRole('alert').getByRole('link', { name: told })).toBeVisible();
  await expect(pay).toHaveAccessibleDescription(`Error: ${told} $`);
  await expect(pay).toHaveValue('14.500');
  await pay.fill('14,500');
  await button(page, 'Continuar').click();
  await expect(page.getByText('$14,500', { exact: true })).toBeVisible();
});

for (const text of someOf(['14.500', '15k'], 1)) {
  test(`an amount typed as ${text} is still there after a reload and in another language`, async ({ page }) => {
    const loaded = page.waitForResponse('**/assets/amounts-*');
    await openForm(page, `${site.origin}/pay`);
    await loaded;
    const pay = page.getByRole('textbox', { name: 'Sueldo' });
    await button(page, 'Continuar').click();
    await expect(page.getByRole('alert')).toBeVisible();
    await pay.fill(text);
    // Of a value of this screen that comes later, too.
    await page.getByRole('textbox', { name: 'Grados' }).fill('2');
    await expect(page.getByRole('textbox', { name: 'Motivo' })).toBeHidden();
    await page.reload();
    await expect(pay).toHaveValue(text);
    await button(page, 'Continuar').click();
    await expect(page.getByRole('alert')).toBeVisible();
    await page.goto(`${site.origin}/pay/id`);
    await expect(page.getByRole('textbox', { name: 'Gaji' })).toHaveValue(text);
  });
}

test('a number with too many digits is too large, in a field without a limit', async ({ page }) => {
  await openForm(page, `${site.origin}/pay`);
  await page.getByRole('textbox', { name: 'Sueldo' }).fill('9007199254740993');
  await button(page, 'Continuar').click();
  await expect(page.getByText('Escribe un número menor').first()).toBeVisible();
});

test('a person cannot continue with an amount that cannot be read @long', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route('**/assets/amounts-*', async (route) => {
    await held;
    await route.continue();
  });
  await openForm(page, `${site.origin}/pay`);
  await page.getByRole('textbox', { name: 'Sueldo' }).fill('14.500');
  await button(page, 'Continuar').click();
  await expect(page.getByRole('heading', { name: 'Tu sueldo' })).toBeVisible();
  release();
  await expect(page.getByRole('alert')).toContainText('¿Quieres decir 14,500 o 14.50?');
});
