/**
 * The main journeys in other engines than Chromium, if they are installed. `docs/operate/browsers.md` has the
 * differences.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import jsQR from 'jsqr';
import sharp from 'sharp';
import { languageCodes } from '../../src/form/wording/wording.ts';
import { findDraft } from '../../src/record/forms/drafts.ts';
import { formOfAmounts } from '../helpers/samples/amounts.ts';
import { linkOf } from '../../src/invite/link.ts';
import { findInvitationsTo } from '../../src/record/invitations.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { begin } from '../deliver/forms.ts';
import { engines, type Engine, type EnginePage, type Place } from '../helpers/engines/engines.ts';
import { png } from '../helpers/samples/files.ts';
import { someOf } from '../helpers/run/long.ts';
import { openProxy, type Proxy } from '../helpers/proxy.ts';
import { INVITING } from '../invite/forms.ts';
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

/** A form with a private answer, which decides the way. */
const LOAN = `
title: Small loan
brand: { name: Acme Loans }
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: tin, type: text, label: Tax number, required: true, sensitive: true }
  - id: why
    title: What for?
    fields:
      - { id: purpose, type: text, label: Purpose, required: true }
endings: [{ id: done, title: 'Thank you, {name}' }]
`;
const TIN = '123-456-789';

/** A form with answers that browsers may not fill in by themselves. None of them is required. */
const PAY = `
title: Your pay
screens:
  - id: pay
    title: What do you earn?
    fields:
      - { id: income, type: money, label: Monthly income, currency: PHP }
      - { id: children, type: number, label: Children }
      - { id: tin, type: text, label: Tax number, sensitive: true }
  - id: time
    title: How long do you work?
    fields:
      - { id: city, type: text, label: City }
      - { id: hours, type: number, label: Hours a week }
endings: [{ id: done, title: 'Income {income}, children {children}, hours {hours}' }]
`;

/** Signs the links of invitations. */
const KEY = Buffer.alloc(32, 7);

const languages = someOf(languageCodes, 2);

/** A picture to send. */
let card = '';

