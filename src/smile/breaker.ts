/** Stops calling Smile for some seconds after it has failed several times. */
import { SmileError } from './error.ts';

export type Breaker = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * After `maxOutages` failures in a row, calls fail at once for `openMs`. Then one call at a time tests whether Smile is
 * back. Only timeouts and 5xx are outages: any other answer shows that Smile is up.
 * @param onChange is called with `true` when calls begin to fail at once, and with `false` when Smile is back
 */
export function createBreaker(
  maxOutages: number,
  openMs: number,
  now: () => number,
  onChange: (open: boolean) => void = () => {},
): Breaker {
  let failures = 0;
  let refuseUntil = 0;
  let isProbing = false;

  function setFailures(count: number): void {
    const wasOpen = failures >= maxOutages;
    failures = count;
    if (failures >= maxOutages !== wasOpen) onChange(!wasOpen);
  }

  return async (work) => {
    const isProbe = failures >= maxOutages;
    if (isProbe && (isProbing || now() < refuseUntil)) {
      throw new SmileError('unavailable', 'Smile failed several times in a row and is not called for a few seconds', {
        unsent: true,
      });
    }
    if (isProbe) isProbing = true;
    try {
      const result = await work();
      setFailures(0);
      return result;
    } catch (error) {
      if (isOutage(error)) {
        setFailures(failures + 1);
        refuseUntil = now() + openMs;
      } else if (error instanceof SmileError && error.status !== undefined) {
        setFailures(0);
      }
      throw error;
    } finally {
      if (isProbe) isProbing = false;
    }
  };
}

function isOutage(error: unknown) {
  return error instanceof SmileError && (error.kind === 'unavailable' || error.kind === 'timeout');
}
