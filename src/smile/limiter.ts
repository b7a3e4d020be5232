export interface Limiter {
  /** Takes the next free place: how many ms to wait for it, or undefined (and nothing taken) if over `atMostMs`. */
  reserve(atMostMs: number): number | undefined;
  /** Gives no place for the next `ms`. */
  rest(ms: number): void;
}

/**
 * A token bucket: `perSecond` places a second, of which at most `burst` may be used at once. In any one second at most
 * `perSecond + burst` requests leave.
 */
export function createLimiter(perSecond: number, burst: number, now: () => number): Limiter {
  const gap = 1000 / perSecond;
  let nextFree = -Infinity;
  let restUntil = -Infinity;

  return {
    reserve(atMostMs) {
      const time = now();
      const place = Math.max(nextFree, restUntil, time - gap * (burst - 1));
      const wait = Math.max(0, Math.round(place - time));
      if (wait > atMostMs) return undefined;
      nextFree = place + gap;
      return wait;
    },
    rest(ms) {
      restUntil = Math.max(restUntil, now() + ms);
    },
  };
}
