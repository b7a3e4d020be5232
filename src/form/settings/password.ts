/** The password of a form, kept as a hash from the moment its file is read. */
import { scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** 16 MiB and some 30 ms: a password of a form is short, and a thief of the store must not be able to try all. */
const COST = { N: 2 ** 14, r: 8, p: 1 };
const BYTES = 32;

/** Salted with the slug rather than at random: the same file must stay the same version at every start. */
const saltOf = (slug: string): string => `flipsite form ${slug}`;

/** Unicode can spell é in two ways, and keyboards differ in which they send. */
const bytesOf = (password: string): string => password.normalize('NFKC');

export const hashFormPassword = (slug: string, password: string): string =>
  scryptSync(bytesOf(password), saltOf(slug), BYTES, COST).toString('base64url');

/** Whether `password` is the one of the form `slug` whose hash is `hash`. Takes the same time for every attempt. */
export async function isFormPassword(slug: string, hash: string, password: string): Promise<boolean> {
  const derive = promisify<string, string, number, typeof COST, Buffer>(scrypt);
  return timingSafeEqual(await derive(bytesOf(password), saltOf(slug), BYTES, COST), Buffer.from(hash, 'base64url'));
}
