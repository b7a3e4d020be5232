/** The token that opens one submission to the person who is filling it in. It is derived, so none is stored. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** @param key `SECRET_KEY`, 32 bytes */
export const tokenFor = (key: Buffer, submission: string): string =>
  createHmac('sha256', key).update(`submission:${submission}`).digest('base64url');

/** Compares in constant time. */
export function opens(key: Buffer, submission: string, token: string): boolean {
  const expected = Buffer.from(tokenFor(key, submission));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** How long a token opens its submission. Smile keeps what it read for 60 days too (Smile, Account Linking). */
const DAYS = 60;

/** When the token of a submission created at `createdAt` stops opening it; ISO 8601. */
export const expiryOf = (createdAt: string): string =>
  new Date(Date.parse(createdAt) + DAYS * 86_400_000).toISOString();
