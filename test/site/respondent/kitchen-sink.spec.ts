/** A form with every type of field, with and without JavaScript, in English and Arabic. */
import type { Locator, Page } from 'playwright/test';
import { typeOf } from '../../../src/form/fields/fields.ts';
import { fillPipes, localize } from '../../../src/form/runtime/text.ts';
import { nameOfLanguage } from '../../../src/form/wording/language-names.ts';
import { wordings, type Language } from '../../../src/form/wording/wording.ts';
import { someOf } from '../../helpers/run/long.ts';
import { pdf, png, pngOf } from '../../helpers/samples/files.ts';
import { controlOf, enter, enterScreen, fieldOf, goOn, kitchen, type Entered } from '../kitchen.ts';
import { inArabic, kept, keptInArabic, layla } from '../layla.ts';
import type { RunningSite } from '../running-site.ts';
import { expect, siteWith, test } from '../site-test.ts';
import { button, heading, openForm } from '../walk.ts';

test.use({ kind: siteWith({}) });

const SLUG = 'kitchen-sink';
const people = { en: { entered: layla, kept }, ar: { entered: inArabic, kept: keptInArabic } };
const languages = ['ar', 'en'] as const;
const screens = kitchen.screens.map(({ id }) => id);

const front = { name: 'front.png', mimeType: 'image/png', buffer: png('front') };
const back = { name: 'back.pdf', mimeType: 'application/pdf', buffer: pdf('back') };

const placeOf = (page: Page, id: string): Locator => page.locator(`[data-field="${id}"]`);
const rowsOf = (page: Page, id: string): Locator => placeOf(page, id).getByRole('listitem');
const chooserOf = (page: Page, id: string): Locator => placeOf(page, id).locator('input[type=file]');
const summaryOf = (page: Page): Locator => page.locator('.summary');
const titleOf = (screen: string, language: Language): string =>
  fillPipes(localize(kitchen.screens.find(({ id }) => id === screen)?.title ?? '', language), { full_name: String(people[language as 'en'].entered['full_name']) }); // prettier-ignore

async function stored(site: RunningSite) {
  const [submission] = await site.submissions(SLUG);
  if (!submission) throw new Error('Nothing is stored.');
  return submission;
}

/** The ids of a submission's files, by field. */
async function filesOf(site: RunningSite) {
  const { files } = await stored(site);
  return Object.fromEntries(
    ['licence', 'signed'].map((id) => [id, files.filter(({ field }) => field === id).map((file) => file.id)]),
  );
}

/** Fills in all screens but the last. */
async function fillUp(page: Page, entered: Entered, language: Language): Promise<void> {
  for (const id of screens.slice(0, -1)) {
    await expect(page.locator(`#s-${id}`)).toBeVisible();
    await enterScreen(page, id, entered, language);
    await goOn(page, language);
  }
  await expect(page.locator('#s-papers')).toBeVisible();
}

async function draw(page: Page): Promise<void> {
  await page.locator('canvas').scrollIntoViewIfNeeded();
  const box = await page.locator('canvas').boundingBox();
  if (!box) throw new Error('There is no box to sign in.');
  await page.mouse.move(box.x + 30, box.y + 40);
  await page.mouse.down();
  for (let x = 30; x < 200; x += 10) await page.mouse.move(box.x + x, box.y + 40 + (x % 40));
  await page.mouse.up();
}

/** How the review shows an answer. */
function shown(id: string, entered: Entered, stores: Entered, language: Language): string {
  const { review, fields } = wordings[language];
  if (id === 'licence') return 'front.png\nback.pdf';
  if (id === 'signed') return `${wordings[language].files.signed}.png`;
  const field = fieldOf(id);
  const answer = stores[id];
  if (answer === undefined) return review.none;
  switch (field.type) {
    case 'consent':
      return '✓';
    case 'rating':
      return fillPipes(fields.starSome, { n: String(answer) });
    case 'checkboxes':
    case 'address':
      return typeOf(field).show(field, entered[id] ?? answer, language);
    case 'text':
      return field.format ? typeOf(field).show(field, answer, language) : String(entered[id]);
    case 'phone':
    case 'url':
      return String(entered[id]);
    default:
      return typeOf(field).show(field, answer, language);
  }
}

