/** Work in turns, so that much of it at once does not keep other requests waiting. */
// Tests replace the global clock, and this one tells how busy the event loop was.
import { performance as loop } from 'node:perf_hooks';
import { createClientQueue, type ClientQueue } from './client-queue.ts';
import { asSite, currentClient } from './current-client.ts';

/** How often the event loop goes round between two pieces of work. A save takes about as many. */
const ROUNDS = 3;

/** Each large page is rendered in one piece. Between two, the server has this time for all other requests. */
export const LARGE_PAGE_PAUSE_MS = 150;

/** Returns a function that runs one piece of work at a time. Other requests are answered between two pieces. */
export const createTurns = () => openTurns(() => 0);

/** @param pauseMs the least time after a piece, during which the event loop was busy for `busyMs`, also with the work of others */
function openTurns(pauseMs: (busyMs: number) => number): <R>(work: () => Promise<R>) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  let mayBegin = 0;
  return (work) => {
    const done = last.then(async () => {
      for (let rounds = 0; rounds < ROUNDS; rounds++) await new Promise((turn) => setImmediate(turn));
      const left = mayBegin - performance.now();
      if (left > 0) await new Promise((turn) => setTimeout(turn, left));
      const before = loop.eventLoopUtilization();
      try {
        // All others wait for it.
        return await asSite(work);
      } finally {
        mayBegin = performance.now() + pauseMs(loop.eventLoopUtilization(before).active);
      }
    });
    last = done.catch(() => undefined);
    return done;
  };
}

/** Runs the work of each key, such as an address, in turns. A key waits for one piece of work of another key at most. */
export type TurnsByKey = <R>(key: string, work: () => Promise<R>) => Promise<R>;

/**
 * After each piece, the server has as much time for other requests as the piece took, but no more than for a large page.
 * @param atOnce how many keys have work that runs at once. Each of further ones shares its turns with one of them
 * @param pauseMs the least time between two pieces
 */
export function createTurnsByKey(atOnce: number, pauseMs = 0): TurnsByKey {
  const pauseAfter = (busyMs: number) => Math.max(pauseMs, Math.min(busyMs, LARGE_PAGE_PAUSE_MS));
  const lanes = Array.from({ length: atOnce }, () => openTurns(pauseAfter));
  let made = 0;
  const begin = () => ({ inTurn: createTurns(), inLane: lanes[made++ % atOnce] ?? createTurns(), works: 0 });
  const byKey = new Map<string, ReturnType<typeof begin>>();
  return async (key, work) => {
    const turns = byKey.get(key) ?? begin();
    byKey.set(key, turns);
    turns.works++;
    try {
      // Of each key, one piece of work at most waits in the lane, so that a key with many does not come before the others.
      return await turns.inTurn(() => turns.inLane(work));
    } finally {
      if (--turns.works === 0) byKey.delete(key);
    }
  };
}

/**
 * Runs the work of each key one after another, and the first at once. Clients have their turns one after another.
 * @param longestMs after this time, work that is still under way keeps the next no longer. Without it, it always does
 */
export function createQueues(longestMs?: number): TurnsByKey {
  /** The work that waits, by key. A key is here while some of its work is under way. */
  const underWay = new Map<string, ClientQueue<() => void>>();
  return async (key, work) => {
    const before = underWay.get(key);
    if (before) await new Promise<void>((begin) => void before.add(currentClient(), begin));
    else underWay.set(key, createClientQueue());
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      const beginNext = underWay.get(key)?.next();
      if (beginNext) beginNext();
      else underWay.delete(key);
    };
    const timer = longestMs === undefined ? undefined : setTimeout(end, longestMs);
    try {
      return await work();
    } finally {
      end();
    }
  };
}

/** Shares the work that is under way for a name with all who ask for it. */
export function createShared<R>() {
  const underWay = new Map<string, Promise<R>>();
  return (name: string, work: () => Promise<R>): Promise<R> => {
    const shared = underWay.get(name) ?? work().finally(() => underWay.delete(name));
    underWay.set(name, shared);
    return shared;
  };
}
