/** Solves a proof of work: finds the number whose hash the server asks for (ALTCHA, "Proof-of-Work"). */
import type { Challenge } from '../../../contract/api.ts';
import type { Chunks } from '../../page-context.ts';

/** Without `crypto.subtle`, as on a page without https, there is no solution. */
export const mount = (): Chunks['solve'] => ({ solve });

async function solve({ algorithm, challenge, salt, signature, maxnumber = 1_000_000 }: Challenge) {
  for (let number = 0; number <= maxnumber; number++) {
    const digest = await crypto.subtle?.digest(algorithm, new TextEncoder().encode(salt + number));
    if (!digest) return undefined;
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (hex === challenge) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  }
  return undefined;
}