/** The content of the review: labels and answers, in order. */
async function reviewed(page: Page): Promise<[string, string][]> {
  const labels = await page.locator('#s-review dt').allInnerTexts();
  const answers = await page.locator('#s-review dd').allInnerTexts();
  return labels.map((label, at) => [label, answers[at] ?? '']);
}

/** The expected content. */
function toReview(entered: Entered, stores: Entered, without: string[], language: Language): [string, string][] {
  const name = String(entered['full_name']);
  const fields = kitchen.screens.flatMap((screen) => screen.fields);
  return fields
    .filter(({ id, type }) => type !== 'hidden' && type !== 'statement' && !without.includes(id))
    .map(({ id, label }) => [
      fillPipes(localize(label, language), { full_name: name }),
      shown(id, entered, stores, language),
    ]);
}

const NOT_ASKED = ['employer', 'praise'];

for (const language of someOf(languages, 1)) {
  const { entered, kept: stores } = people[language];
  const words = wordings[language];

  test(`everything is filled in, reviewed, changed and stored, in ${nameOfLanguage(language)}`, async ({
    page,
    site,
  }) => {
    // A changed browser can send anything for a computed field.
    await page.route('**/api/submissions/*/answers', (route) => {
      const body = route.request().postDataJSON() as { screen: string; answers: Entered };
      const forged = body.screen === 'pay' ? { ...body, answers: { ...body.answers, income: 1 } } : body;
      return route.continue({ postData: JSON.stringify(forged) });
    });
    await openForm(page, `/${SLUG}/${language}?branch=cebu&referral=R77&unknown=1`);
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await fillUp(page, entered, language);
    await chooserOf(page, 'licence').setInputFiles([front, back]);
    await expect(rowsOf(page, 'licence').locator('input[type=hidden]')).toHaveCount(2);
    if (language === 'en') {
      // The drawing is taken when the person leaves the screen.
      await draw(page);
    } else {
      await button(page, words.files.typed).click();
      await page.getByLabel(words.files.name).fill('ليلى حداد');
      await button(page, words.files.use).click();
      await expect(rowsOf(page, 'signed')).toHaveCount(1);
    }
    await enterScreen(page, 'papers', entered, language);
    await goOn(page, language);

    await expect(heading(page, words.review.title)).toBeVisible();
    expect(await reviewed(page)).toEqual(toReview(entered, stores, NOT_ASKED, language));
    await button(page, `${words.review.change} ${titleOf('pay', language)}`).click();
    await expect(placeOf(page, 'income').locator('output')).toHaveText(shown('income', entered, stores, language));
    await enter(page, 'hours', 40, language);
    await expect(placeOf(page, 'bonus')).toBeHidden();
    await goOn(page, language);
    await expect(heading(page, words.review.title)).toBeVisible();
    const { bonus: _bonus, ...less }: Entered = { ...stores, hours: 40, income: 20_887 };
    expect(await reviewed(page)).toEqual(toReview({ ...entered, hours: 40 }, less, [...NOT_ASKED, 'bonus'], language));

    await button(page, words.page.send).click();
    await expect(page.getByText(words.ending.reference)).toBeVisible();
    const submission = await stored(site);
    // An answer in a sentence from right to left has its own direction.
    const inSentence = (answer: string) => (language === 'ar' ? `\u2068${answer}\u2069` : answer);
    const income = inSentence(shown('income', entered, less, language));
    const reference = inSentence(submission.reference ?? '');
    const [done] = kitchen.endings;
    const inTitle = { full_name: inSentence(String(entered['full_name'])) };
    await expect(heading(page, fillPipes(localize(done?.title ?? '', language), inTitle))).toBeVisible();
    await expect(page.locator('#ending .lines')).toHaveText(
      fillPipes(localize(done?.text ?? '', language), { income, reference }),
    );
    expect(submission).toMatchObject({ status: 'submitted', language, ending: 'done', params: { referral: 'R77' } });
    expect(submission.answers).toEqual({ ...less, ...(await filesOf(site)) });
    expect(submission.files.map(({ field, name: file, type }) => [field, file, type])).toEqual([
      ['licence', 'front.png', 'image/png'],
      ['licence', 'back.pdf', 'application/pdf'],
      ['signed', `${words.files.signed}.png`, 'image/png'],
    ]);
  });

  test.describe(`without JavaScript, in ${nameOfLanguage(language)}`, () => {
    test.use({ javaScriptEnabled: false });

    test('one long form keeps the entered values beside its errors, and is stored @long', async ({ page, site }) => {
      const before = await site.submissions(SLUG);
      await page.goto(`/${SLUG}/${language}`);
      const bad: Entered = { ...entered, badge: '41', apps: ['grab', 'none_of_these'], likely: 6 };
      const { email: _email, apps_other: _other, ...left } = bad;
      for (const id of screens) await enterScreen(page, id, left, language);
      await chooserOf(page, 'licence').setInputFiles([front, back]);
      await chooserOf(page, 'signed').setInputFiles([front]);
      const refused = page.waitForResponse((response) => response.request().method() === 'POST');
      await button(page, words.page.send).click();
      expect((await refused).status()).toBe(422);

      await expect(page).toHaveTitle(new RegExp(`^${words.page.error}`));
      await expect(summaryOf(page)).toBeFocused();
      const told = await summaryOf(page).getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))); // prettier-ignore
      expect(told).toEqual(['#f-email', '#f-badge', '#f-apps', '#f-licence', '#f-signed']);
      await expect(placeOf(page, 'apps')).toContainText(
        typeOf(fieldOf('apps')).sentences[language](fieldOf('apps')).alone ?? 'a sentence',
      );
      for (const id of ['full_name', 'mobile', 'story', 'tin', 'rate', 'born', 'city', 'city_other'] as const) {
        // An amount comes back as amounts are written.
        await expect(controlOf(page, id, language)).toHaveValue(id === 'rate' ? '120.50' : String(entered[id]));
      }
      await expect(placeOf(page, 'home').getByRole('combobox')).toHaveValue('PH');
      await expect(placeOf(page, 'stars').locator('[value="4"]')).toBeChecked();
      expect(await site.submissions(SLUG)).toEqual(before);

      const none = wordings[language].fields.none;
      await placeOf(page, 'apps').getByRole('checkbox', { name: none, exact: true }).uncheck();
      const { email, badge, apps, apps_other } = entered;
      for (const [id, value] of Object.entries({ email, badge, apps, apps_other })) {
        await enter(page, id, value ?? '', language);
      }
      await chooserOf(page, 'licence').setInputFiles([front, back]);
      await chooserOf(page, 'signed').setInputFiles([front]);
      const sent = page.waitForResponse((response) => response.request().method() === 'POST');
      await button(page, words.page.send).click();
      expect((await sent).status()).toBe(303);

      await expect(page.getByText(words.ending.reference)).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      const submission = await stored(site);
      expect(submission).toMatchObject({ status: 'submitted', language, ending: 'done' });
      expect(submission.answers).toEqual({ ...stores, branch: 'head office', ...(await filesOf(site)) });
      expect(submission.files.map(({ name }) => name)).toEqual(['front.png', 'back.pdf', 'front.png']);
    });
  });
}

