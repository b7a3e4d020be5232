/** Random journeys in a real browser end where the server says they do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { Page } from 'playwright/test';
import type { Answers } from '../../../src/form/runtime/condition.ts';
import { parseForm } from '../../../src/form/parse.ts';
import type { Form } from '../../../src/form/schema.ts';
import { evaluateForm } from '../../../src/respond/evaluate.ts';
import { LONG } from '../../helpers/run/long.ts';
import { randomForm } from '../../helpers/samples/random-forms.ts';
import { startSite } from '../running-site.ts';
import { expect, test } from '../site-test.ts';

const CASES = LONG ? 50 : 1;
const now = new Date();

function journeys(): { form: Form; text: string; answers: Answers }[] {
  const found: { form: Form; text: string; answers: Answers }[] = [];
  const arbitrary = randomForm.chain(({ text, answers }) => fc.tuple(fc.constant(text), answers));
  for (const [text, answers] of fc.sample(arbitrary, { numRuns: CASES * 20, seed: 20261124 })) {
    const parsed = parseForm(`random-${found.length}.yaml`, text, now);
    if (parsed.ok && found.length < CASES) found.push({ form: parsed.form, text, answers });
  }
  return found;
}

/** Answers one screen as a person would, in the controls that are there. */
const fill = (page: Page, answers: Answers) =>
  page.locator('.screen.now').evaluate((screen, given) => {
    for (const control of screen.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input,select')) {
      const answer = given[control.name];
      const values = [answer ?? []].flat().map(String);
      if (control.type === 'radio' || control.type === 'checkbox')
        (control as HTMLInputElement).checked = values.includes(control.value);
      else if (control.name in given) control.value = values[0] ?? '';
    }
    screen.dispatchEvent(new Event('input', { bubbles: true }));
  }, answers);

test(`${CASES} random journeys end in the browser where the server says they do @long`, async ({ browser }) => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-random-'));
  const all = journeys();
  expect(all).toHaveLength(CASES);
  for (const { form, text } of all) writeFileSync(path.join(folder, `${form.slug}.yaml`), text);
  const site = await startSite({ FORMS_DIR: folder, RATE_LIMIT: 'off' });
  try {
    const context = await browser.newContext({ baseURL: site.origin });
    const page = await context.newPage();
    for (const { form, answers } of all) {
      const { path: screens, ending } = evaluateForm(form, answers, 'en', now);
      await page.goto(`/${form.slug}`);
      await page.locator('form[data-ready]').waitFor();
      const way: string[] = [];
      for (;;) {
        const section = (await page.locator('.screen.now').getAttribute('id')) ?? '';
        way.push(section.replace('s-', ''));
        await fill(page, answers);
        const button = page.locator('.screen.now [data-next]');
        const last = (await button.textContent())?.trim() === 'Send';
        await button.click();
        if (last) break;
        await page.locator(`.screen.now:not(#${section})`).waitFor();
      }
      await expect(page.getByRole('heading', { level: 1, name: `Ending ${ending}` }), form.slug).toBeVisible();
      expect(way, form.slug).toEqual(screens);
    }
    await context.close();
  } finally {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
