/**
 * The main journeys in other engines than Chromium, if they are installed. `docs/operate/browsers.md` has the
 * differences.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import jsQR from 'jsqr';
import sharp from 'sharp';
import { languageNames } from '../../src/form/wording/wording.ts';
import { findDraft } from '../../src/record/forms/drafts.ts';
import { formOfAmounts } from '../helpers/amounts.ts';
import { engines, type Engine, type EnginePage } from '../helpers/engines/engines.ts';
import { png } from '../helpers/files.ts';
import { someOf } from '../helpers/long.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { framedForm, openHost, policyFor, snippet, type Host } from './host.ts';
import { expect, plainTest as test, QUICK } from './site-test.ts';
import { expectRead, roundsIn, typeAll } from './typed-amounts.ts';

const APPLY = `
title: { en: Apply, ar: تقديم طلب }
languages: [en, ar]
review: true
screens:
  - id: about
    title: { en: About you, ar: معلومات عنك }
    fields:
      - { id: full_name, type: text, label: { en: Full name, ar: الاسم الكامل }, required: true }
      - { id: working, type: yes_no, label: { en: Are you working now?, ar: هل تعمل الآن؟ }, required: true }
      - { id: employer, type: text, label: { en: Employer, ar: جهة العمل }, required: true, show_when: { working: true } }
    next: [{ when: { working: false }, go: not_yet }]
  - id: papers
    title: { en: Your papers, ar: أوراقك }
    fields:
      - { id: start, type: date, label: { en: Start, ar: البداية }, required: true }
      - { id: city, type: select, label: { en: City, ar: المدينة }, required: true, options: [{ value: manila, label: { en: Manila, ar: مانيلا } }, { value: cebu, label: { en: Cebu, ar: سيبو } }] }
      - { id: card, type: file, label: { en: A photo of your card, ar: صورة بطاقتك } }
endings:
  - { id: done, title: { en: 'Thank you, {full_name}', ar: 'شكرا، {full_name}' } }
  - { id: not_yet, title: { en: Come back when you work, ar: عد عندما تعمل }, outcome: disqualified }
`;

const languages = someOf(languageNames, 2);

/** A picture to send. */
let card = '';

let site: TestSite;
let host: Host;
test.beforeAll(async () => {
  host = await openHost(() => policyFor(site.origin));
  site = await openTestSite({
    forms: {
      drive: framedForm(`embed: { allow: ["${host.origin}"] }`),
      apply: APPLY,
      ...Object.fromEntries(languages.map((language) => [`amounts-${language}`, formOfAmounts(language)])),
    },
    env: { RATE_LIMIT: 'off' },
  });
  card = path.join(site.folder, 'card.png');
  writeFileSync(card, png('card'));
  host.body = snippet(site.origin);
  await fetch(`${site.origin}/local-smile/__local/settings`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(QUICK) }); // prettier-ignore
});
test.afterAll(async () => {
  host.server.closeAllConnections();
  host.server.close();
  await site.close();
  removeFolder(site.folder);
});

/** The text of the QR code in a picture. */
async function decoded(picture: string): Promise<string | undefined> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

type Heard = [name: string, detail: Record<string, unknown>];
const heardOn = async (page: EnginePage) => {
  const heard = await page.evaluate(() => (window as unknown as { heard: Heard[] }).heard, null);
  return heard.filter(([name]) => name !== 'height');
};

