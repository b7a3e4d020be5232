/** The budget of bytes that a person on a slow network waits for. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languageCodes } from '../../src/form/wording/wording.ts';
import { openTestSite, removeFolder, root, type TestSite } from '../helpers/site.ts';
import { scriptBytes, weigh, weighSmall } from '../helpers/weight.ts';

/** A first flight of TCP brings some 14 kB (RFC 6928), so that a page within them needs one round trip. */
const ONE_ROUND_TRIP = 14_000;

const REFERENCE = 'driver-onboarding';

let site: TestSite;
let shipped: TestSite;
beforeAll(async () => {
  const yaml = readFileSync(path.join(root, 'test/bench/forms', `${REFERENCE}.yaml`), 'utf8');
  site = await openTestSite({ forms: { [REFERENCE]: yaml } });
  shipped = await openTestSite();
});
afterAll(async () => {
  for (const one of [site, shipped]) {
    await one.close();
    removeFolder(one.folder);
  }
});

describe('the page of a form of three screens and eleven fields', () => {
  it('weighs at most 10 kB, as well compressed as can be', async () => {
    const { bytes } = await weighSmall(`${site.origin}/${REFERENCE}`);
    expect(bytes).toBeLessThanOrEqual(10_000);
  });

  it('spends at most 4,650 bytes of that on script', async () => {
    const { text } = await weigh(`${site.origin}/${REFERENCE}`);
    expect(text).toContain('<script>');
    expect(scriptBytes(text)).toBeLessThanOrEqual(4_650);
  });

  it('loads nothing else before the first field can be used', async () => {
    const { text: html } = await weigh(`${site.origin}/${REFERENCE}`);
    const text = html.replace(/<noscript>.*?<\/noscript>/gs, '');
    const loading = [
      ...text.matchAll(/<(?!a\b|use\b)[a-z][^>]*?\s(?:src|srcset|href|poster|background)\s*=\s*["']?([^\s"'>]*)/g),
      ...text.matchAll(/url\(\s*["']?([^"')]*)/g),
    ];
    expect(loading.map(([, address = '']) => address).filter((address) => !address.startsWith('data:'))).toEqual([]);
    expect(text).not.toMatch(/@import|\bimport\s*["'{*]/);
  });
});

/** The weight of each part at the last look, and a tenth more; none may pass 4,280 bytes. */
const PARTS = {
  ending: 4_280,
  submission: 4_280,
  wink: 4_100,
  launch: 1_700,
  linked: 1_850,
  'link-errors': 2_200,
  'resume-link': 1_190,
  'resume-question': 1_180,
  notes: 620,
  qr: 4_000,
  files: 3_950,
  review: 2_410,
  solve: 325,
  invited: 1_040,
  amounts: 1_690,
};

describe.each(Object.entries(PARTS))('the part %s', (part, most) => {
  it.each(languageCodes)(`weighs at most ${most} bytes in %s`, async (language) => {
    const names = readdirSync(path.join(root, 'dist/client/assets')).filter((name) => name.endsWith('.js'));
    const name = names.filter((one) => one.startsWith(`${part}-${language}-`));
    expect(name).toHaveLength(1);
    expect((await weigh(`${site.origin}/assets/${name[0]}`)).bytes).toBeLessThanOrEqual(most);
  });
});

describe('the forms that ship', () => {
  const slugs = readdirSync(path.join(root, 'forms')).filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -5)); // prettier-ignore

  it.each(slugs)('%s arrives in one round trip, in each of its languages', async (slug) => {
    const { languages } = shipped.catalog.current(slug)?.form ?? { languages: [] };
    expect(languages).not.toEqual([]);
    for (const language of languages) {
      const { bytes } = await weighSmall(`${shipped.origin}/${slug}/${language}`);
      expect([language, bytes]).toSatisfy(([, weight]) => weight <= ONE_ROUND_TRIP);
    }
  });
});
