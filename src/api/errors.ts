/** The one shape of every error: `{ error: { code, message, … } }`. Causes go to the log only. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { asFault, StoreFault } from '../record/db/fault.ts';
import { NoSubmission } from '../record/submissions/submissions.ts';
import { ERROR_CODES } from '../respond/error-codes.ts';
import type { Result, ApiError } from '../respond/api-error.ts';

/** A wrong token, and a submission that is not there or not any more, look the same. */
export const UNKNOWN_SUBMISSION: ApiError = {
  code: 'unknown_submission',
  message: 'There is no submission for this token. Check the id and the token.',
};

/** Thrown by what stands before a route, such as a check of the body; told to the caller like any refusal. */
export class ApiException extends Error {
  readonly error: ApiError;
  constructor(refusal: ApiError) {
    super(refusal.code);
    this.error = refusal;
  }
}

/**
 * What is wrong as a refusal, and whether operators should know of it. Of an outage they are told once by the store's own
 * error; whoever asked is told to come again.
 */
export function toApiError(error: unknown): { refusal: ApiError; log: boolean } {
  if (error instanceof ApiException) return { refusal: error.error, log: false };
  // There is none, or not any more: it may have been erased while this was under way.
  if (error instanceof NoSubmission) return { refusal: UNKNOWN_SUBMISSION, log: false };
  const fault = asFault(error);
  if (!(fault instanceof StoreFault)) return { refusal: OURS, log: true };
  if (fault.kind === 'busy') return { refusal: { code: 'busy', message: BUSY, retryAfter: 1 }, log: false };
  return { refusal: { code: 'store_unavailable', message: UNAVAILABLE }, log: true };
}

const BUSY = 'Too many requests are waiting, so Flipsite did not store this one. Try again in a moment.';
const UNAVAILABLE = 'Flipsite cannot store this right now. Try again in a minute.';
const OURS: ApiError = { code: 'server_error', message: 'Something went wrong on the server. Try again in a minute.' };

/** The status of a refusal, its body, and after how many seconds to come again. A 503 always says when. */
export function errorBody({ status, retryAfter, ...error }: ApiError) {
  const said = status ?? ERROR_CODES[error.code].status;
  return { status: said, body: { error }, retryAfter: retryAfter ?? (said === 503 ? 5 : undefined) };
}

/** `{ error }` with the status of its code. Nobody keeps it. */
export function errorResponse(c: Context, refusal: ApiError): Response {
  const { status, body, retryAfter } = errorBody(refusal);
  if (retryAfter !== undefined) c.header('retry-after', String(retryAfter));
  c.header('cache-control', 'no-store');
  c.header('x-content-type-options', 'nosniff');
  return c.json(body, status as ContentfulStatusCode);
}

/** What a function has come to: its body as JSON with `status`, or its refusal. */
export function resultResponse<T extends object>(
  c: Context,
  outcome: Result<T>,
  status: ContentfulStatusCode = 200,
): Response {
  return outcome.ok ? c.json(outcome.body, status) : errorResponse(c, outcome.error);
}
