/** Previews over HTTP: the real page and API of a draft, for everyone with the link, and nothing of it anywhere else. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  previewExpiry,
  signPreview,
  type PreviewKind,
  type PreviewPass,
} from '../../src/publish/previews/preview-token.ts';
import { createRates } from '../../src/api/bounds/rates.ts';
import { commentRoutes } from '../../src/api/html/preview-comments.ts';
import { answerPreview, type OpenPreview } from '../../src/api/html/preview-pages.ts';
import type { PreviewDrafts } from '../../src/publish/previews/preview-drafts.ts';
import { createPageCache } from '../../src/publish/rendering/page-cache.ts';
import type { Page } from '../../src/publish/rendering/pages.ts';
import { compiled } from '../dashboard/forms.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { deleteUnpublishedForm } from '../../src/record/forms/delete-form.ts';
import { findDraft, saveDraft } from '../../src/record/forms/drafts.ts';
import { withdrawPreviewLinks } from '../../src/record/forms/preview-generations.ts';
import { textHash } from '../../src/record/forms/form-text.ts';
import type { PreviewState } from '../../src/contract/preview.ts';
import type { Results } from '../../src/record/results/results.ts';
import { newIds } from '../../src/record/ids.ts';
import { setManagedIn } from '../../src/record/forms/form-states.ts';
import { signedIn } from '../helpers/visitor.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { API_KEY, ask, doOwed, removeFolder, type TestSite } from '../helpers/site.ts';
import { answerAs } from '../../src/site-limits/counting/current-client.ts';
import { createTurnsByKey } from '../../src/site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { describeLong } from '../helpers/run/it-long.ts';
import {
  begin,
  DRIVER,
  eventually,
  expectRefusal,
  openSmallSite,
  PLAIN,
  requestOf,
  send,
  stored,
} from '../helpers/api/client.ts';
import { clock } from '../helpers/api/limited.ts';

const key = randomBytes(32);
const time = clock('2026-12-01T09:30:00Z');
const GUARDED = PLAIN.replace('title: Plain', 'title: Guarded\npassword: open sesame\ninvite: {}\nlimits: { closes: 2026-11-01 }\nnotify: [{ email: ops@acme.example }]'); // prettier-ignore

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite({ key, now: time.now, forms: { driver: DRIVER, plain: PLAIN, guarded: GUARDED } });
});
afterAll(() => site.close());

const titled = (title: string) => PLAIN.replace('title: Plain', `title: ${title}`);

/** The path of a preview. */
const pathOf = (form: string, kind: PreviewKind = 'review', more: Partial<PreviewPass> = {}, by = key): string =>
  `/preview/${signPreview([by], { form, kind, generation: 1, expiresAt: previewExpiry(kind, time.now()), ...more })}`;
const previewOf = (form: string, kind?: PreviewKind) => ({ origin: site.origin + pathOf(form, kind) });
const get = (path: string) => send(site, 'GET', path);
const versionIn = (html: string) => /"version":"([0-9a-f]{16})"/.exec(html)?.[1];

/** Saves a draft of a form of the dashboard. */
async function draft(form: string, text: string, revision: number) {
  if (revision === 0) await setManagedIn(site.db, form, 'dashboard', time.now());
  expect((await saveDraft(site.db, { form, text, title: form }, revision, time.now())).saved).toBe(true);
}

