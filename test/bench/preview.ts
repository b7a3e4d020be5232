/** The time from a key in the editor to the new page in its preview, and its parts, for a form of 200 screens. */
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { chromium, type Page } from 'playwright';
import { previewExpiry, signPreview } from '../../src/publish/previews/preview-token.ts';
import { saveDraft } from '../../src/record/forms/drafts.ts';
import { setManagedIn } from '../../src/record/forms/form-states.ts';
import { chromiumPath } from '../helpers/browser.ts';
import { openTestSite, removeFolder } from '../helpers/site.ts';
import { formOf } from '../helpers/samples/large-forms.ts';
import { inEditor, spreadOf } from './typing.ts';

const SCREENS = 200;
const ROUNDS = 15;

/** The longest time from a key to the preview with it, in ms. */
const GOAL_MS = 300;
/** The pause between two keys of a quick person, in ms. */
const BETWEEN_MS = 120;

const textOf = (round: number): string => {
  const screens = Array.from(
    { length: SCREENS },
    (_, n) =>
    [`  - id: s${n}`, `    title: Screen ${n}`, '    fields:', `      - { id: a${n}, type: text, label: Question ${n} }`, `      - { id: b${n}, type: radio, label: Choice ${n}, options: [{ value: x, label: X }, { value: y, label: Y }] }`].join('\n'), // prettier-ignore
  );
  return `title: Round ${round}\nscreens:\n${screens.join('\n')}\nendings: [{ id: done, title: Thanks }]\n`;
};

const median = (times: number[]): number => spreadOf(times).median;

/** In ms, from the editor's message to the page that says which screen it shows. */
const reload = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((done) => {
        const began = performance.now();
        addEventListener('message', function listen({ data }: MessageEvent<{ flipsite: string }>) {
          if (data.flipsite !== 'shown') return;
          removeEventListener('message', listen);
          done(performance.now() - began);
        });
        document.querySelector('iframe')?.contentWindow?.postMessage({ flipsite: 'saved' }, location.origin);
      }),
  );

/**
 * Types in the title of the first screen, whose preview is open.
 * @returns for each round the time from the last key of `keys` to the page that has it, in ms
 */
async function keyToPreview(page: Page, keys: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const shown = await page.evaluateHandle(
      (count) => ({
        time: new Promise<number>((done) => {
          let pressed = 0;
          let left = count;
          let typed: string | undefined;
          const noteKey = (event: KeyboardEvent) => void (pressed = event.timeStamp);
          const enter = ({ target }: Event) => {
            if (--left) return;
            typed = (target as HTMLInputElement).value;
            removeEventListener('keydown', noteKey, true);
            removeEventListener('input', enter, true);
          };
          addEventListener('keydown', noteKey, true);
          addEventListener('input', enter, true);
          addEventListener('message', function hear({ data }: MessageEvent<{ flipsite: string }>) {
            const title = document
              .querySelector('iframe')
              ?.contentDocument?.querySelector('.screen.now h1')?.textContent;
            if (data.flipsite !== 'shown' || typed === undefined || title?.trim() !== typed.trim()) return;
            removeEventListener('message', hear);
            done(performance.now() - pressed);
          });
        }),
      }),
      keys.length,
    );
    await page.keyboard.type(keys, { delay: BETWEEN_MS });
    times.push(await shown.evaluate(({ time }) => time));
    await page.waitForTimeout(500);
  }
  return times;
}

async function measureKeys(): Promise<boolean> {
  const medians: number[] = [];
  await inEditor(formOf(SCREENS), async (page) => {
    const outline = page.getByRole('region', { name: 'Outline', exact: true });
    await outline.getByRole('button', { name: 'Screen 0' }).first().click();
    await page.getByRole('region', { name: 'Edit', exact: true }).getByLabel('Title', { exact: true }).press('End');
    console.log(`| From a key to the new preview, ${ROUNDS} times, load ${loadavg()[0]?.toFixed(1)} | Half | 95 of 100 |`);
    console.log('| --- | ---: | ---: |');
    for (const [what, keys] of [['A single key', 'x'], ['The last key of a word', 'abcdef']] as const) {
      const { median, high } = spreadOf(await keyToPreview(page, keys));
      medians.push(median);
      console.log(`| ${what} | ${median.toFixed(0)} ms | ${high.toFixed(0)} ms |`);
    }
  }); // prettier-ignore
  return medians.every((ms) => ms <= GOAL_MS);
}

export async function run(): Promise<boolean> {
  const isQuick = await measureKeys();
  console.log('');
  await measureParts();
  return isQuick;
}

async function measureParts(): Promise<void> {
  const key = randomBytes(32);
  const site = await openTestSite({ forms: {}, key, env: { RATE_LIMIT: 'off' } });
  const browser = await chromium.launch({ executablePath: await chromiumPath() });
  try {
    await setManagedIn(site.db, 'long', 'dashboard', new Date());
    const save = (round: number) => saveDraft(site.db, { form: 'long', text: textOf(round), title: 'Long' }, round, new Date()); // prettier-ignore
    await save(0);
    const expiresAt = previewExpiry('frame', new Date());
    const path = `/preview/${signPreview([key], { form: 'long', kind: 'frame', generation: 1, expiresAt })}`;
    const timed = async (address: string): Promise<number> => {
      const began = performance.now();
      await (await fetch(site.origin + address)).text();
      return performance.now() - began;
    };
    await timed(`${path}/long`);
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    await page.goto(`${site.origin}/healthz`);
    await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), `${path}/long`); // prettier-ignore
    await page.frameLocator('iframe').locator('form[data-ready]').waitFor();
    const times = { check: [] as number[], render: [] as number[], load: [] as number[] };
    for (let round = 1; round <= ROUNDS; round++) {
      await save(round);
      times.check.push(await timed(`${path}/-/state`));
      times.render.push(await timed(`${path}/long`));
      times.load.push(await reload(page));
    }
    console.log(`| Form of ${SCREENS} screens, median of ${ROUNDS} | ms |\n| --- | ---: |`);
    console.log(`| Check the text and store the version | ${median(times.check).toFixed(0)} |`);
    console.log(`| Render the page | ${median(times.render).toFixed(0)} |`);
    console.log(`| Load it in the frame, until it says its screen | ${median(times.load).toFixed(0)} |`);
  } finally {
    await browser.close();
    await site.close();
    removeFolder(site.folder);
  }
}
