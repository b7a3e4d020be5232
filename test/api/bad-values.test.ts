/** JSON of the right shape whose values no client should send: each is refused and nothing of it is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type TestSite } from '../helpers/site.ts';
import {
  ABOUT,
  begin,
  expectRefusal,
  openSmallSite,
  send,
  stored,
  type Draft,
  type ApiResponse,
} from '../helpers/api/client.ts';

let site: TestSite;
let draft: Draft;
beforeAll(async () => {
  site = await openSmallSite();
  draft = await begin(site);
});
afterAll(() => site.close());

async function storesNothing(attack: () => Promise<ApiResponse>): Promise<ApiResponse> {
  const before = await stored(site);
  const said = await attack();
  expect(await stored(site)).toEqual(before);
  return said;
}

describe('starting', () => {
  const start = (body: unknown, headers = {}) =>
    storesNothing(() => send(site, 'POST', '/api/forms/driver/submissions', body, headers));

  it.each<[string, unknown]>([
    ['a version that is a number', { version: 1 }],
    ['an empty version', { version: '' }],
    ['a version that is too long', { version: 'a'.repeat(101) }],
    ['a language that the form lacks', { language: 'ar' }],
    ['a language that every object has', { language: 'constructor' }],
    ['a language that is a list', { language: ['en'] }],
    ['a link with a path in it', { link: '../x' }],
    ['a link with a line end in it', { link: 'a\n' }],
    ['a link that is too long', { link: 'a'.repeat(61) }],
    ['params that are a list', { params: [] }],
    ['a param that is a number', { params: { customer_id: 42 } }],
    ['a param that is an object', { params: { customer_id: {} } }],
  ])('refuses %s', async (_kind, body) => {
    expectRefusal(await start(body), 400, 'invalid_request');
  });

  it('asks to come back for a version that was never published, which a static host may have first', async () => {
    expectRefusal(await start({ version: '0123456789abcdef' }), 409, 'unknown_version');
  });

  it.each([
    ['an empty key', ''],
    ['a space in it', 'a b'],
    ['a key that is too long', 'k'.repeat(201)],
    ['letters that are not ASCII', 'clé'],
  ])(
    // prettier-ignore
    'refuses an Idempotency-Key with %s',
    async (_kind, key) => {
      expectRefusal(await start({}, { 'idempotency-key': key }), 400, 'invalid_request');
    },
  );

  it('refuses a form that does not exist, with any name', async () => {
    for (const slug of [
      'nope',
      '__proto__',
      'constructor',
      '..%2fdriver',
      'driver%00',
      '%ff',
      'DRIVER',
      'a'.repeat(1900),
    ]) {
      const said = await storesNothing(() => send(site, 'POST', `/api/forms/${slug}/submissions`, {}));
      expectRefusal(said, 404, 'unknown_form');
    }
  });

  it('keeps only declared params and utm_*, none that every object has, and none that is too long', async () => {
    const long = `"utm_medium":"${'a'.repeat(501)}","${'utm_'.padEnd(61, 'a')}":"1"`;
    const body = `{"params":{"__proto__":"x","constructor":"x","customer_id":"42","utm_source":"fb","other":"x",${long}}}`;
    const { body: started } = await send(site, 'POST', '/api/forms/driver/submissions', body);
    const row = await site.db.query
      .selectFrom('submissions')
      .select('params')
      .where('id', '=', started.id)
      .executeTakeFirst();
    expect(JSON.parse(row?.params ?? '')).toEqual({ customer_id: '42', utm_source: 'fb' });
  });
});

describe('a param with characters that a person cannot type', () => {
  const away = `
title: Away
params: [customer_id]
screens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]
endings: [{ id: z, title: Z, redirect: 'https://acme.example/x?c={customer_id}' }]
`;

  it.each<[string, string]>([
    ['half a character', 'a\ud800'],
    ['NUL', 'a\0b'],
    ['direction marks', 'a\u202eb'],
  ])('with %s is not stored as it is, and the way on from the ending is whole', async (_what, value) => {
    const other = await openSmallSite({ forms: { away } });
    const one = await begin(other, 'away', { params: { customer_id: value } });
    await one.put('a', {});
    const said = await one.post('submit');
    const rows = await other.db.query.selectFrom('submissions').select('params').execute();
    await other.close();
    expect(said.status).toBe(200);
    expect(new URL(said.body.ending.redirect).host).toBe('acme.example');
    expect(rows.map(({ params }) => JSON.parse(params)).map(({ customer_id }) => customer_id)).not.toContain(value);
  });
});

describe('answering', () => {
  it.each<[string, string, unknown, number]>([
    ['a screen that is not there', 'nope', {}, 400],
    ['a screen that every object has', 'constructor', {}, 400],
    ['an ending for a screen', 'done', {}, 400],
    ['a field of another screen', 'about', { ...ABOUT, wage: 5 }, 422],
    ['a field that is not there', 'about', { ...ABOUT, reference: 'x' }, 422],
    ['a field that every object has', 'about', { ...ABOUT, toString: 'x' }, 422],
    ['the id of a Wink screen as a field', 'about', { ...ABOUT, connect: 'connected' }, 422],
    ['a text that is a number', 'about', { ...ABOUT, full_name: 5 }, 422],
    ['a text that is a list', 'about', { ...ABOUT, full_name: ['Ana'] }, 422],
    ['a text that is true', 'about', { ...ABOUT, full_name: true }, 422],
    ['a text that is too long', 'about', { ...ABOUT, full_name: 'a'.repeat(201) }, 422],
    ['a text of spaces', 'about', { ...ABOUT, full_name: '\u00a0 \t' }, 422],
    ['a text with NUL', 'about', { ...ABOUT, full_name: 'a\0b' }, 422],
    ['a text with an escape sequence', 'about', { ...ABOUT, full_name: '\u001b[2J' }, 422],
    ['a text with half a character', 'about', { ...ABOUT, full_name: '\ud800' }, 422],
    ['a line end in a line', 'about', { ...ABOUT, full_name: 'a\nb' }, 422],
    ['an option that is not offered', 'about', { ...ABOUT, status: 'retired' }, 422],
    ['an option that every object has', 'about', { ...ABOUT, status: '__proto__' }, 422],
    ['answers that are a list', 'about', [], 400],
    ['answers that are missing', 'about', undefined, 400],
    ['an answer that is an object', 'about', { ...ABOUT, full_name: { a: 1 } }, 400],
    ['parts where there are none', 'about', { ...ABOUT, full_name: { line1: 'Rizal St 1' } }, 422],
    ['too many parts', 'about', { ...ABOUT, full_name: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`p${n}`, 'a'])) }, 400],
    ['a part that is too long', 'about', { ...ABOUT, full_name: { line1: 'a'.repeat(100_001) } }, 400],
    ['a part of parts', 'about', { ...ABOUT, full_name: { line1: { line1: 'a' } } }, 400],
    ['an answer that is a list of objects', 'about', { ...ABOUT, full_name: [{}] }, 400],
    ['a list that is too long', 'about', { ...ABOUT, full_name: Array(501).fill('a') }, 400],
    ['nothing where something is required', 'about', {}, 422],
    ['null where something is required', 'about', { full_name: null, status: null }, 422],
  ])('refuses %s', async (_kind, screen, answers, status) => {
    expectRefusal(await storesNothing(() => draft.put(screen, answers)), status);
  }); // prettier-ignore

  describe('with numbers and lists', () => {
    beforeAll(async () => void (await draft.put('about', ABOUT)));

    it.each<[string, string]>([
      ['a number written as text', '"5"'],
      ['one that is too low', '-0.0001'],
      ['one that is too high', '1e308'],
      ['one with decimals', '5.5'],
      ['one beyond all numbers', '1e999'],
      ['one of 20,000 digits', '9'.repeat(20_000)],
      ['a boolean', 'true'],
      ['a list', '["5"]'],
    ])('refuses %s for a number', async (_kind, wage) => {
      const said = await storesNothing(
        () =>
        send(site, 'PUT', `/api/submissions/${draft.id}/answers`, `{"screen":"money","answers":{"wage":${wage}}}`, draft.headers), // prettier-ignore
      );
      expect([400, 422]).toContain(said.status);
      expectRefusal(said, said.status);
    });

    it.each<[string, unknown]>([
      ['an option that is not offered', ['a', 'x']],
      ['the same option twice', ['a', 'a']],
      ['a text', 'a'],
      ['a number', 1],
    ])('refuses %s for a list', async (_kind, kinds) => {
      expectRefusal(await storesNothing(() => draft.put('money', { wage: 5, kinds })), 422, 'invalid_answers');
    });
  });

  it('stores nothing under __proto__, and changes no prototype', async () => {
    const body = `{"screen":"about","answers":{"full_name":"Ana","status":"none","__proto__":{"polluted":"x"}}}`;
    await send(site, 'PUT', `/api/submissions/${draft.id}/answers`, body, draft.headers);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const row = await site.db.query
      .selectFrom('submissions')
      .select('answers')
      .where('id', '=', draft.id)
      .executeTakeFirst();
    expect(row?.answers).not.toMatch(/proto|polluted/);
  });

  it('takes the last of two keys of one name, as JSON readers do', async () => {
    const body = '{"screen":"about","answers":{"full_name":"Eve","full_name":"Ana","status":"employed"}}';
    expect((await send(site, 'PUT', `/api/submissions/${draft.id}/answers`, body, draft.headers)).status).toBe(200);
    const row = await site.db.query
      .selectFrom('submissions')
      .select('answers')
      .where('id', '=', draft.id)
      .executeTakeFirst();
    expect(JSON.parse(row?.answers ?? '')).toMatchObject({ full_name: 'Ana' });
  });

  it('names an unknown field in its message only in part, and not its value', async () => {
    const { text } = await draft.put('about', { ...ABOUT, ['x'.repeat(1000)]: 'a-secret-value' });
    expect(text).not.toContain('a-secret-value');
    expect(text.length).toBeLessThan(500);
  });
});

describe('telling events', () => {
  const good = { id: '8f14e45f-ceea-467f-a9d6-1a2b3c4d5e6f', name: 'screenSeen', at: '2026-11-01T00:00:00Z', data: {} };
  const tell = (events: unknown) => storesNothing(() => draft.post('events', { events }));

  it.each<[string, unknown]>([
    ['none', []],
    ['more than 100', Array.from({ length: 101 }, () => ({ ...good, id: crypto.randomUUID() }))],
    ['an id that is no UUID', [{ ...good, id: '1' }]],
    ['no id', [{ ...good, id: undefined }]],
    ['a name with a space', [{ ...good, name: 'a b' }]],
    ['a name that is too long', [{ ...good, name: 'a'.repeat(65) }]],
    ['a name with markup', [{ ...good, name: '<script>' }]],
    ['a time that is none', [{ ...good, at: 'yesterday' }]],
    ['a time that is a number', [{ ...good, at: 0 }]],
    ['a day that is not in the calendar', [{ ...good, at: '2026-02-30T00:00:00Z' }]],
    ['an hour that is not in the day', [{ ...good, at: '2026-01-01T25:00:00Z' }]],
    ['a time of 100,000 digits', [{ ...good, at: `2026-01-01T00:00:00.${'9'.repeat(100_000)}Z` }]],
    ['data that is a list', [{ ...good, data: [] }]],
    ['data that is too large', [{ ...good, data: { a: 'x'.repeat(16_384) } }]],
    ['an unknown key', [{ ...good, source: 'webhook' }]],
    ['one bad event among good ones', [good, { ...good, id: 'x' }]],
  ])('refuses %s', async (_kind, events) => {
    expectRefusal(await tell(events), 400, 'invalid_request');
  });

  it('tells programs their times in UTC', async () => {
    const id = crypto.randomUUID();
    expect((await draft.post('events', { events: [{ ...good, id, at: '2026-11-01T08:00:00+08:00' }] })).status).toBe(
      200,
    );
    const { events } = await ask<{ events: { id: string; at: string }[] }>(site, `submissions/${draft.id}`);
    expect(events.find((one) => one.id === id)?.at).toBe('2026-11-01T00:00:00.000Z');
  });

  it('refuses data nested so deep that no reader could write it again', async () => {
    const data = `{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`;
    const body = JSON.stringify({ events: [good] }).replace('"data":{}', `"data":${data}`);
    const said = await storesNothing(() =>
      send(site, 'POST', `/api/submissions/${draft.id}/events`, body, draft.headers),
    );
    expectRefusal(said, 400, 'invalid_request');
  });
});

describe('asking for a link token', () => {
  it.each<[string, unknown, number]>([
    ['a form screen', { screen: 'about' }, 400],
    ['a screen that is not there', { screen: 'nope' }, 400],
    ['no screen', {}, 400],
    ['a second widget of a screen with one', { screen: 'connect', widget: 1 }, 400],
    ['a widget that is a text', { screen: 'connect', widget: '0' }, 400],
    ['a screen that the answers do not lead to', { screen: 'connect' }, 409],
  ])('refuses %s', async (_kind, body, status) => {
    const fresh = await begin(site);
    expectRefusal(await storesNothing(() => fresh.post('link-token', body)), status);
  });
});

describe('a pattern of an author', () => {
  const greedy = `
title: Codes
screens:
  - id: only
    title: Only
    fields:
      - { id: code, type: text, label: Code, pattern: '([a-z]+)+[0-9]', pattern_hint: Enter a code }
endings:
  - { id: done, title: Done }
`;

  it('does not let one answer hold up everybody', { timeout: 5_000 }, async () => {
    const other = await openSmallSite({ forms: { codes: greedy } });
    // Refusing such a pattern, as a fault of the form, would do as well.
    if (other.catalog.current('codes')) {
      const draft = await begin(other, 'codes');
      expectRefusal(await draft.put('only', { code: 'a'.repeat(29) }), 422, 'invalid_answers');
    }
    await other.close();
  });
});
