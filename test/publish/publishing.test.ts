/** An author changes the folder while people are filling in forms. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Form } from '../../src/form/schema.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import { openPageRenderer } from '../../src/publish/rendering/page-renderer.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { answerAs, currentClient } from '../../src/site-limits/counting/current-client.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { begin, DRIVER, eventually, expectRefusal, openSmallSite, PLAIN, send, stored } from '../helpers/api/client.ts';
import { post } from '../helpers/api/limited.ts';
import { itLong } from '../helpers/run/it-long.ts';

let site: TestSite;
beforeEach(async () => {
  site = await openSmallSite();
});
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
});

const file = (name: string) => path.join(site.formsDir, name);
const save = (name: string, yaml: string) => writeFileSync(file(name), yaml);
const page = (address: string, headers?: Record<string, string>) => send(site, 'GET', address, undefined, headers);
const faultOf = async (slug: string) =>
  (await site.db.query.selectFrom('forms').select('fault').where('slug', '=', slug).executeTakeFirst())?.fault;
const shows = (address: string, text: string) => eventually(async () => (await page(address)).text.includes(text));
const versionOf = (slug: string) => site.catalog.current(slug)?.version ?? '';

it('an empty folder at a start removes no form, because its disk may not be mounted', async () => {
  const empty = path.join(site.folder, 'empty');
  mkdirSync(empty);
  const later = await openCatalog(site.db);
  await later.sync(empty, new Date(), { isStart: true });
  expect(later.list().map(({ removed }) => removed)).toEqual([false, false]);
  await later.sync(empty, new Date());
  expect(later.list().map(({ removed }) => removed)).toEqual([true, true]);
});

it('the state of the forms is read as work of the site, since requests of others wait for it', async () => {
  const clients: string[] = [];
  const watched = new Proxy(site.db, {
    get: (db, name) => (clients.push(currentClient()), db[name as keyof typeof db]),
  });
  const catalog = await openCatalog(watched);
  clients.length = 0;
  await answerAs('203.0.113.7', () => catalog.refresh());
  expect(new Set(clients)).toEqual(new Set(['shared']));
});

describe('a form with a fault', () => {
  it('leaves the last good version up and all others as they are; the fault is logged, stored, and ends by itself', async () => {
    const version = versionOf('plain');
    save('plain.yaml', PLAIN.replace('type: text', 'type: txet'));
    await eventually(() => faultOf('plain'));
    expect(await faultOf('plain')).toMatch(/plain\.yaml:7:\d+[\s\S]*txet[\s\S]*Write `type: text`/);
    // The test sees it once it is stored.
    await eventually(async () => site.logged().includes('plain.yaml has errors. The last valid version stays live:'));
    expect(site.logged()).toContain('txet');
    expect((await page('/plain')).text).toContain('Full name');
    expect((await begin(site, 'plain')).id).toBeTruthy();
    expect(versionOf('plain')).toBe(version);
    expect((await page('/driver')).status).toBe(200);

    save('plain.yaml', PLAIN.replace('Full name', 'Your whole name'));
    await shows('/plain', 'Your whole name');
    expect(await faultOf('plain')).toBeNull();
    expect(versionOf('plain')).not.toBe(version);
  });

  it('without a good version is not served, and is published once it is good', async () => {
    save('fresh.yaml', 'title: New\nscreens: []\n');
    await eventually(() => faultOf('fresh'));
    expect((await page('/fresh')).status).toBe(404);
    await eventually(async () => site.logged().includes('fresh.yaml has errors. It is not published yet:'));
    expectRefusal(await send(site, 'POST', '/api/forms/fresh/submissions', {}), 404, 'unknown_form');
    save('fresh.yaml', PLAIN.replace('Plain', 'New'));
    await shows('/fresh', '<title>New');
  });

  const hostile: Record<string, string> = {
    'nothing in it': '',
    'only a comment': '# later\n',
    'a list': '- a\n- b\n',
    'binary in it': '\0\x01\x02\xff'.repeat(1000),
    'a tab': 'title:\n\t- x\n',
    'an alias of nothing': `${PLAIN}\nbrand: *nowhere\n`,
    'aliases that grow without bound': `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, n) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[n]}`).join(',')}]\n`).join('')}`,
    'an anchor that holds itself': 'a: &a [*a]\n',
    'too deep a nesting': `title: ${'['.repeat(50_000)}`,
    'a deep map': `title: ${'{a: '.repeat(4_000)}`,
    'a __proto__ key': `${PLAIN}\n__proto__: { polluted: true }\n`,
    'a tag that makes objects': 'title: !!js/function "function(){}"\n',
    'two documents': `${PLAIN}\n---\n${PLAIN}`,
    '2 MB': `title: ${'x'.repeat(2_000_000)}\n`,
    '6 MB': `title: ${'x'.repeat(6_000_000)}\n`,
    'a merge key': `<<: { title: x }\n${PLAIN}`,
  };
  it('keeps its last valid version, and stops no other form, with any hostile text', { timeout: 60_000 }, async () => {
    const slugs = Object.keys(hostile).map((_kind, at) => `hostile-${at}`);
    for (const slug of slugs) save(`${slug}.yaml`, PLAIN);
    for (const slug of slugs) await eventually(() => Promise.resolve(site.catalog.current(slug)));
    for (const [at, yaml] of Object.values(hostile).entries()) save(`hostile-${at}.yaml`, yaml);
    save('mark.yaml', PLAIN.replace('Plain', 'Marked'));
    await shows('/mark', 'Marked');
    for (const [at, kind] of Object.keys(hostile).entries()) {
      const slug = `hostile-${at}`;
      await eventually(() => faultOf(slug));
      expect((await page(`/${slug}`)).text, kind).toContain('Full name');
      expect((await faultOf(slug))?.length, kind).toBeLessThan(50_000);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('things in the folder that are no forms', () => {
  const things: Record<string, () => void> = {
    'a folder called like a form': () => mkdirSync(file('folder.yaml')),
    "an editor's lock, a link to nowhere": () => symlinkSync('nobody@host.1234', file('.#plain.yaml')),
    'a link in a circle': () => symlinkSync('round.yaml', file('round.yaml')),
    'hidden leavings of a file manager': () => writeFileSync(file('._plain.yaml'), '\0\0'),
    'a file of another kind': () => writeFileSync(file('notes.txt'), 'x'),
    'a name that is no address': () => writeFileSync(file('Über uns.yaml'), PLAIN),
    'a name that is reserved': () => writeFileSync(file('admin.yaml'), PLAIN),
  };

  itLong('keep no form from being published, and no site from opening', async () => {
    for (const put of Object.values(things)) put();
    save('mark.yaml', PLAIN.replace('Plain', 'Marked'));
    await shows('/mark', 'Marked');
    expect((await page('/plain')).status).toBe(200);
    const again = await openTestSite({ forms: {}, folder: site.folder });
    const { status } = await fetch(`${again.origin}/plain`);
    await again.close();
    expect(status).toBe(200);
  });

  it('hidden files get no error', async () => {
    writeFileSync(file('.hidden.yaml'), '\0');
    writeFileSync(file('._plain.yaml'), '\0');
    save('mark.yaml', PLAIN.replace('Plain', 'Marked'));
    await shows('/mark', 'Marked');
    const forms = await site.db.query.selectFrom('forms').select('slug').orderBy('slug').execute();
    expect(forms.map(({ slug }) => slug)).toEqual(['driver', 'mark', 'plain']);
  });

  itLong('two files of one address are a fault, not a matter of which was read last', async () => {
    save('plain.yml', PLAIN.replace('Plain', 'The other'));
    await eventually(() => faultOf('plain'));
    expect(await faultOf('plain')).toMatch(/plain\.yml/);
    expect((await page('/plain')).text).toContain('<title>Plain');
  });
});

describe('a form that was removed', () => {
  it('accepts no new starts and shows that it is closed; it is back when its file is', async () => {
    const draft = await begin(site, 'plain');
    renameSync(file('plain.yaml'), file('plain.bak'));
    await eventually(async () => (await page('/plain')).status === 410);
    const said = await page('/plain');
    expect(said.text).toContain('This form is no longer open');
    expect(site.logged()).toMatch(/plain\.yaml was removed, so \/plain no longer accepts new submissions/);
    expect(said.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await page('/plain/en')).status).toBe(410);
    const begun = await send(site, 'POST', '/api/forms/plain/submissions', {});
    expectRefusal(begun, 410, 'form_removed');
    expect(begun.body.error.message).toBe('This form is no longer open. It no longer accepts answers. We keep only those that were saved before.'); // prettier-ignore
    const posted = await send(site, 'POST', '/plain', 'full_name=Eve', { 'content-type': 'application/x-www-form-urlencoded', origin: site.origin }); // prettier-ignore
    expect([posted.status, posted.text.includes('no longer open')]).toEqual([410, true]);
    // Those of this post are not stored.
    expect(posted.text).toContain('We keep only those that were saved before.');
    expect((await draft.put('only', { full_name: 'Ana' })).status).toBe(200);
    expect((await draft.post('submit')).status).toBe(200);
    renameSync(file('plain.bak'), file('plain.yaml'));
    await shows('/plain', 'Full name');
  });

  it('is said to be closed in the language of its address', async () => {
    rmSync(file('driver.yaml'));
    await eventually(async () => (await page('/driver')).status === 410);
    expect((await page('/driver')).text).toContain('This form is no longer open');
    expect((await page('/driver/es')).text).toContain('Este formulario ya no está abierto');
  });

  itLong('is still closed after a restart, and people with a draft get its page', async () => {
    const version = versionOf('plain');
    rmSync(file('plain.yaml'));
    await site.close();
    site = await openTestSite({ forms: {}, folder: site.folder });
    expect((await page('/plain')).status).toBe(410);
    expect((await page(`/plain?version=${version}`)).status).toBe(200);
  });
});

describe('a draft of an earlier version', () => {
  it('is read, checked and ended by its own version', async () => {
    const draft = await begin(site, 'plain');
    const old = versionOf('plain');
    const stricter = PLAIN.replace('label: Full name', 'label: Full name, max_length: 3').replace('Thank you', 'Bye');
    save('plain.yaml', stricter.replace('- { id: note', '- { id: iban, type: text, label: IBAN, required: true }\n      - { id: note')); // prettier-ignore
    await shows('/plain', 'IBAN');
    expect((await draft.put('only', { full_name: 'Anastasia', iban: 'x' })).status).toBe(422);
    expect((await draft.put('only', { full_name: 'Anastasia' })).status).toBe(200);
    expect((await draft.post('submit')).body.ending.title).toBe('Thank you, Anastasia');

    const theirs = await page(`/plain?version=${old}`);
    expect([theirs.status, theirs.text.includes('IBAN')]).toEqual([200, false]);
    expect((await page('/plain')).text).toContain('IBAN');
    const fresh = await begin(site, 'plain');
    expect((await fresh.put('only', { full_name: 'Ana' })).body.error.fields).toHaveProperty('iban');
    const late = await begin(site, 'plain', { version: old });
    expect((await late.put('only', { full_name: 'Anastasia' })).status).toBe(200);
  });

  it('is posted without JavaScript in the version of its page', async () => {
    const [, name = '', old = ''] = /type="hidden" name="(.+?)" value="(.+?)"/.exec((await page('/plain')).text) ?? [];
    save('plain.yaml', PLAIN.replace('id: note', 'id: remark'));
    await eventually(async () => versionOf('plain') !== old);
    const post = (answers: Record<string, string>) =>
      send(site, 'POST', '/plain', new URLSearchParams({ ...answers, [name]: old }).toString(), { 'content-type': 'application/x-www-form-urlencoded', origin: site.origin }); // prettier-ignore

    // The page with errors stays in its version.
    expect((await post({ note: 'By phone' })).text).toMatch(RegExp(`name="note"[^]*By phone[^]*value="${old}"`));
    expect((await post({ full_name: 'Ana', note: 'By phone' })).status).toBe(303);
    const stored = await site.db.query.selectFrom('submissions').select(['version', 'answers']).executeTakeFirst();
    expect([stored?.version, JSON.parse(stored?.answers ?? '')]).toEqual([old, { full_name: 'Ana', note: 'By phone' }]);
  });

  it('is posted without JavaScript in a version that another server has just published', async () => {
    const [, name = ''] = /type="hidden" name="(.+?)" value="(.+?)"/.exec((await page('/plain')).text) ?? [];
    const { form } = site.catalog.current('plain') as { form: Form };
    const screens = form.screens.map((screen) => ({ ...screen, fields: screen.fields.map((field) => (field.id === 'note' ? { ...field, id: 'remark' } : field)) })); // prettier-ignore
    const version = await saveVersion(site.db, { ...form, screens }, new Date());
    expect(version).not.toBe(versionOf('plain'));
    const body = new URLSearchParams({ full_name: 'Ana', remark: 'By phone', [name]: version }).toString();
    const sent = await send(site, 'POST', '/plain', body, { 'content-type': 'application/x-www-form-urlencoded', origin: site.origin }); // prettier-ignore
    expect(sent.status).toBe(303);
    const kept = await site.db.query.selectFrom('submissions').select(['version', 'answers']).executeTakeFirst();
    expect([kept?.version, JSON.parse(kept?.answers ?? '')]).toEqual([
      version,
      { full_name: 'Ana', remark: 'By phone' },
    ]);
  });

  it('whose page has questions that this server does not have yet, can be sent again later', async () => {
    const [, name = ''] = /type="hidden" name="(.+?)" value="(.+?)"/.exec((await page('/plain')).text) ?? [];
    const post = (answers: Record<string, string>) =>
      send(site, 'POST', '/plain', new URLSearchParams({ ...answers, [name]: '0123456789abcdef' }).toString(), { 'content-type': 'application/x-www-form-urlencoded', origin: site.origin, accept: 'text/html' }); // prettier-ignore
    const before = await stored(site);
    const said = await post({ full_name: 'Ana', remark: 'By phone' });
    expect([said.status, await stored(site)]).toEqual([409, before]);
    expect(said.text).toContain('If you were sending answers, your browser sends them again.');
    expect((await post({ full_name: 'Ana' })).status).toBe(303);
  });

  it('whose page is too old, is posted once more without its answers to questions that are gone', async () => {
    const [, name = '', old = ''] = /type="hidden" name="(.+?)" value="(.+?)"/.exec((await page('/plain')).text) ?? [];
    save('plain.yaml', PLAIN.replace('id: note', 'id: remark'));
    await eventually(async () => versionOf('plain') !== old);
    await site.db.query.updateTable('versions').set({ replaced_at: '2026-01-01T00:00:00.000Z' }).where('version', '=', old).execute(); // prettier-ignore
    const post = (answers: Record<string, string>, version: string) =>
      send(site, 'POST', '/plain', new URLSearchParams({ ...answers, [name]: version }).toString(), { 'content-type': 'application/x-www-form-urlencoded', origin: site.origin }); // prettier-ignore

    const before = await stored(site);
    const said = await post({ full_name: 'Ana', note: 'By phone' }, old);
    expect([said.status, await stored(site)]).toEqual([422, before]);
    expect(said.text).toContain('This form has changed since you opened it. Some questions are gone, and your answers to them are not sent. Check the others, then send.'); // prettier-ignore
    expect(said.text).toMatch(/name="full_name"[^>]*value="Ana"|value="Ana"[^>]*name="full_name"/);
    expect(said.text).not.toContain('<h2>');
    // With errors, it says both.
    expect((await post({ note: 'By phone' }, old)).text).toMatch(/Some questions are gone[^]*Please check 1 answer/);

    const [, , version = ''] = /type="hidden" name="(.+?)" value="(.+?)"/.exec(said.text) ?? [];
    expect(version).toBe(versionOf('plain'));
    expect((await post({ full_name: 'Ana' }, version)).status).toBe(303);
    // Without an answer to a question that is gone, nothing would be lost.
    expect((await post({ full_name: 'Berta', note: '' }, old)).status).toBe(303);
    const rows = await site.db.query.selectFrom('submissions').select('answers').orderBy('id').execute();
    expect(rows.map(({ answers }) => JSON.parse(answers))).toEqual([{ full_name: 'Ana' }, { full_name: 'Berta' }]);
  });

  it('can be in a frame on the websites that the current version names, and on no other', async () => {
    const policyOf = async (version: string) =>
      (await page(`/plain?version=${version}`)).headers.get('content-security-policy');
    const old = versionOf('plain');
    for (const host of ['https://one.example', 'https://two.example']) {
      const before = versionOf('plain');
      save('plain.yaml', `${PLAIN}embed: { allow: ['${host}'] }\n`);
      await eventually(async () => versionOf('plain') !== before);
      expect(await policyOf(old)).toMatch(RegExp(`frame-ancestors 'self' ${host}$`));
    }
  });

  it('that is not in memory counts as a rendered page before its form is read', async () => {
    const old = versionOf('plain');
    save('plain.yaml', PLAIN.replace('id: note', 'id: notice'));
    await eventually(async () => versionOf('plain') !== old);
    const refused = new Error('too many');
    const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
    const sources = { script: [], connect: [], image: [] };
    const catalog = { ...(await openCatalog(site.db)), version: () => expect.unreachable() };
    const pages = openPageRenderer({ catalog, render: () => expect.unreachable(), site: address, sources });
    const counted: unknown[] = [];
    const mayRender = async (bytes?: number) => {
      counted.push(bytes);
      throw refused;
    };
    await expect(pages.page('plain', undefined, `?version=${old}`, mayRender)).rejects.toBe(refused);
    // Where no page of the form is in memory, its size follows from that of its definition.
    const { definition } = await site.db.query.selectFrom('versions').select('definition').where('version', '=', old).executeTakeFirstOrThrow(); // prettier-ignore
    expect(counted).toEqual([3 * Buffer.byteLength(definition)]);
  });

  it('is not reached by the version of another form, nor by one that never was: both give the page as it is now', async () => {
    const version = versionOf('driver');
    const now = await page('/plain');
    for (const wanted of [version, '0', '__proto__', '../x', 'a'.repeat(5000), '%00', "'", '<script>']) {
      const { status, text } = await page(`/plain?version=${encodeURIComponent(wanted)}`);
      expect([wanted, status, text === now.text]).toEqual([wanted, 200, true]);
    }
    expectRefusal(await send(site, 'POST', '/api/forms/plain/submissions', { version }), 409, 'unknown_version');
  });

  itLong(
    'has its page in a language that a later version dropped, and leads to its own languages from one that came later',
    async () => {
      const old = versionOf('driver');
      save('driver.yaml', DRIVER.replace('languages: [en, es]', 'languages: [en]').replace('{ en: About you, es: Sobre ti }', 'About you')); // prettier-ignore
      await eventually(async () => (await page('/driver/es')).status === 302);
      expect((await page(`/driver/es?version=${old}`)).text).toContain('Sobre ti');
      const english = versionOf('driver');
      expect((await page('/driver/es?link=a&x=%0A')).headers.get('location')).toBe('/driver?link=a&x=%0A');
      expect((await page('/driver/fr')).status).toBe(404);
      expect((await post(site, '/driver/es', { full_name: 'Ana' })).text).toContain('About you');
      save('driver.yaml', DRIVER);
      await eventually(async () => (await page('/driver/es')).status === 200);
      const there = await page(`/driver/es?version=${english}`);
      expect([there.status, there.headers.get('location')]).toEqual([302, `/driver?version=${english}`]);
    },
  );
});