let site: TestSite;
let host: Host;
let proxy: Proxy;
test.beforeAll(async () => {
  // One of its pages frames another one.
  host = await openHost(() => policyFor(site.origin).replace('frame-src', "frame-src 'self'"));
  site = await openTestSite({
    forms: {
      // Each journey has a form of its own, because a device knows which ones it has sent.
      ...Object.fromEntries(
        ['drive', 'popup', 'inner', 'tried'].map((slug) => [
          slug,
          framedForm(`embed: { allow: ["${host.origin}"] }`, `${slug}-partner`),
        ]),
      ),
      apply: APPLY,
      loan: LOAN,
      pay: PAY,
      locked: `${LOAN}password: open sesame\n`,
      invited: INVITING,
      ...Object.fromEntries(languages.map((language) => [`amounts-${language}`, formOfAmounts(language)])),
    },
    env: { RATE_LIMIT: 'off' },
    key: KEY,
  });
  card = path.join(site.folder, 'card.png');
  writeFileSync(card, png('card'));
  host.body = snippet(site.origin);
  host.pages = {
    '/popup': snippet(site.origin, 'data-mode="popup" data-title="Drive with us"', 'popup'),
    '/outer': '<iframe src="/inner" width="900" height="900"></iframe>',
    '/inner': snippet(site.origin, '', 'inner'),
  };
  proxy = await openProxy(site.port);
  await fetch(`${site.origin}/local-smile/__local/settings`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(QUICK) }); // prettier-ignore
});
test.afterAll(async () => {
  proxy.close();
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
  // `npm test` does the journeys without a tag, in the engine of the iPhone.
  const tag = name === 'WebKit' ? '' : ' @long';
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
    async function openDashboard(on = page, origin = site.origin): Promise<void> {
      await on.goto(`${origin}/admin`);
      const at = await on.evaluate(() => location.pathname, null);
      if (at === '/admin') return;
      if (at === '/admin/setup') await on.getByLabel('Setup code').fill(SETUP_CODE);
      await on.getByLabel(/email/i).fill('ops@acme.example');
      await on.getByLabel(/password/i).fill('four plain words here');
      await on.getByRole('button', { name: /Create account|Sign in/ }).click();
      await on.getByRole('button', { name: 'Sign out' }).waitFor();
    }
    const isShown = (place: EnginePage, title: string | RegExp) =>
      place.getByRole('heading', { name: title }).waitFor();
    const press = (place: Place, name: string) => place.getByRole('button', { name, exact: true }).click();
    async function enterWho(place: Place, person: string): Promise<void> {
      await place.getByLabel('Name', { exact: true }).fill(person);
      await place.getByLabel('Tax number').fill(TIN);
      await press(place, 'Continue');
    }
    /** Types at the end of the title, in the text of a form. */
    async function typeInTitle(on: EnginePage, words: string): Promise<void> {
      await on.locator('.cm-line:first-child').click();
      await on.keyboard.press('End');
      await on.keyboard.type(words);
    }
    /** A new person who has begun the form, over the API. */
    async function beginLoan(person: string): Promise<void> {
      const { call } = await begin(site.origin, 'loan');
      await call('PUT', 'answers', { screen: 'who', answers: { name: person, tin: TIN } });
    }

    test.afterEach(async ({}, info) => {
      if (info.status !== info.expectedStatus) await page.screenshot({ path: info.outputPath('page.png') });
    });
    test.afterAll(() => engine.close());

    test('a person fills in a framed form to the end, and the website hears each event once @long', async () => {
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

    test(`a person mends an error, answers a question that a rule shows, reads the review, and sends${tag}`, async () => {
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

    // In the other engine, the driver waits for a load that does not come where the browser kept the page.
    if (name === 'WebKit') {
      test('after another page and Back, a form has the numbers, amounts and private answers that were typed, and half-typed ones', async () => {
        const typed = (id: string) =>
          page.evaluate((css) => (document.querySelector(css)?.cloneNode() as HTMLInputElement).value, `[name=${id}]`);
        await page.goto(`${site.origin}/pay`);
        await page.getByLabel('Monthly income').fill('14500');
        await page.getByLabel('Children').fill('3');
        await page.getByLabel('Tax number').fill(TIN);
        await press(page, 'Continue');
        await page.getByText('Your answers are saved.').waitFor();
        await page.getByLabel('Hours a week').fill('20 or 25');
        await page.evaluate(() => document.body.classList.add('kept'), null);
        await page.goto(`${site.origin}/go/never-was`);
        await page.evaluate(() => setTimeout(() => history.back()), null);
        await page.getByLabel('Hours a week').waitFor();
        await page.locator('.kept').waitFor();
        await expect.poll(() => typed('hours')).toBe('20 or 25');

        await press(page, 'Back');
        await isShown(page, 'What do you earn?');
        expect([await typed('income'), await typed('children'), await typed('tin')]).toEqual(['14,500', '3', TIN]);
        await press(page, 'Continue');
        await isShown(page, 'How long do you work?');
        await press(page, 'Send');
        await page.getByRole('alert').waitFor();
        await page.getByLabel('Hours a week').fill('25');
        await press(page, 'Send');
        await isShown(page, 'Income ₱14,500, children 3, hours 25');
      });

      test('a save that was under way when the person left the page is sent again after Back @long', async () => {
        test.setTimeout(60_000);
        const { first, release } = proxy.holdAnswers('/answers');
        await page.goto(`${proxy.origin}/pay`);
        await page.getByLabel('Children').fill('3');
        await press(page, 'Continue');
        await first;
        await page.goto(`${site.origin}/go/never-was`);
        await page.evaluate(() => setTimeout(() => history.back()), null);
        release();
        await page.getByLabel('Hours a week').fill('25');
        await press(page, 'Send');
        const ended = () => page.evaluate(() => document.getElementById('ending')?.textContent, null);
        await expect.poll(ended, { timeout: 40_000 }).toContain('hours 25');
      });
    }

    test('the page reads amounts as the server does @long', async () => {
      for (const language of languages) {
        await page.goto(`${site.origin}/amounts-${language}`);
        expectRead(language, await page.evaluate(typeAll, JSON.stringify(roundsIn(language))));
      }
    });

    test('a member makes a form in the outline and in the text, takes a step back, sees it beside, and publishes it @long', async () => {
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
      await typeInTitle(page, ' today');
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

    test('a popup shows a form and closes by its button @long', async () => {
      await page.goto(`${host.origin}/popup`);
      await page.getByRole('link', { name: 'Apply now' }).click();
      await page.frameLocator('iframe').getByLabel('Full name').waitFor();
      await press(page, 'Close');
      await page.locator('iframe').waitFor({ state: 'hidden' });
      expect((await heardOn(page)).at(-1)?.[0]).toBe('closed');
    });

    test('in a frame of a frame, connecting continues in a new window @long', async () => {
      await page.goto(`${host.origin}/outer`);
      const form = page.frameLocator('iframe').frameLocator('iframe');
      await form.getByLabel('Full name').fill('Carla');
      await press(form, 'Continue');
      const opened = await engine.opened(() => form.getByRole('link', { name: 'Open this step in a new tab' }).click());
      // Some engines keep the storage of the frame apart, so the window does not know that the person began the form.
      await isShown(opened, /^(Connect your account|Did you begin this form yourself\?)$/);
      const isAsked = (await opened.locator('main').innerText()).includes('Did you begin');
      if (isAsked) await press(opened, 'Yes, continue');
      await isShown(opened, 'Connect your account');
      await opened.close();
    });

    test('a device of another person keeps nothing, and a link continues the form @long', async () => {
      await page.goto(`${site.origin}/loan`);
      await enterWho(page, 'Elif');
      await page.getByText('Your answers are saved.').waitFor();
      await press(page, 'This isn’t my phone');
      await page.getByText('This form is no longer saved on this device.').waitFor();
      const link = await page.getByRole('textbox', { name: 'Copy the link' }).inputValue();
      expect(await page.evaluate(() => localStorage.getItem('flipsite:loan'), null)).toBeNull();
      await page.reload();
      await isShown(page, 'Who are you?');
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('');

      // A link to the same page would not load it again.
      await page.goto(`${site.origin}/go/never-was`);
      await page.goto(link);
      await press(page, 'Yes, continue');
      await isShown(page, 'What for?');
      expect(await page.evaluate(() => location.href, null)).not.toContain('resume');
      await page.getByLabel('Purpose').fill('A school');
      await press(page, 'Send');
      await isShown(page, 'Thank you, Elif');
    });

    test('without JavaScript a form is one page, which names its errors and is stored @long', async () => {
      proxy.runScripts(false);
      try {
        await page.goto(`${proxy.origin}/apply`);
        await page.getByLabel('Full name').fill(`Nina in ${name}`);
        await press(page, 'Send');
        await page.getByRole('alert').waitFor();
        expect(await page.getByLabel('Full name').inputValue()).toBe(`Nina in ${name}`);
        await page.getByRole('radio', { name: 'Yes' }).check();
        await page.getByLabel('Employer').fill('ABC Corporation');
        await page.getByLabel('Start').fill('2026-12-24');
        await page.getByLabel('City').selectOption({ label: 'Cebu' });
        // WebKitGTK's process ends when it posts a file that its driver has chosen.
        if (name !== 'WebKit') await page.locator('input[type=file]').setInputFiles(card);
        await press(page, 'Send');
        await isShown(page, `Thank you, Nina in ${name}`);
      } finally {
        proxy.runScripts(true);
      }
    });

    test('a form with a password refuses a wrong one and opens with the right one @long', async () => {
      await page.goto(`${site.origin}/locked`);
      await page.getByLabel('Password').fill('close sesame');
      await press(page, 'Continue');
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Password').fill('open sesame');
      await press(page, 'Continue');
      await enterWho(page, 'Fe');
      await isShown(page, 'What for?');
    });

    test('the link of an invitation fills in the known answers, and is sent once @long', async () => {
      const email = `${name.toLowerCase()}@mail.example`;
      const prefill = { answers: { full_name: 'Ana Ruiz', email }, params: {} };
      const as = { form: 'invited', via: 'mail' as const, memberId: 'm', expiresAt: new Date(Date.now() + 86_400_000) };
      await createInvitations(site.db, [{ name: 'Ana Ruiz', email, language: 'en', prefill }], as, new Date());
      const [invitation] = await findInvitationsTo(site.db, ['invited'], [email]);
      if (!invitation) throw new Error('There is no invitation.');
      const link = linkOf([KEY], invitation, site.origin);
      await page.goto(link);
      await isShown(page, 'You are invited');
      await press(page, 'Start');
      await expect.poll(() => page.getByLabel('Full name').inputValue()).toBe('Ana Ruiz');
      expect(await page.evaluate(() => location.hash, null)).not.toContain(invitation.id);
      await press(page, 'Continue');
      await press(page, 'Send');
      await isShown(page, 'Thank you');
      await page.goto(`${site.origin}/loan`);
      await page.goto(link);
      await isShown(page, 'You have sent this form');
    });

    test('answers that a lost network held back are saved by themselves @long', async () => {
      await page.goto(`${proxy.origin}/loan/en`);
      await enterWho(page, `Lost in ${name}`);
      await page.getByText('Your answers are saved.').waitFor();
      proxy.cut(true);
      try {
        await page.getByLabel('Purpose').fill('A roof');
        await press(page, 'Send');
        await page.getByText(/can’t save this/).waitFor();
      } finally {
        proxy.cut(false);
      }
      await isShown(page, `Thank you, Lost in ${name}`);
    });

    test('a closed link and an unknown link have their pages @long', async () => {
      await openDashboard();
      await page.goto(`${site.origin}/admin/forms/loan/share`);
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`Poster for ${name}`);
      await press(page, 'Create link');
      await isShown(page, `Poster for ${name}`);
      await press(page, 'Close the link');
      await page.getByRole('button', { name: 'Open the link again' }).waitFor();
      await page.goto(`${site.origin}/go/poster-for-${name.toLowerCase()}`);
      await isShown(page, 'This link is closed');
      await page.getByText('Acme Loans').waitFor();
      await page.goto(`${site.origin}/go/never-was`);
      await isShown(page, 'There is no page here');
    });

    test('a member tries the form on a website, and sees its events @long', async () => {
      await openDashboard();
      await page.goto(`${site.origin}/admin/forms/tried/share/try`);
      await page.frameLocator('iframe').getByLabel('Full name').waitFor();
      await page.getByText('flipsite:opened').waitFor();
    });

    test('a member sees new numbers without a reload, and a private answer after a click @long', async () => {
      await openDashboard();
      await beginLoan(`Gina in ${name}`);
      await page.goto(`${site.origin}/admin/forms/loan/results`);
      await isShown(page, 'By day of the start');
      const before = await page.locator('main').innerText();
      await beginLoan(`Hana in ${name}`);
      await expect.poll(() => page.locator('main').innerText()).not.toBe(before);

      await page.goto(`${site.origin}/admin/people`);
      await page.getByRole('link', { name: `Gina in ${name}` }).click();
      await isShown(page, `Gina in ${name}`);
      expect(await page.locator('main').innerText()).not.toContain(TIN);
      await page.getByRole('button', { name: 'Show Tax number' }).click();
      await page.getByText(TIN).waitFor();
    });

    test('a text that is not saved survives a lost network, a second window and a sign-out @long', async () => {
      test.setTimeout(120_000);
      await openDashboard(page, proxy.origin);
      await page.goto(`${proxy.origin}/admin/forms/new`);
      await page.getByLabel('Title', { exact: true }).fill(`Kept in ${name}`);
      await press(page, 'Create form');
      const slug = `kept-in-${name.toLowerCase()}`;
      const stored = async () => (await findDraft(site.db, slug))?.text;
      await page.getByRole('link', { name: 'Text', exact: true }).click();

      await page.locator('.cm-line:first-child').waitFor();
      proxy.cut(true);
      try {
        await typeInTitle(page, ' offline');
        await page.getByText('Your text is kept on this device').waitFor();
      } finally {
        proxy.cut(false);
      }
      await expect.poll(stored).toContain(`Kept in ${name} offline`);

      const other = await engine.newPage();
      await other.goto(`${proxy.origin}/admin/forms/${slug}/edit#text`);
      await other.locator('.cm-line:first-child').waitFor();
      await typeInTitle(page, ' first');
      await expect.poll(stored).toContain('offline first');
      await typeInTitle(other, ' second');
      await isShown(other, 'You changed this form in two windows');
      expect(await stored()).not.toContain('second');
      await press(other, 'Use the saved text');
      await other.getByText('offline first').waitFor();
      await other.close();

      await site.db.query.deleteFrom('sessions').execute();
      await typeInTitle(page, ' later');
      await page.getByText('You are signed out. Sign in in another tab').waitFor();
      const signIn = await engine.newPage();
      await openDashboard(signIn, proxy.origin);
      await signIn.close();
      // Flipsite tries again by itself, every 30 seconds at the least.
      await expect.poll(stored, { timeout: 45_000 }).toContain('offline first later');
    });
  });
}
