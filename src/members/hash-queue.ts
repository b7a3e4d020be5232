/** Limits the password hashes that run at once: each takes memory and a processor, and strangers can cause many. */
import { acquire, createConcurrencyCounter } from '../site-limits/counting/concurrency.ts';
import { asSite } from '../site-limits/counting/current-client.ts';

/** Thrown if more than `waiting` wait already, or the client has too many of them. */
export class HashQueueFull extends Error {
  constructor() {
    super('Too many passwords wait to be checked.');
  }
}

/** @param client the key of the client, if it has a share */
export type HashQueue = <T>(work: () => Promise<T>, client?: string) => Promise<T>;

/**
 * Runs up to `atOnce` pieces of work at a time, in order. @throws {HashQueueFull} for more than `waiting` that wait
 * @param ofClient how many pieces of one client run or wait. A refused one costs the client nothing, so it could try again
 *   all the time and fill the queue
 */
export function createHashQueue(atOnce: number, waiting: number, ofClient = Infinity): HashQueue {
  const queue: (() => void)[] = [];
  const clients = createConcurrencyCounter(ofClient);
  let running = 0;
  return async (work, client) => {
    const release = client === undefined ? () => undefined : acquire([{ key: client, counter: clients }]);
    if (!release) throw new HashQueueFull();
    return inOrder(work).finally(release);
  };

  async function inOrder<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new HashQueueFull();
      // The work that ends passes its place on, so that `running` stays as it is.
      await new Promise<void>((begin) => queue.push(begin));
    } else running += 1;
    try {
      // It may ask the database, and all others wait for it.
      return await asSite(work);
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  }
}
