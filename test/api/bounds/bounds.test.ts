/** Everything that anyone can send about a submission is bounded, and an ordinary person meets no bound. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { doOwed, type TestSite } from '../../helpers/site.ts';
import { PAGE_VERSION } from '../../../src/form/id.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { ABOUT, begin, beforeConnect, eventually, expectRefusal, openSmallSite, PLAIN, quick, send, webhook } from '../../helpers/api/client.ts'; // prettier-ignore
import { clock, startOf } from '../../helpers/api/limited.ts';

let site: TestSite;
afterEach(() => site.close());

const AT = '2026-11-27T09:00:00Z';
const eventOf = (name: string, data: object = {}) => ({ id: crypto.randomUUID(), name, at: AT, data });
const many = (count: number, name: string, data: object = {}) => Array.from({ length: count }, () => eventOf(name, data)); // prettier-ignore

describe('events', () => {
  it('with a name that the server or Smile uses are refused, and the rest of their batch can be sent without them', async () => {
    site = await openSmallSite();
    const draft = await beforeConnect(site);
    const names = ['answersSaved', 'screenLeft', 'uploadsChecked', 'linkTokenFailed', 'erased', 'ACCOUNT_CONNECTED'];
    for (const name of names)
      expectRefusal(await draft.post('events', { events: [eventOf('screenSeen'), eventOf(name)] }), 400, 'invalid_request'); // prettier-ignore
    expect((await draft.post('events', { events: [eventOf('screenSeen')] })).body).toEqual({ stored: 1, repeated: 0 });
  });

  it('of the page that fill their limit keep out neither those of the widget nor an account that Smile confirms', async () => {
    site = await openSmallSite();
    await quick(site);
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const full = many(100, 'screenSeen', { text: 'x'.repeat(300) });
    let said = await draft.post('events', { events: full });
    const first = full;
    while (said.status === 200) said = await draft.post('events', { events: many(50, 'screenSeen', { text: 'x'.repeat(500) }) }); // prettier-ignore
    expectRefusal(said, 422, 'submission_full');
    // A batch that was stored before is still a repeat.
    expect((await draft.post('events', { events: first })).body).toEqual({ stored: 0, repeated: 100 });
    const own = { accountId: 'a-claimed', userId, providerId: 'grab', screen: 'connect' };
    expect((await draft.tell('onAccountConnected', own)).body).toEqual({ stored: 1, repeated: 0 });
    while (said.status !== 200) said = await draft.tell('onUIEvent', {});
    while (said.status === 200) said = await draft.post('events', { events: many(100, 'onUIEvent', { text: 'x'.repeat(1_000) }) }); // prettier-ignore
    expectRefusal(said, 422, 'submission_full');
    const data = { accountId: 'a-real', userId, providers: ['grab'] };
    await webhook(site, { id: 'et-1', version: 1, type: 'ACCOUNT_CONNECTED', createdAt: new Date().toISOString(), data }); // prettier-ignore
    const { body } = await send(site, 'GET', `/api/submissions/${draft.id}/accounts`, undefined, draft.headers);
    expect(body.accounts).toContainEqual(expect.objectContaining({ accountId: 'a-real', confirmed: true }));
    expect((await draft.put('connect', {})).status).toBe(200);
    expect((await draft.post('submit')).status).toBe(200);
  });

  it('that claim hundreds of accounts leave a few claims, and a save asks nothing more than Smile of them', async () => {
    site = await openSmallSite();
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    for (let n = 0; n <= SITE_LIMITS.claimedAccounts.value / SITE_LIMITS.claimsPerBatch.value; n++) {
      const events = Array.from({ length: 50 }, (_, at) => eventOf('onAccountConnected', { accountId: `a-${n}-${at}`, userId, providerId: `p-${n}-${at}`, screen: 'connect' })); // prettier-ignore
      expect((await draft.post('events', { events })).status).toBe(200);
    }
    const count = async () => (await site.db.query.selectFrom('accounts').select('account_id').execute()).length;
    expect(await count()).toBe(SITE_LIMITS.claimedAccounts.value);
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
    expect(await count()).toBe(0);
  });

  it('are taken from a page that shows one screen after another for an hour', async () => {
    site = await openSmallSite({ env: { RATE_LIMIT: 'on' } });
    const draft = await begin(site, 'plain');
    for (let n = 0; n < 5; n++)
      expect((await draft.post('events', { events: many(40, 'screenSeen', { screen: 'only' }) })).status).toBe(200);
  });
});

describe('saves', () => {
  it('are accepted up to their limit, a repetition gets the same answer, and the saved answers can be submitted', async () => {
    site = await openSmallSite();
    const draft = await begin(site);
    const key = { 'idempotency-key': 'the one that was kept'.replaceAll(' ', '-') };
    const told = await draft.put('about', { ...ABOUT, status: 'none' }, key);
    await site.db.query.updateTable('submissions').set({ write_count: SITE_LIMITS.submissionWrites.value }).execute();
    expectRefusal(await draft.put('about', ABOUT), 422, 'submission_full');
    expect((await draft.put('about', { ...ABOUT, status: 'none' }, key)).body).toEqual(told.body);
    expect((await draft.post('submit')).status).toBe(200);
  });
});

describe('a start', () => {
  const time = clock('2026-11-27T09:00:00Z');
  const open = async () => (site = await openSmallSite({ forms: { plain: PLAIN }, now: time.now }));

  it('gives its token again for a minute and never after that, and a new key begins another one', async () => {
    await open();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await startOf(site, 'plain', {}, headers);
    time.on(60);
    expect((await startOf(site, 'plain', {}, headers)).body).toEqual(first.body);
    time.on(1);
    const late = await startOf(site, 'plain', {}, headers);
    expectRefusal(late, 422, 'idempotency_conflict');
    expect(late.text).not.toContain(first.body.token);
    time.on(40 * 86_400);
    expectRefusal(await startOf(site, 'plain', {}, headers), 422, 'idempotency_conflict');
  });

  it('refuses a key that somebody else may well choose too', async () => {
    await open();
    for (const key of ['a', 'customer-42', 'x'.repeat(15)])
      expectRefusal(await startOf(site, 'plain', {}, { 'idempotency-key': key }), 400, 'invalid_request');
    expect((await startOf(site, 'plain', {}, { 'idempotency-key': 'x'.repeat(16) })).status).toBe(201);
  });

  it('forgets its key after a day, and the keys of saves after the token has ended', async () => {
    await open();
    await startOf(site, 'plain', {}, { 'idempotency-key': crypto.randomUUID() });
    const draft = await begin(site, 'plain');
    await draft.put('only', { full_name: 'Old' }, { 'idempotency-key': 'first' });
    await draft.put('only', { full_name: 'New' }, { 'idempotency-key': 'second' });
    const scopes = async () => (await site.db.query.selectFrom('idempotency').select('scope').execute()).map(({ scope }) => scope); // prettier-ignore
    const pass = async (days: number) => {
      time.on(days * 86_400 + 3_600);
      await doOwed(site, time.now());
    };
    await pass(1);
    await eventually(async () => (await scopes()).length === 2);
    await pass(58);
    // A retry that comes as late as it can undoes nothing.
    expect((await draft.put('only', { full_name: 'Old' }, { 'idempotency-key': 'first' })).status).toBe(200);
    const { body } = await send(site, 'GET', `/api/submissions/${draft.id}/answers`, undefined, draft.headers);
    expect(body.answers).toMatchObject({ full_name: 'New' });
    await pass(2);
    await eventually(async () => (await scopes()).length === 0);
    expectRefusal(await draft.put('only', { full_name: 'Old' }, { 'idempotency-key': 'first' }), 404);
  });

  it('names a version that was replaced today, as open pages do, and no older one', async () => {
    await open();
    const publish = async (yaml: string) => {
      writeFileSync(path.join(site.formsDir, 'plain.yaml'), yaml);
      await site.catalog.sync(site.formsDir, time.now());
    };
    const old = site.catalog.current('plain')?.version ?? '';
    const begun = await begin(site, 'plain', { version: old });
    time.on(86_400 * 3);
    await publish(PLAIN.replace('title: Plain', 'title: Plainer'));
    time.on(23 * 3_600);
    expect((await startOf(site, 'plain', { version: old })).status).toBe(201);
    time.on(2 * 3_600);
    const late = await startOf(site, 'plain', { version: old });
    expectRefusal(late, 409, 'form_changed');
    expect(late.body.error.message).toContain('Your answers stay on this device');
    expect((await startOf(site, 'plain', { version: site.catalog.current('plain')?.version })).status).toBe(201);
    // A person who has started continues.
    expect((await begun.put('only', { full_name: 'Ana' })).status).toBe(200);
    expect((await begun.post('submit')).status).toBe(200);
    await publish(PLAIN);
    expect((await startOf(site, 'plain', { version: old })).status).toBe(201);
  });

  it('reads no form for a version that is too old, and that of one of today once', async () => {
    await open();
    const [now] = await site.db.query.selectFrom('versions').selectAll().where('form', '=', 'plain').execute();
    const { definition, created_at } = now as NonNullable<typeof now>;
    const of = (version: string, text: string, replaced_at: string) => site.db.query.insertInto('versions').values({ form: 'plain', version, definition: text, created_at, replaced_at }).execute(); // prettier-ignore
    const unreadable = (version: string) => site.db.query.updateTable('versions').set({ definition: '{' }).where('version', '=', version).execute(); // prettier-ignore
    await of('old', '{', '2020-01-01T00:00:00.000Z');
    // Too large to stay in memory.
    await of('today', definition + ' '.repeat(SITE_LIMITS.earlierFormsCharacters.value), time.now().toISOString());
    expectRefusal(await startOf(site, 'plain', { version: 'old' }), 409, 'form_changed');
    const posted = new URLSearchParams({ full_name: 'Ana', [PAGE_VERSION]: 'old' }).toString();
    const type = 'application/x-www-form-urlencoded';
    const post = await send(site, 'POST', '/plain', posted, { 'content-type': type, origin: site.origin });
    expect(post.status).toBe(303);
    expect((await startOf(site, 'plain', { version: 'today' })).status).toBe(201);
    await unreadable('today');
    expect((await startOf(site, 'plain', { version: 'today' })).status).toBe(201);
  });

  it('ignores a link, since the form has none', async () => {
    await open();
    expectRefusal(await startOf(site, 'plain', { link: 'made-up' }), 400, 'invalid_request');
  });

  it('keeps the first few utm parameters', async () => {
    await open();
    const params = Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`utm_${n}`, 'x'.repeat(500)]));
    const draft = await begin(site, 'plain', { params: { utm_source: 'fb', ...params } });
    const { body } = await send(site, 'GET', `/api/submissions/${draft.id}/answers`, undefined, draft.headers);
    expect(Object.keys(body.params)).toHaveLength(SITE_LIMITS.utmParams.value);
    expect(body.params.utm_source).toBe('fb');
  });
});

describe('a submission on an earlier version that is not in memory', () => {
  it('counts the reading of a large form like that of large answers', async () => {
    site = await openSmallSite({ env: { RATE_LIMIT: 'on' } });
    const draft = await begin(site, 'plain');
    const other = await begin(site, 'plain');
    const [now] = await site.db.query.selectFrom('versions').selectAll().where('form', '=', 'plain').execute();
    const { definition, created_at } = now as NonNullable<typeof now>;
    // Too large to stay in memory, so each request reads it.
    const large = definition + ' '.repeat(SITE_LIMITS.earlierFormsCharacters.value);
    await site.db.query.insertInto('versions').values({ form: 'plain', version: 'early', definition: large, created_at, replaced_at: created_at }).execute(); // prettier-ignore
    await site.db.query.updateTable('submissions').set({ version: 'early' }).where('id', '=', draft.id).execute();
    const most = Math.floor(SITE_LIMITS.requestsPerAddressAndMinute.value / (large.length / SITE_LIMITS.requestAnswerBytes.value)); // prettier-ignore
    for (let n = 0; n < most; n++) expect((await draft.put('only', { full_name: `Ana ${n}` })).status).toBe(200);
    expectRefusal(await draft.put('only', { full_name: 'Ana' }), 429, 'rate_limited');
    expectRefusal(await send(site, 'GET', `/api/submissions/${draft.id}/answers`, undefined, draft.headers), 429, 'rate_limited'); // prettier-ignore
    const cookie = `flipsite_ended=${draft.id}.${draft.headers.authorization.slice('Bearer '.length)}`;
    expect((await send(site, 'GET', '/plain/ending', undefined, { cookie })).status).toBe(429);
    expect((await other.put('only', { full_name: 'Ben' })).status).toBe(200);
  });
});

describe('reading', () => {
  it.each(['answers', 'accounts', 'files'])('the %s of a submission is for its page, not for a flood', async (what) => {
    site = await openSmallSite({ env: { RATE_LIMIT: 'on' } });
    const [ana, ben] = [await begin(site), await begin(site)];
    const read = (draft: typeof ana) => send(site, 'GET', `/api/submissions/${draft.id}/${what}`, undefined, draft.headers); // prettier-ignore
    const said = await Promise.all(Array.from({ length: SITE_LIMITS.readsPerMinute.value + 20 }, () => read(ana)));
    expect(said.filter(({ status }) => status === 200)).toHaveLength(SITE_LIMITS.readsPerMinute.value);
    for (const one of said.filter(({ status }) => status !== 200)) expectRefusal(one, 429, 'rate_limited');
    expect((await read(ben)).status).toBe(200);
    expect((await ana.put('about', ABOUT)).status).toBe(200);
  });
});
