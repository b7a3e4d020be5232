/**
 * `npm run pictures`: takes the pictures of the manual from the running site. Each type of field stands in four ways side
 * by side: on a phone, on a dark phone, on an Arabic phone, and on a desktop with its error.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import sharp from 'sharp';
import { fieldTypeNames } from '../../src/form/fields/fields.ts';
import { wordings, type Language } from '../../src/form/wording/wording.ts';
import { chromiumPath } from '../helpers/browser.ts';
import { enter, enterScreen, goOn, kitchen, openForms, type Entered } from './kitchen.ts';
import { layla } from './layla.ts';
import { startSite } from './running-site.ts';
import { openForm } from './walk.ts';

const docs = path.resolve(import.meta.dirname, '../../docs');

/** Largest picture, in bytes. */
const LARGEST = 60_000;
/** Around each field, in CSS pixels. */
const MARGIN = 20;

interface Look {
  language: Language;
  width: number;
  dark?: boolean;
  /** Whether the screens are refused before they are filled in. */
  errors?: boolean;
}

const LOOKS: Look[] = [
  { language: 'en', width: 360 },
  { language: 'en', width: 360, dark: true },
  { language: 'ar', width: 360 },
  { language: 'en', width: 800, errors: true },
];

const arabic: Entered = {
  ...layla,
  full_name: 'ليلى حداد',
  story: 'أعرف كل شوارع المدينة القديمة.',
  status_other: 'أدرس',
  apps_other: 'بادياك',
  city: 'other',
  city_other: 'باكولود',
  home: { line1: '12 شارع مابيني', line2: 'شقة 3', city: 'سيبو', region: 'فيساياس الوسطى', postal_code: '6000', country: 'PH' },
}; // prettier-ignore

/** What no field takes, so that each shows its error. */
const wrong: Entered = {
  email: 'layla@mail', mobile: '0917', profile: 'layla', story: '', badge: '41', tin: '12', hours: 90, rate: 20,
  call_at: '19:00', born: '2020-01-01', apps: ['grab', 'none_of_these'],
}; // prettier-ignore

/** The field of each type that is shown, where it is not the first one. */
const SHOWN: Record<string, string> = { statement: 'rider' };

const fields = fieldTypeNames.map((type) => {
  const all = kitchen.screens.flatMap((screen) => screen.fields.map((field) => ({ screen: screen.id, ...field })));
  const found = all.find((field) => (SHOWN[type] ? field.id === SHOWN[type] : field.type === type));
  if (!found) throw new Error(`The form has no ${type}.`);
  return { type, id: found.id, screen: found.screen };
});

/** A field alone, with an even margin around it. */
async function pictureOf(page: Page, id: string, width: number): Promise<Buffer> {
  const field = page.locator(`[data-field="${id}"]`);
  await field.evaluate((element) => {
    document.activeElement instanceof HTMLElement && document.activeElement.blur();
    element.setAttribute('data-pictured', '');
  });
  const box = await field.boundingBox();
  if (!box) throw new Error(`${id} is not on its screen.`);
  const top = box.y + (await page.evaluate(() => scrollY));
  const wide = Math.min(width, 33 * 16 + 2 * MARGIN);
  const clip = { x: (width - wide) / 2, y: top - MARGIN, width: wide, height: box.height + 2 * MARGIN };
  const taken = await page.screenshot({ clip, fullPage: true });
  await field.evaluate((element) => element.removeAttribute('data-pictured'));
  return taken;
}

const ALONE = `:root:has([data-pictured]) :is(.top, .summary, .screen > :not([data-pictured])) { visibility: hidden }`;

async function openLook(browser: Browser, origin: string, { width, dark }: Look): Promise<Page> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height: 800 },
    deviceScaleFactor: 2,
    isMobile: width < 600,
    colorScheme: dark ? 'dark' : 'light',
    bypassCSP: true,
  });
  return context.newPage();
}

