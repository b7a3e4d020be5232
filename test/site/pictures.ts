/**
 * `npm run pictures`: takes the pictures of the manual from the running site, in `docs/fields` and `docs/page`. Each type
 * of field is there in four ways side by side: on a phone, on a dark one, on an Arabic one, and on a desktop with its error.
 * It also takes the first screen of each template, for the dashboard, and the pictures of the guide for publishers,
 * with the one of the README.
 * `npm run pictures -- templates` takes only the templates, and `-- publish` only the guide.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import sharp from 'sharp';
import { fieldTypeNames } from '../../src/form/fields/fields.ts';
import { templates } from '../../src/form/templates/templates.ts';
import { wordings, type Language } from '../../src/form/wording/wording.ts';
import { chromiumPath } from '../helpers/browser.ts';
import { openDashboard, openSubmission } from './dashboard.ts';
import { enterScreen, goOn, kitchen, openForms, type Entered } from './kitchen.ts';
import { layla, inArabic } from './layla.ts';
import { driver } from './people.ts';
import { publishPictures } from './publish-pictures.ts';
import { startSite, type RunningSite } from './running-site.ts';
import { QUICK } from './site-test.ts';
import { button, fillScreens, openForm, widgetOn, words } from './walk.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Largest picture, in bytes: of a part of a page, and of a page on a desktop. */
const LARGEST = 60_000;
const LARGEST_PAGE = 120_000;
/** Around each field, in CSS pixels. */
const MARGIN = 20;
const PHONE = 360;

interface Look {
  language: Language;
  width: number;
  dark?: boolean;
  /** Whether each screen is left wrong before it is filled in. */
  errors?: boolean;
}

const LOOKS: Look[] = [
  { language: 'en', width: PHONE },
  { language: 'en', width: PHONE, dark: true },
  { language: 'ar', width: PHONE },
  { language: 'en', width: 640, errors: true },
];

/** Values that fields refuse, apart from empty ones. */
const wrong: Entered = {
  email: 'layla@mail', mobile: '0917', profile: 'layla', badge: '41', hours: 90, rate: 20, call_at: '19:00', born: '2020-01-01',
}; // prettier-ignore

/** The field that shows a type, where it is not the first one. */
const SHOWN: Record<string, string> = { statement: 'soon' };

const fields = fieldTypeNames.map((type) => {
  const all = kitchen.screens.flatMap((screen) => screen.fields.map((field) => ({ screen: screen.id, ...field })));
  const found = all.find((field) => (SHOWN[type] ? field.id === SHOWN[type] : field.type === type));
  if (!found) throw new Error(`The form has no ${type}.`);
  return { type, id: found.id, screen: found.screen };
});

async function openLook(browser: Browser, { origin }: RunningSite, look: Omit<Look, 'language'>): Promise<Page> {
  const { width, dark } = look;
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height: 740 },
    deviceScaleFactor: 2,
    isMobile: width === PHONE,
    colorScheme: dark ? 'dark' : 'light',
    // For a style of ours.
    bypassCSP: true,
  });
  return context.newPage();
}

/** Hides all but one field, and the cursor. */
const ALONE = `
  :root:has([data-pictured]) :is(.top, .summary, .screen > :not([data-pictured])) { visibility: hidden }
  * { caret-color: transparent }`;

/** A field alone, with an even margin around it. */
async function pictureOf(page: Page, id: string): Promise<Buffer> {
  const field = page.locator(`[data-field="${id}"]`);
  await field.evaluate((element) => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    element.setAttribute('data-pictured', '');
    scrollTo(0, 0);
  });
  await page.mouse.move(0, 0);
  const box = await field.boundingBox();
  if (!box) throw new Error(`${id} is not on its screen.`);
  const { x, y, width, height } = box;
  const clip = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  const taken = await page.screenshot({ clip, fullPage: true });
  await field.evaluate((element) => element.removeAttribute('data-pictured'));
  return taken;
}

/** Walks the whole form in one look. @returns the picture of each field, by its id */
async function walk(browser: Browser, site: RunningSite, look: Look): Promise<Map<string, Buffer>> {
  const { language, errors } = look;
  const entered = language === 'ar' ? inArabic : layla;
  const page = await openLook(browser, site, look);
  const taken = new Map<string, Buffer>();
  await openForm(page, `/kitchen-sink/${language}?branch=cebu`);
  await page.addStyleTag({ content: ALONE });
  for (const { id } of kitchen.screens) {
    const here = fields.filter((field) => field.screen === id && field.type !== 'hidden');
    await page.locator(`#s-${id}`).waitFor();
    if (errors) {
      await enterScreen(page, id, wrong, language);
      await goOn(page, language);
      await page.locator(`.summary, .screen.now:not(#s-${id})`).waitFor();
      for (const one of here) {
        if (await page.locator(`.bad[data-field="${one.id}"]`).count()) taken.set(one.id, await pictureOf(page, one.id)); // prettier-ignore
      }
    }
    if (!(await page.locator(`#s-${id}`).isVisible())) continue;
    await enterScreen(page, id, entered, language);
    if (id === 'papers') await addPapers(page);
    for (const one of here) if (!taken.has(one.id)) taken.set(one.id, await pictureOf(page, one.id));
    await goOn(page, language);
  }
  await page.getByRole('heading', { name: wordings[language].review.title }).waitFor();
  await page.context().close();
  return taken;
}

