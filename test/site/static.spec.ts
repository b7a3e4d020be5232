/** Pages on a host that only serves files, at another origin than the server that takes the answers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright/test';
import sharp from 'sharp';
import { readForms } from '../../src/form/folder.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { linkOf } from '../../src/invite/link.ts';
import { savePublication } from '../../src/record/forms/publications.ts';
import { findInvitationsTo } from '../../src/record/invitations.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { PHONE } from '../helpers/api/opened.ts';
import { commandArguments, PROGRAM_ENV } from '../helpers/programs.ts';
import { ask, openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { INVITING } from '../invite/forms.ts';
import { expect, plainTest as test } from './site-test.ts';
import { widgetOn } from './walk.ts';

const form = (question: string) => `
title: { en: Drivers, es: Conductores }
languages: [en, es]
brand: { name: Acme Rides }
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: name, type: text, label: { en: Full name, es: Nombre }, required: true }
  - id: connect
    title: { en: Connect your account, es: Conecta tu cuenta }
    wink: { template: wtpl-1, require: none }
  - id: last
    title: { en: One more, es: Algo más }
    fields:
      - { id: city, type: text, label: { en: ${question}, es: Ciudad }, required: true }
endings: [{ id: done, title: { en: 'Thank you, {name}', es: 'Gracias, {name}' } }]
`;

/** Signs the links of invitations. */
const KEY = Buffer.alloc(32, 7);

/** The time by which the clock of the server is ahead, in ms. */
let passed = 0;

let host: Server;
let site: TestSite;
let out: string;
let address: string;

/** Serves files below `out` without any header of its own but the type, as a simple host does. */
function serveFiles(): Server {
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
  return createServer((request, response) => {
    const wanted = path.join(out, decodeURI(new URL(request.url ?? '/', 'http://host').pathname));
    const file = existsSync(wanted) && statSync(wanted).isDirectory() ? path.join(wanted, 'index.html') : wanted;
    const found = existsSync(file);
    const type = types[found ? path.extname(file) : '.html'] ?? 'application/octet-stream';
    response.writeHead(found ? 200 : 404, { 'content-type': type });
    response.end(readFileSync(found ? file : path.join(out, '404.html')));
  });
}

/** The forms of the pages in `out`, and the output of the command that wrote them. */
let built = { forms: '', output: '' };

/** Writes the pages by the command, unless they are of the same forms already. @returns the output of the command */
function build(): string {
  const forms = readdirSync(site.formsDir).map((name) => readFileSync(path.join(site.formsDir, name), 'utf8')).join(); // prettier-ignore
  if (built.forms !== forms) built = { forms, output: buildFrom(site.formsDir) };
  return built.output;
}

/** Writes the pages of a folder of forms by the command, with the slash that shells complete. @returns its output */
function buildFrom(formsDir: string): string {
  built.forms = '';
  return execFileSync(process.execPath, [...commandArguments('static'), `${out}/`], {
    env: { ...PROGRAM_ENV, API_ORIGIN: site.origin, PAGE_ORIGINS: address, FORMS_DIR: formsDir },
    encoding: 'utf8',
  });
}

const publish = (question: string) => writeFileSync(path.join(site.formsDir, 'driver.yaml'), form(question));
const onServer = async () => (await fetch(`${site.origin}/driver`)).text();
const nameField = (page: Page) => page.getByLabel('Full name');

test.beforeAll(async () => {
  host = serveFiles();
  await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  site = await openTestSite({
    forms: {
      driver: form('City'),
      secret: form('City').replace('brand:', 'password: tq-9-words\nbrand:'),
      framed: form('City').replace('require: none', 'require: connected, frame: true').replace('screens:', "links: [{ id: flyer, name: 'Flyer' }]\nscreens:"), // prettier-ignore
      tryout: form('City').replace('brand:', 'example: true\nbrand:'),
      invited: INVITING,
    },
    env: { PAGE_ORIGINS: address },
    key: KEY,
    now: () => new Date(Date.now() + passed),
  });
  out = path.join(site.folder, 'out');
  build();
});
test.afterAll(async () => {
  host.closeAllConnections();
  host.close();
  await site.close();
  removeFolder(site.folder);
});