/** Walks the whole form in one look. @returns the picture of each field */
async function walk(browser: Browser, origin: string, look: Look): Promise<Map<string, Buffer>> {
  const { language, width, errors } = look;
  const entered = language === 'ar' ? arabic : layla;
  const page = await openLook(browser, origin, look);
  const taken = new Map<string, Buffer>();
  await openForm(page, `/kitchen-sink/${language}`);
  await page.addStyleTag({ content: ALONE });
  for (const { id } of kitchen.screens) {
    const here = fields.filter((field) => field.screen === id && field.type !== 'hidden');
    await page.locator(`#s-${id}`).waitFor();
    if (errors) {
      await enterScreen(page, id, wrong, language);
      await goOn(page, language);
      await page.waitForTimeout(300);
      for (const one of here.filter((field) => field.type !== 'statement')) {
        if (await page.locator(`[data-field="${one.id}"].bad`).count()) taken.set(one.id, await pictureOf(page, one.id, width)); // prettier-ignore
      }
    }
    await enterScreen(page, id, entered, language);
    if (id === 'papers') await addPapers(page, language);
    for (const one of here) if (!taken.has(one.id)) taken.set(one.id, await pictureOf(page, one.id, width));
    if (id === 'papers') await sign(page, language);
    await goOn(page, language);
  }
  await page.context().close();
  return taken;
}

/** Two files that have arrived, one of them a photo, and a line in the box to sign in. */
async function addPapers(page: Page, language: Language): Promise<void> {
  const photo = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#b9d3c8' } })
    .composite([{ input: Buffer.from(CARD) }])
    .png()
    .toBuffer();
  await page.locator('[data-field=licence] input[type=file]').setInputFiles([
    { name: 'licence-front.png', mimeType: 'image/png', buffer: photo },
    { name: 'licence-scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') },
  ]);
  await page.locator('[data-field=licence] input[type=hidden]').nth(1).waitFor({ state: 'attached' });
  const box = await page.locator('canvas').boundingBox();
  if (!box) throw new Error('There is no box to sign in.');
  await page.locator('canvas').scrollIntoViewIfNeeded();
  await enter(page, 'agree', true, language);
  const { x, y, width, height } = (await page.locator('canvas').boundingBox()) ?? box;
  const at = (along: number, down: number): [number, number] => [x + along * width, y + down * height];
  await page.mouse.move(...at(0.15, 0.6));
  await page.mouse.down();
  for (let along = 0.15; along < 0.75; along += 0.01) {
    await page.mouse.move(...at(along, 0.55 + 0.22 * Math.sin(along * 45) * (0.9 - along)));
  }
  await page.mouse.up();
}

async function sign(page: Page, language: Language): Promise<void> {
  await page.getByRole('button', { name: wordings[language].files.use }).click();
  await page.locator('[data-field=signed] input[type=hidden]').waitFor({ state: 'attached' });
}

const CARD = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><rect x="20" y="20" width="280" height="160" rx="14" fill="#fff"/><rect x="40" y="52" width="76" height="92" rx="8" fill="#8aa9a0"/><path d="M140 62h130M140 90h100M140 118h116" stroke="#5d7a72" stroke-width="10" stroke-linecap="round"/></svg>`;

/** Pictures side by side on a neutral ground, as small as `LARGEST` asks. */
async function keep(file: string, pictures: Buffer[], browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 2400, height: 100 }, deviceScaleFactor: 1 });
  const images = await Promise.all(
    pictures.map(async (png) => {
      const { width = 0 } = await sharp(png).metadata();
      return `<img width="${width / 2}" src="data:image/png;base64,${png.toString('base64')}">`;
    }),
  );
  await page.setContent(
    `<body style="margin:0"><div style="display:inline-flex;align-items:start;gap:24px;padding:24px;background:#d9d6cf">${images.join('')}<style>img{border-radius:12px;display:block}</style></div>`,
  );
  const whole = await page.locator('div').screenshot();
  await page.close();
  for (const colours of [128, 64, 32, 16]) {
    const small = await sharp(whole).png({ palette: true, colours, dither: 0, effort: 10 }).toBuffer();
    if (small.length > LARGEST && colours > 16) continue;
    const target = path.join(docs, file);
    mkdirSync(path.dirname(target), { recursive: true });
    await sharp(small).toFile(target);
    console.log(`${file}  ${(small.length / 1_000).toFixed(0)} kB  ${colours}`);
    return;
  }
}

const forms = openForms();
const site = await startSite({ FORMS_DIR: forms.folder });
const browser = await chromium.launch({ executablePath: await chromiumPath() });
try {
  const walks: Map<string, Buffer>[] = [];
  for (const look of LOOKS) walks.push(await walk(browser, site.origin, look));
  for (const { type, id } of fields) {
    const pictures = walks.flatMap((taken) => taken.get(id) ?? []);
    if (pictures.length) await keep(`fields/${type}.png`, pictures, browser);
  }
} finally {
  await browser.close();
  await site.stop();
  forms.remove();
}
