/** The bearer token of one submission. It is derived from the key, so none is stored. */
import { createHmac } from 'node:crypto';
import { sameSignature, type Keys } from '../../record/crypto/secrets.ts';

export const tokenFor = ([key]: Keys, submission: string): string =>
  cachedToken(key, submission) ?? cacheToken(key, submission, deriveToken(key, submission));

/** Whether `token` was made for `submission`. */
export const verifySubmissionToken = (keys: Keys, submission: string, token: string): boolean =>
  keys.some((key) => {
    const cached = cachedToken(key, submission);
    const expected = cached ?? deriveToken(key, submission);
    const matches = sameSignature(token, expected);
    if (matches && !cached) cacheToken(key, submission, expected);
    return matches;
  });

const deriveToken = (key: Buffer, submission: string): string =>
  createHmac('sha256', key).update(`submission:${submission}`).digest('base64url');

/**
 * Tokens that were valid lately, since each is checked many times. Invalid ones are not cached: their ids can have any
 * length.
 */
const tokenCache = new WeakMap<Buffer, Map<string, string>>();
const MAX_CACHED = 10_000;

const cachedToken = (key: Buffer, submission: string): string | undefined => tokenCache.get(key)?.get(submission);

function cacheToken(key: Buffer, submission: string, token: string): string {
  const tokens = tokenCache.get(key) ?? new Map<string, string>();
  if (tokens.size >= MAX_CACHED) tokens.clear();
  // A copy: the id may be a slice of a long address, which it would keep in memory.
  tokenCache.set(key, tokens.set(Buffer.from(submission).toString(), token));
  return token;
}