for (const { name, open, install } of engines) {
  if (!open) {
    // Not skipped in silence: the list of tests says which engine was not there.
    test(`NO ${name.toUpperCase()} HERE: the journeys were NOT run in it. To install it: ${install}`, () => {});
    continue;
  }

  test.describe(name, () => {
    let engine: Engine;
    let page: EnginePage;
    test.beforeAll(async () => {
      engine = await open();
      ({ page } = engine);
    });
    /** Signs in, or makes the first account. */
    async function openDashboard(): Promise<void> {
      await page.goto(`${site.origin}/admin`);
      const at = await page.evaluate(() => location.pathname, null);
      if (at === '/admin') return;
      if (at === '/admin/setup') await page.getByLabel('Setup code').fill(SETUP_CODE);
      await page.getByLabel(/email/i).fill('ops@acme.example');
      await page.getByLabel(/password/i).fill('four plain words here');
      await page.getByRole('button', { name: /Create account|Sign in/ }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    }

    test.afterEach(async ({}, info) => {
      if (info.status !== info.expectedStatus) await page.screenshot({ path: info.outputPath('page.png') });
    });
    test.afterAll(() => engine.close());

    test('a person fills in a framed form to the end, and the website hears each event once', async () => {
      await page.goto(host.origin);
      const form = page.frameLocator('iframe');
      await form.getByLabel('Full name').fill('Ana Reyes');
      await form.getByRole('button', { name: 'Continue' }).click();
      await form.getByRole('button', { name: 'Connect your work account' }).click();
      await form.getByRole('button', { name: 'Agree and continue' }).click();
      await form.getByRole('button', { name: 'ABC Corporation' }).click();
      await form.getByLabel('User name').fill('George');
      await form.getByLabel('Password', { exact: true }).fill('123456');
      await form.getByRole('button', { name: 'Sign in' }).click();
      await form.getByRole('button', { name: 'Done' }).click();
      await form.getByRole('button', { name: /^(Continue|Send)$/ }).click();
      await form.getByRole('heading', { name: 'Thank you, Ana Reyes' }).waitFor();
      await expect.poll(async () => (await heardOn(page)).map(([event]) => event)).toContain('submitted');
      expect(await heardOn(page)).toEqual([
        ['opened', { form: 'drive', language: 'en' }],
        ['screen', { form: 'drive', screen: 'about' }],
        ['screen', { form: 'drive', screen: 'connect' }],
        ['connected', { form: 'drive', screen: 'connect' }],
        ['submitted', { form: 'drive', ending: 'done' }],
      ]);
      expect(await page.evaluate(() => (window as unknown as { refused: string[] }).refused, null)).toEqual([]);
    });

    test('a person mends an error, answers a question that a rule shows, reads the review, and sends', async () => {
      await page.goto(`${site.origin}/apply`);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Full name').fill('Ana Reyes');
      await page.getByLabel('Employer').waitFor({ state: 'hidden' });
      await page.getByRole('radio', { name: 'Yes' }).check();
      await page.getByLabel('Employer').fill('ABC Corporation');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('heading', { name: 'Your papers' }).waitFor();
      await expect.poll(() => page.evaluate(() => location.hash, null)).toBe('#papers');

      // The browser keeps the typed text, and the screen is the same.
      await page.reload();
      await page.getByLabel('Start').fill('2026-12-24');
      await page.getByLabel('City').selectOption({ label: 'Cebu' });
      await page.locator('input[type=file]').setInputFiles(card);
      await page.getByText('card.png uploaded').waitFor();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('ABC Corporation').waitFor();
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('heading', { name: 'Thank you, Ana Reyes' }).waitFor();
      const row = await site.db.query
        .selectFrom('submissions')
        .select(['form', 'submitted_at'])
        .where('form', '=', 'apply')
        .executeTakeFirst();
      expect(row?.submitted_at).toBeTruthy();
    });

    test('the page reads amounts as the server does', async () => {
      for (const language of languages) {
        await page.goto(`${site.origin}/amounts-${language}`);
        expectRead(language, await page.evaluate(typeAll, JSON.stringify(roundsIn(language))));
      }
    });

    test('a member makes a form in the outline and in the text, takes a step back, sees it beside, and publishes it', async () => {
      test.setTimeout(120_000);
      await openDashboard();
      await page.goto(`${site.origin}/admin/forms/new`);
      await page.getByLabel('Title', { exact: true }).fill(`Made in ${name}`);
      await page.getByRole('button', { name: 'Create form' }).click();
      const slug = `made-in-${name.toLowerCase()}`;
      const stored = async () => (await findDraft(site.db, slug))?.text;

      await page.getByRole('button', { name: 'Question', exact: true }).click();
      await page.getByLabel('New question').fill('Do you have insurance?');
      await page.getByLabel('Kind of answer').selectOption({ label: 'Yes or no' });
      await page.getByRole('button', { name: 'Add question' }).click();
      await page.frameLocator('iframe').getByText('Do you have insurance?').waitFor();
      await expect.poll(stored).toContain('type: yes_no, label: Do you have insurance?');

      await page.getByRole('link', { name: 'Text', exact: true }).click();
      await page.locator('.cm-line:first-child').click();
      await page.keyboard.press('End');
      await page.keyboard.type(' today');
      await expect.poll(stored).toContain(`title: Made in ${name} today`);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(stored).not.toContain('today');

      await page.getByRole('button', { name: 'Publish…' }).click();
      await page.getByRole('button', { name: 'Publish now' }).click();
      await page.getByText('Version 1 is live, by you').waitFor();
      await page.goto(`${site.origin}/${slug}`);
      await page.getByText('Do you have insurance?').waitFor();
    });

    test('a member makes a campaign link, prints its poster, and sees its results @long', async () => {
      test.setTimeout(120_000);
      await openDashboard();
      await page.goto(`${site.origin}/admin/forms/apply/share`);
      await page.getByLabel('Name', { exact: true }).fill(`Flyer for ${name}`);
      await page.getByRole('button', { name: 'Create link' }).click();
      await page.getByRole('heading', { name: `Flyer for ${name}` }).waitFor();
      const link = `flyer-for-${name.toLowerCase()}`;
      await page.goto(`${site.origin}/admin/forms/apply/links/${link}/poster`);
      await page.setViewportSize({ width: 1280, height: 1500 });
      const picture = test.info().outputPath('poster.png');
      await page.screenshot({ path: picture });
      expect(await decoded(picture)).toBe(`${site.origin}/go/${link}`);
      await page.goto(`${site.origin}/admin/forms/apply/results`);
      // There is a submission if the test above ran in the same process.
      await page.getByRole('heading', { name: /^(By day of the start|No results yet)$/ }).waitFor();
    });
  });
}
