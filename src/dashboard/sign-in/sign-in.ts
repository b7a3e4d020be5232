/** The ways to sign in: the setup of the first member, a password, and a code. All slow down guessing. */
import { redeemCode } from '../../members/codes.ts';
import { deviceName, deviceOf } from '../../members/devices.ts';
import { createHashQueue, HashQueueFull } from '../../members/hash-queue.ts';
import {
  checkPassword,
  createFirstMember,
  emailFault,
  hasMembers,
  normalised,
  type Member,
} from '../../members/members.ts';
import { passwordFault } from '../../members/passwords.ts';
import { isSetupCode, type SetupCode } from '../../members/setup-code.ts';
import { createThrottle, guesserAt } from '../../members/throttle.ts';
import { widestKey } from '../../site-limits/counting/client-keys.ts';
import { createBudget } from '../../site-limits/counting/budget.ts';
import type { Database } from '../../record/db/database.ts';
import type { Keys } from '../../record/crypto/secrets.ts';
import type { SharedCounts } from '../../site-limits/counting/shared-counts.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

/**
 * `field` is the input that the error is about, and `others` are the errors of further ones. Codes and passwords are never
 * shown again.
 */
export type SignInError = {
  status: number;
  fault: string;
  others?: { field: 'email' | 'password'; fault: string }[] | undefined;
  field?: 'code' | 'email' | 'password' | undefined;
  email: string;
  code?: string | undefined;
};

/** @property cookieOf the value of the request's cookie of that name, whatever prefix it has */
export type SignInAttempt = {
  form: URLSearchParams;
  remoteAddress: string;
  now: Date;
  cookieOf(name: string): string | undefined;
};
/** `passwordHash`: the stored hash that the password fits. */
export type SignInResult = { member: Member; passwordHash?: string } | (SignInError & { retryAfter?: number });

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

/**
 * The ways to sign in. They remember earlier attempts, so that only a guesser waits:
 *
 * - By address: after a few wrong attempts comes a wait, which grows with each further one.
 * - By device, instead of the address, if the member has signed in on it before. So a member can sign in there while an
 *   attacker tries the member's email.
 * - By email, from all new devices together, and from those of one network. This stops an attacker with many addresses. The
 *   limits are far above the attempts of one person. Above them, new devices wait for their turn.
 *
 * Codes of the operator have 55 bits and last a day, so the last count is not needed for them. A member with a code can
 * always sign in. Hashing has limits too. Known devices and people with a right code have their own, so that a flood leaves
 * them a processor.
 * @param shared counts the attempts on other servers too
 */
