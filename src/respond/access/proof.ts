/** Proof of work (ALTCHA): before a submission starts, the browser searches a number for about a second. */
import { createHmac } from 'node:crypto';
import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1';
import { z } from 'zod';
import type { Database } from '../../record/db/database.ts';
import { runOnce } from '../../record/idempotency.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { Services } from '../services.ts';

/** The browser tries half as many on average: a second or two on a slow phone. */
const MAX_NUMBER = 50_000;
const LIFETIME_MS = SITE_LIMITS.proofLifetimeMs.value;
const ALGORITHM = 'SHA-256';

const keyFor = (services: Services): string =>
  createHmac('sha256', services.keys[0]).update('proof of work').digest('hex');

/** A new challenge in the format of ALTCHA's version 1 clients. */
export const newChallenge = (services: Services, slug: string) =>
  createChallenge({
    algorithm: ALGORITHM,
    hmacKey: keyFor(services),
    maxnumber: MAX_NUMBER,
    expires: new Date(services.now().getTime() + LIFETIME_MS),
    params: { form: slug },
  });

const payloadSchema = z.object({
  algorithm: z.literal(ALGORITHM),
  challenge: z.string(),
  number: z.int().min(0),
  salt: z.string(),
  signature: z.string(),
});

/**
 * @param proof base64 of JSON
 * @returns the challenge that it solves, if it was issued here for this form and has not expired
 */
export async function verifyProof(
  services: Services,
  slug: string,
  proof: string | undefined,
): Promise<string | undefined> {
  const parsed = payloadSchema.safeParse(decodeProof(proof ?? ''));
  if (!parsed.success || !(await verifySolution(parsed.data, keyFor(services), false))) return undefined;
  const { form, expires } = extractParams(parsed.data);
  const inTime = Number(expires) * 1_000 > services.now().getTime();
  return form === slug && inTime ? parsed.data.challenge : undefined;
}

/** Marks a challenge as used. @returns false if it was used before */
export async function consumeChallenge(db: Database, challenge: string, now: Date): Promise<boolean> {
  const used = await runOnce(db, { scope: 'proof', key: challenge, body: null, now }, async () => true);
  return !used.conflict && !used.replayed;
}

function decodeProof(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    return undefined;
  }
}
