/** People and guessers before the dashboard's ways in, without the pages around them. */
import { createSignIn, type SignInResult } from '../../src/dashboard/sign-in/sign-in.ts';
import { deviceName, newDevice } from '../../src/members/devices.ts';
import type { Database } from '../../src/record/db/database.ts';
import type { Keys } from '../../src/record/crypto/secrets.ts';
import { NOW } from '../helpers/database.ts';
import { MEMBER, SETUP } from '../helpers/dashboard-client.ts';

export const KEYS: Keys = [Buffer.alloc(32, 1)];

/** Shorter than any password, so that it is wrong without being hashed: many can be tried in a moment. */
export const QUICK_GUESS = 'too short';

/** The cookie of a device that has signed in before. */
export const knownDevice = (email = MEMBER.email): Record<string, string> => ({
  [deviceName(email)]: newDevice(KEYS, email, NOW),
});

/** The ways in, for requests from any address. */
export function waysIn(db: Database) {
  const entry = createSignIn(db, SETUP, KEYS);
  const ask =
    (way: 'signIn' | 'setUp' | 'redeem') =>
    (
      from: string,
      fields: Record<string, string>,
      cookies: Record<string, string> = {},
      now = NOW,
    ): Promise<SignInResult> =>
      entry[way]({ form: new URLSearchParams(fields), remoteAddress: from, now, cookieOf: (name) => cookies[name] });
  return { signIn: ask('signIn'), setUp: ask('setUp'), redeem: ask('redeem') };
}

/** An address of its own for each number. */
export const addressOf = (n: number): string => `198.51.${Math.floor(n / 250)}.${n % 250}`;

export const statusOf = (entry: SignInResult): number => ('member' in entry ? 303 : entry.status);
