/** A form posted by the browser itself, by a person with bad intentions, or twice by one in a hurry. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type TestSite } from '../helpers/site.ts';
import { DRIVER, openSmallSite, PLAIN, raw, send, stored, type ApiResponse } from '../helpers/api/client.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite({
    forms: {
      driver: DRIVER,
      plain: PLAIN,
      rides: RIDES,
      branch: BRANCH,
      loan: LOAN,
      once: `${LOAN}limits: { one_per: email }\n`,
      aside: ASIDE,
    },
  });
});
afterAll(() => site.close());

const RIDES = `
title: Rides
screens:
  - id: only
    title: Only
    fields:
      - { id: city, type: radio, label: City, options: [Manila, Cebu], other: true }
      - { id: apps, type: checkboxes, label: Apps, options: [Grab, Angkas], other: true, none_of_these: true }
endings:
  - { id: done, title: Thanks }
`;

const BRANCH = `
title: Branch
screens: [{ id: only, title: Only, fields: [{ id: city, type: text, label: City }, { id: agent, type: hidden, default: none }, { id: link, type: hidden }] }]
endings: [{ id: done, title: Thanks }]
`;

/** The person connects an account, or says the pay. */
const LOAN = `
title: Loan
screens:
  - { id: who, title: Who, fields: [{ id: email, type: email, label: Email, required: true }] }
  - { id: connect, title: Connect, wink: { require: connected }, next: [{ when: { connect: [failed, skipped] }, go: typed }, { go: done }] }
  - { id: typed, title: Pay, fields: [{ id: pay, type: text, label: Pay, required: true }] }
endings: [{ id: done, title: Thanks }]
`;

/** Only people with a job pass the screen with the unique answer. */
const ASIDE = `
title: Aside
limits: { one_per: email }
screens:
  - { id: job, title: Job, fields: [{ id: works, type: select, label: Works, options: [yes, no], required: true }], next: [{ when: { works: no }, go: done }] }
  - { id: mail, title: Mail, fields: [{ id: email, type: email, label: Email, required: true }] }
endings: [{ id: done, title: Thanks }]
`;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const encoded = (values: Record<string, string> | [string, string][]) => new URLSearchParams(values).toString();
const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  send(site, 'POST', path, body, { ...FORM, origin: site.origin, ...headers });

async function storesNothing(attack: () => Promise<ApiResponse>): Promise<ApiResponse> {
  const before = await stored(site);
  const said = await attack();
  expect(await stored(site)).toEqual(before);
  return said;
}

function expectToldPlainly(said: ApiResponse, status: number): void {
  expect(said.status).toBe(status);
  expect(said.text).toMatch(/[A-Z].{8,}\./);
  expect(said.text).not.toMatch(/\bat \S+:\d+|node_modules|\.ts\b|ZodError/);
  expect(said.headers.get('set-cookie')).toBeNull();
  expect(said.headers.get('x-content-type-options')).toBe('nosniff');
}

it('a hidden value of the address goes before its default, unless Flipsite uses its name', async () => {
  expect((await post('/branch?agent=7&link=one', encoded({ city: 'Cebu', agent: 'none' }))).status).toBe(303);
  const rows = await site.db.query.selectFrom('submissions').select('answers').where('form', '=', 'branch').execute();
  expect(rows.map(({ answers }) => JSON.parse(answers) as unknown)).toEqual([{ city: 'Cebu', agent: '7' }]);
});

it('two posts that differ only in a hidden value of the address are two submissions', async () => {
  const posts = [];
  for (const agent of ['8', '9', '8']) posts.push(await post(`/branch?agent=${agent}`, encoded({ city: 'Naga' })));
  const cookies = posts.map(({ headers }) => headers.get('set-cookie'));
  expect([cookies[0] === cookies[1], cookies[0] === cookies[2]]).toEqual([false, true]);
});

