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
