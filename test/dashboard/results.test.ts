/** Results show the numbers that a person derives by hand, and the lists, the file, the API and a rebuild agree. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSession } from '../../src/members/sessions.ts';
import { listAccounts } from '../../src/record/accounts/accounts.ts';
import { insertRows } from '../../src/record/db/bulk.ts';
import { rebuildResults } from '../../src/record/results/count-changes.ts';
import { numbersSince } from '../../src/record/results/read-counts.ts';
import type { FunnelStep, Results } from '../../src/record/results/results.ts';
import { rebuildAccounts } from '../../src/respond/smile/rebuild.ts';
import {
  ABOUT,
  begin,
  eventually,
  expectRefusal,
  controlSmile,
  openSmallSite,
  quick,
  send,
  type Draft,
} from '../helpers/api/client.ts';
import { PHONE } from '../helpers/api/opened.ts';
import { API_KEY, ask, removeFolder, type TestSite } from '../helpers/site.ts';
import { temporaryDatabase } from '../helpers/database.ts';
import { addMember } from '../helpers/dashboard-client.ts';
import { publish } from './forms.ts';
import { countTurns } from '../helpers/turns.ts';
import { sessionCookie, signedIn, wordsOf, type Visitor } from '../helpers/visitor.ts';

type ApiResults = Pick<Results, 'links' | 'days' | 'languages' | 'devices' | 'deleted' | 'leftOut'> & {
  steps: (Omit<FunnelStep, 'breakdown'> & { parts?: FunnelStep['breakdown'] })[];
  open: number;
};

let site: TestSite;
let member: Visitor;
let now: Date;
const DAY_1 = Date.parse('2026-11-24T10:00:00Z');
const DAY_2 = Date.parse('2026-11-25T10:00:00Z');
const at = (base: number, seconds: number) => (now = new Date(base + seconds * 1_000));

const seen = (draft: Draft, screen: string) => draft.tell('screenSeen', { screen }, { at: now.toISOString() });

/** Starts, and leaves the first screen after some seconds. */
async function about(
  base: number,
  seconds: number,
  given: unknown = {},
  status = 'employed',
  agent = '',
): Promise<Draft> {
  at(base, seconds);
  const draft = await begin(site, 'driver', given, agent ? { 'user-agent': agent } : {});
  await draft.tell('screenSeen', { screen: 'about' }, { at: new Date(base).toISOString() });
  expect((await draft.put('about', { ...ABOUT, status })).status).toBe(200);
  if (status !== 'none') await seen(draft, 'money');
  return draft;
}

async function money(draft: Draft, base: number, seconds: number): Promise<string> {
  at(base, seconds);
  expect((await draft.put('money', { wage: 5 })).body).toMatchObject({ next: { screen: 'connect' } });
  await seen(draft, 'connect');
  return ((await draft.post('link-token', { screen: 'connect' })).body as { userId: string }).userId;
}

async function connected(draft: Draft, userId: string): Promise<void> {
  await controlSmile(site, 'POST', '/accounts', { userId, providerId: 'grab', userName: 'George', password: '123456' });
  await eventually(async () => (await listAccounts(site.db, draft.id))[0]?.status === 'CONNECTED');
}

const submit = async (draft: Draft) => expect((await draft.post('submit')).status).toBe(200);

beforeAll(async () => {
  now = new Date(DAY_1);
  site = await openSmallSite({ now: () => now });
  await quick(site);
  member = await signedIn(site);
  // Three people finish. They take 40, 50 and 90 s for the first screen. The last one came from an address with a source.
  for (const [base, first, params] of [
    [DAY_1, 40, {}],
    [DAY_1, 50, {}],
    [DAY_2, 90, { utm_source: 'tiktok' }],
  ] as const) {
    const draft = await about(base, first, { params });
    await connected(draft, await money(draft, base, first + 30));
    at(base, first + 90);
    await submit(draft);
  }
  // One is not eligible, in Spanish.
  await submit(await about(DAY_1, 10, { language: 'es' }, 'none'));
  // One leaves at the second screen, on a phone.
  await about(DAY_1, 20, {}, 'employed', PHONE);
  // One can't sign in, and the window of another one does not open. Both leave.
  const failing = await about(DAY_2, 40);
  await money(failing, DAY_2, 60);
  await failing.tell('onUIEvent', { eventName: 'LoginPageOpened', account: { providerId: 'foodpanda' }, screen: 'connect' }); // prettier-ignore
  await failing.tell('onAccountError', { accountId: 'a', userId: 'u', providerId: 'foodpanda', errorCode: 'INVALID_CREDENTIALS', screen: 'connect' }); // prettier-ignore
  const blocked = await about(DAY_2, 40);
  await money(blocked, DAY_2, 60);
  await blocked.tell('widgetBlocked', { screen: 'connect', why: 'popup' });
  // One is deleted, one may be a robot, one gave no answer.
  const gone = await about(DAY_1, 30);
  await about(DAY_1, 30, { trap: 'x' });
  await begin(site);
  expect((await send(site, 'DELETE', `/api/submissions/${gone.id}`, undefined, { authorization: `Bearer ${API_KEY}` })).status).toBe(204); // prettier-ignore
  // One is at it now.
  at(DAY_2, 3_600);
  await about(DAY_2 + 3_600_000, 15);
});
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

