/**
 * The two scripts of a form's page. The plain one lacks the parts in `PAGE_FEATURES`: with it, a form that needs none of
 * them behaves as with the full one, and a form that needs one does not.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Page } from 'playwright/test';
import { parse } from 'yaml';
import { typeOf } from '../../../src/form/fields/fields.ts';
import { featuresOf } from '../../../src/form/inspect/page-features.ts';
import { fieldsOf } from '../../../src/form/schema.ts';
import { buildPageScripts } from '../../../src/publish/bundles/browser-bundle.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { compile, fixture, NOW } from '../../helpers/compile.ts';
import { pdf } from '../../helpers/samples/files.ts';
import { LONG, someOf } from '../../helpers/run/long.ts';
import type { RunningSite } from '../running-site.ts';
import { expect, siteWith, test } from '../site-test.ts';

type Written = Record<string, unknown> & { id: string; type: string };
type Script = 'plain' | 'full';

const formOf = (screens: { id: string; fields?: object[]; [key: string]: unknown }[], more: object = {}) =>
  JSON.stringify({
    title: 'Parts',
    languages: ['en', 'es'],
    // `name` is read by a text, and is the id of a field too.
    params: ['name'].filter((id) => !screens.some(({ fields = [] }) => fields.some((field) => 'id' in field && field.id === id))), // prettier-ignore
    screens: [
      ...screens,
      { id: 'last', title: 'Last', fields: [{ id: 'last_words', type: 'text', label: 'Last words' }] },
    ],
    endings: [{ id: 'done', title: 'Done' }],
    ...more,
  });

const featuresIn = (form: string) => [...featuresOf(compile(form))];

/** One field of every type or more, with every key. */
const examples = (parse(readFileSync(fixture('valid/every-type.yaml'), 'utf8')) as { screens: { fields?: Written[] }[] })
  .screens.flatMap((screen) => screen.fields ?? []); // prettier-ignore

/** A form of this field, after those that it reads. */
const alone = (field: Written): string => {
  const read = examples.filter(({ id }) => new RegExp(`\\b${id}\\b`).test(String(field['value'])));
  return formOf([{ id: 'ask', title: 'Ask', fields: [...read, field] }]);
};

const isGood = (field: Written) => parseForm('one.yaml', alone(field), NOW).ok;

/** Fields with their required keys and one more key of `field`, in turn. */
function withOneKey(field: Written): Written[] {
  const without = (one: Written, key: string): Written => ({ ...one, [key]: undefined });
  const optional: string[] = [];
  let least = without(field, 'show_when');
  for (const key of Object.keys(field).filter((one) => !['id', 'type', 'label', 'show_when'].includes(one))) {
    if (!isGood(without(least, key))) continue;
    least = without(least, key);
    optional.push(key);
  }
  return [least, ...optional.map((key) => ({ ...least, id: `${field.id}_${key}`, [key]: field[key] })).filter(isGood)];
}

/** Fields with the parts that each needs. */
const fields = examples.flatMap(withOneKey).map((field) => ({ field, parts: featuresIn(alone(field)) }));
const plainFields = fields.filter(({ parts }) => !parts.length).map(({ field }) => field);

/** The fields that need no part, on a screen for each type. */
const plain = formOf(
  [...new Set(plainFields.map(({ type }) => type))].map((type) => ({
    id: `${type}_screen`,
    title: type,
    fields: plainFields.filter((field) => field.type === type),
  })),
);

const hello = (more: object) => ({ id: 'hello', title: 'Hello', fields: [{ id: 'hi', type: 'text', label: 'Hi' }], ...more }); // prettier-ignore

/** For each part, a field that needs it, and as few others as possible. */
const needed = new Map(
  fields
    .toSorted((one, other) => other.parts.length - one.parts.length)
    .flatMap(({ field, parts }) => parts.map((part) => [part, field] as const)),
);

/** Forms that need a part, by the reason. */
const needing: Record<string, string> = {
  ...Object.fromEntries([...needed.values()].map((field) => [`the ${field.type} field ${field.id}`, alone(field)])),
  'a review': formOf([hello({})], { review: true }),
  'an answer in a title': formOf([hello({ title: 'Hello {name}' })]),
  'an answer in a text': formOf([hello({ text: 'Hello {name}' })]),
  'an answer in a label': formOf([hello({ fields: [{ id: 'hi', type: 'text', label: 'Hi {name}' }] })]),
  'an answer in a help': formOf([hello({ fields: [{ id: 'hi', type: 'text', label: 'Hi', help: 'For {name}' }] })]),
  'a Wink screen': formOf([{ id: 'wink', title: 'Connect', wink: { template: 'wtpl-123abc', require: 'none' } }]),
};
const slugOf = (name: string) => name.toLowerCase().replace(/\W+|_/g, '-');

let built: ReturnType<typeof buildPageScripts> | undefined;

test.use({
  kind: siteWith(
    Object.fromEntries(Object.entries({ plain, ...needing }).map(([name, form]) => [slugOf(name), form])),
    {
      RATE_LIMIT: 'off',
    },
  ),
});

/** A form's page with the plain and with the full script, each in a browser of its own. @param served the one that the site sends */
async function openBoth(browser: Browser, site: RunningSite, slug: string, served: Script): Promise<[Page, Page]> {
  const scripts = await (built ??= buildPageScripts());
  const open = async (script: Script) => {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    await page.route(`${site.origin}/${slug}?*`, async (route) => {
      const html = await (await route.fetch()).text();
      expect(html).toContain(scripts[served]);
      const body = html.replace(scripts[served], () => scripts[script]);
      await route.fulfill({ body, contentType: 'text/html; charset=utf-8' });
    });
    await page.goto(`${site.origin}/${slug}?name=Ana&ref_sensitive=secret`);
    await page.locator('form[data-ready]').waitFor();
    await page.waitForLoadState('networkidle');
    return page;
  };
  return Promise.all([open('plain'), open('full')]);
}

