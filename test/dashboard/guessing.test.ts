/** Guesses of passwords and codes: only the guesser waits. */
import { describe, expect, it } from 'vitest';
import { DEVICE_DAYS, deviceName, newDevice } from '../../src/members/devices.ts';
import { giveCode } from '../../src/members/codes.ts';
import { hashPassword } from '../../src/members/passwords.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { withRealScrypt } from '../helpers/run/quick-scrypt.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { addMember, createClient, MEMBER, openClient, SETUP } from '../helpers/dashboard-client.ts';
import { addressOf, KEYS, knownDevice, QUICK_GUESS, statusOf, waysIn } from './guesser.ts';

const WRONG = { email: MEMBER.email, password: QUICK_GUESS };
const HOME = '203.0.113.7';
const DAY = 24 * 60 * 60;

describe('a member whose email somebody else knows', () => {
  it('signs in from a new device while an address guesses their password', async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    const { signIn } = waysIn(db);
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) statuses.push(statusOf(await signIn('198.51.100.1', WRONG)));
    expect(statuses.slice(0, 6)).toEqual([422, 422, 422, 422, 422, 429]);
    expect(statusOf(await signIn(HOME, MEMBER))).toBe(303);
  });

  it('signs in from a new device while hundreds of addresses guess their password', async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    const { signIn } = waysIn(db);
    for (let n = 0; n < 500; n++) expect(statusOf(await signIn(addressOf(n), WRONG))).toBe(422);
    expect(statusOf(await signIn(HOME, MEMBER))).toBe(303);
  });

  it('signs in from a new device while one IPv6 network guesses their password all day', async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    const { signIn } = waysIn(db);
    for (let second = 0; second < DAY / 2; second += 10) {
      await signIn(`2001:db8:0:${second.toString(16)}::/64`, WRONG, {}, later(second));
      if (second % 3_600 === 0) expect(statusOf(await signIn(HOME, MEMBER, {}, later(second + 5)))).toBe(303);
    }
  });

  it('signs in from a known device, or with a code, when the guesses of a day are used up', async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    const { signIn, redeem } = waysIn(db);
    const most = SITE_LIMITS.signInsFromNewDevices.value;
    for (let n = 0; n < most; n++) expect(statusOf(await signIn(addressOf(n), WRONG))).toBe(422);
    const refused = await signIn(HOME, MEMBER);
    expect(refused).toMatchObject({ status: 429, fault: expect.stringContaining('Use a device that you signed in on before') }); // prettier-ignore
    // The next one fits within minutes, and no other member waits.
    expect('retryAfter' in refused && refused.retryAfter).toBeLessThanOrEqual(DAY / most + 1);
    expect(statusOf(await signIn(HOME, { email: 'ben@acme.example', password: QUICK_GUESS }))).toBe(422);
    expect(statusOf(await signIn(HOME, MEMBER, knownDevice()))).toBe(303);
    expect(statusOf(await signIn(HOME, MEMBER, {}, later(DAY / most + 1)))).toBe(303);

    const made = await giveCode(db, { what: 'reset', email: MEMBER.email, now: NOW });
    const code = 'code' in made ? made.code : '';
    for (let n = 0; n < most; n++) {
      const guess = { email: MEMBER.email, code: 'AAAA-BBBB-CCCC', password: 'another one here' };
      expect(statusOf(await redeem(addressOf(n), guess))).toBe(422);
    }
    const use = { email: MEMBER.email, code, password: 'another one here' };
    expect(statusOf(await redeem(HOME, use))).toBe(303);
  });

  it('uses a code while wrong passwords take all places in the queue', async () => {
    const db = await temporaryDatabase();
    const { signIn, setUp, redeem } = waysIn(db);
    let isOver = false;
    const guess = async (n: number) => {
      while (!isOver) {
        await signIn(addressOf(n++ % 50_000), { email: `${n}@acme.example`, password: 'a wrong one here' });
        await new Promise((turn) => setImmediate(turn));
      }
    };
    const flood = Array.from({ length: 20 }, (_, n) => guess(n * 2_500));
    try {
      expect(statusOf(await setUp(HOME, { ...MEMBER, code: SETUP.code }))).toBe(303);
      for (const password of ['another one here', 'yet another one here']) {
        const made = await giveCode(db, { what: 'reset', email: MEMBER.email, now: NOW });
        const use = { email: MEMBER.email, code: 'code' in made ? made.code : '', password };
        expect(statusOf(await redeem(HOME, use))).toBe(303);
      }
    } finally {
      isOver = true;
      await Promise.all(flood);
    }
  });

  it('signs in from a known device on an address that has to wait, such as that of an office', async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    const { signIn } = waysIn(db);
    for (let n = 0; n < 6; n++) await signIn(HOME, WRONG);
    expect(statusOf(await signIn(HOME, MEMBER))).toBe(429);
    expect(statusOf(await signIn(HOME, MEMBER, knownDevice()))).toBe(303);
  });
});

