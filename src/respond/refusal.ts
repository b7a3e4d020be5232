/** Everything that can be refused, each with its status. Callers branch on the code; people read the message. */
import type { Next } from '../form/journey.ts';
import { formatReference } from '../record/ids.ts';
import type { Submission } from '../record/submissions.ts';

export const STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  password_required: 401,
  forbidden_origin: 403,
  form_not_open: 403,
  form_closed: 403,
  form_full: 403,
  not_found: 404,
  unknown_form: 404,
  unknown_submission: 404,
  unknown_file: 404,
  unknown_account: 404,
  unknown_invitation: 404,
  method_not_allowed: 405,
  too_slow: 408,
  not_on_journey: 409,
  already_submitted: 409,
  form_changed: 409,
  form_removed: 410,
  invitation_over: 410,
  too_large: 413,
  unsupported_type: 415,
  invalid_answers: 422,
  too_many_files: 422,
  submission_full: 422,
  wink_required: 422,
  incomplete: 422,
  idempotency_conflict: 422,
  rate_limited: 429,
  server_error: 500,
  smile_unavailable: 503,
  busy: 503,
  store_unavailable: 503,
} as const;

export type Code = keyof typeof STATUS;

export interface Refusal {
  code: Code;
  message: string;
  /** Sentences by field. */
  fields?: Record<string, string>;
  /** The screen that the sentences are about. */
  screen?: string;
  /** Where the journey goes instead. */
  next?: Next;
  /** The reference of a submission that was submitted before, and when that was; ISO 8601. */
  reference?: string;
  submittedAt?: string;
  /** A status that says more than the code's own: 502 or 504 when Smile answers wrongly or not at all. */
  status?: 502 | 504;
  /** When to come again, in seconds. */
  retryAfter?: number;
}

export type Outcome<T> = { ok: true; body: T } | { ok: false; refusal: Refusal };

export const done = <T>(body: T): Outcome<T> => ({ ok: true, body });

export const refuse = (code: Code, message: string, more: Omit<Refusal, 'code' | 'message'> = {}): Outcome<never> => ({
  ok: false,
  refusal: { code, message, ...more },
});

/** The answer to a change of a submission that was submitted before, perhaps on another device. */
export const alreadySubmitted = ({ reference, submittedAt }: Submission, message: string) =>
  refuse('already_submitted', message, {
    ...(reference && { reference: formatReference(reference) }),
    ...(submittedAt && { submittedAt }),
  });

/** The answer to a retry under a key that was used for something else. */
export const conflict = () =>
  refuse('idempotency_conflict', 'This Idempotency-Key was used with another body. Use a new key for a new request.');

/** The refusal where one submission has stored as much as it may. */
export const submissionFull = (what: string) =>
  refuse('submission_full', `This submission has stored as many ${what} as it can. What was stored before is kept.`);
