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

/** Runs the work of each key, such as an address, in turns. Those of different keys do not wait for each other. */
export type TurnsByKey = <R>(key: string, work: () => Promise<R>) => Promise<R>;

export function createTurnsByKey(): TurnsByKey {
  const byKey = new Map<string, { inTurn: ReturnType<typeof createTurns>; works: number }>();
  return async (key, work) => {
    const turns = byKey.get(key) ?? { inTurn: createTurns(), works: 0 };
    byKey.set(key, turns);
    turns.works++;
    try {
      return await turns.inTurn(work);
    } finally {
      if (--turns.works === 0) byKey.delete(key);
    }
  };
}
