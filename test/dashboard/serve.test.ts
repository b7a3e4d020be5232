import { describe, expect, it } from 'vitest';
import { giveCode } from '../../src/members/codes.ts';
import { startSession } from '../../src/members/sessions.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { formatReference } from '../../src/record/ids.ts';
import { findSubmission } from '../../src/record/submissions/submissions.ts';
import { markFault, markFormRemoved } from '../../src/record/forms/form-states.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { addMember, createClient, MEMBER, openClient, SETUP } from '../helpers/dashboard-client.ts';
import { link, publish } from './forms.ts';
import { wordsOf } from '../helpers/visitor.ts';

const DAY = 24 * 60 * 60;

describe('the dashboard, closed by default', () => {
  const pages = [
    '/admin',
    '/admin/forms/driver/people',
    '/admin/forms/driver/submissions.csv',
    '/admin/forms/driver/1',
    '/admin/x',
  ];

  it('sends all visitors to the set-up while the site has no member', async () => {
    const { ask } = await createClient(await temporaryDatabase());
    for (const page of [...pages, '/admin/sign-in']) expect((await ask(page)).location).toBe('/admin/setup');
  });

  it('sends a visitor without a session to sign in, and then to the requested page', async () => {
    const db = await temporaryDatabase();
    await openClient(db);
    const { ask, signIn } = await createClient(db);
    for (const page of pages.slice(1)) {
      const answer = await ask(`${page}?status=draft`);
      expect(answer.status).toBe(303);
      expect(answer.location).toBe(`/admin/sign-in?next=${encodeURIComponent(`${page}?status=draft`)}`);
      expect(answer.text).toBe('');
    }
    expect((await ask('/admin')).location).toBe('/admin/sign-in');
    expect((await signIn()).location).toBe('/admin');
  });

  it('says that a change was not saved because its visitor has no session, and goes on to its page', async () => {
    const db = await temporaryDatabase();
    await openClient(db);
    const { ask, send } = await createClient(db);
    for (const [posted, page] of [
      ['/admin/forms/driver/share', '/admin/forms/driver/share'],
      ['/admin/forms/driver/share/websites', '/admin/forms/driver/share'],
    ] as const) {
      const { location } = await send(posted, {});
      expect(location).toBe(`/admin/sign-in?next=${encodeURIComponent(page)}&lost=change`);
      expect((await ask(location ?? '')).text).toContain('it was not saved. Sign in, then make it again.');
    }
    for (const [posted, page] of [
      ['/admin/forms/driver/submissions.csv', '/admin/forms/driver'],
      ['/admin/forms/driver/people/one/sensitive', '/admin/forms/driver/people/one'],
    ] as const) {
      const { location } = await send(posted, {});
      expect(location).toBe(`/admin/sign-in?next=${encodeURIComponent(page)}&lost=view`);
      expect((await ask(location ?? '')).text).toContain(
        'Your session ended, so nothing was shown. Sign in, then try again.',
      );
    }
    expect((await ask('/admin/sign-in')).text).toContain('Only members can open');
  });

  it.each([
    'https://evil.example/admin',
    '//evil.example/admin',
    '/admin/..//evil.example',
    '/driver',
    'javascript:alert(1)',
    '/admin/sign-in',
    '/administer',
  ])('never goes on to %s after signing in', async (next) => {
    const { ask } = await openClient(await temporaryDatabase());
    expect((await ask(`/admin/sign-in?next=${encodeURIComponent(next)}`)).location).toBe('/admin');
  });

  it('continues to a page of this site after signing in, also after a wrong password', async () => {
    const db = await temporaryDatabase();
    await openClient(db);
    const { send } = await createClient(db);
    const next = '/admin/forms/driver?q=Ana&status=draft';
    const wrong = await send('/admin/sign-in', { ...MEMBER, password: 'not the right one', next });
    expect(wrong.text).toContain('name="next" value="/admin/forms/driver?q=Ana&amp;status=draft"');
    expect((await send('/admin/sign-in', { ...MEMBER, next })).location).toBe(next);
  });
});

