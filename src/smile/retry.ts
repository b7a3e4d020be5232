import { SmileError } from './error.ts';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
/** Smile's limit counts requests per second and says nothing of when to come back (Smile, Understanding the API). */
const RATE_LIMIT_PAUSE_MS = 1000;

export interface RetryOptions {
  /** Whether doing the request twice does no harm. */
  repeatable: boolean;
  /** The moment, by `now`, after which nothing is begun. */
  deadline: number;
  now: () => number;
  sleep: (ms: number) => Promise<unknown>;
  random: () => number;
}

/**
 * Runs `attempt` until it works, cannot be helped, or time is up; throws its last error. A request that is not
 * repeatable is made again only if the first certainly did nothing: it never left, or it was turned away by the limit.
 */
export async function withRetries<T>(patience: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      if (made === ATTEMPTS || !mayRetry(error, patience.repeatable)) throw error;
      const pause = pauseAfter(error, made, patience.random);
      if (patience.now() + pause >= patience.deadline) throw error;
      await patience.sleep(pause);
    }
  }
}

function mayRetry(error: unknown, repeatable: boolean): error is SmileError {
  if (!(error instanceof SmileError)) return false;
  if (error.unsent || error.status === 429) return true;
  return repeatable && (error.kind === 'unavailable' || error.kind === 'timeout');
}

/** Doubles from attempt to attempt, with half of it up to chance so that many clients do not return at once. */
function pauseAfter(error: SmileError, made: number, random: () => number) {
  const base = error.status === 429 ? RATE_LIMIT_PAUSE_MS : FIRST_PAUSE_MS;
  return base * 2 ** (made - 1) * (error.status === 429 ? 1 + random() / 2 : 0.5 + random() / 2);
}
