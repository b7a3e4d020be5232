/** A test for each limit in `ACCESS_LIMITS`. */
import { expect } from 'vitest';
import type { ACCESS_LIMITS } from '../../src/site-limits/access-limits.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { createThrottle } from '../../src/members/throttle.ts';
import { expectRefusal, send, type ApiResponse } from '../helpers/api/client.ts';
import { clock, limited, openLimited, post, startOf } from '../helpers/api/limited.ts';
import { solve } from '../api/bounds/proof.ts';
import { createClient, MEMBER, SETUP } from '../helpers/dashboard-client.ts';
import { addressOf, QUICK_GUESS, statusOf, waysIn } from '../dashboard/guesser.ts';
import type { TestSite } from '../helpers/site.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';
import type { Scenario } from './scenario.ts';

const PASSWORD = 'open sesame';
/** Wrong without being hashed. */
const NOTHING = '';
const WRONG = { email: MEMBER.email, password: QUICK_GUESS };

interface Club {
  site: TestSite;
  time: ReturnType<typeof clock>;
  /** Enters a password of the form `club` from one of many addresses. */
  enter(password: string, from: number): Promise<ApiResponse>;
}

/** Runs against a site with a form that asks for a password, behind a proxy on this machine. */
async function atClub(run: (club: Club) => Promise<void>): Promise<void> {
  const time = clock('2026-12-15T12:00:00Z');
  const forms = { club: limited(`password: ${PASSWORD}`), work: limited('proof_of_work: true') };
  const site = await openLimited(forms, time.now, { TRUSTED_PROXIES: '1' });
  const enter = (password: string, from: number) =>
    post(site, '/club/password', { password }, { 'x-forwarded-for': addressOf(from) });
  try {
    await run({ site, time, enter });
  } finally {
    await site.close();
  }
}

/** The wait after each of `count` wrong passwords from one address, which are tried as soon as they may be; in seconds. */
async function waitsOf(count: number): Promise<number[]> {
  const waits: number[] = [];
  await atClub(async ({ time, enter }) => {
    while (waits.length < count) {
      const { status, headers } = await enter(NOTHING, 1);
      const wait = Number(headers.get('retry-after'));
      if (status === 429) time.on(wait);
      if (status === 429) waits.push(wait);
      else expect(status).toBe(422);
    }
  });
  return waits;
}

/** One more sign-in than are hashed and wait at once: one is answered with 503, and no other. */
async function floodOfSignIns(): Promise<void> {
  const { signIn } = waysIn(await temporaryDatabase());
  const fits = SITE_LIMITS.memberHashesAtOnce.value + SITE_LIMITS.memberHashesWaiting.value;
  const all = await Promise.all(Array.from({ length: fits + 1 }, (_, n) => signIn(addressOf(n), WRONG)));
  expect(all.map(statusOf)).toEqual([...Array.from({ length: fits }, () => 422), 503]);
  expect(all.at(-1)).toMatchObject({ retryAfter: 5 });
}

/** The same for the password of a form. */
async function floodOfFormPasswords(): Promise<void> {
  await atClub(async ({ enter, time }) => {
    const fits = SITE_LIMITS.formHashesAtOnce.value + SITE_LIMITS.formHashesWaiting.value;
    // More than fit, since some are done before the last one arrives. A right password is hashed only once.
    const most = SITE_LIMITS.formPasswordsPerMinute.value;
    const all = await Promise.all(Array.from({ length: most }, (_, n) => enter(`${PASSWORD} ${n}`, n)));
    const busy = all.filter(({ status }) => status === 503);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([422, 503]));
    expect(busy[0]?.headers.get('retry-after')).toBe('5');
    expect(all.length - busy.length).toBeGreaterThanOrEqual(fits);
    time.on(60);
    expect((await enter(PASSWORD, most)).status).toBe(303);
  });
}

let signIns: Promise<void> | undefined;
let formPasswords: Promise<void> | undefined;

const proofFor = async (site: TestSite) => solve((await send(site, 'GET', '/api/forms/work/challenge')).body);

