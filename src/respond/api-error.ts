/** The errors of the API. Programs branch on the code; people read the message. */
import type { ErrorDetails } from '../contract/api.ts';
import { formatReference } from '../record/ids.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import type { ErrorCode } from './error-codes.ts';

export interface ApiError extends ErrorDetails {
  code: ErrorCode;
  /** A status that is more exact than the one of the code: 502 or 504 when Smile answers wrongly or not at all. */
  status?: 502 | 504;
  /** Seconds after which to retry. */
  retryAfter?: number;
}

export type Result<T> = { ok: true; body: T } | { ok: false; error: ApiError };

export const done = <T>(body: T): Result<T> => ({ ok: true, body });

export const fail = (
  code: ErrorCode,
  message: string,
  more: Omit<ApiError, 'code' | 'message'> = {},
): Result<never> => ({
  ok: false,
  error: { code, message, ...more },
});

/** The answer to a change of a submission that was submitted before, perhaps on another device. */
export const alreadySubmitted = ({ reference, submittedAt }: Submission, message: string) =>
  fail('already_submitted', message, {
    ...(reference && { reference: formatReference(reference) }),
    ...(submittedAt && { submittedAt }),
  });

/** The answer to a retry under a key that was used for something else. */
export const conflict = () =>
  fail('idempotency_conflict', 'This Idempotency-Key was used with another body. Use a new key for a new request.');

/** The refusal where one submission has stored as much as it may. */
export const submissionFull = (what: string) =>
  fail('submission_full', `This submission has reached its limit of ${what}. Everything stored before is kept.`);
