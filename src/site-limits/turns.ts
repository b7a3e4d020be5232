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
