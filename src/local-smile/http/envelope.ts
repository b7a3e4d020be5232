import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Smile's error codes with their HTTP status (Smile, Understanding the API). */
const statuses = {
  INVALID_CREDENTIALS: 400,
  INVALID_PARAMETERS: 400,
  INVALID_TOKEN: 401,
  UNAUTHORIZED_ACCESS: 403,
  MISSING_RESOURCE: 404,
  UNSUPPORTED_TYPE: 415,
  REQUEST_LIMIT_EXCEEDED: 429,
  SERVER_ERROR: 500,
  UNSUPPORTED_METHOD: 501,
  SERVER_UNAVAILABLE: 503,
  TIME_LIMIT_EXCEEDED: 504,
} as const;

export type SmileErrorCode = keyof typeof statuses;

/** Success in Smile's envelope; `code` is `OK` for 201 too. Without `data`, the empty envelope of deletions. */
export function ok(c: Context, data?: object, status: 200 | 201 = 200): Response {
  return c.json({ code: 'OK', message: 'Success', requestId: randomUUID(), ...(data && { data }) }, status);
}

/** An error in Smile's envelope, with the status of the code. */
export function failWith(c: Context, code: SmileErrorCode, message: string): Response {
  return c.json(errorEnvelope(code, message), statuses[code]);
}

export function errorEnvelope(code: SmileErrorCode, message: string) {
  return { code, message, requestId: randomUUID(), data: {} };
}

/** Smile's code for this HTTP status; `SERVER_ERROR` for a status that Smile does not list. */
export function codeFor(status: number): SmileErrorCode {
  if (status === 400) return 'INVALID_PARAMETERS';
  const found = Object.entries(statuses).find(([, value]) => value === status);
  return (found?.[0] as SmileErrorCode | undefined) ?? 'SERVER_ERROR';
}

/** Ends a request with an error from anywhere in a handler. `onError` writes the response. */
export class EnvelopeError extends HTTPException {
  readonly code: SmileErrorCode;

  constructor(code: SmileErrorCode, message: string) {
    super(statuses[code] as ContentfulStatusCode, { message });
    this.code = code;
  }
}
