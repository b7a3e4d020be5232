/** Programs read and publish the text of a form: with the key only, never over a text they do not know, and all or nothing. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDraft, saveDraft } from '../../src/record/forms/drafts.ts';
import { setManagedIn } from '../../src/record/forms/form-states.ts';
import { listPublications } from '../../src/record/forms/publications.ts';
import { findScheduled, schedulePublication } from '../../src/record/forms/scheduled-publications.ts';
import { API_KEY, type TestSite } from '../helpers/site.ts';
import { begin, expectRefusal, openSmallSite, PLAIN, send, type ApiResponse } from '../helpers/api/client.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite();
});
afterAll(() => site.close());

const KEY = { authorization: `Bearer ${API_KEY}` };
const get = (slug: string, headers = {}): Promise<ApiResponse> => send(site, 'GET', `/api/forms/${slug}/source`, undefined, { ...KEY, ...headers }); // prettier-ignore
const put = (slug: string, text: string, headers: Record<string, string> = {}, query = ''): Promise<ApiResponse> =>
  send(site, 'PUT', `/api/forms/${slug}/source${query}`, text, { ...KEY, 'content-type': 'text/yaml', ...headers });
const create = (slug: string, text = PLAIN): Promise<ApiResponse> => put(slug, text, { 'if-none-match': '*' });
const etag = ({ headers }: ApiResponse): string => headers.get('etag') ?? '';
const titled = (title: string) => PLAIN.replace('title: Plain', `title: ${title}`);

describe('the source of a form', () => {
  it('is the text of its file, byte for byte, with an ETag', async () => {
    const said = await get('plain');
    expect(said).toMatchObject({ status: 200, text: PLAIN });
    expect(said.headers.get('content-type')).toBe('text/yaml; charset=utf-8');
    expect(said.headers.get('x-form-owner')).toBe('files');
    expect((await get('plain', { 'if-none-match': etag(said) })).status).toBe(304);
  });

  it('needs the key, and a form that exists', async () => {
    expectRefusal(await send(site, 'GET', '/api/forms/plain/source'), 401, 'unauthorized');
    expectRefusal(await put('plain', PLAIN, { authorization: 'Bearer wrong' }), 401, 'unauthorized');
    expectRefusal(await get('missing'), 404, 'unknown_form');
  });
});

describe('publishing a text', () => {
  it('makes a new form that people can fill in at once, and keeps its comments', async () => {
    const text = `# Ask Ana before you change this\n${PLAIN}`;
    const said = await create('tenant', text);
    expect(said).toMatchObject({ status: 201, body: { number: 1, version: expect.stringMatching(/^[0-9a-f]{16}$/), changes: [expect.stringContaining('for the first time')] } }); // prettier-ignore
    expect((await send(site, 'GET', '/tenant')).text).toContain('Full name');
    expect((await (await begin(site, 'tenant')).put('only', { full_name: 'Ana' })).status).toBe(200);
    const source = await get('tenant');
    expect(source.text).toBe(text);
    expect(etag(source)).toBe(etag(said));
    expect(source.headers.get('x-form-owner')).toBe('dashboard');
  });

  it('replaces the text that the caller has read, and no other one', async () => {
    const created = await create('loan');
    const changed = await put('loan', titled('Loan'), { 'if-match': etag(created) });
    expect(changed).toMatchObject({ status: 200, body: { number: 2 } });
    expect(changed.body.changes).toContainEqual(expect.stringContaining('“Loan”'));
    expectRefusal(await put('loan', titled('Other'), { 'if-match': etag(created) }), 412, 'precondition_failed');
    const twice = await create('loan');
    expectRefusal(twice, 412, 'precondition_failed');
    expect(twice.body.error.message).toContain('There is already a form with this slug.');
    expectRefusal(await put('unknown', PLAIN, { 'if-match': etag(created) }), 412, 'precondition_failed');
    expect((await send(site, 'GET', '/loan')).text).toContain('<title>Loan');
  });

  it('publishes nothing for the text that is live, and leaves the draft, the schedule and the history as they are', async () => {
    const created = await create('nightly');
    const { db } = site;
    const draft = { form: 'nightly', text: titled('Draft'), title: 'Draft' };
    await saveDraft(db, draft, (await findDraft(db, 'nightly'))?.revision ?? 0, new Date());
    const scheduled = { form: 'nightly', at: '2099-01-01T00:00:00.000Z', text: titled('Later'), replaces: null, note: '', memberId: 'm' }; // prettier-ignore
    await schedulePublication(db, scheduled, new Date());
    const { version } = created.body;
    const again = (query: string) => put('nightly', PLAIN, { 'if-match': etag(created) }, query);
    for (const query of ['', '?note=Nightly']) {
      const said = await again(query);
      expect(said).toMatchObject({ status: 200, body: { number: 1, version, unchanged: true } });
      expect(etag(said)).toBe(etag(created));
    }
    expect(await again('?dry_run=true')).toMatchObject({ status: 200, body: { version, unchanged: true } });
    expect(await listPublications(db, 'nightly', { limit: 5 })).toEqual([expect.objectContaining({ number: 1, note: '' })]); // prettier-ignore
    expect((await findDraft(db, 'nightly'))?.text).toBe(titled('Draft'));
    expect(await findScheduled(db, 'nightly')).toEqual({ ...scheduled, problem: undefined });
    const changed = await put('nightly', titled('Changed'), { 'if-match': etag(created) });
    expect(changed.body).toMatchObject({ number: 2 });
    expect(changed.body).not.toHaveProperty('unchanged');
    const back = await put('nightly', PLAIN, { 'if-match': etag(changed) });
    expect(back.body).toMatchObject({ number: 3, version });
    expect(back.body).not.toHaveProperty('unchanged');
  });

  it('publishes the text that is live once more after its picture has changed', async () => {
    const logo = (color: string) =>
      writeFileSync(join(site.formsDir, 'acme.svg'), `<svg xmlns="http://www.w3.org/2000/svg" fill="${color}"/>`);
    logo('red');
    const text = `${PLAIN}brand: { name: Acme, logo: acme.svg }\n`;
    const created = await create('branded', text);
    const again = () => put('branded', text, { 'if-match': etag(created) });
    expect((await again()).body).toMatchObject({ number: 1, unchanged: true });
    logo('blue');
    // A check of the same text counts for five seconds.
    await expect.poll(async () => (await again()).body.number, { timeout: 10_000, interval: 1_000 }).toBe(2);
    expect((await again()).body).toMatchObject({ number: 2, unchanged: true });
  });

  it('publishes one of two texts that are sent at the same time', async () => {
    const created = await create('race');
    const both = await Promise.all(['One', 'Two'].map((title) => put('race', titled(title), { 'if-match': etag(created) }))); // prettier-ignore
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect(etag(await get('race'))).toBe(etag(both.find(({ status }) => status === 200)!));
  });

  it('names each error of a wrong text with its place and remedy, and leaves the form as it was', async () => {
    const created = await create('wrong');
    const said = await put('wrong', PLAIN.replace('type: textarea', 'type: textaera'), { 'if-match': etag(created) });
    expectRefusal(said, 422, 'invalid_form');
    expect(said.body.error.errors).toEqual([{ line: 8, column: expect.any(Number), message: expect.stringContaining('textaera'), fix: expect.stringContaining('textarea') }]); // prettier-ignore
    expect((await get('wrong')).text).toBe(PLAIN);
    expectRefusal(await create('Not a slug'.replaceAll(' ', '-')), 422, 'invalid_form');
  });

  it('reaches no other form through a slug with a path in it', async () => {
    for (const slug of ['..%2fplain', 'x%2fplain', '..%5cplain', '%2e%2e%2fplain']) {
      expectRefusal(await create(slug, titled('Taken')), 422, 'invalid_form');
    }
    expect((await get('plain')).text).toBe(PLAIN);
    expect((await get('plain')).headers.get('x-form-owner')).toBe('files');
  });

  it('stores nothing in a dry run', async () => {
    const said = await put('dry', PLAIN, { 'if-none-match': '*' }, '?dry_run=true');
    expect(said).toMatchObject({
      status: 200,
      body: { version: expect.any(String), changes: [expect.any(String)], rehearsal: [] },
    });
    expectRefusal(await get('dry'), 404, 'unknown_form');
    expectRefusal(await put('dry', 'title: 1', { 'if-none-match': '*' }, '?dry_run=true'), 422, 'invalid_form');
    for (const misspelled of ['?dry_run=yes', '?dryRun=true', '?dry-run=true'])
      expectRefusal(await put('dry', PLAIN, { 'if-none-match': '*' }, misspelled), 400, 'invalid_request');
  });

  it('refuses requests that do not name the text they replace, and bodies that are no YAML text', async () => {
    expectRefusal(await put('tenant', PLAIN), 428, 'precondition_required');
    expectRefusal(await put('fresh', PLAIN, { 'if-none-match': '*', 'content-type': 'application/json' }), 415, 'unsupported_type'); // prettier-ignore
    const bytes = Buffer.concat([Buffer.from(PLAIN), Buffer.from([0xff])]);
    expectRefusal(await send(site, 'PUT', '/api/forms/fresh/source', bytes, { ...KEY, 'content-type': 'text/yaml', 'if-none-match': '*' }), 400, 'invalid_request'); // prettier-ignore
    expectRefusal(await create('fresh', 'x'.repeat(4_000_001)), 413, 'too_large');
    expectRefusal(await get('fresh'), 404, 'unknown_form');
  });
});

describe('a form is managed in one place', () => {
  it('the API does not change a form of a file', async () => {
    const { headers } = await get('plain');
    const said = await put('plain', titled('Changed'), { 'if-match': headers.get('etag') ?? '' });
    expectRefusal(said, 409, 'owned_by_files');
    expectRefusal(await create('plain'), 409, 'owned_by_files');
  });

  it('a file is not published over a form of the dashboard, and the terminal says so', async () => {
    await create('both');
    const file = join(site.formsDir, 'both.yaml');
    writeFileSync(file, titled('From a file'));
    await site.catalog.sync(site.formsDir, new Date());
    await expect
      .poll(() => site.logged())
      .toContain(`${file} is not published, because /both is managed in the dashboard.`);
    expect((await get('both')).text).toBe(PLAIN);
    expect((await send(site, 'GET', '/both')).text).not.toContain('From a file');
    rmSync(file);
    await site.catalog.sync(site.formsDir, new Date());
    expect((await send(site, 'GET', '/both')).status).toBe(200);
    expect(existsSync(file)).toBe(false);
  });

  it('a form whose file was removed can be made again by the API', async () => {
    const file = join(site.formsDir, 'gone.yaml');
    writeFileSync(file, PLAIN);
    await site.catalog.sync(site.formsDir, new Date());
    rmSync(file);
    await site.catalog.sync(site.formsDir, new Date());
    expect((await send(site, 'GET', '/gone')).status).toBe(410);
    expectRefusal(await get('gone'), 404, 'unknown_form');
    expect((await create('gone', titled('Back'))).status).toBe(201);
    expect((await send(site, 'GET', '/gone')).text).toContain('<title>Back');
  });

  it('brings back a form that was handed to a file which was removed then, also with the text that it had', async () => {
    const created = await create('handed');
    await setManagedIn(site.db, 'handed', 'files', new Date());
    await site.catalog.sync(site.formsDir, new Date());
    expect((await send(site, 'GET', '/handed')).status).toBe(410);
    const said = await put('handed', PLAIN, { 'if-match': etag(created) });
    expect(said).toMatchObject({ status: 200, body: { number: 2 } });
    expect(said.body).not.toHaveProperty('unchanged');
    expect((await send(site, 'GET', '/handed')).status).toBe(200);
  });
});
