/** Spaces the calls to Smile, so that they stay below its rate limit. */
import { createClientQueue, type ClientQueue } from '../site-limits/counting/client-queue.ts';

/**
 * The kinds of calls. `person`: a person waits for the answer. `look`: a person waits, and Flipsite goes on without the answer
 * too. `job`: no person waits.
 */
export type CallKind = 'person' | 'look' | 'job';

export interface Limiter {
  /**
   * Waits for the next slot. Each kind of calls has its share of them, which others get while none of the kind waits. Within
   * a kind, clients get theirs one after another, so that one with many calls delays each call of the others by few.
   * @param client the key of the client
   * @returns whether it got one. False if it would have to wait for longer than `maxMs`
   */
  takeSlot(kind: CallKind, client: string, maxMs: number): Promise<boolean>;
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

/** The kinds in the order in which they get slots while all of them wait. */
const ROUND: readonly CallKind[] = ['person', 'job', 'person', 'look'];

/**
 * A token bucket with `perSecond` slots a second, of which `burst` may be used at once. In any one second at most
 * `perSecond + burst` requests leave.
 */
export function createLimiter(perSecond: number, burst: number, { now, sleep }: Clock): Limiter {
  const intervalMs = 1000 / perSecond;
  let nextSlotAt = -Infinity;
  let pausedUntil = -Infinity;
  const waiting: Record<CallKind, ClientQueue<Call>> = { person: createClientQueue(), look: createClientQueue(), job: createClientQueue() }; // prettier-ignore
  const queues = Object.values(waiting);
  let turn = 0;
  let isGiving = false;

  /** When the next slot is, in ms. */
  const slotAfter = (time: number): number => Math.max(nextSlotAt, pausedUntil, time - intervalMs * (burst - 1));

  // Otherwise they would use up the turns of their client, and its other calls would be over before they have one.
  function endLateCalls(): void {
    const time = now();
    for (const queue of queues) for (const call of queue.removeAll(({ until }) => until < time)) call.goOn(false);
  }

  function nextCall(): Call | undefined {
    for (let skipped = 0; skipped < ROUND.length; skipped++) {
      // A kind of which none waits gives its turn away.
      const kind = ROUND[turn++ % ROUND.length] as CallKind;
      const call = waiting[kind].next();
      if (call) return call;
    }
    return undefined;
  }

  async function giveSlots(): Promise<void> {
    isGiving = true;
    while (queues.some((queue) => queue.size() > 0)) {
      const time = now();
      const slotAt = slotAfter(time);
      const wait = Math.max(0, Math.round(slotAt - time));
      if (wait > 0) await sleep(wait);
      endLateCalls();
      const call = nextCall();
      if (!call) continue;
      nextSlotAt = slotAt + intervalMs;
      call.goOn(true);
    }
    isGiving = false;
  }

  return {
    takeSlot(kind, client, maxMs) {
      const time = now();
      if (slotAfter(time) - time > maxMs) return Promise.resolve(false);
      return new Promise((goOn) => {
        waiting[kind].add(client, { until: time + maxMs, goOn });
        if (!isGiving) void giveSlots();
      });
    },
    pauseFor(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
  };
}
