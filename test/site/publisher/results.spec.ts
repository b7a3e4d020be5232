/** A campaign: two links, forty visitors, and Results with the numbers that a person derives by hand. */
import { spawnSync } from 'node:child_process';
import { get } from 'node:http';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright/test';
import type { Results } from '../../../src/record/results/results.ts';
import { LAPTOP, PHONE } from '../../helpers/api/opened.ts';
import { commandArguments, PROGRAM_ENV } from '../../helpers/programs.ts';
import { expectAccessible } from '../accessible.ts';
import { openDashboard } from '../dashboard.ts';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, QUICK, test } from '../site-test.ts';
import { button, heading, openForm, widgetOn, words } from '../walk.ts';

const FORM = `
title: Winter drivers
languages: [en, es]
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: full_name, type: text, label: { en: Full name, es: Nombre }, required: true }
      - { id: licensed, type: yes_no, label: { en: 'Do you have a license?', es: '¿Tiene licencia?' }, required: true }
    next: [{ when: { licensed: false }, go: not_yet }]
  - id: connect
    title: { en: Connect your account, es: Conecte su cuenta }
    wink: { require: connected }
endings:
  - { id: done, title: { en: Thank you, es: Gracias } }
  - { id: not_yet, title: { en: Not yet, es: Todavía no }, outcome: disqualified }
`;
const FB = 'facebook-in-winter';
const FLYER = 'flyer-in-quiapo';
const GOOGLE = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const FACEBOOK = 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)';

let site: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-results-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'winter.yaml'), FORM);
  site = await startSite({ FORMS_DIR: path.join(folder, 'forms'), DATA_DIR: path.join(folder, 'data'), TRUSTED_PROXIES: '1' }); // prettier-ignore
  await site.smile(QUICK);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

let visitors = 0;