describe('a preview', () => {
  it('shows a draft that was never published, and takes its answers without counting them', async () => {
    await draft('fresh', PLAIN.replace('title: Plain', 'title: Fresh'), 0);
    expect((await get('/fresh')).status).toBe(404);
    const before = await stored(site);
    const page = await get(`${pathOf('fresh')}/fresh`);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Preview. Nothing is counted.') });

    const person = await begin(previewOf('fresh'), 'fresh');
    expect((await person.put('only', { full_name: 'Ana' })).status).toBe(200);
    expect(await person.post('submit')).toMatchObject({ status: 200, body: { ending: { title: 'Thank you, Ana' } } });
    await doOwed(site);
    expect(await stored(site)).toEqual(before);
    expect(await ask(site, 'forms/plain/submissions')).toMatchObject({ items: [] });
    const there = await fetch(`${site.origin}/api/submissions/${person.id}`, { headers: { authorization: `Bearer ${API_KEY}` } }); // prettier-ignore
    expect(there.status).toBe(404);
  });

  it('sends its page in gzip to a browser that accepts it', async () => {
    const path = `${pathOf('plain')}/plain`;
    const [plain, zipped] = await Promise.all(
      ['identity', 'gzip'].map((accepted) => send(site, 'GET', path, undefined, { 'accept-encoding': accepted })),
    );
    expect([plain, zipped].map((one) => one?.headers.get('content-encoding'))).toEqual([null, 'gzip']);
    expect(zipped?.text).toBe(plain?.text);
  });

  it('is open where the form has a password, is closed and asks for an invitation, and sends nothing', async () => {
    const person = await begin(previewOf('guarded'), 'guarded');
    await person.put('only', { full_name: 'Ana' });
    expect((await person.post('submit')).status).toBe(200);
    await doOwed(site);
    const sent = await site.db.query.selectFrom('deliveries').select('id').execute();
    expect(sent).toEqual([]);
    expect((await get('/guarded')).status).toBe(403);
  });

  it('is told in Results as tests that are left out, of the days and the language that were chosen', async () => {
    const tests = async (query = '') => (await ask<Results>(site, `forms/driver/results${query}`)).leftOut.tests;
    const queries = ['', '?language=es', '?from=2026-12-01&to=2026-12-01', '?link=-', '?language=en', '?from=2026-12-02', '?to=2026-11-30', '?link=utm_*']; // prettier-ignore
    const before = await Promise.all(queries.map(tests));
    await begin(previewOf('driver'), 'driver', { language: 'es' });
    const after = await Promise.all(queries.map(tests));
    expect(after.map((count, at) => count - (before[at] ?? 0))).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('is not found by search engines, and gives its address to no other site', async () => {
    for (const path of ['', '/plain', '/-/state', '/api/forms/plain/challenge', '/missing']) {
      const { headers } = await get(pathOf('plain') + path);
      expect(headers.get('x-robots-tag'), path).toBe('noindex');
      expect(headers.get('referrer-policy'), path).toBe('same-origin');
    }
    const { headers, text } = await get(`${pathOf('plain')}/plain`);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toContain('<meta name="robots" content="noindex">');
  });

  it('is not in the log, also where its path comes twice', async () => {
    const { status } = await get(`${pathOf('plain')}${pathOf('plain')}/plain`);
    expect(status).toBe(404);
    expect(site.logged()).not.toContain('/preview/');
  });

  it('opens nothing but its own form', async () => {
    expect((await get(`${pathOf('plain')}/driver`)).status).toBe(404);
    const other = { origin: site.origin + pathOf('plain') };
    expect((await send({ ...site, ...other }, 'POST', '/api/forms/driver/submissions', {})).status).toBe(404);
    const byKey = await send({ ...site, ...other }, 'GET', '/api/forms/plain/submissions', undefined, { authorization: `Bearer ${API_KEY}` }); // prettier-ignore
    expect(byKey.status).toBe(401);
    expect((await get(`${pathOf('plain')}/admin`)).status).toBe(404);
    expect((await get(`${pathOf('plain')}/metrics`)).status).toBe(404);
  });

  it('leaves its connection open for the next request of a proxy after it has refused a large upload unread', async () => {
    const socket = connect(site.port, '127.0.0.1');
    let [text, isClosed] = ['', false];
    const statuses = () => text.match(/HTTP\/1\.1 \d+/g) ?? [];
    socket.on('data', (data) => (text += String(data)));
    socket.on('close', () => (isClosed = true));
    const upload = `${pathOf('plain')}/api/submissions/${randomUUID()}/files?field=cv`;
    socket.write(requestOf('POST', upload, { authorization: `Bearer ${'x'.repeat(43)}` }, 'x'.repeat(3_000_000)));
    await eventually(async () => statuses().length === 1);
    socket.write(requestOf('GET', '/plain'));
    await eventually(async () => isClosed || statuses().length === 2);
    socket.destroy();
    expect(statuses()).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  it('takes a form that a browser without JavaScript posts, and shows its ending', async () => {
    const path = `${pathOf('plain')}/plain`;
    const body = new URLSearchParams({ full_name: 'Ana' });
    const posted = await fetch(site.origin + path, { method: 'POST', body, headers: { origin: site.origin }, redirect: 'manual' }); // prettier-ignore
    expect(posted).toMatchObject({ status: 303 });
    expect(posted.headers.get('location')).toBe(`${path}/ending`);
    const cookie = posted.headers.getSetCookie()[0] ?? '';
    expect(cookie).toContain(`Path=${path}`);
    const ending = await fetch(`${site.origin}${path}/ending`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(await ending.text()).toContain('Thank you, Ana');
  });
});

describe('the link of a preview', () => {
  it('ends after its time, and says so', async () => {
    const ended = pathOf('plain', 'review', { expiresAt: new Date('2026-12-01T09:00:00Z') });
    const page = await get(`${ended}/plain`);
    expect(page).toMatchObject({ status: 410, text: expect.stringContaining('This preview has ended') });
    expect(await get(`${ended}/-/state`)).toMatchObject({ status: 410, body: { error: { code: 'not_found' } } });
  });

  it('does not work if it is forged, changed or signed for another form', async () => {
    const real = pathOf('plain');
    const forged = pathOf('plain', 'review', {}, randomBytes(32));
    const longer = real.replace(/\.([a-z0-9]+)\.([\w-]{22})$/, '.zzzzz.$2');
    const other = real.replace('plain', 'driver');
    for (const path of [forged, longer, other, '/preview/plain', '/preview', '/preview/%00', pathOf('missing')])
      expect(await get(`${path}/plain`), path).toMatchObject({ status: 404, text: expect.stringContaining('There is no preview here') }); // prettier-ignore
  });

  it('no longer works after a member has withdrawn all links', async () => {
    await draft('withdrawn', PLAIN, 0);
    const path = `${pathOf('withdrawn')}/withdrawn`;
    expect((await get(path)).status).toBe(200);
    await withdrawPreviewLinks(site.db, 'withdrawn');
    expect((await get(path)).status).toBe(410);
    expect((await get(`${pathOf('withdrawn', 'review', { generation: 2 })}/withdrawn`)).status).toBe(200);
  });
});

describe('a preview follows the draft', () => {
  it('so people who have started continue in the new version, with their answers', async () => {
    await draft('moving', titled('One'), 0);
    const person = await begin(previewOf('moving'), 'moving');
    await person.put('only', { full_name: 'Ana' });
    const first = (await get(`${pathOf('moving')}/-/state`)).body.version;
    await draft('moving', titled('Two').replace('Thank you,', 'Bye,'), 1);
    const second = (await get(`${pathOf('moving')}/-/state`)).body.version;
    expect(second).not.toBe(first);
    const page = await get(`${pathOf('moving')}/moving`);
    expect(page.text).toContain('<title>Two');
    expect(versionIn(page.text)).toBe(second);
    expect(await person.post('submit')).toMatchObject({ status: 200, body: { ending: { title: 'Bye, Ana' } } });
  });

  it('and reads a text once, however often it is asked for', async () => {
    await draft('long', titled('Long'), 0);
    const version = (await get(`${pathOf('long')}/-/state`)).body.version;
    await site.db.query
      .updateTable('form_drafts')
      .set({ text: titled('Other') })
      .where('form', '=', 'long')
      .execute();
    expect((await get(`${pathOf('long')}/-/state`)).body.version).toBe(version);
    await draft('long', titled('Newer'), 1);
    expect((await get(`${pathOf('long')}/long`)).text).toContain('<title>Newer');
  });

  it('and shows the last good version while the text has errors, with the place of the error for members only', async () => {
    await draft('broken', titled('Good'), 0);
    const good = (await get(`${pathOf('broken')}/-/state`)).body.version;
    await draft('broken', titled('Bad').replace('type: textarea', 'type: texarea'), 1);
    const [colleague, member] = [await get(`${pathOf('broken')}/broken`), await get(`${pathOf('broken', 'frame')}/broken`)]; // prettier-ignore
    expect(versionIn(colleague.text)).toBe(good);
    expect(colleague.text).toContain('The newest change has an error.');
    expect(colleague.text).not.toContain('texarea');
    expect(versionIn(member.text)).toBe(good);
    // The outline of the editor has no lines.
    expect(member.text).toContain('“Note” has an error. This is the last version without errors.');
    expect((await get(`${pathOf('broken')}/-/state`)).body).toMatchObject({ version: good, faults: [expect.any(String)] }); // prettier-ignore
    await draft('broken', `languages: [en, klingon]\n${titled('Bad')}`, 2);
    expect((await get(`${pathOf('broken', 'frame')}/broken`)).text).toContain('The form has an error. This is');
  });

  it('and shows texts without a translation in the first language, and says so', async () => {
    const brand = "brand: { name: Acme, logo: 'data:image/png;base64,iVBORw0KGgo=' }\n";
    const text = (title: string) =>
      `languages: [en, es]\n${brand}${titled('Both').replace('title: Only', `title: ${title}`)}`;
    await draft('both', text('{ en: About you }'), 0);
    const path = pathOf('both', 'frame');
    const page = await get(`${path}/both/es`);
    expect(page.text).toContain('About you');
    expect(page.text).toContain('/assets/logo-');
    const sentence = 'Texts without a translation are shown in another language.';
    expect((await get(`${path}/-/state`)).body).toMatchObject({ faults: [sentence] });
    await draft('both', text('{ en: About you, es: Sobre ti }'), 1);
    // The open page takes the translation without loading again.
    const state = (await get(`${path}/-/state/es/${versionIn(page.text)}`)).body as PreviewState;
    expect(state).toMatchObject({ faults: [], screens: [{ html: expect.stringContaining('Sobre ti') }] });
  });

  describe('in a page that is open, which', () => {
    const OPEN = titled('Open').replace(
      'endings:',
      '  - id: more\n    title: More\n    fields: [{ id: age, type: text, label: Age }]\nendings:',
    );
    const path = pathOf('open');
    let revision = 0;

    /** The answer to an open page with one text, after the draft got another one. */
    async function stateAfter(before: string, after: string): Promise<PreviewState> {
      await draft('open', before, revision++);
      const version = versionIn((await get(`${path}/open`)).text);
      await draft('open', after, revision++);
      const { body } = await get(`${path}/-/state/en/${version}`);
      expect((body as PreviewState).version).not.toBe(version);
      return body as PreviewState;
    }

    it('gets only the screens that have changed', async () => {
      const { screens } = await stateAfter(OPEN, OPEN.replace('label: Age', 'label: Years'));
      expect(screens).toMatchObject([{ data: { id: 'more', fields: [{ id: 'age' }] } }]);
      expect(screens?.[0]?.html).toMatch(/^<section [^>]*id="s-more".*Years.*<\/section>$/s);
      expect((await stateAfter(OPEN, OPEN.replace('Thank you,', 'Bye,'))).screens).toEqual([]);
    });

    it('gets the screens of the last good text while the newest one has errors', async () => {
      await draft('open', OPEN, revision++);
      const version = versionIn((await get(`${path}/open`)).text);
      await draft('open', OPEN.replace('label: Age', 'label: Years'), revision++);
      await get(`${path}/-/state`);
      await draft('open', OPEN.replace('type: text', 'type: txt'), revision++);
      const { faults, screens } = (await get(`${path}/-/state/en/${version}`)).body as PreviewState;
      expect(faults).not.toEqual([]);
      expect(screens).toMatchObject([{ data: { id: 'more' } }]);
    });

    it.each([
      ['its title', OPEN, OPEN.replace('title: Open', 'title: Opened')],
      [
        'a type of question',
        OPEN,
        OPEN.replace(
          'type: textarea, label: Note, max_length: 5000',
          'type: checkboxes, label: Note, options: [{ value: a, label: A }]',
        ),
      ],
      ['an id', OPEN, OPEN.replace('id: age', 'id: years')],
      [
        'the order',
        OPEN,
        OPEN.replace('id: only', 'id: x').replace('id: more', 'id: only').replace('id: x', 'id: more'),
      ],
      ['a screen more', PLAIN.replace('title: Plain', 'title: Open'), OPEN],
    ])('is loaded again after a change of %s', async (_what, before, after) => {
      expect(await stateAfter(before, after)).not.toHaveProperty('screens');
    });

    it.each([
      ['a number', '    fields: [{ id: age, type: number, label: Age }]'],
      ['a file', '    fields: [{ id: age, type: file, label: Age }]'],
      ['Wink', '    wink: { require: connected }'],
    ])('is loaded again after a change on a screen with %s, whose controls a script holds', async (_what, more) => {
      const before = OPEN.replace(/ {4}fields.*Age.*/, more);
      expect(await stateAfter(before, before.replace('title: More', 'title: Most'))).not.toHaveProperty('screens');
      expect((await stateAfter(before, before.replace('title: Only', 'title: Once'))).screens).toHaveLength(1);
    });

    it('is compared with the newer one once, however often it asks', async () => {
      await draft('open', OPEN, revision++);
      const old = versionIn((await get(`${path}/open`)).text) ?? '';
      const [before, after] = [OPEN, OPEN.replace('label: Age', 'label: Years')];
      let reads = 0;
      const pageOf = (html: string) => ({ plain: { toString: () => (reads++, html) } }) as unknown as Page;
      const [oldPage, olderPage, newPage] = [before, before, after].map(pageOf) as [Page, Page, Page];
      const pages = {
        kept: (key: string) => (key.includes(old) ? oldPage : key.includes('older') ? olderPage : newPage),
      };
      const preview = { pass: { form: 'open', kind: 'review' }, renderer: { site: { base: '' } }, pages } as unknown as OpenPreview; // prettier-ignore
      const shown = { form: compiled(after, 'open'), version: 'newer' };
      const drafts = {
        readNewest: async () => ({ shown, faults: [], faultyPart: undefined, text: after, textHash: '' }),
      };
      const ask = (version = old) =>
        answerPreview(
          preview,
          drafts as unknown as PreviewDrafts,
          `/-/state/en/${version}`,
          new Headers(),
          async () => undefined,
        );
      expect((await ask())?.status).toBe(200);
      expect(reads).toBe(2);
      await Promise.all([ask(), ask()]);
      expect(reads).toBe(2);
      // Colleagues may have pages of different versions open.
      for (const version of ['older', old, 'older', old]) await ask(version);
      expect(reads).toBe(4);
    });

    it('counts as several rendered pages in its next language, if it is large', async () => {
      const shown = { form: compiled(titled('Two').replace('title: Two', 'title: { en: Two, es: Dos }\nlanguages: [en, es]'), 'two'), version: 'one' }; // prettier-ignore
      const drafts = { readNewest: async () => ({ shown, faults: [] }) } as unknown as PreviewDrafts;
      const renderer = { site: { base: '' }, renderUncached: async () => ({ plain: Buffer.alloc(100_000), headers: {}, status: 200 }) }; // prettier-ignore
      const preview = { pass: { form: 'two', kind: 'review' }, renderer, pages: createPageCache(1_000_000), inTurn: createTurnsByKey(1) } as unknown as OpenPreview; // prettier-ignore
      const counted: (number | undefined)[] = [];
      for (const language of ['en', 'es', 'en', 'es'])
        await answerPreview(preview, drafts, `/two/${language}`, new Headers(), async (bytes) => void counted.push(bytes)); // prettier-ignore
      expect(counted).toEqual([undefined, 100_000]);
    });

    it('is rendered once in each of six languages, and no client waits for all pages of another one', async () => {
      const languages = ['en', 'es', 'ar', 'fil', 'id', 'zh'];
      const shown = { form: { ...compiled(titled('Six'), 'six'), languages }, version: 'one' };
      const drafts = { readNewest: async () => ({ shown, faults: [] }) } as unknown as PreviewDrafts;
      const rendered: string[] = [];
      const renderUncached = async ({ language }: { language: string }) => {
        rendered.push(language);
        return { plain: Buffer.alloc(500_000), headers: {}, status: 200 };
      };
      const renderer = { site: { base: '' }, renderUncached };
      const pages = createPageCache(SITE_LIMITS.previewPagesBytes.value);
      const preview = { pass: { form: 'six', kind: 'review' }, renderer, pages, inTurn: createTurnsByKey(1) } as unknown as OpenPreview; // prettier-ignore
      const open = (language: string) => answerPreview(preview, drafts, `/six/${language}`, new Headers(), async () => undefined); // prettier-ignore
      const crowd = Promise.all(languages.map((language) => answerAs('crowd', () => open(language))));
      expect((await answerAs('person', () => open('zh')))?.status).toBe(200);
      expect(rendered.length).toBeLessThan(4);
      await crowd;
      for (const language of [...languages, ...languages]) await open(language);
      expect(rendered.toSorted()).toEqual(languages.toSorted());
    });

    it('is loaded again where this server has not rendered it', async () => {
      expect((await get(`${path}/-/state/en/0000000000000000`)).body).not.toHaveProperty('screens');
    });
  });

  it('and shows nothing of a form that was deleted to those who look at a new one with its link', async () => {
    await draft('again', titled('Old and gone'), 0);
    expect((await get(`${pathOf('again')}/again`)).text).toContain('Old and gone');
    const member = await signedIn(site, time.now());
    expect((await member('/admin/forms/again/delete', {})).location).toBe('/admin');
    await draft('again', 'title: New\nscreens: nothing\n', 0);
    const page = await get(`${pathOf('again', 'review', { generation: 2 })}/again`);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('This form cannot be shown yet') });
    expect(page.text).not.toContain('Old and gone');
  });

  describeLong('of a form that was deleted on another server', () => {
    /** A server with files of its own, on the database of the site. */
    async function openOther(folder = mkdtempSync(join(tmpdir(), 'flipsite-other-'))): Promise<TestSite> {
      const url = (await postgresFor(site.folder)) ?? `sqlite:${site.folder}/data/flipsite.sqlite`;
      return openSmallSite({ key, now: time.now, forms: {}, folder, env: { DATABASE_URL: url, FORMS_DIR: site.formsDir } }); // prettier-ignore
    }

    /** All that a server has in its own store of a form: its versions, and its test answers. */
    async function keptOf({ folder }: TestSite, form: string): Promise<object[]> {
      const store = await openDatabase(`sqlite:${folder}/data/preview.sqlite`, [key]);
      const versions = await store.query.selectFrom('versions').select('version').where('form', '=', form).execute();
      const answers = await store.query.selectFrom('submissions').select('id').where('form', '=', form).execute();
      await closeDatabase(store);
      return [...versions, ...answers];
    }

    /** Saves a draft, of which another server shows a preview that has test answers. */
    async function previewedOn(other: TestSite, form: string): Promise<void> {
      await draft(form, titled('Old and gone'), 0);
      expect((await send(other, 'GET', `${pathOf(form)}/${form}`)).text).toContain('Old and gone');
      await begin({ origin: other.origin + pathOf(form) }, form);
      expect(await keptOf(other, form)).toHaveLength(2);
    }

    it('shows nothing to those who look at a new one with its link', async () => {
      const other = await openOther();
      await previewedOn(other, 'shared');
      await deleteUnpublishedForm(site.db, 'shared', time.now());
      await draft('shared', 'title: New\nscreens: nothing\n', 0);
      const path = `${pathOf('shared', 'review', { generation: 2 })}/shared`;
      expect((await send(other, 'GET', path)).text).toContain('This form cannot be shown yet');
      expect(await keptOf(other, 'shared')).toEqual([]);
      // Of its own it shows the last version without errors.
      const revision = (await findDraft(site.db, 'shared'))?.revision ?? 0;
      await draft('shared', titled('New and good'), revision);
      expect((await send(other, 'GET', path)).text).toContain('New and good');
      await draft('shared', 'title: New\nscreens: nothing\n', revision + 1);
      expect((await send(other, 'GET', path)).text).toContain('New and good');
      await other.close();
      removeFolder(other.folder);
    });

    it('is forgotten as the server starts', async () => {
      const other = await openOther();
      await previewedOn(other, 'gone-before');
      await other.close();
      await deleteUnpublishedForm(site.db, 'gone-before', time.now());
      const again = await openOther(other.folder);
      await again.close();
      expect(await keptOf(again, 'gone-before')).toEqual([]);
      removeFolder(again.folder);
    });

    it('is forgotten with the next one that is deleted', async () => {
      const other = await openOther();
      await previewedOn(other, 'gone-there');
      await previewedOn(other, 'gone-here');
      await previewedOn(other, 'stays');
      await deleteUnpublishedForm(site.db, 'gone-there', time.now());
      expect((await (await signedIn(other, time.now()))('/admin/forms/gone-here/delete', {})).location).toBe('/admin');
      expect([await keptOf(other, 'gone-there'), await keptOf(other, 'gone-here')]).toEqual([[], []]);
      expect(await keptOf(other, 'stays')).toHaveLength(2);
      await other.close();
      removeFolder(other.folder);
    });
  });

  it('and says so in words where no text was ever good', async () => {
    await draft('never', 'title: Never\nscreens: nothing\n', 0);
    const page = await get(`${pathOf('never')}/never`);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('This form cannot be shown yet') });
    expect(page.headers.get('refresh')).toBe('2');
    const frame = await get(`${pathOf('never', 'frame')}/never`);
    expect(frame.text).toMatch(/The form has an error\.(?! This)/);
  });

  it('and the file of a form that files own', async () => {
    const path = pathOf('driver');
    const before = (await get(`${path}/-/state`)).body.version;
    writeFileSync(join(site.formsDir, 'driver.yaml'), DRIVER.replace('title: Driver', 'title: Rider'));
    const page = await get(`${path}/driver/es`);
    expect(page.text).toContain('<title>Rider');
    expect(versionIn(page.text)).not.toBe(before);
  });
});

describe('a comment in a preview', () => {
  const shownAt = async (path: string) => (await get(`${path}/-/state`)).body.version as string | undefined;
  const note = async (path: string, more: object = {}) =>
    send({ ...site, origin: site.origin + path }, 'POST', '/-/comments', { kind: 'comment', version: (await shownAt(path)) ?? 'none', screen: 'only', field: 'note', name: 'Ben', text: '<b>Shorter</b>', ...more }); // prettier-ignore
  const notes = async (path: string) => (await get(`${path}/-/comments`)).body.comments;

  it('is kept with the question and the text that the colleague saw, and others with the link read it', async () => {
    expect((await note(pathOf('plain'))).status).toBe(201);
    expect(await notes(pathOf('plain'))).toEqual([expect.objectContaining({ kind: 'comment', screen: 'only', field: 'note', name: 'Ben', text: '<b>Shorter</b>', isDone: false })]); // prettier-ignore
    const [row] = await site.db.query.selectFrom('form_comments').selectAll().execute();
    expect(row?.text_hash).toBe(textHash(PLAIN));
  });

  it('is stored once if the person sends it again, because the answer was lost', async () => {
    await draft('lost', titled('Lost'), 0);
    for (const text of ['Longer', 'Longer', 'Shorter']) expect((await note(pathOf('lost'), { text })).status).toBe(201);
    const listed = (await notes(pathOf('lost'))) as { text: string }[];
    expect(listed.map(({ text }) => text).sort()).toEqual(['Longer', 'Shorter']);
    const approval = { kind: 'approval', screen: undefined, field: undefined, text: '' };
    for (const name of ['Ben', 'Ben', 'Ana'])
      expect((await note(pathOf('lost'), { ...approval, name })).status).toBe(201);
    expect(await notes(pathOf('lost'))).toHaveLength(4);
  });

  it('stays in the list until a member marks it as done, also behind many newer ones that are', async () => {
    await draft('busy', titled('Busy'), 0);
    await note(pathOf('busy'), { text: 'Open' });
    const [row] = await site.db.query.selectFrom('form_comments').selectAll().where('form', '=', 'busy').execute();
    const done = newIds(200, new Date(time.now().getTime() + 1_000)).map((id) => ({
      ...row!,
      id,
      text: 'Done',
      done_at: row!.created_at,
    }));
    await site.db.query.insertInto('form_comments').values(done).execute();
    const listed = (await notes(pathOf('busy'))) as { text: string }[];
    expect([listed.length, listed.at(0)?.text, listed.at(-1)?.text]).toEqual([200, 'Done', 'Open']);
  });

  it('counts for its reader with the size of the list, as a large page does', async () => {
    const form = 'discussed';
    const comment = { form, kind: 'comment', name: 'Ben', text: 'x'.repeat(2_000), text_hash: '', created_at: '' };
    await site.db.query.insertInto('form_comments').values(newIds(200, time.now()).map((id) => ({ ...comment, id }))).execute(); // prettier-ignore
    const drafts = {} as PreviewDrafts;
    const routes = commentRoutes(form, { db: site.db, drafts, rates: createRates(), now: time.now, remoteAddress: () => '203.0.113.7', logError: () => {} }); // prettier-ignore
    const { pagesRenderedPerMinute, renderedPageBytes } = SITE_LIMITS;
    const list = await (await routes.request('/-/comments')).text();
    const most = Math.floor((pagesRenderedPerMinute.value - 1) / Math.ceil(list.length / renderedPageBytes.value));
    for (let n = 0; n < most; n++) expect((await routes.request('/-/comments')).status).toBe(200);
    expect((await routes.request('/-/comments')).status).toBe(429);
  });

  it('has a name of one line, without characters that turn or hide the text around it', async () => {
    await draft('named', titled('Named'), 0);
    expect((await note(pathOf('named'), { name: ' Ana\n\u202eOwner\u200b approved ' })).status).toBe(201);
    expect(await notes(pathOf('named'))).toMatchObject([{ name: 'Ana Owner approved' }]);
    for (const unseen of ['\u200b\n', '\u200f\u2060\u3164'])
      for (const key of ['name', 'text']) {
        const refused = await note(pathOf('named'), { [key]: unseen });
        expectRefusal(refused, 400, 'invalid_request');
        expect(refused.body.error.message).toBe(`The body is not valid: ${key} must have a visible character.`);
      }
  });

  it('can be an approval, but not of a text with errors', async () => {
    await draft('approved', titled('Fine'), 0);
    expect((await note(pathOf('approved'), { kind: 'approval', text: '' })).status).toBe(201);
    await draft('approved', 'title: Fine\nscreens: nothing\n', 1);
    const refused = async (message: string) => {
      const answer = await note(pathOf('approved'), { kind: 'approval', text: '' });
      expectRefusal(answer, 400, 'invalid_request');
      expect(answer.body.error.message).toContain(message);
    };
    await refused('The newest change has an error, so it cannot be approved.');
    await draft('approved', `languages: [en, es]\n${titled('{ en: Fine }')}`, 2);
    await refused('Some texts have no translation yet, so the form cannot be approved.');
  });

  it('is no approval of a text that the colleague did not see', async () => {
    await draft('changed', titled('First'), 0);
    const version = await shownAt(pathOf('changed'));
    await draft('changed', titled('Second'), 1);
    expectRefusal(await note(pathOf('changed'), { kind: 'approval', text: '', version }), 409, 'form_changed');
    expect((await note(pathOf('changed'), { text: 'Late', version })).status).toBe(201);
    const [row] = await site.db.query.selectFrom('form_comments').selectAll().where('form', '=', 'changed').execute();
    expect(row).toMatchObject({ text: 'Late', text_hash: '' });
    expect((await note(pathOf('changed'), { kind: 'approval', text: '' })).status).toBe(201);
  });

  it('needs the link for colleagues, a name and a text', async () => {
    for (const kind of ['phone', 'frame'] as const) expect((await note(pathOf('plain', kind))).status, kind).toBe(404);
    for (const wrong of [{ name: ' ' }, { text: ' ' }, { kind: 'praise' }, { more: 1 }])
      expectRefusal(await note(pathOf('plain'), wrong), 400, 'invalid_request');
    const plain = await fetch(`${site.origin}${pathOf('plain')}/-/comments`, { method: 'POST', body: '{}' });
    expect(plain.status).toBe(415);
  });
});

it('a form that a browser without JavaScript posts makes room for its test answer, as a start does', async () => {
  const body = new URLSearchParams({ full_name: 'Ana' });
  const post = async () => fetch(`${site.origin}${pathOf('plain')}/plain`, { method: 'POST', body, headers: { origin: site.origin }, redirect: 'manual' }); // prettier-ignore
  const tests = async () => (await ask<Results>(site, 'forms/plain/results')).leftOut.tests;
  expect((await post()).status).toBe(303);
  expect(await tests()).toBeGreaterThan(0);
  time.on(8 * 86_400);
  expect((await post()).status).toBe(303);
  expect(await tests()).toBe(1);
});

it('old test answers are deleted although nobody has opened a preview since the start', async () => {
  const before = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN } });
  const { folder } = before;
  await begin({ origin: before.origin + pathOf('plain') }, 'plain');
  time.on(6 * 86_400);
  await begin({ origin: before.origin + pathOf('plain') }, 'plain');
  await before.close();
  const file = join(folder, 'data', 'preview.sqlite');
  // The store was used until then.
  utimesSync(file, time.now(), time.now());
  time.on(2 * 86_400);
  const after = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN }, folder });
  await after.close();
  const store = await openDatabase(`sqlite:${file}`, [key]);
  expect(await store.query.selectFrom('submissions').select('id').execute()).toHaveLength(1);
  await closeDatabase(store);
  removeFolder(folder);
});