test('a combination of several features @long', async ({ page }) => {
  await openForm(page, `/${SLUG}`);
  for (const id of ['about', 'numbers']) {
    await enterScreen(page, id, layla, 'en');
    await goOn(page, 'en');
  }
  const apps = page.getByRole('group', { name: 'Which apps do you ride for?' });
  const box = (name: string) => apps.getByRole('checkbox', { name, exact: true });
  await box('Grab').check();
  await box('Other').check();
  await expect(placeOf(page, 'apps_other')).toBeVisible();
  await box('None of these').check();
  await expect(box('Grab')).not.toBeChecked();
  await expect(box('Other')).not.toBeChecked();
  await expect(placeOf(page, 'apps_other')).toBeHidden();
  await box('Angkas').check();
  await expect(box('None of these')).not.toBeChecked();
});

test('a file shows its progress and its type, and can be removed and chosen again @long', async ({ page, site }) => {
  await openForm(page, `/${SLUG}`);
  await fillUp(page, layla, 'en');
  let goOnSending = () => {};
  const held = new Promise<void>((done) => (goOnSending = done));
  await page.route('**/files?*', async (route) => {
    await held;
    await route.continue();
  });
  await chooserOf(page, 'licence').setInputFiles(front);
  const row = rowsOf(page, 'licence').filter({ hasText: 'front.png' });
  await expect(row.getByRole('progressbar')).toBeVisible();
  await expect(row.locator('img')).toHaveJSProperty('naturalWidth', 1);
  await enter(page, 'agree', true, 'en');
  await draw(page);
  await goOn(page, 'en');
  await expect(page.locator('#status')).toHaveText(/Your files are still uploading/);
  goOnSending();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await button(page, 'Change Papers and signature').click();
  await expect(row.getByRole('progressbar')).toBeHidden();

  const gone = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await button(page, 'Remove front.png').click();
  expect((await gone).ok()).toBe(true);
  await expect(rowsOf(page, 'licence')).toHaveCount(0);
  await goOn(page, 'en');
  await expect(summaryOf(page).getByRole('link')).toHaveText(["Choose a file for “Driver's licence”"]);

  // Their order stays as they were chosen, also where the first one takes longer.
  await page.route('**/files?*', async (route) => {
    if (decodeURIComponent(route.request().headers()['x-file-name'] ?? '') === 'front.png')
      await new Promise((later) => setTimeout(later, 500));
    await route.continue();
  });
  await chooserOf(page, 'licence').setInputFiles([front, back]);
  await expect(rowsOf(page, 'licence').locator('input[type=hidden]')).toHaveCount(2);
  await page.reload();
  await expect(rowsOf(page, 'licence')).toContainText(['front.png', 'back.pdf']);
  await expect(rowsOf(page, 'signed')).toHaveCount(1);
  await goOn(page, 'en');
  await expect(page.locator('#s-review dd').filter({ hasText: 'front.png back.pdf' })).toBeVisible();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Layla Haddad')).toBeVisible();
  expect((await stored(site)).files.map(({ name }) => name).sort()).toEqual(['Signed.png', 'back.pdf', 'front.png']);
});