describe('the accepted requests', () => {
  const cases: [string, RequestInit, number][] = [
    ['without an origin', { headers: {} }, 403],
    ['from another origin', { headers: { origin: 'http://evil.example' } }, 403],
    ['from a page without one', { headers: { origin: 'null' } }, 403],
    ['as JSON', { headers: { origin: 'http://forms.example', 'content-type': 'application/json' }, body: '{}' }, 415],
    ['as a file', { headers: { origin: 'http://forms.example' }, body: new FormData() }, 415],
  ];

  it.each(cases)('is refused when it comes %s', async (_, init, status) => {
    const { ask } = await openClient(await temporaryDatabase());
    const body = init.body ?? new URLSearchParams(MEMBER);
    const answer = await ask('/admin/sign-out', { method: 'POST', ...init, body });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('Nothing was changed.');
    expect((await ask('/admin')).status).toBe(200);
  });

  it('is refused beyond 64 kB, announced or not', async () => {
    const { send, ask } = await openClient(await temporaryDatabase());
    expect((await send('/admin/sign-in', { email: 'x'.repeat(70_000) })).status).toBe(413);
    const chunk = new TextEncoder().encode('x'.repeat(40_000));
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(chunk);
        controller.enqueue(chunk);
        controller.close();
      },
    });
    const headers = { origin: 'http://forms.example', 'content-type': 'application/x-www-form-urlencoded' };
    const unannounced = await ask('/admin/sign-in', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    expect(unannounced.status).toBe(413);
  });

  it.each([
    ['PUT', '/admin', 'GET, HEAD, POST'],
    ['DELETE', '/admin/forms/driver', 'GET, HEAD, POST'],
    ['POST', '/admin', 'GET, HEAD'],
    ['POST', '/admin/forms/driver', 'GET, HEAD'],
    ['GET', '/admin/sign-out', 'POST'],
  ])('%s %s is not allowed, and the answer names the allowed ones', async (method, path, allow) => {
    const { ask, send } = await openClient(await temporaryDatabase());
    const answer = method === 'POST' ? await send(path, {}) : await ask(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('leads on to an address with a control character in it', async () => {
    const { send } = await openClient(await temporaryDatabase());
    for (const act of ['sensitive', 'erase']) {
      const { status, location } = await send(`/admin/forms/driver/%00/${act}`, {});
      expect([act, status < 500, location ?? '']).toEqual([act, true, expect.not.stringContaining('\0')]);
    }
  });

  it('answers HEAD as GET, without a body', async () => {
    const { ask } = await openClient(await temporaryDatabase());
    const answer = await ask('/admin', { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('have few files of one member at once, which are in memory while they come', async () => {
    const { ask } = await openClient(await temporaryDatabase());
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const sendSlowly = () => {
      const pull = async (stream: ReadableStreamDefaultController) => (await ended, stream.close());
      const headers = { origin: 'http://forms.example', 'content-type': 'multipart/form-data; boundary=b' };
      const body = new ReadableStream({ pull }, { highWaterMark: 0 });
      const request = { method: 'POST', headers, body, duplex: 'half' };
      return ask('/admin/forms/driver/invitations/csv', request);
    };
    const sent = Array.from({ length: SITE_LIMITS.editorRequestsPerMember.value + 1 }, sendSlowly);
    expect((await Promise.race(sent)).status).toBe(429);
    end();
    expect((await Promise.all(sent)).filter(({ status }) => status === 429)).toHaveLength(1);
  });
});

describe('setting up', () => {
  it('needs the code, in any spelling, and says where it is found', async () => {
    const { ask, send } = await createClient(await temporaryDatabase());
    const page = await ask('/admin/setup');
    expect(page.text).toContain('Ask the person who started Flipsite. The code is in the terminal, or in SETUP_CODE.');
    expect(page.text).not.toContain(SETUP.code);
    const empty = await send('/admin/setup', {});
    expect(empty.text).toMatch(/role="alert"[^>]*>\s*<h2[^>]*>3 things to fix/);
    const wrong = await send('/admin/setup', { code: 'AAAA-BBBB-CCCC', ...MEMBER });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('This code is not right.');
    expect(wrong.text).not.toContain(MEMBER.password);
    expect(wrong.cookie).toBe('');
    const right = await send('/admin/setup', { code: 'kp4tw7hxcdf2', ...MEMBER });
    expect([right.status, right.location]).toEqual([303, '/admin']);
    expect((await ask('/admin')).text).toContain(MEMBER.email);
  });

  it('names all that is wrong beside a wrong code', async () => {
    const { send } = await createClient(await temporaryDatabase());
    const wrong = await send('/admin/setup', { code: 'AAAA-BBBB-CCCC', email: 'ops', password: 'short' });
    const links = [...wrong.text.matchAll(/<a href="#(code|email|password)">([^<]*)/g)].map(([, at, text]) => `${at}: ${text}`); // prettier-ignore
    expect(links).toEqual([
      'code: This code is not right. Check it, or ask for it again.',
      'email: Enter an email address, like name@example.com.',
      'password: The password is too short. Use at least 10 characters.',
    ]);
  });

  it('explains a wrong email or password, and keeps the email and the code', async () => {
    const { send } = await createClient(await temporaryDatabase());
    const short = await send('/admin/setup', { code: SETUP.code, email: 'ops@acme.example', password: 'short' });
    expect(short.status).toBe(422);
    expect(short.text).toContain('<title>Error: Create the first account, Flipsite</title>');
    expect(short.text).toContain('The password is too short. Use at least 10 characters.');
    expect(short.text).toContain('value="ops@acme.example"');
    expect(short.text).toContain(`value="${SETUP.code}"`);
    expect((await send('/admin/setup', { code: SETUP.code, ...MEMBER, email: 'ops' })).text).toContain(
      'Enter an email address',
    );
  });

  it('happens once: afterwards the right code makes no second member', async () => {
    const db = await temporaryDatabase();
    await openClient(db);
    const { send, ask, signIn } = await createClient(db);
    const again = await send('/admin/setup', {
      code: SETUP.code,
      email: 'other@acme.example',
      password: MEMBER.password,
    });
    expect(again.status).toBe(409);
    expect(again.text).toContain('has been set up already');
    expect(again.cookie).toBe('');
    expect((await ask('/admin/setup')).location).toBe('/admin/sign-in');
    expect((await signIn({ email: 'other@acme.example' })).status).toBe(422);
  });

  it('slows down guessing the code, from one address, and not from another', async () => {
    const db = await temporaryDatabase();
    const { send, setUp, at } = await createClient(db);
    const guess = () => send('/admin/setup', { code: 'AAAA-BBBB-CCCC', ...MEMBER });
    for (let index = 0; index < 5; index++) expect((await guess()).status).toBe(422);
    const slowed = await setUp();
    expect(slowed.status).toBe(429);
    expect(slowed.headers.get('retry-after')).toBe('10');
    expect(slowed.text).toContain('Too many attempts. Wait 10 seconds, then try again.');
    at(later(11));
    expect((await setUp()).status).toBe(303);
  });
});

describe('a code that was given', () => {
  it('is entered from the sign-in page, and lets its person in with a password of their own', async () => {
    const db = await temporaryDatabase();
    await openClient(db);
    const { ask, send } = await createClient(db);
    expect((await ask('/admin/sign-in')).text).toContain('href="/admin/code"');
    const made = await giveCode(db, { what: 'add', email: 'ben@acme.example', now: NOW });
    const code = 'code' in made ? made.code : '';
    const given = { email: 'ben@acme.example', code, password: 'battery staple' };

    const wrong = await send('/admin/code', { ...given, code: 'AAAA-BBBB-CCCC' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Email or code is wrong');
    expect(wrong.text).not.toContain('battery staple');
    expect(wrong.text).not.toContain('AAAA-BBBB-CCCC');
    const short = await send('/admin/code', { ...given, password: 'short' });
    expect(short.text).toContain('The password is too short');
    expect(short.text).toContain(`value="${code}"`);
    expect(await send('/admin/code', given)).toMatchObject({ status: 303, location: '/admin' });
    expect((await ask('/admin')).text).toContain('ben@acme.example');
    expect((await ask('/admin/code')).location).toBe('/admin');
  });

  it('cannot be guessed: after five tries one has to wait', async () => {
    const { send } = await createClient(await temporaryDatabase());
    const guess = { email: 'ben@acme.example', code: 'AAAA-BBBB-CCCC', password: 'battery staple' };
    for (let index = 0; index < 5; index++) expect((await send('/admin/code', guess)).status).toBe(422);
    expect((await send('/admin/code', guess)).status).toBe(429);
  });
});

describe('signing in', () => {
  it('says the same of a wrong password and of an unknown email', async () => {
    const db = await temporaryDatabase();
    await openClient(db);
    const { signIn } = await createClient(db);
    for (const given of [{ password: 'not the right one' }, { email: 'nobody@acme.example' }, { password: '' }]) {
      const answer = await signIn(given);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('Email or password is wrong. Try again.');
      expect(answer.cookie).toBe('');
    }
  });

  it('lets the right password in while many addresses guess it', async () => {
    const db = await temporaryDatabase();
    const { serve } = await openClient(db);
    const from = (address: string, email: string, password: string) =>
      serve(
        new Request('http://forms.example/admin/sign-in', {
          method: 'POST',
          body: new URLSearchParams({ email, password }),
          headers: { origin: 'http://forms.example' },
        }),
        address,
      );
    for (let index = 0; index < 5; index++) await from(`198.51.100.${index}`, ` OPS@acme.example`, 'too short');
    expect((await from('198.51.100.99', MEMBER.email, MEMBER.password)).status).toBe(303);
  });

  it('slows down guessing many emails from one address', async () => {
    const db = await temporaryDatabase();
    await openClient(db);
    const { signIn } = await createClient(db);
    for (let index = 0; index < 5; index++)
      await signIn({ email: `person${index}@acme.example`, password: 'too short' });
    expect((await signIn()).status).toBe(429);
  });

  it('lets each colleague in at an address that has waited after wrong passwords and codes', async () => {
    const db = await temporaryDatabase();
    const { serve, at } = await openClient(db);
    const code = async (name: string) => {
      const made = await giveCode(db, { what: 'add', email: `${name}@acme.example`, now: NOW });
      return { email: `${name}@acme.example`, code: 'code' in made ? made.code : '', password: 'battery staple' };
    };
    const codes = [await code('ana'), await code('ben')] as const;
    /** The status of the answer to a new browser. */
    const send = async (path: string, fields: Record<string, string>) => {
      const body = new URLSearchParams(fields);
      const headers = { origin: 'http://forms.example' };
      return (await serve(new Request(`http://forms.example${path}`, { method: 'POST', body, headers }), '203.0.113.9'))
        .status;
    };
    for (let n = 0; n < 5; n++) {
      expect(await send('/admin/sign-in', { ...MEMBER, password: 'not the right one' })).toBe(422);
      expect(await send('/admin/code', { ...codes[0], code: 'AAAA-BBBB-CCCC' })).toBe(422);
    }
    at(later(11));
    for (let n = 0; n < 3; n++) expect(await send('/admin/sign-in', MEMBER)).toBe(303);
    for (const given of codes) expect(await send('/admin/code', given)).toBe(303);
  });

  it('sets a cookie that scripts cannot read and that stays under /admin', async () => {
    const { cookie } = await (await createClient(await temporaryDatabase())).setUp();
    expect(cookie).toMatch(/^flipsite=[\w-]{43}; Max-Age=604800; Path=\/admin; HttpOnly; SameSite=Lax$/);
  });

  it('sets it for https only, where the site is served so', async () => {
    const { setUp, ask } = await createClient(await temporaryDatabase(), { origin: 'https://forms.example' });
    expect((await setUp()).cookie).toMatch(/^__Host-flipsite=[\w-]{43}; .*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect((await ask('/admin')).status).toBe(200);
  });

  it('begins a new session, and ends the one that was there', async () => {
    const { kept, signIn, ask } = await openClient(await temporaryDatabase());
    const before = kept.cookie;
    await signIn();
    const after = kept.cookie;
    expect(after).not.toBe(before);
    kept.cookie = before;
    expect((await ask('/admin')).location).toBe('/admin/sign-in');
    kept.cookie = after;
    expect((await ask('/admin')).status).toBe(200);
  });

  it('lasts seven days', async () => {
    const { ask, at } = await openClient(await temporaryDatabase());
    at(later(7 * DAY - 1));
    expect((await ask('/admin')).status).toBe(200);
    at(later(7 * DAY));
    expect((await ask('/admin')).location).toBe('/admin/sign-in');
  });

  it('ends in the store with signing out', async () => {
    const { ask, send, kept } = await openClient(await temporaryDatabase());
    const { cookie } = kept;
    const answer = await send('/admin/sign-out', {});
    expect([answer.status, answer.location]).toEqual([303, '/admin/sign-in']);
    expect(answer.cookie).toContain('Max-Age=0');
    kept.cookie = cookie;
    expect((await ask('/admin')).location).toBe('/admin/sign-in');
  });
});

describe('the answers', () => {
  it('are not stored by caches, cannot be framed, and run no foreign script', async () => {
    const { ask } = await openClient(await temporaryDatabase());
    const { headers } = await ask('/admin');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toMatch(/script-src 'sha256-[\w+/]+=';/);
    expect((await ask('/admin/sign-in')).headers.get('cache-control')).toBe('no-store');
  });

  it('is 404 for an unknown page, form, download and submission', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    const { id } = await make({ full_name: 'Ana' });
    const { ask } = await openClient(db);
    for (const path of [
      '/admin/x',
      '/admin/forms/x/people',
      '/admin/forms/x/submissions.csv',
      '/admin/forms/driver/people/x',
      `/admin/forms/x/people/${id}`,
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    expect((await ask(`/admin/forms/driver/people/${id}`)).status).toBe(200);
  });

  it.each([
    ['/admin//', '/admin'],
    ['/admin/', '/admin'],
    ['/admin/settings/smile/', '/admin/settings/smile'],
    ['/admin//forms//driver/?q=ana', '/admin/forms/driver?q=ana'],
    ['/admin//evil.example/..', '/admin'],
  ])('is found at %s too', async (path, clean) => {
    const { ask } = await openClient(await temporaryDatabase());
    expect(await ask(path)).toMatchObject({ status: 303, location: clean });
  });

  it('is 500 in plain words when the renderer fails, and logged', async () => {
    const db = await temporaryDatabase();
    const { ask, errors } = await openClient(db);
    await db.query.schema.dropTable('forms').execute();
    const answer = await ask('/admin?days=7');
    expect(answer.status).toBe(500);
    expect(answer.text).toMatch(/<h1>This page cannot be shown<\/h1>[^]*href="\/admin\?days=7">\s*Try again/);
    expect(answer.text).not.toContain('no such table');
    expect(errors).toHaveLength(1);
  });

  it('is 500 without another try when a change fails, because it may have happened', async () => {
    const db = await temporaryDatabase();
    const { send } = await openClient(db);
    await db.query.schema.dropTable('forms').execute();
    const answer = await send('/admin/forms/driver/state', { do: 'close' });
    expect(answer.status).toBe(500);
    expect(answer.text).toContain('Check whether your change is there before you try again.');
    expect(answer.text).not.toMatch(/>\s*Try again/);
  });

  it('is 503 with when to come again while the database can be neither read nor written, on every page', async () => {
    const db = await openDatabase(':memory:');
    const { ask, errors } = await openClient(db);
    await closeDatabase(db);
    for (const path of ['/admin', '/admin/sign-in', '/admin/forms/driver/people']) {
      const { status, headers, text } = await ask(path);
      expect([path, status, headers.get('retry-after')]).toEqual([path, 503, '5']);
      expect(text).toContain('<h1>This does not work right now</h1>');
    }
    expect(errors).toHaveLength(3);
  });
});

describe('the forms', () => {
  it('are shown with their numbers, their state and their address', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    await make({ full_name: 'Ana' });
    const done = await make({ full_name: 'Ben' }, { ending: 'done' });
    await link(db, done.id, { confirmed: true });
    await markFault(db, 'broken', 'forms/broken.yaml:1:1  The file is empty', NOW);
    const { ask } = await openClient(db);
    const { text } = await ask('/admin');
    expect(text).toMatch(/All time: 2 started, 1 connected now, \d completed/);
    expect(text).toContain('http://forms.example/driver');
    expect(text).toContain('Not live yet');
    expect((await ask('/admin/forms/broken/people')).text).toContain('forms/broken.yaml:1:1  The file is empty');
    const viewer = await createClient(db);
    viewer.kept.cookie = `flipsite=${await startSession(db, await addMember(db, 'view@acme.example', [{ role: 'viewer', form: 'broken', mayReveal: false }]), NOW)}`;
    const seen = (await viewer.ask('/admin/forms/broken')).text;
    expect(seen).toContain('1 thing to fix');
    expect(seen).not.toContain('forms/broken.yaml:1:1');
    // The file may be as it was published: a new version of Flipsite can find an error in it.
    await markFault(db, 'driver', "forms/driver.yaml:1:1  {full_name} can't be filled in here", NOW);
    expect((await ask('/admin')).text).toContain('Live, its file has errors');
    await markFormRemoved(db, ['broken'], NOW);
    expect((await ask('/admin/forms/driver/people')).text).toContain(
      'This form is archived and closed. People who started can finish.',
    );
  });

  it('say that there are none', async () => {
    const empty = await temporaryDatabase();
    const { ask } = await openClient(empty);
    const { text } = await ask('/admin');
    expect(text).toContain('Welcome');
    expect(text).toContain('href="/admin/forms/new"');
    const viewer = await createClient(empty);
    viewer.kept.cookie = `flipsite=${await startSession(empty, await addMember(empty, 'view@acme.example', [{ role: 'viewer', form: null, mayReveal: false }]), NOW)}`;
    const seen = (await viewer.ask('/admin')).text;
    expect(seen).toContain('No forms yet');
    expect(seen).not.toContain('Welcome');
    await publish(empty);
    expect((await ask('/admin')).text).not.toContain('Welcome');
  });
});

describe('the submissions of a form', () => {
  it('show person, reference, status and account, claimed ones as not confirmed', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    const ana = await make({ full_name: 'Ana Ruiz', email: 'ana@mail.example' }, { ending: 'done' });
    await link(db, ana.id, { confirmed: false });
    await make({ email: 'only@mail.example' });
    const { ask } = await openClient(db);
    const { text } = await ask('/admin/forms/driver/people');
    for (const word of [
      'Ana Ruiz',
      'ana@mail.example',
      'Not confirmed yet',
      'only@mail.example',
      'Not finished',
      '2 submissions',
    ]) {
      expect(text).toContain(word);
    }
    const { reference } = (await findSubmission(db, ana.id)) ?? {};
    expect(text).toContain(formatReference(reference ?? 'missing'));
  });

  it('explain answers whose questions are gone', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    const { id } = await make({ full_name: 'Ana' }, { ending: 'done' });
    const { ask } = await openClient(db);
    const explained = 'Other answers Flipsite no longer has the questions of these answers, so it shows their ids. full_name Ana'; // prettier-ignore
    expect(wordsOf((await ask(`/admin/forms/driver/people/${id}`)).text)).not.toContain('Other answers');
    await db.query.updateTable('submissions').set({ version: 'gone' }).where('id', '=', id).execute();
    expect(wordsOf((await ask(`/admin/forms/driver/people/${id}`)).text)).toContain(explained);
  });

  it('are narrowed by words and status, and say when nothing matches', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    await make({ full_name: 'Ana' }, { ending: 'done' });
    await make({ full_name: 'Ben' });
    const { ask } = await openClient(db);
    const found = (await ask('/admin/forms/driver/people?q=ben')).text;
    expect(found).toContain('>Ben<');
    expect(found).not.toContain('>Ana<');
    expect((await ask('/admin/forms/driver/people?status=submitted')).text).not.toContain('>Ben<');
    const none = (await ask('/admin/forms/driver/people?q=zzz')).text;
    expect(none).toContain('Nothing matches these filters');
    expect(none).toContain('2 submissions are here without filters.');
  });

  it('go on with older ones, each once, and keep the filters', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    for (let index = 0; index < 60; index++) await make({ full_name: `Person ${index}.` }, { now: later(index) });
    const { ask } = await openClient(db);
    const seen: string[] = [];
    let path: string | undefined = '/admin/forms/driver/people?q=Person&status=draft';
    while (path) {
      const { text } = await ask(path);
      seen.push(...[...text.matchAll(/>(Person \d+)\.</g)].map(([, name]) => name ?? ''));
      path = /href="([^"]+)"[^>]*>\s*Show older/.exec(text)?.[1]?.replaceAll('&amp;', '&');
      if (path) expect(path).toContain('q=Person&status=draft');
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
    expect(seen[0]).toBe('Person 59');
  });

  it('say that there are none yet', async () => {
    const db = await temporaryDatabase();
    await publish(db);
    const { ask } = await openClient(db);
    expect((await ask('/admin/forms/driver/people')).text).toContain(
      'People appear here as soon as they answer the first question.',
    );
  });

  it('do not say to members who see numbers only that people will appear', async () => {
    const db = await temporaryDatabase();
    await publish(db);
    const viewer = await createClient(db);
    viewer.kept.cookie = `flipsite=${await startSession(db, await addMember(db, 'view@acme.example', [{ role: 'viewer', form: 'driver', mayReveal: false }]), NOW)}`;
    const { text } = await viewer.ask('/admin/forms/driver');
    expect(text).toContain('Flipsite counts people as soon as they answer the first question.');
    expect(text).not.toContain('appear here');
  });
});

describe('one submission', () => {
  it('shows every answer, also to fields that the form no longer has', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    const { id } = await make(
      { full_name: 'Ana', city: 'cebu', mobile: '+639171234567', gone: 'still here' },
      { params: { customer_id: '42' } },
    );
    const { ask } = await openClient(db);
    const { text } = await ask(`/admin/forms/driver/people/${id}`);
    for (const word of ['Cebu City', '+63 917 123 4567', 'gone', 'still here', '42']) expect(text).toContain(word);
  });

  it('shows hostile answers as the text they are', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    const hostile = '<script>alert(1)</script>"\' onmouseover=x {full_name}';
    const { id } = await make({ full_name: hostile, gone: hostile }, { params: { customer_id: hostile } });
    const { ask } = await openClient(db);
    for (const path of [
      `/admin/forms/driver/people/${id}`,
      '/admin/forms/driver/people',
      `/admin/forms/driver/people?q=${encodeURIComponent(hostile)}`,
    ]) {
      const { text } = await ask(path);
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      // In quotes, as the value of the search field, `<` is text.
      expect(text.replaceAll(/="[^"]*"/g, '')).not.toContain('<script>alert');
    }
  });
});