/** A visitor with an address of their own. */
function visitor(agent = PHONE) {
  const address = `203.0.113.${++visitors}`;
  async function ask<T>(
    method: string,
    at: string,
    body?: unknown,
    token?: string,
  ): Promise<{ status: number; location: string | null; body: T }> {
    const response = await fetch(site.origin + at, {
      method,
      redirect: 'manual',
      headers: {
        'user-agent': agent,
        'accept-language': 'en',
        'x-forwarded-for': address,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, location: response.headers.get('location'), body: (text.startsWith('{') ? JSON.parse(text) : undefined) as T }; // prettier-ignore
  }
  let token = '';
  let id = '';
  return {
    /** As a browser goes there. `fetch` says that it is no navigation. */
    async click(link: string) {
      const headers = { 'user-agent': agent, 'accept-language': 'en', 'x-forwarded-for': address };
      const location = await new Promise((resolve, reject) => {
        get(`${site.origin}/go/${link}`, { headers }, (response) => resolve(response.resume().headers.location)).on('error', reject); // prettier-ignore
      });
      expect(location).toContain(`link=${link}`);
    },
    async open(link: string | undefined, language = 'en') {
      expect((await ask('POST', '/api/forms/winter/opened', { link, language, version: 'v' })).status).toBe(204);
    },
    async start(link: string | undefined, licensed = true, language = 'en') {
      const started = await ask<{ id: string; token: string }>('POST', '/api/forms/winter/submissions', {
        link,
        language,
      });
      ({ id, token } = started.body);
      expect((await ask('PUT', `/api/submissions/${id}/answers`, { screen: 'about', answers: { full_name: 'Ana', licensed } }, token)).status).toBe(200); // prettier-ignore
    },
    async fail() {
      await ask('POST', `/api/submissions/${id}/link-token`, { screen: 'connect' }, token);
      const event = (name: string, data: object) => ({ id: crypto.randomUUID(), name, at: new Date().toISOString(), data: { screen: 'connect', ...data } }); // prettier-ignore
      const account = { accountId: `acc-${id}`, userId: 'u', providerId: 'grab' };
      const events = [event('onUIEvent', { eventName: 'LoginPageOpened', account }), event('onAccountError', { ...account, errorCode: 'INVALID_CREDENTIALS' })]; // prettier-ignore
      expect((await ask('POST', `/api/submissions/${id}/events`, { events }, token)).status).toBe(200);
    },
    async connect() {
      const { body } = await ask<{ userId: string }>('POST', `/api/submissions/${id}/link-token`, { screen: 'connect' }, token); // prettier-ignore
      await link(body.userId);
      await expect(async () => {
        const left = await ask('PUT', `/api/submissions/${id}/answers`, { screen: 'connect', answers: {} }, token);
        expect(left.status).toBe(200);
      }).toPass({ timeout: 20_000 });
    },
    async send() {
      expect((await ask('POST', `/api/submissions/${id}/submit`, {}, token)).status).toBe(200);
    },
  };
}

/** Links an account at local Smile, which listens only to its own machine. */
async function link(userId: string): Promise<void> {
  const account = { userId, providerId: 'grab', userName: 'George', password: '123456' };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${site.origin}/local-smile/__local/accounts`, { method: 'POST', headers, body: JSON.stringify(account) }); // prettier-ignore
  expect(response.status).toBe(200);
}

const times = async (count: number, run: () => Promise<void>) => {
  for (let number = 0; number < count; number++) await run();
};

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** A person's browser, which does not say that a test drives it. */
async function phone(browser: Browser, userAgent = PHONE, storageState?: StorageState): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: site.origin, userAgent, locale: 'en-PH', ...(storageState && { storageState }) }); // prettier-ignore
  await context.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));
  return context;
}

const results = async (): Promise<Results> => {
  const response = await fetch(`${site.origin}/api/forms/winter/results`, { headers: { authorization: 'Bearer integrator-key-for-tests' } }); // prettier-ignore
  expect(response.status).toBe(200);
  return (await response.json()) as Results;
};

/** The number in the row of a step or of a link. */
const numberIn = (page: Page, table: string | RegExp, row: string | RegExp, column: number) =>
  page.getByRole('table', { name: table }).getByRole('row', { name: row }).getByRole('cell').nth(column);

test('a campaign of forty visitors shows the numbers that are derived by hand, live @long', async ({ browser }) => {
  test.setTimeout(120_000);
  const member = await openDashboard(browser, site);
  for (const name of ['Facebook in winter', 'Flyer in Quiapo']) {
    await member.goto('/admin/forms/winter/share');
    await member.getByLabel('Name', { exact: true }).fill(name);
    await button(member, 'Create link').click();
    await expect(member.getByText(name).first()).toBeVisible();
  }
  const stream = member.waitForResponse('**/results/live');
  await member.goto('/admin/forms/winter/results');
  await expect(heading(member, 'Winter drivers')).toBeVisible();
  expect((await stream).headers()['content-type']).toBe('text/event-stream');
  const asking = await member.context().newPage();
  await asking.route('**/results/live', (route) => route.abort());
  await asking.goto('/admin/forms/winter/results');

  // 20 by Facebook: 5 only look, 6 leave, 3 can't sign in, 4 finish, and 2 are not eligible, in Spanish. 3 click again.
  let again = 0;
  const byFacebook = async (more: (one: ReturnType<typeof visitor>) => Promise<void>, language = 'en') => {
    const one = visitor();
    await one.click(FB);
    if (again++ < 3) await one.click(FB);
    await one.open(FB, language);
    await more(one);
  };
  await times(5, () => byFacebook(async () => undefined));
  await times(6, () => byFacebook((one) => one.start(FB)));
  await times(3, () => byFacebook((one) => one.start(FB).then(() => one.fail())));
  await times(4, () => byFacebook((one) => one.start(FB).then(() => one.connect()).then(() => one.send()))); // prettier-ignore
  await times(2, () => byFacebook((one) => one.start(FB, false, 'es').then(() => one.send()), 'es'));
  // 5 by the flyer on a laptop: 3 only look, and 2 finish. 2 come without a link, and leave.
  let looks = 0;
  await times(5, async () => {
    const one = visitor(LAPTOP);
    await one.click(FLYER);
    await one.open(FLYER);
    if (looks++ < 3) return;
    await one.start(FLYER);
    await one.connect();
    await one.send();
  });
  await times(2, async () => {
    const one = visitor();
    await one.open(undefined);
    await one.start(undefined);
  });
  // 4 robots click, and one of them runs the page. 2 networks make a card of the link.
  await times(4, () => visitor(GOOGLE).click(FB));
  await visitor(GOOGLE).open(FB);
  await times(2, () => visitor(FACEBOOK).click(FB));

  // 2 real browsers by the flyer: one fills the form in to the end, and one looks, goes, and comes back.
  const walker = await phone(browser);
  const page = await walker.newPage();
  await openForm(page, `/go/${FLYER}`);
  await page.getByLabel('Full name').fill('Ben Reyes');
  await page.getByRole('radio', { name: 'Yes' }).check();
  await button(page, words.en.next).click();
  await button(page, words.en.connect).click();
  await widgetOn(page).signInAt('Grab', '123456');
  await widgetOn(page).press('Done');
  await button(page, words.en.next).click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const looker = await phone(browser, LAPTOP);
  const look = await looker.newPage();
  await openForm(look, `/go/${FLYER}`);
  await look.waitForFunction(() => localStorage.getItem('flipsite:winter')?.includes('screenSeen'));
  await openForm(look, '/winter');
  // A member looks at the form, too.
  const team = await phone(browser, LAPTOP, await member.context().storageState());
  const own = await team.newPage();
  await openForm(own, `/go/${FLYER}`);

  const expected = {
    clicks: 27,
    opened: 29,
    started: 20,
    'screen:about': 20,
    'screen:connect': 18,
    'window:connect': 10,
    'provider:connect': 10,
    'signed_in:connect': 7,
    'failed:connect': 3,
    'connected:connect': 7,
    not_eligible: 2,
    completed: 7,
  };
  const numbers = ({ steps }: Results) => Object.fromEntries(steps.map(({ id, count }) => [id, count]));
  await expect.poll(async () => numbers(await results()), { timeout: 30_000 }).toEqual(expected);
  const found = await results();
  const byLink = found.links.map(({ id, clicks, opened, started, connected, notEligible, completed }) => [id, clicks, opened, started, connected, notEligible, completed]); // prettier-ignore
  expect(byLink).toEqual([
    [FB, 20, 20, 15, 4, 2, 4],
    [FLYER, 7, 7, 3, 3, 0, 3],
    ['', 0, 2, 2, 0, 0, 0],
  ]);
  expect(found).toMatchObject({ open: 11, deleted: 0, leftOut: { robots: 5, previews: 2, members: 2, tests: 0, spam: 0 } }); // prettier-ignore
  expect(found.steps.find(({ id }) => id === 'completed')?.share).toBe(0.35);

  // The page that was open all the time has them, without a reload.
  await expect(numberIn(member, /How far/, /^Completed/, 0)).toContainText('7', { timeout: 20_000 });
  await expect(numberIn(member, /How far/, /^Started/, 0)).toContainText('20');
  // Without the stream, it asks.
  await expect(numberIn(asking, /How far/, /^Completed/, 0)).toContainText('7', { timeout: 20_000 });
  await asking.close();
  await expect(numberIn(member, /By campaign link/, /^Facebook in winter/, 2)).toContainText('15');
  await expect(member.getByText(/5 visits by robots, 2 visits by previews, 2 visits by members/)).toBeVisible();
  await expectAccessible(member);

  // A number opens its people.
  await member.getByRole('link', { name: 'Could not sign in: 3 people' }).click();
  await expect(member.getByText('Could not sign in at “Connect your account”')).toBeVisible();
  await expect(member.getByRole('table').getByRole('row')).toHaveCount(4);

  // Share has the same numbers of a link.
  await member.goto('/admin/forms/winter/share');
  const shared = member.getByRole('row', { name: /Facebook in winter/ }).getByRole('cell');
  expect((await shared.allInnerTexts()).slice(1, 6)).toEqual(['20', '20', '15', '4', '4']);

  // The events alone come to the same numbers.
  await site.kill();
  const rebuilt = spawnSync(process.execPath, commandArguments('rebuild'), { cwd: folder, env: { ...PROGRAM_ENV, ...site.databaseEnv, DATA_DIR: path.join(folder, 'data') } }); // prettier-ignore
  expect(rebuilt.status, String(rebuilt.stderr)).toBe(0);
  await site.restart();
  expect(await results()).toEqual(found);
  for (const context of [walker, looker, team, member.context()]) await context.close();
});