describe('where it comes from', () => {
  const body = encoded({ full_name: 'Ana' });
  it.each(['https://evil.example', 'null', '', 'http://127.0.0.1', 'http://127.0.0.1:1', 'https://SELF', 'http://SELF.evil.example', 'http://SELF/', 'http://evil@SELF'])(
    'the origin %j is refused',
    async (origin) => {
      const given = origin.replace('SELF', `127.0.0.1:${site.port}`);
      expectToldPlainly(await storesNothing(() => post('/plain', body, { origin: given })), 403);
    },
  ); // prettier-ignore

  it.each([
    ['', 403],
    ['referer: https://evil.example/plain\r\n', 403],
    ['referer: http://SELF.evil.example/plain\r\n', 403],
    ['referer: http://SELF/plain\r\n', 303],
  ])('a post without an origin comes from the page that it names: %j', async (referer, status) => {
    const [host, before] = [`127.0.0.1:${site.port}`, await stored(site)];
    const answer = await raw(site.port, `POST /plain HTTP/1.1\r\nhost: ${host}\r\n${referer.replace('SELF', host)}content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`); // prettier-ignore
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (status === 403) expect(await stored(site)).toEqual(before);
    else expect(await stored(site)).not.toEqual(before);
  });

  it('behind a proxy with https that the site does not know, the page and the log name the setting to change', async () => {
    const behind = `https://127.0.0.1:${site.port}`;
    const said = await storesNothing(() => post('/plain', body, { origin: behind, accept: 'text/html' }));
    expectToldPlainly(said, 403);
    expect(said.text).toContain(`This form was sent from ${behind}, but Flipsite expects ${site.origin}. If people open it there, set PUBLIC_ORIGIN=${behind} on the server and restart it.`); // prettier-ignore
    expect(site.logged()).toContain(`"origin":"${behind}","expected":"${site.origin}"`);
  });

  it('another website cannot put its address into the remedy', async () => {
    const { text } = await post('/plain', body, { origin: 'https://evil.example', accept: 'text/html' });
    expect(text).toContain('set PUBLIC_ORIGIN on the server to the address that people open');
    expect(text).not.toContain('evil.example');
  });

  it('a page of this site can have another origin, where that is declared', async () => {
    const declared = await openSmallSite({ env: { PAGE_ORIGINS: 'https://apply.example/, https://jobs.example' } });
    const attempt = (origin: string, path = '/plain') =>
      send(declared, 'POST', path, body, { ...FORM, origin }).then(({ status }) => status);
    for (const origin of ['https://apply.example', 'https://jobs.example', declared.origin]) {
      expect(await attempt(origin), origin).toBe(303);
    }
    for (const origin of [
      'https://apply.example/',
      'http://apply.example',
      'https://apply.example.evil.example',
      'null',
      '',
    ]) {
      expect(await attempt(origin), origin).toBe(403);
    }
    await declared.close();
  });

  it('a chosen Host header does not turn a foreign origin into this site, where the public address is known', async () => {
    const known = await openSmallSite({ env: { PUBLIC_ORIGIN: 'https://forms.example' } });
    const attempt = (origin: string) =>
      raw(known.port, `POST /plain HTTP/1.1\r\nhost: evil.example\r\norigin: ${origin}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`); // prettier-ignore
    expect(await attempt('http://evil.example')).toMatch(/^HTTP\/1\.1 403 /);
    const good = await attempt('https://forms.example');
    await known.close();
    expect(good).toMatch(/^HTTP\/1\.1 303 /);
    expect(good).toMatch(/set-cookie: flipsite_ended=[^\r]*; Secure/i);
    expect(good).not.toContain('evil.example');
  });
});