test('a file that is not taken is refused in plain words @long', async ({ page }) => {
  await openForm(page, `/${SLUG}`);
  await fillUp(page, layla, 'en');
  const said = summaryOf(page).getByRole('link');
  await chooserOf(page, 'licence').setInputFiles({ ...front, name: 'notes.png', buffer: Buffer.from('only text') });
  await expect(said).toHaveText(['Choose a file of one of these kinds: JPEG, PNG, WebP, HEIC, PDF']);
  await expect(rowsOf(page, 'licence')).toHaveCount(0);
  await chooserOf(page, 'licence').setInputFiles({ ...front, buffer: pngOf(1_048_577) });
  await expect(said).toHaveText(['Choose a file of 1 MB or less']);
  await chooserOf(page, 'licence').setInputFiles({ ...front, buffer: Buffer.alloc(0) });
  await expect(said).toHaveText(['Choose another file, because this one is empty']);
  await chooserOf(page, 'licence').setInputFiles([1, 2, 3, 4].map((n) => ({ ...front, name: `${n}.png`, buffer: png(`${n}`) }))); // prettier-ignore
  await expect(said).toHaveText(['Choose 3 files at most']);
  await expect(rowsOf(page, 'licence')).toHaveCount(3);
  await expect(button(page, 'Add another file')).toBeHidden();
});

test('a file that is taken takes the place of the error about the one before @long', async ({ page }) => {
  await openForm(page, `/${SLUG}`);
  await fillUp(page, layla, 'en');
  await chooserOf(page, 'licence').setInputFiles({ ...front, name: 'notes.png', buffer: Buffer.from('only text') });
  await expect(placeOf(page, 'licence').locator('.error')).toBeVisible();
  await expect(page).toHaveTitle(/^Error: /);
  await chooserOf(page, 'licence').setInputFiles(front);
  await expect(rowsOf(page, 'licence').locator('input[type=hidden]')).toHaveCount(1);
  await expect(placeOf(page, 'licence').locator('.error')).toHaveCount(0);
  await expect(placeOf(page, 'licence')).not.toHaveClass(/bad/);
  await expect(chooserOf(page, 'licence')).not.toHaveAttribute('aria-invalid', 'true');
  await expect(summaryOf(page)).toHaveCount(0);
  await expect(page).not.toHaveTitle(/^Error: /);
});

