/** Spaces the calls to Smile, so that they stay below its rate limit. */
import { createClientQueue } from '../site-limits/counting/client-queue.ts';

export interface Limiter {
  /**
   * Waits for the next slot. Clients get theirs one after another, so that one with many calls delays each call of the others by
   * few. While jobs wait, they get every third slot, however many clients there are.
   * @param client the key of the client, empty for jobs
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
  client: string;
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
  const clients = createClientQueue<Call>();
  const jobs = createClientQueue<Call>();
  const queueOf = (client: string) => (client ? clients : jobs);
  let given = 0;
  const calls = new Set<Call>();
  let isGiving = false;

  /** When the next slot is, in ms. */
  const slotAfter = (time: number): number => Math.max(nextSlotAt, pausedUntil, time - intervalMs * (burst - 1));

  function end(call: Call, hasSlot: boolean): void {
    calls.delete(call);
    call.goOn(hasSlot);
  }

  // Otherwise they would use up the turns of their client, and its other calls would be over before they have one.
  function endLateCalls(): void {
    for (const call of calls) {
      if (call.until >= now()) continue;
      queueOf(call.client).remove(call.client, call);
      end(call, false);
    }
  }

  const nextCall = (): Call | undefined =>
    given % 3 === 0 ? (jobs.next() ?? clients.next()) : (clients.next() ?? jobs.next());

  async function giveSlots(): Promise<void> {
    isGiving = true;
    while (calls.size > 0) {
      const time = now();
      const slotAt = slotAfter(time);
      const wait = Math.max(0, Math.round(slotAt - time));
      if (wait > 0) await sleep(wait);
      endLateCalls();
      const call = nextCall();
      if (!call) continue;
      given += 1;
      nextSlotAt = slotAt + intervalMs;
      end(call, true);
    }
    isGiving = false;
  }

  return {
    takeSlot(client, maxMs) {
      const time = now();
      if (slotAfter(time) - time > maxMs) return Promise.resolve(false);
      return new Promise((goOn) => {
        const call = { client, until: time + maxMs, goOn };
        calls.add(call);
        queueOf(client).add(client, call);
        if (!isGiving) void giveSlots();
      });
    },
    pauseFor(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
  };
}