/** The screen that a page shows, and the answers that it keeps on the device. */
const seen = (page: Page) =>
  page.evaluate(() => {
    const screen = document.querySelector<HTMLElement>('.screen.now');
    const attributes = ['name', 'value', 'checked', 'min', 'max'] as const;
    const controls = [...(screen?.querySelectorAll<HTMLInputElement>('input, select, textarea') ?? [])];
    const kept = Object.values(localStorage).map((text) => JSON.parse(String(text)) as Record<string, unknown>);
    return {
      title: document.title,
      text: screen?.innerText,
      elements: [...(screen?.querySelectorAll('*') ?? [])].map((one) => `${one.tagName} ${one.className} ${one.ariaInvalid}`), // prettier-ignore
      controls: controls.map((one) => attributes.map((name) => one[name])),
      kept: kept.map(({ answers, typed, passed }) => ({ answers, typed, passed })),
    };
  });

/**
 * Enters something into each control of the screen, and chooses a file. @param samples good answers by field
 * @param boxes how many to tick of one question; with 0, optional questions are left empty
 */
async function fillIn(page: Page, samples: Record<string, unknown>, boxes: number): Promise<void> {
  for (const chooser of await page.locator('.screen.now input[type=file]').all())
    if (boxes) await chooser.setInputFiles({ name: 'one.pdf', mimeType: 'application/pdf', buffer: pdf('one') });
  await page.evaluate(
    ([most, good]) => {
      const ticked: Record<string, number> = {};
      for (const one of document.querySelectorAll<HTMLInputElement>('.screen.now :is(input, select, textarea)')) {
        if (['file', 'hidden'].includes(one.type)) continue;
        if (['radio', 'checkbox'].includes(one.type)) {
          const at = (ticked[one.name] = (ticked[one.name] ?? 0) + 1);
          if (at <= most && !one.checked) one.click();
        } else if (one instanceof HTMLSelectElement) one.selectedIndex = one.length - 1;
        else if (!most && !one.required) one.value = '';
        else one.value = String(good[one.name] ?? (one.type === 'time' ? '09:30' : 'Ana'));
        for (const name of ['input', 'change']) one.dispatchEvent(new Event(name, { bubbles: true }));
      }
    },
    [boxes, samples] as const,
  );
}

const shown = (page: Page) => page.evaluate(() => document.querySelector('.screen.now')?.id ?? '');

/** Presses the button of the screen, and waits until it is left or has errors. */
async function goOn(page: Page): Promise<void> {
  const id = await shown(page);
  await page.evaluate(() => {
    document.querySelector('.summary')?.classList.add('before');
    document.querySelector<HTMLElement>('.screen.now [data-next]')?.click();
  });
  await page.waitForFunction((was) => document.querySelector(`.summary:not(.before), .screen.now:not(#${was})`), id);
}

async function goBack(page: Page, id: string): Promise<void> {
  await page.evaluate(() => document.querySelector<HTMLElement>('.screen.now [data-back]')?.click());
  await page.waitForFunction((back) => document.querySelector(`#${back}.now`), id);
}

/**
 * How often each screen is left: untouched, with one box ticked of each question, complete, and with only the required
 * answers.
 */
const BOXES = LONG ? [undefined, 1, Infinity, 0] : [undefined, 1, 0];

/**
 * Walks two pages through a form side by side, and leaves each screen several times.
 * @returns whether `isSame` was true after each step
 */
async function walkBoth(pages: [Page, Page], form: string, isSame: () => Promise<boolean>): Promise<boolean> {
  const samples = Object.fromEntries(fieldsOf(compile(form)).map((field) => [field.id, typeOf(field).sample?.(field, 1) ?? null])); // prettier-ignore
  const both = (act: (page: Page) => Promise<void>) => Promise.all(pages.map(act));
  for (;;) {
    if (!(await isSame())) return false;
    const id = await shown(pages[0]);
    // Not to the ending, whose reference is different on each page.
    if (!(await pages[0].locator('.screen.now [data-next]', { hasText: 'Continue' }).count())) return true;
    for (const boxes of BOXES) {
      if (boxes !== undefined) await both((page) => fillIn(page, samples, boxes));
      if (!(await isSame())) return false;
      await both(goOn);
      if (!(await isSame())) return false;
      if (boxes !== BOXES.at(-1) && (await shown(pages[0])) !== id) await both((page) => goBack(page, id));
    }
    if ((await shown(pages[0])) === id) throw new Error(`The walk cannot leave ${id}.`);
  }
}

test('a form that needs no part behaves the same with the plain script @long', async ({ browser, site }) => {
  // It has all types of field.
  test.slow();
  const pages = await openBoth(browser, site, 'plain', 'plain');
  const walked = await walkBoth(pages, plain, async () => {
    await expect(async () => expect(await seen(pages[0])).toEqual(await seen(pages[1]))).toPass({
      timeout: 10_000,
      intervals: [50],
    });
    return true;
  });
  expect(walked).toBe(true);
});

for (const [name, form] of someOf(Object.entries(needing), 2)) {
  test(`${name} has the full script, without which it misses: ${featuresIn(form).join(', ')}`, async ({
    browser,
    site,
  }) => {
    const pages = await openBoth(browser, site, slugOf(name), 'full');
    const walked = await walkBoth(pages, form, async () => {
      for (const deadline = Date.now() + 1_000; Date.now() < deadline; await pages[0].waitForTimeout(50))
        if (isDeepStrictEqual(await seen(pages[0]), await seen(pages[1]))) return true;
      return false;
    });
    expect(walked).toBe(false);
  });
}
