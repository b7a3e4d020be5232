/**
 * A messy journey in a real browser: two failed sign-ins, a code, the window closed, back the next day, connected,
 * disconnected, connected again. The timeline alone shows each of these steps.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { violationsOn } from '../helpers/axe.ts';
import { SETUP_CODE } from '../helpers/site.ts';
import { launchBrowser } from '../local-smile/browser.ts';
import { HOUR, openSilentSmile, type SilentSmile } from '../respond/silent-smile.ts';

const FORM = `
title: Salary loan
match:
  name: full_name
  employer: employer
  monthly_income: { field: pay, within: 20 }
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, required: true, autocomplete: name }
      - { id: employer, type: text, label: Employer, required: true }
      - { id: pay, type: money, label: Monthly pay, currency: PHP, required: true }
  - id: connect
    title: Connect your work account
    wink: { require: connected, retrieve: [identities, employments, incomes] }
endings:
  - { id: done, title: 'Thank you, {full_name}' }
`;
const MEMBER = { email: 'ops@acme.example', password: 'four plain words here' };

let silent: SilentSmile;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  silent = await openSilentSmile({ forms: { loan: FORM }, webhooks: true, runs: true });
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  await context.clock.setSystemTime(silent.now());
  page = await context.newPage();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await silent.close();
});

const button = (name: string, within: Page | Locator = page) => within.getByRole('button', { name, exact: true });
const press = (name: string) => button(name, page.getByRole('dialog')).click();

async function toSignIn(): Promise<void> {
  await press('Agree and continue');
  await press('ABC Platform');
}
async function signIn(password: string): Promise<void> {
  await page.getByRole('dialog').getByRole('textbox', { name: 'User name' }).fill('George');
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(password);
  await press('Sign in');
}
async function verify(code: string): Promise<void> {
  await page.getByRole('dialog').getByRole('textbox', { name: 'Verification code' }).fill(code);
  await press('Verify');
}

async function journey(): Promise<void> {
  await page.goto(`${silent.site.origin}/loan`);
  await page.locator('form[data-ready]').waitFor();
  await page.getByLabel('Full name').fill('George Palomero');
  await page.getByLabel('Employer').fill('ABC');
  await page.getByLabel('Monthly pay').fill('12000');
  await button('Continue').click();

  await button('Connect your work account').click();
  await toSignIn();
  await signIn('wrong');
  await press('Try again');
  await signIn('123456');
  await verify('9999');
  await page.getByRole('dialog').getByText('did not accept the verification code').first().waitFor();
  await press('Close');
  await page.waitForTimeout(500);
  await page.close();

  await silent.pass(18 * HOUR, HOUR);
  await silent.smile.call('PATCH', '/__local/settings', { clockSkewSeconds: 18 * 3600 });
  await context.clock.setSystemTime(silent.now());
  page = await context.newPage();
  await page.goto(`${silent.site.origin}/loan`);
  await page.locator('form[data-ready]').waitFor();
  await page.getByRole('heading', { name: 'Connect your work account' }).waitFor();
  await button('Connect your work account').or(button('Try again')).first().click();
  await toSignIn();
  await signIn('123456');
  await verify('1234');
  await press('Done');
  await page.getByText('Your work account is connected').waitFor();
  await read();

  await button('Add another account').click();
  await toSignIn();
  await press('Disconnect');
  await press('Disconnect');
  await page.getByRole('heading', { name: 'ABC Platform is disconnected' }).waitFor();
  await press('Close');
  await silent.settle();
  await button('Connect your work account').or(button('Try again')).or(button('Add another account')).first().click();
  await toSignIn();
  await signIn('123456');
  await verify('1234');
  await press('Done');
  await page.getByText('Your work account is connected').waitFor();
  await read();
  await button('Send').or(button('Continue')).first().click();
  await page.getByRole('heading', { name: 'Thank you, George Palomero' }).waitFor();
}

/** Waits until the linked data is stored. */
async function read(): Promise<void> {
  const rows = () =>
    silent.site.db.query.selectFrom('account_data').select('read_at').where('removed_at', 'is', null).execute();
  while (!(await rows()).length) await page.waitForTimeout(200);
}