const results = (query = '') => ask<ApiResults>(site, `forms/driver/results${query}`);
const rows = (list: ApiResults['days']) => list.map(({ id, started, connected: linked, completed }) => [id, started, linked, completed]); // prettier-ignore

it('counts each step, with the median time and the people who left at it', async () => {
  const { steps, ...rest } = await results();
  expect(steps.map(({ id, count, medianSeconds, left }) => [id, count, medianSeconds, left])).toEqual([
    ['opened', 0, null, undefined],
    ['started', 9, null, undefined],
    // 10 of the ineligible one is a screen that was left too: 10, 15, 20, 40, 40, 40, 50, 90.
    ['screen:about', 9, 40, 0],
    // Of the two who left there, one was deleted since. One may still finish.
    ['screen:money', 8, 30, 2],
    ['screen:connect', 5, 60, 2],
    ['window:connect', 4, null, undefined],
    ['blocked:connect', 1, null, undefined],
    ['provider:connect', 4, null, undefined],
    ['signed_in:connect', 3, null, undefined],
    ['failed:connect', 1, null, undefined],
    ['connected:connect', 3, null, undefined],
    ['screen:upload', 0, null, 0],
    ['not_eligible', 1, null, undefined],
    // 130, 140 and 180 s, rounded to 120, 150 and 200.
    ['completed', 3, 150, 0],
  ]);
  const parts = (id: string) => steps.find((step) => step.id === id)?.parts;
  expect(parts('provider:connect')).toEqual([
    { id: 'provider:connect:grab', name: 'grab', count: 3 },
    { id: 'provider:connect:foodpanda', name: 'foodpanda', count: 1 },
  ]);
  expect(parts('failed:connect')).toEqual([{ id: 'failed:connect:INVALID_CREDENTIALS', name: 'INVALID_CREDENTIALS', count: 1 }]); // prettier-ignore
  expect(parts('blocked:connect')).toEqual([{ id: 'blocked:connect:popup', name: 'popup', count: 1 }]);
  expect(rows(rest.days)).toEqual([['2026-11-24', 5, 2, 2], ['2026-11-25', 4, 1, 1]]); // prettier-ignore
  expect(rows(rest.links)).toEqual([['', 8, 2, 2], ['utm_*', 1, 1, 1]]); // prettier-ignore
  expect(rows(rest.devices)).toEqual([['unknown', 8, 3, 3], ['phone', 1, 0, 0]]); // prettier-ignore
  expect(rows(rest.languages)).toEqual([['en', 8, 3, 3], ['es', 1, 0, 0]]); // prettier-ignore
  expect(rest).toMatchObject({ open: 1, deleted: 1, leftOut: { robots: 0, previews: 0, tests: 0, members: 0, spam: 1 } }); // prettier-ignore
});

it('gives every number for the same filter', async () => {
  const count = ({ steps }: ApiResults, id: string) => steps.find((step) => step.id === id)?.count;
  const spanish = await results('?language=es');
  expect([count(spanish, 'started'), count(spanish, 'not_eligible'), count(spanish, 'completed')]).toEqual([1, 1, 0]);
  const second = await results('?from=2026-11-25&to=2026-11-25');
  expect([count(second, 'started'), count(second, 'failed:connect'), second.days.length, second.leftOut.spam]).toEqual([4, 1, 1, 0]); // prettier-ignore
  expect(count(await results('?link=-'), 'started')).toBe(8);
  expect(count(await results('?link=utm_*'), 'completed')).toBe(1);
});