/** Two files that have arrived, one of them a photo, and a line in the box to sign in. */
async function addPapers(page: Page): Promise<void> {
  const buffer = await sharp(Buffer.from(CARD)).png().toBuffer();
  await page.locator('[data-field=licence] input[type=file]').setInputFiles([
    { name: 'licence-front.png', mimeType: 'image/png', buffer },
    { name: 'licence-scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') },
  ]);
  await page.locator('[data-field=licence] input[type=hidden]').nth(1).waitFor({ state: 'attached' });
  await page.locator('canvas').scrollIntoViewIfNeeded();
  const box = await page.locator('canvas').boundingBox();
  if (!box) throw new Error('There is no box to sign in.');
  const move = (along: number) => {
    const down = 0.55 + 0.22 * Math.sin(along * 45) * (0.9 - along);
    return page.mouse.move(box.x + along * box.width, box.y + down * box.height);
  };
  await move(0.15);
  await page.mouse.down();
  for (let along = 0.15; along < 0.75; along += 0.01) await move(along);
  await page.mouse.up();
}

const CARD =
  '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240"><path fill="#b9d3c8" d="M0 0h240v240H0z"/><rect x="24" y="48" width="192" height="144" rx="14" fill="#fff"/><rect x="44" y="76" width="60" height="84" rx="8" fill="#8aa9a0"/><path d="M124 88h72M124 118h52M124 148h64" stroke="#5d7a72" stroke-width="10" stroke-linecap="round"/></svg>';

/** The parameters in an address, and their stored values. */
async function pictureOfHidden(browser: Browser, site: RunningSite): Promise<Buffer[]> {
  const address = await browser.newPage({ viewport: { width: PHONE, height: 90 }, deviceScaleFactor: 2 });
  await address.setContent(
    `<body style="margin:0;padding:20px;background:#fbfaf7;font:17px/1.5 system-ui;color:#5f5b54"><div style="padding:11px 16px;border:1px solid #89847a;border-radius:24px;background:#fff">safar.example/ride<b style="color:#1d1c1a;font-weight:600">?branch=cebu</b></div>`,
  );
  const services = await openDashboard(browser, site);
  await openSubmission(services, 'Ride with Safar', 'Layla Haddad');
  const row = services.getByText('branch', { exact: true }).locator('..');
  await row.evaluate((element) => {
    element.style.cssText =
      'position:fixed;inset:0 auto auto 0;z-index:1;zoom:2;padding:20px;background:var(--bg);inline-size:320px';
  });
  const taken = [await address.screenshot(), await row.screenshot()];
  await address.close();
  await services.context().close();
  return taken;
}

/** The complete page, at the moments that matter. @returns pictures by name */
async function pagePictures(browser: Browser, site: RunningSite): Promise<Record<string, Buffer[]>> {
  const look = async (path: string, width = PHONE, dark = false) => {
    const page = await openLook(browser, site, { width, dark });
    await openForm(page, path);
    return page;
  };
  const page = await look('/kitchen-sink');
  const start = await page.screenshot();
  await enterScreen(page, 'about', { ...wrong, mobile: layla['mobile'] ?? '' }, 'en');
  await goOn(page, 'en');
  await page.locator('.summary').waitFor();
  const errors = await page.screenshot();
  for (const { id } of kitchen.screens) {
    await page.locator(`#s-${id}`).waitFor();
    await enterScreen(page, id, layla, 'en');
    if (id === 'papers') await addPapers(page);
    await goOn(page, 'en');
  }
  await page.getByRole('heading', { name: wordings.en.review.title }).waitFor();
  const review = await page.screenshot();
  await button(page, words.en.send).click();
  await page.getByText(wordings.en.ending.reference).waitFor();
  const ending = await page.screenshot();

  const arabic = await look('/kitchen-sink/ar');
  await enterScreen(arabic, 'about', inArabic, 'ar');
  await arabic.evaluate(() => scrollTo(0, 0));
  const dark = await look('/gig-driver', PHONE, true);
  await dark.getByRole('radio', { name: 'Yes' }).check();
  const desktop = await look('/kitchen-sink', 1280);
  return {
    start: [start],
    errors: [errors],
    review: [review],
    ending: [ending],
    arabic: [await arabic.screenshot()],
    dark: [await dark.screenshot()],
    desktop: [await desktop.screenshot()],
    wink: await winkPictures(await look('/gig-driver')),
  };
}

