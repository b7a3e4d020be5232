/** The time from a saved draft to the new page in an open preview, for a form of 200 screens. */
import { randomBytes } from 'node:crypto';
import { chromium, type Page } from 'playwright';
import { previewExpiry, signPreview } from '../../src/publish/previews/preview-token.ts';
import { saveDraft } from '../../src/record/forms/drafts.ts';
import { setOwner } from '../../src/record/versions.ts';
import { chromiumPath } from '../helpers/browser.ts';
import { openTestSite, removeFolder } from '../helpers/site.ts';

const SCREENS = 200;
const ROUNDS = 15;

const textOf = (round: number): string => {
  const screens = Array.from(
    { length: SCREENS },
    (_, n) =>
    [`  - id: s${n}`, `    title: Screen ${n}`, '    fields:', `      - { id: a${n}, type: text, label: Question ${n} }`, `      - { id: b${n}, type: radio, label: Choice ${n}, options: [{ value: x, label: X }, { value: y, label: Y }] }`].join('\n'), // prettier-ignore
  );
  return `title: Round ${round}\nscreens:\n${screens.join('\n')}\nendings: [{ id: done, title: Thanks }]\n`;
};

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

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

export async function run(): Promise<boolean> {
  const key = randomBytes(32);
  const site = await openTestSite({ forms: {}, key, env: { RATE_LIMIT: 'off' } });
  const browser = await chromium.launch({ executablePath: await chromiumPath() });
  try {
    await setOwner(site.db, 'long', 'dashboard', new Date());
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
    return true;
  } finally {
    await browser.close();
    await site.close();
    removeFolder(site.folder);
  }
}
