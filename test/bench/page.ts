/** The reference form's page on an emulated cheap phone, beside the same form written by hand. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright';
import { chromiumPath } from '../helpers/browser.ts';
import { scriptBytes, weighSmall } from '../helpers/weight.ts';
import { startSite } from '../site/running-site.ts';
import { holdsExactly, line, moved, table, type Measured } from './figures.ts';
import { startFloor } from './floor.ts';
import { PHONE } from './phone.ts';
import { visit, type Subject } from './visit.ts';

/** Timings of a light page differ by some 50 ms from visit to visit; fewer rounds than these say little. */
const ROUNDS = '9';

const FORMS_DIR = fileURLToPath(new URL('forms', import.meta.url));

export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: ROUNDS } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number of 1 or more, like 9.');

  const executablePath = await chromiumPath();
  const floor = await startFloor();
  const site = await startSite({ FORMS_DIR, RATE_LIMIT: 'off' });
  try {
    const ours = `${site.origin}/driver-onboarding`;
    const script = { floor: scriptBytes(floor.html), ours: scriptBytes((await weighSmall(ours)).text) };
    const subjects: Subject[] = [
      { name: 'floor', address: floor.address },
      { name: 'ours', address: ours },
    ];
    const measured: Measured = { floor: [], ours: [] };
    let version = '';
    for (let round = 1; round <= rounds; round++) {
      console.error(`Round ${round} of ${rounds}`);
      const browser = await chromium.launch({ executablePath });
      version = browser.version();
      try {
        const order = Math.random() < 0.5 ? subjects : subjects.toReversed();
        for (const subject of order) await warm(browser, subject);
        for (const subject of order) {
          measured[subject.name].push({ ...(await visit(browser, subject)), script: script[subject.name] });
        }
      } finally {
        await browser.close();
      }
    }
    console.log(`${table(measured)}\n`);
    console.log(`Median of ${rounds} (lowest–highest). Chromium ${version} as a phone: ${PHONE}.\n`);
    for (const element of moved(measured)) console.log(`Moved while nobody pressed anything: ${element}\n`);
    console.log(`For docs/contribute/benchmarks.md:\n\n${line(measured)}`);
    return holdsExactly(measured);
  } finally {
    await site.stop();
    await floor.stop();
  }
}

/** The first page that a browser opens pays for starting it. */
async function warm(browser: Browser, { address }: Subject): Promise<void> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.close();
}
