/** The one shape of every error: `{ error: { code, message, … } }`. Causes go to the log only. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { STATUS, type Outcome, type Refusal } from '../respond/refusal.ts';

/** Thrown by what stands before a route, such as a check of the body; told to the caller like any refusal. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** `{ error }` with the status of its code; a 503 says when to try again. Nobody keeps it. */
export function refusalResponse(c: Context, { status, ...error }: Refusal): Response {
  const said = (status ?? STATUS[error.code]) as ContentfulStatusCode;
  if (said === 503) c.header('retry-after', '5');
  c.header('cache-control', 'no-store');
  c.header('x-content-type-options', 'nosniff');
  return c.json({ error }, said);
}

/** What a function has come to: its body as JSON with `status`, or its refusal. */
export function respond<T extends object>(
  c: Context,
  outcome: Outcome<T>,
  status: ContentfulStatusCode = 200,
): Response {
  return outcome.ok ? c.json(outcome.body, status) : refusalResponse(c, outcome.refusal);
}