export const accessScenarios: Record<keyof typeof ACCESS_LIMITS, Scenario> = {
  async guessesBeforeWait() {
    await atClub(async ({ enter }) => {
      const free = SITE_LIMITS.guessesBeforeWait.value;
      for (let n = 0; n < free; n++) expect((await enter(NOTHING, 1)).status).toBe(422);
      expect((await enter(PASSWORD, 1)).status).toBe(429);
      expect((await enter(PASSWORD, 2)).status).toBe(303);
    });
  },
  async firstGuessWaitMs() {
    const first = SITE_LIMITS.firstGuessWaitMs.value / 1_000;
    expect(await waitsOf(2)).toEqual([first, 2 * first]);
  },
  async longestGuessWaitMs() {
    const longest = SITE_LIMITS.longestGuessWaitMs.value / 1_000;
    expect((await waitsOf(9)).slice(-2)).toEqual([longest, longest]);
  },
  async guessersRemembered() {
    const throttle = createThrottle();
    for (const key of ['first', 'second'])
      for (let n = 0; n < 6; n++) expect(throttle.attempt(key, later(0)) > 0).toBe(n === 5);
    for (let n = 0; n < SITE_LIMITS.guessersRemembered.value - 1; n++) throttle.attempt(`other ${n}`, later(1));
    expect(throttle.attempt('second', later(1))).toBeGreaterThan(0);
    expect(throttle.attempt('first', later(1))).toBe(0);
  },
  async signInsFromNewDevices() {
    const { signIn } = waysIn(await temporaryDatabase());
    const most = SITE_LIMITS.signInsFromNewDevices.value;
    for (let n = 0; n < most; n++) expect(statusOf(await signIn(addressOf(n), WRONG))).toBe(422);
    expect(await signIn(addressOf(most), WRONG)).toMatchObject({ status: 429, retryAfter: expect.any(Number) });
  },
  async signInsFromNewDevicesOfNetwork() {
    const { signIn } = waysIn(await temporaryDatabase());
    const most = SITE_LIMITS.signInsFromNewDevicesOfNetwork.value;
    // Slower than the limit on guesses for any email. A further one fits in each quarter of an hour.
    const from = (n: number) => signIn(`2001:db8:0:${n.toString(16)}::/64`, WRONG, {}, later(n * 12));
    for (let n = 0; n <= most; n++) expect(statusOf(await from(n))).toBe(422);
    expect(await from(most + 1)).toMatchObject({ status: 429, retryAfter: expect.any(Number) });
    expect(statusOf(await signIn('203.0.113.7', WRONG, {}, later(most * 12)))).toBe(422);
  },
  async setupCodesPerMinute() {
    const { setUp } = waysIn(await temporaryDatabase());
    const most = SITE_LIMITS.setupCodesPerMinute.value;
    const guess = (from: number) => setUp(addressOf(from), { ...MEMBER, code: 'AAAA-BBBB-CCCC' });
    for (let n = 0; n < most; n++) expect(statusOf(await guess(n))).toBe(422);
    expect(await guess(most)).toMatchObject({ status: 429, retryAfter: 1 });
    expect(statusOf(await setUp('203.0.113.7', { ...MEMBER, code: SETUP.code }, {}, later(1)))).toBe(303);
  },
  async refusedSignInsInLogPerMinute() {
    const { send, warnings, at } = await createClient(await temporaryDatabase());
    const most = SITE_LIMITS.refusedSignInsInLogPerMinute.value;
    expect((await send('/admin/setup', { code: SETUP.code, ...MEMBER })).status).toBe(303);
    // The site is set up, so a wrong code is no guess, and makes no one wait.
    const refuse = async () => expect((await send('/admin/setup', { code: 'AAAA-BBBB-CCCC' })).status).toBe(409);
    for (let n = 0; n < most + 5; n++) await refuse();
    expect(warnings).toHaveLength(most);
    at(new Date(NOW.getTime() + 60_000));
    await refuse();
    expect(warnings).toHaveLength(most + 1);
  },
  async firstFormPasswordsPerMinute() {
    await atClub(async ({ time, enter }) => {
      const most = SITE_LIMITS.firstFormPasswordsPerMinute.value;
      for (let n = 0; n < most; n++) expect((await enter(NOTHING, n)).status).toBe(422);
      const said = await enter(PASSWORD, most);
      expect([said.status, said.headers.get('retry-after')]).toEqual([429, '1']);
      time.on(1);
      expect((await enter(PASSWORD, most)).status).toBe(303);
    });
  },
  async formPasswordsPerMinute() {
    await atClub(async ({ time, enter }) => {
      const [most, first] = [SITE_LIMITS.formPasswordsPerMinute.value, SITE_LIMITS.guessesBeforeWait.value];
      for (let n = 0; n < (most + 1) * first; n++) expect((await enter(NOTHING, n % (most + 1))).status).toBe(422);
      time.on(SITE_LIMITS.firstGuessWaitMs.value / 1_000);
      for (let n = 0; n < most; n++) expect((await enter(NOTHING, n)).status).toBe(422);
      const said = await enter(PASSWORD, most);
      expect([said.status, said.headers.get('retry-after')]).toEqual([429, '1']);
      expect((await enter(PASSWORD, most + 1)).status).toBe(303);
      time.on(1);
      expect((await enter(PASSWORD, most)).status).toBe(303);
    });
  },
  memberHashesAtOnce: () => (signIns ??= floodOfSignIns()),
  memberHashesWaiting: () => (signIns ??= floodOfSignIns()),
  async memberHashesPerAddress() {
    const { signIn } = waysIn(await temporaryDatabase());
    const most = SITE_LIMITS.memberHashesPerAddress.value;
    const sent = Array.from({ length: most + 1 }, (_, n) => signIn(`2001:db8:0:${n + 1}::/64`, WRONG));
    const [other, ...all] = await Promise.all([signIn('203.0.113.7', WRONG), ...sent]);
    expect(all.map(statusOf)).toEqual([...Array<number>(most).fill(422), 503]);
    expect(statusOf(other!)).toBe(422);
  },
  formHashesAtOnce: () => (formPasswords ??= floodOfFormPasswords()),
  formHashesWaiting: () => (formPasswords ??= floodOfFormPasswords()),
  async passwordCharacters() {
    const { setUp } = waysIn(await temporaryDatabase());
    const password = 'correct horse battery '.repeat(20).slice(0, SITE_LIMITS.passwordCharacters.value + 1);
    const entry = await setUp('203.0.113.7', { ...MEMBER, code: SETUP.code, password });
    expect(entry).toMatchObject({ status: 422, field: 'password', fault: expect.stringContaining('too long') });
  },
  async formPasswordCharacters() {
    await atClub(async ({ enter }) => {
      expect((await enter('x'.repeat(SITE_LIMITS.formPasswordCharacters.value + 1), 1)).status).toBe(422);
    });
  },
  async proofCharacters() {
    await atClub(async ({ site }) => {
      const proof = 'x'.repeat(SITE_LIMITS.proofCharacters.value);
      expect((await startOf(site, 'work', { proof })).status).toBe(201);
      expectRefusal(await startOf(site, 'work', { proof: `${proof}x` }), 400, 'invalid_request');
    });
  },
  async proofLifetimeMs() {
    await atClub(async ({ site, time }) => {
      const [early, late] = [await proofFor(site), await proofFor(site)];
      const markedWith = async (proof: string) => {
        const { status, body } = await startOf(site, 'work', { proof });
        expect(status).toBe(201);
        const row = await site.db.query.selectFrom('submissions').select('suspicion').where('id', '=', body.id).executeTakeFirst(); // prettier-ignore
        return row?.suspicion ?? '';
      };
      time.on(SITE_LIMITS.proofLifetimeMs.value / 1_000 - 1);
      expect(await markedWith(early)).not.toContain('no_proof');
      time.on(2);
      expect(await markedWith(late)).toContain('no_proof');
    });
  },
};
