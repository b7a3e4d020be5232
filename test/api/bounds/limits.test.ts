/**
 * When a form takes answers, how many, and how often from one person. The server decides, and says so before a person
 * begins.
 */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countByForm } from '../../../src/record/submissions/tallies.ts';
import { ask, type TestSite } from '../../helpers/site.ts';
import { begin, expectRefusal, PLAIN, send, stored, type ApiResponse } from '../../helpers/api/client.ts';
import { clock, filled, limited, openLimited, post, startOf } from '../../helpers/api/limited.ts';

const time = clock('2026-12-15T12:00:00Z');
let site: TestSite;
beforeAll(async () => {
  site = await openLimited(
    {
      season: limited(
        'limits: { opens: 2026-12-01, closes: 2026-12-31, timezone: Asia/Manila, contact: drivers@acme.example }',
      ),
      taken: limited('limits: { opens: 2026-12-01, timezone: Asia/Manila }'),
      locked: limited('limits: { opens: 2026-12-01, timezone: Asia/Manila }\npassword: opensesame'),
      two: limited('limits: { max: 2 }'),
      pair: limited('limits: { max: 1 }'),
      nat: limited('limits: { max: 1 }'),
      eve: limited('limits: { closes: 2026-12-31, max: 1 }'),
      once: limited('limits: { one_per: email }'),
      race: limited('limits: { one_per: email }'),
      named: `${PLAIN}limits: { one_per: full_name }\n`,
      spare: limited('limits: { one_per: email }'),
    },
    time.now,
  );
});
afterAll(() => site.close());

const page = (path: string): Promise<ApiResponse> => send(site, 'GET', path);

function expectMessage(said: ApiResponse, title: string, text: string): void {
  expect(said.status).toBe(403);
  expect(said.text).toContain(`<h1>${title}</h1>`);
  expect(said.text).toContain(text);
  expect(said.text).not.toContain('name="email"');
  expect(said.headers.get('cache-control')).toBe('no-store');
  expect(said.headers.get('content-security-policy')).toContain("default-src 'none'");
}

describe('before it opens', () => {
  it('names the opening time in the person’s language, and accepts no answers', async () => {
    time.to('2026-11-30T15:59:59Z');
    const before = await stored(site);
    expectMessage(await page('/season'), 'This form is not open yet', 'It opens on December 1, 2026.');
    expectMessage(await page('/season/es'), 'Este formulario todavía no está abierto', '1 de diciembre de 2026');
    expect((await page('/season')).text).toContain('href="mailto:drivers@acme.example"');
    const said = await startOf(site, 'season', { language: 'es' });
    expectRefusal(said, 403, 'form_not_open');
    expect(said.body.error.message).toContain('1 de diciembre de 2026');
    expectMessage(await post(site, '/season', { email: 'a@b.co' }), 'This form is not open yet', 'December 1');
    expect(await stored(site)).toEqual(before);
  });

  it('shows no questions, whatever version the address names', async () => {
    time.to('2026-11-30T15:59:59Z');
    const version = site.catalog.current('season')?.version ?? '';
    expectMessage(await page(`/season?version=${version}`), 'This form is not open yet', 'December 1');
    expect((await page('/season')).text).not.toContain(version);
  });

  it('shows no questions and no version after it was removed, also without its password', async () => {
    time.to('2026-11-30T15:59:59Z');
    for (const form of ['taken', 'locked']) {
      const version = site.catalog.current(form)?.version ?? '';
      rmSync(path.join(site.formsDir, `${form}.yaml`));
      await site.catalog.sync(site.formsDir, time.now());
      for (const address of [`/${form}`, `/${form}?version=${version}`, `/${form}/en?version=${version}`]) {
        const said = await page(address);
        expect([said.status, said.text.includes('name="email"'), said.text.includes(version)]).toEqual([410, false, false]); // prettier-ignore
      }
    }
  });

  it('shows none either once the day has come on which it would have opened', async () => {
    time.to('2026-12-05T00:00:00Z');
    const version = site.catalog.current('taken')?.version ?? '';
    for (const address of ['/taken', `/taken?version=${version}`]) {
      const said = await page(address);
      expect([said.status, said.text.includes('name="email"'), said.text.includes(version)]).toEqual([410, false, false]); // prettier-ignore
    }
  });

  it.each([
    ['opens later', 'opens: 2026-12-01', 'This form is not open yet', 'December 1'],
    ['has closed', 'closes: 2026-11-01', 'This form is closed', 'November 1'],
    ['has just closed', 'closes: 2026-11-20T07:55+08:00', 'This form is closed', 'November 20'],
  ])('shows only the questions of an earlier round where the next one %s', async (_, limit, title, text) => {
    time.to('2026-11-20T00:00:00Z');
    const publish = async (limits: string): Promise<string> => {
      writeFileSync(path.join(site.formsDir, 'round.yaml'), limited(limits));
      await site.catalog.sync(site.formsDir, time.now());
      return site.catalog.current('round')?.version ?? '';
    };
    const first = await publish('limits: { max: 9 }');
    expect((await startOf(site, 'round')).status).toBe(201);
    time.on(1);
    const next = await publish(`limits: { ${limit}, timezone: Asia/Manila }`);
    expectMessage(await page(`/round?version=${next}`), title, text);
    const said = await page('/round');
    expect([said.text.includes(next), said.text.includes(first)]).toEqual([false, true]);
    expectMessage(await post(site, '/round', {}), title, text);
    expect((await page(`/round?version=${first}`)).text).toContain('name="email"');
  });

  it('opens at the start of the day in its zone', async () => {
    time.to('2026-11-30T16:00:00Z');
    expect((await page('/season')).status).toBe(200);
    expect((await startOf(site, 'season')).status).toBe(201);
  });
});