export function createSignIn(db: Database, setup: SetupCode, keys: Keys, shared?: SharedCounts) {
  const { memberHashesAtOnce, memberHashesWaiting, memberHashesPerAddress, signInsFromNewDevices, signInsFromNewDevicesOfNetwork, setupCodesPerMinute, refusedSignInsInLogPerMinute } = SITE_LIMITS; // prettier-ignore
  const throttle = createThrottle(shared, 'sign-in');
  const newDevices = createBudget(signInsFromNewDevices.value, DAY_MS, shared, 'new devices');
  const ofNetwork = createBudget(signInsFromNewDevicesOfNetwork.value, DAY_MS, shared, 'new devices of a network');
  const setups = createBudget(setupCodesPerMinute.value, MINUTE_MS, shared, 'setup codes');
  const logLines = createBudget(refusedSignInsInLogPerMinute.value, MINUTE_MS);
  const hashing = () =>
    createHashQueue(memberHashesAtOnce.value, memberHashesWaiting.value, memberHashesPerAddress.value);
  const [ofKnown, ofOthers] = [hashing(), hashing()];

  const waitFor = (wait: number, email: string, fault = 'Too many attempts.'): SignInResult => {
    const retryAfter = Math.ceil(wait / 1000);
    return { status: 429, retryAfter, email, fault: `${fault} Wait ${describeData(retryAfter)}, then try again.` };
  };

  /** @param takeBack the attempt was no guess, since nothing was checked */
  async function bounded(email: string, takeBack: () => void, run: () => Promise<SignInResult>): Promise<SignInResult> {
    return run().catch((error: unknown) => {
      if (!(error instanceof HashQueueFull)) throw error;
      takeBack();
      return { status: 503, retryAfter: BUSY_SECONDS, email, fault: BUSY };
    });
  }

  /** Counts a sign-in from a new device, by its network and by the email. @returns the wait in ms; 0 if it is counted */
  function countNewDevice(account: string, network: string, now: Date): number {
    const wait = ofNetwork.consume(network, now);
    if (wait > 0) return wait;
    const ofAll = newDevices.consume(account, now);
    if (ofAll > 0) ofNetwork.refund(network);
    return ofAll;
  }

  return {
    /** Whether the log has room for a line about a refusal. Counts the line. */
    mayLogRefusal: (now: Date): boolean => logLines.consume('all', now) === 0,

    /** Creates the first member, with the setup code. 409 when there is a member already. */
    async setUp({ form, remoteAddress, now }: SignInAttempt): Promise<SignInResult> {
      const [code, email, password] = ['code', 'email', 'password'].map((name) => form.get(name) ?? '') as Three;
      if (await hasMembers(db)) return { status: 409, email, fault: SET_UP };
      const key = guesserAt('setup', remoteAddress);
      const wait = throttle.attempt(key, now) || setups.consume('all', now);
      if (wait > 0) return waitFor(wait, email);
      if (!isSetupCode(setup, code))
        return { status: 422, field: 'code', email, fault: WRONG_CODE, others: plainFaults(email, password) };
      throttle.succeeded(key);
      setups.refund('all');
      return bounded(
        email,
        () => {},
        async () => {
          const created = await ofKnown(
            () => createFirstMember(db, { email, password, now }),
            widestKey(remoteAddress),
          );
          if (created.fault === undefined) return created;
          return { status: created.field ? 422 : 409, field: created.field, email, fault: created.fault };
        },
      );
    },

    /** Accepts a code: of a new member, or for a new password. */
    async redeem({ form, remoteAddress, now }: SignInAttempt): Promise<SignInResult> {
      const [code, email, password] = ['code', 'email', 'password'].map((name) => form.get(name) ?? '') as Three;
      const key = guesserAt('code', remoteAddress);
      const wait = throttle.attempt(key, now);
      if (wait > 0) return waitFor(wait, email);
      return bounded(
        email,
        () => throttle.takeBack(key, now),
        async () => {
          const redeemed = await redeemCode(db, { email, code, password, now }, (work) =>
            ofKnown(work, widestKey(remoteAddress)),
          );
          if (redeemed.fault === undefined || redeemed.field !== 'code') throttle.takeBack(key, now);
          if (redeemed.fault === undefined) return redeemed;
          return { status: 422, field: redeemed.field, email, fault: redeemed.fault };
        },
      );
    },

    /** The error does not say which of the two was wrong. */
    async signIn({ form, remoteAddress, now, cookieOf }: SignInAttempt): Promise<SignInResult> {
      const [email, password] = ['email', 'password'].map((name) => form.get(name) ?? '') as Three;
      const device = deviceOf(keys, email, cookieOf(deviceName(email)), now);
      const key = device ? `device:${device}` : guesserAt('sign-in', remoteAddress);
      const account = normalised(email);
      const wait = throttle.attempt(key, now);
      if (wait > 0) return waitFor(wait, email);
      const network = `${account} ${widestKey(remoteAddress)}`;
      const busy = device ? 0 : countNewDevice(account, network, now);
      if (busy > 0) throttle.takeBack(key, now);
      if (busy > 0) return waitFor(busy, email, ATTACKED);
      // Keeps the earlier attempts. Otherwise a member could guess another member's password, and sign in as themselves in
      // between.
      const takeBack = () => {
        throttle.takeBack(key, now);
        if (device) return;
        newDevices.refund(account);
        ofNetwork.refund(network);
      };
      return bounded(email, takeBack, async () => {
        const check = () => checkPassword(db, email, password);
        const found = await (device ? ofKnown(check) : ofOthers(check, widestKey(remoteAddress)));
        if (!found) return { status: 422, field: 'password', email, fault: WRONG_PASSWORD };
        takeBack();
        const { passwordHash, ...member } = found;
        return { member, passwordHash };
      });
    },
  };
}

export type SignIn = ReturnType<typeof createSignIn>;

type Three = [string, string, string];

/** The errors that are seen without comparing: with them the next attempt would fail too. */
function plainFaults(email: string, password: string): SignInError['others'] {
  const faults = { email: emailFault(normalised(email)), password: passwordFault(password) };
  return (['email', 'password'] as const).flatMap((field) => (faults[field] ? [{ field, fault: faults[field] }] : []));
}

const SET_UP = 'This dashboard has been set up already. Sign in instead.';
const WRONG_CODE = 'This code is not right. Check it, or ask for it again.';
export const WRONG_PASSWORD = 'Email or password is wrong. Try again.';
const BUSY_SECONDS = 5;
const BUSY = `Too many people are signing in. Wait ${BUSY_SECONDS} seconds, then try again.`;
const ATTACKED =
  'Too many wrong passwords for this email came from new devices. Use a device that you signed in on before, or ask for a code.';

const describeData = (seconds: number): string =>
  seconds < 90 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : `${Math.ceil(seconds / 60)} minutes`;
