/** The password of a form. Only its hash is kept once its file is read. */
import { createHmac, randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** 16 MiB and some 30 ms: the password of a form is short, and a thief of the store must not be able to try all. */
const COST = { N: 2 ** 14, r: 8, p: 1 };
const BYTES = 32;

/** The salt is the slug and not random: the same file must have the same version at every start. */
const saltOf = (slug: string): string => `flipsite form ${slug}`;

/** Unicode can spell é in two ways, and keyboards send either. */
const bytesOf = (password: string): string => password.normalize('NFKC');

export const hashFormPassword = (slug: string, password: string): string =>
  scryptSync(bytesOf(password), saltOf(slug), BYTES, COST).toString('base64url');

/** Whether `password` belongs to `hash`, the hash of the form `slug`. Takes the same time for every attempt. */
export async function isFormPassword(slug: string, hash: string, password: string): Promise<boolean> {
  const derive = promisify<string, string, number, typeof COST, Buffer>(scrypt);
  return timingSafeEqual(await derive(bytesOf(password), saltOf(slug), BYTES, COST), Buffer.from(hash, 'base64url'));
}

/** Passwords that were found to be right since the start of the server. */
export interface RightPasswords {
  has(slug: string, hash: string, password: string): boolean;
  add(slug: string, hash: string, password: string): void;
}

/**
 * Remembers the right password of each form, so that it is hashed only once. A person who knows it may enter it all the time,
 * and others would have to wait for these hashes. Keeps only a keyed digest of it.
 */
export function rememberRightPasswords(): RightPasswords {
  const key = randomBytes(BYTES);
  const digests = new Map<string, Buffer>();
  const digestOf = (...texts: [hash: string, password: string]): Buffer =>
    createHmac('sha256', key).update(JSON.stringify(texts)).digest();
  return {
    has(slug, hash, password) {
      const known = digests.get(slug);
      return known !== undefined && timingSafeEqual(known, digestOf(hash, bytesOf(password)));
    },
    add: (slug, hash, password) => void digests.set(slug, digestOf(hash, bytesOf(password))),
  };
}