async function openDesk(width: number, dark = false): Promise<Page> {
  const services = await (await browser.newContext({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light', deviceScaleFactor: width < 500 ? 2 : 1 })).newPage(); // prettier-ignore
  await services.goto(`${silent.site.origin}/admin`);
  const first = await services.getByLabel('Setup code').isVisible();
  if (first) await services.getByLabel('Setup code').fill(SETUP_CODE);
  await services.getByLabel(/email/i).fill(MEMBER.email);
  await services.getByLabel(/password/i).fill(MEMBER.password);
  await button(first ? 'Create account' : 'Sign in', services).click();
  await services.getByRole('link', { name: 'Salary loan', exact: true }).click();
  await services.getByRole('link', { name: 'George Palomero', exact: true }).first().click();
  await services.getByRole('region', { name: 'Timeline' }).waitFor();
  return services;
}

it('reads as a story in order, with the source of each line', { timeout: 120_000 }, async () => {
  await journey();
  const services = await openDesk(1280);
  const timeline = services.getByRole('region', { name: 'Timeline' });
  if (process.env['PICTURES']) await pictures(services);
  expect(await timeline.locator('.story').innerText()).toBe('2 failed sign-ins, then connected, then disconnected, then connected again.'); // prettier-ignore
  expect(await timeline.locator('.gap').allInnerTexts()).toEqual(['18 hours later']);

  expect(await timeline.getByText('Smile created a user for the person').isVisible()).toBe(false);
  await timeline.getByLabel('Show technical details').check();
  const lines = await timeline.getByRole('listitem').evaluateAll((items) =>
    items.map((item) => {
      const text = (selector: string) => item.querySelector(selector)?.textContent?.trim().replace(/\s+/g, ' ') ?? '';
      const by = [...item.querySelectorAll('.raw')].map((raw) => raw.textContent?.trim().replace(/\s+/g, ' ') ?? '');
      return { title: text('.when b'), detail: text('.dim'), by, claim: text('.row') };
    }),
  );
  const saidBy = (who: string) => lines.filter(({ by }) => by.some((one) => one.startsWith(who)));
  // Events from one source are in its order. The sources themselves race each other.
  const told = saidBy('Webhook').filter(({ title }) => !title.endsWith(' available'));
  expect(told.map(({ title, detail }) => `${title}: ${detail}`)).toEqual([
    'Smile created a user for the person: ',
    'Account sign-in started: ABC Platform, account 1',
    'Could not sign in: ABC Platform, account 1. The provider did not accept the user name or password',
    'Could not sign in: ABC Platform, account 1. The provider did not accept the verification code. Failed try 2',
    'Account connected: ABC Platform, account 1',
    'Smile started to read data: ABC Platform, account 1',
    'Smile has read the data: ABC Platform, account 1',
    'Account disconnected: ABC Platform, account 1. By the person',
    'Account sign-in started: ABC Platform, account 2',
    'Account connected: ABC Platform, account 2',
    'Smile started to read data: ABC Platform, account 2',
    'Smile has read the data: ABC Platform, account 2',
  ]);
  // New data is one line, unless something else came in between.
  const available = saidBy('Webhook').filter(({ title }) => title.endsWith(' available'));
  expect(available.flatMap(({ by }) => by[0]?.match(/[A-Z]+_ADDED/g))).toHaveLength(14);
  expect(available.length).toBeLessThan(14);
  const claims = saidBy('The widget').filter(({ claim }) => claim);
  expect(claims.map(({ title }) => title)).toEqual([
    'Account sign-in started',
    'Could not sign in',
    'Could not sign in',
    'Account connected',
    'Account disconnected',
    'Account sign-in started',
    'Account connected',
  ]);
  for (const { claim } of claims) expect(claim).toMatch(/^Claimed by the browser ?Confirmed by Smile/);
  expect(saidBy('The widget').map(({ title, detail }) => `${title}: ${detail}`).filter((line) => line.startsWith('Sign-in window closed'))).toEqual([
    'Sign-in window closed: By the person',
    'Sign-in window closed: By the person, after connecting',
    'Sign-in window closed: By the person',
    'Sign-in window closed: By the person, after connecting',
  ]); // prettier-ignore
  expect(saidBy('This server').map(({ title }) => title)).toEqual([
    'Form started',
    '3 answers saved',
    ...Array(2).fill('Sign-in window allowed'),
    'Data read from Smile and saved here',
    'Sign-in window allowed',
    'Data deleted here',
    'Sign-in window allowed',
    'Data read from Smile and saved here',
    'Left “Connect your work account”',
    'Form sent',
  ]);
  expect(await services.getByRole('region', { name: 'Their answers and the account' }).getByRole('listitem').allInnerTexts()).toMatchObject([
    expect.stringMatching(/Name[^]*Agrees[^]*George Palomero[^]*George Cimafranca Palomero, Jr/),
    expect.stringMatching(/Employer[^]*Agrees[^]*ABC[^]*ABC Corporation/),
    expect.stringMatching(/Monthly income[^]*Different[^]*₱12,000[^]*₱7,820.25[^]*53% higher/),
  ]); // prettier-ignore
  const linked = services.getByRole('region', { name: 'From the account' });
  expect(await linked.innerText()).toMatch(/Deleted because the account was disconnected: employments \(1\), identity \(1\), incomes \(6\)[^]*24 Aug 1970/); // prettier-ignore

  const violations = await violationsOn(services);
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});

/** For people to look at: with PICTURES set to a folder. */
async function pictures(services: Page): Promise<void> {
  const folder = process.env['PICTURES'] as string;
  mkdirSync(folder, { recursive: true });
  await services.screenshot({ path: path.join(folder, 'desktop.png') });
  writeFileSync(path.join(folder, 'timeline.txt'), await services.getByRole('region', { name: 'Timeline' }).innerText());
  await services.evaluate(() => window.scrollTo(0, 900));
  await services.screenshot({ path: path.join(folder, 'desktop-2.png') });
  for (const [name, width, dark] of [['phone', 360, false], ['dark', 1280, true], ['phone-dark', 360, true]] as const) {
    const other = await openDesk(width, dark);
    await other.screenshot({ path: path.join(folder, `${name}.png`), clip: { x: 0, y: 0, width, height: 1800 }, fullPage: true });
    await other.getByRole('region', { name: 'Timeline' }).scrollIntoViewIfNeeded();
    await other.locator('.story').evaluate((element) => element.scrollIntoView());
    await other.screenshot({ path: path.join(folder, `${name}-timeline.png`) });
    await other.goto(`${silent.site.origin}/admin/settings/smile`);
    await other.screenshot({ path: path.join(folder, `smile-${name}.png`), fullPage: true });
  }
} // prettier-ignore