/** A Wink screen before anything has happened, after it failed, and connected. */
async function winkPictures(page: Page): Promise<Buffer[]> {
  await fillScreens(page, driver.before);
  await button(page, words.en.connect).waitFor();
  const before = await page.screenshot({ fullPage: true });
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('Grab', 'wrong');
  await widget.press('Exit');
  await button(page, words.en.retry).waitFor();
  const failed = await page.screenshot({ fullPage: true });
  await button(page, words.en.retry).click();
  await widget.signInAt('Grab', '123456');
  await widget.press('Done');
  await page.getByRole('listitem').filter({ hasText: 'Grab' }).waitFor();
  await button(page, words.en.next).waitFor();
  return [before, failed, await page.screenshot({ fullPage: true })];
}

/** Pixels to a CSS pixel, and colors: values to try, the best first. */
const SHARPNESS = [[1.5, 64], [1.25, 64], [1, 64], [1, 32], [1, 16]] as const; // prettier-ignore

/** Writes pictures side by side on a neutral ground, as sharp as `largest` allows, in bytes. */
async function keep(browser: Browser, file: string, pictures: Buffer[], largest = LARGEST): Promise<void> {
  const images = pictures.map((png) => `<img src="data:image/png;base64,${png.toString('base64')}">`);
  for (const [scale, colours] of SHARPNESS) {
    const page = await browser.newPage({ viewport: { width: 4000, height: 100 }, deviceScaleFactor: scale });
    await page.setContent(
      `<style>body{margin:0}div{display:inline-flex;align-items:start;gap:24px;padding:24px;background:#d9d6cf}img{border-radius:24px;zoom:.5}</style><div>${images.join('')}</div>`,
    );
    const whole = await page.locator('div').screenshot();
    await page.close();
    const small = await sharp(whole).png({ palette: true, colours, dither: 0, effort: 10 }).toBuffer();
    if (small.length > largest) continue;
    const target = path.join(root, 'docs', file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, small);
    console.log(`docs/${file}  ${Math.ceil(small.length / 1_000)} kB`);
    return;
  }
  throw new Error(`docs/${file} has more than ${largest} bytes.`);
}

/** The size of a template's picture, in pixels. The dashboard shows it smaller. */
const TEMPLATE = { width: 360, height: 480 };
const LARGEST_TEMPLATE = 15_000;

/** Writes a picture of the first screen of each template, for the page on which a new form starts. */
async function keepTemplates(browser: Browser, { origin }: RunningSite): Promise<void> {
  const folder = path.join(root, 'src/components/dashboard/new-form/templates');
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ baseURL: origin, viewport: TEMPLATE, colorScheme: 'light', bypassCSP: true });
  for (const { name } of templates) {
    await openForm(page, `/${name}/en`);
    await page.addStyleTag({ content: '::-webkit-scrollbar { display: none }' });
    const picture = await sharp(await page.screenshot())
      .webp({ quality: 80, effort: 6 })
      .toBuffer();
    if (picture.length > LARGEST_TEMPLATE) throw new Error(`${name}.webp has more than ${LARGEST_TEMPLATE} bytes.`);
    writeFileSync(path.join(folder, `${name}.webp`), picture);
    console.log(`templates/${name}.webp  ${Math.ceil(picture.length / 1_000)} kB`);
  }
  await page.close();
}

async function keepManual(browser: Browser, site: RunningSite): Promise<void> {
  const walks: Map<string, Buffer>[] = [];
  for (const look of LOOKS) walks.push(await walk(browser, site, look));
  for (const { type, id } of fields) {
    const pictures =
      type === 'hidden' ? await pictureOfHidden(browser, site) : walks.flatMap((taken) => taken.get(id) ?? []);
    await keep(browser, `fields/${type}.png`, pictures);
  }
  for (const [name, pictures] of Object.entries(await pagePictures(browser, site))) {
    await keep(browser, `page/${name}.png`, pictures);
  }
}

async function keepGuide(browser: Browser, site: RunningSite): Promise<void> {
  for (const [name, pictures] of Object.entries(await publishPictures(browser, site))) {
    const file = name === 'readme' ? 'picture.png' : `publish/pictures/${name}.png`;
    await keep(browser, file, pictures, LARGEST_PAGE);
  }
}

const forms = openForms();
cpSync(path.join(root, 'forms'), forms.folder, { recursive: true });
for (const { name, text } of templates) forms.publish(name, text());
const site = await startSite({ FORMS_DIR: forms.folder });
const browser = await chromium.launch({ executablePath: await chromiumPath() });
try {
  await site.smile(QUICK);
  const asked = process.argv.slice(2);
  const takes = (group: string) => asked.length === 0 || asked.includes(group);
  if (takes('templates')) await keepTemplates(browser, site);
  if (takes('publish')) await keepGuide(browser, site);
  if (takes('manual')) await keepManual(browser, site);
} finally {
  await browser.close();
  await site.stop();
  forms.remove();
}