it('shows a list of people, and no error, for a language that does not exist', async () => {
  const { status, text } = await member('/admin/forms/driver/people?language=%3Cimg');
  expect([status, wordsOf(text)]).toEqual([200, expect.stringContaining('Language: &lt;img')]);
});

it('names the filters of a list, also a source and a device', async () => {
  const { text } = await member('/admin/forms/driver/people?link=utm_*&device=unknown');
  expect(wordsOf(text)).toContain('Link: Other sources Device: Unknown');
});

it('refuses a parameter that it does not have, or that comes twice', async () => {
  const get = (query: string, key = API_KEY) => send(site, 'GET', `/api/forms/driver/results${query}`, undefined, { authorization: `Bearer ${key}` }); // prettier-ignore
  const unknown = await get('?since=2026-11-24');
  expectRefusal(unknown, 400, 'invalid_request');
  expect(unknown.body.error.message).toBe('There is no parameter since. Use from, to, link, language.');
  expectRefusal(await get('?from=yesterday'), 400, 'invalid_request');
  const twice = await get('?from=2026-11-24&from=2026-11-25');
  expectRefusal(twice, 400, 'invalid_request');
  expect(twice.body.error.message).toBe('from is in the query more than once. Send it once.');
  expectRefusal(await get('', 'another-key-of-20-letters'), 401, 'unauthorized');
  expectRefusal(await send(site, 'GET', '/api/forms/none/results', undefined, { authorization: `Bearer ${API_KEY}` }), 404, 'unknown_form'); // prettier-ignore
  expectRefusal(await send(site, 'GET', '/api/forms/driver/submissions?reach=x', undefined, { authorization: `Bearer ${API_KEY}` }), 400, 'invalid_request'); // prettier-ignore
});

it.each([
  ['submissions?reached=nope', 'There is no step nope. Use one of opened, started, screen:about, screen:money, screen:connect, window:connect, '], // prettier-ignore
  ['submissions?left=nope', 'This form has no screen nope. Use one of about, money, connect, upload, -.'],
  ['submissions?link=nope', 'This form has no link nope. Use one of -, utm_*.'],
  ['submissions?device=watch', 'device must be one of phone, tablet, desktop, unknown, or - if it was not stored.'],
  ['submissions?language=xx', 'This form has no language xx. Use one of en, es.'],
  ['submissions?from=2026-11-25&to=2026-11-24', 'from is later than to. Swap them.'],
  ['results?link=nope', 'This form has no link nope. Use one of -, utm_*.'],
  ['results?language=xx', 'This form has no language xx. Use one of en, es.'],
  ['results?from=2026-11-25&to=2026-11-24', 'from is later than to. Swap them.'],
])('refuses the value of %s, which the form never had', async (query, message) => {
  const refused = await send(site, 'GET', `/api/forms/driver/${query}`, undefined, { authorization: `Bearer ${API_KEY}` }); // prettier-ignore
  expectRefusal(refused, 400, 'invalid_request');
  expect(refused.body.error.message).toContain(message);
  expect(refused.body.error.message.length).toBeLessThan(1_000);
});

it('accepts each step of the results, and a value that only an earlier version has', async () => {
  const get = (query: string) => send(site, 'GET', `/api/forms/driver/${query}`, undefined, { authorization: `Bearer ${API_KEY}` }); // prettier-ignore
  const { steps } = await results();
  const ids = steps.flatMap(({ id, parts = [] }) => [id, ...parts.map((part) => part.id)]);
  for (const id of ids) expect((await get(`submissions?reached=${id}`)).status, id).toBe(200);
  const form = site.catalog.current('driver')!.form;
  expectRefusal(await get('results?language=fil'), 400, 'invalid_request');
  const earlier = { ...form, languages: [...form.languages, 'fil'], links: [{ id: 'summer' }], screens: [{ ...form.screens[0], id: 'intro' }] }; // prettier-ignore
  await site.db.query.insertInto('versions').values({ form: 'driver', version: 'earlier', definition: JSON.stringify(earlier), created_at: '2026-01-01T00:00:00.000Z' }).execute(); // prettier-ignore
  const queries = ['results?language=fil', 'results?link=summer', 'submissions?reached=screen:intro', 'submissions?left=intro', 'submissions?left=-&link=-']; // prettier-ignore
  for (const query of queries) expect((await get(query)).status, query).toBe(200);
});

