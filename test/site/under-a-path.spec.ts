/** The site under a path, behind a proxy that strips it: no link and no script leads out of the path. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright/test';
import { begin } from '../helpers/api/client.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { expect, plainTest as test } from './site-test.ts';
import { widgetOn } from './walk.ts';

const BASE = '/forms';
const MEMBER = { email: 'ops@acme.example', password: 'four plain words here' };

const DRIVER = `
title: Driver
notify: [{ email: ops@acme.example }]
invite: {}
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: email, type: email, label: Email }
      - { id: tax, type: text, label: Tax number, sensitive: true }
endings: [{ id: done, title: Thank you }]
`;

const JOB = `
title: Your job
screens: [{ id: connect, title: Connect your account, wink: { require: connected } }]
endings: [{ id: done, title: Thank you }]
`;

/** Passes requests below `BASE` on without it, as `handle_path` of Caddy does. Any other request gets 404. */
async function openProxy(target: () => number): Promise<{ server: Server; origin: string }> {
  const server = createServer((asked, answer) => {
    if (asked.url !== BASE && !asked.url?.startsWith(`${BASE}/`)) return void answer.writeHead(404).end('outside');
    const headers = { ...asked.headers, 'x-forwarded-for': '203.0.113.7' };
    const path = asked.url.slice(BASE.length) || '/';
    const onward = request({ port: target(), host: '127.0.0.1', method: asked.method, path, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
      answered.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let proxy: Awaited<ReturnType<typeof openProxy>>;
let site: TestSite;

test.beforeAll(async () => {
  proxy = await openProxy(() => site.port);
  site = await openTestSite({ forms: { driver: DRIVER, job: JOB }, env: { PUBLIC_ORIGIN: proxy.origin + BASE } });
  const draft = await begin({ origin: proxy.origin + BASE }, 'driver');
  await draft.put('about', { full_name: 'Ana', email: 'ana@mail.example', tax: 'TAX-1' });
  expect((await draft.post('submit')).status).toBe(200);
});
test.afterAll(async () => {
  proxy.server.closeAllConnections();
  proxy.server.close();
  await site.close();
  removeFolder(site.folder);
});

/** Every address that the page at `at` links to, sends to or shows. Reads the page and its status without drawing it. */
const addressesAt = (page: Page, at: string): Promise<{ status: number; found: { url: string; link: boolean }[] }> =>
  page.evaluate(async (address) => {
    const response = await fetch(address);
    const read = new DOMParser().parseFromString(await response.text(), 'text/html');
    const found = [...read.querySelectorAll('[href], [src], [action], [formaction]')].flatMap((element) =>
      ['href', 'src', 'action', 'formaction'].flatMap((name) => {
        const written = element.getAttribute(name);
        if (written === null || written.startsWith('#')) return [];
        return [{ url: new URL(written, response.url).href, link: element.matches('a') }];
      }),
    );
    return { status: response.status, found };
  }, at);

test('a member signs in, and reaches all of the dashboard without leaving the path @long', async ({ page }) => {
  test.setTimeout(180_000);
  const home = `${proxy.origin}${BASE}/admin`;
  await page.goto(`${proxy.origin}${BASE}/`);
  await expect(page).toHaveURL(`${home}/setup`);
  await page.getByLabel('Setup code').fill(SETUP_CODE);
  await page.getByLabel(/email/i).fill(MEMBER.email);
  await page.getByLabel(/password/i).fill(MEMBER.password);
  await page.getByRole('button', { name: 'Create account' }).click({ timeout: 60_000 });
  await expect(page).toHaveURL(home);
  const cookies = await page.context().cookies();
  expect(cookies.filter(({ path }) => !path.startsWith(`${BASE}/`))).toEqual([]);

  await page.goto(`${home}/forms/driver/invitations`);
  await page.getByLabel('Full name').fill('Ben');
  await page.getByLabel('Email', { exact: true }).fill('ben@mail.example');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(page).toHaveURL(/\/forms\/admin\/forms\/driver\/invitations\?done=invited/);

  /** The addresses that were opened, by page: one page has many, for its filters and its people. Two of each show enough. */
  const seen = new Map<string, string[]>();
  const waiting = [home];
  const outside: string[] = [];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { pathname, search } = new URL(at);
    const name = pathname.replace(/[0-9a-f-]{36}/g, 'ID');
    const opened = seen.get(name) ?? [];
    if (opened.length === 2 || opened.includes(pathname + search)) continue;
    seen.set(name, [...opened, pathname + search]);
    if (/\.(csv|svg|png|yaml)$/.test(pathname)) {
      expect((await page.request.get(at)).status(), at).toBe(200);
      continue;
    }
    const { status, found } = await addressesAt(page, at);
    expect(status, at).toBe(200);
    for (const { url, link } of found) {
      const { origin, pathname: to, protocol } = new URL(url);
      if (!/^https?:$/.test(protocol)) continue;
      if (origin !== proxy.origin || (to !== BASE && !to.startsWith(`${BASE}/`))) outside.push(`${url} on ${at}`);
      else if (link && to.startsWith(`${BASE}/admin`)) waiting.push(url);
    }
  }
  expect(outside).toEqual([]);
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining(
      ['', '/people', '/messages', '/messages/ID', '/team', '/settings', '/settings/smile', '/forms/driver', '/forms/driver/people', '/forms/driver/people/ID', '/forms/driver/invitations', '/forms/driver/submissions.csv'].map((path) => `${BASE}/admin${path}`), // prettier-ignore
    ),
  );

  // The preview is the page of a form, with everything that it loads and calls below the path.
  await page.goto(`${home}/forms/driver/preview`);
  await page.setViewportSize({ width: 1280, height: 800 });
  const preview = page.frameLocator('iframe[title=Preview]');
  await preview.getByLabel('Full name').fill('Cora');
  const submitted = page.waitForResponse(/\/submit$/);
  await preview.getByRole('button', { name: 'Send' }).click();
  expect((await submitted).url()).toContain(`${BASE}/preview/`);
  await expect(preview.getByRole('heading', { name: 'Thank you' })).toBeVisible();

  // Addresses that are copied and shown elsewhere have the path too.
  await page.goto(`${home}/forms/driver/invitations`);
  await page.getByRole('button', { name: 'Copy link of Ben' }).click();
  expect(await page.content()).toContain(`${proxy.origin}${BASE}/driver/invite/en#`);
  await page.goto(`${home}/forms/driver/share`);
  expect(await page.locator('[data-copy]').first().getAttribute('data-copy')).toBe(`${proxy.origin}${BASE}/driver`);

  await page.goto(`${home}/forms/driver/people`);
  await page.getByRole('link', { name: 'Ana', exact: true }).first().click();
  await page.getByRole('button', { name: 'Show Tax number' }).click();
  await expect(page.getByText('TAX-1')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${home}/sign-in`);
  await page.goto(`${home}/forms/driver/people?status=draft`);
  await page.getByLabel('Email').fill(MEMBER.email);
  await page.getByLabel('Password').fill(MEMBER.password);
  await page.getByRole('button', { name: 'Sign in' }).click({ timeout: 60_000 });
  await expect(page).toHaveURL(`${home}/forms/driver/people?status=draft`);
});

test('a person connects an account at local Smile, which is under the path too @long', async ({ page }) => {
  await page.goto(`${proxy.origin}${BASE}/job`);
  await page.getByRole('button', { name: 'Connect your work account' }).click();
  const widget = widgetOn(page);
  await widget.signInAt('ABC Corporation', '123456');
  await widget.press('Done');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
});
