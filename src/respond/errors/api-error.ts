/** The errors of the API. Programs decide by the code; people read the message. */
import type { ErrorDetails } from '../../contract/api.ts';
import { formatReference } from '../../record/ids.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import type { SmileErrorKind } from '../../smile/error.ts';
import type { ErrorCode } from './error-codes.ts';

export interface ApiError extends ErrorDetails {
  code: ErrorCode;
  /** Replaces the status of the code: 502 if Smile's answer is wrong, 504 if there is none. */
  status?: 502 | 504;
  /** In seconds. */
  retryAfter?: number;
}

export type Result<T> = { ok: true; body: T } | { ok: false; error: ApiError };

export const done = <T>(body: T): Result<T> => ({ ok: true, body });

export const fail = (
  code: ErrorCode,
  message: string,
  details: Omit<ApiError, 'code' | 'message'> = {},
): Result<never> => ({
  ok: false,
  error: { code, message, ...details },
});

/** The error for a change of a submitted submission, perhaps from another device. */
export const alreadySubmitted = ({ reference, submittedAt }: Submission, message: string) =>
  fail('already_submitted', message, {
    ...(reference && { reference: formatReference(reference) }),
    ...(submittedAt && { submittedAt }),
  });

/** The error for an idempotency key that was used with another body. */
export const conflict = () =>
  fail('idempotency_conflict', 'This Idempotency-Key was used with another body. Use a new key for a new request.');

/** The error for a submission that has reached one of its limits. */
export const submissionFull = (things: string) =>
  fail('submission_full', `This submission has reached its limit of ${things}. Everything stored before is kept.`);

/**
 * The error for a call to Smile that failed, with the status for `kind`.
 * @param effect the rest of the sentence, which says the effect
 */
export function smileUnavailable(kind: SmileErrorKind, effect: string): Result<never> {
  // That of Smile, or the one of Flipsite just below it.
  if (kind === 'rate_limited')
    return fail('rate_limited', `The limit of requests to Smile is reached, ${effect}`, { retryAfter: 5 });
  const message = `Smile is not available, ${effect}`;
  if (kind === 'unavailable') return fail('smile_unavailable', message);
  return fail('smile_unavailable', message, { status: kind === 'timeout' ? 504 : 502 });
}
