/**
 * Devices that have signed in before, known by a signed cookie (OWASP, "Slow Down Online Guessing Attacks with Device
 * Cookies"). Flipsite counts their guesses apart, so that strangers who guess a member's password do not keep the
 * member out. A cookie opens nothing: it holds no session, and a sign-in still needs the password.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { sameSignature, sha256, type Keys } from '../record/crypto/secrets.ts';
import { normalised } from './members.ts';

/** How long a device is known after signing in on it. */
export const DEVICE_DAYS = 365;

/** The name of the cookie for `email`: several members can share a device. */
export const deviceName = (email: string): string => `flipsite_device_${sha256(normalised(email)).slice(0, 12)}`;

/** The value of the cookie for a device on which the member with `email` has just signed in. */
export function newDevice([key]: Keys, email: string, now: Date): string {
  const id = randomBytes(16).toString('base64url');
  const expires = String(Math.floor(now.getTime() / 1_000) + DEVICE_DAYS * 24 * 60 * 60);
  return `${id}.${expires}.${signed(key, email, id, expires)}`;
}

/** The id of the device that `cookie` is from. Undefined unless a member has signed in with `email` on it before. */
export function deviceOf(keys: Keys, email: string, cookie: string | undefined, now: Date): string | undefined {
  const [id = '', expires = '', signature = ''] = (cookie ?? '').split('.');
  const genuine = keys.some((key) => sameSignature(signature, signed(key, email, id, expires)));
  return genuine && Number(expires) * 1_000 > now.getTime() ? id : undefined;
}

const signed = (key: Buffer, email: string, id: string, expires: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['device', normalised(email), id, expires]))
    .digest('base64url');
