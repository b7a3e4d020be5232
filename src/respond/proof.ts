/** Proof of work: before a submission begins, its browser finds a number that takes a moment to find (ALTCHA). */
import { createHmac } from 'node:crypto';
import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1';
import { z } from 'zod';
import type { Database } from '../record/db/database.ts';
import { runOnce } from '../record/idempotency.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Services } from './services.ts';

/** A second or two on a slow phone, half of this many tries on average. */
const MOST_TRIES = 50_000;
const LASTS_MS = SITE_LIMITS.proofLifetimeMs.value;
const ALGORITHM = 'SHA-256';

const keyFor = (services: Services): string =>
  createHmac('sha256', services.keys[0]).update('proof of work').digest('hex');

/** A new challenge, as ALTCHA's clients of version 1 take it. */
export const newChallenge = (services: Services, slug: string) =>
  createChallenge({
    algorithm: ALGORITHM,
    hmacKey: keyFor(services),
    maxnumber: MOST_TRIES,
    expires: new Date(services.now().getTime() + LASTS_MS),
    params: { form: slug },
  });

const payloadSchema = z.object({
  algorithm: z.literal(ALGORITHM),
  challenge: z.string(),
  number: z.int().min(0),
  salt: z.string(),
  signature: z.string(),
});

/** The challenge that `proof` (base64 of JSON) solves, if it was ours, for this form, and not too long ago. */
export async function solvedBy(
  services: Services,
  slug: string,
  proof: string | undefined,
): Promise<string | undefined> {
  const parsed = payloadSchema.safeParse(decoded(proof ?? ''));
  if (!parsed.success || !(await verifySolution(parsed.data, keyFor(services), false))) return undefined;
  const { form, expires } = extractParams(parsed.data);
  const inTime = Number(expires) * 1_000 > services.now().getTime();
  return form === slug && inTime ? parsed.data.challenge : undefined;
}

/** Uses a solved challenge up; false when it was used before. */
export async function useUp(db: Database, challenge: string, now: Date): Promise<boolean> {
  const used = await runOnce(db, { scope: 'proof', key: challenge, body: null, now }, async () => true);
  return !used.conflict && !used.replayed;
}

function decoded(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    return undefined;
  }
}