it('says in the people behind a number whether all of them are counted', async () => {
  const listed = (query: string) => ask<{ complete?: boolean }>(site, `forms/driver/submissions${query}`);
  expect((await listed('?reached=started')).complete).toBe(true);
  const onPage = async () => /still counting/.test((await member('/admin/forms/driver/people?reached=started')).text);
  const cookie = await sessionCookie(site.db, now);
  const nameOf = async (file: string) => (await fetch(`${site.origin}/admin/forms/driver/${file}`, { headers: { cookie } })).headers.get('content-disposition') ?? ''; // prettier-ignore
  const filesMarked = async () => [await nameOf('submissions.csv?reached=started'), await nameOf('results.csv')].map((name) => name.includes('incomplete-20')); // prettier-ignore
  expect([await onPage(), ...(await filesMarked())]).toEqual([false, false, false]);
  // Without this table, no one can be counted.
  await sql`alter table result_changes rename to away`.execute(site.db.query);
  const behind = await listed('?reached=started');
  expect([await onPage(), ...(await filesMarked())]).toEqual([true, true, true]);
  await sql`alter table away rename to result_changes`.execute(site.db.query);
  expect(behind.complete).toBe(false);
  expect(await listed('')).not.toHaveProperty('complete');
});

const PAGE = '/admin/forms/driver/results?from=2026-11-24&to=2026-11-25';
/** The lists that the numbers of the page open, with the number of each. */
async function figures(ask: Visitor, page = PAGE): Promise<{ count: number; href: string }[]> {
  const { text, status } = await ask(page);
  expect(status).toBe(200);
  return [...text.matchAll(/href="(\/admin\/forms\/driver\/people\?[^"]*)"[^>]*>([^<]*)<\/a>/g)].map(([, href = '', words = '']) => ({ href: href.replaceAll('&#38;', '&').replaceAll('&amp;', '&'), count: Number(/[\d,]+/.exec(words)?.[0]) })); // prettier-ignore
}

const listed = async (href: string) => [...(await member(href)).text.matchAll(/<a class="name"[^>]*href="([^"]*)"/g)].map(([, one = '']) => one.split('/').at(-1)); // prettier-ignore

