/** Every random name the record gives out. */
import { randomInt, randomUUID } from 'node:crypto';

/** No vowels (no words), and of each pair that looks alike (B 8, G 6, S 5, Z 2, L 1, O 0) at most one. */
const ALPHABET = 'CDFHJKMNPQRTVWXY23456789';

/**
 * A UUIDv7 whose time is `now` (RFC 9562, 5.7), so that ids sort by creation to the millisecond. Node's own
 * `randomUUIDv7` reads the clock itself and is missing before Node 26.
 */
export function newId(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** When an id that `newId` gave was made, in milliseconds since the epoch. */
export const timeOf = (id: string): number => parseInt(id.replace('-', '').slice(0, 12), 16);

/** `length` random characters that can be read aloud and typed again without doubt; about 4.6 bits each. */
export function readableCode(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** A new reference, as it is stored: 8 characters such as `KP4TW7HX`. */
export function newReference(): string {
  return readableCode(8);
}

/** A reference as people see it: `KP4 TW7 HX`. */
export function formatReference(reference: string): string {
  return reference.replace(/(.{3})(?=.)/g, '$1 ');
}
