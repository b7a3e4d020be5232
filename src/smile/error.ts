/**
 * Why a call to Smile failed.
 *
 * - `unavailable`: Smile could not be reached, answered 5xx, or is not being asked because it failed again and again.
 * - `timeout`: no complete answer in the time allowed.
 * - `authentication`: the key pair was not accepted.
 * - `rate_limited`: Smile's limit, or our own just below it, left no room in the time allowed.
 * - `refused`: Smile answered that this request is not possible; asking again will not help.
 * - `unexpected_answer`: an answer that is not what Smile documents.
 */
export type SmileErrorKind =
  'unavailable' | 'timeout' | 'authentication' | 'rate_limited' | 'refused' | 'unexpected_answer';

interface Details {
  status?: number;
  code?: string;
  requestId?: string;
  unsent?: boolean;
  cause?: unknown;
}

/** A failed call to Smile. The message names the operation and the fault, never an id, a secret or what was answered. */
export class SmileError extends Error {
  readonly kind: SmileErrorKind;
  /** The HTTP status, when Smile answered. */
  readonly status: number | undefined;
  /** Smile's own error code, like `MISSING_RESOURCE`. */
  readonly code: string | undefined;
  /** Smile's id of the request, to quote to its support. */
  readonly requestId: string | undefined;
  /** Whether the request certainly never reached Smile, so that nothing can have happened there. */
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

/** For `catch`: gives `instead` where Smile does not let us do this, and throws whatever else went wrong. */
export const unlessRefused =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof SmileError && error.kind === 'refused') return instead;
    throw error;
  };
