import { SmileError } from './error.ts';

export type Breaker = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * After `outages` failures in a row, calls fail at once for `openMs`; then one call at a time is let through to see
 * whether Smile is back. Only silence and 5xx are outages: any other answer shows that Smile is there.
 */
export function createBreaker(outages: number, openMs: number, now: () => number): Breaker {
  let failures = 0;
  let refuseUntil = 0;
  let probing = false;

  return async (work) => {
    const probe = failures >= outages;
    if (probe && (probing || now() < refuseUntil)) {
      throw new SmileError('unavailable', 'Smile failed several times in a row and is not called for a few seconds', {
        unsent: true,
      });
    }
    if (probe) probing = true;
    try {
      const result = await work();
      failures = 0;
      return result;
    } catch (error) {
      if (isOutage(error)) {
        failures += 1;
        refuseUntil = now() + openMs;
      } else if (error instanceof SmileError && error.status !== undefined) {
        failures = 0;
      }
      throw error;
    } finally {
      if (probe) probing = false;
    }
  };
}

function isOutage(error: unknown) {
  return error instanceof SmileError && (error.kind === 'unavailable' || error.kind === 'timeout');
}