describe('the posted body', () => {
  it.each([
    'application/json',
    'text/plain',
    'application/x-www-form-urlencodedx',
    'multipart/form-datax',
    'x',
    'multipart/mixed; boundary=x',
  ])(
    // prettier-ignore
    'the content type %s is refused',
    async (type) => {
      const said = await storesNothing(() => post('/plain', 'full_name=Ana', { 'content-type': type }));
      expectToldPlainly(said, 415);
    },
  );

  it.each<[string, string, string]>([
    ['has no boundary', 'multipart/form-data', '--x\r\n'],
    [
      'ends in the middle',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="full_name"\r\n\r\nAna',
    ],
    ['is of another boundary', 'multipart/form-data; boundary=y', '--x\r\n\r\n--x--'],
    ['is empty', 'multipart/form-data; boundary=x', ''],
  ])('a body in parts that %s is refused', async (_kind, type, body) => {
    const said = await storesNothing(() => post('/plain', body, { 'content-type': type }));
    expectToldPlainly(said, 400);
  });

  it('one byte too many and 10 MB are refused', async () => {
    for (const length of [262_145, 10_000_000]) {
      const body = `full_name=${'a'.repeat(length - 10)}`;
      expectToldPlainly(await storesNothing(() => post('/plain', body)), 413);
    }
  });

  it('takes a body in parts like any other, and a file for nothing', async () => {
    const line = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
    const part = (name: string, value: string, more = '') =>
      `--${line}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const body = `${part('full_name', 'Párt')}${part('note', 'file text', '; filename="../../x.sh"')}--${line}--\r\n`;
    const said = await post('/plain', body, { 'content-type': `multipart/form-data; boundary=${line}` });
    expect(said.status).toBe(303);
    const row = await site.db.query
      .selectFrom('submissions')
      .select('answers')
      .orderBy('id', 'desc')
      .executeTakeFirst();
    expect(JSON.parse(row?.answers ?? '')).toEqual({ full_name: 'Párt' });
  });

  it('80,000 fields are refused', async () => {
    const said = await storesNothing(() => post('/driver', 'a=&'.repeat(80_000)));
    expectToldPlainly(said, 413);
  });

  it('invalid percent signs and bytes are stored as no answer', async () => {
    for (const value of ['%00', '%1b%5b2J', '%ED%A0%80%00']) {
      expect((await storesNothing(() => post('/plain', `full_name=A${value}`))).status).toBe(422);
    }
  });
});

describe('the page of errors', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    '</textarea><script>alert(1)</script>',
    '{full_name}{reference}',
    '&quot;&#60;script&gt;',
    '\u202egnp.exe',
    '${7*7} {{7*7}} <%= 7*7 %>',
  ];

  it.each(hostile)('keeps %s as a text, harmless', async (value) => {
    const said = await storesNothing(() => post('/plain', encoded({ note: value, full_name: '' })));
    expect(said.status).toBe(422);
    expect(said.text).not.toMatch(/<script>alert|<img src=x|'? onfocus=alert\(1\) autofocus=''/);
    const kept = /<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(said.text)?.[1] ?? '';
    expect(unescaped(kept)).toBe(value);
    expect(said.text).not.toMatch(/\b49\b/);
    expect(said.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(said.headers.get('cache-control')).toBe('no-store');
  });

  it('keeps hostile values of other kinds of fields too', async () => {
    const values = { full_name: '"><script>alert(1)</script>', status: '"><script>alert(1)</script>', wage: '"><script>', kinds: '<script>' }; // prettier-ignore
    const said = await storesNothing(() => post('/driver', encoded(values)));
    expect(said.status).toBe(422);
    const outsideOfAttributes = said.text.replace(/"[^"]*"/g, '""');
    expect(outsideOfAttributes).not.toContain('<script>alert');
    const scripts = (html: string) => html.replace(/"[^"]*"/g, '""').match(/<script/g)?.length;
    expect(scripts(said.text)).toBe(scripts((await send(site, 'GET', '/driver')).text));
  });

  it('keeps the entered values, names every field with an error, and links to it', async () => {
    const said = await post('/driver', encoded({ full_name: 'Ana', status: 'employed', wage: '5000' }));
    expect(said.text).toContain('value="Ana"');
    expect(said.text).toContain('href="#f-wage"');
    expect(said.text).toContain('value="5,000"');
  });

  it('has only scripts that its policy lets run', async () => {
    const { text, headers } = await post('/plain', encoded({ full_name: '' }));
    const { createHash } = await import('node:crypto');
    for (const [, script = ''] of text.matchAll(/<script(?![^>]*application\/json)[^>]*>([\s\S]*?)<\/script>/g)) {
      const hash = createHash('sha256').update(script).digest('base64');
      expect(headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
    }
  });

  function unescaped(html: string): string {
    const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#34': '"', '#39': "'", '#38': '&' };
    return html.replace(/&([a-z]+|#\d+);/g, (whole, name: string) => named[name] ?? whole);
  }
});

describe('the address it was posted to', () => {
  const body = encoded({ full_name: 'Ana', status: 'none' });
  const paramsOf = async () => {
    const row = await site.db.query.selectFrom('submissions').select('params').orderBy('id', 'desc').executeTakeFirst();
    return JSON.parse(row?.params ?? '');
  };

  it.each(['/driver', '/driver/', '/driver/es', '/driver/es/'])(
    '%s is read from the page, and stored without invalid characters where the form declares it',
    async (path) => {
      const query = `?customer_id=first&customer_id=${path.length}&utm_source=fb&other=x&utm_medium=a%00b`;
      const page = await send(site, 'GET', path + query);
      expect(/<form[^>]*>/.exec(page.text)?.[0]).not.toContain('action');
      expect((await post(path + query, body)).status).toBe(303);
      expect(await paramsOf()).toEqual({ customer_id: String(path.length), utm_source: 'fb' });
    },
  );

  it('is the same again when something is wrong', async () => {
    const said = await post('/driver?customer_id=7', encoded({ full_name: '' }));
    expect(said.status).toBe(422);
    expect(/<form[^>]*>/.exec(said.text)?.[0]).not.toContain('action');
  });
});

describe('the ending', () => {
  it('is only for the browser that posted, and its cookie has little in it and goes to no other path', async () => {
    const said = await post('/plain', encoded({ full_name: 'Ana <b>' }));
    expect([said.status, said.headers.get('location')]).toEqual([303, '/plain/ending']);
    const cookie = said.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^flipsite_ended=[\w.-]+; Max-Age=3600; Path=\/plain; HttpOnly; SameSite=Lax$/);
    const pair = cookie.split(';')[0] ?? '';
    const ending = (headers: Record<string, string>, path = '/plain/ending') => send(site, 'GET', path, undefined, headers); // prettier-ignore
    const mine = await ending({ cookie: `a=b; ${pair}; c=d` });
    expect([mine.status, mine.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(mine.text).toContain('Thank you, Ana &lt;b&gt;');
    expect(mine.text).not.toContain(pair.split('.')[1] ?? 'no token');

    for (const bad of [
      '',
      pair.slice(0, -1),
      `${pair}x`,
      'flipsite_ended=',
      'flipsite_ended=.',
      'flipsite_ended=..',
      pair.replace(/=./, '=9'),
      `x${pair}`,
    ]) {
      const theirs = await ending({ cookie: bad });
      expect([theirs.status, theirs.headers.get('location')]).toEqual([303, '/plain']);
      expect(theirs.text).not.toContain('Ana');
    }
    expect((await ending({ cookie: pair }, '/driver/ending')).text).not.toContain('Ana');
    expect((await ending({ cookie: pair }, '/nope/ending')).status).toBe(404);
  });

  it('is one, when the same form is posted twice or 20 times at once', async () => {
    const before = (await stored(site))['submissions'] as number;
    const body = encoded({ full_name: 'Twice' });
    const said = [await post('/plain', body), ...(await Promise.all(Array.from({ length: 20 }, () => post('/plain', body))))]; // prettier-ignore
    expect(new Set(said.map(({ status }) => status))).toEqual(new Set([303]));
    expect(new Set(said.map(({ headers }) => headers.get('set-cookie'))).size).toBe(1);
    expect((await stored(site))['submissions']).toBe(before + 1);
  });

  it('is of each person who posts, although others on the network send equal answers', async () => {
    const body = encoded({ full_name: 'Five stars' });
    const page = await send(site, 'GET', '/plain', undefined, { accept: 'text/html' });
    const [, view = ''] = /<noscript>\s*<img src="([^"]*)"/.exec(page.text) ?? [];
    const opened = async () => {
      const said = await send(site, 'GET', view);
      expect([said.status, said.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
      const cookie = said.headers.get('set-cookie') ?? '';
      expect(cookie).toMatch(/^flipsite_view=[\w-]{22}; Path=\/plain; HttpOnly; SameSite=Lax$/);
      return cookie.split(';')[0] ?? '';
    };
    const postAs = async (cookie: string) => (await post('/plain', body, { cookie })).headers.get('set-cookie');
    const [ana, ben] = [await opened(), await opened()];
    const posts = [await postAs(ana), await postAs(ben), await postAs(ana)];
    expect(new Set(posts).size).toBe(2);
    expect(posts[2]).toBe(posts[0]);
  });

  it('waits for the screens that need a script: the answers are kept, and only this browser gets the link to continue', async () => {
    const said = await post('/driver', encoded({ full_name: 'Ana', status: 'employed', wage: '5', why: 'x' }));
    expect([said.status, said.headers.get('location')]).toEqual([303, '/driver/ending']);
    const cookie = (said.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await send(site, 'GET', '/driver/ending', undefined, { cookie });
    expect(page.text).toMatch(/href="\/driver\/en#resume=[0-9a-f-]{36}\.[\w-]{43}"/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).not.toContain('Keep ');
  });

  it('leads to the form once a member has deleted the submission, whether it was sent or not', async () => {
    const posts = [
      ['/plain', { full_name: 'Deleted' }],
      ['/driver', { full_name: 'Deleted', status: 'employed', wage: '5', why: 'deleted' }],
    ] as const;
    for (const [path, answers] of posts) {
      const cookie = (await post(path, encoded(answers))).headers.get('set-cookie')?.split(';')[0] ?? '';
      const [, id = ''] = /=([0-9a-f-]{36})\./.exec(cookie) ?? [];
      const deleted = await send(site, 'DELETE', `/api/submissions/${id}`, undefined, { authorization: `Bearer ${API_KEY}` }); // prettier-ignore
      expect(deleted.status).toBe(204);
      const page = await send(site, 'GET', `${path}/ending`, undefined, { cookie });
      expect([page.status, page.headers.get('location')]).toEqual([303, path]);
    }
  });

  it('is announced by the Wink screen with no link to go on, where the answers may be complete without an account', async () => {
    const page = await send(site, 'GET', '/loan', undefined, { accept: 'text/html' });
    expect(page.text).toContain('If they are not complete without this step, the next page gives you a link to finish');
  });

  it.each(['loan', 'once'])(
    'is one, where the answers are complete without an account, in the form %s',
    async (slug) => {
      const body = encoded({ email: 'ana@mail.example', pay: '5' });
      const said = await Promise.all([post(`/${slug}`, body), post(`/${slug}`, body)]);
      said.push(await post(`/${slug}`, body));
      expect(said.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(new Set(said.map(({ headers }) => headers.get('set-cookie'))).size).toBe(1);
      const rows = await site.db.query.selectFrom('submissions').select('ending').where('form', '=', slug).execute();
      expect(rows).toEqual([{ ending: 'done' }]);
      if (slug === 'loan') return;
      // A double press, with some milliseconds in between.
      for (let ms = 0; ms < 15; ms++) {
        const pressed = encoded({ email: `ana-${ms}@mail.example`, pay: '5' });
        const again = wait(ms).then(() => post(`/${slug}`, pressed));
        expect((await Promise.all([post(`/${slug}`, pressed), again])).map(({ status }) => status)).toEqual([303, 303]);
      }
      // Another person with the same answer leaves nothing behind.
      const taken = await storesNothing(() => post(`/${slug}`, encoded({ email: 'ana@mail.example', pay: '6' })));
      expect(taken.text).toContain('Someone has already sent this form with this answer.');
    },
  );

  it('does not depend on the unique answer of a screen that the person does not pass', async () => {
    const email = 'ana@mail.example';
    expect((await post('/aside', encoded({ works: 'yes', email }))).status).toBe(303);
    expect((await post('/aside', encoded({ works: 'no', email }))).status).toBe(303);
  });

  it('is a draft of its own for each post that waits, although others on the network post the same', async () => {
    const body = encoded({ full_name: 'Ana', status: 'employed', wage: '5', why: 'same' });
    const [one, other] = await Promise.all([post('/driver', body), post('/driver', body)]);
    expect([one.status, other.status]).toEqual([303, 303]);
    expect(one.headers.get('set-cookie')).not.toBe(other.headers.get('set-cookie'));
  });

  it('goes only to the host that the form names, with any answers', async () => {
    const forms = { away: `title: Away\nscreens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]\nendings: [{ id: z, title: Z, redirect: "https://acme.example/x?n={name}&r={reference}" }]\n` }; // prettier-ignore
    const other = await openSmallSite({ forms });
    const name = '@evil.example/\\#?&r=forged%0d%0aset-cookie:x=1';
    const said = await send(other, 'POST', '/away', encoded({ name }), { ...FORM, origin: other.origin });
    const cookie = (said.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const sent = await send(other, 'GET', '/away/ending', undefined, { cookie });
    await other.close();
    const href = /href="(https:[^"]*)"/.exec(sent.text)?.[1] ?? '';
    const location = new URL(href.replaceAll('&#38;', '&').replaceAll('&amp;', '&'));
    expect([location.origin, location.searchParams.get('n'), location.searchParams.getAll('r').length]).toEqual(['https://acme.example', name, 1]); // prettier-ignore
    expect(sent.headers.get('set-cookie')).toBeNull();
  });

  it('is not kept from another host by the policy of the page that was posted', async () => {
    const forms = { away: `title: Away\nscreens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]\nendings: [{ id: z, title: Z, redirect: "https://acme.example/x" }]\n` }; // prettier-ignore
    const other = await openSmallSite({ forms });
    const page = await send(other, 'GET', '/away');
    const said = await send(other, 'POST', '/away', 'name=Ana', { ...FORM, origin: other.origin });
    const cookie = (said.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const ending = await send(other, 'GET', '/away/ending', undefined, { cookie });
    await other.close();
    // Browsers hold every redirect that follows a form's post to the `form-action` of the page it was posted from.
    const allowed = /form-action ([^;]*)/.exec(page.headers.get('content-security-policy') ?? '')?.[1] ?? '';
    if (ending.status === 303) expect(allowed).toContain('https://acme.example');
    else expect(ending.text).toContain('https://acme.example/x');
  });
});

describe('a text for “Other”', () => {
  const answersTo = async (entries: [string, string][]) => {
    expect((await post('/rides', encoded(entries), { 'user-agent': crypto.randomUUID() })).status).toBe(303);
    const query = site.db.query.selectFrom('submissions').select('answers').where('form', '=', 'rides').orderBy('id', 'desc'); // prettier-ignore
    return JSON.parse((await query.executeTakeFirstOrThrow()).answers) as unknown;
  };

  it('chooses Other, because the page always shows its text field', async () => {
    expect(await answersTo([['city_other', 'Davao'], ['apps', 'Grab'], ['apps_other', 'Joyride']])).toEqual({ city: 'other', city_other: 'Davao', apps: ['Grab', 'other'], apps_other: 'Joyride' }); // prettier-ignore
  });

  it('changes no single option, and not “None of these”', async () => {
    expect(await answersTo([['city', 'Cebu'], ['city_other', 'Davao'], ['apps', 'none_of_these'], ['apps_other', 'Joyride']])).toEqual({ city: 'Cebu', apps: ['none_of_these'] }); // prettier-ignore
  });
});
