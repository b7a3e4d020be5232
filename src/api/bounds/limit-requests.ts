/** Limits requests with the rates of the site. A request that is one too many is refused with 429. */
import type { Form } from '../../form/schema.ts';
import type { MayRender } from '../../publish/rendering/page-cache.ts';
import type { ReadLarge } from '../../record/submissions/submissions.ts';
import type { Caller } from '../../respond/access/submission-access.ts';
import type { Result } from '../../respond/errors/api-error.ts';
import { ApiException } from '../errors.ts';
import { reservationFrom, type Quota, type Reservations } from '../../site-limits/counting/quota.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { LimitedAction, Rates } from './rates.ts';

/** A request about a submission. */
export interface SubmissionRequest {
  action: LimitedAction;
  id: string;
  /** Whether it carries the submission's token. Without it, a stranger could use up the limit of the submission. */
  hasToken: boolean;
  address: string;
}

/** @throws ApiException where the request is one too many */
export function limitSubmissionRequest(rates: Rates, { action, id, hasToken, address }: SubmissionRequest): void {
  failIfWaiting(rates.address(address), 'address');
  if (!hasToken) return failIfWaiting(rates.guess(address), 'address');
  failIfWaiting(rates.submission(action, id), 'submission');
}

/**
 * Counts a request once more for each part of the answers or events in its body.
 * @throws ApiException where the address may not send it now
 */
export function limitLargeBody(rates: Rates, address: string, bytes: number): void {
  const more = Math.floor(bytes / SITE_LIMITS.requestAnswerBytes.value);
  if (more > 0) failIfWaiting(rates.address(address, more), 'address');
}

/**
 * Lets one request read large stored answers. They count like those of a body, and only once if they are read again. The
 * requests of one address read them one after another. Without `rates`, nothing is limited.
 */
export function readLargeFor(rates: Rates | undefined, address: () => string): ReadLarge | undefined {
  if (!rates) return undefined;
  const count = countLarge(rates, address);
  return async (bytes, read) => {
    count(bytes);
    return rates.largeReads(address(), read);
  };
}

/** Returns a function that counts the large stored answers of one request, once if they are read again. */
function countLarge(rates: Rates, address: () => string): (bytes: number) => void {
  let isCounted = false;
  return (bytes) => {
    if (!isCounted) limitLargeBody(rates, address(), bytes);
    isCounted = true;
  };
}

/**
 * The bytes of an event in the database beside its text, such as its id in an index, its submission and its times. As for the
 * other rows below, this is the size on PostgreSQL. On SQLite they take a third less.
 */
const EVENT_BYTES = 400;

/** The row of an `Idempotency-Key`, with its place in two indexes. */
export const KEY_BYTES = 1_000;

/**
 * Runs `run`, which stores a part of the events in a body of `bytes`, and counts that part. It first calls its argument with
 * the number of events, because small ones take several times as much as their text.
 * @param rows the bytes that it stores beside the events, also if all of them are repeats
 * @throws ApiException where the address may not store so many bytes today
 */
export async function limitEventBytes<T extends { stored: number; repeated: number }>(
  quota: Quota,
  address: string,
  bytes: number,
  run: (beforeStoring: (events: number, stored?: number) => void) => Promise<Result<T>>,
  rows = 0,
): Promise<Result<T>> {
  const reserved = reservationFrom(quota, address);
  const reserve = (more: number) => failIfWaiting(reserved.take(more), 'address');
  reserve(bytes + rows);
  let used = 0;
  try {
    // A number such as 1e20 is longer where it is stored.
    const outcome = await run((events, stored = bytes) => reserve(events * EVENT_BYTES + Math.max(0, stored - bytes)));
    if (outcome.ok) {
      const { stored, repeated } = outcome.body;
      used = rows + (reserved.amount - rows) * (stored / (stored + repeated));
    }
    return outcome;
  } finally {
    reserved.end(used);
  }
}

/**
 * The sender of answers of `bytes`. Many large saves at once would take all connections to the database, so they have
 * turns from their beginning.
 */
export function inTurnIfLarge(caller: Caller, rates: Rates, address: string, bytes: number): Caller {
  if (bytes < SITE_LIMITS.requestAnswerBytes.value) return caller;
  const count = countLarge(rates, () => address);
  return {
    ...caller,
    readLarge: async (stored, read) => {
      count(stored);
      return read();
    },
    takeTurn: (change) => rates.largeReads(address, change),
  };
}

/** The rows that each save stores beside its answers, and each link token. */
const SAVE_BYTES = 1_600;