test('a page has a card for social networks, with its picture on the same host', async ({ request }) => {
  const pictures = new Set<string>();
  for (const at of ['/driver/', '/driver/es/']) {
    const text = await (await request.get(address + at)).text();
    const [, picture = ''] = /property="og:image" content="([^"]+)"/.exec(text) ?? [];
    expect(picture).toMatch(new RegExp(`^${address}/assets/card-\\w+\\.png$`));
    const { width, height } = await sharp(await (await request.get(picture)).body()).metadata();
    expect([width, height]).toEqual([1200, 630]);
    pictures.add(picture);
  }
  expect(pictures.size).toBe(2);
});

test('a form with the widget is filled in, published again in the middle, and sent once on its version @long', async ({
  page,
}) => {
  const complaints: string[] = [];
  page.on('console', (line) => /Content.Security.Policy/i.test(line.text()) && complaints.push(line.text()));
  await page.goto(`${address}/driver/`);
  await nameField(page).fill('Ana');
  await page.getByRole('button', { name: 'Continue' }).click();
  const version = site.catalog.current('driver')?.version;

  await page.getByRole('button', { name: 'Connect your work account' }).click();
  const widget = widgetOn(page);
  await widget.signInAt('ABC Corporation', '123456');
  await widget.press('Done');
  publish('Which city?');
  await expect.poll(onServer).toContain('Which city?');
  build();

  await page.reload();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('City').fill('Cebu');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you, Ana' })).toBeVisible();
  const { items } = await ask<{ items: { version: string; status: string; answers: object }[] }>(site, 'forms/driver/submissions'); // prettier-ignore
  expect(items).toEqual([expect.objectContaining({ version, status: 'submitted', answers: expect.objectContaining({ city: 'Cebu' }) })]); // prettier-ignore
  expect(complaints).toEqual([]);
});

test('a page is counted as opened, its person has the campaign link, and the widget works in its frame', async ({
  browser,
}) => {
  const context = await browser.newContext({ userAgent: PHONE });
  await context.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));
  const page = await context.newPage();
  await page.goto(`${address}/framed/?link=flyer`);
  await nameField(page).fill('Ben');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Connect your work account' }).click();
  const widget = widgetOn(page.frameLocator('iframe'));
  await widget.signInAt('Grab', '123456');
  await widget.press('Done');
  await expect(page.getByRole('listitem')).toContainText('Grab');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('City').fill('Cebu');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you, Ben' })).toBeVisible();
  await context.close();
  const byLink = async () => (await ask<{ links: object[] }>(site, 'forms/framed/results')).links;
  await expect.poll(byLink).toEqual([expect.objectContaining({ id: 'flyer', opened: 1, started: 1, connected: 1, completed: 1 })]); // prettier-ignore
});

test('a page that is newer than the server keeps the answers, and sends them once the server has the form @long', async ({
  page,
}) => {
  const before = readFileSync(path.join(site.formsDir, 'driver.yaml'), 'utf8');
  const newer = path.join(site.folder, 'newer');
  execFileSync('mkdir', ['-p', newer]);
  writeFileSync(path.join(newer, 'driver.yaml'), form('Town'));
  buildFrom(newer);
  await page.goto(`${address}/driver/es/`);
  await page.getByLabel('Nombre').fill('Luz');
  await page.getByRole('button', { name: 'Continuar' }).click();
  await expect(page.getByRole('status').first()).toContainText(/dispositivo|teléfono/);
  expect(before).not.toContain('Town');

  publish('Town');
  const luz = async () =>
    (await ask<{ items: { answers: { name?: string } }[] }>(site, 'forms/driver/submissions')).items.filter(
      ({ answers }) => answers.name === 'Luz',
    ).length;
  await expect.poll(luz, { timeout: 30_000 }).toBe(1);
});