describe('the page', () => {
  it('shows the same numbers, and each opens the list of its people, in the page, the CSV file and the API', async () => {
    const found = await figures(member);
    expect(found.length).toBeGreaterThan(15);
    const short: string[] = [];
    for (const { href, count } of found) {
      const ids = await listed(href);
      if (ids.length !== count) short.push(`${count - ids.length} of ${href.split('?')[1]}`);
      const query = new URL(href, site.origin).search;
      const csv = (await member(`/admin/forms/driver/submissions.csv${query}`)).text.trimEnd().split('\r\n').slice(1);
      expect(csv.map((row) => row.split(',').at(-1))).toEqual(ids);
      if (/active|status/.test(query)) continue;
      const { items } = await ask<{ items: { id: string }[] }>(site, `forms/driver/submissions${query}`);
      expect(items.map(({ id }) => id)).toEqual(ids);
    }
    // The one person who was deleted: started on the first day, in English, and left at the second screen.
    expect(found.map(({ href }) => href.split('?')[1])).toContain('from=2026-11-24&to=2026-11-24&reached=connected');
    expect(new Set(short.map((one) => one.replace(/from=[^&]*&to=[^&]*&/, '')))).toEqual(
      new Set([
        '1 of reached=started',
        '1 of reached=screen%3Aabout',
        '1 of reached=screen%3Amoney',
        '1 of left=money',
        '1 of link=-&reached=started',
        '1 of language=en&reached=started',
        '1 of device=unknown&reached=started',
      ]),
    );
    expect(await listed('/admin/forms/driver/people?reached=failed%3Aconnect%3AINVALID_CREDENTIALS')).toHaveLength(1);
    expect(await listed('/admin/forms/driver/people?left=connect')).toHaveLength(2);
    expect(await listed('/admin/forms/driver/people?left=connect&q=nobody')).toHaveLength(0);
    expect(await listed('/admin/forms/driver/people?left=connect&q=ana&status=draft')).toHaveLength(2);
    expect(await listed('/admin/forms/driver/people?active=1')).toHaveLength(1);
  });

  it('has the definition of each number, the visits that are left out, and the reasons in plain words', async () => {
    const words = wordsOf((await member(PAGE)).text);
    expect(words).toContain('The provider did not accept the user name or password 1');
    expect(words).toContain('The browser blocked its window 1');
    expect(words).toContain('Smile confirmed the account. A report of the browser alone is not enough.');
    expect(words).toMatch(/Not counted: +1 in quarantine/);
    expect(words).toContain('The data of 1 of these people was deleted since.');
    expect(words).toContain(
      '1 person may still finish They did something in the last 30 minutes. Later they count under “Left here”.',
    );
    const { text } = await member(PAGE);
    expect(text).toContain('aria-label="Not eligible: 1 person"');
    expect(text).toContain('aria-label="Spanish: 1 person started"');
    expect(text).toMatch(/aria-label="[^"]*: 2 people left here"/);
    // Nine people are too few for shares.
    expect(words).not.toContain('%');
  });

  it('is the same file as CSV', async () => {
    const { text } = await member(PAGE.replace('results?', 'results.csv?'));
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('section,id,name,people,share_of_started,median_seconds,left_here,clicks,opened,started,connected,not_eligible,completed'); // prettier-ignore
    expect(lines).toContain('step,screen:money,Money,8,,30,2,,,,,,');
    expect(lines).toContain('part,failed:connect,The provider did not accept the user name or password,1,,,,,,,,,');
    expect(lines).toContain('day,2026-11-25,25 Nov,,,,,0,0,4,1,0,1');
  });

  it('is rendered again only if a number has changed', async () => {
    const cookie = `flipsite=${await startSession(site.db, await addMember(site.db, 'second@acme.example'), now)}`;
    const get = (tag = '') => fetch(site.origin + PAGE, { headers: { cookie, 'if-none-match': tag } });
    const tag = (await get()).headers.get('etag') ?? '';
    expect((await get(tag)).status).toBe(304);
    // The same people, some minutes later: the last one has left.
    at(DAY_2, 2 * 3_600);
    const after = await get(tag);
    expect(after.status).toBe(200);
    expect(wordsOf(await after.text())).not.toContain('may still finish');
    at(DAY_2, 3_600);
  });

  it('shows a viewer the numbers and no people, and is closed to members without a role for the form', async () => {
    const grant = { role: 'viewer' as const, form: 'driver', mayReveal: false };
    const cookie = `flipsite=${await startSession(site.db, await addMember(site.db, 'viewer@acme.example', [grant]), now)}`;
    const viewer: Visitor = async (path) => {
      const response = await fetch(site.origin + path, { headers: { cookie }, redirect: 'manual' });
      return { status: response.status, location: null, text: await response.text() };
    };
    expect(await figures(viewer)).toEqual([]);
    const page = await viewer(PAGE);
    expect(wordsOf(page.text)).toContain('Started');
    expect(page.text).not.toMatch(/aria-current[^>]*>People|\/admin\/forms\/driver\/[0-9a-f-]{36}/);
    expect((await viewer('/admin/forms/plain/results')).status).toBe(403);
    expect((await viewer('/admin/forms/driver/results.csv')).status).toBe(200);
    expect((await fetch(`${site.origin}${PAGE}`, { redirect: 'manual' })).status).toBe(303);
  });

  it('says how to begin where nothing has happened yet', async () => {
    const words = wordsOf((await member('/admin/forms/plain/results')).text);
    expect(words).toContain('No results yet Share the form’s link.');
    expect(wordsOf((await member(`${PAGE}&link=none`)).text)).toContain('No one fits these filters');
  });

  it('keeps a chosen link and language in their fields, also in days without anyone', async () => {
    const { text } = await member(`${PAGE.split('?')[0]}?from=2020-01-01&to=2020-01-02&link=-&language=es`);
    const chosen = [...text.matchAll(/<option value="([^"]*)" selected[^>]*>([^<]*)/g)].map(([, value, name]) => [value, name?.trim()]); // prettier-ignore
    expect(chosen).toEqual([
      ['-', 'Without a campaign link'],
      ['es', 'Spanish'],
    ]);
  });
});