/**
 * The bytes of the rows of a new submission, with those that sending it adds, beside its answers and parameters. The address of
 * a webhook is in two columns and an index.
 */
export const submissionBytes = (form: Pick<Form, 'notify'> | undefined): number =>
  (form?.notify ?? []).reduce((sum, { webhook = '' }) => sum + 2_000 + 3 * webhook.length, 3_500);

/**
 * Runs `run`, which stores answers from a body of `bytes`, and counts them if it has. A save stores all answers of its
 * submission again, so `run` first calls its argument with their size. The larger of both sizes counts.
 * @param rows the bytes that it stores beside the answers
 * @throws ApiException where the address may not store so many bytes today
 */
export async function limitAnswerBytes<T>(
  quota: Quota,
  address: string,
  bytes: number,
  run: (beforeStoring: (bytes: number) => void) => Promise<T>,
  isStored: (outcome: T) => boolean,
  rows: number = SAVE_BYTES,
): Promise<T> {
  const reserved = reservationFrom(quota, address);
  const reserve = (size: number) => {
    // A transaction may run again.
    const more = size + rows - reserved.amount;
    if (more > 0) failIfWaiting(reserved.take(more), 'address');
  };
  reserve(bytes);
  let stored = false;
  try {
    const outcome = await run(reserve);
    stored = isStored(outcome);
    return outcome;
  } finally {
    if (!stored) reserved.end(0);
  }
}

/**
 * Runs `open`, which opens a sign-in window, and counts the window if it opens.
 * @throws ApiException where the address may open no further one today
 */
export async function limitWindows<T>(
  quota: Quota,
  address: string,
  open: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const reserved = reservationFrom(quota, address);
  failIfWaiting(reserved.take(1), 'address');
  let isOpen = false;
  try {
    const outcome = await open();
    isOpen = outcome.ok;
    return outcome;
  } finally {
    if (!isOpen) reserved.end(0);
  }
}

/**
 * Runs `run`, and counts it if the unique answer is taken. A refused try does not tell if it is.
 * @param submission its id. Undefined for a form that a browser posts
 * @param run calls `beforeComparing` before it compares the answer. That returns 0 if it may, or a long time in ms that the
 * submission has to wait. If the wait is short, or the address has to wait, it throws
 * @throws ApiException where there were too many such tries
 */
export async function limitTakenAnswers<T>(
  { ofAddress, ofSubmission }: Rates['takenAnswers'],
  { address, submission }: { address: string; submission?: string },
  run: (beforeComparing: () => number) => Promise<T>,
  isTaken: (outcome: T) => boolean,
): Promise<T> {
  const reserved: [Reservations, key: string][] = [];
  const reserve = (reservations: Reservations, key: string): number => {
    const waitMs = reservations.reserve(key);
    if (waitMs === 0) reserved.push([reservations, key]);
    return waitMs;
  };
  let taken = false;
  try {
    const outcome = await run(() => {
      // A transaction may run again.
      if (reserved.length) return 0;
      const waitMs = submission === undefined ? 0 : reserve(ofSubmission, submission);
      if (waitMs > LONG_WAIT_MS) return waitMs;
      failIfWaiting(waitMs, 'submission');
      failIfWaiting(reserve(ofAddress, address), 'address');
      return 0;
    });
    taken = isTaken(outcome);
    return outcome;
  } finally {
    for (const [reservations, key] of reserved) reservations.end(key, taken);
  }
}

/** The page tries again by itself after less than this. */
const LONG_WAIT_MS = 90_000;

/** The requests that are too many, by the one that is limited. */
const TOO_MANY = {
  address: 'Too many requests come from this address.',
  submission: 'Too many requests come for this submission.',
  'wrong key': 'Too many requests with a wrong API key came from this address.',
} as const;

/** The bound on the pages that are rendered for `address`. Without `rates` it refuses none. */
export const mayRenderFor =
  (rates: Rates | undefined, address: string): MayRender =>
  async (bytes) => {
    if (rates) failIfWaiting(rates.render(address, bytes), 'address');
  };

/** @param wait in ms. @throws ApiException with the time to wait, unless it is 0 */
export function failIfWaiting(wait: number, who: keyof typeof TOO_MANY): void {
  if (wait === 0) return;
  const message = `${TOO_MANY[who]} Wait as long as Retry-After says, then try again.`;
  throw new ApiException({ code: 'rate_limited', message, retryAfter: Math.ceil(wait / 1_000) });
}
