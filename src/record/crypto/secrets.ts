/** Hashes and comparisons of secrets. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** `SECRET_KEY`, 32 bytes, then former keys. The first one signs. Signatures of all of them are valid. */
export type Keys = readonly [Buffer, ...Buffer[]];

/** SHA-256 of `text`, in lower-case hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares two signatures in constant time for equal lengths. */
export function sameSignature(actual: string, expected: string): boolean {
  const [a, b] = [Buffer.from(actual), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Compares a secret in constant time, whatever the lengths. */
export const sameSecret = (actual: string, secret: string): boolean => sameSignature(sha256(actual), sha256(secret));