it('all time begins with the first click, also while the form is not open yet', async () => {
  const click = { form: 'plain', class: 'person', device: 'phone', host: '', shard: 0, clicks: 1 };
  const clicks = [
    ['a', '2026-11-21T09'],
    ['b', '2026-11-20T23'],
    ['b', '2026-11-22T01'],
    ['c', '2026-11-23T01'],
  ].map(([link = '', hour = '']) => ({ ...click, link, hour }));
  await site.db.query.insertInto('link_clicks').values(clicks).execute();
  const { text } = await member('/admin/forms/plain/results');
  await site.db.query.deleteFrom('link_clicks').where('form', '=', 'plain').execute();
  expect(wordsOf(text)).toContain('Clicked a campaign link');
  expect(text).toMatch(/from=2026-11-20[^"]*"[^>]*>\s*All time/);
});

it('the bars show the last days where there are too many', async () => {
  const cohort = { form: 'plain', link: '', language: 'en', device: 'phone', of_deleted: 0, times: '{}', counts: '{"started":1}' }; // prettier-ignore
  const days = ['2025-01-10', '2026-11-20'].map((day) => ({ ...cohort, day }));
  await site.db.query.insertInto('result_cohorts').values(days).execute();
  const { text } = await member('/admin/forms/plain/results?from=2025-01-01&to=2026-11-25');
  await site.db.query.deleteFrom('result_cohorts').where('form', '=', 'plain').execute();
  const bars = [...text.matchAll(/<title>([^<:]+): 1 started/g)].map(([, day]) => day);
  expect(bars).toEqual(['20 Nov']);
  expect(wordsOf(text)).toContain('400 days');
  // Two years have the same days.
  expect(wordsOf(text)).toMatch(/10 Jan 2025 .* 20 Nov /);
  const list = await member('/admin/forms/driver/people?from=2025-01-01&to=2026-11-25');
  expect(wordsOf(list.text)).toContain('Started: 1 Jan 2025 to 25 Nov');
});

it('the list of people says on which days they started', async () => {
  const days = async (query: string) =>
    / Started: (.*?) Show all people/.exec(wordsOf((await member(`/admin/forms/driver/people?${query}`)).text))?.[1];
  expect(await days('from=2026-11-24')).toBe('since 24 Nov');
  expect(await days('to=2026-11-24')).toBe('until 24 Nov');
  expect(await days('from=2026-11-24&to=2026-11-24')).toBe('24 Nov');
});

it('the list of forms has the last seven days of each', async () => {
  expect(wordsOf((await member('/admin')).text)).toContain(
    'Last 7 days Started 9 Connected 3 Completed 3 1 of them deleted since',
  );
});

it('the best link of a form is one with more connected people than each other link', async () => {
  const db = await temporaryDatabase();
  await publish(db);
  const best = async (...connected: number[]) => {
    const cohort = { form: 'driver', day: '2026-11-24', language: 'en', device: 'phone', of_deleted: 0, times: '{}' };
    const of = (link: string, count: number) => ({ ...cohort, link, counts: JSON.stringify({ connected: count }) });
    const rows = [of('', 9), of('utm_*', 9), ...connected.map((count, n) => of(`l-${n}`, count))];
    await db.query.deleteFrom('result_cohorts').execute();
    await db.query.insertInto('result_cohorts').values(rows).execute();
    return (await numbersSince(db, '2026-11-24')).get('driver')?.best?.link;
  };
  expect([await best(1, 2), await best(2, 2, 1), await best(0)]).toEqual(['l-1', undefined, undefined]);
});

it('the last seven days of a form with thousands of links are read while others are answered', async () => {
  const db = await temporaryDatabase();
  await publish(db);
  const cohort = { form: 'driver', day: '2026-11-24', language: 'en', device: 'phone', of_deleted: 0, times: '{}' };
  const rows = Array.from({ length: 4_500 }, (_, n) => ({ ...cohort, link: `l-${n}`, counts: '{"started":2}' }));
  await insertRows(db, 'result_cohorts', rows);
  const { result, turns } = await countTurns(() => numbersSince(db, '2026-11-24'));
  expect(result.get('driver')?.started).toBe(9_000);
  expect(turns).toBeGreaterThanOrEqual(4);
});

it('a rebuild from the events gives the same numbers', async () => {
  const before = await results();
  await rebuildAccounts(site.db);
  await rebuildResults(site.db);
  expect(await results()).toEqual(before);
});