it('the store is deleted with its last test answers, and what was deleted in it is wiped, while no preview is open', async () => {
  const before = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN } });
  const { folder } = before;
  await begin({ origin: before.origin + pathOf('plain') }, 'plain', { params: { utm_source: 'GONE-1' } });
  time.on(6 * 86_400);
  await begin({ origin: before.origin + pathOf('plain') }, 'plain');
  await before.close();
  const file = join(folder, 'data', 'preview.sqlite');
  // A server opens the store every hour, to look for old test answers, and so its file is never old.
  const look = async (days: number) => {
    time.on(days * 86_400);
    utimesSync(file, time.now(), time.now());
    const site = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN }, folder });
    await site.close();
  };
  const hasWipe = async () => {
    const store = await openDatabase(`sqlite:${file}`, [key]);
    const wipe = await store.query.selectFrom('jobs').select('id').where('kind', '=', 'wipe').executeTakeFirst();
    await closeDatabase(store);
    return wipe !== undefined;
  };
  await look(2);
  expect(await hasWipe()).toBe(true);
  await look(1);
  expect(await hasWipe()).toBe(false);
  await look(5);
  expect(existsSync(file)).toBe(false);
  removeFolder(folder);
});

it('the store stays while only it has the last version without errors of a draft that is not published', async () => {
  const before = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN } });
  const { folder } = before;
  const save = async (text: string, revision: number) =>
    expect((await saveDraft(before.db, { form: 'mended', text, title: '' }, revision, time.now())).saved).toBe(true);
  await setManagedIn(before.db, 'mended', 'dashboard', time.now());
  await save(titled('Good'), 0);
  const { version } = (await send(before, 'GET', `${pathOf('mended')}/-/state`)).body;
  await save(titled('Bad').replace('type: textarea', 'type: texarea'), 1);
  await before.close();
  const file = join(folder, 'data', 'preview.sqlite');
  utimesSync(file, time.now(), time.now());
  time.on(8 * 86_400);
  const after = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN }, folder });
  expect((await send(after, 'GET', `${pathOf('mended')}/-/state`)).body).toMatchObject({ version });
  // Without the draft, nothing needs the store.
  await deleteUnpublishedForm(after.db, 'mended', time.now());
  await after.close();
  const last = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN }, folder });
  await last.close();
  expect(existsSync(file)).toBe(false);
  removeFolder(folder);
});

