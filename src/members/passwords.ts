/** Hashes and checks the passwords of members, with scrypt. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const SHORTEST = 10;
const MAX_LENGTH = SITE_LIMITS.passwordCharacters.value;
/** How many characters are estimated. All of a long password take a second, in which the server answers no request. */
const ESTIMATED = 60;
const KEY_BYTES = 32;
/** The minimum of OWASP's Password Storage Cheat Sheet for scrypt. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const CURRENT = `scrypt$${COST.N}$${COST.r}$${COST.p}$`;

/** Has the cost of a real hash, and a key that was never derived from a password. */
export const NOBODYS_HASH = `${CURRENT}${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** The problem of `password` as a sentence, or undefined. Lengths are in characters. */
export function passwordFault(password: string): string | undefined {
  const { length } = [...password];
  if (length < SHORTEST) return `The password is too short. Use at least ${SHORTEST} characters.`;
  if (length > MAX_LENGTH) return `The password is too long. Use at most ${MAX_LENGTH} characters.`;
  return undefined;
}

/**
 * Why the member with `email` cannot choose `password`. Beyond its length, a password is refused when a million guesses
 * find its beginning (zxcvbn's scores 0 and 1): common ones, rows of keys, repetitions, and the email itself.
 */
export async function chosenPasswordFault(password: string, email: string): Promise<string | undefined> {
  const fault = passwordFault(password);
  if (fault) return fault;
  // The lists take 30 MB, and a password is chosen once in a while.
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const estimate = new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
  const { score } = estimate.check(password.slice(0, ESTIMATED), ['flipsite', email, ...email.split(/[@.]/)]);
  return score < 2 ? 'This password is easy to guess. Use a few words that do not belong together.' : undefined;
}

/** Hashes `password` as `scrypt$N$r$p$salt$key`, salt and key in base64url. Takes most of a second, and 128 MiB. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST, KEY_BYTES);
  return `${CURRENT}${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether a hash has another cost than new hashes. */
export const isOutdated = (hash: string): boolean => !hash.startsWith(CURRENT);

/** Whether `password` matches the hash, computed with the parameters of that hash. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || !salt || !key) throw new Error('A stored password hash is not in the form we write.');
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost, expected.length);
  return timingSafeEqual(actual, expected);
}

/** Unicode can spell é in two ways, and keyboards differ in which they send. */
function derive(password: string, salt: Buffer, cost: typeof COST, bytes: number): Promise<Buffer> {
  // scrypt needs 128 · N · r bytes. Node's default limit is 32 MiB.
  const options = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((done, failed) => {
    scrypt(password.normalize('NFC'), salt, bytes, options, (error, key) => (error ? failed(error) : done(key)));
  });
}
