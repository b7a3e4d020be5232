import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsOn, WCAG } from '../helpers/axe.ts';
import { someOf } from '../helpers/run/long.ts';
import { launchBrowser } from './browser.ts';
import { inviteTemplate } from './invite-template.ts';
import { type RunningSmile, startSmile } from './smile.ts';

let smile: RunningSmile;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [smile, browser] = await Promise.all([startSmile(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await smile.stop();
});
beforeEach(async () => {
  await smile.call('POST', '/__local/reset');
  context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => complaints.push(...(message.type() === 'error' ? [message.text()] : [])));
});
afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

const button = (name: string) => page.getByRole('button', { name, exact: true });

async function signIn() {
  await button('Agree and continue').click();
  await button('Grab').click();
  await page.getByLabel('User name').fill('George');
  await page.getByLabel('Password').fill('123456');
  await button('Sign in').click();
  await button('Done').click();
}

/** Accessibility faults, and whether anything reaches over the side. */
async function faults() {
  const violations = await violationsOn(page, [...WCAG, 'best-practice']);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  return [...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`), ...(wide ? ['wide'] : [])];
}

describe.each(someOf(['light', 'dark'] as const, 1))('in a %s scheme', { timeout: 60_000 }, (colorScheme) => {
  beforeEach(() => page.emulateMedia({ colorScheme }));

  it('the page for developers opens the widget, and shows callbacks, events and mails', async () => {
    await page.goto(smile.origin);
    expect(page.url()).toBe(`${smile.origin}/__local/`);
    expect(await faults()).toEqual([]);
    await button('Open for a new user').click();
    await signIn();
    const told = page.getByRole('list', { name: 'Callbacks to the page' });
    await told.getByText('onAccountConnected').waitFor();
    await page.getByRole('list', { name: 'Events' }).getByText('TASK_FINISHED').waitFor();
    expect(await faults()).toEqual([]);

    await page.getByLabel('Providers, none for all').fill('grab');
    await button('Open for the same user').click();
    await button('Agree and continue').click();
    await page.getByRole('heading', { name: 'Your Grab account' }).waitFor();
  });

  it('an invitee is led from the mail to the widget and thanked', async () => {
    const { id: templateId } = (await smile.call('POST', '/v1/inviteTemplates', inviteTemplate)).body.data;
    await smile.call('POST', '/v1/invites', { fullName: 'George P', email: 'g@acme.example', templateId });
    await page.goto(smile.origin);
    await page.getByRole('list', { name: 'Outbox' }).getByRole('link').click();
    expect(await faults()).toEqual([]);
    await page.getByRole('link').click();
    expect(await faults()).toEqual([]);
    await button('Start now').click();
    await signIn();
    await page.getByRole('heading', { name: 'Thank you, George P' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Thank you, George P');
    expect(await faults()).toEqual([]);
    await button('Connect another account').click();
    await button('Agree and continue').waitFor();
  });
});