const TWO_DAYS = 2 * 86_400_000;

test('a page that is older than the server sends a new person to the page of the server, with the link of a campaign @long', async ({
  page,
  browser,
}) => {
  build();
  const old = `${address}/driver/es/?link=flyer&name=Ana`;
  await page.goto(old);
  const other = await browser.newContext();
  const typing = await other.newPage();
  await typing.goto(old);
  await typing.getByLabel('Nombre').fill('Eva');
  publish('Which place?');
  await expect.poll(onServer).toContain('Which place?');
  // For a day, the old page may still start submissions.
  await page.reload();
  await expect(page.getByLabel('Nombre')).toHaveValue('Ana');
  await expect.poll(() => page.url()).toBe(`${old}#about`);

  passed = TWO_DAYS;
  await page.evaluate(() => localStorage.clear());
  const asked = typing.waitForResponse((answer) => answer.url().endsWith('/submissions'));
  await typing.getByRole('button', { name: 'Continuar' }).click();
  expect((await asked).status()).toBe(409);
  // Typed answers can't go along, so the page says so instead of leaving.
  await expect(typing.getByText('Esta página es anterior al formulario actual')).toBeVisible();
  await typing.getByRole('link', { name: 'Abrir el formulario' }).click();
  await expect.poll(() => typing.url()).toBe(`${site.origin}/driver/es?link=flyer&name=Ana#about`);
  await other.close();

  await page.evaluate(() => localStorage.clear());
  await page.goto(old);
  await expect.poll(() => page.url()).toBe(`${site.origin}/driver/es?link=flyer&name=Ana#about`);
  await page.getByLabel('Nombre').fill('Rosa');
  await page.getByRole('button', { name: 'Continuar' }).click();
  const rosa = async () =>
    (await ask<{ items: { answers: { name?: string }; version: string }[] }>(site, 'forms/driver/submissions')).items.find(
      ({ answers }) => answers.name === 'Rosa',
    )?.version; // prettier-ignore
  await expect.poll(rosa).toBe(site.catalog.current('driver')?.version);
  passed = 0;
  publish('Town');
  await expect.poll(onServer).toContain('Town');
});

test('a file with another text than the dashboard has published is not built, until it is pulled @long', async () => {
  const [dataDir, pulled, onHost] = ['other-data', 'pulled', 'other-out'].map((name) => path.join(site.folder, name));
  const db = await openDatabase(path.join(dataDir ?? '', 'flipsite.sqlite'));
  mkdirSync(pulled ?? '');
  writeFileSync(path.join(pulled ?? '', 'driver.yaml'), form('Hometown'));
  const [read] = readForms(pulled ?? '', new Date());
  if (!read?.parsed.ok) throw new Error('The form has errors.');
  await savePublication(db, { form: read.parsed.form, text: form('Hometown') }, new Date());
  await closeDatabase(db);
  const tryToBuild = (formsDir = '') =>
    spawnSync(process.execPath, [...commandArguments('static'), onHost ?? ''], {
      env: { ...PROGRAM_ENV, API_ORIGIN: site.origin, FORMS_DIR: formsDir, DATA_DIR: dataDir },
      encoding: 'utf8',
    });
  const stale = tryToBuild(site.formsDir);
  expect([stale.status, stale.stderr]).toEqual([1, expect.stringContaining('driver is managed in the dashboard, and its file has another text.')]); // prettier-ignore
  expect(stale.stderr).toMatch(/forms (-- )?pull driver/);
  expect(existsSync(onHost ?? '')).toBe(false);
  expect(tryToBuild(pulled).status).toBe(0);
});

