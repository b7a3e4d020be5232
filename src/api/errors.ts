/** Every error of the API has one shape: `{ error: { code, message, … } }`. Only the log has its cause. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { CheckerBusy } from '../publish/check/form-checker.ts';
import { TextsFull } from '../record/forms/text-bounds.ts';
import { asFault, StoreFault } from '../record/db/fault.ts';
import { UnreadableFile } from '../record/files/files.ts';
import { requestIdOf } from '../record/ids.ts';
import { NoSubmission } from '../record/submissions/submissions.ts';
import { ERROR_CODES } from '../respond/errors/error-codes.ts';
import type { ApiError } from '../respond/errors/api-error.ts';
import { boundLines } from '../site-limits/log-lines.ts';

/** Headers of every answer of the API. A page on a CDN calls it from another origin, and no answer is cached. */
export const API_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
};

/** One answer for a wrong token and for a submission that does not exist, so that callers can't tell them apart. */
export const UNKNOWN_SUBMISSION: ApiError = {
  code: 'unknown_submission',
  message: 'There is no submission for this token. Check the id and the token.',
};

/** Thrown by checks of a request. It is answered like an error that a handler returns. */
export class ApiException extends Error {
  readonly error: ApiError;
  constructor(error: ApiError) {
    super(error.code);
    this.error = error;
  }
}

/** The answer for a thrown error, and whether to log the error. */
function toApiError(error: unknown): { refusal: ApiError; log: boolean } {
  if (error instanceof ApiException) return { refusal: error.error, log: false };
  // It may have been deleted while the request ran.
  if (error instanceof NoSubmission) return { refusal: UNKNOWN_SUBMISSION, log: false };
  if (error instanceof CheckerBusy) return { refusal: { code: 'busy', message: error.message }, log: false };
  if (error instanceof TextsFull) return { refusal: { code: 'texts_full', message: error.message }, log: false };
  if (error instanceof UnreadableFile) return { refusal: UNREADABLE_FILE, log: true };
  const fault = asFault(error);
  if (!(fault instanceof StoreFault)) return { refusal: SERVER_ERROR, log: true };
  if (fault.kind === 'busy') return { refusal: { code: 'busy', message: BUSY, retryAfter: 1 }, log: false };
  return { refusal: { code: 'store_unavailable', message: UNAVAILABLE }, log: true };
}

/** The request of an error, in the log. */
export interface FailedRequest {
  method: string;
  path: string;
  requestId: string;
}

export type LogError = (error: unknown, about: FailedRequest) => void;

/** Logs failed requests. Of those that fail for the same reason, only some have a line. */
export function failureLog(log: Pick<Logger, 'error'>, now: () => Date): LogError {
  const mayLog = boundLines(now);
  return (error, request) => {
    const fault = asFault(error);
    const reason = fault instanceof StoreFault ? fault.kind : 'other';
    const path = request.path.slice(0, MAX_LOGGED_PATH);
    if (mayLog(reason)) log.error({ err: error, ...request, path }, 'A request failed');
  };
}

/** The longest path of the site is shorter, and a stranger can send a longer one. */
const MAX_LOGGED_PATH = 400;

/**
 * The answer for a thrown error. An error of the server goes to `logError`, and its answer has the id of its line in the log.
 * @param sentId the header `X-Request-Id` of the request
 */
export function explainError(
  error: unknown,
  { sentId, ...about }: Omit<FailedRequest, 'requestId'> & { sentId: string | null | undefined },
  logError: LogError,
): ApiError {
  const { refusal, log } = toApiError(error);
  if (!log) return refusal;
  const requestId = requestIdOf(sentId);
  logError(error, { ...about, requestId });
  return { ...refusal, requestId };
}

const BUSY = 'Too many requests are waiting, so Flipsite did not store this one. Try again in a moment.';
const UNAVAILABLE = 'Flipsite cannot store this right now. Try again in a minute.';
const SERVER_ERROR: ApiError = {
  code: 'server_error',
  message: 'Something went wrong on the server. Try again in a minute.',
};

const UNREADABLE_FILE: ApiError = {
  code: 'unreadable_file',
  message: 'This file cannot be opened. It is damaged, or its key is missing.',
};

/** The seconds after which to retry an error with this status that has no others. */
const RETRY_SECONDS: Partial<Record<number, number>> = { 429: 60, 503: 5 };

/** The status and the body of an error, and its headers. A 429 or 503 always has the seconds after which to retry. */
export function errorBody({ status: ownStatus, retryAfter, ...error }: ApiError) {
  const status = ownStatus ?? ERROR_CODES[error.code].status;
  const seconds = retryAfter ?? RETRY_SECONDS[status];
  const headers: Record<string, string> = {
    // Without the second header, a browser hides the first from a page of another origin (Fetch, 4.1).
    ...(seconds !== undefined && { 'retry-after': String(seconds), 'access-control-expose-headers': 'retry-after' }),
    ...(error.requestId !== undefined && { 'x-request-id': error.requestId }),
  };
  return { status, body: { error }, headers };
}

/** `{ error }` with the status of its code, which no cache stores. */
export function errorResponse(c: Context, refusal: ApiError): Response {
  const { status, body, headers } = errorBody(refusal);
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  c.header('cache-control', API_HEADERS['cache-control']);
  c.header('x-content-type-options', API_HEADERS['x-content-type-options']);
  return c.json(body, status as ContentfulStatusCode);
}