describe('a guesser', () => {
  it('waits on a known device too, with any email address', async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    const { signIn } = waysIn(db);
    const stolen = knownDevice();
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push(statusOf(await signIn(addressOf(n), WRONG, stolen)));
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
    expect(statusOf(await signIn(HOME, MEMBER, knownDevice()))).toBe(303);
  });

  it.each<[string, (mine: string) => Record<string, string>]>([
    ['made up', () => ({ [deviceName(MEMBER.email)]: 'a.9999999999.b' })],
    ['of another member', (mine) => ({ [deviceName(MEMBER.email)]: mine })],
    ['signed by another site', () => ({ [deviceName(MEMBER.email)]: newDevice([Buffer.alloc(32, 9)], MEMBER.email, NOW) })], // prettier-ignore
    ['older than a year', () => ({ [deviceName(MEMBER.email)]: newDevice(KEYS, MEMBER.email, later(-DEVICE_DAYS * DAY)) })], // prettier-ignore
  ])('gains nothing by a cookie that is %s', async (_, forge) => {
    const db = await temporaryDatabase();
    await addMember(db);
    const { signIn } = waysIn(db);
    const cookies = forge(newDevice(KEYS, 'ben@acme.example', NOW));
    for (let n = 0; n < 5; n++) await signIn(HOME, WRONG, cookies);
    expect(statusOf(await signIn(HOME, MEMBER, cookies))).toBe(429);
  });

  it('gains nothing by signing in as another member in between', async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    await addMember(db, 'ben@acme.example');
    const { signIn } = waysIn(db);
    for (let n = 0; n < 4; n++) await signIn(HOME, WRONG);
    expect(statusOf(await signIn(HOME, { ...MEMBER, email: 'ben@acme.example' }))).toBe(303);
    expect(statusOf(await signIn(HOME, WRONG))).toBe(422);
    expect(statusOf(await signIn(HOME, WRONG))).toBe(429);
  });
});

itLong('a flood of sign-ins leaves known devices a processor of their own', () =>
  withRealScrypt(async () => {
    const db = await temporaryDatabase();
    await addMember(db);
    await db.query
      .updateTable('members')
      .set({ password_hash: await hashPassword(MEMBER.password) })
      .execute();
    const { signIn } = waysIn(db);
    const order: string[] = [];
    const flood = Array.from({ length: 4 }, (_, n) =>
      signIn(addressOf(n), { email: MEMBER.email, password: `guess number ${n}` }).then(() => order.push('guess')),
    );
    const mine = signIn(HOME, MEMBER, knownDevice()).then((entry) => {
      order.push('member');
      return statusOf(entry);
    });
    expect(await mine).toBe(303);
    // Of four guesses those that were hashed beside it may have been answered before.
    expect(order.indexOf('member')).toBeLessThan(3);
    await Promise.all(flood);
  }),
);

describe('the browser of a member', () => {
  it('is known from signing in on, without a script being able to read it', async () => {
    const db = await temporaryDatabase();
    const { serve } = await openClient(db);
    const response = await serve(
      new Request('http://forms.example/admin/sign-in', {
        method: 'POST',
        body: new URLSearchParams(MEMBER),
        headers: { origin: 'http://forms.example' },
      }),
      HOME,
    );
    const [session, device] = response.headers.getSetCookie();
    expect(session).toMatch(/^flipsite=/);
    expect(device).toMatch(/^flipsite_device_[0-9a-f]{12}=[\w.-]+; Max-Age=31536000; Path=\/admin; HttpOnly; SameSite=Lax$/); // prettier-ignore
    expect(device).not.toContain('ops');
  });

  it('gets in with its cookie while its address has to wait', async () => {
    const db = await temporaryDatabase();
    const first = await createClient(db, { origin: 'https://forms.example' });
    const { headers } = await first.setUp();
    const [, device = ''] = headers.getSetCookie();
    expect(device).toMatch(/^__Host-flipsite_device_\w+=.*; Path=\/; .*; Secure; SameSite=Lax$/);
    for (let n = 0; n < 6; n++) await first.signIn({ password: QUICK_GUESS, email: 'x@acme.example' });
    expect((await first.signIn()).status).toBe(429);
    first.kept.cookie = device.split(';')[0] ?? '';
    expect((await first.signIn()).status).toBe(303);
  });
});

it('logs each wrong password, and nothing of tries that have to wait', async () => {
  const { signIn, warnings } = await openGuest();
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++) statuses.push((await signIn({ password: QUICK_GUESS })).status);
  expect(statuses.slice(4, 7)).toEqual([422, 429, 429]);
  expect(warnings).toEqual(Array.from({ length: 5 }, () => 'Refused at /admin/sign-in'));
});

async function openGuest() {
  const db = await temporaryDatabase();
  await addMember(db);
  return createClient(db);
}