test('another folder with files is not overwritten @long', () => {
  const foreign = path.join(site.folder, 'website');
  mkdirSync(foreign);
  writeFileSync(path.join(foreign, 'index.html'), 'Mine');
  const { status, stderr } = spawnSync(process.execPath, [...commandArguments('static'), foreign], {
    env: { ...PROGRAM_ENV, API_ORIGIN: site.origin, FORMS_DIR: site.formsDir },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining(`${foreign} is not a static site that Flipsite wrote`)]);
  expect(readdirSync(foreign)).toEqual(['index.html']);
});

test('a browser without scripts sends the form to the server, and reads its errors there @long', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  build();
  await page.goto(`${address}/driver/en/`);
  await page.getByLabel('Town').fill('Iloilo');
  await page.getByRole('button', { name: 'Send' }).click();
  expect(new URL(page.url()).origin).toBe(site.origin);
  await expect(page.getByRole('alert')).toContainText('full name');
  await expect(page.getByLabel('Town')).toHaveValue('Iloilo');
  await nameField(page).fill('Lea');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you, Lea' })).toBeVisible();
  await context.close();
});

test('an invited person begins on the server, and continues on the page of the host', async ({ page }) => {
  const email = 'ana@mail.example';
  const prefill = { answers: { full_name: 'Ana Ruiz', email, sss: '34-1' }, params: {} };
  const as = { form: 'invited', via: 'mail' as const, memberId: 'm', expiresAt: new Date(Date.now() + 86_400_000) };
  await createInvitations(site.db, [{ name: 'Ana Ruiz', email, language: 'en', prefill }], as, new Date());
  const [invitation] = await findInvitationsTo(site.db, ['invited'], [email]);
  if (!invitation) throw new Error('There is no invitation.');
  const link = new URL(linkOf([KEY], invitation, site.origin));
  const [id = '', token = ''] = link.hash.slice(1).split('.');
  const begun = await fetch(`${site.origin}/api/invitations/${id}/begin`, { method: 'POST', headers: { authorization: `Bearer ${token}` } }); // prettier-ignore
  const submission = (await begun.json()) as { id: string; token: string };

  build();
  await page.goto(`${address}/invited/en/#resume=${submission.id}.${submission.token}`);
  await page.getByRole('button', { name: 'Yes, continue' }).click();
  await expect(nameField(page)).toHaveValue('Ana Ruiz');
  await expect(page.getByLabel('SSS number')).toHaveValue('34-1');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();

  // The link of the email is on the server, and knows that the form was sent.
  await page.goto(link.href);
  await expect(page.getByRole('heading', { name: 'You have sent this form' })).toBeVisible();
  expect((await page.goto(address + link.pathname))?.status()).toBe(404);
});

test('pages of earlier versions keep their headers, and go when the form gets a password @long', () => {
  const versions = () => readdirSync(path.join(out, 'driver')).filter((name) => name.startsWith('version-'));
  const before = versions();
  const file = path.join(site.formsDir, 'driver.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, form('Which town?'));
  build();
  expect(versions().length).toBe(before.length + 1);
  const headers = readFileSync(path.join(out, '_headers'), 'utf8');
  for (const version of before) expect(headers).toMatch(new RegExp(`^/driver/${version}/en/\\n {2}.*content-security-policy: .*frame-ancestors`, 'ms')); // prettier-ignore
  writeFileSync(file, form('Which town?').replace('brand:', 'password: tq-9-words\nbrand:'));
  build();
  expect(existsSync(path.join(out, 'driver'))).toBe(false);
  expect(readFileSync(path.join(out, '_headers'), 'utf8')).not.toContain('/driver/');
  writeFileSync(file, text);
  build();
});

test('a form with a password and an example are left out with the reason, and an unknown address has a page', async ({
  page,
}) => {
  const output = build();
  expect(output).toContain('tryout is left out. It is an example.');
  expect(output).toContain('secret is left out. It has a password, and only the server can ask for it.');
  expect((await page.goto(`${address}/secret/`))?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There is no page here' })).toBeVisible();
});