test('without a signature, or with a tap alone, the error leads to where one signs @long', async ({ page }) => {
  await openForm(page, `/${SLUG}`);
  await fillUp(page, layla, 'en');
  await chooserOf(page, 'licence').setInputFiles(front);
  await enter(page, 'agree', true, 'en');
  await page.locator('canvas').click();
  await goOn(page, 'en');
  const link = summaryOf(page).getByRole('link', { name: 'Add your signature at “Your signature”' });
  await expect(link).toBeVisible();
  await link.click();
  await expect(placeOf(page, 'signed').locator(':focus')).toBeVisible();
  await button(page, 'Type your name instead').click();
  await placeOf(page, 'signed').getByLabel('Your full name').fill('Layla Haddad');
  // The second click sends nothing more, and so there is no error about it.
  await button(page, 'Use this signature').dblclick();
  await expect(rowsOf(page, 'signed').locator('input[type=hidden]')).toHaveCount(1);
  await expect(placeOf(page, 'signed').locator('.error')).toHaveCount(0);
  await expect(summaryOf(page)).toHaveCount(0);
});

test('the language changes in the middle, and takes everything along', async ({ page, site }) => {
  await openForm(page, `/${SLUG}`);
  await enterScreen(page, 'about', layla, 'en');
  // Until then, sensitive answers are in the memory of this page alone.
  await goOn(page, 'en');
  await expect(page.getByRole('status').filter({ hasText: 'Your answers are saved.' })).toBeVisible();
  await enter(page, 'tin', '123 45', 'en');
  await page.getByRole('link', { name: 'العربية' }).click();
  await page.locator('form[data-ready]').waitFor();

  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(heading(page, 'وثائقك يا Layla Haddad')).toBeVisible();
  await expect(controlOf(page, 'tin', 'ar')).toHaveValue('123 45');
  await expect(page.locator('#s-numbers .turn')).toHaveCSS('transform', 'matrix(-1, 0, 0, 1, 0, 0)');
  await button(page, 'رجوع').click();
  for (const id of ['full_name', 'email', 'mobile'] as const) {
    await expect(controlOf(page, id, 'ar')).toHaveValue(String(layla[id]));
  }
  await expect(controlOf(page, 'full_name', 'ar')).toHaveCSS('direction', 'rtl');
  for (const id of ['email', 'mobile', 'profile']) {
    await expect(controlOf(page, id, 'ar')).toHaveCSS('direction', 'ltr');
  }
  await goOn(page, 'ar');
  await enter(page, 'tin', '123 456 788', 'ar');
  await goOn(page, 'ar');
  await enterScreen(page, 'work', { status: 'none', apps: ['none_of_these'], city: 'cebu', has_bike: false }, 'ar');
  await goOn(page, 'ar');
  await expect(heading(page, 'راجع إجاباتك')).toBeVisible();
  await button(page, 'إرسال').click();
  await expect(heading(page, 'عُد إلينا عندما تصبح لديك دراجة نارية')).toBeVisible();
  const { full_name, email, mobile: _mobile, profile: _profile, badge, story } = layla;
  expect(await stored(site)).toMatchObject({
    language: 'ar',
    ending: 'not_yet',
    outcome: 'disqualified',
    answers: {
      full_name,
      email,
      badge,
      story,
      tin: '123456788',
      status: 'none',
      apps: ['none_of_these'],
      has_bike: false,
    },
  });
});

test('the language can change while the first answers are on their way @long', async ({ page, site }) => {
  const before = await site.submissions(SLUG);
  const starts = '**/api/forms/*/submissions';
  // The server's answer is lost.
  await page.route(starts, async (route) => {
    await route.fetch();
    // A page that is left ends its requests by itself.
    await route.abort().catch(() => undefined);
  });
  await openForm(page, `/${SLUG}`);
  const lost = page.waitForEvent('requestfailed');
  // A sensitive answer that is still on its way stays behind with its page.
  const { badge: _badge, ...others } = layla;
  await enterScreen(page, 'about', others, 'en');
  await goOn(page, 'en');
  await lost;
  await page.getByRole('link', { name: 'العربية' }).click();
  // Not before: the page that is left tries again within a second.
  await page.locator('html[dir=rtl] form[data-ready]').waitFor();
  await page.unroute(starts);
  await expect(page.getByRole('status').filter({ hasText: 'إجاباتك محفوظة.' })).toBeVisible();
  const after = await site.submissions(SLUG);
  expect(after).toHaveLength(before.length + 1);
  expect(after[0]).toMatchObject({ language: 'ar', answers: { full_name: 'Layla Haddad' } });
});
