/** Amounts as they are typed mean the same in every browser: the table is the one that the server is held to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sentence } from '../../src/form/fields/fields.ts';
import { languageNames, type Language } from '../../src/form/wording/wording.ts';
import { formOfAmounts, spellings } from '../helpers/amounts.ts';
import { findFirefox, openFirefox } from '../helpers/firefox.ts';
import { someOf } from '../helpers/long.ts';
import { compile, fieldOf } from '../form/compile.ts';
import { startSite, type RunningSite } from './running-site.ts';
import { expect, test } from './site-test.ts';
import { button, openForm } from './walk.ts';

let site: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-amounts-'));
  for (const language of languageNames) writeFileSync(path.join(folder, `amounts-${language}.yaml`), formOfAmounts(language)); // prettier-ignore
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

interface Typed {
  id: string;
  typed: string;
}

interface Read extends Typed {
  /** What stands in the control once it was left. */
  shown: string;
  /** What the page keeps as the answer. */
  kept?: unknown;
  /** The sentence that the page shows. */
  said?: string;
}

/** Runs in the page: types each row, leaves the control, presses Continue and reads what the page made of it. */
async function typeAll(json: string): Promise<string> {
  const rounds = JSON.parse(json) as Typed[][];
  const [form] = document.forms as unknown as [HTMLFormElement];
  const text = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') as { get(): string };
  const controlOf = (id: string) => form.elements.namedItem(id) as HTMLInputElement;
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const [first] = rounds[0] ?? [];
  for (let tries = 0; tries < 100 && first && !Object.hasOwn(controlOf(first.id), 'value'); tries++) await pause(50);

  const read: Read[] = [];
  for (const rows of rounds) {
    for (const { id, typed } of rows) {
      const control = controlOf(id);
      control.focus();
      control.select();
      document.execCommand('delete');
      if (typed) document.execCommand('insertText', false, typed);
      control.blur();
    }
    form.querySelector('.summary')?.remove();
    form.querySelector<HTMLElement>('.now [data-next]')?.click();
    for (let turns = 0; turns < 100 && !form.querySelector('.summary'); turns++) await Promise.resolve();
    const kept = localStorage.getItem(`flipsite:${location.pathname.slice(1)}`) ?? '{}';
    const answers = (JSON.parse(kept) as { typed: Record<string, Record<string, unknown>> }).typed['one'] ?? {};
    for (const { id, typed } of rows) {
      const said = document.getElementById(`f-${id}-e`)?.lastElementChild?.lastChild?.textContent ?? undefined;
      read.push({ id, typed, shown: text.get.call(controlOf(id)), kept: answers[id], ...(said !== undefined && { said }) });
    }
  }
  return JSON.stringify(read);
} // prettier-ignore

/** The rows of a language, in rounds in which no field has two. */
function roundsIn(language: Language): Typed[][] {
  const rounds: Typed[][] = [];
  const count = new Map<string, number>();
  for (const { id, typed } of spellings.filter((one) => one.language === language)) {
    const at = count.get(id) ?? 0;
    count.set(id, at + 1);
    (rounds[at] ??= []).push({ id, typed });
  }
  return rounds;
}

/** Compares what the page made of each row with the table. */
function expectRead(language: Language, json: string): void {
  const form = compile(formOfAmounts(language));
  const rows = new Map(spellings.filter((one) => one.language === language).map((one) => [nameOf(one), one.outcome]));
  const read = JSON.parse(json) as Read[];
  expect(read).toHaveLength(rows.size);
  const found = read.map(({ id, typed, kept, said }) => {
    const of = fieldOf(form, id);
    const asked = sentence(of, 'type', language, [], typed);
    const unclear = asked !== sentence(of, 'type', language);
    return [nameOf({ id, typed }), !said ? kept : unclear && said === asked ? 'ask' : 'error'];
  });
  expect(found).toEqual(found.map(([name]) => [name, rows.get(String(name))]));
  // What is asked back stands there as it was typed.
  const asked = read.filter((one) => rows.get(nameOf(one)) === 'ask');
  expect(asked.map(({ shown }) => shown)).toEqual(asked.map(({ typed }) => typed));
}

const nameOf = ({ id, typed }: Typed) => `${id} ← ${typed}`;

for (const language of someOf(languageNames, 3)) {
  test(`Chromium reads every spelling of the table as the server does, in ${language}`, async ({ page }) => {
    await openForm(page, `${site.origin}/amounts-${language}`);
    expectRead(language, await page.evaluate(typeAll, JSON.stringify(roundsIn(language))));
  });
}

const firefox = findFirefox();
// Not skipped in silence: the list of tests says that Firefox was not there.
test(firefox ? 'Firefox reads the spellings of the table as the server does' : 'NO FIREFOX HERE: the table of spellings was NOT run in it. Install one (`apt-get install firefox-esr`) or set FIREFOX_PATH', async () => {
  if (!firefox) return;
  const driven = await openFirefox(firefox);
  try {
    for (const language of someOf(languageNames, 2)) {
      await driven.open(`${site.origin}/amounts-${language}`);
      expectRead(language, await driven.call(typeAll, JSON.stringify(roundsIn(language))));
    }
  } finally {
    await driven.close();
  }
}); // prettier-ignore

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

test('a person cannot continue with an amount that cannot be read', async ({ page }) => {
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