it('bytes of test files that a crash left without a row are removed', async () => {
  const before = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN } });
  const { folder } = before;
  const { id } = await begin({ origin: before.origin + pathOf('plain') }, 'plain');
  const [kept = '', lost = '', half = ''] = newIds(3, time.now());
  await before.close();
  const store = await openDatabase(`sqlite:${join(folder, 'data', 'preview.sqlite')}`, [key]);
  const row = { id: kept, submission_id: id, field: 'cv', name: '', type: 'pdf', size: 1, sha256: '', created_at: '' };
  await store.query.insertInto('files').values(row).execute();
  await closeDatabase(store);
  const paths = [kept, lost, `${half}.part`].map((name) => {
    const shard = join(folder, 'data', 'preview-files', name.slice(34, 36));
    mkdirSync(shard, { recursive: true });
    writeFileSync(join(shard, name), 'x');
    return join(shard, name);
  });
  time.on(2 * 3_600);
  utimesSync(join(folder, 'data', 'preview.sqlite'), time.now(), time.now());
  const after = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN }, folder });
  await after.close();
  expect(paths.map((file) => existsSync(file))).toEqual([true, false, false]);
  removeFolder(folder);
});

it('previews begin again without test answers after a return to an earlier version of Flipsite', async () => {
  const newer = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN } });
  const { folder } = newer;
  await begin({ origin: newer.origin + pathOf('plain') }, 'plain');
  await newer.close();
  const store = new DatabaseSync(join(folder, 'data', 'preview.sqlite'));
  store.exec(`insert into kysely_migration values ('9999-01-01-later', '2026-12-01T09:30:00Z')`);
  store.close();
  const earlier = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN }, folder });
  expect((await ask<Results>(earlier, 'forms/plain/results')).leftOut.tests).toBe(0);
  expect((await send(earlier, 'GET', `${pathOf('plain')}/plain`)).status).toBe(200);
  await earlier.close();
  removeFolder(folder);
});