describe('after it has closed', () => {
  it('is open until the end of its last day', async () => {
    time.to('2026-12-31T15:59:59Z');
    expect((await page('/season')).status).toBe(200);
    expect((await startOf(site, 'season')).status).toBe(201);
  });

  it('lets people who have started continue for an hour, and no other person start', async () => {
    time.to('2026-12-31T15:59:00Z');
    const late = await filled(site, 'season', 'late@b.co');
    const later = await filled(site, 'season', 'later@b.co');
    time.to('2026-12-31T16:59:59Z');
    expectMessage(await page('/season'), 'This form is closed', 'It closed on December 31, 2026.');
    expectRefusal(await startOf(site, 'season'), 403, 'form_closed');
    const [, onward = ''] = /<a class="button go" href="([^"]+)"/.exec((await page('/season/es')).text) ?? [];
    expect(onward).toMatch(/^\/season\/es\?version=[0-9a-f]{16}$/);
    expect((await page(onward)).text).toContain('name="email"');
    expect((await late.put('only', { email: 'late2@b.co' })).status).toBe(200);
    expect((await late.post('submit')).status).toBe(200);

    time.to('2026-12-31T17:00:00Z');
    expectRefusal(await later.post('submit'), 403, 'form_closed');
    expectMessage(await page('/season/es'), 'Este formulario está cerrado', 'Se cerró el 31 de diciembre de 2026.');
    expect((await page('/season')).text).not.toContain('class="button go"');
    expect((await late.post('submit')).status).toBe(200);
  });

  it('shows the page of an earlier version to a person who returns to it, starts nothing there, and knows no invented version', async () => {
    time.to('2027-01-31T12:00:00Z');
    const version = site.catalog.current('season')?.version ?? '';
    const back = await page(`/season/es?version=${version}`);
    expect([back.status, back.text.includes('name="email"')]).toEqual([200, true]);
    expectRefusal(await startOf(site, 'season', { version }), 403, 'form_closed');
    expectMessage(
      await page('/season?version=0123456789abcdef'),
      'This form is closed',
      'It closed on December 31, 2026.',
    );
    time.to('2026-12-15T12:00:00Z');
  });

  it('takes the post of a page that was opened before, for that hour', async () => {
    time.to('2026-12-31T16:59:57Z');
    expect((await post(site, '/season', { email: 'nat@b.co' })).status).toBe(303);
    time.to('2026-12-31T17:00:00Z');
    expectMessage(await post(site, '/season', { email: 'nat2@b.co' }), 'This form is closed', 'December 31');
    expect((await post(site, '/season', { email: 'nat@b.co' })).status).toBe(303);
    time.to('2026-12-15T12:00:00Z');
  });

  it('gives a repeated start the answer of the first one', async () => {
    const headers = { 'idempotency-key': 'one-and-the-same' };
    time.to('2026-12-31T15:59:59Z');
    const first = await startOf(site, 'season', {}, headers);
    time.to('2026-12-31T16:00:30Z');
    expect((await startOf(site, 'season', {}, headers)).body).toEqual(first.body);
    expectRefusal(await startOf(site, 'season'), 403, 'form_closed');
    time.to('2026-12-15T12:00:00Z');
  });
});

describe('a form that takes two', () => {
  it('counts sent submissions without those that ended early, and closes when it is full', async () => {
    const early = await filled(site, 'two', 'early@b.co', { works: false });
    expect((await early.post('submit')).body.ending.id).toBe('early');
    const [ana, ben, cleo] = [
      await filled(site, 'two', 'ana@b.co'),
      await filled(site, 'two', 'ben@b.co'),
      await filled(site, 'two', 'cleo@b.co'),
    ];
    expect((await ana.post('submit')).status).toBe(200);
    expect((await ben.post('submit')).status).toBe(200);
    expectRefusal(await cleo.post('submit'), 403, 'form_full');
    expect((await ben.post('submit')).status).toBe(200);
    time.on(2);
    expectMessage(await page('/two'), 'This form is full', 'It has received all the answers it can accept.');
    expectRefusal(await startOf(site, 'two'), 403, 'form_full');
  });

  it('accepts one of two people who submit at once for the last place', async () => {
    const drafts = await Promise.all(['a@b.co', 'b@b.co', 'c@b.co'].map((email) => filled(site, 'pair', email)));
    const said = await Promise.all(drafts.map((draft) => draft.post('submit')));
    expect(said.map(({ status }) => status).toSorted()).toEqual([200, 403, 403]);
    const { items } = await ask<{ items: { status: string }[] }>(site, 'forms/pair/submissions');
    expect(items.filter(({ status }) => status === 'submitted')).toHaveLength(1);
  });

  it('lets one of several in whose browsers post at once, and shows the others why', async () => {
    const said = await Promise.all(['a', 'b', 'c', 'd'].map((name) => post(site, '/nat', { email: `${name}@b.co` })));
    expect(said.map(({ status }) => status).toSorted()).toEqual([303, 403, 403, 403]);
    expectMessage(said.find(({ status }) => status === 403) as ApiResponse, 'This form is full', 'all the answers');
  });
});

