/** Limits the password hashes that run at once: each takes memory and a processor, and strangers can cause many. */

/** Thrown if more than `waiting` wait already. */
export class HashQueueFull extends Error {
  constructor() {
    super('Too many passwords wait to be checked.');
  }
}

export type HashQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs up to `atOnce` pieces of work at a time, in order. @throws {HashQueueFull} for more than `waiting` that wait */
export function createHashQueue(atOnce: number, waiting: number): HashQueue {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new HashQueueFull();
      // The work that ends passes its place on, so that `running` stays as it is.
      await new Promise<void>((begin) => queue.push(begin));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