describe('a webhook of local Smile about a person whose test answers are deleted', () => {
  const LINKED = `
title: Linked
screens:
  - id: connect
    title: Connect
    wink: { require: connected }
endings:
  - { id: done, title: Thank you }
`;

  /** A person signs in after their test answers were deleted. */
  async function signInLate(env: Record<string, string> = {}) {
    const linked = await openSmallSite({ key, now: time.now, forms: { linked: LINKED }, env });
    const preview = { origin: linked.origin + pathOf('linked') };
    const openWidget = async () => {
      const person = await begin(preview, 'linked');
      const { accessToken } = (await person.post('link-token', { screen: 'connect' })).body;
      const call = (path: string, body: object) => send(preview, 'POST', `/local-smile/v1/link/${path}`, body, { authorization: `Bearer ${accessToken}`, 'smile-widget': 'w' }); // prettier-ignore
      const [{ id: providerId }] = (await call('open', {})).body.data.providers;
      const signIn = () => call('accounts', { providerId, userName: 'George', password: '123456' });
      return { person, signIn };
    };
    const { signIn } = await openWidget();
    await (
      await signedIn(linked, time.now())
    )('/admin/forms/linked/preview', { do: 'forget' });
    expect((await signIn()).status).toBe(200);
    const next = await openWidget();
    expect((await next.signIn()).status).toBe(200);
    const accounts = async () => (await send(preview, 'GET', `/api/submissions/${next.person.id}/accounts`, undefined, next.person.headers)).body.accounts; // prettier-ignore
    // By then the webhook before it has come too.
    await eventually(async () => (await accounts()).length === 1);
    const countUnowned = async () => {
      const store = await openDatabase(`sqlite:${linked.folder}/data/preview.sqlite`, [key]);
      const rows = await store.query.selectFrom('events').select('id').where('submission_id', 'is', null).execute();
      await closeDatabase(store);
      return rows.length;
    };
    return { linked, preview, countUnowned };
  }

  it('is not stored', async () => {
    const { linked, countUnowned } = await signInLate({ RATE_LIMIT: 'on' });
    expect(await countUnowned()).toBe(0);
    await linked.close();
  });

  it('is deleted with old test answers, where it was stored', async () => {
    const { linked, countUnowned } = await signInLate();
    expect(await countUnowned()).toBeGreaterThan(0);
    time.on(8 * 86_400);
    await begin({ origin: linked.origin + pathOf('linked') }, 'linked');
    expect(await countUnowned()).toBe(0);
    await linked.close();
  });
});

it('a site without previews has no store of previews', async () => {
  const quiet = await openSmallSite();
  await send(quiet, 'GET', '/plain');
  expect(existsSync(join(quiet.folder, 'data', 'preview.sqlite'))).toBe(false);
  expect(existsSync(join(site.folder, 'data', 'preview.sqlite'))).toBe(true);
  await quiet.close();
});
