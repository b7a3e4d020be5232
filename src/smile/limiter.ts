/** Spaces the calls to Smile, so that they stay below its rate limit. */
import { createClientQueue } from '../site-limits/counting/client-queue.ts';

export interface Limiter {
  /**
   * Waits for the next slot. Clients get theirs one after another, so that one with many calls delays those of others by few.
   * @param client the key of the client, or of a part of the site
   * @returns whether it got one. False if it would have to wait for longer than `maxMs`
   */
  takeSlot(client: string, maxMs: number): Promise<boolean>;
  /** Gives no slot for the next `ms`. */
  pauseFor(ms: number): void;
}

interface Clock {
  /** In ms. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

interface Call {
  /** The call waits no longer than until then, in ms. */
  until: number;
  goOn(hasSlot: boolean): void;
}

/**
 * A token bucket with `perSecond` slots a second, of which `burst` may be used at once. In any one second at most
 * `perSecond + burst` requests leave.
 */
export function createLimiter(perSecond: number, burst: number, { now, sleep }: Clock): Limiter {
  const intervalMs = 1000 / perSecond;
  let nextSlotAt = -Infinity;
  let pausedUntil = -Infinity;
  const waiting = createClientQueue<Call>();
  let isGiving = false;

  /** When the next slot is, in ms. */
  const slotAfter = (time: number): number => Math.max(nextSlotAt, pausedUntil, time - intervalMs * (burst - 1));

  async function giveSlots(): Promise<void> {
    isGiving = true;
    while (waiting.size() > 0) {
      const time = now();
      const slotAt = slotAfter(time);
      const wait = Math.max(0, Math.round(slotAt - time));
      if (wait > 0) await sleep(wait);
      let call = waiting.next();
      for (; call && call.until < now(); call = waiting.next()) call.goOn(false);
      if (call) nextSlotAt = slotAt + intervalMs;
      call?.goOn(true);
    }
    isGiving = false;
  }

  return {
    takeSlot(client, maxMs) {
      const time = now();
      if (slotAfter(time) - time > maxMs) return Promise.resolve(false);
      return new Promise((goOn) => {
        waiting.add(client, { until: time + maxMs, goOn });
        if (!isGiving) void giveSlots();
      });
    },
    pauseFor(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
  };
}
