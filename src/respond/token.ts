/** The token that opens one submission to the person who is filling it in. It is derived, so none is stored. */
import { createHmac } from 'node:crypto';
import { sameSignature, type Keys } from '../record/secrets.ts';

/** The token of `submission`. It is asked for with each request, so the last ones are kept. */
export function tokenFor([key]: Keys, submission: string): string {
  const known = made.get(key)?.get(submission);
  if (known) return known;
  const token = createHmac('sha256', key).update(`submission:${submission}`).digest('base64url');
  const tokens = made.get(key) ?? new Map<string, string>();
  if (tokens.size >= MOST_KEPT) tokens.clear();
  made.set(key, tokens.set(submission, token));
  return token;
}

const MOST_KEPT = 10_000;
const made = new WeakMap<Buffer, Map<string, string>>();

/** Whether `token` was made for `submission`. */
export const opens = (keys: Keys, submission: string, token: string): boolean =>
  keys.some((key) => sameSignature(token, tokenFor([key], submission)));

/** How long a token opens its submission. Smile keeps what it read for 60 days too (Smile, Account Linking). */
const DAYS = 60;

/** Whether the token of a submission created at `createdAt` (ISO 8601) opens it no more. */
export const hasExpired = (createdAt: string, now: Date): boolean => endOf(createdAt) <= now.getTime();

/** When the token of a submission created at `createdAt` stops opening it; ISO 8601. */
export const expiryOf = (createdAt: string): string => new Date(endOf(createdAt)).toISOString();

const endOf = (createdAt: string): number => Date.parse(createdAt) + DAYS * 86_400_000;
