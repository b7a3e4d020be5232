/** Floods are slowed down by address, and by submission. A header that anyone can write gives no way around it. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { submissionBytes } from '../../../src/api/bounds/limit-requests.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { itLong } from '../../helpers/run/it-long.ts';
import type { TestSite } from '../../helpers/site.ts';
import {
  begin,
  eventually,
  expectRefusal,
  flood,
  controlSmile,
  openSmallSite,
  PLAIN,
  requestOf,
  send,
  type Draft,
  type ApiResponse,
} from '../../helpers/api/client.ts';
import { post } from '../../helpers/api/limited.ts';

let site: TestSite;
afterEach(() => site.close());

const open = (env: Record<string, string> = {}) => openSmallSite({ forms: { plain: PLAIN }, env: { RATE_LIMIT: 'on', ...env } }); // prettier-ignore
const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
const start = (headers: (index: number) => Record<string, string>) => (index: number) =>
  send(site, 'POST', '/api/forms/plain/submissions', {}, headers(index));
const refused = (said: ApiResponse[]): ApiResponse[] => said.filter(({ status }) => status === 429);

describe('beginning', () => {
  it('is allowed for 120 at once from one address, and then refused with a time to wait', async () => {
    site = await open();
    const said = await times(200, start(() => ({}))); // prettier-ignore
    expect(said.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(120);
    expect(refused(said).length).toBeGreaterThan(40);
    for (const one of refused(said)) {
      expectRefusal(one, 429, 'rate_limited');
      expect(Number(one.headers.get('retry-after'))).toBeGreaterThan(0);
      // A script of another origin can read it.
      expect(one.headers.get('access-control-expose-headers')).toBe('retry-after');
    }
  });

  it('shows a browser without scripts a page with the time to come back', async () => {
    site = await open();
    const said = await times(200, (index) => post(site, '/plain', { full_name: `Ana ${index}` }));
    const [one] = refused(said);
    expect(one?.text).toContain('Too many people are starting this form right now.');
    // Nothing of it was stored.
    expect(one?.text).toContain('If you were sending answers, your browser sends them again.');
    expect(Number(one?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('counts the address of the connection where the site has no proxy, with any header', async () => {
    site = await open();
    const said = await times(200, start((index) => ({ 'x-forwarded-for': `203.0.113.${index}` }))); // prettier-ignore
    expect(refused(said).length).toBeGreaterThan(40);
  });

  it('counts the address that the proxy has added, not those that were written before it', async () => {
    site = await open({ PUBLIC_ORIGIN: 'http://localhost:9999' });
    const forged = await times(200, start((index) => ({ 'x-forwarded-for': `10.9.8.${index}, 203.0.113.7` }))); // prettier-ignore
    expect(refused(forged).length).toBeGreaterThan(40);
    const others = await times(200, start((index) => ({ 'x-forwarded-for': `10.9.8.7, 203.0.113.${index % 250}` }))); // prettier-ignore
    expect(refused(others).length).toBeLessThan(5);
  });

  it('counts the address before two proxies, where the site has two', async () => {
    site = await open({ TRUSTED_PROXIES: '2' });
    const said = await times(200, start((index) => ({ 'x-forwarded-for': `203.0.113.${index}, 10.0.0.1` }))); // prettier-ignore
    expect(refused(said)).toEqual([]);
  });

  it('counts all of a household’s IPv6 addresses as one', async () => {
    site = await open({ TRUSTED_PROXIES: '1' });
    const said = await times(200, start((index) => ({ 'x-forwarded-for': `2001:db8:1:2::${index.toString(16)}` }))); // prettier-ignore
    expect(refused(said).length).toBeGreaterThan(40);
  });

  it('is not limited when that is switched off', async () => {
    site = await open({ RATE_LIMIT: 'off' });
    expect(refused(await times(300, start(() => ({}))))).toEqual([]); // prettier-ignore
  });
});

it.each(['open', 'begin'])('bounds requests to %s an invitation with a wrong token, by address', async (step) => {
  site = await open();
  const said = await times(80, () => send(site, 'POST', `/api/invitations/none/${step}`, {}, { authorization: 'Bearer wrong' })); // prettier-ignore
  expect(said.filter(({ status }) => status === 404)).toHaveLength(SITE_LIMITS.wrongTokensPerAddressAndMinute.value);
  expect(refused(said)).toHaveLength(20);
  for (const one of refused(said)) expectRefusal(one, 429, 'rate_limited');
});

describe('one submission', () => {
  it('may save more often than anyone does, and no more than that', async () => {
    site = await open();
    const [ana, ben] = [await begin(site, 'plain'), await begin(site, 'plain')];
    const said = await times(330, (index) => ana.put('only', { full_name: `Ana ${index}` }));
    expect(said.filter(({ status }) => status === 200)).toHaveLength(300);
    for (const one of refused(said)) expectRefusal(one, 429, 'rate_limited');
    expect((await ben.put('only', { full_name: 'Ben' })).status).toBe(200);
    expect((await ana.tell('screenSeen', { screen: 'only' })).status).toBe(200);
    expect((await ana.post('submit')).status).toBe(200);
  });

  it('keeps its limit for the holder of its token', async () => {
    site = await open();
    const ana = await begin(site, 'plain');
    const path = `/api/submissions/${ana.id}/answers`;
    const body = { screen: 'only', answers: { full_name: 'Eve' } };
    const said = await times(350, () => send(site, 'PUT', path, body, { authorization: 'Bearer wrong' }));
    expect(said.filter(({ status }) => status === 404)).toHaveLength(SITE_LIMITS.wrongTokensPerAddressAndMinute.value);
    for (const one of refused(said)) expectRefusal(one, 429, 'rate_limited');
    expect((await ana.put('only', { full_name: 'Ana' })).status).toBe(200);
  });
});

itLong('bounds requests that ask the database before anything else bounds them, by address', async () => {
  site = await open();
  const requests = [
    ['GET', '/api/forms/plain/challenge'],
    ['GET', '/plain/ending'],
    ['GET', '/plain?version=none'],
    ['GET', '/admin'],
  ] as const;
  const each = SITE_LIMITS.requestsPerAddressAndMinute.value / requests.length;
  for (const [method, path] of requests) {
    const statuses = await flood(site.port, each, () => requestOf(method, path));
    expect([statuses.length, statuses.includes(429)]).toEqual([each, false]);
  }
  for (const [method, path] of requests) expect((await send(site, method, path)).status).toBe(429);
  // The database is not asked for this page.
  expect((await send(site, 'GET', '/plain')).status).toBe(200);
});

itLong(
  'starts and answers that one address stores in a day are bounded in bytes, with a script and without',
  async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    site = await open();
    const size = SITE_LIMITS.answersBodyBytes.value;
    const drafts = await times(4, () => begin(site, 'plain'));
    const body = JSON.stringify({ screen: 'only', answers: { full_name: 'Ana' } });
    const save = (index: number, bytes: number = size) => {
      const { id, headers } = drafts[index % drafts.length] as Draft;
      return requestOf(
        'PUT',
        `/api/submissions/${id}/answers`,
        { ...headers, 'content-type': 'application/json' },
        body.padEnd(bytes),
      );
    };
    // Each counts 1.6 kB more, and a start 3.5 kB.
    const [rows, room] = [1_600, SITE_LIMITS.answerBytesPerAddressAndDay.value - 4 * submissionBytes(undefined)];
    const most = Math.floor(room / (size + rows));
    // Large answers count as several requests, so they take some minutes.
    const inMinute = 300;
    for (let sent = 0; sent < most; sent += inMinute) {
      expect(new Set(await flood(site.port, Math.min(inMinute, most - sent), save))).toEqual(new Set([200]));
      vi.advanceTimersByTime(60_001);
    }
    const lastBytes = room - most * (size + rows) - rows - 21_000;
    expect(await flood(site.port, 1, () => save(0, lastBytes))).toEqual([200]);
    expect(await flood(site.port, 1, save)).toEqual([429]);
    expect((await post(site, '/plain', { full_name: 'Ana', note: 'x'.repeat(size - 1_000) })).status).toBe(429);
    // About 20 kB are left. Values of an address are stored, too.
    const begun = (bytes: number) => send(site, 'POST', '/api/forms/plain/submissions', '{}'.padEnd(bytes));
    expectRefusal(await begun(30_000), 429, 'rate_limited');
    expect((await begun(2)).status).toBe(201);
    const posted = (name: string) => post(site, `/plain?utm_source=${'x'.repeat(12_000)}`, { full_name: name });
    expect([(await posted('Ben')).status, (await posted('Eva')).status]).toEqual([303, 429]);
  },
);

const LINK = `
title: Link
screens:
  - { id: connect, title: Connect, wink: { require: connected } }
endings:
  - { id: done, title: Done }
`;

it('link tokens count like saves in the bytes that one address stores in a day', async () => {
  const limit = SITE_LIMITS.answerBytesPerAddressAndDay as { value: number };
  const { value } = limit;
  onTestFinished(() => void (limit.value = value));
  // A start, two link tokens, and some bytes.
  limit.value = submissionBytes(undefined) + 2 * 1_600 + 1_000;
  site = await openSmallSite({ forms: { link: LINK }, env: { RATE_LIMIT: 'on' } });
  const draft = await begin(site, 'link');
  const statuses: number[] = [];
  for (let n = 0; n < 3; n++) statuses.push((await draft.post('link-token', { screen: 'connect' })).status);
  expect(statuses).toEqual([200, 200, 429]);
});

describe('asking Smile', () => {
  it('is left out where a person of the same network goes on again and again, and others still get a sign-in window', async () => {
    site = await openSmallSite({ forms: { link: LINK }, env: { RATE_LIMIT: 'on' } });
    const draft = await begin(site, 'link');
    expect((await draft.post('link-token', { screen: 'connect' })).status).toBe(200);
    await controlSmile(site, 'PATCH', '/settings', { fault: { path: '/v1/accounts', hangMs: 60_000 } });
    const most = SITE_LIMITS.smileLooksPerAddress.value;
    let answered = 0;
    const saves = times(most + 3, async () => {
      const { status } = await draft.put('connect', {});
      answered += 1;
      return status;
    });
    // The looks are still under way.
    await eventually(async () => answered === 3);
    const other = await begin(site, 'link');
    expect((await other.post('link-token', { screen: 'connect' })).status).toBe(200);
    await controlSmile(site, 'PATCH', '/settings', { fault: null });
    expect(new Set(await saves)).toEqual(new Set([422]));
  });
});
