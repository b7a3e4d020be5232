/** Proves work: finds the number whose hash the server asks for (ALTCHA, "Proof-of-Work"). */
import type { Challenge } from '../../../contract/api.ts';
import type { Chunks, PageContext } from '../../page-context.ts';

export const mount = ({ data }: PageContext): Chunks['solve'] => ({
  async proof(call) {
    const answer = await call<Challenge>('challenge', 'GET', `forms/${data.slug}/challenge`);
    // Without a proof the submission is flagged, but accepted.
    return answer.ok ? solve(answer.body) : undefined;
  },
});

/** Without `crypto.subtle`, as on a page without https, there is no solution. */
async function solve({ algorithm, challenge, salt, signature, maxnumber = 1_000_000 }: Challenge) {
  for (let number = 0; number <= maxnumber; number++) {
    const digest = await crypto.subtle?.digest(algorithm, new TextEncoder().encode(salt + number));
    if (!digest) return undefined;
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (hex === challenge) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  }
  return undefined;
}
