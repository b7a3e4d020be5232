/** The token that opens one submission to the person who is filling it in. It is derived, so none is stored. */
import { createHmac } from 'node:crypto';
import { sameSignature, type Keys } from '../record/crypto/secrets.ts';

/** The token of `submission`. */
export const tokenFor = ([key]: Keys, submission: string): string => known(key, submission) ?? made(key, submission);

/** Whether `token` was made for `submission`. */
export const verifySubmissionToken = (keys: Keys, submission: string, token: string): boolean =>
  keys.some((key) => {
    const kept = known(key, submission);
    const expected = kept ?? made(key, submission);
    const right = sameSignature(token, expected);
    if (right && !kept) keep(key, submission, expected);
    return right;
  });

const made = (key: Buffer, submission: string): string =>
  createHmac('sha256', key).update(`submission:${submission}`).digest('base64url');

/**
 * The last tokens that have opened something, since each is asked for again and again. Others are not kept: a stranger
 * can make up ids of any length.
 */
const lately = new WeakMap<Buffer, Map<string, string>>();
const MOST_KEPT = 10_000;

const known = (key: Buffer, submission: string): string | undefined => lately.get(key)?.get(submission);

function keep(key: Buffer, submission: string, token: string): void {
  const tokens = lately.get(key) ?? new Map<string, string>();
  if (tokens.size >= MOST_KEPT) tokens.clear();
  // A copy: the id may be a part of a long address, which it would keep in memory.
  lately.set(key, tokens.set(Buffer.from(submission).toString(), token));
}

/** How long a token opens its submission. Smile keeps what it read for 60 days too (Smile, Account Linking). */
const DAYS = 60;

/** Whether the token of a submission created at `createdAt` (ISO 8601) opens it no more. */
export const hasExpired = (createdAt: string, now: Date): boolean => endOf(createdAt) <= now.getTime();

/** When the token of a submission created at `createdAt` stops opening it; ISO 8601. */
export const expiryOf = (createdAt: string): string => new Date(endOf(createdAt)).toISOString();

const endOf = (createdAt: string): number => Date.parse(createdAt) + DAYS * 86_400_000;
