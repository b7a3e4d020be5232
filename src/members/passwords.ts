/** Passwords of members, kept as scrypt hashes. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const SHORTEST = 10;
const LONGEST = 200;
const KEY_BYTES = 32;
const COST = { N: 2 ** 15, r: 8, p: 1 };

/** Why `password` cannot be taken, as a sentence, or undefined when it can. Lengths are in characters. */
export function passwordFault(password: string): string | undefined {
  const { length } = [...password];
  if (length < SHORTEST) return `The password is too short. Use at least ${SHORTEST} characters.`;
  if (length > LONGEST) return `The password is too long. Use at most ${LONGEST} characters.`;
  return undefined;
}

/** Hashes `password` as `scrypt$N$r$p$salt$key`, salt and key in base64url. Takes tens of milliseconds, 32 MiB. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST, KEY_BYTES);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether `password` is the one that was hashed, with the parameters of that hash. */
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
  // scrypt needs 128 · N · r bytes; Node refuses beyond 32 MiB unless told.
  const options = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((done, failed) => {
    scrypt(password.normalize('NFC'), salt, bytes, options, (error, key) => (error ? failed(error) : done(key)));
  });
}
