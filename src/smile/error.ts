/** The one error of the client of Smile. */

/**
 * Why a call to Smile failed.
 * - `unavailable`: Smile could not be reached, answered 5xx, or is not called because it failed several times.
 * - `timeout`: no complete answer in time.
 * - `authentication`: Smile refused the key pair.
 * - `rate_limited`: no slot in time, within Smile's limit or the client's own limit just below it.
 * - `refused`: Smile refused the request, and a retry will not help.
 * - `unexpected_answer`: an answer that Smile does not document.
 */
export const SMILE_ERROR_KINDS = [
  'unavailable',
  'timeout',
  'authentication',
  'rate_limited',
  'refused',
  'unexpected_answer',
] as const;
export type SmileErrorKind = (typeof SMILE_ERROR_KINDS)[number];

interface Details {
  status?: number;
  code?: string;
  requestId?: string;
  unsent?: boolean;
  cause?: unknown;
}

/** A failed call to Smile. The message has the operation and the problem, never an id, a secret or response data. */
export class SmileError extends Error {
  readonly kind: SmileErrorKind;
  /** The HTTP status, if Smile answered. */
  readonly status: number | undefined;
  /** Smile's own error code, like `MISSING_RESOURCE`. */
  readonly code: string | undefined;
  /** Smile's id of the request, for its support. */
  readonly requestId: string | undefined;
  /** Whether the request certainly did not reach Smile, so it had no effect. */
  readonly unsent: boolean;

  constructor(kind: SmileErrorKind, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = 'SmileError';
    this.kind = kind;
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.unsent = details.unsent ?? false;
  }
}

/** The failure in sentences for the person who runs the site, with the remedy if it is a setting. */
export function explainSmileError({ kind, status, message }: SmileError): string {
  if (kind === 'authentication') return 'Smile refused the keys. Check API_KEY, API_SECRET and OPEN_API_HOST.';
  const isUnreachable = status === undefined && (kind === 'unavailable' || kind === 'timeout');
  return `${message}.${isUnreachable ? ' Check OPEN_API_HOST and the network of the server.' : ''}`;
}

/** For `catch`: returns `fallback` if Smile refused the call, and throws any other error. */
export const unlessRefused =
  <T>(fallback: T) =>
  (error: unknown): T => {
    if (error instanceof SmileError && error.kind === 'refused') return fallback;
    throw error;
  };
