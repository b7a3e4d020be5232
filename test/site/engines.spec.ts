/** The main journeys in the engines that are not Chromium, where they are installed. `docs/browsers.md` says what differs. */
import { expect, test } from 'playwright/test';
import { languageNames } from '../../src/form/wording/wording.ts';
import { formOfAmounts } from '../helpers/amounts.ts';
import { engines, type Engine, type EnginePage } from '../helpers/engines/engines.ts';
import { someOf } from '../helpers/long.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { framedForm, openHost, policyFor, snippet, type Host } from './host.ts';
import { QUICK } from './site-test.ts';
import { expectRead, roundsIn, typeAll } from './typed-amounts.ts';

const languages = someOf(languageNames, 2);

let site: TestSite;
let host: Host;
test.beforeAll(async () => {
  host = await openHost(() => policyFor(site.origin));
  site = await openTestSite({
    forms: {
      drive: framedForm(`embed: { allow: ["${host.origin}"] }`),
      ...Object.fromEntries(languages.map((language) => [`amounts-${language}`, formOfAmounts(language)])),
    },
    env: { RATE_LIMIT: 'off' },
  });
  host.body = snippet(site.origin);
  await fetch(`${site.origin}/local-smile/__local/settings`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(QUICK) }); // prettier-ignore
});
test.afterAll(async () => {
  host.server.closeAllConnections();
  host.server.close();
  await site.close();
  removeFolder(site.folder);
});

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

    test('the page reads amounts as the server does', async () => {
      for (const language of languages) {
        await page.goto(`${site.origin}/amounts-${language}`);
        expectRead(language, await page.evaluate(typeAll, JSON.stringify(roundsIn(language))));
      }
    });
  });
}
