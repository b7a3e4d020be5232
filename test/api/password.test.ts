/** A form with a password: only people who have entered it can see and send it. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readForm } from '../../src/form/folder.ts';
import type { TestSite } from '../helpers/site.ts';
import { eventually, expectRefusal, send, stored, type ApiResponse } from '../helpers/api/client.ts';
import { afterwards } from '../helpers/run/afterwards.ts';
import { clock, limited, openLimited, post, startOf } from '../helpers/api/limited.ts';

const PASSWORD = 'Café nº 7';
const time = clock('2026-12-15T12:00:00Z');
let site: TestSite;
beforeAll(async () => {
  site = await openLimited(
    { club: limited(`password: ${PASSWORD}`), other: limited(`password: ${PASSWORD}`), shut: limited('password: letmein\nlimits: { closes: 2026-01-01 }'), open: limited('') }, // prettier-ignore
    time.now,
  );
});
afterAll(() => site.close());

const enter = (password: string, to = '/club/password') => post(site, to, { password });
const passOf = (said: ApiResponse): string => said.headers.get('set-cookie')?.split(';')[0] ?? '';
const get = (to: string, cookie = '') => send(site, 'GET', to, undefined, { cookie });

describe('a person without the password', () => {
  it('sees one field in place of the form', async () => {
    const said = await get('/club');
    expect(said.status).toBe(200);
    expect(said.text).toContain('<h1>This form needs a password</h1>');
    expect(said.text).toContain('action="/club/password"');
    expect(said.text).not.toContain('name="email"');
    expect(said.headers.get('cache-control')).toBe('no-store');
    // A link to go on elsewhere has its token in the fragment, which comes back with the page.
    expect(said.text).toContain('<script>document.forms[0].action+=location.hash;');
    expect((await get('/club/es')).text).toContain('Este formulario pide una contraseña');
    expect((await get('/club?version=0000000000000000')).text).not.toContain('name="email"');
  });

  it('finds it in the other languages of the form, with the query of the address', async () => {
    const said = await get('/club?customer_id=4');
    expect(said.text).toContain('<a href="/club/es?customer_id=4" lang="es" hreflang="es">');
    expect(said.text).not.toContain('hreflang="en"');
    expect((await enter('wrong', '/club/password/es')).text).toContain('<a href="/club/en" lang="en" hreflang="en">');
  });

  it('can neither begin nor post', async () => {
    const before = await stored(site);
    expectRefusal(await startOf(site, 'club'), 401, 'password_required');
    // A page that was opened before the form got its password shows the message.
    expect((await startOf(site, 'club', { language: 'es' })).text).toContain('Este formulario pide una contraseña');
    const said = await post(site, '/club/es', { email: 'a@b.co' });
    expect(said.status).toBe(401);
    expect(said.text).toContain('action="/club/password/es"');
    expect(await stored(site)).toEqual(before);
  });

  it('keeps the query of the address when a post is asked for the password', async () => {
    const said = await post(site, '/club/es?customer_id=4', { email: 'a@b.co' });
    expect(said.text).toContain('action="/club/password/es?customer_id=4"');
  });

  it('reads first that the form is closed, if it is closed', async () => {
    expect((await get('/shut')).text).toContain('This form is closed');
  });
});

describe('entering it', () => {
  it('leads back to the same address with a cookie for twelve hours', async () => {
    const action = /action="([^"]+)"/.exec((await get('/club/es?customer_id=4&amp;x=%22')).text)?.[1] ?? '';
    const said = await enter(PASSWORD, action.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));
    expect(said.status).toBe(303);
    expect(said.headers.get('location')).toMatch(/^\/club\/es\?customer_id=4&/);
    expect(said.headers.get('set-cookie')).toMatch(
      /^flipsite_pass_club=\d+\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const cookie = `a=b; ${passOf(said)}`;
    const page = await get('/club/es', cookie);
    expect(page.text).toContain('name="email"');
    expect(page.headers.get('cache-control')).toBe('private, no-store');
    expect((await startOf(site, 'club', {}, { cookie })).status).toBe(201);
    expect((await post(site, '/club', { email: 'a@b.co' }, { cookie })).status).toBe(303);
    time.on(12 * 3_600 + 1);
    expect((await get('/club', cookie)).text).not.toContain('name="email"');
  });

  it('does not care how é is composed', async () => {
    expect((await enter(PASSWORD.normalize('NFD'))).status).toBe(303);
  });

  it('is refused with a sentence when it is wrong, and never repeats it', async () => {
    const said = await enter('café nº 8 secret');
    expect(said.status).toBe(422);
    expect(said.text).toContain('This password is wrong.');
    expect(said.text).toContain('aria-invalid="true"');
    expect(said.text).not.toContain('secret');
    expect(said.headers.get('set-cookie')).toBeNull();
    expect((await enter(PASSWORD)).status).toBe(303);
  });

  it('slows down a person who guesses, and no other person', async () => {
    for (let guess = 0; guess < 5; guess++) expect((await enter(`guess ${guess}`, '/other/password')).status).toBe(422);
    const said = await enter(PASSWORD, '/other/password');
    expect(said.status).toBe(429);
    expect(Number(said.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(said.text).toContain('Too many attempts. Wait 10 seconds, and try again.');
    expect((await enter(PASSWORD)).status).toBe(303);
    time.on(11);
    expect((await enter(PASSWORD, '/other/password')).status).toBe(303);
  });

  it('slows down a person who guesses from a few IPv6 networks, and no other person', async () => {
    const now = clock('2026-12-15T12:00:00Z');
    const behind = await openLimited({ club: limited(`password: ${PASSWORD}`) }, now.now, { TRUSTED_PROXIES: '1' });
    afterwards(() => behind.close());
    const from = (address: string, password: string) => post(behind, '/club/password', { password }, { 'x-forwarded-for': address }); // prettier-ignore
    const statuses = new Set<number>();
    for (let n = 0; n < 240; n++) statuses.add((await from(`2001:db8:${n % 12}:${n}::1`, '')).status);
    expect(statuses).toEqual(new Set([422, 429]));
    // A person who has mistyped it gets in too.
    expect((await from('198.51.100.7', '')).status).toBe(422);
    expect((await from('198.51.100.7', PASSWORD)).status).toBe(303);
  });

  it('can be done by many people at once who know it', async () => {
    expect((await enter(PASSWORD)).status).toBe(303);
    const entered = await Promise.all(Array.from({ length: 60 }, () => enter(PASSWORD)));
    expect(entered.filter(({ status }) => status !== 303)).toEqual([]);
  });

  it('from another site is refused', async () => {
    expect((await post(site, '/club/password', { password: PASSWORD }, { origin: 'https://evil.example' })).status).toBe(403); // prettier-ignore
  });

  it('has no address in a language that the form does not have', async () => {
    for (const language of ['fr', '%0d%0ax:1', '%00'])
      expect((await get(`/club/password/${language}`)).status).toBe(404);
  });

  it('finds its way back when its own address is opened', async () => {
    expect((await get('/club/password/es?a=1')).headers.get('location')).toBe('/club/es?a=1');
    expect((await get('/nope/password')).status).toBe(404);
  });
});

describe('a cookie', () => {
  it.each([
    ['of another form', (pass: string) => pass.replace('_club=', '_other=')],
    ['whose time was moved', (pass: string) => pass.replace(/=(\d+)/, (_, seconds) => `=${Number(seconds) + 9_999}`)],
    ['whose signature was changed', (pass: string) => `${pass.slice(0, -1)}${pass.endsWith('A') ? 'B' : 'A'}`],
    ['that is cut off', (pass: string) => pass.slice(0, 30)],
    ['that was made up', () => 'flipsite_pass_club=9999999999.'],
  ])('%s opens nothing', async (_what, forge) => {
    const pass = passOf(await enter(PASSWORD));
    expect((await startOf(site, 'club', {}, { cookie: pass })).status).toBe(201);
    const slug = forge(pass).includes('_other=') ? 'other' : 'club';
    expectRefusal(await startOf(site, slug, {}, { cookie: forge(pass) }), 401, 'password_required');
  });

  it('is looked for among the first ones only, since a header may hold hundreds', async () => {
    const pass = passOf(await enter(PASSWORD));
    const after = (count: number) => ({ cookie: 'flipsite_pass_club=x;'.repeat(count) + pass });
    expect((await startOf(site, 'club', {}, after(5))).status).toBe(201);
    expectRefusal(await startOf(site, 'club', {}, after(6)), 401, 'password_required');
  });

  it('ends when the password is changed', async () => {
    const cookie = passOf(await enter(PASSWORD));
    expect((await startOf(site, 'club', {}, { cookie })).status).toBe(201);
    const before = site.catalog.current('club')?.version;
    writeFileSync(path.join(site.formsDir, 'club.yaml'), limited('password: another one'));
    await eventually(async () => site.catalog.current('club')?.version !== before);
    expectRefusal(await startOf(site, 'club', {}, { cookie }), 401, 'password_required');
    expect((await enter('another one')).status).toBe(303);
  });
});

describe('a form that gets a password later', () => {
  it('is asked for from then on, by the address of an earlier version too', async () => {
    const versionOf = () => site.catalog.current('open')?.version;
    const before = versionOf();
    expect((await get(`/open?version=${before}`)).text).toContain('name="email"');
    writeFileSync(path.join(site.formsDir, 'open.yaml'), limited(`password: ${PASSWORD}`));
    await eventually(async () => versionOf() !== before);
    for (const address of ['/open', `/open?version=${before}`, `/open/es?version=${before}`]) {
      const said = await get(address);
      expect(said.text).toContain('action="/open/password');
      expect(said.text).not.toContain('name="email"');
    }
    expectRefusal(await startOf(site, 'open', { version: before }), 401, 'password_required');
    const cookie = passOf(await enter(PASSWORD, '/open/password'));
    const page = await get(`/open?version=${before}`, cookie);
    expect(page.text).toContain('name="email"');
    expect(page.headers.get('cache-control')).toBe('private, no-store');
  });

  it('is asked for where an earlier version has a language that the form has no more', async () => {
    const versionOf = () => site.catalog.current('open')?.version ?? '';
    const publish = async (yaml: string) => {
      const before = versionOf();
      writeFileSync(path.join(site.formsDir, 'open.yaml'), yaml);
      await eventually(async () => versionOf() !== before);
      return versionOf();
    };
    const both = limited(`description: Two languages\npassword: ${PASSWORD}`);
    const bilingual = await publish(both);
    await publish(both.replace('[en, es]', '[en]').replace(/\{ en: ([^,]+), es: [^}]+ \}/g, '$1'));
    for (const address of ['/open/es', `/open/es?version=${bilingual}`]) {
      const said = await get(address);
      expect([address, said.text.includes('name="email"')]).toEqual([address, false]);
      expect(said.text).toContain('action="/open/password');
    }
  });
});

describe('the password itself', () => {
  it('is in no page, log or row', async () => {
    const cookie = passOf(await enter('another one'));
    const said = [await get('/club'), await get('/club', cookie), await startOf(site, 'club', {}, { cookie })];
    const hashes = ['club', 'other'].map((slug) => site.catalog.current(slug)?.form.password ?? '');
    for (const secret of [PASSWORD, 'another one', ...hashes]) {
      for (const { text } of said) expect(text).not.toContain(secret);
      expect(site.logged()).not.toContain(secret);
    }
    const data = path.join(site.folder, 'data');
    const rows = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name } of rows) {
      const bytes = readFileSync(path.join(data, name));
      for (const secret of [PASSWORD, 'another one']) expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('is not shown beside a fault in its form', async () => {
    const file = path.join(site.formsDir, 'club.yaml');
    for (const yaml of [
      limited('passwort: hunter22'),
      limited('password: "abc"'),
      limited('password: 12345678'),
      limited('password: hunter22\nlimit: {}'),
    ]) {
      writeFileSync(file, yaml);
      const { parsed } = readForm(file, time.now());
      const told = JSON.stringify(parsed.ok ? [] : parsed.faults);
      expect(told).toContain('message');
      expect(told).not.toMatch(/hunter22|abc"|12345678/);
    }
  });
});
