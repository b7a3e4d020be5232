/** Spaces the calls to Smile, so that they stay below its rate limit. */

export interface Limiter {
  /** Reserves the next slot. @returns the wait in ms; undefined, with nothing reserved, if it exceeds `maxMs` */
  reserve(maxMs: number): number | undefined;
  /** Gives no slot for the next `ms`. */
  pauseFor(ms: number): void;
}

/**
 * A token bucket with `perSecond` slots a second, of which `burst` may be used at once. In any one second at most
 * `perSecond + burst` requests leave.
 */
export function createLimiter(perSecond: number, burst: number, now: () => number): Limiter {
  const intervalMs = 1000 / perSecond;
  let nextSlotAt = -Infinity;
  let pausedUntil = -Infinity;

  return {
    reserve(maxMs) {
      const time = now();
      const slotAt = Math.max(nextSlotAt, pausedUntil, time - intervalMs * (burst - 1));
      const wait = Math.max(0, Math.round(slotAt - time));
      if (wait > maxMs) return undefined;
      nextSlotAt = slotAt + intervalMs;
      return wait;
    },
    pauseFor(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
  };
}
