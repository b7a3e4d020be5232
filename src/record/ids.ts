/** Random ids and references, and the id of a request. */
import { randomInt, randomUUID } from 'node:crypto';

/** The characters of references. Without vowels, so that no words appear. Of each pair that looks alike (B 8, G 6, S 5, Z 2, L 1, O 0), at most one is here. */
export const ALPHABET = 'CDFHJKMNPQRTVWXY23456789';

/**
 * A UUIDv7 whose time is `now` (RFC 9562, 5.7), so that ids sort by creation to the millisecond. Node's own
 * `randomUUIDv7` reads the clock itself and is missing before Node 26.
 */
export function newId(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** `count` new ids in their order. A database inserts many rows faster by ids in order, because it appends to its indexes. */
export const newIds = (count: number, now: Date): string[] =>
  Array.from({ length: count }, () => newId(now)).toSorted();

/** The time at which `newId` made an id, in milliseconds since the epoch. */
export const timeOf = (id: string): number => parseInt(id.replace('-', '').slice(0, 12), 16);

/** `length` random characters that people can read aloud and type again. Each has about 4.6 bits. */
export function readableCode(length: number): string {
  let code = '';
  while (code.length < length) code += ALPHABET.charAt(randomInt(ALPHABET.length));
  return code;
}

/** A new reference, as it is stored: 8 characters such as `KP4TW7HX`. */
export function newReference(): string {
  return readableCode(8);
}

/** Ids of proxies: a UUID, the hex of nginx, the ray of Cloudflare. Others could break a line of a log or a page. */
const REQUEST_ID = /^[\w.-]{8,64}$/;

/**
 * The id by which support finds a request in the log.
 * @param sent the header `X-Request-Id` of the request. Without a usable one, the id is new: 10 characters
 */
export function requestIdOf(sent: string | null | undefined): string {
  return sent && REQUEST_ID.test(sent) ? sent : readableCode(10);
}

/** The reference of `number`. Of 2^36 consecutive numbers no two have the same, and neighbors do not look alike. */
export function referenceOf(number: number): string {
  // Any odd factor that 3 does not divide produces each of the 24^8 references once.
  let left = (BigInt(number) * 68_719_476_767n) % BigInt(ALPHABET.length) ** 8n;
  return Array.from({ length: 8 }, () => {
    const at = Number(left % 24n);
    left /= 24n;
    return ALPHABET[at];
  }).join('');
}

/**
 * The first and the last reference that begin like `typed`, with or without spaces, dashes and unseen signs, in any case. It
 * needs at least four characters, because fewer begin too many references. The collation has the order of `ALPHABET`; see `explainTexts`.
 */
export function referencesFrom(typed: string): [first: string, last: string] | undefined {
  const code = typed.replace(/[\s\p{Pd}\p{Cf}]/gu, '').toUpperCase();
  const fits = code.length >= 4 && code.length <= 8 && [...code].every((one) => ALPHABET.includes(one));
  return fits ? [code.padEnd(8, '2'), code.padEnd(8, 'Y')] : undefined;
}

/** A reference as people see it: `KP4 TW7 HX`. */
export function formatReference(reference: string): string {
  return reference.replace(/(.{3})(?=.)/g, '$1 ');
}
