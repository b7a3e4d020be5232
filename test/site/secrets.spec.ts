/** Keys, answers and tokens stay out of pages, addresses and the log. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright/test';
import { openDashboard, openSubmission } from './dashboard.ts';
import { driver } from './people.ts';
import { SETUP_CODE, startSite, startSmile } from './running-site.ts';
import { expect, QUICK, test } from './site-test.ts';
import { button, fillAndSend, fillScreens, heading, openForm, referenceOn, widgetOn, words } from './walk.ts';

const secrets = {
  API_KEY: 'key-7d1f0b52c9e84a63',
  API_SECRET: 'secret-3a9c6e10f5b74d28',
  WEBHOOK_SECRET: 'webhook-b84e2f6a9d0c4713',
  SECRET_KEY: Buffer.from('5f2c8e1b7a9d4063b1e8f0a2c6d49375').toString('base64'),
};

/** Each secret as it may be written: as it is, as the pair that HTTP sends, in base64, in a URL. */
const spellings = Object.entries({ ...secrets, SETUP_CODE, pair: `${secrets.API_KEY}:${secrets.API_SECRET}` }).flatMap(
  ([name, value]) =>
    [...new Set([value, Buffer.from(value).toString('base64'), encodeURIComponent(value)])].map(
      (spelling): [name: string, spelling: string] => [name, spelling],
    ),
);

/** Texts by where they were found. */
type Found = [where: string, text: string][];

const leaks = (found: Found, what: [name: string, spelling: string][]) =>
  found.flatMap(([where, text]) =>
    what.filter(([, said]) => text.includes(said)).map(([name]) => `${name} in ${where}`),
  );

test('keys and secrets are in no response, page, bundle or log, and answers and tokens in no log or URL @long', async ({
  browser,
}) => {
  const smile = await startSmile(secrets);
  const own = await startSite({ ...secrets, OPEN_API_HOST: `${smile.origin}/v1`, LOG_LEVEL: 'trace' });
  try {
    const asks = {
      authorization: `Basic ${Buffer.from(`${secrets.API_KEY}:${secrets.API_SECRET}`).toString('base64')}`,
    };
    await post(`${smile.origin}/v1/webhooks`, asks, {
      name: 'Flipsite',
      url: `${own.origin}/api/webhooks/smile`,
      eventTypes: ['ALL_EVENTS'],
      active: true,
      secret: secrets.WEBHOOK_SECRET,
    });
    await post(`${smile.origin}/__local/settings`, {}, QUICK, 'PATCH');

    const context = await browser.newContext({ baseURL: own.origin });
    const heard = listen(context);
    const page = await context.newPage();
    await openForm(page, '/gig-driver?referral_code=R77');
    await button(page, words.en.next).click();
    await fillScreens(page, driver.before);
    await button(page, words.en.connect).click();
    const widget = widgetOn(page);
    await widget.signInAt('Grab', 'wrong');
    await widget.press('Try again');
    await widget.signIn('123456');
    await widget.press('Done');
    await button(page, words.en.next).click();
    // Once it is sent, the browser has none any more.
    const { token } = (await storageOf(page)).kept;
    await fillAndSend(page, driver.after);
    await expect(heading(page, 'Thank you, Ana Reyes. We have your application')).toBeVisible();
    await referenceOn(page);
    const stored = await storageOf(page);
    await page.goto('/nothing-here');
    const refusals = await refusalsOf(own.origin);
    const services = await openDashboard(browser, own, heard.listen);
    await openSubmission(services, 'Drive with Padyak Express', driver.name);
    await expect(services.getByRole('region', { name: 'Work accounts' })).toContainText('Confirmed by Smile');
    await services.context().close();
    await context.close();

    const responses = await heard.responses();
    const log: Found = [['the log', own.printed()]];
    const everything: Found = [
      ...responses,
      ...refusals,
      ...bundle(),
      ...log,
      ['the storage of the browser', stored.text],
    ];
    expect(responses.length).toBeGreaterThan(30);
    expect(responses.some(([where]) => where.includes('/link-token'))).toBe(true);
    expect(leaks(responses, [['the name', driver.name]])).not.toEqual([]);
    expect(leaks(everything, spellings)).toEqual([]);

    const linkTokens = responses.flatMap(([, text]) =>
      [...text.matchAll(/"accessToken":"([^"]+)"/g)].map(([, it]) => it),
    );
    expect(linkTokens.length).toBeGreaterThan(0);
    expect(token).toBeTruthy();
    const told: [string, string][] = [
      ...driver.before
        .concat(driver.after)
        .flatMap(({ answers }) =>
          answers.flatMap(({ how, value }): [string, string][] =>
            how === 'type' ? [['an answer', String(value)]] : [],
          ),
        ),
      ['a phone number', '639171234567'],
      ['the token of the submission', token ?? ''],
      ...linkTokens.map((it): [string, string] => ['a link token', it ?? '']),
      ['the password at the provider', '123456'],
    ];
    const both = told.flatMap(([name, said]): [string, string][] => [
      [name, said],
      [name, encodeURIComponent(said)],
    ]);
    const urls = heard.urls().map((url): [string, string] => [`the address ${url}`, url]);
    expect(leaks([...urls, ...log], both)).toEqual([]);
  } finally {
    await own.stop();
    await smile.stop();
  }
});

/** Keeps the address, headers and body of all that a browser gets, and every address that it asks for. */
function listen(first: BrowserContext) {
  const bodies: Promise<[string, string]>[] = [];
  const urls: string[] = [];
  const listen = (context: BrowserContext) => {
    context.on('request', (request) => urls.push(request.url()));
    context.on('response', (response) => {
      const where = `${response.request().method()} ${response.url()}`;
      const headers = JSON.stringify(response.headers());
      const empty = response.status() >= 300 && response.status() < 400;
      bodies.push((empty ? Promise.resolve('') : response.text()).then((body) => [where, headers + body]));
    });
  };
  listen(first);
  return { listen, urls: () => urls, responses: () => Promise.all(bodies) };
}

/** The answers to requests that make no sense. */
async function refusalsOf(origin: string): Promise<Found> {
  const paths = [
    '/api/submissions/nobody/answers',
    '/api/webhooks/smile',
    '/api/forms',
    '/admin/nobody',
    '/gig-driver',
  ];
  const attempts = paths.flatMap((path) => ['GET', 'POST', 'PUT'].map((method) => [method, path] as const));
  return Promise.all(
    attempts.map(async ([method, path]): Promise<[string, string]> => {
      const response = await fetch(origin + path, {
        method,
        headers: { authorization: 'Bearer wrong', 'content-type': 'application/json', 'smile-signature': 'wrong' },
        ...(method !== 'GET' && { body: '{"broken":' }),
      });
      return [`${method} ${path}`, JSON.stringify([...response.headers]) + (await response.text())];
    }),
  );
}

async function storageOf(page: Page): Promise<{ text: string; kept: { token?: string } }> {
  const text = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  const [kept = '{}'] = Object.values(JSON.parse(text) as Record<string, string>);
  return { text, kept: JSON.parse(kept) as { token?: string } };
}

/** Every file that is served as it was built. */
function bundle(): Found {
  const client = fileURLToPath(new URL('../../dist/client', import.meta.url));
  const files = readdirSync(client, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  return files.map(({ parentPath, name }) => [name, readFileSync(path.join(parentPath, name), 'latin1')]);
}

async function post(url: string, headers: Record<string, string>, body: unknown, method = 'POST'): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