describe('a form that takes one, in the hour after it has closed', () => {
  it('takes no more from people who have started, nor from the page of a browser that posts it', async () => {
    time.to('2026-12-31T23:00:00Z');
    const [ana, ben] = [await filled(site, 'eve', 'ana@b.co'), await filled(site, 'eve', 'ben@b.co')];
    time.to('2027-01-01T00:30:00Z');
    expect((await ana.post('submit')).status).toBe(200);
    expectRefusal(await ben.post('submit'), 403, 'form_full');
    time.on(2);
    expectMessage(await post(site, '/eve', { email: 'cleo@b.co' }), 'This form is full', 'all the answers');
    time.to('2026-12-15T12:00:00Z');
  });
});

describe('an answer that can be sent once', () => {
  it('is refused when the form is sent, and not before, however it is spelt, with the field’s sentence', async () => {
    const ana = await filled(site, 'once', 'Ana@B.co');
    expect((await ana.post('submit')).status).toBe(200);
    const before = (await countByForm(site.db)).get('once');
    const other = await startOf(site, 'once', { language: 'es' });
    const headers = { authorization: `Bearer ${other.body.token}` };
    const of = (what: string) => `/api/submissions/${other.body.id}/${what}`;
    const saved = await send(site, 'PUT', of('answers'), { screen: 'only', answers: { email: ' ANA@b.co' } }, headers);
    expect(saved.status).toBe(200);
    const said = await send(site, 'POST', of('submit'), {}, headers);
    expectRefusal(said, 422, 'invalid_answers');
    expect(said.body.error).toMatchObject({ screen: 'only', fields: { email: expect.stringMatching(/^Alguien ya envió/) } }); // prettier-ignore
    expect((await ana.post('submit')).status).toBe(200);
    expect((await countByForm(site.db)).get('once')?.completed).toEqual(before?.completed);
  });

  it('goes to one of two people who submit it at once', async () => {
    const drafts = await Promise.all(['x@b.co', 'X@b.co', 'x@B.CO'].map((email) => filled(site, 'race', email)));
    const said = await Promise.all(drafts.map((draft) => draft.post('submit')));
    expect(said.map(({ status }) => status).toSorted()).toEqual([200, 422, 422]);
    const refused = said.find(({ status }) => status === 422) as ApiResponse;
    expect(refused.body.error).toMatchObject({ code: 'invalid_answers', screen: 'only', fields: { email: expect.any(String) } }); // prettier-ignore
  });

  it('is refused with a message on the page of a browser that posts it, and does not conflict with itself', async () => {
    expect((await post(site, '/once', { email: 'dan@b.co' })).status).toBe(303);
    expect((await post(site, '/once', { email: 'dan@b.co' })).status).toBe(303);
    const before = await stored(site);
    const said = await post(site, '/once', { email: 'Dan@b.co' });
    expect(said.status).toBe(422);
    expect(said.text).toContain('Someone has already sent this form with this answer.');
    expect(said.text).toContain('value="Dan@b.co"');
    // A form with another error does not tell it.
    expect((await post(site, '/once', { email: 'Dan@b.co', works: 'perhaps' })).text).not.toContain('already sent');
    expect(await stored(site)).toEqual(before);
  });

  it('is the same with signs that people do not see', async () => {
    const submit = async (name: string) => {
      const draft = await begin(site, 'named');
      await draft.put('only', { full_name: name });
      return (await draft.post('submit')).status;
    };
    expect(await submit('Ana Reyes')).toBe(200);
    expect([await submit('Ana\u200B Reyes\u3164'), await submit('Ana  Reyes')]).toEqual([422, 422]);
  });

  it('stays free after a submission that ended early', async () => {
    const early = await filled(site, 'spare', 'eve@b.co', { works: false });
    expect((await early.post('submit')).body.ending.id).toBe('early');
    const again = await filled(site, 'spare', 'eve@b.co');
    expect((await again.post('submit')).status).toBe(200);
  });

  it('is in the store only as a hash', async () => {
    const rows = await site.db.query.selectFrom('unique_answers').selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    for (const { key_hash } of rows) expect(key_hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
