/** Sends what waits, one at a time and in order, and tries again by itself after a failure. */

/** Thrown when there was no answer, or one that a later try may better: the network, 429, 5xx. */
export class NoAnswer extends Error {}

/** Pauses between tries, in ms; the last one repeats. */
const WAITS = [1_000, 2_000, 5_000, 10_000, 20_000];

/**
 * @param send sends all that waits, including what is added meanwhile
 * @param waiting whether something waits that can be sent
 * @param failed called after each try that had no answer
 * @returns a function that starts sending, and resolves to whether nothing waits any more
 */
export function openQueue(
  send: () => Promise<void>,
  waiting: () => boolean,
  failed: () => void,
): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  async function run(): Promise<boolean> {
    try {
      do await send();
      while (waiting());
      failures = 0;
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      failed();
      timer = setTimeout(() => void flush(), WAITS[Math.min(failures++, WAITS.length - 1)]);
      return false;
    } finally {
      running = undefined;
    }
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer);
    return (running ??= run());
  }

  return flush;
}
