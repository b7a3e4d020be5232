/** Getting in: the first member's set-up, signing in, and a code that was given. All slow down guessing. */
import { redeemCode } from '../members/codes.ts';
import { checkPassword, createFirstMember, hasMembers, normalised, type Member } from '../members/members.ts';
import { matches, type SetupCode } from '../members/setup-code.ts';
import { createThrottle } from '../members/throttle.ts';
import type { Database } from '../record/database.ts';
import type { Refused } from './context.ts';

export type Attempt = { form: URLSearchParams; remoteAddress: string; now: Date };
/** `passwordHash`: what a password was checked against. */
export type Entry = { member: Member; passwordHash?: string } | (Refused & { retryAfter?: number });

/** The ways in, with the memory of who tried. */
export function createEntry(db: Database, setup: SetupCode) {
  const throttle = createThrottle();

  function waitFor(keys: string[], now: Date, email: string): (Refused & { retryAfter: number }) | undefined {
    const wait = throttle.attempt(keys, now);
    if (wait === 0) return undefined;
    const retryAfter = Math.ceil(wait / 1000);
    return { status: 429, retryAfter, email, fault: `Too many attempts. Wait ${inWords(retryAfter)}, then try again.` };
  }

  return {
    /** Makes the first member of who knows the setup code. 409 when there is a member already. */
    async setUp({ form, remoteAddress, now }: Attempt): Promise<Entry> {
      const [code, email, password] = ['code', 'email', 'password'].map((name) => form.get(name) ?? '') as Three;
      if (await hasMembers(db)) return { status: 409, email, fault: SET_UP };
      const key = `setup:${remoteAddress}`;
      const wait = waitFor([key], now, email);
      if (wait) return wait;
      if (!matches(setup, code)) return { status: 422, field: 'code', email, fault: WRONG_CODE };
      throttle.succeeded(key);
      const created = await createFirstMember(db, { email, password, now });
      if (created.fault === undefined) return created;
      return { status: created.field ? 422 : 409, field: created.field, email, fault: created.fault };
    },

    /** Lets in who was given a code: as a new member, or with a new password. */
    async redeem({ form, remoteAddress, now }: Attempt): Promise<Entry> {
      const [code, email, password] = ['code', 'email', 'password'].map((name) => form.get(name) ?? '') as Three;
      const keys = [`code:${remoteAddress}`, `code:${normalised(email)}`];
      const wait = waitFor(keys, now, email);
      if (wait) return wait;
      const redeemed = await redeemCode(db, { email, code, password, now });
      if (redeemed.fault !== undefined) return { status: 422, field: redeemed.field, email, fault: redeemed.fault };
      for (const key of [...keys, `sign-in:${normalised(email)}`]) throttle.succeeded(key);
      return redeemed;
    },

    /** Says nothing of which of the two was wrong. */
    async signIn({ form, remoteAddress, now }: Attempt): Promise<Entry> {
      const [email, password] = ['email', 'password'].map((name) => form.get(name) ?? '') as Three;
      const keys = [`sign-in:${remoteAddress}`, `sign-in:${normalised(email)}`];
      const wait = waitFor(keys, now, email);
      if (wait) return wait;
      const found = await checkPassword(db, email, password);
      if (!found) return { status: 422, field: 'password', email, fault: WRONG_PASSWORD };
      for (const key of keys) throttle.succeeded(key);
      const { passwordHash, ...member } = found;
      return { member, passwordHash };
    },
  };
}

type Three = [string, string, string];

const SET_UP = 'This dashboard has been set up already. Sign in instead.';
const WRONG_CODE = 'This is not the setup code. Copy it from where the server was started.';
export const WRONG_PASSWORD = 'The email and the password do not belong together. Check both.';

const inWords = (seconds: number): string =>
  seconds < 90 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : `${Math.ceil(seconds / 60)} minutes`;
