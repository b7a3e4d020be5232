/** Work in turns, so that much of it at once does not keep other requests waiting. */

/** How often the event loop goes round between two pieces of work. A save takes about as many. */
const ROUNDS = 3;

/** Returns a function that runs one piece of work at a time. Other requests are answered between two pieces. */
export function createTurns(): <R>(work: () => Promise<R>) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(async () => {
      for (let rounds = 0; rounds < ROUNDS; rounds++) await new Promise((turn) => setImmediate(turn));
      return work();
    });
    last = done.catch(() => undefined);
    return done;
  };
}

/** Runs the work of each key, such as an address, in turns. A key waits for one piece of work of another key at most. */
export type TurnsByKey = <R>(key: string, work: () => Promise<R>) => Promise<R>;

/** @param atOnce how many keys have work that runs at once. Each of further ones shares its turns with one of them */
export function createTurnsByKey(atOnce: number): TurnsByKey {
  const lanes = Array.from({ length: atOnce }, createTurns);
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
 * Runs the work of each key one after another, and the first at once.
 * @param longestMs after this time, work that is still under way keeps the next no longer. Without it, it always does
 */
export function createQueues(longestMs?: number): TurnsByKey {
  const underWay = new Map<string, Promise<void>>();
  return (key, work) => {
    const before = underWay.get(key);
    const turn = Promise.withResolvers<void>();
    const run = async () => {
      const timer = longestMs === undefined ? undefined : setTimeout(turn.resolve, longestMs);
      try {
        return await work();
      } finally {
        clearTimeout(timer);
        turn.resolve();
      }
    };
    const result = before ? before.then(run) : run();
    underWay.set(key, turn.promise);
    void turn.promise.then(() => underWay.get(key) === turn.promise && underWay.delete(key));
    return result;
  };
}
