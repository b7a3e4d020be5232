/** Repeats a call to Smile that failed, if that is safe. */
import { SmileError } from './error.ts';

const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
/** Smile's limit counts requests per second, without a Retry-After (Smile, Understanding the API). */
const RATE_LIMIT_PAUSE_MS = 1000;

export interface RetryOptions {
  /** Whether a repeated request is harmless. */
  repeatable: boolean;
  /** By `now`; no attempt starts after it. */
  deadline: number;
  now: () => number;
  sleep: (ms: number) => Promise<unknown>;
  random: () => number;
}

/**
 * Runs `attempt` until it succeeds, cannot be retried, or time is up. Throws its last error. A request that is not
 * `repeatable` is retried only if it certainly had no effect: it was never sent, or the rate limit refused it.
 */
export async function withRetries<T>(options: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts === MAX_ATTEMPTS || !mayRetry(error, options.repeatable)) throw error;
      const pause = pauseAfter(error, attempts, options.random);
      if (options.now() + pause >= options.deadline) throw error;
      await options.sleep(pause);
    }
  }
}

function mayRetry(error: unknown, repeatable: boolean): error is SmileError {
  if (!(error instanceof SmileError)) return false;
  if (error.unsent || error.status === 429) return true;
  return repeatable && (error.kind === 'unavailable' || error.kind === 'timeout');
}

/** Doubles with each attempt. Half of it is random, so that clients do not return at once. */
function pauseAfter(error: SmileError, attempts: number, random: () => number) {
  const base = error.status === 429 ? RATE_LIMIT_PAUSE_MS : FIRST_PAUSE_MS;
  return base * 2 ** (attempts - 1) * (error.status === 429 ? 1 + random() / 2 : 0.5 + random() / 2);
}
