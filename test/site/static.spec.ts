/** Pages on a host that only serves files, at another origin than the server that takes the answers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright/test';
import sharp from 'sharp';
import { commandArguments, PROGRAM_ENV } from '../helpers/programs.ts';
import { ask, openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
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

/** Writes the pages again, as the command does. */
const build = () =>
  execFileSync(process.execPath, [...commandArguments('static'), out], {
    env: {
      ...PROGRAM_ENV,
      API_ORIGIN: site.origin,
      PAGE_ORIGINS: address,
      FORMS_DIR: site.formsDir,
    },
    encoding: 'utf8',
  });

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
      tryout: form('City').replace('brand:', 'example: true\nbrand:'),
    },
    env: { PAGE_ORIGINS: address },
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

test('a form with the widget is filled in, published again in the middle, and sent once on its version', async ({
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

test('a page that is newer than the server keeps the answers, and sends them once the server has the form', async ({
  page,
}) => {
  const before = readFileSync(path.join(site.formsDir, 'driver.yaml'), 'utf8');
  const newer = path.join(site.folder, 'newer');
  execFileSync('mkdir', ['-p', newer]);
  writeFileSync(path.join(newer, 'driver.yaml'), form('Town'));
  execFileSync(process.execPath, [...commandArguments('static'), out], {
    env: { ...PROGRAM_ENV, API_ORIGIN: site.origin, FORMS_DIR: newer },
  });
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

test('another folder with files is not overwritten', () => {
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

test('a browser without scripts sends the form to the server, and reads its errors there', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  build();
  await page.goto(`${address}/driver/en/`);
  await page.getByLabel('Town').fill('Iloilo');
  await page.getByRole('button', { name: 'Send' }).click();
  expect(new URL(page.url()).origin).toBe(site.origin);
  await expect(page.getByRole('alert')).toContainText('full name');
  await expect(page.getByLabel('Town')).toHaveValue('Iloilo');
  await context.close();
});

test('pages of earlier versions keep their headers, and go when the form gets a password', () => {
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
